"""State and event give the next state. It never refuses and reads nothing but the two."""

from datetime import datetime
from typing import assert_never
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.conversations.messages import (
    REFINED,
    AssignmentDeclined,
    Attributed,
    Audience,
    BreachCorrected,
    BreachNoted,
    CallBackOffered,
    CallBackRequested,
    CaseAssigned,
    CaseClosed,
    CaseOpened,
    CaseReopened,
    CaseResolved,
    CasesMerged,
    CaseSplit,
    CaseUnassigned,
    Channel,
    ClockExpired,
    ClockMoved,
    ClockPaused,
    ClockResumed,
    ClocksStopped,
    ClockStarted,
    ClockWarned,
    ClosingReason,
    ConsumerAsked,
    ConsumerTold,
    ContactKind,
    ContactReceived,
    ConversationEvent,
    ConversationOpened,
    Decided,
    FlagsReviewed,
    FollowUpSet,
    Left,
    MessageFlagged,
    MessagePosted,
    NeedNoted,
    ObligationMissed,
    Origin,
    PartiesSeen,
    PartyReminded,
    PriorityRaised,
    Reclassified,
    ReferralEnded,
    ReferralMode,
    Referred,
    RemedyNoted,
    RoutedTo,
    ServiceRated,
    SolvedConfirmed,
    TakenOver,
    Transferred,
    WaitEnded,
)
from oncedesk.domain.conversations.state import (
    BREACHES_KEPT_MAX,
    CLOSED_KEPT_MAX,
    FAILS_CONTACT_ONCE,
    LEFT_KEPT_MAX,
    NAMED_KEPT_MAX,
    REMEDIES_KEPT_MAX,
    Asked,
    Breach,
    Case,
    Clock,
    ClosedCase,
    Conversation,
    LastRated,
    Named,
    Referral,
)
from oncedesk.domain.shared.decider import Role
from oncedesk.domain.shared.refs import PLATFORM


def evolve(state: Conversation | None, event: ConversationEvent) -> Conversation:
    """The conversation after this event; None before its first."""
    if state is None:
        assert isinstance(event, ConversationOpened)
        return Conversation(
            consumer=event.consumer,
            subject=event.subject,
            market=event.market,
            opened_at=event.at,
            merchant=event.merchant,
            creator=event.creator,
        )
    match event:
        case MessagePosted():
            return _message_posted(state, event)
        case ClocksStopped():
            return _clocks_stopped(state, event)
        case ClockStarted():
            return _clock_started(state, event)
        case ContactReceived():
            case = _the(state, event.case)
            failed = case.failed or event.kind in FAILS_CONTACT_ONCE
            return _with(
                state,
                replace(
                    case,
                    contacts=case.contacts + 1,
                    failed=failed,
                    last_outside=event.kind is ContactKind.OUTSIDE,
                    outside=_outside(case.outside, event),
                    language=case.language or event.language,
                ),
            )
        case CaseAssigned():
            case = _the(state, event.case)
            return _with(state, replace(case, agent=event.agent, preferred=None, placed=True))
        case CaseUnassigned():
            case = _the(state, event.case)
            return _with(state, replace(case, agent=None, preferred=event.agent))
        case RoutedTo():
            case = _the(state, event.case)
            return _with(
                state,
                replace(case, owner=event.desk, priority=event.priority, preferred=event.preferred),
            )
        case Attributed():
            return _with(state, replace(_the(state, event.case), owner=event.owner))
        case CaseOpened():
            needed = event.origin in (Origin.DISPUTE, Origin.REMEDY)
            opened = Case(
                number=event.case,
                issue=event.issue,
                origin=event.origin,
                language=event.language,
                opened_at=event.at,
                owner=PLATFORM,
                surface=event.surface,
                outside=event.outside,
                barred=event.barred,
                needed=needed,
                placed=needed or event.origin is Origin.UNGRANTED,
            )
            state = replace(state, cases=(*state.cases, opened), last_case=event.case)
            return _named(state, event.case, event.merchant, event.creator)
        case ConversationOpened():
            raise AssertionError("a conversation opens once")
        case CaseResolved():
            return _with(
                state, replace(_the(state, event.case), closing=event.reason, call_back=False)
            )
        case CaseClosed():
            case = _the(state, event.case)
            assert case.closing is not None
            return _close(state, case, case.closing, event.at)
        case (
            ConsumerTold()
            | ObligationMissed()
            | AssignmentDeclined()
            | PartyReminded()
            | FollowUpSet()
            | Decided()
            | CallBackOffered()
            | SolvedConfirmed()
            | CaseSplit()
        ):
            return state
        case ServiceRated():
            return _rated(state, event)
        case ClockWarned() | ClockExpired() | ClockPaused() | ClockResumed() | ClockMoved():
            case = _the(state, event.case)
            return _with(state, replace(case, clocks=_changed_clocks(case, event)))
        case PriorityRaised():
            return _with(state, replace(_the(state, event.case), priority=event.priority))
        case ConsumerAsked():
            case = _the(state, event.case)
            asked = Asked(event.question, event.at, event.agent)
            return _with(state, replace(case, asked=asked, pauses=event.number))
        case RemedyNoted():
            case = _the(state, event.case)
            others = tuple(one for one in case.remedies if one != event.remedy)
            running = (*others, event.remedy) if event.runs else others
            wished = case.wished or event.wished
            return _with(state, replace(case, remedies=running, wished=wished))
        case NeedNoted():
            return _with(state, replace(_the(state, event.case), needed=event.stands, placed=True))
        case WaitEnded():
            return _with(state, replace(_the(state, event.case), asked=None))
        case Transferred():
            case = _the(state, event.case)
            placed = case.placed or event.reason != REFINED
            return _with(state, replace(case, owner=event.to_desk, placed=placed))
        case Referred():
            return _referred(state, event)
        case ReferralEnded():
            return _with(state, replace(_the(state, event.case), referral=None))
        case TakenOver():
            return _with(state, replace(_the(state, event.case), owner=event.by, placed=True))
        case CallBackRequested():
            return _with(state, replace(_the(state, event.case), call_back=True))
        case CaseReopened():
            case = _the(state, event.case)
            last_at = event.at if event.by_consumer else case.last_at
            return _with(
                _without_left(state, event.case),
                replace(
                    case,
                    closing=None,
                    reopens=event.number,
                    answered=False,
                    placed=True,
                    last_at=last_at,
                ),
            )
        case CasesMerged():
            return _merged(state, event)
        case Reclassified():
            case = _the(state, event.case)
            return _with(state, replace(case, issue=event.issue, priority=event.priority))
        case BreachNoted():
            breach = Breach(event.promise, event.breach, event.case)
            return replace(state, breaches=(*state.breaches, breach)[-BREACHES_KEPT_MAX:])
        case BreachCorrected():
            kept = tuple(
                one
                for one in state.breaches
                if one.promise != event.promise or one.breach != event.breach
            )
            return replace(state, breaches=kept)
        case MessageFlagged():
            return replace(state, flags=state.flags + 1)
        case FlagsReviewed():
            return replace(state, flags=0)
        case PartiesSeen() if event.case:
            return _named(state, event.case, event.merchant, event.creator)
        case PartiesSeen():
            return replace(state, merchant=event.merchant, creator=event.creator)
        case _:
            assert_never(event)


def _the(state: Conversation, number: int) -> Case:
    case = state.case(number)
    assert case is not None
    return case


def _with(state: Conversation, case: Case) -> Conversation:
    number = case.number
    if len(state.cases) == 1:
        return replace(state, cases=(case,))
    return replace(state, cases=tuple(case if one.number == number else one for one in state.cases))


def _clocks_stopped(state: Conversation, event: ClocksStopped) -> Conversation:
    stopped = {(one.clock, one.side) for one in event.clocks}
    case = _the(state, event.case)
    running = tuple(one for one in case.clocks if (one.kind, one.side) not in stopped)
    if event.left_seconds:
        state = _left(state, Left(case.number, case.owner, event.left_seconds))
    return _with(state, replace(case, clocks=running))


def _left(state: Conversation, new: Left) -> Conversation:
    others = [one for one in state.left if (one.case, one.desk) != (new.case, new.desk)]
    return replace(state, left=(*others, new)[-LEFT_KEPT_MAX:])


def _without_left(state: Conversation, case: int) -> Conversation:
    if not state.left:
        return state
    return replace(state, left=tuple(one for one in state.left if one.case != case))


def _named(
    state: Conversation, case: int, merchant: UUID | None, creator: UUID | None
) -> Conversation:
    if merchant is None and creator is None:
        return state
    others = (one for one in state.named if one.case != case)
    return replace(state, named=(*others, Named(case, merchant, creator))[-NAMED_KEPT_MAX:])


def _message_posted(state: Conversation, event: MessagePosted) -> Conversation:
    spoken = event.call is not None and event.call.seconds > 0
    if (event.audience is not Audience.CONSUMER and not spoken) or event.automatic:
        return state
    case = _the(state, event.case)
    if event.author.role is Role.CONSUMER:
        return _with(state, replace(case, last_at=event.at))
    return _with(state, replace(case, last_at=event.at, answered=True, call_back=False))


def _clock_started(state: Conversation, event: ClockStarted) -> Conversation:
    if event.pack not in state.packs:
        state = _with_pack(state, event.pack)
    case = _the(state, event.case)
    clock = Clock(
        kind=event.clock,
        side=event.side,
        due_at=event.due_at,
        warn_at=event.warn_at,
        pack=state.packs.index(event.pack),
        reminders=event.reminders,
    )
    return _with(state, replace(case, clocks=(*case.clocks, clock)))


def _with_pack(state: Conversation, pack: str) -> Conversation:
    """Note this pack, and forget those that no clock needs any more."""
    needed = sorted({clock.pack for case in state.cases for clock in case.clocks})
    if len(needed) == len(state.packs):
        return replace(state, packs=(*state.packs, pack))
    place = {old: new for new, old in enumerate(needed)}
    cases = tuple(
        replace(case, clocks=tuple(replace(clock, pack=place[clock.pack]) for clock in case.clocks))
        for case in state.cases
    )
    packs = (*(state.packs[old] for old in needed), pack)
    return replace(state, cases=cases, packs=packs)


def _changed_clocks(
    case: Case, event: ClockWarned | ClockExpired | ClockPaused | ClockResumed | ClockMoved
) -> tuple[Clock, ...]:
    found = case.clock(event.clock, event.side)
    assert found is not None
    match event:
        case ClockExpired():
            return tuple(clock for clock in case.clocks if clock is not found)
        case ClockWarned():
            changed = replace(found, warn_at=None)
        case ClockPaused():
            changed = replace(found, due_at=None, warn_at=None, left_seconds=event.left_seconds)
        case ClockResumed():
            changed = replace(found, due_at=event.due_at, warn_at=event.warn_at, left_seconds=0)
        case ClockMoved():
            changed = replace(found, due_at=event.due_at, warn_at=event.warn_at)
        case _:
            assert_never(event)
    return tuple(changed if clock is found else clock for clock in case.clocks)


def _referred(state: Conversation, event: Referred) -> Conversation:
    case = _the(state, event.case)
    referral = Referral(event.to_desk, event.from_desk, event.mode, event.question, event.agent)
    owner = event.to_desk if event.mode is ReferralMode.HAND_OVER else case.owner
    return _with(state, replace(case, referral=referral, owner=owner, placed=True))


def _rated(state: Conversation, event: ServiceRated) -> Conversation:
    """It is as old as the first time that it was said."""
    number, last = event.case, state.rated
    at = last.at if last is not None and last.case == number else event.at
    state = replace(state, rated=LastRated(number, at, event.reasons))
    case = state.case(number)
    if case is not None:
        return _with(state, replace(case, score=event.score))
    closed = tuple(
        replace(one, score=event.score) if one.number == number else one for one in state.closed
    )
    return replace(state, closed=closed)


def _outside(before: Channel | None, event: ContactReceived) -> Channel | None:
    """What a regulator has heard of stays marked; else the last way counts."""
    if event.kind is not ContactKind.OUTSIDE or before is Channel.REGULATOR:
        return before
    return event.channel


def _merged(state: Conversation, event: CasesMerged) -> Conversation:
    case, into = _the(state, event.case), _the(state, event.into)
    spoken = [at for at in (case.last_at, into.last_at) if at is not None]
    joined = replace(
        into,
        origin=event.origin or into.origin,
        contacts=case.contacts + into.contacts,
        failed=case.failed or into.failed,
        answered=case.answered and into.answered,
        call_back=case.call_back or into.call_back,
        reopens=max(case.reopens, into.reopens),
        pauses=max(case.pauses, into.pauses),
        last_at=max(spoken, default=None),
        priority=min(case.priority, into.priority),
        outside=case.outside if case.outside is Channel.REGULATOR else into.outside or case.outside,
        remedies=tuple(dict.fromkeys((*into.remedies, *case.remedies)))[:REMEDIES_KEPT_MAX],
        needed=case.needed or into.needed,
        placed=case.placed or into.placed,
        wished=case.wished or into.wished,
    )
    state = _close(_with(state, joined), case, ClosingReason.DUPLICATE, event.at)
    breaches = tuple(
        replace(one, case=event.into) if one.case == event.case else one for one in state.breaches
    )
    for one in event.left:
        state = _left(state, one)
    return replace(state, breaches=breaches)


def _close(state: Conversation, case: Case, reason: ClosingReason, at: datetime) -> Conversation:
    """Keep a few words of a case that is over."""
    number = case.number
    state = _without_left(state, number)
    if state.named:
        state = replace(state, named=tuple(one for one in state.named if one.case != number))
    noticed = case.origin is Origin.BREACH
    over = ClosedCase(number, case.issue, reason, case.opened_at, at, case.score, noticed)
    closed = (*state.closed, over)
    forgotten = max(0, len(closed) - CLOSED_KEPT_MAX)
    return replace(
        state,
        cases=tuple(one for one in state.cases if one.number != number),
        closed=closed[forgotten:],
        closed_earlier=state.closed_earlier + forgotten,
    )
