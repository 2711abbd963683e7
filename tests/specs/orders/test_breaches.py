"""A broken promise is found by the clock or by an event, once, and taken back when it was none."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from oncedesk.domain.orders.messages import (
    Breach,
    BreachCorrected,
    CancelOrder,
    ChosenDay,
    DeliverBy,
    Delivered,
    FoundBy,
    NextDay,
    OfferReopened,
    OnDemandHandover,
    OrderCancelled,
    OrderedPart,
    PromiseBroken,
    PromiseKept,
    PromiseKind,
    ShipmentAnnounced,
    Shipped,
    ShippingReopened,
    StandardShipping,
    Terms,
    TrackingDetail,
    TrackingRecorded,
)
from oncedesk.domain.orders.promises import promise_id, silence_id
from oncedesk.domain.orders.state import Verdict
from oncedesk.domain.shared.vocabularies import Handover
from tests.specs.orders.world import (
    CONSUMER,
    CREATOR,
    MERCHANT,
    ORDER,
    OTHER_SHIPMENT,
    PACK,
    SHIPMENT,
    WHO,
    announce,
    kuaidi,
    nothing_yet,
    ordered,
    place,
    scan,
    shanghai,
)
from tests.support.given import START, after

LIMIT = after(hours=48)
TICK = timedelta(microseconds=1)
PROMISED = DeliverBy(on=date(2025, 3, 10))


def cancel(at: Any) -> CancelOrder:
    return CancelOrder(**WHO, at=at)


def test_the_clock_finds_what_was_not_shipped_and_says_all_that_service_needs() -> None:
    story = ordered(StandardShipping())
    story.wake(LIMIT).then_nothing()
    story.wake().then(
        PromiseBroken(
            consumer=CONSUMER,
            order=ORDER,
            at=LIMIT + TICK,
            part=1,
            market="cn",
            promise=promise_id(order=ORDER, part=1, kind=PromiseKind.SHIPPING),
            kind=PromiseKind.SHIPPING,
            due_at=LIMIT,
            original_due_at=LIMIT,
            merchant=MERCHANT,
            creator=CREATOR,
            language="zh",
            breach=Breach.LATE_SHIPPING,
            found_by=FoundBy.CLOCK,
        )
    )
    assert story.due() is None
    story.wake(after(hours=50)).then_nothing()


def test_a_wake_with_nothing_due_changes_nothing() -> None:
    ordered(StandardShipping(), NextDay()).wake(after(hours=1)).then_nothing()


def test_a_scan_at_the_limit_is_in_time_and_one_after_it_is_not() -> None:
    story = ordered(StandardShipping()).hear(scan("collected", LIMIT))
    story.then_only(TrackingRecorded, Shipped, PromiseKept)
    story = ordered(StandardShipping()).hear(scan("collected", LIMIT + TICK))
    story.then_only(TrackingRecorded, Shipped, PromiseBroken)
    assert story.last().found_by is FoundBy.EVENT
    assert story.last().happened_at == LIMIT + TICK


def test_a_late_scan_after_the_clock_is_no_second_breach() -> None:
    story = ordered(StandardShipping()).wake()
    story.hear(scan("collected", after(hours=50))).then_only(TrackingRecorded, Shipped)


def test_news_that_it_was_in_time_corrects_the_breach() -> None:
    story = ordered(StandardShipping()).wake()
    broken = story.last()
    story.hear(scan("collected", after(hours=40)), now=after(hours=60))
    story.then_only(TrackingRecorded, Shipped, BreachCorrected, PromiseKept)
    corrected = story.answer[2]
    assert (corrected.promise, corrected.breach) == (broken.promise, Breach.LATE_SHIPPING)


@pytest.mark.parametrize(
    "terms",
    [
        DeliverBy(on=date(2025, 3, 4)),
        NextDay(),
        ChosenDay(starts_at=shanghai(4, 9), ends_at=shanghai(5)),
    ],
)
def test_a_day_promised_is_broken_when_it_is_over(terms: Terms) -> None:
    story = ordered(terms)
    assert story.due() == shanghai(5)
    story.wake().then_only(PromiseBroken)
    assert story.last().breach is Breach.LATE_DELIVERY
    story.hear(scan("delivered", shanghai(4, 23, 59)), now=shanghai(5, 1))
    story.then_only(TrackingRecorded, Shipped, Delivered, BreachCorrected, PromiseKept)


@pytest.mark.parametrize(
    ("at", "early"),
    [(shanghai(5, 9) - TICK, True), (shanghai(5, 9), False), (shanghai(5, 10), False)],
)
def test_early_is_before_the_window_opens(at: datetime, early: bool) -> None:
    window = ChosenDay(starts_at=shanghai(5, 9), ends_at=shanghai(5, 12))
    story = ordered(window).hear(scan("delivered", at))
    story.then_only(TrackingRecorded, Shipped, Delivered, PromiseKept)
    assert story.answer[2].early is early


def test_before_the_chosen_window_is_early_and_not_late() -> None:
    story = ordered(ChosenDay(starts_at=shanghai(5, 9), ends_at=shanghai(5, 12)))
    story.hear(scan("delivered", shanghai(5, 8)))
    story.then_only(TrackingRecorded, Shipped, Delivered, PromiseKept)
    assert story.answer[2].early


@pytest.mark.parametrize("pickup", ["locker", "station", "pickup_point"])
def test_a_pickup_point_without_consent_is_no_delivery(pickup: str) -> None:
    story = ordered(NextDay()).hear(scan("delivered", shanghai(4, 9), substate=pickup))
    story.then_only(TrackingRecorded, Shipped, PromiseBroken)
    assert story.last().breach is Breach.WRONG_HANDOVER
    assert story.last().due_at == shanghai(5)
    assert story.state.parts[0].delivered_at is None
    # It still has to come into the consumer's hands.
    story.wake().then_only(PromiseBroken)
    assert story.last().breach is Breach.LATE_DELIVERY
    story.hear(kuaidi("3", shanghai(6, 9), "301")).then_only(TrackingRecorded, Delivered)
    assert story.last().late_by_date


@pytest.mark.parametrize(
    ("asked", "got", "is_right"),
    [
        (Handover.DOOR, "door", True),
        (Handover.DOOR, "", True),
        (Handover.DOOR, "locker", False),
        (Handover.LOCKER, "locker", True),
        (Handover.LOCKER, "station", False),
        (Handover.STATION, "station", True),
        (Handover.STATION, "pickup_point", True),
        (Handover.LOCKER, "door", True),
    ],
)
def test_handed_over_as_asked(asked: Handover, got: str, is_right: bool) -> None:
    story = ordered(OnDemandHandover(asked)).hear(scan("delivered", after(hours=9), substate=got))
    assert isinstance(story.last(), PromiseKept if is_right else PromiseBroken)
    assert story.last().kind is PromiseKind.HANDOVER
    assert story.last().due_at == after(hours=9)


def test_where_the_pack_asks_for_no_consent_a_locker_is_delivery() -> None:
    pack = replace(PACK, promises=replace(PACK.promises, locker_needs_consent=False))
    story = nothing_yet()
    story.when(place(), now=START, pack=pack)
    story.hear(scan("delivered", after(hours=9), substate="locker"))
    story.then_only(TrackingRecorded, Shipped, Delivered)


@pytest.mark.parametrize("ready", [("5", "501"), ("501", "")])
def test_what_waits_in_the_locker_that_was_asked_for_is_delivered(ready: tuple[str, str]) -> None:
    story = ordered(NextDay(), OnDemandHandover(Handover.LOCKER))
    story.hear(kuaidi(ready[0], after(hours=9), ready[1]))
    story.then_only(TrackingRecorded, Shipped, Delivered, PromiseKept, PromiseKept)
    assert story.state.parts[0].delivered_at == after(hours=9)
    assert story.due() is None
    story.hear(kuaidi("3", after(hours=40), "304")).then_only(TrackingRecorded)


@pytest.mark.parametrize("asked", [(), (OnDemandHandover(Handover.DOOR),)])
def test_what_waits_in_a_locker_unasked_is_a_wrong_handover_at_once(asked: tuple[Terms]) -> None:
    story = ordered(NextDay(), *asked)
    story.hear(kuaidi("5", after(hours=9), "501"))
    story.then_only(TrackingRecorded, Shipped, PromiseBroken)
    assert story.last().breach is Breach.WRONG_HANDOVER
    assert story.last().happened_at == after(hours=9)
    assert story.state.parts[0].delivered_at is None
    assert story.due() == shanghai(5)
    story.hear(kuaidi("3", after(hours=10), "301"))
    story.then_only(TrackingRecorded, Delivered, PromiseKept)
    assert story.state.parts[0].handover is Verdict.BROKEN


def test_in_hand_before_the_locker_reported_it_waiting_is_no_wrong_handover() -> None:
    story = ordered().hear(kuaidi("5", after(hours=9), "501"))
    story.hear(kuaidi("3", after(hours=8), "301"), now=after(hours=10))
    story.then_only(TrackingRecorded, Shipped, Delivered, BreachCorrected)


def test_where_no_consent_is_needed_it_waits_to_be_fetched() -> None:
    pack = replace(PACK, promises=replace(PACK.promises, locker_needs_consent=False))
    story = nothing_yet()
    story.when(place(), now=START, pack=pack)
    story.hear(kuaidi("5", after(hours=9), "501")).then_only(TrackingRecorded, Shipped)
    story.hear(kuaidi("3", after(hours=10), "304")).then_only(TrackingRecorded, Delivered)
    assert story.state.parts[0].delivered_at == after(hours=10)


def test_in_the_consumers_hands_before_the_locker_is_no_wrong_handover() -> None:
    story = ordered().hear(scan("delivered", after(hours=9), substate="locker"))
    assert isinstance(story.last(), PromiseBroken)
    story.hear(scan("delivered", after(hours=8), substate="door"), now=after(hours=10))
    story.then_only(TrackingRecorded, Shipped, Delivered, BreachCorrected)


def test_silence_after_shipping_is_broken_once_for_each_silence() -> None:
    story = ordered().hear(scan("collected", after(hours=1)))
    assert story.due() == after(hours=25)
    story.wake().then_only(PromiseBroken)
    first = story.last()
    assert (first.breach, first.shipment) == (Breach.NO_MOVEMENT, SHIPMENT)
    assert first.promise == silence_id(order=ORDER, part=1, shipment=SHIPMENT, since=after(hours=1))
    assert story.due() is None
    story.hear(scan("in_transit", after(hours=30))).then_only(TrackingRecorded)
    story.wake(after(hours=54)).then_only(PromiseBroken)
    assert story.last().promise != first.promise


def test_a_scan_heard_late_that_breaks_the_silence_corrects_it() -> None:
    story = ordered().hear(scan("collected", after(hours=1))).wake()
    broken = story.last()
    story.hear(scan("in_transit", after(hours=25)), now=after(hours=26))
    story.then_only(TrackingRecorded, BreachCorrected)
    assert story.last().promise == broken.promise
    assert story.due() == after(hours=49)


def test_what_is_refused_at_the_door_in_time_was_not_late() -> None:
    story = ordered(PROMISED).hear(scan("refused", shanghai(10, 9)))
    story.then_only(TrackingRecorded, Shipped, PromiseKept)
    assert story.last().kind is PromiseKind.DELIVERY
    assert story.state.parts[0].delivered_at is None
    assert story.due() is None, "neither late later, nor silent on its way back"
    story.hear(scan("returning", shanghai(12))).then_only(TrackingRecorded)


def test_what_is_refused_at_the_door_too_late_is_late() -> None:
    story = ordered(PROMISED).hear(scan("refused", shanghai(11)))
    story.then_only(TrackingRecorded, Shipped, PromiseBroken)
    assert story.last().happened_at == shanghai(11)


def test_a_refusal_heard_late_corrects_what_the_clock_found() -> None:
    story = ordered(PROMISED).hear(scan("in_transit", shanghai(10, 8)))
    story.wake(shanghai(11)).then_only(PromiseBroken)
    assert story.last().breach is Breach.LATE_DELIVERY
    story.hear(scan("refused", shanghai(10, 20)), now=shanghai(11, 1))
    story.then_only(TrackingRecorded, BreachCorrected, PromiseKept)


def test_what_was_refused_and_taken_later_keeps_the_promise_by_the_first_offer() -> None:
    story = ordered(PROMISED).hear(scan("refused", shanghai(10, 9)))
    story.hear(scan("delivered", shanghai(12))).then_only(TrackingRecorded, Delivered)
    assert story.last().late_by_date


def test_another_parcel_still_under_way_is_not_excused_by_a_refused_one() -> None:
    story = ordered(PROMISED).hear(scan("refused", shanghai(9)))
    story.hear(announce(shipment=OTHER_SHIPMENT), now=shanghai(9, 1))
    story.then_only(ShipmentAnnounced, OfferReopened)
    assert story.due() == shanghai(11)
    story.wake().then_only(PromiseBroken)


@pytest.mark.parametrize("code", ["delivered", "ready_for_pickup", "returned", "refused", "voided"])
def test_silence_means_nothing_when_the_way_is_over(code: str) -> None:
    story = ordered().hear(scan("collected", after(hours=1))).hear(scan(code, after(hours=2)))
    assert story.due() is None


@pytest.mark.parametrize("code", ["problem", "attempt_failed"])
def test_what_waits_to_be_fetched_need_not_move_whatever_is_said_of_it(code: str) -> None:
    story = ordered().hear(kuaidi("5", after(hours=9), "501"))
    story.hear(scan(code, after(hours=30))).then_only(TrackingRecorded)
    assert story.due() is None
    story.hear(scan("returning", after(hours=60)))
    assert story.due() == after(hours=84)


def test_silence_means_nothing_where_only_milestones_are_told() -> None:
    story = ordered(tracking=TrackingDetail.MILESTONES).hear(scan("collected", after(hours=1)))
    assert story.due() is None


def test_each_part_has_its_own_promises() -> None:
    part = OrderedPart(merchant=MERCHANT, promises=(StandardShipping(),))
    story = ordered(parts=(part, part)).wake().then_only(PromiseBroken, PromiseBroken)
    assert [one.part for one in story.answer] == [1, 2]
    assert len({one.promise for one in story.answer}) == 2


def test_a_cancelled_order_breaks_no_promise_any_more() -> None:
    story = ordered(StandardShipping(), NextDay()).hear(cancel(after(hours=2)))
    story.then_only(OrderCancelled)
    assert story.due() is None
    story.wake(after(hours=90)).then_nothing()
    story.hear(scan("delivered", after(hours=91)))
    story.then_only(TrackingRecorded, Shipped, Delivered)
    story.hear(cancel(after(hours=2)), now=after(hours=92)).then_nothing()
    story.hear(cancel(after(hours=3))).refused("order_cancelled")


def test_a_cancellation_heard_late_corrects_what_ran_out_after_it() -> None:
    story = ordered(StandardShipping()).wake()
    story.hear(cancel(after(hours=40)), now=after(hours=60))
    story.then_only(OrderCancelled, BreachCorrected)


def test_what_ran_out_before_the_cancellation_stays_broken() -> None:
    story = ordered(StandardShipping()).hear(cancel(after(hours=60)))
    story.then_only(PromiseBroken, OrderCancelled)


def test_a_cancellation_at_the_very_limit_breaks_nothing() -> None:
    ordered(StandardShipping()).hear(cancel(LIMIT)).then_only(OrderCancelled)
    ordered(PROMISED).hear(cancel(shanghai(11) - TICK)).then_only(OrderCancelled)


def test_news_after_the_cancellation_still_corrects_what_was_found_before() -> None:
    story = ordered(StandardShipping()).wake().hear(cancel(after(hours=60)))
    story.hear(scan("collected", after(hours=47)), now=after(hours=61))
    story.then_only(TrackingRecorded, Shipped, BreachCorrected)
    story = ordered().hear(scan("delivered", after(hours=9), substate="locker"))
    story.hear(cancel(after(hours=10)))
    story.hear(scan("delivered", after(hours=8), substate="door"), now=after(hours=11))
    story.then_only(TrackingRecorded, Shipped, Delivered, BreachCorrected)


def test_nothing_new_is_judged_after_the_cancellation() -> None:
    story = ordered(StandardShipping(), PROMISED).hear(cancel(after(hours=1)))
    story.hear(scan("delivered", shanghai(20), substate="locker"))
    story.then_only(TrackingRecorded, Shipped)


def test_refuses_a_cancellation_that_cannot_be() -> None:
    story = ordered()
    story.hear(cancel(START - TICK), now=START).refused("cancel_before_order")
    story.hear(cancel(after(hours=25)), now=START).refused("time_in_future")
    nothing_yet().hear(cancel(START)).refused("order_unknown")


@pytest.mark.parametrize("code", ["collected", "returned", "lost"])
def test_a_waybill_taken_back_before_anybody_had_the_parcel_keeps_no_ship_by(code: str) -> None:
    story = ordered(StandardShipping()).hear(announce())
    story.hear(scan(code, after(hours=1)))
    story.hear(scan("voided", after(hours=2))).then_only(TrackingRecorded, ShippingReopened)
    story.wake(LIMIT + TICK).then_only(PromiseBroken)


def test_what_was_not_fetched_may_be_silent_on_its_way_back() -> None:
    story = ordered(NextDay(), OnDemandHandover(Handover.LOCKER))
    story.hear(kuaidi("5", after(hours=9), "501")).hear(kuaidi("6", after(hours=96)))
    assert story.due() is None
