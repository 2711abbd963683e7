"""What the desk that was asked says: yes, no, or something else instead; and what silence says."""

from datetime import timedelta
from typing import assert_never

from oncedesk.domain.remedies.authorising import BY_DESK, give, speaks_for
from oncedesk.domain.remedies.counter_offers import accept_offer, decline_offer, make_offer
from oncedesk.domain.remedies.messages import Answer
from oncedesk.domain.remedies.messages.asking import (
    AcceptCounterOffer,
    AskHuman,
    AskingCommand,
    DeclineCounterOffer,
    GrantRemedy,
    LiftRisk,
    MakeCounterOffer,
    RefuseRemedy,
    RemedyRefused,
    RemedyWithdrawn,
    RequestRemedy,
    WithdrawRemedy,
)
from oncedesk.domain.remedies.postings import unsent
from oncedesk.domain.remedies.purchase import Purchase
from oncedesk.domain.remedies.requesting import request
from oncedesk.domain.remedies.reviewing import ask_human, lift_risk
from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.remedies.words import (
    ChargeStatus,
    Clock,
    ClockKind,
    LegStatus,
    RemedyKind,
    Status,
)
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.refs import PLATFORM

_IN_DISPUTE = Refusal("in_dispute", "the dispute is decided, not the request")


def asking(
    *, state: Remedies | None, command: AskingCommand, purchase: Purchase, facts: Facts
) -> Answer:
    """A wish, and every answer to one."""
    if isinstance(command, RequestRemedy):
        return request(state=state, command=command, purchase=purchase, facts=facts)
    remedy = None if state is None else state.remedy(command.remedy)
    if state is None or remedy is None:
        return Refusal("remedy_unknown", "one that is not over", "remedy")
    match command:
        case GrantRemedy():
            return _grant(state, remedy, command, purchase, facts)
        case RefuseRemedy():
            return _refuse(state, remedy, command, facts)
        case WithdrawRemedy():
            return _withdraw(state, remedy, facts)
        case MakeCounterOffer():
            return make_offer(
                state=state, remedy=remedy, command=command, purchase=purchase, facts=facts
            )
        case AcceptCounterOffer():
            return accept_offer(state=state, remedy=remedy, purchase=purchase, facts=facts)
        case DeclineCounterOffer():
            return decline_offer(state=state, remedy=remedy, silent=False, facts=facts)
        case AskHuman():
            return ask_human(state=state, remedy=remedy, facts=facts)
        case LiftRisk():
            return lift_risk(
                state=state, remedy=remedy, command=command, purchase=purchase, facts=facts
            )
        case _:
            assert_never(command)


def _grant(
    state: Remedies, remedy: Remedy, command: GrantRemedy, purchase: Purchase, facts: Facts
) -> Answer:
    if remedy.status is not Status.REQUESTED or remedy.desk is None:
        return Refusal("remedy_decided", f"it is {remedy.status}")
    desk = speaks_for(command.agent, desk=remedy.desk, facts=facts)
    if remedy.disputed and desk == PLATFORM:
        return _IN_DISPUTE
    if command.expected_minor not in (None, remedy.amount_minor):
        return Refusal("amount_changed", f"it is {remedy.amount_minor} by now", "expected_minor")
    return give(state=state, remedy=remedy, agent=command.agent, purchase=purchase, facts=facts)


def _refuse(state: Remedies, remedy: Remedy, command: RefuseRemedy, facts: Facts) -> Answer:
    if remedy.status is not Status.REQUESTED or remedy.desk is None:
        return Refusal("remedy_decided", f"it is {remedy.status}")
    if remedy.disputed:
        return _IN_DISPUTE
    if not command.facts:
        return Refusal("facts_needed", "what was found, at least one", "facts")
    rules = facts.packs.by_hash(remedy.pack).remedies.settling
    objecting_until = facts.now + timedelta(seconds=rules.objection_seconds)
    desk = speaks_for(command.agent, desk=remedy.desk, facts=facts)
    return [
        RemedyRefused(
            **state.about(remedy.number, facts.now),
            by=BY_DESK[desk.kind],
            reason=command.reason,
            rule=remedy.rule,
            clock=Clock(ClockKind.OBJECTION, objecting_until, rules.id),
            agent=command.agent,
            facts=command.facts,
            evidence=command.evidence,
            pack=remedy.pack,
            objection="dispute",
            shown=len(command.evidence),
        )
    ]


def _withdraw(state: Remedies, remedy: Remedy, facts: Facts) -> Answer:
    if remedy.undone or any(leg.status is not LegStatus.FAILED for leg in remedy.legs):
        return Refusal("refund_on_its_way", "the money has been asked for")
    if _is_carried_out(remedy):
        return Refusal("change_under_way", "it is being carried out")
    cancelled = remedy.kind is RemedyKind.CANCEL and remedy.is_granted and remedy.journey is None
    if cancelled or remedy.status in (Status.REFUSED, Status.SETTLED):
        return Refusal("remedy_decided", f"it is {remedy.status}")
    if remedy.journey is not None and remedy.journey.is_travelling:
        return Refusal("goods_on_their_way", "nothing has been sent yet")
    return [
        RemedyWithdrawn(
            **state.about(remedy.number, facts.now),
            released=unsent(remedy),
            case=remedy.case,
            part=remedy.lines[0].part if remedy.lines else 1,
            lapsed=remedy.charge,
        )
    ]


def _is_carried_out(remedy: Remedy) -> bool:
    """Whether it has begun: a change has not, as long as payments are only asked for its price."""
    charge = remedy.charge
    if charge is None or remedy.clock(ClockKind.CHANGE) is not None:
        return remedy.clock(ClockKind.CHANGE) is not None
    is_asked = charge.status is ChargeStatus.REQUESTED and not charge.route.stored
    return not (remedy.kind.changes and is_asked)
