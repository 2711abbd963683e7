"""The agent's list in one call: mine, next, follow-ups, waiting, asked; and how work is taken."""

import asyncio
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import JSONBody
from litestar.response import Stream
from msgspec import Meta

from oncedesk.domain.agents.messages import (
    Because,
    CapacityReserved,
    PickCase,
    Presence,
    SetPresence,
)
from oncedesk.domain.agents.state import AgentState
from oncedesk.domain.conversations.messages import CaseStatus
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.refs import agent_ref
from oncedesk.engine.matching import FreeAgent, Waiting
from oncedesk.http.answers import Accepted, accepted
from oncedesk.http.auth.principals import Principal
from oncedesk.http.auth.sessions import SessionKind
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call, reader_of
from oncedesk.http.cursors import Page
from oncedesk.http.desk.giving import CASE
from oncedesk.http.desk.taking import refuse_taking, take
from oncedesk.http.live import Event, Seen, stream
from oncedesk.http.openapi import Command, Events, ManyCommands, Question
from oncedesk.http.parameters import LIMIT, CasePath, Cursor, Id, Limit
from oncedesk.http.problems import Refused, problem
from oncedesk.http.routes import get, post
from oncedesk.http.shapes.cases import Count, Number
from oncedesk.http.shapes.listed import ListedShape, listed_shape
from oncedesk.http.shapes.words import DeskName, desk_of
from oncedesk.storage.live import lists_mark, state_mark
from oncedesk.storage.views.desk_list import RESOLVED_LOOKED_AT
from oncedesk.storage.views.inbox import InboxRow, Position, desk_buckets
from oncedesk.storage.views.readers import Reader

SHOWN = 30
"""Rows of what may come that the whole list begins with."""
REST_SECONDS = 1.0
ANEW_SECONDS = 10.0
"""What is only said in a case changes no list; so often it is looked at all the same."""
ASSIGNED_SECONDS_MAX = 2.0


class Pane(StrEnum):
    """A part of the list that goes on page by page."""

    NEXT = "next"
    ASKED = "asked"


class MyPresence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether new work may come to the agent, why, and how many of so many cases are in hand.

    `until`: when writing up is over, or while away when what is in hand goes back to the queue.
    """

    presence: Presence
    because: Because
    held: Count
    capacity: Count
    until: Moment | None = None


class DeskLists(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is in the agent's hands, and the beginning of what may come.

    `mine` are worked on, `follow_ups` rest until a time, `waiting` wait for the consumer; each the
    next due first. `next` waits in the queues that the agent serves, in the order in which it is
    given out; `asked` is what other desks want to know. `mentioned`: a note that they have not read
    names the agent. `me`: how the agent's own presence stands; nothing for who is nobody's agent.
    """

    mine: tuple[ListedShape, ...]
    follow_ups: tuple[ListedShape, ...]
    waiting: tuple[ListedShape, ...]
    next: tuple[ListedShape, ...]
    asked: tuple[ListedShape, ...]
    mentioned: bool
    me: MyPresence | None = None


class ResolvedCases(msgspec.Struct, frozen=True):
    """What the agent has had and is resolved, the last first: at most twenty."""

    items: Annotated[tuple[ListedShape, ...], Meta(max_length=RESOLVED_LOOKED_AT)]


class Taken(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the agent has now; nothing where nothing waits. Not yet `assigned`: in a moment."""

    consumer: UUID | None = None
    conversation: UUID | None = None
    case: Number | None = None
    assigned: bool = False


class Picked(Body, frozen=True, kw_only=True):
    """At which desk the case waits."""

    desk: DeskName


@get("/list", Question, "readMyList", "My list")
async def read(request: Call) -> DeskLists:
    """In one call; `next` and `asked` go on by their own."""
    return await _lists(request, request.principal)


@get("/list/next", Question, "listNext", "What may come, page by page")
async def upcoming(request: Call, cursor: Cursor = None, limit: Limit = LIMIT) -> Page[ListedShape]:
    """In the order in which it is given out."""
    return await _page(request, Pane.NEXT, cursor, limit)


@get("/list/asked", Question, "listAsked", "What other desks want to know, page by page")
async def asked(request: Call, cursor: Cursor = None, limit: Limit = LIMIT) -> Page[ListedShape]:
    """The most urgent and the oldest due first."""
    return await _page(request, Pane.ASKED, cursor, limit)


@get("/list/resolved", Question, "listResolved", "What I have had and is resolved")
async def resolved(request: Call) -> ResolvedCases:
    """The last first: what is resolved still, and can be reopened. `queue_due_at` is when."""
    reader = request.reader
    rows = await request.views.desk_list.resolved(reader=reader)
    return ResolvedCases(tuple(await _told(request, reader, rows)))


@get("/list/updates", Events, "watchMyList", "My list, live", tells={"list": DeskLists})
async def watch(request: Call) -> Stream:
    """A `list` whenever anything in it has changed, whole: as `readMyList` tells it."""
    shown = _Shown(request)
    places = [place for desk in request.reader.desks for place in desk_buckets(desk)]
    marks = [lists_mark(place) for place in (*places, bucket_of(request.person))]
    marks.append(state_mark(request.person))
    return await stream(
        request,
        SessionKind.AGENT,
        marks=list(dict.fromkeys(marks)),
        look=shown.look,
        rest_seconds=REST_SECONDS,
        anew_seconds=ANEW_SECONDS,
    )


@post("/next", ManyCommands, "takeNext", "Next")
async def take_next(request: Call) -> Taken:
    """The case that dispatch would bring next, at once. Whoever was writing the last one up is
    available by that. Sent again with the same key it is the same case."""
    agent, key, taking = request.person, request.key, request.service.parts.taking
    found = await taking.earlier(agent=agent, key=key) or await taking.next(
        agent=await _free(request, agent), key=key
    )
    if found is None:
        return Taken()
    return Taken(
        consumer=found.consumer,
        conversation=found.conversation,
        case=found.case,
        assigned=await _assigned(request, found, agent),
    )


@post(CASE + "/pick", Command, "pickCase", "Take this very case")
async def pick(
    request: Call, consumer: Id, conversation: Id, case: CasePath, data: JSONBody[Picked]
) -> Response[Accepted]:
    """From a queue of one's desk, with leave to. It is assigned in a moment, if it still waits. Who
    needs a second person is not the second one (`case_barred`)."""
    seen = await request.views.cases.case(
        reader=request.reader, consumer=consumer, conversation=conversation, case=case
    )
    desk = desk_of(data.desk)
    me = await _found(request, request.person)
    if me is not None and me.may_pick(desk, request.now):
        refuse_taking(case=seen.state.case(case), agent=me.agent, desk=desk, given=False)
    command = PickCase(
        agent=request.person,
        consumer=consumer,
        conversation=conversation,
        case=case,
        desk=desk,
    )
    return accepted(await take(request, command))


async def _page(request: Call, pane: Pane, cursor: str | None, limit: int) -> Page[ListedShape]:
    after = request.position(Position, cursor)
    rows = await _pane(request, pane, request.reader, after, limit)
    position = rows[-1].position if rows else None
    return request.page(await _told(request, request.reader, rows), limit, position)


async def _lists(request: Call, principal: Principal) -> DeskLists:
    reader = reader_of(principal)
    agent = principal.actor.id
    assert agent is not None, "somebody in person"
    views = request.views
    held = await views.work.held(reader=reader, agent=agent, desks=reader.desks)
    parts = [held]
    parts += [await _pane(request, one, reader, None, SHOWN) for one in Pane]
    shown = await _told(request, reader, [row for rows in parts for row in rows])
    mine, rest = shown[: len(held)], shown[len(held) :]
    resting = (CaseStatus.FOLLOW_UP.value, CaseStatus.WAITING_CONSUMER.value)
    return DeskLists(
        mine=tuple(one for one in mine if one.status not in resting),
        follow_ups=tuple(one for one in mine if one.status == CaseStatus.FOLLOW_UP.value),
        waiting=tuple(one for one in mine if one.status == CaseStatus.WAITING_CONSUMER.value),
        next=tuple(rest[: len(parts[1])]),
        asked=tuple(rest[len(parts[1]) :]),
        mentioned=await views.mentions.any_unread(reader=reader),
        me=_presence(await _found(request, agent)),
    )


async def _pane(
    request: Call, pane: Pane, reader: Reader, after: Position | None, limit: int
) -> Sequence[InboxRow]:
    agent = reader.actor.id
    assert agent is not None, "somebody in person"
    desk_list = request.views.desk_list
    match pane:
        case Pane.NEXT:
            return await desk_list.next(reader=reader, agent=agent, after=after, limit=limit)
        case Pane.ASKED:
            return await desk_list.asked(reader=reader, after=after, limit=limit)


async def _told(request: Call, reader: Reader, rows: Sequence[InboxRow]) -> list[ListedShape]:
    packs = request.packs
    found = await request.views.desk_list.told(reader=reader, rows=rows, packs=packs)
    return [listed_shape(one) for one in found]


async def _free(request: Call, agent: UUID) -> FreeAgent:
    """The agent, who may take something. Raises `Refused`."""
    state = await _agent(request, agent)
    if state.presence is Presence.WRAP_UP:
        await request.submit(SetPresence(agent=agent, presence=Presence.AVAILABLE))
        state = await _agent(request, agent)
    if not state.takes_work:
        raise Refused(problem("agent_absent", state.presence.value))
    if not state.has_room:
        raise Refused(problem("agent_full", f"holds {state.load} of {state.capacity}"))
    return FreeAgent(
        agent=agent,
        desks=state.desks(request.now),
        skills=state.skills,
        languages=state.languages,
        room=state.room,
        load=state.load,
    )


async def _agent(request: Call, agent: UUID) -> AgentState:
    state = await _found(request, agent)
    if state is None:
        raise Refused(problem("agent_unknown"))
    return state


async def _found(request: Call, agent: UUID) -> AgentState | None:
    stored = (await request.service.parts.store.load((agent_ref(agent),))).get(agent)
    return stored.state if stored is not None and isinstance(stored.state, AgentState) else None


def _presence(state: AgentState | None) -> MyPresence | None:
    if state is None:
        return None
    return MyPresence(
        presence=state.presence,
        because=state.because,
        held=state.load,
        capacity=state.capacity,
        until=state.presence_until,
    )


async def _assigned(request: Call, found: Waiting | CapacityReserved, agent: UUID) -> bool:
    """Whether the case is the agent's; what was reserved is placed by the next command."""
    with request.service.parts.live.follow([state_mark(found.conversation)]) as follower:
        try:
            async with asyncio.timeout(ASSIGNED_SECONDS_MAX):
                while True:
                    await follower.wait(seconds_max=ASSIGNED_SECONDS_MAX)
                    seen = await request.views.cases.conversation(
                        reader=request.reader,
                        consumer=found.consumer,
                        conversation=found.conversation,
                    )
                    case = seen.state.case(found.case)
                    if case is None or case.agent is not None:
                        return case is not None and case.agent == agent
        except TimeoutError:
            return False


class _Shown:
    """The list, as it was sent last."""

    def __init__(self, request: Call) -> None:
        self._request = request
        self._sent: DeskLists | None = None

    async def look(self, principal: Principal) -> Seen:
        found = await _lists(self._request, principal)
        if found == self._sent:
            return Seen(())
        self._sent = found
        return Seen([Event("list", found)])


ROUTES = (read, upcoming, asked, resolved, watch, take_next, pick)
