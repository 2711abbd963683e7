"""A desk as its supervisor sees it: queues, agents, who is silent."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from oncedesk.domain.agents.messages import Because, DeskRole, Presence
from oncedesk.domain.desks.state import DeskState
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.refs import Desk
from oncedesk.http.shapes.cases import Count, QueuedShape, queued_shape
from oncedesk.http.shapes.listed import LastSaidShape, said_shape
from oncedesk.http.shapes.people import AgentShape, agent_shape
from oncedesk.http.shapes.words import DeskName
from oncedesk.storage.views.desk_list import ListedCase
from oncedesk.storage.views.roster import Mate
from oncedesk.storage.views.wall import QueueOnWall, Silence, Wall


class WallDeskShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The desk itself. `surge_until`: the surge was declared by hand, and lasts until then."""

    desk: DeskName
    open: bool
    staffed: bool
    surge: bool
    surge_until: Moment | None = None


class WallQueueShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A queue in which there is anything. `overdue` have missed a deadline, `at_risk` soon
    will, of those that wait and those in hand. `at_least`: or more, which nobody counts.
    `unserved`: some wait, and nobody at the desk has the skill."""

    skill: str
    waiting: Count
    assigned: Count
    overdue: Count
    at_risk: Count
    at_least: bool
    oldest: Moment | None = None
    unserved: bool = False


class WallAgentShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An agent of the desk. `load` of `capacity` places are taken, at all desks together."""

    id: UUID
    version: Count
    name: str
    role: DeskRole
    presence: Presence
    because: Because
    load: Count
    capacity: Count
    on_shift: bool
    on_break: bool
    shift_ends_at: Moment | None = None
    back_at: Moment | None = None


class WallShape(msgspec.Struct, frozen=True, kw_only=True):
    """A desk at one moment. `more_agents`: there are more than are shown."""

    at: Moment
    desk: WallDeskShape
    queues: tuple[WallQueueShape, ...]
    agents: tuple[WallAgentShape, ...]
    more_agents: bool


class WallCaseShape(QueuedShape, frozen=True, kw_only=True, omit_defaults=True):
    """A case on the wall. The consumer's name, as others see it, and what was said last tell it
    from others."""

    name: str
    said: LastSaidShape | None = None


class SilenceShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A case in somebody's hands in which the consumer has waited since then for a word."""

    case: WallCaseShape
    since: Moment
    answered_at: Moment | None = None


class PressingList(msgspec.Struct, frozen=True):
    """The cases whose next deadline passes first."""

    items: tuple[WallCaseShape, ...]


class SilentList(msgspec.Struct, frozen=True):
    """The longest silence first."""

    items: tuple[SilenceShape, ...]


class MateShape(msgspec.Struct, frozen=True, kw_only=True):
    """An agent of the desk, with what concerns this desk; and their name, where one is kept."""

    name: str
    agent: AgentShape


class Team(msgspec.Struct, frozen=True, kw_only=True):
    """The agents of a desk, by id. `more`: there are more than are shown."""

    items: Annotated[tuple[MateShape, ...], Meta(max_length=500)]
    more: bool


def wall_shape(wall: Wall, *, at: Moment) -> WallShape:
    desk = wall.desk.desk
    return WallShape(
        at=at,
        desk=wall_desk_shape(wall.desk),
        queues=tuple(wall_queue_shape(one) for one in wall.queues),
        agents=tuple(wall_agent_shape(one, desk=desk, at=at) for one in wall.agents),
        more_agents=wall.agents_capped,
    )


def wall_desk_shape(state: DeskState) -> WallDeskShape:
    return WallDeskShape(
        desk=str(state.desk),
        open=state.open,
        staffed=state.staffed,
        surge=state.surge,
        surge_until=state.surge_until,
    )


def wall_queue_shape(queue: QueueOnWall) -> WallQueueShape:
    return WallQueueShape(
        skill=queue.skill,
        waiting=queue.waiting,
        assigned=queue.assigned,
        overdue=queue.overdue,
        at_risk=queue.at_risk,
        at_least=queue.at_least,
        oldest=queue.oldest,
        unserved=queue.unserved,
    )


def wall_agent_shape(mate: Mate, *, desk: Desk, at: Moment) -> WallAgentShape:
    state = mate.state
    return WallAgentShape(
        id=state.agent,
        version=mate.version,
        name=mate.name,
        role=DeskRole.SUPERVISOR if state.supervises(desk, at) else DeskRole.AGENT,
        presence=state.presence,
        because=state.because,
        load=state.load,
        capacity=state.capacity,
        on_shift=state.on_shift,
        on_break=state.on_break,
        shift_ends_at=state.shifts[0].ends_at if state.on_shift else None,
        back_at=state.back_at,
    )


def wall_case_shape(listed: ListedCase) -> WallCaseShape:
    return WallCaseShape(
        **msgspec.structs.asdict(queued_shape(listed.row)),
        name=listed.name,
        said=None if listed.said is None else said_shape(listed.said),
    )


def silence_shape(silence: Silence, listed: ListedCase) -> SilenceShape:
    return SilenceShape(
        case=wall_case_shape(listed), since=silence.since, answered_at=silence.answered_at
    )


def mate_shape(mate: Mate, *, desk: Desk, now: datetime) -> MateShape:
    """What the agent does at other desks is theirs to know."""
    shape = agent_shape(mate.state, mate.version, now=now)
    here = str(desk)
    return MateShape(
        name=mate.name,
        agent=msgspec.structs.replace(
            shape,
            memberships=tuple(one for one in shape.memberships if one.desk == here),
            held=tuple(one for one in shape.held if one.desk == here),
        ),
    )
