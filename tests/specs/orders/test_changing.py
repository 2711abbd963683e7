"""What remedies change of an order: units become others, a part of it is cancelled."""

from uuid import UUID

from oncedesk.domain.orders.messages import (
    CancelOrder,
    ChangeOrder,
    Item,
    ItemChange,
    MoveEstimate,
    OrderedPart,
    PartCancelled,
    Payment,
    PlaceOrder,
    PromiseBroken,
    StandardShipping,
)
from oncedesk.domain.remedies.purchase import stage_of
from oncedesk.domain.remedies.words import RemedyKind, Stage, WantedLine
from tests.specs.orders.world import LISTING, MERCHANT, WHO, Story, ordered
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


def test_a_part_that_is_none_is_not_cancelled() -> None:
    story = two_parts()
    story.hear(CancelOrder(**WHO, at=after(hours=1), part=3), now=after(hours=1))
    story.refused("part_unknown")
