"""What is said of one remedy: path and body in, one command through, what it came to out.

A handler says only what is its own. Whose remedies they are about is said where they are mounted.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol
from uuid import UUID

import msgspec
from litestar import Response, Router, post
from litestar.di import NamedDependency, Provide
from litestar.handlers import HTTPRouteHandler

from oncedesk.domain.remedies.messages.base import ToRemedy
from oncedesk.domain.shared.refs import remedies_ref
from oncedesk.http import routes
from oncedesk.http.answers import Accepted, accepted
from oncedesk.http.auth.principals import Scope
from oncedesk.http.call import Call
from oncedesk.http.openapi import Command, MachineCommand
from oncedesk.http.parameters import Id, RemedyPath
from oncedesk.storage.views.readers import NotSeen
from oncedesk.storage.views.remedies import SeenRemedies


class OneRemedy(msgspec.Struct, frozen=True, kw_only=True):
    """Which remedy a request is about, and who of the people at desks speaks, if one does."""

    consumer: UUID
    order: UUID
    remedy: int
    agent: UUID | None = None


This = NamedDependency[OneRemedy]
"""The remedy in whose path the handler is mounted."""


class Said(Protocol):
    """A command that lacks only which remedy it is to: its type, or a `partial` of that."""

    def __call__(
        self, *, consumer: UUID, order: UUID, remedy: int, agent: UUID | None
    ) -> ToRemedy: ...


def tap(path: str, name: str, summary: str) -> post:
    """A person's command to the remedy in whose path it is mounted."""
    return routes.post(path, Command, name, summary)


def machine_tap(path: str, name: str, summary: str) -> post:
    """The marketplace's command to the remedy in whose path it is mounted."""
    return routes.post(path, MachineCommand, name, summary)


async def told(
    request: Call, this: OneRemedy, said: Said, *, text: str | None = None
) -> Response[Accepted]:
    """What became of it. Raises `Refused` where it was not accepted.

    `text` is the private text whose seal the command carries.
    """
    command = said(consumer=this.consumer, order=this.order, remedy=this.remedy, agent=this.agent)
    return accepted(await request.submit(command, text=text))


def for_consumers(*handlers: HTTPRouteHandler) -> Router:
    """To a remedy of the consumer's own."""
    return _mounted("/orders/{order:uuid}/remedies/{remedy:int}", _own, handlers)


def for_desks(*handlers: HTTPRouteHandler) -> Router:
    """By an agent, to a remedy that their desk sees; of all others there is none."""
    path = "/orders/{consumer:uuid}/{order:uuid}/remedies/{remedy:int}"
    return _mounted(path, _seen, handlers)


def for_marketplace(*handlers: HTTPRouteHandler) -> Router:
    """By a key that may change orders."""
    path = "/consumers/{consumer:uuid}/orders/{order:uuid}/remedies/{remedy:int}"
    return _mounted(path, _any, handlers)


async def one_seen(
    request: Call, *, consumer: UUID, order: UUID, remedy: int, key: str
) -> tuple[OneRemedy, SeenRemedies]:
    """A remedy that the agent's desk sees, and all that it sees of the order. Raises `NotSeen`;
    not for one that is over where what is said of it under this key was accepted before."""
    seen = await request.views.remedies.of_order(
        reader=request.reader, consumer=consumer, order=order
    )
    if all(one.number != remedy for one in seen.live):
        target = remedies_ref(consumer=consumer, order=order)
        if not await request.given_before(target, key=key):
            raise NotSeen
    this = OneRemedy(consumer=consumer, order=order, remedy=remedy, agent=request.person)
    return this, seen


def _mounted(
    path: str,
    found: Callable[..., Awaitable[OneRemedy]],
    handlers: tuple[HTTPRouteHandler, ...],
) -> Router:
    return Router(path, route_handlers=handlers, dependencies={"this": Provide(found)})


async def _own(request: Call, order: Id, remedy: RemedyPath) -> OneRemedy:
    return OneRemedy(consumer=request.person, order=order, remedy=remedy)


async def _seen(request: Call, consumer: Id, order: Id, remedy: RemedyPath) -> OneRemedy:
    """Raises `NotSeen`."""
    this, _ = await one_seen(
        request, consumer=consumer, order=order, remedy=remedy, key=request.key
    )
    return this


async def _any(request: Call, consumer: Id, order: Id, remedy: RemedyPath) -> OneRemedy:
    """Raises `Refused`."""
    request.needs(Scope.ORDERS_WRITE)
    return OneRemedy(consumer=consumer, order=order, remedy=remedy)
