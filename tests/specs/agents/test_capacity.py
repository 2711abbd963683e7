"""An agent's places are counted here and nowhere else."""

import pytest
from msgspec.structs import replace

from oncedesk.domain.agents import DECIDER
from oncedesk.domain.agents.messages import (
    AgentUpdated,
    CapacityReleased,
    CapacityReserved,
    CapacitySet,
    DeskJoined,
    DeskRole,
    PickCase,
    PickingSet,
    Presence,
    RegisterAgent,
    ReleaseCapacity,
    SetCapacity,
    SetPicking,
    SetPresence,
    SetSkills,
    SkillsSet,
    UpdateAgent,
)
from oncedesk.domain.shared.decider import Actor, Role, Wake
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind, agent_ref
from tests.support.given import DIGEST, START, after, given
from tests.support.people import (
    AGENT,
    CONSUMER,
    conversation,
    joined,
    presence,
    present,
    registered,
    reserve,
    reserved,
    working,
)


def release(number: int = 1) -> ReleaseCapacity:
    return ReleaseCapacity(
        agent=AGENT, conversation=conversation(number), case=1, reason="resolved"
    )


def test_reserves_a_place() -> None:
    spec = working().when(reserve(), now=START).then(reserved())
    assert spec.state.load == 1
    assert spec.state.has_room


def test_reserves_the_same_case_once() -> None:
    working(reserved()).when(reserve(), now=after(minutes=1)).then_nothing()


def test_refuses_more_than_the_capacity() -> None:
    spec = working(reserved(1)).when(reserve(2), now=START).then(reserved(2))
    spec.when(reserve(3), now=START).refused("agent_full")
    assert spec.state.load == 2


def test_two_cases_of_one_conversation_take_two_places() -> None:
    spec = working(reserved(1))
    other = reserve(1)
    other = type(other)(
        agent=AGENT,
        consumer=CONSUMER,
        conversation=other.conversation,
        case=2,
        desk=other.desk,
        skill="refund",
    )
    spec.when(other, now=START).then_only(CapacityReserved)
    assert spec.state.load == 2


def test_refuses_a_skill_that_the_agent_lacks() -> None:
    working().when(reserve(skill="courier"), now=START).refused("skill_missing")


def test_a_case_without_a_skill_can_be_done_by_everybody() -> None:
    working().when(reserve(skill=""), now=START).then_only(CapacityReserved)


def test_refuses_a_language_that_the_agent_does_not_speak() -> None:
    working().when(reserve(language="de"), now=START).refused("language_missing")


def test_an_agent_without_listed_languages_takes_any() -> None:
    spec = working(SkillsSet(agent=AGENT, at=START, skills=("refund",), languages=()))
    spec.when(reserve(language="de"), now=START).then_only(CapacityReserved)


def test_refuses_a_desk_the_agent_does_not_belong_to() -> None:
    desk = Desk(DeskKind.MERCHANT, AGENT)
    working().when(reserve(desk=desk), now=START).refused("not_member")


@pytest.mark.parametrize("presence", [Presence.AWAY, Presence.WRAP_UP, Presence.DRAINING])
def test_refuses_work_for_somebody_who_takes_none(presence: Presence) -> None:
    spec = working().when(SetPresence(agent=AGENT, presence=presence), now=START)
    spec.when(reserve(), now=START).refused("agent_absent")
    assert not spec.state.takes_work


def test_releases_a_place() -> None:
    spec = working(reserved()).when(release(), now=after(minutes=5))
    spec.then(
        CapacityReleased(
            agent=AGENT,
            at=after(minutes=5),
            consumer=CONSUMER,
            conversation=conversation(1),
            case=1,
            reason="resolved",
        )
    )
    assert spec.state.load == 0


def test_releasing_what_is_not_held_changes_nothing() -> None:
    working().when(release(), now=START).then_nothing()


def test_a_lower_capacity_takes_effect_as_cases_end() -> None:
    spec = working(reserved(1), reserved(2))
    spec.when(SetCapacity(agent=AGENT, capacity=1), now=START)
    spec.then(CapacitySet(agent=AGENT, at=START, capacity=1))
    assert (spec.state.load, spec.state.room) == (2, 0)
    spec.when(release(1), now=START).when(reserve(3), now=START).refused("agent_full")
    spec.when(release(2), now=START).when(reserve(3), now=START).then(reserved(3))


def test_registering_again_changes_nothing() -> None:
    again = RegisterAgent(agent=AGENT, digest=DIGEST, length=9, capacity=2)
    given(DECIDER).when(again, now=START).then(registered())
    given(DECIDER, registered()).when(again, now=after(hours=1)).then_nothing()


def test_refuses_to_register_somebody_else_under_the_same_id() -> None:
    other = RegisterAgent(agent=AGENT, digest=b"another", length=9)
    given(DECIDER, registered()).when(other, now=START).refused("agent_differs")


def test_updates_private_data_once() -> None:
    update = UpdateAgent(agent=AGENT, digest=b"another", length=7)
    spec = given(DECIDER, registered()).when(update, now=START)
    spec.then(AgentUpdated(agent=AGENT, at=START, digest=b"another", length=7))
    spec.when(update, now=START).then_nothing()


def test_skills_are_kept_sorted_and_once() -> None:
    spec = given(DECIDER, registered(), joined())
    skills = SetSkills(agent=AGENT, skills=("b", "a", "b"), languages=("zh",))
    spec.when(skills, now=START)
    spec.then(SkillsSet(agent=AGENT, at=START, skills=("a", "b"), languages=("zh",)))
    spec.when(skills, now=START).then_nothing()


def test_an_unknown_agent_is_refused() -> None:
    given(DECIDER).when(reserve(), now=START).refused("agent_unknown")
    given(DECIDER).when(Wake(agent_ref(AGENT)), now=START).then_nothing()


def pick(number: int = 1) -> PickCase:
    return PickCase(
        agent=AGENT, consumer=CONSUMER, conversation=conversation(number), case=1, desk=PLATFORM
    )


def may_pick() -> PickingSet:
    return PickingSet(agent=AGENT, at=START, picks=True)


def test_takes_a_case_by_hand_with_leave_to() -> None:
    spec = (
        working(may_pick())
        .when(pick(), now=START, by=Actor(Role.AGENT, AGENT))
        .then_only(CapacityReserved)
    )
    assert spec.state.find(conversation(1), 1) is not None
    spec.when(pick(), now=START, by=Actor(Role.AGENT, AGENT)).then_nothing()


def test_refuses_to_pick_without_leave() -> None:
    working().when(pick(), now=START, by=Actor(Role.AGENT, AGENT)).refused("not_allowed")


def test_a_supervisor_picks_at_their_own_desk_only() -> None:
    lead = DeskJoined(
        agent=AGENT, at=START, desk=PLATFORM, role=DeskRole.SUPERVISOR, starts_at=START
    )
    spec = given(DECIDER, registered(), lead, present())
    spec.when(pick(), now=START, by=Actor(Role.AGENT, AGENT)).then_only(CapacityReserved)
    other = replace(pick(2), desk=Desk(DeskKind.MERCHANT, CONSUMER))
    spec.when(other, now=START, by=Actor(Role.AGENT, AGENT)).refused("not_allowed")


def test_leave_counts_at_the_agents_own_desks_only() -> None:
    spec = working(may_pick())
    other = replace(pick(), desk=Desk(DeskKind.MERCHANT, CONSUMER))
    spec.when(other, now=START, by=Actor(Role.AGENT, AGENT)).refused("not_allowed")


def test_nobody_away_or_full_picks() -> None:
    by = Actor(Role.AGENT, AGENT)
    working(may_pick(), presence(Presence.AWAY, at=START)).when(pick(), now=START, by=by).refused(
        "agent_absent"
    )
    working(may_pick(), reserved(1), capacity=1).when(pick(2), now=START, by=by).refused(
        "agent_full"
    )


def test_leave_to_pick_is_given_once() -> None:
    given_ = SetPicking(agent=AGENT, picks=True)
    spec = working().when(given_, now=START).then(may_pick())
    spec.when(given_, now=START).then_nothing()
