"""Statements and an order's books, for all audiences that may see them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar.params import QueryParameter

from oncedesk.domain.shared.bounds import Moment
from oncedesk.http.call import Call
from oncedesk.http.problems import Refused, problem
from oncedesk.http.shapes.books import OrderBooks, StatementShape, StatementsShape
from oncedesk.storage.ledger.statements import LinePosition, position_of

CurrencyQuery = Annotated[
    str, QueryParameter(pattern=r"^[A-Z]{3}$(?!\n)", max_length=3, description="Like CNY")
]
Since = Annotated[datetime, QueryParameter(description="From then on, with a zone")]
Until = Annotated[datetime, QueryParameter(description="Until before then, with a zone")]


async def statement_of(
    request: Call,
    *,
    party: UUID,
    currency: str,
    since: datetime,
    until: datetime,
    cursor: str | None,
    limit: int,
) -> StatementShape:
    """A page of a party's statement. Raises `NotSeen`, and `Refused` for no span at all."""
    check_span(since, until)
    reader, statements = request.reader, request.views.statements
    whole = await statements.statement(
        reader=reader, party=party, currency=currency, since=since, until=until
    )
    lines = await statements.lines(
        reader=reader,
        party=party,
        currency=currency,
        since=since,
        until=until,
        after=request.position(LinePosition, cursor),
        limit=limit,
    )
    return StatementShape(
        party=party,
        currency=currency,
        since=since,
        until=until,
        balances=whole.balances,
        pending_minor=whole.pending_minor,
        lines=request.page(lines, limit, position_of(lines[-1]) if lines else None),
    )


async def statements_of(
    request: Call, *, party: UUID, since: datetime, until: datetime
) -> StatementsShape:
    """A party's accounts in all its currencies. Raises `NotSeen`, and `Refused` for no span."""
    check_span(since, until)
    reader, views = request.reader, request.views.statements
    currencies = await views.currencies(reader=reader, party=party)
    return StatementsShape(
        items=tuple(
            [
                await views.statement(
                    reader=reader, party=party, currency=currency, since=since, until=until
                )
                for currency in currencies
            ]
        )
    )


async def books_of(request: Call, *, consumer: UUID, order: UUID) -> OrderBooks:
    """An order's entries, as far as the reader sees whose they are. Raises `NotSeen`."""
    seen = await request.views.orders.order(reader=request.reader, consumer=consumer, order=order)
    parties = {part.merchant for part in seen.state.parts} | {seen.state.creator}
    entries = await request.views.statements.of_order(
        reader=request.reader,
        consumer=consumer,
        order=order,
        parties=[party for party in parties if party is not None],
    )
    return OrderBooks(entries=tuple(entries))


def check_span(since: Moment, until: Moment) -> None:
    """Raises `Refused` for moments without a zone, or in the wrong order."""
    for name, moment in (("since", since), ("until", until)):
        if moment.tzinfo is None:
            raise Refused(problem("parameter_invalid", "a moment with its zone", field=name))
    if until <= since:
        raise Refused(problem("span_empty", "after `since`", field="until"))
