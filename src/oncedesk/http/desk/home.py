"""A merchant's or creator's home: what waits for the desk, and what will be decided without it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from litestar.params import QueryParameter

from oncedesk.domain.remedies.following import What
from oncedesk.domain.remedies.words import Line
from oncedesk.domain.shared.records import Record
from oncedesk.http.call import Call
from oncedesk.http.cursors import Page
from oncedesk.http.desk.work import DeskQuery, skills_of
from oncedesk.http.openapi import Question
from oncedesk.http.ordering import looks_of
from oncedesk.http.parameters import LIMIT, Cursor, Limit
from oncedesk.http.problems import Refused, problem
from oncedesk.http.routes import get
from oncedesk.http.shapes.bought import BoughtShape, bought_shape
from oncedesk.http.shapes.home import (
    CasesDueShape,
    FollowedShape,
    RemediesDueShape,
    at_risk,
    case_due_shape,
    followed_shape,
    remedy_due_shape,
)
from oncedesk.http.shapes.looks import Looks
from oncedesk.http.shapes.words import desk_of
from oncedesk.storage.views.cases_due import CasePosition
from oncedesk.storage.views.orders import SeenOrder
from oncedesk.storage.views.remedy_follow import FollowPosition
from oncedesk.storage.views.remedy_work import WorkPosition

DAY = timedelta(days=1)


Following = Literal["returning", "with_platform", "decided"]
FollowingQuery = Annotated[Following, QueryParameter(description="Which list")]
_OF: Mapping[Following, tuple[What, ...]] = {
    "returning": (What.RETURNING,),
    "with_platform": (What.WITH_PLATFORM,),
    "decided": (What.OBJECTIONABLE, What.CONTESTABLE),
}
RiskUntil = Annotated[
    datetime | None,
    QueryParameter(description="What is decided before then is at risk; without it, in a day"),
]


@get("/home/cases", Question, "listCasesDue", "The cases that wait for one's own desk")
async def cases(
    request: Call,
    desk: DeskQuery,
    until: RiskUntil = None,
    cursor: Cursor = None,
    limit: Limit = LIMIT,
) -> CasesDueShape:
    """With what the next clock of each will do by itself, and what prevents it."""
    before = _until(request, until)
    found = await request.views.cases_due.page(
        reader=request.reader,
        desk=desk_of(desk),
        skills=skills_of(request),
        after=request.position(CasePosition, cursor),
        limit=limit,
        packs=request.packs,
    )
    bought = await _bought(
        request, {one.order: one.consumer for one in found.items if one.order is not None}
    )
    return CasesDueShape(
        items=tuple(
            case_due_shape(one, bought=bought.of(one.order, part=one.part)) for one in found.items
        ),
        until=before,
        at_risk=at_risk((one.outlook for one in found.items), until=before),
        next=None if found.last is None else request.cursor_behind(found.last),
    )


@get("/home/remedies", Question, "listRemediesDue", "The remedies that wait for one's own desk")
async def remedies(
    request: Call,
    desk: DeskQuery,
    until: RiskUntil = None,
    cursor: Cursor = None,
    limit: Limit = LIMIT,
) -> RemediesDueShape:
    """To be answered, inspected, sent or shown evidence about; with what silence will decide."""
    before = _until(request, until)
    asked = desk_of(desk)
    found = await request.views.remedies_due.page(
        reader=request.reader,
        desk=asked,
        after=request.position(WorkPosition, cursor),
        limit=limit,
        packs=request.packs,
    )
    bought = await _bought(request, {one.row.order: one.row.consumer for one in found.items})
    return RemediesDueShape(
        items=tuple(
            remedy_due_shape(
                one,
                party=asked.party,
                bought=bought.of(one.row.order, lines=one.remedy.lines),
            )
            for one in found.items
        ),
        until=before,
        at_risk=at_risk((one.outlook for one in found.items), until=before),
        next=None if found.last is None else request.cursor_behind(found.last),
    )


@get("/home/followed", Question, "listFollowed", "The remedies that one's own desk follows")
async def followed(
    request: Call, desk: DeskQuery, of: FollowingQuery, cursor: Cursor = None, limit: Limit = LIMIT
) -> Page[FollowedShape]:
    """Goods on their way, what the platform decides, or what was decided and can be turned."""
    found = await request.views.followed.page(
        reader=request.reader,
        desk=desk_of(desk),
        what=_OF[of],
        after=request.position(FollowPosition, cursor),
        limit=limit,
    )
    last = found[-1] if found else None
    bought = await _bought(request, {one.order: one.consumer for one in found})
    return request.page(
        [followed_shape(one, bought=bought.of(one.order)) for one in found],
        limit,
        last and FollowPosition(last.due_at, last.order, last.number, last.what),
    )


class _Bought(Record, frozen=True):
    """What a page tells of the orders behind its rows."""

    orders: Mapping[UUID, SeenOrder]
    looks: Looks

    def of(
        self, order: UUID | None, *, part: int = 0, lines: tuple[Line, ...] = ()
    ) -> BoughtShape | None:
        seen = None if order is None else self.orders.get(order)
        return bought_shape(seen, looks=self.looks, part=part, lines=lines)


async def _bought(request: Call, orders: Mapping[UUID, UUID]) -> _Bought:
    """Of these orders, each with its consumer: one look-up each for all of them, and for what they
    are called."""
    found = await request.views.orders.of_consumers(reader=request.reader, orders=orders)
    return _Bought(found, await looks_of(request, [*found.values()]))


def _until(request: Call, said: datetime | None) -> datetime:
    """Raises `Refused` for a moment without a zone."""
    if said is None:
        return request.now + DAY
    if said.tzinfo is None:
        raise Refused(problem("parameter_invalid", "a moment with its zone", field="until"))
    return said


ROUTES = (cases, remedies, followed)
