"""All that can be asked for now is what its previews would say, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest

from oncedesk.domain.orders.state import OrderState
from oncedesk.domain.remedies.choices import CHOICES_MAX, Choice, choices
from oncedesk.domain.remedies.messages.asking import Wish
from oncedesk.domain.remedies.preview import Asked, Preview
from oncedesk.domain.remedies.words import RemedyKind
from oncedesk.domain.shared.remedy_rules import GrantedBy, ReasonRule, RemedyRule
from tests.specs.remedies.shop import ORDER, Shop
from tests.specs.remedies.test_eligibility import shoes_and_fish
from tests.support.specs import START

CANCEL = RemedyRule(
    id="cancel", kind="cancel", reason="*", stage="unshipped", granted_by=GrantedBy.RULE
)
KEEP = RemedyRule(
    id="keep", kind="refund", reason="quality", stage="delivered", granted_by=GrantedBy.MERCHANT
)
NEVER = RemedyRule(
    id="never",
    kind="exchange",
    reason="quality",
    stage="delivered",
    granted_by=GrantedBy.NOBODY,
    refusal="no_exchange",
)


REASONS: Any = {
    reason: ReasonRule(id=reason, reason=reason, fault="merchant")
    for reason in ("changed_mind", "quality")
}


def offered(shop: Shop, part: int = 1) -> list[tuple[str, str]]:
    return [(one.wish.kind.value, one.wish.reason) for one in found(shop, part)]


def found(shop: Shop, part: int = 1) -> tuple[Choice, ...]:
    order = shop.world[ORDER]
    assert isinstance(order, OrderState)
    return choices(
        Asked(
            purchase=order,
            book=shop.state,
            wish=Wish(kind=RemedyKind.REFUND, reason="", part=part),
            pack=shop.pack,
            states=shop.world,
            now=shop.now,
        )
    )


@pytest.mark.parametrize("arrived", [False, True])
def test_each_choice_is_possible_and_says_what_its_preview_says(arrived: bool) -> None:
    shop = Shop(CANCEL, KEEP, NEVER, reasons=REASONS).plain()
    if arrived:
        shop.arrived()
    every = found(shop)
    assert every
    for one in every:
        assert isinstance(one.preview, Preview)
        assert one.preview == shop.previews(one.wish)


def test_only_what_fits_how_far_the_part_is() -> None:
    shop = Shop(CANCEL, KEEP, NEVER, reasons=REASONS).plain()
    assert {kind for kind, _ in offered(shop)} == {"cancel"}
    assert offered(shop.arrived()) == [("refund", "quality")]


def test_nothing_is_left_of_what_was_given_back() -> None:
    shop = Shop(CANCEL, KEEP, NEVER, reasons=REASONS).plain().asks(RemedyKind.CANCEL)
    assert offered(shop) == []


def test_what_can_be_had_of_some_items_is_offered_for_these() -> None:
    """The fish had a day, the shoes have three of them."""
    shop = shoes_and_fish(fish_first=True).at(START + timedelta(hours=30))
    (one,) = (
        choice
        for choice in found(shop)
        if (choice.wish.kind, choice.wish.reason) == (RemedyKind.REFUND, "damaged")
    )
    assert one.preview is not None
    assert [(line.item, line.amount_minor) for line in one.preview.lines] == [(2, 5_000)]


def test_what_still_has_to_be_said_is_named() -> None:
    protect = RemedyRule(
        id="protect", kind="price_protection", reason="*", stage="*", granted_by=GrantedBy.MERCHANT
    )
    every = [one for one in found(Shop(protect, reasons=REASONS).plain()) if one.needs]
    assert {one.needs for one in every} == {"amount_minor"}
    assert all(one.preview is None for one in every)


def test_a_pack_of_very_many_reasons_gives_no_endless_list() -> None:
    reasons: Any = {
        f"reason_{n}": ReasonRule(id=f"r{n}", reason=f"reason_{n}", fault="merchant")
        for n in range(500)
    }
    assert len(found(Shop(CANCEL, reasons=reasons).plain())) == CHOICES_MAX
