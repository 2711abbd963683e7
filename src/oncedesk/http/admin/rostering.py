"""Where agents work and when, as those see to it who run the system."""

from typing import Annotated

from litestar import Response
from litestar.params import JSONBody
from msgspec import Meta

from oncedesk.domain.agents.messages import (
    Break,
    CancelShift,
    DeskRole,
    JoinDesk,
    LeaveDesk,
    PlanShift,
    Presence,
    SetPresence,
)
from oncedesk.domain.shared.bounds import Moment
from oncedesk.http.answers import Accepted, accepted
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.openapi import AdminCommand
from oncedesk.http.parameters import Id
from oncedesk.http.routes import post, put
from oncedesk.http.shapes.people import BreakShape
from oncedesk.http.shapes.words import DeskName, desk_of

_AGENT = "/agents/{agent:uuid}"


class NewMembership(Body, frozen=True, kw_only=True):
    """At this desk from then on, until then or until further notice."""

    desk: DeskName
    role: DeskRole
    starts_at: Moment
    ends_at: Moment | None = None


class MembershipEnd(Body, frozen=True, kw_only=True):
    """When the membership ends; now, if nothing is said."""

    desk: DeskName
    ends_at: Moment | None = None


class NewShift(Body, frozen=True, kw_only=True):
    """A shift with its breaks. Its start names it."""

    starts_at: Moment
    ends_at: Moment
    breaks: Annotated[tuple[BreakShape, ...], Meta(max_length=4)] = ()


class ShiftNamed(Body, frozen=True, kw_only=True):
    """The shift that starts then."""

    starts_at: Moment


class PresenceSet(Body, frozen=True, kw_only=True):
    """Whether new work may come to the agent."""

    presence: Presence


@post(_AGENT + "/memberships", AdminCommand, "joinDesk", "An agent joins a desk")
async def join(request: Call, agent: Id, data: JSONBody[NewMembership]) -> Response[Accepted]:
    """From then on, until then or until further notice."""
    command = JoinDesk(
        agent=agent,
        desk=desk_of(data.desk),
        role=data.role,
        starts_at=data.starts_at,
        ends_at=data.ends_at,
    )
    return accepted(await request.submit(command))


@post(_AGENT + "/memberships/end", AdminCommand, "leaveDesk", "An agent leaves a desk")
async def leave(request: Call, agent: Id, data: JSONBody[MembershipEnd]) -> Response[Accepted]:
    """Their cases there go back to the queue."""
    command = LeaveDesk(agent=agent, desk=desk_of(data.desk), ends_at=data.ends_at)
    return accepted(await request.submit(command))


@post(_AGENT + "/shifts", AdminCommand, "planShift", "An agent works then")
async def plan_shift(request: Call, agent: Id, data: JSONBody[NewShift]) -> Response[Accepted]:
    """With these breaks."""
    command = PlanShift(
        agent=agent,
        starts_at=data.starts_at,
        ends_at=data.ends_at,
        breaks=tuple(Break(one.starts_at, one.ends_at) for one in data.breaks),
    )
    return accepted(await request.submit(command))


@post(_AGENT + "/shifts/cancellation", AdminCommand, "cancelShift", "A shift does not take place")
async def cancel_shift(request: Call, agent: Id, data: JSONBody[ShiftNamed]) -> Response[Accepted]:
    """One that runs ends now."""
    return accepted(await request.submit(CancelShift(agent=agent, starts_at=data.starts_at)))


@put(_AGENT + "/presence", AdminCommand, "setPresence", "Whether new work may come to an agent")
async def set_presence(request: Call, agent: Id, data: JSONBody[PresenceSet]) -> Response[Accepted]:
    """For somebody who has left without a word; agents say it themselves."""
    return accepted(await request.submit(SetPresence(agent=agent, presence=data.presence)))


ROUTES = (
    join,
    leave,
    plan_shift,
    cancel_shift,
    set_presence,
)
