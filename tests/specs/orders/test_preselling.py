"""Presales: what can be agreed, what is left to pay, and what its end brings."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from oncedesk.domain import orders
from oncedesk.domain.orders.messages import (
    AmendPromise,
    Breach,
    BreachCorrected,
    CancelOrder,
    DeliverBy,
    Delivered,
    EndPresale,
    FinalPaid,
    FinalPaymentReminded,
    FinalPriceTold,
    Item,
    OrderedPart,
    OrderPlaced,
    PartCancelled,
    PayFinal,
    Payment,
    PaymentStage,
    PlaceOrder,
    PresaleEnd,
    PresaleEnded,
    PresaleShipping,
    PresaleTerms,
    PromiseAmended,
    PromiseBroken,
    PromiseKept,
    PromiseKind,
    Shipped,
    StandardShipping,
    TellFinalPrice,
    Tier,
    TimedTerms,
    TrackingRecorded,
)
from oncedesk.domain.shared.decider import MARKETPLACE, Actor, Role
from oncedesk.domain.shared.remedy_rules import PresaleRule, RemedyRules
from oncedesk.rules.library import PackLibrary
from oncedesk.rules.loading import load_builtin
from tests.specs.orders.world import CONSENT, LISTING, MERCHANT, WHO, scan
from tests.support.specs import START, Spec, after

CN = PresaleRule("test/presale", "*", 30, 86_400, 20, deposit_kept=True, deposit_doubled=True)
EU = PresaleRule("test/presale", "*", 30, 86_400, 100, deposit_kept=False, deposit_doubled=False)
FRESH = replace(CN, category="fresh", days_max=5)
TERMS = PresaleTerms(
    deposit_minor=1_000, final_minor=9_000, pay_from=after(days=5), pay_until=after(days=10)
)
SHIP_BY = PresaleShipping(ship_by=after(days=14))


class Presale(Spec):
    """An order of one item at 10,000 of which a deposit was paid."""

    def __init__(self, *rules: PresaleRule) -> None:
        pack = replace(
            load_builtin("cn").pack(START.date()),
            hash="test",
            remedies=RemedyRules(presales={rule.category: rule for rule in rules}),
        )
        super().__init__(orders.DECIDER, PackLibrary.always([pack]).at(START))

    def placed(
        self,
        terms: PresaleTerms = TERMS,
        *,
        category: str = "toys",
        promises: tuple[TimedTerms, ...] = (SHIP_BY,),
    ) -> "Presale":
        part = OrderedPart(
            merchant=MERCHANT,
            items=(Item(LISTING, 10_000, category=category),),
            promises=promises,
            presale=terms,
        )
        deposit = Payment("card", terms.deposit_minor, stage=PaymentStage.DEPOSIT)
        self.when(
            PlaceOrder(
                **WHO,
                market="cn",
                placed_at=START,
                timezone="Asia/Shanghai",
                currency="CNY",
                parts=(part,),
                payments=(deposit,),
            ),
            by=MARKETPLACE,
        )
        return self

    def tells(self, final_minor: int, *, reached: int = 0) -> "Presale":
        command = TellFinalPrice(**WHO, part=1, final_minor=final_minor, reached=reached)
        self.when(command, by=MARKETPLACE)
        return self

    def pays(self, amount_minor: int, *, at: datetime) -> "Presale":
        payment = Payment("card", amount_minor)
        self.when(PayFinal(**WHO, part=1, payment=payment, at=at), by=MARKETPLACE)
        return self

    def ends(self, by: PresaleEnd) -> "Presale":
        self.when(EndPresale(**WHO, part=1, by=by), by=MARKETPLACE)
        return self

    def amends(self, due_at: datetime) -> "Presale":
        """The consumer agrees to another ship-by date."""
        command = AmendPromise(
            **WHO, part=1, promise=PromiseKind.SHIPPING, consent=CONSENT, due_at=due_at
        )
        self.when(command, by=MARKETPLACE)
        return self

    def cancelled(self) -> "Presale":
        """Its only part is, not the order."""
        self.when(CancelOrder(**WHO, at=self.now, part=1), by=MARKETPLACE)
        self.then_only(PartCancelled)
        return self

    def ended(self) -> tuple[int, int]:
        """What goes back, and what the merchant gives on top."""
        (event,) = self.events(PresaleEnded)
        return event.returned_minor, event.penalty_minor


def test_the_consumer_is_reminded_and_pays_the_rest() -> None:
    presale = Presale(CN).placed()
    presale.then_only(OrderPlaced)
    presale.wake_when_due().then_only(FinalPaymentReminded)
    assert (presale.now, presale.event(FinalPaymentReminded).final_minor) == (after(days=9), 9_000)
    presale.pays(9_000, at=presale.now).then_only(FinalPaid)
    assert [one.stage for one in presale.state.payments] == [
        PaymentStage.DEPOSIT,
        PaymentStage.FINAL,
    ]
    presale.pays(9_000, at=presale.now).then_nothing()
    last = presale.decider.deadline(presale.state)
    assert last is not None
    assert last > after(days=14)  # only the shipping is left


def test_a_lower_price_makes_the_deposit_lower_and_the_rest_of_it_a_part_payment() -> None:
    """A fifth of 4,000 is a deposit; what else was paid of the 1,000 is none."""
    lapsed = Presale(CN).placed().tells(4_000)
    lapsed.wake_when_due()
    lapsed.wake_when_due()
    assert lapsed.ended() == (0, 0)
    lower = Presale(CN).placed().tells(3_000)
    lower.wake_when_due()
    lower.wake_when_due()
    assert lower.ended() == (200, 0)
    theirs = Presale(CN).placed().tells(3_000).ends(PresaleEnd.MERCHANT)
    assert theirs.ended() == (1_000, 800)


@pytest.mark.parametrize(
    ("rule", "returned_minor"), [(CN, 0), (EU, 1_000), (replace(CN, deposit_percent_max=5), 500)]
)
def test_who_does_not_pay_in_time_loses_the_deposit_where_the_pack_says_so(
    rule: PresaleRule, returned_minor: int
) -> None:
    presale = Presale(rule).placed()
    presale.wake_when_due()
    presale.wake_when_due()
    assert presale.now == after(days=10)
    assert presale.ended() == (returned_minor, 0)
    assert presale.decider.deadline(presale.state) is None  # and nothing has to be shipped
    presale.wake(after(days=20)).then_nothing()


@pytest.mark.parametrize(("rule", "penalty_minor"), [(CN, 1_000), (EU, 0)])
def test_a_merchant_who_does_not_deliver_returns_it_double(
    rule: PresaleRule, penalty_minor: int
) -> None:
    assert Presale(rule).placed().ends(PresaleEnd.MERCHANT).ended() == (1_000, penalty_minor)
    presale = Presale(rule).placed().at(after(days=6)).pays(9_000, at=after(days=6))
    assert presale.ends(PresaleEnd.MERCHANT).ended() == (10_000, penalty_minor)
    presale.ends(PresaleEnd.MERCHANT).then_nothing()


def test_only_a_fifth_of_the_price_is_a_deposit() -> None:
    terms = replace(TERMS, deposit_minor=3_000, final_minor=7_000)
    assert Presale(CN).placed(terms).ends(PresaleEnd.MERCHANT).ended() == (3_000, 2_000)
    assert Presale(CN).placed(terms).ends(PresaleEnd.CONSUMER).ended() == (1_000, 0)


def test_the_consumer_may_cancel_until_the_rest_is_paid() -> None:
    assert Presale(EU).placed().ends(PresaleEnd.CONSUMER).ended() == (1_000, 0)
    presale = Presale(EU).placed().at(after(days=6)).pays(9_000, at=after(days=6))
    presale.ends(PresaleEnd.CONSUMER).then_refused("presale_paid")


def test_the_rest_is_never_above_what_was_shown_or_the_tier_reached() -> None:
    tiers = (Tier(100, 8_500), Tier(500, 8_000))
    presale = Presale(CN).placed(replace(TERMS, tiers=tiers))
    presale.tells(9_001).then_refused("price_above_shown")
    presale.tells(8_501, reached=499).then_refused("price_above_shown")
    presale.tells(8_500, reached=499).then_only(FinalPriceTold)
    presale.tells(8_501).then_refused("price_above_shown")
    presale.tells(8_000, reached=500).then_only(FinalPriceTold)
    presale.at(after(days=6)).pays(9_000, at=after(days=6)).then_refused("amount_differs")
    presale.pays(8_000, at=after(days=6)).then_only(FinalPaid)


def test_what_was_paid_in_time_and_heard_late_mends_it() -> None:
    presale = Presale(CN).placed().wake_when_due().wake_when_due()
    presale.at(after(days=11)).pays(9_000, at=after(days=9)).then_only(FinalPaid)
    assert not presale.state.has_ended(1)
    presale = Presale(EU).placed().wake_when_due().wake_when_due()
    presale.pays(9_000, at=after(days=9)).then_refused("presale_over")  # the deposit went back


def test_what_was_shipped_before_the_payment_was_heard_is_shipped_when_it_is() -> None:
    presale = Presale(CN).placed().wake_when_due().wake_when_due().at(after(days=12))
    presale.when(scan("collected", after(days=12)), by=MARKETPLACE).then_only(TrackingRecorded)
    presale.pays(9_000, at=after(days=9)).then_only(FinalPaid, Shipped, PromiseKept)
    assert presale.state.parts[0].shipped_at == after(days=12)


def test_what_went_back_before_the_payment_was_heard_opens_service_when_it_is() -> None:
    presale = Presale(CN).placed().wake_when_due().wake_when_due().at(after(days=13))
    presale.when(scan("collected", after(days=12)), by=MARKETPLACE)
    presale.when(scan("returned", after(days=13)), by=MARKETPLACE).then_only(TrackingRecorded)
    presale.pays(9_000, at=after(days=9))
    assert presale.event(PromiseBroken).breach is Breach.NOT_COMING


def test_a_window_that_has_not_opened_or_has_closed_takes_no_payment() -> None:
    presale = Presale(CN).placed()
    presale.pays(9_000, at=after(days=4)).then_refused("presale_window")
    presale.pays(9_000, at=after(days=10)).then_refused("presale_window")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"pay_until": after(days=31)}, "presale_too_far"),
        ({"pay_until": after(days=5)}, "presale_window"),
        ({"deposit_minor": 999}, "presale_price_differs"),
        ({"tiers": (Tier(1, 9_001),)}, "price_above_shown"),
    ],
)
def test_refuses_terms_that_cannot_be(changes: dict[str, Any], code: str) -> None:
    Presale(CN).placed(replace(TERMS, **changes)).then_refused(code)


@pytest.mark.parametrize(
    "promise",
    [
        PresaleShipping(ship_by=after(days=10) - timedelta(seconds=1)),
        StandardShipping(),
        DeliverBy(on=after(days=9).date()),
    ],
)
def test_nothing_is_promised_before_the_rest_has_to_be_paid(promise: TimedTerms) -> None:
    Presale(CN).placed(promises=(promise,)).then_refused("promise_before_payment")
    window_end = PresaleShipping(ship_by=TERMS.pay_until)
    Presale(CN).placed(promises=(window_end,)).then_only(OrderPlaced)
    Presale(CN).placed(promises=()).then_only(OrderPlaced)


def test_each_category_has_its_days() -> None:
    Presale(CN, FRESH).placed(category="fresh").then_refused("presale_too_far")
    Presale(FRESH).placed().then_refused("presale_not_offered")


def test_refuses_what_is_no_presale_and_who_may_not_say() -> None:
    command = EndPresale(**WHO, part=2, by=PresaleEnd.MERCHANT)
    Presale(CN).placed().when(command, by=MARKETPLACE).then_refused("presale_unknown")
    Presale(CN).placed().ends(PresaleEnd.UNPAID).then_refused("presale_unpaid")
    agent = Actor(role=Role.AGENT, id=MERCHANT)
    Presale(CN).placed().when(command, by=agent).then_refused("not_allowed")


WEEK = 7 * 86_400
LIMITED = replace(CN, default_seconds=WEEK)


def unshipped(rule: PresaleRule = LIMITED, *promises: TimedTerms) -> Presale:
    """All of it was paid, and nothing comes."""
    presale = Presale(rule).placed(promises=promises or (SHIP_BY,))
    presale.at(after(days=6)).pays(9_000, at=after(days=6)).then_only(FinalPaid)
    return presale


def test_a_merchant_who_never_ships_is_ended_by_the_packs_clock() -> None:
    presale = unshipped()
    presale.wake_when_due().then_only(PromiseBroken)
    broken_at = presale.now
    presale.wake_when_due()
    assert presale.ended() == (10_000, 1_000)
    assert presale.event(PresaleEnded).by is PresaleEnd.MERCHANT
    assert timedelta(0) <= presale.now - broken_at <= timedelta(seconds=WEEK)
    assert presale.decider.deadline(presale.state) is None
    presale.wake(after(days=60)).then_nothing()


def test_a_wake_that_comes_late_finds_the_breach_first_and_then_the_end() -> None:
    presale = unshipped()
    presale.wake(after(days=40)).then_only(PromiseBroken)
    presale.wake_when_due().then_only(PresaleEnded)


def test_what_was_shipped_late_is_not_ended() -> None:
    presale = unshipped()
    presale.wake_when_due()
    scanned = replace(presale.state.parts[0], shipped_at=presale.now)
    presale.state = replace(presale.state, parts=(scanned,))
    assert presale.decider.deadline(presale.state) is None


def defaulted() -> Presale:
    """Ended by the clock, as far as was known."""
    presale = unshipped()
    presale.wake_when_due().then_only(PromiseBroken)
    presale.wake_when_due()
    assert presale.event(PresaleEnded).by is PresaleEnd.MERCHANT
    return presale


def test_what_was_shipped_in_time_and_heard_after_the_default_was_no_breach() -> None:
    presale = defaulted()
    news = scan("collected", after(days=13))
    presale.when(news, by=MARKETPLACE).then_only(
        TrackingRecorded, Shipped, BreachCorrected, PromiseKept
    )
    assert presale.state.parts[0].shipped_at == after(days=13)
    assert presale.state.has_ended(1)  # what went back is not taken from the consumer
    assert presale.decider.deadline(presale.state) is None
    presale.when(news, by=MARKETPLACE).then_nothing()


def test_what_comes_after_the_default_is_there_and_was_late() -> None:
    presale = defaulted()
    late = scan("collected", presale.now)
    presale.when(late, by=MARKETPLACE).then_only(TrackingRecorded, Shipped)
    presale.at(presale.now + timedelta(days=2))
    presale.when(scan("delivered", presale.now), by=MARKETPLACE)
    presale.then_only(TrackingRecorded, Delivered)
    presale.wake(after(days=90)).then_nothing()


def test_what_comes_of_a_presale_that_the_consumer_ended_says_nothing() -> None:
    presale = Presale(EU).placed().ends(PresaleEnd.CONSUMER).at(after(days=12))
    presale.when(scan("collected", after(days=12)), by=MARKETPLACE).then_only(TrackingRecorded)


def test_what_the_pack_does_not_limit_ends_by_itself_nowhere() -> None:
    presale = unshipped(CN)
    presale.wake_when_due().then_only(PromiseBroken)
    assert presale.decider.deadline(presale.state) is None


def test_without_a_ship_by_it_is_ended_after_the_day_of_delivery() -> None:
    presale = unshipped(LIMITED, DeliverBy(on=after(days=20).date()))
    presale.wake_when_due().then_only(PromiseBroken)
    broken_at = presale.now
    assert broken_at > after(days=20)
    presale.wake_when_due().then_only(PresaleEnded)
    assert presale.now - broken_at == timedelta(seconds=WEEK)


def test_where_no_day_was_promised_nothing_says_that_it_does_not_come() -> None:
    presale = Presale(LIMITED).placed(promises=()).at(after(days=6)).pays(9_000, at=after(days=6))
    assert presale.decider.deadline(presale.state) is None


def test_a_part_that_was_cancelled_neither_lapses_nor_defaults() -> None:
    for presale in (Presale(LIMITED).placed(), unshipped()):
        presale.cancelled()
        assert presale.decider.deadline(presale.state) is None
        presale.wake(after(days=60)).then_nothing()


def test_the_presale_of_a_cancelled_part_is_over() -> None:
    presale = Presale(CN).placed().at(after(days=6)).cancelled()
    presale.pays(9_000, at=after(days=6)).then_refused("presale_over")
    presale.tells(8_000).then_refused("presale_over")
    presale.ends(PresaleEnd.MERCHANT).then_refused("presale_over")
    lapsed = Presale(CN).placed().wake_when_due().wake_when_due().cancelled()
    lapsed.pays(9_000, at=after(days=9)).then_refused("presale_over")


@pytest.mark.parametrize(("ship_day", "expected"), [(31, ""), (59, ""), (60, "presale_too_far")])
def test_shipping_is_bounded_from_the_end_of_the_time_to_pay(ship_day: int, expected: str) -> None:
    terms = replace(TERMS, pay_until=after(days=29))
    promise = PresaleShipping(ship_by=after(days=ship_day))
    presale = Presale(CN).placed(terms, promises=(promise,))
    if expected:
        presale.then_refused(expected)
    else:
        presale.then_only(OrderPlaced)


def test_no_amendment_ends_before_the_consumer_has_to_have_paid() -> None:
    """Or whoever pays when they may breaks it; once they have paid it may."""
    presale = Presale(CN).placed()
    presale.amends(after(days=9)).then_refused("promise_before_payment")
    presale.amends(after(days=10)).then_only(PromiseAmended)
    paid = Presale(CN).placed()
    paid.wake_when_due()
    paid.pays(9_000, at=paid.now).then_only(FinalPaid)
    paid.amends(after(days=9, hours=12)).then_only(PromiseAmended)
