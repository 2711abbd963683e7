"""Goods on their way, as the marketplace's back end tells of them."""

from functools import partial

from litestar import Response
from litestar.params import JSONBody

from oncedesk.domain.remedies.messages.returning import RecordReturnTracking
from oncedesk.http.answers import Accepted
from oncedesk.http.call import Call
from oncedesk.http.remedy_taps import This, for_marketplace, machine_tap, told
from oncedesk.http.shapes.returns import (
    GoodsParcel,
    ReturnLabel,
    ReturnScan,
    ReturnTo,
    goods_of,
    label_of,
    place_of,
)


@machine_tap("/return-place", "tellReturnPlace", "Where it goes back to")
async def place(request: Call, this: This, data: JSONBody[ReturnTo]) -> Response[Accepted]:
    """One of the merchant's places; the consumer has all the time from now on."""
    return await told(request, this, place_of(data))


@machine_tap("/return-label", "tellReturnLabel", "A label for the way back")
async def label(request: Call, this: This, data: JSONBody[ReturnLabel]) -> Response[Accepted]:
    """With it, the risk of the way is not the consumer's."""
    return await told(request, this, label_of(data))


@machine_tap("/tracking", "recordReturnTracking", "Something was heard of a parcel of a remedy")
async def track(request: Call, this: This, data: JSONBody[ReturnScan]) -> Response[Accepted]:
    """Back or out; late, twice or in the wrong order."""
    return await told(
        request,
        this,
        partial(
            RecordReturnTracking,
            shipment=data.shipment,
            code=data.code,
            happened_at=data.at,
            vocabulary=data.vocabulary,
            substate=data.substate,
            carrier=data.carrier,
            grams=data.grams,
            shipped_grams=data.shipped_grams,
        ),
    )


@machine_tap("/goods", "tellGoodsSent", "A parcel to the consumer is on its way")
async def goods(request: Call, this: This, data: JSONBody[GoodsParcel]) -> Response[Accepted]:
    """What was exchanged, repaired, resent, or not accepted."""
    return await told(request, this, goods_of(data))


ROUTES = (for_marketplace(place, label, track, goods),)
