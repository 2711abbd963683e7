"""A person instead of a rule: asked for by the consumer, or lifting what made money slower."""

from datetime import datetime, timedelta

from oncedesk.domain.remedies.authorising import too_close
from oncedesk.domain.remedies.evolve import evolved
from oncedesk.domain.remedies.messages import Answer, RemedyEvent
from oncedesk.domain.remedies.messages.asking import (
    AnswerOverdue,
    HumanAsked,
    LiftRisk,
    RemedyTakenOver,
    RiskLifted,
)
from oncedesk.domain.remedies.paying import faster, sooner
from oncedesk.domain.remedies.purchase import Purchase
from oncedesk.domain.remedies.requesting import approve
from oncedesk.domain.remedies.risk import is_risk
from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.remedies.words import Clock, ClockKind, DecidedBy, Speed, Status
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.domain.shared.remedy_rules import GrantedBy
from oncedesk.domain.shared.rulepack import Pack

_WARN_SECONDS = 3_600


def ask_human(*, state: Remedies, remedy: Remedy, facts: Facts) -> Answer:
    """A person of the platform decides it from now on, and nothing by itself."""
    if remedy.status is not Status.REQUESTED:
        return Refusal("remedy_decided", f"it is {remedy.status}; it can be disputed")
    if remedy.disputed:
        return Refusal("in_dispute", "people decide it already")
    if remedy.human:
        return []
    pack = facts.packs.by_hash(remedy.pack)
    return [
        HumanAsked(
            **state.about(remedy.number, facts.now),
            desk=PLATFORM,
            clock=_platform_clock(pack, facts.now),
        )
    ]


def take_over(*, state: Remedies, remedy: Remedy, facts: Facts) -> list[RemedyEvent]:
    """The merchant said nothing, and its silence does not grant this."""
    return [
        RemedyTakenOver(
            **state.about(remedy.number, facts.now),
            desk=PLATFORM,
            clock=_platform_clock(facts.packs.by_hash(remedy.pack), facts.now),
        )
    ]


def overdue(*, state: Remedies, remedy: Remedy, facts: Facts) -> list[RemedyEvent]:
    """Nobody looked at what a person was asked for. The next time comes later, up to a day."""
    return [
        AnswerOverdue(
            **state.about(remedy.number, facts.now),
            desk=PLATFORM,
            times=remedy.overdue + 1,
            clock=_platform_clock(facts.packs.by_hash(remedy.pack), facts.now, remedy.overdue + 1),
        )
    ]


def lift_risk(
    *, state: Remedies, remedy: Remedy, command: LiftRisk, purchase: Purchase, facts: Facts
) -> Answer:
    """As the rule alone has it; what only waited for this look is granted, or leaves. What weighs
    something else than was sent waits for the inspection all the same."""
    if not is_risk(remedy.speed_reason):
        return Refusal("risk_not_found", "nothing makes it slower")
    refused = too_close(command.agent, consumer=state.consumer, facts=facts)
    if refused is not None:
        return refused
    rules = facts.packs.by_hash(remedy.pack).remedies.rules
    rule = next((one for one in rules.values() if one.id == remedy.rule), None)
    differs = remedy.journey is not None and remedy.journey.differs
    lifted = RiskLifted(
        **state.about(remedy.number, facts.now),
        reason=command.reason,
        speed=remedy.speed if rule is None or differs else faster(remedy.speed, Speed(rule.speed)),
        agent=command.agent,
    )
    after = evolved(state, [lifted])
    waits = remedy.status is Status.REQUESTED and not remedy.human and not remedy.disputed
    if not waits or rule is None or rule.granted_by is not GrantedBy.RULE:
        leaves = sooner(state=after, remedy=remedy.number, facts=facts, purchase=purchase)
        return [lifted, *leaves]
    granted = approve(
        state=after, remedy=remedy.number, by=DecidedBy.RULE, facts=facts, purchase=purchase
    )
    return [lifted, *granted]


def _platform_clock(pack: Pack, now: datetime, times: int = 0) -> Clock:
    """How long the platform's people have, twice as long each time that they let it pass."""
    settling = pack.remedies.settling
    most = max(settling.platform_seconds, pack.reminding.seconds_max)
    seconds = min(settling.platform_seconds << min(times, 20), most)
    due_at = now + timedelta(seconds=seconds)
    warn_at = due_at - timedelta(seconds=min(_WARN_SECONDS, seconds // 4))
    return Clock(ClockKind.ANSWER, due_at, settling.id, warn_at)
