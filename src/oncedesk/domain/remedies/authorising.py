"""An agent's yes: within the agent's authority it stands, above it a second person stands by it.

The authority is counted in the agent's own state, so it is asked there and answers here. Whatever
becomes of the answer, the remedy's own clock runs on: nobody waits for it.
"""

from datetime import timedelta
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.remedies.messages import RemedyEvent
from oncedesk.domain.remedies.messages.authorising import (
    ApproveGrant,
    AuthorityAsked,
    DeclineGrant,
    GrantDeclined,
)
from oncedesk.domain.remedies.messages.disputing import Decision
from oncedesk.domain.remedies.purchase import Purchase
from oncedesk.domain.remedies.requesting import approve
from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.remedies.words import CaseLink, Clock, ClockKind, DecidedBy, Status
from oncedesk.domain.shared.allowing import NOT_ALLOWED
from oncedesk.domain.shared.decider import Facts, Refusal, Role
from oncedesk.domain.shared.facts_seen import agent_seen
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.domain.shared.remedy_rules import DisputeRule

Answer = list[RemedyEvent] | Refusal
DECIDED_BEFORE = Refusal("decided_before", "somebody else than who decided first", "agent")
_BY = {
    DeskKind.PLATFORM: DecidedBy.PLATFORM,
    DeskKind.MERCHANT: DecidedBy.MERCHANT,
    DeskKind.CREATOR: DecidedBy.CREATOR,
}


def give(
    *, state: Remedies, remedy: Remedy, agent: UUID | None, purchase: Purchase, facts: Facts
) -> list[RemedyEvent]:
    """The desk that was asked says yes; a person's authority is asked first."""
    assert remedy.desk is not None
    by = _BY[remedy.desk.kind]
    if agent is None or facts.actor.role is not Role.AGENT or not _is_limited(remedy, facts):
        return approve(state=state, remedy=remedy.number, by=by, facts=facts, purchase=purchase)
    return [ask(state=state, remedy=remedy, agent=agent, by=by, facts=facts)]


def ask(
    *,
    state: Remedies,
    remedy: Remedy,
    agent: UUID,
    by: DecidedBy,
    facts: Facts,
    decision: Decision | None = None,
) -> AuthorityAsked:
    """Whether this agent may give it, or what this `decision` of a dispute gives beside before."""
    desk = remedy.desk if decision is None else PLATFORM
    assert desk is not None
    rule = dispute_rule(remedy, facts)
    due_at = facts.now + timedelta(seconds=rule.authority_seconds)
    return AuthorityAsked(
        consumer=state.consumer,
        order=state.order,
        at=facts.now,
        remedy=remedy.number,
        agent=agent,
        desk=desk,
        market=state.market,
        currency=state.currency,
        amount_minor=wanted_minor(remedy, decision),
        case_minor=given_to_case(state=state, case=remedy.case, beside=remedy.number),
        by=by,
        clock=Clock(ClockKind.AUTHORITY, due_at, rule.id),
        goodwill=remedy.goodwill,
        decision=decision,
    )


def wanted_minor(remedy: Remedy, decision: Decision | None) -> int:
    """How much somebody's yes gives: all of the remedy, or what a decision adds to what it gave."""
    if decision is None:
        return remedy.amount_minor
    return max(0, decision.amount_minor - remedy.granted_minor)


def beyond_authority(
    *,
    state: Remedies,
    remedy: Remedy,
    desk: Desk,
    amount_minor: int,
    agent: UUID | None,
    facts: Facts,
) -> Refusal | None:
    """What is only offered, or gives the consumer nothing: a case's limit holds, the day's does
    not; and never for oneself.
    """
    if agent is None or facts.actor.role is not Role.AGENT:
        return None
    seen = agent_seen(facts.states, agent)
    if seen is None or seen.is_close_to(state.consumer):
        return NOT_ALLOWED
    rules = facts.packs.by_hash(remedy.pack).remedies
    kind = desk.kind.value
    if desk.kind is not DeskKind.PLATFORM and all(
        one.desk != kind for one in rules.authority.values()
    ):
        return None
    role = "supervisor" if seen.supervises(desk, facts.now) else "agent"
    rule = rules.authority_of(desk=kind, role=role, currency=state.currency)
    if amount_minor > (0 if rule is None else rule.per_case_minor):
        return Refusal("authority_exceeded", "somebody who may decide so much", "agent")
    return None


def second_person(
    *, state: Remedies, remedy: Remedy, command: ApproveGrant | DeclineGrant, facts: Facts
) -> Answer:
    """Somebody else stands by it, within their own authority, or does not."""
    approval = remedy.approval
    if approval is None or not approval.waits:
        return Refusal("second_person_not_asked", "a grant above one person's authority")
    if command.agent is not None and command.agent == approval.first:
        return Refusal("second_person_same", "somebody else than who wants to give it", "agent")
    if remedy.dispute is not None and remedy.dispute.decided_before(command.agent):
        return DECIDED_BEFORE
    if isinstance(command, DeclineGrant):
        return [declined(state, remedy, command.reason, command.agent, facts)]
    if command.agent is None:
        return Refusal("agent_missing", "the second person", "agent")
    asked = ask(
        state=state,
        remedy=remedy,
        agent=command.agent,
        by=approval.by,
        facts=facts,
        decision=approval.decision,
    )
    return [replace(asked, second=True)]


def unanswered(*, state: Remedies, remedy: Remedy, facts: Facts) -> list[RemedyEvent]:
    """Nobody has stood by it in time: it is as undecided as before."""
    return [declined(state, remedy, "nobody_in_time", None, facts)]


def _is_limited(remedy: Remedy, facts: Facts) -> bool:
    """The platform's people always; a merchant's own, where the pack limits what they give."""
    assert remedy.desk is not None
    if remedy.desk.kind is DeskKind.PLATFORM:
        return True
    rules = facts.packs.by_hash(remedy.pack).remedies
    kind = remedy.desk.kind.value
    return any(rule.desk == kind for rule in rules.authority.values())


def given_to_case(*, state: Remedies, case: CaseLink | None, beside: int) -> int:
    """What was given before on this case, beside the remedy of this number."""
    if case is None:
        return 0
    return sum(
        one.amount_minor
        for one in state.live
        if one.case == case
        and one.number != beside
        and one.status not in (Status.REQUESTED, Status.REFUSED)
    )


def declined(
    state: Remedies, remedy: Remedy, reason: str, agent: UUID | None, facts: Facts
) -> GrantDeclined:
    """It is as undecided as before."""
    return GrantDeclined(
        consumer=state.consumer,
        order=state.order,
        at=facts.now,
        remedy=remedy.number,
        reason=reason,
        agent=agent,
    )


def dispute_rule(remedy: Remedy, facts: Facts) -> DisputeRule:
    return facts.packs.by_hash(remedy.pack).remedies.dispute
