"""What agents see of remedies, and what they decide in a dispute or above one's authority."""

from litestar import Response, get, post
from litestar.params import JSONBody

from oncedesk.domain.remedies.messages.asking import (
    GrantRemedy,
    LiftRisk,
    MakeCounterOffer,
    RefuseRemedy,
)
from oncedesk.domain.remedies.messages.authorising import ApproveGrant, DeclineGrant
from oncedesk.domain.remedies.messages.base import ToRemedy
from oncedesk.domain.remedies.messages.disputing import (
    DecideDispute,
    ObjectToDecision,
    Side,
    SubmitEvidence,
)
from oncedesk.http.answers import Accepted, accepted, versioned
from oncedesk.http.call import Call
from oncedesk.http.cursors import Page
from oncedesk.http.desk.work import DeskQuery
from oncedesk.http.openapi import Command, Question
from oncedesk.http.parameters import LIMIT, Cursor, Id, Limit, RemedyPath
from oncedesk.http.remedying import previewed, requested
from oncedesk.http.shapes.disputes import Decision, Shown, Why
from oncedesk.http.shapes.remedies import (
    RemediesShape,
    WaitingRemedyShape,
    remedies_shape,
    waiting_shape,
)
from oncedesk.http.shapes.wishes import (
    NewRemedy,
    Offered,
    PreviewShape,
    RemedyRefusal,
    WishShape,
    digests_of,
    wish_of,
)
from oncedesk.http.shapes.words import desk_of
from oncedesk.storage.views.readers import NotSeen
from oncedesk.storage.views.remedies import SeenRemedies
from oncedesk.storage.views.remedy_work import WorkPosition

ORDER = "/orders/{consumer:uuid}/{order:uuid}"
REMEDY = ORDER + "/remedies/{remedy:int}"


@get(
    "/remedies",
    operation_id="listWaitingRemedies",
    operation_class=Question,
    summary="The remedies that wait for a desk",
)
async def waiting(
    request: Call, desk: DeskQuery, cursor: Cursor = None, limit: Limit = LIMIT
) -> Page[WaitingRemedyShape]:
    """The first due first: what each clock will decide without the desk."""
    rows = await request.views.remedies.waiting(
        reader=request.reader,
        desk=desk_of(desk),
        after=request.position(WorkPosition, cursor),
        limit=limit,
    )
    last = WorkPosition(rows[-1].due_at, rows[-1].order, rows[-1].number) if rows else None
    return request.page([waiting_shape(row) for row in rows], limit, last)


@get(
    ORDER + "/remedies",
    operation_id="readDeskRemedies",
    operation_class=Question,
    summary="The remedies of an order",
)
async def read(request: Call, consumer: Id, order: Id) -> Response[RemediesShape]:
    """For a merchant's desk those of their part."""
    seen = await request.views.remedies.of_order(
        reader=request.reader, consumer=consumer, order=order
    )
    return versioned(remedies_shape(seen), seen.version)


@post(
    ORDER + "/remedies/preview",
    status_code=200,
    operation_id="previewRemedy",
    operation_class=Question,
    summary="What a wish would come to",
)
async def preview(
    request: Call, consumer: Id, order: Id, data: JSONBody[WishShape]
) -> PreviewShape:
    """For a merchant's desk of its own part."""
    return await previewed(request, consumer=consumer, order=order, data=data)


@post(
    ORDER + "/remedies",
    status_code=200,
    operation_id="requestRemedy",
    operation_class=Command,
    summary="The consumer wants this",
)
async def ask(
    request: Call, consumer: Id, order: Id, data: JSONBody[NewRemedy]
) -> Response[Accepted]:
    """By an agent of the platform, for the consumer."""
    return await requested(
        request, consumer=consumer, order=order, data=data, agent=request.acting_agent
    )


@post(
    ORDER + "/goodwill",
    status_code=200,
    operation_id="giveGoodwill",
    operation_class=Command,
    summary="Something that is not owed",
)
async def goodwill(
    request: Call, consumer: Id, order: Id, data: JSONBody[NewRemedy]
) -> Response[Accepted]:
    """Within the agent's authority and the budget."""
    return await requested(
        request,
        consumer=consumer,
        order=order,
        data=data,
        agent=request.acting_agent,
        goodwill=True,
    )


@post(
    REMEDY + "/grant",
    status_code=200,
    operation_id="grantRemedy",
    operation_class=Command,
    summary="The desk that was asked says yes",
)
async def grant(request: Call, consumer: Id, order: Id, remedy: RemedyPath) -> Response[Accepted]:
    """Within the agent's authority; above it a second person stands by it."""
    command = GrantRemedy(consumer=consumer, order=order, remedy=remedy, agent=request.acting_agent)
    return await given_remedy(request, command)


@post(
    REMEDY + "/refusal",
    status_code=200,
    operation_id="refuseRemedy",
    operation_class=Command,
    summary="The desk that was asked says no",
)
async def refuse(
    request: Call, consumer: Id, order: Id, remedy: RemedyPath, data: JSONBody[RemedyRefusal]
) -> Response[Accepted]:
    """With its reason; the consumer can dispute it."""
    command = RefuseRemedy(
        consumer=consumer,
        order=order,
        remedy=remedy,
        agent=request.acting_agent,
        reason=data.reason,
        facts=data.facts,
        evidence=digests_of(data.evidence),
    )
    return await given_remedy(request, command)


@post(
    REMEDY + "/counter-offer",
    status_code=200,
    operation_id="offerInstead",
    operation_class=Command,
    summary="Something else instead",
)
async def offer(
    request: Call, consumer: Id, order: Id, remedy: RemedyPath, data: JSONBody[Offered]
) -> Response[Accepted]:
    """The consumer takes it or not, in one tap."""
    command = MakeCounterOffer(
        consumer=consumer,
        order=order,
        remedy=remedy,
        agent=request.acting_agent,
        wish=wish_of(data.wish),
        expected_minor=data.expected_minor,
    )
    return await given_remedy(request, command)


@post(
    REMEDY + "/risk-lifted",
    status_code=200,
    operation_id="liftRisk",
    operation_class=Command,
    summary="A person has looked at it",
)
async def lift_risk(
    request: Call, consumer: Id, order: Id, remedy: RemedyPath, data: JSONBody[Why]
) -> Response[Accepted]:
    """Nothing makes it slower any more."""
    command = LiftRisk(
        consumer=consumer,
        order=order,
        remedy=remedy,
        agent=request.acting_agent,
        reason=data.reason,
    )
    return await given_remedy(request, command)


@post(
    REMEDY + "/evidence",
    status_code=200,
    operation_id="showEvidence",
    operation_class=Command,
    summary="What the merchant has to show",
)
async def evidence(
    request: Call, consumer: Id, order: Id, remedy: RemedyPath, data: JSONBody[Shown]
) -> Response[Accepted]:
    """As long as the dispute is not decided."""
    command = SubmitEvidence(
        consumer=consumer,
        order=order,
        remedy=remedy,
        agent=request.acting_agent,
        digests=data.as_bytes,
        side=Side.MERCHANT,
    )
    return await given_remedy(request, command)


@post(
    REMEDY + "/decision",
    status_code=200,
    operation_id="decideDispute",
    operation_class=Command,
    summary="The platform decides a dispute",
)
async def decide(
    request: Call, consumer: Id, order: Id, remedy: RemedyPath, data: JSONBody[Decision]
) -> Response[Accepted]:
    """Of an objection somebody else than who decided first."""
    command = DecideDispute(
        consumer=consumer,
        order=order,
        remedy=remedy,
        agent=request.acting_agent,
        outcome=data.outcome,
        reason=data.reason,
        basis=data.basis,
        amount_minor=data.amount_minor,
        shares=data.shares,
    )
    return await given_remedy(request, command)


@post(
    REMEDY + "/objection",
    status_code=200,
    operation_id="objectToDecision",
    operation_class=Command,
    summary="The merchant objects to a decision",
)
async def objection(
    request: Call, consumer: Id, order: Id, remedy: RemedyPath, data: JSONBody[Why]
) -> Response[Accepted]:
    """Once. What the consumer got is not taken back; the platform would bear it."""
    command = ObjectToDecision(
        consumer=consumer,
        order=order,
        remedy=remedy,
        agent=request.acting_agent,
        side=Side.MERCHANT,
        reason=data.reason,
    )
    return await given_remedy(request, command)


@post(
    REMEDY + "/second-approval",
    status_code=200,
    operation_id="approveGrant",
    operation_class=Command,
    summary="A second person stands by it",
)
async def approve(request: Call, consumer: Id, order: Id, remedy: RemedyPath) -> Response[Accepted]:
    """Somebody else than who wants to give it, within their own authority."""
    command = ApproveGrant(
        consumer=consumer, order=order, remedy=remedy, agent=request.acting_agent
    )
    return await given_remedy(request, command)


@post(
    REMEDY + "/second-refusal",
    status_code=200,
    operation_id="declineGrant",
    operation_class=Command,
    summary="A second person does not",
)
async def decline(
    request: Call, consumer: Id, order: Id, remedy: RemedyPath, data: JSONBody[Why]
) -> Response[Accepted]:
    """The remedy is as undecided as before."""
    command = DeclineGrant(
        consumer=consumer,
        order=order,
        remedy=remedy,
        agent=request.acting_agent,
        reason=data.reason,
    )
    return await given_remedy(request, command)


async def given_remedy(request: Call, command: ToRemedy) -> Response[Accepted]:
    """What became of it. Of a remedy that is none of their desk's there is none: `NotSeen`."""
    await seen_remedy(request, command)
    return accepted(await request.submit(command))


async def seen_remedy(request: Call, command: ToRemedy) -> SeenRemedies:
    """The order's remedies, this one among them. Raises `NotSeen`."""
    seen = await request.views.remedies.of_order(
        reader=request.reader, consumer=command.consumer, order=command.order
    )
    if all(one.number != command.remedy for one in seen.live):
        raise NotSeen
    return seen


ROUTES = (
    *(waiting, read, preview, ask, goodwill, grant, refuse, offer, lift_risk),
    *(evidence, decide, objection, approve, decline),
)
