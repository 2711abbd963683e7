"""Deadlines: starting, stopping, pausing and moving them. What an end leads to is in expiry.py."""

from collections.abc import Container, Iterable
from datetime import datetime, timedelta

from msgspec.structs import replace

from oncedesk.domain.conversations.messages import (
    ClockMoved,
    ClockPaused,
    ClockResumed,
    ClocksStopped,
    ClockStarted,
    ConversationEvent,
    ObligationMissed,
    Side,
    Stopped,
    StopReason,
)
from oncedesk.domain.conversations.state import RESPONSES, Case, Clock, Conversation
from oncedesk.domain.shared.calendars import Calendar, always
from oncedesk.domain.shared.refs import Desk, DeskKind
from oncedesk.domain.shared.rulepack import GIVING, ClockKind, ClockRule, Expiry, Pack, clock_key

ALWAYS = always()
OBLIGATIONS = frozenset((*RESPONSES, ClockKind.RESOLUTION))
"""The clocks that bind a desk towards the consumer."""

REPEAT_ISSUE = "second_complaint"
"""A pack may give cases that were not solved the first time clocks of their own, by this name.

They say what an end leads to; of their deadline and the issue's own, the earlier one holds.
"""


def clock_rule(
    *, pack: Pack, issue: str, repeat: bool, desk: DeskKind | None, clock: ClockKind
) -> ClockRule | None:
    """How long this desk (None: the service as a whole) may take; None where nothing is said."""
    if repeat:
        rule = pack.clocks.get(clock_key(issue=REPEAT_ISSUE, desk=desk, clock=clock))
        if rule is not None:
            return rule
    return pack.clock(issue=issue, desk=desk, clock=clock)


def running_rule(*, pack: Pack, case: Case, clock: Clock) -> ClockRule | None:
    """What its own pack says of a clock that runs in this case."""
    desk = _kind_of_desk(case, clock)
    repeat = case.reopens > 0
    return clock_rule(pack=pack, issue=case.issue, repeat=repeat, desk=desk, clock=clock.kind)


def _kind_of_desk(case: Case, clock: Clock) -> DeskKind | None:
    if clock.side is Side.DESK:
        return case.owner.kind
    if clock.side is Side.REFERRAL:
        assert case.referral is not None
        return case.referral.desk.kind
    return None


def _earliest_rule(
    *,
    pack: Pack,
    issue: str,
    repeat: bool,
    desk: DeskKind | None,
    clock: ClockKind,
    now: datetime,
) -> ClockRule | None:
    """The rule whose deadline is the earlier one now: nobody waits longer as it was not solved."""
    rule = clock_rule(pack=pack, issue=issue, repeat=repeat, desk=desk, clock=clock)
    usual = pack.clock(issue=issue, desk=desk, clock=clock) if repeat else None
    if rule is None or usual is None:
        return rule
    return min((rule, usual), key=lambda one: pack.calendars[one.calendar].add(now, one.seconds))


def silence_says(*, pack: Pack, state: Conversation, case: Case, clock: Clock) -> Expiry:
    """What becomes of a case whose desk let this clock run out; `pack` is the clock's own.

    A rule decides what nobody has answered, of something that was bought: of a remedy that was
    asked for by its name, or waits for a person, its own clock says what silence means. Whoever was
    promised a call speaks with a person first. The silence of a desk that was only asked decides
    nothing.
    """
    rule = running_rule(pack=pack, case=case, clock=clock)
    if rule is None:
        return Expiry.TAKE_OVER
    if rule.on_expiry is not Expiry.DECIDE or clock.side is Side.REFERRAL:
        return rule.on_expiry
    if case.wished or case.needed:
        return Expiry.REMIND
    decision = pack.issue(case.issue).decision
    # For a broken promise something is given by itself; else only the decision itself gives it.
    broken = any(one.case == case.number for one in state.breaches)
    gives = decision in GIVING or (decision and broken)
    can = gives and state.subject.is_part and not (case.reopens or case.call_back)
    return Expiry.DECIDE if can else Expiry.TAKE_OVER


def start(
    *,
    number: int,
    issue: str,
    repeat: bool,
    pack: Pack,
    kind: ClockKind,
    side: Side,
    desk: Desk | None,
    now: datetime,
    reminders: int = 0,
    seconds_max: int | None = None,
) -> list[ClockStarted]:
    """Start one clock; none where the pack sets no such limit."""
    kind_of_desk = None if desk is None else desk.kind
    rule = _earliest_rule(
        pack=pack, issue=issue, repeat=repeat, desk=kind_of_desk, clock=kind, now=now
    )
    if rule is None:
        return []
    assert rule.seconds > 0, f"{rule.id}: a clock that runs out at once never stops"
    seconds = rule.seconds
    if reminders > pack.reminding.rounds:
        seconds = _growing(seconds=seconds, reminders=reminders, pack=pack)
    if seconds_max is not None:
        seconds = min(seconds, seconds_max)
    due_at, warn_at = _deadline(
        rule=rule, calendar=pack.calendars[rule.calendar], now=now, seconds=seconds
    )
    return [
        ClockStarted(
            case=number,
            at=now,
            clock=kind,
            side=side,
            due_at=due_at,
            warn_at=warn_at,
            rule=rule.id,
            pack=pack.hash,
            desk=desk,
            reminders=reminders,
            seconds_max=seconds_max,
        )
    ]


def start_in(
    *,
    case: Case,
    pack: Pack,
    kind: ClockKind,
    side: Side,
    now: datetime,
    reminders: int = 0,
    seconds_max: int | None = None,
) -> list[ClockStarted]:
    """Start a clock of an existing case, for whoever stands on this side now."""
    desk: Desk | None = None
    if side is Side.DESK:
        desk = case.owner
    elif side is Side.REFERRAL:
        assert case.referral is not None
        desk = case.referral.desk
    return start(
        number=case.number,
        issue=case.issue,
        repeat=case.reopens > 0,
        pack=pack,
        kind=kind,
        side=side,
        desk=desk,
        now=now,
        reminders=reminders,
        seconds_max=seconds_max,
    )


def start_plain(
    *,
    number: int,
    kind: ClockKind,
    side: Side,
    due_at: datetime,
    rule: str,
    pack: Pack,
    now: datetime,
    reminders: int = 0,
) -> ClockStarted:
    """Start a clock whose end is given and which warns nobody."""
    assert due_at > now
    return ClockStarted(
        case=number,
        at=now,
        clock=kind,
        side=side,
        due_at=due_at,
        rule=rule,
        pack=pack.hash,
        reminders=reminders,
    )


def carry(
    *, number: int, clock: Clock, rule: str, pack: str, desk: Desk | None, now: datetime
) -> ClockStarted:
    """The same deadline in another case, which may have passed just now; `pack` is its own."""
    assert clock.due_at is not None
    return ClockStarted(
        case=number,
        at=now,
        clock=clock.kind,
        side=clock.side,
        due_at=clock.due_at,
        warn_at=clock.warn_at,
        rule=rule,
        pack=pack,
        desk=desk,
        reminders=clock.reminders,
    )


def window_until(*, pack: Pack, since: datetime) -> datetime:
    """When the recontact window ends that began then."""
    return since + timedelta(seconds=pack.joining.recontact_window_seconds)


def move_window(*, case: Case, until: datetime, now: datetime) -> ClockMoved:
    """The recontact window of a resolved case ends later: something of it was not settled."""
    return ClockMoved(
        case=case.number, at=now, clock=ClockKind.RECONTACT, side=Side.CONSUMER, due_at=until
    )


def start_window(*, number: int, pack: Pack, now: datetime) -> ClockStarted:
    """The time in which hearing again means that it was not solved."""
    return start_plain(
        number=number,
        kind=ClockKind.RECONTACT,
        side=Side.CONSUMER,
        due_at=window_until(pack=pack, since=now),
        rule=pack.joining.id,
        pack=pack,
        now=now,
    )


def response_kind(case: Case) -> ClockKind:
    """Which response is owed next: the first, or another."""
    return ClockKind.NEXT_RESPONSE if case.answered else ClockKind.FIRST_RESPONSE


def start_responses(*, case: Case, pack: Pack, now: datetime) -> list[ClockStarted]:
    """An answer is owed from now on, on both sides; where one is owed already, nothing starts."""
    owed = {clock.side for clock in case.clocks if clock.kind in RESPONSES}
    kind = response_kind(case)
    events: list[ClockStarted] = []
    for side in (Side.CONSUMER, Side.DESK):
        if side not in owed:
            events += start_in(case=case, pack=pack, kind=kind, side=side, now=now)
    return events


def left_to_resolve(*, case: Case, pack: Pack, now: datetime) -> int:
    """How many open seconds its desk still has to resolve it; 0 where the pack sets no limit."""
    clock = case.clock(ClockKind.RESOLUTION, Side.DESK)
    if clock is None:
        return 0
    if clock.due_at is None:
        return max(1, clock.left_seconds)
    return max(1, _open_until(case=case, pack=pack, clock=clock.kind, due_at=clock.due_at, now=now))


def stop(
    *,
    case: Case,
    clocks: Iterable[Clock],
    reason: StopReason,
    now: datetime,
    left_seconds: int = 0,
) -> list[ConversationEvent]:
    """Stop these clocks. A desk's deadline that has just passed counts as missed all the same."""
    stopped: list[Stopped] = []
    missed: list[ConversationEvent] = []
    for clock in clocks:
        met = clock.left_seconds > 0 if clock.due_at is None else now < clock.due_at
        stopped.append(Stopped(clock.kind, clock.side, met))
        if not met:
            missed += missed_by(case=case, clock=clock, now=now)
    if not stopped:
        return []
    return [
        ClocksStopped(
            case=case.number,
            at=now,
            clocks=tuple(stopped),
            reason=reason,
            left_seconds=left_seconds,
        ),
        *missed,
    ]


def missed_by(*, case: Case, clock: Clock, now: datetime) -> list[ConversationEvent]:
    """The obligation that was missed when this clock ran out. Reminders are no new obligations."""
    if clock.kind not in OBLIGATIONS or clock.side is Side.CONSUMER or clock.reminders:
        return []
    desk = case.owner
    if clock.side is Side.REFERRAL:
        assert case.referral is not None
        desk = case.referral.desk
    due_at = now if clock.due_at is None else clock.due_at
    return [ObligationMissed(case=case.number, at=now, desk=desk, clock=clock.kind, due_at=due_at)]


def pause(
    *, case: Case, pack: Pack, clock: ClockKind, due_at: datetime, now: datetime
) -> ClockPaused:
    """Let the desk's clock stand, with the open seconds that are left of it; `pack` is its own."""
    left = _open_until(case=case, pack=pack, clock=clock, due_at=due_at, now=now)
    return ClockPaused(case=case.number, at=now, clock=clock, side=Side.DESK, left_seconds=left)


def _open_until(
    *, case: Case, pack: Pack, clock: ClockKind, due_at: datetime, now: datetime
) -> int:
    """Open seconds from now on, at least one; 0: it has passed."""
    if due_at <= now:
        return 0
    return max(1, _calendar(case=case, pack=pack, clock=clock).seconds_between(now, due_at))


def resume(*, case: Case, pack: Pack, clock: Clock, now: datetime) -> ClockResumed:
    """Let a clock that stood run on for what was left of it; `pack` is its own."""
    calendar = _calendar(case=case, pack=pack, clock=clock.kind)
    due_at = calendar.add(now, clock.left_seconds)
    rule = running_rule(pack=pack, case=case, clock=clock)
    warn_at = None
    if rule is not None and 0 < rule.warn_seconds < clock.left_seconds:
        warn_at = calendar.subtract(due_at, rule.warn_seconds)
    return ClockResumed(
        case=case.number, at=now, clock=clock.kind, side=clock.side, due_at=due_at, warn_at=warn_at
    )


def bring_forward(
    *, case: Case, issue: str, sides: Container[Side], pack: Pack, now: datetime
) -> list[ConversationEvent]:
    """Deadlines for another issue, counted from now, where they are earlier than those running.

    What stands still keeps no more seconds than the other issue gives, and none that lead further
    on the calendar of that.
    """
    events: list[ConversationEvent] = []
    for clock in case.clocks:
        if clock.kind not in OBLIGATIONS or clock.side not in sides:
            continue
        rule = _earliest_for(case=case, issue=issue, clock=clock, pack=pack, now=now)
        if rule is None:
            continue
        if clock.due_at is None:
            events += _standing_shorter(
                case=case, issue=issue, clock=clock, rule=rule, pack=pack, now=now
            )
        else:
            events += _moved_closer(case=case, clock=clock, rule=rule, pack=pack, now=now)
    return events


def somebody_there(*, case: Case, pack: Pack, now: datetime) -> list[ConversationEvent]:
    """Deadlines that came again and again, ever later, are at once what they are as a rule."""
    events: list[ConversationEvent] = []
    for clock in case.clocks:
        if clock.reminders > pack.reminding.rounds and clock.kind in OBLIGATIONS:
            rule = _earliest_for(case=case, issue=case.issue, clock=clock, pack=pack, now=now)
            if rule is not None:
                events += _moved_closer(case=case, clock=clock, rule=rule, pack=pack, now=now)
    return events


def _earliest_for(
    *, case: Case, issue: str, clock: Clock, pack: Pack, now: datetime
) -> ClockRule | None:
    return _earliest_rule(
        pack=pack,
        issue=issue,
        repeat=case.reopens > 0,
        desk=_kind_of_desk(case, clock),
        clock=clock.kind,
        now=now,
    )


def _moved_closer(
    *, case: Case, clock: Clock, rule: ClockRule, pack: Pack, now: datetime
) -> list[ConversationEvent]:
    """Counted from now by this rule, where that is earlier than what runs."""
    due_at, warn_at = _deadline(
        rule=rule, calendar=pack.calendars[rule.calendar], now=now, seconds=rule.seconds
    )
    if clock.due_at is None or due_at >= clock.due_at:
        return []
    return [
        ClockMoved(
            case=case.number,
            at=now,
            clock=clock.kind,
            side=clock.side,
            due_at=due_at,
            warn_at=warn_at,
        )
    ]


def _standing_shorter(
    *, case: Case, issue: str, clock: Clock, rule: ClockRule, pack: Pack, now: datetime
) -> list[ConversationEvent]:
    before = _calendar(case=case, pack=pack, clock=clock.kind)
    after = _calendar(case=replace(case, issue=issue), pack=pack, clock=clock.kind)
    seconds = min(rule.seconds, clock.left_seconds)
    if after is not before:
        due_at = before.add(now, clock.left_seconds)
        seconds = min(seconds, max(1, after.seconds_between(now, due_at)))
    if seconds >= clock.left_seconds:
        return []
    return [
        ClockPaused(
            case=case.number,
            at=now,
            clock=clock.kind,
            side=clock.side,
            left_seconds=seconds,
        )
    ]


def _growing(*, seconds: int, reminders: int, pack: Pack) -> int:
    """Twice as long with each round in which nobody was there, within the pack's bound."""
    rule = pack.reminding
    # Where doubling has long passed any bound, it need not be worked out.
    doubled = seconds << min(reminders - rule.rounds, 32)
    return max(seconds, min(doubled, rule.seconds_max))


def _deadline(
    *, rule: ClockRule, calendar: Calendar, now: datetime, seconds: int
) -> tuple[datetime, datetime | None]:
    due_at = calendar.add(now, seconds)
    if not 0 < rule.warn_seconds < seconds:
        return due_at, None
    return due_at, calendar.subtract(due_at, rule.warn_seconds)


def _calendar(*, case: Case, pack: Pack, clock: ClockKind) -> Calendar:
    rule = clock_rule(
        pack=pack,
        issue=case.issue,
        repeat=case.reopens > 0,
        desk=case.owner.kind,
        clock=clock,
    )
    return ALWAYS if rule is None else pack.calendars[rule.calendar]
