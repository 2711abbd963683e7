"""Remedies, as the marketplace's back end previews, asks for and reads them."""

from litestar import Response, get, post
from litestar.params import JSONBody

from oncedesk.http.answers import Accepted, versioned
from oncedesk.http.auth.principals import Scope
from oncedesk.http.call import Call
from oncedesk.http.openapi import Command, Question
from oncedesk.http.parameters import Id
from oncedesk.http.remedying import previewed, requested
from oncedesk.http.shapes.remedies import RemediesShape, remedies_shape
from oncedesk.http.shapes.wishes import NewRemedy, PreviewShape, WishShape

_REMEDIES = "/consumers/{consumer:uuid}/orders/{order:uuid}/remedies"


@get(
    _REMEDIES,
    operation_id="readRemedies",
    operation_class=Question,
    summary="The remedies of an order",
)
async def read(request: Call, consumer: Id, order: Id) -> Response[RemediesShape]:
    """How far each is, what it gives and who bears it."""
    request.needs(Scope.ORDERS_READ)
    seen = await request.views.remedies.of_order(
        reader=request.reader, consumer=consumer, order=order
    )
    return versioned(remedies_shape(seen), seen.version)


@post(
    _REMEDIES + "/preview",
    status_code=200,
    operation_id="previewOrderRemedy",
    operation_class=Question,
    summary="What a wish would come to",
)
async def preview(
    request: Call, consumer: Id, order: Id, data: JSONBody[WishShape]
) -> PreviewShape:
    """As the consumer would see it, and who would bear it."""
    request.needs(Scope.ORDERS_READ)
    return await previewed(request, consumer=consumer, order=order, data=data)


@post(
    _REMEDIES,
    status_code=200,
    operation_id="requestOrderRemedy",
    operation_class=Command,
    summary="The consumer wants this",
)
async def ask(
    request: Call, consumer: Id, order: Id, data: JSONBody[NewRemedy]
) -> Response[Accepted]:
    """From the marketplace's own pages."""
    request.needs(Scope.ORDERS_WRITE)
    return await requested(request, consumer=consumer, order=order, data=data)


ROUTES = (read, preview, ask)
