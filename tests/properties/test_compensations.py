"""Breaches, corrections and confirmations in any order: never above the cap, never twice for a
breach, and the books always balance."""

from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from oncedesk.domain.orders.messages import Item, OrderedPart, Payment
from oncedesk.domain.remedies.messages.promising import CompensationVoided
from oncedesk.domain.remedies.messages.refunding import (
    FailRefund,
    RefundFailure,
    RefundSent,
)
from oncedesk.domain.remedies.words import LegStatus
from oncedesk.domain.shared.decider import MARKETPLACE, Refusal
from oncedesk.domain.shared.ledger import Account, Phase
from tests.specs.remedies.promises import (
    LATE,
    SILENT,
    TOO_LATE,
    at_most,
    breaks,
    confirms,
    shop_with,
    takes_back,
)
from tests.specs.remedies.shop import LISTING, MERCHANT, WHO, Shop

OTHER = UUID(int=0x3F)
PART_CAP_MINOR, ORDER_CAP_MINOR = 1_300, 2_100
BREACHES = ("late_shipping", "late_delivery", "no_movement")

steps = st.lists(
    st.tuples(
        st.sampled_from(("break", "correct", "confirm", "fail", "time")),
        st.sampled_from(BREACHES),
        st.integers(1, 2),
        st.integers(0, 2),
    ),
    max_size=30,
)


def two_parts() -> Shop:
    caps = (
        at_most("part", 1, minimum_minor=PART_CAP_MINOR),
        at_most("order", 1, minimum_minor=ORDER_CAP_MINOR),
    )
    return shop_with(LATE, TOO_LATE, SILENT, caps=caps).placed(
        OrderedPart(merchant=MERCHANT, items=(Item(LISTING, 10_000),)),
        OrderedPart(merchant=OTHER, items=(Item(LISTING, 9_999),)),
        payments=(Payment("card", 19_999),),
    )


def do(shop: Shop, what: str, breach: str, part: int, which: int) -> None:
    """One thing that happens; which of a part's breaches of this kind it is about varies."""
    promise = 100 * part + 10 * BREACHES.index(breach) + which
    match what:
        case "break":
            breaks(shop, breach, promise=promise, part=part)
        case "correct":
            takes_back(shop, breach, promise=promise)
        case "confirm" | "fail":
            for remedy in () if shop.state is None else shop.state.live:
                asked = any(leg.status is LegStatus.REQUESTED for leg in remedy.legs)
                if asked and what == "confirm":
                    confirms(shop, amount_minor=remedy.amount_minor, remedy=remedy.number)
                elif asked:
                    command = FailRefund(
                        **WHO, remedy=remedy.number, leg=1, reason=RefundFailure.DECLINED
                    )
                    shop.when(command, by=MARKETPLACE)
                    return
        case _:
            if shop.state is not None and shop.decider.deadline(shop.state) is not None:
                shop.wake_when_due()


@given(steps)
def test_no_order_of_events_gives_too_much_or_twice(taken: list[tuple[str, str, int, int]]) -> None:
    shop = two_parts()
    for what, breach, part, which in taken:
        do(shop, what, breach, part, which)
        if isinstance(shop.answer, Refusal):
            assert shop.answer.code == "remedies_too_many"
        if shop.state is None:
            continue
        given_now = shop.state.compensated
        assert sum(one.amount_minor for one in given_now) <= ORDER_CAP_MINOR
        for number in (1, 2):
            of_part = [one for one in given_now if one.part == number]
            assert sum(one.amount_minor for one in of_part) <= PART_CAP_MINOR
            once = [one.breach for one in of_part if one.breach != "no_movement"]
            assert len(once) == len(set(once))
    books_are_right(shop)
    assert shop.replayed() == shop.state


def books_are_right(shop: Shop) -> None:
    """Every transfer balances, the consumer has what was sent, and each bearer's balance is what
    they bear now."""
    posted: dict[Any, int] = {}
    sent_minor = 0
    for event in shop.journal:
        sent_minor += event.amount_minor if isinstance(event, RefundSent) else 0
        for transfer in event.transfers:
            assert sum(entry.minor for entry in transfer.entries) == 0
            if transfer.phase is Phase.POSTED:
                for entry in transfer.entries:
                    key = (entry.account, entry.party)
                    posted[key] = posted.get(key, 0) + entry.minor
        if isinstance(event, CompensationVoided):
            assert not event.transfers
    assert sum(posted.values()) == 0
    if shop.state is None:
        return
    assert posted.get((Account.CONSUMER, WHO["consumer"]), 0) == sent_minor - 19_999
    waiting = {
        leg.transfer
        for remedy in shop.state.live
        for leg in remedy.legs
        if leg.status is LegStatus.REQUESTED
    }
    assert {one.number for one in shop.state.pending} == waiting
    unsent = {
        remedy.number
        for remedy in shop.state.live
        if not any(leg.status is LegStatus.SENT for leg in remedy.legs)
    }
    borne = sum(
        share.minor
        for one in shop.state.compensated
        if one.remedy not in unsent
        for share in one.shares
        if share.payer == "platform"
    )
    assert -posted.get((Account.ASSURANCE_FUND, None), 0) == borne
