"""What the gate flagged: the reviewers' list, and what they make of it."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import JSONBody
from msgspec import Meta

from oncedesk.domain.conversations.messages import ReviewFlags, ReviewOutcome
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.decider import Role
from oncedesk.http.answers import Accepted, accepted
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.cursors import Page
from oncedesk.http.openapi import Command, Question
from oncedesk.http.parameters import LIMIT, Cursor, Id, Limit
from oncedesk.http.routes import get, post
from oncedesk.http.shapes.cases import Number
from oncedesk.storage.views import flags
from oncedesk.storage.views.flags import Flag, FlagPosition


class FlagShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message that somebody has to look at: what was found in it, by which rules of the pack.

    `name` is what the agent is called who wrote it, where one is kept.
    """

    consumer: UUID
    conversation: UUID
    case: Number
    message: UUID
    version: Number
    by: Role
    kinds: tuple[str, ...]
    rules: tuple[str, ...]
    at: Moment
    agent: UUID | None = None
    name: str = ""


class Review(Body, frozen=True, kw_only=True):
    """What the reviewer makes of all that is flagged in the conversation: of `seen` messages."""

    seen: Annotated[int, Meta(ge=1, le=1_000_000)]
    outcome: ReviewOutcome


@get("/flags", Question, "listFlags", "What was flagged")
async def list_flags(request: Call, cursor: Cursor = None, limit: Limit = LIMIT) -> Page[FlagShape]:
    """For the platform's desk, until somebody has looked at it; the oldest first."""
    reader = request.reader
    found = await flags.page(
        request.service.parts.pool,
        actor=reader.actor,
        desks=reader.desks,
        after=request.position(FlagPosition, cursor),
        limit=limit,
    )
    last = found[-1] if found else None
    agents = {id_ for one in found if (id_ := _agent(one)) is not None}
    names = await request.views.names.of(agents, reader=reader)
    return request.page(
        [_shape(one, names) for one in found],
        limit,
        last and FlagPosition(last.at, last.conversation, last.version),
    )


@post(
    "/cases/{consumer:uuid}/{conversation:uuid}/flags/review",
    Command,
    "reviewFlags",
    "Somebody has looked at it",
)
async def review(
    request: Call, consumer: Id, conversation: Id, data: JSONBody[Review]
) -> Response[Accepted]:
    """By one of the platform's. If more was flagged than they have seen, nothing is reviewed."""
    await request.views.cases.conversation(
        reader=request.reader, consumer=consumer, conversation=conversation
    )
    command = ReviewFlags(
        consumer=consumer,
        conversation=conversation,
        seen=data.seen,
        outcome=data.outcome,
        agent=request.acting_agent,
    )
    return accepted(await request.submit(command))


def _agent(flag: Flag) -> UUID | None:
    return flag.author.id if flag.author.role is Role.AGENT else None


def _shape(flag: Flag, names: Mapping[UUID, str]) -> FlagShape:
    agent = _agent(flag)
    return FlagShape(
        consumer=flag.consumer,
        conversation=flag.conversation,
        case=flag.case,
        message=flag.message,
        version=flag.version,
        by=flag.author.role,
        kinds=flag.kinds,
        rules=flag.rules,
        at=flag.at,
        agent=agent,
        name=names.get(agent, "") if agent else "",
    )


ROUTES = (list_flags, review)
