"""Turned for the merchant before its money has left: the merchant does not bear it all the same."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.accounts.messages import Pocket
from oncedesk.domain.budgets.messages import SetBudget
from oncedesk.domain.remedies.messages.asking import (
    RefuseRemedy,
    RemedyApproved,
    RequestRemedy,
    Wish,
)
from oncedesk.domain.remedies.messages.contesting import (
    ContestDecided,
    ContestLapsed,
    ContestRefund,
    DecideContest,
    RefundContested,
)
from oncedesk.domain.remedies.messages.disputing import (
    DecideDispute,
    DecisionAsked,
    DecisionReversed,
    DisputeDecided,
    LiableShare,
    ObjectionMade,
    ObjectToDecision,
    OpenDispute,
    Outcome,
    Side,
    SubmitEvidence,
)
from oncedesk.domain.remedies.messages.funding import FundingApplied, FundingWanted
from oncedesk.domain.remedies.messages.refunding import (
    ClosingPutOff,
    ConfirmRefund,
    FailRefund,
    NameRoute,
    OutsideKind,
    RecordOutside,
    RefundFailure,
    RefundRequested,
    RefundSent,
    RemedySettled,
)
from oncedesk.domain.remedies.messages.returning import JourneyBegun, RecordReturnTracking
from oncedesk.domain.remedies.words import ClockKind, Payer, RemedyKind, Share, WantedLine
from oncedesk.domain.shared.decider import MARKETPLACE, SYSTEM, Actor, Role
from oncedesk.domain.shared.ledger import Account
from oncedesk.domain.shared.remedy_rules import GrantedBy, RemedyRule, remedy_key
from oncedesk.rules.library import PackLibrary
from tests.specs.remedies import test_disputing as disputes
from tests.specs.remedies.goods import BACK, Goods
from tests.specs.remedies.money import CONSUMER, CREATOR, ORDER, Money, money_pack
from tests.specs.remedies.shop import BY_CONSUMER, MERCHANT, WHO
from tests.specs.remedies.test_authorising import BEN
from tests.specs.remedies.test_compensating import balances
from tests.specs.remedies.test_routes import confirm
from tests.specs.remedies.test_waiting_for_budget import funds, limited
from tests.support.specs import START, after

DEAD: Any = {"leg": 1, "reason": RefundFailure.ROUTE_DEAD}


def turned(made: Any) -> Any:
    objection = ObjectToDecision(**WHO, remedy=1, side=Side.MERCHANT, reason="swapped")
    made.when(objection, by=MARKETPLACE)
    disputes.decide(made, Outcome.REFUSED, BEN)
    return made.then_only(DisputeDecided, DecisionReversed)


def granted() -> Any:
    made = disputes.before_platform()
    disputes.decides_alone(made, Outcome.GRANTED)
    return made


def test_what_had_failed_when_it_was_turned_is_not_taken_from_the_merchant() -> None:
    made = granted()
    dead = FailRefund(**WHO, remedy=1, **DEAD)
    made.when(dead, by=MARKETPLACE)
    turned(made)
    made.when(NameRoute(**WHO, remedy=1, method="bank"), by=BY_CONSUMER)
    made.when(dead, by=MARKETPLACE)
    told = ConfirmRefund(
        **WHO, remedy=1, leg=2, amount_minor=10_000, currency="CNY", sent_at=made.now
    )
    made.when(told, by=MARKETPLACE).then_only(RefundSent, RemedySettled)
    assert balances(made).get((Account.ESCROW, MERCHANT)) == 10_000


def test_who_was_given_back_what_never_left_does_not_gain_by_it() -> None:
    made = turned(granted())
    told = RecordOutside(
        **WHO,
        id=UUID(int=1),
        kind=OutsideKind.CHARGEBACK,
        amount_minor=10_000,
        currency="CNY",
        payment=1,
    )
    made.when(told, by=MARKETPLACE)
    made.when(FailRefund(**WHO, remedy=1, **DEAD), by=MARKETPLACE)
    assert balances(made).get((Account.ESCROW, MERCHANT)) == 10_000


def decided_twice(
    money: Money, *shares: LiableShare, outcome: Outcome = Outcome.REFUSED, is_sent: bool = False
) -> Money:
    """Paid out, refused, disputed, granted, objected to by the merchant, and turned."""
    who: Any = {"consumer": CONSUMER, "order": ORDER, "remedy": 1}
    by_consumer = Actor(Role.CONSUMER, CONSUMER)
    wish = Wish(kind=RemedyKind.REFUND, reason="broken", lines=(WantedLine(1, 1, 1),))
    decision = DecideDispute(**who, outcome=Outcome.GRANTED, reason="seen", basis="photo")
    for command, actor in (
        (RequestRemedy(consumer=CONSUMER, order=ORDER, wish=wish), by_consumer),
        (RefuseRemedy(**who, reason="no", facts=("works",)), MARKETPLACE),
        (OpenDispute(**who, reason="it_is"), by_consumer),
        (SubmitEvidence(**who, digests=(bytes(16),), side=Side.MERCHANT), MARKETPLACE),
        (decision, MARKETPLACE),
        (ObjectToDecision(**who, side=Side.MERCHANT, reason="swapped"), MARKETPLACE),
        (replace(decision, outcome=outcome, shares=shares), MARKETPLACE),
    ):
        if is_sent and isinstance(command, ObjectToDecision):
            money.payments_send()
        answer = money.gives(command, by=actor)
        assert answer.accepted, answer
    return money


def paid_out_but(told_minor: int, *, fund_minor: int) -> Money:
    """A merchant that is asked before anything is granted, and has so much left."""
    pack = money_pack(fund_minor=fund_minor)
    rule = RemedyRule(
        id="test/asked", kind="refund", reason="broken", stage="*", granted_by=GrantedBy.MERCHANT
    )
    key = remedy_key(kind="refund", reason="broken", stage="*")
    rules = {**pack.remedies.rules, key: rule}
    money = Money(replace(pack, remedies=replace(pack.remedies, rules=rules))).ordered()
    money.pays_out(20_000)
    money.tells(told_minor)
    return money


def test_who_was_right_does_not_owe_an_advance_that_was_on_its_way() -> None:
    money = decided_twice(paid_out_but(3_000, fund_minor=1_000_000))
    money.payments_send()
    assert money.account().owed_minor == 0
    (settled,) = money.of(RemedySettled)
    given_back = [one.account for one in settled.released]
    assert Account.ASSURANCE_FUND not in given_back, "what was sent is not back in the budget"
    assert money.account().of(Pocket.BALANCE).charged_minor == 0


def test_what_was_set_aside_for_what_waits_is_free_again() -> None:
    money = decided_twice(paid_out_but(3_000, fund_minor=5_000))
    assert money.account().of(Pocket.BALANCE).charged_minor == 0
    assert money.payments_send() == 0
    more = SetBudget(name="assurance", market="cn", currency="CNY", amount_minor=12_000)
    assert money.gives(more, by=SYSTEM).accepted
    money.passes(timedelta(hours=1))
    assert money.payments_send() == 1
    assert money.stands(Account.ASSURANCE_FUND) == -10_000
    assert money.account().owed_minor == 0
    money.check()


def test_what_has_failed_is_contested_once_it_was_sent() -> None:
    goods = Goods(speed="instant").granted().label()
    goods.does(FailRefund, **DEAD)
    goods.scan("delivered").contest().then_refused("refund_not_sent")


def test_the_window_does_not_close_on_what_was_not_sent_yet() -> None:
    goods = Goods(speed="instant").granted().label()
    goods.does(FailRefund, **DEAD)
    goods.scan("delivered").wake(after(days=8))
    assert goods.events(ContestLapsed) == []
    (still_open,) = (
        one.clock for one in goods.events(ClosingPutOff) if one.clock.kind is ClockKind.CONTEST
    )
    assert still_open.due_at > goods.now
    goods.does(ConfirmRefund, leg=1, amount_minor=20_000, currency="CNY", sent_at=goods.now)
    goods.contest().then_only(RefundContested)


def test_what_waits_for_a_budget_when_it_is_turned_is_not_taken_from_the_merchant() -> None:
    made = limited(disputes.before_platform())
    shares = (LiableShare("merchant", 50), LiableShare("platform", 50))
    disputes.decides_alone(made, Outcome.GRANTED, shares=shares)
    funds(made, granted=False)
    objection = ObjectToDecision(**WHO, remedy=1, side=Side.MERCHANT, reason="swapped")
    made.when(objection, by=MARKETPLACE)
    disputes.decide(made, Outcome.REFUSED, BEN)
    made.then_only(DisputeDecided, DecisionReversed, FundingWanted)
    assert made.event(FundingWanted).amount_minor == 10_000
    funds(made, granted=True).then_only(FundingApplied, RefundRequested)
    confirm(made)
    assert balances(made)[Account.ESCROW, MERCHANT] == 10_000
    assert made.replayed() == made.state


OBJECTION = ObjectToDecision(**WHO, remedy=1, side=Side.MERCHANT, reason="swapped")
CONTEST = ContestRefund(**WHO, remedy=1, reason="empty_box", evidence=(b"seen",))
DECISION = DecideDispute(**WHO, remedy=1, outcome=Outcome.REFUSED, reason="seen", basis="photo 2")


def returned_after_the_money() -> Any:
    """Won by the consumer, who was paid at once; the merchant has the goods, and 14 days to object
    as in the EU."""
    made = disputes.disputed(kind=RemedyKind.RETURN_AND_REFUND, speed="instant")
    dispute = replace(made.pack.remedies.dispute, objection_days=14)
    made.pack = replace(made.pack, remedies=replace(made.pack.remedies, dispute=dispute))
    made.packs = PackLibrary.always([made.pack]).at(START)
    made.wake_when_due().then_only(DisputeDecided, RemedyApproved, JourneyBegun, RefundRequested)
    confirm(made)
    delivered = RecordReturnTracking(
        **WHO, remedy=1, shipment=BACK, code="delivered", happened_at=made.now
    )
    return made.when(delivered, by=MARKETPLACE)


def test_who_was_made_good_in_the_dispute_is_not_made_good_again_by_a_contest() -> None:
    made = returned_after_the_money()
    made.when(OBJECTION, by=MARKETPLACE)
    made.when(DECISION, by=MARKETPLACE).then_only(DisputeDecided, DecisionReversed)
    before = balances(made)
    made.when(CONTEST, by=MARKETPLACE).then_refused("nothing_to_contest")
    assert balances(made) == before
    assert balances(made)[Account.ASSURANCE_FUND, None] == -10_000


@pytest.mark.parametrize("objected_first", [True, False])
def test_who_was_made_good_by_a_contest_is_not_made_good_again_in_the_dispute(
    objected_first: bool,
) -> None:
    made = returned_after_the_money()
    upheld = DecideContest(**WHO, remedy=1, upheld=True, reason="empty")
    commands = [CONTEST, upheld]
    commands.insert(0 if objected_first else len(commands), OBJECTION)
    for command in commands:
        made.when(command, by=MARKETPLACE)
    before = balances(made)
    made.when(DECISION, by=MARKETPLACE).then_only(DisputeDecided)
    assert balances(made) == before
    assert balances(made)[Account.ASSURANCE_FUND, None] == -10_000


def test_nor_is_who_was_made_good_since_nobody_decided_the_contest() -> None:
    made = returned_after_the_money()
    made.when(CONTEST, by=MARKETPLACE)
    while made.state.live[0].clock(ClockKind.CONTEST):
        made.wake_when_due()
    assert made.event(ContestDecided).upheld
    made.when(OBJECTION, by=MARKETPLACE).then_only(ObjectionMade, DecisionAsked)
    made.when(DECISION, by=MARKETPLACE).then_only(DisputeDecided)
    assert balances(made)[Account.ASSURANCE_FUND, None] == -10_000


@pytest.mark.parametrize("was_sent", [True, False])
def test_who_is_not_liable_after_all_has_it_back_from_the_platform(was_sent: bool) -> None:
    made = granted()
    if was_sent:
        confirm(made)
    objection = ObjectToDecision(**WHO, remedy=1, side=Side.MERCHANT, reason="carrier")
    made.when(objection, by=MARKETPLACE)
    shares = (LiableShare("merchant", 30), LiableShare("platform", 70))
    disputes.decide(made, Outcome.GRANTED, BEN, shares=shares)
    made.then_only(DisputeDecided, DecisionReversed)
    assert made.event(DecisionReversed).amount_minor == 7_000
    if not was_sent:
        confirm(made)
    assert balances(made)[Account.ESCROW, MERCHANT] == 7_000
    assert balances(made)[Account.ASSURANCE_FUND, None] == -7_000
    (remedy,) = made.state.live
    assert [(one.payer, one.minor) for one in remedy.shares] == [
        (Payer.MERCHANT, 3_000),
        (Payer.PLATFORM, 7_000),
    ]
    assert [(one.payer, one.minor) for one in remedy.legs[0].taken] == [
        (Payer.MERCHANT, 3_000),
        (Payer.PLATFORM, 7_000),
    ]
    assert made.replayed() == made.state


def test_what_was_not_paid_yet_when_it_was_turned_is_the_platforms_to_pay() -> None:
    made = disputes.before_platform(kind=RemedyKind.RETURN_AND_REFUND)
    disputes.decides_alone(made, Outcome.GRANTED)
    turned(made)
    disputes.returned(made, worn=0)
    confirm(made)
    assert balances(made)[Account.ESCROW, MERCHANT] == 10_000


BY_CREATOR = LiableShare("creator", 100)


@pytest.mark.parametrize("is_sent", [True, False])
@pytest.mark.parametrize("told_minor", [0, 3_000, 30_000])
def test_who_is_liable_by_the_second_decision_owes_it_in_the_place_of_the_first(
    is_sent: bool, told_minor: int
) -> None:
    money = paid_out_but(told_minor, fund_minor=1_000_000)
    decided_twice(money, BY_CREATOR, outcome=Outcome.GRANTED, is_sent=is_sent)
    assert money.payments_send() == (0 if is_sent else 1)
    assert money.account().owed_minor == 0
    assert money.account().of(Pocket.BALANCE).charged_minor == 0
    assert money.account(CREATOR).owed_minor == 10_000
    assert money.of(DecisionReversed)[-1].amount_minor == 0
    (remedy,) = money.book.live
    assert remedy.shares == (Share(Payer.CREATOR, CREATOR, 10_000),)
    money.check()


def test_what_a_second_decision_leaves_to_nobody_the_platform_bears() -> None:
    money = paid_out_but(0, fund_minor=1_000_000)
    shares = (LiableShare("creator", 40), LiableShare("platform", 60))
    decided_twice(money, *shares, outcome=Outcome.GRANTED, is_sent=True)
    assert money.account().owed_minor == 0
    assert money.account(CREATOR).owed_minor == 4_000
    assert money.of(DecisionReversed)[-1].amount_minor == 6_000
    money.check()


def test_who_is_liable_now_is_asked_for_what_waits_for_its_money() -> None:
    money = paid_out_but(3_000, fund_minor=5_000)
    money.tells(30_000, party=CREATOR)
    decided_twice(money, BY_CREATOR, outcome=Outcome.GRANTED)
    assert money.account().of(Pocket.BALANCE).charged_minor == 0
    assert money.payments_send() == 1
    assert money.account().owed_minor == 0
    assert money.account(CREATOR).owed_minor == 0
    assert money.account(CREATOR).of(Pocket.BALANCE).minor == 20_000
    money.check()
