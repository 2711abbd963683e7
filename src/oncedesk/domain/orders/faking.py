"""Fake tracking: under the number that was told there is nothing of this order.

Narrowly, by what can really be known: a number that was told in time and that no carrier ever had,
while nothing else of the part was shipped; a number that was under way before there was the order;
and what the marketplace, who knows all orders, has found. Late, missing or odd scans are no fake,
and where only milestones are told nothing is found.
"""

from datetime import datetime, timedelta

from oncedesk.domain.orders.messages import (
    Breach,
    BreachCorrected,
    FakeFinding,
    FoundBy,
    OrderEvent,
    PromiseBroken,
    PromiseKind,
    ReportFakeTracking,
    TrackingDetail,
)
from oncedesk.domain.orders.promises import effective_due, fake_id
from oncedesk.domain.orders.state import OrderState, Part
from oncedesk.domain.orders.tracking import Fake, Track
from oncedesk.domain.shared.decider import Facts, Refusal

BEFORE_ORDER = timedelta(days=1)
"""Clocks and zones of carriers are wrong by hours; what is earlier than this is another parcel."""


def report_fake(
    *, state: OrderState, command: ReportFakeTracking, facts: Facts
) -> list[OrderEvent] | Refusal:
    """What the marketplace found of a number; said again, it changes nothing."""
    track = state.track(command.shipment)
    part = None if track is None else state.part(track.part)
    if track is None or part is None:
        return Refusal("shipment_unknown", "one that carries a part of this order", "shipment")
    if state.tracking is not TrackingDetail.SCANS:
        return Refusal("milestones_only", "an order of which scans are told", "shipment")
    if command.finding is FakeFinding.CLEARED:
        counts = track.fake.counts
        return [_corrected(state, part, track, facts.now, cleared=True)] if counts else []
    # What no carrier had may be found to be another parcel's, which is scanned yet.
    if command.finding is FakeFinding.NEVER_SCANNED:
        # Nor is it found so if that would be taken back at once.
        known = track.fake is Fake.UNSEEN or _was_none(state, part, track, facts.now)
    else:
        known = False
    if known or track.fake is Fake.FOUND:
        return []
    return [_broken(state, part, track, facts.now, command.finding, FoundBy.EVENT)]


def unseen_due(*, state: OrderState, track: Track) -> datetime | None:
    """When a number that no carrier has had is taken for a fake, if it still can be."""
    part = state.part(track.part)
    if part is None or track.fake or part.shipped_at is not None or not _judged(state, part, track):
        return None
    return _unseen_until(state, part, track)


def fakes(*, state: OrderState, heard_at: datetime, clock_at: datetime | None) -> list[OrderEvent]:
    """The numbers that are fakes by what is known now, and those that are none after all."""
    events: list[OrderEvent] = []
    for track in state.tracks:
        part = state.part(track.part)
        if part is None:
            continue
        due_at = unseen_due(state=state, track=track)
        known = track.fake in (Fake.FOUND, Fake.CLEARED) or not _judged(state, part, track)
        if not known and _before_order(state, track):
            found = FakeFinding.BEFORE_ORDER
            events.append(_broken(state, part, track, heard_at, found, FoundBy.EVENT))
        elif due_at is not None and clock_at is not None and due_at <= clock_at:
            found = FakeFinding.NEVER_SCANNED
            events.append(_broken(state, part, track, heard_at, found, FoundBy.CLOCK))
        elif track.fake is Fake.UNSEEN and _was_none(state, part, track, heard_at):
            events.append(_corrected(state, part, track, heard_at, cleared=False))
    return events


def _judged(state: OrderState, part: Part, track: Track) -> bool:
    scans = state.tracking is TrackingDetail.SCANS
    return scans and not state.is_over(part) and not track.voided


def _unseen_until(state: OrderState, part: Part, track: Track) -> datetime | None:
    """Long after the limit by which the merchant said to have shipped it."""
    if not track.told_in_time or part.shipping is None or track.first_scan_at is not None:
        return None  # What was told too late is late, and that is all.
    limit_at = effective_due(state=state, part=part, kind=PromiseKind.SHIPPING)
    return limit_at + timedelta(seconds=state.no_movement_seconds)


def _was_none(state: OrderState, part: Part, track: Track, heard_at: datetime) -> bool:
    """What was taken for a fake had been seen in time, or nobody waited for it any more; or its
    time, which had run out, was made longer."""
    if part.shipping is None:
        return False
    silence = timedelta(seconds=state.no_movement_seconds)
    until = effective_due(state=state, part=part, kind=PromiseKind.SHIPPING) + silence
    ends = (
        track.first_scan_at,
        track.voided_at,
        state.facts(part).shipped_at,
        state.cancelled_from(part),
    )
    if any(at is not None and at <= until for at in ends):
        return True
    return part.shipping.due_at + silence <= heard_at < until


def _before_order(state: OrderState, track: Track) -> bool:
    assert state.placed_at is not None
    first = track.first_scan_at
    return first is not None and first < state.placed_at - BEFORE_ORDER


def _broken(
    state: OrderState,
    part: Part,
    track: Track,
    heard_at: datetime,
    finding: FakeFinding,
    found_by: FoundBy,
) -> PromiseBroken:
    due_at = _unseen_until(state, part, track) or heard_at
    return PromiseBroken(
        **state.about(part.number, heard_at),
        market=state.market,
        promise=fake_id(order=state.order, part=part.number, shipment=track.shipment),
        kind=PromiseKind.TRACKING,
        due_at=due_at,
        original_due_at=due_at,
        merchant=part.merchant,
        creator=state.creator,
        language=state.language,
        breach=Breach.FAKE_TRACKING,
        found_by=found_by,
        happened_at=track.first_scan_at,
        shipment=track.shipment,
        fake=finding,
    )


def _corrected(
    state: OrderState, part: Part, track: Track, heard_at: datetime, *, cleared: bool
) -> BreachCorrected:
    return BreachCorrected(
        **state.about(part.number, heard_at),
        market=state.market,
        promise=fake_id(order=state.order, part=part.number, shipment=track.shipment),
        kind=PromiseKind.TRACKING,
        due_at=heard_at,
        original_due_at=heard_at,
        merchant=part.merchant,
        creator=state.creator,
        language=state.language,
        breach=Breach.FAKE_TRACKING,
        shipment=track.shipment,
        cleared=cleared,
    )
