"""What happens by itself when a remedy's clock runs out."""

from datetime import timedelta

from oncedesk.domain.remedies.authorising import unanswered
from oncedesk.domain.remedies.changing import ask_again as change_again
from oncedesk.domain.remedies.compensating import pay_out
from oncedesk.domain.remedies.contesting import contest_over
from oncedesk.domain.remedies.counter_offers import decline_offer
from oncedesk.domain.remedies.disputing import evidence_over, undecided
from oncedesk.domain.remedies.evolve import evolved
from oncedesk.domain.remedies.funding import ask_for_money_again
from oncedesk.domain.remedies.inspecting import can_go_back
from oncedesk.domain.remedies.messages import RemedyEvent
from oncedesk.domain.remedies.messages.asking import ClockWarned
from oncedesk.domain.remedies.messages.disputing import ObjectionLapsed
from oncedesk.domain.remedies.messages.refunding import ClosingPutOff
from oncedesk.domain.remedies.moving import halted
from oncedesk.domain.remedies.owed_again import owed_again
from oncedesk.domain.remedies.paying import goods_due
from oncedesk.domain.remedies.purchase import Purchase
from oncedesk.domain.remedies.refunding import ask_again, closed, settle_once_funded
from oncedesk.domain.remedies.requesting import approve
from oncedesk.domain.remedies.rerouting import ask_route
from oncedesk.domain.remedies.reviewing import overdue, take_over
from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.remedies.waiting import Silence, silence_of, waits_for
from oncedesk.domain.remedies.words import Clock, ClockKind, DecidedBy, LegStatus
from oncedesk.domain.shared.decider import Facts, Refusal

_CONSUMERS = (ClockKind.SHIP_BACK, ClockKind.COUNTER_OFFER)
"""Clocks that warn and are the consumer's own."""


def expired(*, state: Remedies, purchase: Purchase | None, facts: Facts) -> list[RemedyEvent]:
    """What every clock that has run out leads to, the earliest first, and what is warned of."""
    events: list[RemedyEvent] = []
    for number, clock in _due(state, facts):
        remedy = state.remedy(number)
        if remedy is None or remedy.clock(clock.kind) != clock:
            continue
        found = _expire(state, remedy, clock, purchase, facts)
        state = evolved(state, found) if found else state
        events += found
    if state.put_off and purchase is not None:
        events += owed_again(state=state, purchase=purchase, facts=facts)
    return events


def _due(state: Remedies, facts: Facts) -> list[tuple[int, Clock]]:
    found = [
        (remedy.number, clock)
        for remedy in state.live
        for clock in remedy.clocks
        if min(clock.due_at, clock.warn_at or clock.due_at) <= facts.now
    ]
    return sorted(found, key=lambda one: (one[1].due_at, one[0]))


def _expire(
    state: Remedies, remedy: Remedy, clock: Clock, purchase: Purchase | None, facts: Facts
) -> list[RemedyEvent]:
    if clock.due_at > facts.now:
        return [
            ClockWarned(
                **state.about(remedy.number, facts.now),
                kind=clock.kind.value,
                desk=None if clock.kind in _CONSUMERS else waits_for(state=state, remedy=remedy),
            )
        ]
    match clock.kind:
        case ClockKind.ANSWER:
            return _silence(state, remedy, purchase, facts)
        case ClockKind.COUNTER_OFFER:
            found = decline_offer(state=state, remedy=remedy, silent=True, facts=facts)
            assert not isinstance(found, Refusal)
            return found
        case ClockKind.SETTLE if not any(leg.status is LegStatus.REQUESTED for leg in remedy.legs):
            return [_awaited(state, remedy, clock, facts)]
        case ClockKind.FUNDING if not remedy.waits_for_money:
            return [_awaited(state, remedy, clock, facts)]
        case ClockKind.FUNDING:
            assert purchase is not None
            asked = ask_for_money_again(state=state, remedy=remedy, facts=facts)
            after = evolved(state, asked)
            return [*asked, *settle_once_funded(after, remedy.number, facts, purchase)]
        case ClockKind.SETTLE:
            return ask_again(state=state, remedy=remedy, facts=facts)
        case ClockKind.ROUTE:
            return [ask_route(state=state, remedy=remedy, facts=facts)]
        case ClockKind.CHARGE | ClockKind.CHANGE:
            assert purchase is not None
            return change_again(
                state=state, remedy=remedy, clock=clock, purchase=purchase, facts=facts
            )
        case ClockKind.CONTEST:
            assert purchase is not None
            return contest_over(state=state, remedy=remedy, facts=facts, purchase=purchase)
        case (
            ClockKind.SHIP_BACK
            | ClockKind.RETURN_PLACE
            | ClockKind.RETURN_TRANSIT
            | ClockKind.INSPECTION
            | ClockKind.SHIP_OUT
            | ClockKind.OUT_TRANSIT
        ):
            assert purchase is not None
            return halted(
                state=state, remedy=remedy, kind=clock.kind, purchase=purchase, facts=facts
            )
        case ClockKind.OBJECTION if can_go_back(remedy):
            return [goods_due(state=state, remedy=remedy, facts=facts, their_own=True)]
        case ClockKind.HOLD:
            assert purchase is not None
            return pay_out(state=state, remedy=remedy, facts=facts, purchase=purchase)
        case ClockKind.AUTHORITY:
            return unanswered(state=state, remedy=remedy, facts=facts)
        case ClockKind.EVIDENCE:
            assert purchase is not None
            return evidence_over(state=state, remedy=remedy, purchase=purchase, facts=facts)
        case ClockKind.DECISION:
            assert purchase is not None
            return undecided(state=state, remedy=remedy, purchase=purchase, facts=facts)
        case ClockKind.OBJECTION if remedy.is_granted:
            return [ObjectionLapsed(**state.about(remedy.number, facts.now))]
        case ClockKind.CLOSING if len(remedy.clocks) > 1:
            return [_put_off(state, remedy, clock, facts)]
        case _:
            return [closed(state=state, remedy=remedy, facts=facts)]


def _silence(
    state: Remedies, remedy: Remedy, purchase: Purchase | None, facts: Facts
) -> list[RemedyEvent]:
    match silence_of(remedy):
        case Silence.ASKED_AGAIN:
            return overdue(state=state, remedy=remedy, facts=facts)
        case Silence.TAKEN_OVER:
            return take_over(state=state, remedy=remedy, facts=facts)
        case Silence.GRANTED:
            assert purchase is not None
            return approve(
                state=state,
                remedy=remedy.number,
                by=DecidedBy.SILENCE,
                facts=facts,
                purchase=purchase,
            )


def _awaited(state: Remedies, remedy: Remedy, clock: Clock, facts: Facts) -> ClosingPutOff:
    """It waits for the consumer to name a route, or for goods; nobody can be asked meanwhile."""
    again = Clock(clock.kind, facts.now + timedelta(days=1), clock.rule)
    return ClosingPutOff(**state.about(remedy.number, facts.now), clock=again)


def _put_off(state: Remedies, remedy: Remedy, clock: Clock, facts: Facts) -> ClosingPutOff:
    """It is over when nothing of it runs any more."""
    last = max(one.due_at for one in remedy.clocks if one.kind is not ClockKind.CLOSING)
    due_at = max(last, facts.now) + timedelta(seconds=1)
    return ClosingPutOff(
        **state.about(remedy.number, facts.now), clock=Clock(ClockKind.CLOSING, due_at, clock.rule)
    )
