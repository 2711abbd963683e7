"""A desk's queue as it stands, for as long as somebody looks at it."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import QueryParameter
from litestar.response import Stream

from oncedesk.domain.shared.refs import Desk
from oncedesk.http.auth.principals import Principal
from oncedesk.http.auth.sessions import SessionKind
from oncedesk.http.call import Call
from oncedesk.http.live import Event, Seen, stream
from oncedesk.http.openapi import Events
from oncedesk.http.problems import Refused, problem
from oncedesk.http.shapes import DESK_PATTERN, desk_of
from oncedesk.storage.live import lists_mark
from oncedesk.storage.views.inbox import InboxRow, NotYourDesk, page, queue_places
from oncedesk.wiring import Parts

ROWS_MAX = 100
REST_SECONDS = 0.5
"""A list that moves more often than this cannot be read."""


class Snapshot(msgspec.Struct, frozen=True):
    """The top of the queue, in its order. It replaces what was known before."""

    rows: Sequence[InboxRow]


class Gone(msgspec.Struct, frozen=True):
    """A case that is no longer among the rows shown."""

    conversation: UUID
    case: int


@get(
    "/queue/updates",
    operation_id="watchQueue",
    operation_class=Events,
    summary="A queue, live",
)
async def watch_queue(
    request: Call,
    desk: Annotated[str, QueryParameter(pattern=DESK_PATTERN, max_length=45)],
    skill: Annotated[str, QueryParameter(pattern="^[A-Za-z0-9_.:/-]{1,64}$")],
    rows: Annotated[int, QueryParameter(ge=1, le=ROWS_MAX)] = 50,
) -> Stream:
    """A `snapshot` of the rows from the top, then each `row` that is new or has another version,
    and each that is `gone`. After a break it begins with a snapshot again."""
    watched = desk_of(desk)
    top = _Top(request.service.parts, watched, skill, rows)
    places = queue_places(watched, skill)
    marks = [lists_mark(place.bucket) for place in places]
    return await stream(
        request, SessionKind.AGENT, marks=marks, look=top.look, rest_seconds=REST_SECONDS
    )


class _Top:
    """The top of one queue, as it was sent last."""

    def __init__(self, parts: Parts, desk: Desk, skill: str, rows: int) -> None:
        self._parts = parts
        self._desk = desk
        self._skill = skill
        self._rows = rows
        self._sent: dict[tuple[UUID, int], int] | None = None

    async def look(self, principal: Principal) -> Seen:
        """Raises `Refused` for a desk that is not this agent's."""
        try:
            found = await page(
                self._parts.pool,
                actor=principal.actor,
                desks=principal.desks,
                desk=self._desk,
                skill=self._skill,
                after=None,
                limit=self._rows,
            )
        except NotYourDesk:
            raise Refused(problem("not_found")) from None
        before, now = self._sent, {(row.conversation, row.case): row.version for row in found}
        self._sent = now
        if before is None:
            return Seen([Event("snapshot", Snapshot(found))])
        gone = [Event("gone", Gone(*key)) for key in before if key not in now]
        changed = [
            Event("row", row)
            for row in found
            if before.get((row.conversation, row.case)) != row.version
        ]
        return Seen([*gone, *changed])


ROUTES = (watch_queue,)
