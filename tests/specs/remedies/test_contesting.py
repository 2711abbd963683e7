"""A merchant contests money that left before anybody looked at the goods."""

from typing import Any
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.remedies.messages.asking import ClockWarned
from oncedesk.domain.remedies.messages.authorising import (
    ApplyAuthority,
    ApproveGrant,
    AuthorityAsked,
    AuthorityUnused,
    SecondPersonAsked,
    Upheld,
)
from oncedesk.domain.remedies.messages.contesting import (
    ContestDecided,
    ContestLapsed,
    ContestRefund,
    DecideContest,
    RefundContested,
)
from oncedesk.domain.remedies.messages.refunding import RemedyClosed, RemedySettled
from oncedesk.domain.remedies.messages.returning import (
    InspectReturn,
    ParcelScanned,
    RefusedLine,
    ReturnInspected,
    ReturnMissed,
    ReturnReceived,
)
from oncedesk.domain.remedies.words import ClockKind, DecidedBy, RemedyKind, Status
from oncedesk.domain.shared.ledger import Account
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.domain.shared.remedy_rules import SendsOut, Undecided
from tests.specs.remedies.goods import PROOF, RULE, Goods, travels
from tests.specs.remedies.shop import CONSUMER, MERCHANT, WHO
from tests.specs.remedies.test_authorising import ANNA, BEN, by
from tests.specs.remedies.test_authorising import agent as at_platform
from tests.support.specs import after


def paid_early(**more: object) -> Goods:
    goods = Goods(speed="instant", **more).granted()  # type: ignore[arg-type]
    return goods.paid_out()


def test_upheld_the_fund_pays_and_the_debt_is_visible_and_taken_by_nobody() -> None:
    goods = paid_early().scan("delivered")
    goods.contest().then_only(RefundContested)
    assert goods.event(RefundContested).clock.due_at == after(days=7)
    decided = goods.decided(upheld=True).event(ContestDecided)
    assert (decided.fund_minor, decided.debt_minor, decided.by) == (
        20_000,
        20_000,
        DecidedBy.PLATFORM,
    )
    assert goods.state.owed_minor == 20_000
    assert goods.books() == {
        (Account.ASSURANCE_FUND, None): -20_000,
        (Account.ESCROW, MERCHANT): 20_000,
        (Account.RECEIVABLE, CONSUMER): -20_000,
        (Account.CONSUMER, CONSUMER): 20_000,
    }
    goods.contest().then_refused("contested_before")
    goods.wake_when_due().then_only(RemedyClosed)
    assert goods.state.owed_minor == 20_000


def test_rejected_nothing_moves() -> None:
    goods = paid_early().scan("delivered").contest()
    decided = goods.decided(upheld=False).event(ContestDecided)
    assert (decided.fund_minor, decided.transfers) == (0, ())
    assert goods.books() == {}
    goods.decided(upheld=True).then_refused("contest_not_open")


def test_undecided_in_time_the_fund_pays_and_nobody_owes() -> None:
    goods = paid_early().scan("delivered").contest()
    goods.wake_when_due().then_only(ClockWarned)
    decided = goods.wake_when_due().event(ContestDecided)
    assert (decided.fund_minor, decided.debt_minor, decided.by) == (20_000, 0, DecidedBy.RULE)
    assert goods.state.owed_minor == 0


def test_undecided_in_time_can_also_be_a_no() -> None:
    goods = paid_early(journey=replace(RULE, undecided=Undecided.REJECT))
    goods.scan("delivered").contest()
    goods.wake_when_due()
    assert goods.wake_when_due().event(ContestDecided).fund_minor == 0


def test_the_window_closes() -> None:
    goods = paid_early().scan("delivered")
    goods.then_only(ParcelScanned, ReturnReceived, RemedySettled)
    goods.wake(after(days=7)).then_only(ContestLapsed, RemedyClosed)
    goods.contest().then_refused("remedy_unknown")


def test_money_for_goods_that_were_never_sent_is_contested_like_any_other() -> None:
    goods = paid_early()
    goods.wake(after(days=6))
    goods.wake(after(days=8))
    assert goods.event(ReturnMissed).given
    assert goods.status() is Status.SETTLED
    assert goods.one.clock(ClockKind.CONTEST) is not None
    goods.contest().decided(upheld=True)
    assert goods.state.owed_minor == 20_000


def test_refuses_without_evidence_and_where_the_goods_were_inspected() -> None:
    paid_early().contest(evidence=()).then_refused("evidence_missing")
    goods = Goods().granted().scan("delivered").inspected()
    goods.contest().then_refused("nothing_to_contest")
    Goods().granted().contest().then_refused("nothing_to_contest")
    goods.decided(upheld=True).then_refused("contest_not_open")


def upholds(goods: Goods, *, agent: UUID = ANNA, by_id: UUID = ANNA, upheld: bool = True) -> Goods:
    decision = DecideContest(**WHO, remedy=1, upheld=upheld, reason="seen_both", agent=agent)
    goods.when(decision, by=by(by_id))
    return goods


def told(goods: Goods, agent: UUID, limit: str = "") -> Goods:
    """The agent's own state has answered for the 200 yuan."""
    goods.when(
        ApplyAuthority(
            **WHO,
            remedy=1,
            agent=agent,
            rule="test/agent",
            limit=limit,
            amount_minor=20_000,
            spent_at=goods.now,
            counted_at=goods.now,
        )
    )
    return goods


def contested() -> Goods:
    goods = paid_early().scan("delivered").contest()
    for one in (ANNA, BEN):
        at_platform(goods, one)
    return goods


def test_what_the_fund_would_pay_is_asked_of_the_agents_authority_first() -> None:
    goods = upholds(contested()).then_only(AuthorityAsked)
    asked = goods.event(AuthorityAsked)
    assert (asked.desk, asked.amount_minor, asked.upheld) == (
        PLATFORM,
        20_000,
        Upheld("seen_both", 20_000),
    )
    decided = told(goods, ANNA).then_only(ContestDecided).event(ContestDecided)
    assert (decided.upheld, decided.agent, decided.debt_minor) == (True, ANNA, 20_000)
    assert goods.one.approval is None
    told(goods, ANNA).then_only(AuthorityUnused)


def test_above_it_somebody_else_of_the_platform_stands_by_the_contest() -> None:
    goods = upholds(contested())
    told(goods, ANNA, "case").then_only(SecondPersonAsked)
    goods.when(ApproveGrant(**WHO, remedy=1, agent=ANNA), by=by(ANNA)).then_refused(
        "second_person_same"
    )
    stranger = by(UUID(int=1))
    goods.when(ApproveGrant(**WHO, remedy=1, agent=UUID(int=1)), by=stranger)
    goods.then_refused("not_allowed")
    goods.when(ApproveGrant(**WHO, remedy=1, agent=BEN), by=by(BEN)).then_only(AuthorityAsked)
    decided = told(goods, BEN).event(ContestDecided)
    assert (decided.upheld, decided.agent) == (True, ANNA)


def test_a_contest_that_nobody_stands_by_is_decided_by_its_clock() -> None:
    goods = upholds(contested())
    told(goods, ANNA, "day")
    goods.wake(after(days=7))
    (decided,) = goods.events(ContestDecided)
    assert (decided.by, decided.debt_minor) == (DecidedBy.RULE, 0)
    assert goods.one.approval is None
    told(goods, ANNA).then_only(AuthorityUnused)


def test_a_no_gives_nothing_and_nobody_decides_for_themselves() -> None:
    goods = contested()
    upholds(goods, by_id=UUID(int=1)).then_refused("not_allowed")
    known: Any = goods.world[ANNA]
    goods.world[ANNA] = replace(known, linked=(CONSUMER,))
    upholds(goods).then_refused("not_allowed")
    goods.world[ANNA] = known
    upholds(goods, upheld=False).then_only(ContestDecided)


def test_whoever_contested_it_does_not_decide_that() -> None:
    goods = paid_early().scan("delivered")
    for one in (ANNA, BEN):
        at_platform(goods, one)
    said = ContestRefund(**WHO, remedy=1, reason="empty_box", evidence=PROOF, agent=ANNA)
    goods.when(said, by=by(ANNA)).then_only(RefundContested)
    upholds(goods).then_refused("decided_before")
    upholds(goods, agent=BEN, by_id=BEN).then_only(AuthorityAsked)
    told(goods, BEN, "case").then_only(SecondPersonAsked)
    goods.when(ApproveGrant(**WHO, remedy=1, agent=ANNA), by=by(ANNA)).then_refused(
        "decided_before"
    )
    assert goods.replayed() == goods.state


def test_nor_does_whoever_found_in_the_merchants_place_what_is_contested_by_that() -> None:
    goods = Goods(travels("exchange", sends=SendsOut.AT_SCAN)).granted(RemedyKind.EXCHANGE)
    goods.scan("collected").out().scan("delivered")
    for one in (ANNA, BEN):
        at_platform(goods, one)
    worn = RefusedLine(1, 1, 2, "worn")
    found = InspectReturn(**WHO, remedy=1, refused=(worn,), evidence=PROOF, agent=ANNA)
    goods.when(found, by=by(ANNA)).then_only(ReturnInspected, RefundContested)
    upholds(goods).then_refused("decided_before")
    upholds(goods, upheld=False).then_refused("decided_before")
    upholds(goods, agent=BEN, by_id=BEN, upheld=False).then_only(ContestDecided)


def test_money_that_was_not_sent_yet_cannot_be_contested() -> None:
    goods = Goods(speed="instant").granted().scan("delivered")
    goods.contest().then_refused("refund_not_sent")
    goods.paid_out().contest().then_only(RefundContested)
