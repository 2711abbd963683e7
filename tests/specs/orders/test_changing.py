"""What remedies change of an order: units become others, a part of it is cancelled."""

from datetime import datetime
from uuid import UUID

from oncedesk.domain.orders.messages import (
    BreachCorrected,
    CancelOrder,
    ChangeOrder,
    Delivered,
    Item,
    ItemChange,
    MoveEstimate,
    NextDay,
    OnDemandHandover,
    OrderCancelled,
    OrderedPart,
    PartCancelled,
    Payment,
    PlaceOrder,
    PromiseBroken,
    PromiseKept,
    ShipmentAnnounced,
    Shipped,
    StandardShipping,
    TrackingRecorded,
)
from oncedesk.domain.orders.state import Verdict
from oncedesk.domain.remedies.purchase import stage_of
from oncedesk.domain.remedies.words import RemedyKind, Stage, WantedLine
from oncedesk.domain.shared.vocabularies import Handover
from oncedesk.http.shapes.looks import Looks
from oncedesk.http.shapes.orders import PartShape, order_shape
from oncedesk.storage.views.orders import SeenOrder
from tests.specs.orders.world import (
    LISTING,
    MERCHANT,
    OTHER_SHIPMENT,
    SHIPMENT,
    WHO,
    Story,
    announce,
    kuaidi,
    ordered,
    scan,
)
from tests.specs.remedies import shop, town
from tests.support.specs import START, after


def test_what_was_not_changed_stays_as_it_was_bought() -> None:
    item = Item(LISTING, 1_000, 3, return_waived=True)
    story = ordered(parts=(OrderedPart(merchant=MERCHANT, items=(item,)),))
    change = ItemChange(1, 1, 1, LISTING, UUID(int=99), 1_000)
    story.hear(ChangeOrder(**WHO, remedy=1, items=(change,)), now=after(hours=1))
    (left, moved) = story.state.parts[0].items
    assert (left.quantity, left.terms.return_waived) == (2, True)
    assert not moved.terms.return_waived, "nobody has confirmed that of another variant"


def test_a_part_cancelled_by_a_remedy_breaks_no_promise() -> None:
    one = town.Town(shop.AT_ONCE, shop.AFTER_ANSWER)
    part = OrderedPart(
        merchant=shop.MERCHANT, items=(Item(shop.LISTING, 10_000),), promises=(StandardShipping(),)
    )
    one.tell(
        PlaceOrder(
            **shop.WHO,
            market="cn",
            placed_at=START,
            timezone="Asia/Shanghai",
            currency="CNY",
            parts=(part, part),
            payments=(Payment("card", 20_000),),
        )
    )
    one.wish(RemedyKind.CANCEL, WantedLine(1, 1, 1))
    order = one.refunds_confirmed().spec(town.ORDERED).wake_when_due()
    assert [event.part for event in order.events(PromiseBroken)] == [2]


def two_parts() -> Story:
    part = OrderedPart(merchant=MERCHANT, promises=(StandardShipping(),))
    return ordered(parts=(part, part))


def test_what_was_broken_before_the_part_was_cancelled_stays_broken() -> None:
    story = two_parts().hear(CancelOrder(**WHO, at=after(hours=49), part=1), now=after(hours=50))
    story.then_only(PromiseBroken, PromiseBroken, PartCancelled)
    assert story.due() is None


def test_a_part_is_cancelled_once_and_expects_nothing_any_more() -> None:
    story = two_parts().hear(MoveEstimate(**WHO, part=1, estimate_at=after(hours=30)))
    story.hear(CancelOrder(**WHO, at=after(hours=1), part=1), now=after(hours=1))
    gone, other = story.state.parts
    assert (gone.cancelled_at, gone.estimate_at) == (after(hours=1), None)
    assert stage_of(story.state, gone) is Stage.CANCELLED
    assert stage_of(story.state, other) is Stage.UNSHIPPED
    story.hear(CancelOrder(**WHO, at=after(hours=2), part=1), now=after(hours=2)).then_nothing()
    story.hear(MoveEstimate(**WHO, part=1, estimate_at=after(hours=40)), now=after(hours=2))
    story.refused("order_cancelled")


def cancel(at: datetime) -> CancelOrder:
    """Its only part, and not the order."""
    return CancelOrder(**WHO, at=at, part=1)


def seen(story: Story) -> PartShape:
    """The first part as a page shows it."""
    order = SeenOrder(state=story.state, version=2, at=None, parts=frozenset({1}), whole=True)
    return order_shape(order, looks=Looks({}, {}, None), names={}).parts[0]


def test_what_waits_where_it_was_asked_for_stays_delivered_though_its_part_is_cancelled() -> None:
    story = ordered(OnDemandHandover(Handover.LOCKER))
    story.hear(kuaidi("5", after(hours=9), "501"))
    story.then_only(TrackingRecorded, Shipped, Delivered, PromiseKept)
    story.hear(cancel(after(hours=10))).then_only(PartCancelled)
    story.hear(kuaidi("3", after(hours=11), "304")).then_only(TrackingRecorded)
    assert seen(story).handover is Handover.LOCKER


def test_nothing_new_is_judged_of_a_part_that_was_cancelled() -> None:
    story = ordered(OnDemandHandover(Handover.DOOR)).hear(scan("collected", after(hours=1)))
    story.hear(cancel(after(hours=2))).then_only(PartCancelled)
    assert story.due() is None, "its silence means nothing"
    assert seen(story).handover is None
    story.hear(scan("delivered", after(hours=9), substate="locker")).then_only(TrackingRecorded)


def test_a_cancellation_heard_late_corrects_what_ran_out_of_the_part_after_it() -> None:
    story = two_parts().wake()
    story.hear(cancel(after(hours=40)), now=after(hours=60))
    story.then_only(PartCancelled, BreachCorrected)
    assert story.last().part == 1
    story.hear(scan("collected", after(hours=50)), now=after(hours=61)).then_only(TrackingRecorded)
    story.hear(announce(), now=after(hours=62)).then_only(ShipmentAnnounced, Shipped)
    shown = seen(story)
    assert (shown.shipping, shown.standing.ship_by, shown.standing.late) == (None, None, False)


def test_of_two_cancellations_of_a_part_the_earlier_counts() -> None:
    story = two_parts().hear(cancel(after(hours=60)))
    story.hear(CancelOrder(**WHO, at=after(hours=40)), now=after(hours=61))
    story.then_only(OrderCancelled, BreachCorrected, BreachCorrected)
    assert [event.part for event in story.answer[1:]] == [1, 2]


def test_a_silence_that_ran_out_after_its_part_was_cancelled_was_none() -> None:
    story = two_parts()
    for number, shipment in ((1, SHIPMENT), (2, OTHER_SHIPMENT)):
        story.hear(announce(part=number, shipment=shipment))
        story.hear(scan("collected", after(hours=1), shipment=shipment))
    story.wake().then_only(PromiseBroken, PromiseBroken)
    story.hear(cancel(after(hours=20)), now=after(hours=30))
    story.then_only(BreachCorrected, PartCancelled)
    assert story.answer[0].shipment == SHIPMENT


def test_what_was_kept_or_broken_of_a_cancelled_part_is_still_told() -> None:
    story = ordered(StandardShipping(), NextDay()).hear(scan("collected", after(hours=1)))
    story.hear(cancel(after(hours=2))).then_only(PartCancelled)
    shown = seen(story)
    assert shown.shipping is not None
    assert (shown.shipping.verdict, shown.delivery) == (Verdict.KEPT, None)
    shown = seen(two_parts().hear(cancel(after(hours=49))))
    assert (shown.standing.ship_by, shown.standing.late) == (after(hours=48), True)


def test_a_part_that_is_none_is_not_cancelled() -> None:
    story = two_parts()
    story.hear(CancelOrder(**WHO, at=after(hours=1), part=3), now=after(hours=1))
    story.refused("part_unknown")
