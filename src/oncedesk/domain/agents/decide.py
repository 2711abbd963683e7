"""What an agent's state answers to a command. What was due by now happens first."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import assert_never
from uuid import UUID

from oncedesk.domain.agents.ability import has_skill, speaks
from oncedesk.domain.agents.access import is_allowed
from oncedesk.domain.agents.authority import return_authority, spend_authority
from oncedesk.domain.agents.messages import (
    AccountsLinked,
    AgentCommand,
    AgentDataErased,
    AgentEvent,
    AgentRegistered,
    AgentUpdated,
    Answer,
    Because,
    CancelShift,
    CapacityReleased,
    CapacityReserved,
    CapacitySet,
    EraseAgentData,
    GiveCase,
    HandOver,
    HandOverWritten,
    JoinDesk,
    LeaveDesk,
    LiftRevealAlarm,
    LimitsSet,
    LinkAccounts,
    NoteBlocked,
    NoteSeen,
    PickCase,
    PickingSet,
    PlanShift,
    Presence,
    PresenceChanged,
    PresenceConfirmed,
    RegisterAgent,
    ReleaseCapacity,
    RequestReveal,
    ReserveCapacity,
    ReturnAuthority,
    SetCapacity,
    SetLimits,
    SetPicking,
    SetPresence,
    SetSkills,
    SkillsSet,
    SpendAuthority,
    UpdateAgent,
)
from oncedesk.domain.agents.revealing import lift_reveal_alarm, note_blocked, request_reveal
from oncedesk.domain.agents.rostering import (
    cancel_shift,
    join_desk,
    leave_desk,
    leave_for_good,
    plan_shift,
)
from oncedesk.domain.agents.state import (
    AgentState,
    evolve,
)
from oncedesk.domain.agents.supervising import give_case, refuse_leaving, refuse_roster
from oncedesk.domain.agents.timetable import UNSEEN_SECONDS, settle
from oncedesk.domain.shared.allowing import NOT_ALLOWED
from oncedesk.domain.shared.decider import Facts, Refusal, Wake
from oncedesk.domain.shared.refs import Ref, agent_ref, conversation_ref, order_ref, remedies_ref

SEEN_STEP_SECONDS = 300
"""Signs nearer to each other than this change nothing, so that states do not churn."""


def decide(state: AgentState | None, command: AgentCommand, facts: Facts) -> Answer:
    """What is due by `facts.now`, what the command does, and what is due at once through it."""
    now = facts.now
    if not is_allowed(command=command, actor=facts.actor):
        return NOT_ALLOWED
    if state is None:
        if isinstance(command, RegisterAgent):
            return [_registered(command, now)]
        return [] if isinstance(command, Wake) else Refusal("agent_unknown")
    before = settle(state, now)
    answer = _decide(before.state, command, facts)
    if isinstance(answer, Refusal):
        return answer
    if not answer:
        return before.events
    after = before.state
    for event in answer:
        after = evolve(after, event)
    return [*before.events, *answer, *settle(after, now).events]


def needs(
    state: AgentState | None, command: AgentCommand, found: Mapping[UUID, object]
) -> Sequence[Ref]:
    """An agent's decisions rest on the agent alone, but for who may see or lift what, and
    for who supervises, and for whose a case is that takes a place already."""
    del found
    match command:
        case GiveCase() | PickCase():
            return _for_taking(state, command)
        case RequestReveal(order=order, consumer=consumer) if order is not None:
            return (
                order_ref(consumer=consumer, order=order),
                remedies_ref(consumer=consumer, order=order),
            )
        case LiftRevealAlarm(by=by) if by is not None:
            return (agent_ref(by),)
        case PlanShift(by=by) | CancelShift(by=by) | SetPresence(by=by) if (
            by is not None and by != command.agent
        ):
            return (agent_ref(by),)
        case _:
            return ()


def _for_taking(state: AgentState | None, command: GiveCase | PickCase) -> Sequence[Ref]:
    by = command.by if isinstance(command, GiveCase) else None
    refs = [] if by is None or by == command.agent else [agent_ref(by)]
    if state is not None and state.find(command.conversation, command.case) is not None:
        refs.append(conversation_ref(consumer=command.consumer, conversation=command.conversation))
    return refs


def is_open(state: AgentState) -> bool:
    """Never: the cases an agent holds have their own clocks; here a wake only ends a waiting."""
    del state
    return False


def _decide(state: AgentState, command: AgentCommand, facts: Facts) -> Answer:
    now = facts.now
    if isinstance(command, PlanShift | CancelShift | SetPresence):
        refused = refuse_roster(state, command, facts)
        if refused is not None:
            return refused
    match command:
        case ReserveCapacity():
            return _reserve(state, command, now)
        case GiveCase():
            return give_case(state, command, facts)
        case PickCase():
            return _pick(state, command, facts)
        case ReleaseCapacity():
            return _release(state, command, now)
        case HandOver():
            return _hand_over(state, command, now)
        case SetPresence():
            return _set_presence(state, command, now)
        case NoteSeen():
            return _note_seen(state, now)
        case PlanShift():
            return plan_shift(state, command, now)
        case CancelShift():
            return cancel_shift(state, command.starts_at, now)
        case JoinDesk():
            return join_desk(state, command, now)
        case LeaveDesk():
            return leave_desk(state, command, now)
        case (
            RegisterAgent()
            | UpdateAgent()
            | SetSkills()
            | SetCapacity()
            | SetLimits()
            | SetPicking()
        ):
            return _describe(state, command, now)
        case EraseAgentData():
            # Every time anew: whether anything is left to overwrite, only the storage knows.
            return [AgentDataErased(agent=state.agent, at=now), *leave_for_good(state, now)]
        case NoteBlocked():
            return note_blocked(state, now)
        case RequestReveal():
            return request_reveal(state, command, facts)
        case LiftRevealAlarm():
            return lift_reveal_alarm(state, command, facts)
        case LinkAccounts():
            linked = tuple(sorted(set(command.consumers)))
            if linked == state.linked:
                return []
            return [AccountsLinked(agent=state.agent, at=now, consumers=linked)]
        case SpendAuthority():
            return spend_authority(state, command, facts)
        case ReturnAuthority():
            return return_authority(state, command, facts)
        case Wake():
            return []
        case _:
            assert_never(command)


def _registered(command: RegisterAgent, now: datetime) -> AgentRegistered:
    return AgentRegistered(
        agent=command.agent,
        at=now,
        digest=command.digest,
        length=command.length,
        capacity=command.capacity,
    )


def _describe(
    state: AgentState,
    command: RegisterAgent | UpdateAgent | SetSkills | SetCapacity | SetLimits | SetPicking,
    now: datetime,
) -> Answer:
    """Say something about the agent; the same again changes nothing."""
    agent = state.agent
    events: list[AgentEvent] = []
    match command:
        case RegisterAgent():
            if (command.digest, command.length) != (state.digest, state.length):
                return Refusal("agent_differs", "already registered with other data; update it")
        case UpdateAgent(digest=digest, length=length):
            if (digest, length) != (state.digest, state.length):
                events.append(AgentUpdated(agent=agent, at=now, digest=digest, length=length))
        case SetSkills():
            skills = tuple(sorted(set(command.skills)))
            languages = tuple(sorted(set(command.languages)))
            if (skills, languages) != (state.skills, state.languages):
                events.append(SkillsSet(agent=agent, at=now, skills=skills, languages=languages))
        case SetCapacity(capacity=capacity):
            if capacity != state.capacity:
                events.append(CapacitySet(agent=agent, at=now, capacity=capacity))
        case SetPicking(picks=picks):
            if picks != state.picks:
                events.append(PickingSet(agent=agent, at=now, picks=picks))
        case SetLimits():
            wanted = LimitsSet(
                agent=agent,
                at=now,
                wrap_up_seconds=command.wrap_up_seconds,
                grace_seconds=command.grace_seconds,
                drain_seconds=command.drain_seconds,
            )
            if evolve(state, wanted) != state:
                events.append(wanted)
        case _:
            assert_never(command)
    return events


def _reserve(state: AgentState, command: ReserveCapacity, now: datetime) -> Answer:
    held = state.find(command.conversation, command.case)
    if held is not None:
        return Refusal("case_leaving", "it is on its way back to the queue") if held.leaving else []
    if not state.takes_work:
        return Refusal("agent_absent", state.presence.value)
    if not state.member_of(command.desk, now):
        return Refusal("not_member", str(command.desk))
    if not has_skill(state.skills, command.skill):
        return Refusal("skill_missing", command.skill)
    if not speaks(state.languages, command.language):
        return Refusal("language_missing", command.language)
    if not state.has_room:
        return Refusal("agent_full", f"holds {state.load} of {state.capacity}")
    return [
        CapacityReserved(
            agent=state.agent,
            at=now,
            consumer=command.consumer,
            conversation=command.conversation,
            case=command.case,
            desk=command.desk,
            skill=command.skill,
            language=command.language,
        )
    ]


def _pick(state: AgentState, command: PickCase, facts: Facts) -> Answer:
    """As if dispatch had brought it; whoever writes the last one up may take another."""
    now = facts.now
    held = state.find(command.conversation, command.case)
    if held is not None:
        return refuse_leaving(state, held, facts) or []
    if not state.may_pick(command.desk, now):
        return Refusal("not_allowed", "leave to pick at this desk")
    if state.presence not in (Presence.AVAILABLE, Presence.WRAP_UP):
        return Refusal("agent_absent", state.presence.value)
    if not state.has_room:
        return Refusal("agent_full", f"holds {state.load} of {state.capacity}")
    return [
        CapacityReserved(
            agent=state.agent,
            at=now,
            consumer=command.consumer,
            conversation=command.conversation,
            case=command.case,
            desk=command.desk,
        )
    ]


def _release(state: AgentState, command: ReleaseCapacity, now: datetime) -> Answer:
    held = state.find(command.conversation, command.case)
    if held is None:
        return []
    return [
        CapacityReleased(
            agent=state.agent,
            at=now,
            consumer=held.consumer,
            conversation=held.conversation,
            case=held.case,
            reason=command.reason,
        )
    ]


def _hand_over(state: AgentState, command: HandOver, now: datetime) -> Answer:
    held = state.find(command.conversation, command.case)
    if held is None or held.leaving:
        return Refusal("not_held", "the case is not this agent's any more")
    return [
        HandOverWritten(
            agent=state.agent,
            at=now,
            consumer=held.consumer,
            conversation=held.conversation,
            case=held.case,
            note=command.note,
        )
    ]


def _set_presence(state: AgentState, command: SetPresence, now: datetime) -> Answer:
    own = command.by is None or command.by == state.agent
    wanted, because, until = command.presence, Because.ASKED if own else Because.SUPERVISOR, None
    if state.shift_draining and wanted in (Presence.AVAILABLE, Presence.WRAP_UP):
        wanted, because = Presence.DRAINING, Because.SHIFT_DRAINING
    if wanted is state.presence:
        return []
    if wanted is Presence.WRAP_UP:
        until = now + timedelta(seconds=state.wrap_up_seconds)
    elif wanted is Presence.AWAY and state.on_break:
        because = Because.BREAK
    elif wanted is Presence.AWAY:
        until = now + timedelta(seconds=state.grace_seconds)
    return [
        PresenceChanged(agent=state.agent, at=now, presence=wanted, because=because, until=until)
    ]


def _note_seen(state: AgentState, now: datetime) -> Answer:
    # A page left open says nothing about somebody who is away: only `SetPresence` brings back.
    until = now + timedelta(seconds=UNSEEN_SECONDS)
    known = state.seen_until
    if state.presence is Presence.AWAY:
        return []
    if known is not None and until - known < timedelta(seconds=SEEN_STEP_SECONDS):
        return []
    return [PresenceConfirmed(agent=state.agent, at=now, until=until)]
