"""What payments say of a refund: sent, arrived, failed; late, twice and contradicting themselves.

What is said a second time changes nothing; what contradicts what was said is refused, and the books
stay as they are. Only "it was sent after all" is believed of a refund that had failed, as long as
nothing was sent in its place.
"""

from datetime import datetime, timedelta

from msgspec.structs import replace

from oncedesk.domain.remedies.evolve import evolve
from oncedesk.domain.remedies.legs import request_leg, seconds_between, settled
from oncedesk.domain.remedies.messages import RemedyEvent
from oncedesk.domain.remedies.messages.refunding import (
    ConfirmCredit,
    ConfirmRefund,
    FailRefund,
    NameRoute,
    OfLeg,
    RefundCredited,
    RefundFailed,
    RefundSent,
)
from oncedesk.domain.remedies.postings import asked, ended, sent
from oncedesk.domain.remedies.rerouting import ask_route, replacement
from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.remedies.words import Leg, LegStatus
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.ledger import Phase, Transfer

Answer = list[RemedyEvent] | Refusal
FUTURE_MAX = timedelta(days=1)
"""So far the clocks of payments may be ahead of ours, or a transfer's day before the request."""
_DONE = (LegStatus.SENT, LegStatus.CREDITED, LegStatus.REPLACED)


def confirm(*, state: Remedies, remedy: Remedy, command: ConfirmRefund, facts: Facts) -> Answer:
    """It was sent. With the last of them the remedy is settled."""
    leg = _leg(remedy, command)
    if isinstance(leg, Refusal):
        return leg
    wrong = _wrong(state, remedy, leg, command, facts.now)
    if wrong is not None:
        return wrong
    if leg.status in (LegStatus.SENT, LegStatus.CREDITED):
        return [] if leg.sent_at == command.sent_at else Refusal("refund_settled", "sent before")
    if leg.status is LegStatus.REPLACED:
        return Refusal("refund_replaced", "it was said to have failed, and sent elsewhere")
    event = RefundSent(
        consumer=state.consumer,
        order=state.order,
        at=facts.now,
        remedy=remedy.number,
        leg=leg.number,
        amount_minor=leg.amount_minor,
        sent_at=command.sent_at,
        seconds=seconds_between(remedy.requested_at, command.sent_at),
        reference=command.reference,
        currency=state.currency if leg.stored else "",
        credits=leg.reference if leg.stored else "",
        transfers=_sent_transfers(state, remedy, leg),
    )
    after = evolve(state, event).remedy(remedy.number)
    assert after is not None
    events: list[RemedyEvent] = [event]
    if all(one.status in _DONE for one in after.legs):
        events.append(settled(state=state, remedy=after, facts=facts))
    return events


def _wrong(
    state: Remedies, remedy: Remedy, leg: Leg, command: ConfirmRefund, now: datetime
) -> Refusal | None:
    if not leg.method:
        return Refusal("refund_unknown", "one that was asked for", "leg")
    if command.currency != state.currency:
        return Refusal("currency_differs", f"the order's is {state.currency}", "currency")
    if command.amount_minor != leg.amount_minor:
        return Refusal("amount_differs", f"it was asked for {leg.amount_minor}", "amount_minor")
    if command.sent_at > now + FUTURE_MAX:
        return Refusal("time_in_future", "at most a day ahead of us", "sent_at")
    if command.sent_at < remedy.requested_at - FUTURE_MAX:
        return Refusal("time_implausible", "before it was asked for", "sent_at")
    return None


def _sent_transfers(state: Remedies, remedy: Remedy, leg: Leg) -> tuple[Transfer, ...]:
    """What was set aside is posted (again, if it had been released), and the consumer has it."""
    number = state.moved + 1
    ending = ended(state=state, number=leg.transfer, phase=Phase.POSTED)
    if ending is not None:
        return (ending, sent(state=state, leg=leg, number=number))
    taken = tuple(
        replace(one, phase=Phase.POSTED)
        for one in asked(state=state, remedy=remedy, leg=leg, number=number)
    )
    return (*taken, sent(state=state, leg=leg, number=number + 1))


def credit(*, state: Remedies, remedy: Remedy, command: ConfirmCredit, now: datetime) -> Answer:
    """It has arrived."""
    leg = _leg(remedy, command)
    if isinstance(leg, Refusal):
        return leg
    if leg.status is LegStatus.CREDITED:
        return []
    if leg.status is not LegStatus.SENT:
        return Refusal("refund_not_sent", "it is credited after it was sent")
    return _credited(state, remedy.number, remedy.requested_at, command, now)


def _credited(
    state: Remedies, remedy: int, requested_at: datetime, command: ConfirmCredit, now: datetime
) -> Answer:
    if command.credited_at > now + FUTURE_MAX:
        return Refusal("time_in_future", "at most a day ahead of us", "credited_at")
    return [
        RefundCredited(
            consumer=state.consumer,
            order=state.order,
            at=now,
            remedy=remedy,
            leg=command.leg,
            credited_at=command.credited_at,
            seconds=seconds_between(requested_at, command.credited_at),
        )
    ]


def fail(*, state: Remedies, remedy: Remedy, command: FailRefund, facts: Facts) -> Answer:
    """It was not sent. Where a route is known it goes there; else somebody is asked for one."""
    leg = _leg(remedy, command)
    if isinstance(leg, Refusal):
        return leg
    if leg.status in (LegStatus.FAILED, LegStatus.REPLACED):
        return []
    if leg.status is not LegStatus.REQUESTED:
        return Refusal("refund_settled", "it was sent before")
    ending = ended(state=state, number=leg.transfer, phase=Phase.VOIDED)
    failed = RefundFailed(
        consumer=state.consumer,
        order=state.order,
        at=facts.now,
        remedy=remedy.number,
        leg=leg.number,
        reason=command.reason.value,
        transfers=() if ending is None else (ending,),
    )
    state = evolve(state, failed)
    after = state.remedy(remedy.number)
    assert after is not None
    if not leg.route:
        return [failed, ask_route(state=state, remedy=after, facts=facts)]
    instead = replacement(after, leg)
    return [failed, request_leg(state=state, remedy=after, leg=instead, facts=facts)]


def said_of_closed(
    *,
    state: Remedies,
    command: ConfirmRefund | ConfirmCredit | FailRefund | NameRoute,
    now: datetime,
) -> Answer:
    """What is said of a remedy that is over: that money arrived is still heard, nothing else."""
    if command.remedy > state.numbered:
        return Refusal("remedy_unknown", "one of this order's", "remedy")
    over = state.over(command.remedy)
    if isinstance(command, NameRoute) or over is None or not over.legs:
        return Refusal("remedy_closed", "it is over")
    leg = next((one for one in over.legs if one.number == command.leg), None)
    if leg is None:
        return Refusal("refund_unknown", "a refund of this remedy", "leg")
    if isinstance(command, ConfirmCredit):
        if leg.credited:
            return []
        return _credited(state, over.number, over.requested_at, command, now)
    return Refusal("refund_settled", "it was sent, and the remedy is over")


def _leg(remedy: Remedy, command: OfLeg) -> Leg | Refusal:
    return remedy.leg(command.leg) or Refusal("refund_unknown", "a refund of this remedy", "leg")
