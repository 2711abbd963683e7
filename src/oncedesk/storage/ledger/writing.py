"""What the events of a batch moved, as rows of the ledger."""

from collections.abc import Iterator, Sequence
from typing import Any

from oncedesk.domain.remedies.state import Remedies
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.refs import Kind
from oncedesk.engine.ports import Decided, StateWrite
from oncedesk.storage.rows import ByKind, Copied

_COLUMNS = (
    *("bucket", "stream", "version", "number", "event", "cause", "transfer", "phase", "account"),
    *("party", "currency", "minor", "at", "consumer", "order", "remedy", "reason"),
)
MOVE_MONEY = (Kind.REMEDIES, Kind.ACCOUNT)
"""Of these kinds each event may have transfers; of the others none has."""


def postings(winners: ByKind) -> Copied:
    """One row an entry, in the bucket of whoever's account it is."""
    rows = [
        row
        for kind in MOVE_MONEY
        for write in winners[kind]
        for one in write.decided
        for row in _rows(write, one)
    ]
    return Copied("posting", _COLUMNS, rows)


def _rows(write: StateWrite, one: Decided) -> Iterator[Sequence[Any]]:
    number = 0
    for place, event in enumerate(one.events):
        for transfer in event.transfers:
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
