"""Who may give which command to an agent's state."""

from typing import assert_never

from oncedesk.domain.agents.messages import (
    AgentCommand,
    CancelShift,
    EraseAgentData,
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
        case SetPresence() | NoteSeen() | HandOver():
            return guards(actor) or is_in_person(actor, role=Role.AGENT, who=command.agent)
        case (
            RegisterAgent()
            | UpdateAgent()
            | JoinDesk()
            | LeaveDesk()
            | SetSkills()
            | SetCapacity()
            | SetLimits()
            | SetPicking()
            | PlanShift()
            | CancelShift()
            | LinkAccounts()
        ):
            return manages(actor)
        case EraseAgentData():
            return guards(actor)
        case NoteBlocked() | SpendAuthority():
            return is_system(actor)
        case RequestReveal():
            # Nobody asks in another's name: the log says who saw what.
            return actor.role in (Role.AGENT, Role.ADMIN) and actor.id == command.agent
        case LiftRevealAlarm():
            if actor.role is Role.ADMIN:
                return actor.id != command.agent
            in_person = actor.role is Role.AGENT and actor.id is not None
            return in_person and actor.id == command.by and command.by != command.agent
        case Wake():
            return True
        case _:
            assert_never(command)
