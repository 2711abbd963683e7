"""Whoever packs and sends is told, once, what becomes of an order by its remedies."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from oncedesk.domain.remedies.words import RemedyKind, WantedLine
from oncedesk.domain.shared.decider import SYSTEM, Actor, Refusal
from oncedesk.domain.shared.refs import Ref
from oncedesk.domain.shared.remedy_rules import SendsOut
from oncedesk.engine.leaving import Happened
from oncedesk.engine.outgoing import DATA, OF_ORDERS, Outgoing
from tests.specs.remedies.goods import BACK, Goods, travels
from tests.specs.remedies.shop import CONSUMER, LISTING, MERCHANT, ORDER
from tests.specs.remedies.test_changing import ADDRESS, BLUE, ITEMS, LINE, PAYMENT, to, town
from tests.support.specs import Spec, after

OF = {"consumer": str(CONSUMER), "order": str(ORDER), "remedy": 1}
MINE = {**OF, "desks": [f"merchant:{MERCHANT}"]}
ASKED = Outgoing((*OF_ORDERS, "refund.requested"))


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Topic and data of all that leaves, from any state, for whoever packs and for payments."""
    found: list[Any] = []
    when = Spec.when

    def heard(spec: Spec, command: Any, *, by: Actor = SYSTEM) -> Spec:
        before = spec.state
        when(spec, command, by=by)
        events: Sequence[Any] = () if isinstance(spec.answer, Refusal) else spec.answer
        happened = Happened(
            source=Ref(spec.decider.kind, 0, ORDER),
            before=before,
            after=spec.state,
            version=7,
            at=spec.now,
            decided_at=spec.now,
            actor=by,
            events=events,
            packs=spec.packs,
        )
        for one in ASKED(happened):
            described = msgspec.json.decode(one.body, type=DATA[one.topic])
            assert msgspec.json.encode(described) == one.body
            data = msgspec.json.decode(one.body)
            # A merchant's desk sees it without these, and it is described all the same.
            seen = {name: data[name] for name in data if name not in ("consumer", "desks")}
            assert "desks" not in data or msgspec.convert(seen, DATA[one.topic])
            found.append((one.topic, data))
        return spec

    monkeypatch.setattr(Spec, "when", heard)
    return found


def test_a_cancellation_names_what_is_not_to_be_sent(left: list[Any]) -> None:
    one = town(quantity=3)
    one.wish(RemedyKind.CANCEL, WantedLine(1, 1, 2))
    assert sorted(topic for topic, _ in left) == ["cancellation.requested", "refund.requested"]
    said = dict(left)
    lines = [{"part": 1, "item": 1, "quantity": 2}]
    assert said["cancellation.requested"] == {**MINE, "lines": lines}
    assert said["refund.requested"]["kind"] == "cancel"
    one.refunds_confirmed()
    assert len(left) == 2


def test_another_address_is_told_without_saying_which(left: list[Any]) -> None:
    town(parts=2).wish(ADDRESS, digest=b"x" * 16, length=4)
    assert left == [("order.changed", {**MINE, "address": True})]


def test_another_variant_at_the_same_price_is_told(left: list[Any]) -> None:
    one = town(quantity=2)
    one.sells(*(msgspec.structs.replace(new, price_minor=5_000) for new in one.listing().variants))
    one.wish(ITEMS, LINE, to=to(BLUE, 5_000))
    changed = {
        "part": 1,
        "item": 1,
        "quantity": 1,
        "listing": str(LISTING),
        "unit_price_minor": 5_000,
        "variant": str(BLUE),
    }
    assert left == [("order.changed", {**MINE, "items": [changed]})]


def test_another_payment_is_nothing_to_a_merchant(left: list[Any]) -> None:
    one = town()
    one.wish(PAYMENT, method="paypal_1")
    assert left == []
    one.charge_confirmed()
    assert [topic for topic, _ in left] == ["order.changed", "refund.requested"]
    assert left[0][1] == {**OF, "payment": 2}


def test_goods_that_leave_at_once_are_asked_for(left: list[Any]) -> None:
    rule = travels("exchange", sends=SendsOut.AT_ONCE)
    Goods(rule).granted(RemedyKind.EXCHANGE, WantedLine(1, 1))
    lines = [{"part": 1, "item": 1, "quantity": 1}]
    due_at = msgspec.to_builtins(after(days=3))
    wanted = {**MINE, "kind": "exchange", "lines": lines, "due_at": due_at}
    assert left == [("goods.requested", wanted)]


def test_goods_are_asked_for_when_those_before_are_back(left: list[Any]) -> None:
    goods = Goods().granted(RemedyKind.EXCHANGE, WantedLine(1, 1))
    goods.scan("collected", BACK).scan("delivered", BACK)
    assert left == []
    goods.inspected()
    ((topic, data),) = left
    assert (topic, data["kind"], data["lines"][0]["quantity"]) == ("goods.requested", "exchange", 1)
