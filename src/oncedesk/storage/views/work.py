"""What waits at a desk and what an agent has: its queues, and the cases in somebody's hands."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from oncedesk.domain.shared.decider import Role
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.views import inbox
from oncedesk.storage.views.inbox import InboxRow, Position
from oncedesk.storage.views.readers import NotSeen, Reader

COUNTED_MAX = 1_024
"""A longer queue is only said to be at least so long: counting it all would take longer, too."""
HELD_MAX = 100

# Each queue once, in every place that it has. In the order of the index for one status only.
_QUEUES = """
SELECT k.n, sum(c.waiting)::bigint, bool_or(c.waiting >= $4), min(c.first_due_at)
FROM unnest($1::smallint[], $2::uuid[], $3::int[], $5::text[]) k(b, q, n, s)
CROSS JOIN LATERAL (
    SELECT count(*) waiting, min(h.queue_due_at) first_due_at
    FROM (
        SELECT i.queue_due_at FROM inbox i
        WHERE i.bucket = k.b AND i.queue = k.q AND i.status = k.s
        ORDER BY i.priority, i.queue_due_at LIMIT $4
    ) h
) c
GROUP BY k.n HAVING sum(c.waiting) > 0
"""

# What a desk was asked about is in the hands of the desk that asked.
_HELD = """
SELECT i.consumer, i.conversation, i.case_number, i.skill, i.language, i.issue, i.priority,
       i.status, i.agent, i.queue_due_at, i.next_clock, i.next_due_at, i.version, i.late
FROM inbox i
WHERE i.bucket = ANY($1::smallint[]) AND i.agent = $2 AND i.desk = ANY($3::text[])
    AND i.status <> 'referred'
ORDER BY i.next_due_at, i.conversation, i.case_number LIMIT $4
"""


class QueueLength(Record, frozen=True):
    """One queue. Of more than `COUNTED_MAX` the most urgent are counted and looked at: then there
    are `at_least` so many."""

    skill: str
    waiting: int
    at_least: bool
    first_due_at: datetime


class Work:
    """Answers what is to be done."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def queues(
        self, *, reader: Reader, desk: Desk, skills: Sequence[str]
    ) -> Sequence[QueueLength]:
        """Those of a desk's queues in which anything waits. Raises `NotSeen` for other desks."""
        _refuse_stranger(reader, desk)
        places = [
            (place, number)
            for number, skill in enumerate(skills)
            for place in inbox.queue_places(desk, skill)
        ]
        most = COUNTED_MAX // len(inbox.queue_places(desk, "any"))
        async with connected(self._pool) as connection:
            rows = await connection.fetch(
                _QUEUES,
                [place.bucket for place, _ in places],
                [place.id for place, _ in places],
                [number for _, number in places],
                most,
                [inbox.waiting_status(place.skill) for place, _ in places],
            )
        return [
            QueueLength(skills[number], waiting, at_least, due_at)
            for number, waiting, at_least, due_at in sorted(rows)
        ]

    async def queue(
        self, *, reader: Reader, desk: Desk, skill: str, after: Position | None, limit: int
    ) -> Sequence[InboxRow]:
        """A page of one queue, the most urgent and oldest due first. Raises `NotSeen`."""
        _refuse_stranger(reader, desk)
        async with connected(self._pool) as connection:
            return await inbox.page(
                connection,
                actor=reader.actor,
                desks=(desk,),
                desk=desk,
                skill=skill,
                after=after,
                limit=limit,
            )

    async def held(
        self, *, reader: Reader, agent: UUID, desks: Sequence[Desk]
    ) -> Sequence[InboxRow]:
        """The cases in this agent's hands at these desks, the next due first.

        Raises `NotSeen` for anybody but the agent in person and an admin.
        """
        if reader.actor.id != agent and reader.actor.role is not Role.ADMIN:
            raise NotSeen
        places: set[int] = {
            place.bucket for desk in desks for place in inbox.queue_places(desk, "any")
        }
        async with connected(self._pool) as connection:
            rows = await connection.fetch(
                _HELD, sorted(places), agent, [str(desk) for desk in desks], HELD_MAX
            )
        return [InboxRow(*row) for row in rows]


def _refuse_stranger(reader: Reader, desk: Desk) -> None:
    if desk not in reader.desks and reader.actor.role is not Role.ADMIN:
        raise NotSeen
