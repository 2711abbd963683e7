"""Two cases that are one problem become one; one case that is two becomes two."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from oncedesk.domain.conversations import clocks, opening, routing
from oncedesk.domain.conversations.access import governs
from oncedesk.domain.conversations.asking import end_wait, pause_desk
from oncedesk.domain.conversations.attribution import Parties
from oncedesk.domain.conversations.evolve import evolve
from oncedesk.domain.conversations.joining import has_room, owed_responses
from oncedesk.domain.conversations.messages import (
    CaseOpened,
    CasesMerged,
    CaseSplit,
    ClockMoved,
    ClockStarted,
    ConsumerAsked,
    ConversationEvent,
    Left,
    MergeCases,
    ObligationMissed,
    Origin,
    PartiesSeen,
    ReferralMode,
    Referred,
    Side,
    SplitCase,
    StopReason,
    TakeOverCause,
    UnassignReason,
    WaitOutcome,
)
from oncedesk.domain.conversations.resolving import end_referral
from oncedesk.domain.conversations.state import (
    CASES_LIVE_MAX,
    ENDS_BY_ITSELF,
    RESPONSES,
    Case,
    Clock,
    Conversation,
)
from oncedesk.domain.conversations.subjects import SubjectKind
from oncedesk.domain.shared.allowing import NOT_ALLOWED
from oncedesk.domain.shared.decider import Facts, Packs, Refusal
from oncedesk.domain.shared.facts_seen import desk_seen
from oncedesk.domain.shared.refs import PLATFORM, Desk
from oncedesk.domain.shared.rulepack import ClockKind, Pack


def merge_cases(
    *, state: Conversation, case: Case, command: MergeCases, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """`case` ends in the other, which keeps the earlier deadline: merging gains nobody time. It
    brings that to the platform's desk where a remedy in it needs somebody there. What waits for an
    answer in `case` waits on in the other, unless it is us who owe the consumer one there.
    """
    into = state.case(command.into)
    if into is None or into is case or not into.is_open:
        return Refusal("case_unknown", "another open case of this conversation", "into")
    if not governs(case=case, command=command, facts=facts) or not governs(
        case=into, command=command, facts=facts
    ):
        return NOT_ALLOWED
    if case.barred or into.barred:
        return Refusal("case_apart", "a case that needs no second person")
    if into.asked is not None:
        return Refusal("waiting_for_consumer", "a case that does not wait for the consumer", "into")
    now = facts.now
    pack = facts.packs.current(state.market)
    taken = _taken_along(case=case, into=into, pack=pack, facts=facts)
    for event in taken:
        state = evolve(state, event)
    into = state.case(command.into)
    assert into is not None
    named = _named(state=state, case=case, into=into, now=now)
    for event in named:
        state = evolve(state, event)
    events = [
        *named,
        *end_wait(case=case, outcome=WaitOutcome.MERGED, now=now),
        *end_referral(case=case, now=now),
        *routing.unassign(case=case, reason=UnassignReason.MERGED, now=now),
        *clocks.stop(case=case, clocks=case.clocks, reason=StopReason.MERGED, now=now),
        CasesMerged(
            case=case.number,
            at=now,
            into=into.number,
            origin=_origin(case=case, into=into),
            left=_left(state=state, case=case, into=into, pack=pack, now=now),
        ),
    ]
    started: list[ClockStarted] = []
    if case.responses:
        urgent = replace(into, priority=min(case.priority, into.priority))
        events += routing.wake_up(case=urgent, pack=pack, now=now)
        started = owed_responses(case=case, into=into, pack=pack, now=now)
    running = [(clock.kind, clock.side, clock.due_at) for clock in into.clocks]
    running += [(one.clock, one.side, one.due_at) for one in started]
    ran_on = _running(state=state, case=case, packs=facts.packs, now=now)
    moved = _earlier_deadlines(running, case=ran_on, into=into, now=now)
    waits_on = _still_asked(state=state, case=case, into=into, moved=moved, facts=facts)
    referred = _still_referred(state=state, case=case, into=into, facts=facts)
    again: list[ClockMoved | ClockStarted] = [*moved]
    again += [one for one in referred if isinstance(one, ClockStarted)]
    return [*taken, *_missed_once(events, again, into), *started, *moved, *waits_on, *referred]


def split_case(
    *, state: Conversation, case: Case, command: SplitCase, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """A second problem gets its own number, owner and clocks; the first keeps its contacts."""
    if not governs(case=case, command=command, facts=facts):
        return NOT_ALLOWED
    if not has_room(state):
        return Refusal("too_many_cases", f"at most {CASES_LIVE_MAX} at a time")
    number = state.last_case + 1
    new = opening.NewCase(
        number=number,
        issue=command.issue,
        language=case.language,
        parties=routing.parties_of(state=state, case=case),
        by=facts.actor,
        priority_max=routing.complaint_priority(case),
    )
    about_none = state.subject.kind is not SubjectKind.ORDER
    opened = CaseOpened(
        case=number,
        at=facts.now,
        issue=command.issue,
        origin=Origin.SPLIT,
        language=case.language,
        from_case=case.number,
        outside=case.outside,
        merchant=new.parties.merchant if about_none else None,
        creator=new.parties.creator if about_none else None,
    )
    return [
        *opening.make_room(state=state, now=facts.now),
        CaseSplit(case=case.number, at=facts.now, new_case=number),
        opened,
        *opening.settle(
            new=new,
            pack=facts.packs.current(state.market),
            states=facts.states,
            now=facts.now,
        ),
    ]


def _taken_along(*, case: Case, into: Case, pack: Pack, facts: Facts) -> list[ConversationEvent]:
    """The other's desk cannot decide what a remedy in `case` waits for."""
    if not case.needed or into.owner == PLATFORM:
        return []
    disputed = case.origin is Origin.DISPUTE
    return routing.take_over(
        case=replace(into, priority=min(case.priority, into.priority)),
        cause=TakeOverCause.DISPUTE if disputed else TakeOverCause.REMEDY,
        pack=pack,
        now=facts.now,
        seen=desk_seen(facts.states, PLATFORM),
    )


def _running(*, state: Conversation, case: Case, packs: Packs, now: datetime) -> Case:
    """The case as if what stands still in it ran on from now."""
    running: list[Clock] = []
    for clock in case.clocks:
        if clock.due_at is None:
            own = packs.by_hash(state.pack_of(clock))
            on = clocks.resume(case=case, pack=own, clock=clock, now=now)
            clock = replace(clock, due_at=on.due_at, warn_at=on.warn_at)
        running.append(clock)
    return replace(case, clocks=tuple(running))


def _still_asked(
    *,
    state: Conversation,
    case: Case,
    into: Case,
    moved: Sequence[ClockMoved],
    facts: Facts,
) -> list[ConversationEvent]:
    """The consumer is still asked what they were asked, and has as long as before to answer."""
    reply = case.clock(ClockKind.REPLY, Side.CONSUMER)
    owed = case.responses or into.responses or into.call_back
    if case.asked is None or reply is None or owed:
        return []
    now = facts.now
    follow_up = [clock for clock in into.clocks if clock.kind is ClockKind.FOLLOW_UP]
    own = facts.packs.by_hash(state.pack_of(reply))
    for event in moved:
        state = evolve(state, event)
    into = state.case(into.number) or into
    return [
        ConsumerAsked(
            case=into.number,
            at=now,
            question=case.asked.question,
            number=max(case.pauses, into.pauses),
            agent=case.asked.agent,
            from_case=case.number,
        ),
        *clocks.stop(case=into, clocks=follow_up, reason=StopReason.SUPERSEDED, now=now),
        *pause_desk(state=state, case=into, packs=facts.packs, now=now),
        clocks.carry(
            number=into.number, clock=reply, rule=own.asking.id, pack=own.hash, desk=None, now=now
        ),
    ]


def _still_referred(
    *, state: Conversation, case: Case, into: Case, facts: Facts
) -> list[ConversationEvent]:
    """Another desk is still asked what it was asked, by whoever has the other case, and what was
    handed over to that still goes back. What the desk that was asked loses by it, or has now, is
    asked no more; nor is anything by a desk that may not bring it in.
    """
    asked = case.referral
    if asked is None or into.referral is not None:
        return []
    stays = asked.mode is ReferralMode.STAY
    both = into.owner == case.owner
    if not both and not (stays and _may_ask(state=state, case=into, desk=asked.desk)):
        return []
    events: list[ConversationEvent] = [
        Referred(
            case=into.number,
            at=facts.now,
            from_desk=asked.back_to if both else into.owner,
            to_desk=asked.desk,
            mode=asked.mode,
            question=asked.question,
            agent=asked.agent if both else into.agent,
            from_case=case.number,
        )
    ]
    for clock in case.clocks:
        if clock.side is Side.REFERRAL:
            own = facts.packs.by_hash(state.pack_of(clock))
            rule = clocks.running_rule(pack=own, case=case, clock=clock)
            events.append(
                clocks.carry(
                    number=into.number,
                    clock=clock,
                    rule="" if rule is None else rule.id,
                    pack=own.hash,
                    desk=asked.desk,
                    now=facts.now,
                )
            )
    return events


def _left(
    *, state: Conversation, case: Case, into: Case, pack: Pack, now: datetime
) -> tuple[Left, ...]:
    """What desks without the other case have left to resolve it, where they had less for `case`."""
    had = {one.desk: one.seconds for one in state.left if one.case == case.number}
    if running := clocks.left_to_resolve(case=case, pack=pack, now=now):
        had[case.owner] = running
    had.pop(into.owner, None)
    own = {desk: state.left_of(into.number, desk) for desk in had}
    return tuple(
        Left(into.number, desk, seconds)
        for desk, seconds in had.items()
        if (known := own[desk]) is None or seconds < known
    )


def _may_ask(*, state: Conversation, case: Case, desk: Desk) -> bool:
    """Whether the desk that has the case asks another one about it, as it may itself."""
    if desk == case.owner:
        return False
    return case.owner == PLATFORM or routing.is_about(state=state, case=case, desk=desk)


def _named(*, state: Conversation, case: Case, into: Case, now: datetime) -> list[PartiesSeen]:
    """Whose the merged case was said to be, where that was not said of the other."""
    if state.subject.kind is SubjectKind.ORDER:
        return []
    known = routing.parties_of(state=state, case=into)
    said = routing.parties_of(state=state, case=case)
    both = Parties(known.merchant or said.merchant, known.creator or said.creator)
    if both == known:
        return []
    return [PartiesSeen(at=now, merchant=both.merchant, creator=both.creator, case=into.number)]


def _earlier_deadlines(
    running: Sequence[tuple[ClockKind, Side, datetime | None]],
    *,
    case: Case,
    into: Case,
    now: datetime,
) -> list[ClockMoved]:
    """The consumer was promised the earlier of the two."""
    moved: list[ClockMoved] = []
    for kind, side, due_at in running:
        other = _same_owed(case, kind, side)
        if kind not in clocks.OBLIGATIONS or other is None:
            continue
        if side is Side.DESK and case.owner != into.owner:
            continue
        if due_at is None or other.due_at is None or other.due_at >= due_at:
            continue
        moved.append(
            ClockMoved(
                case=into.number,
                at=now,
                clock=kind,
                side=side,
                due_at=other.due_at,
                warn_at=other.warn_at,
            )
        )
    return moved


def _missed_once(
    events: Sequence[ConversationEvent], moved: Sequence[ClockMoved | ClockStarted], into: Case
) -> list[ConversationEvent]:
    """What a desk has missed and goes on in the other case is counted when it runs out there."""
    again = {(clock.kind, clock.side) for clock in into.clocks if clock.reminders}
    later = {
        one.due_at
        for one in moved
        if one.side is not Side.CONSUMER and (one.clock, one.side) not in again
    }
    return [
        event
        for event in events
        if not (isinstance(event, ObligationMissed) and event.due_at in later)
    ]


def _same_owed(case: Case, kind: ClockKind, side: Side) -> Clock | None:
    """What this case owes of the same: an answer is one, whether the first or another."""
    if kind in RESPONSES:
        return next((one for one in case.responses if one.side is side), None)
    return case.clock(kind, side)


def _origin(*, case: Case, into: Case) -> Origin | None:
    """What opened by itself ends by itself; not with a consumer's own problem in it."""
    return (
        case.origin if into.origin in ENDS_BY_ITSELF and case.origin not in ENDS_BY_ITSELF else None
    )
