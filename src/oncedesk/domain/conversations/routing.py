"""Into which queue a case goes, how urgently, and how it moves from one desk to another."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.conversations import clocks
from oncedesk.domain.conversations.access import is_member
from oncedesk.domain.conversations.attribution import Parties, answer_by
from oncedesk.domain.conversations.messages import (
    AgentCommand,
    CaseUnassigned,
    Channel,
    ClockPaused,
    ClockStarted,
    ConsumerTold,
    ContactKind,
    ConversationEvent,
    Notice,
    Origin,
    PriorityRaised,
    ReferralEnded,
    ReferralOutcome,
    RoutedTo,
    Side,
    StopReason,
    TakenOver,
    TakeOverCause,
    UnassignReason,
)
from oncedesk.domain.conversations.state import Case, Clock, Conversation, Named
from oncedesk.domain.conversations.subjects import SubjectKind
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.facts_seen import DeskSeen, desk_seen
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.domain.shared.rulepack import ClockKind, Pack

PRIORITY_REGULATOR = 0
PRIORITY_REPEAT = 1
PRIORITY_LAST = 9

_AUTHORITIES = (Channel.REGULATOR, Channel.CHARGEBACK)
_REPEATS = (ContactKind.CHASER, ContactKind.RECONTACT, ContactKind.OUTSIDE)


def contact_priority(*, priority: int, kind: ContactKind | None, channel: Channel) -> int:
    """Regulator and repeat complaints first; 0 is served before 1."""
    if channel in _AUTHORITIES:
        return PRIORITY_REGULATOR
    return min(priority, PRIORITY_REPEAT) if kind in _REPEATS else priority


def complaint_priority(case: Case) -> int:
    """How late it may be served by how its consumer came, and not by its clocks."""
    if case.outside in _AUTHORITIES:
        return PRIORITY_REGULATOR
    return PRIORITY_REPEAT if case.outside is not None or case.failed else PRIORITY_LAST


def raise_priority(*, case: Case, to: int, now: datetime) -> list[ConversationEvent]:
    """Serve it earlier; never later."""
    if to >= case.priority:
        return []
    return [PriorityRaised(case=case.number, at=now, priority=to)]


def route(*, case: Case, pack: Pack, now: datetime, prefer_last: bool) -> RoutedTo:
    """Into its owner's queue, under the skill that the issue asks for."""
    rule = pack.issue(case.issue)
    return RoutedTo(
        case=case.number,
        at=now,
        desk=case.owner,
        skill=rule.skill,
        language=case.language or pack.language,
        priority=case.priority,
        pack=pack.hash,
        preferred=(case.agent or case.preferred) if prefer_last else None,
    )


def refuse_desk(*, desk: Desk, facts: Facts) -> Refusal | None:
    """A case goes to a desk that is there and takes work; the platform's always does."""
    if desk == PLATFORM:
        return None
    seen = desk_seen(facts.states, desk)
    if seen is None:
        return Refusal("desk_unknown", field="desk")
    return None if seen.open else Refusal("desk_closed", "a desk that takes work", "desk")


def refuse_move(
    *, state: Conversation, case: Case, command: AgentCommand, desk: Desk, facts: Facts
) -> Refusal | None:
    """Who has a case reads it: a party's desk gives its own to the platform's and to those that the
    conversation is about, or back to whoever asked; the platform's people give any to any.
    """
    known = is_about(state=state, case=case, desk=desk)
    back = case.referral is not None and case.referral.back_to == desk
    if not (known or back or may_name_any(case=case, command=command, facts=facts)):
        return Refusal("desk_unrelated", "the platform's, or one that this is about", "desk")
    return refuse_desk(desk=desk, facts=facts)


def is_about(*, state: Conversation, case: Case, desk: Desk) -> bool:
    """Whether it is sure that this case is about that party, or the platform is meant."""
    return parties_of(state=state, case=case).desk(desk.kind) == desk


def parties_of(*, state: Conversation, case: Case) -> Parties:
    """Whose this case is, as far as is sure. Where it is about no order, whose it was said to be.
    Where that is not kept, who was named last, if it is the newest and was not split off another,
    else only the party that has it; and whose a listing or a live session is.
    """
    kind = state.subject.kind
    if kind is SubjectKind.ORDER:
        return Parties(state.merchant, state.creator)
    said: Named | Conversation | None = state.named_in(case.number)
    if said is None and case.number == state.last_case and case.origin is not Origin.SPLIT:
        said = state
    merchant = None if said is None else said.merchant
    creator = None if said is None else said.creator
    if kind is SubjectKind.LISTING:
        merchant = state.merchant or merchant
    elif kind is SubjectKind.LIVE:
        creator = state.creator or creator
    match case.owner.kind:
        case DeskKind.MERCHANT:
            return Parties(case.owner.party, creator)
        case DeskKind.CREATOR:
            return Parties(merchant, case.owner.party)
        case DeskKind.PLATFORM:
            return Parties(merchant, creator)


def may_name_any(*, case: Case, command: AgentCommand, facts: Facts) -> bool:
    """The platform's people bring in whom it was not about, and so may who has its case."""
    return case.owner == PLATFORM or is_member(agent=command.agent, desk=PLATFORM, facts=facts)


def unassign(
    *, case: Case, reason: UnassignReason, now: datetime, note: UUID | None = None
) -> list[ConversationEvent]:
    """The agent's place becomes free; nothing if nobody had the case."""
    if case.agent is None:
        return []
    return [CaseUnassigned(case=case.number, at=now, agent=case.agent, reason=reason, note=note)]


def wake_up(*, case: Case, pack: Pack, now: datetime) -> list[ConversationEvent]:
    """A case that rested until a follow-up does not wait for it when something new is owed."""
    resting = [clock for clock in case.clocks if clock.kind is ClockKind.FOLLOW_UP]
    if not resting:
        return []
    events = clocks.stop(case=case, clocks=resting, reason=StopReason.SUPERSEDED, now=now)
    if case.agent is None:
        events.append(route(case=case, pack=pack, now=now, prefer_last=True))
    return events


def leave_desk(
    *,
    case: Case,
    reason: UnassignReason,
    pack: Pack,
    now: datetime,
    referral: ReferralOutcome = ReferralOutcome.WITHDRAWN,
    answer: UUID | None = None,
) -> list[ConversationEvent]:
    """What ends when a case leaves its desk: the assignment, a referral, and the desk's clocks.

    The consumer's clocks run on; a question to the consumer stays asked. What the desk had left to
    resolve it is remembered, should it get it back.
    """
    events = unassign(case=case, reason=reason, now=now)
    if case.referral is not None:
        ended = ReferralEnded(
            case=case.number, at=now, desk=case.referral.desk, outcome=referral, answer=answer
        )
        events.append(ended)
    left = [clock for clock in case.clocks if clock.side is not Side.CONSUMER]
    return events + clocks.stop(
        case=case,
        clocks=left,
        reason=StopReason.HANDED_OVER,
        now=now,
        left_seconds=clocks.left_to_resolve(case=case, pack=pack, now=now),
    )


def enter_desk(
    *,
    case: Case,
    desk: Desk,
    pack: Pack,
    now: datetime,
    preferred: UUID | None = None,
    left_seconds: int | None = None,
) -> list[ConversationEvent]:
    """Queue it there and start that desk's clocks; while the consumer is asked they stand still.

    A desk that had it before resolves it in what it had left then.
    """
    moved = replace(case, owner=desk, agent=None, preferred=preferred)
    events: list[ConversationEvent] = [route(case=moved, pack=pack, now=now, prefer_last=True)]
    if case.asked is None:
        kind = clocks.response_kind(case)
        events += clocks.start_in(case=moved, pack=pack, kind=kind, side=Side.DESK, now=now)
    for started in clocks.start_in(
        case=moved,
        pack=pack,
        kind=ClockKind.RESOLUTION,
        side=Side.DESK,
        now=now,
        seconds_max=left_seconds,
    ):
        events.append(started)
        if case.asked is not None:
            events.append(
                clocks.pause(
                    case=moved, pack=pack, clock=started.clock, due_at=started.due_at, now=now
                )
            )
    return events


def take_over(
    *,
    case: Case,
    cause: TakeOverCause,
    pack: Pack,
    now: datetime,
    seen: DeskSeen | None = None,
    clock: Clock | None = None,
    reason: str = "",
) -> list[ConversationEvent]:
    """The platform steps in, and the consumer is told who has it now and by when it answers.

    `seen` is its desk, where it is not sure that somebody is there.
    """
    left = leave_desk(case=case, reason=UnassignReason.TAKEN_OVER, pack=pack, now=now)
    taken = TakenOver(
        case=case.number,
        at=now,
        from_desk=case.owner,
        by=PLATFORM,
        cause=cause,
        clock=None if clock is None else clock.kind,
        side=None if clock is None else clock.side,
        reason=reason,
    )
    entered = enter_desk(case=case, desk=PLATFORM, pack=pack, now=now)
    told = tell(
        number=case.number,
        issue=case.issue,
        notice=Notice.TAKEN_OVER,
        desk=PLATFORM,
        seen=seen,
        events=entered,
        pack=pack,
        now=now,
    )
    return [*left, taken, *entered, told]


def tell(
    *,
    number: int,
    issue: str,
    notice: Notice,
    desk: Desk,
    seen: DeskSeen | None,
    events: Sequence[ConversationEvent],
    pack: Pack,
    now: datetime,
) -> ConsumerTold:
    """Tell the consumer by when something happens, as the clocks just started have it; by no time
    where these stand still, as it is the consumer's turn.

    Where `seen` says that nobody is at the desk before, it is when somebody will be.
    """
    standing = {(event.clock, event.side) for event in events if isinstance(event, ClockPaused)}
    ends = [
        event.due_at
        for event in events
        if isinstance(event, ClockStarted) and (event.clock, event.side) not in standing
    ]
    until = min(ends, default=None)
    if until is not None:
        until = answer_by(desk=desk, seen=seen, issue=issue, due_at=until, pack=pack)
    return ConsumerTold(case=number, at=now, notice=notice, desk=desk, until=until)
