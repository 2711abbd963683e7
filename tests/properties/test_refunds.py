"""Whatever is asked for and whatever payments say: never more goes back than was paid.

The payment side of this test pays a refund at most once under its key, as every payment side has
to, but says what it likes: late, twice, that it failed, that it was sent after all.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from oncedesk.domain.orders.messages import Item, OrderedPart, Payment
from oncedesk.domain.remedies.messages.asking import RequestRemedy, Wish
from oncedesk.domain.remedies.messages.refunding import (
    ConfirmRefund,
    FailRefund,
    NameRoute,
    OutsideKind,
    RecordOutside,
    RefundFailure,
    RefundRequested,
    RefundSent,
)
from oncedesk.domain.remedies.words import RemedyKind, WantedLine
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.ledger import Account
from oncedesk.domain.shared.remedy_rules import Bundles, ReasonRule, ShippingBack
from tests.specs.remedies.shop import AT_ONCE, BY_CONSUMER, LISTING, MERCHANT, WHO, Shop

KINDS = (RemedyKind.CANCEL, RemedyKind.REFUND)
ITEMS = st.tuples(st.integers(1, 500), st.integers(1, 4), st.integers(0, 40), st.integers(0, 2))
STEPS = st.one_of(
    st.tuples(
        st.just("ask"),
        st.sampled_from(KINDS),
        st.lists(st.tuples(st.integers(1, 3), st.integers(1, 4)), max_size=3),
        st.none() | st.integers(1, 800),
    ),
    st.tuples(
        st.sampled_from(("send", "say_failed", "say_sent", "name")),
        st.integers(0, 9),
        st.just(()),
        st.none(),
    ),
    st.tuples(st.just("chargeback"), st.integers(0, 9), st.just(()), st.integers(1, 2_000)),
    st.tuples(st.just("wait"), st.just(0), st.just(()), st.none()),
)


class Payments:
    """Pays each refund at most once, and answers whatever the test wants it to."""

    def __init__(self) -> None:
        self.asked: dict[tuple[int, int], RefundRequested] = {}
        self.paid: dict[tuple[int, int], int] = {}
        self.failed: set[tuple[int, int]] = set()

    def hear(self, events: Sequence[Any]) -> None:
        for event in events:
            if isinstance(event, RefundRequested):
                self.asked[event.remedy, event.leg.number] = event

    def pay(self, key: tuple[int, int]) -> None:
        """Sent now, unless it was before, or was given up for good."""
        if key not in self.failed:
            self.paid[key] = self.asked[key].leg.amount_minor


def play(shop: Shop, payments: Payments, step: Any, number: int, paid: int) -> None:
    what, which, lines, amount = step
    keys = sorted(payments.asked)
    key = keys[which % len(keys)] if keys and what != "ask" else None
    if what == "ask":
        wanted = tuple(WantedLine(1, item, quantity) for item, quantity in dict(lines).items())
        wish = Wish(kind=which, reason="x", lines=wanted, amount_minor=amount)
        shop.when(RequestRemedy(**WHO, wish=wish), by=BY_CONSUMER)
    elif what == "chargeback":
        told: Any = {"id": UUID(int=number), "kind": OutsideKind.CHARGEBACK, "currency": "CNY"}
        shop.when(RecordOutside(**WHO, **told, amount_minor=amount), by=MARKETPLACE)
    elif what == "wait" and shop.state is not None and shop.decider.deadline(shop.state):
        shop.wake_when_due()
    elif what == "name" and key is not None:
        shop.when(NameRoute(**WHO, remedy=key[0], method="bank"), by=BY_CONSUMER)
    elif key is not None:
        answer(shop, payments, key, what)
    if not hasattr(shop.answer, "code"):
        payments.hear(shop.answer)
        if any(isinstance(event, RefundRequested) and not event.again for event in shop.answer):
            outside = sum(one.amount_minor for one in shop.state.outside)
            assert sum(shop.state.refunded) + outside <= paid, "sent beside what was taken back"


def answer(shop: Shop, payments: Payments, key: tuple[int, int], what: str) -> None:
    remedy, leg = key
    if what == "send":
        payments.pay(key)
    paid_minor = payments.paid.get(key)
    # Once it may say the wrong thing; asked whether it is certain, it looks.
    looks = bool(payments.asked[key].leg.route)
    told: Any
    if paid_minor is None or (what == "say_failed" and not looks):
        if paid_minor is None:
            payments.failed.add(key)
        told = FailRefund(**WHO, remedy=remedy, leg=leg, reason=RefundFailure.DECLINED)
    else:
        told = ConfirmRefund(
            **WHO,
            remedy=remedy,
            leg=leg,
            amount_minor=paid_minor,
            currency="CNY",
            sent_at=shop.now,
        )
    shop.when(told, by=MARKETPLACE)


@settings(max_examples=150)
@given(
    items=st.lists(ITEMS, min_size=1, max_size=3),
    shipping=st.integers(0, 30),
    cuts=st.lists(st.integers(1, 400), max_size=2),
    coupon=st.integers(0, 60),
    back=st.sampled_from(ShippingBack),
    bundles=st.sampled_from(Bundles),
    steps=st.lists(STEPS, max_size=25),
)
@example(
    items=[(100, 1, 0, 0)],
    shipping=0,
    cuts=[],
    coupon=0,
    back=ShippingBack.NEVER,
    bundles=Bundles.SHARE,
    steps=[
        ("ask", RemedyKind.CANCEL, (), None),
        ("say_failed", 0, (), None),
        ("chargeback", 0, (), 100),
        ("name", 0, (), None),
        ("say_failed", 0, (), None),
    ],
)
def test_never_more_goes_back_than_was_paid(
    items: list[tuple[int, int, int, int]],
    shipping: int,
    cuts: list[int],
    coupon: int,
    back: ShippingBack,
    bundles: Bundles,
    steps: list[Any],
) -> None:
    bought = tuple(
        Item(LISTING, price, quantity, discount_minor=min(discount, price), bundle=bundle)
        for price, quantity, discount, bundle in items
    )
    whole = sum(one.unit_price_minor * one.quantity - one.discount_minor for one in bought)
    left = max(whole + shipping - coupon, 1)
    payments = []
    for cut in cuts:
        part = min(cut, left - 1)
        payments += [Payment("wallet", part)] if part > 0 else []
        left -= part
    payments.append(Payment("card", left))
    paid = sum(one.amount_minor for one in payments)
    rules = [replace(AT_ONCE, kind=kind.value, stage="*", shipping=back) for kind in KINDS]
    reason = ReasonRule("test/reason", "x", "merchant", bundles)
    shop = Shop(*rules, reasons={reason.reason: reason}).placed(
        OrderedPart(merchant=MERCHANT, items=bought, shipping_minor=shipping),
        payments=tuple(payments),
    )
    side = Payments()
    for number, step in enumerate(steps):
        play(shop, side, step, number, paid)
        if shop.state is None:
            continue
        assert sum(shop.state.refunded) <= paid
        sent = sum(side.paid.values())
        assert sent <= paid
        assert all(
            sum(entry.minor for entry in transfer.entries) == 0
            for event in shop.journal
            for transfer in event.transfers
        )
        assert got(shop) <= paid
    assert shop.replayed() == shop.state


def got(shop: Shop) -> int:
    """What the consumer got of us, by what was posted."""
    return sum(
        entry.minor
        for event in shop.journal
        if isinstance(event, RefundSent)
        for transfer in event.transfers
        if transfer.phase == "posted"
        for entry in transfer.entries
        if entry.account is Account.CONSUMER and entry.minor > 0
    )
