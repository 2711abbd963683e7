"""What there is to give back: as it was really paid, unit by unit, and never more."""

from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.orders.messages import Item, OrderedPart, Payment, PaymentStage
from oncedesk.domain.orders.state import OrderState
from oncedesk.domain.remedies.messages.asking import (
    BooksOpened,
    RemedyApproved,
    RemedyRequested,
    RequestRemedy,
    Wish,
)
from oncedesk.domain.remedies.messages.changing import CancellationRequested
from oncedesk.domain.remedies.messages.refunding import (
    ConfirmRefund,
    OutsideKind,
    OutsideRecorded,
    RecordOutside,
    RefundRequested,
    RemedySettled,
    RouteAsked,
)
from oncedesk.domain.remedies.words import RemedyKind, WantedLine
from oncedesk.domain.shared.decider import MARKETPLACE, Refusal
from oncedesk.domain.shared.remedy_rules import GrantedBy, ShippingBack
from oncedesk.rules.loading import load_builtin
from tests.specs.remedies.shop import AT_ONCE, BY_CONSUMER, LISTING, MERCHANT, ORDER, WHO, Shop
from tests.support.specs import START

OTHER_MERCHANT = UUID(int=0x3F)
REFUND = replace(AT_ONCE, id="test/refund", kind="refund", stage="*")


def shop(**rule: Any) -> Shop:
    """Where the rule gives every refund and cancellation at once."""
    return Shop(replace(AT_ONCE, **rule), replace(REFUND, **rule))


def asks(
    one: Shop,
    *lines: WantedLine,
    kind: RemedyKind = RemedyKind.CANCEL,
    part: int = 0,
    amount_minor: int | None = None,
    currency: str | None = None,
) -> Shop:
    wish = Wish(
        kind=kind,
        reason="changed_mind",
        lines=lines,
        part=part,
        amount_minor=amount_minor,
        currency=currency,
    )
    one.when(RequestRemedy(**WHO, wish=wish), by=BY_CONSUMER)
    return one


def given(one: Shop) -> int:
    amount: int = one.event(RemedyRequested).amount_minor
    return amount


def outside(one: Shop, kind: OutsideKind, amount_minor: int, **more: Any) -> Shop:
    told = {"id": UUID(int=7), "currency": "CNY", **more}
    one.when(RecordOutside(**WHO, kind=kind, amount_minor=amount_minor, **told), by=MARKETPLACE)
    return one


def test_units_of_a_line_share_its_discount_without_losing_a_unit() -> None:
    one = shop().placed(
        OrderedPart(merchant=MERCHANT, items=(Item(LISTING, 100, 3, discount_minor=1),)),
        payments=(Payment("card", 299),),
    )
    amounts = [given(asks(one, WantedLine(1, 1))) for _ in range(3)]
    assert (amounts, sum(amounts)) == ([99, 100, 100], 299)
    asks(one, WantedLine(1, 1)).then_refused("quantity_exceeds_bought")


def test_what_was_bought_once_is_not_given_back_twice() -> None:
    one = shop().plain(quantity=2)
    asks(one, WantedLine(1, 1, 3)).then_refused("quantity_exceeds_bought")
    asks(one, WantedLine(1, 2)).then_refused("item_unknown")
    asks(one, WantedLine(2, 1)).then_refused("part_unknown")
    asks(one, WantedLine(1, 1), WantedLine(1, 1)).then_refused("line_twice")
    asks(one, currency="USD").then_refused("currency_differs")
    asks(one, kind=RemedyKind.REFUND, amount_minor=20_001).then_refused("refund_exceeds_paid")
    asks(one, kind=RemedyKind.REFUND, amount_minor=0).then_refused("amount_not_positive")
    assert one.state is None


def test_money_for_goods_that_stay_is_not_given_again_when_they_go() -> None:
    one = shop().plain(price_minor=100, quantity=3)
    assert given(asks(one, kind=RemedyKind.REFUND, amount_minor=30)) == 30
    assert one.event(RemedyRequested).lines[0].stays
    assert [given(asks(one, WantedLine(1, 1))) for _ in range(3)] == [90, 90, 90]
    asks(one).then_refused("nothing_left")


def test_a_unit_of_which_less_was_given_makes_no_other_worth_more() -> None:
    one = shop().plain(price_minor=100, quantity=3)
    assert given(asks(one, WantedLine(1, 1), amount_minor=60)) == 60
    assert given(asks(one, kind=RemedyKind.REFUND, amount_minor=30)) == 30
    assert given(asks(one, WantedLine(1, 1, 2))) == 170


def test_subsidies_and_commissions_go_back_with_their_units() -> None:
    item = Item(LISTING, 100, 3, subsidy_minor=10, commission_minor=20)
    one = shop().placed(
        OrderedPart(merchant=MERCHANT, items=(item,)), payments=(Payment("card", 290),)
    )
    asks(one, WantedLine(1, 1, 2))
    (line,) = one.event(RemedyRequested).lines
    assert (line.amount_minor, line.subsidy_minor, line.commission_minor) == (193, 6, 13)
    asks(one)
    (line,) = one.event(RemedyRequested).lines
    assert (line.amount_minor, line.subsidy_minor, line.commission_minor) == (97, 4, 7)


def with_shipping(one: Shop) -> Shop:
    part = OrderedPart(merchant=MERCHANT, items=(Item(LISTING, 100, 3),), shipping_minor=10)
    return one.placed(part, payments=(Payment("card", 310),))


def test_shipping_goes_back_with_the_last_units() -> None:
    one = with_shipping(shop())
    assert [given(asks(one, WantedLine(1, 1))) for _ in range(3)] == [100, 100, 110]
    assert given(asks(with_shipping(shop()))) == 310


def test_shipping_goes_back_unit_by_unit_or_never_where_the_rule_says_so() -> None:
    one = with_shipping(shop(shipping=ShippingBack.ALWAYS))
    assert [given(asks(one, WantedLine(1, 1))) for _ in range(3)] == [103, 103, 104]
    assert given(asks(with_shipping(shop(shipping=ShippingBack.NEVER)))) == 300


def test_a_coupon_on_the_whole_order_makes_every_item_worth_less() -> None:
    parts = [
        OrderedPart(merchant=who, items=(Item(LISTING, 100),), shipping_minor=10)
        for who in (MERCHANT, OTHER_MERCHANT)
    ]
    one = shop().placed(*parts, payments=(Payment("card", 199),))
    assert [given(asks(one, part=number)) for number in (1, 2)] == [100, 99]
    asks(one).then_refused("nothing_left")


def test_of_several_merchants_each_part_is_a_remedy_of_its_own() -> None:
    parts = [
        OrderedPart(merchant=who, items=(Item(LISTING, price),))
        for who, price in ((MERCHANT, 100), (OTHER_MERCHANT, 50))
    ]
    one = shop().placed(*parts, payments=(Payment("card", 150),))
    asks(one).then_refused("parts_mixed")
    asks(one, WantedLine(1, 1), WantedLine(2, 1)).then_refused("parts_mixed")
    asks(one, part=2)
    (share,) = one.event(RemedyRequested).shares
    assert (share.party, share.minor) == (OTHER_MERCHANT, 50)


def test_money_goes_back_to_the_first_payment_first() -> None:
    one = shop().placed(
        OrderedPart(merchant=MERCHANT, items=(Item(LISTING, 100, 3),)),
        payments=(Payment("gift_card", 120, "g"), Payment("card", 180, "c")),
    )
    found = []
    for _ in range(3):
        asks(one, WantedLine(1, 1))
        legs = [event.leg for event in one.events(RefundRequested)]
        found.append([(leg.reference, leg.amount_minor) for leg in legs])
    assert found == [[("g", 100)], [("g", 20), ("c", 80)], [("c", 100)]]


def test_deposit_and_final_payment_of_a_presale_are_both_paid_back() -> None:
    deposit = Payment("card", 20, "d", PaymentStage.DEPOSIT)
    final = Payment("card", 80, "f", PaymentStage.FINAL)
    part = OrderedPart(merchant=MERCHANT, items=(Item(LISTING, 100),))
    assert given(asks(shop().placed(part, payments=(deposit,)))) == 20
    both = asks(shop().placed(part, payments=(deposit, final)))
    assert given(both) == 100
    assert [event.leg.reference for event in both.events(RefundRequested)] == ["d", "f"]


def test_what_a_bank_took_back_is_not_given_once_more() -> None:
    one = outside(shop().plain(quantity=2), OutsideKind.CHARGEBACK, 15_000, payment=1)
    asks(one)
    assert given(one) == 5_000
    (leg,) = [event.leg for event in one.events(RefundRequested)]
    assert leg.amount_minor == 5_000
    asks(one).then_refused("nothing_left")


def test_what_was_paid_elsewhere_can_be_given_back_but_somebody_has_to_say_where_to() -> None:
    one = shop().placed(
        OrderedPart(merchant=MERCHANT, items=(Item(LISTING, 100),)), payments=(Payment("card", 40),)
    )
    outside(one, OutsideKind.OUTSIDE_PAYMENT, 60)
    asks(one)
    assert given(one) == 100
    assert [event.leg.amount_minor for event in one.events(RefundRequested)] == [40]
    assert one.event(RouteAsked).amount_minor == 60


def test_what_is_told_of_outside_is_counted_once() -> None:
    one = outside(shop().plain(), OutsideKind.CHARGEBACK, 4_000)
    outside(one, OutsideKind.CHARGEBACK, 4_000).then_nothing()
    outside(one, OutsideKind.CHARGEBACK, 5_000).then_refused("outside_differs")
    outside(one, OutsideKind.CHARGEBACK, 1, id=UUID(int=8), currency="USD").then_refused(
        "currency_differs"
    )
    outside(one, OutsideKind.CHARGEBACK, 1, id=UUID(int=8), payment=2).then_refused(
        "payment_unknown"
    )
    outside(one, OutsideKind.CHARGEBACK, 0, id=UUID(int=8)).then_refused("amount_not_positive")
    assert given(asks(one)) == 6_000


def test_a_chargeback_before_the_answer_leaves_only_the_rest_to_send() -> None:
    waits = replace(REFUND, granted_by=GrantedBy.MERCHANT)
    one = Shop(waits).plain()
    asks(one, kind=RemedyKind.REFUND)
    outside(one, OutsideKind.CHARGEBACK, 7_000, payment=1).then_only(OutsideRecorded)
    one.wake_when_due()
    one.wake_when_due()
    (leg,) = [event.leg for event in one.events(RefundRequested)]
    assert leg.amount_minor == 3_000
    sent = ConfirmRefund(
        **WHO, remedy=1, leg=1, amount_minor=3_000, currency="CNY", sent_at=one.now
    )
    one.when(sent, by=MARKETPLACE)
    asks(one, kind=RemedyKind.REFUND).then_refused("nothing_left")


def gifts() -> tuple[OrderedPart, OrderedPart]:
    """A thing for 100, and another merchant's gift."""
    sold, given = (Item(LISTING, 100), Item(LISTING, 0))
    return (
        OrderedPart(merchant=MERCHANT, items=(sold,)),
        OrderedPart(merchant=OTHER_MERCHANT, items=(given,)),
    )


@pytest.mark.parametrize("market", ["cn", "eu"])
def test_what_nothing_was_paid_for_can_be_cancelled(market: str) -> None:
    """A coupon paid for all of it."""
    one = Shop(pack=load_builtin(market).pack(START.date()))
    part = OrderedPart(merchant=MERCHANT, items=(Item(LISTING, 100, discount_minor=100),))
    one.placed(part, payments=())
    asks(one).then_only(
        BooksOpened, RemedyRequested, RemedyApproved, RemedySettled, CancellationRequested
    )
    assert one.event(RemedyApproved).amount_minor == 0
    assert one.event(CancellationRequested).part == 0
    asks(one).then_refused("nothing_left")


def test_so_can_a_gift_beside_what_was_paid_for() -> None:
    one = shop().placed(*gifts(), payments=(Payment("card", 100),))
    asks(one, part=2)
    assert one.event(CancellationRequested).part == 2
    assert given(asks(one, part=1)) == 100
    assert one.event(CancellationRequested).part == 0


def test_what_cost_nothing_gives_nothing_back() -> None:
    one = shop().placed(*gifts(), payments=(Payment("card", 100),))
    asks(one, part=2, kind=RemedyKind.REFUND).then_refused("nothing_was_paid")
    asks(one, part=2, amount_minor=1).then_refused("refund_exceeds_paid")
    assert one.state is None


def test_an_order_that_was_told_without_payments_says_so() -> None:
    one = shop().placed(*gifts(), payments=())
    answer = asks(one, part=1, kind=RemedyKind.REFUND).then_refused("nothing_was_paid").answer
    assert isinstance(answer, Refusal)
    assert answer.detail == "no payment that the order was told with was for it"


def test_what_is_cancelled_is_not_cancelled_again_for_nothing() -> None:
    one = Shop(replace(AT_ONCE, stage="*")).placed(*gifts(), payments=(Payment("card", 100),))
    order = one.world[ORDER]
    assert isinstance(order, OrderState)
    gone = replace(order.parts[1], cancelled_at=START)
    one.world[ORDER] = replace(order, parts=(order.parts[0], gone))
    asks(one, part=2).then_refused("nothing_was_paid")
