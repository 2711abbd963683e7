"""Which cases of a desk's inbox fit a filter: looked through by pages, the most urgent first.

What stands in the rows is compared there; what only the conversation knows is read for those rows
that fit so far. One request looks at so many rows and no more, and says where to go on.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

from oncedesk.domain.agents.ability import primary
from oncedesk.domain.conversations.messages import Channel, Surface
from oncedesk.domain.conversations.state import Conversation
from oncedesk.domain.shared.articles import IssueName
from oncedesk.domain.shared.bounds import bounded
from oncedesk.domain.shared.decider import Role
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk, conversation_ref
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.store import PostgresStore
from oncedesk.storage.views.cases import merchant_of
from oncedesk.storage.views.inbox import REFERRAL_SKILL, InboxRow, Position, queue_places
from oncedesk.storage.views.readers import NotSeen, Reader

LOOKED_AT_ONCE = 100
LOOKED_AT_MAX = 1_000

Skill = Annotated[str, bounded("[a-z0-9_.:-]{1,48}", max_length=48)]
Language = Annotated[str, bounded("[A-Za-z0-9-]{2,16}", max_length=16)]
RowStatus = Literal["queued", "assigned", "waiting_consumer", "follow_up", "referred"]
STATUSES: tuple[RowStatus, ...] = (
    *("queued", "assigned", "waiting_consumer", "follow_up"),
    "referred",
)

_PAGE = """
SELECT i.consumer, i.conversation, i.case_number, i.skill, i.language, i.issue, i.priority,
       i.status, i.agent, i.queue_due_at, i.next_clock, i.next_due_at, i.version, i.late
FROM unnest($1::smallint[], $2::uuid[], $3::text[]) k(b, q, s)
CROSS JOIN LATERAL (
    SELECT * FROM inbox i WHERE i.bucket = k.b AND i.queue = k.q AND i.status = k.s
      AND (i.priority, i.queue_due_at, i.conversation, i.case_number) > ($4, $5, $6, $7)
    ORDER BY i.priority, i.queue_due_at, i.conversation, i.case_number LIMIT $8
) i
ORDER BY i.priority, i.queue_due_at, i.conversation, i.case_number LIMIT $8
"""


class CaseFilter(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """All of this has to hold; of several values one. What is left out does not matter.

    `overdue`: it has missed a deadline; `due_within_seconds`: its next one is as soon as that.
    `outside`: they came past our help, for instance by a regulator. `languages`: `zh` is that of
    `zh-CN`, too.
    """

    issues: Annotated[tuple[IssueName, ...], Meta(max_length=24)] = ()
    skills: Annotated[tuple[Skill, ...], Meta(max_length=24)] = ()
    statuses: Annotated[tuple[RowStatus, ...], Meta(max_length=5)] = ()
    languages: Annotated[tuple[Language, ...], Meta(max_length=8)] = ()
    surfaces: Annotated[tuple[Surface, ...], Meta(max_length=5)] = ()
    merchants: Annotated[tuple[UUID, ...], Meta(max_length=24)] = ()
    outside: Annotated[tuple[Channel, ...], Meta(max_length=7)] = ()
    agents: Annotated[tuple[UUID, ...], Meta(max_length=24)] = ()
    priority_max: Annotated[int, Meta(ge=0, le=99)] | None = None
    overdue: bool = False
    due_within_seconds: Annotated[int, Meta(ge=0, le=2_592_000)] | None = None

    def fits_row(self, row: InboxRow, now: datetime) -> bool:
        """As far as the row tells."""
        soon = now + timedelta(seconds=self.due_within_seconds or 0)
        return (
            (not self.issues or row.issue in self.issues)
            and (not self.languages or self._is_in(row.language))
            and (not self.agents or row.agent in self.agents)
            and (self.priority_max is None or row.priority <= self.priority_max)
            and (not self.overdue or row.late or row.next_due_at <= now)
            and (self.due_within_seconds is None or row.next_due_at <= soon)
        )

    def _is_in(self, language: str) -> bool:
        """Whether that is one of these: without a country it is meant of whichever."""
        wanted = {one.lower() for one in self.languages}
        return not wanted.isdisjoint((language.lower(), primary(language)))

    @property
    def asks_more(self) -> bool:
        """Whether rows alone do not tell."""
        return bool(self.surfaces or self.merchants or self.outside)

    def fits_case(self, reader: Reader, state: Conversation, number: int) -> bool:
        """What the conversation tells this reader beside."""
        case = state.case(number)
        return (
            case is not None
            and (not self.surfaces or case.surface in self.surfaces)
            and (not self.merchants or merchant_of(reader, state, case) in self.merchants)
            and (not self.outside or case.outside in self.outside)
        )


class FilteredPage(Record, frozen=True):
    """What fits, and where to go on if the inbox has not come to its end."""

    rows: Sequence[InboxRow]
    upto: Position | None = None


class Filtered:
    """Looks through inboxes."""

    def __init__(self, pool: Pool, store: PostgresStore) -> None:
        self._pool = pool
        self._store = store

    async def page(
        self,
        *,
        reader: Reader,
        desk: Desk,
        wanted: CaseFilter,
        skills: Sequence[str],
        now: datetime,
        after: Position | None,
        limit: int,
    ) -> FilteredPage:
        """Up to `limit` cases of this desk that fit. `skills` are all that there are.

        A page may be short, or empty, and yet have a next one. Raises `NotSeen` for strangers.
        """
        if desk not in reader.desks and reader.actor.role is not Role.ADMIN:
            raise NotSeen
        places = _places(desk, wanted, skills)
        found: list[InboxRow] = []
        looked = 0
        while looked < LOOKED_AT_MAX:
            rows = await self._rows(places, after)
            fitting = await self._fitting(reader, rows, wanted, now)
            for row in fitting:
                found.append(row)
                if len(found) == limit:
                    last = row is rows[-1] and len(rows) < LOOKED_AT_ONCE
                    return FilteredPage(found, None if last else row.position)
            if len(rows) < LOOKED_AT_ONCE:
                return FilteredPage(found)
            looked += len(rows)
            after = rows[-1].position
        return FilteredPage(found, after)

    async def _rows(
        self, places: Sequence[tuple[int, UUID, str]], after: Position | None
    ) -> Sequence[InboxRow]:
        if not places:
            return ()
        start = after or Position(-1, datetime.min.replace(tzinfo=UTC), UUID(int=0), 0)
        columns: list[list[Any]] = [list(one) for one in zip(*places, strict=True)]
        async with connected(self._pool) as connection:
            rows = await connection.fetch(
                _PAGE,
                *columns,
                start.priority,
                start.queue_due_at,
                start.conversation,
                start.case,
                LOOKED_AT_ONCE,
            )
        return [InboxRow(*row) for row in rows]

    async def _fitting(
        self, reader: Reader, rows: Sequence[InboxRow], wanted: CaseFilter, now: datetime
    ) -> Sequence[InboxRow]:
        fitting = [row for row in rows if wanted.fits_row(row, now)]
        if not fitting or not wanted.asks_more:
            return fitting
        refs = dict.fromkeys(
            conversation_ref(consumer=row.consumer, conversation=row.conversation)
            for row in fitting
        )
        states = await self._store.load(tuple(refs))
        return [
            row for row in fitting if _fits(reader, wanted, states.get(row.conversation), row.case)
        ]


def _fits(reader: Reader, wanted: CaseFilter, stored: Any, number: int) -> bool:
    state = None if stored is None else stored.state
    return isinstance(state, Conversation) and wanted.fits_case(reader, state, number)


def _places(
    desk: Desk, wanted: CaseFilter, skills: Sequence[str]
) -> Sequence[tuple[int, UUID, str]]:
    """Where what may fit lies; what was asked of the desk has a queue of its own."""
    statuses = wanted.statuses or STATUSES
    named = [skill for skill in skills if not wanted.skills or skill in wanted.skills]
    places: list[tuple[int, UUID, str]] = [
        (place.bucket, place.id, status)
        for skill in named
        if skill != REFERRAL_SKILL
        for place in queue_places(desk, skill)
        for status in statuses
        if status != "referred"
    ]
    if "referred" in statuses and not wanted.skills:
        asked = queue_places(desk, REFERRAL_SKILL)
        places += [(place.bucket, place.id, "referred") for place in asked]
    return places
