"""Desks, and the windows in which promises get longer."""

from typing import Annotated

import msgspec
from litestar import Response
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import Meta

from oncedesk.domain.desks.messages import (
    CloseDesk,
    Code,
    Language,
    Market,
    OpenDesk,
    PublishRelief,
    WithdrawRelief,
)
from oncedesk.domain.shared.bounds import RELIEF_SECONDS_MAX, Moment
from oncedesk.domain.shared.persons import SEARCHED_MAX
from oncedesk.http.answers import Accepted, accepted, versioned
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.cursors import Page
from oncedesk.http.openapi import AdminCommand, Question
from oncedesk.http.parameters import LIMIT, Cursor, Id, Limit
from oncedesk.http.routes import get, post, put
from oncedesk.http.shapes.people import DeskShape, desk_shape
from oncedesk.http.shapes.words import DESK_PATTERN, DeskName, desk_of
from oncedesk.storage.views.administration import NAMED_MAX, ByPlace

DeskPath = Annotated[str, PathParameter(pattern=DESK_PATTERN, max_length=45)]


Beginning = Annotated[
    str,
    QueryParameter(
        min_length=1,
        max_length=SEARCHED_MAX,
        pattern=r"^[^\x00-\x1f]+$(?!\n)",
        description="How the name begins, in large or small letters",
    ),
]


class NamedDeskShape(msgspec.Struct, frozen=True, kw_only=True):
    """A desk, and what its merchant or creator is called in public."""

    desk: DeskName
    name: str


class NamedDesks(msgspec.Struct, frozen=True):
    """In the order of their names."""

    items: Annotated[tuple[NamedDeskShape, ...], Meta(max_length=NAMED_MAX)]


class NewDesk(Body, frozen=True, kw_only=True):
    """In which market, and in which languages it works."""

    market: Market
    languages: Annotated[tuple[Language, ...], Meta(max_length=16)] = ()


class NewRelief(Body, frozen=True, kw_only=True):
    """Promises due in this span get so much longer; without region or carrier all of them."""

    market: Market
    starts_at: Moment
    ends_at: Moment
    extends_seconds: Annotated[int, Meta(ge=1, le=RELIEF_SECONDS_MAX)]
    region: Code | None = None
    carrier: Code | None = None


@get("/desks", Question, "listDesks", "All desks")
async def list_desks(request: Call, cursor: Cursor = None, limit: Limit = LIMIT) -> Page[DeskShape]:
    """In no order that says anything."""
    found = await request.views.administration.desks(
        reader=request.reader, after=request.position(ByPlace, cursor), limit=limit
    )
    last = found[-1].place if found else None
    return request.page([desk_shape(one.state, one.version) for one in found], limit, last)


@get("/desk-names", Question, "findDesks", "Desks of shops and creators by name")
async def find(request: Call, begins: Beginning) -> NamedDesks:
    """Whose public name begins so, by name; the first 20."""
    found = await request.views.administration.desks_named(reader=request.reader, beginning=begins)
    return NamedDesks(tuple(NamedDeskShape(desk=str(one.desk), name=one.name) for one in found))


@get("/desks/{desk:str}", Question, "readDesk", "A desk")
async def read(request: Call, desk: DeskPath) -> Response[DeskShape]:
    """The platform's shows the published reliefs, too."""
    found = await request.views.administration.desk(reader=request.reader, desk=desk_of(desk))
    return versioned(desk_shape(found.state, found.version), found.version)


@put("/desks/{desk:str}", AdminCommand, "openDesk", "A desk takes work")
async def open_desk(request: Call, desk: DeskPath, data: JSONBody[NewDesk]) -> Response[Accepted]:
    """Said again, its languages are replaced."""
    command = OpenDesk(desk=desk_of(desk), market=data.market, languages=data.languages)
    return accepted(await request.submit(command))


@post("/desks/{desk:str}/closing", AdminCommand, "closeDesk", "A desk takes no new work")
async def close(request: Call, desk: DeskPath) -> Response[Accepted]:
    """What it has keeps its clocks. The platform's never closes."""
    return accepted(await request.submit(CloseDesk(desk=desk_of(desk))))


@put("/reliefs/{relief:uuid}", AdminCommand, "publishRelief", "Promises get longer in a window")
async def publish_relief(
    request: Call, relief: Id, data: JSONBody[NewRelief]
) -> Response[Accepted]:
    """It has to be published before it starts."""
    command = PublishRelief(
        relief=relief,
        market=data.market,
        starts_at=data.starts_at,
        ends_at=data.ends_at,
        extends_seconds=data.extends_seconds,
        region=data.region,
        carrier=data.carrier,
    )
    return accepted(await request.submit(command))


@post("/reliefs/{relief:uuid}/withdrawal", AdminCommand, "withdrawRelief", "A relief does not come")
async def withdraw_relief(request: Call, relief: Id) -> Response[Accepted]:
    """Once it has started it stays."""
    return accepted(await request.submit(WithdrawRelief(relief=relief)))


ROUTES = (list_desks, find, read, open_desk, close, publish_relief, withdraw_relief)
