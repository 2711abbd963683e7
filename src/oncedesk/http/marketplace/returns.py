"""Goods on their way, as the marketplace's back end tells of them."""

from litestar import Response, post
from litestar.params import JSONBody

from oncedesk.domain.remedies.messages.returning import (
    ArrangeReturn,
    NameReturnPlace,
    RecordReturnTracking,
    SendOut,
)
from oncedesk.http.answers import Accepted, accepted
from oncedesk.http.auth.principals import Scope
from oncedesk.http.call import Call
from oncedesk.http.openapi import MachineCommand
from oncedesk.http.parameters import Id, RemedyPath
from oncedesk.http.shapes.returns import (
    GoodsParcel,
    ReturnLabel,
    ReturnScan,
    ReturnTo,
    slot_of,
)

_REMEDY = "/consumers/{consumer:uuid}/orders/{order:uuid}/remedies/{remedy:int}"


@post(
    _REMEDY + "/return-place",
    status_code=200,
    operation_id="tellReturnPlace",
    operation_class=MachineCommand,
    summary="Where it goes back to",
)
async def place(
    request: Call, consumer: Id, order: Id, remedy: RemedyPath, data: JSONBody[ReturnTo]
) -> Response[Accepted]:
    """One of the merchant's places; the consumer has all the time from now on."""
    request.needs(Scope.ORDERS_WRITE)
    command = NameReturnPlace(consumer=consumer, order=order, remedy=remedy, place=data.place)
    return accepted(await request.submit(command))


@post(
    _REMEDY + "/return-label",
    status_code=200,
    operation_id="tellReturnLabel",
    operation_class=MachineCommand,
    summary="A label for the way back",
)
async def label(
    request: Call, consumer: Id, order: Id, remedy: RemedyPath, data: JSONBody[ReturnLabel]
) -> Response[Accepted]:
    """With it, the risk of the way is not the consumer's."""
    request.needs(Scope.ORDERS_WRITE)
    command = ArrangeReturn(
        consumer=consumer,
        order=order,
        remedy=remedy,
        shipment=data.shipment,
        carrier=data.carrier,
        slot=slot_of(data.slot),
        freight_minor=data.freight_minor,
        insured_minor=data.insured_minor,
    )
    return accepted(await request.submit(command))


@post(
    _REMEDY + "/tracking",
    status_code=200,
    operation_id="recordReturnTracking",
    operation_class=MachineCommand,
    summary="Something was heard of a parcel of a remedy",
)
async def track(
    request: Call, consumer: Id, order: Id, remedy: RemedyPath, data: JSONBody[ReturnScan]
) -> Response[Accepted]:
    """Back or out; late, twice or in the wrong order."""
    request.needs(Scope.ORDERS_WRITE)
    command = RecordReturnTracking(
        consumer=consumer,
        order=order,
        remedy=remedy,
        shipment=data.shipment,
        code=data.code,
        happened_at=data.at,
        vocabulary=data.vocabulary,
        substate=data.substate,
        carrier=data.carrier,
        grams=data.grams,
        shipped_grams=data.shipped_grams,
    )
    return accepted(await request.submit(command))


@post(
    _REMEDY + "/goods",
    status_code=200,
    operation_id="tellGoodsSent",
    operation_class=MachineCommand,
    summary="A parcel to the consumer is on its way",
)
async def goods(
    request: Call, consumer: Id, order: Id, remedy: RemedyPath, data: JSONBody[GoodsParcel]
) -> Response[Accepted]:
    """What was exchanged, repaired, resent, or not accepted."""
    request.needs(Scope.ORDERS_WRITE)
    command = SendOut(
        consumer=consumer,
        order=order,
        remedy=remedy,
        shipment=data.shipment,
        carrier=data.carrier,
    )
    return accepted(await request.submit(command))


ROUTES = (place, label, track, goods)
