"""What becomes of a parcel, and the scans that tell of it, each in some carrier's own words."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from oncedesk.domain.orders.messages import RecordTracking
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.vocabularies import Handover, TrackingStatus, Vocabulary
from oncedesk.simulation.plans import Plan
from oncedesk.simulation.promising import Promised
from oncedesk.simulation.topics import AFTER_DELIVERY, comes_late

WRONG_HANDOVER_PERCENT = 6
CANCELLED_PERCENT = 4
SHIPPED_LATE_PERCENT = 3
SHIPPING_LIMIT = timedelta(hours=48)
"""As the rule pack has it; whoever ships later is late."""
_WORDS = (("ours", 60.0), ("aftership", 20.0), ("kuaidi100", 20.0))


class Fate(StrEnum):
    """How it goes with a parcel."""

    WELL = "well"
    LATE = "late"
    SHIPPED_LATE = "shipped_late"
    WRONG_HANDOVER = "wrong_handover"
    LOST = "lost"
    CANCELLED = "cancelled"


class Parcel(Record, frozen=True):
    """One shipment of one order."""

    consumer: UUID
    order: UUID
    shipment: UUID
    carrier: UUID


def draw_fate(plan: Plan) -> Fate:
    """What the consumer will complain of has happened; otherwise it depends on the carrier."""
    dice, carrier = plan.dice, plan.carrier
    if comes_late(plan.topic):
        return Fate.LATE
    if plan.topic in AFTER_DELIVERY:
        return Fate.WELL
    if dice.percent(CANCELLED_PERCENT):
        return Fate.CANCELLED
    if dice.percent(SHIPPED_LATE_PERCENT):
        return Fate.SHIPPED_LATE
    if dice.percent(WRONG_HANDOVER_PERCENT):
        return Fate.WRONG_HANDOVER
    if dice.percent(carrier.lost):
        return Fate.LOST
    return Fate.LATE if dice.percent(carrier.late) else Fate.WELL


def travel(parcel: Parcel, plan: Plan, fate: Fate, promised: Promised) -> list[RecordTracking]:
    """The scans, in the order in which they happen."""
    dice, ordered_at = plan.dice, plan.ordered_at
    assert ordered_at is not None
    handed = _handed_over(plan, fate, promised)
    way = handed - ordered_at
    collected = ordered_at + min(timedelta(hours=dice.between(2, 20)), way * 0.4)
    if fate is Fate.SHIPPED_LATE:
        collected = ordered_at + SHIPPING_LIMIT + timedelta(hours=dice.between(1, 20))
        handed = max(handed, collected + timedelta(hours=dice.between(8, 30)))
    moved = collected + (handed - collected) * 0.4
    words = dice.weighted(_WORDS)
    scans = [
        _scan(parcel, words, TrackingStatus.COLLECTED, collected),
        _scan(parcel, words, TrackingStatus.IN_TRANSIT, moved),
    ]
    if fate is Fate.LOST:
        # Nothing more is heard for days; then it comes after all, or goes back.
        found = moved + timedelta(days=dice.between(4, 8))
        last = TrackingStatus.DELIVERED if dice.percent(60) else TrackingStatus.RETURNED
        return [*scans, _scan(parcel, words, last, found)]
    handover = Handover.LOCKER if fate is Fate.WRONG_HANDOVER else Handover.DOOR
    return [*scans, _scan(parcel, words, TrackingStatus.DELIVERED, handed, handover.value)]


def delivered(scans: Sequence[RecordTracking]) -> datetime | None:
    """When it reached the consumer, as everybody's codes have it; None where it never did."""
    last = scans[-1]
    return last.at if last.code in _DELIVERED else None


def _handed_over(plan: Plan, fate: Fate, promised: Promised) -> datetime:
    """When it reaches the consumer: in the time promised, unless it is late."""
    dice, ordered_at = plan.dice, plan.ordered_at
    assert ordered_at is not None
    if fate is Fate.LATE:
        return promised.until + timedelta(hours=dice.between(1, 40))
    until = promised.until
    if plan.topic in AFTER_DELIVERY:
        # It was there before its consumer had something to say about it.
        until = min(until, plan.begins_at - timedelta(minutes=30))
    if promised.after is not None and promised.after < until:
        return promised.after + (until - promised.after) * dice.between(10, 90) / 100
    usual = ordered_at + timedelta(hours=dice.between(8, 46))
    return min(usual, ordered_at + (until - ordered_at) * dice.between(50, 95) / 100)


def _scan(
    parcel: Parcel, words: str, status: TrackingStatus, at: datetime, substate: str = ""
) -> RecordTracking:
    vocabulary, code = Vocabulary.ONCEDESK, status.value
    if words == "aftership" and status in _AFTERSHIP:
        vocabulary, code, substate = Vocabulary.AFTERSHIP, _AFTERSHIP[status], ""
    elif words == "kuaidi100" and status in _KUAIDI100 and not substate:
        vocabulary, code = Vocabulary.KUAIDI100, _KUAIDI100[status]
    return RecordTracking(
        consumer=parcel.consumer,
        order=parcel.order,
        shipment=parcel.shipment,
        code=code,
        at=at,
        vocabulary=vocabulary,
        substate=substate,
        carrier=parcel.carrier,
    )


_AFTERSHIP = {
    TrackingStatus.COLLECTED: "InTransit",
    TrackingStatus.IN_TRANSIT: "InTransit",
    TrackingStatus.DELIVERED: "Delivered",
}
_KUAIDI100 = {
    TrackingStatus.COLLECTED: "1",
    TrackingStatus.IN_TRANSIT: "0",
    TrackingStatus.DELIVERED: "3",
    TrackingStatus.RETURNED: "4",
}
_DELIVERED = {words[TrackingStatus.DELIVERED] for words in (_AFTERSHIP, _KUAIDI100)} | {
    TrackingStatus.DELIVERED.value
}
