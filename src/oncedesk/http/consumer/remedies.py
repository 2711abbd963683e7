"""What a consumer asks for, sees before it, and says to what is offered."""

from litestar import Response, post
from litestar.params import JSONBody

from oncedesk.domain.remedies.messages.asking import (
    AcceptOffer,
    AskHuman,
    DeclineOffer,
    WithdrawRemedy,
)
from oncedesk.http.answers import Accepted
from oncedesk.http.call import Call
from oncedesk.http.openapi import Command, Plain
from oncedesk.http.parameters import Id, RemedyPath
from oncedesk.http.shapes.remedies import PreviewAsked, PreviewShape, RemedyAsked
from oncedesk.http.wishing import answered_to, previewed, wished

_REMEDIES = "/orders/{order:uuid}/remedies"
_REMEDY = _REMEDIES + "/{remedy:int}"


@post(
    _REMEDIES + "/preview",
    status_code=200,
    operation_id="previewMyRemedy",
    operation_class=Plain,
    summary="What would this come to?",
)
async def preview(request: Call, order: Id, data: JSONBody[PreviewAsked]) -> PreviewShape:
    """How much, back to which payment, who has to answer, what has to happen by when; or why not,
    and the nearest thing that is possible. Nothing changes by it."""
    return await previewed(request, consumer=request.person, order=order, data=data)


@post(
    _REMEDIES,
    status_code=200,
    operation_id="requestMyRemedy",
    operation_class=Command,
    summary="I want this",
)
async def ask(request: Call, order: Id, data: JSONBody[RemedyAsked]) -> Response[Accepted]:
    """As previewed; what a rule gives is given at once."""
    return await wished(request, consumer=request.person, order=order, data=data)


@post(
    _REMEDY + "/acceptance",
    status_code=200,
    operation_id="acceptMyOffer",
    operation_class=Command,
    summary="I take what was offered",
)
async def accept(request: Call, order: Id, remedy: RemedyPath) -> Response[Accepted]:
    """It is granted at once."""
    command = AcceptOffer(consumer=request.person, order=order, remedy=remedy)
    return await answered_to(request, command)


@post(
    _REMEDY + "/decline",
    status_code=200,
    operation_id="declineMyOffer",
    operation_class=Command,
    summary="I do not take what was offered",
)
async def decline(request: Call, order: Id, remedy: RemedyPath) -> Response[Accepted]:
    """The dispute opens; nobody has to escalate anything."""
    command = DeclineOffer(consumer=request.person, order=order, remedy=remedy)
    return await answered_to(request, command)


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
    return await answered_to(request, command)


@post(
    _REMEDY + "/person",
    status_code=200,
    operation_id="askForPerson",
    operation_class=Command,
    summary="A person should decide it",
)
async def ask_person(request: Call, order: Id, remedy: RemedyPath) -> Response[Accepted]:
    """Of the platform; from then on no rule does."""
    command = AskHuman(consumer=request.person, order=order, remedy=remedy)
    return await answered_to(request, command)


ROUTES = (preview, ask, accept, decline, withdraw, ask_person)
