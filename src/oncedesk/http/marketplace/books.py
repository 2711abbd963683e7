"""What the marketplace tells of money that it holds, pays out and takes; and what the books say."""

from typing import Annotated

from litestar import Response
from litestar.params import JSONBody, PathParameter

from oncedesk.domain.accounts.messages import ConfirmRecovery, FailRecovery, TellFunds
from oncedesk.domain.remedies.messages.funding import RecordPayout
from oncedesk.http.answers import Accepted, accepted
from oncedesk.http.auth.principals import Scope
from oncedesk.http.books import CurrencyQuery, Since, Until, books_of, statement_of
from oncedesk.http.call import Call
from oncedesk.http.openapi import MachineCommand, Table
from oncedesk.http.parameters import LIMIT, Cursor, Id, Limit
from oncedesk.http.routes import get, post, put
from oncedesk.http.shapes.books import (
    OrderBooks,
    Payout,
    RecoveryFailed,
    RecoveryTaken,
    StatementShape,
    TellingFunds,
)
from oncedesk.http.tables import Format

CurrencyPath = Annotated[str, PathParameter(pattern=r"^[A-Z]{3}$(?!\n)", max_length=3)]
RecoveryPath = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
_ORDER = "/consumers/{consumer:uuid}/orders/{order:uuid}"
_FUNDS = "/parties/{party:uuid}/funds/{currency:str}"


@put(_ORDER + "/payouts/{payout:uuid}", MachineCommand, "recordPayout", "A part is paid out")
async def pay_out(
    request: Call, consumer: Id, order: Id, payout: Id, data: JSONBody[Payout]
) -> Response[Accepted]:
    """Out of escrow. What a refund waits for cannot be paid out."""
    request.needs(Scope.ORDERS_WRITE)
    command = RecordPayout(
        consumer=consumer,
        order=order,
        id=payout,
        part=data.part,
        currency=data.currency,
        merchant_minor=data.merchant_minor,
        creator_minor=data.creator_minor,
        agency_minor=data.agency_minor,
        agency=data.agency,
        fee_minor=data.fee_minor,
    )
    return accepted(await request.submit(command))


@get(_ORDER + "/books", Table, "readOrderBooks", "Every entry of an order")
async def order_books(
    request: Call, consumer: Id, order: Id, chosen: Format = None
) -> Response[OrderBooks]:
    """The earliest first; at most 1,000."""
    request.needs(Scope.ORDERS_READ)
    return await books_of(request, consumer=consumer, order=order, chosen=chosen)


@put(_FUNDS, MachineCommand, "tellFunds", "What is held for a party")
async def tell(
    request: Call, party: Id, currency: CurrencyPath, data: JSONBody[TellingFunds]
) -> Response[Accepted]:
    """All of it, as of `told_at`; what was told before of an earlier moment is replaced."""
    request.needs(Scope.PARTIES_WRITE)
    command = TellFunds(
        party=party,
        currency=currency,
        market=data.market,
        holder=data.holder,
        balance_minor=data.balance_minor,
        deposit_minor=data.deposit_minor,
        escrow_minor=data.escrow_minor,
        told_at=data.told_at,
    )
    return accepted(await request.submit(command))


@post(
    _FUNDS + "/recoveries/{recovery:int}/confirmation",
    MachineCommand,
    "confirmRecovery",
    "What was asked for was taken",
)
async def confirm(
    request: Call,
    party: Id,
    currency: CurrencyPath,
    recovery: RecoveryPath,
    data: JSONBody[RecoveryTaken],
) -> Response[Accepted]:
    """All of it; otherwise it has failed."""
    request.needs(Scope.PARTIES_WRITE)
    command = ConfirmRecovery(
        party=party, currency=currency, recovery=recovery, amount_minor=data.amount_minor
    )
    return accepted(await request.submit(command))


@post(
    _FUNDS + "/recoveries/{recovery:int}/failure",
    MachineCommand,
    "failRecovery",
    "What was asked for was not taken",
)
async def fail(
    request: Call,
    party: Id,
    currency: CurrencyPath,
    recovery: RecoveryPath,
    data: JSONBody[RecoveryFailed],
) -> Response[Accepted]:
    """Nothing of it. That pocket counts as empty until it is told of again."""
    request.needs(Scope.PARTIES_WRITE)
    command = FailRecovery(party=party, currency=currency, recovery=recovery, reason=data.reason)
    return accepted(await request.submit(command))


@get("/parties/{party:uuid}/statement", Table, "readStatement", "A party's statement")
async def statement(
    request: Call,
    party: Id,
    currency: CurrencyQuery,
    since: Since,
    until: Until,
    cursor: Cursor = None,
    limit: Limit = LIMIT,
    chosen: Format = None,
) -> Response[StatementShape]:
    """Balances at the beginning and the end, and what moved, line by line."""
    request.needs(Scope.ORDERS_READ)
    return await statement_of(
        request,
        party=party,
        currency=currency,
        since=since,
        until=until,
        cursor=cursor,
        limit=limit,
        chosen=chosen,
    )


ROUTES = (pay_out, order_books, tell, confirm, fail, statement)
