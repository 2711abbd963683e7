"""What supervisors decide at their desks: who has which case, who works when, that it surges.

To join a case, a supervisor opens it: they belong to the desk and may say what its agents may. It
stays in its agent's hands until somebody gives or takes it.
"""

from typing import Annotated
from uuid import UUID

from litestar import Response
from litestar.params import JSONBody
from msgspec import Meta

from oncedesk.domain.agents.messages import Break, CancelShift, GiveCase, PlanShift, SetPresence
from oncedesk.domain.conversations.messages import CaseNumber
from oncedesk.domain.desks.messages import CallOffSurge, DeclareSurge
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.refs import Desk
from oncedesk.http.admin.rostering import NewShift, PresenceSet, ShiftNamed
from oncedesk.http.answers import Accepted, accepted
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.desk.taking import refuse_taking, take
from oncedesk.http.desk.work import DeskQuery
from oncedesk.http.openapi import Command, Question
from oncedesk.http.parameters import Id
from oncedesk.http.routes import get, post, put
from oncedesk.http.shapes.wall import Team, mate_shape
from oncedesk.http.shapes.words import DeskName, desk_of
from oncedesk.storage.views.readers import NotSeen
from oncedesk.storage.views.roster import AGENTS_MAX

_MATE = "/team/{agent:uuid}"


class CaseGiven(Body, frozen=True, kw_only=True):
    """Which case of which desk."""

    desk: DeskName
    consumer: UUID
    conversation: UUID
    case: Annotated[CaseNumber, Meta(le=30_000)]


class SurgeExpected(Body, frozen=True, kw_only=True):
    """At which desk, and until when."""

    desk: DeskName
    until: Moment


class SurgeOver(Body, frozen=True, kw_only=True):
    """At which desk."""

    desk: DeskName


@get("/team", Question, "listTeam", "The agents of a desk")
async def team(request: Call, desk: DeskQuery) -> Team:
    """With their shifts and what they have in hand, for its supervisors."""
    whose = desk_of(desk)
    now = request.now
    found = await request.views.roster.mates(reader=request.reader, desk=whose, now=now)
    return Team(
        items=tuple(mate_shape(one, desk=whose, now=now) for one in found),
        more=len(found) >= AGENTS_MAX,
    )


@post(_MATE + "/cases", Command, "giveCase", "Give an agent a case")
async def give(request: Call, agent: Id, data: JSONBody[CaseGiven]) -> Response[Accepted]:
    """Whoever has it now. Supervisors may take one themselves. It is in the agent's hands a moment
    later; a case that has left the desk meanwhile stays where it is. Who needs a second person is
    not the second one (`case_barred`)."""
    desk = _own(request, desk_of(data.desk))
    await request.views.roster.mate(reader=request.reader, agent=agent, now=request.now)
    seen = await request.views.cases.case(
        reader=request.reader,
        consumer=data.consumer,
        conversation=data.conversation,
        case=data.case,
    )
    refuse_taking(case=seen.state.case(data.case), agent=agent, desk=desk, given=True)
    command = GiveCase(
        agent=agent,
        consumer=data.consumer,
        conversation=data.conversation,
        case=data.case,
        desk=desk,
        by=request.acting_agent,
    )
    return accepted(await take(request, command))


@post(_MATE + "/shifts", Command, "planTeamShift", "An agent of the desk works then")
async def plan_shift(request: Call, agent: Id, data: JSONBody[NewShift]) -> Response[Accepted]:
    """With these breaks."""
    await request.views.roster.mate(reader=request.reader, agent=agent, now=request.now)
    command = PlanShift(
        agent=agent,
        starts_at=data.starts_at,
        ends_at=data.ends_at,
        breaks=tuple(Break(one.starts_at, one.ends_at) for one in data.breaks),
        by=request.acting_agent,
    )
    return accepted(await request.submit(command))


@post(
    _MATE + "/shifts/cancellation",
    Command,
    "cancelTeamShift",
    "A shift of the desk does not take place",
)
async def cancel_shift(request: Call, agent: Id, data: JSONBody[ShiftNamed]) -> Response[Accepted]:
    """One that runs ends now."""
    await request.views.roster.mate(reader=request.reader, agent=agent, now=request.now)
    command = CancelShift(agent=agent, starts_at=data.starts_at, by=request.acting_agent)
    return accepted(await request.submit(command))


@put(
    _MATE + "/presence",
    Command,
    "setTeamPresence",
    "Whether new work may come to an agent of the desk",
)
async def set_presence(request: Call, agent: Id, data: JSONBody[PresenceSet]) -> Response[Accepted]:
    """For somebody who has left without a word."""
    await request.views.roster.mate(reader=request.reader, agent=agent, now=request.now)
    command = SetPresence(agent=agent, presence=data.presence, by=request.acting_agent)
    return accepted(await request.submit(command))


@put("/surge", Command, "declareSurge", "A surge is coming")
async def declare_surge(request: Call, data: JSONBody[SurgeExpected]) -> Response[Accepted]:
    """It holds until then, at most for a day, however short the wait is."""
    desk = _own(request, desk_of(data.desk))
    command = DeclareSurge(desk=desk, until=data.until, by=request.acting_agent)
    return accepted(await request.submit(command))


@post("/surge/end", Command, "callOffSurge", "The declared surge is over")
async def call_off_surge(request: Call, data: JSONBody[SurgeOver]) -> Response[Accepted]:
    """One that the wait itself brings about ends when the wait does."""
    desk = _own(request, desk_of(data.desk))
    return accepted(await request.submit(CallOffSurge(desk=desk, by=request.acting_agent)))


def _own(request: Call, desk: Desk) -> Desk:
    """Of a desk that somebody does not supervise they are told nothing. Raises `NotSeen`."""
    if not request.reader.supervises(desk):
        raise NotSeen
    return desk


ROUTES = (team, give, plan_shift, cancel_shift, set_presence, declare_surge, call_off_surge)
