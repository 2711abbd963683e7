"""When and where an agent is to work: shifts and memberships."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from oncedesk.domain.agents.messages import (
    AgentEvent,
    Answer,
    Break,
    DeskJoined,
    DeskLeft,
    JoinDesk,
    LeaveDesk,
    PlanShift,
    ShiftCancelled,
    ShiftPlanned,
)
from oncedesk.domain.agents.state import (
    MEMBERSHIPS_MAX,
    SHIFTS_MAX,
    AgentState,
    evolve,
)
from oncedesk.domain.agents.timetable import end_shift
from oncedesk.domain.shared.decider import Refusal


def plan_shift(state: AgentState, command: PlanShift, now: datetime) -> Answer:
    """A shift ahead, or the rest of one that should have begun."""
    starts_at, ends_at = command.starts_at, command.ends_at
    if starts_at >= ends_at:
        return Refusal("span_empty", "a shift ends after it starts", "ends_at")
    if ends_at <= now:
        return Refusal("shift_past", "a shift ends after now", "ends_at")
    edges = [starts_at, *(edge for one in command.breaks for edge in (one.starts_at, one.ends_at))]
    in_order = all(a <= b for a, b in pairwise([*edges, ends_at]))
    if not in_order or any(one.starts_at == one.ends_at for one in command.breaks):
        return Refusal("breaks_wrong", "in order, inside the shift, none empty", "breaks")
    # Planned late, a break that is over already is not taken any more.
    breaks = _ahead(command.breaks, now)
    same = [one for one in state.shifts if one.starts_at == starts_at]
    if same and (same[0].ends_at, _ahead(same[0].breaks, now)) == (ends_at, breaks):
        return []
    if any(starts_at <= one.ends_at and one.starts_at <= ends_at for one in state.shifts):
        return Refusal("shift_overlaps", "shifts of one agent neither overlap nor touch")
    if len(state.shifts) >= SHIFTS_MAX:
        return Refusal("shifts_too_many", f"at most {SHIFTS_MAX} planned at once")
    drains_at = max(starts_at, ends_at - timedelta(seconds=state.drain_seconds))
    return [
        ShiftPlanned(
            agent=state.agent,
            at=now,
            starts_at=starts_at,
            ends_at=ends_at,
            drains_at=drains_at,
            breaks=breaks,
        )
    ]


def cancel_shift(state: AgentState, starts_at: datetime, now: datetime) -> Answer:
    """A shift ahead is dropped; the running one ends now."""
    if starts_at not in (one.starts_at for one in state.shifts):
        return []
    if state.on_shift and state.shifts[0].starts_at == starts_at:
        return list(end_shift(state, now))
    return [ShiftCancelled(agent=state.agent, at=now, starts_at=starts_at)]


def join_desk(state: AgentState, command: JoinDesk, now: datetime) -> Answer:
    """One membership of a desk at a time; a renewal begins where the last one ends."""
    starts_at, ends_at = command.starts_at, command.ends_at
    if ends_at is not None and (starts_at >= ends_at or ends_at <= now):
        return Refusal("span_empty", "a membership ends after it starts and after now", "ends_at")
    for one in state.memberships:
        if one.desk != command.desk:
            continue
        if (one.role, one.starts_at, one.ends_at) == (command.role, starts_at, ends_at):
            return []
        if (one.ends_at is None or starts_at < one.ends_at) and (
            ends_at is None or one.starts_at < ends_at
        ):
            return Refusal("membership_overlaps", f"a member of {command.desk} in that time")
    ahead = [one for one in state.memberships if one.ends_at is None or one.ends_at > now]
    if len(ahead) >= MEMBERSHIPS_MAX:
        return Refusal("memberships_too_many", f"at most {MEMBERSHIPS_MAX} at once")
    return [
        DeskJoined(
            agent=state.agent,
            at=now,
            desk=command.desk,
            role=command.role,
            starts_at=starts_at,
            ends_at=ends_at,
        )
    ]


def leave_desk(state: AgentState, command: LeaveDesk, now: datetime) -> Answer:
    """The membership ends now or later, and whatever was to follow it is dropped."""
    ends_at = command.ends_at or now
    if ends_at < now:
        return Refusal("span_empty", "a membership ends now or later", "ends_at")
    left = DeskLeft(agent=state.agent, at=now, desk=command.desk, ends_at=ends_at)
    return [left] if evolve(state, left).memberships != state.memberships else []


def leave_for_good(state: AgentState, now: datetime) -> Iterator[AgentEvent]:
    """No shift is to come and no desk theirs: nobody counts on whoever does not come back."""
    if state.on_shift:
        yield from end_shift(state, now)
    for shift in state.shifts[state.on_shift :]:
        yield ShiftCancelled(agent=state.agent, at=now, starts_at=shift.starts_at)
    lasting = (one for one in state.memberships if one.ends_at is None or one.ends_at > now)
    for desk in dict.fromkeys(one.desk for one in lasting):
        yield DeskLeft(agent=state.agent, at=now, desk=desk, ends_at=now)


def _ahead(breaks: tuple[Break, ...], now: datetime) -> tuple[Break, ...]:
    """Those that are not over."""
    return tuple(one for one in breaks if one.ends_at > now)
