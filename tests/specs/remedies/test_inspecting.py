"""What the merchant finds in what came back, and what becomes of what it does not accept."""

from oncedesk.domain.remedies.messages.asking import RemedyApproved, RemedyRefused
from oncedesk.domain.remedies.messages.disputing import (
    DecideDispute,
    DisputeDecided,
    DisputeOpened,
    OpenDispute,
    Outcome,
)
from oncedesk.domain.remedies.messages.refunding import RefundRequested, RemedyClosed
from oncedesk.domain.remedies.messages.returning import (
    GoodsArrived,
    GoodsDue,
    GoodsSent,
    ParcelScanned,
    RefundInstead,
    RefusedLine,
    ReturnInspected,
    ReturnSplit,
    TakeBack,
)
from oncedesk.domain.remedies.words import ClockKind, DecidedBy, RemedyKind, Status
from tests.specs.remedies.goods import OUT, PROOF, Goods
from tests.support.specs import after

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
