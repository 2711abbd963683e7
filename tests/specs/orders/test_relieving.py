"""A relief that was published beforehand is granted by itself when a promise would break."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.desks.state import DeskState, Relief
from oncedesk.domain.orders.decide import needs
from oncedesk.domain.orders.messages import (
    AmendPromise,
    BreachCorrected,
    CancelOrder,
    DeliverBy,
    Delivered,
    FakeFinding,
    OrderCancelled,
    OrderedPart,
    OrderPlaced,
    PromiseBroken,
    PromiseKept,
    PromiseKind,
    ReliefGranted,
    ReportFakeTracking,
    ShipmentAnnounced,
    Shipped,
    StandardShipping,
    TrackingRecorded,
)
from oncedesk.domain.orders.state import Verdict
from oncedesk.domain.shared.facts_seen import PLATFORM_DESK_REF
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.http.shapes.looks import Looks
from oncedesk.http.shapes.orders import order_shape
from oncedesk.storage.views.orders import SeenOrder
from tests.specs.orders.world import (
    CONSENT,
    MERCHANT,
    OTHER_SHIPMENT,
    PACK,
    RELIEF,
    SHIPMENT,
    WAKE,
    WHO,
    Story,
    announce,
    nothing_yet,
    ordered,
    place,
    scan,
    shanghai,
)
from tests.support.given import START, after

LIMIT = after(hours=48)
CARRIER = UUID(int=77)


def platform(**changes: Any) -> dict[UUID, object]:
    """The platform's desk, which has published a relief around the limit."""
    values: dict[str, Any] = {
        "id": RELIEF,
        "market": "cn",
        "starts_at": LIMIT - timedelta(hours=6),
        "ends_at": LIMIT + timedelta(hours=6),
        "extends_seconds": 86_400,
        "announced_at": START - timedelta(days=3),
    }
    desk = DeskState(desk=PLATFORM, market="cn", reliefs=(Relief(**{**values, **changes}),))
    return {PLATFORM_DESK_REF.id: desk}


def wake(story: Story, now: datetime, **relief: Any) -> Story:
    story.when(WAKE, now=now, pack=PACK, states=platform(**relief))
    return story


def hear(story: Story, command: Any, now: datetime) -> Story:
    story.when(command, now=now, pack=PACK, states=platform())
    return story


def test_a_promise_due_in_the_window_gets_more_time_instead_of_breaking() -> None:
    story = ordered(StandardShipping())
    due = story.due()
    assert due is not None
    wake(story, due).then_only(ReliefGranted)
    assert (story.last().relief, story.last().original_due_at) == (RELIEF, LIMIT)
    assert story.last().due_at == LIMIT + timedelta(days=1)


def test_it_breaks_when_the_relieved_time_runs_out_too() -> None:
    story = ordered(StandardShipping())
    wake(story, LIMIT + timedelta(microseconds=1))
    later = story.due()
    assert later == LIMIT + timedelta(days=1, microseconds=1)
    wake(story, later).then_only(PromiseBroken)
    assert story.last().original_due_at == LIMIT


def test_a_window_that_is_over_before_the_deadline_relieves_nothing() -> None:
    story = ordered(StandardShipping())
    over = {"starts_at": START, "ends_at": LIMIT - timedelta(hours=1)}
    wake(story, LIMIT + timedelta(seconds=1), **over).then_only(PromiseBroken)


def test_a_relief_published_after_the_deadline_relieves_nothing() -> None:
    story = ordered(StandardShipping())
    late = {"announced_at": LIMIT + timedelta(minutes=1)}
    wake(story, LIMIT + timedelta(hours=1), **late).then_only(PromiseBroken)


def test_a_relief_for_another_region_or_carrier_relieves_nothing() -> None:
    wake(ordered(StandardShipping(), region="gd"), LIMIT + timedelta(seconds=1), region="hn")
    story = ordered(StandardShipping(), region="gd")
    wake(story, LIMIT + timedelta(seconds=1), region="hn").then_only(PromiseBroken)
    story = ordered(StandardShipping())
    wake(story, LIMIT + timedelta(seconds=1), carrier=str(CARRIER)).then_only(PromiseBroken)


def test_a_relief_for_the_announced_carrier_counts() -> None:
    story = ordered(StandardShipping()).hear(replace(announce(), carrier=CARRIER))
    wake(story, LIMIT + timedelta(seconds=1), carrier=str(CARRIER)).then_only(ReliefGranted)


def test_a_scan_within_the_relieved_time_breaks_nothing() -> None:
    story = ordered(StandardShipping())
    first = scan("collected", LIMIT + timedelta(hours=2))
    hear(story, first, first.at)
    kinds = [type(event) for event in story.answer]
    assert kinds[:3] == [ReliefGranted, TrackingRecorded, Shipped]
    assert PromiseBroken not in kinds
    assert story.answer[2].late_by_earliest


def test_a_scan_in_time_asks_for_no_relief() -> None:
    story = ordered(StandardShipping())
    assert needs(story.state, scan("collected", after(hours=3)), {}) == ()


SCANNED = scan("collected", LIMIT + timedelta(hours=2))
"""Late, and within the relieved time."""


def test_a_late_scan_heard_before_its_order_is_relieved_too() -> None:
    story = nothing_yet().hear(SCANNED)
    hear(story, place(StandardShipping()), SCANNED.at)
    story.then_only(OrderPlaced, ReliefGranted, Shipped, PromiseKept)


def test_a_late_scan_heard_before_its_announcement_is_relieved_too() -> None:
    part = OrderedPart(merchant=MERCHANT, promises=(StandardShipping(),))
    story = ordered(parts=(part, OrderedPart(merchant=MERCHANT))).hear(SCANNED)
    story.then_only(TrackingRecorded)
    hear(story, announce(), SCANNED.at)
    story.then_only(ShipmentAnnounced, ReliefGranted, Shipped, PromiseKept)


def test_what_is_cancelled_within_the_relieved_time_was_not_broken() -> None:
    story = ordered(StandardShipping())
    hear(story, CancelOrder(**WHO, at=SCANNED.at), SCANNED.at)
    story.then_only(ReliefGranted, OrderCancelled)


def test_a_relief_for_the_carrier_of_another_part_relieves_nothing() -> None:
    part = OrderedPart(merchant=MERCHANT, promises=(StandardShipping(),))
    story = ordered(parts=(part, OrderedPart(merchant=MERCHANT)))
    story.hear(replace(announce(part=2, shipment=OTHER_SHIPMENT), carrier=CARRIER))
    wake(story, LIMIT + timedelta(seconds=1), carrier=str(CARRIER)).then_only(PromiseBroken)
    story = ordered(parts=(part, OrderedPart(merchant=MERCHANT)))
    story.hear(replace(announce(), carrier=CARRIER))
    wake(story, LIMIT + timedelta(seconds=1), carrier=str(CARRIER)).then_only(ReliefGranted)


def test_asks_for_no_relief_where_nothing_can_break() -> None:
    story = ordered(StandardShipping())
    for command in (announce(), CancelOrder(**WHO, at=after(hours=1))):
        assert needs(story.state, command, {}) == ()
    assert needs(None, place(StandardShipping()), {}) == ()


@pytest.mark.parametrize(("day", "kind"), [(10, ReliefGranted), (9, PromiseBroken)])
def test_a_relief_for_a_day_covers_what_is_promised_for_that_day(day: int, kind: type) -> None:
    story = ordered(DeliverBy(on=date(2025, 3, day)))
    wake(story, shanghai(day + 1), starts_at=shanghai(10), ends_at=shanghai(11))
    story.then_only(kind)


def test_a_relief_does_not_lengthen_what_is_agreed_on_later() -> None:
    story = ordered(StandardShipping())
    wake(story, LIMIT + timedelta(seconds=1)).then_only(ReliefGranted)
    agreed = after(hours=480)
    amend = AmendPromise(
        **WHO, part=1, promise=PromiseKind.SHIPPING, consent=CONSENT, due_at=agreed
    )
    story.hear(amend, now=after(hours=50))
    assert story.due() == agreed + timedelta(microseconds=1)


def test_a_relief_counts_for_what_is_agreed_on_within_its_window_too() -> None:
    story = ordered(StandardShipping())
    wake(story, LIMIT + timedelta(seconds=1)).then_only(ReliefGranted)
    agreed = LIMIT + timedelta(hours=5)
    amend = AmendPromise(
        **WHO, part=1, promise=PromiseKind.SHIPPING, consent=CONSENT, due_at=agreed
    )
    story.hear(amend, now=after(hours=50))
    wake(story, agreed + timedelta(seconds=1)).then_only(ReliefGranted)
    assert story.due() == agreed + timedelta(days=1, microseconds=1)


def test_a_carriers_relief_counts_once_a_scan_names_the_carrier() -> None:
    first = scan("collected", LIMIT + timedelta(hours=2), carrier=CARRIER)
    story = ordered(StandardShipping())
    story.when(first, now=first.at, pack=PACK, states=platform(carrier=str(CARRIER)))
    story.then_only(ReliefGranted, TrackingRecorded, Shipped, PromiseKept)


@pytest.mark.parametrize(
    "names_it",
    [
        scan("collected", LIMIT + timedelta(hours=2), carrier=CARRIER),
        replace(announce(), carrier=CARRIER),
    ],
)
def test_it_takes_back_what_was_broken_before_the_carrier_was_named(names_it: Any) -> None:
    story = ordered(StandardShipping())
    seen = platform(carrier=str(CARRIER))
    story.when(WAKE, now=LIMIT + timedelta(seconds=1), pack=PACK, states=seen)
    story.then_only(PromiseBroken)
    story.when(names_it, now=LIMIT + timedelta(hours=2), pack=PACK, states=seen)
    assert [type(one) for one in story.answer].count(BreachCorrected) == 1


def test_what_is_shown_is_until_when_it_runs_now() -> None:
    story = wake(ordered(StandardShipping()), LIMIT + timedelta(seconds=1))
    state = story.state
    seen = SeenOrder(state=state, version=2, at=None, parts=frozenset({1}), whole=True)
    (part,) = order_shape(seen, looks=Looks({}, {}, None), names={}).parts
    assert part.shipping is not None
    assert (part.shipping.promised_at, part.shipping.due_at) == (LIMIT, LIMIT + timedelta(days=1))
    assert part.standing.ship_by == LIMIT + timedelta(days=1)


def with_another(*, announced: bool) -> Story:
    """Shipped in time, as far as is known; a second parcel of it was scanned late."""
    story = ordered(StandardShipping()).hear(scan("collected", after(hours=3)))
    late = replace(SCANNED, shipment=OTHER_SHIPMENT)
    return hear(story, late, SCANNED.at) if announced else story


WITHDRAWN = scan("voided", after(hours=4))
REUSED = ReportFakeTracking(**WHO, shipment=SHIPMENT, finding=FakeFinding.REUSED)


@pytest.mark.parametrize("news", [WITHDRAWN, REUSED])
def test_what_was_kept_and_turns_out_late_is_relieved_too(news: Any) -> None:
    story = with_another(announced=True)
    assert needs(story.state, news, {})[0] == PLATFORM_DESK_REF
    hear(story, news, after(hours=60))
    kinds = [type(event) for event in story.answer]
    assert ReliefGranted in kinds
    assert story.state.parts[0].shipped_at == SCANNED.at
    assert story.state.parts[0].shipping.verdict is Verdict.KEPT
    due = story.due()
    assert due is None or due > after(hours=60)


def test_what_comes_late_of_a_delivery_that_was_kept_is_relieved_too() -> None:
    due_at = shanghai(11)
    story = ordered(DeliverBy(on=date(2025, 3, 10))).hear(scan("delivered", shanghai(9)))
    late = scan("delivered", due_at + timedelta(hours=2), shipment=OTHER_SHIPMENT)
    assert PLATFORM_DESK_REF in needs(story.state, late, {})
    seen = platform(starts_at=shanghai(10), ends_at=due_at)
    story.when(late, now=late.at, pack=PACK, states=seen)
    assert [type(one) for one in story.answer] == [TrackingRecorded, ReliefGranted, Delivered]
    assert story.state.parts[0].delivery.verdict is Verdict.KEPT


def test_what_was_kept_and_stays_so_asks_for_no_relief() -> None:
    story = with_another(announced=False)
    assert needs(story.state, scan("in_transit", SCANNED.at), {}) == ()
    assert needs(story.state, scan("delivered", SCANNED.at), {}) == ()
    assert needs(story.state, replace(SCANNED, shipment=OTHER_SHIPMENT), {}) == ()
