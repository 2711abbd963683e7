"""Goods on their way: back to the merchant, out to the consumer, and what was found in them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from oncedesk.domain.remedies.messages.asking import EVIDENCE_MAX, LINES_MAX, Replacement
from oncedesk.domain.remedies.messages.base import OfRemedy, ToRemedies, ToRemedy
from oncedesk.domain.remedies.words import (
    Clock,
    Code,
    DecidedBy,
    Line,
    Minor,
    Number,
    Quantity,
    Reason,
    RemedyKind,
    Share,
    Speed,
)
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk
from oncedesk.domain.shared.remedy_rules import SendsOut
from oncedesk.domain.shared.vocabularies import TrackingStatus, Vocabulary

Grams = Annotated[int, Meta(ge=0, le=1_000_000_000)]
Digests = Annotated[tuple[bytes, ...], Meta(max_length=EVIDENCE_MAX)]


class Back(StrEnum):
    """How far the goods are on their way back."""

    NOT_NEEDED = "not_needed"
    INTERCEPTING = "intercepting"
    PLACE_AWAITED = "place_awaited"
    AWAITED = "awaited"
    UNDER_WAY = "under_way"
    RECEIVED = "received"
    DONE = "done"
    MISSED = "missed"
    LOST = "lost"


class Slot(Record, frozen=True, array_like=True):
    """When a courier comes for it: [starts_at, ends_at)."""

    starts_at: Moment
    ends_at: Moment


class RefusedLine(Record, frozen=True, array_like=True):
    """So many of what came back are not accepted, and why."""

    part: Number
    item: Number
    quantity: Quantity
    reason: Reason


class NameReturnPlace(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """It goes back to this place, one of the merchant's."""

    place: UUID


class ArrangeReturn(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A label for the way back, with a slot where a courier comes for it.

    The risk of the way is ours. `freight_minor` is what it costs, `insured_minor` what a freight
    insurance pays of it.
    """

    shipment: UUID
    carrier: UUID | None = None
    slot: Slot | None = None
    freight_minor: Minor = 0
    insured_minor: Minor = 0


class SendBack(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The consumer has sent it: under the label that was given, or with a carrier of their own.

    `evidence`: digests of the proof of posting.
    """

    shipment: UUID
    carrier: UUID | None = None
    freight_minor: Minor = 0
    evidence: Digests = ()


class RecordReturnTracking(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Something was heard of a parcel of this remedy; late, twice or early, as it comes.

    A parcel that nobody named before is one of the consumer's. `grams` is what a scale on the way
    said, `shipped_grams` what the goods weighed when they were shipped; 0: nothing was said.
    """

    shipment: UUID
    code: Code
    happened_at: Moment
    vocabulary: Vocabulary = Vocabulary.ONCEDESK
    substate: Code = ""
    carrier: UUID | None = None
    grams: Grams = 0
    shipped_grams: Grams = 0


class NoteComingBack(ToRemedies, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A parcel of the order was refused at the door, turns or has come back to its sender; or
    (`DELIVERED`) its part has come to the consumer.
    """

    part: Number
    shipment: UUID
    status: TrackingStatus
    happened_at: Moment


class ConfirmReceipt(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The merchant has it, whatever the carrier says."""


class InspectReturn(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What was found. Without `refused` all is accepted; what is refused needs evidence."""

    refused: Annotated[tuple[RefusedLine, ...], Meta(max_length=LINES_MAX)] = ()
    evidence: Digests = ()


class TakeBack(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The consumer wants what was not accepted back, rather than a dispute."""


class ReopenReturn(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The consumer did not send it in time, and asks for it once more."""


class SendOut(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """This parcel carries what the consumer is owed; there may be several.

    `instead_of`: it carries what another one had in it, which turned or is going to.
    """

    shipment: UUID
    carrier: UUID | None = None
    instead_of: UUID | None = None


class JourneyBegun(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What has to travel, who bears the way back (`freight`) and until when what is awaited.

    `back` says where it begins. `out_clock`: goods leave for the consumer without waiting. `kind`
    is what a cancellation has become that was granted when the goods had left.
    """

    back: Back
    freight: str
    sends: SendsOut | None
    speed: Speed
    rule: str
    place: UUID | None = None
    place_digest: bytes = b""
    clock: Clock | None = None
    out_clock: Clock | None = None
    kind: RemedyKind | None = None


class ReturnPlaceNamed(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Where to, and until when. `digest` is of the address, which stands elsewhere."""

    place: UUID
    digest: bytes
    clock: Clock


class ReturnArranged(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """There is a label, perhaps a slot."""

    shipment: UUID
    freight_minor: int
    insured_minor: int
    carrier: UUID | None = None
    slot: Slot | None = None
    clock: Clock | None = None


class ReturnSent(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The consumer says so; `proven` by a proof of posting, else a carrier has to."""

    shipment: UUID
    freight_minor: int
    carrier: UUID | None = None
    evidence: tuple[bytes, ...] = ()
    proven: bool = False
    clock: Clock | None = None


class ParcelScanned(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What was heard of a parcel that travels for this remedy, in our words.

    `clock`: when silence about it means that it is lost. `outward`: it goes to the consumer.
    """

    shipment: UUID
    status: TrackingStatus
    happened_at: datetime
    outward: bool = False
    carrier: UUID | None = None
    grams: int = 0
    shipped_grams: int = 0
    clock: Clock | None = None


class WeightDiffered(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """It does not weigh what was shipped: somebody looks first, if no money has left yet."""

    shipment: UUID
    grams: int
    shipped_grams: int
    speed: Speed
    speed_reason: str
    rule: str


class ReturnReceived(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The merchant has it. The clock is its inspection's, or of a contest if money has left.

    `clock` None: nothing is left to be looked at.
    """

    desk: Desk | None = None
    clock: Clock | None = None


class ReturnInspected(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What was found, or that nobody said so in time (`by` silence) and it counts as accepted."""

    by: DecidedBy
    rule: str
    refused: tuple[RefusedLine, ...] = ()
    evidence: tuple[bytes, ...] = ()
    agent: UUID | None = None


class ReturnSplit(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A part was accepted; the rest is a remedy of its own, `rest`, refused for its reason.

    The first six are what this remedy keeps, the `rest_*` what the other has. `shown` pieces of
    evidence count in a dispute of that.
    """

    lines: tuple[Line, ...]
    amount_minor: int
    shares: tuple[Share, ...]
    replacements: tuple[Replacement, ...]
    rest: int
    rest_lines: tuple[Line, ...]
    rest_minor: int
    rest_shares: tuple[Share, ...]
    rest_replacements: tuple[Replacement, ...]
    reason: str
    clock: Clock
    rest_difference_minor: int = 0
    shown: int = 0


class FreightCharged(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What the way back cost and who bore how much of it.

    `taken_minor` is off the refund; the amount and shares are what the remedy has from here on.
    """

    freight_minor: int
    taken_minor: int
    shares: tuple[Share, ...]
    bearers: tuple[Share, ...]


class ReturnMissed(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Not sent in time: withdrawn by silence, or in the merchant's hands if something was given.

    The clock is of asking once more, or of a contest.
    """

    given: bool
    clock: Clock


class ReturnReopened(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The consumer asked once more."""

    clock: Clock


class ReturnLost(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Nothing moved for too long. `risk` says whose loss it is."""

    risk: str
    rule: str
    clock: Clock | None = None


class InterceptionMissed(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The parcel reached the consumer after all: it comes back like any other."""

    back: Back
    clock: Clock


class GoodsDue(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Goods have to leave for the consumer by then. `their_own`: what was not accepted; `silent`:
    parcels that are not waited for any more, unless something is heard of them."""

    clock: Clock
    their_own: bool = False
    silent: tuple[UUID, ...] = ()


class GoodsSent(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """They are on their way. `instead_of`: in the place of this parcel, which is not awaited."""

    shipment: UUID
    clock: Clock
    carrier: UUID | None = None
    instead_of: UUID | None = None


class GoodsArrived(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """All of them are with the consumer."""


class RefundInstead(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """No goods came, for this reason: the remedy is money from here on."""

    kind: RemedyKind
    reason: str
    rule: str
    lines: tuple[Line, ...]
    amount_minor: int
    shares: tuple[Share, ...]


ReturningCommand = (
    NameReturnPlace
    | ArrangeReturn
    | SendBack
    | RecordReturnTracking
    | NoteComingBack
    | ConfirmReceipt
    | InspectReturn
    | TakeBack
    | ReopenReturn
    | SendOut
)
ReturningEvent = (
    JourneyBegun
    | ReturnPlaceNamed
    | ReturnArranged
    | ReturnSent
    | ParcelScanned
    | WeightDiffered
    | ReturnReceived
    | ReturnInspected
    | ReturnSplit
    | FreightCharged
    | ReturnMissed
    | ReturnReopened
    | ReturnLost
    | InterceptionMissed
    | GoodsDue
    | GoodsSent
    | GoodsArrived
    | RefundInstead
)
