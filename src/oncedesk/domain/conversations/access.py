"""Who may give which command. A refusal here reveals nothing about the case."""

from uuid import UUID

from oncedesk.domain.conversations.messages import AgentCommand
from oncedesk.domain.conversations.state import Case
from oncedesk.domain.shared.decider import Facts, Role
from oncedesk.domain.shared.facts_seen import agent_seen
from oncedesk.domain.shared.refs import PLATFORM, Desk

_STAFF = (Role.AGENT, Role.ADMIN, Role.SYSTEM)


def is_consumer(*, consumer: UUID, facts: Facts) -> bool:
    """The consumer in person, or the marketplace's back end on the consumer's behalf."""
    actor = facts.actor
    if actor.role is Role.CONSUMER:
        return actor.id == consumer
    return actor.role is Role.MARKETPLACE


def is_system(facts: Facts) -> bool:
    """Nobody in person: a reaction or a clock, or the marketplace's back end."""
    return facts.actor.role in (Role.SYSTEM, Role.MARKETPLACE)


def is_staff(*, agent: UUID | None, facts: Facts) -> bool:
    """Somebody who works here; an agent acts in no other agent's name."""
    actor = facts.actor
    if actor.role is Role.AGENT:
        return actor.id is not None and actor.id == agent
    return actor.role in _STAFF


def is_member(*, agent: UUID | None, desk: Desk, facts: Facts) -> bool:
    """The acting agent belongs to this desk now. An admin and the system belong everywhere."""
    if facts.actor.role is not Role.AGENT:
        return True
    if agent is None:
        return False
    seen = agent_seen(facts.states, agent)
    return seen is not None and seen.member_of(desk, facts.now)


def supervises(*, agent: UUID | None, desk: Desk, facts: Facts) -> bool:
    """The acting agent answers for the others at this desk now."""
    seen = None if agent is None else agent_seen(facts.states, agent)
    return seen is not None and seen.supervises(desk, facts.now)


def works_on(*, case: Case, command: AgentCommand, facts: Facts) -> bool:
    """The agent who has the case, or a colleague at the desk that owns it."""
    agent = command.agent
    if not is_staff(agent=agent, facts=facts):
        return False
    if agent is not None and agent == case.agent:
        return True
    return is_member(agent=agent, desk=case.owner, facts=facts)


def noting_desk(*, case: Case, agent: UUID | None, facts: Facts) -> Desk:
    """In which desk's name somebody who may notes something: the case's, the asked one's, the
    platform's. So a note of somebody who belongs to several is read at one of them."""
    if facts.actor.role is not Role.AGENT:
        return PLATFORM
    asked = () if case.referral is None else (case.referral.desk,)
    if agent == case.agent:
        return case.owner
    mine = (one for one in (case.owner, *asked) if is_member(agent=agent, desk=one, facts=facts))
    return next(mine, PLATFORM)


def governs(*, case: Case, command: AgentCommand, facts: Facts) -> bool:
    """Whoever works on the case, and the platform's people anywhere."""
    return works_on(case=case, command=command, facts=facts) or (
        is_staff(agent=command.agent, facts=facts)
        and is_member(agent=command.agent, desk=PLATFORM, facts=facts)
    )
