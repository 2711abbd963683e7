"""What a consumer sees of their orders."""

from litestar import Response, get

from oncedesk.http.answers import versioned
from oncedesk.http.call import Call
from oncedesk.http.cursors import Page
from oncedesk.http.marketplace.orders import orders_page
from oncedesk.http.openapi import Question
from oncedesk.http.parameters import LIMIT, Cursor, Id, Limit
from oncedesk.http.shapes.orders import OrderShape, order_shape


@get("/orders", operation_id="listMyOrders", operation_class=Question, summary="My orders")
async def list_mine(request: Call, cursor: Cursor = None, limit: Limit = LIMIT) -> Page[OrderShape]:
    """The last changed first."""
    return await orders_page(request, request.person, cursor, limit)


@get(
    "/orders/{order:uuid}",
    operation_id="readMyOrder",
    operation_class=Question,
    summary="One of my orders",
)
async def read(request: Call, order: Id) -> Response[OrderShape]:
    """How far it is, and what was promised."""
    seen = await request.views.orders.order(
        reader=request.reader, consumer=request.person, order=order
    )
    return versioned(order_shape(seen), seen.version)


ROUTES = (list_mine, read)
