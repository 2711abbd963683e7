"""A merchant contests money that left before anybody looked at the goods."""

from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.agents.messages import DeskRole
from oncedesk.domain.agents.state import AgentState, Membership
from oncedesk.domain.remedies.messages.asking import ClockWarned
from oncedesk.domain.remedies.messages.contesting import (
    ContestDecided,
    ContestLapsed,
    DecideContest,
    RefundContested,
)
from oncedesk.domain.remedies.messages.refunding import RemedyClosed, RemedySettled
from oncedesk.domain.remedies.messages.returning import ParcelScanned, ReturnMissed, ReturnReceived
from oncedesk.domain.remedies.words import ClockKind, DecidedBy, Status
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.ledger import Account
from oncedesk.domain.shared.refs import PLATFORM, agent_ref
from oncedesk.domain.shared.remedy_rules import Undecided
from tests.specs.remedies.goods import RULE, Goods
from tests.specs.remedies.shop import CONSUMER, MERCHANT, WHO
from tests.support.specs import START, after


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


def test_an_agent_decides_within_their_authority_and_never_for_themselves() -> None:
    goods = paid_early().scan("delivered").contest()
    agent = UUID(int=0xA6)
    joined = Membership(PLATFORM, DeskRole.AGENT, START)
    goods.world[agent_ref(agent).id] = AgentState(
        agent=agent, digest=b"", length=0, memberships=(joined,)
    )
    decision = DecideContest(**WHO, remedy=1, upheld=True, reason="seen_both", agent=agent)
    goods.when(decision, by=Actor(role=Role.AGENT, id=agent)).then_refused("authority_exceeded")
    goods.when(decision, by=Actor(role=Role.AGENT, id=UUID(int=1))).then_refused("not_allowed")
    no = DecideContest(**WHO, remedy=1, upheld=False, reason="seen_both", agent=agent)
    goods.when(no, by=Actor(role=Role.AGENT, id=agent)).then_only(ContestDecided)


def test_money_that_was_not_sent_yet_cannot_be_contested() -> None:
    goods = Goods(speed="instant").granted().scan("delivered")
    goods.contest().then_refused("refund_not_sent")
    goods.paid_out().contest().then_only(RefundContested)
