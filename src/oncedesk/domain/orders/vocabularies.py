"""What carriers and trackers call things, and what we call them.

AfterShip: the `tag` of a tracking. Kuaidi100: the `state` of
its subscription push, with the `substate` of a signature. Our own words are for connectors that
have no such vocabulary: the code is a `TrackingStatus`, the substate a `Handover`.
"""

from enum import StrEnum

from msgspec import Struct

from oncedesk.domain.shared.decider import Refusal


class Vocabulary(StrEnum):
    """In whose words a tracking event is told."""

    ONCEDESK = "oncedesk"
    AFTERSHIP = "aftership"
    KUAIDI100 = "kuaidi100"


class TrackingStatus(StrEnum):
    """What happened to a shipment."""

    ANNOUNCED = "announced"
    COLLECTED = "collected"
    IN_TRANSIT = "in_transit"
    CUSTOMS = "customs"
    FORWARDED = "forwarded"
    OUT_FOR_DELIVERY = "out_for_delivery"
    ATTEMPT_FAILED = "attempt_failed"
    PROBLEM = "problem"
    READY_FOR_PICKUP = "ready_for_pickup"
    DELIVERED = "delivered"
    REFUSED = "refused"
    RETURNING = "returning"
    RETURNED = "returned"
    EXPIRED = "expired"

    @property
    def is_scan(self) -> bool:
        """The carrier had it in hand: neither a label alone nor a tracker that gave up waiting."""
        return self not in (TrackingStatus.ANNOUNCED, TrackingStatus.EXPIRED)


class Handover(StrEnum):
    """How it came into the consumer's hands; `pickup_point` is a locker or a station."""

    UNKNOWN = "unknown"
    DOOR = "door"
    PROXY = "proxy"
    LOCKER = "locker"
    STATION = "station"
    PICKUP_POINT = "pickup_point"


class Told(Struct, frozen=True, array_like=True):
    """A tracking event in our words. `handover` says something of a delivery only."""

    status: TrackingStatus
    handover: Handover = Handover.UNKNOWN


_AFTERSHIP = {
    "Pending": TrackingStatus.ANNOUNCED,
    "InfoReceived": TrackingStatus.ANNOUNCED,
    "InTransit": TrackingStatus.IN_TRANSIT,
    "OutForDelivery": TrackingStatus.OUT_FOR_DELIVERY,
    "AttemptFail": TrackingStatus.ATTEMPT_FAILED,
    "AvailableForPickup": TrackingStatus.READY_FOR_PICKUP,
    "Delivered": TrackingStatus.DELIVERED,
    "Exception": TrackingStatus.PROBLEM,
    "Expired": TrackingStatus.EXPIRED,
}
_KUAIDI100 = {
    "0": TrackingStatus.IN_TRANSIT,
    "1": TrackingStatus.COLLECTED,
    "2": TrackingStatus.PROBLEM,
    "3": TrackingStatus.DELIVERED,
    "4": TrackingStatus.RETURNED,
    "5": TrackingStatus.OUT_FOR_DELIVERY,
    "6": TrackingStatus.RETURNING,
    "7": TrackingStatus.FORWARDED,
    "8": TrackingStatus.CUSTOMS,
    "14": TrackingStatus.REFUSED,
}
_KUAIDI100_SIGNED = {
    "301": Handover.DOOR,
    "303": Handover.PROXY,
    "304": Handover.PICKUP_POINT,
}
_OURS = {status.value: status for status in TrackingStatus}
_OUR_HANDOVERS = {handover.value: handover for handover in Handover}


def told(*, vocabulary: Vocabulary, code: str, substate: str = "") -> Told | Refusal:
    """The event in our words. A finer substate that we do not know takes nothing from its code."""
    match vocabulary:
        case Vocabulary.AFTERSHIP:
            status, handover = _AFTERSHIP.get(code), Handover.UNKNOWN
        case Vocabulary.KUAIDI100:
            status = _KUAIDI100.get(code)
            handover = _KUAIDI100_SIGNED.get(substate, Handover.UNKNOWN)
        case Vocabulary.ONCEDESK:
            status = _OURS.get(code)
            if substate and substate not in _OUR_HANDOVERS:
                return Refusal("tracking_code_unknown", "a kind of handover", "substate")
            handover = _OUR_HANDOVERS.get(substate, Handover.UNKNOWN)
    if status is None:
        return Refusal("tracking_code_unknown", f"a code of {vocabulary}", "code")
    return Told(status, handover if status is TrackingStatus.DELIVERED else Handover.UNKNOWN)
