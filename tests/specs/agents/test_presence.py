"""Who is not there gets no work, and does not keep what they have for long."""

from uuid import UUID

from oncedesk.domain.agents import DECIDER
from oncedesk.domain.agents.messages import (
    Because,
    CapacityReleased,
    HandOver,
    HandOverWritten,
    LeavingReason,
    LimitsSet,
    NoteSeen,
    Presence,
    PresenceChanged,
    PresenceConfirmed,
    ReleaseCapacity,
    SetLimits,
    SetPresence,
    WorkLeft,
)
from oncedesk.domain.shared.decider import Wake
from oncedesk.domain.shared.refs import agent_ref
from tests.support.given import START, after
from tests.support.people import (
    AGENT,
    CONSUMER,
    conversation,
    left,
    presence,
    reserve,
    reserved,
    working,
)

NOTE = UUID(int=7)
"""A message with a hand-over line."""

WAKE = Wake(agent_ref(AGENT))


def be(to: Presence) -> SetPresence:
    return SetPresence(agent=AGENT, presence=to)


def test_saying_the_same_again_changes_nothing() -> None:
    working().when(be(Presence.AVAILABLE), now=START).then_nothing()


def test_wrap_up_ends_by_itself() -> None:
    spec = working().when(be(Presence.WRAP_UP), now=START)
    spec.then(presence(Presence.WRAP_UP, at=START, until=after(seconds=60)))
    assert DECIDER.deadline(spec.state) == after(seconds=60)
    spec.when(WAKE, now=after(seconds=59)).then_nothing()
    spec.when(WAKE, now=after(seconds=60))
    spec.then(presence(Presence.AVAILABLE, at=after(seconds=60), because=Because.WRAPPED_UP))
    assert DECIDER.deadline(spec.state) is None


def test_wrap_up_that_is_over_does_not_refuse_work_before_its_wake() -> None:
    spec = working().when(be(Presence.WRAP_UP), now=START)
    spec.when(reserve(), now=after(seconds=61))
    spec.then(
        presence(Presence.AVAILABLE, at=after(seconds=60), because=Because.WRAPPED_UP),
        reserved(at=after(seconds=61)),
    )


def test_somebody_away_too_long_loses_the_work() -> None:
    spec = working(reserved(1), reserved(2)).when(be(Presence.AWAY), now=START)
    spec.then(presence(Presence.AWAY, at=START, until=after(minutes=10)))
    assert DECIDER.deadline(spec.state) == after(minutes=10)
    gone = after(minutes=10)
    spec.when(WAKE, now=after(minutes=12))
    spec.then(
        left(1, at=gone, reason=LeavingReason.ABSENT),
        left(2, at=gone, reason=LeavingReason.ABSENT),
    )
    assert spec.state.load == 2, "the places are free once the conversations let go"
    assert DECIDER.deadline(spec.state) is None
    spec.when(WAKE, now=after(hours=9)).then_nothing()


def test_somebody_back_in_time_keeps_the_work() -> None:
    spec = working(reserved(1)).when(be(Presence.AWAY), now=START)
    spec.when(be(Presence.AVAILABLE), now=after(minutes=9))
    spec.when(WAKE, now=after(hours=1)).then_nothing()
    assert spec.state.load == 1


def test_somebody_away_without_work_needs_no_wake() -> None:
    spec = working().when(be(Presence.AWAY), now=START)
    assert DECIDER.deadline(spec.state) is None


def test_a_case_that_leaves_is_released_and_not_reserved_meanwhile() -> None:
    spec = working(reserved(1)).when(be(Presence.AWAY), now=START).when(WAKE, now=after(hours=1))
    spec.when(be(Presence.AVAILABLE), now=after(hours=2))
    spec.when(reserve(1), now=after(hours=2)).refused("case_leaving")
    release = ReleaseCapacity(agent=AGENT, conversation=conversation(1), case=1)
    spec.when(release, now=after(hours=2)).then_only(CapacityReleased)
    spec.when(reserve(1), now=after(hours=2)).then(reserved(1, at=after(hours=2)))


def test_a_case_that_leaves_takes_the_hand_over_line_along() -> None:
    line = HandOver(agent=AGENT, conversation=conversation(1), case=1, note=NOTE)
    spec = working(reserved(1)).when(line, now=START)
    spec.then(
        HandOverWritten(
            agent=AGENT,
            at=START,
            consumer=CONSUMER,
            conversation=conversation(1),
            case=1,
            note=NOTE,
        )
    )
    spec.when(be(Presence.AWAY), now=START).when(WAKE, now=after(minutes=10))
    spec.then(
        left(
            1,
            at=after(minutes=10),
            reason=LeavingReason.ABSENT,
            handed_over=True,
            note=NOTE,
        )
    )
    spec.when(line, now=after(minutes=11)).refused("not_held")


def test_limits_are_the_agents_own() -> None:
    limits = SetLimits(agent=AGENT, wrap_up_seconds=5, grace_seconds=0)
    spec = working(reserved(1)).when(limits, now=START)
    spec.then(
        LimitsSet(agent=AGENT, at=START, wrap_up_seconds=5, grace_seconds=0, drain_seconds=900)
    )
    spec.when(limits, now=START).then_nothing()
    spec.when(be(Presence.AWAY), now=START)
    spec.then(
        presence(Presence.AWAY, at=START, until=START),
        left(1, at=START, reason=LeavingReason.ABSENT),
    )


def test_somebody_whose_screen_went_dark_is_away() -> None:
    spec = working(reserved(1)).when(NoteSeen(agent=AGENT), now=START)
    spec.then(PresenceConfirmed(agent=AGENT, at=START, until=after(minutes=15)))
    spec.when(NoteSeen(agent=AGENT), now=after(minutes=4)).then_nothing()
    spec.when(NoteSeen(agent=AGENT), now=after(minutes=5)).then_only(PresenceConfirmed)
    assert DECIDER.deadline(spec.state) == after(minutes=20)
    spec.when(WAKE, now=after(minutes=20))
    spec.then(
        presence(
            Presence.AWAY,
            at=after(minutes=20),
            because=Because.UNSEEN,
            until=after(minutes=30),
        )
    )
    spec.when(NoteSeen(agent=AGENT), now=after(minutes=21)).then_nothing()
    spec.when(WAKE, now=after(minutes=30)).then_only(WorkLeft)


def test_while_nothing_was_woken_nobody_was_heard_either() -> None:
    spec = working(reserved(1)).when(NoteSeen(agent=AGENT), now=START)
    spec.when(WAKE, now=after(minutes=30))
    spec.then(PresenceConfirmed(agent=AGENT, at=after(minutes=15), until=after(minutes=45)))
    assert spec.state.takes_work
    assert spec.state.load == 1
    spec.when(WAKE, now=after(minutes=45)).then_only(PresenceChanged)
    spec.when(WAKE, now=after(minutes=55)).then_only(WorkLeft)


def test_the_first_sign_after_a_stop_may_come_before_the_wake() -> None:
    spec = working(reserved(1)).when(NoteSeen(agent=AGENT), now=START)
    spec.when(NoteSeen(agent=AGENT), now=after(minutes=30)).then_only(PresenceConfirmed)
    assert spec.state.takes_work
    assert DECIDER.deadline(spec.state) == after(minutes=45)


def test_signs_count_from_when_somebody_has_come_back() -> None:
    spec = working(reserved(1)).when(be(Presence.AWAY), now=START)
    spec.when(NoteSeen(agent=AGENT), now=START).then_nothing()
    spec.when(be(Presence.AVAILABLE), now=after(minutes=5))
    spec.when(NoteSeen(agent=AGENT), now=after(minutes=5)).then_only(PresenceConfirmed)
    spec.when(WAKE, now=after(minutes=20)).then_only(PresenceChanged)
    spec.when(WAKE, now=after(minutes=30))
    spec.then(left(1, at=after(minutes=30), reason=LeavingReason.ABSENT))


def test_somebody_who_never_sent_a_sign_is_trusted() -> None:
    assert DECIDER.deadline(working(reserved(1)).state) is None
