"""A bundle that comes back in part: what is kept costs what it costs alone, or what comes back has
its share, as the pack says for the reason."""

from datetime import date

import pytest
from msgspec.structs import replace

from oncedesk.domain.orders.messages import Item, OrderedPart, Payment
from oncedesk.domain.remedies.messages.asking import Wish
from oncedesk.domain.remedies.preview import Preview
from oncedesk.domain.remedies.words import RemedyKind, WantedLine
from oncedesk.domain.shared.remedy_rules import Bundles, ReasonRule
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.rules.loading import load_builtin
from tests.specs.remedies.shop import AT_ONCE, LISTING, MERCHANT, Shop
from tests.specs.remedies.test_amounts import REFUND, asks, given


def bundle(*prices: int, paid_minor: int, of: Shop | None = None) -> Shop:
    """These, one of each, for one price; the first item has the whole discount."""
    discount = sum(prices) - paid_minor
    items = tuple(
        Item(LISTING, price, discount_minor=discount if place == 0 else 0, bundle=1)
        for place, price in enumerate(prices)
    )
    part = OrderedPart(merchant=MERCHANT, items=items)
    return (of or ruled(Bundles.SINGLE_PRICES)).placed(
        part, payments=(Payment("card", paid_minor),)
    )


def ruled(bundles: Bundles) -> Shop:
    """Where a change of mind has this of bundles."""
    reason = ReasonRule("test/reason", "changed_mind", "consumer", bundles)
    return Shop(AT_ONCE, REFUND, reasons={reason.reason: reason})


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
    one = ruled(Bundles.SINGLE_PRICES).placed(part, payments=(Payment("card", 200),))
    assert given(asks(one, WantedLine(1, 1), WantedLine(1, 3))) == 80 + 70


BACK, KEPT = RemedyKind.RETURN_AND_REFUND, RemedyKind.REFUND


@pytest.mark.parametrize("market", ["cn", "eu"])
@pytest.mark.parametrize(
    ("kind", "reason", "stage"),
    [
        (BACK, "quality", "delivered"),
        (BACK, "counterfeit", "delivered"),
        (KEPT, "missing_part", "delivered"),
        (KEPT, "not_received", "delivered"),
        (RemedyKind.CANCEL, "out_of_stock", ""),
    ],
)
def test_what_is_wrong_comes_back_for_its_share_of_what_was_paid(
    market: str, kind: RemedyKind, reason: str, stage: str
) -> None:
    one = bundle(8_000, 6_000, paid_minor=10_000, of=Shop(pack=builtin(market)))
    if stage:
        one.arrived()
    assert amount(one, kind, reason, 1) == 5_714
    one = bundle(10_000, 6_000, 4_000, paid_minor=12_000, of=Shop(pack=builtin(market)))
    if stage:
        one.arrived()
    assert amount(one, kind, reason, 3) == 2_400


@pytest.mark.parametrize("reason", ["changed_mind", "ordered_by_mistake"])
@pytest.mark.parametrize(("market", "amount_minor"), [("cn", 4_000), ("eu", 5_714)])
def test_only_where_the_pack_says_so_does_a_change_of_mind_cost_the_discount(
    market: str, reason: str, amount_minor: int
) -> None:
    one = bundle(8_000, 6_000, paid_minor=10_000, of=Shop(pack=builtin(market)))
    assert amount(one, RemedyKind.CANCEL, reason, 1) == amount_minor
    assert amount(one.arrived(), BACK, reason, 1) == amount_minor


def test_shares_of_a_bundle_that_came_back_in_parts_are_all_that_was_paid() -> None:
    one = bundle(100, 60, 40, paid_minor=151, of=ruled(Bundles.SHARE))
    found = [given(asks(one, WantedLine(1, item))) for item in (1, 2, 3)]
    assert (found, sum(found)) == ([75, 45, 31], 151)
    asks(one).then_refused("nothing_left")


def test_money_for_what_stays_is_no_part_of_what_another_is_worth() -> None:
    one = bundle(100, 60, 40, paid_minor=150, of=ruled(Bundles.SHARE))
    assert given(asks(one, WantedLine(1, 2), kind=RemedyKind.REFUND, amount_minor=5)) == 5
    assert [given(asks(one, WantedLine(1, item))) for item in (1, 2, 3)] == [75, 40, 30]


def test_what_a_change_of_mind_left_is_what_a_broken_rest_is_worth() -> None:
    """The first was given back at the single prices: the others cost 60 and 40 since."""
    one = bundle(10_000, 6_000, 4_000, paid_minor=15_000, of=Shop(pack=builtin("cn"))).arrived()
    one.asks(BACK, WantedLine(1, 1))
    assert given(one) == 5_000
    assert [amount(one, BACK, "quality", item) for item in (2, 3)] == [6_000, 4_000]


def test_packs_of_before_charge_the_single_price_for_every_reason() -> None:
    pack = builtin("eu")
    before = replace(pack, remedies=replace(pack.remedies, edition=0))
    one = bundle(8_000, 6_000, paid_minor=10_000, of=Shop(pack=before))
    assert amount(one, RemedyKind.CANCEL, "out_of_stock", 1) == 4_000


def builtin(market: str) -> Pack:
    return load_builtin(market).pack(date(2026, 11, 26))


def amount(one: Shop, kind: RemedyKind, reason: str, item: int) -> int:
    found = one.previews(Wish(kind=kind, reason=reason, lines=(WantedLine(1, item),)))
    assert isinstance(found, Preview), found
    return found.amount_minor
