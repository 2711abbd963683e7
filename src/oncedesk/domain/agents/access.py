"""Who may give which command to an agent's state."""

from typing import assert_never
from uuid import UUID

from oncedesk.domain.agents.messages import (
    AgentCommand,
    CancelShift,
    EraseAgentData,
    GiveCase,
    HandOver,
    JoinDesk,
    LeaveDesk,
    LiftRevealAlarm,
    LinkAccounts,
    NoteBlocked,
    NoteSeen,
    PickCase,
    PlanShift,
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
    SpendAuthority,
    UpdateAgent,
)
from oncedesk.domain.shared.allowing import guards, is_in_person, is_system, manages
from oncedesk.domain.shared.decider import Actor, Role, Wake


def is_allowed(*, command: AgentCommand, actor: Actor) -> bool:
    """Agents say that they are there and write their lines; all else is decided about them."""
    match command:
        case ReserveCapacity() | ReleaseCapacity():
            return is_system(actor)
        case PickCase():
            return is_in_person(actor, role=Role.AGENT, who=command.agent)
        case NoteSeen() | HandOver():
            return guards(actor) or is_in_person(actor, role=Role.AGENT, who=command.agent)
        case SetPresence():
            return (
                guards(actor)
                or is_in_person(actor, role=Role.AGENT, who=command.agent)
                or _is_by(actor, command.by)
            )
        case PlanShift() | CancelShift():
            return manages(actor) or _is_by(actor, command.by)
        case GiveCase():
            return guards(actor) or _is_by(actor, command.by)
        case (
            RegisterAgent()
            | UpdateAgent()
            | JoinDesk()
            | LeaveDesk()
            | SetSkills()
            | SetCapacity()
            | SetLimits()
            | SetPicking()
            | LinkAccounts()
        ):
            return manages(actor)
        case EraseAgentData():
            return guards(actor)
        case NoteBlocked() | SpendAuthority() | ReturnAuthority():
            return is_system(actor)
        case RequestReveal():
            # Nobody asks in another's name: the log says who saw what.
            return actor.role in (Role.AGENT, Role.ADMIN) and actor.id == command.agent
        case LiftRevealAlarm():
            if actor.role is Role.ADMIN:
                return actor.id != command.agent
            return _is_by(actor, command.by) and command.by != command.agent
        case Wake():
            return True
        case _:
            assert_never(command)


def _is_by(actor: Actor, by: UUID | None) -> bool:
    """The agent who says so in person; whether they are a supervisor there, the decision asks."""
    return by is not None and is_in_person(actor, role=Role.AGENT, who=by)
