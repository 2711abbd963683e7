"""The goods of a remedy on their way: what remains of scans, and where the journey stands."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.remedies.messages.returning import Back, ParcelScanned, Slot
from oncedesk.domain.remedies.words import WantedLine
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.remedy_rules import SendsOut
from oncedesk.domain.shared.vocabularies import TrackingStatus

PARCELS_MAX = 6
PARCELS_LIVE_MAX = 16
"""Of a remedy, and of all that run of an order."""


class Out(StrEnum):
    """How far goods are on their way to the consumer."""

    NOT_NEEDED = "not_needed"
    LATER = "later"
    DUE = "due"
    UNDER_WAY = "under_way"
    ARRIVED = "arrived"
    GIVEN_UP = "given_up"


class Contest(StrEnum):
    """How a merchant's doubt about money that left early stands."""

    NONE = "none"
    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"


class Parcel(Record, frozen=True, array_like=True):
    """One parcel; `ours`: under a label that we gave. Fields: append only.

    `arrived_at` is its earliest delivery, `grams` what a scale said, `told_at` when the consumer
    said that they sent it. The same scans give the same parcel, in whatever order they come.
    """

    shipment: UUID
    outward: bool = False
    ours: bool = False
    carrier: UUID | None = None
    freight_minor: int = 0
    grams: int = 0
    first_scan_at: datetime | None = None
    last_scan_at: datetime | None = None
    status: TrackingStatus = TrackingStatus.ANNOUNCED
    arrived_at: datetime | None = None
    voided_at: datetime | None = None
    proven: bool = False
    told_at: datetime | None = None

    def scanned(self, event: ParcelScanned) -> Self:
        """With this scan in it."""
        known = replace(
            self, carrier=self.carrier or event.carrier, grams=max(self.grams, event.grams)
        )
        at = event.happened_at
        if event.status is TrackingStatus.VOIDED:
            return replace(known, voided_at=max(self.voided_at or at, at))
        if not event.status.is_scan:
            return known
        status, last = self.status, self.last_scan_at
        if last is None or (at, event.status.rank) > (last, status.rank):
            status, last = event.status, at
        arrived = self.arrived_at
        if event.status is TrackingStatus.DELIVERED:
            arrived = at if arrived is None else min(arrived, at)
        first = at if self.first_scan_at is None else min(self.first_scan_at, at)
        return replace(
            known, first_scan_at=first, last_scan_at=last, status=status, arrived_at=arrived
        )

    @property
    def counts(self) -> bool:
        """Something may still come of it: neither voided, nor lost, nor gone back."""
        voided = self.voided_at is not None and (
            self.last_scan_at is None or self.last_scan_at <= self.voided_at
        )
        return not voided and not self.status.not_coming

    @property
    def arrived(self) -> bool:
        """It is where it should be, and did not turn back."""
        return self.arrived_at is not None and not self.status.turned

    @property
    def moves(self) -> bool:
        """A carrier has it, or its posting was proven."""
        return self.first_scan_at is not None or self.proven


class Journey(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Where a remedy's goods are. `place` is where they go back to.

    `freight` bears the way back, up to `insured_minor` of it an insurer. `differs`: the weight did.
    `their_own`: what goes out is what the merchant did not accept. `charged`: the freight is done.
    `contested` is what a contest is about, where that is not all of it.
    """

    back: Back
    out: Out = Out.NOT_NEEDED
    sends: SendsOut | None = None
    freight: str = "consumer"
    place: UUID | None = None
    slot: Slot | None = None
    insured_minor: int = 0
    parcels: tuple[Parcel, ...] = ()
    differs: bool = False
    their_own: bool = False
    reopened: bool = False
    charged: bool = False
    taken_minor: int = 0
    contest: Contest = Contest.NONE
    contested: tuple[WantedLine, ...] = ()

    @property
    def is_over(self) -> bool:
        """Nothing has to travel, or be looked at, any more."""
        return self.back in _BACK_OVER and self.out in _OUT_OVER

    @property
    def is_travelling(self) -> bool:
        """Something is between the two, or has changed hands. What a carrier was asked to turn
        round is not with the consumer, and comes back whatever they say now."""
        return self.back in _BACK_TRAVELLING or self.out in (Out.UNDER_WAY, Out.ARRIVED)

    @property
    def at_merchant(self) -> bool:
        """The merchant has what the consumer sent."""
        return self.back in (Back.RECEIVED, Back.DONE)

    def parcel(self, shipment: UUID) -> Parcel | None:
        return next((one for one in self.parcels if one.shipment == shipment), None)

    def way(self, *, outward: bool) -> tuple[Parcel, ...]:
        """The parcels in this direction of which something may still come."""
        return tuple(one for one in self.parcels if one.outward is outward and one.counts)

    def awaited(self, *, outward: bool) -> tuple[Parcel, ...]:
        """Those that have to arrive. Once a carrier has one of them, what only the consumer told of
        is no other: it came under a number that the carrier does not know."""
        parcels = self.way(outward=outward)
        if not any(one.first_scan_at for one in parcels):
            return parcels
        return tuple(one for one in parcels if one.outward or one.ours or one.first_scan_at)

    def all_arrived(self, *, outward: bool) -> bool:
        """Whether every parcel that is awaited in this direction has; one at least."""
        parcels = self.awaited(outward=outward)
        return bool(parcels) and all(one.arrived for one in parcels)

    @property
    def silent(self) -> tuple[UUID, ...]:
        """Those to the consumer that are still awaited."""
        return tuple(one.shipment for one in self.way(outward=True) if not one.arrived)

    def not_waiting(self, shipments: Sequence[UUID], at: datetime) -> Self:
        """Without waiting for these, unless something is heard of them after `at`."""
        parcels = tuple(
            replace(one, voided_at=at) if one.shipment in shipments else one for one in self.parcels
        )
        return replace(self, parcels=parcels)

    def with_parcel(self, parcel: Parcel) -> Self:
        """With this parcel as it is now, in its place or as one more."""
        if self.parcel(parcel.shipment) is None:
            return replace(self, parcels=(*self.parcels, parcel))
        parcels = tuple(parcel if one.shipment == parcel.shipment else one for one in self.parcels)
        return replace(self, parcels=parcels)


_BACK_TRAVELLING = (Back.INTERCEPTING, Back.UNDER_WAY, Back.RECEIVED, Back.DONE)
_BACK_OVER = (Back.NOT_NEEDED, Back.DONE, Back.MISSED, Back.LOST)
_OUT_OVER = (Out.NOT_NEEDED, Out.ARRIVED, Out.GIVEN_UP)
