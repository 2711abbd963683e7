"""A surge by hand: declared before the wait shows it, called off, or over when its time is."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from oncedesk.domain.desks.messages import (
    Answer,
    CallOffSurge,
    DeclareSurge,
    DeskEvent,
    SurgeCalledOff,
    SurgeDeclared,
)
from oncedesk.domain.desks.state import DeskState
from oncedesk.domain.shared.allowing import NOT_ALLOWED
from oncedesk.domain.shared.decider import Facts, Refusal, Role
from oncedesk.domain.shared.facts_seen import agent_seen

SURGE_MAX = timedelta(hours=24)
"""A surge that nobody has declared anew for a day is how things are, and no surge."""


def declare_surge(state: DeskState, command: DeclareSurge, facts: Facts) -> Answer:
    """From now on, at most for a day; the same end again changes nothing."""
    if not _may(command, facts):
        return NOT_ALLOWED
    if command.until <= facts.now:
        return Refusal("time_in_past", "a time to come", "until")
    if command.until > facts.now + SURGE_MAX:
        return Refusal("time_too_far", "within a day", "until")
    if state.surge_until == command.until:
        return []
    return [
        SurgeDeclared(desk=state.desk, at=facts.now, until=command.until, by=facts.actor),
    ]


def call_off_surge(state: DeskState, command: CallOffSurge, facts: Facts) -> Answer:
    """Only what was declared: a surge by the wait ends when the wait does."""
    if not _may(command, facts):
        return NOT_ALLOWED
    if state.surge_until is None:
        return []
    return [SurgeCalledOff(desk=state.desk, at=facts.now, by=facts.actor)]


def settle_surge(state: DeskState, now: datetime) -> Sequence[DeskEvent]:
    """What is due: the end of a declared surge."""
    if state.surge_until is None or state.surge_until > now:
        return []
    return [SurgeCalledOff(desk=state.desk, at=state.surge_until)]


def _may(command: DeclareSurge | CallOffSurge, facts: Facts) -> bool:
    if facts.actor.role is not Role.AGENT:
        return True
    seen = None if command.by is None else agent_seen(facts.states, command.by)
    return seen is not None and seen.supervises(command.desk, facts.now)
