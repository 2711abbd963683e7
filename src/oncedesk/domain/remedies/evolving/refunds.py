"""How what becomes of its legs changes a remedy. Never refuses."""

from typing import assert_never
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.remedies.messages.refunding import (
    ClosingPutOff,
    OutsideKind,
    RefundCredited,
    RefundDropped,
    RefundFailed,
    RefundRequested,
    RefundSent,
    RefundSentTwice,
    RemedySettled,
    RouteAsked,
)
from oncedesk.domain.remedies.postings import less
from oncedesk.domain.remedies.state import ClosedLeg, Outside, Remedies, Remedy
from oncedesk.domain.remedies.words import ClockKind, LegStatus, RefundStatus, Status
from oncedesk.domain.shared.ids import derived_id

RefundEvent = (
    RefundRequested
    | RefundSent
    | RefundCredited
    | RefundFailed
    | RefundDropped
    | RouteAsked
    | RemedySettled
    | ClosingPutOff
)
"""What is asked of payments for a remedy, what they say, and when all is done."""


_OUTLAST = (
    ClockKind.AUTHORITY,
    ClockKind.OBJECTION,
    ClockKind.EVIDENCE,
    ClockKind.DECISION,
    ClockKind.CONTEST,
)
"""What may still run when all that was owed was done."""


def refunded(remedy: Remedy, event: RefundEvent) -> Remedy:
    """The remedy after this event."""
    match event:
        case RefundRequested():
            leg = replace(
                event.leg,
                requested_at=event.leg.requested_at or event.at,
                asked_again=event.leg.asked_again + event.again,
            )
            status = remedy.status if remedy.goods_pending else Status.SETTLING
            settling = _answered(replace(remedy, status=status).with_leg(leg))
            if not remedy.waits_for_money:
                settling = settling.without_clocks(ClockKind.FUNDING)
            return settling.without_clocks(ClockKind.HOLD).with_clock(event.clock)
        case RefundSent():
            sent = _leg_is(remedy, event.leg, LegStatus.SENT)
            leg_sent = sent.leg(event.leg)
            assert leg_sent is not None
            return _answered(sent.with_leg(replace(leg_sent, sent_at=event.sent_at)))
        case RefundCredited():
            known = remedy.leg(event.leg)
            assert known is not None
            # What was sent twice stays replaced.
            twice = known.status is LegStatus.REPLACED
            credited = _leg_is(
                remedy, event.leg, LegStatus.REPLACED if twice else LegStatus.CREDITED
            )
            leg_credited = credited.leg(event.leg)
            assert leg_credited is not None
            arrived = replace(leg_credited, credited_at=event.credited_at)
            return _with_refund(credited.with_leg(arrived))
        case RefundFailed():
            leg_failed = remedy.leg(event.leg)
            assert leg_failed is not None
            ended = LegStatus.REPLACED if leg_failed.route else LegStatus.FAILED
            return _answered(_leg_is(remedy, event.leg, ended))
        case RefundDropped():
            dropped = remedy.leg(event.leg)
            assert dropped is not None
            certain_from = event.asked or dropped.certain_from
            return _answered(
                remedy.with_leg(
                    replace(dropped, status=LegStatus.REPLACED, certain_from=certain_from)
                )
            )
        case RouteAsked():
            status = remedy.status if remedy.goods_pending else Status.SETTLING
            asked = replace(remedy, status=status, route_asked=event.times)
            asked = asked if event.leg is None else asked.with_leg(event.leg)
            return _with_refund(asked).with_clock(event.clock)
        case RemedySettled():
            settled = replace(
                remedy,
                status=Status.SETTLED,
                settled_at=event.at,
                sources=tuple(one for one in less(remedy.sources, event.released) if one.minor),
            )
            return settled.with_clocks_only(*_OUTLAST).with_clock(event.clock)
        case ClosingPutOff():
            return remedy.with_clock(event.clock)
        case _:
            assert_never(event)


def with_taken(state: Remedies, before: Remedy, after: Remedy) -> Remedies:
    """With what this remedy's legs take from the order's payments now, in the place of before."""
    if before.legs == after.legs:
        return state
    refunded = list(state.refunded)
    for remedy, sign in ((before, -1), (after, 1)):
        for leg in remedy.legs if remedy.counts else ():
            if leg.counts and not leg.beyond:
                refunded += [0] * (leg.place - len(refunded))
                refunded[leg.place - 1] += sign * leg.amount_minor
    return replace(state, refunded=tuple(refunded))


def sent_twice(state: Remedies, event: RefundSentTwice) -> Remedies:
    """With what went to the consumer beside what was sent in its place."""
    if event.payment:
        told = Outside(
            sent_after_all_id(event.order, event.remedy, event.leg),
            OutsideKind.OUTSIDE_REFUND.value,
            event.amount_minor,
            event.payment,
        )
        state = replace(state, outside=(*state.outside, told))
    remedy = state.remedy(event.remedy)
    if remedy is None:
        return heard_late(state, event)
    leg = remedy.leg(event.leg)
    assert leg is not None
    return state.with_remedy(remedy.with_leg(replace(leg, sent_at=event.sent_at)))


def sent_after_all_id(order: UUID, remedy: int, leg: int) -> UUID:
    """Under which what was sent although it had failed counts as money that went without us."""
    return derived_id("sent-after-all", order, str(remedy), str(leg))


def heard_late(state: Remedies, event: RefundSent | RefundSentTwice | RefundCredited) -> Remedies:
    """With what was said of money when its remedy was over."""
    over = state.over(event.remedy)
    assert over is not None
    legs = tuple(_told(one, event) if one.number == event.leg else one for one in over.legs)
    closed = tuple(
        replace(one, legs=legs) if one.number == event.remedy else one for one in state.closed
    )
    return replace(state, closed=closed)


def _told(leg: ClosedLeg, event: RefundSent | RefundSentTwice | RefundCredited) -> ClosedLeg:
    if isinstance(event, RefundSent | RefundSentTwice):
        return replace(leg, failed=False, sent_at=event.sent_at)
    return replace(leg, credited=True, credited_at=event.credited_at)


def _leg_is(remedy: Remedy, number: int, status: LegStatus) -> Remedy:
    leg = remedy.leg(number)
    assert leg is not None
    return remedy.with_leg(replace(leg, status=status))


def _answered(remedy: Remedy) -> Remedy:
    """With no clock but for what payments, or whoever names a route, have not answered yet."""
    statuses = {leg.status for leg in remedy.legs}
    if LegStatus.REQUESTED not in statuses:
        remedy = remedy.without_clocks(ClockKind.SETTLE)
    if LegStatus.FAILED not in statuses:
        remedy = replace(remedy, route_asked=0).without_clocks(ClockKind.ROUTE)
    return _with_refund(remedy)


def _with_refund(remedy: Remedy) -> Remedy:
    """With the refund status that its legs together have."""
    left = [leg.status for leg in remedy.legs if leg.status is not LegStatus.REPLACED]
    if not left:
        return replace(remedy, refund=RefundStatus.NONE)
    if LegStatus.FAILED in left:
        return replace(remedy, refund=RefundStatus.FAILED)
    if LegStatus.REQUESTED in left:
        return replace(remedy, refund=RefundStatus.REQUESTED)
    credited = all(status is LegStatus.CREDITED for status in left)
    return replace(remedy, refund=RefundStatus.CREDITED if credited else RefundStatus.SENT)
