"""An agent's yes: within the agent's authority it stands, above it a second person stands by it.

The authority is counted in the agent's own state, so it is asked there and answers here. Whatever
becomes of the answer, the remedy's own clock runs on: nobody waits for it.
"""

from datetime import timedelta
from typing import assert_never
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.remedies.messages import Answer, RemedyEvent
from oncedesk.domain.remedies.messages.asking import CounterOffer
from oncedesk.domain.remedies.messages.authorising import (
    ApproveGrant,
    AuthorityAsked,
    DeclineGrant,
    GrantDeclined,
    Upheld,
    Wanted,
)
from oncedesk.domain.remedies.messages.disputing import Decision
from oncedesk.domain.remedies.purchase import Purchase
from oncedesk.domain.remedies.requesting import approve, borne
from oncedesk.domain.remedies.state import ClosedRemedy, Remedies, Remedy
from oncedesk.domain.remedies.waiting import second_persons_desk
from oncedesk.domain.remedies.words import (
    CaseLink,
    Clock,
    ClockKind,
    DecidedBy,
    Share,
    Status,
)
from oncedesk.domain.shared.allowing import NOT_ALLOWED, PEOPLE
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.facts_seen import agent_seen
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.domain.shared.remedy_rules import DisputeRule

DECIDED_BEFORE = Refusal("decided_before", "somebody else than who decided first", "agent")
BY_DESK = {
    DeskKind.PLATFORM: DecidedBy.PLATFORM,
    DeskKind.MERCHANT: DecidedBy.MERCHANT,
    DeskKind.CREATOR: DecidedBy.CREATOR,
}


def give(
    *, state: Remedies, remedy: Remedy, agent: UUID | None, purchase: Purchase, facts: Facts
) -> Answer:
    """The desk that was asked says yes; a person's authority is asked first."""
    assert remedy.desk is not None
    desk = speaks_for(agent, desk=remedy.desk, facts=facts)
    limited = limited_to(agent, desk=desk, remedy=remedy, facts=facts)
    if limited is None:
        refused = too_close(agent, consumer=state.consumer, facts=facts)
        if refused is not None:
            return refused
        by = BY_DESK[desk.kind]
        return approve(state=state, remedy=remedy.number, by=by, facts=facts, purchase=purchase)
    return [ask(state=state, remedy=remedy, agent=limited, desk=desk, facts=facts)]


def borne_by_yes(remedy: Remedy) -> tuple[Share, ...]:
    """Who bears it once it is granted as it stands: by who wants to give it, else by the desk that
    is asked."""
    approval = remedy.approval
    if remedy.status is not Status.REQUESTED or remedy.desk is None or remedy.disputed:
        return remedy.shares
    if approval is not None and approval.wanted is None:
        return borne(remedy, approval.by)
    return borne(remedy, BY_DESK[remedy.desk.kind])


def speaks_for(agent: UUID | None, *, desk: Desk, facts: Facts) -> Desk:
    """In whose name somebody answers what this desk was asked: the platform's people, who may in
    every desk's place, never bind another.
    """
    if agent is None or facts.actor.role not in PEOPLE:
        return desk
    seen = agent_seen(facts.states, agent)
    return desk if seen is not None and seen.member_of(desk, facts.now) else PLATFORM


def ask(
    *,
    state: Remedies,
    remedy: Remedy,
    agent: UUID,
    desk: Desk,
    facts: Facts,
    wanted: Wanted | None = None,
) -> AuthorityAsked:
    """Whether this agent may give it in this desk's name; `wanted` where it is not as it stands."""
    rule = dispute_rule(remedy, facts)
    due_at = facts.now + timedelta(seconds=rule.authority_seconds)
    return AuthorityAsked(
        **state.about(remedy.number, facts.now),
        agent=agent,
        desk=desk,
        market=state.market,
        currency=state.currency,
        amount_minor=wanted_minor(remedy, wanted),
        case_minor=_given_to_case(state, remedy),
        by=BY_DESK[desk.kind],
        clock=Clock(ClockKind.AUTHORITY, due_at, rule.id),
        goodwill=remedy.goodwill,
        decision=wanted if isinstance(wanted, Decision) else None,
        upheld=wanted if isinstance(wanted, Upheld) else None,
        offer=wanted if isinstance(wanted, CounterOffer) else None,
    )


def wanted_minor(remedy: Remedy, wanted: Wanted | None) -> int:
    """How much somebody's yes gives: all of the remedy, or what a decision adds to what it gave."""
    match wanted:
        case None:
            return remedy.amount_minor
        case Decision():
            return max(0, wanted.amount_minor - remedy.granted_minor)
        case Upheld() | CounterOffer():
            return wanted.amount_minor
        case _:
            assert_never(wanted)


def limited_to(agent: UUID | None, *, desk: Desk, remedy: Remedy, facts: Facts) -> UUID | None:
    """The person whose authority counts for what this desk gives; None where no limit holds.

    The platform's people always; a merchant's own, where the pack limits what they give.
    """
    if agent is None or facts.actor.role not in PEOPLE:
        return None
    rules = facts.packs.by_hash(remedy.pack).remedies
    limits = desk.kind is DeskKind.PLATFORM or any(
        rule.desk == desk.kind.value for rule in rules.authority.values()
    )
    return agent if limits else None


def too_close(agent: UUID | None, *, consumer: UUID, facts: Facts) -> Refusal | None:
    """Nobody decides for themselves, or for an account close to them."""
    if agent is None or facts.actor.role not in PEOPLE:
        return None
    seen = agent_seen(facts.states, agent)
    return NOT_ALLOWED if seen is None or seen.is_close_to(consumer) else None


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
    if command.agent is not None and command.agent in remedy.granted_by:
        return DECIDED_BEFORE
    if isinstance(command, DeclineGrant):
        return [declined(state, remedy, command.reason, command.agent, facts)]
    if command.agent is None:
        return Refusal("agent_missing", "the second person", "agent")
    amount_minor = wanted_minor(remedy, approval.wanted)
    if command.expected_minor not in (None, amount_minor):
        return Refusal("amount_changed", f"it is {amount_minor} by now", "expected_minor")
    desk = second_persons_desk(remedy)
    assert desk is not None
    asked = ask(
        state=state,
        remedy=remedy,
        agent=command.agent,
        desk=desk,
        facts=facts,
        wanted=approval.wanted,
    )
    return [replace(asked, second=True)]


def unanswered(*, state: Remedies, remedy: Remedy, facts: Facts) -> list[RemedyEvent]:
    """Nobody has stood by it in time: it is as undecided as before."""
    return [declined(state, remedy, "nobody_in_time", None, facts)]


def _given_to_case(state: Remedies, remedy: Remedy) -> int:
    """What was given before on the case that this one belongs to, offered, or asked to be given."""
    given_minor = 0 if remedy.dispute is None else remedy.granted_minor
    if remedy.case is None and not remedy.goodwill:
        return given_minor
    return given_minor + given_to_case(state=state, case=remedy.case, beside=remedy.number)


def given_to_case(*, state: Remedies, case: CaseLink | None, beside: int) -> int:
    """What was given on this case, offered, or asked to be given, beside the remedy of this number.

    All goodwill for the order that belongs to no case is as if it belonged to one.
    """
    given_minor = sum(one.amount_minor for one in state.closed if _is_of(one, case))
    for one in state.live:
        if _is_of(one, case) and one.number != beside:
            given_minor += one.granted_minor
            if one.approval is not None:
                given_minor += wanted_minor(one, one.approval.wanted)
            elif one.counter_offer is not None:
                given_minor += one.counter_offer.amount_minor
    return given_minor


def _is_of(remedy: Remedy | ClosedRemedy, case: CaseLink | None) -> bool:
    return remedy.case == case and (case is not None or remedy.goodwill)


def declined(
    state: Remedies, remedy: Remedy, reason: str, agent: UUID | None, facts: Facts
) -> GrantDeclined:
    """It is as undecided as before."""
    return GrantDeclined(**state.about(remedy.number, facts.now), reason=reason, agent=agent)


def dispute_rule(remedy: Remedy, facts: Facts) -> DisputeRule:
    return facts.packs.by_hash(remedy.pack).remedies.dispute
