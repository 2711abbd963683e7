"""What the marketplace's payments say of refunds, and how quickly money went back."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import Meta

from oncedesk.domain.remedies.messages.refunding import (
    ConfirmCredit,
    ConfirmRefund,
    FailRefund,
    NameRoute,
    OutsideKind,
    RecordOutside,
    RefundFailure,
)
from oncedesk.domain.remedies.words import Code, Minor
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.money import Currency
from oncedesk.http.answers import Accepted, accepted
from oncedesk.http.auth.principals import Scope
from oncedesk.http.bodies import Body
from oncedesk.http.books import Since, Until, check_span
from oncedesk.http.call import Call
from oncedesk.http.cursors import Page
from oncedesk.http.openapi import MachineCommand, Question
from oncedesk.http.parameters import LIMIT, Cursor, Id, Limit, RemedyPath
from oncedesk.http.routes import get, post
from oncedesk.storage.views.refunds import OneRefund, RefundDay, RefundPosition, Unsettled

_ORDER = "/consumers/{consumer:uuid}/orders/{order:uuid}"
_REMEDY = _ORDER + "/remedies/{remedy:int}"
_REFUND = _REMEDY + "/refunds/{leg:int}"
ROWS_MAX = 1_000

LegPath = Annotated[int, PathParameter(ge=1, le=10_000)]
MarketWanted = Annotated[str, QueryParameter(pattern="^([a-z0-9_-]{1,16})?$", max_length=16)]


class Confirmation(Body, frozen=True, kw_only=True):
    """Exactly the amount that was asked for was sent at that moment."""

    amount_minor: Minor
    currency: Currency
    sent_at: Moment
    reference: Code = ""


class Credit(Body, frozen=True, kw_only=True):
    """When the money arrived."""

    credited_at: Moment


class Failure(Body, frozen=True, kw_only=True):
    """Why it was not sent, and will not be. `asked` is that of the `refund.requested` which this
    answers; without it, of the last."""

    reason: RefundFailure
    asked: Annotated[int, Meta(ge=1, le=100_000)] | None = None


class NewRoute(Body, frozen=True, kw_only=True):
    """Where the money can go, in the marketplace's own words."""

    method: Code
    reference: Code = ""


class OutsideMoney(Body, frozen=True, kw_only=True):
    """What went back, or was paid, without us; `payment` is its place in the order, from 1."""

    id: UUID
    kind: OutsideKind
    amount_minor: Minor
    currency: Currency
    payment: Annotated[int, Meta(ge=0, le=64)] = 0


class RefundFigures(msgspec.Struct, frozen=True):
    """How quickly money went back, by day (UTC), market and currency; and what is not settled."""

    days: tuple[RefundDay, ...]
    unsettled: Unsettled


@post(_REFUND + "/confirmation", MachineCommand, "confirmRefund", "A refund was sent")
async def confirm(
    request: Call,
    consumer: Id,
    order: Id,
    remedy: RemedyPath,
    leg: LegPath,
    data: JSONBody[Confirmation],
) -> Response[Accepted]:
    """With the last refund of a remedy the remedy is settled. The same once more changes nothing;
    another amount, another currency or another moment is refused. What was sent although it had
    failed and gone elsewhere is recorded as sent twice."""
    request.needs(Scope.REFUNDS_WRITE)
    command = ConfirmRefund(
        consumer=consumer,
        order=order,
        remedy=remedy,
        leg=leg,
        amount_minor=data.amount_minor,
        currency=data.currency,
        sent_at=data.sent_at,
        reference=data.reference,
    )
    return accepted(await request.submit(command))


@post(_REFUND + "/credit", MachineCommand, "confirmCredit", "A refund has arrived")
async def credit(
    request: Call, consumer: Id, order: Id, remedy: RemedyPath, leg: LegPath, data: JSONBody[Credit]
) -> Response[Accepted]:
    """It may come late, after the remedy is over."""
    request.needs(Scope.REFUNDS_WRITE)
    command = ConfirmCredit(
        consumer=consumer, order=order, remedy=remedy, leg=leg, credited_at=data.credited_at
    )
    return accepted(await request.submit(command))


@post(_REFUND + "/failure", MachineCommand, "failRefund", "A refund was not sent")
async def fail(
    request: Call,
    consumer: Id,
    order: Id,
    remedy: RemedyPath,
    leg: LegPath,
    data: JSONBody[Failure],
) -> Response[Accepted]:
    """The consumer is asked where to. Only say it of what was certainly not sent; where the outcome
    is not known, say nothing: you are asked again. Of an asking before the route was named, it was
    said before, and changes nothing."""
    request.needs(Scope.REFUNDS_WRITE)
    command = FailRefund(
        consumer=consumer,
        order=order,
        remedy=remedy,
        leg=leg,
        reason=data.reason,
        asked=data.asked or 0,
    )
    return accepted(await request.submit(command))


@post(
    _REMEDY + "/route",
    MachineCommand,
    "nameRefundRoute",
    "Where money can go whose way back is closed",
)
async def route(
    request: Call, consumer: Id, order: Id, remedy: RemedyPath, data: JSONBody[NewRoute]
) -> Response[Accepted]:
    """Payments are asked once more whether the failed refund was really not sent; then it goes
    there."""
    request.needs(Scope.REFUNDS_WRITE)
    command = NameRoute(
        consumer=consumer,
        order=order,
        remedy=remedy,
        method=data.method,
        reference=data.reference,
    )
    return accepted(await request.submit(command))


@post(
    _ORDER + "/outside-payments",
    MachineCommand,
    "recordOutsidePayment",
    "Money went back, or was paid, without us",
)
async def outside(
    request: Call, consumer: Id, order: Id, data: JSONBody[OutsideMoney]
) -> Response[Accepted]:
    """A chargeback, a refund by hand, or a payment that the order did not name: it is counted."""
    request.needs(Scope.REFUNDS_WRITE)
    command = RecordOutside(
        consumer=consumer,
        order=order,
        id=data.id,
        kind=data.kind,
        amount_minor=data.amount_minor,
        currency=data.currency,
        payment=data.payment,
    )
    return accepted(await request.submit(command))


@get("/refunds/clock", Question, "readRefundClock", "How quickly money goes back")
async def clock(
    request: Call,
    days: Annotated[int, QueryParameter(ge=1, le=366, description="So many days back")] = 7,
    market: MarketWanted = "",
) -> RefundFigures:
    """From the request of a remedy until its money was sent, and until it arrived."""
    request.needs(Scope.REFUNDS_READ)
    refunds, reader, now = request.views.refunds, request.reader, request.now
    found = await refunds.clock(
        reader=reader,
        since=now - timedelta(days=days),
        until=now + timedelta(days=2),
        market=market,
        limit=ROWS_MAX,
    )
    unsettled = await refunds.unsettled(reader=reader, market=market)
    return RefundFigures(tuple(found), unsettled)


@get("/refunds/sent", Question, "listSentRefunds", "Refunds that were sent, one by one")
async def list_sent(
    request: Call, since: Since, until: Until, cursor: Cursor = None, limit: Limit = LIMIT
) -> Page[OneRefund]:
    """Against the payments' own books: those sent in this time, the earliest first."""
    request.needs(Scope.REFUNDS_READ)
    check_span(since, until)
    found = await request.views.refunds.sent(
        reader=request.reader,
        since=since,
        until=until,
        after=request.position(RefundPosition, cursor),
        limit=limit,
    )
    last = found[-1] if found else None
    return request.page(found, limit, last and RefundPosition(last.sent_at or since, last.refund))


@get("/refunds/unsettled", Question, "listUnsettledRefunds", "Refunds that wait, one by one")
async def list_unsettled(
    request: Call, cursor: Cursor = None, limit: Limit = LIMIT
) -> Page[OneRefund]:
    """Not answered by payments (`requested`), or failed; the earliest asked for first."""
    request.needs(Scope.REFUNDS_READ)
    found = await request.views.refunds.waiting(
        reader=request.reader, after=request.position(RefundPosition, cursor), limit=limit
    )
    last = found[-1] if found else None
    return request.page(found, limit, last and RefundPosition(last.asked_at, last.refund))


ROUTES = (confirm, credit, fail, route, outside, clock, list_sent, list_unsettled)
