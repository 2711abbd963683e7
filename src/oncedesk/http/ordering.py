"""Orders as all three audiences read them: how far each is, what is in it, what is made good."""

from collections.abc import Sequence
from uuid import UUID

from litestar import Response

from oncedesk.domain.shared.decider import Role
from oncedesk.http.answers import versioned
from oncedesk.http.call import Call
from oncedesk.http.cursors import Page
from oncedesk.http.shapes.looks import Looks
from oncedesk.http.shapes.orders import OrderShape, order_shape
from oncedesk.http.shapes.remedies import remedies_now
from oncedesk.storage.views.cases import ByTime
from oncedesk.storage.views.orders import SeenOrder


async def read_order(request: Call, *, consumer: UUID, order: UUID) -> Response[OrderShape]:
    """One order. Raises `NotSeen`."""
    seen = await request.views.orders.order(reader=request.reader, consumer=consumer, order=order)
    (shape,) = await _shapes(request, consumer, (seen,))
    return versioned(shape, seen.version)


async def orders_page(
    request: Call, *, consumer: UUID, cursor: str | None, limit: int
) -> Page[OrderShape]:
    """A page of this consumer's orders, the last changed first. Raises `NotSeen`."""
    found = await request.views.orders.of_consumer(
        reader=request.reader,
        consumer=consumer,
        after=request.position(ByTime, cursor),
        limit=limit,
    )
    last = None
    if found and found[-1].at is not None:
        last = ByTime(found[-1].at, found[-1].state.order)
    return request.page(await _shapes(request, consumer, found), limit, last)


async def looks_of(request: Call, orders: Sequence[SeenOrder]) -> Looks:
    """What is in these orders is called and looks so: one look-up each, for all."""
    views = request.views
    return Looks(
        bought=await views.bought.in_orders(orders),
        listings=await views.listings.in_orders(orders),
        # The marketplace has all that it told; a page is told of what it may show.
        hosts=None
        if request.reader.actor.role is Role.MARKETPLACE
        else request.service.settings.image_hosts,
    )


async def _shapes(
    request: Call, consumer: UUID, orders: Sequence[SeenOrder]
) -> Sequence[OrderShape]:
    """With what their listings and sellers are called and how their remedies stand: one look-up
    each, for all."""
    views, now = request.views, request.now
    packs = request.service.parts.library.at(now)
    looks = await looks_of(request, orders)
    names = await views.public_names.in_orders(orders)
    remedies = await views.remedies.of_orders(
        reader=request.reader, consumer=consumer, orders=[seen.state.order for seen in orders]
    )
    return [
        order_shape(
            seen,
            looks=looks,
            names=names,
            remedies=()
            if (book := remedies.get(seen.state.order)) is None
            else remedies_now(book, packs=packs, now=now),
        )
        for seen in orders
    ]
