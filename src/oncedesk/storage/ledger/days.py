"""What the entries of a batch come to by day, for each account of each party.

Written with the entries themselves, so the two never differ. Each row is one of several slots: two
batches that move money of the same merchant seldom meet, and if they do, one waits for the other.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date
from itertools import chain
from typing import Any
from uuid import UUID

from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.ledger import Phase
from oncedesk.domain.shared.records import Record
from oncedesk.engine.ports import StateWrite
from oncedesk.storage.ledger.writing import MOVE_MONEY
from oncedesk.storage.rows import ByKind, Rows, insert, transpose

SLOTS = 8

_ADD = insert(
    "posting_day",
    "bucket party currency account day slot minor pending_minor",
    "smallint uuid text text date smallint bigint bigint",
    conflict="ON CONFLICT (bucket, party, currency, account, day, slot) DO UPDATE SET "
    "minor = posting_day.minor + excluded.minor, "
    "pending_minor = posting_day.pending_minor + excluded.pending_minor",
)


class _Key(Record, frozen=True, order=True):
    bucket: int
    party: UUID
    currency: str
    account: str
    day: date
    slot: int


def rows(winners: ByKind) -> Sequence[Rows | None]:
    """One row an account and day, in the order in which every batch takes them."""
    minors: dict[_Key, list[int]] = defaultdict(lambda: [0, 0])
    for write in chain.from_iterable(winners[kind] for kind in MOVE_MONEY):
        for key, posted_minor, pending_minor in _moved(write):
            minors[key][0] += posted_minor
            minors[key][1] += pending_minor
    found = [
        (
            *(key.bucket, key.party, key.currency, key.account, key.day, key.slot),
            *minors[key],
        )
        for key in sorted(minors)
        if any(minors[key])
    ]
    return (transpose(found, _ADD),)


def _moved(write: StateWrite) -> Iterator[tuple[_Key, int, int]]:
    before: Any = write.before.state
    pending = {one.number for one in getattr(before, "pending", ())}
    for one in write.decided:
        day = one.at.astimezone(UTC).date()
        for event in one.events:
            for transfer in event.transfers:
                begins = transfer.phase is Phase.PENDING
                ends = not begins and transfer.number in pending
                if begins:
                    pending.add(transfer.number)
                for entry in transfer.entries:
                    if entry.party is None:
                        continue
                    taken = min(entry.minor, 0)
                    yield (
                        _Key(
                            bucket=bucket_of(entry.party),
                            party=entry.party,
                            currency=transfer.currency,
                            account=entry.account.value,
                            day=day,
                            slot=write.ref.bucket % SLOTS,
                        ),
                        entry.minor if transfer.phase is Phase.POSTED else 0,
                        taken if begins else -taken if ends else 0,
                    )
