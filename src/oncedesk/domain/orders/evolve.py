"""How each event changes what is known of an order. Never refuses."""

from collections.abc import Sequence
from typing import assert_never

from msgspec.structs import replace

from oncedesk.domain.orders.changes import changed
from oncedesk.domain.orders.messages import (
    BreachCorrected,
    ChangeDeclined,
    Delivered,
    DeliveryReopened,
    Due,
    EstimateMoved,
    FakeFinding,
    FinalPaid,
    FinalPaymentReminded,
    FinalPriceTold,
    Item,
    OfferReopened,
    OrderCancelled,
    OrderChanged,
    OrderEvent,
    OrderPlaced,
    PartCancelled,
    PlacedPart,
    PresaleEnded,
    PromiseAmended,
    PromiseBroken,
    PromiseKept,
    PromiseKind,
    ReliefGranted,
    ShipmentAnnounced,
    Shipped,
    ShippingReopened,
    TrackingRecorded,
)
from oncedesk.domain.orders.state import (
    CONSENTS_MAX,
    Consent,
    HeldItem,
    HeldPresale,
    OrderState,
    Part,
    Place,
    Promise,
    Relief,
    SoldAs,
    Verdict,
)
from oncedesk.domain.orders.tracking import Fake, Track, joined
from oncedesk.domain.shared.vocabularies import Handover, Told


def evolve(state: OrderState | None, event: OrderEvent) -> OrderState:
    """What is known after this event."""
    if state is None:
        state = OrderState(consumer=event.consumer, order=event.order)
    match event:
        case OrderPlaced():
            return _placed(state, event)
        case OrderChanged() | ChangeDeclined():
            return changed(state, event)
        case OrderCancelled():
            return replace(state, cancelled_at=event.cancelled_at)
        case ShipmentAnnounced():
            track = state.track(event.shipment) or Track(event.shipment)
            carrier = event.carrier or track.carrier
            in_time = track.told_in_time or _in_time(state, event)
            return _with_track(
                state, replace(track, part=event.part, carrier=carrier, told_in_time=in_time)
            )
        case TrackingRecorded():
            track = state.track(event.shipment) or Track(event.shipment, event.part)
            told = Told(event.status, event.handover)
            return _with_track(
                state, joined(track=track, told=told, at=event.scanned_at, carrier=event.carrier)
            )
        case FinalPriceTold() | FinalPaymentReminded() | FinalPaid() | PresaleEnded():
            return _presale(state, event)
        case ReliefGranted():
            relief = Relief(event.relief, event.part, event.promise, event.extends_seconds)
            return replace(state, reliefs=(*state.reliefs, relief))
        case (
            PartCancelled()
            | Shipped()
            | Delivered()
            | ShippingReopened()
            | DeliveryReopened()
            | OfferReopened()
            | PromiseKept()
            | PromiseBroken()
            | BreachCorrected()
            | PromiseAmended()
            | EstimateMoved()
        ):
            return _of_part(state, event)
        case _:
            assert_never(event)


def evolved(state: OrderState | None, events: Sequence[OrderEvent]) -> OrderState:
    """What is known after all of these events; there is at least one."""
    for event in events:
        state = evolve(state, event)
    assert state is not None
    return state


def _of_part(
    state: OrderState,
    event: PartCancelled
    | Shipped
    | Delivered
    | ShippingReopened
    | DeliveryReopened
    | OfferReopened
    | PromiseKept
    | PromiseBroken
    | BreachCorrected
    | PromiseAmended
    | EstimateMoved,
) -> OrderState:
    part = state.part(event.part)
    assert part is not None
    match event:
        case PartCancelled():
            part = replace(part, estimate_at=None, cancelled_at=event.cancelled_at)
        case Shipped():
            part = replace(part, shipped_at=event.shipped_at)
        case Delivered():
            part = replace(part, delivered_at=event.delivered_at, delivered_by=event.handover)
        case ShippingReopened():
            part = replace(part, shipped_at=None)
            if part.shipping is not None and part.shipping.verdict is Verdict.KEPT:
                part = _judged(part, PromiseKind.SHIPPING, Verdict.OPEN)
        case DeliveryReopened():
            part = replace(part, delivered_at=None, delivered_by=Handover.UNKNOWN)
            if part.delivery is not None and part.delivery.verdict is Verdict.KEPT:
                part = _judged(part, PromiseKind.DELIVERY, Verdict.OPEN)
            if part.handover is Verdict.KEPT:
                part = _judged(part, PromiseKind.HANDOVER, Verdict.OPEN)
        case OfferReopened():
            part = _judged(part, PromiseKind.DELIVERY, Verdict.OPEN)
        case PromiseKept():
            part = _judged(part, event.kind, Verdict.KEPT)
        case PromiseBroken() | BreachCorrected():
            broken = isinstance(event, PromiseBroken)
            if event.shipment is not None:
                track = state.track(event.shipment)
                assert track is not None
                if event.kind is PromiseKind.TRACKING:
                    return _with_track(state, replace(track, fake=_finding(event)))
                since = track.last_scan_at if broken else None
                return _with_track(state, replace(track, silent_since=since))
            if event.kind is PromiseKind.MOVEMENT:
                others = {one for one in state.gone if one != part.number}
                gone = {*others, part.number} if broken else others
                return replace(state, gone=tuple(sorted(gone)))
            part = _judged(part, event.kind, Verdict.BROKEN if broken else Verdict.OPEN)
        case PromiseAmended():
            state = replace(state, places=_places(state, part, event))
            part = _amended(part, event)
            state = replace(
                state, reliefs=_without_reliefs(state, event), consents=_consents(state, event)
            )
        case EstimateMoved():
            part = replace(part, estimate_at=event.estimate_at)
        case _:
            assert_never(event)
    parts = tuple(part if one.number == part.number else one for one in state.parts)
    return replace(state, parts=parts)


def _without_reliefs(state: OrderState, event: PromiseAmended) -> tuple[Relief, ...]:
    """A relief of the deadline that was does not lengthen the one that was agreed on."""
    gone = event.part, event.promise
    return tuple(one for one in state.reliefs if (one.part, one.promise) != gone)


def _consents(state: OrderState, event: PromiseAmended) -> tuple[Consent, ...]:
    if not event.spent:
        return state.consents
    used = Consent(event.consent, event.part, event.promise)
    return (*(one for one in state.consents if one != used), used)[-CONSENTS_MAX:]


def _places(state: OrderState, part: Part, event: PromiseAmended) -> tuple[Place, ...]:
    """With the one that was agreed on until now."""
    until, since = part.asked_amended, part.amended_from
    if not event.remembered or until is None or since is None:
        return state.places
    return (*state.places, Place(part.number, since, until))


def _presale(
    state: OrderState, event: FinalPriceTold | FinalPaymentReminded | FinalPaid | PresaleEnded
) -> OrderState:
    presale = state.presale(event.part)
    assert presale is not None
    match event:
        case FinalPriceTold():
            presale = replace(presale, final_minor=event.final_minor)
            if event.lapse_minor is not None and event.penalty_minor is not None:
                presale = replace(
                    presale, lapse_minor=event.lapse_minor, penalty_minor=event.penalty_minor
                )
        case FinalPaymentReminded():
            presale = replace(presale, remind_at=None)
        case FinalPaid():
            presale = replace(presale, paid_at=event.paid_at, remind_at=None, ended=None)
            state = replace(state, payments=(*state.payments, event.payment))
        case PresaleEnded():
            presale = replace(presale, ended=event.by, remind_at=None)
        case _:
            assert_never(event)
    presales = tuple(presale if one.part == event.part else one for one in state.presales)
    return replace(state, presales=presales)


def _held_presale(part: PlacedPart) -> HeldPresale | None:
    presale = part.presale
    if presale is None:
        return None
    return HeldPresale(
        part.number,
        presale.terms.deposit_minor,
        presale.terms.final_minor,
        presale.terms.pay_from,
        presale.terms.pay_until,
        presale.remind_at,
        presale.lapse_minor,
        presale.penalty_minor,
        presale.rule,
        presale.terms.tiers,
        default_seconds=presale.default_seconds,
    )


def _finding(event: PromiseBroken | BreachCorrected) -> Fake:
    """What is known of the number now; what was cleared is not found by rule again."""
    if isinstance(event, PromiseBroken):
        return Fake.UNSEEN if event.fake is FakeFinding.NEVER_SCANNED else Fake.FOUND
    return Fake.CLEARED if event.cleared else Fake.NO


def _in_time(state: OrderState, event: ShipmentAnnounced) -> bool:
    """It was told before the part had to be shipped."""
    part = state.part(event.part)
    promise = None if part is None else part.shipping
    return promise is not None and event.at <= promise.base_at


def _judged(part: Part, kind: PromiseKind, verdict: Verdict) -> Part:
    match kind:
        case PromiseKind.SHIPPING:
            assert part.shipping is not None
            return replace(part, shipping=replace(part.shipping, verdict=verdict))
        case PromiseKind.DELIVERY:
            assert part.delivery is not None
            return replace(part, delivery=replace(part.delivery, verdict=verdict))
        case PromiseKind.HANDOVER:
            return replace(part, handover=verdict)
        case PromiseKind.MOVEMENT | PromiseKind.TRACKING:
            return part


def _amended(part: Part, event: PromiseAmended) -> Part:
    match event.promise:
        case PromiseKind.SHIPPING:
            assert part.shipping is not None
            return replace(
                part,
                shipping=replace(
                    part.shipping, amended_at=event.due_at, consented_at=event.given_at
                ),
            )
        case PromiseKind.DELIVERY:
            assert part.delivery is not None
            return replace(
                part,
                delivery=replace(
                    part.delivery, amended_at=event.due_at, consented_at=event.given_at
                ),
            )
        case PromiseKind.HANDOVER | PromiseKind.MOVEMENT | PromiseKind.TRACKING:
            return replace(part, asked_amended=event.handover, amended_from=event.given_at)


def _with_track(state: OrderState, track: Track) -> OrderState:
    others = [one for one in state.tracks if one.shipment != track.shipment]
    # In the order of their ids, so that it does not matter which was heard of first.
    tracks = sorted([*others, track], key=lambda one: one.shipment)
    return replace(state, tracks=tuple(tracks))


def _placed(state: OrderState, event: OrderPlaced) -> OrderState:
    categories = sorted({item.category for part in event.parts for item in part.items})
    tracks = state.tracks
    if len(event.parts) == 1:
        tracks = tuple(replace(one, part=1) for one in tracks)
    return replace(
        state,
        market=event.market,
        placed_at=event.placed_at,
        timezone=event.timezone,
        currency=event.currency,
        parts=tuple(_held(part, categories) for part in event.parts),
        tracks=tracks,
        categories=tuple(categories),
        payments=event.payments,
        surface=event.surface,
        content=event.content,
        creator=event.creator,
        shown=event.shown,
        region=event.region,
        language=event.language,
        tracking=event.tracking,
        pack=event.pack,
        body=event.body,
        address=None if event.address is None else event.address.id,
        no_movement_seconds=event.no_movement_seconds,
        pickup_needs_consent=event.pickup_needs_consent,
        presales=tuple(held for part in event.parts if (held := _held_presale(part)) is not None),
    )


def _held(part: PlacedPart, categories: Sequence[str]) -> Part:
    return Part(
        number=part.number,
        merchant=part.merchant,
        items=tuple(
            HeldItem(
                item.listing,
                item.unit_price_minor,
                item.quantity,
                item.discount_minor,
                categories.index(item.category),
                _sold_as(item),
            )
            for item in part.items
        ),
        shipping=_promise(part.shipping),
        delivery=_promise(part.delivery),
        asked=part.handover,
        shipping_minor=part.shipping_minor,
    )


def _sold_as(item: Item) -> SoldAs | None:
    sold = SoldAs(
        item.subsidy_minor, item.commission_minor, item.bundle, item.variant, item.return_waived
    )
    return None if sold == SoldAs() else sold


def _promise(due: Due | None) -> Promise | None:
    return None if due is None else Promise(due.basis, due.due_at, due.latest_at, due.starts_at)
