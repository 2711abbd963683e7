"""What happens to an agent by itself: shifts, breaks, wrap-up, grace, memberships that end.

Steps are taken one by one at the moments they were due, in that order, also when the wake comes
late; so a restart after a night finds the shift ended at its end and not at the restart.

Only the silence of a screen is different: while nothing was woken, no screen was heard either, so
whoever was to give a sign by then has to give one from now on, and is not taken for gone.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import IntEnum
from typing import assert_never

from oncedesk.domain.agents.messages import (
    AgentEvent,
    Because,
    BreakBegan,
    BreakEnded,
    DrainingBegan,
    HandOverAsked,
    HeldCase,
    LeavingReason,
    Presence,
    PresenceChanged,
    PresenceConfirmed,
    ShiftBegan,
    ShiftEnded,
    WorkLeft,
)
from oncedesk.domain.agents.state import AgentState, Held, evolve
from oncedesk.domain.shared.records import Record

UNSEEN_SECONDS = 900
"""An agent whose screen showed a sign once and then none for this long is away."""
UNHEARD = timedelta(minutes=1)
"""A wake that is later than this follows a time in which nobody was heard."""
EVENTS_MAX = 1_000
"""Far more than a full roster can have due at once: a step that repeats itself is a bug."""


class Due(IntEnum):
    """What can be due; at the same moment the lower one comes first."""

    LEFT_DESK = 0
    BREAK_END = 1
    BREAK_BEGIN = 2
    WRAPPED_UP = 3
    DRAIN = 4
    SHIFT_END = 5
    GRACE_END = 6
    UNSEEN = 7
    SHIFT_BEGIN = 8


class Step(Record, frozen=True, array_like=True, order=True):
    """The next thing that happens by itself, and when."""

    at: datetime
    due: Due


class Settled(Record, frozen=True):
    """What was due, as events, and the state after them."""

    events: list[AgentEvent]
    state: AgentState


def deadline(state: AgentState) -> datetime | None:
    """When the agent's state must be woken next."""
    step = next_step(state)
    return step.at if step is not None else None


def next_step(state: AgentState) -> Step | None:
    return min(_steps(state), default=None)


def settle(state: AgentState, now: datetime) -> Settled:
    """Everything that was due up to and with `now`."""
    events: list[AgentEvent] = []
    while (step := next_step(state)) is not None and step.at <= now:
        taken = list(_take(state, step, now))
        assert taken, f"{step.due.name} changes nothing"
        assert len(events) < EVENTS_MAX, f"{step.due.name} does not end"
        for event in taken:
            state = evolve(state, event)
        events += taken
    return Settled(events, state)


def end_shift(state: AgentState, at: datetime) -> Iterator[AgentEvent]:
    """The running shift is over: the agent is away and whatever is held goes back."""
    assert state.on_shift
    yield ShiftEnded(agent=state.agent, at=at, starts_at=state.shifts[0].starts_at)
    if (state.presence, state.because) != (Presence.AWAY, Because.SHIFT_END):
        yield _presence(state, at, Presence.AWAY, Because.SHIFT_END)
    yield from _leave(state, at, state.staying, LeavingReason.SHIFT_END)


def _steps(state: AgentState) -> Iterator[Step]:
    if state.shifts:
        yield from _shift_steps(state)
    if state.presence is Presence.AWAY:
        if state.presence_until is not None and state.staying:
            yield Step(state.presence_until, Due.GRACE_END)
    else:
        if state.presence is Presence.WRAP_UP:
            assert state.presence_until is not None
            yield Step(state.presence_until, Due.WRAPPED_UP)
        if state.seen_until is not None:
            yield Step(state.seen_until, Due.UNSEEN)
    if state.held and any(one.ends_at is not None for one in state.memberships):
        for held in state.staying:
            if (until := state.member_until(held)) is not None:
                yield Step(until, Due.LEFT_DESK)


def _shift_steps(state: AgentState) -> Iterator[Step]:
    shift = state.shifts[0]
    if not state.on_shift:
        yield Step(shift.starts_at, Due.SHIFT_BEGIN)
        return
    yield Step(shift.ends_at, Due.SHIFT_END)
    if not state.shift_draining:
        yield Step(shift.drains_at, Due.DRAIN)
    if state.on_break:
        yield Step(shift.breaks[state.breaks_begun - 1].ends_at, Due.BREAK_END)
    elif state.breaks_begun < len(shift.breaks):
        yield Step(shift.breaks[state.breaks_begun].starts_at, Due.BREAK_BEGIN)


def _take(state: AgentState, step: Step, now: datetime) -> Iterator[AgentEvent]:
    agent, at = state.agent, step.at
    grace_ends = at + timedelta(seconds=state.grace_seconds)
    match step.due:
        case Due.SHIFT_BEGIN:
            yield ShiftBegan(agent=agent, at=at, starts_at=state.shifts[0].starts_at)
        case Due.BREAK_BEGIN:
            ends_at = state.shifts[0].breaks[state.breaks_begun].ends_at
            yield BreakBegan(agent=agent, at=at, ends_at=ends_at)
            yield _presence(state, at, Presence.AWAY, Because.BREAK)
        case Due.BREAK_END:
            yield BreakEnded(agent=agent, at=at)
            if state.because is Because.BREAK:
                # Nobody is sent work before saying that they are back.
                yield _presence(state, at, Presence.AWAY, Because.BREAK_OVER, grace_ends)
        case Due.WRAPPED_UP:
            yield _presence(state, at, Presence.AVAILABLE, Because.WRAPPED_UP)
        case Due.DRAIN:
            yield from _drain(state, at)
        case Due.SHIFT_END:
            yield from end_shift(state, at)
        case Due.GRACE_END:
            yield from _leave(state, at, state.staying, LeavingReason.ABSENT)
        case Due.UNSEEN if now - at > UNHEARD:
            until = now + timedelta(seconds=UNSEEN_SECONDS)
            yield PresenceConfirmed(agent=agent, at=at, until=until)
        case Due.UNSEEN:
            yield _presence(state, at, Presence.AWAY, Because.UNSEEN, grace_ends)
        case Due.LEFT_DESK:
            out = [held for held in state.staying if state.member_until(held) == at]
            yield from _leave(state, at, out, LeavingReason.LEFT_DESK)
        case _:
            assert_never(step.due)


def _drain(state: AgentState, at: datetime) -> Iterator[AgentEvent]:
    ends_at = state.shifts[0].ends_at
    yield DrainingBegan(agent=state.agent, at=at, ends_at=ends_at)
    if state.presence in (Presence.AVAILABLE, Presence.WRAP_UP):
        yield _presence(state, at, Presence.DRAINING, Because.SHIFT_DRAINING)
    if cases := tuple(HeldCase(o.consumer, o.conversation, o.case) for o in state.staying):
        yield HandOverAsked(agent=state.agent, at=at, ends_at=ends_at, cases=cases)


def _presence(
    state: AgentState,
    at: datetime,
    presence: Presence,
    because: Because,
    until: datetime | None = None,
) -> PresenceChanged:
    return PresenceChanged(
        agent=state.agent, at=at, presence=presence, because=because, until=until
    )


def _leave(
    state: AgentState, at: datetime, leaving: Iterable[Held], reason: LeavingReason
) -> Iterator[AgentEvent]:
    for held in leaving:
        yield WorkLeft(
            agent=state.agent,
            at=at,
            consumer=held.consumer,
            conversation=held.conversation,
            case=held.case,
            handed_over=held.handed_over,
            reason=reason,
            note=held.note,
        )
