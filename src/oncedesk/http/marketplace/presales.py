"""What the marketplace tells of presales, and of prices that fell after an order."""

from typing import Annotated

from litestar import Response
from litestar.params import JSONBody
from msgspec import Meta

from oncedesk.domain.orders.messages import EndPresale, PayFinal, PresaleEnd, TellFinalPrice
from oncedesk.domain.remedies.messages.promising import TellPrice
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.money import Currency
from oncedesk.http.answers import Accepted, accepted
from oncedesk.http.auth.principals import Scope
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.openapi import MachineCommand
from oncedesk.http.parameters import Id
from oncedesk.http.routes import post
from oncedesk.http.shapes.orders import Minor, PartNumber, PaymentShape, payment_of

_ORDER = "/consumers/{consumer:uuid}/orders/{order:uuid}"


class FinalPrice(Body, frozen=True, kw_only=True):
    """What is left to pay of a presale; for a ladder, the count that was reached."""

    part: PartNumber
    final_minor: Minor
    reached: Annotated[int, Meta(ge=0, le=10**9)] = 0


class FinalPayment(Body, frozen=True, kw_only=True):
    """The rest of a presale, and when it was paid."""

    part: PartNumber
    payment: PaymentShape
    at: Moment


class End(Body, frozen=True, kw_only=True):
    """By whom a presale ended: `consumer` or `merchant`. What was not paid in time ends itself."""

    part: PartNumber
    by: PresaleEnd


class SeenPrice(Body, frozen=True, kw_only=True):
    """An item of the order, by its place from 1, was for sale for less then.

    `proof` is a digest, in hex, of what shows it.
    """

    part: PartNumber
    item: Annotated[int, Meta(ge=1, le=50)]
    unit_price_minor: Minor
    currency: Currency
    at: Moment
    proof: Annotated[str, Meta(pattern="^([0-9a-f]{2}){8,32}$", max_length=64)]


@post(
    _ORDER + "/presales/price", MachineCommand, "tellFinalPrice", "What is left to pay of a presale"
)
async def tell_price(
    request: Call, consumer: Id, order: Id, data: JSONBody[FinalPrice]
) -> Response[Accepted]:
    """Never above what was shown when it was ordered, nor above the price of the count reached."""
    request.needs(Scope.ORDERS_WRITE)
    command = TellFinalPrice(
        consumer=consumer,
        order=order,
        part=data.part,
        final_minor=data.final_minor,
        reached=data.reached,
    )
    return accepted(await request.submit(command))


@post(_ORDER + "/presales/payment", MachineCommand, "payFinal", "The rest of a presale was paid")
async def pay(
    request: Call, consumer: Id, order: Id, data: JSONBody[FinalPayment]
) -> Response[Accepted]:
    """Within its window, and exactly what is left."""
    request.needs(Scope.ORDERS_WRITE)
    command = PayFinal(
        consumer=consumer,
        order=order,
        part=data.part,
        payment=payment_of(data.payment),
        at=data.at,
    )
    return accepted(await request.submit(command))


@post(_ORDER + "/presales/end", MachineCommand, "endPresale", "A presale is not gone on with")
async def end(request: Call, consumer: Id, order: Id, data: JSONBody[End]) -> Response[Accepted]:
    """What becomes of the deposit the rules of the order's day say."""
    request.needs(Scope.ORDERS_WRITE)
    command = EndPresale(consumer=consumer, order=order, part=data.part, by=data.by)
    return accepted(await request.submit(command))


@post(_ORDER + "/prices", MachineCommand, "tellPrice", "A price fell after the order")
async def price_fell(
    request: Call, consumer: Id, order: Id, data: JSONBody[SeenPrice]
) -> Response[Accepted]:
    """The difference goes back by itself, once for each fall, as long as the price is protected."""
    request.needs(Scope.ORDERS_WRITE)
    command = TellPrice(
        consumer=consumer,
        order=order,
        part=data.part,
        item=data.item,
        unit_price_minor=data.unit_price_minor,
        currency=data.currency,
        told_at=data.at,
        proof=bytes.fromhex(data.proof),
    )
    return accepted(await request.submit(command))


ROUTES = (tell_price, pay, end, price_fell)
