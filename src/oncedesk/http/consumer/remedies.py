"""What a consumer can have made good of an order, how far it is, and how they disagree."""

from litestar import Response, get, post
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
from oncedesk.domain.remedies.messages.refunding import NameRoute
from oncedesk.http.answers import Accepted, accepted, versioned
from oncedesk.http.call import Call
from oncedesk.http.openapi import Command, Question
from oncedesk.http.parameters import Id, RemedyPath
from oncedesk.http.remedying import previewed, requested
from oncedesk.http.shapes.disputes import Shown, Why
from oncedesk.http.shapes.remedies import RemediesShape, remedies_shape
from oncedesk.http.shapes.wishes import NewRemedy, PreviewShape, RefundRoute, WishShape

_REMEDIES = "/orders/{order:uuid}/remedies"
_REMEDY = _REMEDIES + "/{remedy:int}"


@get(
    _REMEDIES,
    operation_id="listMyRemedies",
    operation_class=Question,
    summary="The remedies of one of my orders",
)
async def list_mine(request: Call, order: Id) -> Response[RemediesShape]:
    """How far each is, where the money is, and what happens by when."""
    seen = await request.views.remedies.of_order(
        reader=request.reader, consumer=request.person, order=order
    )
    return versioned(remedies_shape(seen), seen.version)


@post(
    _REMEDIES + "/preview",
    status_code=200,
    operation_id="previewMyRemedy",
    operation_class=Question,
    summary="What a wish would come to",
)
async def preview(request: Call, order: Id, data: JSONBody[WishShape]) -> PreviewShape:
    """The exact amount, where it goes back to, what has to happen by when; nothing changes."""
    return await previewed(request, consumer=request.person, order=order, data=data, in_person=True)


@post(
    _REMEDIES,
    status_code=200,
    operation_id="requestMyRemedy",
    operation_class=Command,
    summary="I want this",
)
async def ask(request: Call, order: Id, data: JSONBody[NewRemedy]) -> Response[Accepted]:
    """Exactly as previewed; granted at once where the rules allow."""
    return await requested(request, consumer=request.person, order=order, data=data)


@post(
    _REMEDY + "/withdrawal",
    status_code=200,
    operation_id="withdrawMyRemedy",
    operation_class=Command,
    summary="I do not want it any more",
)
async def withdraw(request: Call, order: Id, remedy: RemedyPath) -> Response[Accepted]:
    """As long as no money is on its way."""
    command = WithdrawRemedy(consumer=request.person, order=order, remedy=remedy)
    return accepted(await request.submit(command))


@post(
    _REMEDY + "/acceptance",
    status_code=200,
    operation_id="acceptMyCounterOffer",
    operation_class=Command,
    summary="I take what is offered",
)
async def accept(request: Call, order: Id, remedy: RemedyPath) -> Response[Accepted]:
    """It is the remedy from now on."""
    command = AcceptCounterOffer(consumer=request.person, order=order, remedy=remedy)
    return accepted(await request.submit(command))


@post(
    _REMEDY + "/declining",
    status_code=200,
    operation_id="declineMyCounterOffer",
    operation_class=Command,
    summary="I do not take what is offered",
)
async def decline(request: Call, order: Id, remedy: RemedyPath) -> Response[Accepted]:
    """The platform decides about what was wanted."""
    command = DeclineCounterOffer(consumer=request.person, order=order, remedy=remedy)
    return accepted(await request.submit(command))


@post(
    _REMEDY + "/human",
    status_code=200,
    operation_id="askForMyHuman",
    operation_class=Command,
    summary="A person shall decide it",
)
async def human(request: Call, order: Id, remedy: RemedyPath) -> Response[Accepted]:
    """No rule decides it from now on."""
    command = AskHuman(consumer=request.person, order=order, remedy=remedy)
    return accepted(await request.submit(command))


@post(
    _REMEDY + "/route",
    status_code=200,
    operation_id="nameMyRoute",
    operation_class=Command,
    summary="Where the money should go instead",
)
async def route(
    request: Call, order: Id, remedy: RemedyPath, data: JSONBody[RefundRoute]
) -> Response[Accepted]:
    """Where what it was paid with cannot take it back."""
    command = NameRoute(
        consumer=request.person,
        order=order,
        remedy=remedy,
        method=data.method,
        reference=data.reference,
    )
    return accepted(await request.submit(command))


@post(
    _REMEDY + "/dispute",
    status_code=200,
    operation_id="openMyDispute",
    operation_class=Command,
    summary="I do not accept the refusal",
)
async def dispute(
    request: Call, order: Id, remedy: RemedyPath, data: JSONBody[Why]
) -> Response[Accepted]:
    """Both sides show what they have; then the platform decides."""
    command = OpenDispute(consumer=request.person, order=order, remedy=remedy, reason=data.reason)
    return accepted(await request.submit(command))


@post(
    _REMEDY + "/evidence",
    status_code=200,
    operation_id="showMyEvidence",
    operation_class=Command,
    summary="What I have to show",
)
async def evidence(
    request: Call, order: Id, remedy: RemedyPath, data: JSONBody[Shown]
) -> Response[Accepted]:
    """As long as the dispute is not decided."""
    command = SubmitEvidence(
        consumer=request.person,
        order=order,
        remedy=remedy,
        digests=data.as_bytes,
        side=Side.CONSUMER,
    )
    return accepted(await request.submit(command))


@post(
    _REMEDY + "/objection",
    status_code=200,
    operation_id="objectToMyDecision",
    operation_class=Command,
    summary="I object to the decision",
)
async def objection(
    request: Call, order: Id, remedy: RemedyPath, data: JSONBody[Why]
) -> Response[Accepted]:
    """Once; somebody else looks at it again."""
    command = ObjectToDecision(
        consumer=request.person,
        order=order,
        remedy=remedy,
        side=Side.CONSUMER,
        reason=data.reason,
    )
    return accepted(await request.submit(command))


ROUTES = (
    *(list_mine, preview, ask, withdraw, accept, decline, human, route),
    *(dispute, evidence, objection),
)
