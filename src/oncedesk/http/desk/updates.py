"""What an agent looks at, kept up to date: a queue, a conversation."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from litestar.params import QueryParameter
from litestar.response import Stream

from oncedesk.domain.shared.refs import Desk
from oncedesk.http.auth.principals import Principal
from oncedesk.http.auth.sessions import SessionKind
from oncedesk.http.call import Call, reader_of
from oncedesk.http.cursors import LIMIT_MAX
from oncedesk.http.desk.work import DeskQuery, SkillQuery
from oncedesk.http.live import Event, Seen, position, stream
from oncedesk.http.openapi import Events
from oncedesk.http.parameters import Id
from oncedesk.http.problems import Refused, problem
from oncedesk.http.routes import get
from oncedesk.http.shapes.attending import AttendingShape, attending_shape
from oncedesk.http.shapes.cases import (
    ConversationShape,
    MessageShape,
    QueuedShape,
    conversation_shape,
    queued_shape,
)
from oncedesk.http.shapes.words import desk_of
from oncedesk.http.thread_updates import Others, ThreadUpdates
from oncedesk.storage.live import lists_mark, state_mark
from oncedesk.storage.views.cases import SeenConversation
from oncedesk.storage.views.inbox import queue_places
from oncedesk.storage.views.readers import NotSeen, Reader
from oncedesk.storage.views.work import Work

REST_SECONDS = 0.5
"""A list that moves more often than this cannot be read."""


class Snapshot(msgspec.Struct, frozen=True):
    """The top of the queue, in its order. It replaces what was known before."""

    rows: Sequence[QueuedShape]


class Gone(msgspec.Struct, frozen=True):
    """A case that is no longer among the rows shown."""

    conversation: UUID
    case: int


@get(
    "/inbox/updates",
    Events,
    "watchQueue",
    "A queue, live",
    tells={"snapshot": Snapshot, "row": QueuedShape, "gone": Gone},
)
async def watch_queue(
    request: Call,
    desk: DeskQuery,
    skill: SkillQuery,
    rows: Annotated[int, QueryParameter(ge=1, le=LIMIT_MAX, description="From the top")] = 50,
) -> Stream:
    """A `snapshot` of the rows from the top, then each `row` that is new or has another version,
    and each that is `gone`. After a break it begins with a snapshot again."""
    watched = desk_of(desk)
    top = _Top(request.views.work, watched, skill, rows)
    marks = [lists_mark(place.bucket) for place in queue_places(watched, skill)]
    return await stream(
        request, SessionKind.AGENT, marks=marks, look=top.look, rest_seconds=REST_SECONDS
    )


@get(
    "/cases/{consumer:uuid}/{conversation:uuid}/updates",
    Events,
    "watchCases",
    "A conversation, live",
    tells={
        "message": MessageShape,
        "conversation": ConversationShape,
        "attending": AttendingShape,
    },
)
async def watch_cases(request: Call, consumer: Id, conversation: Id) -> Stream:
    """Each `message` from the beginning, or from behind the last that was received, and then
    `conversation`, how it stands, whenever that has changed; `attending`: who else is there."""
    attending = request.service.parts.attending

    async def shape(seen: SeenConversation) -> ConversationShape:
        return conversation_shape(seen)

    def others(seen: SeenConversation, reader: Reader) -> AttendingShape:
        return attending_shape(attending.at(conversation), seen, reader)

    updates = ThreadUpdates(
        request.views,
        consumer=consumer,
        conversation=conversation,
        after=position(request),
        shape=shape,
        others=Others("attending", others, AttendingShape()),
    )
    marks = [state_mark(conversation)]
    return await stream(request, SessionKind.AGENT, marks=marks, look=updates.look)


class _Top:
    """The top of one queue, as it was sent last."""

    def __init__(self, work: Work, desk: Desk, skill: str, rows: int) -> None:
        self._work = work
        self._desk = desk
        self._skill = skill
        self._rows = rows
        self._sent: dict[tuple[UUID, int], int] | None = None

    async def look(self, principal: Principal) -> Seen:
        """Raises `Refused` for a desk that is not this agent's."""
        try:
            found = await self._work.queue(
                reader=reader_of(principal),
                desk=self._desk,
                skill=self._skill,
                after=None,
                limit=self._rows,
            )
        except NotSeen:
            raise Refused(problem("not_found")) from None
        before, now = self._sent, {(row.conversation, row.case): row.version for row in found}
        self._sent = now
        if before is None:
            return Seen([Event("snapshot", Snapshot([queued_shape(row) for row in found]))])
        gone = [Event("gone", Gone(*key)) for key in before if key not in now]
        changed = [
            Event("row", queued_shape(row))
            for row in found
            if before.get((row.conversation, row.case)) != row.version
        ]
        return Seen([*gone, *changed])


ROUTES = (watch_queue, watch_cases)
