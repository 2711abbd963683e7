"""What remains of a shipment's scans: a few moments, the same in whatever order they came.

Each scan is joined to what is known by taking the earlier or the later moment, so a scan told
twice, late or out of order changes nothing that it should not.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import IntEnum
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.vocabularies import PICKUP_POINTS, Handover, Told, TrackingStatus

_IN_HAND_RANK = {Handover.UNKNOWN: 0, Handover.PROXY: 1, Handover.DOOR: 2}
_STILL_THERE = (TrackingStatus.PROBLEM, TrackingStatus.ATTEMPT_FAILED)


class Hand(Record, frozen=True, array_like=True):
    """A handover and when it was."""

    at: datetime
    handover: Handover


class Fake(IntEnum):
    """What is known of a shipment's number: nothing against it, that no carrier ever had it, that
    it is another parcel's, or that it was cleared of that."""

    NO = 0
    UNSEEN = 1
    FOUND = 2
    CLEARED = 3

    @property
    def counts(self) -> bool:
        """It is taken for a fake."""
        return self in (Fake.UNSEEN, Fake.FOUND)


class Track(Record, frozen=True, array_like=True):
    """One shipment. Part 0: which part it carries is not known yet.

    The `*_at` of a kind of handover is its earliest; `in_hand` covers door, proxy and unknown.
    `status` is of the last scan. `silent_since` is the scan after which silence was a breach.
    `waiting`: where and since when it waits to be fetched. `voided_at`: when the waybill was taken
    back, for the last time. `refused_at`: when the consumer first did not take it. `told_in_time`:
    the merchant named it before the shipping limit. `fake`: whether its number is one. `turned_at`:
    when it first turned back or was lost. Append only.
    """

    shipment: UUID
    part: int = 0
    carrier: UUID | None = None
    first_scan_at: datetime | None = None
    last_scan_at: datetime | None = None
    status: TrackingStatus = TrackingStatus.ANNOUNCED
    in_hand_at: datetime | None = None
    in_hand: Handover = Handover.UNKNOWN
    locker_at: datetime | None = None
    station_at: datetime | None = None
    pickup_point_at: datetime | None = None
    silent_since: datetime | None = None
    waiting: Hand | None = None
    voided_at: datetime | None = None
    refused_at: datetime | None = None
    told_in_time: bool = False
    fake: Fake = Fake.NO
    turned_at: datetime | None = None

    @property
    def hands(self) -> tuple[Hand, ...]:
        """The earliest handover of each kind there was."""
        known = (
            (self.in_hand_at, self.in_hand),
            (self.locker_at, Handover.LOCKER),
            (self.station_at, Handover.STATION),
            (self.pickup_point_at, Handover.PICKUP_POINT),
        )
        return tuple(Hand(at, handover) for at, handover in known if at is not None)

    @property
    def standing(self) -> TrackingStatus:
        """Where it is now: what was delivered stays delivered, unless it goes back."""
        if self.hands and not self.status.turned:
            return TrackingStatus.DELIVERED
        return self.status

    @property
    def voided(self) -> bool:
        """The waybill was taken back, and no carrier had it in hand since."""
        return self.voided_at is not None and (
            self.last_scan_at is None or self.last_scan_at <= self.voided_at
        )

    @property
    def withdrawn(self) -> bool:
        """The waybill was taken back before anybody had the parcel."""
        return self.voided and not self.hands and self.waiting is None

    @property
    def not_coming(self) -> bool:
        """It went back, is lost, or was never handed in."""
        return self.voided or self.status.not_coming

    @property
    def is_anothers(self) -> bool:
        """It was found to be another order's parcel, which says nothing of this one."""
        return self.fake is Fake.FOUND

    @property
    def went_unfetched(self) -> bool:
        """It went back, or is lost, and nobody ever had it."""
        return self.not_coming and not self.hands

    @property
    def moves(self) -> bool:
        """A carrier has it, and it is neither there nor gone."""
        there = self.standing is TrackingStatus.DELIVERED
        return self.first_scan_at is not None and not (
            there or self.withdrawn or self.standing.not_coming
        )

    @property
    def must_move(self) -> bool:
        """Silence would mean something: it is with the carrier and its way is not over."""
        return (
            self.part > 0
            and self.first_scan_at is not None
            and not self.hands
            and self.refused_at is None
            and self.status not in (TrackingStatus.READY_FOR_PICKUP, TrackingStatus.RETURNED)
            and (self.waiting is None or self.status not in _STILL_THERE)
            and not self.voided
            and not self.is_anothers
        )


class Asked(Record, frozen=True):
    """Which pick-up points count from then on."""

    since: datetime
    pickup_points: frozenset[Handover]


class PartFacts(Record, frozen=True):
    """What the shipments of a part say together.

    `offered_at`: when all of it had been handed over as agreed, or offered and refused at the door.
    `lacks`: something of it went back or is lost, nothing was sent in its place, and nothing else
    of it is under way.
    """

    shipped_at: datetime | None
    delivered: Hand | None
    wrong: Hand | None
    offered_at: datetime | None
    lacks: bool


def joined(*, track: Track, told: Told, at: datetime, carrier: UUID | None) -> Track:
    """The track with this event in it; equal to `track` where it says nothing new."""
    track = (
        track if carrier is None or track.carrier is not None else replace(track, carrier=carrier)
    )
    if told.status is TrackingStatus.VOIDED:
        return replace(track, voided_at=max(track.voided_at or at, at))
    if not told.status.is_scan:
        return track
    first = at if track.first_scan_at is None else min(track.first_scan_at, at)
    status, last = track.status, track.last_scan_at
    if last is None or (at, told.status.rank) > (last, status.rank):
        status, last = told.status, at
    track = replace(track, first_scan_at=first, last_scan_at=last, status=status)
    if told.status.turned or told.status.not_coming:
        track = replace(track, turned_at=_earlier(track.turned_at, at))
    match told.status:
        case TrackingStatus.DELIVERED:
            return _handed(track, told.handover, at)
        case TrackingStatus.READY_FOR_PICKUP if told.handover in PICKUP_POINTS:
            here = Hand(at, told.handover)
            known = track.waiting
            return replace(track, waiting=here if known is None else _earliest((known, here)))
        case TrackingStatus.REFUSED:
            return replace(track, refused_at=_earlier(track.refused_at, at))
        case _:
            return track


def _handed(track: Track, handover: Handover, at: datetime) -> Track:
    match handover:
        case Handover.LOCKER:
            return replace(track, locker_at=_earlier(track.locker_at, at))
        case Handover.STATION:
            return replace(track, station_at=_earlier(track.station_at, at))
        case Handover.PICKUP_POINT:
            return replace(track, pickup_point_at=_earlier(track.pickup_point_at, at))
        case Handover.DOOR | Handover.PROXY | Handover.UNKNOWN:
            known = track.in_hand_at
            if known is None or at < known:
                return replace(track, in_hand_at=at, in_hand=handover)
            if at == known and _IN_HAND_RANK[handover] > _IN_HAND_RANK[track.in_hand]:
                return replace(track, in_hand=handover)
            return track


def accepted_pickup_points(*, asked: Handover | None, needs_consent: bool) -> frozenset[Handover]:
    """Which pick-up points count as delivery; into somebody's hands always does.

    `pickup_point` alone leaves open which it was: either consent covers it.
    """
    match asked:
        case None:
            return frozenset() if needs_consent else PICKUP_POINTS
        case Handover.LOCKER | Handover.STATION:
            return frozenset({asked, Handover.PICKUP_POINT})
        case Handover.PICKUP_POINT:
            return PICKUP_POINTS
        case _:
            return frozenset()


def part_facts(
    *,
    tracks: Sequence[Track],
    pickup_points: frozenset[Handover],
    asked: Handover | None,
    before: frozenset[Handover],
    asked_before: Handover | None,
    since: datetime | None,
    between: Sequence[Asked] = (),
) -> PartFacts:
    """`tracks` are the part's. It is delivered when all of them are that are still to come; what is
    lost or went back is to come, too, until another is sent.

    What waits at the pick-up point that the consumer asked for is delivered. Where none was asked
    for and none needs consent, it is delivered when it is fetched. `since` (if it was amended) the
    `pickup_points` count, and those of `before` until then: what stood in a locker when the
    consumer agreed to it was handed over wrongly, and is delivered from that moment. What waited to
    be fetched when they asked (`asked_before`: for the first time) is so from then, if it is there.
    `between` is what was asked for in between, by when, and counted until the next.
    """
    asked_for = (*between, *(() if since is None else (Asked(since, pickup_points),)))
    shipped = [
        one.first_scan_at for one in tracks if one.first_scan_at is not None and not one.withdrawn
    ]
    delivered: list[Hand] = []
    wrong: list[Hand] = []
    offered: list[datetime] = []
    under_way = to_be_offered = moves = lacks = False
    for track in tracks:
        waited = _waited(
            track.waiting,
            pickup_points=pickup_points,
            asked=asked,
            before=before,
            asked_before=asked_before,
            asked_for=asked_for,
        )
        hands = track.hands if waited is None else (*track.hands, waited)
        agreed: list[Hand] = []
        unasked_for: list[Hand] = []
        for hand in hands:
            counted = before if asked_for else pickup_points
            for one in asked_for:
                counted = one.pickup_points if hand.at >= one.since else counted
            if hand.handover not in PICKUP_POINTS or hand.handover in counted:
                agreed.append(hand)
                continue
            unasked_for.append(hand)
            agreed += _agreed_later(hand, asked_for)
        proper, unasked = _earliest(agreed), _earliest(unasked_for)
        if unasked is not None and (proper is None or unasked.at <= proper.at):
            wrong.append(unasked)
        awaited = proper is None and (not track.not_coming or _is_missing(track, tracks))
        if proper is not None:
            delivered.append(proper)
        elif awaited:
            under_way = True
        offers = [track.refused_at, None if proper is None else proper.at]
        offered_at = min((at for at in offers if at is not None), default=None)
        if offered_at is not None:
            offered.append(offered_at)
        elif awaited:
            to_be_offered = True
        if proper is None or not track.hands:
            lacks |= track.standing.not_coming and not _has_successor(track, tracks)
            moves |= track.moves
    return PartFacts(
        shipped_at=min(shipped, default=None),
        delivered=None if under_way else max(delivered, key=_by_moment, default=None),
        wrong=min(wrong, key=_by_moment, default=None),
        offered_at=None if to_be_offered else max(offered, default=None),
        lacks=lacks and not moves,
    )


def _agreed_later(hand: Hand, asked_for: Sequence[Asked]) -> list[Hand]:
    """It lies there when it is asked for there: from then on it is handed over."""
    return [
        Hand(one.since, hand.handover)
        for one in asked_for
        if hand.at < one.since and hand.handover in one.pickup_points
    ][:1]


def _waited(
    waiting: Hand | None,
    *,
    pickup_points: frozenset[Handover],
    asked: Handover | None,
    before: frozenset[Handover],
    asked_before: Handover | None,
    asked_for: Sequence[Asked],
) -> Hand | None:
    """The handover that waiting somewhere is; None where it is still to be fetched there."""
    if waiting is None:
        return None
    was_right = asked_before is None and waiting.handover in before
    if asked_for and waiting.at < asked_for[0].since and was_right:
        return next(iter(_agreed_later(waiting, asked_for)), None)
    return waiting if asked is not None or waiting.handover not in pickup_points else None


def signed_for_at(tracks: Sequence[Track]) -> datetime | None:
    """When the last of a part's `tracks` that is to come was signed for, agreed or not; None: it
    was not, or goes back.

    That the handover was wrong says nothing about where the goods are.
    """
    moments: list[datetime] = []
    for track in tracks:
        if track.standing is TrackingStatus.DELIVERED:
            moments.append(min(hand.at for hand in track.hands))
        elif not track.not_coming or _is_missing(track, tracks):
            return None
    return max(moments, default=None)


def _is_missing(track: Track, tracks: Sequence[Track]) -> bool:
    """What does not come was not refused, and nothing of the part was sent in its place since."""
    if track.last_scan_at is None or track.voided or track.refused_at is not None:
        return False
    return not _has_successor(track, tracks)


def _has_successor(track: Track, tracks: Sequence[Track]) -> bool:
    """Whether another was sent after this one turned back or was lost: in its place."""
    turned_at = track.turned_at or track.last_scan_at
    sent = (one.first_scan_at for one in tracks if not one.withdrawn)
    return any(at is not None and turned_at is not None and at > turned_at for at in sent)


def _by_moment(hand: Hand) -> tuple[datetime, str]:
    return hand.at, hand.handover.value


def _earliest(hands: Iterable[Hand]) -> Hand | None:
    return min(hands, key=_by_moment, default=None)


def _earlier(known: datetime | None, at: datetime) -> datetime:
    return at if known is None else min(known, at)
