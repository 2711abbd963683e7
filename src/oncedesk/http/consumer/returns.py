"""What a consumer says of the goods that they send back."""

from litestar import Response, get, post
from litestar.params import JSONBody

from oncedesk.domain.remedies.messages.returning import ReopenReturn, SendBack, TakeBack
from oncedesk.domain.shared.persons import person_of
from oncedesk.http.answers import Accepted, accepted
from oncedesk.http.call import Call
from oncedesk.http.openapi import Command, Question
from oncedesk.http.parameters import Id, RemedyPath
from oncedesk.http.shapes.returns import ReturnPlaceShape, SentBack
from oncedesk.http.shapes.wishes import digests_of

_REMEDY = "/orders/{order:uuid}/remedies/{remedy:int}"


@get(
    _REMEDY + "/return-place",
    operation_id="readMyReturnPlace",
    operation_class=Question,
    summary="Where I send it",
)
async def place(request: Call, order: Id, remedy: RemedyPath) -> ReturnPlaceShape:
    """As long as it is to be sent; all empty, while nobody has said where to."""
    text = await request.views.remedies.return_place(
        reader=request.reader, consumer=request.person, order=order, remedy=remedy
    )
    person = person_of(text or "")
    return ReturnPlaceShape(name=person.name, phone=person.phone, address=person.address)


@post(
    _REMEDY + "/return",
    status_code=200,
    operation_id="sendMineBack",
    operation_class=Command,
    summary="I have sent it",
)
async def send_back(
    request: Call, order: Id, remedy: RemedyPath, data: JSONBody[SentBack]
) -> Response[Accepted]:
    """With a carrier of one's own; a proof of posting counts at once."""
    command = SendBack(
        consumer=request.person,
        order=order,
        remedy=remedy,
        shipment=data.shipment,
        carrier=data.carrier,
        freight_minor=data.freight_minor,
        evidence=digests_of(data.evidence),
    )
    return accepted(await request.submit(command))


@post(
    _REMEDY + "/return-reopening",
    status_code=200,
    operation_id="reopenMyReturn",
    operation_class=Command,
    summary="I still want to send it",
)
async def reopen(request: Call, order: Id, remedy: RemedyPath) -> Response[Accepted]:
    """Once, after the time to send it ran out."""
    command = ReopenReturn(consumer=request.person, order=order, remedy=remedy)
    return accepted(await request.submit(command))


@post(
    _REMEDY + "/taking-back",
    status_code=200,
    operation_id="takeMineBack",
    operation_class=Command,
    summary="I want back what was not accepted",
)
async def take_back(request: Call, order: Id, remedy: RemedyPath) -> Response[Accepted]:
    """Rather than a dispute; the merchant sends it, or pays."""
    command = TakeBack(consumer=request.person, order=order, remedy=remedy)
    return accepted(await request.submit(command))


ROUTES = (place, send_back, reopen, take_back)
