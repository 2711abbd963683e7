"""What happens by itself: every clock that runs out leads to something, and never to nothing.

A warning first; then, as the pack under which the clock was started says for the issue and the
desk: the case is decided, taken over by the platform, or somebody is reminded and a fresh clock
runs.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.conversations import clocks, routing
from oncedesk.domain.conversations.asking import start_reply, wait_over
from oncedesk.domain.conversations.evolve import evolve
from oncedesk.domain.conversations.joining import is_apart, is_unheard, owed_responses
from oncedesk.domain.conversations.messages import (
    CaseClosed,
    ClockExpired,
    ClockWarned,
    ClosingReason,
    ConsumerTold,
    ConversationEvent,
    Decided,
    Notice,
    PartyReminded,
    ReferralEnded,
    ReferralOutcome,
    Reminded,
    Side,
    StopReason,
    TakeOverCause,
    UnassignReason,
    WaitOutcome,
)
from oncedesk.domain.conversations.resolving import resolved
from oncedesk.domain.conversations.state import Case, Clock, Conversation
from oncedesk.domain.shared.decider import SYSTEM, Facts, Packs
from oncedesk.domain.shared.facts_seen import DeskSeen, desk_seen
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk
from oncedesk.domain.shared.rulepack import ClockKind, Expiry, Pack


class _Due(Record, frozen=True):
    """A clock whose warning (or end) has come; `own` is the pack it was started under."""

    case: Case
    clock: Clock
    at: datetime
    is_end: bool


def wake(*, state: Conversation, facts: Facts) -> list[ConversationEvent]:
    """All that is due, in order of time; nothing if nothing is."""
    events: list[ConversationEvent] = []
    while (due := _first_due(state, facts.now)) is not None:
        own = facts.packs.by_hash(state.pack_of(due.clock))
        new = _what_follows(
            state=state, due=due, own=own, packs=facts.packs, now=facts.now, states=facts.states
        )
        for event in new:
            state = evolve(state, event)
        events += new
    return events


def _first_due(state: Conversation, now: datetime) -> _Due | None:
    """The earliest first; of two at one moment the lower case, and in it the clock older there."""
    first: _Due | None = None
    for case in state.cases:
        for clock in case.clocks:
            if clock.due_at is None:
                continue
            is_end = clock.due_at <= now
            moment = clock.due_at if is_end else clock.warn_at
            if moment is not None and moment <= now and (first is None or moment < first.at):
                first = _Due(case, clock, moment, is_end)
    return first


def _what_follows(
    *,
    state: Conversation,
    due: _Due,
    own: Pack,
    packs: Packs,
    now: datetime,
    states: Mapping[UUID, object],
) -> list[ConversationEvent]:
    case, clock = due.case, due.clock
    pack = packs.current(state.market)
    if not due.is_end:
        return [_warned(case=case, clock=clock, now=now)]
    if clock.kind is ClockKind.RECONTACT and case.remedies:
        # It begins when the last remedy has settled, which always comes to an end by itself.
        until = clocks.window_until(pack=own, since=now)
        return [clocks.move_window(case=case, until=until, now=now)]
    if clock.kind is ClockKind.RECONTACT:
        return [CaseClosed(case=case.number, at=now, contact_once=not case.failed)]
    assert clock.due_at is not None
    expired = ClockExpired(
        case=case.number, at=now, clock=clock.kind, side=clock.side, due_at=clock.due_at
    )
    missed = clocks.missed_by(case=case, clock=clock, now=now)
    rest = replace(case, clocks=tuple(one for one in case.clocks if one is not clock))
    if clock.kind is ClockKind.REPLY:
        then = _reply_over(state=state, case=rest, clock=clock, own=own, packs=packs, now=now)
    elif clock.kind is ClockKind.FOLLOW_UP:
        then = _follow_up_over(case=rest, pack=pack, now=now)
    elif clock.side is Side.REFERRAL:
        then = _referral_over(case=rest, clock=clock, own=own, pack=pack, now=now)
    else:
        then = _obligation_over(
            state=state,
            case=rest,
            clock=clock,
            own=own,
            pack=pack,
            now=now,
            states=states,
        )
    return [expired, *missed, *then]


def _warned(*, case: Case, clock: Clock, now: datetime) -> ClockWarned:
    assert clock.due_at is not None
    desk = case.owner
    if clock.side is Side.REFERRAL and case.referral is not None:
        desk = case.referral.desk
    return ClockWarned(
        case=case.number,
        at=now,
        clock=clock.kind,
        side=clock.side,
        due_at=clock.due_at,
        desk=desk,
        agent=None if clock.side is Side.REFERRAL else case.agent,
    )


def _reply_over(
    *, state: Conversation, case: Case, clock: Clock, own: Pack, packs: Packs, now: datetime
) -> list[ConversationEvent]:
    """Remind the consumer; after the last reminder the case is over, one tap away from open. Where
    a remedy waits for a person, they go on without the reply.
    """
    pack = packs.current(state.market)
    if clock.reminders < own.asking.reminders:
        reminded = _reminded(case=case, clock=clock, who=Reminded.CONSUMER, now=now)
        again = clock.reminders + 1
        return [reminded, start_reply(number=case.number, pack=pack, now=now, reminders=again)]
    if case.needed:
        return [
            *wait_over(
                state=state,
                case=case,
                outcome=WaitOutcome.NO_REPLY,
                packs=packs,
                pack=pack,
                now=now,
            ),
            *clocks.start_responses(case=case, pack=pack, now=now),
        ]
    return [
        *resolved(
            case=case,
            reason=ClosingReason.NO_REPLY,
            by=SYSTEM,
            agent=case.agent,
            pack=pack,
            now=now,
            waited=WaitOutcome.NO_REPLY,
        ),
        ConsumerTold(case=case.number, at=now, notice=Notice.CLOSED_NO_REPLY, desk=case.owner),
    ]


def _follow_up_over(*, case: Case, pack: Pack, now: datetime) -> list[ConversationEvent]:
    """Its agent looks at it again, or else the queue; the consumer hears from us, if they wait."""
    events: list[ConversationEvent] = []
    if case.agent is None:
        events.append(routing.route(case=case, pack=pack, now=now, prefer_last=True))
    return [*events, *owed_responses(case=case, pack=pack, now=now)]


def _referral_over(
    *, case: Case, clock: Clock, own: Pack, pack: Pack, now: datetime
) -> list[ConversationEvent]:
    """The asked desk is silent: remind it as its rule says, then do without its answer. A case that
    rested meanwhile waits for it no more.
    """
    assert case.referral is not None
    rule = clocks.running_rule(pack=own, case=case, clock=clock)
    if _may_remind(rule_says=None if rule is None else rule.on_expiry, clock=clock, own=own):
        return _remind_desk(case=case, clock=clock, pack=pack, now=now)
    ended = ReferralEnded(
        case=case.number, at=now, desk=case.referral.desk, outcome=ReferralOutcome.LAPSED
    )
    return [ended, *routing.wake_up(case=case, pack=pack, now=now)]


def _obligation_over(
    *,
    state: Conversation,
    case: Case,
    clock: Clock,
    own: Pack,
    pack: Pack,
    now: datetime,
    states: Mapping[UUID, object],
) -> list[ConversationEvent]:
    """A response or the resolution is overdue: decide, remind, or bring in the platform."""
    if case.asked is not None:
        # The ball is with the consumer, whose reply clock runs. It only gets more urgent.
        return [*_more_urgent(case, now), *_again(case=case, clock=clock, pack=pack, now=now)]
    says = clocks.silence_says(pack=own, state=state, case=case, clock=clock)
    if says is Expiry.DECIDE:
        return _decide(case=case, own=own, pack=pack, now=now)
    seen = desk_seen(states, case.owner)
    if _may_remind(rule_says=says, clock=clock, own=own):
        return _remind_desk(case=case, clock=clock, pack=pack, now=now, seen=seen)
    if case.owner == PLATFORM:
        return _requeue(case=case, clock=clock, pack=pack, now=now, platform=seen)
    platform = desk_seen(states, PLATFORM)
    taken = routing.take_over(
        case=case, cause=TakeOverCause.CLOCK, clock=clock, pack=pack, now=now, seen=platform
    )
    if clock.side is Side.DESK:
        return taken
    return taken + _again(case=case, clock=clock, pack=pack, now=now)


def _may_remind(*, rule_says: Expiry | None, clock: Clock, own: Pack) -> bool:
    return rule_says is Expiry.REMIND and clock.reminders < own.asking.reminders


def _decide(*, case: Case, own: Pack, pack: Pack, now: datetime) -> list[ConversationEvent]:
    """Silence is an answer: what the pack decides for this issue."""
    rule = own.issue(case.issue)
    return [
        Decided(case=case.number, at=now, decision=rule.decision, rule=rule.id, pack=own.hash),
        *resolved(
            case=case,
            reason=ClosingReason.DECIDED_BY_RULE,
            by=SYSTEM,
            agent=case.agent,
            pack=pack,
            now=now,
        ),
        ConsumerTold(case=case.number, at=now, notice=Notice.DECIDED, desk=case.owner),
    ]


def _remind_desk(
    *, case: Case, clock: Clock, pack: Pack, now: datetime, seen: DeskSeen | None = None
) -> list[ConversationEvent]:
    """`seen` is the desk that has the case: only it is a promise to the consumer."""
    reminded = _reminded(case=case, clock=clock, who=Reminded.DESK, now=now)
    again = _again(case=case, clock=clock, pack=pack, now=now)
    told = _told(case=case, clock=clock, again=again, pack=pack, now=now, seen=seen)
    return [reminded, *again, *told]


def _requeue(
    *, case: Case, clock: Clock, pack: Pack, now: datetime, platform: DeskSeen | None
) -> list[ConversationEvent]:
    """The platform cannot hand it to anybody else: more urgent, and to somebody else there.

    Where nobody is there for long, the clock comes again at growing intervals.
    """
    resting = [one for one in case.clocks if one.kind is ClockKind.FOLLOW_UP]
    urgent = replace(case, priority=max(0, case.priority - 1))
    events = _more_urgent(case, now)
    events += routing.unassign(case=case, reason=UnassignReason.CLOCK, now=now)
    events += clocks.stop(case=case, clocks=resting, reason=StopReason.SUPERSEDED, now=now)
    if events:
        events.append(routing.route(case=urgent, pack=pack, now=now, prefer_last=False))
    rounds = clock.reminders
    staffed = platform is not None and platform.staffed
    if staffed or case.agent is not None:
        rounds = min(rounds, pack.reminding.rounds - 1)
    counted = replace(clock, reminders=rounds)
    again = _again(case=case, clock=counted, pack=pack, now=now)
    told = _told(case=case, clock=clock, again=again, pack=pack, now=now, seen=platform)
    return [*events, *again, *told]


def _again(*, case: Case, clock: Clock, pack: Pack, now: datetime) -> list[ConversationEvent]:
    """The same clock once more, for a case is never without one. It is no new obligation."""
    number = clock.reminders + 1
    return [
        *clocks.start_in(
            case=case, pack=pack, kind=clock.kind, side=clock.side, now=now, reminders=number
        )
    ]


def _told(
    *,
    case: Case,
    clock: Clock,
    again: list[ConversationEvent],
    pack: Pack,
    now: datetime,
    seen: DeskSeen | None,
) -> list[ConversationEvent]:
    """Once, that it takes longer than the consumer was told; further delays are no news. Of what is
    between people of the platform they were told nothing.
    """
    if clock.side is not Side.CONSUMER or clock.reminders or is_apart(case):
        return []
    if clock.kind is ClockKind.RESOLUTION and is_unheard(case):
        return []
    return [
        routing.tell(
            number=case.number,
            issue=case.issue,
            notice=Notice.ANSWER_BY,
            desk=case.owner,
            seen=seen,
            events=again,
            pack=pack,
            now=now,
        )
    ]


def _more_urgent(case: Case, now: datetime) -> list[ConversationEvent]:
    return routing.raise_priority(case=case, to=max(0, case.priority - 1), now=now)


def _reminded(*, case: Case, clock: Clock, who: Reminded, now: datetime) -> PartyReminded:
    desk: Desk | None = None if who is Reminded.CONSUMER else case.owner
    if clock.side is Side.REFERRAL and case.referral is not None:
        desk = case.referral.desk
    return PartyReminded(
        case=case.number,
        at=now,
        who=who,
        clock=clock.kind,
        number=clock.reminders + 1,
        desk=desk,
    )
