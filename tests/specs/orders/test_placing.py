"""An order is mirrored once, with the promises that hold for it, or refused with the reason."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.orders import DECIDER
from oncedesk.domain.orders.messages import (
    Basis,
    ChosenDay,
    DeliverBy,
    Due,
    Item,
    ItemShown,
    MoveEstimate,
    NextDay,
    OnDemandHandover,
    OrderedPart,
    OrderPlaced,
    Payment,
    PresaleShipping,
    SameDay,
    ShippingLimits,
    StandardShipping,
    Terms,
)
from oncedesk.domain.orders.state import ITEMS_MAX, PART_GROWTH_BYTES, Verdict, size_of
from oncedesk.domain.shared.decider import MARKETPLACE, Actor, Facts, Refusal, Role
from oncedesk.domain.shared.gate.looking import Gate
from oncedesk.domain.shared.vocabularies import Handover
from oncedesk.engine.codec import Codec
from oncedesk.engine.entry import Entry
from oncedesk.rules.library import PackLibrary
from tests.specs.orders.world import (
    LISTING,
    MERCHANT,
    PACK,
    WHO,
    announce,
    nothing_yet,
    ordered,
    place,
    scan,
    shanghai,
)
from tests.support.given import COMMAND_ID, START, after

DAY = timedelta(days=1)
END_OF_TIME = datetime.max.replace(tzinfo=UTC)
ITEM = Item(listing=LISTING, unit_price_minor=1_000, quantity=2, category="toys")


def due_of(*promises: Terms, **changes: Any) -> Due:
    placed = ordered(*promises, **changes).answer[0]
    assert isinstance(placed, OrderPlaced)
    due = placed.parts[0].shipping or placed.parts[0].delivery
    assert due is not None
    return due


def test_an_order_without_items_is_an_order() -> None:
    story = ordered(parts=(OrderedPart(),))
    story.then_only(OrderPlaced)
    assert story.state.placed
    assert story.state.parts[0].merchant is None
    assert story.due() is None


def test_what_was_shown_is_told_once_and_kept_by_no_state() -> None:
    shown = (ItemShown(2, "南部铁器 养生壶", "https://pictures.example/1.webp"),)
    part = OrderedPart(merchant=MERCHANT, items=(ITEM, ITEM), shown=shown)
    story = ordered(parts=(part,))
    assert story.last().parts[0].shown == shown
    without = ordered(parts=(replace(part, shown=()),))
    assert story.state == replace(without.state, body=story.state.body)


def test_the_longest_titles_of_the_most_items_fit_into_a_command() -> None:
    shown = tuple(
        ItemShown(number, "题" * 200, f"https://{'p' * 492}") for number in range(1, ITEMS_MAX + 1)
    )
    command = place(parts=(OrderedPart(items=(ITEM,) * ITEMS_MAX, shown=shown),))
    entry = Entry(Codec((DECIDER,)), bytes(32), lambda: Gate(()))
    taken = entry.submission(command, principal="t", key="k", actor=MARKETPLACE)
    assert taken.command == command


def test_records_the_pack_at_order_time() -> None:
    placed = ordered(StandardShipping()).last()
    assert placed.pack == PACK.hash
    assert placed.no_movement_seconds == 86_400
    assert placed.pickup_needs_consent


def test_the_same_again_changes_nothing_and_other_content_is_refused() -> None:
    story = ordered(NextDay())
    story.hear(place(NextDay()), now=after(hours=3)).then_nothing()
    story.hear(place(SameDay()), now=after(hours=3)).refused("order_differs")


def test_standard_shipping_is_48_hours_on_the_packs_calendar() -> None:
    assert due_of(StandardShipping()) == Due(basis=Basis.STANDARD, due_at=after(hours=48))


@pytest.mark.parametrize(
    ("placed_at", "due_at"),
    [
        (shanghai(3, 15, 59), shanghai(4)),
        (shanghai(3, 16, 0), shanghai(5)),
        (shanghai(3, 0, 0), shanghai(4)),
    ],
)
def test_same_day_after_the_cut_off_is_the_next(placed_at: Any, due_at: Any) -> None:
    assert due_of(SameDay(), placed_at=placed_at).due_at == due_at


def test_next_day_is_a_local_day() -> None:
    # 16:30 UTC is after midnight in Shanghai already.
    assert due_of(NextDay(), placed_at=after(hours=7, minutes=30)).due_at == shanghai(6)


def test_deliver_by_is_the_whole_local_day() -> None:
    due = due_of(DeliverBy(on=date(2025, 3, 10)))
    assert due == Due(basis=Basis.DELIVER_BY, due_at=shanghai(11))


def test_a_day_whose_midnight_is_skipped_ends_where_the_next_begins() -> None:
    # Clocks in São Paulo jumped from midnight to 01:00 on 2017-10-15, 03:00 UTC.
    placed_at = START.replace(year=2017)
    due = due_of(
        DeliverBy(on=date(2017, 10, 14)), placed_at=placed_at, timezone="America/Sao_Paulo"
    )
    assert due.due_at.isoformat() == "2017-10-15T03:00:00+00:00"


def test_a_chosen_window_keeps_both_ends() -> None:
    due = due_of(ChosenDay(starts_at=shanghai(5, 9), ends_at=shanghai(5, 12)))
    assert (due.starts_at, due.due_at) == (shanghai(5, 9), shanghai(5, 12))


def test_shipping_limits_keep_the_earliest_and_the_latest() -> None:
    due = due_of(ShippingLimits(earliest=after(hours=10), latest=after(hours=20)))
    assert (due.due_at, due.latest_at) == (after(hours=10), after(hours=20))


def test_a_presale_may_ship_on_the_packs_last_day() -> None:
    assert due_of(PresaleShipping(ship_by=START + 15 * DAY)).due_at == START + 15 * DAY


@pytest.mark.parametrize(
    ("promises", "code"),
    [
        ((PresaleShipping(ship_by=START + 15 * DAY + timedelta(seconds=1)),), "presale_too_far"),
        ((PresaleShipping(ship_by=START),), "promise_before_order"),
        ((ShippingLimits(earliest=START - DAY, latest=START + DAY),), "promise_before_order"),
        ((ShippingLimits(earliest=START + DAY, latest=START),), "limits_reversed"),
        ((DeliverBy(on=date(2025, 3, 2)),), "promise_before_order"),
        ((DeliverBy(on=date.max),), "time_too_far"),
        ((ShippingLimits(earliest=START + DAY, latest=END_OF_TIME),), "time_too_far"),
        ((ChosenDay(starts_at=START + DAY, ends_at=END_OF_TIME),), "time_too_far"),
        ((PresaleShipping(ship_by=END_OF_TIME),), "presale_too_far"),
        ((ChosenDay(starts_at=START - DAY, ends_at=START),), "window_in_past"),
        ((ChosenDay(starts_at=START + DAY, ends_at=START + DAY),), "window_empty"),
        ((StandardShipping(), PresaleShipping(ship_by=START + DAY)), "promises_conflict"),
        ((NextDay(), SameDay()), "promises_conflict"),
        ((OnDemandHandover(Handover.DOOR), OnDemandHandover(Handover.LOCKER)), "promises_conflict"),
        ((OnDemandHandover(Handover.UNKNOWN),), "handover_unknown"),
    ],
)
def test_refuses_promises_that_cannot_be(promises: tuple[Terms, ...], code: str) -> None:
    assert ordered(*promises).refused(code).state is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"placed_at": START + DAY + timedelta(seconds=1)}, "time_in_future"),
        ({"placed_at": datetime.min.replace(tzinfo=UTC)}, "time_implausible"),
        ({"timezone": "Asia/Nowhere"}, "timezone_unknown"),
        ({"timezone": "../etc"}, "timezone_unknown"),
        ({"timezone": "localtime"}, "timezone_unknown"),
        ({"timezone": "posix/Asia/Shanghai"}, "timezone_unknown"),
        ({"currency": "RMB"}, "currency_unknown"),
        ({"parts": ()}, "parts_missing"),
        ({"parts": (OrderedPart(),) * 17}, "parts_too_many"),
        ({"parts": (OrderedPart(items=(ITEM,) * 51),)}, "items_too_many"),
        ({"parts": (OrderedPart(items=(ITEM,), shown=(ItemShown(2, "2"),)),)}, "item_unknown"),
        ({"parts": (OrderedPart(items=(ITEM,), shown=(ItemShown(1),) * 2),)}, "item_unknown"),
        ({"payments": (Payment("card", 1),) * 33}, "payments_too_many"),
        ({"payments": (Payment("card", -1),)}, "amount_negative"),
        ({"payments": (Payment("card", 10**15 + 1),)}, "amount_too_large"),
        ({"parts": (OrderedPart(items=(replace(ITEM, unit_price_minor=-1),)),)}, "amount_negative"),
        ({"parts": (OrderedPart(items=(replace(ITEM, discount_minor=-1),)),)}, "amount_negative"),
        ({"parts": (OrderedPart(items=(replace(ITEM, quantity=0),)),)}, "quantity_not_positive"),
        (
            {"parts": (OrderedPart(items=(replace(ITEM, discount_minor=2_001),)),)},
            "discount_exceeds_price",
        ),
    ],
)
def test_refuses_what_cannot_be_an_order(changes: dict[str, Any], code: str) -> None:
    assert ordered(**changes).refused(code).state is None


def test_holds_fifty_items_of_sixteen_merchants_within_its_size() -> None:
    items = [replace(ITEM, listing=UUID(int=2**127 + n), category=f"c{n % 8}") for n in range(50)]
    parts = tuple(
        OrderedPart(
            merchant=UUID(int=2**126 + n),
            items=tuple(items[n::16]),
            promises=(StandardShipping(), NextDay()),
        )
        for n in range(16)
    )
    story = ordered(parts=parts)
    story.then_only(OrderPlaced)
    assert [part.number for part in story.state.parts] == list(range(1, 17))
    late = after(hours=20) + timedelta(microseconds=1)
    for number in range(1, 17):
        shipment = UUID(int=2**125 + number)
        story.hear(announce(part=number, shipment=shipment))
        for substate in ("locker", "station", "pickup_point", "proxy"):
            story.hear(scan("delivered", late, shipment=shipment, substate=substate))
        story.hear(scan("refused", late, shipment=shipment))
        story.hear(MoveEstimate(**WHO, part=number, estimate_at=late))
    story.wake(after(hours=900))
    assert len(story.state.tracks) == 16
    assert size_of(story.state) < 8_000


def test_later_news_of_a_part_take_no_more_than_is_kept_free_for_them() -> None:
    story = ordered(parts=(OrderedPart(promises=(StandardShipping(), NextDay())),))
    (bare,) = story.state.parts
    late = after(hours=20) + timedelta(microseconds=1)
    longest = max(Handover, key=lambda one: len(one.value))
    changed = {"amended_at": late, "consented_at": late, "verdict": Verdict.BROKEN}
    full = replace(
        bare,
        shipping=replace(bare.shipping, **changed),
        delivery=replace(bare.delivery, **changed),
        asked_amended=longest,
        delivered_by=longest,
        handover=Verdict.BROKEN,
        **dict.fromkeys(("shipped_at", "delivered_at", "estimate_at"), late),
        **dict.fromkeys(("amended_from", "cancelled_at"), late),
    )
    assert all(value is not None for value in (full.shipping, full.delivery, full.cancelled_at))
    grown = replace(story.state, parts=(full,))
    assert size_of(grown) - size_of(story.state) <= PART_GROWTH_BYTES


def test_refuses_more_than_fits_with_all_that_may_still_come() -> None:
    items = tuple(replace(ITEM, category=f"{n:048}") for n in range(50))
    parts = tuple(
        OrderedPart(merchant=MERCHANT, items=items[n::16], promises=(StandardShipping(), NextDay()))
        for n in range(16)
    )
    ordered(parts=parts).refused("order_too_large")


def test_only_the_marketplace_tells_of_orders() -> None:
    for role in (Role.CONSUMER, Role.AGENT):
        actor = Actor(role=role, id=MERCHANT)
        nothing_yet().when(place(), now=START, by=actor).refused("not_allowed")


def test_refuses_a_market_in_which_no_pack_holds() -> None:
    facts = Facts(
        now=START,
        command_id=COMMAND_ID,
        actor=MARKETPLACE,
        packs=PackLibrary.always([PACK]).at(START),
        states={},
    )
    assert isinstance(DECIDER.decide(None, place(), facts), list)
    refused = DECIDER.decide(None, place(market="xx"), facts)
    assert isinstance(refused, Refusal)
    assert refused.code == "market_unknown"
