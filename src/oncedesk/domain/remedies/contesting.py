"""A merchant contests money that left early. The platform decides; nobody takes it back by itself.

Early is what left before anybody looked at the goods, or for nothing without the merchant's being
asked.

If it is upheld the fund makes good who bore it, and what the consumer owes stands in the books. A
debt needs a person's decision: where nobody decides in time, the fund pays and nobody owes.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.remedies.authorising import (
    DECIDED_BEFORE,
    ask,
    declined,
    limited_to,
    too_close,
)
from oncedesk.domain.remedies.clocks import in_seconds
from oncedesk.domain.remedies.journey import Contest, Journey, Out
from oncedesk.domain.remedies.messages import Answer, RemedyEvent
from oncedesk.domain.remedies.messages.authorising import Upheld
from oncedesk.domain.remedies.messages.contesting import (
    ContestDecided,
    ContestLapsed,
    ContestRefund,
    DecideContest,
    RefundContested,
)
from oncedesk.domain.remedies.messages.refunding import ClosingPutOff
from oncedesk.domain.remedies.messages.returning import Back
from oncedesk.domain.remedies.paying import contest_clock, journey_rule
from oncedesk.domain.remedies.postings import contested
from oncedesk.domain.remedies.purchase import Purchase
from oncedesk.domain.remedies.returning import by_merchant, worth
from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.remedies.words import (
    Clock,
    ClockKind,
    DecidedBy,
    LegStatus,
    Line,
    Payer,
    RemedyKind,
    Share,
    Speed,
    Status,
    WantedLine,
)
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.money import split_minor
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.domain.shared.remedy_rules import Undecided

_SENT = (LegStatus.SENT, LegStatus.CREDITED)
_NOT_SENT = (LegStatus.REQUESTED, LegStatus.FAILED)


def contest(state: Remedies, remedy: Remedy, command: ContestRefund, facts: Facts) -> Answer:
    """Once, with evidence, from when it was given until the window closes."""
    refused = no_contest(remedy)
    if refused is not None:
        return refused
    if not command.evidence:
        return Refusal("evidence_missing", "what shows it", "evidence")
    return [
        contested_for(
            state=state,
            remedy=remedy,
            reason=command.reason,
            evidence=command.evidence,
            agent=command.agent,
            facts=facts,
        )
    ]


def contested_for(
    *,
    state: Remedies,
    remedy: Remedy,
    reason: str,
    evidence: tuple[bytes, ...],
    agent: UUID | None,
    facts: Facts,
    lines: tuple[WantedLine, ...] = (),
) -> RefundContested:
    """The merchant's doubt, with what shows it; the platform decides by then."""
    rule = journey_rule(remedy, facts)
    return RefundContested(
        **state.about(remedy.number, facts.now),
        reason=reason,
        evidence=evidence,
        clock=in_seconds(ClockKind.CONTEST, facts.now, rule.decision_seconds, rule.id, 86_400),
        agent=agent,
        lines=lines,
        not_by=() if agent is None else (agent,),
    )


def no_contest(remedy: Remedy) -> Refusal | None:
    """Why the merchant cannot contest it as it stands; None: it can, with evidence."""
    journey = remedy.journey
    if journey is not None and journey.contest is not Contest.NONE:
        return Refusal("contested_before", "once")
    if journey is None or not _was_early(remedy, journey):
        return Refusal("nothing_to_contest", "what was given before anybody looked at the goods")
    if remedy.dispute is not None and remedy.is_paid and _is_made_good(remedy):
        return Refusal("nothing_to_contest", "what the platform does not bear already")
    if journey.back in _OVER and remedy.clock(ClockKind.CONTEST) is None:
        return Refusal("contest_too_late", "until the window closes")
    if _waits(remedy):
        return Refusal("refund_not_sent", "money that was sent")
    return None


def _is_made_good(remedy: Remedy) -> bool:
    """Whether nobody but the platform bears it."""
    return all(share.payer is Payer.PLATFORM for share in remedy.shares)


def _waits(remedy: Remedy) -> bool:
    """Whether some of its money has still to be sent."""
    return remedy.waits_for_money or any(leg.status in _NOT_SENT for leg in remedy.legs)


def _is_still_to_pay(remedy: Remedy) -> bool:
    """Whether its money, in the place of goods that have come, waits for those that go back."""
    return not remedy.is_paid and not remedy.kind.goes_out and remedy.goods_pending


_OVER = (Back.DONE, Back.MISSED, Back.LOST)


def _was_early(remedy: Remedy, journey: Journey) -> bool:
    if remedy.is_paid and remedy.kind is RemedyKind.REFUND:
        return remedy.clock(ClockKind.CONTEST) is not None
    if remedy.is_paid:
        # What was intercepted and lost is paid without anybody's having looked at it either, and
        # what was given in the place of goods before these came.
        lost = journey.back is Back.LOST or journey.out is Out.GIVEN_UP
        late = lost and remedy.clock(ClockKind.CONTEST) is not None
        early = late or remedy.speed is not Speed.AFTER_INSPECTION
        return early and remedy.kind is RemedyKind.RETURN_AND_REFUND
    return (
        journey.back in _OVER
        and journey.out in (Out.UNDER_WAY, Out.ARRIVED)
        and (remedy.clock(ClockKind.CONTEST) is not None)
    )


def decide_contest(
    state: Remedies, remedy: Remedy, command: DecideContest, facts: Facts, purchase: Purchase
) -> Answer:
    """Somebody has looked at both sides."""
    journey = remedy.journey
    if journey is None or journey.contest is not Contest.OPEN:
        return Refusal("contest_not_open", "a contest that is not decided")
    if command.agent is not None and command.agent in remedy.granted_by:
        return DECIDED_BEFORE
    refused = too_close(command.agent, consumer=state.consumer, facts=facts)
    if refused is not None:
        return refused
    given = _given(state, remedy, purchase, facts) if command.upheld else ()
    upheld = Upheld(command.reason, sum(share.minor for share in given))
    limited = limited_to(command.agent, desk=PLATFORM, remedy=remedy, facts=facts)
    if limited is not None and upheld.amount_minor:
        return [
            ask(
                state=state,
                remedy=remedy,
                agent=limited,
                desk=PLATFORM,
                facts=facts,
                wanted=upheld,
            )
        ]
    decided = _decided(state, remedy, facts, given, owed=True)
    by_person = replace(decided, by=DecidedBy.PLATFORM, agent=command.agent)
    return [replace(by_person, upheld=command.upheld, reason=command.reason)]


def uphold(
    *, state: Remedies, remedy: Remedy, upheld: Upheld, facts: Facts, purchase: Purchase
) -> list[RemedyEvent]:
    """Whoever wants it may give so much of the fund's money, alone or with the second person."""
    approval = remedy.approval
    assert approval is not None
    given = _given(state, remedy, purchase, facts)
    if sum(share.minor for share in given) != upheld.amount_minor:
        return [declined(state, remedy, "amount_changed", approval.first, facts)]
    decided = _decided(state, remedy, facts, given, owed=True)
    by_person = replace(decided, by=DecidedBy.PLATFORM, agent=approval.first)
    return [replace(by_person, upheld=True, reason=upheld.reason)]


def contest_over(
    *, state: Remedies, remedy: Remedy, facts: Facts, purchase: Purchase
) -> list[RemedyEvent]:
    """The window closed, or nobody decided in time. It stays open for what was not sent yet."""
    journey = remedy.journey
    assert journey is not None
    if journey.contest is not Contest.OPEN and (_waits(remedy) or _is_still_to_pay(remedy)):
        return [
            ClosingPutOff(
                **state.about(remedy.number, facts.now), clock=contest_clock(remedy, facts)
            )
        ]
    if journey.contest is not Contest.OPEN:
        return [ContestLapsed(**state.about(remedy.number, facts.now))]
    pays = journey_rule(remedy, facts).undecided is Undecided.FUND
    given = _given(state, remedy, purchase, facts) if pays else ()
    return [replace(_decided(state, remedy, facts, given, owed=False), upheld=bool(given))]


def _decided(
    state: Remedies, remedy: Remedy, facts: Facts, given: Sequence[Share], *, owed: bool
) -> ContestDecided:
    """Whoever bore what was `given` gets it from the fund; `owed`: the consumer owes it."""
    fund_minor = sum(share.minor for share in given)
    rules = facts.packs.by_hash(remedy.pack).remedies
    clock = None
    if remedy.status is Status.SETTLED:
        until = facts.now + timedelta(seconds=rules.settling.closing_seconds)
        clock = Clock(ClockKind.CLOSING, until, rules.settling.id)
    return ContestDecided(
        **state.about(remedy.number, facts.now),
        upheld=False,
        reason="undecided_in_time",
        by=DecidedBy.RULE,
        rule=rules.journey.id,
        fund_minor=fund_minor,
        debt_minor=fund_minor if owed else 0,
        clock=clock,
        transfers=contested(state=state, shares=given, owed=owed),
    )


def _given(state: Remedies, remedy: Remedy, purchase: Purchase, facts: Facts) -> tuple[Share, ...]:
    """What the consumer has of the remedy's own money, or what its goods are worth."""
    if not remedy.is_paid or remedy.kind.goes_out:
        lines = worth(state=state, remedy=remedy, purchase=purchase, facts=facts)
        worth_minor = sum(_contested_minor(remedy, line) for line in lines)
        return by_merchant(state=state, remedy=remedy, amount_minor=worth_minor)
    legs = [leg for leg in remedy.legs if not leg.beyond and leg.status in _SENT]
    minors = split_minor(
        sum(leg.amount_minor for leg in legs), [share.minor for share in remedy.shares]
    )
    return tuple(
        replace(share, minor=minor) for share, minor in zip(remedy.shares, minors, strict=True)
    )


def _contested_minor(remedy: Remedy, line: Line) -> int:
    """What those of its units are worth that the contest is about."""
    journey = remedy.journey
    if journey is None or not journey.contested:
        return line.amount_minor
    place = line.part, line.item
    about = sum(one.quantity for one in journey.contested if (one.part, one.item) == place)
    units = min(about, line.quantity)
    return split_minor(line.amount_minor, (line.quantity - units, units))[1]
