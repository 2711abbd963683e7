"""What supervisors see of their desks, live: queues, agents, what is pressing, who is silent."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar.params import QueryParameter
from litestar.response import Stream

from oncedesk.domain.agents.state import AgentState
from oncedesk.domain.desks.state import DeskState
from oncedesk.domain.insight.forecasting import (
    LEVEL,
    WITHIN_SECONDS,
    Span,
    forecast,
    looked_at,
)
from oncedesk.domain.shared.refs import Desk, desk_ref
from oncedesk.http.auth.principals import Principal
from oncedesk.http.auth.sessions import SessionKind
from oncedesk.http.call import Call, reader_of
from oncedesk.http.desk.work import DeskQuery, skills_of
from oncedesk.http.live import Event, Seen, stream
from oncedesk.http.openapi import Events, Question
from oncedesk.http.parameters import LIMIT, Limit
from oncedesk.http.problems import Refused, problem
from oncedesk.http.routes import get
from oncedesk.http.shapes.insight import StaffingShape, staffing_shape
from oncedesk.http.shapes.wall import (
    PressingList,
    SilentList,
    WallAgentShape,
    WallDeskShape,
    WallQueueShape,
    WallShape,
    silence_shape,
    wall_case_shape,
    wall_shape,
)
from oncedesk.http.shapes.words import desk_of
from oncedesk.storage.live import lists_mark, state_mark
from oncedesk.storage.views.desk_list import ListedCase
from oncedesk.storage.views.inbox import InboxRow, desk_buckets
from oncedesk.storage.views.readers import NotSeen

REST_SECONDS = 1.0
"""A wall that moves more often than this cannot be read."""
ANEW_SECONDS = 5.0
"""Deadlines come nearer by themselves, and agents come and go in their own buckets."""

Minutes = Annotated[
    int, QueryParameter(ge=1, le=1_440, description="At risk: a deadline passes within so many")
]


Hours = Annotated[int, QueryParameter(ge=1, le=48, description="From the next full hour on")]


class QueueGone(msgspec.Struct, frozen=True):
    """A queue in which there is nothing any more."""

    skill: str


class AgentGone(msgspec.Struct, frozen=True):
    """An agent who no longer belongs to the desk."""

    id: UUID


@get("/wall", Question, "readWall", "A desk at one glance")
async def wall(request: Call, desk: DeskQuery, minutes: Minutes = 15) -> WallShape:
    """For its supervisors. Long queues are counted up to a bound, their most urgent cases first."""
    return await _wall(request, request.principal, desk_of(desk), minutes)


@get(
    "/wall/updates",
    Events,
    "watchWall",
    "A desk at one glance, live",
    tells={
        "snapshot": WallShape,
        "desk": WallDeskShape,
        "queue": WallQueueShape,
        "queue_gone": QueueGone,
        "agent": WallAgentShape,
        "agent_gone": AgentGone,
    },
)
async def watch_wall(request: Call, desk: DeskQuery, minutes: Minutes = 15) -> Stream:
    """A `snapshot`, then each `desk`, `queue` or `agent` that has changed, and each `queue_gone`
    and `agent_gone`. After a break it begins with a snapshot again."""
    watched = desk_of(desk)
    changes = _Changes(request, watched, minutes)
    marks = [lists_mark(bucket) for bucket in desk_buckets(watched)]
    marks.append(state_mark(desk_ref(watched).id))
    return await stream(
        request,
        SessionKind.AGENT,
        marks=marks,
        look=changes.look,
        rest_seconds=REST_SECONDS,
        anew_seconds=ANEW_SECONDS,
    )


@get("/wall/pressing", Question, "listPressing", "Whose deadline passes first")
async def pressing(request: Call, desk: DeskQuery, limit: Limit = LIMIT) -> PressingList:
    """Waiting or in hand, overdue ones first, of the most urgent of each queue."""
    found = await request.views.walls.pressing(
        reader=request.reader, desk=desk_of(desk), skills=skills_of(request), limit=limit
    )
    listed = await _listed(request, found)
    return PressingList(tuple(wall_case_shape(one) for one in listed))


@get("/wall/silent", Question, "listSilent", "Who lets the consumer wait")
async def silent(request: Call, desk: DeskQuery, limit: Limit = LIMIT) -> SilentList:
    """Cases in somebody's hands without a person's word to the consumer, the longest first."""
    found = await request.views.walls.silent(
        reader=request.reader, desk=desk_of(desk), skills=skills_of(request), limit=limit
    )
    listed = await _listed(request, [one.row for one in found])
    return SilentList(tuple(map(silence_shape, found, listed)))


@get("/staffing", Question, "suggestStaffing", "How many people the coming hours take")
async def staffing(request: Call, desk: DeskQuery, hours: Hours = 12) -> StaffingShape:
    """By what came in the same hours before, how long people were at it, and Erlang's formula."""
    whose, now, reader = desk_of(desk), request.now, request.reader
    arrivals = request.views.arrivals
    known_since = await arrivals.first(reader=reader, desk=whose)
    zone = await _zone(request, whose)
    spans = looked_at(now=now, hours=hours, known_since=known_since, zone=zone)
    arrived = await arrivals.hours(reader=reader, desk=whose, spans=spans)
    worked = await arrivals.worked(reader=reader, desk=whose)
    mates = await request.views.roster.mates(reader=reader, desk=whose, now=now)
    found = forecast(
        now=now,
        hours=hours,
        arrived=arrived,
        known_since=known_since,
        zone=zone,
        ended=worked.cases,
        worked_seconds=worked.seconds,
        shifts=[_on_shift(mate.state, whose) for mate in mates],
    )
    return staffing_shape(found, within_seconds=WITHIN_SECONDS, level=LEVEL)


def _on_shift(state: AgentState, desk: Desk) -> Sequence[Span]:
    """When somebody is on shift while they belong to this desk."""
    spans = [
        Span(max(shift.starts_at, one.starts_at), min(shift.ends_at, one.ends_at or shift.ends_at))
        for shift in state.shifts
        for one in state.memberships
        if one.desk == desk
    ]
    return [one for one in spans if one.starts_at < one.ends_at]


async def _zone(request: Call, desk: Desk) -> ZoneInfo:
    """That of the desk's market; UTC where the desk was never opened."""
    ref = desk_ref(desk)
    stored = (await request.service.parts.store.load((ref,))).get(ref.id)
    if stored is None or not isinstance(stored.state, DeskState):
        return ZoneInfo("UTC")
    return ZoneInfo(request.packs.current(stored.state.market).promises.timezone)


class _Changes:
    """A wall as it was sent last."""

    def __init__(self, request: Call, desk: Desk, minutes: int) -> None:
        self._request = request
        self._desk = desk
        self._minutes = minutes
        self._sent: WallShape | None = None

    async def look(self, principal: Principal) -> Seen:
        """Raises `Refused` for a desk that this agent does not supervise."""
        try:
            now = await _wall(self._request, principal, self._desk, self._minutes)
        except NotSeen:
            raise Refused(problem("not_found")) from None
        before, self._sent = self._sent, now
        if before is None:
            return Seen([Event("snapshot", now)])
        desk = [Event("desk", now.desk)] if now.desk != before.desk else []
        queues = [one for one in now.queues if one not in before.queues]
        agents = [one for one in now.agents if one not in before.agents]
        skills, ids = {one.skill for one in now.queues}, {one.id for one in now.agents}
        return Seen(
            [
                *desk,
                *(Event("queue", one) for one in queues),
                *(
                    Event("queue_gone", QueueGone(one.skill))
                    for one in before.queues
                    if one.skill not in skills
                ),
                *(Event("agent", one) for one in agents),
                *(
                    Event("agent_gone", AgentGone(one.id))
                    for one in before.agents
                    if one.id not in ids
                ),
            ]
        )


async def _listed(request: Call, rows: Sequence[InboxRow]) -> Sequence[ListedCase]:
    packs = request.packs
    return await request.views.desk_list.told(reader=request.reader, rows=rows, packs=packs)


async def _wall(request: Call, principal: Principal, desk: Desk, minutes: int) -> WallShape:
    now = request.now
    found = await request.views.walls.wall(
        reader=reader_of(principal),
        desk=desk,
        skills=skills_of(request),
        now=now,
        soon=now + timedelta(minutes=minutes),
    )
    return wall_shape(found, at=now)


ROUTES = (wall, watch_wall, pressing, silent, staffing)
