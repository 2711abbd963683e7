"""How queues stand, counted so that no queue is ever counted whole: its most urgent cases only."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from oncedesk.domain.conversations.messages import CaseStatus
from oncedesk.domain.shared.records import Record
from oncedesk.storage.views.inbox import Queue

QUEUED_MAX = 512
"""So many cases of a queue are counted, of those that wait and of those that are assigned."""
STATUSES = (CaseStatus.QUEUED.value, CaseStatus.ASSIGNED.value)

_STANDINGS = """
SELECT k.n, k.s, sum(c.cases)::bigint, min(c.oldest), sum(c.overdue)::bigint,
       sum(c.at_risk)::bigint, bool_or(c.cases >= k.l)
FROM unnest($1::smallint[], $2::uuid[], $3::int[], $4::text[], $5::int[]) k(b, q, n, s, l)
CROSS JOIN LATERAL (
    SELECT count(*) cases, min(r.queued_at) oldest,
        count(*) FILTER (WHERE r.late OR r.next_due_at <= $6) overdue,
        count(*) FILTER (WHERE NOT r.late AND r.next_due_at > $6 AND r.next_due_at <= $7) at_risk
    FROM (
        SELECT i.queued_at, i.next_due_at, i.late FROM inbox i
        WHERE i.bucket = k.b AND i.queue = k.q AND i.status = k.s
        ORDER BY i.priority, i.queue_due_at LIMIT k.l
    ) r
) c
GROUP BY k.n, k.s
"""


class Counted(Record, frozen=True, kw_only=True):
    """One place of a queue whose cases of this status are counted, up to so many, for a group."""

    place: Queue
    group: int
    status: str
    most: int


class Standing(Record, frozen=True):
    """The cases of a group in one status: `overdue` have missed a deadline, `at_risk` soon will.

    `oldest` is when the one that waits longest came; `capped`: there are more than were counted.
    """

    group: int
    status: str
    cases: int
    oldest: datetime | None
    overdue: int
    at_risk: int
    capped: bool


def counted(places: Sequence[Queue], *, group: int) -> Iterable[Counted]:
    """All places of one queue, in both statuses."""
    most = QUEUED_MAX // len(places)
    for place in places:
        for status in STATUSES:
            yield Counted(place=place, group=group, status=status, most=most)


async def standings(
    connection: Any, wanted: Sequence[Counted], *, now: datetime, soon: datetime
) -> Sequence[Standing]:
    """How these stand, by group and status. For those who may see the desks' queues."""
    rows = await connection.fetch(
        _STANDINGS,
        [one.place.bucket for one in wanted],
        [one.place.id for one in wanted],
        [one.group for one in wanted],
        [one.status for one in wanted],
        [one.most for one in wanted],
        now,
        soon,
    )
    return [Standing(*row) for row in rows]
