"""The platform's own money: what the fund gave and has back, and how much there is this month."""

from typing import Annotated

from litestar import Response
from litestar.params import JSONBody, PathParameter

from oncedesk.domain.budgets.messages import BudgetName, SetBudget
from oncedesk.http.admin.packs import MarketPath
from oncedesk.http.answers import Accepted, accepted
from oncedesk.http.books import Since, Until, check_span
from oncedesk.http.call import Call
from oncedesk.http.marketplace.books import CurrencyPath
from oncedesk.http.openapi import AdminCommand, Question
from oncedesk.http.routes import get, put
from oncedesk.http.shapes.books import BudgetAmount, FundShape
from oncedesk.storage.ledger.fund import BudgetReport

NamePath = Annotated[str, PathParameter(pattern=r"^[a-z][a-z0-9_]{0,31}$(?!\n)", max_length=32)]
_BUDGET = "/markets/{market:str}/budgets/{budget:str}/{currency:str}"


@get("/fund", Question, "readFund", "The assurance fund")
async def fund(request: Call, since: Since, until: Until) -> FundShape:
    """Used, recovered, written off and what it cost per order in the span; what is owed, as of
    now, by age."""
    check_span(since, until)
    found = await request.views.fund.report(
        reader=request.reader, since=since, until=until, now=request.now
    )
    return FundShape(since=since, until=until, currencies=tuple(found))


@get(_BUDGET, Question, "readBudget", "A budget")
async def read(
    request: Call, market: MarketPath, budget: NamePath, currency: CurrencyPath
) -> BudgetReport:
    """In this month: how much there is, what of it slices have, and what was given."""
    named = BudgetName(name=budget, market=market, currency=currency)
    return await request.views.fund.budget(reader=request.reader, budget=named, now=request.now)


@put(_BUDGET, AdminCommand, "setBudget", "There is more, or less, this month")
async def set_amount(
    request: Call,
    market: MarketPath,
    budget: NamePath,
    currency: CurrencyPath,
    data: JSONBody[BudgetAmount],
) -> Response[Accepted]:
    """Never less than was dealt out. Next month it is what the rule pack says."""
    command = SetBudget(
        name=budget, market=market, currency=currency, amount_minor=data.amount_minor
    )
    return accepted(await request.submit(command))


ROUTES = (fund, read, set_amount)
