"""Who bears the way back, and what that does to the refund."""

import pytest
from msgspec.structs import replace

from oncedesk.domain.remedies.messages.asking import RemedyWithdrawn, WithdrawRemedy
from oncedesk.domain.remedies.messages.refunding import (
    ConfirmRefund,
    FailRefund,
    RefundFailure,
    RefundRequested,
    RefundSent,
    RemedySettled,
)
from oncedesk.domain.remedies.messages.returning import (
    FreightCharged,
    GoodsArrived,
    ParcelScanned,
    RefusedLine,
    ReturnInspected,
    ReturnLost,
    ReturnSplit,
    SendBack,
)
from oncedesk.domain.remedies.words import Payer, RemedyKind, Share, Status
from oncedesk.domain.shared.ledger import Account
from tests.specs.remedies.goods import BACK, BACK_TOO, CARRIER, OUT, RULE, Goods, travels
from tests.specs.remedies.shop import BY_CONSUMER, CONSUMER, MERCHANT, WHO

BY_MERCHANT = travels(reason="broken", freight="merchant")


def test_a_label_for_a_change_of_mind_is_off_the_refund() -> None:
    goods = Goods().granted().label(freight_minor=800).scan("delivered")
    goods.inspected().then_only(ReturnInspected, FreightCharged, RefundRequested)
    charged = goods.event(FreightCharged)
    assert (charged.freight_minor, charged.taken_minor) == (800, 800)
    assert goods.asked_minor() == [19_200]
    goods.paid_out()
    assert goods.books() == {
        # What the consumer paid for it stays in escrow; the merchant has paid the carrier.
        (Account.ESCROW, MERCHANT): 800,
        (Account.MERCHANT_PAYABLE, MERCHANT): -800,
        (Account.CONSUMER, CONSUMER): -800,
        (Account.CARRIER, CARRIER): 800,
    }


def test_what_is_not_accepted_has_its_part_of_the_freight_that_left_nothing_of_the_refund() -> None:
    goods = Goods(speed="at_scan").granted().label(freight_minor=20_500).scan("in_transit")
    goods.then_only(ParcelScanned, FreightCharged)
    goods.scan("delivered").inspected(RefusedLine(1, 1, 1, "worn"))
    goods.then_only(ReturnInspected, ReturnSplit, RemedySettled)
    assert [(one.amount_minor, one.lines[0].amount_minor) for one in goods.state.live] == [
        (0, 10_000),
        (0, 10_000),
    ]
    assert [one.journey.taken_minor for one in goods.state.live] == [10_000, 10_000]
    assert goods.replayed() == goods.state


def test_a_label_for_a_fault_is_the_merchants() -> None:
    goods = Goods(BY_MERCHANT).granted(reason="broken").label(freight_minor=800)
    goods.scan("delivered").inspected()
    charged = goods.event(FreightCharged)
    assert (charged.taken_minor, charged.bearers) == (0, (Share(Payer.MERCHANT, MERCHANT, 800),))
    assert goods.asked_minor() == [20_000]
    goods.paid_out()
    assert goods.books() == {
        (Account.MERCHANT_PAYABLE, MERCHANT): -800,
        (Account.CARRIER, CARRIER): 800,
    }


def test_an_insurer_pays_up_to_its_sum_and_the_consumer_the_rest() -> None:
    goods = Goods().granted().label(freight_minor=800, insured_minor=500)
    goods.scan("delivered").inspected()
    charged = goods.event(FreightCharged)
    assert charged.taken_minor == 300
    assert Share(Payer.INSURER, None, 500) in charged.bearers
    assert goods.asked_minor() == [19_700]


def test_what_the_consumer_paid_for_a_fault_comes_on_top() -> None:
    goods = Goods(BY_MERCHANT).granted(reason="broken")
    goods.does(SendBack, shipment=BACK, freight_minor=1_200)
    goods.scan("delivered").inspected().then_only(
        ReturnInspected, FreightCharged, RefundRequested, RefundRequested
    )
    legs = goods.one.legs
    assert [(leg.amount_minor, leg.payment, leg.beyond) for leg in legs] == [
        (1_200, 0, True),
        (20_000, 1, False),
    ]
    assert goods.state.refunded == (20_000,)
    goods.paid_out()
    assert goods.status() is Status.SETTLED
    assert goods.books() == {
        # Escrow holds no more than the refund, so the fund has advanced it.
        (Account.ASSURANCE_FUND, None): -1_200,
        (Account.CONSUMER, CONSUMER): 1_200,
    }


@pytest.mark.parametrize("kind", [RemedyKind.EXCHANGE, RemedyKind.REPAIR])
def test_what_gives_no_money_back_gives_what_the_consumer_paid_for_the_way(
    kind: RemedyKind,
) -> None:
    goods = Goods(BY_MERCHANT).granted(kind, reason="broken")
    goods.does(SendBack, shipment=BACK, freight_minor=1_200)
    goods.scan("delivered").inspected().out()
    goods.scan("delivered", OUT).then_only(
        ParcelScanned, GoodsArrived, FreightCharged, RefundRequested
    )
    assert goods.event(FreightCharged).bearers == (Share(Payer.MERCHANT, MERCHANT, 1_200),)
    goods.paid_out()
    assert goods.status() is Status.SETTLED
    assert goods.books()[Account.CONSUMER, CONSUMER] == 1_200 - 20_000


def test_what_failed_of_it_was_given_up_and_sent_after_all_is_in_the_books() -> None:
    goods = Goods(BY_MERCHANT, speed="at_scan").granted(reason="broken")
    goods.does(SendBack, shipment=BACK, freight_minor=1_200).scan("collected")
    way, money = goods.one.legs
    assert (way.amount_minor, way.beyond, money.amount_minor) == (1_200, True, 20_000)
    for leg in (way, money):
        goods.does(FailRefund, leg=leg.number, reason=RefundFailure.ROUTE_DEAD)
    while not goods.events(ReturnLost):
        goods.wake_when_due()
    goods.when(WithdrawRemedy(**WHO, remedy=1), by=BY_CONSUMER).then_only(RemedyWithdrawn)
    said = {"leg": way.number, "currency": "CNY", "sent_at": goods.now}
    goods.does(ConfirmRefund, **said, amount_minor=1_199).then_refused("amount_differs")
    goods.does(ConfirmRefund, **said, amount_minor=1_200).then_only(RefundSent)
    goods.does(ConfirmRefund, **said, amount_minor=1_200).then_nothing()
    assert goods.books() == {
        (Account.ASSURANCE_FUND, None): -1_200,
        (Account.CONSUMER, CONSUMER): 1_200 - 20_000,
        (Account.ESCROW, MERCHANT): 20_000,
    }
    assert goods.state.refunded == (0,)
    assert goods.replayed() == goods.state


def test_the_label_of_a_repair_for_a_fault_is_the_merchants() -> None:
    goods = Goods(BY_MERCHANT).granted(RemedyKind.REPAIR, reason="broken")
    goods.label(freight_minor=800).scan("delivered").inspected().out()
    goods.scan("delivered", OUT).then_only(
        ParcelScanned, GoodsArrived, FreightCharged, RemedySettled
    )
    assert goods.event(FreightCharged).bearers == (Share(Payer.MERCHANT, MERCHANT, 800),)


@pytest.mark.parametrize(
    ("currency", "edition", "said_minor", "given_minor"),
    [
        ("CNY", 2, 90_000, 1_000),
        # In another currency that number means nothing: it is what was paid for the part.
        ("HUF", 2, 15_000, 15_000),
        ("HUF", 2, 90_000, 20_500),
        ("", 2, 15_000, 15_000),
        # Packs of before had one for every currency.
        ("", 1, 90_000, 1_000),
    ],
)
def test_what_a_consumer_says_they_paid_is_bounded_in_its_currency(
    currency: str, edition: int, said_minor: int, given_minor: int
) -> None:
    rule = replace(RULE, freight_minor_max=1_000, freight_currency=currency)
    goods = Goods(BY_MERCHANT, journey=rule, shipping_minor=500, edition=edition)
    goods.granted(reason="broken").does(SendBack, shipment=BACK, freight_minor=said_minor)
    goods.scan("delivered").inspected()
    assert goods.asked_minor() == [given_minor, 20_500]


def test_a_change_of_mind_pays_its_own_carrier_itself() -> None:
    goods = Goods().granted().does(SendBack, shipment=BACK, freight_minor=1_200)
    goods.scan("delivered").inspected().then_only(ReturnInspected, RefundRequested)
    assert goods.asked_minor() == [20_000]


def test_a_label_that_was_not_used_costs_nothing() -> None:
    goods = Goods().granted().label(freight_minor=800)
    goods.does(SendBack, shipment=BACK_TOO)
    goods.scan("voided").scan("delivered", BACK_TOO).inspected()
    assert goods.asked_minor() == [20_000]


def test_of_money_that_has_left_nothing_is_taken_back() -> None:
    goods = Goods(speed="instant").granted().label(freight_minor=800)
    goods.paid_out()
    goods.scan("delivered")
    charged = goods.event(FreightCharged)
    assert (charged.taken_minor, charged.bearers) == (0, (Share(Payer.PLATFORM, None, 800),))
    assert goods.asked_minor() == [20_000]


def test_freight_never_takes_more_than_there_is() -> None:
    goods = Goods().granted().label(freight_minor=50_000).scan("delivered")
    goods.inspected()
    assert goods.event(FreightCharged).taken_minor == 20_000
    assert goods.status() is Status.SETTLED
    assert goods.asked_minor() == []
