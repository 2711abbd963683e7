"""What is said of goods on their way: places, labels, parcels, and what was found in them."""

from functools import partial
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from oncedesk.domain.remedies.journey import Contest, Journey, Out, Parcel
from oncedesk.domain.remedies.messages import returning as told
from oncedesk.domain.remedies.messages.asking import EVIDENCE_MAX, LINES_MAX
from oncedesk.domain.remedies.messages.returning import Back, Grams
from oncedesk.domain.remedies.words import Code, Number, Quantity, Reason
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.vocabularies import TrackingStatus, Vocabulary
from oncedesk.http.bodies import Body
from oncedesk.http.shapes.orders import Minor

Evidence = Annotated[tuple[UUID, ...], Meta(max_length=EVIDENCE_MAX)]


class SlotShape(Body, frozen=True, kw_only=True):
    """When a courier comes for it."""

    starts_at: Moment
    ends_at: Moment


class ReturnTo(Body, frozen=True, kw_only=True):
    """One of the merchant's return places."""

    place: UUID


class ReturnLabel(Body, frozen=True, kw_only=True):
    """A label for the way back, what it costs, and what an insurance pays of it."""

    shipment: UUID
    carrier: UUID | None = None
    slot: SlotShape | None = None
    freight_minor: Minor = 0
    insured_minor: Minor = 0


class SentBack(Body, frozen=True, kw_only=True):
    """The parcel with which it was sent, what that cost, and the files that prove it."""

    shipment: UUID
    carrier: UUID | None = None
    freight_minor: Minor = 0
    evidence: Evidence = ()


class ReturnScan(Body, frozen=True, kw_only=True):
    """What a carrier or tracker told of a parcel of this remedy, in whose words.

    `grams` is what it weighed, `shipped_grams` what the goods weighed when they were shipped.
    """

    shipment: UUID
    code: Code
    at: Moment
    vocabulary: Vocabulary = Vocabulary.ONCEDESK
    substate: Code = ""
    carrier: UUID | None = None
    grams: Grams = 0
    shipped_grams: Grams = 0


class NotAccepted(Body, frozen=True, kw_only=True):
    """So many of an item are not accepted, and why."""

    part: Number
    item: Number
    quantity: Quantity
    reason: Reason


class Inspection(Body, frozen=True, kw_only=True):
    """What was found. Without `refused` all is accepted; what is refused needs evidence."""

    refused: Annotated[tuple[NotAccepted, ...], Meta(max_length=LINES_MAX)] = ()
    evidence: Evidence = ()


class GoodsParcel(Body, frozen=True, kw_only=True):
    """A parcel to the consumer. `instead_of`: with what another one had in it, which turned or is
    going to; without it, that is still owed besides.
    """

    shipment: UUID
    carrier: UUID | None = None
    instead_of: UUID | None = None


class Contested(Body, frozen=True, kw_only=True):
    """Why it should not have been given, and the files that show it."""

    reason: Reason
    evidence: Annotated[tuple[UUID, ...], Meta(min_length=1, max_length=EVIDENCE_MAX)]


class ContestDecision(Body, frozen=True, kw_only=True):
    """Whether the merchant is right."""

    upheld: bool
    reason: Reason


class ReturnPlaceShape(msgspec.Struct, frozen=True, kw_only=True):
    """Where the consumer sends it."""

    name: str
    phone: str
    address: str


class ParcelShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A parcel of a remedy, as it was last heard of; `outward`: to the consumer.

    `told_at`: when the consumer first said that they had sent it.
    """

    shipment: UUID
    status: TrackingStatus
    outward: bool = False
    carrier: UUID | None = None
    last_scan_at: Moment | None = None
    arrived_at: Moment | None = None
    told_at: Moment | None = None


class JourneyShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far goods are on their way back and out, and where they go back to.

    `their_own`: what goes out is what was not accepted. `reopened`: they could be sent once more,
    after the time for it had run out. `contested_units`: so many units a contest is about; 0: all.
    """

    back: Back
    out: Out
    place: UUID | None = None
    slot: SlotShape | None = None
    parcels: tuple[ParcelShape, ...] = ()
    freight: str = ""
    contest: Contest = Contest.NONE
    contested_units: int = 0
    their_own: bool = False
    reopened: bool = False


def journey_shape(journey: Journey | None, *, in_person: bool) -> JourneyShape | None:
    """What everybody may see who sees the remedy; a contest is among desks."""
    if journey is None:
        return None
    slot = journey.slot
    return JourneyShape(
        back=journey.back,
        out=journey.out,
        place=journey.place,
        slot=None if slot is None else SlotShape(starts_at=slot.starts_at, ends_at=slot.ends_at),
        parcels=tuple(_parcel(one) for one in journey.parcels),
        freight=journey.freight,
        contest=Contest.NONE if in_person else journey.contest,
        contested_units=0 if in_person else sum(one.quantity for one in journey.contested),
        their_own=journey.their_own,
        reopened=journey.reopened,
    )


def _parcel(parcel: Parcel) -> ParcelShape:
    return ParcelShape(
        shipment=parcel.shipment,
        status=parcel.status,
        outward=parcel.outward,
        carrier=parcel.carrier,
        last_scan_at=parcel.last_scan_at,
        arrived_at=parcel.arrived_at,
        told_at=parcel.told_at,
    )


def place_of(said: ReturnTo) -> partial[told.NameReturnPlace]:
    return partial(told.NameReturnPlace, place=said.place)


def label_of(said: ReturnLabel) -> partial[told.ArrangeReturn]:
    slot = said.slot
    return partial(
        told.ArrangeReturn,
        shipment=said.shipment,
        carrier=said.carrier,
        slot=None if slot is None else told.Slot(slot.starts_at, slot.ends_at),
        freight_minor=said.freight_minor,
        insured_minor=said.insured_minor,
    )


def sent_back_of(said: SentBack, evidence: tuple[bytes, ...]) -> partial[told.SendBack]:
    return partial(
        told.SendBack,
        shipment=said.shipment,
        carrier=said.carrier,
        freight_minor=said.freight_minor,
        evidence=evidence,
    )


def goods_of(said: GoodsParcel) -> partial[told.SendOut]:
    return partial(
        told.SendOut,
        shipment=said.shipment,
        carrier=said.carrier,
        instead_of=said.instead_of,
    )


def refused_of(lines: tuple[NotAccepted, ...]) -> tuple[told.RefusedLine, ...]:
    return tuple(told.RefusedLine(one.part, one.item, one.quantity, one.reason) for one in lines)
