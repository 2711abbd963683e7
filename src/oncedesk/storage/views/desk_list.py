"""The agent's list: what is theirs, what may come next, and of each case what it takes to choose.

Which cases stand in it comes from the inbox of their desks; what is told of each beside is read for
the page that is shown, and for no more: the consumer's name as others see it, what was said last,
and what happens by itself next.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from oncedesk.domain.agents.state import AgentState
from oncedesk.domain.conversations.foretelling import Foretold, foretell
from oncedesk.domain.conversations.messages import Audience, CaseStatus
from oncedesk.domain.conversations.state import Case, Conversation
from oncedesk.domain.conversations.subjects import SubjectKind
from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.remedies.words import Clock
from oncedesk.domain.shared.decider import Actor, Packs
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.masking import mask_name
from oncedesk.domain.shared.persons import person_of
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import agent_ref, conversation_ref, remedies_ref
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.marks import marks_of, text_for
from oncedesk.storage.persons import PERSONS
from oncedesk.storage.store import PostgresStore
from oncedesk.storage.views import inbox
from oncedesk.storage.views.cases import merchant_of
from oncedesk.storage.views.inbox import REFERRAL_SKILL, InboxRow, Position
from oncedesk.storage.views.readers import Reader
from oncedesk.storage.views.resolved import ResolvedCase, ResolvedCases
from oncedesk.storage.writing import actor_of

RESOLVED_LOOKED_AT = 20
"""Of so many that an agent has resolved last, those are shown that can be reopened."""
SAID_LENGTH_MAX = 160
"""Characters of the last message that a row shows."""

_LAST = """
SELECT k.n, l.audience, l.author, l.at, l.text, l.marks
FROM unnest($1::smallint[], $2::uuid[], $3::smallint[], $4::int[]) k(b, i, c, n)
CROSS JOIN LATERAL (
    SELECT * FROM message m
    WHERE m.bucket = k.b AND m.conversation = k.i AND m.case_number = k.c
      AND m.audience IN ('consumer', 'desks')
    ORDER BY m.version DESC, m.number DESC LIMIT 1
) l
"""


class LastSaid(Record, frozen=True):
    """The last message of a case, as far as a row shows it. `text` None: it was erased."""

    at: datetime
    audience: Audience
    author: Actor
    text: str | None


class RemedyRunning(Record, frozen=True):
    """The remedy of the case whose clock runs out first, and that clock."""

    remedy: Remedy
    clock: Clock
    currency: str


class ListedCase(Record, frozen=True):
    """A case in the list. `case` None: it has ended since the row was read. `merchant` is whose it
    is, as far as the reader may know."""

    row: InboxRow
    conversation: Conversation | None = None
    case: Case | None = None
    merchant: UUID | None = None
    name: str = ""
    said: LastSaid | None = None
    foretold: Foretold | None = None
    running: RemedyRunning | None = None


class DeskList:
    """Answers what an agent has and may get."""

    def __init__(self, pool: Pool, store: PostgresStore) -> None:
        self._pool = pool
        self._store = store
        self._resolved = ResolvedCases(pool)

    async def next(
        self, *, reader: Reader, agent: UUID, after: Position | None, limit: int
    ) -> Sequence[InboxRow]:
        """What waits in the queues that this agent serves, in the order in which it is given out.

        The longest waiting of every queue; whether a language is missing, dispatch asks.
        """
        state = await self._agent(agent)
        if state is None:
            return ()
        places = [
            place
            for desk in reader.desks
            for skill in state.skills
            for place in inbox.queue_places(desk, skill)
        ]
        return await self._page(places, CaseStatus.QUEUED.value, after, limit)

    async def asked(
        self, *, reader: Reader, after: Position | None, limit: int
    ) -> Sequence[InboxRow]:
        """What other desks have asked the agent's desks."""
        places = [
            place for desk in reader.desks for place in inbox.queue_places(desk, REFERRAL_SKILL)
        ]
        return await self._page(places, "referred", after, limit)

    async def resolved(self, *, reader: Reader) -> Sequence[InboxRow]:
        """What the reader has had and is resolved, the last first, as far as a desk of
        theirs has it: for it can be reopened. Raises `NotSeen` for who is nobody in person."""
        found = await self._resolved.last(reader=reader, limit=RESOLVED_LOOKED_AT)
        refs = [
            conversation_ref(consumer=one.consumer, conversation=one.conversation) for one in found
        ]
        states = await self._store.load(tuple(dict.fromkeys(refs))) if refs else {}
        rows: list[InboxRow] = []
        for one in found:
            stored = states.get(one.conversation)
            state = None if stored is None else stored.state
            case = state.case(one.case) if isinstance(state, Conversation) else None
            if stored is None or case is None or case.status is not CaseStatus.RESOLVED:
                continue
            if reader.sees_all or reader.belongs_to((case.owner,)):
                rows.append(_resolved(one, case, stored.version))
        return rows

    async def told(
        self, *, reader: Reader, rows: Sequence[InboxRow], packs: Packs
    ) -> Sequence[ListedCase]:
        """These rows of the reader's own lists, with what is told of each, in the same order."""
        refs = [
            conversation_ref(consumer=row.consumer, conversation=row.conversation) for row in rows
        ]
        found = await self._store.load(tuple(dict.fromkeys(refs))) if refs else {}
        said = await self._said(reader, rows)
        names = await self._names(rows)
        cases: list[tuple[Conversation | None, Case | None]] = []
        for row in rows:
            stored = found.get(row.conversation)
            state = None if stored is None else stored.state
            state = state if isinstance(state, Conversation) else None
            cases.append((state, None if state is None else state.case(row.case)))
        books = await self._books(cases)
        return [
            ListedCase(
                row=row,
                conversation=state,
                case=case,
                merchant=None if state is None else merchant_of(reader, state, case),
                name=names.get(row.consumer, ""),
                said=said.get(number),
                foretold=None
                if state is None or case is None
                else foretell(state=state, case=case, packs=packs),
                running=None if state is None or case is None else _running(state, case, books),
            )
            for number, (row, (state, case)) in enumerate(zip(rows, cases, strict=True))
        ]

    async def _agent(self, agent: UUID) -> AgentState | None:
        stored = (await self._store.load((agent_ref(agent),))).get(agent)
        return stored.state if stored and isinstance(stored.state, AgentState) else None

    async def _page(
        self, places: Sequence[inbox.Queue], status: str, after: Position | None, limit: int
    ) -> Sequence[InboxRow]:
        if not places:
            return ()
        async with connected(self._pool) as connection:
            return await inbox.page_of(
                connection, places=places, status=status, after=after, limit=limit
            )

    async def _said(self, reader: Reader, rows: Sequence[InboxRow]) -> Mapping[int, LastSaid]:
        async with connected(self._pool) as connection:
            found = await connection.fetch(
                _LAST,
                [bucket_of(row.consumer) for row in rows],
                [row.conversation for row in rows],
                [row.case for row in rows],
                list(range(len(rows))),
            )
        return {row[0]: _last_said(reader, *row[1:]) for row in found}

    async def _names(self, rows: Sequence[InboxRow]) -> Mapping[UUID, str]:
        consumers = list(dict.fromkeys(row.consumer for row in rows))
        async with connected(self._pool) as connection:
            found = await connection.fetch(
                PERSONS, [bucket_of(one) for one in consumers], consumers
            )
        return {party: mask_name(person_of(body).name) for party, body in found}

    async def _books(
        self, cases: Sequence[tuple[Conversation | None, Case | None]]
    ) -> Mapping[UUID, Remedies]:
        """By order: the remedies of those orders of which some case waits for any."""
        refs = {
            state.subject.id: remedies_ref(consumer=state.consumer, order=state.subject.id)
            for state, case in cases
            if state is not None and case is not None and case.remedies
            if state.subject.kind is SubjectKind.ORDER and state.subject.id is not None
        }
        found = await self._store.load(tuple(refs.values())) if refs else {}
        states = [(order, found.get(ref.id)) for order, ref in refs.items()]
        return {
            order: stored.state
            for order, stored in states
            if stored is not None and isinstance(stored.state, Remedies)
        }


def _resolved(one: ResolvedCase, case: Case, version: int) -> InboxRow:
    """It is in no queue, so what a queue would say of it is when it was resolved."""
    clock = min(
        ((one.due_at, one.kind.value) for one in case.clocks if one.due_at is not None),
        default=(one.at, ""),
    )
    return InboxRow(
        consumer=one.consumer,
        conversation=one.conversation,
        case=one.case,
        skill="",
        language=case.language,
        issue=case.issue,
        priority=case.priority,
        status=case.status.value,
        agent=None,
        queue_due_at=one.at,
        next_clock=clock[1],
        next_due_at=clock[0],
        version=version,
        late=False,
    )


def _last_said(
    reader: Reader, audience: str, author: str, at: datetime, text: str | None, body: bytes | None
) -> LastSaid:
    shown = text_for(reader=reader.actor, text=text, marks=marks_of(body))
    # Cut after it was masked, so that no place is taken for another.
    cut = None if shown is None else shown[:SAID_LENGTH_MAX]
    return LastSaid(at, Audience(audience), actor_of(author), cut)


def _running(
    state: Conversation, case: Case, books: Mapping[UUID, Remedies]
) -> RemedyRunning | None:
    book = None if state.subject.id is None else books.get(state.subject.id)
    if book is None:
        return None
    mine = [one for one in book.live if one.number in case.remedies and one.clocks]
    clocks = [(min(one.clocks, key=lambda clock: clock.due_at), one) for one in mine]
    if not clocks:
        return None
    clock, remedy = min(clocks, key=lambda one: (one[0].due_at, one[1].number))
    return RemedyRunning(remedy, clock, book.currency)
