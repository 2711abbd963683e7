"""What the desk that was asked says: yes, no, or something else instead; and what silence says."""

from datetime import timedelta
from typing import assert_never

from oncedesk.domain.remedies.authorising import give
from oncedesk.domain.remedies.messages import RemedyEvent
from oncedesk.domain.remedies.messages.asking import (
    AcceptOffer,
    AskingCommand,
    DeclineOffer,
    GrantRemedy,
    MakeOffer,
    RefuseRemedy,
    RemedyRefused,
    RemedyWithdrawn,
    RequestRemedy,
    WithdrawRemedy,
)
from oncedesk.domain.remedies.postings import unsent
from oncedesk.domain.remedies.purchase import Purchase
from oncedesk.domain.remedies.requesting import request
from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.remedies.words import Clock, ClockKind, DecidedBy, LegStatus, Status
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.refs import PLATFORM, DeskKind

Answer = list[RemedyEvent] | Refusal
_BY = {
    DeskKind.PLATFORM: DecidedBy.PLATFORM,
    DeskKind.MERCHANT: DecidedBy.MERCHANT,
    DeskKind.CREATOR: DecidedBy.CREATOR,
}


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
        case MakeOffer() | AcceptOffer() | DeclineOffer():
            return Refusal("not_built_yet")
        case _:
            assert_never(command)


def _grant(
    state: Remedies, remedy: Remedy, command: GrantRemedy, purchase: Purchase, facts: Facts
) -> Answer:
    if remedy.status is not Status.REQUESTED or remedy.desk is None:
        return Refusal("remedy_decided", f"it is {remedy.status}")
    if remedy.disputed and remedy.desk == PLATFORM:
        return _IN_DISPUTE
    return give(state=state, remedy=remedy, agent=command.agent, purchase=purchase, facts=facts)


def _refuse(state: Remedies, remedy: Remedy, command: RefuseRemedy, facts: Facts) -> Answer:
    if remedy.status is not Status.REQUESTED or remedy.desk is None:
        return Refusal("remedy_decided", f"it is {remedy.status}")
    if remedy.disputed:
        return _IN_DISPUTE
    rules = facts.packs.by_hash(remedy.pack).remedies.settling
    objecting_until = facts.now + timedelta(seconds=rules.objection_seconds)
    return [
        RemedyRefused(
            consumer=state.consumer,
            order=state.order,
            at=facts.now,
            remedy=remedy.number,
            by=_BY[remedy.desk.kind],
            reason=command.reason,
            rule=remedy.rule,
            clock=Clock(ClockKind.OBJECTION, objecting_until, rules.id),
            agent=command.agent,
        )
    ]


def _withdraw(state: Remedies, remedy: Remedy, facts: Facts) -> Answer:
    if any(leg.status is not LegStatus.FAILED for leg in remedy.legs):
        return Refusal("refund_on_its_way", "the money has been asked for")
    return [
        RemedyWithdrawn(
            consumer=state.consumer,
            order=state.order,
            at=facts.now,
            remedy=remedy.number,
            released=unsent(remedy),
        )
    ]
