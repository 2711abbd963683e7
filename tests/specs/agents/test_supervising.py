"""What a supervisor may decide about the agents of a desk, and nobody else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.agents import DECIDER
from oncedesk.domain.agents.messages import (
    Because,
    Break,
    BreakBegan,
    CancelShift,
    CapacityReserved,
    DeskJoined,
    DeskRole,
    GiveCase,
    LeavingReason,
    PlanShift,
    Presence,
    PresenceChanged,
    SetPresence,
    ShiftBegan,
    ShiftCancelled,
    ShiftPlanned,
    WorkLeft,
)
from oncedesk.domain.agents.state import AgentState, evolve
from oncedesk.domain.shared.decider import Actor, Role, Wake
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind, agent_ref
from tests.support.given import START, Given, after
from tests.support.people import (
    AGENT,
    CONSUMER,
    conversation,
    left,
    presence,
    reserved,
    skilled,
    working,
)

BOSS = UUID(int=32)
SHOP = Desk(DeskKind.MERCHANT, UUID(int=30))
BY_BOSS, BY_AGENT = Actor(Role.AGENT, BOSS), Actor(Role.AGENT, AGENT)
BY_ADMIN = Actor(Role.ADMIN, UUID(int=33))
LATER, END = after(hours=1), after(hours=8)


def boss(role: DeskRole = DeskRole.SUPERVISOR, desk: Desk = PLATFORM) -> dict[UUID, AgentState]:
    """Somebody who supervises the platform's desk, unless something else is said."""
    joined = DeskJoined(agent=BOSS, at=START, desk=desk, role=role, starts_at=START)
    return {BOSS: evolve(replace(working().state, agent=BOSS, memberships=()), joined)}


def supervisor(*events: Any, capacity: int = 2) -> Given:
    """The agent is a supervisor, too."""
    role = DeskJoined(
        agent=AGENT, at=START, desk=PLATFORM, role=DeskRole.SUPERVISOR, starts_at=START
    )
    spec = working(capacity=capacity)
    state = replace(spec.state, memberships=())
    spec.state = evolve(state, role)
    for event in events:
        spec.state = evolve(spec.state, event)
    return spec


def gives(
    spec: Given, *, by: UUID | None = BOSS, actor: Actor = BY_BOSS, states: Any = None
) -> Given:
    command = GiveCase(
        agent=AGENT,
        consumer=CONSUMER,
        conversation=conversation(9),
        case=1,
        desk=PLATFORM,
        by=by,
    )
    return spec.when(command, now=START, by=actor, states=boss() if states is None else states)


GIVEN = CapacityReserved(
    agent=AGENT,
    at=START,
    consumer=CONSUMER,
    conversation=conversation(9),
    case=1,
    desk=PLATFORM,
    given=True,
)


def test_a_supervisor_or_an_admin_gives_an_agent_a_case() -> None:
    gives(working()).then(GIVEN)
    gives(working(), by=None, actor=BY_ADMIN, states={}).then(GIVEN)


def test_what_the_agent_has_already_is_not_given_twice() -> None:
    gives(gives(working())).then_nothing()
    leaving = left(9, at=START, reason=LeavingReason.ABSENT)
    gives(working(reserved(9), leaving)).refused("case_leaving")


@dataclass(frozen=True)
class CaseView:
    agent: UUID | None


@dataclass(frozen=True)
class TalkView:
    """What agents see of a conversation."""

    agent: UUID | None
    consumer: UUID = CONSUMER
    subject: str = "none"

    def case(self, number: int) -> CaseView | None:
        return CaseView(self.agent) if number == 1 else None


def test_what_is_back_in_the_queue_is_given_once_its_place_is_free() -> None:
    held = working(reserved(9))
    for agent, given in ((AGENT, True), (None, False), (BOSS, False)):
        states: Any = {**boss(), conversation(9): TalkView(agent)}
        spec = gives(held, states=states)
        if given:
            spec.then_nothing()
        else:
            spec.refused("case_leaving")


def test_what_takes_no_place_is_given_without_a_look_at_it() -> None:
    command = GiveCase(
        agent=AGENT, consumer=CONSUMER, conversation=conversation(9), case=1, desk=PLATFORM
    )
    assert DECIDER.needs(working().state, command, {}) == []
    (ref,) = DECIDER.needs(working(reserved(9)).state, command, {})
    assert ref.id == conversation(9)


def test_a_supervisor_takes_a_case_although_no_work_is_to_come() -> None:
    spec = supervisor(presence(Presence.AWAY, at=START, until=END))
    gives(spec, by=AGENT, actor=BY_AGENT, states={}).then(GIVEN)


@pytest.mark.parametrize("until", [None, START - timedelta(minutes=55)])
def test_a_supervisor_who_went_away_keeps_it_as_long_as_others_do(until: datetime | None) -> None:
    spec = supervisor(presence(Presence.AWAY, at=START - timedelta(hours=1), until=until))
    gives(spec, by=AGENT, actor=BY_AGENT, states={})
    spec.then_only(PresenceChanged, CapacityReserved)
    away = spec.state.presence_until
    assert away == START + timedelta(seconds=spec.state.grace_seconds)
    spec.when(Wake(agent_ref(AGENT)), now=away).then_only(WorkLeft)


def test_a_supervisor_who_vanished_within_a_break_keeps_what_they_take_in_it() -> None:
    began, ends = START - timedelta(minutes=40), after(minutes=20)
    lunch = Break(began, ends)
    spec = supervisor(
        ShiftPlanned(
            agent=AGENT, at=began, starts_at=began, ends_at=END, drains_at=END, breaks=(lunch,)
        ),
        ShiftBegan(agent=AGENT, at=began, starts_at=began),
        BreakBegan(agent=AGENT, at=began, ends_at=ends),
        presence(
            Presence.AWAY,
            at=START - timedelta(minutes=20),
            because=Because.UNSEEN,
            until=START - timedelta(minutes=15),
        ),
    )
    gives(spec, by=AGENT, actor=BY_AGENT, states={})
    spec.then_only(PresenceChanged, CapacityReserved)


@pytest.mark.parametrize(
    ("actor", "by", "states"),
    [
        (BY_BOSS, BOSS, {}),
        (BY_BOSS, BOSS, boss(DeskRole.AGENT)),
        (BY_BOSS, BOSS, boss(desk=SHOP)),
        (BY_AGENT, BOSS, boss()),
        (BY_AGENT, AGENT, {}),
        (Actor(Role.MARKETPLACE), None, {}),
        (Actor(Role.CONSUMER, BOSS), BOSS, boss()),
    ],
)
def test_nobody_else_gives_a_case(actor: Actor, by: UUID | None, states: Any) -> None:
    gives(working(), by=by, actor=actor, states=states).refused("not_allowed")


def test_nothing_is_given_to_who_is_away_full_or_elsewhere() -> None:
    gives(working(presence(Presence.AWAY, at=START, until=END))).refused("agent_absent")
    gives(working(reserved(1), reserved(2))).refused("agent_full")
    elsewhere = working()
    elsewhere.state = replace(elsewhere.state, memberships=())
    gives(elsewhere).refused("not_member")


def test_a_supervisor_plans_and_cancels_the_shifts_of_the_desk() -> None:
    plan = PlanShift(agent=AGENT, starts_at=LATER, ends_at=END, by=BOSS)
    spec = working().when(plan, now=START, by=BY_BOSS, states=boss()).then_only(ShiftPlanned)
    cancel = CancelShift(agent=AGENT, starts_at=LATER, by=BOSS)
    spec.when(cancel, now=START, by=BY_BOSS, states=boss()).then_only(ShiftCancelled)


def test_a_supervisor_plans_their_own_shifts_and_an_agent_does_not() -> None:
    plan = PlanShift(agent=AGENT, starts_at=LATER, ends_at=END, by=AGENT)
    supervisor().when(plan, now=START, by=BY_AGENT).then_only(ShiftPlanned)
    working().when(plan, now=START, by=BY_AGENT).refused("not_allowed")


@pytest.mark.parametrize(
    "states", [{}, boss(DeskRole.AGENT), boss(desk=SHOP)], ids=["unknown", "agent", "elsewhere"]
)
def test_nobody_plans_for_the_agents_of_another_desk(states: Any) -> None:
    for command in (
        PlanShift(agent=AGENT, starts_at=LATER, ends_at=END, by=BOSS),
        CancelShift(agent=AGENT, starts_at=LATER, by=BOSS),
        SetPresence(agent=AGENT, presence=Presence.AWAY, by=BOSS),
    ):
        working().when(command, now=START, by=BY_BOSS, states=states).refused("not_allowed")


def test_a_supervisor_says_that_somebody_has_left() -> None:
    away = SetPresence(agent=AGENT, presence=Presence.AWAY, by=BOSS)
    spec = working(skilled()).when(away, now=START, by=BY_BOSS, states=boss())
    spec.then_only(PresenceChanged)
    assert spec.state.because is Because.SUPERVISOR, "so that they are told"
    own = SetPresence(agent=AGENT, presence=Presence.AWAY)
    for by in (None, AGENT):
        spec = working().when(replace(own, by=by), now=START, by=BY_AGENT)
        spec.then_only(PresenceChanged)
        assert spec.state.because is Because.ASKED
