"""Exchange, resend and repair: what goes out, when, and what happens if it does not."""

from datetime import timedelta
from uuid import UUID

import pytest

from oncedesk.domain.remedies.messages.asking import ClockWarned
from oncedesk.domain.remedies.messages.contesting import (
    ContestDecided,
    ContestLapsed,
    ContestOpened,
    RefundContested,
)
from oncedesk.domain.remedies.messages.refunding import (
    ClosingPutOff,
    RefundRequested,
    RemedyClosed,
    RemedySettled,
)
from oncedesk.domain.remedies.messages.returning import (
    GoodsArrived,
    GoodsDue,
    GoodsSent,
    JourneyBegun,
    ParcelScanned,
    RefundInstead,
    ReopenReturn,
    ReturnInspected,
    ReturnLost,
    ReturnMissed,
    ReturnReopened,
)
from oncedesk.domain.remedies.words import ClockKind, RemedyKind, Status
from oncedesk.domain.shared.remedy_rules import SendsOut
from tests.specs.remedies.goods import BACK, OUT, OUT_TOO, Goods, travels
from tests.specs.remedies.shop import BY_CONSUMER, WHO
from tests.support.specs import after

AT_ONCE = travels("exchange", sends=SendsOut.AT_ONCE)
AT_SCAN = travels("exchange", sends=SendsOut.AT_SCAN)


def test_an_exchange_goes_out_when_what_came_back_was_inspected() -> None:
    goods = Goods().granted(RemedyKind.EXCHANGE).label().scan("delivered")
    goods.out().then_refused("goods_not_due")
    goods.inspected().then_only(ReturnInspected, GoodsDue)
    goods.out().then_only(GoodsSent)
    goods.out().then_nothing()
    goods.scan("collected", OUT).then_only(ParcelScanned)
    goods.at(after(hours=1)).scan("delivered", OUT)
    goods.then_only(ParcelScanned, GoodsArrived, RemedySettled)
    assert goods.asked_minor() == []
    goods.wake_when_due().then_only(RemedyClosed)
    assert goods.state.given == ()


def test_an_exchanged_item_can_be_returned_later() -> None:
    goods = Goods().granted(RemedyKind.EXCHANGE).scan("delivered").inspected().out()
    goods.scan("delivered", OUT)
    goods.wake_when_due().then_only(RemedyClosed)
    goods.granted()
    assert goods.event(JourneyBegun).remedy == 2


def test_an_exchange_at_once_does_not_wait() -> None:
    goods = Goods(AT_ONCE).granted(RemedyKind.EXCHANGE)
    kinds = {clock.kind for clock in goods.one.clocks}
    assert kinds == {ClockKind.SHIP_BACK, ClockKind.SHIP_OUT}
    goods.out().scan("delivered", OUT).then_only(ParcelScanned, GoodsArrived)
    goods.scan("delivered", BACK)
    goods.inspected().then_only(ReturnInspected, RemedySettled)


def test_an_exchange_at_the_scan_goes_out_when_a_carrier_has_the_return() -> None:
    goods = Goods(AT_SCAN).granted(RemedyKind.EXCHANGE).label()
    goods.scan("collected").then_only(ParcelScanned, GoodsDue)


def test_goods_that_went_out_for_nothing_are_the_merchants_to_contest() -> None:
    goods = Goods(AT_ONCE).granted(RemedyKind.EXCHANGE).out().scan("delivered", OUT)
    goods.wake(after(days=6))
    goods.wake(after(days=8)).then_only(ReturnMissed, RemedySettled)
    assert goods.one.clock(ClockKind.CONTEST) is not None
    decided = goods.contest().decided(upheld=True).answer[0]  # type: ignore[index]
    assert (decided.fund_minor, decided.debt_minor) == (20_000, 20_000)


def sent_ahead_for_nothing() -> Goods:
    """Others are on their way, and the consumer has not sent back the first in time."""
    goods = Goods(AT_ONCE).granted(RemedyKind.EXCHANGE)
    goods.at(after(days=2)).out()
    goods.wake(after(days=6))
    return goods.wake(after(days=8)).then_only(ReturnMissed)


def not_arriving(goods: Goods) -> Goods:
    """What is on its way to the consumer does not come."""
    transit = goods.one.clock(ClockKind.OUT_TRANSIT)
    assert transit is not None
    return goods.wake(transit.due_at)


def test_nobody_is_paid_for_goods_that_they_kept_since_others_were_lost() -> None:
    goods = sent_ahead_for_nothing()
    not_arriving(goods).then_only(ReturnMissed)
    assert (goods.status(), goods.asked_minor()) == (Status.WITHDRAWN, [])
    goods.when(ReopenReturn(**WHO, remedy=1), by=BY_CONSUMER).then_only(ReturnReopened)
    goods.scan("delivered").inspected().then_only(ReturnInspected, GoodsDue)
    goods.out(OUT_TOO).scan("delivered", OUT_TOO)
    goods.then_only(ParcelScanned, GoodsArrived, RemedySettled)


def test_nor_since_others_came_back_and_were_not_sent_again() -> None:
    goods = sent_ahead_for_nothing()
    goods.scan("returned", OUT).then_only(ParcelScanned, GoodsDue)
    due = goods.event(GoodsDue).clock
    goods.wake(due.warn_at)
    goods.wake(due.due_at).then_only(ReturnMissed)
    assert goods.asked_minor() == []


def test_who_kept_them_has_the_money_if_the_platform_says_so() -> None:
    goods = sent_ahead_for_nothing().contest().decided(upheld=False)
    not_arriving(goods).then_only(RefundInstead, RefundRequested)


def test_whose_return_came_late_has_the_money_if_others_are_lost() -> None:
    goods = sent_ahead_for_nothing().scan("delivered", BACK)
    not_arriving(goods).then_only(RefundInstead, RefundRequested)


def test_so_are_those_whose_return_the_consumers_own_carrier_lost() -> None:
    goods = Goods(AT_SCAN).granted(RemedyKind.EXCHANGE).scan("collected")
    goods.out().scan("delivered", OUT)
    goods.wake_when_due().then_only(ReturnLost, RemedySettled)
    goods.contest().then_only(RefundContested)
    assert goods.decided(upheld=True).event(ContestDecided).debt_minor == 20_000


def test_a_merchant_that_sends_nothing_gives_the_money() -> None:
    goods = Goods().granted(RemedyKind.RESEND)
    assert goods.one.clocks[0].kind is ClockKind.SHIP_OUT
    goods.wake(after(hours=36)).then_only(ClockWarned)
    goods.wake(after(hours=72)).then_only(RefundInstead, RefundRequested)
    instead = goods.event(RefundInstead)
    assert (instead.kind, instead.amount_minor) == (RemedyKind.REFUND, 20_000)
    goods.out().then_refused("goods_not_due")


def test_an_exchange_that_does_not_come_is_money_once_the_return_is_there() -> None:
    goods = Goods(AT_ONCE).granted(RemedyKind.EXCHANGE)
    goods.wake(after(hours=36))
    goods.wake(after(hours=72)).then_only(RefundInstead)
    goods.scan("delivered").inspected().then_only(ReturnInspected, RefundRequested)
    assert goods.asked_minor() == [20_000]


def test_a_repair_that_is_lost_on_its_way_home_is_money() -> None:
    goods = Goods().granted(RemedyKind.REPAIR).scan("delivered").inspected().out()
    goods.scan("collected", OUT)
    goods.wake_when_due().then_only(RefundInstead, RefundRequested)
    assert goods.event(RefundInstead).reason == "goods_lost"
    goods.scan("delivered", OUT).then_only(ParcelScanned, ContestOpened)
    assert goods.asked_minor() == [20_000]


def test_several_parcels_have_all_to_arrive() -> None:
    goods = Goods().granted(RemedyKind.RESEND).out().out(OUT_TOO)
    goods.scan("delivered", OUT).then_only(ParcelScanned)
    goods.wake_when_due().then_only(GoodsDue)
    goods.scan("out_for_delivery", OUT_TOO).then_only(ParcelScanned)
    assert goods.status() is not Status.SETTLED
    goods.at(goods.now + timedelta(hours=1)).scan("delivered", OUT_TOO)
    goods.then_only(ParcelScanned, GoodsArrived, RemedySettled)
    assert goods.replayed() == goods.state


def test_what_was_lost_and_is_there_after_all_is_not_sent_again() -> None:
    goods = Goods().granted(RemedyKind.RESEND).out()
    goods.scan("lost", OUT).then_only(ParcelScanned, GoodsDue)
    goods.at(after(hours=1)).scan("delivered", OUT)
    goods.then_only(ParcelScanned, GoodsArrived, RemedySettled)


def came_after_it_was_money(kind: RemedyKind, *parcels: UUID) -> Goods:
    """Nothing of it had moved, so that the money was given."""
    goods = Goods().granted(kind)
    if kind.comes_back:
        goods.scan("delivered").inspected()
    for parcel in parcels:
        goods.out(parcel)
    goods.wake_when_due().then_only(RefundInstead, RefundRequested)
    goods.contest().then_refused("nothing_to_contest")
    return goods


@pytest.mark.parametrize("kind", [RemedyKind.RESEND, RemedyKind.EXCHANGE, RemedyKind.REPAIR])
def test_goods_that_come_after_they_were_money_are_the_merchants_to_contest(
    kind: RemedyKind,
) -> None:
    goods = came_after_it_was_money(kind, OUT).paid_out()
    goods.scan("delivered", OUT).then_only(ParcelScanned, ContestOpened)
    goods.at(goods.now + timedelta(hours=1)).scan("delivered", OUT).then_only(ParcelScanned)
    goods.contest().then_only(RefundContested)
    assert goods.decided(upheld=True).event(ContestDecided).debt_minor == 20_000
    assert goods.replayed() == goods.state
    goods.wake_when_due().then_only(RemedyClosed)


def test_the_window_waits_for_the_money_and_closes() -> None:
    goods = came_after_it_was_money(RemedyKind.RESEND, OUT)
    goods.scan("delivered", OUT).then_only(ParcelScanned, ContestOpened)
    goods.contest().then_refused("refund_not_sent")
    goods.paid_out()
    goods.wake_when_due().then_only(ContestLapsed, RemedyClosed)


def test_half_of_what_was_money_is_not_contested() -> None:
    goods = came_after_it_was_money(RemedyKind.RESEND, OUT, OUT_TOO).paid_out()
    goods.scan("delivered", OUT).then_only(ParcelScanned)
    goods.scan("delivered", OUT_TOO).then_only(ParcelScanned, ContestOpened)


def test_the_window_waits_for_what_has_still_to_come_back() -> None:
    goods = Goods(AT_ONCE).granted(RemedyKind.EXCHANGE).out()
    goods.at(after(days=5)).scan("collected")
    not_arriving(goods).then_only(RefundInstead)
    goods.scan("delivered", OUT).then_only(ParcelScanned, ContestOpened)
    goods.contest().then_refused("nothing_to_contest")
    goods.at(after(days=14)).scan("in_transit").then_only(ParcelScanned)
    window = goods.one.clock(ClockKind.CONTEST)
    assert window is not None
    goods.wake(window.due_at).then_only(ClosingPutOff)
    goods.scan("delivered").inspected().then_only(ReturnInspected, RefundRequested)
    goods.paid_out().contest().then_only(RefundContested)


@pytest.mark.parametrize("code", ["returned", "lost"])
@pytest.mark.parametrize("first", [OUT, OUT_TOO])
def test_what_one_of_several_parcels_had_in_it_is_owed_still(code: str, first: UUID) -> None:
    goods = Goods().granted(RemedyKind.RESEND).out().out(OUT_TOO)
    for parcel in (first, OUT if first is OUT_TOO else OUT_TOO):
        if parcel is OUT:
            goods.scan(code, OUT).then_only(ParcelScanned, GoodsDue)
        else:
            goods.scan("delivered", OUT_TOO).then_only(ParcelScanned)
    assert ClockKind.SHIP_OUT in {clock.kind for clock in goods.one.clocks}
    again = UUID(int=0xB4)
    goods.out(again).then_only(GoodsSent)
    goods.at(after(hours=1)).scan(code, OUT).then_only(ParcelScanned)
    goods.scan("delivered", again).then_only(ParcelScanned, GoodsArrived, RemedySettled)
    assert goods.asked_minor() == []
    assert goods.replayed() == goods.state


def test_what_was_sent_after_one_came_back_is_in_its_place() -> None:
    goods = Goods().granted(RemedyKind.RESEND).out().scan("returned", OUT).out(OUT_TOO)
    goods.at(after(hours=1)).scan("returned", OUT).then_only(ParcelScanned)
    goods.scan("delivered", OUT_TOO).then_only(ParcelScanned, GoodsArrived, RemedySettled)


def test_what_left_in_the_place_of_a_parcel_before_that_turned_is_not_owed_again() -> None:
    goods = Goods().granted(RemedyKind.RESEND).out()
    goods.out(OUT_TOO, instead_of=OUT_TOO).then_refused("parcel_unknown")
    goods.out(OUT_TOO, instead_of=BACK).then_refused("parcel_unknown")
    goods.out(OUT_TOO, instead_of=OUT).then_only(GoodsSent)
    goods.out(OUT_TOO, instead_of=OUT).then_nothing()
    goods.at(after(hours=1)).scan("returned", OUT).then_only(ParcelScanned)
    goods.scan("delivered", OUT_TOO).then_only(ParcelScanned, GoodsArrived, RemedySettled)
    assert goods.replayed() == goods.state


@pytest.mark.parametrize("arrived", [True, False])
def test_that_can_be_said_when_it_has_turned(arrived: bool) -> None:
    goods = Goods().granted(RemedyKind.RESEND).out().out(OUT_TOO)
    if arrived:
        goods.scan("delivered", OUT_TOO)
    goods.scan("returned", OUT).then_only(ParcelScanned, GoodsDue)
    goods.out(OUT_TOO).then_nothing()
    goods.out(OUT_TOO, instead_of=OUT)
    if not arrived:
        goods.then_only(GoodsSent)
        assert goods.one.clock(ClockKind.SHIP_OUT) is None
        goods.scan("delivered", OUT_TOO).then_only(ParcelScanned, GoodsArrived, RemedySettled)
    else:
        goods.then_only(GoodsSent, GoodsArrived, RemedySettled)
    assert goods.asked_minor() == []
    assert goods.replayed() == goods.state


def test_what_is_sent_again_is_not_money_besides_when_it_has_come() -> None:
    goods = Goods().granted(RemedyKind.RESEND).out().out(OUT_TOO)
    goods.scan("delivered", OUT).wake_when_due().then_only(GoodsDue)
    again = UUID(int=0xB4)
    goods.out(again).scan("delivered", again)
    goods.then_only(ParcelScanned, GoodsArrived, RemedySettled)
    assert goods.asked_minor() == []
    assert goods.replayed() == goods.state


def test_what_the_consumer_did_not_take_is_owed_still() -> None:
    goods = Goods().granted(RemedyKind.RESEND).out()
    goods.scan("returned", OUT).then_only(ParcelScanned, GoodsDue)
    goods.out(OUT_TOO).scan("delivered", OUT_TOO)
    goods.then_only(ParcelScanned, GoodsArrived, RemedySettled)
