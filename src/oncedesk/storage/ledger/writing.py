"""What the events of a batch moved, as rows of the ledger."""

from collections.abc import Iterator, Sequence
from typing import Any

from oncedesk.domain.remedies.state import Remedies
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.engine.ports import Decided, StateWrite
from oncedesk.storage.rows import Copied

_COLUMNS = (
    *("bucket", "stream", "version", "number", "event", "cause", "transfer", "phase", "account"),
    *("party", "currency", "minor", "at", "consumer", "order", "remedy", "reason"),
)
_MOVES_MONEY: dict[type, bool] = {}


def postings(winners: Sequence[StateWrite]) -> Copied:
    """One row an entry, in the bucket of whoever's account it is.

    Most types of event never move money; whether one does is known by its type.
    """
    rows: list[Sequence[Any]] = []
    for write in winners:
        for one in write.decided:
            if any(map(moves_money, one.events)):
                rows += _rows(write, one)
    return Copied("posting", _COLUMNS, rows)


def moves_money(event: Any) -> bool:
    """Whether this event has transfers."""
    kind = type(event)
    moves = _MOVES_MONEY.get(kind)
    if moves is None:
        moves = _MOVES_MONEY[kind] = "transfers" in kind.__struct_fields__
    return moves and bool(event.transfers)


def _rows(write: StateWrite, one: Decided) -> Iterator[Sequence[Any]]:
    number = 0
    for place, event in enumerate(one.events):
        for transfer in event.transfers if moves_money(event) else ():
            for entry in transfer.entries:
                yield (
                    write.ref.bucket if entry.party is None else bucket_of(entry.party),
                    write.ref.id,
                    one.version,
                    number,
                    place,
                    type(event).__name__,
                    transfer.number,
                    transfer.phase.value,
                    entry.account.value,
                    entry.party,
                    transfer.currency,
                    entry.minor,
                    one.at,
                    getattr(event, "consumer", None),
                    getattr(event, "order", None),
                    getattr(event, "remedy", None),
                    _reason(write.after, event),
                )
                number += 1


def _reason(state: Any, event: Any) -> str:
    """Why there is a remedy, as far as it is about one that its state still knows."""
    number = getattr(event, "remedy", 0)
    if not number or not isinstance(state, Remedies):
        return ""
    reasons = {one.number: one.reason for one in state.closed}
    reasons |= {one.number: one.reason for one in state.live}
    return reasons.get(number, "")
