"""Something else instead, offered at the offering desk's own charge and taken or not in one tap."""

from typing import Any
from uuid import UUID

import pytest

from oncedesk.domain.orders.messages import Item, OrderedPart, Payment
from oncedesk.domain.remedies.messages.asking import (
    AcceptCounterOffer,
    ClockWarned,
    CounterOfferAccepted,
    CounterOfferDeclined,
    CounterOfferMade,
    DeclineCounterOffer,
    GrantRemedy,
    MakeCounterOffer,
    RefuseRemedy,
    RemedyApproved,
    Wish,
    WithdrawRemedy,
)
from oncedesk.domain.remedies.messages.base import ToRemedy
from oncedesk.domain.remedies.messages.disputing import DisputeOpened
from oncedesk.domain.remedies.messages.refunding import OutsideKind, RecordOutside, RefundRequested
from oncedesk.domain.remedies.words import (
    ClockKind,
    DecidedBy,
    Line,
    Payer,
    RemedyKind,
    Share,
    Status,
    WantedLine,
)
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.remedy_rules import GrantedBy, RemedyRule
from tests.specs.remedies.shop import BY_CONSUMER, LISTING, MERCHANT, WHO, Shop
from tests.support.specs import after

RETURN = RemedyKind.RETURN_AND_REFUND
ASKED = RemedyRule(
    id="test/return",
    kind="return_and_refund",
    reason="*",
    stage="*",
    granted_by=GrantedBy.MERCHANT,
    payer="platform",
)
PART = Wish(kind=RemedyKind.REFUND, reason="quality", amount_minor=3_000)


def asked(quantity: int = 2) -> Shop:
    return Shop(ASKED).plain(quantity=quantity).arrived().asks(RETURN, WantedLine(1, 1, 1))


def offered(wish: Wish = PART, **more: Any) -> Shop:
    shop = asked()
    shop.when(MakeCounterOffer(**WHO, remedy=1, wish=wish, **more), by=MARKETPLACE)
    return shop


def answer(shop: Shop, command: type[ToRemedy]) -> Shop:
    shop.when(command(**WHO, remedy=1), by=BY_CONSUMER)
    return shop


def test_an_offer_says_what_it_comes_to_and_until_when() -> None:
    made = offered(expected_minor=3_000).then_only(CounterOfferMade).event(CounterOfferMade)
    assert (made.lines, made.amount_minor) == ((Line(1, 1, 1, 3_000, stays=True),), 3_000)
    assert made.shares == (Share(Payer.MERCHANT, MERCHANT, 3_000),)
    assert (made.clock.kind, made.clock.due_at) == (ClockKind.COUNTER_OFFER, after(days=2))
    assert made.clock.warn_at == after(days=1)


def test_taken_it_is_granted_at_once_at_the_offering_desks_charge() -> None:
    shop = answer(offered(), AcceptCounterOffer).then_only(
        CounterOfferAccepted, RemedyApproved, RefundRequested
    )
    approved = shop.event(RemedyApproved)
    assert (approved.by, approved.amount_minor) == (DecidedBy.CONSUMER, 3_000)
    assert approved.shares == (Share(Payer.MERCHANT, MERCHANT, 3_000),)
    assert shop.state.live[0].kind is RemedyKind.REFUND
    answer(shop, AcceptCounterOffer).then_refused("counter_offer_gone")


def test_not_taken_it_is_in_dispute_as_it_was_asked_for() -> None:
    shop = answer(offered(), DeclineCounterOffer).then_only(CounterOfferDeclined, DisputeOpened)
    remedy = shop.state.live[0]
    assert (remedy.kind, remedy.amount_minor, remedy.counter_offer) == (RETURN, 10_000, None)
    assert [clock.kind for clock in remedy.clocks] == [ClockKind.EVIDENCE]
    answer(shop, DeclineCounterOffer).then_refused("counter_offer_gone")


def test_saying_nothing_is_not_taking_it() -> None:
    shop = offered()
    shop.wake_when_due().then_only(ClockWarned)
    assert shop.now == after(days=1)
    shop.wake_when_due().then_only(CounterOfferDeclined, DisputeOpened)
    assert shop.now == after(days=2)
    assert shop.event(CounterOfferDeclined).silent


def test_meanwhile_the_desk_may_grant_it_and_the_consumer_let_it_be() -> None:
    shop = offered()
    shop.when(GrantRemedy(**WHO, remedy=1), by=MARKETPLACE)
    approved = shop.event(RemedyApproved)
    assert (approved.amount_minor, shop.state.live[0].kind) == (10_000, RETURN)
    answer(shop, AcceptCounterOffer).then_refused("counter_offer_gone")
    answer(offered(), WithdrawRemedy)
    shop = offered()
    shop.when(RefuseRemedy(**WHO, remedy=1, reason="worn", facts=("worn",)), by=MARKETPLACE)
    answer(shop, AcceptCounterOffer).then_refused("counter_offer_gone")


@pytest.mark.parametrize(
    ("wish", "more", "code"),
    [
        (PART, {"expected_minor": 2_999}, "amount_changed"),
        (
            Wish(kind=RemedyKind.REFUND, reason="late", amount_minor=10_001),
            {},
            "refund_exceeds_paid",
        ),
        (Wish(kind=RemedyKind.REFUND, reason="late", currency="USD"), {}, "currency_differs"),
        (Wish(kind=RemedyKind.CANCEL, reason="late"), {}, "kind_not_offered"),
        (
            Wish(kind=RemedyKind.REFUND, reason="late", lines=(WantedLine(1, 1, 3),)),
            {},
            "quantity_exceeds_bought",
        ),
    ],
)
def test_refuses_an_offer_of_what_there_is_not(wish: Wish, more: Any, code: str) -> None:
    shop = offered(wish, **more).then_refused(code)
    assert shop.state.live[0].counter_offer is None


def test_a_desk_offers_only_what_is_its_own() -> None:
    shop = Shop(ASKED)
    parts = [
        OrderedPart(merchant=one, items=(Item(LISTING, 500),)) for one in (MERCHANT, UUID(int=0x3F))
    ]
    shop.placed(*parts, payments=(Payment("card", 1_000),)).asks(RETURN, WantedLine(1, 1))
    others = Wish(kind=RemedyKind.REFUND, reason="late", lines=(WantedLine(2, 1),))
    shop.when(MakeCounterOffer(**WHO, remedy=1, wish=others), by=MARKETPLACE).then_refused(
        "parts_mixed"
    )


def test_nothing_is_offered_in_a_dispute() -> None:
    shop = answer(offered(), DeclineCounterOffer)
    shop.when(MakeCounterOffer(**WHO, remedy=1, wish=PART), by=MARKETPLACE).then_refused(
        "in_dispute"
    )


def test_one_offer_at_a_time() -> None:
    shop = offered()
    shop.when(MakeCounterOffer(**WHO, remedy=1, wish=PART), by=MARKETPLACE).then_refused(
        "offer_stands"
    )


def test_what_went_back_elsewhere_meanwhile_is_no_longer_offered() -> None:
    shop = asked(quantity=1)
    wish = Wish(kind=RemedyKind.REFUND, reason="late", amount_minor=6_000)
    shop.when(MakeCounterOffer(**WHO, remedy=1, wish=wish), by=MARKETPLACE).then_only(
        CounterOfferMade
    )
    chargeback = RecordOutside(
        **WHO,
        id=UUID(int=5),
        kind=OutsideKind.CHARGEBACK,
        amount_minor=5_000,
        currency="CNY",
        payment=1,
    )
    shop.when(chargeback, by=MARKETPLACE)
    answer(shop, AcceptCounterOffer).then_refused("refund_exceeds_paid")


def test_an_offer_is_for_what_was_not_decided() -> None:
    shop = Shop().plain().asks(RemedyKind.CANCEL)
    shop.when(MakeCounterOffer(**WHO, remedy=1, wish=PART), by=MARKETPLACE).then_refused(
        "remedy_decided"
    )
    assert shop.state.live[0].status is Status.SETTLING
