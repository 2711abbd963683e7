"""Whatever carriers, both sides and the clocks say, in whatever order: it ends, and pays once."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from oncedesk.domain import remedies
from oncedesk.domain.remedies.messages.contesting import ContestRefund, DecideContest
from oncedesk.domain.remedies.messages.disputing import DecideDispute, OpenDispute, Outcome
from oncedesk.domain.remedies.messages.refunding import RefundRequested
from oncedesk.domain.remedies.messages.returning import (
    ArrangeReturn,
    ConfirmReceipt,
    InspectReturn,
    RecordReturnTracking,
    RefusedLine,
    ReopenReturn,
    SendBack,
    SendOut,
    TakeBack,
)
from oncedesk.domain.remedies.words import RemedyKind
from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.remedy_rules import SendsOut
from tests.specs.remedies.goods import BACK, BACK_TOO, OUT, PROOF, RULE, Goods, travels
from tests.specs.remedies.shop import WHO

KINDS = (
    RemedyKind.RETURN_AND_REFUND,
    RemedyKind.EXCHANGE,
    RemedyKind.REPAIR,
    RemedyKind.RESEND,
)
CODES = ("collected", "in_transit", "delivered", "refused", "returned", "lost", "voided")

scans = st.builds(
    lambda code, shipment, hours, grams, remedy: (
        RecordReturnTracking,
        {
            "shipment": shipment,
            "code": code,
            "hours": hours,
            "grams": grams,
            "shipped_grams": 1_000 if grams else 0,
            "remedy": remedy,
        },
    ),
    st.sampled_from(CODES),
    st.sampled_from((BACK, BACK_TOO, OUT)),
    st.integers(-300, 0),
    st.sampled_from((0, 100, 1_000)),
    st.sampled_from((1, 1, 1, 2)),
)
others = st.sampled_from(
    (
        (ArrangeReturn, {"shipment": BACK, "freight_minor": 800, "insured_minor": 300}),
        (SendBack, {"shipment": BACK_TOO, "freight_minor": 900}),
        (SendBack, {"shipment": BACK_TOO, "evidence": PROOF}),
        (ConfirmReceipt, {}),
        (InspectReturn, {}),
        (InspectReturn, {"refused": (RefusedLine(1, 1, 1, "worn"),), "evidence": PROOF}),
        (InspectReturn, {"refused": (RefusedLine(1, 1, 2, "worn"),), "evidence": PROOF}),
        (TakeBack, {}),
        (TakeBack, {"remedy": 2}),
        (ReopenReturn, {}),
        (SendOut, {"shipment": OUT}),
        (SendOut, {"shipment": OUT, "remedy": 2}),
        (ContestRefund, {"reason": "empty_box", "evidence": PROOF}),
        (DecideContest, {"upheld": True, "reason": "seen"}),
        (OpenDispute, {"reason": "not_worn"}),
        (OpenDispute, {"reason": "not_worn", "remedy": 2}),
        (DecideDispute, {"outcome": Outcome.GRANTED, "reason": "seen", "basis": "seen"}),
        (DecideDispute, {"outcome": Outcome.REFUSED, "reason": "seen", "basis": "seen"}),
    )
)
waits = st.sampled_from((("wake", 0), ("paid", 1), ("paid", 2), ("late", 0)))


def happens(goods: Goods, step: Any) -> None:
    match step:
        case ("wake", _):
            moment = remedies.DECIDER.deadline(goods.state)
            if moment is not None:
                goods.wake(max(moment, goods.now))
        case ("late", _):
            goods.wake(goods.now + timedelta(days=30))
        case ("paid", number):
            if goods.state.remedy(number) is not None:
                goods.paid_out(number)
        case _:
            command, fields = step
            fields = dict(fields)
            if "hours" in fields:
                fields["happened_at"] = goods.now + timedelta(hours=fields.pop("hours"))
            goods.does(command, **fields)


@settings(max_examples=150)
@given(
    kind=st.sampled_from(KINDS),
    speed=st.sampled_from(("instant", "at_scan", "after_inspection")),
    freight=st.sampled_from(("consumer", "merchant", "insurer")),
    sends=st.sampled_from(tuple(SendsOut)),
    risk=st.sampled_from(("consumer", "merchant")),
    placed=st.booleans(),
    delivered=st.booleans(),
    steps=st.lists(st.one_of(scans, others, waits), max_size=25),
)
def test_it_is_over_or_a_clock_runs_and_nothing_is_paid_twice(
    kind: RemedyKind,
    speed: str,
    freight: str,
    sends: SendsOut,
    risk: str,
    placed: bool,
    delivered: bool,
    steps: list[Any],
) -> None:
    goods = Goods(
        travels(freight=freight, sends=sends),
        speed=speed,
        placed=placed,
        journey=replace(RULE, own_carrier_lost=risk),
    )
    goods.arrived(delivered=delivered)
    goods.granted(kind)
    if isinstance(goods.answer, Refusal):
        return
    for step in steps:
        happens(goods, step)
        remedies.DECIDER.check(goods.state)
    # Nobody does anything any more: the clocks alone bring it to an end.
    for _ in range(120):
        moment = remedies.DECIDER.deadline(goods.state)
        if moment is None:
            break
        for remedy in goods.state.live:
            if goods.state.remedy(remedy.number) is not None:
                goods.paid_out(remedy.number)
        if goods.state.live:
            goods.wake(max(remedies.DECIDER.deadline(goods.state) or goods.now, goods.now))
        remedies.DECIDER.check(goods.state)
    assert not goods.state.live, goods.state.live
    asked = [event for event in goods.journal if isinstance(event, RefundRequested)]
    own = sum(one.leg.amount_minor for one in asked if not one.again and not one.leg.beyond)
    assert own <= 20_000
    assert sum(goods.state.refunded) == own
    for event in goods.journal:
        for transfer in event.transfers:
            assert sum(entry.minor for entry in transfer.entries) == 0
    assert goods.replayed() == goods.state
    assert WHO["order"] == goods.state.order
