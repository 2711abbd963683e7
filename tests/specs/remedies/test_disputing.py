"""A refused consumer disputes; the platform decides in time; each side may object once."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.agents.messages import DeskRole, LinkAccounts
from oncedesk.domain.orders.messages import Item, OrderedPart, Payment
from oncedesk.domain.parties.messages import PartyKind, ReturnPlace
from oncedesk.domain.parties.state import PartyState
from oncedesk.domain.remedies.dispute_silence import verdict_of_silence
from oncedesk.domain.remedies.journey import Out
from oncedesk.domain.remedies.messages.asking import (
    DeclineCounterOffer,
    GrantRemedy,
    MakeCounterOffer,
    RefuseRemedy,
    RemedyApproved,
    RemedyRefused,
    RemedyRequested,
    RequestRemedy,
    Wish,
)
from oncedesk.domain.remedies.messages.authorising import (
    ApplyAuthority,
    ApproveGrant,
    AuthorityAsked,
    AuthorityUnused,
    DeclineGrant,
    GrantDeclined,
    SecondPersonAsked,
)
from oncedesk.domain.remedies.messages.disputing import (
    DecideDispute,
    DecisionAsked,
    DecisionReversed,
    DisputeDecided,
    DisputeOpened,
    EvidenceSubmitted,
    LiableShare,
    ObjectionLapsed,
    ObjectionMade,
    ObjectToDecision,
    OpenDispute,
    Outcome,
    Side,
    SubmitEvidence,
)
from oncedesk.domain.remedies.messages.funding import (
    ASSURANCE,
    ApplyFunding,
    ChargeWanted,
    FundingWanted,
    RecordPayout,
)
from oncedesk.domain.remedies.messages.refunding import (
    ConfirmRefund,
    FailRefund,
    NameRoute,
    RefundFailed,
    RefundFailure,
    RefundRequested,
    RefundSent,
    RemedyClosed,
    RemedySettled,
    RouteAsked,
)
from oncedesk.domain.remedies.messages.returning import (
    GoodsDue,
    InspectReturn,
    JourneyBegun,
    RecordReturnTracking,
    RefundInstead,
    RefusedLine,
    ReturnInspected,
    ReturnSplit,
)
from oncedesk.domain.remedies.words import (
    CaseLink,
    ClockKind,
    DecidedBy,
    Payer,
    RemedyKind,
    Share,
    Status,
    WantedLine,
)
from oncedesk.domain.shared.decider import MARKETPLACE, SYSTEM
from oncedesk.domain.shared.gate.rules import Hit, HitKind, Verdict
from oncedesk.domain.shared.ledger import Account
from oncedesk.domain.shared.persons import PrivateText
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.domain.shared.remedy_rules import (
    BudgetRule,
    DisputeRule,
    OnUndecided,
    RemedyRule,
    return_key,
)
from oncedesk.rules.library import PackLibrary
from oncedesk.rules.loading import load_builtin
from tests.specs.remedies.goods import BACK, PLACE, PROOF, Goods, travels
from tests.specs.remedies.shop import (
    AFTER_ANSWER,
    AT_ONCE,
    BY_CONSUMER,
    CONSUMER,
    LISTING,
    MERCHANT,
    ORDER,
    WHO,
    Shop,
)
from tests.specs.remedies.test_authorising import ANNA, AUTHORITY, BEN, agent, answered, by, runs
from tests.support.specs import START

DIGEST = bytes(16)
BASIS = b"b" * 16


def refused(
    price_minor: int = 10_000,
    kind: RemedyKind = RemedyKind.REFUND,
    speed: str = "after_inspection",
    evidence: tuple[bytes, ...] = (),
    others: tuple[RemedyRule, ...] = (),
    case: CaseLink | None = None,
    budgets: Mapping[str, BudgetRule] | None = None,
    **rule_more: Any,
) -> Shop:
    """A merchant has refused a refund, or this, of what has arrived."""
    rule = replace(AFTER_ANSWER, kind=kind.value, speed=speed, **rule_more)
    returns = {return_key(kind="*", reason="*"): travels(slowest=speed)}
    made = (
        Shop(rule, *others, authority=AUTHORITY, returns=returns, budgets=budgets or {})
        .plain(price_minor // 2, 2)
        .arrived()
    )
    made.world[MERCHANT] = PartyState(
        party=MERCHANT, kind=PartyKind.MERCHANT, market="cn", places=(ReturnPlace(PLACE, b"here"),)
    )
    made.asks(kind, reason="broken", case=case)
    made.when(
        RefuseRemedy(
            **WHO, remedy=1, reason="not_broken", facts=("works_when_tried",), evidence=evidence
        ),
        by=MARKETPLACE,
    )
    return made


def disputed(price_minor: int = 10_000, **more: Any) -> Shop:
    made = refused(price_minor, **more)
    made.when(OpenDispute(**WHO, remedy=1, reason="it_is"), by=BY_CONSUMER)
    return made.then_only(DisputeOpened)


def before_platform(price_minor: int = 10_000, **more: Any) -> Shop:
    """The merchant has shown something, and time for that is over."""
    made = disputed(price_minor, **more)
    shown = SubmitEvidence(**WHO, remedy=1, digests=(DIGEST,), side=Side.MERCHANT)
    made.when(shown, by=MARKETPLACE).then_only(EvidenceSubmitted)
    made.wake_when_due().then_only(DecisionAsked)
    agent(made, ANNA)
    agent(made, BEN, DeskRole.SUPERVISOR)
    return made


def decide(made: Shop, outcome: Outcome, who: UUID = ANNA, **more: Any) -> Shop:
    made.when(decision(outcome, who, **more), by=by(who))
    return made


def decision(outcome: Outcome, who: UUID = ANNA, **more: Any) -> DecideDispute:
    """What it rests on stands elsewhere."""
    said = {"digest": BASIS, "length": 7, **more}
    return DecideDispute(**WHO, remedy=1, agent=who, outcome=outcome, reason="seen", **said)


def decides_alone(made: Shop, outcome: Outcome, who: UUID = ANNA, **more: Any) -> Shop:
    """Decided by somebody whose authority is enough."""
    decide(made, outcome, who, **more).then_only(AuthorityAsked)
    return answered(made, who)


def sent(made: Shop, amount_minor: int, leg: int = 1) -> Shop:
    made.when(
        ConfirmRefund(
            **WHO,
            remedy=1,
            leg=leg,
            amount_minor=amount_minor,
            currency="CNY",
            sent_at=made.now,
        ),
        by=MARKETPLACE,
    )
    return made.then_only(RefundSent, RemedySettled)


def test_a_merchant_that_shows_nothing_has_lost() -> None:
    made = disputed()
    made.wake_when_due()
    made.then_only(DisputeDecided, RemedyApproved, RefundRequested)
    assert made.events(DisputeDecided)[0].reason == "merchant_silent"


def test_what_a_merchant_refused_with_is_shown_in_the_dispute() -> None:
    made = disputed(evidence=(DIGEST, DIGEST))
    assert made.state.live[0].dispute.merchant_evidence == 2
    made.wake_when_due().then_only(DecisionAsked)
    assert made.replayed() == made.state


def test_silence_binds_no_merchant_to_what_only_its_own_yes_would() -> None:
    made = disputed(opt_in=True)
    made.wake_when_due()
    made.then_only(DisputeDecided, RemedyApproved, RefundRequested)
    assert made.event(RemedyApproved).shares == (Share(Payer.PLATFORM, None, 10_000),)


def test_what_silence_comes_to_is_told_before() -> None:
    rule = DisputeRule(id="rule", silent_merchant=OnUndecided.GRANT, undecided=OnUndecided.REFUSE)

    def foretold(made: Shop) -> Outcome | None:
        return verdict_of_silence(remedy=made.state.live[0], rule=rule)

    assert foretold(disputed()) is Outcome.GRANTED
    made = before_platform()
    assert foretold(made) is Outcome.REFUSED
    shown = disputed()
    evidence = SubmitEvidence(**WHO, remedy=1, digests=(DIGEST,), side=Side.MERCHANT)
    shown.when(evidence, by=MARKETPLACE)
    assert foretold(shown) is None
    objected = decides_alone(before_platform(), Outcome.GRANTED)
    objected.when(
        ObjectToDecision(**WHO, remedy=1, side=Side.MERCHANT, reason="no"), by=MARKETPLACE
    )
    assert foretold(objected) is Outcome.GRANTED


def test_a_merchant_may_still_grant_it() -> None:
    made = disputed()
    made.when(GrantRemedy(**WHO, remedy=1), by=MARKETPLACE)
    made.then_only(RemedyApproved, RefundRequested)
    assert made.events(RemedyApproved)[0].by is DecidedBy.MERCHANT


def test_a_platform_that_decides_nothing_has_decided() -> None:
    made = before_platform()
    made.wake_when_due().then_only(DisputeDecided, RemedyApproved, RefundRequested)
    assert made.events(DisputeDecided)[0].reason == "undecided_in_time"


def test_a_decision_in_part_gives_that_part_and_says_who_bears_it() -> None:
    made = before_platform()
    shares = (LiableShare("merchant", 70), LiableShare("platform", 30))
    decides_alone(made, Outcome.IN_PART, amount_minor=4_000, shares=shares)
    made.then_only(DisputeDecided, RemedyApproved, RefundRequested)
    (decided,) = made.events(DisputeDecided)
    assert [(share.payer, share.minor) for share in decided.shares] == [
        (Payer.MERCHANT, 2_800),
        (Payer.PLATFORM, 1_200),
    ]
    assert made.events(RefundRequested)[0].leg.amount_minor == 4_000


def test_a_consumer_that_objects_may_get_the_rest_from_somebody_else() -> None:
    made = before_platform()
    decides_alone(made, Outcome.IN_PART, amount_minor=4_000)
    sent(made, 4_000)
    objection = ObjectToDecision(**WHO, remedy=1, side=Side.CONSUMER, reason="all_broken")
    made.when(objection, by=BY_CONSUMER).then_only(ObjectionMade, DecisionAsked)
    decide(made, Outcome.GRANTED).then_refused("decided_before")
    decides_alone(made, Outcome.GRANTED, BEN).then_only(DisputeDecided, RefundRequested)
    assert made.events(RefundRequested)[0].leg.amount_minor == 6_000
    sent(made, 6_000, leg=2)
    made.when(objection, by=BY_CONSUMER).then_refused("objection_too_late")


@pytest.mark.parametrize(
    ("ends_on", "over"),
    [
        ("office_hours", datetime(2025, 4, 22, 22, tzinfo=UTC)),
        # Packs of before count hours.
        ("", datetime(2025, 4, 18, 10, tzinfo=UTC)),
    ],
)
def test_days_to_object_end_with_the_last_working_day(ends_on: str, over: datetime) -> None:
    """Decided on 4 April 2025: the 14th day is Good Friday, and nobody works before the 22nd."""
    made = before_platform()
    pack = load_builtin("eu").pack(date(2026, 11, 26))
    dispute = replace(pack.remedies.dispute, objection_ends_on=ends_on)
    made.pack = replace(
        made.pack,
        remedies=replace(made.pack.remedies, dispute=dispute),
        calendars=pack.calendars,
    )
    made.packs = PackLibrary.always([made.pack]).at(START)
    made.at(datetime(2025, 4, 4, 10, tzinfo=UTC))
    decide(made, Outcome.REFUSED)
    assert made.event(DisputeDecided).clock.due_at == over


def test_an_admin_does_not_decide_the_objection_to_their_own_decision() -> None:
    made = before_platform()
    refusal = decision(Outcome.REFUSED)
    made.when(refusal, by=runs(ANNA)).then_only(DisputeDecided)
    assert made.event(DisputeDecided).agent == ANNA
    objection = ObjectToDecision(**WHO, remedy=1, side=Side.CONSUMER, reason="all_broken")
    made.when(objection, by=BY_CONSUMER).then_only(ObjectionMade, DecisionAsked)
    made.when(refusal, by=runs(ANNA)).then_refused("decided_before")


@pytest.mark.parametrize(
    ("kind", "is_blocked"),
    [
        *((kind, True) for kind in (HitKind.PHONE, HitKind.EMAIL, HitKind.MESSENGER)),
        # The pack blocks threats of the platform's, too.
        *((kind, True) for kind in (HitKind.LINK, HitKind.CODE, HitKind.THREAT)),
        *((kind, False) for kind in (HitKind.RATING, HitKind.PAYMENT)),
    ],
)
def test_what_a_decision_rests_on_names_no_way_to_reach_somebody(
    kind: HitKind, is_blocked: bool
) -> None:
    made = before_platform()
    verdict = Verdict("1-test", (Hit(kind, 0, 7),))
    decide(made, Outcome.REFUSED, verdict=verdict)
    if not is_blocked:
        made.then_only(DisputeDecided)
        return
    made.then_refused("message_blocked")
    decide(made, Outcome.REFUSED).then_only(DisputeDecided)


def standing(made: Shop, account: Account) -> int:
    return sum(one.minor for one in made.state.books if one.account is account)


def of_two_with_a_subsidy() -> Shop:
    """Two units for 196, with 4 of the platform's and 10 for the creator, who has them; a refund of
    both was refused, and the platform is to decide."""
    returns = {return_key(kind="*", reason="*"): travels(slowest="instant")}
    back = replace(AT_ONCE, id="test/return", kind="return_and_refund", stage="*")
    made = Shop(AFTER_ANSWER, back, authority=AUTHORITY, returns=returns)
    item = Item(LISTING, 10_000, 2, subsidy_minor=400, commission_minor=1_000)
    part = OrderedPart(merchant=MERCHANT, items=(item,))
    made.placed(part, payments=(Payment("card", 19_600),)).arrived()
    order: Any = made.world[ORDER]
    made.world[ORDER] = replace(order, creator=UUID(int=0xCC))
    made.world[MERCHANT] = PartyState(
        party=MERCHANT, kind=PartyKind.MERCHANT, market="cn", places=(ReturnPlace(PLACE, b"here"),)
    )
    payout = RecordPayout(**WHO, id=UUID(int=1), part=1, currency="CNY", creator_minor=1_000)
    made.when(payout, by=MARKETPLACE)
    made.asks(RemedyKind.REFUND, reason="broken")
    made.when(
        RefuseRemedy(**WHO, remedy=1, reason="not_broken", facts=("works_when_tried",)),
        by=MARKETPLACE,
    )
    made.when(OpenDispute(**WHO, remedy=1, reason="it_is"), by=BY_CONSUMER)
    shown = SubmitEvidence(**WHO, remedy=1, digests=(DIGEST,), side=Side.MERCHANT)
    made.when(shown, by=MARKETPLACE)
    made.wake_when_due().then_only(DecisionAsked)
    agent(made, ANNA)
    agent(made, BEN, DeskRole.SUPERVISOR)
    decides_alone(made, Outcome.IN_PART, amount_minor=1_960)
    return made


def test_for_a_part_the_goods_stay_with_their_subsidy_and_that_part_of_the_commission() -> None:
    made = of_two_with_a_subsidy()
    (line,) = made.events(DisputeDecided)[0].lines
    assert (line.stays, line.subsidy_minor, line.commission_minor) == (True, 0, 100)
    sent(made, 1_960)
    assert standing(made, Account.PLATFORM_SUBSIDY) == -400
    assert standing(made, Account.CREATOR_COMMISSION) == 900
    made.asks(RemedyKind.RETURN_AND_REFUND, WantedLine(1, 1, 2))
    assert made.event(RemedyRequested).amount_minor == 19_600 - 1_960


def funded(made: Shop) -> Shop:
    """The budget has it, where it was asked."""
    for asked in made.events(FundingWanted):
        told: Any = {"remedy": 1, "budget": asked.budget, "amount_minor": asked.amount_minor}
        made.when(ApplyFunding(**WHO, **told, granted=True), by=SYSTEM)
    return made


@pytest.mark.parametrize("budgeted", [False, True])
@pytest.mark.parametrize("first", ["platform", "merchant"])
def test_the_rest_that_others_are_liable_for_leaves_what_was_given_with_whom_it_is(
    first: str, budgeted: bool
) -> None:
    second = {"platform": "merchant", "merchant": "platform"}[first]
    fund = BudgetRule(id="test/fund", name=ASSURANCE, currency="CNY", amount_minor=10**6)
    made = before_platform(budgets={f"{ASSURANCE}/CNY": fund} if budgeted else {})
    part: Any = {"amount_minor": 4_000, "shares": (LiableShare(first, 100),)}
    funded(decides_alone(made, Outcome.IN_PART, **part))
    sent(made, 4_000)
    objection = ObjectToDecision(**WHO, remedy=1, side=Side.CONSUMER, reason="look_again")
    made.when(objection, by=BY_CONSUMER)
    funded(decides_alone(made, Outcome.GRANTED, BEN, shares=(LiableShare(second, 100),)))
    sent(made, 6_000, leg=2)
    (remedy,) = made.state.live
    borne = {share.payer.value: share.minor for share in remedy.shares}
    assert borne == {first: 4_000, second: 6_000}
    given = {source.payer.value: source.minor for leg in remedy.legs for source in leg.taken}
    assert given == borne


def test_an_objection_that_gives_the_rest_undoes_the_rest() -> None:
    made = sent(of_two_with_a_subsidy(), 1_960)
    made.when(ObjectToDecision(**WHO, remedy=1, side=Side.CONSUMER, reason="all"), by=BY_CONSUMER)
    decides_alone(made, Outcome.GRANTED, BEN).then_only(DisputeDecided, ChargeWanted)
    made.wake_when_due()
    sent(made, 17_640, leg=2)
    accounts = (Account.PLATFORM_SUBSIDY, Account.CREATOR_COMMISSION, Account.CONSUMER)
    assert [standing(made, account) for account in accounts] == [0, 0, 0]
    made.asks(RemedyKind.RETURN_AND_REFUND, WantedLine(1, 1, 2))
    made.then_refused("quantity_exceeds_bought")


def test_an_objection_gives_nothing_again_of_what_went_back_meanwhile() -> None:
    made = sent(of_two_with_a_subsidy(), 1_960)
    made.asks(RemedyKind.RETURN_AND_REFUND, WantedLine(1, 1, 2))
    made.when(ObjectToDecision(**WHO, remedy=1, side=Side.CONSUMER, reason="all"), by=BY_CONSUMER)
    decide(made, Outcome.GRANTED, BEN).then_only(DisputeDecided)
    assert made.event(DisputeDecided).amount_minor == 1_960
    assert sum(one.amount_minor for one in made.state.live) == 19_600


def test_more_that_is_granted_leaves_out_what_failed_and_waits_for_its_route() -> None:
    made = before_platform()
    decides_alone(made, Outcome.IN_PART, amount_minor=4_000)
    dead = FailRefund(**WHO, remedy=1, leg=1, reason=RefundFailure.ROUTE_DEAD)
    made.when(dead, by=MARKETPLACE).then_only(RefundFailed, RouteAsked)
    objection = ObjectToDecision(**WHO, remedy=1, side=Side.CONSUMER, reason="all_broken")
    made.when(objection, by=BY_CONSUMER)
    decides_alone(made, Outcome.GRANTED, BEN).then_only(DisputeDecided, RefundRequested)
    assert made.events(RefundRequested)[0].leg.amount_minor == 6_000
    made.when(NameRoute(**WHO, remedy=1, method="bank"), by=BY_CONSUMER)
    made.when(dead, by=MARKETPLACE)
    assert made.events(RefundRequested)[0].leg.amount_minor == 4_000
    assert made.state.refunded == (10_000,)


def test_a_merchant_that_was_right_is_paid_by_the_platform() -> None:
    made = before_platform()
    decides_alone(made, Outcome.GRANTED)
    sent(made, 10_000)
    objection = ObjectToDecision(**WHO, remedy=1, side=Side.MERCHANT, reason="swapped")
    made.when(objection, by=MARKETPLACE).then_only(ObjectionMade, DecisionAsked)
    decide(made, Outcome.REFUSED, BEN).then_only(DisputeDecided, DecisionReversed)
    (transfer,) = made.events(DecisionReversed)[0].transfers
    assert [(one.account, one.party, one.minor) for one in transfer.entries] == [
        (Account.ESCROW, MERCHANT, 10_000),
        (Account.ASSURANCE_FUND, None, -10_000),
    ]
    assert made.state.live[0].status is Status.SETTLED


def test_a_refusal_is_over_when_nobody_objects() -> None:
    made = before_platform()
    decide(made, Outcome.REFUSED).then_only(DisputeDecided)
    assert made.state.live[0].status is Status.REFUSED
    made.wake_when_due().then_only(RemedyClosed)


def test_a_second_refusal_is_the_last() -> None:
    made = before_platform()
    decide(made, Outcome.REFUSED)
    objection = ObjectToDecision(**WHO, remedy=1, side=Side.CONSUMER, reason="look_again")
    made.when(objection, by=BY_CONSUMER)
    decide(made, Outcome.REFUSED, BEN).then_only(DisputeDecided, RemedyClosed)
    assert made.state.live == ()


def refused_and_objected(*others: RemedyRule) -> Shop:
    """Two units in a refund that the platform refused; they are free for others, as somebody else
    is to look at it."""
    made = before_platform(others=others)
    decide(made, Outcome.REFUSED)
    objection = ObjectToDecision(**WHO, remedy=1, side=Side.CONSUMER, reason="look_again")
    made.when(objection, by=BY_CONSUMER)
    return made


BACK_AT_ONCE = replace(AT_ONCE, id="test/return", kind="return_and_refund", stage="*")


def test_what_others_have_taken_since_it_was_refused_can_only_be_refused_again() -> None:
    made = refused_and_objected(BACK_AT_ONCE)
    made.asks(RemedyKind.RETURN_AND_REFUND, WantedLine(1, 1, 2))
    decide(made, Outcome.GRANTED, BEN).then_refused("nothing_left")
    decide(made, Outcome.IN_PART, BEN, amount_minor=1).then_refused("nothing_left")
    decide(made, Outcome.REFUSED, BEN).then_only(DisputeDecided, RemedyClosed)


def test_what_others_have_given_of_it_is_not_granted_on_objection() -> None:
    made = refused_and_objected()
    lines = (WantedLine(1, 1, 2),)
    wish = Wish(kind=RemedyKind.REFUND, reason="broken", lines=lines, amount_minor=7_000)
    made.when(RequestRemedy(**WHO, wish=wish), by=BY_CONSUMER)
    made.when(GrantRemedy(**WHO, remedy=2), by=MARKETPLACE)
    decides_alone(made, Outcome.GRANTED, BEN)
    assert made.event(DisputeDecided).amount_minor == 3_000
    assert sum(one.amount_minor for one in made.state.live) == 10_000
    assert made.replayed() == made.state


def test_what_was_taken_while_an_authority_was_asked_for_is_decided_anew() -> None:
    made = refused_and_objected(BACK_AT_ONCE)
    decide(made, Outcome.GRANTED, BEN).then_only(AuthorityAsked)
    made.asks(RemedyKind.RETURN_AND_REFUND, WantedLine(1, 1, 2))
    told = ApplyAuthority(
        **WHO,
        remedy=1,
        agent=BEN,
        rule="test/agent",
        amount_minor=10_000,
        spent_at=START,
        counted_at=START,
    )
    made.when(told).then_only(GrantDeclined, AuthorityUnused)
    assert made.events(GrantDeclined)[0].reason == "nothing_left"
    decide(made, Outcome.REFUSED, BEN).then_only(DisputeDecided, RemedyClosed)


def test_an_objection_that_nobody_looks_at_changes_nothing() -> None:
    made = before_platform()
    decides_alone(made, Outcome.GRANTED)
    sent(made, 10_000)
    objection = ObjectToDecision(**WHO, remedy=1, side=Side.MERCHANT, reason="swapped")
    made.when(objection, by=MARKETPLACE)
    made.wake_when_due().then_only(DisputeDecided)
    made.wake_when_due().then_only(RemedyClosed)


def test_a_decision_that_stands_lets_the_remedy_end() -> None:
    made = before_platform()
    decides_alone(made, Outcome.GRANTED)
    made.wake_when_due().then_only(RefundRequested)
    sent(made, 10_000)
    while made.state.live:
        made.wake_when_due()
    assert ObjectionLapsed in {type(event) for event in made.journal}


def test_what_a_decision_gives_counts_like_any_other_gift() -> None:
    made = before_platform()
    decide(made, Outcome.IN_PART, amount_minor=4_000)
    (asked,) = made.events(AuthorityAsked)
    assert (asked.agent, asked.desk, asked.amount_minor) == (ANNA, PLATFORM, 4_000)
    sent(answered(made, ANNA), 4_000)
    made.when(ObjectToDecision(**WHO, remedy=1, side=Side.CONSUMER, reason="more"), by=BY_CONSUMER)
    decide(made, Outcome.GRANTED, BEN)
    assert made.events(AuthorityAsked)[0].amount_minor == 6_000


def test_a_decision_that_gives_nothing_asks_for_no_authority() -> None:
    decide(before_platform(20_000), Outcome.REFUSED).then_only(DisputeDecided)


@pytest.mark.parametrize("limit", ["case", "day", "consumer"])
def test_a_decision_above_the_authority_needs_a_second_person(limit: str) -> None:
    made = before_platform(20_000)
    shares = (LiableShare("platform", 100),)
    decide(made, Outcome.IN_PART, amount_minor=15_000, shares=shares)
    said = made.command_id
    answered(made, ANNA, limit).then_only(SecondPersonAsked)
    assert made.state.live[0].disputed
    made.when(ApproveGrant(**WHO, remedy=1, agent=ANNA), by=by(ANNA))
    made.then_refused("second_person_same")
    made.when(ApproveGrant(**WHO, remedy=1, agent=BEN), by=by(BEN)).then_only(AuthorityAsked)
    assert made.events(AuthorityAsked)[0].amount_minor == 15_000
    (event,) = answered(made, BEN).events(DisputeDecided)
    assert (event.agent, event.stood_by) == (ANNA, BEN)
    assert (event.basis, event.text) == ("", PrivateText(said, BASIS, 7))
    assert [(one.payer, one.minor) for one in event.shares] == [(Payer.PLATFORM, 15_000)]


def test_what_a_decision_rests_on_stands_elsewhere() -> None:
    made = before_platform()
    (event,) = decide(made, Outcome.REFUSED).events(DisputeDecided)
    assert (event.basis, event.text) == ("", PrivateText(made.command_id, BASIS, 7))


def test_what_was_recorded_in_a_decision_at_first_stays_there() -> None:
    made = before_platform()
    (event,) = decide(made, Outcome.REFUSED, basis="photo 2", digest=b"", length=0).events(
        DisputeDecided
    )
    assert (event.basis, event.text) == ("photo 2", None)


def test_a_decision_rests_on_something() -> None:
    decide(before_platform(), Outcome.REFUSED, digest=b"", length=0).then_refused("message_empty")


def test_neither_of_two_who_decided_decides_again() -> None:
    made = before_platform(20_000)
    decide(made, Outcome.IN_PART, amount_minor=15_000)
    answered(made, ANNA, "case")
    made.when(ApproveGrant(**WHO, remedy=1, agent=BEN), by=by(BEN))
    sent(answered(made, BEN), 15_000)
    objection = ObjectToDecision(**WHO, remedy=1, side=Side.CONSUMER, reason="all_broken")
    made.when(objection, by=BY_CONSUMER).then_only(ObjectionMade, DecisionAsked)
    for who in (ANNA, BEN):
        decide(made, Outcome.GRANTED, who).then_refused("decided_before")
    carl = UUID(int=0xC3)
    agent(made, carl)
    decide(made, Outcome.GRANTED, carl)
    answered(made, carl, "case")
    made.when(ApproveGrant(**WHO, remedy=1, agent=BEN), by=by(BEN))
    made.then_refused("decided_before")


def test_a_second_person_that_says_no_leaves_the_dispute_to_be_decided() -> None:
    made = before_platform(20_000)
    decide(made, Outcome.GRANTED)
    answered(made, ANNA, "case")
    made.when(DeclineGrant(**WHO, remedy=1, agent=BEN, reason="too_much"), by=by(BEN))
    made.then_only(GrantDeclined)
    assert made.state.live[0].disputed
    decide(made, Outcome.REFUSED).then_only(DisputeDecided)


def test_a_clock_that_decides_first_gives_the_authority_back() -> None:
    made = before_platform()
    decide(made, Outcome.IN_PART, amount_minor=4_000)
    due = made.state.live[0].clock(ClockKind.DECISION)
    assert due is not None
    made.at(due.due_at).wake(due.due_at)
    assert made.events(DisputeDecided)[0].reason == "undecided_in_time"
    late = ApplyAuthority(
        **WHO,
        remedy=1,
        agent=ANNA,
        rule="test/agent",
        amount_minor=4_000,
        spent_at=START,
        counted_at=START,
    )
    made.when(late).then_only(AuthorityUnused)
    assert made.events(AuthorityUnused)[0].amount_minor == 4_000


def test_an_answer_about_another_amount_is_not_the_one_that_is_waited_for() -> None:
    made = before_platform()
    decide(made, Outcome.IN_PART, amount_minor=4_000)
    decide(made, Outcome.IN_PART, amount_minor=7_000)
    earlier = ApplyAuthority(
        **WHO,
        remedy=1,
        agent=ANNA,
        rule="test/agent",
        amount_minor=4_000,
        spent_at=START,
        counted_at=START,
    )
    made.when(earlier).then_only(AuthorityUnused)
    made.when(replace(earlier, amount_minor=7_000))
    assert made.events(DisputeDecided)[0].amount_minor == 7_000


def test_nobody_decides_for_an_account_close_to_them() -> None:
    made = before_platform()
    anna = agent(made, ANNA).when(LinkAccounts(agent=ANNA, consumers=(CONSUMER,)))
    made.world[ANNA] = anna.state
    decide(made, Outcome.REFUSED).then_refused("not_allowed")
    made.when(decision(Outcome.REFUSED), by=runs(ANNA)).then_refused("not_allowed")


@pytest.mark.parametrize(
    ("outcome", "amount_minor", "shares", "code"),
    [
        (Outcome.IN_PART, None, (), "amount_not_in_part"),
        (Outcome.IN_PART, 10_000, (), "amount_not_in_part"),
        (Outcome.IN_PART, 0, (), "amount_not_in_part"),
        (Outcome.GRANTED, None, (LiableShare("merchant", 99),), "shares_not_whole"),
        (Outcome.GRANTED, None, (LiableShare("nobody", 100),), "payer_unknown"),
    ],
)
def test_refuses_decisions_that_add_up_to_nothing(
    outcome: Outcome, amount_minor: int | None, shares: tuple[LiableShare, ...], code: str
) -> None:
    made = before_platform()
    decide(made, outcome, amount_minor=amount_minor, shares=shares).then_refused(code)


def test_nobody_disputes_twice_or_what_was_not_refused() -> None:
    made = disputed()
    made.when(OpenDispute(**WHO, remedy=1, reason="again"), by=BY_CONSUMER)
    made.then_refused("dispute_not_open")
    made.when(RefuseRemedy(**WHO, remedy=1, reason="no", facts=("worn",)), by=MARKETPLACE)
    made.then_refused("in_dispute")


def test_the_platforms_people_decide_it_and_only_the_merchants_give_in() -> None:
    made = disputed()
    agent(made, ANNA)
    grant = GrantRemedy(**WHO, remedy=1, agent=ANNA)
    made.when(grant, by=by(ANNA)).then_refused("in_dispute")
    made.when(GrantRemedy(**WHO, remedy=1), by=MARKETPLACE)
    assert made.event(RemedyApproved).by is DecidedBy.MERCHANT


def test_a_yes_that_was_not_counted_before_it_is_in_dispute_grants_nothing() -> None:
    made = Shop(AFTER_ANSWER, authority=AUTHORITY).plain().arrived()
    made.asks(RemedyKind.REFUND, reason="broken")
    agent(made, ANNA)
    half = Wish(kind=RemedyKind.REFUND, reason="broken", amount_minor=5_000)
    made.when(MakeCounterOffer(**WHO, remedy=1, wish=half), by=MARKETPLACE)
    made.when(GrantRemedy(**WHO, remedy=1, agent=ANNA), by=by(ANNA)).then_only(AuthorityAsked)
    made.when(DeclineCounterOffer(**WHO, remedy=1), by=BY_CONSUMER)
    counted = ApplyAuthority(
        **WHO,
        remedy=1,
        agent=ANNA,
        rule="test/agent",
        amount_minor=10_000,
        spent_at=made.now,
        counted_at=made.now,
    )
    made.when(counted).then_only(GrantDeclined, AuthorityUnused)
    assert made.state.live[0].disputed


def test_evidence_is_bounded() -> None:
    made = disputed()
    nine = SubmitEvidence(**WHO, remedy=1, digests=(DIGEST,) * 9, side=Side.CONSUMER)
    for _ in range(3):
        made.when(nine, by=BY_CONSUMER).then_only(EvidenceSubmitted)
    made.when(nine, by=BY_CONSUMER).then_refused("evidence_too_much")


@pytest.mark.parametrize("final", [False, True])
@pytest.mark.parametrize("kind", [RemedyKind.EXCHANGE, RemedyKind.RESEND, RemedyKind.REPAIR])
def test_goods_that_were_won_are_on_their_way_like_any_others(
    kind: RemedyKind, final: bool
) -> None:
    made = before_platform(kind=kind)
    if final:
        decide(made, Outcome.REFUSED)
        objection = ObjectToDecision(**WHO, remedy=1, side=Side.CONSUMER, reason="look_again")
        made.when(objection, by=BY_CONSUMER)
    decide(made, Outcome.GRANTED, BEN)
    out = [GoodsDue] if kind is RemedyKind.RESEND else []
    made.then_only(DisputeDecided, RemedyApproved, JourneyBegun, *out)


def test_an_exchange_that_was_refused_when_it_came_back_and_is_won_is_sent_out() -> None:
    goods = Goods().granted(RemedyKind.EXCHANGE).scan("delivered")
    goods.inspected(RefusedLine(1, 1, 2, "worn")).does(OpenDispute, reason="not_worn")
    goods.does(DecideDispute, outcome=Outcome.GRANTED, reason="seen", basis="pictures")
    goods.then_only(DisputeDecided, RemedyApproved, GoodsDue)
    assert goods.one.journey.out is Out.DUE  # type: ignore[union-attr]


def returned(made: Shop, *, worn: int) -> Shop:
    """What came back was looked at, and so many of the two were not accepted."""
    track = RecordReturnTracking(
        **WHO, remedy=1, shipment=BACK, code="delivered", happened_at=made.now
    )
    made.when(track, by=MARKETPLACE)
    lines = (RefusedLine(1, 1, worn, "worn"),) if worn else ()
    made.when(InspectReturn(**WHO, remedy=1, evidence=PROOF, refused=lines), by=MARKETPLACE)
    return made


@pytest.mark.parametrize("pending", [False, True])
def test_what_was_won_and_is_refused_when_it_came_back_is_disputed_anew(pending: bool) -> None:
    made = before_platform(kind=RemedyKind.RETURN_AND_REFUND)
    decides_alone(made, Outcome.GRANTED)
    objection = ObjectToDecision(**WHO, remedy=1, side=Side.MERCHANT, reason="no")
    if pending:
        made.when(objection, by=MARKETPLACE).then_only(ObjectionMade, DecisionAsked)
    returned(made, worn=2).then_only(ReturnInspected, RemedyRefused)
    made.when(objection, by=MARKETPLACE).then_refused("objection_too_late")
    made.when(OpenDispute(**WHO, remedy=1, reason="not_worn"), by=BY_CONSUMER)
    made.then_only(DisputeOpened)
    assert [clock.kind for clock in made.state.live[0].clocks] == [ClockKind.EVIDENCE]
    # The pictures with which it was refused are what the merchant shows.
    made.wake_when_due().then_only(DecisionAsked)
    decides_alone(made, Outcome.GRANTED).then_only(DisputeDecided, RemedyApproved, RefundRequested)
    made.when(objection, by=MARKETPLACE).then_only(ObjectionMade, DecisionAsked)
    decide(made, Outcome.GRANTED, BEN).then_only(DisputeDecided)
    made.when(objection, by=MARKETPLACE).then_refused("objection_too_late")


def test_the_half_of_it_that_is_refused_is_disputed_anew() -> None:
    made = before_platform(kind=RemedyKind.RETURN_AND_REFUND)
    decides_alone(made, Outcome.GRANTED)
    returned(made, worn=1).then_only(ReturnInspected, ReturnSplit, RefundRequested)
    made.when(OpenDispute(**WHO, remedy=2, reason="not_worn"), by=BY_CONSUMER)
    made.then_only(DisputeOpened)
    assert made.state.remedy(2).dispute.merchant_evidence == len(PROOF)


def test_what_was_granted_in_full_is_objected_to_as_it_is_by_now() -> None:
    made = before_platform(kind=RemedyKind.RETURN_AND_REFUND)
    decides_alone(made, Outcome.GRANTED)
    objection = ObjectToDecision(**WHO, remedy=1, side=Side.MERCHANT, reason="no")
    made.when(objection, by=MARKETPLACE)
    returned(made, worn=1)
    decide(made, Outcome.GRANTED, BEN).then_only(DisputeDecided)
    assert made.event(DisputeDecided).amount_minor == 5_000


def test_money_in_the_place_of_goods_that_were_won_stands_by_the_same_outcome() -> None:
    made = before_platform(kind=RemedyKind.RESEND)
    decide(made, Outcome.GRANTED)
    while not made.events(RefundInstead):
        made.wake_when_due()
    made.when(ObjectToDecision(**WHO, remedy=1, side=Side.MERCHANT, reason="no"), by=MARKETPLACE)
    decide(made, Outcome.GRANTED, BEN).then_only(DisputeDecided)
    assert made.event(DisputeDecided).amount_minor == made.state.live[0].amount_minor == 10_000
