"""What a consumer says of the goods that they send back."""

from litestar import Response
from litestar.params import JSONBody

from oncedesk.domain.remedies.messages.disputing import Side
from oncedesk.domain.remedies.messages.returning import ReopenReturn, TakeBack
from oncedesk.domain.shared.persons import person_of
from oncedesk.http.answers import Accepted
from oncedesk.http.call import Call
from oncedesk.http.evidence import shown
from oncedesk.http.openapi import Question
from oncedesk.http.remedy_taps import This, for_consumers, tap, told
from oncedesk.http.routes import get
from oncedesk.http.shapes.returns import ReturnPlaceShape, SentBack, sent_back_of


@get("/return-place", Question, "readMyReturnPlace", "Where I send it")
async def place(request: Call, this: This) -> ReturnPlaceShape:
    """As long as it is to be sent; all empty, while nobody has said where to."""
    text = await request.views.remedies.return_place(
        reader=request.reader, consumer=this.consumer, order=this.order, remedy=this.remedy
    )
    person = person_of(text or "")
    return ReturnPlaceShape(name=person.name, phone=person.phone, address=person.address)


@tap("/return", "sendMineBack", "I have sent it")
async def send_back(request: Call, this: This, data: JSONBody[SentBack]) -> Response[Accepted]:
    """With a carrier of one's own; a proof of posting counts at once."""
    digests = await shown(request, this, data.evidence, side=Side.CONSUMER)
    return await told(request, this, sent_back_of(data, digests))


@tap("/return-reopening", "reopenMyReturn", "I still want to send it")
async def reopen(request: Call, this: This) -> Response[Accepted]:
    """Once, after the time to send it ran out."""
    return await told(request, this, ReopenReturn)


@tap("/taking-back", "takeMineBack", "I want back what was not accepted")
async def take_back(request: Call, this: This) -> Response[Accepted]:
    """Rather than a dispute; the merchant sends it, or pays."""
    return await told(request, this, TakeBack)


ROUTES = (for_consumers(place, send_back, reopen, take_back),)
