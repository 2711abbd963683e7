"""What carriers and trackers call things, and what we call them.

AfterShip: the `tag` of a tracking or checkpoint, with its `subtag`. Kuaidi100: the `state` of its
subscription push, with the finer state (高级状态) that comes with it. The finer word may also stand
alone. Our own words are for connectors that have no such vocabulary: the code is a
`TrackingStatus`, the substate a `Handover`.
"""

import re
from enum import StrEnum

from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.records import Record


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
    LOST = "lost"
    VOIDED = "voided"

    @property
    def is_scan(self) -> bool:
        """The carrier had it in hand: no label alone, no tracker that heard nothing for long, no
        waybill taken back."""
        return self not in _NO_SCANS

    @property
    def turned(self) -> bool:
        """It is on its way back, or back."""
        return self in _TURNED

    @property
    def not_coming(self) -> bool:
        """It went back or is lost."""
        return self in _NOT_COMING

    @property
    def rank(self) -> int:
        """Which of two scans of one moment is the later."""
        return _RANK[self]


_NO_SCANS = (TrackingStatus.ANNOUNCED, TrackingStatus.EXPIRED, TrackingStatus.VOIDED)
_TURNED = (TrackingStatus.REFUSED, TrackingStatus.RETURNING, TrackingStatus.RETURNED)
_NOT_COMING = (TrackingStatus.RETURNED, TrackingStatus.LOST)
_RANK = {status: rank for rank, status in enumerate(TrackingStatus)}


class Handover(StrEnum):
    """How it came into the consumer's hands; `pickup_point` is a locker or a station."""

    UNKNOWN = "unknown"
    DOOR = "door"
    PROXY = "proxy"
    LOCKER = "locker"
    STATION = "station"
    PICKUP_POINT = "pickup_point"


PICKUP_POINTS = frozenset({Handover.LOCKER, Handover.STATION, Handover.PICKUP_POINT})


class Told(Record, frozen=True, array_like=True):
    """A tracking event in our words. `handover` says how it was delivered or where it waits."""

    status: TrackingStatus
    handover: Handover = Handover.UNKNOWN


_AFTERSHIP: dict[str, TrackingStatus] = {
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
_AFTERSHIP_FINER = {
    "AvailableForPickup_001": Told(TrackingStatus.READY_FOR_PICKUP, Handover.PICKUP_POINT),
    "Delivered_002": Told(TrackingStatus.DELIVERED, Handover.DOOR),  # fetched in person
    "Delivered_003": Told(TrackingStatus.DELIVERED, Handover.DOOR),
    "Delivered_004": Told(TrackingStatus.DELIVERED, Handover.DOOR),
    "Delivered_005": Told(TrackingStatus.DELIVERED, Handover.PROXY),
    "Exception_003": Told(TrackingStatus.REFUSED),
    "Exception_004": Told(TrackingStatus.CUSTOMS),
    "Exception_009": Told(TrackingStatus.VOIDED),  # rejected by the carrier: never taken over
    "Exception_010": Told(TrackingStatus.RETURNING),
    "Exception_011": Told(TrackingStatus.RETURNED),
    "Exception_013": Told(TrackingStatus.LOST),
    "InTransit_002": Told(TrackingStatus.COLLECTED),
    "InTransit_005": Told(TrackingStatus.CUSTOMS),
    "InTransit_006": Told(TrackingStatus.CUSTOMS),
    "InTransit_009": Told(TrackingStatus.FORWARDED),
}
_AFTERSHIP_SUBTAG = re.compile(r"([A-Za-z]+)_[0-9]{3}")
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
_KUAIDI100_FINER = {
    # 已下单 and 待揽收: a waybill was printed, no courier came yet.
    "101": Told(TrackingStatus.ANNOUNCED),
    "102": Told(TrackingStatus.ANNOUNCED),
    "103": Told(TrackingStatus.COLLECTED),
    "1001": Told(TrackingStatus.IN_TRANSIT),
    "1002": Told(TrackingStatus.IN_TRANSIT),
    "1003": Told(TrackingStatus.FORWARDED),
    "201": Told(TrackingStatus.PROBLEM),
    # 超时未更新: Kuaidi100 itself says that it heard nothing.
    "202": Told(TrackingStatus.EXPIRED),
    "203": Told(TrackingStatus.REFUSED),
    **dict.fromkeys(("204", "205", "206", "207", "208", "209"), Told(TrackingStatus.PROBLEM)),
    "210": Told(TrackingStatus.VOIDED),
    "301": Told(TrackingStatus.DELIVERED, Handover.DOOR),
    "302": Told(TrackingStatus.DELIVERED),
    "303": Told(TrackingStatus.DELIVERED, Handover.PROXY),
    "304": Told(TrackingStatus.DELIVERED, Handover.PICKUP_POINT),
    "401": Told(TrackingStatus.VOIDED),
    "501": Told(TrackingStatus.READY_FOR_PICKUP, Handover.PICKUP_POINT),
    **dict.fromkeys(("10", "11", "12", "13"), Told(TrackingStatus.CUSTOMS)),
    "14": Told(TrackingStatus.REFUSED),
}
_OURS = {status.value: status for status in TrackingStatus}
_OUR_HANDOVERS = {handover.value: handover for handover in Handover}


def told(*, vocabulary: Vocabulary, code: str, substate: str = "") -> Told | Refusal:
    """The event in our words. A finer substate that we do not know takes nothing from its code."""
    match vocabulary:
        case Vocabulary.AFTERSHIP:
            return _aftership(code, substate) or _unknown(vocabulary, code)
        case Vocabulary.KUAIDI100:
            return _kuaidi100(code, substate) or _unknown(vocabulary, code)
        case Vocabulary.ONCEDESK:
            status = _OURS.get(code)
            if substate and substate not in _OUR_HANDOVERS:
                said = f"one of {', '.join(_OUR_HANDOVERS)}"
                return Refusal("tracking_code_unknown", said, "substate")
            if status is None:
                return Refusal("tracking_code_unknown", f"one of {', '.join(_OURS)}", "code")
            return Told(status, _handover(status, _OUR_HANDOVERS.get(substate, Handover.UNKNOWN)))


def _unknown(vocabulary: Vocabulary, code: str) -> Refusal:
    return Refusal("tracking_code_unknown", f"a code of {vocabulary}, not {code[:48]!r}", "code")


def _handover(status: TrackingStatus, handover: Handover) -> Handover:
    """Only what was delivered, or waits at a pick-up point, was handed over somehow."""
    if status is TrackingStatus.DELIVERED:
        return handover
    if status is TrackingStatus.READY_FOR_PICKUP and handover in PICKUP_POINTS:
        return handover
    return Handover.UNKNOWN


def _aftership(code: str, subtag: str) -> Told | None:
    """New subtags appear often; one we do not know still says its tag."""
    alone = _AFTERSHIP_SUBTAG.fullmatch(code)
    status = _AFTERSHIP.get(code if alone is None else alone[1])
    if status is None:
        return None
    finer = _AFTERSHIP_FINER.get(subtag if alone is None else code)
    if finer is not None:
        return finer
    waits = status is TrackingStatus.READY_FOR_PICKUP
    return Told(status, Handover.PICKUP_POINT if waits else Handover.UNKNOWN)


def _kuaidi100(state: str, finer: str) -> Told | None:
    if state not in _KUAIDI100:
        return _KUAIDI100_FINER.get(state)
    return _KUAIDI100_FINER.get(finer) or Told(_KUAIDI100[state])
