"""A refund that waits for its budget is not lost where another leg was sent or asked for again."""

from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain import remedies
from oncedesk.domain.orders.messages import Item, OrderedPart
from oncedesk.domain.remedies.messages.asking import RemedyWithdrawn, WithdrawRemedy
from oncedesk.domain.remedies.messages.disputing import (
    LiableShare,
    ObjectToDecision,
    Outcome,
    Side,
)
from oncedesk.domain.remedies.messages.funding import (
    ApplyCharge,
    ApplyFunding,
    ChargeApplied,
    ChargeWanted,
    FundingApplied,
    FundingDelayed,
    FundingWanted,
    MoneyReturned,
    RecordPayout,
)
from oncedesk.domain.remedies.messages.promising import CompensationVoided
from oncedesk.domain.remedies.messages.refunding import (
    ConfirmRefund,
    NameRoute,
    OutsideKind,
    RecordOutside,
    RefundRequested,
    RouteAsked,
)
from oncedesk.domain.remedies.messages.returning import SendBack
from oncedesk.domain.remedies.words import ClockKind, Payer, RemedyKind, Source
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.ledger import Account
from oncedesk.domain.shared.remedy_rules import BudgetRule
from oncedesk.rules.library import PackLibrary
from tests.specs.remedies import test_disputing as disputes
from tests.specs.remedies.goods import BACK, Goods, travels
from tests.specs.remedies.promises import LATE, breaks, shop_with, takes_back
from tests.specs.remedies.shop import AT_ONCE, BY_CONSUMER, LISTING, MERCHANT, WHO, Shop
from tests.specs.remedies.test_authorising import BEN
from tests.support.specs import START

BUDGET = BudgetRule(id="test/fund", name="assurance", currency="CNY", amount_minor=1)


def limited(shop: Any, payer: str = "platform") -> Any:
    """From now on this one pays, and the fund's budget is limited."""
    rules = shop.pack.remedies
    keyed = {key: replace(rule, payer=payer) for key, rule in rules.rules.items()}
    budgets = {"assurance/CNY": BUDGET}
    shop.pack = replace(shop.pack, remedies=replace(rules, rules=keyed, budgets=budgets))
    shop.packs = PackLibrary.always([shop.pack]).at(START)
    return shop


def funds(shop: Any, *, granted: bool) -> Any:
    wanted = shop.event(FundingWanted).amount_minor
    said = ApplyFunding(**WHO, remedy=1, budget="assurance", amount_minor=wanted, granted=granted)
    return shop.when(said)


def asked_again(shop: Any) -> bool:
    """Whether the budget is asked once more before it is all over."""
    while shop.state.live:
        shop.wake_when_due()
        if shop.events(FundingWanted):
            return True
    return False


def more_granted() -> Any:
    """4,000 are on their way; the 6,000 granted beyond it wait, the budget is empty."""
    made = limited(disputes.before_platform())
    disputes.decides_alone(made, Outcome.IN_PART, amount_minor=4_000)
    objection = ObjectToDecision(**WHO, remedy=1, side=Side.CONSUMER, reason="all_broken")
    made.when(objection, by=BY_CONSUMER)
    shares = (LiableShare("platform", 100),)
    disputes.decides_alone(made, Outcome.GRANTED, BEN, shares=shares)
    return funds(made, granted=False).then_only(FundingDelayed)


def test_freight_that_was_sent_does_not_settle_a_refund_that_waits_for_its_budget() -> None:
    goods = limited(Goods(travels(reason="broken", freight="merchant"))).granted(reason="broken")
    goods.does(SendBack, shipment=BACK, freight_minor=1_200)
    goods.scan("delivered").inspected()
    funds(goods, granted=False).then_only(FundingDelayed)
    goods.paid_out()
    assert asked_again(goods), "closed, and 200 yuan were never sent"


def test_the_first_part_that_was_sent_does_not_settle_what_waits_for_its_budget() -> None:
    made = more_granted()
    told = ConfirmRefund(
        **WHO, remedy=1, leg=1, amount_minor=4_000, currency="CNY", sent_at=made.now
    )
    made.when(told, by=MARKETPLACE)
    assert asked_again(made), "closed, and 60 yuan were never sent"


def test_the_budget_is_asked_again_also_after_payments_were_asked_again() -> None:
    made = more_granted()
    while not any(event.again for event in made.events(RefundRequested)):
        made.wake_when_due()
    assert made.state.live[0].clock(ClockKind.FUNDING)


def test_what_was_released_is_not_released_again() -> None:
    made = limited(disputes.before_platform())
    shares = (LiableShare("platform", 100),)
    disputes.decides_alone(made, Outcome.IN_PART, amount_minor=4_000, shares=shares)
    wanted = made.event(FundingWanted)
    told = RecordOutside(
        **WHO,
        id=UUID(int=1),
        kind=OutsideKind.CHARGEBACK,
        amount_minor=7_000,
        currency="CNY",
        payment=1,
    )
    made.when(told, by=MARKETPLACE)
    made.answer = [wanted]
    funds(made, granted=True)
    sent = ConfirmRefund(
        **WHO, remedy=1, leg=1, amount_minor=3_000, currency="CNY", sent_at=made.now
    )
    made.when(sent, by=MARKETPLACE)
    objection = ObjectToDecision(**WHO, remedy=1, side=Side.CONSUMER, reason="all_broken")
    made.when(objection, by=BY_CONSUMER)
    disputes.decides_alone(made, Outcome.GRANTED, BEN, shares=shares)
    drawn_minor = wanted.amount_minor + made.event(FundingWanted).amount_minor
    funds(made, granted=True)
    released_minor = sum(
        one.minor for event in made.journal for one in getattr(event, "released", ())
    )
    assert drawn_minor - released_minor == 3_000
    assert made.replayed() == made.state


def test_a_budget_is_not_asked_again_for_what_it_has_given() -> None:
    made = limited(disputes.before_platform())
    shares = (LiableShare("merchant", 50), LiableShare("platform", 50))
    disputes.decides_alone(made, Outcome.IN_PART, amount_minor=4_000, shares=shares)
    funds(made, granted=True)
    objection = ObjectToDecision(**WHO, remedy=1, side=Side.CONSUMER, reason="all_broken")
    made.when(objection, by=BY_CONSUMER)
    disputes.decides_alone(made, Outcome.GRANTED, BEN, shares=shares)
    assert made.event(FundingWanted).amount_minor == 3_000
    funds(made, granted=False).then_only(FundingDelayed)
    assert asked_again(made)
    assert made.event(FundingWanted).amount_minor == 3_000


def waiting() -> Any:
    """A refund that the platform bears, granted by rule; its budget has not answered."""
    shop = limited(Shop(replace(AT_ONCE, kind="refund"))).plain()
    shop.asks(RemedyKind.REFUND)
    assert shop.event(FundingWanted).amount_minor == 10_000
    return shop


@pytest.mark.parametrize("granted", [True, False])
def test_a_withdrawal_returns_to_the_budget_once_and_only_what_it_gave(granted: bool) -> None:
    shop = waiting()
    wanted = shop.event(FundingWanted)
    shop.when(WithdrawRemedy(**WHO, remedy=1), by=BY_CONSUMER)
    assert shop.event(RemedyWithdrawn).released == ()
    shop.answer = [wanted]
    funds(shop, granted=granted)
    assert [event.released[0].minor for event in shop.events(MoneyReturned)] == [10_000] * granted


def test_a_breach_that_was_none_returns_nothing_that_its_budget_has_not_given() -> None:
    shop = limited(shop_with(replace(LATE, payer="platform"))).plain()
    breaks(shop, "late_shipping").wake_when_due()
    funds(shop, granted=False).then_only(FundingDelayed)
    takes_back(shop, "late_shipping")
    assert shop.event(CompensationVoided).released == ()


@pytest.mark.parametrize("is_limited", [False, True])
def test_whose_money_is_there_asks_nobody_for_it_while_a_route_is_awaited(
    is_limited: bool,
) -> None:
    """Paid wholly outside, so that no payment can take it back."""
    shop = Shop().placed(
        OrderedPart(merchant=MERCHANT, items=(Item(LISTING, 10_000),)), payments=()
    )
    shop = limited(shop, "merchant") if is_limited else shop
    told = RecordOutside(
        **WHO,
        id=UUID(int=1),
        kind=OutsideKind.OUTSIDE_PAYMENT,
        amount_minor=10_000,
        currency="CNY",
    )
    shop.when(told, by=MARKETPLACE)
    paid_out = RecordPayout(**WHO, id=UUID(int=2), part=1, currency="CNY", merchant_minor=10_000)
    shop.when(paid_out, by=MARKETPLACE)
    shop.asks(RemedyKind.CANCEL)
    (wanted,) = shop.event(ChargeWanted).charges
    balance = Source(Account.MERCHANT_PAYABLE, MERCHANT, 10_000, Payer.MERCHANT, MERCHANT)
    shop.when(
        ApplyCharge(**WHO, remedy=1, payer=wanted.payer, party=MERCHANT, sources=(balance,))
    ).then_only(ChargeApplied, RouteAsked)
    for _ in range(3):
        shop.wake_when_due()
        assert not shop.events(FundingWanted, FundingApplied)
        due_at = remedies.DECIDER.deadline(shop.state)
        assert due_at is not None
        assert due_at > shop.now
    shop.when(NameRoute(**WHO, remedy=1, method="bank"), by=BY_CONSUMER).then_only(RefundRequested)
    assert [clock.kind for clock in shop.state.live[0].clocks] == [ClockKind.SETTLE]
