"""Who may give a command, as all deciders say it. Whoever is not named may not.

Each package asks about each of its commands, one by one, and ends with `assert_never`: a command
without a rule does not pass the type checker. The refusal reveals nothing about the state.
"""

from uuid import UUID

from oncedesk.domain.shared.decider import Actor, Refusal, Role

NOT_ALLOWED = Refusal("not_allowed")

_MANAGING = (Role.ADMIN, Role.MARKETPLACE, Role.SYSTEM)
_GUARDING = (Role.ADMIN, Role.SYSTEM)
PEOPLE = (Role.AGENT, Role.ADMIN)
"""Who works at desks: an admin, too, where their command says who they are."""


def manages(actor: Actor) -> bool:
    """An admin, the marketplace's back end, or the installation itself: master data is theirs."""
    return actor.role in _MANAGING


def guards(actor: Actor) -> bool:
    """An admin or the installation itself: holding data, and erasing agents', is nobody else's."""
    return actor.role in _GUARDING


def is_system(actor: Actor) -> bool:
    """Nobody in person and nobody outside: a reaction, a clock, the dispatcher."""
    return actor.role is Role.SYSTEM


def is_in_person(actor: Actor, *, role: Role, who: UUID) -> bool:
    """This very person, in this capacity."""
    return actor.role is role and actor.id == who
