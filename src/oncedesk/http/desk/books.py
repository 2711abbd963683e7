"""What merchants' and creators' agents read of their own books, and the platform's of all."""

from litestar import Response

from oncedesk.http.books import (
    CurrencyQuery,
    Since,
    Until,
    books_of,
    statement_of,
    statements_of,
)
from oncedesk.http.call import Call
from oncedesk.http.openapi import Question, Table
from oncedesk.http.parameters import LIMIT, Cursor, Id, Limit
from oncedesk.http.routes import get
from oncedesk.http.shapes.books import OrderBooks, StatementShape, StatementsShape
from oncedesk.http.tables import Format


@get("/parties/{party:uuid}/statement", Table, "readDeskStatement", "A statement of one's own")
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
    """Of the merchant or creator at whose desk the agent works; the platform's see every one."""
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


@get(
    "/parties/{party:uuid}/statements",
    Question,
    "readDeskStatements",
    "How one's own accounts stand",
)
async def statements(request: Call, party: Id, since: Since, until: Until) -> StatementsShape:
    """In every currency, at the beginning and at the end of a period, without the lines."""
    return await statements_of(request, party=party, since=since, until=until)


@get(
    "/orders/{consumer:uuid}/{order:uuid}/books",
    Table,
    "readDeskOrderBooks",
    "The entries of an order",
)
async def order_books(
    request: Call, consumer: Id, order: Id, chosen: Format = None
) -> Response[OrderBooks]:
    """Those in accounts of one's own; for the platform's agents all of them."""
    return await books_of(request, consumer=consumer, order=order, chosen=chosen)


ROUTES = (statement, statements, order_books)
