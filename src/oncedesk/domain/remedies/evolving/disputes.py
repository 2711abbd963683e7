"""How a dispute changes a remedy. Never refuses."""

from typing import assert_never

from msgspec.structs import replace

from oncedesk.domain.remedies.messages.disputing import (
    DecisionAsked,
    DecisionReversed,
    DisputeDecided,
    DisputeOpened,
    DisputingEvent,
    EvidenceSubmitted,
    ObjectionLapsed,
    ObjectionMade,
    Outcome,
    Side,
)
from oncedesk.domain.remedies.state import Dispute, Remedy
from oncedesk.domain.remedies.taking import besides
from oncedesk.domain.remedies.words import ClockKind, Status


def disputed(remedy: Remedy, event: DisputingEvent) -> Remedy:
    if isinstance(event, DisputeOpened):
        dispute = Dispute(remedy.lines, remedy.amount_minor, merchant_evidence=remedy.shown)
        opened = replace(remedy, status=Status.REQUESTED, desk=event.desk, dispute=dispute)
        return opened.without_clocks().with_clock(event.clock)
    if isinstance(event, ObjectionLapsed):
        # Of what was refused, and of which the goods came all the same, there was no dispute.
        return remedy.without_clocks(ClockKind.OBJECTION)
    known = remedy.dispute
    assert known is not None
    match event:
        case EvidenceSubmitted():
            count = len(event.digests)
            if event.side is Side.CONSUMER:
                more = replace(known, consumer_evidence=known.consumer_evidence + count)
            else:
                more = replace(known, merchant_evidence=known.merchant_evidence + count)
            return replace(remedy, dispute=more)
        case DecisionAsked():
            asked = replace(remedy, desk=event.desk)
            return asked.without_clocks(ClockKind.EVIDENCE).with_clock(event.clock)
        case DisputeDecided():
            return _decided(remedy, known, event)
        case ObjectionMade():
            objected = replace(remedy, dispute=replace(known, objected=event.side))
            return objected.without_clocks(ClockKind.OBJECTION)
        case DecisionReversed():
            for leg in event.legs:
                remedy = remedy.with_leg(leg)
            return _borne_by_platform(remedy, event) if event.borne else remedy
        case _:
            assert_never(event)


def _borne_by_platform(remedy: Remedy, event: DecisionReversed) -> Remedy:
    """Whether it has left or not."""
    borne = replace(remedy, shares=event.borne, sources=event.sources)
    if event.anew:
        borne = replace(borne, asked_of=(), fund_minor=0).without_clocks(ClockKind.FUNDING)
    return borne


def _decided(remedy: Remedy, dispute: Dispute, event: DisputeDecided) -> Remedy:
    """What was given stays given; else the remedy is from now on what was decided."""
    after = replace(
        remedy,
        desk=None,
        approval=None,
        dispute=replace(
            dispute, outcome=event.outcome, decided_by=event.agent, stood_by=event.stood_by
        ),
    ).without_clocks(ClockKind.EVIDENCE, ClockKind.DECISION, ClockKind.AUTHORITY)
    after = after.with_clock(event.clock)
    if remedy.is_granted and event.amount_minor <= remedy.amount_minor:
        return after
    if event.outcome is Outcome.REFUSED:
        return replace(after, status=Status.REFUSED)
    shipping_minor = event.shipping_minor
    if shipping_minor is None:
        shipping_minor = besides(event.lines, event.amount_minor)
    return replace(
        after,
        lines=event.lines,
        amount_minor=event.amount_minor,
        shipping_minor=shipping_minor,
        shares=event.shares,
        otherwise=(),
    )
