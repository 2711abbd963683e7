"""The end of a case: why it was resolved, and the window in which it can come back."""

from datetime import datetime
from uuid import UUID

from oncedesk.domain.conversations import clocks
from oncedesk.domain.conversations.access import is_consumer, works_on
from oncedesk.domain.conversations.asking import end_wait
from oncedesk.domain.conversations.messages import (
    CaseResolved,
    ClosingReason,
    ConfirmSolved,
    ConversationEvent,
    ReferralEnded,
    ReferralOutcome,
    ResolveCase,
    SolvedConfirmed,
    StopReason,
    UnassignReason,
    WaitOutcome,
    WithdrawClaim,
)
from oncedesk.domain.conversations.routing import unassign
from oncedesk.domain.conversations.state import Case, Conversation
from oncedesk.domain.shared.allowing import NOT_ALLOWED
from oncedesk.domain.shared.decider import Actor, Facts, Refusal, Role
from oncedesk.domain.shared.rulepack import Pack

_BY_ITSELF_ONLY = (
    ClosingReason.NO_REPLY,
    ClosingReason.DECIDED_BY_RULE,
    ClosingReason.DECIDED_ELSEWHERE,
)
_DECISION_AWAITED = Refusal("promise_unmet", "the decision that a remedy waits for")


def resolve_case(
    *, state: Conversation, case: Case, command: ResolveCase, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """Done, for a reason that an agent may give, with nothing promised left open."""
    if not works_on(case=case, command=command, facts=facts):
        return NOT_ALLOWED
    if command.reason is ClosingReason.WITHDRAWN:
        return Refusal("only_consumer_withdraws", field="reason")
    if command.reason in _BY_ITSELF_ONLY and facts.actor.role is not Role.SYSTEM:
        return Refusal("reason_not_yours", "what a clock or a rule closes", "reason")
    if case.call_back:
        return Refusal("promise_unmet", "the call-back that was promised")
    if case.needed:
        return _DECISION_AWAITED
    return resolved(
        case=case,
        reason=command.reason,
        by=facts.actor,
        agent=case.agent or command.agent,
        pack=facts.packs.current(state.market),
        now=facts.now,
    )


def withdraw_claim(
    *, state: Conversation, case: Case, command: WithdrawClaim, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """The consumer wants nothing more; saying so again changes nothing. What a remedy waits for is
    decided all the same, unless they withdraw that.
    """
    if not is_consumer(consumer=command.consumer, facts=facts):
        return NOT_ALLOWED
    if not case.is_open:
        return []
    if case.needed:
        return _DECISION_AWAITED
    return resolved(
        case=case,
        reason=ClosingReason.WITHDRAWN,
        by=facts.actor,
        agent=case.agent,
        pack=facts.packs.current(state.market),
        now=facts.now,
    )


def confirm_solved(
    *, case: Case, command: ConfirmSolved, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """Noted. The window stays open: things break again."""
    if not is_consumer(consumer=command.consumer, facts=facts):
        return NOT_ALLOWED
    if case.is_open:
        return Refusal("case_open", "a case that we say is solved")
    return [SolvedConfirmed(case=case.number, at=facts.now)]


def resolved(
    *,
    case: Case,
    reason: ClosingReason,
    by: Actor,
    agent: UUID | None,
    pack: Pack,
    now: datetime,
    waited: WaitOutcome = WaitOutcome.RESOLVED,
) -> list[ConversationEvent]:
    """Let go of everything that belongs to an open case, and start the recontact window."""
    return [
        *end_wait(case=case, outcome=waited, now=now),
        *end_referral(case=case, now=now),
        *unassign(case=case, reason=UnassignReason.RESOLVED, now=now),
        *clocks.stop(case=case, clocks=case.clocks, reason=StopReason.RESOLVED, now=now),
        CaseResolved(case=case.number, at=now, reason=reason, desk=case.owner, by=by, agent=agent),
        clocks.start_window(number=case.number, pack=pack, now=now),
    ]


def end_referral(*, case: Case, now: datetime) -> list[ConversationEvent]:
    """Nobody needs the answer any more."""
    if case.referral is None:
        return []
    return [
        ReferralEnded(
            case=case.number,
            at=now,
            desk=case.referral.desk,
            outcome=ReferralOutcome.WITHDRAWN,
        )
    ]
