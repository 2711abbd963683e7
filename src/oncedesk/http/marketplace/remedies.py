"""Remedies, as the marketplace's back end previews, asks for and reads them."""

from litestar import Response
from litestar.params import JSONBody

from oncedesk.http.answers import Accepted
from oncedesk.http.auth.principals import Scope
from oncedesk.http.call import Call
from oncedesk.http.openapi import MachineAsking, MachineCommand, Question
from oncedesk.http.parameters import Id, PartWanted, RemedyPath
from oncedesk.http.remedying import previewed, read_choices, read_remedies, read_timeline, requested
from oncedesk.http.routes import get, post
from oncedesk.http.shapes.remedies import RemediesShape
from oncedesk.http.shapes.timeline import TimelineShape
from oncedesk.http.shapes.wishes import ChoicesShape, NewRemedy, PreviewShape, WishShape

_REMEDIES = "/consumers/{consumer:uuid}/orders/{order:uuid}/remedies"


@get(_REMEDIES, Question, "readRemedies", "The remedies of an order")
async def read(request: Call, consumer: Id, order: Id) -> Response[RemediesShape]:
    """How far each is, what it gives and who bears it."""
    request.needs(Scope.ORDERS_READ)
    return await read_remedies(request, consumer=consumer, order=order)


@get(_REMEDIES + "/choices", Question, "listOrderChoices", "All that can be asked for now")
async def possible(request: Call, consumer: Id, order: Id, part: PartWanted = 1) -> ChoicesShape:
    """Of one part, each kind with each reason for which it is possible, and what it comes to."""
    request.needs(Scope.ORDERS_READ)
    return await read_choices(request, consumer=consumer, order=order, part=part)


@get(
    _REMEDIES + "/{remedy:int}/timeline", Question, "readOrderTimeline", "What happened to a remedy"
)
async def timeline(request: Call, consumer: Id, order: Id, remedy: RemedyPath) -> TimelineShape:
    """Each step with its date, as codes that a page puts into words."""
    request.needs(Scope.ORDERS_READ)
    return await read_timeline(request, consumer=consumer, order=order, remedy=remedy)


@post(_REMEDIES + "/preview", MachineAsking, "previewOrderRemedy", "What a wish would come to")
async def preview(
    request: Call, consumer: Id, order: Id, data: JSONBody[WishShape]
) -> PreviewShape:
    """As the consumer would see it, and who would bear it."""
    request.needs(Scope.ORDERS_READ)
    return await previewed(request, consumer=consumer, order=order, data=data)


@post(_REMEDIES, MachineCommand, "requestOrderRemedy", "The consumer wants this")
async def ask(
    request: Call, consumer: Id, order: Id, data: JSONBody[NewRemedy]
) -> Response[Accepted]:
    """From the marketplace's own pages."""
    request.needs(Scope.ORDERS_WRITE)
    return await requested(request, consumer=consumer, order=order, data=data)


ROUTES = (read, possible, timeline, preview, ask)
