"""What a merchant's desk says of goods on their way, and what the platform's decides of them."""

from litestar import Response, post
from litestar.params import JSONBody

from oncedesk.domain.remedies.messages.contesting import ContestRefund, DecideContest
from oncedesk.domain.remedies.messages.returning import (
    ArrangeReturn,
    ConfirmReceipt,
    InspectReturn,
    NameReturnPlace,
    SendOut,
)
from oncedesk.http.answers import Accepted
from oncedesk.http.call import Call
from oncedesk.http.desk.remedies import REMEDY, given_remedy
from oncedesk.http.openapi import Command
from oncedesk.http.parameters import Id, RemedyPath
from oncedesk.http.shapes.returns import (
    ContestDecision,
    Contested,
    GoodsParcel,
    Inspection,
    ReturnLabel,
    ReturnTo,
    refused_of,
    slot_of,
)
from oncedesk.http.shapes.wishes import digests_of


@post(
    REMEDY + "/return-place",
    status_code=200,
    operation_id="nameReturnPlace",
    operation_class=Command,
    summary="Where it goes back to",
)
async def place(
    request: Call, consumer: Id, order: Id, remedy: RemedyPath, data: JSONBody[ReturnTo]
) -> Response[Accepted]:
    """One of the merchant's places."""
    command = NameReturnPlace(
        consumer=consumer,
        order=order,
        remedy=remedy,
        agent=request.acting_agent,
        place=data.place,
    )
    return await given_remedy(request, command)


@post(
    REMEDY + "/return-label",
    status_code=200,
    operation_id="arrangeReturn",
    operation_class=Command,
    summary="A label for the way back",
)
async def label(
    request: Call, consumer: Id, order: Id, remedy: RemedyPath, data: JSONBody[ReturnLabel]
) -> Response[Accepted]:
    """Perhaps with a slot where a courier comes for it."""
    command = ArrangeReturn(
        consumer=consumer,
        order=order,
        remedy=remedy,
        agent=request.acting_agent,
        shipment=data.shipment,
        carrier=data.carrier,
        slot=slot_of(data.slot),
        freight_minor=data.freight_minor,
        insured_minor=data.insured_minor,
    )
    return await given_remedy(request, command)


@post(
    REMEDY + "/receipt",
    status_code=200,
    operation_id="confirmReceipt",
    operation_class=Command,
    summary="It has come back",
)
async def receipt(request: Call, consumer: Id, order: Id, remedy: RemedyPath) -> Response[Accepted]:
    """Whatever the carrier says."""
    command = ConfirmReceipt(
        consumer=consumer, order=order, remedy=remedy, agent=request.acting_agent
    )
    return await given_remedy(request, command)


@post(
    REMEDY + "/inspection",
    status_code=200,
    operation_id="inspectReturn",
    operation_class=Command,
    summary="What was found in it",
)
async def inspection(
    request: Call, consumer: Id, order: Id, remedy: RemedyPath, data: JSONBody[Inspection]
) -> Response[Accepted]:
    """What is accepted is made good at once; the rest can be disputed or taken back."""
    command = InspectReturn(
        consumer=consumer,
        order=order,
        remedy=remedy,
        agent=request.acting_agent,
        refused=refused_of(data.refused),
        evidence=digests_of(data.evidence),
    )
    return await given_remedy(request, command)


@post(
    REMEDY + "/goods",
    status_code=200,
    operation_id="sendOut",
    operation_class=Command,
    summary="A parcel to the consumer is on its way",
)
async def goods(
    request: Call, consumer: Id, order: Id, remedy: RemedyPath, data: JSONBody[GoodsParcel]
) -> Response[Accepted]:
    """What was exchanged, repaired, resent, or not accepted."""
    command = SendOut(
        consumer=consumer,
        order=order,
        remedy=remedy,
        agent=request.acting_agent,
        shipment=data.shipment,
        carrier=data.carrier,
    )
    return await given_remedy(request, command)


@post(
    REMEDY + "/contest",
    status_code=200,
    operation_id="contestRefund",
    operation_class=Command,
    summary="It should not have been given",
)
async def contest(
    request: Call, consumer: Id, order: Id, remedy: RemedyPath, data: JSONBody[Contested]
) -> Response[Accepted]:
    """Where money left before anybody looked at the goods; the platform decides."""
    command = ContestRefund(
        consumer=consumer,
        order=order,
        remedy=remedy,
        agent=request.acting_agent,
        reason=data.reason,
        evidence=digests_of(data.evidence),
    )
    return await given_remedy(request, command)


@post(
    REMEDY + "/contest-decision",
    status_code=200,
    operation_id="decideContest",
    operation_class=Command,
    summary="Whether the merchant is right",
)
async def decision(
    request: Call, consumer: Id, order: Id, remedy: RemedyPath, data: JSONBody[ContestDecision]
) -> Response[Accepted]:
    """By the platform: the fund pays, and what the consumer owes is written down."""
    command = DecideContest(
        consumer=consumer,
        order=order,
        remedy=remedy,
        agent=request.acting_agent,
        upheld=data.upheld,
        reason=data.reason,
    )
    return await given_remedy(request, command)


ROUTES = (place, label, receipt, inspection, goods, contest, decision)
