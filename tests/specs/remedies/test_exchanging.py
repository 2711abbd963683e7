"""What is exchanged costs more or less: charged when the goods are back, before others leave."""

from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.listings.messages import Variant
from oncedesk.domain.orders.messages import Item, Payment, RecordTracking
from oncedesk.domain.parties.messages import PartyKind, ReturnPlace
from oncedesk.domain.parties.state import PartyState
from oncedesk.domain.remedies.messages.asking import (
    AcceptCounterOffer,
    MakeCounterOffer,
    RefuseRemedy,
    Replacement,
    Wish,
)
from oncedesk.domain.remedies.messages.changing import (
    ChargeFailure,
    ChargeRequested,
    ChargeTakenLate,
    FailCharge,
)
from oncedesk.domain.remedies.messages.disputing import (
    DecideDispute,
    DecisionAsked,
    ObjectToDecision,
    OpenDispute,
    Outcome,
    Side,
    SubmitEvidence,
)
from oncedesk.domain.remedies.messages.refunding import RefundRequested
from oncedesk.domain.remedies.messages.returning import (
    ArrangeReturn,
    GoodsDue,
    InspectReturn,
    RecordReturnTracking,
    RefundInstead,
    RefusedLine,
    SendOut,
)
from oncedesk.domain.remedies.words import RemedyKind, Status, WantedLine
from oncedesk.domain.shared.ledger import Account
from oncedesk.domain.shared.remedy_rules import (
    GrantedBy,
    RemedyRule,
    Replaced,
    ReturnRule,
    SendsOut,
    return_key,
)
from oncedesk.domain.wallets.messages import AdjustBalance
from tests.specs.remedies.shop import BY_CONSUMER, CONSUMER, LISTING, MERCHANT, WHO
from tests.specs.remedies.test_changing import ledger
from tests.specs.remedies.town import Town
from tests.support.specs import START, Spec

RED, BLUE, GREEN = (UUID(int=0xA0 + number) for number in range(3))
RULE = RemedyRule(
    id="test/exchange",
    kind="exchange",
    reason="*",
    stage="delivered",
    granted_by=GrantedBy.RULE,
    refund_to=("*",),
    replacement=Replaced.ANY_VARIANT,
)


RETURN = replace(RULE, id="test/return", kind="return_and_refund", replacement=Replaced.NOTHING)


def town(
    sends: SendsOut = SendsOut.AFTER_INSPECTION,
    *,
    granted_by: GrantedBy = GrantedBy.RULE,
    shirts: int = 1,
    bundle: int = 0,
    coupon_minor: int = 0,
    shipping_minor: int = 0,
    freight: str = "merchant",
) -> Town:
    """A shirt for 50, delivered; a blue one costs 70 and a green one 40. A bag for 200 as well."""
    returns = ReturnRule(id="test/return", kind="*", reason="*", freight=freight, sends=sends)
    rule = replace(RULE, granted_by=granted_by)
    one = Town(rule, RETURN, returns={return_key(kind="*", reason="*"): returns})
    one.world[MERCHANT] = PartyState(
        party=MERCHANT,
        kind=PartyKind.MERCHANT,
        market="cn",
        places=(ReturnPlace(UUID(int=0x91), b"address"),),
    )
    shirt = Item(LISTING, 5_000, shirts, variant=RED, bundle=bundle)
    bag = Item(UUID(int=0xBA6), 20_000, bundle=bundle)
    paid_minor = 5_000 * shirts + 20_000 + shipping_minor - coupon_minor
    paid = (Payment("credit_card", paid_minor, "card_1"),)
    one.ordered(shirt, bag, payments=paid, shipping_minor=shipping_minor)
    one.tell(RecordTracking(**WHO, shipment=UUID(int=5), code="delivered", at=START))
    one.sells(Variant(RED, 5_000), Variant(BLUE, 7_000), Variant(GREEN, 4_000))
    one.has("card_1", "credit_card")
    return one.has("gift_1", "gift_card", balance_minor=2_000)


def exchange(one: Town, variant: UUID, price_minor: int, method: str = "card_1") -> Town:
    instead = (Replacement(LISTING, variant, price_minor),)
    one.wish(RemedyKind.EXCHANGE, WantedLine(1, 1), to=instead, method=method)
    return one


def arrived(one: Town, remedy: int, parcel: int) -> None:
    one.tell(
        RecordReturnTracking(
            **WHO,
            remedy=remedy,
            shipment=UUID(int=parcel + remedy),
            code="delivered",
            happened_at=one.mine.now,
        )
    )


def came_back(one: Town, remedy: int = 1) -> Town:
    arrived(one, remedy, 0xB00)
    one.tell(InspectReturn(**WHO, remedy=remedy, evidence=(b"seen",)))
    return one


def exchanged(one: Town, variant: UUID, price_minor: int) -> Town:
    """It has gone all the way, and what was exchanged can be given back."""
    number = exchange(one, variant, price_minor).mine.state.numbered
    came_back(one, number)
    if one.mine.state.the_remedy(number).charge is not None:
        one.charge_confirmed(remedy=number)
    one.tell(SendOut(**WHO, remedy=number, shipment=UUID(int=0xC00 + number)))
    arrived(one, number, 0xC00)
    one.refunds_confirmed()
    while one.mine.state.remedy(number) is not None:
        one.mine.wake_when_due()
    return one


def returned(one: Town, item: int = 1) -> int:
    """One of this item goes back: what is given for it."""
    before_minor = sum(one.mine.state.refunded)
    one.wish(RemedyKind.RETURN_AND_REFUND, WantedLine(1, item))
    came_back(one, one.mine.state.numbered).refunds_confirmed()
    given_minor: int = sum(one.mine.state.refunded) - before_minor
    return given_minor


def happened(one: Town, kind: type) -> int:
    return sum(isinstance(event, kind) for event in one.heard)


def test_a_dearer_one_is_charged_when_the_goods_are_back_and_leaves_when_it_is_paid() -> None:
    one = exchange(town(), BLUE, 7_000)
    assert happened(one, ChargeRequested) == 0
    came_back(one)
    assert (happened(one, ChargeRequested), happened(one, GoodsDue)) == (1, 0)
    one.charge_confirmed()
    assert happened(one, GoodsDue) == 1
    assert [payment.amount_minor for payment in one.order.payments] == [25_000, 2_000]
    assert ledger(one, Account.ESCROW) == 27_000


def test_nothing_leaves_at_once_that_costs_more() -> None:
    one = exchange(town(SendsOut.AT_ONCE), BLUE, 7_000)
    assert happened(one, GoodsDue) == 0
    journey = one.mine.state.live[0].journey
    assert journey is not None
    assert journey.out.value == "later"
    same = exchange(town(SendsOut.AT_ONCE), RED, 5_000)
    journey = same.mine.state.live[0].journey
    assert journey is not None
    assert journey.out.value == "due"


def test_nor_at_a_scan() -> None:
    one = exchange(town(SendsOut.AT_SCAN), BLUE, 7_000)
    scan = RecordReturnTracking(
        **WHO, remedy=1, shipment=UUID(int=0xB01), code="in_transit", happened_at=one.mine.now
    )
    one.tell(scan)
    assert happened(one, GoodsDue) == 0
    came_back(one)
    assert (happened(one, ChargeRequested), happened(one, GoodsDue)) == (1, 0)
    one.charge_confirmed()
    assert happened(one, GoodsDue) == 1


def test_a_balance_is_looked_at_when_it_is_asked_for_and_taken_when_it_is_back() -> None:
    one = exchange(town(), BLUE, 7_000, "gift_1")
    assert one.balance("gift_1") == 2_000
    came_back(one)
    assert one.balance("gift_1") == 0
    assert happened(one, GoodsDue) == 1
    poor = town().has("gift_2", "gift_card", balance_minor=1_999)
    exchange(poor, BLUE, 7_000, "gift_2")
    poor.mine.then_refused("balance_insufficient")


def takes_instead(kind: RemedyKind, *, amount_minor: int | None = None) -> Town:
    """A blue one was asked for, and the difference paid by the gift card; this was offered."""
    one = exchange(town(granted_by=GrantedBy.MERCHANT), BLUE, 7_000, "gift_1")
    wish = Wish(kind=kind, reason="quality", amount_minor=amount_minor)
    one.tell(MakeCounterOffer(**WHO, remedy=1, wish=wish))
    one.tell(AcceptCounterOffer(**WHO, remedy=1), by=BY_CONSUMER)
    return one


@pytest.mark.parametrize("kind", [RemedyKind.EXCHANGE, RemedyKind.REPAIR, RemedyKind.RESEND])
def test_nothing_is_charged_for_what_was_offered_instead_of_a_dearer_one(kind: RemedyKind) -> None:
    one = takes_instead(kind)
    if kind is not RemedyKind.RESEND:
        came_back(one)
    assert (happened(one, ChargeRequested), happened(one, GoodsDue)) == (0, 1)
    assert one.balance("gift_1") == 2_000


def test_money_that_was_offered_instead_of_a_dearer_one_goes_back_to_what_was_paid() -> None:
    one = takes_instead(RemedyKind.REFUND, amount_minor=1_000)
    (leg,) = one.mine.state.live[0].legs
    assert (leg.reference, leg.payment, leg.amount_minor) == ("card_1", 1, 1_000)


def test_a_charge_that_fails_gives_the_money_back_for_what_came_back() -> None:
    one = came_back(exchange(town(), BLUE, 7_000))
    one.tell(FailCharge(**WHO, remedy=1, reason=ChargeFailure.DECLINED))
    (remedy,) = one.mine.state.live
    assert (remedy.kind, remedy.amount_minor) == (RemedyKind.RETURN_AND_REFUND, 5_000)
    assert sum(leg.amount_minor for leg in remedy.legs) == 5_000
    one.refunds_confirmed()
    assert ledger(one, Account.ESCROW) == 20_000


def test_money_in_the_place_of_goods_goes_back_to_what_was_paid_for_them() -> None:
    one = exchange(town(), BLUE, 7_000, "gift_1")
    one.tell(AdjustBalance(consumer=CONSUMER, method="gift_1", amount_minor=-1_000, currency="CNY"))
    came_back(one)
    legs = one.mine.state.live[0].legs
    assert [(leg.reference, leg.amount_minor) for leg in legs] == [("card_1", 5_000)]


def test_what_is_taken_for_an_exchange_that_was_paid_back_goes_back_too() -> None:
    one = came_back(exchange(town(), BLUE, 7_000))
    one.tell(FailCharge(**WHO, remedy=1, reason=ChargeFailure.DECLINED))
    one.refunds_confirmed()
    assert one.mine.state.live[0].status is Status.SETTLED
    one.charge_confirmed().then_only(ChargeTakenLate, RefundRequested)
    one.charge_confirmed().then_nothing()
    one.refunds_confirmed()
    (remedy,) = one.mine.state.live
    assert (remedy.status, remedy.amount_minor) == (Status.SETTLED, 5_000)
    assert [leg.amount_minor for leg in remedy.legs] == [5_000, 2_000]
    assert ledger(one, Account.ESCROW) == 20_000


def test_so_does_what_is_taken_when_all_of_it_is_over() -> None:
    one = came_back(exchange(town(), BLUE, 7_000))
    one.tell(FailCharge(**WHO, remedy=1, reason=ChargeFailure.DECLINED))
    one.refunds_confirmed()
    while one.mine.state.live:
        one.mine.wake_when_due()
    (before,) = one.mine.state.closed
    one.charge_confirmed().then_only(ChargeTakenLate, RefundRequested)
    leg = one.mine.event(RefundRequested).leg
    assert (leg.method, leg.reference, leg.amount_minor) == ("credit_card", "card_1", 2_000)
    assert leg.number > before.legs[-1].number
    one.charge_confirmed().then_nothing()
    one.refunds_confirmed()
    assert ledger(one, Account.ESCROW) == 20_000
    while one.mine.state.live:
        one.mine.wake_when_due()
    (over,) = one.mine.state.closed
    assert [one.amount_minor for one in over.legs] == [5_000, 2_000]
    assert replace(over, legs=before.legs, lapsed=before.lapsed) == before
    one.charge_confirmed().then_nothing()
    assert one.mine.replayed() == one.mine.state


def test_a_cheaper_one_gives_the_difference_once() -> None:
    one = exchanged(town(), GREEN, 4_000)
    assert sum(one.mine.state.refunded) == 1_000
    exchanged(one, GREEN, 4_000)
    assert sum(one.mine.state.refunded) == 1_000
    assert returned(one) == 4_000


@pytest.mark.parametrize(("freight_minor", "left_minor"), [(300, 700), (1_500, 0)])
def test_a_label_is_off_the_difference(freight_minor: int, left_minor: int) -> None:
    one = exchange(town(freight="consumer"), GREEN, 4_000)
    label: Any = {"shipment": UUID(int=0xB01), "carrier": UUID(int=0xCA)}
    one.tell(ArrangeReturn(**WHO, remedy=1, **label, freight_minor=freight_minor))
    came_back(one)
    one.tell(SendOut(**WHO, remedy=1, shipment=UUID(int=0xC01)))
    arrived(one, 1, 0xC00)
    one.refunds_confirmed()
    assert sum(one.mine.state.refunded) == left_minor
    assert one.mine.state.the_remedy(1).status is Status.SETTLED
    assert one.mine.replayed() == one.mine.state


def test_a_dearer_one_gives_back_all_that_it_cost() -> None:
    one = exchanged(town(), BLUE, 7_000)
    assert returned(one) == 7_000
    assert ledger(one, Account.ESCROW) == 20_000


def test_the_next_difference_is_counted_from_what_is_there_now() -> None:
    one = exchanged(exchanged(town(), BLUE, 7_000), GREEN, 4_000)
    assert sum(one.mine.state.refunded) == 3_000
    exchanged(one, RED, 5_000)
    assert [payment.amount_minor for payment in one.order.payments] == [25_000, 2_000, 1_000]
    assert returned(one) == 5_000


def test_of_several_each_has_its_part_of_the_difference_and_none_is_lost() -> None:
    one = exchanged(town(shirts=2), BLUE, 7_000)
    assert returned(one) == 6_000
    assert returned(one) == 6_000


def test_goods_that_do_not_come_give_back_what_those_before_them_cost() -> None:
    one = came_back(exchange(exchanged(town(), GREEN, 4_000), GREEN, 4_000), 2)
    one.mine.wake_when_due().wake_when_due()
    assert one.mine.event(RefundInstead).amount_minor == 4_000


def disputed(**more: Any) -> Town:
    """The merchant refused an exchange for a cheaper one; the platform is to decide."""
    one = exchange(town(granted_by=GrantedBy.MERCHANT, **more), GREEN, 4_000)
    one.tell(RefuseRemedy(**WHO, remedy=1, reason="no", facts=("packed_complete",)))
    one.tell(OpenDispute(**WHO, remedy=1, reason="not_true"), by=BY_CONSUMER)
    one.tell(SubmitEvidence(**WHO, remedy=1, side=Side.MERCHANT, digests=(bytes(16),)))
    one.mine.wake_when_due().then_only(DecisionAsked)
    return one


def decided(one: Town, outcome: Outcome, amount_minor: int | None = None) -> Spec:
    said: Any = {"reason": "so", "basis": "both", "amount_minor": amount_minor}
    return one.tell(DecideDispute(**WHO, remedy=1, outcome=outcome, **said))


def test_a_difference_that_a_dispute_gave_is_nothing_that_was_paid_for_shipping() -> None:
    one = disputed(shipping_minor=900)
    decided(one, Outcome.GRANTED)
    assert returned(one, 2) == 20_900


def test_an_exchange_for_a_cheaper_one_can_be_won_by_an_objection() -> None:
    one = disputed()
    decided(one, Outcome.REFUSED)
    objection = ObjectToDecision(**WHO, remedy=1, side=Side.CONSUMER, reason="look_again")
    one.tell(objection, by=BY_CONSUMER)
    decided(one, Outcome.GRANTED)
    arrived(one, 1, 0xB00)
    one.tell(InspectReturn(**WHO, remedy=1, evidence=(b"seen",)))
    one.tell(SendOut(**WHO, remedy=1, shipment=UUID(int=0xC00)))
    arrived(one, 1, 0xC00 - 1)
    one.refunds_confirmed()
    assert sum(one.mine.state.refunded) == 1_000


def test_of_an_exchange_that_became_money_each_unit_gives_its_own() -> None:
    one = town(SendsOut.AT_SCAN, shirts=2)
    instead = (Replacement(LISTING, RED, 5_000),)
    one.wish(RemedyKind.EXCHANGE, WantedLine(1, 1, 2), to=instead)
    back: Any = {"remedy": 1, "shipment": UUID(int=0xB00)}
    for code in ("collected", "delivered"):
        told = RecordReturnTracking(**WHO, **back, code=code, happened_at=one.mine.now)
        one.tell(told)
        while code == "collected" and not one.mine.events(RefundInstead):
            one.mine.wake_when_due()
    worn = RefusedLine(1, 1, 1, "worn")
    one.tell(InspectReturn(**WHO, remedy=1, refused=(worn,), evidence=(b"seen",)))
    assert [remedy.amount_minor for remedy in one.mine.state.live] == [5_000, 5_000]
    one.refunds_confirmed()
    assert sum(one.mine.state.refunded) == 5_000
    # The half that is won is money, too.
    one.tell(OpenDispute(**WHO, remedy=2, reason="not_true"), by=BY_CONSUMER)
    while sum(one.mine.state.refunded) < 10_000:
        one.mine.wake_when_due()
    assert not any(event.remedy == 2 for event in one.mine.journal if isinstance(event, GoodsDue))


def test_so_do_those_of_which_a_dispute_gave_a_part_of_the_difference() -> None:
    one = disputed()
    decided(one, Outcome.IN_PART, 400)
    came_back(one)
    while not one.mine.events(RefundInstead):
        one.mine.wake_when_due()
    (remedy,) = one.mine.state.live
    assert (remedy.amount_minor, remedy.shipping_minor) == (5_000, 0)
    one.refunds_confirmed()
    assert sum(one.mine.state.refunded) == 5_000


def test_what_was_exchanged_comes_back_out_of_a_bundle_for_what_is_left_of_it() -> None:
    one = exchanged(town(bundle=1), GREEN, 4_000)
    assert returned(one) == 4_000


def test_what_was_paid_for_a_dearer_one_is_nothing_that_was_paid_for_others() -> None:
    one = exchanged(town(coupon_minor=5_000), BLUE, 7_000)
    assert (returned(one, 2), returned(one)) == (16_000, 6_000)
