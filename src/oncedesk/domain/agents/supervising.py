"""What a supervisor decides about the agents of a desk: who gets which case, who works when.

Whether somebody supervises is known where their own state lies; a decision about another agent sees
it as a fact.
"""

from datetime import datetime, timedelta

from oncedesk.domain.agents.messages import (
    AgentEvent,
    Answer,
    Because,
    CancelShift,
    CapacityReserved,
    GiveCase,
    PlanShift,
    Presence,
    PresenceChanged,
    SetPresence,
)
from oncedesk.domain.agents.state import AgentState, Held
from oncedesk.domain.shared.allowing import NOT_ALLOWED
from oncedesk.domain.shared.decider import Facts, Refusal, Role
from oncedesk.domain.shared.facts_seen import is_in_other_hands
from oncedesk.domain.shared.refs import agent_ref


def give_case(state: AgentState, command: GiveCase, facts: Facts) -> Answer:
    """Take one of the agent's places for it; the case follows by reaction, or gives it back."""
    if facts.actor.role is Role.AGENT:
        by = _supervisor(state, command, facts)
        if by is None or not by.supervises(command.desk, facts.now):
            return NOT_ALLOWED
    held = state.find(command.conversation, command.case)
    if held is not None:
        return refuse_leaving(state, held, facts) or []
    if not state.member_of(command.desk, facts.now):
        return Refusal("not_member", str(command.desk))
    if state.presence is Presence.AWAY and command.by != state.agent:
        return Refusal("agent_absent", state.presence.value)
    if not state.has_room:
        return Refusal("agent_full", f"holds {state.load} of {state.capacity}")
    return [
        *_grace(state, facts.now),
        CapacityReserved(
            agent=state.agent,
            at=facts.now,
            consumer=command.consumer,
            conversation=command.conversation,
            case=command.case,
            desk=command.desk,
            given=True,
        ),
    ]


def refuse_leaving(state: AgentState, held: Held, facts: Facts) -> Refusal | None:
    """A place that becomes free, as the case is on its way back or with nobody any more, gives the
    agent nothing; a moment later they can have it anew.
    """
    if not held.leaving and not is_in_other_hands(
        facts.states, held.conversation, held.case, consumer=held.consumer, agent=state.agent
    ):
        return None
    return Refusal("case_leaving", "it is on its way back to the queue")


def _grace(state: AgentState, now: datetime) -> list[AgentEvent]:
    """Who takes a case while away keeps it as long as anybody who goes away with one, or until the
    break is over."""
    until = state.presence_until
    if state.presence is not Presence.AWAY or state.because is Because.BREAK:
        return []
    if until is not None and until > now:
        return []
    return [
        PresenceChanged(
            agent=state.agent,
            at=now,
            presence=Presence.AWAY,
            because=state.because,
            until=now + timedelta(seconds=state.grace_seconds),
        )
    ]


def refuse_roster(
    state: AgentState, command: PlanShift | CancelShift | SetPresence, facts: Facts
) -> Refusal | None:
    """An agent who plans for somebody supervises a desk to which that one belongs now.

    What agents say of their own presence needs nobody.
    """
    if facts.actor.role is not Role.AGENT:
        return None
    if isinstance(command, SetPresence) and facts.actor.id == state.agent:
        return None
    by = _supervisor(state, command, facts)
    if by is None or not any(by.supervises(desk, facts.now) for desk in state.desks(facts.now)):
        return NOT_ALLOWED
    return None


def _supervisor(
    state: AgentState, command: GiveCase | PlanShift | CancelShift | SetPresence, facts: Facts
) -> AgentState | None:
    if command.by == state.agent:
        return state
    return None if command.by is None else facts.find(agent_ref(command.by), AgentState)
