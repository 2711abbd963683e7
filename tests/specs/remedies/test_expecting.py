"""What is still to come of a remedy, and by when at the latest."""

from datetime import timedelta
from typing import Any

from oncedesk.domain.remedies.expecting import expected_steps
from oncedesk.domain.remedies.messages.asking import MakeCounterOffer, Wish
from oncedesk.domain.remedies.messages.disputing import ObjectToDecision, Outcome, Side
from oncedesk.domain.remedies.messages.refunding import ConfirmRefund, FailRefund, RefundFailure
from oncedesk.domain.remedies.messages.returning import RefusedLine, SendBack, TakeBack
from oncedesk.domain.remedies.state import Remedies
from oncedesk.domain.remedies.steps import StepKind
from oncedesk.domain.remedies.words import ClockKind, RemedyKind
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.remedy_rules import GrantedBy, RemedyRule, SettlingRule
from tests.specs.remedies.goods import Goods
from tests.specs.remedies.shop import BY_CONSUMER, WHO, Shop
from tests.specs.remedies.test_disputing import before_platform, decides_alone, sent

HOUR = timedelta(hours=1)
SETTLING = SettlingRule(
    id="test",
    refund_seconds=3_600,
    ship_back_seconds=10 * 3_600,
    inspection_seconds=20 * 3_600,
)
Hours = dict[StepKind, float]


def shop_of(kind: RemedyKind, **more: Any) -> Shop:
    values: dict[str, Any] = {"reason": "*", "stage": "*", "granted_by": GrantedBy.RULE, **more}
    return Shop(RemedyRule(id="test", kind=kind, **values), settling=SETTLING).plain()


def hours(shop: Shop) -> Hours:
    """From now on, by kind of step."""
    state = shop.state
    assert isinstance(state, Remedies)
    (remedy,) = state.live
    steps = expected_steps(remedy=remedy, pack=shop.pack, now=shop.now)
    assert [one.due_at for one in steps] == sorted(one.due_at for one in steps)
    return {one.kind: (one.due_at - shop.now) / HOUR for one in steps}


def test_money_is_sent_within_the_packs_time_and_then_nothing_is_to_come() -> None:
    shop = shop_of(RemedyKind.CANCEL).asks(RemedyKind.CANCEL)
    assert hours(shop) == {StepKind.REFUND: 1}
    # Payments were asked at a moment, and that does not move.
    shop.now += HOUR / 2
    assert hours(shop) == {StepKind.REFUND: 0.5}
    sent = ConfirmRefund(
        **WHO, remedy=1, leg=1, amount_minor=10_000, currency="CNY", sent_at=shop.now
    )
    shop.when(sent, by=MARKETPLACE)
    assert hours(shop) == {}


def test_whoever_is_asked_where_to_says_so_before_money_is_sent() -> None:
    shop = shop_of(RemedyKind.CANCEL).asks(RemedyKind.CANCEL)
    failed = FailRefund(**WHO, remedy=1, leg=1, reason=RefundFailure.ROUTE_DEAD)
    shop.when(failed, by=MARKETPLACE)
    days = SETTLING.route_seconds / 3_600
    for _ in range(2):
        assert hours(shop) == {StepKind.NAME_ROUTE: days, StepKind.REFUND: days + 1}
        shop.wake_when_due()
    # Now the platform's people are.
    assert hours(shop) == {StepKind.REFUND: days + 1}


def test_what_waits_for_an_answer_begins_with_it() -> None:
    shop = shop_of(
        RemedyKind.RETURN_AND_REFUND, granted_by=GrantedBy.MERCHANT, answer_seconds=4 * 3_600
    ).arrived()
    shop.asks(RemedyKind.RETURN_AND_REFUND)
    assert hours(shop) == {
        StepKind.ANSWER: 4,
        StepKind.SEND_BACK: 14,
        StepKind.INSPECT: 34,
        StepKind.REFUND: 35,
    }


def test_while_something_is_offered_the_answer_is_the_consumers() -> None:
    shop = shop_of(
        RemedyKind.RETURN_AND_REFUND, granted_by=GrantedBy.MERCHANT, answer_seconds=4 * 3_600
    ).arrived()
    shop.asks(RemedyKind.RETURN_AND_REFUND)
    wish = Wish(kind=RemedyKind.REFUND, reason="quality", amount_minor=3_000)
    offer = MakeCounterOffer(**WHO, remedy=1, wish=wish)
    shop.when(offer, by=MARKETPLACE)
    told = hours(shop)
    assert StepKind.ANSWER not in told
    state = shop.state
    assert isinstance(state, Remedies)
    clock = state.live[0].clock(ClockKind.COUNTER_OFFER)
    assert clock is not None
    assert told[StepKind.CHOOSE] == (clock.due_at - shop.now) / HOUR


def test_what_was_granted_goes_on_while_somebody_objects_to_it() -> None:
    made = before_platform(kind=RemedyKind.RETURN_AND_REFUND)
    decides_alone(made, Outcome.GRANTED)
    granted = hours(made)
    assert list(granted) == [StepKind.SEND_BACK, StepKind.INSPECT, StepKind.REFUND]
    objection = ObjectToDecision(**WHO, remedy=1, side=Side.MERCHANT, reason="no")
    made.when(objection, by=MARKETPLACE)
    assert hours(made) == granted


def test_what_was_sent_is_not_to_be_sent_again_because_somebody_objects_to_it() -> None:
    made = before_platform()
    decides_alone(made, Outcome.GRANTED)
    sent(made, 10_000)
    objection = ObjectToDecision(**WHO, remedy=1, side=Side.MERCHANT, reason="no")
    made.when(objection, by=MARKETPLACE)
    assert hours(made) == {}


def test_a_return_is_sent_looked_at_and_paid_in_that_order() -> None:
    shop = shop_of(RemedyKind.RETURN_AND_REFUND).arrived()
    shop.asks(RemedyKind.RETURN_AND_REFUND)
    told = hours(shop)
    assert told[StepKind.INSPECT] == told[StepKind.SEND_BACK] + 20
    assert told[StepKind.REFUND] == told[StepKind.INSPECT] + 1


def test_what_is_under_way_is_not_to_be_sent_any_more() -> None:
    shop = shop_of(RemedyKind.RETURN_AND_REFUND).arrived()
    shop.asks(RemedyKind.RETURN_AND_REFUND)
    shop.when(
        SendBack(**WHO, remedy=1, shipment=WHO["order"], evidence=(b"p" * 16,)), by=BY_CONSUMER
    )
    told = hours(shop)
    assert StepKind.SEND_BACK not in told
    assert told[StepKind.REFUND] == told[StepKind.INSPECT] + 1


def test_what_was_not_accepted_leaves_for_the_consumer_within_the_packs_time() -> None:
    goods = Goods().granted().label().scan("delivered")
    goods.inspected(RefusedLine(1, 1, 2, "worn"))
    assert hours(goods) == {}
    goods.does(TakeBack)
    assert hours(goods) == {StepKind.SEND: 3 * 24}
    goods.out()
    assert hours(goods) == {}
