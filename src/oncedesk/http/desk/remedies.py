"""What agents see of remedies, and what they decide in a dispute or above one's authority."""

from uuid import UUID

from litestar import Response, get, post
from litestar.params import JSONBody

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
from oncedesk.http.shapes.disputes import Decision, Shown, Why
from oncedesk.http.shapes.remedies import (
    RemediesShape,
    WaitingRemedyShape,
    remedies_shape,
    waiting_shape,
)
from oncedesk.http.shapes.words import desk_of
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
    """What became of it. Of an order that is none of their desk's there is none: `NotSeen`."""
    await refuse_stranger(request, command.consumer, command.order)
    return accepted(await request.submit(command))


async def refuse_stranger(request: Call, consumer: UUID, order: UUID) -> None:
    """Raises `NotSeen` where no desk of the agent's is part of these remedies."""
    await request.views.remedies.of_order(reader=request.reader, consumer=consumer, order=order)


ROUTES = (waiting, read, evidence, decide, objection, approve, decline)
