"""What people complained of elsewhere, each a test: they find it kept here.

medusa#13091, medusa#11481, medusa#12588 and spree PR#14678.
"""

from oncedesk.domain.orders.messages import Item, OrderedPart, Payment
from oncedesk.domain.remedies.messages.refunding import ConfirmRefund, RefundRequested
from oncedesk.domain.remedies.words import RemedyKind, WantedLine
from oncedesk.domain.shared.decider import MARKETPLACE
from tests.specs.remedies.shop import LISTING, MERCHANT, WHO, Shop
from tests.specs.remedies.test_amounts import asks, given, shop


def thirds() -> Shop:
    """Three of something whose price is no whole number of units each."""
    item = Item(LISTING, 3_334, 3, discount_minor=2)
    return shop().placed(
        OrderedPart(merchant=MERCHANT, items=(item,)), payments=(Payment("card", 10_000),)
    )


def test_medusa_13091_no_fraction_of_a_unit_stands_in_the_way_of_a_refund() -> None:
    one = thirds()
    parts = [given(asks(one, WantedLine(1, 1))) for _ in range(3)]
    assert (parts, sum(parts)) == ([3_333, 3_333, 3_334], 10_000)
    assert given(asks(thirds())) == 10_000


def test_medusa_11481_each_refund_leaves_less_to_refund() -> None:
    one = shop().plain(price_minor=100)
    for left in (100, 70, 40):
        asks(one, kind=RemedyKind.REFUND, amount_minor=left + 1).then_refused("refund_exceeds_paid")
        given(asks(one, kind=RemedyKind.REFUND, amount_minor=30))
    assert given(asks(one, kind=RemedyKind.REFUND)) == 10
    asks(one, kind=RemedyKind.REFUND, amount_minor=1).then_refused("nothing_left")


def test_medusa_12588_a_payment_takes_back_in_several_parts_all_that_it_paid() -> None:
    one = shop().plain(price_minor=100)
    asked = []
    for number, part in enumerate((20, 30, 50), start=1):
        asks(one, kind=RemedyKind.REFUND, amount_minor=part)
        (leg,) = [event.leg for event in one.events(RefundRequested)]
        asked.append((leg.payment, leg.amount_minor))
        sent = ConfirmRefund(
            **WHO, remedy=number, leg=1, amount_minor=part, currency="CNY", sent_at=one.now
        )
        one.when(sent, by=MARKETPLACE)
    assert asked == [(1, 20), (1, 30), (1, 50)]
    assert one.state.refunded == (100,)


def test_spree_14678_what_two_refunds_ask_of_one_payment_is_counted_before_it_is_sent() -> None:
    one = shop().plain(price_minor=100, quantity=2)
    assert given(asks(one, WantedLine(1, 1, 2))) == 200
    asks(one, WantedLine(1, 1)).then_refused("quantity_exceeds_bought")
    asks(one, kind=RemedyKind.REFUND, amount_minor=1).then_refused("nothing_left")
