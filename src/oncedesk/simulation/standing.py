"""Looks at the tables while everything rests: states, inbox, agents, reactions.

It reads with its own SQL and works its expectations out from the states' contents itself; the
engine's own assertions (`check`) are not asked. Only when something is due next that is no
conversation is taken from its package.
"""

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from oncedesk.domain.agents.messages import Presence
from oncedesk.domain.agents.state import AgentState
from oncedesk.domain.conversations.state import Conversation
from oncedesk.domain.shared.refs import Kind
from oncedesk.engine.codec import Codec
from oncedesk.simulation.tally import Tally
from oncedesk.storage.answered import answered
from oncedesk.wiring import DECIDERS

CHECKS = (
    "one owner and a running clock",
    "wake not after the deadline",
    "nothing overdue at rest",
    "one inbox row a case",
    "held cases are the assigned ones",
    "nobody over capacity",
    "no case waits for an able agent who is free",
    "no reaction left behind",
    "nothing parked",
)
OWNER, WAKE, OVERDUE, INBOX, HELD, CAPACITY, IDLE, REACTIONS, PARKED = CHECKS

_STATES = "SELECT id, kind, wake, open, body FROM state"
_INBOX = "SELECT conversation, case_number, desk, status, agent, skill, language FROM inbox"
_REACTIONS = "SELECT target, source, version, parked_at IS NULL, reason FROM reaction"
_PARKED = "SELECT id, kind, error FROM parked"

CaseKey = tuple[UUID, int]


async def check_standing(pool: Any, tally: Tally, *, now: datetime) -> None:
    """Look once at everything that stands in the tables now; nothing may be in flight."""
    async with reading(pool) as connection:
        found = _Found(tally, now)
        async for row in connection.cursor(_STATES, prefetch=2_000):
            found.state(*row)
        async for row in connection.cursor(_INBOX, prefetch=2_000):
            found.inbox_row(*row)
        found.inbox_done()
        found.agents()
        found.idle()
        for target, source, version, waiting, reason in await connection.fetch(_REACTIONS):
            tally.breach(REACTIONS, f"{source} v{version} → {target}: waiting {waiting}, {reason}")
        tally.looked(REACTIONS)
        for id_, kind, error in await connection.fetch(_PARKED):
            tally.breach(PARKED, f"{kind} {id_}: {error}")
        tally.looked(PARKED)


class reading:  # noqa: N801 - reads like a function where it is used
    """A connection for long looks at whole tables, in one snapshot."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    async def __aenter__(self) -> Any:
        await answered(self._begin)
        return self._connection

    async def _begin(self) -> None:
        self._connection = await self._pool.acquire()
        try:
            await self._connection.execute(
                "SET transaction_timeout = 0; SET enable_seqscan = on; SET enable_hashjoin = on;"
                "SET plan_cache_mode = auto; SET work_mem = '256MB'"
            )
            self._transaction = self._connection.transaction(
                isolation="repeatable_read", readonly=True
            )
            await self._transaction.start()
        except BaseException:
            await self._pool.release(self._connection)
            raise

    async def __aexit__(self, *_: object) -> None:
        await self._transaction.rollback()
        # The engine's statements come next on it, and they rely on other settings.
        await self._connection.execute("RESET ALL")
        await self._pool.release(self._connection)


class _Found:
    """What one look finds, put side by side."""

    def __init__(self, tally: Tally, now: datetime) -> None:
        self._tally = tally
        self._now = now
        self._codec = Codec(DECIDERS)
        self._owners: dict[CaseKey, tuple[str, str, UUID | None]] = {}
        self._asked: dict[CaseKey, str] = {}
        self._assigned: defaultdict[UUID, set[CaseKey]] = defaultdict(set)
        self._held: dict[UUID, set[CaseKey]] = {}
        self._free: list[AgentState] = []
        self._waiting: Counter[tuple[str, str, str]] = Counter()
        self._barred: set[CaseKey] = set()

    def state(
        self,
        id_: UUID,
        kind: str,
        wake: datetime | None,
        is_open: bool,  # noqa: FBT001 - a column
        body: bytes,
    ) -> None:
        state = self._codec.state(Kind(kind), body)
        if isinstance(state, Conversation):
            self._conversation_state(id_, wake, is_open, state)
            return
        if isinstance(state, AgentState):
            self._agent_state(id_, state)
        due_at = self._codec.deciders[Kind(kind)].deadline(state)
        self._woken(f"{kind} {id_}", wake, due_at)
        ahead = due_at is None or due_at > self._now
        self._tally.expect(OVERDUE, ahead, f"{kind} {id_}: {due_at} at {self._now}")

    def _conversation_state(
        self,
        id_: UUID,
        wake: datetime | None,
        is_open: bool,  # noqa: FBT001 - a column
        state: Conversation,
    ) -> None:
        tally = self._tally
        moments: list[datetime] = []
        some_open = False
        for case in state.cases:
            running = [clock for clock in case.clocks if clock.due_at is not None]
            ends = [(clock.due_at, clock) for clock in running if clock.due_at is not None]
            moments += [clock.warn_at or due_at for due_at, clock in ends]
            overdue = [clock.kind for due_at, clock in ends if due_at <= self._now]
            tally.expect(OVERDUE, not overdue, f"{id_}/{case.number}: {overdue} at {self._now}")
            if case.closing is not None:
                continue
            some_open = True
            # A body without an owner, or with two, is none that the codec reads.
            tally.expect(OWNER, bool(running), f"{id_}/{case.number}: {case.owner}, no clock runs")
            key = (id_, case.number)
            self._owners[key] = (str(case.owner), case.status.value, case.agent)
            if case.barred is not None:
                self._barred.add(key)
            if case.referral is not None and case.referral.desk != case.owner:
                self._asked[key] = str(case.referral.desk)
            if case.agent is not None:
                self._assigned[case.agent].add(key)
        deadline = min(moments, default=None)
        self._woken(f"conversation {id_}", wake, deadline)
        if is_open != some_open:
            tally.breach(OWNER, f"{id_}: open is {is_open}, open cases: {some_open}")

    def _woken(self, what: str, wake: datetime | None, deadline: datetime | None) -> None:
        woken = deadline is None or (wake is not None and wake <= deadline)
        self._tally.expect(WAKE, woken, f"{what}: woken {wake}, due {deadline}")

    def _agent_state(self, id_: UUID, state: AgentState) -> None:
        held = {(one.conversation, one.case) for one in state.held}
        self._held[id_] = held
        allowed = max(state.capacity, state.carried)
        if state.presence is Presence.AVAILABLE and len(held) < state.capacity:
            self._free.append(state)
        fits = len(held) == len(state.held) <= allowed
        self._tally.expect(CAPACITY, fits, f"{id_}: {len(state.held)} of {allowed}")

    def inbox_row(
        self,
        conversation: UUID,
        number: int,
        desk: str,
        status: str,
        agent: UUID | None,
        skill: str,
        language: str,
    ) -> None:
        """Exactly one row an open case at its owner, one where another desk was asked."""
        tally, key = self._tally, (conversation, number)
        if status == "referred":
            if self._asked.pop(key, None) != desk:
                tally.breach(INBOX, f"{key}: referred to {desk} in the inbox only")
            return
        tally.looked(INBOX)
        expected = self._owners.pop(key, None)
        if expected is None:
            tally.breach(INBOX, f"{key}: a second row, or one of no open case, at {desk}")
        # Whoever is free may be the one who must not have it.
        if status == "queued" and key not in self._barred:
            self._waiting[desk, skill, language] += 1
        if expected is not None and expected != (desk, status, agent):
            tally.breach(INBOX, f"{key}: {(desk, status, agent)}, its state says {expected}")

    def inbox_done(self) -> None:
        for key, expected in self._owners.items():
            self._tally.looked(INBOX)
            self._tally.breach(INBOX, f"{key}: no row for {expected}")
        for key, desk in self._asked.items():
            self._tally.breach(INBOX, f"{key}: no row at {desk}, which was asked")

    def idle(self) -> None:
        """Dispatch has given out all that it could."""
        able = {
            (str(one.desk), skill, language)
            for agent in self._free
            for one in agent.memberships
            if one.starts_at <= self._now and (one.ends_at is None or self._now < one.ends_at)
            for skill in agent.skills
            for language in agent.languages
        }
        for queue, number in self._waiting.items():
            self._tally.expect(IDLE, queue not in able, f"{number} cases in {queue}")

    def agents(self) -> None:
        """What an agent holds is what is assigned to them."""
        for agent in {*self._held, *self._assigned}:
            held, assigned = self._held.get(agent, set()), self._assigned.get(agent, set())
            self._tally.expect(
                HELD,
                held == assigned,
                f"{agent}: only held {sorted(held - assigned)[:2]}, "
                f"only assigned {sorted(assigned - held)[:2]}",
            )
