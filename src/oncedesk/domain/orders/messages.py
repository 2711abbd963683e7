"""Commands to an order's state and the events it records. Names are stable for ever.

An event's `at` is when we heard; `placed_at`, `scanned_at`, `shipped_at` and so on are when it
happened. Ids only: no names, addresses or texts, but for what goods are called in public.
"""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from oncedesk.domain.shared.bounds import Moment, Picture, Title, bounded
from oncedesk.domain.shared.decider import Refusal, Wake
from oncedesk.domain.shared.money import Currency
from oncedesk.domain.shared.persons import PrivateText
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Ref, order_ref
from oncedesk.domain.shared.vocabularies import Handover, TrackingStatus, Vocabulary

Market = Annotated[str, bounded("[a-z0-9_-]{1,16}", max_length=16)]
Language = Annotated[str, bounded("[A-Za-z0-9-]{0,16}", max_length=16)]
Code = Annotated[str, bounded("[A-Za-z0-9_.:-]{0,48}", max_length=48)]
Zone = Annotated[str, bounded("[A-Za-z0-9_+/-]{1,48}", max_length=48)]
Digest = Annotated[bytes, Meta(max_length=16)]
AddressLength = Annotated[int, Meta(ge=0, le=1_000)]


class PromiseKind(StrEnum):
    """What of a part is promised; a part has at most one promise of each kind.

    Two are never stated. `movement`: a shipment on its way is heard of again within the pack's
    limit. `tracking`: under a shipment's number there is what was handed over for this order.
    """

    SHIPPING = "shipping"
    DELIVERY = "delivery"
    HANDOVER = "handover"
    MOVEMENT = "movement"
    TRACKING = "tracking"


class Basis(StrEnum):
    """On what terms a promise was made."""

    STANDARD = "standard"
    PRESALE = "presale"
    LIMITS = "limits"
    SAME_DAY = "same_day"
    NEXT_DAY = "next_day"
    CHOSEN_DAY = "chosen_day"
    DELIVER_BY = "deliver_by"


class Breach(StrEnum):
    """How a promise was broken; also the issue of the case that it opens.

    `not_coming`: all that was sent of a part went back or is lost, by whoever's doing.
    """

    LATE_SHIPPING = "late_shipping"
    LATE_DELIVERY = "late_delivery"
    WRONG_HANDOVER = "wrong_handover"
    NO_MOVEMENT = "no_movement"
    FAKE_TRACKING = "fake_tracking"
    NOT_COMING = "not_coming"


class FoundBy(StrEnum):
    """What showed a broken promise: that time ran out, or what we heard."""

    CLOCK = "clock"
    EVENT = "event"


class TrackingDetail(StrEnum):
    """What we are told of a shipment; where it is milestones only, silence means nothing."""

    SCANS = "scans"
    MILESTONES = "milestones"


class Surface(StrEnum):
    """Where the order was placed."""

    UNKNOWN = "unknown"
    SHOP = "shop"
    VIDEO = "video"
    LIVE = "live"
    SEARCH = "search"


class _Terms(Record, frozen=True, forbid_unknown_fields=True):
    """They are read as the marketplace tells them: a misspelt field is an error, not ignored."""


class StandardShipping(_Terms, frozen=True, tag="standard"):
    """The pack's limit to the first carrier scan."""


class PresaleShipping(_Terms, frozen=True, tag="presale"):
    """A presale: the first carrier scan comes until then."""

    ship_by: Moment


class ShippingLimits(_Terms, frozen=True, tag="limits"):
    """The items have shipping limits of their own; the earliest is the part's."""

    earliest: Moment
    latest: Moment


class SameDay(_Terms, frozen=True, tag="same_day"):
    """Delivered on the local day of the order, after the pack's cut-off on the next."""


class NextDay(_Terms, frozen=True, tag="next_day"):
    """Delivered on the local day after the order."""


class ChosenDay(_Terms, frozen=True, tag="chosen_day"):
    """Delivered within the window [starts_at, ends_at) that the consumer chose."""

    starts_at: Moment
    ends_at: Moment


class DeliverBy(_Terms, frozen=True, tag="deliver_by"):
    """Delivered on this local day of the order's zone or before."""

    on: date


class OnDemandHandover(_Terms, frozen=True, tag="handover"):
    """Handed over as the consumer asked: door, locker or station. Asking is consent."""

    handover: Handover


TimedTerms = (
    StandardShipping | PresaleShipping | ShippingLimits | SameDay | NextDay | ChosenDay | DeliverBy
)
"""Those from which a deadline follows."""
Terms = TimedTerms | OnDemandHandover


class PaymentStage(StrEnum):
    """What of an order a payment pays for."""

    WHOLE = "whole"
    DEPOSIT = "deposit"
    FINAL = "final"


class Item(Record, frozen=True, array_like=True):
    """So many of one listing, of one `variant` of it where it has several.

    What the consumer paid for the line is its price less `discount_minor` (given by the seller) and
    less `subsidy_minor` (paid by the platform in the consumer's place). `commission_minor` is what
    the creator earns by it. Items with the same `bundle` (not 0) were sold together at one price.
    `return_waived`: at this purchase the consumer confirmed that it cannot be sent back without a
    reason.
    """

    listing: UUID
    unit_price_minor: int
    quantity: int = 1
    discount_minor: int = 0
    category: Code = ""
    subsidy_minor: int = 0
    commission_minor: int = 0
    bundle: Annotated[int, Meta(ge=0, le=50)] = 0
    variant: UUID | None = None
    return_waived: bool = False


class ItemShown(Record, frozen=True, array_like=True):
    """What the item at this place of its part, from 1, was called, and a picture of it, as the
    consumer saw them when they bought it. Fields: append only."""

    item: Annotated[int, Meta(ge=1, le=50)]
    title: Title | None = None
    picture: Picture | None = None


class Tier(Record, frozen=True, array_like=True):
    """From so many orders on, the final payment is this much."""

    count: Annotated[int, Meta(ge=1, le=10**9)]
    final_minor: Annotated[int, Meta(ge=0, le=10**15)]


class PresaleTerms(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A part that is paid in two: a deposit when it is ordered, and the rest in a window.

    `final_minor` is the rest as it was shown; it can only become less. With `tiers` (a ladder) it
    is at most that of the highest count reached. It is paid within [pay_from, pay_until).
    """

    deposit_minor: Annotated[int, Meta(ge=1, le=10**15)]
    final_minor: Annotated[int, Meta(ge=0, le=10**15)]
    pay_from: Moment
    pay_until: Moment
    tiers: Annotated[tuple[Tier, ...], Meta(max_length=8)] = ()


class PresaleEnd(StrEnum):
    """How a presale ended before the rest was paid, or before it was shipped."""

    UNPAID = "unpaid"
    CONSUMER = "consumer"
    MERCHANT = "merchant"


class OrderedPart(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What one merchant sells of an order; parts are numbered from 1 in the order given.

    `shipping_minor` is what the consumer paid for its delivery. `shown` is what its items were
    called; apart from them, so that the same order told again is the same as ever.
    """

    merchant: UUID | None = None
    items: tuple[Item, ...] = ()
    promises: tuple[Terms, ...] = ()
    shipping_minor: int = 0
    presale: PresaleTerms | None = None
    shown: Annotated[tuple[ItemShown, ...], Meta(max_length=50)] = ()


class Payment(Record, frozen=True, array_like=True):
    """What was paid by one method, in minor units of the order's currency.

    `reference` is the marketplace's own name for it; by it a refund finds its way back. `stored`:
    it came out of a balance in the consumer's wallet, of that name. Fields: append only.
    """

    method: Code
    amount_minor: int
    reference: Code = ""
    stage: PaymentStage = PaymentStage.WHOLE
    stored: bool = False


class ToOrder(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What every command to an order has."""

    consumer: UUID
    order: UUID

    def target(self) -> Ref:
        return order_ref(consumer=self.consumer, order=self.order)


class PlaceOrder(ToOrder, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The consumer ordered. `shown` is the digest of what was shown when it was placed.

    `digest` and `length` are of the address to which it goes; the text itself comes beside it.
    """

    market: Market
    placed_at: Moment
    timezone: Zone
    currency: Currency
    parts: tuple[OrderedPart, ...]
    payments: tuple[Payment, ...] = ()
    surface: Surface = Surface.UNKNOWN
    content: UUID | None = None
    creator: UUID | None = None
    shown: Digest = b""
    region: Code = ""
    language: Language = ""
    tracking: TrackingDetail = TrackingDetail.SCANS
    digest: Digest = b""
    length: AddressLength = 0


class CancelOrder(ToOrder, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The order was cancelled then, or one `part` of it; from then on it breaks no promise.

    `remedy` left nothing of it; whoever cancelled it before has said when that was.
    """

    at: Moment
    remedy: Annotated[int, Meta(ge=0, le=10_000)] = 0
    part: Annotated[int, Meta(ge=0, le=64)] = 0


class AnnounceShipment(ToOrder, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The merchant says that this shipment carries this part. It is not shipped by that."""

    part: int
    shipment: UUID
    carrier: UUID | None = None


class FakeFinding(StrEnum):
    """Why a shipment's number is taken for a fake; the first two are found by rule.

    `never_scanned`: announced before the shipping limit, and no carrier had it long after that, nor
    anything else of the part. `before_order`: it was under way before there was the order.
    `reused`: the number is another order's, as the marketplace told. `cleared`: it is none.
    """

    NEVER_SCANNED = "never_scanned"
    BEFORE_ORDER = "before_order"
    REUSED = "reused"
    CLEARED = "cleared"


class ReportFakeTracking(ToOrder, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The marketplace found that this shipment's number is a fake, or (`cleared`) that it is not.

    Of an order of which we hear milestones only, nothing is found.
    """

    shipment: UUID
    finding: FakeFinding


class TellFinalPrice(ToOrder, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What is left to pay of a presale, before it is paid; `reached`: the count of a ladder."""

    part: int
    final_minor: Annotated[int, Meta(ge=0, le=10**15)]
    reached: Annotated[int, Meta(ge=0, le=10**9)] = 0


class PayFinal(ToOrder, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The rest of a presale was paid then."""

    part: int
    payment: Payment
    at: Moment


class EndPresale(ToOrder, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The consumer wants it no more, or the merchant does not deliver; `unpaid` the clock finds."""

    part: int
    by: PresaleEnd


class RecordTracking(ToOrder, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A carrier or tracker told of a shipment; late, twice or before its order, as it comes."""

    shipment: UUID
    code: Code
    at: Moment
    vocabulary: Vocabulary = Vocabulary.ONCEDESK
    substate: Code = ""
    carrier: UUID | None = None


class AmendPromise(ToOrder, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The consumer agreed to something else: exactly one of `on`, `due_at` and `handover`.

    `consent` is the consumer's message or command; of a part's promise it backs one change. `on` is
    a local day, kept if it is met.
    `given_at` is when the consumer agreed, where that is heard later; from then on it counts.
    """

    part: int
    promise: PromiseKind
    consent: UUID | None = None
    on: date | None = None
    due_at: Moment | None = None
    handover: Handover | None = None
    given_at: Moment | None = None


class MoveEstimate(ToOrder, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The part is now expected then; what was promised stays."""

    part: int
    estimate_at: Moment


class GrantRelief(ToOrder, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A published relief (region, carrier, peak) gives the promise more time."""

    part: int
    promise: PromiseKind
    relief: UUID
    published_at: Moment
    extends_seconds: int
    reason: Code = ""


class ItemChange(Record, frozen=True, array_like=True):
    """So many of the `item`-th item (from 1) of a part become this variant at this price."""

    part: int
    item: int
    quantity: int
    listing: UUID
    variant: UUID | None
    unit_price_minor: int


class ChangeOrder(ToOrder, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A remedy changes what was ordered; whether it still could, the answer says either way.

    `payment` was made for it, and counts as paid whatever becomes of the change. `unshipped`: only
    as long as nothing of the order has been shipped.
    """

    remedy: int
    items: tuple[ItemChange, ...] = ()
    payment: Payment | None = None
    address: PrivateText | None = None
    unshipped: bool = True


class CheckComing(ToOrder, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A remedy of this order came to nothing: does anything of each part come, or is it looked
    after otherwise?"""


OrderCommand = (
    PlaceOrder
    | ChangeOrder
    | CheckComing
    | CancelOrder
    | AnnounceShipment
    | RecordTracking
    | AmendPromise
    | MoveEstimate
    | GrantRelief
    | ReportFakeTracking
    | TellFinalPrice
    | PayFinal
    | EndPresale
    | Wake
)


class Due(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A promise as it was worked out when the order was placed.

    A delivery is late from `due_at` on (the end of a day or window), shipping after `due_at`.
    `latest_at` is the last of several shipping limits; a delivery window opens at `starts_at`.
    """

    basis: Basis
    due_at: datetime
    latest_at: datetime | None = None
    starts_at: datetime | None = None


class Presale(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A presale as it was worked out when the order was placed.

    `lapse_minor` of the deposit goes back if the consumer does not go on with it, `penalty_minor`
    the merchant gives on top of all that was paid if it is their doing. That it is, is certain
    `default_seconds` after it had to be shipped (0: only once somebody says so).
    """

    terms: PresaleTerms
    remind_at: datetime
    lapse_minor: int
    penalty_minor: int
    rule: str
    default_seconds: int = 0


class PlacedPart(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A part as recorded. `handover` is what the consumer asked for, `shown` what its items were
    called then: no state keeps it, since nothing is decided by it."""

    number: int
    merchant: UUID | None = None
    items: tuple[Item, ...] = ()
    shipping: Due | None = None
    delivery: Due | None = None
    handover: Handover | None = None
    shipping_minor: int = 0
    presale: Presale | None = None
    shown: tuple[ItemShown, ...] = ()


class OfOrder(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What every event of an order has."""

    consumer: UUID
    order: UUID
    at: datetime


class OfPart(OfOrder, frozen=True, kw_only=True, omit_defaults=True):
    """What every event of an order's part has."""

    part: int


class OrderPlaced(OfOrder, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """`pack` is the hash of the pack in force; `body` the digest by which a repeat is known."""

    market: str
    placed_at: datetime
    timezone: str
    currency: str
    parts: tuple[PlacedPart, ...]
    pack: str
    body: bytes
    no_movement_seconds: int
    pickup_needs_consent: bool
    payments: tuple[Payment, ...] = ()
    surface: Surface = Surface.UNKNOWN
    content: UUID | None = None
    creator: UUID | None = None
    shown: bytes = b""
    region: str = ""
    language: str = ""
    tracking: TrackingDetail = TrackingDetail.SCANS
    address: PrivateText | None = None


class OfChange(OfOrder, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a change that a remedy asked for.

    `payment` counts as paid from now on; `place` is its place among the order's payments, from 1.
    """

    remedy: int
    payment: Payment | None = None
    place: int = 0


class OrderChanged(OfChange, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """These items are other ones now, and the address another; without one it is as it was."""

    items: tuple[ItemChange, ...] = ()
    address: PrivateText | None = None


class ChangeDeclined(OfChange, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """It came too late, or does not fit what was ordered; nothing but the payment is recorded."""

    reason: str


class OrderCancelled(OfOrder, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    cancelled_at: datetime


class PartCancelled(OfPart, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Nothing more is promised of it; what was broken by then stays broken."""

    cancelled_at: datetime


class ShipmentAnnounced(OfPart, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    shipment: UUID
    carrier: UUID | None = None


class TrackingRecorded(OfPart, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Part 0: it is not known yet which part (or order) the shipment carries."""

    shipment: UUID
    status: TrackingStatus
    scanned_at: datetime
    handover: Handover = Handover.UNKNOWN
    carrier: UUID | None = None


class Shipped(OfPart, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The first carrier scan of the part. Late against the original promise, whatever was amended.

    `revised`: earlier news came later; this replaces what was said before.
    """

    shipped_at: datetime
    late_by_earliest: bool = False
    late_by_latest: bool = False
    revised: bool = False


class Delivered(OfPart, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The whole part is with the consumer. Late against the original promise.

    `late_by_date`: after the promised day or window; `late_by_timestamp`: after the first moment of
    the promised day, as those count who compare timestamps with a bare date. `early`: before the
    chosen window opened. `revised`: replaces what was said before.
    """

    delivered_at: datetime
    handover: Handover = Handover.UNKNOWN
    late_by_date: bool = False
    late_by_timestamp: bool = False
    early: bool = False
    revised: bool = False


class ShippingReopened(OfPart, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What a carrier had was another order's parcel, or its waybill was taken back: nothing of the
    part was shipped."""


class DeliveryReopened(OfPart, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Another shipment of the part is under way: it was not delivered as a whole."""


class OfferReopened(OfPart, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Another shipment of the part is under way: what was refused at the door was not all of it."""


class OfPromise(OfPart, frozen=True, kw_only=True, omit_defaults=True):
    """What every verdict on a promise has: enough to open or close service without the order.

    `due_at` counts (amended or relieved); `original_due_at` is what was promised first.
    """

    market: str
    promise: UUID
    kind: PromiseKind
    due_at: datetime
    original_due_at: datetime
    merchant: UUID | None = None
    creator: UUID | None = None
    language: str = ""


class PromiseKept(OfPromise, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    pass


class PromiseBroken(OfPromise, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """`happened_at` is the late or wrong event, none if it has not come. `shipment`: which stays
    silent, and `due_at` until when it should have been heard of; or whose number is a `fake`."""

    breach: Breach
    found_by: FoundBy
    happened_at: datetime | None = None
    shipment: UUID | None = None
    fake: FakeFinding | None = None


class BreachCorrected(OfPromise, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """It was not broken, as later news shows. `cleared`: as the marketplace said."""

    breach: Breach
    shipment: UUID | None = None
    cleared: bool = False


class PromiseAmended(OfPart, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """`original_*` is what was promised first, `due_at` or `handover` what counts from `given_at`.

    Without `given_at` (as recorded at first) it counts from the beginning. `spent`: from now on
    `consent` backs no other change of this promise; at first that was not recorded. `remembered`:
    so is the place that was agreed on until now.
    """

    promise: PromiseKind
    consent: UUID
    due_at: datetime | None = None
    original_due_at: datetime | None = None
    handover: Handover | None = None
    original_handover: Handover | None = None
    given_at: datetime | None = None
    spent: bool = False
    remembered: bool = False


class FinalPriceTold(OfPart, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """From now on this is left to pay of the presale, and this is what its end would bring.

    None: as before, which was all that was said once.
    """

    final_minor: int
    reached: int = 0
    lapse_minor: int | None = None
    penalty_minor: int | None = None


class FinalPaymentReminded(OfPart, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The consumer is reminded of what is left to pay, and until when."""

    final_minor: int
    pay_until: datetime


class FinalPaid(OfPart, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The rest of the presale was paid then."""

    payment: Payment
    paid_at: datetime


class PresaleEnded(OfPart, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The presale of this part is over, and it is not delivered.

    `returned_minor` goes back of what was paid; `penalty_minor` the merchant gives on top: the
    second half of a deposit that is returned double.
    """

    by: PresaleEnd
    deposit_minor: int
    returned_minor: int
    penalty_minor: int
    rule: str


class EstimateMoved(OfPart, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    estimate_at: datetime


class ReliefGranted(OfPart, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """`due_at` counts now; of several reliefs the longest counts, they do not add up."""

    promise: PromiseKind
    relief: UUID
    published_at: datetime
    extends_seconds: int
    due_at: datetime
    original_due_at: datetime
    reason: str = ""


OrderEvent = (
    OrderPlaced
    | OrderChanged
    | ChangeDeclined
    | OrderCancelled
    | PartCancelled
    | ShipmentAnnounced
    | TrackingRecorded
    | Shipped
    | Delivered
    | ShippingReopened
    | DeliveryReopened
    | OfferReopened
    | PromiseKept
    | PromiseBroken
    | BreachCorrected
    | PromiseAmended
    | EstimateMoved
    | FinalPriceTold
    | FinalPaymentReminded
    | FinalPaid
    | PresaleEnded
    | ReliefGranted
)

Answer = Sequence[OrderEvent] | Refusal
"""What a command comes to."""
