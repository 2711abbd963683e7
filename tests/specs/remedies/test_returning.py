"""The way back: where to, when, what is heard of it, and what happens when nothing is."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.conversations.messages import NoteRemedy, Notice
from oncedesk.domain.orders.messages import TrackingRecorded
from oncedesk.domain.parties.messages import ReturnPlace
from oncedesk.domain.remedies.expecting import expected_steps
from oncedesk.domain.remedies.journey import Out
from oncedesk.domain.remedies.messages.asking import (
    BooksOpened,
    ClockWarned,
    RemedyApproved,
    RemedyRefused,
    RemedyRequested,
    RemedyWithdrawn,
    Wish,
    WithdrawRemedy,
)
from oncedesk.domain.remedies.messages.contesting import RefundContested
from oncedesk.domain.remedies.messages.disputing import (
    DecideDispute,
    DecisionAsked,
    DisputeDecided,
    OpenDispute,
    Outcome,
    Side,
    SubmitEvidence,
)
from oncedesk.domain.remedies.messages.refunding import (
    ClosingPutOff,
    RefundRequested,
    RemedyClosed,
    RemedySettled,
)
from oncedesk.domain.remedies.messages.returning import (
    Back,
    ConfirmReceipt,
    InterceptionMissed,
    JourneyBegun,
    NameReturnPlace,
    NoteComingBack,
    ParcelScanned,
    RefundInstead,
    RefusedLine,
    ReopenReturn,
    ReturnArranged,
    ReturnInspected,
    ReturnLost,
    ReturnMissed,
    ReturnPlaceNamed,
    ReturnReceived,
    ReturnReopened,
    ReturnSent,
    SendBack,
    Slot,
    WeightDiffered,
)
from oncedesk.domain.remedies.preview import Preview
from oncedesk.domain.remedies.steps import Step, StepKind
from oncedesk.domain.remedies.waiting import waits_for
from oncedesk.domain.remedies.words import (
    ClockKind,
    DecidedBy,
    RemedyKind,
    Speed,
    Status,
    WantedLine,
)
from oncedesk.domain.shared.decider import SYSTEM, Command
from oncedesk.domain.shared.refs import PLATFORM, order_ref
from oncedesk.domain.shared.remedy_rules import SendsOut
from oncedesk.domain.shared.vocabularies import TrackingStatus, Vocabulary
from oncedesk.engine import reactions
from oncedesk.rules.library import PackLibrary
from oncedesk.rules.loading import load_builtin
from tests.specs.remedies.goods import (
    BACK,
    BACK_TOO,
    CARRIER,
    ELSEWHERE,
    PLACE,
    PROOF,
    RULE,
    Goods,
    travels,
)
from tests.specs.remedies.shop import BY_CONSUMER, MERCHANT_DESK, ORDER, PARCEL, WHO
from tests.specs.remedies.town import MINE
from tests.support.specs import START, after

DAY = timedelta(days=1)
LINE = WantedLine(1, 1, 1)


def test_from_granted_to_settled_in_the_plain_case() -> None:
    goods = Goods().granted()
    goods.then_only(BooksOpened, RemedyRequested, RemedyApproved, JourneyBegun)
    begun = goods.event(JourneyBegun)
    assert (begun.back, begun.place, begun.place_digest) == (Back.AWAITED, PLACE, b"address")
    assert begun.clock.kind is ClockKind.SHIP_BACK
    assert begun.clock.due_at == after(days=8)
    assert goods.status() is Status.WAITING_FOR_RETURN
    goods.label().then_only(ReturnArranged)
    goods.scan("collected").then_only(ParcelScanned)
    assert goods.status() is Status.RETURN_IN_TRANSIT
    assert [clock.kind for clock in goods.one.clocks] == [ClockKind.RETURN_TRANSIT]
    goods.scan("delivered", at=goods.now + timedelta(hours=1)).then_only(
        ParcelScanned, ReturnReceived
    )
    assert goods.status() is Status.RECEIVED
    goods.inspected().then_only(ReturnInspected, RefundRequested)
    assert (goods.status(), goods.asked_minor()) == (Status.SETTLING, [20_000])
    goods.paid_out()
    assert goods.status() is Status.SETTLED
    goods.wake_when_due().then_only(RemedyClosed)
    assert [(one.amount_minor, one.quantity) for one in goods.state.given] == [(20_000, 2)]


def test_goods_from_a_region_go_to_its_place() -> None:
    goods = Goods().region("110000")
    goods.merchant((ReturnPlace(PLACE, b"a"), ReturnPlace(ELSEWHERE, b"b", ("110000",))))
    assert goods.granted().event(JourneyBegun).place == ELSEWHERE


def test_the_merchant_names_the_place_and_the_consumer_has_all_the_time() -> None:
    goods = Goods(placed=False).granted()
    begun = goods.event(JourneyBegun)
    assert (begun.back, begun.place) == (Back.PLACE_AWAITED, None)
    assert begun.clock.kind is ClockKind.RETURN_PLACE
    goods.does(NameReturnPlace, place=PLACE).then_refused("place_unknown")
    goods.merchant((ReturnPlace(PLACE, b"address"),)).at(after(hours=20))
    named = goods.does(NameReturnPlace, place=PLACE).event(ReturnPlaceNamed)
    assert (named.digest, named.clock.due_at) == (b"address", after(days=8, hours=20))
    assert [clock.kind for clock in goods.one.clocks] == [ClockKind.SHIP_BACK]
    goods.does(NameReturnPlace, place=PLACE).then_nothing()


def test_a_merchant_that_names_no_place_gives_the_money_without_the_goods() -> None:
    goods = Goods(placed=False).granted()
    goods.wake(after(hours=12)).then_only(ClockWarned)
    goods.wake(after(hours=24)).then_only(RefundInstead, RefundRequested)
    instead = goods.event(RefundInstead)
    assert (instead.kind, instead.reason) == (RemedyKind.REFUND, "no_return_place")
    assert goods.asked_minor() == [20_000]


def test_a_slot_puts_the_ship_back_clock_off_until_it_is_over() -> None:
    goods = Goods().granted()
    slot = Slot(after(days=9), after(days=10))
    goods.label(slot=Slot(after(days=2), after(days=1))).then_refused("slot_empty")
    arranged = goods.label(slot=slot).event(ReturnArranged)
    assert arranged.clock.due_at == after(days=10)
    goods.label(slot=slot).then_nothing()


def test_not_sent_in_time_is_withdrawn_by_silence_and_can_be_asked_for_once_more() -> None:
    goods = Goods().granted()
    goods.wake(after(days=6)).then_only(ClockWarned)
    goods.wake(after(days=8)).then_only(ReturnMissed)
    assert goods.status() is Status.WITHDRAWN
    again = goods.does(ReopenReturn).event(ReturnReopened)
    assert again.clock.due_at == after(days=16)
    assert goods.status() is Status.WAITING_FOR_RETURN
    goods.wake(after(days=14)).then_only(ClockWarned)
    goods.wake(after(days=16)).then_only(ReturnMissed)
    goods.does(ReopenReturn).then_refused("reopened_before")
    goods.wake(after(days=23)).then_only(RemedyClosed)
    assert (goods.state.closed[0].status, goods.state.given) == (Status.WITHDRAWN, ())
    goods.does(ReopenReturn).then_refused("remedy_unknown")


def european(**settling: Any) -> Goods:
    """Goods under the terms for sending back of the pack `eu`; it is 4 April 2025, 12:00 in Berlin.

    The 14th day after it is Good Friday, and nobody works before the 22nd.
    """
    goods = Goods()
    pack = load_builtin("eu").pack(date(2026, 11, 26))
    rules = replace(
        goods.pack.remedies,
        settling=replace(pack.remedies.settling, **settling),
        dispute=pack.remedies.dispute,
    )
    goods.pack = replace(goods.pack, remedies=rules, calendars=pack.calendars)
    goods.packs = PackLibrary.always([goods.pack]).at(goods.now)
    goods.at(datetime(2025, 4, 4, 10, tzinfo=UTC))
    return goods


@pytest.mark.parametrize(
    ("ends_on", "over"),
    [
        ("office_hours", datetime(2025, 4, 22, 22, tzinfo=UTC)),
        # Packs of before count hours.
        ("", datetime(2025, 4, 18, 10, tzinfo=UTC)),
    ],
)
def test_days_to_send_it_back_end_with_the_last_working_day(ends_on: str, over: datetime) -> None:
    goods = european(ship_back_ends_on=ends_on)
    found = goods.previews(Wish(kind=RemedyKind.RETURN_AND_REFUND, reason="changed_mind"))
    assert isinstance(found, Preview)
    (clock,) = goods.granted().one.clocks
    assert (clock.kind, clock.due_at) == (ClockKind.SHIP_BACK, over)
    assert clock.warn_at == over - timedelta(days=2)
    expected = expected_steps(remedy=goods.one, pack=goods.pack, now=goods.now)
    looked_at = over + timedelta(seconds=goods.pack.remedies.inspection_seconds)
    for steps in (found.steps, expected):
        assert steps[0] == Step(StepKind.SEND_BACK, over)
        assert steps[1] == Step(StepKind.INSPECT, looked_at)
    goods.at(over - timedelta(seconds=1)).does(SendBack, shipment=BACK, evidence=PROOF)
    assert goods.event(ReturnSent).proven


def test_without_a_place_it_may_be_sent_as_long_from_when_one_is_named() -> None:
    goods = european().granted()
    unplaced = replace(goods.one, clocks=())
    (sent, _, _) = expected_steps(remedy=unplaced, pack=goods.pack, now=goods.now)
    assert sent == Step(StepKind.SEND_BACK, datetime(2025, 4, 22, 22, tzinfo=UTC))


def test_what_was_given_otherwise_meanwhile_is_not_reopened() -> None:
    goods = Goods().granted()
    goods.wake(after(days=8))
    goods.granted()
    goods.does(ReopenReturn).then_refused("nothing_left")
    goods.scan("delivered").then_only(ParcelScanned)
    assert goods.status() is Status.WITHDRAWN


def test_a_parcel_that_turns_up_after_all_is_received() -> None:
    goods = Goods().granted().label()
    goods.wake(after(days=8)).then_only(ReturnMissed)
    goods.scan("delivered").then_only(ParcelScanned, ReturnReceived)
    goods.inspected().then_only(ReturnInspected, RefundRequested)


def test_scans_tell_the_same_in_any_order_and_however_often() -> None:
    told = (("collected", 1), ("in_transit", 2), ("out_for_delivery", 3), ("delivered", 4))
    ends = set()
    for order in permutations(told):
        goods = Goods().granted().label()
        goods.at(after(hours=5))
        for code, hour in (*order, *order):
            goods.scan(code, at=after(hours=hour))
        assert goods.answer == []
        (parcel,) = goods.one.journey.parcels  # type: ignore[union-attr]
        ends.add((parcel, goods.status()))
        assert len(goods.one.clocks) == 1
    assert len(ends) == 1
    assert ends.pop()[1] is Status.RECEIVED


def test_all_parcels_of_a_return_have_to_arrive() -> None:
    goods = Goods().granted().label().label(BACK_TOO)
    goods.scan("delivered")
    assert goods.status() is Status.RETURN_IN_TRANSIT
    goods.scan("delivered", BACK_TOO).then_only(ParcelScanned, ReturnReceived)


def test_others_words_are_understood_and_unknown_ones_refused() -> None:
    goods = Goods().granted().label()
    goods.scan("3", vocabulary=Vocabulary.KUAIDI100).then_only(ParcelScanned, ReturnReceived)
    goods.scan("999", vocabulary=Vocabulary.KUAIDI100).then_refused("tracking_code_unknown")
    goods.scan("collected", at=goods.now + 2 * DAY).then_refused("time_in_future")


def test_a_parcel_of_another_remedy_is_refused() -> None:
    goods = Goods().granted(RemedyKind.RETURN_AND_REFUND, LINE).label()
    goods.granted(RemedyKind.RETURN_AND_REFUND, LINE)
    goods.scan("collected", remedy=2).then_refused("parcel_of_another")
    goods.does(SendBack, remedy=2, shipment=BACK).then_refused("parcel_of_another")
    goods.label(remedy=2).then_refused("parcel_of_another")
    goods.scan("collected", remedy=3).then_refused("remedy_unknown")


def test_a_lost_return_under_our_label_is_refunded() -> None:
    goods = Goods().granted().label().scan("collected")
    goods.wake(after(days=10)).then_only(ReturnLost, RefundRequested)
    assert goods.event(ReturnLost).risk == "merchant"
    assert goods.asked_minor() == [20_000]
    goods.scan("delivered").then_only(ParcelScanned)
    goods.paid_out()
    assert goods.status() is Status.SETTLED


def test_a_lost_return_by_the_consumers_own_carrier_is_theirs_until_it_turns_up() -> None:
    goods = Goods().granted().scan("collected")
    goods.wake(after(days=10)).then_only(ReturnLost, RemedyRefused)
    refused = goods.event(RemedyRefused)
    assert (refused.reason, refused.by) == ("return_lost", DecidedBy.RULE)
    assert (refused.facts, refused.pack) == (("no_movement",), goods.one.pack)
    assert (refused.clock.kind, refused.objection) == (ClockKind.OBJECTION, "dispute")
    goods.scan("delivered", at=goods.now).then_only(ParcelScanned, ReturnReceived)
    assert goods.status() is Status.RECEIVED


def test_what_turns_up_while_its_loss_is_disputed_counts_once_that_is_decided() -> None:
    """Else the merchant had the goods, and the consumer neither them nor the money."""
    goods = Goods().granted().scan("collected")
    goods.wake(after(days=10)).does(OpenDispute, reason="sent_in_time")
    goods.does(SubmitEvidence, side=Side.MERCHANT, digests=(b"nothing came",))
    goods.scan("delivered", at=goods.now).then_only(ParcelScanned)
    goods.wake_when_due().then_only(DecisionAsked)
    goods.does(DecideDispute, outcome=Outcome.REFUSED, reason="lost", basis="no scan")
    goods.then_only(DisputeDecided, ReturnReceived)
    assert goods.status() is Status.RECEIVED
    goods.wake_when_due()
    goods.wake_when_due().then_only(ReturnInspected, RefundRequested)


def test_a_return_waits_for_no_parcel_that_only_the_consumer_told_of() -> None:
    for evidence in ((), (b"receipt",)):
        goods = Goods().granted().label()
        goods.does(SendBack, shipment=BACK_TOO, evidence=evidence).then_only(ReturnSent)
        goods.scan("collected").then_only(ParcelScanned)
        goods.scan("delivered").then_only(ParcelScanned, ReturnReceived)


def test_what_is_lost_is_the_parcel_that_a_carrier_had() -> None:
    goods = Goods().granted().label()
    goods.does(SendBack, shipment=BACK_TOO)
    goods.scan("collected")
    goods.wake(after(days=10)).then_only(ReturnLost, RefundRequested)
    assert goods.event(ReturnLost).risk == "merchant"


def test_what_goes_under_the_label_is_told_once_and_has_the_same_time() -> None:
    goods = Goods().granted().label().at(after(days=7))
    sent = goods.does(SendBack, shipment=BACK).event(ReturnSent)
    assert (sent.proven, sent.clock.due_at) == (False, after(days=17))
    (parcel,) = goods.one.journey.parcels  # type: ignore[union-attr]
    assert (parcel.ours, parcel.told_at) == (True, after(days=7))
    goods.at(after(days=8)).does(SendBack, shipment=BACK).then_nothing()
    goods.scan("collected").then_only(ParcelScanned)
    goods.does(SendBack, shipment=BACK).then_nothing()


def test_what_was_told_before_a_return_was_reopened_is_told_anew() -> None:
    goods = Goods().granted()
    goods.does(SendBack, shipment=BACK)
    goods.wake(after(days=10)).then_only(ReturnMissed)
    goods.does(ReopenReturn).then_only(ReturnReopened)
    goods.at(after(days=18)).does(SendBack, shipment=BACK).then_only(ReturnSent)
    assert goods.event(ReturnSent).clock.due_at == after(days=28)


def test_where_the_law_says_so_it_is_the_merchants_loss_whoever_carried_it() -> None:
    goods = Goods(journey=replace(RULE, own_carrier_lost="merchant")).granted().scan("collected")
    goods.wake(after(days=10)).then_only(ReturnLost, RefundRequested)


def test_a_consumer_who_posted_it_has_proof_or_waits_for_a_scan() -> None:
    goods = Goods().granted().at(after(days=7))
    sent = goods.does(SendBack, shipment=BACK, carrier=CARRIER).event(ReturnSent)
    assert (sent.proven, sent.clock.due_at) == (False, after(days=17))
    assert goods.status() is Status.WAITING_FOR_RETURN
    goods.does(SendBack, shipment=BACK).then_nothing()
    goods.does(SendBack, shipment=BACK, evidence=(b"receipt",)).then_only(ReturnSent)
    assert goods.status() is Status.RETURN_IN_TRANSIT


def test_a_proof_of_posting_pays_where_the_law_counts_it() -> None:
    slowest = travels(slowest="at_scan")
    goods = Goods(slowest, journey=replace(RULE, proof_is_scan=True)).granted()
    assert goods.event(JourneyBegun).speed is Speed.AT_SCAN
    goods.does(SendBack, shipment=BACK, evidence=(b"receipt",)).then_only(
        ReturnSent, RefundRequested
    )
    assert goods.asked_minor() == [20_000]


def test_nothing_is_withdrawn_while_it_travels() -> None:
    goods = Goods().granted().scan("collected")
    goods.when(WithdrawRemedy(**WHO, remedy=1), by=BY_CONSUMER).then_refused("goods_on_their_way")


def test_what_is_still_unshipped_needs_no_way_back() -> None:
    goods = Goods()
    order = goods.world[ORDER]
    part = replace(order.parts[0], shipped_at=None, delivered_at=None)  # type: ignore[attr-defined]
    goods.world[ORDER] = replace(order, parts=(part,))  # type: ignore[type-var]
    goods.granted().then_only(BooksOpened, RemedyRequested, RemedyApproved, RefundRequested)


def intercepted() -> Goods:
    goods = Goods()
    goods.arrived(delivered=False)
    goods.granted()
    assert goods.event(JourneyBegun).back is Back.INTERCEPTING
    return goods


OWN = UUID(int=0x0A)


def came_back(goods: Goods, status: TrackingStatus) -> Goods:
    command = NoteComingBack(**WHO, part=1, shipment=OWN, status=status, happened_at=goods.now)
    goods.when(command, by=SYSTEM)
    return goods


def test_a_parcel_refused_at_the_door_counts_as_sent_back() -> None:
    goods = intercepted()
    came_back(goods, TrackingStatus.REFUSED).then_only(ParcelScanned)
    assert goods.status() is Status.RETURN_IN_TRANSIT
    came_back(goods, TrackingStatus.REFUSED).then_nothing()
    goods.at(after(hours=3))
    came_back(goods, TrackingStatus.RETURNED).then_only(ParcelScanned, ReturnReceived)
    goods.inspected().then_only(ReturnInspected, RefundRequested)


def test_an_intercepted_parcel_that_is_lost_was_never_the_consumers() -> None:
    goods = intercepted()
    goods.wake(after(days=10)).then_only(ReturnLost, RefundRequested)
    assert goods.event(ReturnLost).risk == "merchant"


def test_an_interception_that_missed_becomes_a_return_like_any_other() -> None:
    goods = intercepted()
    goods.arrived(after(days=1)) if goods.now >= after(days=1) else goods.arrived()
    goods.wake(after(days=10)).then_only(InterceptionMissed)
    assert (goods.one.journey.back, goods.status()) == (  # type: ignore[union-attr]
        Back.AWAITED,
        Status.WAITING_FOR_RETURN,
    )


def scanned(goods: Goods, at: datetime) -> list[Command]:
    """What the order's own parcel asks of remedies when a carrier has handed it over."""
    goods.at(at).tracked("301")
    event = TrackingRecorded(
        **WHO, at=at, part=1, shipment=OWN, status=TrackingStatus.DELIVERED, scanned_at=at
    )
    ref = order_ref(consumer=WHO["consumer"], order=ORDER)
    return list(reactions.commands(event, ref, goods.world[ORDER]))


@pytest.mark.parametrize("placed", [True, False])
def test_what_reached_the_consumer_after_all_is_theirs_to_send_back_from_then_on(
    placed: bool,
) -> None:
    goods = Goods(placed=placed)
    goods.arrived(delivered=False)
    (command,) = scanned(goods.granted(), after(days=1))
    goods.when(command, by=SYSTEM).then_only(InterceptionMissed)
    told = [
        one
        for one in reactions.commands(goods.event(InterceptionMissed), MINE, goods.state)
        if isinstance(one, NoteRemedy)
    ]
    if placed:
        assert goods.one.clock(ClockKind.SHIP_BACK).due_at == after(days=9)  # type: ignore[union-attr]
        assert [(one.notice, one.until) for one in told] == [(Notice.RETURN_PLACE, after(days=9))]
    else:
        assert goods.one.journey.back is Back.PLACE_AWAITED  # type: ignore[union-attr]
        assert told == []
    goods.when(command, by=SYSTEM).then_nothing()


def test_a_parcel_that_nobody_calls_back_only_arrives() -> None:
    goods = Goods().granted()
    (command,) = scanned(goods, after(days=1))
    goods.when(command, by=SYSTEM).then_nothing()


def test_what_a_carrier_was_asked_to_turn_round_is_not_withdrawn() -> None:
    """It would come back, and the consumer would have neither goods nor money."""
    goods = intercepted()
    withdrawing = WithdrawRemedy(**WHO, remedy=1)
    goods.when(withdrawing, by=BY_CONSUMER).then_refused("goods_on_their_way")
    came_back(goods, TrackingStatus.RETURNED).then_only(ParcelScanned, ReturnReceived)


def test_what_was_delivered_all_the_same_is_withdrawn() -> None:
    goods = intercepted()
    goods.arrived()
    goods.wake(after(days=10)).then_only(InterceptionMissed)
    goods.when(WithdrawRemedy(**WHO, remedy=1), by=BY_CONSUMER).then_only(RemedyWithdrawn)


def test_what_a_carrier_still_scans_is_not_lost() -> None:
    goods = Goods()
    goods.arrived(delivered=False)
    goods.granted()
    for day in range(1, 10):
        goods.tracked("1001", after(days=day))
    goods.wake(after(days=10)).then_only(ClosingPutOff)
    assert goods.one.clock(ClockKind.RETURN_TRANSIT).due_at == after(days=19)  # type: ignore[union-attr]
    goods.tracked("301", after(days=13)).wake(after(days=19)).then_only(InterceptionMissed)


def test_another_orders_parcel_neither_moves_nor_turns_round_for_this_one() -> None:
    goods = intercepted()
    for day in range(1, 10):
        goods.tracked("1001", after(days=day))
    goods.found_anothers()
    at = after(days=9)
    turned = TrackingRecorded(
        **WHO, at=at, part=1, shipment=PARCEL, status=TrackingStatus.RETURNED, scanned_at=at
    )
    order = order_ref(consumer=WHO["consumer"], order=ORDER)
    assert not reactions.commands(turned, order, goods.world[ORDER])
    goods.wake(after(days=10)).then_only(ReturnLost, RefundRequested)


def test_a_merchant_contests_what_was_found_lost_on_its_way() -> None:
    goods = intercepted()
    goods.wake(after(days=10)).then_only(ReturnLost, RefundRequested)
    goods.paid_out().at(after(days=13))
    goods.contest().then_only(RefundContested)


def test_only_the_system_says_that_a_parcel_turned_round() -> None:
    goods = intercepted()
    command = NoteComingBack(
        **WHO, part=1, shipment=OWN, status=TrackingStatus.REFUSED, happened_at=goods.now
    )
    goods.when(command, by=BY_CONSUMER).then_refused("not_allowed")


def test_the_merchant_says_itself_that_it_has_it() -> None:
    goods = Goods().granted()
    goods.does(ConfirmReceipt).then_only(ReturnReceived)
    goods.does(ConfirmReceipt).then_nothing()
    goods.scan("collected").then_only(ParcelScanned)
    assert goods.status() is Status.RECEIVED


@pytest.mark.parametrize(
    ("worn", "asked_minor"), [(0, [20_000]), (1, [10_000]), (2, [])], ids=["none", "half", "all"]
)
def test_what_the_merchant_has_is_looked_at_before_a_late_scan_pays(
    worn: int, asked_minor: list[int]
) -> None:
    goods = Goods(speed="at_scan").granted().does(ConfirmReceipt)
    goods.scan("collected").then_only(ParcelScanned)
    goods.inspected(*([RefusedLine(1, 1, worn, "worn")] if worn else []))
    assert goods.asked_minor() == asked_minor


def test_nor_do_goods_leave_by_it() -> None:
    goods = Goods(travels(sends=SendsOut.AT_SCAN)).granted(RemedyKind.EXCHANGE).does(ConfirmReceipt)
    goods.scan("collected").then_only(ParcelScanned)
    goods.inspected(RefusedLine(1, 1, 2, "worn")).then_only(ReturnInspected, RemedyRefused)


def test_a_wrong_weight_slows_the_money_down_and_refuses_nothing() -> None:
    goods = Goods(speed="at_scan").granted().label()
    goods.scan("collected", grams=100, shipped_grams=1_000).then_only(ParcelScanned, WeightDiffered)
    differed = goods.event(WeightDiffered)
    assert (differed.speed, differed.speed_reason) == (Speed.AFTER_INSPECTION, "weight_differs")
    goods.scan("delivered").then_only(ParcelScanned, ReturnReceived)
    goods.wake(after(hours=36)).then_only(ClockWarned)
    goods.wake(after(hours=48)).then_only(ReturnInspected, RefundRequested)
    assert goods.event(ReturnInspected).by is DecidedBy.SILENCE


def test_a_weight_within_the_tolerance_changes_nothing() -> None:
    goods = Goods(speed="at_scan").granted().label()
    goods.scan("collected", grams=800, shipped_grams=1_000).then_only(
        ParcelScanned, RefundRequested
    )


def test_silence_of_the_merchant_about_what_came_back_accepts_it() -> None:
    goods = Goods().granted().scan("delivered")
    assert goods.event(ReturnReceived).clock.due_at == START + 2 * DAY
    goods.wake(after(hours=48)).then_only(ReturnInspected, RefundRequested)
    assert goods.asked_minor() == [20_000]


def test_instant_money_leaves_at_once_and_the_goods_come_later() -> None:
    goods = Goods(speed="instant").granted()
    goods.then_only(BooksOpened, RemedyRequested, RemedyApproved, JourneyBegun, RefundRequested)
    goods.paid_out()
    assert goods.status() is Status.WAITING_FOR_RETURN
    goods.scan("collected")
    goods.scan("delivered").then_only(ParcelScanned, ReturnReceived, RemedySettled)
    assert goods.asked_minor() == [20_000]
    assert goods.one.journey.out is Out.NOT_NEEDED  # type: ignore[union-attr]


def test_money_at_the_scan_leaves_once() -> None:
    goods = Goods(speed="at_scan").granted().label()
    goods.scan("collected").then_only(ParcelScanned, RefundRequested)
    goods.scan("in_transit", at=goods.now + timedelta(minutes=1)).then_only(ParcelScanned)
    goods.scan("delivered", at=goods.now + timedelta(minutes=2)).then_only(
        ParcelScanned, ReturnReceived
    )
    assert goods.status() is Status.SETTLING
    goods.paid_out()
    assert goods.status() is Status.SETTLED


def test_parcels_of_a_remedy_are_bounded() -> None:
    goods = Goods().granted()
    for number in range(6):
        goods.label(UUID(int=0xF0 + number)).then_only(ReturnArranged)
    goods.label(UUID(int=0xFF)).then_refused("parcels_too_many")
    goods.scan("collected", UUID(int=0xFF)).then_refused("parcels_too_many")
    goods.scan("collected", UUID(int=0xF0)).then_only(ParcelScanned)


def test_goods_wait_for_the_merchants_desk_and_a_contest_for_the_platforms() -> None:
    goods = Goods(placed=False).granted()
    assert waits_for(state=goods.state, remedy=goods.one) == MERCHANT_DESK
    assert goods.wake(after(hours=12)).event(ClockWarned).desk == MERCHANT_DESK
    goods = Goods(speed="instant").granted().paid_out().scan("delivered")
    assert waits_for(state=goods.state, remedy=goods.one) is None
    goods.contest()
    assert waits_for(state=goods.state, remedy=goods.one) == PLATFORM
