"""An agent's authority has answered: what was wanted happens, or a second person is asked for it.

What was decided meanwhile stays decided; then the agent has what was counted to give again.
"""

from collections.abc import Sequence
from datetime import timedelta

from oncedesk.domain.remedies.authorising import declined, dispute_rule, wanted_minor
from oncedesk.domain.remedies.disputing import decide_as
from oncedesk.domain.remedies.messages import RemedyEvent
from oncedesk.domain.remedies.messages.authorising import (
    ApplyAuthority,
    AuthorityUnused,
    SecondPersonAsked,
)
from oncedesk.domain.remedies.purchase import Purchase
from oncedesk.domain.remedies.requesting import approve
from oncedesk.domain.remedies.state import Approval, Remedies, Remedy
from oncedesk.domain.remedies.words import Clock, ClockKind
from oncedesk.domain.shared.decider import Facts

NEVER_ALONE = ("own_account", "not_member")
"""What no second person makes good: somebody else has to give it."""


def apply_authority(
    *, state: Remedies, command: ApplyAuthority, purchase: Purchase, facts: Facts
) -> Sequence[RemedyEvent]:
    """What follows from the answer; where nobody waits for it, that it does not count."""
    remedy = state.remedy(command.remedy)
    approval = None if remedy is None else remedy.approval
    if remedy is None or approval is None or not _answers(command, remedy, approval):
        return _unused(state, command, facts)
    if command.limit in NEVER_ALONE or (command.limit and approval.second is not None):
        return [declined(state, remedy, command.limit, command.agent, facts)]
    if command.limit:
        return [_second_person(state, remedy, command, facts)]
    if approval.decision is not None:
        return decide_as(state=state, remedy=remedy, purchase=purchase, facts=facts)
    return approve(
        state=state, remedy=remedy.number, by=approval.by, facts=facts, purchase=purchase
    )


def _answers(command: ApplyAuthority, remedy: Remedy, approval: Approval) -> bool:
    """Whether it is the answer to what was asked last; one question may overtake another."""
    asked_minor = wanted_minor(remedy, approval.decision)
    return approval.asked == command.agent and command.amount_minor in (None, asked_minor)


def _second_person(
    state: Remedies, remedy: Remedy, command: ApplyAuthority, facts: Facts
) -> SecondPersonAsked:
    seconds = dispute_rule(remedy, facts).second_person_seconds
    return SecondPersonAsked(
        consumer=state.consumer,
        order=state.order,
        at=facts.now,
        remedy=remedy.number,
        agent=command.agent,
        limit=command.limit,
        rule=command.rule,
        clock=Clock(ClockKind.AUTHORITY, facts.now + timedelta(seconds=seconds), command.rule),
    )


def _unused(state: Remedies, command: ApplyAuthority, facts: Facts) -> list[RemedyEvent]:
    counted = not command.limit and command.amount_minor
    if not counted or command.spent_at is None or command.counted_at is None:
        return []
    return [
        AuthorityUnused(
            consumer=state.consumer,
            order=state.order,
            at=facts.now,
            remedy=command.remedy,
            agent=command.agent,
            amount_minor=counted,
            currency=state.currency,
            spent_at=command.spent_at,
            counted_at=command.counted_at,
        )
    ]
