"""Statements and an order's books, for all audiences that may see them."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, cast
from uuid import UUID

from litestar import Response
from litestar.params import QueryParameter

from oncedesk.domain.shared.bounds import Moment
from oncedesk.http.call import Call
from oncedesk.http.problems import Refused, problem
from oncedesk.http.shapes.books import OrderBooks, StatementShape, StatementsShape
from oncedesk.http.tables import Chosen, Row, table, wants_csv
from oncedesk.storage.ledger.statements import (
    Line,
    LinePosition,
    OrderEntry,
    Statement,
    position_of,
)
from oncedesk.storage.views.readers import NotSeen

CurrencyQuery = Annotated[
    str, QueryParameter(pattern=r"^[A-Z]{3}$(?!\n)", max_length=3, description="Like CNY")
]
Since = Annotated[datetime, QueryParameter(description="From then on, with a zone")]
Until = Annotated[datetime, QueryParameter(description="Until before then, with a zone")]
_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
_LINE = (
    *("at", "account", "minor", "balance_minor"),
    *("currency", "cause", "reason", "order", "remedy"),
)
_ENTRY = (
    *("at", "account", "party", "phase", "transfer"),
    *("minor", "currency", "cause", "reason", "remedy"),
)


async def statement_of(
    request: Call,
    *,
    party: UUID,
    currency: str,
    since: datetime,
    until: datetime,
    cursor: str | None,
    limit: int,
    chosen: Chosen,
) -> Response[StatementShape]:
    """A page of a party's statement, or all of it as CSV.

    Raises `NotSeen`, and `Refused` for no span at all.
    """
    check_span(since, until)
    reader, statements = request.reader, request.views.statements
    whole = await statements.statement(
        reader=reader, party=party, currency=currency, since=since, until=until
    )
    if wants_csv(request, chosen):
        every = statements.every_line(
            reader=reader, party=party, currency=currency, since=since, until=until
        )
        as_csv: Any = table(f"statement-{party}", _LINE, _with_balances(whole, every))
        return cast("Response[StatementShape]", as_csv)
    lines = await statements.lines(
        reader=reader,
        party=party,
        currency=currency,
        since=since,
        until=until,
        after=request.position(LinePosition, cursor),
        limit=limit,
    )
    content = StatementShape(
        party=party,
        currency=currency,
        since=since,
        until=until,
        balances=whole.balances,
        pending_minor=whole.pending_minor,
        lines=request.page(lines, limit, position_of(lines[-1]) if lines else None),
    )
    return Response(content)


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


async def books_of(
    request: Call, *, consumer: UUID, order: UUID, chosen: Chosen
) -> Response[OrderBooks]:
    """An order's entries, as far as the reader sees whose they are. Raises `NotSeen`."""
    seen = await request.views.orders.order(reader=request.reader, consumer=consumer, order=order)
    parties = {part.merchant for part in seen.state.parts} | {seen.state.creator}
    if request.reader.sees_all:
        parties |= await _who_has_money_of(request, consumer=consumer, order=order)
    entries = await request.views.statements.of_order(
        reader=request.reader,
        consumer=consumer,
        order=order,
        parties=[party for party in parties if party is not None],
    )
    if wants_csv(request, chosen):
        as_csv: Any = table(f"books-{order}", _ENTRY, _rows(entries))
        return cast("Response[OrderBooks]", as_csv)
    return Response(OrderBooks(entries=tuple(entries)))


async def _who_has_money_of(request: Call, *, consumer: UUID, order: UUID) -> set[UUID | None]:
    """Whose accounts have entries of the order beside its shops and creator: a carrier's, an
    agency's, an insurer's."""
    try:
        seen = await request.views.remedies.of_order(
            reader=request.reader, consumer=consumer, order=order
        )
    except NotSeen:
        return set()
    waiting = (entry for transfer in seen.state.pending for entry in transfer.entries)
    return {entry.party for entry in (*seen.state.books, *waiting)}


async def _with_balances(whole: Statement, lines: AsyncIterator[Line]) -> AsyncGenerator[Row]:
    """Each line with what stands in its account after it."""
    stands = {one.account: one.opening_minor for one in whole.balances}
    async for line in lines:
        stands[line.account] = stands.get(line.account, 0) + line.minor
        yield (
            *(line.at.isoformat(), line.account, line.minor, stands[line.account]),
            *(whole.currency, line.cause, line.reason, line.order, line.remedy),
        )


async def _rows(entries: Sequence[OrderEntry]) -> AsyncGenerator[Row]:
    for entry in entries:
        line = entry.line
        yield (
            *(line.at.isoformat(), line.account, entry.party, entry.phase, entry.transfer),
            *(line.minor, entry.currency, line.cause, line.reason, line.remedy),
        )


def check_span(since: Moment, until: Moment) -> None:
    """Raises `Refused` for moments without a zone, of no calendar, or in the wrong order."""
    for name, moment in (("since", since), ("until", until)):
        if moment.tzinfo is None:
            raise Refused(problem("parameter_invalid", "a moment with its zone", field=name))
        if not _EARLIEST <= moment <= _LATEST:
            raise Refused(problem("parameter_invalid", "in the years 1970 to 9998", field=name))
    if until <= since:
        raise Refused(problem("span_empty", "after `since`", field="until"))
