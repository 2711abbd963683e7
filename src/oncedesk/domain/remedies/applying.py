"""An agent's authority has answered: what was wanted happens, or a second person is asked for it.

What was decided meanwhile stays decided; then the agent has what was counted to give again.
"""

from datetime import timedelta
from typing import assert_never

from oncedesk.domain.remedies.authorising import declined, dispute_rule, wanted_minor
from oncedesk.domain.remedies.contesting import uphold
from oncedesk.domain.remedies.counter_offers import offer_asked
from oncedesk.domain.remedies.disputing import decide_as
from oncedesk.domain.remedies.messages import RemedyEvent
from oncedesk.domain.remedies.messages.asking import CounterOffer, Spent
from oncedesk.domain.remedies.messages.authorising import (
    ApplyAuthority,
    AuthorityUnused,
    GrantDeclined,
    SecondPersonAsked,
    Upheld,
)
from oncedesk.domain.remedies.messages.disputing import Decision
from oncedesk.domain.remedies.purchase import Purchase
from oncedesk.domain.remedies.requesting import approve
from oncedesk.domain.remedies.state import Approval, Remedies, Remedy
from oncedesk.domain.remedies.words import Clock, ClockKind, DecidedBy
from oncedesk.domain.shared.decider import Facts

NEVER_ALONE = ("own_account", "not_member")
"""What no second person makes good: somebody else has to give it."""


def apply_authority(
    *, state: Remedies, command: ApplyAuthority, purchase: Purchase, facts: Facts
) -> list[RemedyEvent]:
    """What follows from the answer; where nobody waits for it, that it does not count."""
    remedy = state.remedy(command.remedy)
    approval = None if remedy is None else remedy.approval
    if remedy is None or approval is None or not _answers(command, remedy, approval):
        return _unused(state, command, facts)
    if command.limit in NEVER_ALONE or (command.limit and approval.second is not None):
        return [declined(state, remedy, command.limit, command.agent, facts)]
    if command.limit:
        return [_second_person(state, remedy, command, facts)]
    return _allowed(state, remedy, approval, command, purchase, facts)


def _allowed(
    state: Remedies,
    remedy: Remedy,
    approval: Approval,
    command: ApplyAuthority,
    purchase: Purchase,
    facts: Facts,
) -> list[RemedyEvent]:
    """What was wanted happens; what is in dispute by now the platform decides, not grants."""
    found: list[RemedyEvent]
    match approval.wanted:
        case None if remedy.disputed and approval.by is DecidedBy.PLATFORM:
            found = [declined(state, remedy, "in_dispute", approval.first, facts)]
        case None:
            return approve(
                state=state, remedy=remedy.number, by=approval.by, facts=facts, purchase=purchase
            )
        case Decision():
            found = decide_as(state=state, remedy=remedy, purchase=purchase, facts=facts)
        case Upheld() as upheld:
            found = uphold(
                state=state, remedy=remedy, upheld=upheld, facts=facts, purchase=purchase
            )
        case CounterOffer() as offer:
            found = offer_asked(
                state=state,
                remedy=remedy,
                offer=offer,
                spent=_spent(command),
                purchase=purchase,
                facts=facts,
            )
        case wanted:
            assert_never(wanted)
    declined_after_all = isinstance(found[0], GrantDeclined)
    return [*found, *_unused(state, command, facts)] if declined_after_all else found


def _answers(command: ApplyAuthority, remedy: Remedy, approval: Approval) -> bool:
    """Whether it is the answer to what was asked last; one question may overtake another."""
    asked_minor = wanted_minor(remedy, approval.wanted)
    return approval.asked == command.agent and command.amount_minor in (None, asked_minor)


def _second_person(
    state: Remedies, remedy: Remedy, command: ApplyAuthority, facts: Facts
) -> SecondPersonAsked:
    seconds = dispute_rule(remedy, facts).second_person_seconds
    return SecondPersonAsked(
        **state.about(remedy.number, facts.now),
        agent=command.agent,
        limit=command.limit,
        rule=command.rule,
        clock=Clock(ClockKind.AUTHORITY, facts.now + timedelta(seconds=seconds), command.rule),
    )


def _spent(command: ApplyAuthority) -> Spent | None:
    """What was counted, where that was told."""
    if not command.amount_minor or command.spent_at is None or command.counted_at is None:
        return None
    return Spent(command.agent, command.amount_minor, command.spent_at, command.counted_at)


def _unused(state: Remedies, command: ApplyAuthority, facts: Facts) -> list[RemedyEvent]:
    spent = None if command.limit else _spent(command)
    if spent is None:
        return []
    return [
        AuthorityUnused(
            **state.about(command.remedy, facts.now),
            agent=spent.agent,
            amount_minor=spent.amount_minor,
            currency=state.currency,
            spent_at=spent.at,
            counted_at=spent.counted_at,
        )
    ]
