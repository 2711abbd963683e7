"""Saved views: filters over a desk's inbox, tried before they are kept, and what fits them now."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import JSONBody
from msgspec import Meta

from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.refs import Desk
from oncedesk.http.answers import versioned
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.cursors import LENGTH_MAX, LIMIT_MAX, Page
from oncedesk.http.desk.leave import needs_supervisor
from oncedesk.http.desk.work import skills_of
from oncedesk.http.openapi import Asking, Plain, Question
from oncedesk.http.parameters import LIMIT, Cursor, Id, Limit
from oncedesk.http.problems import Refused, problem
from oncedesk.http.routes import delete, get, post, put
from oncedesk.http.shapes.cases import Number
from oncedesk.http.shapes.listed import ListedShape, listed_shape
from oncedesk.http.shapes.words import DeskName, desk_of
from oncedesk.storage.desk_tools.saved_views import VIEWS_MAX, SavedView, StoredView
from oncedesk.storage.views.filtered import CaseFilter
from oncedesk.storage.views.inbox import Position
from oncedesk.storage.views.readers import NotSeen

_VIEW = "/views/{view:uuid}"


class ViewSaid(Body, frozen=True, kw_only=True):
    """The view from now on, at which desk, and the version that was read (0: none yet).

    `shared`: it is everybody's at the desk.
    """

    seen: Annotated[int, Meta(ge=0, le=1_000_000)]
    desk: DeskName
    view: SavedView
    shared: bool = False


class Tried(Body, frozen=True, kw_only=True):
    """A filter over a desk's inbox, tried."""

    desk: DeskName
    filter: CaseFilter
    cursor: Annotated[str, Meta(max_length=LENGTH_MAX)] | None = None
    limit: Annotated[int, Meta(ge=1, le=LIMIT_MAX)] = LIMIT


class ViewShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A saved view at a version."""

    id: UUID
    version: Number
    desk: DeskName
    view: SavedView
    changed_at: Moment
    changed_by: str
    shared: bool = False


class ViewList(msgspec.Struct, frozen=True):
    """Saved views by desk and name."""

    items: Annotated[tuple[ViewShape, ...], Meta(max_length=VIEWS_MAX)]


@get("/views", Question, "listViews", "Saved views")
async def list_views(request: Call) -> ViewList:
    """My own, and those that my desks share; for an admin also those of the platform's."""
    found = await request.service.parts.saved_views.mine(
        reader=request.reader, agent=request.person
    )
    return ViewList(tuple(_shape(one) for one in found))


@put(_VIEW, Plain, "writeView", "Keep a view")
async def write(request: Call, view: Id, data: JSONBody[ViewSaid]) -> Response[ViewShape]:
    """At a desk of mine; a shared one by its supervisors. The same once more changes nothing."""
    desk, views = desk_of(data.desk), request.service.parts.saved_views
    if not request.reader.runs and desk not in request.reader.desks:
        raise NotSeen
    if data.shared:
        needs_supervisor(request, desk)
    before = await views.standing(reader=request.reader, agent=request.person, id_=view)
    if before is not None:
        _needs_leave(request, before)
        if before.version == data.seen + 1 and _same(before, data):
            return versioned(_shape(before), before.version)
    elif not await views.has_room(reader=request.reader, agent=request.person, desk=desk):
        raise Refused(problem("views_too_many", f"at most {VIEWS_MAX}, with those of the desks"))
    stored = await views.put(
        view,
        data.view,
        desk=desk,
        agent=None if data.shared else request.person,
        seen=data.seen,
        by=request.principal.name,
        now=request.now,
    )
    if stored is None:
        raise Refused(problem("stale_version", "the version that was read", field="seen"))
    return versioned(_shape(stored), stored.version)


@delete(_VIEW, Plain, "removeView", "Keep a view no more")
async def remove(request: Call, view: Id) -> None:
    """My own; a shared one by a supervisor of its desk."""
    views = request.service.parts.saved_views
    before = await views.one(reader=request.reader, agent=request.person, id_=view)
    _needs_leave(request, before)
    await views.remove(view)


@get(_VIEW + "/cases", Question, "readView", "What fits a view now")
async def read(
    request: Call, view: Id, cursor: Cursor = None, limit: Limit = LIMIT
) -> Page[ListedShape]:
    """The most urgent first. A page may be short, or empty, and yet have a next one."""
    found = await request.service.parts.saved_views.one(
        reader=request.reader, agent=request.person, id_=view
    )
    return await _fitting(request, desk_of(found.desk), found.view.filter, cursor, limit)


@post("/views/preview", Asking, "previewView", "Try a filter")
async def preview(request: Call, data: JSONBody[Tried]) -> Page[ListedShape]:
    """As it would be kept; nothing is."""
    return await _fitting(request, desk_of(data.desk), data.filter, data.cursor, data.limit)


async def _fitting(
    request: Call, desk: Desk, wanted: CaseFilter, cursor: str | None, limit: int
) -> Page[ListedShape]:
    views, packs = request.views, request.packs
    found = await views.filtered.page(
        reader=request.reader,
        desk=desk,
        wanted=wanted,
        skills=skills_of(request),
        now=request.now,
        after=request.position(Position, cursor),
        limit=limit,
    )
    told = await views.desk_list.told(reader=request.reader, rows=found.rows, packs=packs)
    return request.page_upto([listed_shape(one) for one in told], found.upto)


def _needs_leave(request: Call, before: StoredView) -> None:
    if before.agent is None:
        needs_supervisor(request, desk_of(before.desk))


def _same(before: StoredView, data: ViewSaid) -> bool:
    return (before.desk, before.view, before.agent is None) == (data.desk, data.view, data.shared)


def _shape(stored: StoredView) -> ViewShape:
    return ViewShape(
        id=stored.id,
        version=stored.version,
        desk=stored.desk,
        view=stored.view,
        changed_at=stored.changed_at,
        changed_by=stored.changed_by,
        shared=stored.agent is None,
    )


ROUTES = (list_views, write, remove, read, preview)
