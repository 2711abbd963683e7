"""Where I was named in a note."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta

from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.decider import Role
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.cursors import Page
from oncedesk.http.openapi import Plain, Question
from oncedesk.http.parameters import LIMIT, Cursor, Limit
from oncedesk.http.shapes.cases import Number
from oncedesk.storage.views.mentions import ByMoment, Mention


class MentionShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody named me in this message of this case."""

    message: UUID
    consumer: UUID
    conversation: UUID
    case: Number
    by: Role
    agent: UUID | None = None
    at: Moment
    read_at: Moment | None = None


class MentionsRead(Body, frozen=True, kw_only=True):
    """The messages that were read."""

    messages: Annotated[tuple[UUID, ...], Meta(min_length=1, max_length=100)]


@get("/mentions", operation_id="listMentions", operation_class=Question, summary="Who named me")
async def list_mentions(
    request: Call,
    show: Annotated[
        Literal["unread", "all"], QueryParameter(description="Also what I have read")
    ] = "unread",
    cursor: Cursor = None,
    limit: Limit = LIMIT,
) -> Page[MentionShape]:
    """The latest first: where, and not what."""
    found = await request.views.mentions.page(
        reader=request.reader,
        read=show == "all",
        after=request.position(ByMoment, cursor),
        limit=limit,
    )
    last = ByMoment(found[-1].at, found[-1].message) if found else None
    return request.page([_shape(one) for one in found], limit, last)


@post(
    "/mentions/read",
    status_code=204,
    operation_id="readMentions",
    operation_class=Plain,
    summary="I have read these",
)
async def read_mentions(request: Call, data: JSONBody[MentionsRead]) -> None:
    """What is not mine stays as it is."""
    await request.views.mentions.note_read(
        reader=request.reader, messages=data.messages, now=request.now
    )


def _shape(one: Mention) -> MentionShape:
    return MentionShape(
        message=one.message,
        consumer=one.consumer,
        conversation=one.conversation,
        case=one.case,
        by=one.author.role,
        agent=one.author.id if one.author.role is Role.AGENT else None,
        at=one.at,
        read_at=one.read_at,
    )


ROUTES = (list_mentions, read_mentions)
