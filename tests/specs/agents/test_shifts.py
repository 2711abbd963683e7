"""Shifts drain before they end, and at their end nothing stays with somebody who went home."""

from datetime import datetime
from uuid import UUID

import pytest

from oncedesk.domain.agents import DECIDER
from oncedesk.domain.agents.messages import (
    Because,
    Break,
    BreakBegan,
    BreakEnded,
    CancelShift,
    DrainingBegan,
    HandOver,
    HandOverAsked,
    HeldCase,
    LeavingReason,
    PlanShift,
    Presence,
    PresenceChanged,
    SetPresence,
    ShiftBegan,
    ShiftCancelled,
    ShiftEnded,
    ShiftPlanned,
    WorkLeft,
)
from oncedesk.domain.shared.decider import Wake
from oncedesk.domain.shared.refs import agent_ref
from tests.support.given import START, Given, after
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
WAKE = Wake(agent_ref(AGENT))
LUNCH = Break(after(hours=3), after(hours=3.5))
END = after(hours=8)


def shift(starts_at: datetime = START, ends_at: datetime = END, *breaks: Break) -> PlanShift:
    return PlanShift(agent=AGENT, starts_at=starts_at, ends_at=ends_at, breaks=breaks)


def on_shift(*breaks: Break) -> Given:
    spec = working(reserved(1), reserved(2)).when(shift(START, END, *breaks), now=START)
    return spec.then_only(ShiftPlanned, ShiftBegan)


def test_a_shift_drains_before_its_end() -> None:
    spec = on_shift()
    drains_at = after(hours=7, minutes=45)
    assert DECIDER.deadline(spec.state) == drains_at
    held = tuple(HeldCase(CONSUMER, conversation(number), 1) for number in (1, 2))
    spec.when(WAKE, now=drains_at)
    spec.then(
        DrainingBegan(agent=AGENT, at=drains_at, ends_at=END),
        presence(Presence.DRAINING, at=drains_at, because=Because.SHIFT_DRAINING),
        HandOverAsked(agent=AGENT, at=drains_at, ends_at=END, cases=held),
    )
    spec.when(reserve(3), now=drains_at).refused("agent_absent")
    assert DECIDER.deadline(spec.state) == END


def test_nobody_becomes_available_while_the_shift_drains() -> None:
    spec = on_shift().when(WAKE, now=after(hours=7, minutes=50))
    spec.when(SetPresence(agent=AGENT, presence=Presence.AVAILABLE), now=after(hours=7.9))
    spec.then_nothing()
    spec.when(SetPresence(agent=AGENT, presence=Presence.AWAY), now=after(hours=7.9))
    spec.when(SetPresence(agent=AGENT, presence=Presence.AVAILABLE), now=after(hours=7.95))
    spec.then(presence(Presence.DRAINING, at=after(hours=7.95), because=Because.SHIFT_DRAINING))


def test_at_the_shift_s_end_every_case_leaves_once_with_its_line_or_without() -> None:
    line = HandOver(agent=AGENT, conversation=conversation(2), case=1, note=NOTE)
    spec = on_shift().when(line, now=after(hours=7.8)).when(WAKE, now=END)
    spec.then(
        ShiftEnded(agent=AGENT, at=END, starts_at=START),
        presence(Presence.AWAY, at=END, because=Because.SHIFT_END),
        left(1, at=END, reason=LeavingReason.SHIFT_END),
        left(
            2,
            at=END,
            reason=LeavingReason.SHIFT_END,
            handed_over=True,
            note=NOTE,
        ),
    )
    assert DECIDER.deadline(spec.state) is None
    spec.when(WAKE, now=after(hours=20)).then_nothing()


def test_a_late_wake_finds_everything_at_the_time_it_was_due() -> None:
    spec = on_shift(LUNCH).when(WAKE, now=after(hours=30))
    spec.then_only(
        BreakBegan,
        PresenceChanged,
        BreakEnded,
        PresenceChanged,
        WorkLeft,
        WorkLeft,
        DrainingBegan,
        ShiftEnded,
        PresenceChanged,
    )
    assert [event.at for event in spec.answer] == [
        LUNCH.starts_at,
        LUNCH.starts_at,
        LUNCH.ends_at,
        LUNCH.ends_at,
        after(hours=3, minutes=40),
        after(hours=3, minutes=40),
        after(hours=7.75),
        END,
        END,
    ]


def test_a_break_takes_no_work_and_keeps_the_cases() -> None:
    spec = on_shift(LUNCH).when(WAKE, now=LUNCH.starts_at)
    spec.then(
        BreakBegan(agent=AGENT, at=LUNCH.starts_at, ends_at=LUNCH.ends_at),
        presence(Presence.AWAY, at=LUNCH.starts_at, because=Because.BREAK),
    )
    assert DECIDER.deadline(spec.state) == LUNCH.ends_at
    assert spec.state.load == 2


def test_after_a_break_the_agent_says_that_they_are_back() -> None:
    spec = on_shift(LUNCH).when(WAKE, now=LUNCH.starts_at).when(WAKE, now=LUNCH.ends_at)
    spec.then(
        BreakEnded(agent=AGENT, at=LUNCH.ends_at),
        presence(
            Presence.AWAY,
            at=LUNCH.ends_at,
            because=Because.BREAK_OVER,
            until=after(hours=3, minutes=40),
        ),
    )
    spec.when(SetPresence(agent=AGENT, presence=Presence.AVAILABLE), now=LUNCH.ends_at)
    spec.when(WAKE, now=after(hours=4)).then_nothing()
    assert spec.state.takes_work


def test_back_early_from_a_break_stays_back() -> None:
    back = after(hours=3.25)
    spec = on_shift(LUNCH).when(WAKE, now=LUNCH.starts_at)
    spec.when(SetPresence(agent=AGENT, presence=Presence.AVAILABLE), now=back)
    spec.when(WAKE, now=LUNCH.ends_at).then(BreakEnded(agent=AGENT, at=LUNCH.ends_at))
    assert spec.state.takes_work


def test_a_break_stops_the_grace_of_somebody_who_left_a_little_early() -> None:
    spec = on_shift(LUNCH)
    spec.when(SetPresence(agent=AGENT, presence=Presence.AWAY), now=after(hours=2.95))
    spec.when(WAKE, now=after(hours=3.2)).then_only(BreakBegan, PresenceChanged)


def test_the_start_of_a_shift_makes_nobody_available() -> None:
    spec = working().when(SetPresence(agent=AGENT, presence=Presence.AWAY), now=START)
    spec.when(shift(after(hours=1)), now=START).then_only(ShiftPlanned)
    assert DECIDER.deadline(spec.state) == after(hours=1)
    spec.when(WAKE, now=after(hours=1))
    spec.then(ShiftBegan(agent=AGENT, at=after(hours=1), starts_at=after(hours=1)))
    assert not spec.state.takes_work


def test_planning_the_same_shift_again_changes_nothing() -> None:
    spec = working().when(shift(after(hours=1)), now=START)
    spec.when(shift(after(hours=1)), now=START).then_nothing()


def test_planning_the_same_again_when_a_break_is_over_changes_nothing() -> None:
    spec = on_shift(LUNCH).when(WAKE, now=after(hours=4))
    spec.when(shift(START, END, LUNCH), now=after(hours=4)).then_nothing()


@pytest.mark.parametrize(
    ("starts", "ends"), [(2, 3), (0.5, 1), (8, 9), (0.5, 9)], ids=["in", "before", "after", "over"]
)
def test_refuses_shifts_that_overlap_or_touch(starts: float, ends: float) -> None:
    spec = working().when(shift(after(hours=1)), now=START)
    spec.when(shift(after(hours=starts), after(hours=ends)), now=START).refused("shift_overlaps")


def test_refuses_spans_that_make_no_sense() -> None:
    spec = working()
    spec.when(shift(END, START), now=START).refused("span_empty")
    spec.when(shift(START, END), now=END).refused("shift_past")
    outside = Break(after(hours=7), after(hours=9))
    spec.when(shift(START, END, outside), now=START).refused("breaks_wrong")
    spec.when(shift(START, END, LUNCH, LUNCH), now=START).refused("breaks_wrong")


def test_refuses_more_shifts_than_the_state_can_hold() -> None:
    spec = working()
    for day in range(14):
        starts_at = after(hours=24 * (day + 1))
        spec.when(shift(starts_at, after(hours=24 * (day + 1) + 8)), now=START)
        spec.then_only(ShiftPlanned)
    spec.when(shift(after(hours=999), after(hours=1000)), now=START).refused("shifts_too_many")


def test_a_shift_planned_late_skips_the_breaks_that_are_over() -> None:
    spec = working().when(shift(START, END, LUNCH), now=after(hours=4))
    spec.then_only(ShiftPlanned, ShiftBegan)
    assert spec.state.takes_work


def test_a_cancelled_shift_does_not_begin() -> None:
    spec = working().when(shift(after(hours=1)), now=START)
    spec.when(CancelShift(agent=AGENT, starts_at=after(hours=1)), now=START)
    spec.then(ShiftCancelled(agent=AGENT, at=START, starts_at=after(hours=1)))
    spec.when(CancelShift(agent=AGENT, starts_at=after(hours=1)), now=START).then_nothing()


def test_cancelling_the_running_shift_ends_it_now() -> None:
    spec = on_shift().when(CancelShift(agent=AGENT, starts_at=START), now=after(hours=2))
    spec.then_only(ShiftEnded, PresenceChanged, WorkLeft, WorkLeft)
    assert spec.state.next_shift_at is None


def test_somebody_on_a_break_is_back_at_its_end() -> None:
    tomorrow = after(hours=24)
    spec = on_shift(LUNCH).when(shift(tomorrow, after(hours=32)), now=START)
    assert spec.state.back_at == tomorrow, "not on a break"
    spec.when(WAKE, now=LUNCH.starts_at)
    assert (spec.state.back_at, spec.state.next_shift_at) == (LUNCH.ends_at, tomorrow)
    spec.when(WAKE, now=LUNCH.ends_at)
    assert spec.state.back_at == tomorrow


def test_a_break_with_which_the_shift_ends_brings_nobody_back() -> None:
    last = Break(after(hours=7), END)
    spec = on_shift(last).when(WAKE, now=last.starts_at)
    assert (spec.state.on_break, spec.state.back_at) == (True, None)
    assert working().state.back_at is None


def test_a_break_until_the_shift_drains_brings_nobody_back_to_new_work() -> None:
    tomorrow, late = after(hours=24), Break(after(hours=7.5), after(hours=7.8))
    spec = on_shift(late).when(shift(tomorrow, after(hours=32)), now=START)
    spec.when(WAKE, now=late.starts_at)
    assert (spec.state.on_break, spec.state.back_at) == (True, tomorrow)
