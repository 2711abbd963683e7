"""Whose hands a case is in: the dispatcher brings it, it goes back to the queue, or it rests."""

from datetime import timedelta
from uuid import UUID

from oncedesk.domain.conversations import clocks
from oncedesk.domain.conversations.access import is_staff, noting_desk, supervises, works_on
from oncedesk.domain.conversations.messages import (
    AssignCase,
    AssignmentDeclined,
    Audience,
    CaseAssigned,
    CaseStatus,
    ConversationEvent,
    DeclineReason,
    FollowUp,
    FollowUpSet,
    ReturnToQueue,
    Side,
    StopReason,
    UnassignReason,
)
from oncedesk.domain.conversations.routing import route, unassign
from oncedesk.domain.conversations.state import Case, Conversation
from oncedesk.domain.conversations.texts import refuse_said, say
from oncedesk.domain.shared.allowing import NOT_ALLOWED
from oncedesk.domain.shared.decider import Facts, Refusal, Role
from oncedesk.domain.shared.gate.rules import Speaker
from oncedesk.domain.shared.refs import Desk
from oncedesk.domain.shared.rulepack import ClockKind

FOLLOW_UP_KEPT = timedelta(hours=24)
"""An agent keeps a case that is looked at again within a day; a longer rest frees the place."""

FOLLOW_UP_MAX = timedelta(days=90)
FOLLOW_UP_RULE = "follow_up"

_RETURNS = (
    UnassignReason.RETURNED,
    UnassignReason.SHIFT_END,
    UnassignReason.ABSENT,
    UnassignReason.LEFT_DESK,
)


def assign_case(
    *, state: Conversation, case: Case | None, command: AssignCase, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """Give it to the agent whose place is reserved; if it cannot be, say so as an event."""
    if facts.actor.role is not Role.SYSTEM:
        return NOT_ALLOWED
    if case is not None and case.is_open and case.agent == command.agent:
        return []
    reason = why_declined(case=case, agent=command.agent, desk=command.desk, given=command.given)
    if reason is not None:
        declined = AssignmentDeclined(
            case=command.case, at=facts.now, agent=command.agent, reason=reason
        )
        return [declined]
    assigned = CaseAssigned(case=command.case, at=facts.now, agent=command.agent)
    if case is not None and case.agent is not None:
        left = unassign(case=case, reason=UnassignReason.REASSIGNED, now=facts.now)
        return [*left, assigned]
    if case is None or not any(clock.reminders for clock in case.clocks):
        return [assigned]
    pack = facts.packs.current(state.market)
    return [assigned, *clocks.somebody_there(case=case, pack=pack, now=facts.now)]


def return_to_queue(
    *, state: Conversation, case: Case, command: ReturnToQueue, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """The agent lets go of it, is away, or a supervisor of the desk takes it out of their hands.

    A reaction that comes too late finds nothing to do.
    """
    if not is_staff(agent=command.agent, facts=facts):
        return NOT_ALLOWED
    if command.reason not in _RETURNS:
        return Refusal("reason_invalid", ", ".join(_RETURNS), "reason")
    reason = command.reason
    if case.agent is None or command.agent not in (None, case.agent):
        if facts.actor.role is Role.SYSTEM:
            return []
        if case.agent is None or not supervises(agent=command.agent, desk=case.owner, facts=facts):
            return Refusal("not_assigned")
        reason = UnassignReason.REASSIGNED
    events: list[ConversationEvent] = []
    note = command.note
    if command.digest is not None:
        refused = refuse_said(command)
        if refused is not None:
            return refused
        said = say(
            case=case.number,
            command=command,
            audience=Audience.INTERNAL,
            speaker=Speaker.NOTE,
            market=state.market,
            facts=facts,
            desk=noting_desk(case=case, agent=command.agent, facts=facts),
        )
        if isinstance(said, Refusal):
            return said
        events += said
        note = facts.command_id
    events += unassign(case=case, reason=reason, now=facts.now, note=note)
    if case.status is CaseStatus.ASSIGNED:
        pack = facts.packs.current(state.market)
        events.append(route(case=case, pack=pack, now=facts.now, prefer_last=False))
    return events


def follow_up(
    *, state: Conversation, case: Case, command: FollowUp, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """Rest it until then. All other clocks run on."""
    if not works_on(case=case, command=command, facts=facts):
        return NOT_ALLOWED
    now = facts.now
    if command.at <= now:
        return Refusal("time_in_past", "a time to come", "at")
    if command.at > now + FOLLOW_UP_MAX:
        return Refusal("time_too_far", f"within {FOLLOW_UP_MAX.days} days", "at")
    if case.asked is not None:
        return Refusal("waiting_for_consumer", "a case that does not wait for the consumer")
    kept = command.at - now <= FOLLOW_UP_KEPT
    earlier = [clock for clock in case.clocks if clock.kind is ClockKind.FOLLOW_UP]
    return [
        *clocks.stop(case=case, clocks=earlier, reason=StopReason.SUPERSEDED, now=now),
        FollowUpSet(
            case=case.number, at=now, due_at=command.at, agent=case.agent if kept else None
        ),
        clocks.start_plain(
            number=case.number,
            kind=ClockKind.FOLLOW_UP,
            side=Side.DESK,
            due_at=command.at,
            rule=FOLLOW_UP_RULE,
            pack=facts.packs.current(state.market),
            now=now,
        ),
        *([] if kept else unassign(case=case, reason=UnassignReason.FOLLOW_UP, now=now)),
    ]


def why_declined(
    *, case: Case | None, agent: UUID, desk: Desk | None, given: bool
) -> DeclineReason | None:
    """Why this agent does not get it at that desk; None where they do."""
    if case is None or not case.is_open:
        return DeclineReason.CASE_CLOSED
    if case.barred == agent:
        return DeclineReason.BARRED
    if case.agent is not None and not given:
        return DeclineReason.ASSIGNED_ALREADY
    if desk is not None and desk != case.owner:
        return DeclineReason.DESK_CHANGED
    if case.status is not CaseStatus.QUEUED and not given:
        return DeclineReason.NOT_QUEUED
    return None
