"""A consumer's data in clear: asked for with a reason, seen for a time, stopped when it is much."""

from typing import Annotated, TypeVar
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import JSONBody, PathParameter
from msgspec import Meta

from oncedesk.domain.agents.messages import (
    LiftRevealAlarm,
    RequestReveal,
    RevealAlarmRaised,
    RevealField,
    RevealGranted,
    RevealReason,
)
from oncedesk.domain.conversations.messages import CaseNumber
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.persons import PersonField
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.http.answers import Accepted, accepted, answered
from oncedesk.http.auth.principals import Kind
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call, Done
from oncedesk.http.openapi import Command, Question
from oncedesk.http.parameters import After, Id
from oncedesk.http.problems import Refused, problem
from oncedesk.http.routes import get, post
from oncedesk.http.shapes.cases import Number
from oncedesk.http.shapes.words import DeskName, desk_of
from oncedesk.storage.views.readers import NotSeen
from oncedesk.storage.views.reveals import revealed, revealed_messages

T = TypeVar("T")
MESSAGES_MAX = 1_000
_REVEALS = "/consumers/{consumer:uuid}/reveals"


class NewReveal(Body, frozen=True, kw_only=True):
    """What the agent has to see in clear, why, for which desk, and for which case or order."""

    field: RevealField
    reason: RevealReason
    desk: DeskName = "platform"
    conversation: UUID | None = None
    case: Annotated[CaseNumber, Meta(le=30_000)] | None = None
    order: UUID | None = None


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """It may be seen until then, and it is on record. `last`: nothing more is, until somebody has
    looked into it."""

    id: UUID
    field: RevealField
    until: Moment
    last: bool


class Clear(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing known of the consumer, in clear; empty where it is not known. `order`: the address
    is where this order goes; without it, it is the person's."""

    field: PersonField
    value: str
    order: UUID | None = None


class ClearMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One message, as it was written."""

    id: UUID
    text: str


class ClearMessages(msgspec.Struct, frozen=True, kw_only=True):
    """What was said between the consumer and us. With `upto` there is more: ask on `after` that."""

    items: Annotated[tuple[ClearMessage, ...], Meta(max_length=MESSAGES_MAX)]
    upto: Number | None = None


@post(_REVEALS, Command, "requestReveal", "See something in clear")
async def ask(request: Call, consumer: Id, data: JSONBody[NewReveal]) -> Response[Grant]:
    """For a few minutes. The platform's people any of it; others what the rule pack lets them, of
    an order of which goods of theirs still have to travel. Every one is counted."""
    command = RequestReveal(
        agent=request.person,
        consumer=consumer,
        market=await _market(request, consumer, data),
        field=data.field,
        reason=data.reason,
        desk=desk_of(data.desk),
        conversation=data.conversation,
        case=data.case,
        order=data.order,
    )
    done = await request.submit(command)
    return answered(done, _grant(done))


@get(_REVEALS + "/{field:str}", Question, "readRevealed", "What may be seen in clear")
async def read(
    request: Call, consumer: Id, field: Annotated[PersonField, PathParameter()]
) -> Response[Clear]:
    """As long as it is granted to whoever asks; otherwise there is none. An address that was asked
    for an order, the last time, is where this order goes now."""
    parts = request.service.parts
    shown = await revealed(
        parts.pool,
        parts.codec,
        reader=request.reader,
        consumer=consumer,
        field=field,
        now=request.now,
    )
    if shown is None:
        raise NotSeen
    return _never_kept(Clear(field=field, value=shown.value, order=shown.order))


@get(
    "/cases/{consumer:uuid}/{conversation:uuid}/revealed",
    Question,
    "readRevealedMessages",
    "What was said, in clear",
)
async def messages(
    request: Call, consumer: Id, conversation: Id, after: After = 0
) -> Response[ClearMessages]:
    """As long as it is granted to whoever asks; otherwise there is none."""
    found = await revealed_messages(
        request.service.parts.pool,
        reader=request.reader,
        consumer=consumer,
        conversation=conversation,
        after=after,
        limit=MESSAGES_MAX + 1,
        now=request.now,
    )
    if not found:
        raise NotSeen
    page = found[:MESSAGES_MAX]
    shown = tuple(ClearMessage(id=one.message, text=one.text) for one in page)
    upto = page[-1].version if len(found) > MESSAGES_MAX else None
    return _never_kept(ClearMessages(items=shown, upto=upto))


@post(
    "/agents/{agent:uuid}/reveal-alarm/lift",
    Command,
    "liftRevealAlarm",
    "The agent may see things again",
)
async def lift(request: Call, agent: Id) -> Response[Accepted]:
    """By an admin, or a supervisor of the platform's desk, who has looked into it; not by
    oneself."""
    principal = request.principal
    if principal.kind is not Kind.ADMIN and PLATFORM not in principal.desks:
        # Who works here is not told to others.
        raise NotSeen
    return accepted(await request.submit(LiftRevealAlarm(agent=agent, by=request.acting_agent)))


async def _market(request: Call, consumer: UUID, data: NewReveal) -> str:
    """Whose rules hold: those of the order or conversation, which the agent must be able to see."""
    views, reader, markets = request.views, request.reader, []
    if data.order is not None:
        order = await views.orders.order(reader=reader, consumer=consumer, order=data.order)
        markets.append(order.state.market)
    if data.conversation is not None:
        seen = await views.cases.conversation(
            reader=reader, consumer=consumer, conversation=data.conversation
        )
        if data.case is not None and data.case not in seen.cases:
            raise NotSeen
        markets.append(seen.state.market)
    if not markets:
        raise Refused(problem("purpose_missing", "the conversation or order", field="conversation"))
    return markets[0]


def _grant(done: Done) -> Grant:
    (granted,) = [event for event in done.events if isinstance(event, RevealGranted)]
    return Grant(
        id=done.command_id,
        field=granted.field,
        until=granted.until,
        last=any(isinstance(event, RevealAlarmRaised) for event in done.events),
    )


def _never_kept(content: T) -> Response[T]:
    return Response(content, headers={"Cache-Control": "no-store"})


ROUTES = (ask, read, messages, lift)
