"""Goods arrive or are missed while an early refund waits for accounts or a budget."""

from typing import Any
from uuid import UUID

from oncedesk.domain.remedies.messages.asking import RemedyRefused
from oncedesk.domain.remedies.messages.funding import (
    ApplyCharge,
    ApplyFunding,
    ChargeApplied,
    ChargeWanted,
    FundingWanted,
    RecordPayout,
)
from oncedesk.domain.remedies.messages.refunding import RefundRequested
from oncedesk.domain.remedies.messages.returning import GoodsDue, RefusedLine
from oncedesk.domain.remedies.words import Payer, Source
from oncedesk.domain.shared.decider import MARKETPLACE, Refusal
from oncedesk.domain.shared.ledger import Account
from tests.specs.remedies.goods import Goods
from tests.specs.remedies.shop import MERCHANT, WHO
from tests.specs.remedies.test_waiting_for_budget import funds, limited

PAYOUT = RecordPayout(**WHO, id=UUID(int=5), part=1, currency="CNY", merchant_minor=20_000)


def gives(goods: Any, minor: int) -> Any:
    source = Source(Account.MERCHANT_PAYABLE, MERCHANT, minor, Payer.MERCHANT, MERCHANT)
    command = ApplyCharge(**WHO, remedy=1, payer=Payer.MERCHANT, party=MERCHANT, sources=(source,))
    return goods.when(command)


def paid_by_scan() -> Any:
    """Paid out; money leaves at the scan; the carrier's first word is that it has arrived."""
    goods = Goods(speed="at_scan")
    goods.when(PAYOUT, by=MARKETPLACE)
    goods.granted().label().scan("delivered")
    assert goods.events(ChargeWanted)
    gives(goods, 20_000).then_only(ChargeApplied, RefundRequested)
    return goods.paid_out()


def test_what_was_paid_at_the_scan_is_inspected_in_part_without_harm() -> None:
    paid_by_scan().inspected(RefusedLine(1, 1, 1, "worn"))


def test_nobody_has_the_money_and_the_goods() -> None:
    goods = paid_by_scan()
    goods.inspected(RefusedLine(1, 1, 2, "worn"))
    goods.wake_when_due()
    assert not goods.events(GoodsDue), "the goods go back to who has the money"


def test_what_was_refused_meanwhile_is_not_paid() -> None:
    goods = limited(Goods(speed="at_scan")).granted().label().scan("in_transit")
    funds(goods, granted=False)
    goods.scan("delivered")
    goods.wake_when_due()
    minor = goods.event(FundingWanted).amount_minor
    goods.inspected(RefusedLine(1, 1, 2, "worn"))
    refused = not isinstance(goods.answer, Refusal) and bool(goods.events(RemedyRefused))
    goods.when(ApplyFunding(**WHO, remedy=1, budget="assurance", amount_minor=minor, granted=True))
    assert not (refused and goods.events(RefundRequested))


def test_what_an_account_set_aside_is_free_again_when_the_return_is_missed() -> None:
    goods = limited(Goods(speed="instant"), payer="merchant")
    goods.when(PAYOUT, by=MARKETPLACE)
    goods.granted()
    gives(goods, 3_000)
    for _ in range(300):
        if not goods.state.live:
            break
        if goods.events(FundingWanted):
            funds(goods, granted=False)
        goods.wake_when_due()
    released = [one for event in goods.journal for one in getattr(event, "released", ())]
    assert goods.state.live or sum(one.minor for one in released) == 3_000
