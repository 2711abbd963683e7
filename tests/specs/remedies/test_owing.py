"""What is owed though nobody asked: a presale that ended, a price that fell."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.orders.messages import Item, OrderedPart, Payment, PaymentStage
from oncedesk.domain.orders.state import OrderState
from oncedesk.domain.remedies.messages.asking import (
    BooksOpened,
    PaymentBooked,
    RemedyApproved,
    RemedyRequested,
    RequestRemedy,
    Wish,
    WithdrawRemedy,
)
from oncedesk.domain.remedies.messages.contesting import ContestOpened
from oncedesk.domain.remedies.messages.funding import ChargeWanted
from oncedesk.domain.remedies.messages.promising import PriceFell, SettlePresale, TellPrice
from oncedesk.domain.remedies.messages.refunding import (
    OutsideKind,
    OutsideRecorded,
    RecordOutside,
    RefundRequested,
)
from oncedesk.domain.remedies.words import (
    DecidedBy,
    Payer,
    RemedyKind,
    Share,
    Status,
    WantedLine,
)
from oncedesk.domain.shared.decider import MARKETPLACE, Actor
from oncedesk.domain.shared.ledger import Account
from oncedesk.domain.shared.remedy_rules import (
    GrantedBy,
    PresaleRule,
    PriceProtectionRule,
    RemedyRule,
)
from tests.specs.orders.test_preselling import CN, EU, TERMS, Presale
from tests.specs.remedies.promises import shop_with
from tests.specs.remedies.shop import BY_CONSUMER, CONSUMER, LISTING, MERCHANT, ORDER, WHO, Shop
from tests.support.specs import after

PROOF = b"\x07" * 16
SEVEN_DAYS = {"*": PriceProtectionRule("test/protection", "*", 7)}


def protected(price_minor: int = 10_000, quantity: int = 1) -> Shop:
    return shop_with(price_protections=SEVEN_DAYS).plain(price_minor, quantity)


def falls(
    shop: Shop,
    unit_price_minor: int,
    *,
    told_at: datetime | None = None,
    by: Actor = MARKETPLACE,
    **details: Any,
) -> Shop:
    given: dict[str, Any] = {
        "part": 1,
        "item": 1,
        "unit_price_minor": unit_price_minor,
        "currency": "CNY",
        "told_at": told_at or shop.now,
        "proof": PROOF,
    }
    shop.when(TellPrice(**WHO, **{**given, **details}), by=by)
    return shop


def given(shop: Shop) -> int:
    (asked,) = shop.events(RemedyRequested)
    assert isinstance(asked.amount_minor, int)
    return asked.amount_minor


def settles(shop: Shop, returned_minor: int, penalty_minor: int) -> Shop:
    shop.when(
        SettlePresale(
            **WHO,
            part=1,
            reason="presale_merchant",
            returned_minor=returned_minor,
            penalty_minor=penalty_minor,
            rule="test/presale",
        )
    )
    return shop


def with_deposit() -> Shop:
    part = OrderedPart(merchant=MERCHANT, items=(Item(LISTING, 10_000),))
    deposit = Payment("card", 1_000, stage=PaymentStage.DEPOSIT)
    return shop_with().placed(part, payments=(deposit,))


def test_a_fallen_price_gives_the_difference_back_by_itself() -> None:
    shop = falls(protected(), 9_200)
    shop.then_only(BooksOpened, RemedyRequested, PriceFell, RemedyApproved, RefundRequested)
    (asked,) = shop.events(RemedyRequested)
    assert (asked.kind, asked.amount_minor) == (RemedyKind.PRICE_PROTECTION, 800)
    assert asked.shares == (Share(Payer.MERCHANT, MERCHANT, 800),)
    assert shop.event(RefundRequested).leg.amount_minor == 800


def test_each_fall_gives_its_own_difference_once() -> None:
    shop = falls(protected(), 9_200)
    falls(shop, 9_200).then_nothing()
    falls(shop, 9_500).then_nothing()
    assert given(falls(shop, 9_000)) == 200


def test_all_units_that_were_kept_count() -> None:
    shop = shop_with(price_protections=SEVEN_DAYS)
    assert given(falls(shop.plain(1_000, 3), 900)) == 300


def test_what_was_under_way_when_a_price_fell_and_has_stayed_gets_its_difference_then() -> None:
    wish = Wish(kind=RemedyKind.REFUND, reason="changed_mind", lines=(WantedLine(1, 1),))
    rule = RemedyRule(
        id="test/asked",
        kind="refund",
        reason="*",
        stage="*",
        granted_by=GrantedBy.MERCHANT,
    )
    shop = Shop(rule, price_protections=SEVEN_DAYS).plain(1_000, 3)
    shop.when(RequestRemedy(**WHO, wish=wish), by=BY_CONSUMER)
    assert given(falls(shop, 900)) == 200
    falls(shop, 900).then_nothing()
    shop.when(WithdrawRemedy(**WHO, remedy=1), by=BY_CONSUMER)
    falls(shop, 950).then_nothing()
    assert given(falls(shop, 900)) == 100
    falls(shop, 900).then_nothing()
    assert given(falls(shop, 850)) == 150
    assert shop.replayed() == shop.state


def test_a_fall_of_before_counts_for_all_units_that_are_left() -> None:
    shop = falls(shop_with(price_protections=SEVEN_DAYS).plain(1_000, 3), 900)
    (now,) = shop.state.protected
    shop.state = replace(shop.state, protected=(replace(now, quantity=0),))
    falls(shop, 900).then_nothing()
    assert given(falls(shop, 850)) == 150


def test_only_within_the_days_of_the_pack() -> None:
    shop = protected().at(after(days=8))
    falls(shop, 9_000, told_at=after(days=7)).then_refused("too_late")
    assert given(falls(shop, 9_000, told_at=after(days=6.9))) == 1_000


def test_a_price_as_paid_or_above_gives_nothing() -> None:
    falls(protected(), 10_000).then_nothing()
    falls(protected(), 12_000).then_nothing()


def test_a_price_above_what_a_coupon_left_to_pay_gives_nothing() -> None:
    part = OrderedPart(merchant=MERCHANT, items=(Item(LISTING, 10_000),))
    shop = shop_with(price_protections=SEVEN_DAYS).placed(part, payments=(Payment("card", 8_000),))
    falls(shop, 9_000).then_nothing()
    assert given(falls(shop, 7_000)) == 1_000


def test_never_more_than_is_left_of_what_was_paid() -> None:
    shop = protected().asks(RemedyKind.CANCEL, WantedLine(1, 1))
    assert shop.event(RefundRequested).leg.amount_minor == 10_000
    falls(shop, 0).then_nothing()


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({"item": 2}, "item_unknown"),
        ({"part": 2}, "part_unknown"),
        ({"currency": "USD"}, "currency_differs"),
        ({"told_at": after(days=3)}, "time_in_future"),
    ],
)
def test_refuses_what_is_not_of_this_order(details: dict[str, Any], code: str) -> None:
    falls(protected(), 9_000, **details).then_refused(code)


def test_no_category_no_protection_and_nobody_but_the_marketplace() -> None:
    falls(shop_with().plain(), 9_000).then_refused("price_not_protected")
    falls(protected(), 9_000, by=BY_CONSUMER).then_refused("not_allowed")


def test_the_price_of_a_presale_is_what_was_left_to_pay() -> None:
    presale = Presale(CN).placed().tells(8_500)
    presale.at(after(days=6)).pays(8_500, at=after(days=6))
    shop = protected()
    order = shop.world[ORDER]
    assert isinstance(order, OrderState)
    bought = replace(presale.state, consumer=CONSUMER, order=ORDER, pack=order.pack)
    shop.world[ORDER] = bought
    shop.at(after(days=6))
    falls(shop, 9_500).then_nothing()
    assert given(falls(shop, 9_300)) == 200


def test_a_deposit_is_returned_double_by_the_merchant() -> None:
    shop = settles(with_deposit(), 1_000, 1_000)
    returned, penalty = shop.events(RemedyRequested)
    assert (returned.kind, returned.amount_minor) == (RemedyKind.REFUND, 1_000)
    assert (penalty.kind, penalty.reason) == (RemedyKind.COMPENSATION, "deposit_double")
    assert penalty.shares == (Share(Payer.MERCHANT, MERCHANT, 1_000),)
    legs = [event.leg for event in shop.events(RefundRequested)]
    # All that was paid goes back: the rest is out of the merchant's account, which is asked first.
    assert shop.event(ChargeWanted).charges == penalty.shares
    asked = shop.wake_when_due().events(RefundRequested)
    legs += [event.leg for event in asked if not event.again]
    assert [(leg.payment, leg.method, leg.amount_minor) for leg in legs] == [
        (1, "card", 1_000),
        (0, "balance", 1_000),
    ]
    assert shop.state.refunded == (1_000,)


def test_what_goes_back_is_never_more_than_was_paid() -> None:
    shop = settles(with_deposit(), 10_000, 0)
    assert given(shop) == 1_000
    settles(shop, 1_000, 0).then_nothing()


def presale_shop(presale: Presale) -> Shop:
    """What this presale asks of the order's remedies."""
    shop = shop_with()
    shop.world[ORDER] = replace(presale.state, consumer=CONSUMER, order=ORDER, pack="test")
    return shop.at(max(presale.now, shop.now))


def escrow(shop: Shop) -> int:
    return sum(one.minor for one in shop.state.books if one.account is Account.ESCROW)


def test_the_books_of_a_presale_open_with_what_was_paid() -> None:
    presale = Presale(CN).placed()
    shop = settles(presale_shop(presale), 1_000, 1_000)
    assert [one.paid_minor for one in shop.event(BooksOpened).paid] == [1_000]
    assert escrow(shop) == 1_000
    asked = [one.leg.amount_minor for one in shop.events(RefundRequested)]
    assert asked[0] == 1_000


def test_the_rest_of_a_presale_is_booked_beside_what_a_coupon_left_of_its_deposit() -> None:
    presale = Presale(CN).placed()
    shop = presale_shop(presale)
    order = shop.world[ORDER]
    assert isinstance(order, OrderState)
    (deposit,) = order.payments
    with_coupon = replace(deposit, amount_minor=800)
    shop.world[ORDER] = replace(order, payments=(with_coupon,))
    told = RecordOutside(
        **WHO, id=UUID(int=1), kind=OutsideKind.CHARGEBACK, amount_minor=1, currency="CNY"
    )
    shop.when(told, by=MARKETPLACE)
    assert escrow(shop) == 800
    presale.at(after(days=6)).pays(9_000, at=after(days=6))
    final = presale.state.payments[-1]
    shop.world[ORDER] = replace(
        presale.state, consumer=CONSUMER, order=ORDER, pack="test", payments=(with_coupon, final)
    )
    for number in (2, 3):
        shop.at(after(days=7)).when(replace(told, id=UUID(int=number)), by=MARKETPLACE)
        assert escrow(shop) == 9_800


def presale_with_coupon(presale: Presale) -> OrderState:
    """A coupon on the order left 800 of its deposit to be paid."""
    order: OrderState = presale.state
    deposit, *rest = order.payments
    paid = (replace(deposit, amount_minor=800), *rest)
    return replace(order, consumer=CONSUMER, order=ORDER, pack="test", payments=paid)


def charged_back(number: int) -> RecordOutside:
    return RecordOutside(
        **WHO,
        id=UUID(int=number),
        kind=OutsideKind.CHARGEBACK,
        amount_minor=1,
        currency="CNY",
        payment=0,
    )


def test_a_rest_that_is_less_than_a_coupon_left_off_the_deposit_is_booked_once() -> None:
    presale = Presale(CN).placed().tells(50)
    shop = presale_shop(presale)
    shop.world[ORDER] = presale_with_coupon(presale)
    shop.when(charged_back(1), by=MARKETPLACE)
    assert escrow(shop) == 800
    presale.at(after(days=6)).pays(50, at=after(days=6))
    shop.world[ORDER] = presale_with_coupon(presale)
    for number in (2, 3):
        shop.at(after(days=7)).when(charged_back(number), by=MARKETPLACE)
        assert escrow(shop) == 850


def test_nor_once_more_where_it_was_booked_before_that_was_noted() -> None:
    presale = Presale(CN).placed().tells(50).at(after(days=6)).pays(50, at=after(days=6))
    shop = presale_shop(presale)
    shop.world[ORDER] = presale_with_coupon(presale)
    shop.when(charged_back(1), by=MARKETPLACE)
    (paid,) = shop.state.paid
    shop.state = replace(shop.state, paid=(replace(paid, final=False),))
    shop.when(charged_back(2), by=MARKETPLACE).then_only(OutsideRecorded)
    assert escrow(shop) == 850


def test_what_is_paid_later_is_booked_before_anything_rests_on_it() -> None:
    presale = Presale(CN).placed()
    outside = RecordOutside(
        **WHO,
        id=UUID(int=1),
        kind=OutsideKind.OUTSIDE_PAYMENT,
        amount_minor=1,
        currency="CNY",
        payment=0,
    )
    shop = presale_shop(presale)
    shop.when(outside, by=MARKETPLACE)
    before = escrow(shop)
    presale.at(after(days=6)).pays(9_000, at=after(days=6))
    shop.world[ORDER] = replace(presale.state, consumer=CONSUMER, order=ORDER, pack="test")
    settles(shop.at(after(days=7)), 10_000, 1_000)
    booked = shop.event(PaymentBooked)
    assert [one.paid_minor for one in booked.paid] == [10_000]
    assert escrow(shop) == before + 9_000
    settles(shop, 0, 0).then_nothing()
    assert shop.replayed() == shop.state


def with_presale(rule: PresaleRule = CN) -> Shop:
    """A presale at 10,000, of which 1,000 are paid; and another merchant's item at 10,000."""
    shop = shop_with(presales={"*": rule}, price_protections=SEVEN_DAYS)
    deposit = Payment("card", 1_000, stage=PaymentStage.DEPOSIT)
    return shop.placed(
        OrderedPart(merchant=MERCHANT, items=(Item(LISTING, 10_000),), presale=TERMS),
        OrderedPart(merchant=UUID(int=0x3F), items=(Item(LISTING, 10_000),)),
        payments=(deposit, Payment("card", 10_000)),
    )


def rest_paid(shop: Shop) -> Shop:
    order = shop.world[ORDER]
    assert isinstance(order, OrderState)
    (presale,) = order.presales
    rest = Payment("card", 9_000, stage=PaymentStage.FINAL)
    shop.world[ORDER] = replace(
        order,
        payments=(*order.payments, rest),
        presales=(replace(presale, paid_at=after(days=6)),),
    )
    return shop.at(after(days=6))


def of_part(shop: Shop, part: int, kind: RemedyKind = RemedyKind.CANCEL) -> Shop:
    wish = Wish(kind=kind, reason="changed_mind", part=part)
    shop.when(RequestRemedy(**WHO, wish=wish), by=BY_CONSUMER)
    return shop


def returned(shop: Shop) -> int:
    asked = [one for one in shop.events(RemedyRequested) if one.kind is RemedyKind.REFUND]
    return sum(one.amount_minor for one in asked)


def test_an_ended_presale_is_not_paid_out_of_what_was_paid_for_another_part() -> None:
    shop = falls(rest_paid(with_presale()), 7_000)
    assert given(shop) == 3_000
    assert returned(settles(shop, 10_000, 0)) == 7_000
    settles(shop, 10_000, 0).then_nothing()
    assert given(of_part(shop, 2)) == 10_000


def test_a_price_that_fell_before_the_rest_of_a_presale_is_paid_gives_its_difference_then() -> None:
    shop = with_presale()
    told_at = shop.now
    falls(shop, 7_000).then_refused("presale_unpaid")
    assert given(falls(shop, 7_000, part=2)) == 3_000
    assert given(falls(rest_paid(shop), 7_000, told_at=told_at)) == 3_000
    kept = with_presale()
    falls(kept, 7_000)
    assert returned(settles(kept, 1_000, 0)) == 1_000


def test_what_an_ended_presale_gave_back_is_not_given_again() -> None:
    shop = settles(rest_paid(with_presale()), 10_000, 1_000)
    assert returned(shop) == 10_000
    assert not shop.events(ContestOpened)
    of_part(shop, 1).then_refused("nothing_left")
    of_part(shop, 1, RemedyKind.REFUND).then_refused("nothing_left")


def test_what_was_cancelled_before_its_presale_ended_is_not_given_again() -> None:
    shop = of_part(rest_paid(with_presale()), 1)
    assert given(shop) == 10_000
    assert returned(settles(shop, 10_000, 1_000)) == 0


def test_what_was_asked_for_and_not_answered_when_a_presale_ended_is_granted_by_that() -> None:
    shop = of_part(rest_paid(with_presale()), 1, RemedyKind.REFUND)
    assert shop.state.remedy(1).status is Status.REQUESTED
    settles(shop, 10_000, 1_000)
    approved, penalty = shop.events(RemedyApproved)
    assert (approved.remedy, approved.by, approved.amount_minor) == (1, DecidedBy.RULE, 10_000)
    assert (penalty.remedy, penalty.amount_minor) == (2, 1_000)
    assert shop.state.remedy(1).asked_minor == 10_000
    assert not shop.events(ContestOpened)
    settles(shop, 10_000, 0).then_nothing()
    assert shop.replayed() == shop.state


def test_with_some_of_it_asked_for_the_rest_goes_back_besides() -> None:
    shop = shop_with(presales={"*": CN})
    deposit = Payment("card", 1_000, stage=PaymentStage.DEPOSIT)
    items = (Item(LISTING, 5_000, 2),)
    shop.placed(OrderedPart(merchant=MERCHANT, items=items, presale=TERMS), payments=(deposit,))
    rest_paid(shop).asks(RemedyKind.REFUND, WantedLine(1, 1, 1))
    settles(shop, 10_000, 0)
    assert [one.amount_minor for one in shop.events(RemedyApproved)] == [5_000, 5_000]


def test_what_was_asked_for_beyond_what_goes_back_of_a_presale_is_still_to_be_answered() -> None:
    shop = of_part(rest_paid(with_presale()), 1, RemedyKind.REFUND)
    settles(shop, 1_000, 0)
    assert shop.state.remedy(1).status is Status.REQUESTED


def test_a_deposit_that_stands_beside_another_part_is_worth_what_it_was() -> None:
    shop = with_presale()
    assert given(of_part(shop, 2)) == 10_000
    assert returned(settles(shop, 10_000, 0)) == 1_000


@pytest.mark.parametrize(
    ("rule", "minor"), [(EU, 1_000), (replace(CN, deposit_percent_max=5), 500)]
)
def test_who_cancels_instead_of_paying_the_rest_gets_no_more_of_the_deposit(
    rule: PresaleRule, minor: int
) -> None:
    shop = of_part(with_presale(rule), 1)
    assert given(shop) == minor
    of_part(shop, 1).then_refused("nothing_left")


def test_a_deposit_that_is_kept_is_not_given_back_by_cancelling() -> None:
    of_part(with_presale(), 1).then_refused("nothing_left")
    shop = rest_paid(with_presale())
    assert given(of_part(shop, 1)) == 10_000
