"""What is still to come of a remedy that runs, and by when at the latest."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from oncedesk.domain.remedies.clocks import sent_back_until
from oncedesk.domain.remedies.journey import Out
from oncedesk.domain.remedies.messages.returning import Back
from oncedesk.domain.remedies.rerouting import CONSUMER_ASKED_MAX
from oncedesk.domain.remedies.state import Remedy
from oncedesk.domain.remedies.steps import Step, StepKind, steps_of
from oncedesk.domain.remedies.words import ClockKind, LegStatus, Speed, Status
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.domain.shared.remedy_rules import RemedyRules
from oncedesk.domain.shared.rulepack import Pack

_ANSWERED_BY = (
    ClockKind.DECISION,
    ClockKind.EVIDENCE,
    ClockKind.ANSWER,
    ClockKind.AUTHORITY,
)
_OVER = (Status.SETTLED, Status.REFUSED, Status.CLOSED, Status.WITHDRAWN)


def expected_steps(*, remedy: Remedy, pack: Pack, now: datetime) -> tuple[Step, ...]:
    """Its steps from now on, if everybody takes as long as they may; those overdue included.

    While something else is offered, nothing but the consumer's choice: what comes hangs on it.
    """
    rules = pack.remedies
    if remedy.counter_offer is not None:
        clock = remedy.clock(ClockKind.COUNTER_OFFER)
        return () if clock is None else (Step(StepKind.CHOOSE, clock.due_at),)
    # What was granted goes on while somebody decides an objection to it.
    if remedy.status is Status.REQUESTED or (remedy.disputed and not remedy.is_granted):
        answered_at = _answered_at(remedy, rules) or now
        return steps_of(
            kind=remedy.kind,
            amount_minor=remedy.amount_minor,
            speed=remedy.speed,
            desk=remedy.desk or PLATFORM,
            due_at=answered_at,
            pack=pack,
            now=now,
        )
    if remedy.status in _OVER:
        # What was not accepted is still to be sent back to the consumer.
        theirs = remedy.journey is not None and remedy.journey.their_own
        return tuple(_out(remedy, rules, (), now)) if theirs else ()
    back = tuple(_back(remedy, pack, now))
    steps = [*back, *_out(remedy, rules, back, now), *_money(remedy, rules, back, now)]
    return tuple(sorted(steps, key=lambda step: step.due_at))


def _answered_at(remedy: Remedy, rules: RemedyRules) -> datetime | None:
    """Until when somebody says yes or no; where evidence is shown first, it is decided after."""
    found = next((clock for kind in _ANSWERED_BY if (clock := remedy.clock(kind))), None)
    if found is None:
        return None
    if found.kind is ClockKind.EVIDENCE:
        return found.due_at + timedelta(seconds=rules.dispute.decision_seconds)
    return found.due_at


def _back(remedy: Remedy, pack: Pack, now: datetime) -> Iterator[Step]:
    """What happens to goods that come back."""
    if remedy.journey is None:
        return
    looking = timedelta(seconds=pack.remedies.inspection_seconds)
    match remedy.journey.back:
        case Back.AWAITED | Back.PLACE_AWAITED:
            clock = remedy.clock(ClockKind.SHIP_BACK)
            sent_at = sent_back_until(pack=pack, since=now) if clock is None else clock.due_at
            yield Step(StepKind.SEND_BACK, sent_at)
            yield Step(StepKind.INSPECT, sent_at + looking)
        case Back.UNDER_WAY | Back.INTERCEPTING:
            clock = remedy.clock(ClockKind.RETURN_TRANSIT)
            yield Step(StepKind.INSPECT, (now if clock is None else clock.due_at) + looking)
        case Back.RECEIVED:
            clock = remedy.clock(ClockKind.INSPECTION)
            if clock is not None:
                yield Step(StepKind.INSPECT, clock.due_at)
        case Back.NOT_NEEDED | Back.DONE | Back.MISSED | Back.LOST:
            return


def _out(
    remedy: Remedy, rules: RemedyRules, back: tuple[Step, ...], now: datetime
) -> Iterator[Step]:
    """When goods leave for the consumer."""
    if remedy.journey is None or remedy.journey.out not in (Out.LATER, Out.DUE):
        return
    clock = remedy.clock(ClockKind.SHIP_OUT)
    if clock is not None:
        yield Step(StepKind.SEND, clock.due_at)
        return
    begins = back[-1].due_at if back else now
    yield Step(StepKind.SEND, begins + timedelta(seconds=rules.settling.goods_seconds))


def _money(
    remedy: Remedy, rules: RemedyRules, back: tuple[Step, ...], now: datetime
) -> Iterator[Step]:
    """When money is sent that was not yet."""
    sending = timedelta(seconds=rules.settling.refund_seconds)
    asked = [leg.requested_at or now for leg in remedy.legs if leg.status is LegStatus.REQUESTED]
    if asked:
        yield Step(StepKind.REFUND, max(asked) + sending)
        return
    route, hold = remedy.clock(ClockKind.ROUTE), remedy.clock(ClockKind.HOLD)
    if route is not None:
        if remedy.route_asked <= CONSUMER_ASKED_MAX:
            yield Step(StepKind.NAME_ROUTE, route.due_at)
        yield Step(StepKind.REFUND, route.due_at + sending)
    elif hold is not None:
        yield Step(StepKind.REFUND, hold.due_at + sending)
    elif remedy.asked_minor < remedy.amount_minor:
        yield Step(StepKind.REFUND, _owed_from(remedy, back, now) + sending)


def _owed_from(remedy: Remedy, back: tuple[Step, ...], now: datetime) -> datetime:
    """From when on the money is owed: at once, when the goods are sent, or were looked at."""
    if not back or remedy.speed is Speed.INSTANT:
        return now
    return back[0].due_at if remedy.speed is Speed.AT_SCAN else back[-1].due_at
