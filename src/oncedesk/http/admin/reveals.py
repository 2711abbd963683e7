"""Who saw what of a consumer in clear, and why."""

from uuid import UUID

import msgspec

from oncedesk.domain.shared.bounds import Moment
from oncedesk.http.call import Call
from oncedesk.http.cursors import Page
from oncedesk.http.openapi import Question
from oncedesk.http.parameters import LIMIT, Cursor, Id, Limit
from oncedesk.http.routes import get
from oncedesk.http.shapes.cases import Number
from oncedesk.http.shapes.words import DeskName
from oncedesk.storage.views.reveals import RevealLogged, RevealPosition, reveal_page


class RevealShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An agent could see this from `at` until `until`: for which desk, why, and for what."""

    id: UUID
    agent: UUID
    field: str
    reason: str
    desk: DeskName
    at: Moment
    until: Moment
    conversation: UUID | None = None
    case: Number | None = None
    order: UUID | None = None


@get(
    "/consumers/{consumer:uuid}/reveals",
    Question,
    "listReveals",
    "Who saw a consumer's data in clear",
)
async def list_reveals(
    request: Call, consumer: Id, cursor: Cursor = None, limit: Limit = LIMIT
) -> Page[RevealShape]:
    """The earliest first. For an admin in person."""
    request.needs_admin()
    found = await reveal_page(
        request.service.parts.pool,
        reader=request.reader,
        consumer=consumer,
        after=request.position(RevealPosition, cursor),
        limit=limit,
    )
    last = found[-1] if found else None
    return request.page(
        [_shape(one) for one in found], limit, last and RevealPosition(last.at, last.id)
    )


def _shape(one: RevealLogged) -> RevealShape:
    return RevealShape(
        id=one.id,
        agent=one.agent,
        field=one.field,
        reason=one.reason,
        desk=one.desk,
        at=one.at,
        until=one.until,
        conversation=one.conversation,
        case=one.case,
        order=one.order,
    )


ROUTES = (list_reveals,)
