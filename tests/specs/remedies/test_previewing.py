"""What a wish would come to: amounts, who bears it, what happens by when, or what is nearest."""

from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.orders.messages import Item, OrderedPart, Payment
from oncedesk.domain.orders.state import OrderState
from oncedesk.domain.parties.messages import PartyKind
from oncedesk.domain.parties.state import PartyState
from oncedesk.domain.remedies.messages.asking import RemedyRequested, Wish
from oncedesk.domain.remedies.nearest import Nearest, NotPossible
from oncedesk.domain.remedies.preview import Preview
from oncedesk.domain.remedies.steps import StepKind
from oncedesk.domain.remedies.words import Line, Payer, RemedyKind, Share, Stage, WantedLine
from oncedesk.domain.shared.refs import PLATFORM, desk_ref
from oncedesk.domain.shared.remedy_rules import (
    GrantedBy,
    OnSilence,
    RemedyRule,
    RemedyRules,
    SettlingRule,
)
from oncedesk.rules.library import PackLibrary
from tests.specs.remedies.shop import AT_ONCE, LISTING, MERCHANT, MERCHANT_DESK, ORDER, Shop
from tests.support.specs import START

DAY = timedelta(days=1)
RETURN = RemedyKind.RETURN_AND_REFUND
STRANGER = UUID(int=0x3F)


def rule(kind: RemedyKind, **more: Any) -> RemedyRule:
    values: dict[str, Any] = {"reason": "*", "stage": "*", "granted_by": GrantedBy.RULE}
    return RemedyRule(id=f"test/{kind}", kind=kind, **{**values, **more})


def seen(found: Preview | NotPossible) -> Preview:
    assert isinstance(found, Preview), found
    return found


def refused(found: Preview | NotPossible) -> NotPossible:
    assert isinstance(found, NotPossible), found
    return found


def test_says_what_has_to_happen_and_by_when() -> None:
    settling = SettlingRule(
        id="test", refund_seconds=3_600, ship_back_seconds=86_400, inspection_seconds=2 * 86_400
    )
    asking = rule(RETURN, granted_by=GrantedBy.MERCHANT, answer_seconds=86_400)
    for speed, refund_at in (("instant", 1), ("at_scan", 2), ("after_inspection", 4)):
        shop = Shop(replace(asking, speed=speed), settling=settling).plain().arrived()
        found = seen(shop.previews(Wish(kind=RETURN, reason="quality")))
        assert found.desk == MERCHANT_DESK
        steps = {step.kind: step.due_at - shop.now for step in found.steps}
        assert steps == {
            StepKind.ANSWER: DAY,
            StepKind.SEND_BACK: 2 * DAY,
            StepKind.INSPECT: 4 * DAY,
            StepKind.REFUND: refund_at * DAY + timedelta(hours=1),
        }
        assert list(found.steps) == sorted(found.steps, key=lambda step: step.due_at)


def test_what_a_rule_gives_needs_no_answer() -> None:
    found = seen(Shop().plain().previews(Wish(kind=RemedyKind.CANCEL, reason="late")))
    assert (found.desk, [step.kind for step in found.steps]) == (None, [StepKind.REFUND])


def test_goods_in_its_place_cost_nothing_back() -> None:
    found = seen(
        Shop(rule(RemedyKind.EXCHANGE))
        .plain(quantity=2)
        .previews(Wish(kind=RemedyKind.EXCHANGE, reason="quality", lines=(WantedLine(1, 1, 1),)))
    )
    assert (found.amount_minor, found.shares, found.legs) == (0, (), ())
    assert found.lines == (Line(1, 1, 1, 0),)
    assert [step.kind for step in found.steps] == [
        StepKind.SEND_BACK,
        StepKind.INSPECT,
        StepKind.SEND,
    ]


def test_a_part_of_the_money_is_taken_from_each_line_in_proportion() -> None:
    shop = Shop(rule(RemedyKind.REFUND))
    items = (Item(LISTING, 200, subsidy_minor=50, commission_minor=20), Item(LISTING, 300))
    shop.placed(OrderedPart(merchant=MERCHANT, items=items), payments=(Payment("card", 450),))
    found = seen(shop.previews(Wish(kind=RemedyKind.REFUND, reason="late", amount_minor=100)))
    first = Line(1, 1, 1, 33, commission_minor=4, stays=True)
    assert found.lines == (first, Line(1, 2, 1, 67, stays=True))
    assert sum(leg.amount_minor for leg in found.legs) == 100


def test_no_more_than_the_rules_percentage() -> None:
    shop = Shop(rule(RemedyKind.REFUND, percent=30)).plain(999)
    assert seen(shop.previews(Wish(kind=RemedyKind.REFUND, reason="late"))).amount_minor == 299
    found = refused(shop.previews(Wish(kind=RemedyKind.REFUND, reason="late", amount_minor=300)))
    assert (found.code, found.detail) == ("refund_exceeds_paid", "at most 299")
    assert found.nearest == Nearest(
        wish=Wish(kind=RemedyKind.REFUND, reason="late"), amount_minor=299
    )


@pytest.mark.parametrize("kind", [RemedyKind.COMPENSATION, RemedyKind.PRICE_PROTECTION])
def test_how_much_a_compensation_is_has_to_be_said(kind: RemedyKind) -> None:
    shop = Shop(rule(kind)).plain()
    assert refused(shop.previews(Wish(kind=kind, reason="late"))).code == "amount_needed"
    nothing = Wish(kind=kind, reason="late", amount_minor=0)
    assert refused(shop.previews(nothing)).code == "amount_not_positive"
    assert seen(shop.previews(Wish(kind=kind, reason="late", amount_minor=1))).amount_minor == 1


def test_shares_are_split_without_losing_a_unit() -> None:
    shop = Shop(rule(RemedyKind.REFUND, payer="merchant:70 platform:30")).plain(101)
    found = seen(shop.previews(Wish(kind=RemedyKind.REFUND, reason="late")))
    assert found.shares == (Share(Payer.MERCHANT, MERCHANT, 71), Share(Payer.PLATFORM, None, 30))


def test_where_nobody_created_anything_the_merchant_bears_the_creators_share() -> None:
    shop = Shop(rule(RemedyKind.REFUND, payer="merchant:70 creator:30")).plain()
    found = seen(shop.previews(Wish(kind=RemedyKind.REFUND, reason="late")))
    assert found.shares == (Share(Payer.MERCHANT, MERCHANT, 10_000),)


def test_a_merchant_without_an_open_desk_is_answered_for_by_the_platform() -> None:
    shop = Shop().plain()
    wish = Wish(kind=RemedyKind.REFUND, reason="late")
    assert seen(shop.previews(wish)).desk == MERCHANT_DESK
    here = desk_ref(MERCHANT_DESK).id
    shop.world[here] = replace(shop.world[here], open=False)  # type: ignore[type-var]
    assert seen(shop.previews(wish)).desk == PLATFORM
    del shop.world[here]
    assert seen(shop.previews(wish)).desk == PLATFORM


@pytest.mark.parametrize("opted_in", [True, False])
def test_refunds_without_return_are_the_platforms_unless_the_merchant_agreed(
    *, opted_in: bool
) -> None:
    shop = Shop(rule(RemedyKind.REFUND, opt_in=True)).plain()
    shop.world[MERCHANT] = PartyState(
        party=MERCHANT, kind=PartyKind.MERCHANT, market="cn", refunds_without_return=opted_in
    )
    found = seen(shop.previews(Wish(kind=RemedyKind.REFUND, reason="late")))
    bears = (
        Share(Payer.MERCHANT, MERCHANT, 10_000) if opted_in else Share(Payer.PLATFORM, None, 10_000)
    )
    assert (found.shares, found.otherwise) == ((bears,), ())


def test_a_merchants_own_yes_binds_it_and_its_silence_does_not() -> None:
    asking = rule(
        RemedyKind.REFUND,
        opt_in=True,
        granted_by=GrantedBy.MERCHANT,
        on_silence=OnSilence.TAKE_OVER,
    )
    found = seen(Shop(asking).plain().previews(Wish(kind=RemedyKind.REFUND, reason="late")))
    assert found.shares == (Share(Payer.MERCHANT, MERCHANT, 10_000),)
    assert found.otherwise == (Share(Payer.PLATFORM, None, 10_000),)


def nearest(found: Preview | NotPossible) -> Nearest:
    near = refused(found).nearest
    assert near is not None
    return near


def test_nearest_is_less_of_the_same() -> None:
    shop = Shop(rule(RETURN)).plain(quantity=3)
    shop.asks(RETURN, WantedLine(1, 1, 1))
    found = shop.previews(Wish(kind=RETURN, reason="late", lines=(WantedLine(1, 1, 3),)))
    assert refused(found).code == "quantity_exceeds_bought"
    assert (nearest(found).wish.lines, nearest(found).amount_minor) == (
        (WantedLine(1, 1, 2),),
        20_000,
    )


def test_nearest_is_another_kind() -> None:
    shop = Shop(rule(RETURN, stage="delivered")).plain().arrived()
    found = shop.previews(Wish(kind=RemedyKind.REFUND, reason="late"))
    assert refused(found).code == "remedy_not_offered"
    assert (nearest(found).wish.kind, nearest(found).stage) == (RETURN, None)


def test_nearest_is_the_same_later() -> None:
    shop = Shop(rule(RemedyKind.REPAIR, stage="delivered"), AT_ONCE).plain()
    shop.arrived(delivered=False)
    found = shop.previews(Wish(kind=RemedyKind.REPAIR, reason="quality"))
    assert nearest(found).stage is Stage.DELIVERED


def test_nearest_is_one_merchants_part_at_a_time() -> None:
    shop = Shop(rule(RETURN))
    parts = [OrderedPart(merchant=one, items=(Item(LISTING, 500),)) for one in (MERCHANT, STRANGER)]
    shop.placed(*parts, payments=(Payment("card", 1_000),))
    found = shop.previews(Wish(kind=RETURN, reason="late"))
    assert refused(found).code == "parts_mixed"
    assert (nearest(found).wish.part, nearest(found).amount_minor) == (1, 500)
    lines = (WantedLine(2, 1), WantedLine(1, 1))
    found = shop.previews(Wish(kind=RETURN, reason="late", lines=lines))
    assert nearest(found).wish.lines == (WantedLine(2, 1),)


def test_nearest_is_in_the_orders_currency() -> None:
    found = Shop().plain().previews(Wish(kind=RemedyKind.CANCEL, reason="late", currency="USD"))
    assert refused(found).code == "currency_differs"
    assert nearest(found).wish.currency == "CNY"


def test_where_nothing_is_left_nothing_is_near() -> None:
    shop = Shop().plain()
    shop.asks(RemedyKind.CANCEL)
    found = refused(shop.previews(Wish(kind=RemedyKind.CANCEL, reason="late")))
    assert (found.code, found.nearest) == ("nothing_left", None)


@pytest.mark.parametrize(
    ("lines", "part", "code"),
    [
        ((WantedLine(2, 1),), 0, "part_unknown"),
        ((WantedLine(1, 2),), 0, "item_unknown"),
        ((WantedLine(1, 1, 3), WantedLine(1, 9)), 0, "quantity_exceeds_bought"),
        ((WantedLine(1, 1), WantedLine(1, 1)), 0, "line_twice"),
        ((), 2, "part_unknown"),
    ],
)
def test_refuses_what_was_never_bought(lines: tuple[WantedLine, ...], part: int, code: str) -> None:
    wish = Wish(kind=RemedyKind.CANCEL, reason="late", lines=lines, part=part)
    assert refused(Shop().plain(quantity=2).previews(wish)).code == code


def test_an_order_from_before_there_were_rules_goes_by_the_ones_in_force() -> None:
    shop = Shop(AT_ONCE).plain()
    library = PackLibrary.always([shop.pack])
    library.add([replace(shop.pack, hash="old", remedies=RemedyRules())])
    shop.packs = library.at(START)
    shop.world[ORDER] = replace(cast("OrderState", shop.world[ORDER]), pack="old")
    shop.asks(RemedyKind.CANCEL)
    assert shop.events(RemedyRequested)[0].pack == shop.pack.hash
