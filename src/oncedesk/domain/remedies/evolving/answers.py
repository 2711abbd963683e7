"""How what is asked for and answered changes a remedy. Never refuses."""

from typing import assert_never

from msgspec.structs import replace

from oncedesk.domain.remedies.messages.asking import (
    AnswerOverdue,
    ClockWarned,
    CounterOffer,
    CounterOfferAccepted,
    CounterOfferDeclined,
    CounterOfferMade,
    HumanAsked,
    RemedyApproved,
    RemedyRefused,
    RemedyRepriced,
    RemedyRequested,
    RemedyTakenOver,
    RiskLifted,
)
from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.remedies.taking import besides
from oncedesk.domain.remedies.words import Clock, ClockKind, Status

AnswerEvent = (
    RemedyApproved
    | RemedyRefused
    | CounterOfferMade
    | CounterOfferAccepted
    | CounterOfferDeclined
    | ClockWarned
    | RemedyTakenOver
    | HumanAsked
    | AnswerOverdue
    | RiskLifted
    | RemedyRepriced
)
"""What somebody, or silence, says to a wish."""


def requested(state: Remedies, event: RemedyRequested) -> Remedies:
    remedy = Remedy(
        number=event.remedy,
        kind=event.kind,
        reason=event.reason,
        status=Status.REQUESTED,
        requested_at=event.at,
        rule=event.rule,
        pack=event.pack,
        lines=event.lines,
        amount_minor=event.amount_minor,
        shipping_minor=event.shipping_minor,
        shares=event.shares,
        desk=event.desk,
        case=event.case,
        agent=event.agent,
        speed=event.speed,
        replacements=event.replacements,
        difference_minor=event.difference_minor,
        method=event.method,
        goodwill=event.goodwill,
        route=event.route,
        address=event.address,
        otherwise=event.otherwise,
        speed_reason=event.speed_reason,
        evidence_wanted=event.evidence_wanted,
        human=event.human,
        takes_over=event.takes_over,
    )
    return state.with_remedy(remedy.with_clock(event.clock))


def answered(remedy: Remedy, event: AnswerEvent) -> Remedy:
    """The remedy after this event."""
    match event:
        case RemedyApproved():
            approved = replace(
                remedy,
                status=Status.APPROVED,
                amount_minor=event.amount_minor,
                shares=event.shares,
                desk=None,
                approval=None,
                counter_offer=None,
            )
            return approved.with_clocks_only(ClockKind.OBJECTION).with_clock(event.clock)
        case RemedyRefused():
            # What came back is another question than the one that a dispute decided before.
            refused = replace(
                remedy,
                status=Status.REFUSED,
                desk=None,
                counter_offer=None,
                approval=None,
                dispute=None,
                shown=event.shown,
            )
            return refused.without_clocks().with_clock(event.clock)
        case CounterOfferMade():
            offer = CounterOffer(
                event.wish, event.lines, event.amount_minor, event.shares, event.rule, event.spent
            )
            offered = replace(remedy, counter_offer=offer, approval=None)
            offered = offered.without_clocks(ClockKind.ANSWER, ClockKind.AUTHORITY)
            return offered.with_clock(event.clock)
        case CounterOfferAccepted():
            offered = _as_offered(remedy)
            return replace(offered, difference_minor=0, route=None) if event.free else offered
        case CounterOfferDeclined():
            return replace(remedy, counter_offer=None).without_clocks(ClockKind.COUNTER_OFFER)
        case ClockWarned():
            return _warned(remedy, event.kind)
        case RemedyTakenOver():
            taken = replace(remedy, desk=event.desk, approval=None)
            return taken.without_clocks(ClockKind.AUTHORITY).with_clock(event.clock)
        case HumanAsked():
            asked = replace(remedy, desk=event.desk, human=True, counter_offer=None, approval=None)
            return asked.without_clocks().with_clock(event.clock)
        case AnswerOverdue():
            return replace(remedy, overdue=event.times).with_clock(event.clock)
        case RiskLifted():
            return replace(remedy, speed=event.speed, speed_reason="lifted")
        case RemedyRepriced():
            return replace(
                remedy,
                lines=event.lines,
                amount_minor=event.amount_minor,
                shipping_minor=event.shipping_minor,
                shares=event.shares,
                otherwise=event.otherwise,
            )
        case _:
            assert_never(event)


def _as_offered(remedy: Remedy) -> Remedy:
    offer = remedy.counter_offer
    assert offer is not None
    return replace(
        remedy,
        kind=offer.wish.kind,
        reason=offer.wish.reason,
        lines=offer.lines,
        amount_minor=offer.amount_minor,
        shipping_minor=besides(offer.lines, offer.amount_minor),
        shares=offer.shares,
        rule=offer.rule,
        replacements=offer.wish.replacements,
        method=offer.wish.method,
        otherwise=(),
        takes_over=False,
        counter_offer=None,
    ).without_clocks(ClockKind.COUNTER_OFFER)


def _warned(remedy: Remedy, kind: str) -> Remedy:
    clocks = tuple(
        Clock(one.kind, one.due_at, one.rule) if one.kind == kind else one for one in remedy.clocks
    )
    return replace(remedy, clocks=clocks)
