"""Money to the consumer, leg by leg; what payments say of it comes back as a command.

A leg is asked for under one idempotency key, however often: payments send it once. Until they have
said what became of it, it counts as given.
"""

from datetime import datetime, timedelta
from typing import assert_never

from msgspec.structs import replace

from oncedesk.domain.remedies.amounts import legs_for
from oncedesk.domain.remedies.evolve import evolve, evolved
from oncedesk.domain.remedies.funding import waits_for_money
from oncedesk.domain.remedies.messages import RemedyEvent
from oncedesk.domain.remedies.messages.refunding import (
    ConfirmCredit,
    ConfirmRefund,
    FailRefund,
    NameRoute,
    OfLeg,
    OutsideRecorded,
    RecordOutside,
    RefundCredited,
    RefundFailed,
    RefundingCommand,
    RefundRequested,
    RefundSent,
    RemedyClosed,
    RemedySettled,
)
from oncedesk.domain.remedies.postings import asked, failed, outside, sent, taken, undone, unsent
from oncedesk.domain.remedies.purchase import Purchase
from oncedesk.domain.remedies.state import OUTSIDE_MAX, Remedies, Remedy
from oncedesk.domain.remedies.words import Clock, ClockKind, Leg, LegStatus, RemedyKind
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.remedy_rules import SettlingRule

Answer = list[RemedyEvent] | Refusal
FUTURE_MAX = timedelta(days=1)


def refunding(*, state: Remedies, command: RefundingCommand, facts: Facts) -> Answer:
    """What payments said, recorded once; saying it again changes nothing."""
    if isinstance(command, RecordOutside):
        return _outside(state, command, facts.now)
    remedy = state.remedy(command.remedy)
    if remedy is None:
        return Refusal("remedy_unknown", "one that is not over", "remedy")
    match command:
        case ConfirmRefund():
            return _confirm(state, remedy, command, facts)
        case ConfirmCredit():
            return _credit(state, remedy, command, facts.now)
        case FailRefund():
            return _fail(state, remedy, command, facts)
        case NameRoute():
            return _name_route(state, remedy, command, facts)
        case _:
            assert_never(command)


def settle(
    *,
    state: Remedies,
    remedy: int,
    facts: Facts,
    purchase: Purchase,
    amount_minor: int | None = None,
) -> list[RemedyEvent]:
    """Ask payments for all that they were not asked for, once the money for it is there; with
    nothing to send it is settled.

    All is the remedy's amount, or `amount_minor`. While goods travel nothing is settled.
    """
    known = state.remedy(remedy)
    assert known is not None
    wanted_minor = known.amount_minor if amount_minor is None else amount_minor
    waiting = waits_for_money(state=state, remedy=known, send_minor=wanted_minor, facts=facts)
    if waiting:
        after = evolved(state, waiting)
        return [*waiting, *settle_once_funded(after, remedy, facts, purchase)]
    legs = _legs(state, known, wanted_minor - known.asked_minor, purchase)
    events: list[RemedyEvent] = []
    for leg in legs:
        event = request_leg(state=state, remedy=known, leg=leg, facts=facts)
        state = evolve(state, event)
        events.append(event)
    if not legs:
        events += settled_if_done(state=state, remedy=remedy, facts=facts)
    return events


def _legs(
    state: Remedies, remedy: Remedy, amount_minor: int, purchase: Purchase
) -> tuple[Leg, ...]:
    """To where this amount goes."""
    numbered = max((leg.number for leg in remedy.legs), default=0)
    if remedy.kind is RemedyKind.COMPENSATION:
        # It comes on top of what was paid, so it goes to none of the payments.
        return (Leg(numbered + 1, 0, remedy.method, amount_minor),) if amount_minor else ()
    return legs_for(
        purchase=purchase,
        book=state,
        amount_minor=amount_minor,
        numbered=numbered,
        # What is paid by another method from now on goes back to the payments of before.
        route=None if remedy.kind is RemedyKind.CHANGE_PAYMENT else remedy.route,
    )


def settle_once_funded(
    state: Remedies, remedy: int, facts: Facts, purchase: Purchase
) -> list[RemedyEvent]:
    """Go on where the answer has come that a remedy waited for."""
    known = state.remedy(remedy)
    if known is None or not known.funded or known.asked_minor >= known.send_minor:
        return []
    return settle(
        state=state,
        remedy=remedy,
        facts=facts,
        purchase=purchase,
        amount_minor=known.send_minor,
    )


def settled_if_done(*, state: Remedies, remedy: int, facts: Facts) -> list[RemedyEvent]:
    """That it is settled: all its money was sent, and nothing travels any more."""
    known = state.remedy(remedy)
    assert known is not None
    if known.goods_pending or any(leg.status not in _DONE for leg in known.legs):
        return []
    return [settled(state=state, remedy=known, facts=facts)]


def pay_beyond(
    *, state: Remedies, remedy: Remedy, amount_minor: int, method: str, facts: Facts
) -> RefundRequested:
    """Ask payments for what comes on top of what was paid; `remedy` has the shares of who pays."""
    number = max((leg.number for leg in remedy.legs), default=0) + 1
    leg = Leg(number, 0, method, amount_minor, beyond=True)
    return request_leg(state=state, remedy=remedy, leg=leg, facts=facts)


def closed(*, state: Remedies, remedy: Remedy, facts: Facts) -> RemedyClosed:
    """Nothing can come of it any more."""
    return RemedyClosed(
        consumer=state.consumer,
        order=state.order,
        at=facts.now,
        remedy=remedy.number,
        case=remedy.case,
    )


def request_leg(*, state: Remedies, remedy: Remedy, leg: Leg, facts: Facts) -> RefundRequested:
    """Ask payments for this leg, for the first time."""
    number = state.moved + 1
    # What comes on top has bearers and sources of its own.
    whose = replace(remedy, number=0, legs=(), sources=()) if leg.beyond else remedy
    sources = leg.taken or taken(state=state, remedy=whose, amount_minor=leg.amount_minor)
    leg = replace(leg, transfer=number, taken=sources)
    return RefundRequested(
        consumer=state.consumer,
        order=state.order,
        at=facts.now,
        remedy=remedy.number,
        leg=leg,
        currency=state.currency,
        clock=_settle_clock(_settling(remedy, facts), leg, facts.now),
        transfers=asked(state=state, leg=leg, number=number),
    )


def _settle_clock(rule: SettlingRule, leg: Leg, now: datetime) -> Clock:
    """When payments are asked again what became of it; each time twice as long, up to a day."""
    seconds = min(rule.answer_seconds << min(leg.asked_again, 20), 86_400)
    return Clock(ClockKind.SETTLE, now + timedelta(seconds=seconds), rule.id)


def _settling(remedy: Remedy, facts: Facts) -> SettlingRule:
    return facts.packs.by_hash(remedy.pack).remedies.settling


def ask_again(*, state: Remedies, remedy: Remedy, facts: Facts) -> list[RemedyEvent]:
    """The settle clock ran out: payments are asked about every leg they have not answered."""
    rule = _settling(remedy, facts)
    return [
        RefundRequested(
            consumer=state.consumer,
            order=state.order,
            at=facts.now,
            remedy=remedy.number,
            leg=leg,
            currency=state.currency,
            clock=_settle_clock(rule, replace(leg, asked_again=leg.asked_again + 1), facts.now),
            again=True,
        )
        for leg in remedy.legs
        if leg.status is LegStatus.REQUESTED
    ]


def _confirm(state: Remedies, remedy: Remedy, command: ConfirmRefund, facts: Facts) -> Answer:
    leg = _leg(remedy, command)
    if isinstance(leg, Refusal):
        return leg
    if command.currency != state.currency:
        return Refusal("currency_differs", f"the order's is {state.currency}", "currency")
    if command.amount_minor != leg.amount_minor:
        return Refusal("amount_differs", f"it was asked for {leg.amount_minor}", "amount_minor")
    if leg.status in (LegStatus.SENT, LegStatus.CREDITED):
        return [] if leg.sent_at == command.sent_at else Refusal("refund_settled", "sent before")
    if leg.status is not LegStatus.REQUESTED:
        return Refusal("refund_failed", "it was said to have failed")
    if command.sent_at > facts.now + FUTURE_MAX:
        return Refusal("time_in_future", "at most a day ahead of us", "sent_at")
    event = RefundSent(
        consumer=state.consumer,
        order=state.order,
        at=facts.now,
        remedy=remedy.number,
        leg=leg.number,
        amount_minor=leg.amount_minor,
        sent_at=command.sent_at,
        seconds=_seconds(remedy.requested_at, command.sent_at),
        reference=command.reference,
        taken=leg.taken,
        currency=state.currency if leg.stored else "",
        credits=leg.reference if leg.stored else "",
        transfers=sent(state=state, leg=leg),
    )
    after = evolve(state, event)
    return [event, *settled_if_done(state=after, remedy=remedy.number, facts=facts)]


_DONE = (LegStatus.SENT, LegStatus.CREDITED, LegStatus.REPLACED)


def settled(*, state: Remedies, remedy: Remedy, facts: Facts) -> RemedySettled:
    """All that was owed was done."""
    rule = _settling(remedy, facts)
    contest = remedy.clock(ClockKind.CONTEST)
    closing_at = max(
        facts.now + timedelta(seconds=rule.closing_seconds),
        facts.now if contest is None else contest.due_at,
    )
    return RemedySettled(
        consumer=state.consumer,
        order=state.order,
        at=facts.now,
        remedy=remedy.number,
        seconds=_seconds(remedy.requested_at, facts.now),
        clock=Clock(ClockKind.CLOSING, closing_at, rule.id),
        released=unsent(remedy),
        transfers=undone(state=state, remedy=remedy),
    )


def _credit(state: Remedies, remedy: Remedy, command: ConfirmCredit, now: datetime) -> Answer:
    leg = _leg(remedy, command)
    if isinstance(leg, Refusal):
        return leg
    if leg.status is LegStatus.CREDITED:
        return []
    if leg.status is not LegStatus.SENT:
        return Refusal("refund_not_sent", "it is credited after it was sent")
    if command.credited_at > now + FUTURE_MAX:
        return Refusal("time_in_future", "at most a day ahead of us", "credited_at")
    return [
        RefundCredited(
            consumer=state.consumer,
            order=state.order,
            at=now,
            remedy=remedy.number,
            leg=leg.number,
            credited_at=command.credited_at,
            seconds=_seconds(remedy.requested_at, command.credited_at),
        )
    ]


def _fail(state: Remedies, remedy: Remedy, command: FailRefund, facts: Facts) -> Answer:
    leg = _leg(remedy, command)
    if isinstance(leg, Refusal):
        return leg
    if leg.status in (LegStatus.FAILED, LegStatus.REPLACED):
        return []
    if leg.status is not LegStatus.REQUESTED:
        return Refusal("refund_settled", "it was sent before")
    return [
        RefundFailed(
            consumer=state.consumer,
            order=state.order,
            at=facts.now,
            remedy=remedy.number,
            leg=leg.number,
            reason=command.reason.value,
            clock=_settle_clock(_settling(remedy, facts), leg, facts.now),
            transfers=failed(state=state, leg=leg),
        )
    ]


def _name_route(state: Remedies, remedy: Remedy, command: NameRoute, facts: Facts) -> Answer:
    """What failed is sent to where the consumer says; the legs that failed are done with."""
    failed = [leg for leg in remedy.legs if leg.status is LegStatus.FAILED]
    if not failed:
        return Refusal("route_not_needed", "no refund has failed")
    leg = Leg(
        max(one.number for one in remedy.legs) + 1,
        0,
        command.method,
        sum(one.amount_minor for one in failed),
        reference=command.reference,
        beyond=all(one.beyond for one in failed),
        taken=tuple(source for one in failed for source in one.taken),
    )
    return [request_leg(state=state, remedy=remedy, leg=leg, facts=facts)]


def _outside(state: Remedies, command: RecordOutside, now: datetime) -> Answer:
    if any(one.id == command.id for one in state.outside):
        return []
    if command.currency != state.currency:
        return Refusal("currency_differs", f"the order's is {state.currency}", "currency")
    if len(state.outside) >= OUTSIDE_MAX:
        return Refusal("outside_too_many", f"at most {OUTSIDE_MAX} for an order")
    return [
        OutsideRecorded(
            consumer=state.consumer,
            order=state.order,
            at=now,
            id=command.id,
            kind=command.kind.value,
            amount_minor=command.amount_minor,
            payment=command.payment,
            transfers=outside(state=state, kind=command.kind, amount_minor=command.amount_minor),
        )
    ]


def _leg(remedy: Remedy, command: OfLeg) -> Leg | Refusal:
    return remedy.leg(command.leg) or Refusal("refund_unknown", "a refund of this remedy", "leg")


def _seconds(since: datetime, until: datetime) -> int:
    return max(0, int((until - since).total_seconds()))
