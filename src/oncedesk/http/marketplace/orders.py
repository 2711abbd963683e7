"""Orders as the marketplace tells them, and what it tells of them later."""

from uuid import UUID

from litestar import Response
from litestar.params import JSONBody
from msgspec.structs import replace

from oncedesk.domain.orders.messages import (
    AnnounceShipment,
    CancelOrder,
    Code,
    FakeFinding,
    MoveEstimate,
    RecordTracking,
    ReportFakeTracking,
)
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.vocabularies import Vocabulary
from oncedesk.http.answers import Accepted, accepted
from oncedesk.http.auth.principals import Scope
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.cursors import Page
from oncedesk.http.openapi import MachineCommand, Question
from oncedesk.http.ordering import orders_page, read_order
from oncedesk.http.parameters import LIMIT, Cursor, Id, Limit
from oncedesk.http.routes import get, post, put
from oncedesk.http.shapes.orders import (
    Amendment,
    Estimate,
    NewOrder,
    OrderShape,
    PartNumber,
    amend_promise,
    place_order,
)

_ORDER = "/consumers/{consumer:uuid}/orders/{order:uuid}"


class Cancellation(Body, frozen=True, kw_only=True):
    """When the order was cancelled, or this `part` of it; from then on it breaks no promise."""

    at: Moment
    part: PartNumber | None = None


class NewShipment(Body, frozen=True, kw_only=True):
    """This parcel carries this part. It is not shipped by that."""

    part: PartNumber
    shipment: UUID
    carrier: UUID | None = None


class Finding(Body, frozen=True, kw_only=True):
    """What was found of a shipment's number."""

    shipment: UUID
    finding: FakeFinding


class TrackingEvent(Body, frozen=True, kw_only=True):
    """What a carrier or tracker told, in whose words; late, twice or early, as it comes."""

    shipment: UUID
    code: Code
    at: Moment
    vocabulary: Vocabulary = Vocabulary.ONCEDESK
    substate: Code = ""
    carrier: UUID | None = None


@put(_ORDER, MachineCommand, "placeOrder", "An order was placed")
async def place(
    request: Call, consumer: Id, order: Id, data: JSONBody[NewOrder]
) -> Response[Accepted]:
    """The promises run from now on. The same order once more changes nothing."""
    request.needs(Scope.ORDERS_WRITE)
    command = place_order(consumer=consumer, order=order, data=data)
    if data.address is not None:
        seal = request.seal(data.address)
        command = replace(command, digest=seal.digest, length=seal.length)
    return accepted(await request.submit(command, text=data.address))


@post(
    _ORDER + "/cancellation",
    MachineCommand,
    "cancelOrder",
    "An order, or a part of it, was cancelled",
)
async def cancel(
    request: Call, consumer: Id, order: Id, data: JSONBody[Cancellation]
) -> Response[Accepted]:
    """From then on it breaks no promise."""
    request.needs(Scope.ORDERS_WRITE)
    command = CancelOrder(consumer=consumer, order=order, at=data.at, part=data.part or 0)
    return accepted(await request.submit(command))


@post(
    _ORDER + "/shipments/findings",
    MachineCommand,
    "reportFakeTracking",
    "A shipment's number is a fake, or is none",
)
async def report_fake(
    request: Call, consumer: Id, order: Id, data: JSONBody[Finding]
) -> Response[Accepted]:
    """It is a broken promise of the part that it carries; `cleared` takes that back."""
    request.needs(Scope.ORDERS_WRITE)
    command = ReportFakeTracking(
        consumer=consumer, order=order, shipment=data.shipment, finding=data.finding
    )
    return accepted(await request.submit(command))


@post(_ORDER + "/shipments", MachineCommand, "announceShipment", "A parcel carries a part")
async def announce(
    request: Call, consumer: Id, order: Id, data: JSONBody[NewShipment]
) -> Response[Accepted]:
    """What was heard of the parcel before counts for the part from now on."""
    request.needs(Scope.ORDERS_WRITE)
    command = AnnounceShipment(
        consumer=consumer,
        order=order,
        part=data.part,
        shipment=data.shipment,
        carrier=data.carrier,
    )
    return accepted(await request.submit(command))


@post(_ORDER + "/tracking", MachineCommand, "recordTracking", "Something was heard of a parcel")
async def track(
    request: Call, consumer: Id, order: Id, data: JSONBody[TrackingEvent]
) -> Response[Accepted]:
    """It may come late, twice, in the wrong order, or before its order."""
    request.needs(Scope.ORDERS_WRITE)
    command = RecordTracking(
        consumer=consumer,
        order=order,
        shipment=data.shipment,
        code=data.code,
        at=data.at,
        vocabulary=data.vocabulary,
        substate=data.substate,
        carrier=data.carrier,
    )
    return accepted(await request.submit(command))


@post(
    _ORDER + "/amendments", MachineCommand, "amendPromise", "The consumer agreed to something else"
)
async def amend(
    request: Call, consumer: Id, order: Id, data: JSONBody[Amendment]
) -> Response[Accepted]:
    """What was promised first stays on record."""
    request.needs(Scope.ORDERS_WRITE)
    command = amend_promise(consumer=consumer, order=order, data=data)
    return accepted(await request.submit(command))


@post(_ORDER + "/estimates", MachineCommand, "moveEstimate", "A part is expected at another time")
async def estimate(
    request: Call, consumer: Id, order: Id, data: JSONBody[Estimate]
) -> Response[Accepted]:
    """What was promised stays."""
    request.needs(Scope.ORDERS_WRITE)
    command = MoveEstimate(
        consumer=consumer, order=order, part=data.part, estimate_at=data.estimate_at
    )
    return accepted(await request.submit(command))


@get(_ORDER, Question, "readOrder", "An order")
async def read(request: Call, consumer: Id, order: Id) -> Response[OrderShape]:
    """How far it is, and how it stands with what was promised."""
    request.needs(Scope.ORDERS_READ)
    return await read_order(request, consumer=consumer, order=order)


@get("/consumers/{consumer:uuid}/orders", Question, "listOrders", "A consumer's orders")
async def list_orders(
    request: Call, consumer: Id, cursor: Cursor = None, limit: Limit = LIMIT
) -> Page[OrderShape]:
    """The last changed first."""
    request.needs(Scope.ORDERS_READ)
    return await orders_page(request, consumer=consumer, cursor=cursor, limit=limit)


ROUTES = (place, cancel, announce, report_fake, track, amend, estimate, read, list_orders)
