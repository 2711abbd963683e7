"""Scans come late, twice, out of order or before their order, and never corrupt what is known."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from oncedesk.domain.orders.messages import (
    BreachCorrected,
    DeliverBy,
    Delivered,
    DeliveryReopened,
    NextDay,
    OrderedPart,
    OrderPlaced,
    PromiseBroken,
    PromiseKept,
    ShipmentAnnounced,
    Shipped,
    ShippingLimits,
    StandardShipping,
    TrackingRecorded,
)
from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.vocabularies import (
    Handover,
    Told,
    TrackingStatus,
    Vocabulary,
    told,
)
from tests.specs.orders.world import (
    MERCHANT,
    OTHER_SHIPMENT,
    SHIPMENT,
    WAKE,
    announce,
    kuaidi,
    nothing_yet,
    ordered,
    place,
    scan,
    shanghai,
)
from tests.support.given import START, after

DELIVERED, COLLECTED = TrackingStatus.DELIVERED, TrackingStatus.COLLECTED
REFUSED = TrackingStatus.REFUSED
TWO_PARTS = (OrderedPart(merchant=MERCHANT), OrderedPart(merchant=MERCHANT))


@pytest.mark.parametrize(
    ("vocabulary", "code", "substate", "status", "handover"),
    [
        (Vocabulary.AFTERSHIP, "Pending", "", TrackingStatus.ANNOUNCED, Handover.UNKNOWN),
        (Vocabulary.AFTERSHIP, "InfoReceived", "", TrackingStatus.ANNOUNCED, Handover.UNKNOWN),
        (Vocabulary.AFTERSHIP, "InTransit", "", TrackingStatus.IN_TRANSIT, Handover.UNKNOWN),
        (Vocabulary.AFTERSHIP, "AttemptFail", "", TrackingStatus.ATTEMPT_FAILED, Handover.UNKNOWN),
        (
            Vocabulary.AFTERSHIP,
            "AvailableForPickup",
            "",
            TrackingStatus.READY_FOR_PICKUP,
            Handover.PICKUP_POINT,
        ),
        (Vocabulary.AFTERSHIP, "Delivered", "Delivered_003", DELIVERED, Handover.DOOR),
        (Vocabulary.AFTERSHIP, "Delivered_005", "", DELIVERED, Handover.PROXY),
        (Vocabulary.AFTERSHIP, "Delivered_099", "", DELIVERED, Handover.UNKNOWN),
        (Vocabulary.AFTERSHIP, "InTransit", "InTransit_002", COLLECTED, Handover.UNKNOWN),
        (Vocabulary.AFTERSHIP, "Exception", "Exception_003", REFUSED, Handover.UNKNOWN),
        (Vocabulary.AFTERSHIP, "Exception_010", "", TrackingStatus.RETURNING, Handover.UNKNOWN),
        (Vocabulary.AFTERSHIP, "Exception_011", "", TrackingStatus.RETURNED, Handover.UNKNOWN),
        (Vocabulary.AFTERSHIP, "Exception_013", "", TrackingStatus.LOST, Handover.UNKNOWN),
        (Vocabulary.KUAIDI100, "1", "101", TrackingStatus.ANNOUNCED, Handover.UNKNOWN),
        (Vocabulary.KUAIDI100, "1", "102", TrackingStatus.ANNOUNCED, Handover.UNKNOWN),
        (Vocabulary.KUAIDI100, "1", "103", COLLECTED, Handover.UNKNOWN),
        (Vocabulary.KUAIDI100, "2", "202", TrackingStatus.EXPIRED, Handover.UNKNOWN),
        (Vocabulary.KUAIDI100, "2", "210", TrackingStatus.VOIDED, Handover.UNKNOWN),
        (Vocabulary.KUAIDI100, "4", "401", TrackingStatus.VOIDED, Handover.UNKNOWN),
        (
            Vocabulary.KUAIDI100,
            "5",
            "501",
            TrackingStatus.READY_FOR_PICKUP,
            Handover.PICKUP_POINT,
        ),
        (Vocabulary.KUAIDI100, "11", "", TrackingStatus.CUSTOMS, Handover.UNKNOWN),
        (Vocabulary.KUAIDI100, "301", "", DELIVERED, Handover.DOOR),
        (Vocabulary.AFTERSHIP, "Delivered", "", TrackingStatus.DELIVERED, Handover.UNKNOWN),
        (Vocabulary.AFTERSHIP, "Expired", "", TrackingStatus.EXPIRED, Handover.UNKNOWN),
        (Vocabulary.KUAIDI100, "0", "", TrackingStatus.IN_TRANSIT, Handover.UNKNOWN),
        (Vocabulary.KUAIDI100, "1", "", TrackingStatus.COLLECTED, Handover.UNKNOWN),
        (Vocabulary.KUAIDI100, "3", "301", TrackingStatus.DELIVERED, Handover.DOOR),
        (Vocabulary.KUAIDI100, "3", "303", TrackingStatus.DELIVERED, Handover.PROXY),
        (Vocabulary.KUAIDI100, "3", "304", TrackingStatus.DELIVERED, Handover.PICKUP_POINT),
        (Vocabulary.KUAIDI100, "3", "999", TrackingStatus.DELIVERED, Handover.UNKNOWN),
        (Vocabulary.KUAIDI100, "4", "", TrackingStatus.RETURNED, Handover.UNKNOWN),
        (Vocabulary.KUAIDI100, "14", "", TrackingStatus.REFUSED, Handover.UNKNOWN),
        (Vocabulary.KUAIDI100, "4", "14", TrackingStatus.REFUSED, Handover.UNKNOWN),
        (Vocabulary.KUAIDI100, "2", "14", TrackingStatus.REFUSED, Handover.UNKNOWN),
        (Vocabulary.ONCEDESK, "delivered", "locker", TrackingStatus.DELIVERED, Handover.LOCKER),
        (Vocabulary.ONCEDESK, "collected", "locker", TrackingStatus.COLLECTED, Handover.UNKNOWN),
    ],
)
def test_reads_the_fields_vocabularies(
    vocabulary: Vocabulary, code: str, substate: str, status: TrackingStatus, handover: Handover
) -> None:
    assert told(vocabulary=vocabulary, code=code, substate=substate) == Told(status, handover)


@pytest.mark.parametrize(
    ("vocabulary", "code", "substate", "expected"),
    [
        (Vocabulary.AFTERSHIP, "delivered", "", "a code of aftership, not 'delivered'"),
        (Vocabulary.AFTERSHIP, "Bogus_001", "", "a code of aftership, not 'Bogus_001'"),
        (Vocabulary.KUAIDI100, "9", "", "a code of kuaidi100, not '9'"),
        (Vocabulary.ONCEDESK, "Delivered", "", f"one of {', '.join(TrackingStatus)}"),
        (Vocabulary.ONCEDESK, "delivered", "roof", f"one of {', '.join(Handover)}"),
    ],
)
def test_refuses_codes_that_nobody_knows(
    vocabulary: Vocabulary, code: str, substate: str, expected: str
) -> None:
    answer = told(vocabulary=vocabulary, code=code, substate=substate)
    assert isinstance(answer, Refusal)
    assert answer.detail == expected
    story = ordered()
    story.hear(scan(code, after(hours=1), substate=substate, vocabulary=vocabulary))
    story.refused("tracking_code_unknown")


def test_shipped_is_the_first_carrier_scan_and_not_the_label() -> None:
    story = ordered(StandardShipping())
    story.hear(announce(), now=after(hours=1)).then_only(ShipmentAnnounced)
    story.hear(scan("announced", after(hours=2))).then_nothing()
    story.hear(scan("collected", after(hours=3)))
    story.then_only(TrackingRecorded, Shipped, PromiseKept)
    assert story.state.parts[0].shipped_at == after(hours=3)


@pytest.mark.parametrize(("state", "finer"), [("1", "101"), ("1", "102"), ("4", "401")])
def test_a_waybill_that_no_courier_took_over_is_not_shipped(state: str, finer: str) -> None:
    story = ordered(StandardShipping())
    story.hear(kuaidi(state, after(hours=2), finer)).then_only(TrackingRecorded)
    assert story.state.parts[0].shipped_at is None
    assert story.due() == after(hours=48, seconds=0) + timedelta(microseconds=1)


def test_a_tracker_that_heard_nothing_does_not_end_a_silence() -> None:
    story = ordered().hear(scan("collected", after(hours=1)))
    story.hear(kuaidi("2", after(hours=20), "202")).then_nothing()
    assert story.due() == after(hours=25)


def test_refuses_a_scan_without_a_real_time() -> None:
    story = ordered(StandardShipping())
    story.hear(scan("delivered", datetime(1970, 1, 1, tzinfo=UTC)), now=after(hours=1))
    story.refused("time_implausible")
    assert story.state.tracks == ()


def test_a_waybill_taken_back_does_not_hold_up_the_delivery() -> None:
    story = ordered(NextDay()).hear(announce(), now=after(hours=1))
    story.hear(announce(shipment=OTHER_SHIPMENT), now=after(hours=2))
    story.hear(scan("delivered", after(hours=9), shipment=OTHER_SHIPMENT))
    story.then_only(TrackingRecorded, Shipped)
    story.hear(scan("voided", after(hours=8)), now=after(hours=10))
    story.then_only(TrackingRecorded, Delivered, PromiseKept)
    assert story.state.parts[0].delivered_at == after(hours=9)


def test_a_waybill_taken_back_and_used_after_all_counts_again() -> None:
    story = ordered().hear(scan("voided", after(hours=1)))
    story.hear(scan("collected", after(hours=2)))
    assert not story.state.tracks[0].voided
    assert story.due() == after(hours=26)


def test_what_was_lost_and_sent_again_is_delivered_when_the_second_is() -> None:
    story = ordered(DeliverBy(on=date(2025, 3, 10))).hear(scan("lost", after(hours=9)))
    story.hear(scan("delivered", after(hours=20), shipment=OTHER_SHIPMENT))
    story.then_only(TrackingRecorded, Delivered, PromiseKept, BreachCorrected)
    story.hear(scan("in_transit", after(hours=30))).then_only(TrackingRecorded, DeliveryReopened)


def test_an_earlier_scan_heard_later_revises_when_it_was_shipped() -> None:
    story = ordered().hear(scan("in_transit", after(hours=5)))
    story.hear(scan("collected", after(hours=3)), now=after(hours=6))
    story.then_only(TrackingRecorded, Shipped)
    assert story.last().shipped_at == after(hours=3)
    assert story.last().revised


def test_knows_the_carrier_that_told_of_it_first() -> None:
    first, other = UUID(int=71), UUID(int=72)
    story = ordered().hear(scan("collected", after(hours=1)))
    assert story.state.tracks[0].carrier is None
    story.hear(scan("in_transit", after(hours=2), carrier=first))
    assert story.state.tracks[0].carrier == first
    story.hear(scan("in_transit", after(hours=3), carrier=other))
    assert story.state.tracks[0].carrier == first


def test_the_same_scan_again_changes_nothing() -> None:
    story = ordered().hear(scan("collected", after(hours=3)))
    story.hear(scan("collected", after(hours=3)), now=after(hours=4)).then_nothing()
    story.hear(kuaidi("1", after(hours=3))).then_nothing()


def test_delivered_then_a_late_scan_in_transit_stays_delivered() -> None:
    story = ordered().hear(scan("delivered", after(hours=9), substate="door"))
    story.then_only(TrackingRecorded, Shipped, Delivered)
    story.hear(scan("in_transit", after(hours=10)), now=after(hours=11))
    story.then_only(TrackingRecorded)
    track = story.state.tracks[0]
    assert track.standing is TrackingStatus.DELIVERED
    assert story.state.parts[0].delivered_at == after(hours=9)
    assert story.due() is None


def test_scans_before_their_order_are_kept_and_applied_when_it_comes() -> None:
    story = nothing_yet()
    story.hear(scan("collected", after(hours=1))).then_only(TrackingRecorded)
    story.hear(scan("delivered", after(hours=9))).then_only(TrackingRecorded)
    assert not story.state.placed
    assert story.due() is None
    story.hear(place(StandardShipping()), now=after(hours=10))
    story.then_only(OrderPlaced, Shipped, Delivered, PromiseKept)
    part = story.state.parts[0]
    assert (part.shipped_at, part.delivered_at) == (after(hours=1), after(hours=9))


def test_holds_scans_of_sixteen_shipments_and_refuses_the_next() -> None:
    story = nothing_yet()
    for number in range(16):
        story.hear(scan("collected", after(hours=1), shipment=UUID(int=2**127 + number)))
    story.hear(scan("collected", after(hours=1))).refused("shipments_too_many")


def test_an_unknown_shipment_of_several_parts_waits_for_its_announcement() -> None:
    story = ordered(parts=TWO_PARTS).hear(scan("collected", after(hours=1)))
    story.then_only(TrackingRecorded)
    assert story.due() is None, "nobody knows yet whose silence it would be"
    story.hear(announce(part=2), now=after(hours=2)).then_only(ShipmentAnnounced, Shipped)
    assert [part.shipped_at for part in story.state.parts] == [None, after(hours=1)]
    story.hear(announce(part=2), now=after(hours=3)).then_nothing()
    story.hear(announce(part=1), now=after(hours=3)).refused("shipment_differs")
    story.hear(announce(part=3), now=after(hours=3)).refused("part_unknown")


@pytest.mark.parametrize(
    "words", [("", "door"), ("door", ""), ("proxy", "door"), ("door", "proxy")]
)
def test_of_two_words_for_one_handover_the_surer_counts(words: tuple[str, str]) -> None:
    story = ordered()
    for word in words:
        story.hear(scan("delivered", after(hours=9), substate=word))
    assert story.state.parts[0].delivered_by is Handover.DOOR


def test_what_was_delivered_and_goes_back_is_on_its_way_back() -> None:
    story = ordered().hear(scan("delivered", after(hours=9)))
    story.hear(scan("returning", after(hours=30)))
    assert story.state.tracks[0].standing is TrackingStatus.RETURNING
    assert story.state.parts[0].delivered_at == after(hours=9)


def test_a_part_is_delivered_when_its_last_shipment_is() -> None:
    story = ordered().hear(announce()).hear(announce(shipment=OTHER_SHIPMENT))
    story.hear(scan("delivered", after(hours=9))).then_only(TrackingRecorded, Shipped)
    story.hear(scan("delivered", after(hours=12), shipment=OTHER_SHIPMENT))
    story.then_only(TrackingRecorded, Delivered)
    assert story.last().delivered_at == after(hours=12)


def test_another_shipment_heard_of_after_delivery_reopens_it() -> None:
    story = ordered(DeliverBy(on=date(2025, 3, 10))).hear(scan("delivered", after(hours=9)))
    assert story.due() is None
    story.hear(announce(shipment=OTHER_SHIPMENT), now=after(hours=10))
    story.then_only(ShipmentAnnounced, DeliveryReopened)
    assert story.due() == shanghai(11)
    story.hear(scan("delivered", after(hours=12), shipment=OTHER_SHIPMENT))
    story.then_only(TrackingRecorded, Delivered, PromiseKept)


def test_a_shipment_sent_back_is_replaced_by_another() -> None:
    story = ordered().hear(scan("collected", after(hours=1))).hear(scan("returned", after(hours=9)))
    story.hear(scan("delivered", after(hours=12), shipment=OTHER_SHIPMENT))
    story.then_only(TrackingRecorded, Delivered, BreachCorrected)


@pytest.mark.parametrize("code", ["lost", "returned"])
def test_a_part_of_which_a_parcel_never_came_is_not_delivered(code: str) -> None:
    story = ordered(DeliverBy(on=date(2025, 3, 10))).hear(scan("collected", after(hours=1)))
    story.hear(scan("delivered", after(hours=9), shipment=OTHER_SHIPMENT))
    story.hear(scan(code, after(hours=20))).then_only(TrackingRecorded, PromiseBroken)
    assert story.state.parts[0].delivered_at is None
    story.hear(scan("delivered", after(hours=30), shipment=UUID(int=70)))
    story.then_only(TrackingRecorded, Delivered, PromiseKept, BreachCorrected)
    assert story.state.parts[0].delivered_at == after(hours=30)


def test_a_parcel_that_was_refused_and_is_back_holds_up_no_other() -> None:
    story = ordered().hear(scan("refused", after(hours=8))).hear(scan("returned", after(hours=20)))
    story.hear(scan("delivered", after(hours=9), shipment=OTHER_SHIPMENT), now=after(hours=21))
    story.then_only(TrackingRecorded, Delivered, BreachCorrected)


@pytest.mark.parametrize(
    ("delivered_at", "by_date", "by_timestamp"),
    [
        (shanghai(10), False, False),
        (shanghai(10, 0, 1), False, True),
        (shanghai(10, 23, 59), False, True),
        (shanghai(11), True, True),
    ],
)
def test_late_by_date_is_a_later_local_day_than_promised(
    delivered_at: object, by_date: bool, by_timestamp: bool
) -> None:
    story = ordered(DeliverBy(on=date(2025, 3, 10)))
    story.hear(scan("delivered", delivered_at))  # type: ignore[arg-type]
    found = next(one for one in story.answer if isinstance(one, Delivered))
    assert (found.late_by_date, found.late_by_timestamp) == (by_date, by_timestamp)


@pytest.mark.parametrize(
    ("hours", "by_earliest", "by_latest"), [(10, False, False), (11, True, False), (21, True, True)]
)
def test_late_by_the_earliest_and_by_the_latest_limit(
    hours: float, by_earliest: bool, by_latest: bool
) -> None:
    story = ordered(ShippingLimits(earliest=after(hours=10), latest=after(hours=20)))
    story.hear(scan("collected", after(hours=hours)))
    found = next(one for one in story.answer if isinstance(one, Shipped))
    assert (found.late_by_earliest, found.late_by_latest) == (by_earliest, by_latest)


def test_refuses_a_scan_more_than_a_day_ahead() -> None:
    story = ordered()
    at = after(hours=24)
    story.hear(scan("collected", at + timedelta(seconds=1)), now=START).refused("time_in_future")
    story.hear(scan("collected", at), now=START).then_only(TrackingRecorded, Shipped)


def test_another_consumers_order_is_as_unknown_as_none() -> None:
    command = scan("collected", after(hours=1))
    foreign = type(command)(
        consumer=MERCHANT, order=command.order, shipment=SHIPMENT, code="collected", at=command.at
    )
    ordered().hear(foreign).refused("order_unknown")
    nothing_yet().hear(announce()).refused("order_unknown")
    nothing_yet().when(WAKE, now=START).then_nothing()


@pytest.mark.parametrize("code", ["returned", "lost"])
def test_what_went_back_or_is_lost_is_not_awaited_until_another_parcel_is_named(code: str) -> None:
    story, awaited = ordered(), []
    for command in (
        scan("collected", after(hours=1)),
        scan(code, after(hours=90)),
        announce(shipment=OTHER_SHIPMENT),
    ):
        story.hear(command, now=after(hours=91))
        awaited.append(story.state.is_awaited(story.state.parts[0]))
    assert awaited == [True, False, True]
