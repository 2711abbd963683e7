"""Fake shipment numbers: what is taken for one, what is not, and what is taken back."""

from datetime import timedelta
from typing import Any

import pytest

from oncedesk.domain.orders.messages import (
    AmendPromise,
    AnnounceShipment,
    Breach,
    BreachCorrected,
    CancelOrder,
    DeliveryReopened,
    FakeFinding,
    GrantRelief,
    NextDay,
    PromiseBroken,
    PromiseKept,
    PromiseKind,
    ReportFakeTracking,
    ShipmentAnnounced,
    ShippingReopened,
    StandardShipping,
    TrackingDetail,
)
from oncedesk.domain.orders.promises import fake_id
from oncedesk.domain.shared.decider import Actor, Role
from tests.specs.orders.world import (
    CONSENT,
    CONSUMER,
    MERCHANT,
    ORDER,
    OTHER_SHIPMENT,
    PACK,
    RELIEF,
    SHIPMENT,
    WHO,
    Story,
    announce,
    ordered,
    scan,
)
from tests.support.given import START, after

LIMIT = after(hours=48)
UNSEEN_AT = LIMIT + timedelta(hours=24)
"""A day of silence after the shipping limit."""


def told(story: Story) -> list[PromiseBroken]:
    """What the last answer says of fake numbers."""
    return [
        event
        for event in story.answer
        if isinstance(event, PromiseBroken) and event.breach is Breach.FAKE_TRACKING
    ]


def corrected(story: Story) -> list[Breach]:
    return [event.breach for event in story.answer if isinstance(event, BreachCorrected)]


def finds(story: Story, finding: FakeFinding) -> Story:
    return story.hear(ReportFakeTracking(**WHO, shipment=SHIPMENT, finding=finding), now=START)


def relief(hours: int) -> GrantRelief:
    """So many more hours to ship it, published in time."""
    return GrantRelief(
        **WHO,
        part=1,
        promise=PromiseKind.SHIPPING,
        relief=RELIEF,
        published_at=START,
        extends_seconds=hours * 3_600,
    )


def unseen() -> Story:
    """A number was told in time; no carrier has had it a day after the limit."""
    story = ordered(StandardShipping()).hear(announce(), now=after(hours=1))
    story.wake(LIMIT + timedelta(seconds=1))
    assert told(story) == []
    return story.wake(UNSEEN_AT)


def test_a_number_that_no_carrier_ever_had_is_a_fake() -> None:
    (broken,) = told(unseen())
    assert (broken.kind, broken.fake) == (PromiseKind.TRACKING, FakeFinding.NEVER_SCANNED)
    assert broken.promise == fake_id(order=ORDER, part=1, shipment=SHIPMENT)
    assert (broken.due_at, broken.merchant, broken.shipment) == (UNSEEN_AT, MERCHANT, SHIPMENT)
    assert unseen().due() is None


def test_a_scan_that_is_heard_late_takes_it_back_and_a_late_scan_does_not() -> None:
    story = unseen().hear(scan("collected", after(hours=47)), now=after(hours=90))
    corrected = [event for event in story.answer if isinstance(event, BreachCorrected)]
    assert [one.breach for one in corrected] == [Breach.FAKE_TRACKING, Breach.LATE_SHIPPING]
    story = unseen().hear(scan("collected", after(hours=80)), now=after(hours=90))
    assert not [event for event in story.answer if isinstance(event, BreachCorrected)]


def test_what_was_told_too_late_is_late_and_no_fake() -> None:
    story = ordered(StandardShipping()).wake(LIMIT + timedelta(seconds=1))
    story.hear(announce(), now=after(hours=50))
    assert story.due() is None


def test_another_parcel_of_the_part_clears_the_number() -> None:
    story = ordered(StandardShipping()).hear(announce(), now=after(hours=1))
    story.hear(AnnounceShipment(**WHO, part=1, shipment=OTHER_SHIPMENT), now=after(hours=2))
    story.hear(scan("collected", after(hours=3), shipment=OTHER_SHIPMENT))
    story.wake(after(hours=27))  # The other one is silent; nobody waits for the first.
    assert told(story) == []
    assert story.due() is None


def test_what_was_under_way_before_the_order_is_another_parcel() -> None:
    story = ordered(StandardShipping()).hear(announce(), now=after(hours=1))
    story.hear(scan("delivered", START - timedelta(hours=23)), now=after(hours=2))
    assert told(story) == []
    story.hear(scan("collected", START - timedelta(hours=25)), now=after(hours=2))
    (broken,) = told(story)
    assert broken.fake is FakeFinding.BEFORE_ORDER
    story.hear(scan("collected", START - timedelta(hours=26)), now=after(hours=2))
    assert told(story) == []


def test_the_marketplace_finds_it_and_clears_it() -> None:
    story = ordered(StandardShipping()).hear(announce(), now=after(hours=1))
    finds(story, FakeFinding.CLEARED).then_nothing()
    finds(story, FakeFinding.REUSED)
    (broken,) = told(story)
    assert broken.fake is FakeFinding.REUSED
    finds(story, FakeFinding.REUSED).then_nothing()
    finds(story, FakeFinding.CLEARED).then_only(BreachCorrected)
    assert story.last().cleared
    story.wake(UNSEEN_AT)
    assert told(story) == []  # What was cleared is not found by rule again.


def test_a_number_that_no_carrier_had_may_still_be_another_orders() -> None:
    story = finds(unseen(), FakeFinding.REUSED)
    assert [one.fake for one in told(story)] == [FakeFinding.REUSED]
    finds(story, FakeFinding.REUSED).then_nothing()
    finds(story, FakeFinding.NEVER_SCANNED).then_nothing()
    story.hear(scan("delivered", after(hours=90)))
    assert (kept(story), story.state.parts[0].delivered_at) == ([], None)


def test_scans_from_before_the_order_do_not_clear_a_number_that_no_carrier_had() -> None:
    story = unseen().hear(scan("delivered", after(hours=-200)), now=after(hours=90))
    assert [one.fake for one in told(story)] == [FakeFinding.BEFORE_ORDER]
    assert corrected(story) == []
    assert (kept(story), story.state.parts[0].delivered_at) == ([], None)


def test_of_milestones_nothing_is_found() -> None:
    story = ordered(StandardShipping(), tracking=TrackingDetail.MILESTONES)
    story.hear(announce(), now=after(hours=1)).then_only(ShipmentAnnounced)
    finds(story, FakeFinding.REUSED).refused("milestones_only")
    story.hear(scan("collected", START - timedelta(days=9)), now=after(hours=2))
    assert told(story) == []


def test_refuses_a_shipment_that_nobody_named() -> None:
    finds(ordered(StandardShipping()), FakeFinding.REUSED).refused("shipment_unknown")


@pytest.mark.parametrize(
    "command",
    [
        CancelOrder(**WHO, at=after(hours=20)),
        CancelOrder(**WHO, at=after(hours=20), part=1),
        scan("voided", after(hours=20)),
        scan("collected", after(hours=20), shipment=OTHER_SHIPMENT),
        AmendPromise(
            **WHO,
            part=1,
            promise=PromiseKind.SHIPPING,
            consent=CONSENT,
            due_at=after(hours=100),
            given_at=after(hours=20),
        ),
        relief(24),
    ],
)
def test_what_ends_its_time_or_adds_to_it_and_is_heard_late_takes_it_back(command: Any) -> None:
    assert Breach.FAKE_TRACKING in corrected(unseen().hear(command, now=after(hours=90)))


@pytest.mark.parametrize(
    "command",
    [
        CancelOrder(**WHO, at=after(hours=80)),
        scan("voided", after(hours=80)),
        scan("collected", after(hours=80), shipment=OTHER_SHIPMENT),
        relief(1),
    ],
)
def test_what_comes_after_its_time_or_adds_too_little_leaves_it(command: Any) -> None:
    assert Breach.FAKE_TRACKING not in corrected(unseen().hear(command, now=after(hours=90)))


def test_what_was_given_more_time_is_a_fake_once_that_is_over_too() -> None:
    story = unseen().hear(relief(24), now=after(hours=90))
    story.wake(UNSEEN_AT + timedelta(days=1))
    assert [one.fake for one in told(story)] == [FakeFinding.NEVER_SCANNED]


def test_what_the_marketplace_finds_before_the_limit_is_a_fake_all_the_same() -> None:
    story = ordered(StandardShipping()).hear(announce(), now=after(hours=1))
    finds(story, FakeFinding.NEVER_SCANNED).then_only(PromiseBroken)


@pytest.mark.parametrize(
    "known",
    [
        scan("collected", after(hours=3)),
        scan("voided", after(hours=3)),
        scan("collected", after(hours=3), shipment=OTHER_SHIPMENT),
    ],
)
def test_what_had_been_seen_or_taken_back_in_time_is_not_found_unseen(known: Any) -> None:
    story = ordered(StandardShipping()).hear(announce(), now=after(hours=1)).hear(known)
    report = ReportFakeTracking(**WHO, shipment=SHIPMENT, finding=FakeFinding.NEVER_SCANNED)
    story.hear(report, now=after(hours=4)).then_nothing()
    finds(story, FakeFinding.REUSED)
    assert [one.fake for one in told(story)] == [FakeFinding.REUSED]


def test_a_cancelled_order_has_no_fakes_any_more() -> None:
    story = ordered(StandardShipping()).hear(announce(), now=after(hours=1))
    story.hear(CancelOrder(**WHO, at=after(hours=2)))
    assert story.due() is None


def test_a_cancelled_part_has_no_fakes_any_more_either() -> None:
    story = ordered(StandardShipping()).hear(announce(), now=after(hours=1))
    story.hear(CancelOrder(**WHO, at=after(hours=2), part=1))
    story.hear(scan("collected", START - timedelta(hours=25)), now=after(hours=3))
    assert told(story) == []


def test_neither_agent_nor_consumer_says_so() -> None:
    story = ordered(StandardShipping()).hear(announce(), now=after(hours=1))
    command = ReportFakeTracking(**WHO, shipment=SHIPMENT, finding=FakeFinding.REUSED)
    for who in (Actor(role=Role.AGENT, id=MERCHANT), Actor(role=Role.CONSUMER, id=CONSUMER)):
        story.when(command, now=START, pack=PACK, by=who).refused("not_allowed")


def found_to_be_another_orders() -> Story:
    story = ordered(StandardShipping(), NextDay()).hear(announce(), now=after(hours=1))
    return finds(story, FakeFinding.REUSED)


def kept(story: Story) -> list[PromiseKind]:
    return [one.kind for one in story.answer if isinstance(one, PromiseKept)]


def test_another_orders_parcel_keeps_no_promise_of_this_one() -> None:
    story = found_to_be_another_orders().hear(scan("delivered", after(hours=3)))
    assert (kept(story), story.state.parts[0].delivered_at) == ([], None)


def test_a_parcel_from_before_the_order_leaves_the_promises_running() -> None:
    story = ordered(StandardShipping(), NextDay()).hear(announce(), now=after(hours=1))
    story.hear(scan("delivered", after(hours=-200)), now=after(hours=2))
    assert kept(story) == []
    assert story.due() is not None


def test_what_it_had_kept_is_open_again_once_it_is_found() -> None:
    story = ordered(StandardShipping(), NextDay()).hear(announce(), now=after(hours=1))
    story.hear(scan("delivered", after(hours=3)))
    assert story.due() is None
    finds(story, FakeFinding.REUSED)
    assert [type(one) for one in story.answer] == [
        PromiseBroken,
        DeliveryReopened,
        ShippingReopened,
    ]
    part = story.state.parts[0]
    assert (part.shipped_at, part.delivered_at) == (None, None)
    assert story.due() is not None
    finds(story, FakeFinding.CLEARED)
    assert kept(story) == [PromiseKind.SHIPPING, PromiseKind.DELIVERY]


def test_another_orders_parcel_may_be_silent() -> None:
    story = ordered().hear(scan("collected", after(hours=1)))
    assert story.due() == after(hours=25)
    finds(story, FakeFinding.REUSED)
    assert story.due() is None
    finds(story, FakeFinding.CLEARED)
    assert story.due() == after(hours=25)


def test_a_fake_number_does_not_hold_up_the_real_parcel() -> None:
    story = found_to_be_another_orders()
    story.hear(announce(shipment=OTHER_SHIPMENT), now=after(hours=3))
    story.hear(scan("delivered", after(hours=9), shipment=OTHER_SHIPMENT))
    assert PromiseKind.DELIVERY in kept(story)
