"""What a merchant's desk says of goods on their way, and what the platform's decides of them."""

from functools import partial

from litestar import Response
from litestar.params import JSONBody

from oncedesk.domain.remedies.messages.contesting import ContestRefund, DecideContest
from oncedesk.domain.remedies.messages.disputing import Side
from oncedesk.domain.remedies.messages.returning import ConfirmReceipt, InspectReturn
from oncedesk.http.answers import Accepted
from oncedesk.http.call import Call
from oncedesk.http.evidence import shown
from oncedesk.http.remedy_taps import This, for_desks, tap, told
from oncedesk.http.shapes.returns import (
    ContestDecision,
    Contested,
    GoodsParcel,
    Inspection,
    ReturnLabel,
    ReturnTo,
    goods_of,
    label_of,
    place_of,
    refused_of,
)


@tap("/return-place", "nameReturnPlace", "Where it goes back to")
async def place(request: Call, this: This, data: JSONBody[ReturnTo]) -> Response[Accepted]:
    """One of the merchant's places."""
    return await told(request, this, place_of(data))


@tap("/return-label", "arrangeReturn", "A label for the way back")
async def label(request: Call, this: This, data: JSONBody[ReturnLabel]) -> Response[Accepted]:
    """Perhaps with a slot where a courier comes for it."""
    return await told(request, this, label_of(data))


@tap("/receipt", "confirmReceipt", "It has come back")
async def receipt(request: Call, this: This) -> Response[Accepted]:
    """Whatever the carrier says."""
    return await told(request, this, ConfirmReceipt)


@tap("/inspection", "inspectReturn", "What was found in it")
async def inspection(request: Call, this: This, data: JSONBody[Inspection]) -> Response[Accepted]:
    """What is accepted is made good at once; the rest can be disputed or taken back."""
    digests = await shown(request, this, data.evidence, side=Side.MERCHANT)
    return await told(
        request,
        this,
        partial(InspectReturn, refused=refused_of(data.refused), evidence=digests),
    )


@tap("/goods", "sendOut", "A parcel to the consumer is on its way")
async def goods(request: Call, this: This, data: JSONBody[GoodsParcel]) -> Response[Accepted]:
    """What was exchanged, repaired, resent, or not accepted."""
    return await told(request, this, goods_of(data))


@tap("/contest", "contestRefund", "It should not have been given")
async def contest(request: Call, this: This, data: JSONBody[Contested]) -> Response[Accepted]:
    """Where money left before anybody looked at the goods, or for goods that the consumer keeps at
    the charge of a merchant that was not asked. Once, with evidence; the platform decides."""
    digests = await shown(request, this, data.evidence, side=Side.MERCHANT)
    return await told(
        request,
        this,
        partial(ContestRefund, reason=data.reason, evidence=digests),
    )


@tap("/contest-decision", "decideContest", "Whether the merchant is right")
async def decision(
    request: Call, this: This, data: JSONBody[ContestDecision]
) -> Response[Accepted]:
    """By the platform: the fund pays, and what the consumer owes is written down."""
    return await told(request, this, partial(DecideContest, upheld=data.upheld, reason=data.reason))


ROUTES = (for_desks(place, label, receipt, inspection, goods, contest, decision),)
