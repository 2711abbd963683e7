"""What a consumer sees of the remedies of an order, and how they disagree with a refusal."""

from litestar import Response, get, post
from litestar.params import JSONBody

from oncedesk.domain.remedies.messages.disputing import (
    ObjectToDecision,
    OpenDispute,
    Side,
    SubmitEvidence,
)
from oncedesk.http.answers import Accepted, accepted, versioned
from oncedesk.http.call import Call
from oncedesk.http.openapi import Command, Question
from oncedesk.http.parameters import Id, RemedyPath
from oncedesk.http.shapes.disputes import Shown, Why
from oncedesk.http.shapes.remedies import RemediesShape, remedies_shape

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


ROUTES = (list_mine, dispute, evidence, objection)
