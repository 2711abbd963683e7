"""What payments say of a charge that a remedy asked for, and where an order goes by now."""

import msgspec
from litestar import Response
from litestar.params import JSONBody

from oncedesk.domain.remedies.messages.changing import ChargeFailure, ConfirmCharge, FailCharge
from oncedesk.domain.remedies.words import Code
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.money import Currency
from oncedesk.http.answers import Accepted, accepted
from oncedesk.http.auth.principals import Scope
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.openapi import MachineCommand, Question
from oncedesk.http.parameters import Id, RemedyPath
from oncedesk.http.routes import get, post
from oncedesk.http.shapes.orders import Minor

_ORDER = "/consumers/{consumer:uuid}/orders/{order:uuid}"
_CHARGE = _ORDER + "/remedies/{remedy:int}/charge"


class ChargeTaken(Body, frozen=True, kw_only=True):
    """What was taken, and when; `reference` is your name for the payment."""

    amount_minor: Minor
    currency: Currency
    charged_at: Moment
    reference: Code = ""


class ChargeNotTaken(Body, frozen=True, kw_only=True):
    """Nothing was taken, and nothing will be."""

    reason: ChargeFailure


class AddressShape(msgspec.Struct, frozen=True, kw_only=True):
    """Where an order goes; nothing where none was told or it was erased."""

    address: str | None


@post(_CHARGE + "/confirmation", MachineCommand, "confirmCharge", "The consumer was charged")
async def confirm(
    request: Call, consumer: Id, order: Id, remedy: RemedyPath, data: JSONBody[ChargeTaken]
) -> Response[Accepted]:
    """The change that it pays for goes on. Saying it again changes nothing."""
    request.needs(Scope.ORDERS_WRITE)
    command = ConfirmCharge(
        consumer=consumer,
        order=order,
        remedy=remedy,
        amount_minor=data.amount_minor,
        currency=data.currency,
        charged_at=data.charged_at,
        reference=data.reference,
    )
    return accepted(await request.submit(command))


@post(_CHARGE + "/failure", MachineCommand, "failCharge", "The consumer could not be charged")
async def fail(
    request: Call, consumer: Id, order: Id, remedy: RemedyPath, data: JSONBody[ChargeNotTaken]
) -> Response[Accepted]:
    """The change that it was for does not happen."""
    request.needs(Scope.ORDERS_WRITE)
    command = FailCharge(consumer=consumer, order=order, remedy=remedy, reason=data.reason)
    return accepted(await request.submit(command))


@get(_ORDER + "/address", Question, "readOrderAddress", "Where an order goes")
async def address(request: Call, consumer: Id, order: Id) -> Response[AddressShape]:
    """As it was told with the order, or changed since."""
    request.needs(Scope.ORDERS_READ)
    seen = await request.views.orders.order(reader=request.reader, consumer=consumer, order=order)
    found = AddressShape(address=await request.views.addresses.of_order(seen=seen))
    return Response(found, headers={"Cache-Control": "no-store"})


ROUTES = (confirm, fail, address)
