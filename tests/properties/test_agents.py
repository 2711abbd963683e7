"""Whatever is asked of an agent, in whatever order and however late the wakes come."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from oncedesk.domain.agents import DECIDER
from oncedesk.domain.agents.messages import (
    AgentCommand,
    AgentEvent,
    Break,
    CancelShift,
    CapacityReleased,
    CapacityReserved,
    DeskRole,
    HandOver,
    JoinDesk,
    LeaveDesk,
    NoteSeen,
    PlanShift,
    Presence,
    RegisterAgent,
    ReleaseCapacity,
    ReserveCapacity,
    SetCapacity,
    SetLimits,
    SetPresence,
    SetSkills,
    ShiftEnded,
    WorkLeft,
)
from oncedesk.domain.agents.state import AgentState
from oncedesk.domain.shared.decider import Refusal, Wake
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind, agent_ref
from tests.support.given import DIGEST, START, facts_at, through_bytes

AGENT = UUID(int=1)
DESKS = [PLATFORM, Desk(DeskKind.MERCHANT, UUID(int=7))]
cases = st.integers(1, 6)
desks = st.sampled_from([PLATFORM, *DESKS])
skills = st.sampled_from(["refund", "refund", "refund", "courier"])
minutes = st.integers(0, 300)


class Agents(RuleBasedStateMachine):
    """One agent over some days."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.state: AgentState | None = None
        self.events: list[AgentEvent] = []
        self.starts: list[datetime] = []

    def do(self, command: AgentCommand) -> None:
        answer = DECIDER.decide(self.state, command, facts_at(self.now))
        if isinstance(answer, Refusal):
            return
        for event in answer:
            assert event.at <= self.now
            if isinstance(event, CapacityReserved):
                assert self.state is not None
                assert self.state.takes_work
                assert self.state.load < self.state.capacity
                assert self.state.member_of(event.desk, self.now)
                assert event.skill in self.state.skills
            self.state = DECIDER.evolve(self.state, event)
            DECIDER.check(self.state)
        self.events += answer
        state = self.state
        assert state is not None
        if any(isinstance(event, ShiftEnded) for event in answer):
            assert not state.staying, "nothing stays with somebody who went home"
        deadline = DECIDER.deadline(state)
        assert deadline is None or deadline > self.now, "what was due is done"

    @initialize(capacity=st.integers(1, 5))
    def register(self, capacity: int) -> None:
        self.do(RegisterAgent(agent=AGENT, digest=DIGEST, length=9, capacity=capacity))
        self.do(SetSkills(agent=AGENT, skills=("refund",), languages=("zh",)))
        self.do(JoinDesk(agent=AGENT, desk=PLATFORM, role=DeskRole.AGENT, starts_at=START))
        self.do(SetPresence(agent=AGENT, presence=Presence.AVAILABLE))

    @rule(seconds=st.sampled_from([1, 30, 60, 299, 600, 900, 3_600, 20_000, 90_000]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def wake(self) -> None:
        self.do(Wake(agent_ref(AGENT)))

    @rule(presence=st.sampled_from(Presence))
    def set_presence(self, presence: Presence) -> None:
        self.do(SetPresence(agent=AGENT, presence=presence))

    @rule()
    def note_seen(self) -> None:
        self.do(NoteSeen(agent=AGENT))

    @rule(chosen=st.lists(cases, min_size=1), desk=desks, skill=skills, back=st.booleans())
    def reserve(self, chosen: list[int], desk: Desk, skill: str, back: bool) -> None:
        if back:
            self.set_presence(Presence.AVAILABLE)
        for case in chosen:
            self.do(
                ReserveCapacity(
                    agent=AGENT,
                    consumer=UUID(int=2),
                    conversation=UUID(int=3),
                    case=case,
                    desk=desk,
                    skill=skill,
                    language="zh",
                )
            )

    @rule(case=cases)
    def release(self, case: int) -> None:
        self.do(ReleaseCapacity(agent=AGENT, conversation=UUID(int=3), case=case))

    @rule(case=cases)
    def hand_over(self, case: int) -> None:
        self.do(HandOver(agent=AGENT, conversation=UUID(int=3), case=case, note=UUID(int=9)))

    @rule(capacity=st.integers(0, 4))
    def set_capacity(self, capacity: int) -> None:
        self.do(SetCapacity(agent=AGENT, capacity=capacity))

    @rule(wrap_up=st.integers(0, 100), grace=st.integers(0, 900), drain=st.integers(0, 9_000))
    def set_limits(self, wrap_up: int, grace: int, drain: int) -> None:
        self.do(
            SetLimits(
                agent=AGENT, wrap_up_seconds=wrap_up, grace_seconds=grace, drain_seconds=drain
            )
        )

    @rule(begin=st.integers(-60, 300), length=minutes, first=minutes, second=minutes)
    def plan_shift(self, begin: int, length: int, first: int, second: int) -> None:
        starts_at = self.now + timedelta(minutes=begin)
        ends_at = starts_at + timedelta(minutes=length)
        low, high = sorted((first, second))
        pause = Break(starts_at + timedelta(minutes=low), starts_at + timedelta(minutes=high))
        breaks = (pause,) if pause.starts_at < pause.ends_at <= ends_at else ()
        self.starts.append(starts_at)
        self.do(PlanShift(agent=AGENT, starts_at=starts_at, ends_at=ends_at, breaks=breaks))

    @rule(which=st.integers(0, 5))
    def cancel_shift(self, which: int) -> None:
        for starts_at in self.starts[-1 - which :][:1]:
            self.do(CancelShift(agent=AGENT, starts_at=starts_at))

    @rule(desk=desks, begin=minutes, length=st.none() | st.integers(1, 300))
    def join(self, desk: Desk, begin: int, length: int | None) -> None:
        starts_at = self.now + timedelta(minutes=begin)
        ends_at = None if length is None else starts_at + timedelta(minutes=length)
        self.do(
            JoinDesk(
                agent=AGENT, desk=desk, role=DeskRole.AGENT, starts_at=starts_at, ends_at=ends_at
            )
        )

    @rule(desk=st.sampled_from(DESKS), wait=st.none() | minutes)
    def leave(self, desk: Desk, wait: int | None) -> None:
        ends_at = None if wait is None else self.now + timedelta(minutes=wait)
        self.do(LeaveDesk(agent=AGENT, desk=desk, ends_at=ends_at))

    @invariant()
    def replay_equals_state(self) -> None:
        state = None
        for event in self.events:
            state = DECIDER.evolve(state, event)
        assert state == self.state

    @invariant()
    def a_held_case_leaves_at_most_once(self) -> None:
        told: Counter[int] = Counter()
        held: set[int] = set()
        for event in self.events:
            match event:
                case CapacityReserved():
                    assert event.case not in held
                    held.add(event.case)
                    told[event.case] = 0
                case CapacityReleased():
                    held.remove(event.case)
                case WorkLeft():
                    assert event.case in held
                    told[event.case] += 1
                    assert told[event.case] == 1
                case _:
                    pass
        if self.state is not None:
            assert {one.case for one in self.state.held} == held

    @invariant()
    def somebody_away_for_long_keeps_nothing(self) -> None:
        """An absence that has a limit has a wake, as long as anything is held."""
        state = self.state
        if state is not None and state.presence is Presence.AWAY and state.staying:
            assert DECIDER.deadline(state) is not None

    def teardown(self) -> None:
        """The events and the state survive their bytes."""
        for event in self.events:
            assert through_bytes(event, DECIDER.events) == event
        if self.state is not None:
            assert through_bytes(self.state, AgentState) == self.state
            assert len(msgspec.msgpack.encode(self.state)) < 8_000


TestAgents = Agents.TestCase
TestAgents.settings = settings(max_examples=60, stateful_step_count=40)


actions = st.lists(
    st.tuples(
        st.integers(0, 479),
        st.sampled_from(["take", "take", "release", "hand_over", "wake"])
        | st.sampled_from(Presence),
        cases,
    ),
    max_size=30,
)


@given(done=actions, pauses=st.lists(st.integers(0, 239), unique=True, max_size=2), late=minutes)
def test_every_case_held_at_a_shift_s_end_has_left_exactly_once(
    done: list[tuple[int, str, int]], pauses: list[int], late: int
) -> None:
    """A shift of eight hours with breaks of two minutes, and a wake that may come late."""
    ends_at = START + timedelta(minutes=480)
    breaks = tuple(
        Break(START + timedelta(minutes=2 * at), START + timedelta(minutes=2 * at + 2))
        for at in sorted(pauses)
    )
    run = Agents()
    run.register(6)
    run.do(PlanShift(agent=AGENT, starts_at=START, ends_at=ends_at, breaks=breaks))
    for at, action, case in sorted(done, key=lambda one: one[0]):
        run.now = START + timedelta(minutes=at)
        if isinstance(action, Presence):
            run.set_presence(action)
        elif action == "take":
            run.reserve([case], PLATFORM, "refund", back=False)
        elif action == "release":
            run.release(case)
        elif action == "hand_over":
            run.hand_over(case)
        else:
            run.wake()
    run.now = ends_at + timedelta(minutes=late)
    run.wake()
    run.wake()
    run.a_held_case_leaves_at_most_once()
    assert run.state is not None
    assert not run.state.takes_work
    assert all(held.leaving for held in run.state.held)
