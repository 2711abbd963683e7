"""A refused consumer disputes; the platform decides in time; each side may object once."""

from typing import Any
from uuid import UUID

import pytest

from oncedesk.domain.agents.messages import DeskRole
from oncedesk.domain.remedies.messages.asking import GrantRemedy, RefuseRemedy, RemedyApproved
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
from oncedesk.domain.remedies.messages.refunding import (
    ConfirmRefund,
    RefundRequested,
    RefundSent,
    RemedyClosed,
    RemedySettled,
)
from oncedesk.domain.remedies.words import DecidedBy, Payer, RemedyKind, Status
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.ledger import Account
from tests.specs.remedies.shop import BY_CONSUMER, MERCHANT, WHO, Shop
from tests.specs.remedies.test_authorising import ANNA, AUTHORITY, BEN, agent, by

DIGEST = bytes(16)


def refused(price_minor: int = 10_000) -> Shop:
    """A merchant has refused a refund."""
    made = Shop(authority=AUTHORITY).plain(price_minor)
    made.asks(RemedyKind.REFUND, reason="broken")
    made.when(
        RefuseRemedy(**WHO, remedy=1, reason="not_broken", facts=("works_when_tried",)),
        by=MARKETPLACE,
    )
    return made


def disputed(price_minor: int = 10_000) -> Shop:
    made = refused(price_minor)
    made.when(OpenDispute(**WHO, remedy=1, reason="it_is"), by=BY_CONSUMER)
    return made.then_only(DisputeOpened)


def before_platform(price_minor: int = 10_000) -> Shop:
    """The merchant has shown something, and time for that is over."""
    made = disputed(price_minor)
    shown = SubmitEvidence(**WHO, remedy=1, digests=(DIGEST,), side=Side.MERCHANT)
    made.when(shown, by=MARKETPLACE).then_only(EvidenceSubmitted)
    made.wake_when_due().then_only(DecisionAsked)
    agent(made, ANNA)
    agent(made, BEN, DeskRole.SUPERVISOR)
    return made


def decide(made: Shop, outcome: Outcome, who: UUID = ANNA, **more: Any) -> Shop:
    command = DecideDispute(
        **WHO, remedy=1, agent=who, outcome=outcome, reason="seen", basis="photo 2", **more
    )
    made.when(command, by=by(who))
    return made


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
    decide(made, Outcome.IN_PART, amount_minor=4_000, shares=shares)
    made.then_only(DisputeDecided, RemedyApproved, RefundRequested)
    (decided,) = made.events(DisputeDecided)
    assert [(share.payer, share.minor) for share in decided.shares] == [
        (Payer.MERCHANT, 2_800),
        (Payer.PLATFORM, 1_200),
    ]
    assert made.events(RefundRequested)[0].leg.amount_minor == 4_000


def test_a_consumer_that_objects_may_get_the_rest_from_somebody_else() -> None:
    made = before_platform()
    decide(made, Outcome.IN_PART, amount_minor=4_000)
    sent(made, 4_000)
    objection = ObjectToDecision(**WHO, remedy=1, side=Side.CONSUMER, reason="all_broken")
    made.when(objection, by=BY_CONSUMER).then_only(ObjectionMade, DecisionAsked)
    decide(made, Outcome.GRANTED).then_refused("decided_before")
    decide(made, Outcome.GRANTED, BEN).then_only(DisputeDecided, RefundRequested)
    assert made.events(RefundRequested)[0].leg.amount_minor == 6_000
    sent(made, 6_000, leg=2)
    made.when(objection, by=BY_CONSUMER).then_refused("objection_too_late")


def test_a_merchant_that_was_right_is_paid_by_the_platform() -> None:
    made = before_platform()
    decide(made, Outcome.GRANTED)
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


def test_an_objection_that_nobody_looks_at_changes_nothing() -> None:
    made = before_platform()
    decide(made, Outcome.GRANTED)
    sent(made, 10_000)
    objection = ObjectToDecision(**WHO, remedy=1, side=Side.MERCHANT, reason="swapped")
    made.when(objection, by=MARKETPLACE)
    made.wake_when_due().then_only(DisputeDecided)
    made.wake_when_due().then_only(RemedyClosed)


def test_a_decision_that_stands_lets_the_remedy_end() -> None:
    made = before_platform()
    decide(made, Outcome.GRANTED)
    made.wake_when_due().then_only(RefundRequested)
    sent(made, 10_000)
    while made.state.live:
        made.wake_when_due()
    assert ObjectionLapsed in {type(event) for event in made.journal}


def test_decides_only_within_the_authority() -> None:
    made = before_platform(20_000)
    decide(made, Outcome.GRANTED).then_refused("authority_exceeded")
    decide(made, Outcome.GRANTED, BEN)
    assert made.events(RemedyApproved)


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


def test_evidence_is_bounded() -> None:
    made = disputed()
    nine = SubmitEvidence(**WHO, remedy=1, digests=(DIGEST,) * 9, side=Side.CONSUMER)
    for _ in range(3):
        made.when(nine, by=BY_CONSUMER).then_only(EvidenceSubmitted)
    made.when(nine, by=BY_CONSUMER).then_refused("evidence_too_much")
