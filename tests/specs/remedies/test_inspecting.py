"""What the merchant finds in what came back, and what becomes of what it does not accept."""

from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain import agents
from oncedesk.domain.agents.messages import DeskRole, JoinDesk, RegisterAgent
from oncedesk.domain.remedies.messages.asking import RemedyApproved, RemedyRefused
from oncedesk.domain.remedies.messages.contesting import ContestDecided, RefundContested
from oncedesk.domain.remedies.messages.disputing import (
    DecideDispute,
    DisputeDecided,
    DisputeOpened,
    OpenDispute,
    Outcome,
)
from oncedesk.domain.remedies.messages.refunding import (
    RefundRequested,
    RemedyClosed,
    RemedySettled,
)
from oncedesk.domain.remedies.messages.returning import (
    ConfirmReceipt,
    GoodsArrived,
    GoodsDue,
    GoodsSent,
    InspectReturn,
    ParcelScanned,
    RefundInstead,
    RefusedLine,
    ReturnInspected,
    ReturnReceived,
    ReturnSplit,
    TakeBack,
)
from oncedesk.domain.remedies.words import ClockKind, DecidedBy, RemedyKind, Status, WantedLine
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.refs import PLATFORM, Desk
from oncedesk.domain.shared.remedy_rules import SendsOut
from tests.specs.remedies.goods import OUT, PROOF, Goods, travels
from tests.specs.remedies.shop import BY_CONSUMER, CONSUMER, MERCHANT_DESK, WHO
from tests.specs.remedies.test_authorising import agent, by
from tests.support.specs import START, Spec, after

ANNA = UUID(int=0xA1)
WORN = RefusedLine(1, 1, 1, "worn")
ALL_WORN = RefusedLine(1, 1, 2, "worn")


def received() -> Goods:
    return Goods(shipping_minor=600).granted().label().scan("delivered")


def test_what_is_accepted_is_paid_and_the_rest_is_a_refused_remedy_of_its_own() -> None:
    goods = received()
    goods.inspected(WORN).then_only(ReturnInspected, ReturnSplit, RefundRequested)
    split = goods.event(ReturnSplit)
    assert (split.rest, split.rest_minor, split.reason) == (2, 10_000, "worn")
    rest = goods.state.remedy(2)
    assert (rest.status, rest.amount_minor, rest.lines[0].quantity) == (Status.REFUSED, 10_000, 1)
    assert rest.clocks[0].kind is ClockKind.OBJECTION
    before = goods.one.amount_minor
    assert goods.asked_minor() == [before] == [split.amount_minor]
    assert sum(share.minor for share in split.shares + split.rest_shares) == before + 10_000


@pytest.mark.parametrize(
    ("command", "said"), [(ConfirmReceipt, ReturnReceived), (InspectReturn, ReturnInspected)]
)
def test_nobody_looks_at_what_an_account_close_to_them_sent(command: type, said: type) -> None:
    goods = Goods().granted()
    known: Any = agent(goods, ANNA).state
    found = command(**WHO, remedy=1, agent=ANNA)
    if command is InspectReturn:
        goods.scan("delivered")
    goods.world[ANNA] = replace(known, linked=(CONSUMER,))
    goods.when(found, by=by(ANNA)).then_refused("not_allowed")
    goods.world[ANNA] = known
    goods.when(found, by=by(ANNA))
    assert len(goods.events(said)) == 1


def test_what_is_not_accepted_at_all_can_be_taken_back() -> None:
    goods = received()
    goods.inspected(ALL_WORN).then_only(ReturnInspected, RemedyRefused)
    refused = goods.event(RemedyRefused)
    assert (refused.facts, refused.evidence, refused.objection) == (
        (refused.reason,),
        PROOF,
        "dispute",
    )
    assert (refused.by, refused.reason) == (DecidedBy.MERCHANT, "worn")
    goods.does(TakeBack).then_only(GoodsDue)
    goods.does(TakeBack).then_refused("return_not_asked")
    goods.does(OpenDispute, reason="not_worn").then_refused("dispute_not_open")
    goods.out().then_only(GoodsSent)
    goods.scan("delivered", OUT).then_only(ParcelScanned, GoodsArrived, RemedyClosed)
    assert (goods.state.closed[0].status, goods.state.given) == (Status.REFUSED, ())


@pytest.mark.parametrize("role", [Role.AGENT, Role.ADMIN])
@pytest.mark.parametrize(
    ("desk", "by"),
    [(PLATFORM, DecidedBy.PLATFORM), (MERCHANT_DESK, DecidedBy.MERCHANT)],
)
def test_what_somebody_finds_is_said_in_the_name_of_their_own_desk(
    desk: Desk, by: DecidedBy, role: Role
) -> None:
    goods = received()
    known = Spec(agents.DECIDER, goods.packs)
    known.when(RegisterAgent(agent=ANNA))
    known.when(JoinDesk(agent=ANNA, desk=desk, role=DeskRole.AGENT, starts_at=START))
    goods.world[ANNA] = known.state
    found = InspectReturn(**WHO, remedy=1, agent=ANNA, refused=(ALL_WORN,), evidence=PROOF)
    goods.when(found, by=Actor(role, ANNA)).then_only(ReturnInspected, RemedyRefused)
    said = goods.event(ReturnInspected)
    assert (said.by, said.agent, goods.event(RemedyRefused).by) == (by, ANNA, by)


def test_an_admin_at_no_desk_does_not_find_it_in_the_merchants_name() -> None:
    goods = received()
    found = InspectReturn(**WHO, remedy=1, agent=ANNA)
    # Of somebody who is not registered nobody knows whose account is close to them.
    goods.when(found, by=Actor(Role.ADMIN, ANNA)).then_refused("not_allowed")
    known = Spec(agents.DECIDER, goods.packs)
    known.when(RegisterAgent(agent=ANNA))
    goods.world[ANNA] = known.state
    goods.when(found, by=Actor(Role.ADMIN, ANNA))
    assert goods.event(ReturnInspected).by is DecidedBy.PLATFORM


@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize("upheld", [True, False])
def test_what_is_not_accepted_though_others_have_left_is_contested(
    arrived: bool, upheld: bool
) -> None:
    goods = Goods(travels("exchange", sends=SendsOut.AT_SCAN)).granted(RemedyKind.EXCHANGE)
    goods.scan("collected").out()
    if arrived:
        goods.scan("delivered", OUT).then_only(ParcelScanned, GoodsArrived)
    goods.scan("delivered").then_only(ParcelScanned, ReturnReceived)
    settled = (RemedySettled,) if arrived else ()
    goods.inspected(ALL_WORN).then_only(ReturnInspected, RefundContested, *settled)
    contested = goods.event(RefundContested)
    assert (contested.reason, contested.evidence) == ("worn", PROOF)
    goods.does(TakeBack).then_refused("return_not_asked")
    if not arrived:
        goods.scan("delivered", OUT).then_only(ParcelScanned, GoodsArrived, RemedySettled)
    decided = goods.decided(upheld=upheld).event(ContestDecided)
    assert decided.debt_minor == (20_000 if upheld else 0)
    goods.wake_when_due().then_only(RemedyClosed)
    assert goods.replayed() == goods.state


@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize("upheld", [True, False])
def test_so_is_the_half_of_it_that_is_not_accepted(arrived: bool, upheld: bool) -> None:
    goods = Goods(travels("exchange", sends=SendsOut.AT_SCAN)).granted(RemedyKind.EXCHANGE)
    goods.scan("collected").out()
    if arrived:
        goods.scan("delivered", OUT)
    goods.scan("delivered")
    settled = (RemedySettled,) if arrived else ()
    goods.inspected(WORN).then_only(ReturnInspected, RefundContested, *settled)
    assert goods.event(RefundContested).lines == (WantedLine(1, 1, 1),)
    assert [one.number for one in goods.state.live] == [1]
    goods.does(TakeBack).then_refused("return_not_asked")
    if not arrived:
        goods.scan("delivered", OUT).then_only(ParcelScanned, GoodsArrived, RemedySettled)
    decided = goods.decided(upheld=upheld).event(ContestDecided)
    assert decided.debt_minor == (10_000 if upheld else 0)
    goods.wake_when_due().then_only(RemedyClosed)
    assert goods.replayed() == goods.state


def test_of_what_is_to_leave_when_it_is_back_the_half_that_is_not_accepted_is_refused() -> None:
    goods = Goods(travels("exchange")).granted(RemedyKind.EXCHANGE).scan("delivered")
    goods.inspected(WORN).then_only(ReturnInspected, ReturnSplit, GoodsDue)


def test_a_consumer_who_says_nothing_gets_it_back() -> None:
    goods = received()
    goods.inspected(ALL_WORN)
    goods.wake_when_due().then_only(GoodsDue)
    assert goods.one.journey.their_own  # type: ignore[union-attr]


def test_a_merchant_that_neither_pays_nor_sends_it_back_pays() -> None:
    goods = received()
    goods.inspected(ALL_WORN)
    goods.does(TakeBack)
    goods.wake_when_due()
    goods.wake_when_due().then_only(RemedyApproved, RefundInstead, RefundRequested)
    assert goods.event(RemedyApproved).by is DecidedBy.SILENCE
    # With the shipping: nothing of the part is kept.
    assert goods.asked_minor() == [20_600]


def test_a_dispute_that_is_won_pays_what_was_not_accepted() -> None:
    goods = received()
    goods.inspected(WORN)
    goods.paid_out()
    goods.does(OpenDispute, remedy=2, reason="not_worn").then_only(DisputeOpened)
    goods.does(
        DecideDispute, remedy=2, outcome=Outcome.GRANTED, reason="not_worn", basis="pictures"
    ).then_only(DisputeDecided, RemedyApproved, RefundRequested)
    assert goods.asked_minor(2) == [10_000]


def test_refuses_what_did_not_come_back() -> None:
    goods = received()
    goods.inspected(RefusedLine(1, 1, 3, "worn")).then_refused("quantity_exceeds_returned")
    goods.inspected(RefusedLine(1, 2, 1, "worn")).then_refused("item_unknown")
    goods.inspected(WORN, WORN).then_refused("line_twice")
    goods.inspected(WORN, evidence=()).then_refused("evidence_missing")
    goods.inspected().then_only(ReturnInspected, RefundRequested)
    goods.inspected().then_refused("nothing_to_inspect")


def test_refuses_to_inspect_what_was_never_asked_back_or_has_not_come() -> None:
    Goods().granted(RemedyKind.RESEND).inspected().then_refused("nothing_to_inspect")
    Goods().granted().inspected().then_refused("nothing_to_inspect")
    Goods().inspected().then_refused("remedy_unknown")


def test_the_inspection_never_outlasts_the_time_in_which_the_law_wants_the_money() -> None:
    goods = received()
    clock = goods.one.clock(ClockKind.INSPECTION)
    assert clock is not None
    assert clock.due_at <= after(days=7)


def left_although_refused() -> Goods:
    """Others have left for the consumer since what came back was found worn."""
    goods = Goods(travels("exchange", sends=SendsOut.AT_SCAN)).granted(RemedyKind.EXCHANGE)
    goods.label().scan("collected").scan("delivered")
    goods.inspected(ALL_WORN).out()
    return goods


def test_others_that_arrive_although_it_was_refused_end_it() -> None:
    goods = left_although_refused().scan("delivered", OUT)
    goods.then_only(ParcelScanned, GoodsArrived, RemedySettled)
    while goods.state.live:
        goods.wake_when_due()
    assert goods.state.closed[0].status is Status.CLOSED
    assert (goods.state.refunded, goods.replayed()) == ((), goods.state)


def test_others_that_left_while_it_was_refused_are_watched_once_it_is_won() -> None:
    goods = left_although_refused()
    goods.when(OpenDispute(**WHO, remedy=1, reason="not_worn"), by=BY_CONSUMER)
    while not goods.one.is_granted:
        goods.wake_when_due()
    while goods.one.kind is RemedyKind.EXCHANGE:
        # No news for too long: the money is owed instead.
        goods.wake_when_due()
    goods.paid_out()
    assert sum(goods.state.refunded) == 20_000
