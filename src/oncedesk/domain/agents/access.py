"""Who may give which command to an agent's state."""

from typing import assert_never

from oncedesk.domain.agents.messages import (
    AgentCommand,
    CancelShift,
    EraseAgentData,
    HandOver,
    JoinDesk,
    LeaveDesk,
    NoteSeen,
    PlanShift,
    RegisterAgent,
    ReleaseCapacity,
    ReserveCapacity,
    SetCapacity,
    SetLimits,
    SetPresence,
    SetSkills,
    UpdateAgent,
)
from oncedesk.domain.shared.allowing import guards, is_in_person, is_system, manages
from oncedesk.domain.shared.decider import Actor, Role, Wake


def is_allowed(*, command: AgentCommand, actor: Actor) -> bool:
    """Agents say that they are there and write their lines; all else is decided about them."""
    match command:
        case ReserveCapacity() | ReleaseCapacity():
            return is_system(actor)
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
            | PlanShift()
            | CancelShift()
        ):
            return manages(actor)
        case EraseAgentData():
            return guards(actor)
        case Wake():
            return True
        case _:
            assert_never(command)
