"""What the marketplace asks for in its consumers' names, and tells of consumers and merchants."""

from typing import Annotated
from uuid import UUID

from litestar import Response, post, put
from litestar.params import JSONBody
from msgspec import Meta

from oncedesk.domain.parties.messages import TellTerms, TellTrust, TrustLevel
from oncedesk.domain.remedies.messages.asking import (
    AcceptOffer,
    AskHuman,
    DeclineOffer,
    WithdrawRemedy,
)
from oncedesk.http.answers import Accepted, accepted
from oncedesk.http.auth.principals import Scope
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.openapi import MachineCommand, Question
from oncedesk.http.parameters import Id, RemedyPath
from oncedesk.http.shapes.remedies import PreviewAsked, PreviewShape, RemedyAsked
from oncedesk.http.wishing import answered_to, previewed, wished

_REMEDIES = "/consumers/{consumer:uuid}/orders/{order:uuid}/remedies"
_REMEDY = _REMEDIES + "/{remedy:int}"
_PARTY = "/parties/{party:uuid}"


class Trusting(Body, frozen=True, kw_only=True):
    """How a consumer is known now. It changes how fast money leaves, and nothing else.

    `linked` are accounts of the same person's, `remedies` how many there were in 30 days.
    """

    level: TrustLevel
    linked: Annotated[tuple[UUID, ...], Meta(max_length=16)] = ()
    remedies: Annotated[int, Meta(ge=0, le=100_000)] = 0


class Terms(Body, frozen=True, kw_only=True):
    """What a merchant agreed to: to bear refunds for which the consumer keeps the goods."""

    refunds_without_return: bool


@post(
    _REMEDIES + "/preview",
    status_code=200,
    operation_id="previewRemedy",
    operation_class=Question,
    summary="What would this come to?",
)
async def preview(
    request: Call, consumer: Id, order: Id, data: JSONBody[PreviewAsked]
) -> PreviewShape:
    """The same that the consumer and the agent see. Nothing changes by it."""
    request.needs(Scope.ORDERS_READ)
    return await previewed(request, consumer=consumer, order=order, data=data)


@post(
    _REMEDIES,
    status_code=200,
    operation_id="requestRemedy",
    operation_class=MachineCommand,
    summary="The consumer wants this",
)
async def ask(
    request: Call, consumer: Id, order: Id, data: JSONBody[RemedyAsked]
) -> Response[Accepted]:
    """As previewed; what a rule gives is given at once."""
    request.needs(Scope.ORDERS_WRITE)
    return await wished(request, consumer=consumer, order=order, data=data)


@post(
    _REMEDY + "/acceptance",
    status_code=200,
    operation_id="acceptOffer",
    operation_class=MachineCommand,
    summary="The consumer takes what was offered",
)
async def accept(request: Call, consumer: Id, order: Id, remedy: RemedyPath) -> Response[Accepted]:
    """It is granted at once."""
    request.needs(Scope.ORDERS_WRITE)
    command = AcceptOffer(consumer=consumer, order=order, remedy=remedy)
    return await answered_to(request, command)


@post(
    _REMEDY + "/decline",
    status_code=200,
    operation_id="declineOffer",
    operation_class=MachineCommand,
    summary="The consumer does not take what was offered",
)
async def decline(request: Call, consumer: Id, order: Id, remedy: RemedyPath) -> Response[Accepted]:
    """The dispute opens."""
    request.needs(Scope.ORDERS_WRITE)
    command = DeclineOffer(consumer=consumer, order=order, remedy=remedy)
    return await answered_to(request, command)


@post(
    _REMEDY + "/withdrawal",
    status_code=200,
    operation_id="withdrawRemedy",
    operation_class=MachineCommand,
    summary="The consumer does not want it any more",
)
async def withdraw(
    request: Call, consumer: Id, order: Id, remedy: RemedyPath
) -> Response[Accepted]:
    """As long as no money is on its way."""
    request.needs(Scope.ORDERS_WRITE)
    command = WithdrawRemedy(consumer=consumer, order=order, remedy=remedy)
    return await answered_to(request, command)


@post(
    _REMEDY + "/person",
    status_code=200,
    operation_id="askForPersonForConsumer",
    operation_class=MachineCommand,
    summary="The consumer wants a person to decide it",
)
async def ask_person(
    request: Call, consumer: Id, order: Id, remedy: RemedyPath
) -> Response[Accepted]:
    """Of the platform; from then on no rule does."""
    request.needs(Scope.ORDERS_WRITE)
    command = AskHuman(consumer=consumer, order=order, remedy=remedy)
    return await answered_to(request, command)


@put(
    _PARTY + "/trust",
    operation_id="tellTrust",
    operation_class=MachineCommand,
    summary="How a consumer is known",
)
async def trust(request: Call, party: Id, data: JSONBody[Trusting]) -> Response[Accepted]:
    """All that was told before is replaced."""
    request.needs(Scope.PARTIES_WRITE)
    command = TellTrust(party=party, level=data.level, linked=data.linked, remedies=data.remedies)
    return accepted(await request.submit(command))


@put(
    _PARTY + "/terms",
    operation_id="tellTerms",
    operation_class=MachineCommand,
    summary="What a merchant agreed to",
)
async def terms(request: Call, party: Id, data: JSONBody[Terms]) -> Response[Accepted]:
    """Without it nobody makes a merchant pay for goods that the consumer keeps."""
    request.needs(Scope.PARTIES_WRITE)
    command = TellTerms(party=party, refunds_without_return=data.refunds_without_return)
    return accepted(await request.submit(command))


ROUTES = (preview, ask, accept, decline, withdraw, ask_person, trust, terms)
