"""What the marketplace's back end reads of an order's remedies."""

from litestar import Response, get

from oncedesk.http.answers import versioned
from oncedesk.http.auth.principals import Scope
from oncedesk.http.call import Call
from oncedesk.http.openapi import Question
from oncedesk.http.parameters import Id
from oncedesk.http.shapes.remedies import RemediesShape, remedies_shape


@get(
    "/consumers/{consumer:uuid}/orders/{order:uuid}/remedies",
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


ROUTES = (read,)
