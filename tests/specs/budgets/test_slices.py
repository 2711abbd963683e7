"""A slice of a budget: what it has in a month, and what it asks for."""

from datetime import UTC, datetime, timedelta
from typing import Any

from oncedesk.domain import budgets
from oncedesk.domain.budgets.messages import (
    BudgetDrawn,
    BudgetReturned,
    DrawBudget,
    DrawWaits,
    GrantAsked,
    GrantTaken,
    ReturnBudget,
    TakeGrant,
)
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.refs import slice_of
from oncedesk.rules.library import PackLibrary
from tests.specs.remedies.money import CONSUMER, ORDER, money_pack
from tests.support.specs import START, Spec

WHICH: Any = {"name": "assurance", "market": "cn", "currency": "CNY"}
SLICE = slice_of(bucket_of(CONSUMER))
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def spec() -> Spec:
    return Spec(budgets.DECIDER, PackLibrary.always([money_pack()]).at(START))


def draw(amount_minor: int) -> DrawBudget:
    return DrawBudget(**WHICH, consumer=CONSUMER, order=ORDER, remedy=1, amount_minor=amount_minor)


def grant(amount_minor: int, period: str) -> TakeGrant:
    return TakeGrant(**WHICH, slice_=SLICE, amount_minor=amount_minor, period=period)


def test_what_was_dealt_out_last_month_leaves_what_came_back_in_this_one() -> None:
    one = spec().at(NEW_YEAR - timedelta(seconds=1))
    one.when(draw(900)).then_only(DrawWaits, GrantAsked)
    back = ReturnBudget(**WHICH, whose=CONSUMER, amount_minor=500)
    one.at(NEW_YEAR).when(back).then_only(BudgetReturned)
    one.when(grant(900, "202512")).then_only(GrantTaken, GrantAsked)
    assert one.state.left_minor("202601") == 500
    assert one.journal[-1].needed_minor == 400
    one.when(grant(400, "202601")).then_only(GrantTaken, BudgetDrawn)
    assert one.state.left_minor("202601") == 0
    assert one.replayed() == one.state
