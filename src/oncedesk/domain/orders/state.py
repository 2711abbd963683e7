"""What is known of one order. Ids, amounts and moments only, and never above 8 kB."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypedDict
from uuid import UUID

import msgspec
from msgspec.structs import replace

from oncedesk.domain.orders.messages import (
    Basis,
    Payment,
    PresaleEnd,
    PromiseKind,
    Surface,
    Tier,
    TrackingDetail,
)
from oncedesk.domain.orders.tracking import (
    Asked,
    PartFacts,
    Track,
    accepted_pickup_points,
    part_facts,
    signed_for_at,
)
from oncedesk.domain.shared.bounds import PARTS_MAX
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.vocabularies import Handover, TrackingStatus

ITEMS_MAX = 50
SHIPMENTS_MAX = 16
PAYMENTS_MAX = 32
RELIEFS_MAX = 8
PLACES_MAX = 8
"""So many are remembered between the first and the last of their parts."""
CONSENTS_MAX = 16
"""So many are remembered, the last ones."""
STATE_BYTES_MAX = 7_950
PART_GROWTH_BYTES = 109
"""What a part's later news (dates, amendments, verdicts, its end) add at most."""

_TRACK_BYTES = 180
_RELIEF_BYTES = 34
_PRESALE_GROWTH_BYTES = 130
"""What a shipment, a relief, and a presale's later news add at most; a shipment 16 bytes more, if
all of its moments are there and have fractions of a second."""
_CHARGE_BYTES = 130
"""What a payment for a change adds at most."""
_PLACE_BYTES = 40
"""What a place that was agreed on in between adds at most."""
_CONSENT_BYTES = 46
"""What a consent that is remembered adds at most."""


class Verdict(StrEnum):
    """How it stands with a promise."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"


class SoldAs(Record, frozen=True, array_like=True):
    """What only some items have: a subsidy, a commission, a bundle, a variant, a waiver.

    Append only.
    """

    subsidy_minor: int = 0
    commission_minor: int = 0
    bundle: int = 0
    variant: UUID | None = None
    return_waived: bool = False


class HeldItem(Record, frozen=True, array_like=True):
    """An item; `category` is its place in the order's list of categories. Append only."""

    listing: UUID
    unit_price_minor: int
    quantity: int
    discount_minor: int
    category: int
    sold_as: SoldAs | None = None

    @property
    def terms(self) -> SoldAs:
        return self.sold_as or _PLAINLY

    @property
    def paid_minor(self) -> int:
        """What the consumer paid for the line."""
        return (
            self.unit_price_minor * self.quantity - self.discount_minor - self.terms.subsidy_minor
        )


_PLAINLY = SoldAs()


class Promise(Record, frozen=True, array_like=True):
    """A promise with a deadline: as made (`due_at`), and as amended with the consumer's consent.

    `consented_at` is when that consent was given. Fields: append only.
    """

    basis: Basis
    due_at: datetime
    latest_at: datetime | None = None
    starts_at: datetime | None = None
    amended_at: datetime | None = None
    verdict: Verdict = Verdict.OPEN
    consented_at: datetime | None = None

    @property
    def base_at(self) -> datetime:
        """As made or amended, before any relief."""
        return self.amended_at or self.due_at


class Relief(Record, frozen=True, array_like=True):
    """More time for one promise of one part, until another deadline is agreed on."""

    id: UUID
    part: int
    promise: PromiseKind
    extends_seconds: int


class Consent(Record, frozen=True, array_like=True):
    """What a change of a part's promise rests on: the consumer's message or command."""

    id: UUID
    part: int
    promise: PromiseKind


class Place(Record, frozen=True, array_like=True):
    """Where a part was to be handed over from then on, until another place was agreed on."""

    part: int
    since: datetime
    handover: Handover


class Part(Record, frozen=True, array_like=True):
    """One merchant's part. `*_at` and `delivered_by` are what was last recorded of it.

    `asked_amended` counts from `amended_from` on, or from the beginning. Fields: append only.
    """

    number: int
    merchant: UUID | None = None
    items: tuple[HeldItem, ...] = ()
    shipping: Promise | None = None
    delivery: Promise | None = None
    asked: Handover | None = None
    asked_amended: Handover | None = None
    handover: Verdict = Verdict.OPEN
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    delivered_by: Handover = Handover.UNKNOWN
    estimate_at: datetime | None = None
    amended_from: datetime | None = None
    shipping_minor: int = 0
    cancelled_at: datetime | None = None

    @property
    def asked_now(self) -> Handover | None:
        return self.asked_amended or self.asked

    def promise(self, kind: PromiseKind) -> Promise | None:
        """The promise of this kind that has a deadline."""
        match kind:
            case PromiseKind.SHIPPING:
                return self.shipping
            case PromiseKind.DELIVERY:
                return self.delivery
            case PromiseKind.HANDOVER | PromiseKind.MOVEMENT | PromiseKind.TRACKING:
                return None


class HeldPresale(Record, frozen=True, array_like=True):
    """How far a part's presale is, and what its end would bring.

    `final_minor` is what is left to pay, and `paid_at` when that was; `remind_at` is None once the
    consumer was reminded. Fields: append only.
    """

    part: int
    deposit_minor: int
    final_minor: int
    pay_from: datetime
    pay_until: datetime
    remind_at: datetime | None
    lapse_minor: int
    penalty_minor: int
    rule: str
    tiers: tuple[Tier, ...] = ()
    paid_at: datetime | None = None
    ended: PresaleEnd | None = None
    default_seconds: int = 0

    @property
    def kept_minor(self) -> int:
        """What of the deposit is not given back, now that it has ended."""
        gone = self.ended is not None and self.ended is not PresaleEnd.MERCHANT
        return self.deposit_minor - self.lapse_minor if gone else 0

    @property
    def lapsed_in_vain(self) -> bool:
        """Its clock ended it, nothing was given back: a payment in time, heard late, mends it."""
        return self.ended is PresaleEnd.UNPAID and not self.lapse_minor


class About(TypedDict):
    """What every event of a part begins with: whose, in which order, when, of which part."""

    consumer: UUID
    order: UUID
    at: datetime
    part: int


class OrderState(Record, frozen=True, omit_defaults=True):
    """One order; `placed_at` None: only tracking events have come so far.

    `address` names the text that says where it goes. `consents` were used, the last one last.
    `gone` are the parts of which it was said that nothing comes any more, with something missing.
    `places` were agreed on after the first and before the last, the last one last.
    """

    consumer: UUID
    order: UUID
    market: str = ""
    placed_at: datetime | None = None
    timezone: str = ""
    currency: str = ""
    parts: tuple[Part, ...] = ()
    tracks: tuple[Track, ...] = ()
    categories: tuple[str, ...] = ()
    payments: tuple[Payment, ...] = ()
    reliefs: tuple[Relief, ...] = ()
    surface: Surface = Surface.UNKNOWN
    content: UUID | None = None
    creator: UUID | None = None
    shown: bytes = b""
    region: str = ""
    language: str = ""
    tracking: TrackingDetail = TrackingDetail.SCANS
    pack: str = ""
    body: bytes = b""
    no_movement_seconds: int = 0
    pickup_needs_consent: bool = False
    cancelled_at: datetime | None = None
    address: UUID | None = None
    presales: tuple[HeldPresale, ...] = ()
    consents: tuple[Consent, ...] = ()
    gone: tuple[int, ...] = ()
    places: tuple[Place, ...] = ()

    def about(self, part: int, at: datetime) -> About:
        """What an event of this part begins with, if it happens at this moment."""
        return About(consumer=self.consumer, order=self.order, at=at, part=part)

    @property
    def placed(self) -> bool:
        return self.placed_at is not None

    @property
    def cancelled(self) -> bool:
        return self.cancelled_at is not None

    def part(self, number: int) -> Part | None:
        """The part of this number, from 1."""
        return self.parts[number - 1] if 1 <= number <= len(self.parts) else None

    def presale(self, part: int) -> HeldPresale | None:
        """This part's presale, if it is one."""
        return next((one for one in self.presales if one.part == part), None)

    def cancelled_from(self, part: Part) -> datetime | None:
        """Since when it is cancelled, alone or with the order: the earlier of both."""
        alone, whole = part.cancelled_at, self.cancelled_at
        return alone or whole if alone is None or whole is None else min(alone, whole)

    def has_ended(self, part: int) -> bool:
        """Its presale ended, and it has not to be delivered."""
        presale = self.presale(part)
        return presale is not None and presale.ended is not None

    def has_lapsed(self, part: int) -> bool:
        """Its presale ended and the merchant had not to deliver: what is sent all the same says
        nothing. A merchant who seemed not to may have."""
        presale = self.presale(part)
        gone = None if presale is None else presale.ended
        return gone is not None and gone is not PresaleEnd.MERCHANT

    def is_over(self, part: Part) -> bool:
        """It was cancelled, or its presale ended: nothing is promised any more."""
        if part.cancelled_at is not None or self.cancelled_at is not None:
            return True
        return bool(self.presales) and self.has_ended(part.number)

    def sends(self, merchant: UUID) -> bool:
        """Whether this merchant still has something of it to bring to the consumer."""
        return any(
            part.merchant == merchant and part.delivered_at is None and not self.is_over(part)
            for part in self.parts
        )

    def track(self, shipment: UUID) -> Track | None:
        return next((one for one in self.tracks if one.shipment == shipment), None)

    def has_room(self, more_bytes: int) -> bool:
        """Whether it could grow by so much, with all that may still happen to it anyway."""
        growth = SHIPMENTS_MAX * _TRACK_BYTES + RELIEFS_MAX * _RELIEF_BYTES
        growth += len(self.parts) * PART_GROWTH_BYTES + len(self.presales) * _PRESALE_GROWTH_BYTES
        bare = replace(self, tracks=(), reliefs=())
        return size_of(bare) + growth + more_bytes <= STATE_BYTES_MAX

    @property
    def remembers_consent(self) -> bool:
        """Whether one more can be remembered here."""
        return self.has_room(_CONSENT_BYTES)

    @property
    def remembers_place(self) -> bool:
        """Whether one more can be remembered here."""
        return len(self.places) < PLACES_MAX and self.has_room(_PLACE_BYTES + _CONSENT_BYTES)

    @property
    def changeable(self) -> bool:
        """Whether a change, and a payment for it, can be recorded here at all."""
        return len(self.payments) < PAYMENTS_MAX and self.has_room(_CHARGE_BYTES)

    def facts(self, part: Part) -> PartFacts:
        """What the part's shipments say together; another order's parcel says nothing of it."""
        return part_facts(
            tracks=self._tracks_of(part),
            pickup_points=self._accepted(part.asked_now),
            asked=part.asked_now,
            before=self._accepted(part.asked),
            asked_before=part.asked,
            since=part.amended_from,
            between=self._between(part) if self.places else (),
        )

    def reached_at(self, part: int) -> datetime | None:
        """When the part came to the consumer: delivered as agreed, or signed for all the same.

        What only waited to be fetched, and went back, never did.
        """
        known = self.parts[part - 1]
        tracks = self._tracks_of(known)
        if known.delivered_at is None:
            return signed_for_at(tracks)
        return (
            None if tracks and all(track.went_unfetched for track in tracks) else known.delivered_at
        )

    def is_gone(self, part: Part) -> bool:
        """Whether some or all of it went back or is lost, and nothing of it comes any more."""
        return self.facts(part).lacks

    def some_came(self, part: Part) -> bool:
        """Whether any of its parcels was handed over, as agreed or not, and did not go back."""
        tracks = self._tracks_of(part)
        return any(track.standing is TrackingStatus.DELIVERED for track in tracks)

    def is_awaited(self, part: Part) -> bool:
        """Whether something of it is to come: neither over nor there, nor gone back or lost."""
        return (
            not self.is_over(part)
            and self.reached_at(part.number) is None
            and (self._has_announced(part) or not self.is_gone(part))
        )

    def last_scan_at(self, part: Part) -> datetime | None:
        """When a carrier was last heard of any of its parcels."""
        scans = (track.last_scan_at for track in self._tracks_of(part))
        return max((at for at in scans if at is not None), default=None)

    def due_at(self, part: Part, kind: PromiseKind) -> datetime | None:
        """Until when the promise runs: amended, if the consumer agreed, and relieved."""
        promise = part.promise(kind)
        if promise is None:
            return None
        relieved = (
            one.extends_seconds
            for one in self.reliefs
            if one.part == part.number and one.promise is kind
        )
        return promise.base_at + timedelta(seconds=max(relieved, default=0))

    def deliver_by(self, part: int) -> datetime | None:
        """Until when delivery is promised; None: by no day, or it was offered in time."""
        known = self.parts[part - 1]
        kept = known.delivery is not None and known.delivery.verdict is Verdict.KEPT
        return None if kept else self.due_at(known, PromiseKind.DELIVERY)

    def _tracks_of(self, part: Part) -> list[Track]:
        return [one for one in self.tracks if one.part == part.number and not one.is_anothers]

    def _has_announced(self, part: Part) -> bool:
        """Whether a parcel is named that no carrier has had yet."""
        tracks = self._tracks_of(part)
        return any(one.first_scan_at is None and not one.withdrawn for one in tracks)

    def _between(self, part: Part) -> tuple[Asked, ...]:
        """What was agreed on between the first place and the last."""
        last = part.amended_from
        return tuple(
            Asked(one.since, self._accepted(one.handover))
            for one in self.places
            if one.part == part.number and last is not None and one.since < last
        )

    def _accepted(self, asked: Handover | None) -> frozenset[Handover]:
        return accepted_pickup_points(asked=asked, needs_consent=self.pickup_needs_consent)


def check(state: OrderState) -> None:
    """What must hold for every order, always."""
    assert len(state.parts) <= PARTS_MAX
    assert len(state.tracks) <= SHIPMENTS_MAX
    assert len(state.reliefs) <= RELIEFS_MAX
    assert len(state.places) <= PLACES_MAX
    assert len(state.consents) <= CONSENTS_MAX
    assert sum(len(part.items) for part in state.parts) <= ITEMS_MAX
    assert [part.number for part in state.parts] == list(range(1, len(state.parts) + 1))
    assert len({track.shipment for track in state.tracks}) == len(state.tracks)
    assert state.placed == bool(state.parts)
    for track in state.tracks:
        assert 0 <= track.part <= len(state.parts)
        assert (track.first_scan_at is None) == (track.last_scan_at is None)
    for part in state.parts:
        assert part.delivered_at is None or part.shipped_at is not None
    assert size_of(state) < 8_000


def size_of(state: OrderState) -> int:
    """How many bytes it takes in storage."""
    return len(_ENCODER.encode(state))


_ENCODER = msgspec.msgpack.Encoder(uuid_format="bytes")
