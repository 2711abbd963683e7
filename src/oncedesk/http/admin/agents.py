"""Agents, as those see to them who run the system: who they are and what they can do."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import JSONBody
from msgspec import Meta

from oncedesk.domain.agents.messages import (
    CAPACITY,
    DRAIN_SECONDS,
    GRACE_SECONDS,
    WRAP_UP_SECONDS,
    CapacityLimit,
    Code,
    EraseAgentData,
    Language,
    LinkAccounts,
    RegisterAgent,
    Seconds,
    SetCapacity,
    SetLimits,
    SetPicking,
    SetSkills,
    UpdateAgent,
)
from oncedesk.http.absence import goes_away
from oncedesk.http.answers import Accepted, accepted, versioned
from oncedesk.http.bodies import Body, private_text
from oncedesk.http.call import Call
from oncedesk.http.cursors import Page
from oncedesk.http.openapi import AdminCommand, Question
from oncedesk.http.parameters import LIMIT, Cursor, Id, Limit
from oncedesk.http.problems import Refused, problem
from oncedesk.http.routes import get, post, put
from oncedesk.http.shapes.cases import QueuedShape, queued_shape
from oncedesk.http.shapes.people import AgentShape, agent_shape
from oncedesk.storage.views.administration import ByPlace

_AGENT = "/agents/{agent:uuid}"


class AgentPerson(Body, frozen=True, kw_only=True, omit_defaults=True):
    """An agent's private data, kept apart and erased on demand."""

    name: Annotated[str, Meta(max_length=200)] = ""
    email: Annotated[str, Meta(max_length=254)] = ""


class NewAgent(Body, frozen=True, kw_only=True):
    """An agent, and how many cases at once."""

    capacity: CapacityLimit = CAPACITY
    person: AgentPerson | None = None


class Skills(Body, frozen=True, kw_only=True):
    """All that the agent can do and speak from now on. No language: any is accepted."""

    skills: Annotated[tuple[Code, ...], Meta(max_length=24)] = ()
    languages: Annotated[tuple[Language, ...], Meta(max_length=8)] = ()


class Capacity(Body, frozen=True, kw_only=True):
    """How many cases at once."""

    capacity: CapacityLimit


class Picking(Body, frozen=True, kw_only=True):
    """Whether the agent may take cases from a queue by hand."""

    picks: bool


class Limits(Body, frozen=True, kw_only=True):
    """The agent's times, in seconds: to finish up, to be away, before a shift's end."""

    wrap_up_seconds: Seconds = WRAP_UP_SECONDS
    grace_seconds: Seconds = GRACE_SECONDS
    drain_seconds: Seconds = DRAIN_SECONDS


class Accounts(Body, frozen=True, kw_only=True):
    """Consumer accounts that are the agent's own or of those close to them."""

    consumers: Annotated[tuple[UUID, ...], Meta(max_length=16)] = ()


class HeldCases(msgspec.Struct, frozen=True):
    """The cases in an agent's hands, the next due first."""

    items: tuple[QueuedShape, ...]


@get("/agents", Question, "listAgents", "All agents")
async def list_agents(
    request: Call, cursor: Cursor = None, limit: Limit = LIMIT
) -> Page[AgentShape]:
    """In no order that says anything."""
    found = await request.views.administration.agents(
        reader=request.reader, after=request.position(ByPlace, cursor), limit=limit
    )
    last = found[-1].place if found else None
    names = await request.views.names.of([one.state.agent for one in found], reader=request.reader)
    shapes = [
        agent_shape(one.state, one.version, now=request.now, name=names.get(one.state.agent, ""))
        for one in found
    ]
    return request.page(shapes, limit, last)


@get(_AGENT, Question, "readAgent", "An agent")
async def read(request: Call, agent: Id) -> Response[AgentShape]:
    """Where they work and when, what they can do, and what they have in hand."""
    found = await request.views.administration.agent(reader=request.reader, agent=agent)
    names = await request.views.names.of([agent], reader=request.reader)
    shape = agent_shape(found.state, found.version, now=request.now, name=names.get(agent, ""))
    content = msgspec.structs.replace(shape, linked=found.state.linked)
    return versioned(content, found.version)


@get(_AGENT + "/work", Question, "readAgentWork", "An agent's cases")
async def work(request: Call, agent: Id) -> HeldCases:
    """The next due first."""
    request.needs_admin()
    reader = request.reader
    found = await request.views.administration.agent(reader=reader, agent=agent)
    desks = found.state.desks(request.now)
    rows = await request.views.work.held(reader=reader, agent=agent, desks=desks)
    return HeldCases(tuple(queued_shape(row) for row in rows))


@put(_AGENT, AdminCommand, "registerAgent", "There is this agent")
async def register(request: Call, agent: Id, data: JSONBody[NewAgent]) -> Response[Accepted]:
    """The same once more changes nothing."""
    text = private_text(data.person)
    seal = request.seal(text)
    command = RegisterAgent(
        agent=agent,
        capacity=data.capacity,
        digest=seal.digest,
        length=seal.length,
    )
    return accepted(await request.submit(command, text=text))


@put(_AGENT + "/person", AdminCommand, "updateAgent", "An agent's private data is now this")
async def update(request: Call, agent: Id, data: JSONBody[AgentPerson]) -> Response[Accepted]:
    """What was there before is overwritten."""
    text = private_text(data)
    seal = request.seal(text)
    command = UpdateAgent(
        agent=agent,
        digest=seal.digest,
        length=seal.length,
    )
    return accepted(await request.submit(command, text=text))


@post(_AGENT + "/erasure", AdminCommand, "eraseAgent", "Overwrite an agent's private data")
async def erase(request: Call, agent: Id) -> Response[Accepted]:
    """What the agent did stays on record. Their log-in goes with its name; their sessions end, they
    leave every desk, and none of their shifts takes place. The last log-in of an admin stays:
    nobody could let another in."""
    logins, by = request.service.parts.access.logins, request.principal.name
    login = await logins.of_agent(agent)
    # First, since of two admins who erase each other at once one has to stay.
    if login is not None and not await logins.disable_but_last_admin(
        login.name, by=by, at=request.now
    ):
        raise Refused(problem("last_admin", "another admin who can log in"))
    try:
        erased = await request.submit(EraseAgentData(agent=agent))
    except Refused:
        if login is not None and login.disabled_at is None:
            await logins.enable(login.name)
        raise
    await goes_away(request, agent)
    return accepted(erased)


@put(_AGENT + "/skills", AdminCommand, "setSkills", "What an agent can do and speak")
async def set_skills(request: Call, agent: Id, data: JSONBody[Skills]) -> Response[Accepted]:
    """All of it, from now on."""
    command = SetSkills(agent=agent, skills=data.skills, languages=data.languages)
    return accepted(await request.submit(command))


@put(_AGENT + "/capacity", AdminCommand, "setCapacity", "How many cases at once")
async def set_capacity(request: Call, agent: Id, data: JSONBody[Capacity]) -> Response[Accepted]:
    """Below what is held it takes effect as cases end."""
    return accepted(await request.submit(SetCapacity(agent=agent, capacity=data.capacity)))


@put(_AGENT + "/limits", AdminCommand, "setLimits", "An agent's times")
async def set_limits(request: Call, agent: Id, data: JSONBody[Limits]) -> Response[Accepted]:
    """Shifts that are planned already keep theirs."""
    command = SetLimits(
        agent=agent,
        wrap_up_seconds=data.wrap_up_seconds,
        grace_seconds=data.grace_seconds,
        drain_seconds=data.drain_seconds,
    )
    return accepted(await request.submit(command))


@put(_AGENT + "/picking", AdminCommand, "setPicking", "Whether an agent may pick cases")
async def set_picking(request: Call, agent: Id, data: JSONBody[Picking]) -> Response[Accepted]:
    """Work comes by dispatch; with leave, they take it from a queue of their desk by hand, too."""
    return accepted(await request.submit(SetPicking(agent=agent, picks=data.picks)))


@put(_AGENT + "/accounts", AdminCommand, "linkAccounts", "Consumer accounts close to an agent")
async def link_accounts(request: Call, agent: Id, data: JSONBody[Accounts]) -> Response[Accepted]:
    """All of them, as of now: the agent gives nothing to any of these."""
    command = LinkAccounts(agent=agent, consumers=data.consumers)
    return accepted(await request.submit(command))


ROUTES = (
    list_agents,
    read,
    work,
    register,
    update,
    erase,
    set_skills,
    set_capacity,
    set_limits,
    set_picking,
    link_accounts,
)
