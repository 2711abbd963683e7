"""What a consumer can have made good of an order, how far it is, and how they disagree."""

from functools import partial

from litestar import Response
from litestar.params import JSONBody

from oncedesk.domain.remedies.messages.asking import (
    AcceptCounterOffer,
    AskHuman,
    DeclineCounterOffer,
    WithdrawRemedy,
)
from oncedesk.domain.remedies.messages.disputing import (
    ObjectToDecision,
    OpenDispute,
    Side,
    SubmitEvidence,
)
from oncedesk.http.answers import Accepted
from oncedesk.http.call import Call
from oncedesk.http.evidence import shown
from oncedesk.http.openapi import Asking, Command, Question
from oncedesk.http.parameters import Id, PartWanted, RemedyPath
from oncedesk.http.remedy_taps import This, for_consumers, tap, told
from oncedesk.http.remedying import previewed, read_choices, read_remedies, read_timeline, requested
from oncedesk.http.routes import get, post
from oncedesk.http.shapes.disputes import Shown, Why
from oncedesk.http.shapes.remedies import RemediesShape
from oncedesk.http.shapes.timeline import TimelineShape
from oncedesk.http.shapes.wishes import (
    ChoicesShape,
    NewRemedy,
    PreviewShape,
    RefundRoute,
    WishShape,
    route_of,
)

_REMEDIES = "/orders/{order:uuid}/remedies"


@get(_REMEDIES, Question, "listMyRemedies", "The remedies of one of my orders")
async def list_mine(request: Call, order: Id) -> Response[RemediesShape]:
    """How far each is, where the money is, and what happens by when."""
    return await read_remedies(request, consumer=request.person, order=order)


@get(_REMEDIES + "/choices", Question, "listMyChoices", "All that can be asked for now")
async def possible(request: Call, order: Id, part: PartWanted = 1) -> ChoicesShape:
    """Of one part, each kind with each reason for which it is possible, and what it comes to."""
    return await read_choices(request, consumer=request.person, order=order, part=part)


@get(_REMEDIES + "/{remedy:int}/timeline", Question, "readMyTimeline", "What happened to a remedy")
async def timeline(request: Call, order: Id, remedy: RemedyPath) -> TimelineShape:
    """Each step with its date, as codes that a page puts into words."""
    return await read_timeline(request, consumer=request.person, order=order, remedy=remedy)


@post(_REMEDIES + "/preview", Asking, "previewMyRemedy", "What a wish would come to")
async def preview(request: Call, order: Id, data: JSONBody[WishShape]) -> PreviewShape:
    """The exact amount, where it goes back to, what has to happen by when; nothing changes."""
    return await previewed(request, consumer=request.person, order=order, data=data, in_person=True)


@post(_REMEDIES, Command, "requestMyRemedy", "I want this")
async def ask(request: Call, order: Id, data: JSONBody[NewRemedy]) -> Response[Accepted]:
    """Exactly as previewed; granted at once where the rules allow."""
    return await requested(request, consumer=request.person, order=order, data=data)


@tap("/withdrawal", "withdrawMyRemedy", "I withdraw what I asked for")
async def withdraw(request: Call, this: This) -> Response[Accepted]:
    """As long as no money is on its way."""
    return await told(request, this, WithdrawRemedy)


@tap("/acceptance", "acceptMyCounterOffer", "I take what is offered")
async def accept(request: Call, this: This) -> Response[Accepted]:
    """It is the remedy from now on."""
    return await told(request, this, AcceptCounterOffer)


@tap("/declining", "declineMyCounterOffer", "I do not take what is offered")
async def decline(request: Call, this: This) -> Response[Accepted]:
    """The platform decides about what was wanted."""
    return await told(request, this, DeclineCounterOffer)


@tap("/human", "askForMyHuman", "A person shall decide it")
async def human(request: Call, this: This) -> Response[Accepted]:
    """No rule decides it from now on."""
    return await told(request, this, AskHuman)


@tap("/route", "nameMyRoute", "Where the money should go instead")
async def route(request: Call, this: This, data: JSONBody[RefundRoute]) -> Response[Accepted]:
    """Where what it was paid with cannot take it back."""
    return await told(request, this, route_of(data))


@tap("/dispute", "openMyDispute", "I do not accept the refusal")
async def dispute(request: Call, this: This, data: JSONBody[Why]) -> Response[Accepted]:
    """Both sides show what they have; then the platform decides."""
    return await told(request, this, partial(OpenDispute, reason=data.reason))


@tap("/evidence", "showMyEvidence", "What I have to show")
async def evidence(request: Call, this: This, data: JSONBody[Shown]) -> Response[Accepted]:
    """As long as the dispute is not decided."""
    digests = await shown(request, this, data.evidence, side=Side.CONSUMER)
    return await told(request, this, partial(SubmitEvidence, digests=digests, side=Side.CONSUMER))


@tap("/objection", "objectToMyDecision", "I object to the decision")
async def objection(request: Call, this: This, data: JSONBody[Why]) -> Response[Accepted]:
    """Once; somebody else looks at it again."""
    return await told(
        request, this, partial(ObjectToDecision, side=Side.CONSUMER, reason=data.reason)
    )


ROUTES = (
    *(list_mine, possible, timeline, preview, ask),
    for_consumers(withdraw, accept, decline, human, route, dispute, evidence, objection),
)
