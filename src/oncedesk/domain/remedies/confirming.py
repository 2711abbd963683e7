"""What payments say of a refund: sent, arrived, failed; late, twice and contradicting themselves.

What is said a second time changes nothing; what contradicts what was said is refused, and the books
stay as they are. Only "it was sent after all" is believed of a refund that had failed. Where
something was sent in its place by then, the money left twice: that is recorded, too.
"""

from datetime import datetime, timedelta

from msgspec.structs import replace

from oncedesk.domain.remedies.evolve import evolve, evolved
from oncedesk.domain.remedies.evolving.refunds import sent_after_all_id
from oncedesk.domain.remedies.legs import request_leg, seconds_between, settled_if_done
from oncedesk.domain.remedies.messages import Answer, RemedyEvent
from oncedesk.domain.remedies.messages.refunding import (
    ConfirmCredit,
    ConfirmRefund,
    FailRefund,
    NameRoute,
    OfLeg,
    OutsideKind,
    RecordOutside,
    RefundCredited,
    RefundFailed,
    RefundSent,
    RefundSentTwice,
)
from oncedesk.domain.remedies.postings import failed, outside, sent, sent_late
from oncedesk.domain.remedies.purchase import Purchase
from oncedesk.domain.remedies.rerouting import ask_route, drop_needless, send_instead
from oncedesk.domain.remedies.state import ClosedLeg, ClosedRemedy, Remedies, Remedy
from oncedesk.domain.remedies.words import Leg, LegStatus, Source
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.ledger import Account
from oncedesk.domain.shared.refs import Ref, order_talk_ref

FUTURE_MAX = timedelta(days=1)
"""So far the clocks of payments may be ahead of ours, or a transfer's day before the request."""


def confirm(*, state: Remedies, remedy: Remedy, command: ConfirmRefund, facts: Facts) -> Answer:
    """It was sent. With the last of them the remedy is settled."""
    leg = _leg(remedy, command)
    if isinstance(leg, Refusal):
        return leg
    if not leg.method:
        return Refusal("refund_unknown", "one that was asked for", "leg")
    wrong = _wrong(state, remedy, leg, command, facts.now)
    if wrong is not None:
        return wrong
    if leg.sent_at is not None:
        return [] if leg.sent_at == command.sent_at else Refusal("refund_settled", "sent before")
    if leg.status is LegStatus.REPLACED and leg.stored:
        return Refusal("refund_replaced", "it was said to have failed, and sent elsewhere")
    if leg.status is LegStatus.REPLACED:
        return [_sent_twice(state, remedy, leg, remedy.place_of(leg), command, facts.now)]
    events: list[RemedyEvent] = []
    if leg.status is LegStatus.FAILED:
        # It was sent after all: what had been released for it is taken again.
        open_leg = replace(leg, status=LegStatus.REQUESTED)
        again = request_leg(state=state, remedy=remedy, leg=open_leg, facts=facts, again=True)
        events, state, leg = [again], evolve(state, again), again.leg
    event = RefundSent(
        **state.about(remedy.number, facts.now),
        leg=leg.number,
        amount_minor=leg.amount_minor,
        sent_at=command.sent_at,
        seconds=seconds_between(remedy.requested_at, command.sent_at),
        reference=command.reference,
        taken=leg.taken,
        currency=state.currency if leg.stored else "",
        credits=leg.reference if leg.stored else "",
        transfers=sent(state=state, leg=leg),
    )
    after = evolve(state, event)
    done = settled_if_done(state=after, remedy=remedy.number, facts=facts)
    talk = talk_about(state=state, remedy=remedy)
    if done:
        unheard = talk is not None and talk.id not in facts.states
        done = [replace(done[0], leg=leg.number, unheard=unheard)]
    return [*events, event, *done]


def talk_about(*, state: Remedies, remedy: Remedy) -> Ref | None:
    """Where a remedy that belongs to no case may be talked about all the same."""
    if remedy.case is not None or not remedy.lines:
        return None
    return order_talk_ref(state.consumer, state.order, remedy.lines[0].part)


def _wrong(
    state: Remedies,
    remedy: Remedy | ClosedRemedy,
    leg: Leg | ClosedLeg,
    command: ConfirmRefund,
    now: datetime,
) -> Refusal | None:
    if command.currency != state.currency:
        return Refusal("currency_differs", f"the order's is {state.currency}", "currency")
    if command.amount_minor != leg.amount_minor:
        return Refusal("amount_differs", f"it was asked for {leg.amount_minor}", "amount_minor")
    if command.sent_at > now + FUTURE_MAX:
        return Refusal("time_in_future", "at most a day ahead of us", "sent_at")
    if command.sent_at < remedy.requested_at - FUTURE_MAX:
        return Refusal("time_implausible", "before it was asked for", "sent_at")
    return None


def credit(*, state: Remedies, remedy: Remedy, command: ConfirmCredit, now: datetime) -> Answer:
    """It has arrived."""
    leg = _leg(remedy, command)
    if isinstance(leg, Refusal):
        return leg
    if leg.status is LegStatus.CREDITED or leg.credited_at is not None:
        return _credited_before(leg, command)
    if leg.status is not LegStatus.SENT and leg.sent_at is None:
        return Refusal("refund_not_sent", "it is credited after it was sent")
    return _credited(state, remedy, leg, command, now)


def _credited_before(leg: Leg | ClosedLeg, command: ConfirmCredit) -> Answer:
    same = leg.credited_at in (None, command.credited_at)
    return [] if same else Refusal("refund_settled", "it arrived, and said otherwise before")


def _credited(
    state: Remedies,
    remedy: Remedy | ClosedRemedy,
    leg: Leg | ClosedLeg,
    command: ConfirmCredit,
    now: datetime,
) -> Answer:
    if command.credited_at < (leg.sent_at or remedy.requested_at) - FUTURE_MAX:
        return Refusal("time_implausible", "before it was sent", "credited_at")
    if command.credited_at > now + FUTURE_MAX:
        return Refusal("time_in_future", "at most a day ahead of us", "credited_at")
    return [
        RefundCredited(
            **state.about(remedy.number, now),
            leg=command.leg,
            credited_at=command.credited_at,
            seconds=seconds_between(remedy.requested_at, command.credited_at),
        )
    ]


def fail(
    *, state: Remedies, remedy: Remedy, command: FailRefund, purchase: Purchase, facts: Facts
) -> Answer:
    """It was not sent. Where a route is known it goes there; else somebody is asked for one, unless
    it has gone back otherwise."""
    leg = _leg(remedy, command)
    if isinstance(leg, Refusal):
        return leg
    if leg.sent_at is None and leg.status in (LegStatus.FAILED, LegStatus.REPLACED):
        return []
    if leg.status is not LegStatus.REQUESTED:
        return Refusal("refund_settled", "it was sent before")
    if command.asked > leg.asked:
        return Refusal("refund_unknown", f"it was asked for {leg.asked} times", "asked")
    if 0 < command.asked < leg.certain_from:
        # The failure for which the route was named, said once more.
        return []
    event = RefundFailed(
        **state.about(remedy.number, facts.now),
        leg=leg.number,
        reason=command.reason.value,
        transfers=failed(state=state, leg=leg),
    )
    state = evolve(state, event)
    after = state.the_remedy(remedy.number)
    if leg.route:
        instead = send_instead(state=state, remedy=after, leg=leg, purchase=purchase, facts=facts)
        return [event, *instead]
    events = drop_needless(state=state, remedy=after, purchase=purchase, facts=facts)
    state = evolved(state, events)
    after = state.the_remedy(remedy.number)
    if after.failed:
        events.append(ask_route(state=state, remedy=after, facts=facts))
    return [event, *events]


def said_of_closed(
    *,
    state: Remedies,
    command: ConfirmRefund | ConfirmCredit | FailRefund | NameRoute,
    now: datetime,
) -> Answer:
    """What is said of a remedy that is over: that money arrived is still heard, and where it had
    failed that it was sent (`sent_after_all`), and then that it arrived; nothing else, but the same
    once more."""
    if command.remedy > state.numbered:
        return Refusal("remedy_unknown", "one of this order's", "remedy")
    over = state.over(command.remedy)
    if isinstance(command, NameRoute) or over is None or not over.legs:
        return Refusal("remedy_closed", "it is over")
    leg = next((one for one in over.legs if one.number == command.leg), None)
    if leg is None:
        return Refusal("refund_unknown", "a refund of this remedy", "leg")
    if leg.failed and isinstance(command, FailRefund):
        return []
    if leg.failed and not _went_without_us(state, command):
        return Refusal("refund_not_sent", "it failed, and the remedy is over")
    if isinstance(command, ConfirmCredit):
        if leg.credited:
            return _credited_before(leg, command)
        return _credited(state, over, leg, command, now)
    if isinstance(command, ConfirmRefund) and leg.sent_at == command.sent_at:
        same = (leg.amount_minor, state.currency) == (command.amount_minor, command.currency)
        return [] if same else Refusal("refund_settled", "it was sent otherwise")
    return Refusal("refund_settled", "it was sent, and the remedy is over")


def sent_after_all(
    *, state: Remedies, command: ConfirmRefund, now: datetime
) -> RecordOutside | Answer | None:
    """What had failed when its remedy was withdrawn, and was sent: money that went back without
    us. What came on top of that the platform gave; what had been replaced went twice. None where
    this is about anything else."""
    over = state.over(command.remedy)
    legs = () if over is None else over.legs
    leg = next((one for one in legs if one.number == command.leg and one.failed), None)
    if over is None or leg is None:
        return None
    if leg.replaced or leg.place == 0:
        wrong = _wrong(state, over, leg, command, now)
        if wrong is not None:
            return wrong
        if leg.replaced:
            return [_sent_twice(state, over, leg, leg.place, command, now)]
        return [_sent_late(state, over, leg, command, now)]
    if command.amount_minor != leg.amount_minor:
        return Refusal("amount_differs", f"it was asked for {leg.amount_minor}", "amount_minor")
    return RecordOutside(
        consumer=state.consumer,
        order=state.order,
        id=sent_after_all_id(state.order, command.remedy, command.leg),
        kind=OutsideKind.OUTSIDE_REFUND,
        amount_minor=command.amount_minor,
        currency=command.currency,
        payment=leg.place,
    )


def _went_without_us(state: Remedies, command: OfLeg) -> bool:
    """Whether it is known by now that this leg was sent after all, as `sent_after_all` has it."""
    id_ = sent_after_all_id(state.order, command.remedy, command.leg)
    return any(one.id == id_ for one in state.outside)


def _sent_late(
    state: Remedies, over: ClosedRemedy, leg: ClosedLeg, command: ConfirmRefund, now: datetime
) -> RefundSent:
    """What was given up is nobody's to bear but the platform's."""
    return RefundSent(
        **state.about(over.number, now),
        leg=leg.number,
        amount_minor=leg.amount_minor,
        sent_at=command.sent_at,
        seconds=seconds_between(over.requested_at, command.sent_at),
        reference=command.reference,
        taken=(Source(Account.ASSURANCE_FUND, None, leg.amount_minor),),
        transfers=sent_late(state=state, amount_minor=leg.amount_minor),
    )


def _sent_twice(
    state: Remedies,
    remedy: Remedy | ClosedRemedy,
    leg: Leg | ClosedLeg,
    payment: int,
    command: ConfirmRefund,
    now: datetime,
) -> RefundSentTwice:
    return RefundSentTwice(
        **state.about(remedy.number, now),
        leg=leg.number,
        amount_minor=leg.amount_minor,
        sent_at=command.sent_at,
        seconds=seconds_between(remedy.requested_at, command.sent_at),
        payment=payment,
        reference=command.reference,
        transfers=outside(
            state=state, kind=OutsideKind.OUTSIDE_REFUND, amount_minor=leg.amount_minor, unpaid=()
        ),
    )


def _leg(remedy: Remedy, command: OfLeg) -> Leg | Refusal:
    return remedy.leg(command.leg) or Refusal("refund_unknown", "a refund of this remedy", "leg")
