"""What a consumer sees of their orders."""

from litestar import Response

from oncedesk.http.call import Call
from oncedesk.http.cursors import Page
from oncedesk.http.openapi import Question
from oncedesk.http.ordering import orders_page, read_order
from oncedesk.http.parameters import LIMIT, Cursor, Id, Limit
from oncedesk.http.routes import get
from oncedesk.http.shapes.orders import OrderShape


@get("/orders", Question, "listMyOrders", "My orders")
async def list_mine(request: Call, cursor: Cursor = None, limit: Limit = LIMIT) -> Page[OrderShape]:
    """The last changed first."""
    return await orders_page(request, consumer=request.person, cursor=cursor, limit=limit)


@get("/orders/{order:uuid}", Question, "readMyOrder", "One of my orders")
async def read(request: Call, order: Id) -> Response[OrderShape]:
    """How far it is, and what was promised."""
    return await read_order(request, consumer=request.person, order=order)


ROUTES = (list_mine, read)
