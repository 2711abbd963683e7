"""A desk at one glance, for whoever supervises it: its queues, its agents, what is pressing.

Nothing is counted whole: of each queue the most urgent cases are looked at, up to a bound.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

import asyncpg

from oncedesk.domain.conversations.messages import CaseStatus
from oncedesk.domain.conversations.silences import Spoken, is_owed
from oncedesk.domain.conversations.state import Case, Conversation
from oncedesk.domain.desks.state import DeskState
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk, Kind, Ref, desk_ref
from oncedesk.engine.ports import Stored
from oncedesk.storage.database import connected
from oncedesk.storage.store import PostgresStore
from oncedesk.storage.views.inbox import InboxRow, queue_places
from oncedesk.storage.views.readers import NotSeen, Reader
from oncedesk.storage.views.roster import AGENTS_MAX, Mate, Roster
from oncedesk.storage.views.silences import Silences
from oncedesk.storage.views.standing import QUEUED_MAX, Standing, counted, standings

SILENT_LOOKED_AT = 200
"""So many assigned cases, the first due first, are asked since when somebody waits in them."""

_FIRST_DUE = """
SELECT i.consumer, i.conversation, i.case_number, i.skill, i.language, i.issue, i.priority,
       i.status, i.agent, i.queue_due_at, i.next_clock, i.next_due_at, i.version, i.late
FROM unnest($1::smallint[], $2::uuid[]) k(b, q)
CROSS JOIN unnest($3::text[]) s(status)
CROSS JOIN LATERAL (
    SELECT * FROM inbox i WHERE i.bucket = k.b AND i.queue = k.q AND i.status = s.status
    ORDER BY i.priority, i.queue_due_at LIMIT $4
) i
ORDER BY NOT i.late, i.next_due_at, i.conversation, i.case_number LIMIT $5
"""


class QueueOnWall(Record, frozen=True, kw_only=True):
    """One queue: how many wait and since when, how many are in hand, past and near a deadline.

    `unserved`: some wait, and nobody at the desk has the skill, be they there or away.
    """

    skill: str
    waiting: int = 0
    assigned: int = 0
    oldest: datetime | None = None
    overdue: int = 0
    at_risk: int = 0
    at_least: bool = False
    unserved: bool = False


class Wall(Record, frozen=True, kw_only=True):
    """One desk at one moment. `agents_capped`: there are more than are shown."""

    desk: DeskState
    queues: tuple[QueueOnWall, ...]
    agents: tuple[Mate, ...]
    agents_capped: bool


class Silence(Record, frozen=True):
    """An assigned case in which the consumer has waited `since` for a person's word.

    `answered_at` is when one spoke last, None where nobody ever has.
    """

    row: InboxRow
    since: datetime
    answered_at: datetime | None


class NotOpened(Exception):
    """The desk was never opened: there is nothing to look at."""


class Walls:
    """Answers supervisors about their desks, and admins about any. Others: `NotSeen`."""

    def __init__(
        self,
        pool: "asyncpg.Pool[asyncpg.Record]",
        store: PostgresStore,
        roster: Roster,
        silences: Silences,
    ) -> None:
        self._pool = pool
        self._store = store
        self._roster = roster
        self._silences = silences

    async def wall(
        self, *, reader: Reader, desk: Desk, skills: Sequence[str], now: datetime, soon: datetime
    ) -> Wall:
        """How the desk stands. At risk is a case whose next deadline passes before `soon`.

        Raises `NotOpened`.
        """
        agents = await self._roster.mates(reader=reader, desk=desk, now=now)
        able = await self._roster.skills(reader=reader, desk=desk, now=now)
        ref = desk_ref(desk)
        stored = (await self._store.load((ref,))).get(ref.id)
        if stored is None or not isinstance(stored.state, DeskState):
            raise NotOpened
        wanted = [
            one
            for number, skill in enumerate(skills)
            for one in counted(queue_places(desk, skill), group=number)
        ]
        async with connected(self._pool) as connection:
            found = await standings(connection, wanted, now=now, soon=soon)
        return Wall(
            desk=stored.state,
            queues=tuple(_queues(skills, found, able)),
            agents=tuple(agents),
            agents_capped=len(agents) >= AGENTS_MAX,
        )

    async def pressing(
        self, *, reader: Reader, desk: Desk, skills: Sequence[str], limit: int
    ) -> Sequence[InboxRow]:
        """The desk's cases, waiting or in hand, whose next deadline passes first."""
        _refuse_stranger(reader, desk)
        statuses = [CaseStatus.QUEUED.value, CaseStatus.ASSIGNED.value]
        return await self._first_due(desk, skills, statuses, limit)

    async def silent(
        self, *, reader: Reader, desk: Desk, skills: Sequence[str], limit: int
    ) -> Sequence[Silence]:
        """Whose agents have let the consumer wait longest, of the first due in hand."""
        _refuse_stranger(reader, desk)
        found = await self._first_due(desk, skills, [CaseStatus.ASSIGNED.value], SILENT_LOOKED_AT)
        refs = {row.conversation: _conversation(row) for row in found}
        states = await self._store.load(tuple(refs.values()))
        waiting = [
            (row, case)
            for row in found
            if (case := _owed(states.get(row.conversation), row)) is not None
        ]
        seen = {refs[row.conversation]: states[row.conversation].version for row, _ in waiting}
        spoken = await self._silences.of(seen)
        silences = [
            _silence(row, case, spoken[row.conversation].get(case.number, Spoken()))
            for row, case in waiting
        ]
        return sorted(silences, key=lambda one: (one.since, one.row.conversation))[:limit]

    async def _first_due(
        self, desk: Desk, skills: Sequence[str], statuses: Sequence[str], limit: int
    ) -> Sequence[InboxRow]:
        places = [place for skill in skills for place in queue_places(desk, skill)]
        most = QUEUED_MAX // len(queue_places(desk, "any"))
        async with connected(self._pool) as connection:
            rows = await connection.fetch(
                _FIRST_DUE,
                [place.bucket for place in places],
                [place.id for place in places],
                statuses,
                most,
                limit,
            )
        return [InboxRow(*row) for row in rows]


def _refuse_stranger(reader: Reader, desk: Desk) -> None:
    if not reader.supervises(desk):
        raise NotSeen


def _queues(
    skills: Sequence[str], found: Sequence[Standing], able: Collection[str]
) -> Sequence[QueueOnWall]:
    """Those in which there is anything."""
    by_group: dict[int, list[Standing]] = {}
    for one in found:
        if one.cases:
            by_group.setdefault(one.group, []).append(one)
    return [_queue(skills[group], by_group[group], able) for group in sorted(by_group)]


def _queue(skill: str, found: Sequence[Standing], able: Collection[str]) -> QueueOnWall:
    waiting = [one for one in found if one.status == CaseStatus.QUEUED]
    return QueueOnWall(
        skill=skill,
        waiting=sum(one.cases for one in waiting),
        assigned=sum(one.cases for one in found) - sum(one.cases for one in waiting),
        oldest=next((one.oldest for one in waiting), None),
        overdue=sum(one.overdue for one in found),
        at_risk=sum(one.at_risk for one in found),
        at_least=any(one.capped for one in found),
        unserved=bool(waiting) and skill not in able,
    )


def _conversation(row: InboxRow) -> Ref:
    return Ref(Kind.CONVERSATION, bucket_of(row.consumer), row.conversation)


def _owed(stored: Stored | None, row: InboxRow) -> Case | None:
    """The case, if the consumer waits for a person's word in it."""
    state = None if stored is None else stored.state
    case = state.case(row.case) if isinstance(state, Conversation) else None
    return case if case is not None and is_owed(case) else None


def _silence(row: InboxRow, case: Case, known: Spoken) -> Silence:
    return Silence(row, known.since or case.opened_at, known.answered_at)
