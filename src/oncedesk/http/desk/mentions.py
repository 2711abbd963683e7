"""Where I was named in a note."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta

from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.decider import Role
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.cursors import Page
from oncedesk.http.desk.work import DeskQuery
from oncedesk.http.openapi import Plain, Question
from oncedesk.http.parameters import LIMIT, Cursor, Limit
from oncedesk.http.routes import get, post
from oncedesk.http.shapes.cases import Number
from oncedesk.http.shapes.words import desk_of
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


class ColleagueShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody of the desk, as this reader may know them; without a name none is kept."""

    agent: UUID
    name: str = ""


class Colleagues(msgspec.Struct, frozen=True):
    """The people of a desk, at most 500."""

    items: Annotated[tuple[ColleagueShape, ...], Meta(max_length=500)]


@get("/colleagues", Question, "listColleagues", "Whom a note can name")
async def colleagues(request: Call, desk: DeskQuery) -> Colleagues:
    """The people of a desk of mine."""
    reader = request.reader
    found = await request.views.roster.colleagues(
        reader=reader, desk=desk_of(desk), now=request.now
    )
    names = await request.views.names.of(found, reader=reader)
    return Colleagues(
        tuple(ColleagueShape(agent=agent, name=names.get(agent, "")) for agent in found)
    )


@get("/mentions", Question, "listMentions", "Who named me")
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


@post("/mentions/read", Plain, "readMentions", "I have read these", status=204)
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


ROUTES = (colleagues, list_mentions, read_mentions)
