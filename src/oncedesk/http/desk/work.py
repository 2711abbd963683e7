"""What waits at an agent's desks, what they have in hand, and whether they are there."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta

from oncedesk.domain.agents.authority import authority_left
from oncedesk.domain.agents.messages import HandOver, NoteSeen, Presence, SetPresence
from oncedesk.domain.conversations.messages import CaseNumber
from oncedesk.http.answers import Accepted, accepted, versioned
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.cursors import Page
from oncedesk.http.openapi import Command, Question
from oncedesk.http.parameters import LIMIT, Cursor, Id, Limit
from oncedesk.http.routes import get, post, put
from oncedesk.http.shapes.cases import QueuedShape, queued_shape
from oncedesk.http.shapes.people import (
    AgentShape,
    AuthorityShape,
    DeskShape,
    agent_shape,
    authority_shape,
    desk_shape,
)
from oncedesk.http.shapes.words import DESK_PATTERN, desk_of
from oncedesk.http.shapes.work import QueueShape, queue_shape
from oncedesk.storage.views.inbox import OTHER_SKILL, REFERRAL_SKILL, Position
from oncedesk.storage.views.readers import NotSeen

DeskQuery = Annotated[str, QueryParameter(pattern=DESK_PATTERN, max_length=45)]
SkillQuery = Annotated[str, QueryParameter(pattern=r"^[a-z0-9_.:-]{1,48}$(?!\n)", max_length=48)]


class PresenceSaid(Body, frozen=True, kw_only=True):
    """Whether new work may come."""

    presence: Presence


class HandOverLine(Body, frozen=True, kw_only=True):
    """Which case, and the internal message in which the line for whoever is next stands."""

    conversation: UUID
    case: Annotated[CaseNumber, Meta(le=30_000)]
    note: UUID


class Queues(msgspec.Struct, frozen=True):
    """The queues of a desk in which something waits."""

    items: tuple[QueueShape, ...]


class Held(msgspec.Struct, frozen=True):
    """The cases in the agent's hands, the next due first."""

    items: tuple[QueuedShape, ...]


class Desks(msgspec.Struct, frozen=True):
    """The desks to which the agent belongs now."""

    items: tuple[DeskShape, ...]


@get("/desks", Question, "listMyDesks", "My desks")
async def desks(request: Call) -> Desks:
    """Whether each takes work, who is there, how long work waits."""
    reader = request.reader
    found = []
    for desk in reader.desks:
        try:
            found.append(await request.views.administration.desk(reader=reader, desk=desk))
        except NotSeen:
            # A membership may name a desk that nobody has opened yet.
            continue
    return Desks(tuple(desk_shape(one.state, one.version) for one in found))


@get("/queues", Question, "listQueues", "A desk's queues")
async def queues(request: Call, desk: DeskQuery) -> Queues:
    """How much waits in each, and since when."""
    found = await request.views.work.queues(
        reader=request.reader, desk=desk_of(desk), skills=skills_of(request)
    )
    return Queues(tuple(queue_shape(one) for one in found))


@get("/inbox", Question, "readInbox", "A queue")
async def inbox(
    request: Call,
    desk: DeskQuery,
    skill: SkillQuery,
    cursor: Cursor = None,
    limit: Limit = LIMIT,
) -> Page[QueuedShape]:
    """The most urgent and the oldest due first."""
    rows = await request.views.work.queue(
        reader=request.reader,
        desk=desk_of(desk),
        skill=skill,
        after=request.position(Position, cursor),
        limit=limit,
    )
    last = rows[-1].position if rows else None
    return request.page([queued_shape(row) for row in rows], limit, last)


@get("/work", Question, "readMyWork", "My cases")
async def work(request: Call) -> Held:
    """The next due first."""
    reader = request.reader
    rows = await request.views.work.held(reader=reader, agent=request.person, desks=reader.desks)
    return Held(tuple(queued_shape(row) for row in rows))


@get("/me", Question, "readMe", "Me")
async def me(request: Call) -> Response[AgentShape]:
    """Where I work and when, what I can do, and what I have in hand."""
    found = await request.views.administration.agent(reader=request.reader, agent=request.person)
    shape = agent_shape(found.state, found.version, now=request.now)
    return versioned(shape, found.version)


@get(
    "/orders/{consumer:uuid}/{order:uuid}/authority",
    Question,
    "readMyAuthority",
    "What I may still give alone",
)
async def authority(request: Call, consumer: Id, order: Id, desk: DeskQuery) -> AuthorityShape:
    """In the name of this desk, in the order's currency: in one case, and today."""
    reader = request.reader
    seen = await request.views.orders.order(reader=reader, consumer=consumer, order=order)
    found = await request.views.administration.agent(reader=reader, agent=request.person)
    packs = request.packs
    left = authority_left(
        found.state,
        desk=desk_of(desk),
        currency=seen.state.currency,
        pack=packs.current(seen.state.market),
        now=request.now,
    )
    return authority_shape(left)


@put("/me/presence", Command, "setMyPresence", "Whether new work may come")
async def set_presence(request: Call, data: JSONBody[PresenceSaid]) -> Response[Accepted]:
    """Before a shift's end `available` means `draining`."""
    command = SetPresence(agent=request.person, presence=data.presence)
    return accepted(await request.submit(command))


@post("/me/seen", Command, "noteMeSeen", "My screen is alive")
async def note_seen(request: Call) -> Response[Accepted]:
    """Once sent, its absence counts until the agent is away, after fifteen minutes of it; send it
    when they have come back, and every five minutes."""
    return accepted(await request.submit(NoteSeen(agent=request.person)))


@post("/me/hand-over", Command, "handOver", "A line for whoever is next")
async def hand_over(request: Call, data: JSONBody[HandOverLine]) -> Response[Accepted]:
    """The line is a note that was posted on the case before."""
    command = HandOver(
        agent=request.person, conversation=data.conversation, case=data.case, note=data.note
    )
    return accepted(await request.submit(command))


ROUTES = (desks, queues, inbox, work, me, authority, set_presence, note_seen, hand_over)


def skills_of(request: Call) -> Sequence[str]:
    """Every skill that a queue may be of: also of packs that hold no more, for what waits still."""
    skills = request.service.parts.library.skills()
    return sorted(skills | {OTHER_SKILL, REFERRAL_SKILL})
