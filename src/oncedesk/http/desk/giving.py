"""How a command about a case is given: only of a case that this agent may see.

A handler says only what is its own; which case it is about is said where it is mounted.
"""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

import msgspec
from litestar import Response, Router
from litestar.di import NamedDependency, Provide
from litestar.handlers import HTTPRouteHandler
from msgspec.structs import replace

from oncedesk.domain.conversations.messages import AgentCommand, MessageFlagged
from oncedesk.http.answers import Accepted, accepted
from oncedesk.http.call import Call, Done
from oncedesk.http.parameters import CasePath, Id

CASE = "/cases/{consumer:uuid}/{conversation:uuid}/{case:int}"


class OneCase(msgspec.Struct, frozen=True, kw_only=True):
    """Which case a request is about, and who of the people at desks works on it."""

    consumer: UUID
    conversation: UUID
    case: int
    agent: UUID | None


This = NamedDependency[OneCase]
"""The case in whose path the handler is mounted."""


class Said(Protocol):
    """A command that lacks only which case it is about: its type, or a `partial` of that."""

    def __call__(
        self, *, consumer: UUID, conversation: UUID, case: int, agent: UUID | None
    ) -> AgentCommand: ...


def about_cases(*handlers: HTTPRouteHandler) -> Router:
    """In the path of a case."""
    return Router(CASE, route_handlers=handlers, dependencies={"this": Provide(_this)})


async def given(
    request: Call,
    this: OneCase,
    said: Said,
    *,
    text: str | None = None,
    attachments: Sequence[UUID] = (),
) -> Response[Accepted]:
    """What became of it. Of a case that is none of their desk's there is none: `NotSeen`."""
    command = said(
        consumer=this.consumer, conversation=this.conversation, case=this.case, agent=this.agent
    )
    await refuse_strange_case(request, command)
    done = await request.submit(command, text=text, attachments=attachments)
    return accepted(as_told(request, done))


async def refuse_strange_case(request: Call, command: AgentCommand) -> None:
    """Raises `NotSeen` for a case that is none of their desk's."""
    await request.views.cases.case(
        reader=request.reader,
        consumer=command.consumer,
        conversation=command.conversation,
        case=command.case,
    )


def as_told(request: Call, done: Done) -> Done:
    """What became of it, without what the gate noticed: whoever is watched need not know."""
    if request.reader.sees_all:
        return done
    told = tuple(event for event in done.events if type(event) is not MessageFlagged)
    return replace(done, events=told)


async def _this(request: Call, consumer: Id, conversation: Id, case: CasePath) -> OneCase:
    return OneCase(
        consumer=consumer, conversation=conversation, case=case, agent=request.acting_agent
    )
