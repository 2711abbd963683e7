"""The remedies that wait for a desk: one row each, in the bucket of the desk that has to answer.

The platform's rows are spread over slots, like those of its inbox.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.remedies.waiting import waits_for
from oncedesk.domain.shared.decider import Role
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk, Kind
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.rows import ByKind, Keyed, Rows, changed, insert
from oncedesk.storage.views.inbox import desk_bucket, desk_buckets
from oncedesk.storage.views.readers import NotSeen, Reader

PAGE_MAX = 100

_UPSERT = insert(
    "remedy_work",
    "bucket desk order_id number consumer kind reason amount_minor currency clock due_at "
    "requested_at second_person",
    "smallint text uuid smallint uuid text text bigint text text timestamptz timestamptz bool",
    conflict="ON CONFLICT (bucket, desk, order_id, number) DO UPDATE SET "
    "kind = excluded.kind, reason = excluded.reason, amount_minor = excluded.amount_minor, "
    "clock = excluded.clock, due_at = excluded.due_at, second_person = excluded.second_person",
)
_REMOVE = """
DELETE FROM remedy_work w
USING unnest($1::smallint[], $2::text[], $3::uuid[], $4::smallint[]) k(b, d, o, n)
WHERE w.bucket = k.b AND w.desk = k.d AND w.order_id = k.o AND w.number = k.n
"""
_PAGE = """
SELECT i.consumer, i.order_id, i.number, i.kind, i.reason, i.amount_minor, i.currency, i.clock,
       i.due_at, i.requested_at, i.second_person
FROM unnest($1::smallint[]) k(b)
CROSS JOIN LATERAL (
    SELECT * FROM remedy_work w WHERE w.bucket = k.b AND w.desk = $2
      AND (w.due_at, w.order_id, w.number) > ($3, $4, $5)
    ORDER BY w.due_at, w.order_id, w.number LIMIT $6
) i
ORDER BY i.due_at, i.order_id, i.number LIMIT $6
"""


class WaitingRemedy(Record, frozen=True):
    """A remedy that this desk has to answer; `due_at` is when `clock` decides without it."""

    consumer: UUID
    order: UUID
    number: int
    kind: str
    reason: str
    amount_minor: int
    currency: str
    clock: str
    due_at: datetime
    requested_at: datetime
    second_person: bool


class WorkPosition(Record, frozen=True):
    """Where the last page ended."""

    due_at: datetime
    order: UUID
    number: int


def rows(winners: ByKind) -> Sequence[Rows | None]:
    """What these states' changes do to the lists: rows gone, rows come or changed."""
    return changed(winners[Kind.REMEDIES], keyed=_waiting, remove=_REMOVE, upsert=_UPSERT)


def _waiting(state: Remedies | None, bucket: int) -> Keyed:
    """The rows of what waits, by their keys."""
    if state is None:
        return
    for remedy in state.live:
        desk = waits_for(state=state, remedy=remedy)
        if desk is None:
            continue
        key = (desk_bucket(desk, bucket), str(desk), state.order, remedy.number)
        yield key, (*key, *_shown(state, remedy))


def _shown(state: Remedies, remedy: Remedy) -> Sequence[Any]:
    clock = min(remedy.clocks, key=lambda one: one.due_at)
    return (
        state.consumer,
        remedy.kind.value,
        remedy.reason,
        remedy.amount_minor,
        state.currency,
        clock.kind.value,
        clock.due_at,
        remedy.requested_at,
        remedy.approval is not None and remedy.approval.waits,
    )


async def page(
    pool: Pool,
    *,
    reader: Reader,
    desk: Desk,
    after: WorkPosition | None,
    limit: int,
) -> Sequence[WaitingRemedy]:
    """A page of what waits for this desk, the first due first. Raises `NotSeen` for strangers."""
    belongs = desk in reader.desks or (PLATFORM in reader.desks and desk == PLATFORM)
    if not belongs and reader.actor.role not in (Role.ADMIN, Role.SYSTEM):
        raise NotSeen
    start = after or WorkPosition(datetime.min.replace(tzinfo=UTC), UUID(int=0), 0)
    async with connected(pool) as connection:
        found = await connection.fetch(
            _PAGE,
            desk_buckets(desk),
            str(desk),
            start.due_at,
            start.order,
            start.number,
            min(limit, PAGE_MAX),
        )
    return [WaitingRemedy(*row) for row in found]
