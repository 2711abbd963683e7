"""What is known of one agent: memberships, skills, shifts, presence, and the cases that count."""

from datetime import datetime
from itertools import pairwise
from typing import assert_never
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.agents.messages import (
    CAPACITY,
    DRAIN_SECONDS,
    GRACE_SECONDS,
    WRAP_UP_SECONDS,
    AccountsLinked,
    AgentDataErased,
    AgentEvent,
    AgentRegistered,
    AgentUpdated,
    AuthorityExceeded,
    AuthorityReturned,
    AuthoritySpent,
    Because,
    BlockNoted,
    BlocksRepeated,
    Break,
    BreakBegan,
    BreakEnded,
    CapacityReleased,
    CapacityReserved,
    CapacitySet,
    DeskJoined,
    DeskLeft,
    DeskRole,
    DrainingBegan,
    HandOverAsked,
    HandOverWritten,
    LimitsSet,
    PickingSet,
    Presence,
    PresenceChanged,
    PresenceConfirmed,
    RevealAlarmLifted,
    RevealAlarmRaised,
    RevealGranted,
    ShiftBegan,
    ShiftCancelled,
    ShiftEnded,
    ShiftPlanned,
    SkillsSet,
    WorkLeft,
)
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk

SHIFTS_MAX = 14
MEMBERSHIPS_MAX = 16
PAST_MEMBERSHIPS_MAX = 24
"""So many that are over are known, the last: what was noted at a desk stays that desk's."""
DAY_SECONDS = 86_400
SPENT_MAX = 48
"""Hours and currencies that are counted; beyond them a second person is needed."""


class Membership(Record, frozen=True, array_like=True):
    """A span [starts_at, ends_at) at a desk; no end: until further notice."""

    desk: Desk
    role: DeskRole
    starts_at: datetime
    ends_at: datetime | None = None

    def covers(self, at: datetime) -> bool:
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


class Shift(Record, frozen=True, array_like=True):
    """A planned or running shift [starts_at, ends_at); from `drains_at` no new work comes."""

    starts_at: datetime
    ends_at: datetime
    drains_at: datetime
    breaks: tuple[Break, ...] = ()


class Held(Record, frozen=True, array_like=True):
    """A case that takes one of the agent's places. `leaving`: it was told to go back.

    `note` is the message with the last hand-over line, if there is one.
    """

    consumer: UUID
    conversation: UUID
    case: int
    desk: Desk
    since: datetime
    leaving: bool = False
    note: UUID | None = None

    @property
    def handed_over(self) -> bool:
        return self.note is not None


class Spent(Record, frozen=True, array_like=True):
    """What the agent gave in one hour (counted from the epoch)."""

    hour: int
    currency: str
    minor: int


class AgentState(Record, frozen=True, omit_defaults=True):
    """One agent. `held` is all that is counted; `shifts` are sorted and none of them is over.

    `carried` is what was held when the capacity was set lower than that; it only shrinks. `blocks`
    counts messages that the gate kept back; `reveals` are when the last day's were (epoch seconds).
    `linked` are consumer accounts close to the agent; `spent` is what was given in the last day.
    `picks`: the agent may take cases from a queue by hand.
    """

    agent: UUID
    digest: bytes
    length: int
    capacity: int = CAPACITY
    carried: int = 0
    wrap_up_seconds: int = WRAP_UP_SECONDS
    grace_seconds: int = GRACE_SECONDS
    drain_seconds: int = DRAIN_SECONDS
    presence: Presence = Presence.AWAY
    because: Because = Because.ASKED
    presence_until: datetime | None = None
    seen_until: datetime | None = None
    on_shift: bool = False
    shift_draining: bool = False
    on_break: bool = False
    breaks_begun: int = 0
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    memberships: tuple[Membership, ...] = ()
    shifts: tuple[Shift, ...] = ()
    held: tuple[Held, ...] = ()
    blocks: int = 0
    blocks_since: datetime | None = None
    reveals: tuple[int, ...] = ()
    reveal_alarm: bool = False
    linked: tuple[UUID, ...] = ()
    spent: tuple[Spent, ...] = ()
    picks: bool = False

    @property
    def load(self) -> int:
        return len(self.held)

    @property
    def room(self) -> int:
        """How many more cases would fit, present or not."""
        return max(0, self.capacity - len(self.held))

    @property
    def has_room(self) -> bool:
        return len(self.held) < self.capacity

    @property
    def takes_work(self) -> bool:
        """New work may come. A shift's drain and end change the presence; its start never does.

        So nobody is sent work who has not said that they are there, and who says so outside any
        planned shift (early, overtime, or nothing planned) does get work.
        """
        return self.presence is Presence.AVAILABLE

    @property
    def next_shift_at(self) -> datetime | None:
        """When the next planned shift that has not begun starts."""
        return next((one.starts_at for one in self.shifts[self.on_shift :]), None)

    @property
    def back_at(self) -> datetime | None:
        """When somebody who is not there is to be there for new work again: after the break, unless
        the shift drains by then, or next time."""
        if self.on_break:
            shift = self.shifts[0]
            break_ends_at = shift.breaks[self.breaks_begun - 1].ends_at
            if break_ends_at < shift.drains_at:
                return break_ends_at
        return self.next_shift_at

    def member_of(self, desk: Desk, at: datetime) -> bool:
        return any(one.desk == desk and one.covers(at) for one in self.memberships)

    def supervises(self, desk: Desk, at: datetime) -> bool:
        """Whether the agent answers for others at this desk then."""
        return any(
            one.desk == desk and one.role is DeskRole.SUPERVISOR and one.covers(at)
            for one in self.memberships
        )

    def may_pick(self, desk: Desk, at: datetime) -> bool:
        """Whether the agent may take a case from this desk's queues by hand then."""
        return self.supervises(desk, at) or (self.picks and self.member_of(desk, at))

    def is_close_to(self, consumer: UUID) -> bool:
        """Whether this account is the agent's own, or of somebody close."""
        return consumer in self.linked

    def desks(self, at: datetime) -> tuple[Desk, ...]:
        """The desks the agent belongs to at that moment, each once."""
        return tuple(dict.fromkeys(one.desk for one in self.memberships if one.covers(at)))

    def supervised(self, at: datetime) -> tuple[Desk, ...]:
        """The desks at which the agent answers for others then, each once."""
        return tuple(desk for desk in self.desks(at) if self.supervises(desk, at))

    def find(self, conversation: UUID, case: int) -> Held | None:
        for held in self.held:
            if held.case == case and held.conversation == conversation:
                return held
        return None

    @property
    def staying(self) -> tuple[Held, ...]:
        """The cases that nobody has told to go back yet."""
        return tuple(held for held in self.held if not held.leaving)

    def member_until(self, held: Held) -> datetime | None:
        """When the membership under which this case was taken ends; renewals that touch count."""
        until = held.since
        for one in self.memberships:
            if one.desk == held.desk and one.starts_at <= until:
                if one.ends_at is None:
                    return None
                until = max(until, one.ends_at)
        return until


def evolve(state: AgentState | None, event: AgentEvent) -> AgentState:
    """What is known after this event."""
    if isinstance(event, AgentRegistered):
        return AgentState(
            agent=event.agent, digest=event.digest, length=event.length, capacity=event.capacity
        )
    assert state is not None
    match event:
        case CapacityReserved() | CapacityReleased() | WorkLeft() | HandOverWritten():
            return _evolve_held(state, event)
        case PresenceChanged():
            return replace(
                state,
                presence=event.presence,
                because=event.because,
                presence_until=event.until,
                seen_until=None if event.presence is Presence.AWAY else state.seen_until,
            )
        case PresenceConfirmed():
            return replace(state, seen_until=event.until)
        case HandOverAsked():
            return state
        case (
            ShiftPlanned()
            | ShiftCancelled()
            | ShiftBegan()
            | DrainingBegan()
            | ShiftEnded()
            | BreakBegan()
            | BreakEnded()
        ):
            return _evolve_shifts(state, event)
        case DeskJoined() | DeskLeft():
            return replace(state, memberships=_memberships(state, event))
        case SkillsSet():
            return replace(state, skills=event.skills, languages=event.languages)
        case PickingSet():
            return replace(state, picks=event.picks)
        case CapacitySet():
            over = len(state.held) if len(state.held) > event.capacity else 0
            return replace(state, capacity=event.capacity, carried=over)
        case LimitsSet():
            return replace(
                state,
                wrap_up_seconds=event.wrap_up_seconds,
                grace_seconds=event.grace_seconds,
                drain_seconds=event.drain_seconds,
            )
        case AgentUpdated():
            return replace(state, digest=event.digest, length=event.length)
        case AgentDataErased():
            return replace(state, digest=b"", length=0)
        case BlockNoted():
            return replace(state, blocks=event.count, blocks_since=event.since)
        case BlocksRepeated():
            return state
        case RevealGranted():
            at = int(event.at.timestamp())
            day = tuple(one for one in state.reveals if one > at - DAY_SECONDS)
            return replace(state, reveals=(*day, at))
        case RevealAlarmRaised():
            return replace(state, reveal_alarm=True)
        case RevealAlarmLifted():
            return replace(state, reveals=(), reveal_alarm=False)
        case AccountsLinked():
            return replace(state, linked=event.consumers)
        case AuthoritySpent():
            return replace(state, spent=_spent(state, event))
        case AuthorityReturned():
            return replace(state, spent=_returned(state, event))
        case AuthorityExceeded():
            return state
        case _:
            assert_never(event)


def live_spent(state: AgentState, at: datetime) -> tuple[Spent, ...]:
    """What the agent gave within a day, by the hour."""
    day_ago = hour_of(at) - 24
    return tuple(one for one in state.spent if one.hour > day_ago)


def hour_of(at: datetime) -> int:
    return int(at.timestamp()) // 3_600


def _spent(state: AgentState, event: AuthoritySpent) -> tuple[Spent, ...]:
    hour, minor, others = hour_of(event.at), event.amount_minor, []
    for one in live_spent(state, event.at):
        if (one.hour, one.currency) == (hour, event.currency):
            minor += one.minor
        else:
            others.append(one)
    return (*others, Spent(hour, event.currency, minor))


def _returned(state: AgentState, event: AuthorityReturned) -> tuple[Spent, ...]:
    hour, left = hour_of(event.spent_at), []
    for one in live_spent(state, event.at):
        if (one.hour, one.currency) == (hour, event.currency):
            one = replace(one, minor=one.minor - event.amount_minor)
        left.append(one)
    return tuple(one for one in left if one.minor)


def _evolve_held(
    state: AgentState, event: CapacityReserved | CapacityReleased | WorkLeft | HandOverWritten
) -> AgentState:
    if isinstance(event, CapacityReserved):
        held = Held(event.consumer, event.conversation, event.case, event.desk, event.at)
        return replace(state, held=(*state.held, held))
    found = state.find(event.conversation, event.case)
    assert found is not None
    if isinstance(event, CapacityReleased):
        left = tuple(held for held in state.held if held is not found)
        carried = min(state.carried, len(left)) if len(left) > state.capacity else 0
        return replace(state, held=left, carried=carried)
    if isinstance(event, WorkLeft):
        changed = replace(found, leaving=True)
    else:
        changed = replace(found, note=event.note)
    return replace(state, held=tuple(changed if held is found else held for held in state.held))


def _evolve_shifts(
    state: AgentState,
    event: ShiftPlanned
    | ShiftCancelled
    | ShiftBegan
    | DrainingBegan
    | ShiftEnded
    | BreakBegan
    | BreakEnded,
) -> AgentState:
    match event:
        case ShiftPlanned():
            shift = Shift(event.starts_at, event.ends_at, event.drains_at, event.breaks)
            shifts = sorted((*state.shifts, shift), key=lambda one: one.starts_at)
            return replace(state, shifts=tuple(shifts))
        case ShiftCancelled():
            left = tuple(one for one in state.shifts if one.starts_at != event.starts_at)
            return replace(state, shifts=left)
        case ShiftBegan():
            return replace(state, on_shift=True, breaks_begun=0)
        case DrainingBegan():
            return replace(state, shift_draining=True)
        case ShiftEnded():
            return replace(
                state,
                shifts=state.shifts[1:],
                on_shift=False,
                shift_draining=False,
                on_break=False,
                breaks_begun=0,
            )
        case BreakBegan():
            return replace(state, on_break=True, breaks_begun=state.breaks_begun + 1)
        case BreakEnded():
            return replace(state, on_break=False)
        case _:
            assert_never(event)


def _memberships(state: AgentState, event: DeskJoined | DeskLeft) -> tuple[Membership, ...]:
    if isinstance(event, DeskLeft):
        return tuple(
            replace(one, ends_at=event.ends_at)
            if one.desk == event.desk and (one.ends_at is None or one.ends_at > event.ends_at)
            else one
            for one in state.memberships
            if one.desk != event.desk or one.starts_at < event.ends_at
        )
    joined = Membership(event.desk, event.role, event.starts_at, event.ends_at)
    live = live_memberships(state, event.at)
    past = [one for one in state.memberships if one not in live]
    past.sort(key=lambda one: one.ends_at or event.at)
    kept = (*past[-PAST_MEMBERSHIPS_MAX:], *live)
    return tuple(sorted((*kept, joined), key=lambda one: (one.starts_at, one.desk)))


def live_memberships(state: AgentState, at: datetime) -> tuple[Membership, ...]:
    """Those that are not over, and those over in whose time a case that is held was."""
    since: dict[Desk, datetime] = {}
    for held in state.held:
        since[held.desk] = min(held.since, since.get(held.desk, held.since))
    return tuple(
        one
        for one in state.memberships
        if one.ends_at is None or one.ends_at > min(at, since.get(one.desk, at))
    )


def check(state: AgentState) -> None:
    """What must hold for every agent, always."""
    cases = {(held.conversation, held.case) for held in state.held}
    assert len(cases) == len(state.held), "a case takes two places"
    assert len(state.held) <= max(state.capacity, state.carried), "over capacity"
    assert len(state.shifts) <= SHIFTS_MAX
    assert all(a.ends_at < b.starts_at for a, b in pairwise(state.shifts)), "shifts touch"
    assert state.shifts or not state.on_shift, "on a shift that nobody planned"
    assert state.on_shift or not (state.shift_draining or state.on_break)
    if state.presence is Presence.WRAP_UP:
        assert state.presence_until is not None, "a wrap-up without an end"
    if state.presence in (Presence.AVAILABLE, Presence.DRAINING):
        assert state.presence_until is None
