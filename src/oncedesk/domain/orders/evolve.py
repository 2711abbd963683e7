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
    Item,
    OfferReopened,
    OrderCancelled,
    OrderChanged,
    OrderEvent,
    OrderPlaced,
    PlacedPart,
    PromiseAmended,
    PromiseBroken,
    PromiseKept,
    PromiseKind,
    ReliefGranted,
    ShipmentAnnounced,
    Shipped,
    TrackingRecorded,
)
from oncedesk.domain.orders.state import (
    HeldItem,
    OrderState,
    Part,
    Promise,
    Relief,
    SoldAs,
    Verdict,
)
from oncedesk.domain.orders.tracking import Track, joined
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
            announced_at = track.announced_at or event.at
            return _with_track(
                state,
                replace(track, part=event.part, carrier=carrier, announced_at=announced_at),
            )
        case TrackingRecorded():
            track = state.track(event.shipment) or Track(event.shipment, event.part)
            told = Told(event.status, event.handover)
            return _with_track(
                state, joined(track=track, told=told, at=event.scanned_at, carrier=event.carrier)
            )
        case ReliefGranted():
            relief = Relief(event.relief, event.part, event.promise, event.extends_seconds)
            return replace(state, reliefs=(*state.reliefs, relief))
        case (
            Shipped()
            | Delivered()
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
    event: Shipped
    | Delivered
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
        case Shipped():
            part = replace(part, shipped_at=event.shipped_at)
        case Delivered():
            part = replace(part, delivered_at=event.delivered_at, delivered_by=event.handover)
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
            part = _judged(part, event.kind, Verdict.BROKEN if broken else Verdict.OPEN)
        case PromiseAmended():
            part = _amended(part, event)
        case EstimateMoved():
            part = replace(part, estimate_at=event.estimate_at)
        case _:
            assert_never(event)
    parts = tuple(part if one.number == part.number else one for one in state.parts)
    return replace(state, parts=parts)


def _finding(event: PromiseBroken | BreachCorrected) -> str:
    """What is known of the number now; what was cleared is not found by rule again."""
    if isinstance(event, PromiseBroken):
        return (event.fake or FakeFinding.REUSED).value
    return FakeFinding.CLEARED.value if event.cleared else ""


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
