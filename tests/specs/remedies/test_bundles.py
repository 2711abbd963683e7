"""A bundle that comes back in part: what is kept costs what it costs alone."""

from oncedesk.domain.orders.messages import Item, OrderedPart, Payment
from oncedesk.domain.remedies.words import RemedyKind, WantedLine
from tests.specs.remedies.shop import LISTING, MERCHANT, Shop
from tests.specs.remedies.test_amounts import asks, given, shop


def bundle(*prices: int, paid_minor: int) -> Shop:
    """These, one of each, for one price; the first item has the whole discount."""
    discount = sum(prices) - paid_minor
    items = tuple(
        Item(LISTING, price, discount_minor=discount if place == 0 else 0, bundle=1)
        for place, price in enumerate(prices)
    )
    part = OrderedPart(merchant=MERCHANT, items=items)
    return shop().placed(part, payments=(Payment("card", paid_minor),))


def test_what_is_kept_of_a_bundle_is_charged_at_its_single_price() -> None:
    assert given(asks(bundle(100, 60, 40, paid_minor=150), WantedLine(1, 1))) == 50


def test_nothing_is_charged_on_top_where_what_is_kept_cost_more_alone() -> None:
    one = bundle(100, 60, 40, paid_minor=120)
    asks(one, WantedLine(1, 3)).then_refused("nothing_left")
    assert given(asks(one, WantedLine(1, 2), WantedLine(1, 3))) == 20
    assert given(asks(one)) == 100


def test_a_bundle_that_came_back_in_parts_came_back_whole() -> None:
    one = bundle(100, 60, 40, paid_minor=150)
    found = [given(asks(one, WantedLine(1, item))) for item in (1, 2, 3)]
    assert (found, sum(found)) == ([50, 60, 40], 150)
    asks(one).then_refused("nothing_left")


def test_money_for_a_broken_item_is_not_charged_again_when_another_comes_back() -> None:
    one = bundle(100, 60, 40, paid_minor=150)
    broken = WantedLine(1, 2)
    assert given(asks(one, broken, kind=RemedyKind.REFUND, amount_minor=5)) == 5
    assert given(asks(one, WantedLine(1, 1))) == 50
    assert given(asks(one)) == 95


def test_items_beside_the_bundle_are_not_touched() -> None:
    items = (
        Item(LISTING, 100, discount_minor=20, bundle=1),
        Item(LISTING, 50, bundle=1),
        Item(LISTING, 70),
    )
    part = OrderedPart(merchant=MERCHANT, items=items)
    one = shop().placed(part, payments=(Payment("card", 200),))
    assert given(asks(one, WantedLine(1, 1), WantedLine(1, 3))) == 80 + 70
