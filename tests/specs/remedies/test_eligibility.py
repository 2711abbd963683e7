"""Which rule decides a wish: by category, reason, stage, days and what was confirmed."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.listings.messages import Variant
from oncedesk.domain.listings.state import Listing
from oncedesk.domain.orders.messages import Basis, Item, OrderedPart, Payment
from oncedesk.domain.orders.state import OrderState, Promise, Verdict
from oncedesk.domain.remedies.messages.asking import (
    RemedyRequested,
    Replacement,
    RequestRemedy,
    Wish,
)
from oncedesk.domain.remedies.messages.returning import Back, JourneyBegun
from oncedesk.domain.remedies.nearest import NotPossible
from oncedesk.domain.remedies.preview import Preview
from oncedesk.domain.remedies.words import Payer, RemedyKind, Share, WantedLine
from oncedesk.domain.shared.refs import listing_ref, wallet_ref
from oncedesk.domain.shared.remedy_rules import GrantedBy, OnSilence, RemedyRule, Replaced
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.domain.shared.vocabularies import Vocabulary
from oncedesk.domain.wallets.state import Method, Wallet
from oncedesk.http.shapes.wishes import preview_shape
from oncedesk.rules.loading import load_builtin
from tests.specs.remedies.shop import (
    BY_CONSUMER,
    CONSUMER,
    LISTING,
    MERCHANT,
    ORDER,
    WHO,
    Shop,
    todays_pack,
)
from tests.support.specs import START

RETURN = RemedyKind.RETURN_AND_REFUND
ELSEWHERE = UUID(int=0x12)
RED, BLUE = UUID(int=0x21), UUID(int=0x22)


@cache
def pack_of(market: str) -> Pack:
    return load_builtin(market).pack(date(2026, 11, 26))


def code(found: Preview | NotPossible) -> str:
    return found.code if isinstance(found, NotPossible) else ""


def wish(kind: RemedyKind = RETURN, reason: str = "changed_mind", **more: Any) -> Wish:
    return Wish(kind=kind, reason=reason, **more)


@pytest.mark.parametrize(
    ("zone", "signed", "over"),
    [
        # Signed on Monday 3 March, local time: the last of seven days is Monday the 10th.
        ("Asia/Shanghai", datetime(2025, 3, 3, 9, tzinfo=UTC), "2025-03-10T16:00:00+00:00"),
        # In Shanghai it is already the 4th.
        ("Asia/Shanghai", datetime(2025, 3, 3, 16, tzinfo=UTC), "2025-03-11T16:00:00+00:00"),
        # Clocks went forward in between; midnight is the zone's own.
        ("America/New_York", datetime(2025, 3, 3, 17, tzinfo=UTC), "2025-03-11T04:00:00+00:00"),
    ],
)
def test_seven_days_count_from_the_day_after_signing(
    zone: str, signed: datetime, over: str
) -> None:
    shop = Shop(pack=pack_of("cn"))
    part = OrderedPart(merchant=MERCHANT, items=(Item(LISTING, 10_000),))
    shop.placed(part, payments=(Payment("card", 10_000),), timezone=zone).arrived(signed)
    until = datetime.fromisoformat(over)
    found = shop.at(until - timedelta(seconds=1)).previews(wish())
    assert isinstance(found, Preview)
    assert (found.rule.granted_by, found.amount_minor) == (GrantedBy.RULE, 10_000)
    assert code(shop.at(until).previews(wish())) == "too_late"


def test_fourteen_days_end_on_a_working_day() -> None:
    """Received on 4 April 2025: the 18th is Good Friday, and nobody works before the 22nd."""
    shop = Shop(pack=pack_of("eu"))
    part = OrderedPart(merchant=MERCHANT, items=(Item(LISTING, 10_000),))
    shop.placed(
        part, payments=(Payment("card", 10_000),), timezone="Europe/Berlin", currency="EUR"
    ).arrived(datetime(2025, 4, 4, 10, tzinfo=UTC))
    shop.at(datetime(2025, 4, 22, 21, 59, 59, tzinfo=UTC))
    assert isinstance(shop.previews(wish()), Preview)
    shop.at(datetime(2025, 4, 22, 22, 0, tzinfo=UTC))
    assert code(shop.previews(wish())) == "too_late"


@pytest.mark.parametrize(
    ("market", "category", "terms", "more", "expected"),
    [
        ("cn", "custom_made", {}, {}, "made_to_order"),
        ("cn", "perishable.fish", {}, {}, "perishable"),
        ("cn", "digital_download", {}, {}, "downloaded"),
        ("cn", "newspaper", {}, {}, "periodical"),
        ("cn", "sealed_media", {}, {}, ""),
        ("cn", "sealed_media", {}, {"opened": True}, "seal_broken"),
        ("cn", "hygiene", {}, {}, ""),
        ("cn", "hygiene", {}, {"opened": True}, ""),
        ("cn", "hygiene", {"return_waived": True}, {}, "waived_at_purchase"),
        ("cn", "clearance", {"return_waived": True}, {}, "waived_at_purchase"),
        ("cn", "shoes", {"return_waived": True}, {}, ""),
        ("eu", "hygiene", {}, {"opened": True}, "seal_broken"),
        ("eu", "digital_download", {}, {}, ""),
        ("eu", "digital_download", {"return_waived": True}, {}, "waived_at_purchase"),
    ],
)
def test_what_cannot_go_back_without_a_reason(
    market: str, category: str, terms: Any, more: Any, expected: str
) -> None:
    shop = Shop(pack=pack_of(market)).of(category, **terms).arrived()
    for reason in ("changed_mind", "ordered_by_mistake"):
        found = shop.previews(wish(reason=reason, **more))
        assert code(found) == expected
        if isinstance(found, NotPossible):
            assert found.rule.startswith(f"{market}/remedy/return_and_refund/{reason}/")
            assert found.basis
    assert code(shop.previews(wish(reason="quality", **more))) == ""


@pytest.mark.parametrize(
    ("market", "terms", "granted_by"),
    [
        ("cn", {}, GrantedBy.MERCHANT),
        ("eu", {"return_waived": True}, GrantedBy.MERCHANT),
        ("eu", {}, GrantedBy.RULE),
    ],
)
def test_a_download_is_let_go_by_its_merchant_where_it_cannot_go_back(
    market: str, terms: Any, granted_by: GrantedBy
) -> None:
    """Nothing is ever shipped of it, so it could be cancelled for as long as it is remembered."""
    shop = (
        Shop(pack=pack_of(market)).of("digital_download", **terms).at(START + timedelta(days=700))
    )
    found = shop.previews(wish(RemedyKind.CANCEL))
    assert isinstance(found, Preview)
    assert found.rule.granted_by is granted_by


@pytest.mark.parametrize("market", ["cn", "eu"])
def test_a_consumer_reads_of_laws_and_of_nothing_that_was_noted_for_ourselves(market: str) -> None:
    origins = pack_of(market).provenance
    read = {}
    for rule, origin in origins.items():
        found = NotPossible(
            code="too_late",
            detail="",
            field="",
            rule=rule,
            basis=origin.source,
            firm=origin.firm,
            nearest=None,
        )
        assert preview_shape(found, in_person=False).basis == origin.source
        read[rule] = preview_shape(found, in_person=True).basis
    assert {rule for rule, basis in read.items() if basis} <= {
        rule for rule, origin in origins.items() if origin.firm
    }
    assert not any(re.search("our|chosen|JD|:", basis) for basis in read.values())
    for rule, basis in read.items():
        if rule.startswith("cn/remedy/return_and_refund/changed_mind/") and basis:
            assert basis.startswith(
                "消费者权益保护法 art. 25; 网络购买商品七日无理由退货暂行办法 art."
            )


def test_the_strictest_of_several_items_decides() -> None:
    shop = Shop(pack=pack_of("cn"))
    items = (Item(LISTING, 5_000, category="shoes"), Item(LISTING, 3_000, category="newspaper"))
    shop.placed(OrderedPart(merchant=MERCHANT, items=items), payments=(Payment("card", 8_000),))
    shop.arrived()
    lines = (WantedLine(1, 1), WantedLine(1, 2))
    found = shop.previews(wish(lines=lines))
    assert isinstance(found, NotPossible)
    assert found.code == "periodical"
    assert found.nearest is not None
    assert (found.nearest.wish.lines, found.nearest.amount_minor) == (lines[:1], 5_000)


def shoes_and_fish(*, fish_first: bool, edition: int = 1) -> Shop:
    """A pair of shoes for 50 and a fish for 30, which arrived broken."""
    pack = pack_of("cn")
    shop = Shop(pack=replace(pack, remedies=replace(pack.remedies, edition=edition)))
    shoes = Item(LISTING, 5_000, category="shoes")
    fish = Item(LISTING, 3_000, category="perishable.fish")
    items = (fish, shoes) if fish_first else (shoes, fish)
    shop.placed(OrderedPart(merchant=MERCHANT, items=items), payments=(Payment("card", 8_000),))
    return shop.arrived()


@pytest.mark.parametrize("fish_first", [False, True])
def test_the_strictest_terms_hold_whatever_the_items_order(*, fish_first: bool) -> None:
    shop = shoes_and_fish(fish_first=fish_first)
    shop.at(START + timedelta(hours=1))
    found = shop.previews(wish(REFUND, "damaged"))
    assert isinstance(found, Preview)
    assert (found.amount_minor, len(found.lines)) == (8_000, 2)
    assert (found.rule.on_silence, found.rule.opt_in) == (OnSilence.TAKE_OVER, True)
    assert found.rule.id == "cn/remedy/refund/damaged/delivered/*/@2024-01-01"
    # No merchant is made to pay for goods that are kept.
    assert found.otherwise == (Share(Payer.PLATFORM, None, 8_000),)


@pytest.mark.parametrize("fish_first", [False, True])
def test_each_item_is_held_to_its_own_time(*, fish_first: bool) -> None:
    shop = shoes_and_fish(fish_first=fish_first).at(START + timedelta(hours=30))
    shoes, fish = (WantedLine(1, 1 + fish_first), WantedLine(1, 2 - fish_first))
    asked = wish(RETURN, "damaged", lines=(shoes, fish))
    found = shop.previews(asked)
    assert isinstance(found, NotPossible)
    assert found.code == "too_late"
    assert found.rule == "cn/remedy/return_and_refund/damaged/delivered/perishable/@2024-01-01"
    assert found.nearest is not None
    assert (found.nearest.wish.lines, found.nearest.amount_minor) == ((shoes,), 5_000)
    assert code(shop.previews(replace(asked, lines=(shoes,)))) == ""


@pytest.mark.parametrize("fish_first", [False, True])
def test_whoever_names_no_items_is_given_those_that_can_be(*, fish_first: bool) -> None:
    shop = shoes_and_fish(fish_first=fish_first).at(START + timedelta(hours=30))
    shoes = 1 + fish_first
    found = shop.previews(wish(RETURN, "damaged"))
    assert isinstance(found, Preview)
    assert ([line.item for line in found.lines], found.amount_minor) == ([shoes], 5_000)
    asked = RequestRemedy(**WHO, wish=wish(RETURN, "damaged"), evidence=(bytes(32),))
    shop.when(asked, by=BY_CONSUMER)
    assert [line.item for line in shop.event(RemedyRequested).lines] == [shoes]
    # Nobody's are left: the others have had their day.
    assert code(shop.previews(wish(RETURN, "damaged"))) == "too_late"


def test_packs_of_before_decide_all_items_by_one_row() -> None:
    first, other = (shoes_and_fish(fish_first=one, edition=0) for one in (True, False))
    found = first.previews(wish(REFUND, "damaged"))
    assert isinstance(found, Preview)
    assert (found.rule.on_silence, found.otherwise) == (OnSilence.GRANT, ())
    found = other.at(START + timedelta(hours=30)).previews(wish(RETURN, "damaged"))
    assert isinstance(found, Preview)
    assert len(found.lines) == 2


def test_a_reason_that_nobody_knows_is_none() -> None:
    shop = Shop(pack=pack_of("cn")).plain()
    found = shop.previews(wish(RemedyKind.CANCEL, "bored"))
    assert code(found) == "reason_unknown"
    assert isinstance(found, NotPossible)
    assert found.detail == f"one of {', '.join(sorted(pack_of('cn').remedies.reasons))}"


def test_of_very_many_reasons_some_are_named() -> None:
    pack = pack_of("cn")
    (one,) = list(pack.remedies.reasons.values())[:1]
    many = {f"reason_{'x' * 38}{number:03}": one for number in range(200)}
    shop = Shop(pack=replace(pack, remedies=replace(pack.remedies, reasons=many))).plain()
    found = shop.previews(wish(RemedyKind.CANCEL, "bored"))
    assert isinstance(found, NotPossible)
    assert len(found.detail) < 2_000
    assert found.detail.endswith("029 and others")


def rule(**more: Any) -> RemedyRule:
    values: dict[str, Any] = {"kind": "exchange", "reason": "*", "stage": "*"}
    return RemedyRule(id="test/rule", granted_by=GrantedBy.RULE, **{**values, **more})


def test_only_some_reasons_are_accepted() -> None:
    shop = Shop(
        rule(kind="cancel", reason="no_longer_needed", stage="unshipped"),
        rule(kind="cancel", reason="ordered_by_mistake", stage="unshipped"),
    ).plain()
    found = shop.previews(wish(RemedyKind.CANCEL, "too_dear"))
    assert isinstance(found, NotPossible)
    assert (found.code, found.detail) == (
        "reason_not_accepted",
        "no_longer_needed ordered_by_mistake",
    )
    assert isinstance(shop.previews(wish(RemedyKind.CANCEL, "no_longer_needed")), Preview)


def test_not_after_another_of_the_same_order() -> None:
    shop = Shop(
        rule(not_after=("exchange", "return_and_refund")),
        rule(kind="return_and_refund", not_after=("exchange", "return_and_refund")),
    ).plain(quantity=3)
    shop.arrived().asks(RemedyKind.EXCHANGE, WantedLine(1, 1, 1))
    shop.asks(RemedyKind.EXCHANGE, WantedLine(1, 1, 1)).then_refused("not_after_another")
    shop.asks(RETURN, WantedLine(1, 1, 1)).then_refused("not_after_another")


@pytest.mark.parametrize(
    ("method", "allowed"),
    [
        ("", True),
        ("card", True),
        ("paid_1", True),
        ("gift_1", True),
        ("points", False),
        ("gift_2", False),
    ],
)
def test_money_goes_only_where_the_rule_lets_it(method: str, *, allowed: bool) -> None:
    shop = Shop(rule(kind="refund", refund_to=("original", "gift_card")))
    part = OrderedPart(merchant=MERCHANT, items=(Item(LISTING, 10_000),))
    shop.placed(part, payments=(Payment("card", 10_000, "paid_1"),))
    methods = (Method("gift_1", "gift_card", True, "CNY"), Method("points", "points", True, "CNY"))
    shop.world[wallet_ref(CONSUMER).id] = Wallet(consumer=CONSUMER, methods=methods)
    found = shop.previews(wish(RemedyKind.REFUND, method=method))
    assert code(found) == ("" if allowed else "method_not_allowed")


@pytest.mark.parametrize(
    ("allowed", "instead", "expected"),
    [
        (Replaced.VARIANT, (), "replacement_needed"),
        (Replaced.VARIANT, ((LISTING, RED),), "replacement_same"),
        (Replaced.VARIANT, ((ELSEWHERE, BLUE),), "replacement_differs"),
        (Replaced.VARIANT, ((LISTING, BLUE),), ""),
        (Replaced.VARIANT, ((LISTING, BLUE), (LISTING, BLUE)), "replacement_needed"),
        (Replaced.LISTING, (), ""),
        (Replaced.LISTING, ((LISTING, RED),), ""),
        (Replaced.LISTING, ((ELSEWHERE, None),), "replacement_differs"),
        (Replaced.ANYTHING, ((ELSEWHERE, BLUE),), ""),
        (Replaced.ANYTHING, (), "replacement_needed"),
        (Replaced.NOTHING, ((LISTING, BLUE),), "replacement_not_offered"),
    ],
)
def test_what_may_come_instead(
    allowed: Replaced, instead: tuple[tuple[UUID, UUID | None], ...], expected: str
) -> None:
    shop = Shop(rule(replacement=allowed)).of("", variant=RED)
    for listing in (LISTING, ELSEWHERE):
        shop.world[listing_ref(merchant=MERCHANT, listing=listing).id] = Listing(
            merchant=MERCHANT,
            listing=listing,
            currency="CNY",
            variants=(Variant(RED, 10_000, available=True), Variant(BLUE, 10_000, available=True)),
        )
    replacements = tuple(Replacement(listing, variant, 10_000) for listing, variant in instead)
    found = shop.previews(wish(RemedyKind.EXCHANGE, "quality", replacements=replacements))
    assert code(found) == expected


def test_hours_count_from_the_moment_itself() -> None:
    shop = Shop(rule(within_hours=72)).plain().arrived(START)
    shop.at(START.replace(day=6, hour=8, minute=59))
    assert isinstance(shop.previews(wish(RemedyKind.EXCHANGE)), Preview)
    shop.at(START.replace(day=6, hour=9))
    assert code(shop.previews(wish(RemedyKind.EXCHANGE))) == "too_late"


@pytest.mark.parametrize(
    ("reason", "units", "amount_minor"),
    [("changed_mind", 2, 20_000), ("quality", 1, 10_600), ("quality", 2, 21_200)],
)
def test_chinese_law_says_whether_the_way_there_is_paid_back(
    reason: str, units: int, amount_minor: int
) -> None:
    """Without a reason the price of the goods is; what is wrong costs the consumer nothing."""
    shop = Shop(pack=todays_pack())
    part = OrderedPart(merchant=MERCHANT, items=(Item(LISTING, 10_000, 2),), shipping_minor=1_200)
    shop.placed(part, payments=(Payment("card", 21_200),)).arrived()
    wish = Wish(kind=RemedyKind.RETURN_AND_REFUND, reason=reason, lines=(WantedLine(1, 1, units),))
    found = shop.previews(wish)
    assert isinstance(found, Preview)
    assert found.amount_minor == amount_minor


def signed_by_a_locker() -> Shop:
    """Nobody had agreed to that: the promise is broken, and the parcel is there."""
    shop = Shop(pack=pack_of("cn")).of("clothing")
    return shop.tracked("103").tracked("304", START + timedelta(days=1))


def test_what_a_locker_signed_for_is_with_the_consumer() -> None:
    shop = signed_by_a_locker().at(START + timedelta(days=2))
    shop.asks(RETURN)
    assert shop.event(JourneyBegun).back is Back.PLACE_AWAITED


def test_the_days_count_from_a_handover_that_nobody_had_agreed_to() -> None:
    shop = signed_by_a_locker().at(START + timedelta(days=8))
    assert isinstance(shop.previews(wish()), Preview)
    assert isinstance(shop.previews(wish(reason="quality")), Preview)
    assert code(shop.at(START + timedelta(days=9)).previews(wish())) == "too_late"


def test_what_waits_at_a_locker_can_still_be_called_back() -> None:
    shop = Shop(pack=pack_of("cn")).of("clothing").tracked("103").tracked("501")
    shop.asks(RETURN)
    assert shop.event(JourneyBegun).back is Back.INTERCEPTING


REFUND = RemedyKind.REFUND
LATE = ((RETURN, "late"), (REFUND, "not_received"), (RemedyKind.RESEND, "not_received"))


@pytest.mark.parametrize(("kind", "reason"), LATE)
def test_only_what_is_late_is_given_for_being_late(kind: RemedyKind, reason: str) -> None:
    shop = Shop(pack=pack_of("cn")).of("custom_made").tracked("103")
    asked = wish(kind, reason)
    found = shop.previews(asked)
    assert code(found) == "not_late_yet"
    assert isinstance(found, NotPossible)
    # Nobody named a day: fifteen days after it was sent.
    assert found.detail == "from 2025-03-18T09:00:00+00:00"
    assert code(shop.at(START + timedelta(days=15)).previews(asked)) == ""


def test_thirty_days_to_delivery_are_counted_from_the_order() -> None:
    shop = Shop(pack=pack_of("eu")).of("clothing").at(START + timedelta(days=25)).tracked("103")
    order = shop.world[ORDER]
    assert isinstance(order, OrderState)
    shop.world[ORDER] = replace(order, parts=(replace(order.parts[0], shipping=None),))
    found = shop.previews(wish(REFUND, "not_received"))
    assert isinstance(found, NotPossible)
    assert (found.code, found.detail) == ("not_late_yet", "from 2025-04-02T09:00:00+00:00")
    assert code(shop.at(START + timedelta(days=30)).previews(wish(REFUND, "not_received"))) == ""


def test_what_should_have_come_by_its_estimate_is_late() -> None:
    shop = Shop(pack=pack_of("cn")).of("clothing").tracked("103")
    order = shop.world[ORDER]
    assert isinstance(order, OrderState)
    part = replace(order.parts[0], estimate_at=START + timedelta(days=3))
    shop.world[ORDER] = replace(order, parts=(part,))
    assert code(shop.previews(wish(REFUND, "not_received"))) == "not_late_yet"
    shop.at(START + timedelta(days=3))
    assert code(shop.previews(wish(REFUND, "not_received"))) == ""


def test_what_was_promised_and_broken_is_late() -> None:
    shop = Shop(pack=pack_of("cn")).of("clothing").tracked("103")
    order = shop.world[ORDER]
    assert isinstance(order, OrderState)
    for verdict, expected in ((Verdict.BROKEN, ""), (Verdict.OPEN, "not_late_yet")):
        promise = Promise(Basis.NEXT_DAY, START + timedelta(days=1), verdict=verdict)
        part = replace(order.parts[0], delivery=promise)
        shop.world[ORDER] = replace(order, parts=(part,))
        assert code(shop.previews(wish(REFUND, "not_received"))) == expected


def test_what_is_lost_did_not_come() -> None:
    shop = Shop(pack=pack_of("cn")).of("clothing").tracked("103")
    shop.tracked("Exception_013", vocabulary=Vocabulary.AFTERSHIP)
    assert code(shop.previews(wish(REFUND, "not_received"))) == ""
    shop.found_anothers()
    order = shop.world[ORDER]
    assert isinstance(order, OrderState)
    # This order's own parcel is on its way.
    shop.world[ORDER] = replace(order, parts=(replace(order.parts[0], shipped_at=START),))
    assert code(shop.previews(wish(REFUND, "not_received"))) == "not_late_yet"
