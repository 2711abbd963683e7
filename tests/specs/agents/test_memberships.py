"""Memberships are dated; work of a desk one has left goes back."""

from datetime import datetime
from uuid import UUID

from oncedesk.domain.agents import DECIDER
from oncedesk.domain.agents.messages import (
    AgentDataErased,
    Because,
    CapacityReserved,
    DeskJoined,
    DeskLeft,
    DeskRole,
    EraseAgentData,
    JoinDesk,
    LeaveDesk,
    LeavingReason,
    PlanShift,
    Presence,
    PresenceChanged,
    ReleaseCapacity,
    ShiftCancelled,
    ShiftEnded,
    UpdateAgent,
)
from oncedesk.domain.agents.state import PAST_MEMBERSHIPS_MAX
from oncedesk.domain.shared.decider import Wake
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind, agent_ref
from tests.support.given import DIGEST, START, Given, after, given
from tests.support.people import AGENT, conversation, left, reserve, reserved, working

WAKE = Wake(agent_ref(AGENT))
SHOP = Desk(DeskKind.MERCHANT, UUID(int=7))


def join(
    desk: Desk = SHOP,
    starts_at: datetime = START,
    ends_at: datetime | None = None,
    role: DeskRole = DeskRole.AGENT,
) -> JoinDesk:
    return JoinDesk(agent=AGENT, desk=desk, role=role, starts_at=starts_at, ends_at=ends_at)


def leave(desk: Desk = PLATFORM, ends_at: datetime | None = None) -> LeaveDesk:
    return LeaveDesk(agent=AGENT, desk=desk, ends_at=ends_at)


def test_belongs_to_several_desks_from_and_until_their_dates() -> None:
    spec = working().when(join(SHOP, after(hours=1), after(hours=2)), now=START)
    spec.then(
        DeskJoined(
            agent=AGENT,
            at=START,
            desk=SHOP,
            role=DeskRole.AGENT,
            starts_at=after(hours=1),
            ends_at=after(hours=2),
        )
    )
    assert spec.state.desks(START) == (PLATFORM,)
    assert spec.state.desks(after(hours=1)) == (PLATFORM, SHOP)
    assert not spec.state.member_of(SHOP, after(hours=2)), "half-open"
    spec.when(reserve(desk=SHOP), now=START).refused("not_member")
    spec.when(reserve(desk=SHOP), now=after(hours=1)).then_only(CapacityReserved)


def test_joining_the_same_again_changes_nothing() -> None:
    working().when(join(), now=START).when(join(), now=after(hours=1)).then_nothing()


def test_refuses_two_memberships_of_one_desk_at_a_time() -> None:
    spec = working().when(join(SHOP, START, after(hours=5)), now=START)
    again = join(SHOP, after(hours=4), role=DeskRole.SUPERVISOR)
    spec.when(again, now=START).refused("membership_overlaps")
    spec.when(join(SHOP, after(hours=5)), now=START).then_only(DeskJoined)


def test_refuses_a_membership_that_is_over_before_it_begins() -> None:
    working().when(join(SHOP, after(hours=2), after(hours=1)), now=START).refused("span_empty")


def test_leaving_a_desk_gives_its_cases_back_at_once() -> None:
    spec = working(reserved(1)).when(leave(), now=after(hours=1))
    spec.then(
        DeskLeft(agent=AGENT, at=after(hours=1), desk=PLATFORM, ends_at=after(hours=1)),
        left(1, at=after(hours=1), reason=LeavingReason.LEFT_DESK),
    )
    spec.when(leave(), now=after(hours=2)).then_nothing()


def test_a_membership_that_ends_later_gives_its_cases_back_then() -> None:
    spec = working(reserved(1)).when(leave(PLATFORM, after(hours=5)), now=START)
    spec.then_only(DeskLeft)
    assert DECIDER.deadline(spec.state) == after(hours=5)
    spec.when(WAKE, now=after(hours=6))
    spec.then(left(1, at=after(hours=5), reason=LeavingReason.LEFT_DESK))
    assert DECIDER.deadline(spec.state) is None


def test_a_membership_renewed_without_a_gap_keeps_the_cases() -> None:
    spec = working(reserved(1)).when(leave(PLATFORM, after(hours=5)), now=START)
    spec.when(join(PLATFORM, after(hours=5), role=DeskRole.SUPERVISOR), now=START)
    assert DECIDER.deadline(spec.state) is None
    spec.when(WAKE, now=after(hours=6)).then_nothing()


def test_leaving_one_desk_keeps_the_cases_of_another() -> None:
    spec = working(reserved(1)).when(join(), now=START).when(leave(SHOP), now=after(hours=1))
    spec.then_only(DeskLeft)
    assert not spec.state.held[0].leaving


def test_refuses_more_memberships_than_the_state_can_hold() -> None:
    spec = working()
    for number in range(15):
        spec.when(join(Desk(DeskKind.MERCHANT, UUID(int=50 + number))), now=START)
        spec.then_only(DeskJoined)
    spec.when(join(), now=START).refused("memberships_too_many")


def test_is_renewed_as_often_as_need_be_while_a_case_is_held() -> None:
    def renew(spec: Given, week: int) -> None:
        next_week = join(SHOP, after(hours=168 * week), after(hours=168 * (week + 1)))
        spec.when(next_week, now=after(hours=168 * max(0, week - 1))).then_only(DeskJoined)

    spec = working()
    renew(spec, 0)
    spec.when(reserve(desk=SHOP), now=START).then_only(CapacityReserved)
    for week in range(1, 50):
        renew(spec, week)
    assert [held.leaving for held in spec.state.held] == [False]
    release = ReleaseCapacity(agent=AGENT, conversation=conversation(1), case=1)
    spec.when(release, now=after(hours=168 * 49))
    renew(spec, 50)
    assert len(spec.state.memberships) == PAST_MEMBERSHIPS_MAX + 3, "beside three that last"


def test_where_somebody_was_before_stays_known() -> None:
    spec = working()
    for number in range(PAST_MEMBERSHIPS_MAX + 2):
        spec.when(leave(SHOP), now=after(hours=number))
        spec.when(join(SHOP, after(hours=number)), now=after(hours=number))
    assert spec.state.member_of(SHOP, after(hours=3)), "as it was then"
    assert len(spec.state.memberships) == PAST_MEMBERSHIPS_MAX + 2, "beside two that last"


def test_erases_an_agent_s_data_whenever_asked() -> None:
    erase = EraseAgentData(agent=AGENT)
    spec = (
        working()
        .when(erase, now=START)
        .then(
            AgentDataErased(agent=AGENT, at=START),
            DeskLeft(agent=AGENT, at=START, desk=PLATFORM, ends_at=START),
        )
    )
    assert (spec.state.digest, spec.state.length) == (b"", 0)
    spec.when(UpdateAgent(agent=AGENT, digest=DIGEST, length=9), now=START)
    spec.when(erase, now=after(hours=1)).then(AgentDataErased(agent=AGENT, at=after(hours=1)))
    spec.when(erase, now=after(hours=2)).then_only(AgentDataErased)
    given(DECIDER).when(erase, now=START).refused("agent_unknown")


def test_whoever_is_erased_is_counted_on_nowhere() -> None:
    spec = working(reserved(1)).when(join(SHOP, after(hours=40)), now=START)
    for day in (0, 1):
        shift = PlanShift(
            agent=AGENT, starts_at=after(hours=24 * day), ends_at=after(hours=24 * day + 8)
        )
        spec.when(shift, now=START)
    now = after(hours=1)
    spec.when(EraseAgentData(agent=AGENT), now=now).then(
        AgentDataErased(agent=AGENT, at=now),
        ShiftEnded(agent=AGENT, at=now, starts_at=START),
        PresenceChanged(agent=AGENT, at=now, presence=Presence.AWAY, because=Because.SHIFT_END),
        left(1, at=now, reason=LeavingReason.SHIFT_END),
        ShiftCancelled(agent=AGENT, at=now, starts_at=after(hours=24)),
        DeskLeft(agent=AGENT, at=now, desk=PLATFORM, ends_at=now),
        DeskLeft(agent=AGENT, at=now, desk=SHOP, ends_at=now),
    )
    assert (spec.state.shifts, spec.state.desks(now)) == ((), ())
    assert spec.state.member_of(PLATFORM, START), "as it was then"
    assert DECIDER.deadline(spec.state) is None
