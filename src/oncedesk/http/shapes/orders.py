"""Orders: how they are told to us, and how they are read."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from oncedesk.domain.orders import messages as kept
from oncedesk.domain.orders.messages import (
    Basis,
    PresaleEnd,
    PromiseKind,
    Surface,
    TrackingDetail,
)
from oncedesk.domain.orders.promises import due_now, is_void
from oncedesk.domain.orders.state import HeldItem, OrderState, Part, Verdict
from oncedesk.domain.orders.tracking import Track
from oncedesk.domain.remedies.purchase import stage_of
from oncedesk.domain.remedies.steps import StepKind
from oncedesk.domain.remedies.words import RefundStatus, RemedyKind, Stage, Status
from oncedesk.domain.shared.bounds import Moment, Picture, Title, bounded
from oncedesk.domain.shared.money import Currency
from oncedesk.domain.shared.vocabularies import Handover, TrackingStatus
from oncedesk.http.bodies import Body
from oncedesk.http.shapes.looks import Look, Looks
from oncedesk.storage.views.orders import SeenOrder

Minor = Annotated[int, Meta(ge=0, le=9_007_199_254_740_991)]
PartNumber = Annotated[int, Meta(ge=1, le=16)]

Terms = kept.Terms


class ItemShape(Body, frozen=True, kw_only=True):
    """So many of one listing; amounts in minor units (fen, cents).

    The seller's discount and the platform's subsidy are off the line; the commission is what the
    creator earns by it. Items with the same bundle (not 0) were sold together at one price.
    `return_waived`: at this purchase the consumer confirmed that it cannot be sent back without a
    reason. `title` and `picture` (its address at the marketplace) are as the consumer saw them.
    """

    listing: UUID
    unit_price_minor: Minor
    quantity: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    discount_minor: Minor = 0
    category: kept.Code = ""
    subsidy_minor: Minor = 0
    commission_minor: Minor = 0
    bundle: Annotated[int, Meta(ge=0, le=50)] = 0
    variant: UUID | None = None
    return_waived: bool = False
    title: Title | None = None
    picture: Picture | None = None


class TierShape(Body, frozen=True, kw_only=True):
    """From so many orders on, the final payment is this much."""

    count: Annotated[int, Meta(ge=1, le=1_000_000_000)]
    final_minor: Minor


class PresaleShape(Body, frozen=True, kw_only=True):
    """A deposit when it is ordered, and the rest within [pay_from, pay_until).

    Both together are the part's price. The tiers of a ladder are lower.
    """

    deposit_minor: Annotated[int, Meta(ge=1, le=9_007_199_254_740_991)]
    final_minor: Minor
    pay_from: Moment
    pay_until: Moment
    tiers: Annotated[tuple[TierShape, ...], Meta(max_length=8)] = ()


class NewPart(Body, frozen=True, kw_only=True):
    """What one merchant sells of the order, and what was promised for it."""

    items: Annotated[tuple[ItemShape, ...], Meta(min_length=1, max_length=50)]
    merchant: UUID | None = None
    promises: Annotated[tuple[Terms, ...], Meta(max_length=4)] = ()
    shipping_minor: Minor = 0
    presale: PresaleShape | None = None


class PaymentShape(Body, frozen=True, kw_only=True):
    """What was paid by one method, in minor units. Refunds go back to its `reference`.

    `stored`: out of a balance in the consumer's wallet, of that name.
    """

    method: kept.Code
    amount_minor: Minor
    reference: kept.Code = ""
    stage: kept.PaymentStage = kept.PaymentStage.WHOLE
    stored: bool = False


class StepShape(msgspec.Struct, frozen=True, kw_only=True):
    """What has to happen, by then at the latest."""

    kind: StepKind
    due_at: Moment


class PromiseShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was promised, what counts now, and how it stands."""

    basis: Basis
    promised_at: Moment
    due_at: Moment
    verdict: Verdict


class ShipmentShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A parcel, as it was last heard of. Part 0: which part it carries is not known yet."""

    shipment: UUID
    part: Annotated[int, Meta(ge=0, le=16)]
    status: TrackingStatus
    carrier: UUID | None = None
    first_scan_at: Moment | None = None
    last_scan_at: Moment | None = None


class SoldShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An item as it was ordered: what it was called then and how it looked; of an order that was
    told without that, what its listing is called now. A `picture` is only told to people where its
    host is one from which pictures may load.
    """

    listing: UUID
    unit_price_minor: Minor
    quantity: Annotated[int, Meta(ge=1)]
    paid_minor: Minor
    discount_minor: Minor = 0
    category: str = ""
    subsidy_minor: Minor = 0
    bundle: Annotated[int, Meta(ge=0)] = 0
    variant: UUID | None = None
    return_waived: bool = False
    title: str | None = None
    picture: str | None = None


class StandingShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far a part is, for one sentence: by when it was to be there, and when it is expected.

    `since` is when it came so far. `deliver_by` is what counts now, with the consumer's consent to
    something later; `expected_at` what is expected now, and nothing is where all that was sent
    went back or is lost. `late`: a promise of it is broken.
    `ended_by` is by whom its presale ended, so that it does not come; `kept_minor` is what the shop
    keeps of the deposit then.
    """

    stage: Stage
    since: Moment | None = None
    ship_by: Moment | None = None
    deliver_by: Moment | None = None
    expected_at: Moment | None = None
    late: bool = False
    ended_by: PresaleEnd | None = None
    kept_minor: Minor = 0


class PartShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One merchant's part and how far it is; `seller` is what the merchant is called in public."""

    number: PartNumber
    items: tuple[SoldShape, ...]
    standing: StandingShape
    merchant: UUID | None = None
    seller: str = ""
    shipping: PromiseShape | None = None
    delivery: PromiseShape | None = None
    handover: Handover | None = None
    shipping_minor: Minor = 0
    shipped_at: Moment | None = None
    delivered_at: Moment | None = None
    delivered_by: Handover | None = None
    estimate_at: Moment | None = None


class OfferNowShape(msgspec.Struct, frozen=True, kw_only=True):
    """What is offered instead of a remedy, in one line."""

    kind: RemedyKind
    amount_minor: Minor


class RemedyNowShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A remedy in one line: what it is, how far it and its money are, and what comes next by when.

    `refund_by` is by when money leaves that has not left yet, `sent_at` when the last of it left.
    `offer`: what the consumer chooses about, until `next` is due.
    """

    number: Annotated[int, Meta(ge=1)]
    kind: RemedyKind
    status: Status
    refund: RefundStatus
    amount_minor: Minor
    requested_at: Moment
    parts: tuple[PartNumber, ...] = ()
    next: StepShape | None = None
    refund_by: Moment | None = None
    sent_at: Moment | None = None
    settled_at: Moment | None = None
    offer: OfferNowShape | None = None


class OrderShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An order as far as the reader is part of it. Not placed yet: only tracking was heard of."""

    id: UUID
    consumer: UUID
    version: Annotated[int, Meta(ge=1)]
    placed: bool
    market: str = ""
    placed_at: Moment | None = None
    timezone: str = ""
    currency: str = ""
    parts: tuple[PartShape, ...] = ()
    shipments: tuple[ShipmentShape, ...] = ()
    payments: tuple[PaymentShape, ...] = ()
    surface: Surface | None = None
    creator: UUID | None = None
    cancelled_at: Moment | None = None
    remedies: tuple[RemedyNowShape, ...] = ()


class NewOrder(Body, frozen=True, kw_only=True):
    """An order as it was placed. `shown` is the digest (hex) of what the consumer was shown.

    `address` is where it goes: a private text, kept apart and erased on demand.
    """

    market: kept.Market
    placed_at: Moment
    timezone: kept.Zone
    currency: Currency
    parts: Annotated[tuple[NewPart, ...], Meta(min_length=1, max_length=16)]
    payments: Annotated[tuple[PaymentShape, ...], Meta(max_length=32)] = ()
    surface: Surface = Surface.UNKNOWN
    content: UUID | None = None
    creator: UUID | None = None
    shown: Annotated[str, bounded("(?:[0-9a-f]{2}){0,16}", max_length=32)] = ""
    region: kept.Code = ""
    language: kept.Language = ""
    tracking: TrackingDetail = TrackingDetail.SCANS
    address: Annotated[str, Meta(min_length=1, max_length=1_000)] | None = None


class Amendment(Body, frozen=True, kw_only=True):
    """The consumer agreed to something else: exactly one of `on`, `due_at` and `handover`.

    `consent` is the message in which they did; it backs one change of each promise.
    """

    part: PartNumber
    promise: kept.PromiseKind
    consent: UUID | None = None
    on: date | None = None
    due_at: Moment | None = None
    handover: Handover | None = None
    given_at: Moment | None = None


class Estimate(Body, frozen=True, kw_only=True):
    """The part is now expected then; what was promised stays."""

    part: PartNumber
    estimate_at: Moment


def place_order(*, consumer: UUID, order: UUID, data: NewOrder) -> kept.PlaceOrder:
    """The command that this order asks for."""
    return kept.PlaceOrder(
        consumer=consumer,
        order=order,
        market=data.market,
        placed_at=data.placed_at,
        timezone=data.timezone,
        currency=data.currency,
        parts=tuple(
            kept.OrderedPart(
                merchant=part.merchant,
                items=tuple(
                    kept.Item(
                        item.listing,
                        item.unit_price_minor,
                        item.quantity,
                        item.discount_minor,
                        item.category,
                        item.subsidy_minor,
                        item.commission_minor,
                        item.bundle,
                        item.variant,
                        item.return_waived,
                    )
                    for item in part.items
                ),
                promises=part.promises,
                shipping_minor=part.shipping_minor,
                presale=None if part.presale is None else _presale(part.presale),
                shown=tuple(
                    kept.ItemShown(place, item.title, item.picture)
                    for place, item in enumerate(part.items, start=1)
                    if item.title or item.picture
                ),
            )
            for part in data.parts
        ),
        payments=tuple(payment_of(one) for one in data.payments),
        surface=data.surface,
        content=data.content,
        creator=data.creator,
        shown=bytes.fromhex(data.shown),
        region=data.region,
        language=data.language,
        tracking=data.tracking,
    )


def payment_of(data: PaymentShape) -> kept.Payment:
    return kept.Payment(data.method, data.amount_minor, data.reference, data.stage, data.stored)


def _presale(data: PresaleShape) -> kept.PresaleTerms:
    return kept.PresaleTerms(
        deposit_minor=data.deposit_minor,
        final_minor=data.final_minor,
        pay_from=data.pay_from,
        pay_until=data.pay_until,
        tiers=tuple(kept.Tier(one.count, one.final_minor) for one in data.tiers),
    )


def amend_promise(*, consumer: UUID, order: UUID, data: Amendment) -> kept.AmendPromise:
    return kept.AmendPromise(
        consumer=consumer,
        order=order,
        part=data.part,
        promise=data.promise,
        consent=data.consent,
        on=data.on,
        due_at=data.due_at,
        handover=data.handover,
        given_at=data.given_at,
    )


def order_shape(
    seen: SeenOrder,
    *,
    looks: Looks,
    names: Mapping[UUID, str],
    remedies: tuple[RemedyNowShape, ...] = (),
) -> OrderShape:
    """What of it this reader may see; `names` by the merchants' ids."""
    state = seen.state
    return OrderShape(
        id=state.order,
        consumer=state.consumer,
        version=seen.version,
        placed=state.placed,
        market=state.market,
        placed_at=state.placed_at,
        timezone=state.timezone,
        currency=state.currency,
        parts=tuple(
            _part(part, state, looks, names) for part in state.parts if part.number in seen.parts
        ),
        shipments=tuple(
            _shipment(track)
            for track in state.tracks
            if track.part in seen.parts or (seen.whole and track.part == 0)
        ),
        payments=tuple(
            PaymentShape(
                method=one.method,
                amount_minor=one.amount_minor,
                reference=one.reference,
                stage=one.stage,
                stored=one.stored,
            )
            for one in state.payments
        )
        if seen.whole
        else (),
        surface=state.surface,
        creator=state.creator,
        cancelled_at=state.cancelled_at,
        remedies=remedies,
    )


def _part(
    part: Part,
    state: OrderState,
    looks: Looks,
    names: Mapping[UUID, str],
) -> PartShape:
    return PartShape(
        number=part.number,
        merchant=part.merchant,
        seller="" if part.merchant is None else names.get(part.merchant, ""),
        items=tuple(
            _item(
                item,
                category=state.categories[item.category] if state.categories else "",
                look=looks.of(order=state.order, part=part, item=item),
            )
            for item in part.items
        ),
        standing=_standing(part, state),
        shipping=_promise(state, part, PromiseKind.SHIPPING),
        delivery=_promise(state, part, PromiseKind.DELIVERY),
        handover=None if is_void(state=state, part=part, verdict=part.handover) else part.asked_now,
        shipping_minor=part.shipping_minor,
        shipped_at=part.shipped_at,
        delivered_at=part.delivered_at,
        delivered_by=None if part.delivered_at is None else part.delivered_by,
        estimate_at=part.estimate_at,
    )


def _item(item: HeldItem, *, category: str, look: Look) -> SoldShape:
    return SoldShape(
        listing=item.listing,
        unit_price_minor=item.unit_price_minor,
        quantity=item.quantity,
        paid_minor=max(item.paid_minor, 0),
        discount_minor=item.discount_minor,
        category=category,
        subsidy_minor=item.terms.subsidy_minor,
        bundle=item.terms.bundle,
        variant=item.terms.variant,
        return_waived=item.terms.return_waived,
        title=look.title,
        picture=look.picture,
    )


def _standing(part: Part, state: OrderState) -> StandingShape:
    stage = stage_of(state, part)
    presale = state.presale(part.number)
    if stage is Stage.UNSHIPPED and presale is not None and presale.ended is not None:
        return StandingShape(
            stage=Stage.CANCELLED, ended_by=presale.ended, kept_minor=presale.kept_minor
        )
    reached = {
        Stage.CANCELLED: part.cancelled_at or state.cancelled_at,
        Stage.DELIVERED: state.reached_at(part.number),
        Stage.SHIPPED: part.shipped_at,
        Stage.UNSHIPPED: state.placed_at,
    }
    promises = [one for one in (part.shipping, part.delivery) if one is not None]
    deliver_by = due_now(state=state, part=part, kind=PromiseKind.DELIVERY)
    return StandingShape(
        stage=stage,
        since=reached[stage],
        ship_by=due_now(state=state, part=part, kind=PromiseKind.SHIPPING),
        deliver_by=deliver_by,
        expected_at=(part.estimate_at or deliver_by) if state.is_awaited(part) else None,
        late=any(one.verdict is Verdict.BROKEN for one in promises),
    )


def _promise(state: OrderState, part: Part, kind: PromiseKind) -> PromiseShape | None:
    promise, due_at = part.promise(kind), due_now(state=state, part=part, kind=kind)
    if promise is None or due_at is None:
        return None
    return PromiseShape(
        basis=promise.basis,
        promised_at=promise.due_at,
        due_at=due_at,
        verdict=promise.verdict,
    )


def _shipment(track: Track) -> ShipmentShape:
    return ShipmentShape(
        shipment=track.shipment,
        part=track.part,
        status=track.status,
        carrier=track.carrier,
        first_scan_at=track.first_scan_at,
        last_scan_at=track.last_scan_at,
    )
