"""What agents do about remedies: see what one would come to, ask for one, and answer."""

from litestar import Response, post
from litestar.params import JSONBody

from oncedesk.domain.remedies.messages.asking import GrantRemedy, LiftRisk, MakeOffer, RefuseRemedy
from oncedesk.domain.remedies.words import Reason
from oncedesk.http.answers import Accepted
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.openapi import Command, Plain
from oncedesk.http.parameters import Id, RemedyPath
from oncedesk.http.shapes.remedies import (
    Offering,
    PreviewAsked,
    PreviewShape,
    Refusing,
    RemedyAsked,
    wish_of,
)
from oncedesk.http.wishing import acting, answered_to, previewed, wished
from oncedesk.storage.views.readers import NotSeen

_REMEDIES = "/orders/{consumer:uuid}/{order:uuid}/remedies"
_REMEDY = _REMEDIES + "/{remedy:int}"


class Lifting(Body, frozen=True, kw_only=True):
    """Why nothing is in the way."""

    reason: Reason


@post(
    _REMEDIES + "/preview",
    status_code=200,
    operation_id="previewDeskRemedy",
    operation_class=Plain,
    summary="What would this come to?",
)
async def preview(
    request: Call, consumer: Id, order: Id, data: JSONBody[PreviewAsked]
) -> PreviewShape:
    """The same that the consumer sees; for a merchant's desk of their part, without how it was
    paid and how the consumer is known."""
    return await previewed(request, consumer=consumer, order=order, data=data)


@post(
    _REMEDIES,
    status_code=200,
    operation_id="requestDeskRemedy",
    operation_class=Command,
    summary="The consumer wants this",
)
async def ask(
    request: Call, consumer: Id, order: Id, data: JSONBody[RemedyAsked]
) -> Response[Accepted]:
    """In the consumer's name, by the platform's people."""
    if not request.reader.sees_all:
        raise NotSeen
    return await wished(request, consumer=consumer, order=order, data=data)


@post(
    _REMEDY + "/grant",
    status_code=200,
    operation_id="grantRemedy",
    operation_class=Command,
    summary="Yes",
)
async def grant(request: Call, consumer: Id, order: Id, remedy: RemedyPath) -> Response[Accepted]:
    """Within the agent's authority; above it a second person is asked."""
    command = GrantRemedy(consumer=consumer, order=order, remedy=remedy, agent=acting(request))
    return await answered_to(request, command)


@post(
    _REMEDY + "/refusal",
    status_code=200,
    operation_id="refuseRemedy",
    operation_class=Command,
    summary="No",
)
async def refuse(
    request: Call, consumer: Id, order: Id, remedy: RemedyPath, data: JSONBody[Refusing]
) -> Response[Accepted]:
    """With facts and a reason; the consumer can dispute it."""
    command = RefuseRemedy(
        consumer=consumer,
        order=order,
        remedy=remedy,
        agent=acting(request),
        reason=data.reason,
        facts=data.facts,
    )
    return await answered_to(request, command)


@post(
    _REMEDY + "/offer",
    status_code=200,
    operation_id="offerRemedy",
    operation_class=Command,
    summary="Something else instead",
)
async def offer(
    request: Call, consumer: Id, order: Id, remedy: RemedyPath, data: JSONBody[Offering]
) -> Response[Accepted]:
    """At the desk's own charge; the consumer takes it or not."""
    command = MakeOffer(
        consumer=consumer,
        order=order,
        remedy=remedy,
        agent=acting(request),
        wish=wish_of(data.wish),
        expected_minor=data.expected_minor,
    )
    return await answered_to(request, command)


@post(
    _REMEDY + "/risk-review",
    status_code=200,
    operation_id="liftRisk",
    operation_class=Command,
    summary="Nothing is in the way",
)
async def lift(
    request: Call, consumer: Id, order: Id, remedy: RemedyPath, data: JSONBody[Lifting]
) -> Response[Accepted]:
    """A person of the platform looked at it: its money leaves when the rule alone says."""
    if not request.reader.sees_all:
        raise NotSeen
    command = LiftRisk(
        consumer=consumer,
        order=order,
        remedy=remedy,
        agent=acting(request),
        reason=data.reason,
    )
    return await answered_to(request, command)


ROUTES = (preview, ask, grant, refuse, offer, lift)
