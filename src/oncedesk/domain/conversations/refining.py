"""What a case is about turns out otherwise: by an agent, or by the consumer's own words."""

from msgspec.structs import replace

from oncedesk.domain.conversations import clocks, routing
from oncedesk.domain.conversations.access import governs
from oncedesk.domain.conversations.attribution import Parties, attribute, find_owner
from oncedesk.domain.conversations.joining import UNCLEAR
from oncedesk.domain.conversations.messages import (
    REFINED,
    Attributed,
    CaseStatus,
    Channel,
    ConversationEvent,
    CorrectAttribution,
    Party,
    PartyKind,
    Reclassified,
    Reclassify,
    Side,
    Transferred,
    UnassignReason,
)
from oncedesk.domain.conversations.state import Case, Conversation
from oncedesk.domain.shared.allowing import NOT_ALLOWED
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.refs import Desk, DeskKind
from oncedesk.domain.shared.rulepack import Pack

_BOTH = (Side.CONSUMER, Side.DESK)

FOUND_RULE = "found"
"""The rule id of an attribution that somebody found, as against presumed."""


def reclassify_case(
    *, state: Conversation, case: Case, command: Reclassify, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """Another issue: perhaps more urgent, with deadlines that may come closer. The owner stays."""
    if not governs(case=case, command=command, facts=facts):
        return NOT_ALLOWED
    if command.issue == case.issue:
        return []
    return _reclassified(
        case=case,
        issue=command.issue,
        sides=_BOTH,
        pack=facts.packs.current(state.market),
        facts=facts,
    )


def is_refined_by(*, case: Case, issue: str) -> bool:
    """The consumer says more clearly what it is about before anybody had it or decided whose it is.

    Where a regulator has heard of it, it stays where it is, too.
    """
    return (
        case.issue in UNCLEAR
        and issue not in UNCLEAR
        and case.status is CaseStatus.QUEUED
        and not (case.placed or case.answered)
        and case.outside is not Channel.REGULATOR
    )


def refine(
    *, case: Case, issue: str, parties: Parties, pack: Pack, facts: Facts
) -> list[ConversationEvent]:
    """Attribute it anew, and send it to the desk it belongs to."""
    now = facts.now
    rule = pack.issue(issue)
    owner = find_owner(rule=rule, parties=parties, pack=pack, states=facts.states, now=now)
    attributed = attribute(
        number=case.number, owner=owner, rule=rule, parties=parties, by=facts.actor, now=now
    )
    if owner.desk == case.owner:
        return [
            *_reclassified(case=case, issue=issue, sides=_BOTH, pack=pack, facts=facts),
            attributed,
        ]
    changed = replace(case, issue=issue, priority=min(case.priority, rule.priority))
    return [
        *routing.leave_desk(case=case, reason=UnassignReason.TRANSFERRED, pack=pack, now=now),
        *_reclassified(case=case, issue=issue, sides=(Side.CONSUMER,), pack=pack, facts=facts),
        attributed,
        Transferred(
            case=case.number,
            at=now,
            from_desk=case.owner,
            to_desk=owner.desk,
            reason=REFINED,
        ),
        *routing.enter_desk(case=changed, desk=owner.desk, pack=pack, now=now),
    ]


def correct_attribution(
    *, state: Conversation, case: Case, command: CorrectAttribution, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """What somebody found counts from now on; a new owner gets the case."""
    if not governs(case=case, command=command, facts=facts):
        return NOT_ALLOWED
    if sum(share.percent for share in command.liable) != 100:
        return Refusal("shares_not_100", "percentages that add up to 100", "liable")
    refused = routing.refuse_move(
        state=state, case=case, command=command, desk=command.owner, facts=facts
    )
    if refused is not None and command.owner != case.owner:
        return refused
    named = (command.cause, *(share.who for share in command.liable))
    if not (
        all(_is_about(state, case, who) for who in named)
        or routing.may_name_any(case=case, command=command, facts=facts)
    ):
        return Refusal("desk_unrelated", "the merchant and creator that this is about", "liable")
    now = facts.now
    attributed = Attributed(
        case=case.number,
        at=now,
        owner=command.owner,
        owner_reasons=command.reasons,
        cause=command.cause,
        cause_reasons=command.reasons,
        liable=command.liable,
        rule=FOUND_RULE,
        by=facts.actor,
    )
    if command.owner == case.owner:
        return [attributed]
    pack = facts.packs.current(state.market)
    return [
        *routing.leave_desk(case=case, reason=UnassignReason.TRANSFERRED, pack=pack, now=now),
        attributed,
        Transferred(
            case=case.number,
            at=now,
            from_desk=case.owner,
            to_desk=command.owner,
            reason="attribution_corrected",
        ),
        *routing.enter_desk(
            case=case,
            desk=command.owner,
            pack=pack,
            now=now,
            left_seconds=state.left_of(case.number, command.owner),
        ),
    ]


def _is_about(state: Conversation, about: Case, who: Party) -> bool:
    """Whoever is liable reads the case: a merchant or creator is one of the conversation's, or has
    the case, which may have been another's than what was said later."""
    match who.kind:
        case PartyKind.MERCHANT | PartyKind.CREATOR:
            desk = Desk(DeskKind(who.kind.value), who.id)
            return who.id in (None, about.owner.party) or routing.is_about(
                state=state, case=about, desk=desk
            )
        case _:
            return True


def _reclassified(
    *, case: Case, issue: str, sides: tuple[Side, ...], pack: Pack, facts: Facts
) -> list[ConversationEvent]:
    """Deadlines move on these sides; where the desk keeps the case, its queue learns of it."""
    now = facts.now
    priority = min(case.priority, pack.issue(issue).priority)
    events: list[ConversationEvent] = [
        Reclassified(case=case.number, at=now, issue=issue, priority=priority),
        *clocks.bring_forward(case=case, issue=issue, sides=sides, pack=pack, now=now),
    ]
    if Side.DESK in sides and case.status is CaseStatus.QUEUED:
        changed = replace(case, issue=issue, priority=priority)
        events.append(routing.route(case=changed, pack=pack, now=now, prefer_last=True))
    return events
