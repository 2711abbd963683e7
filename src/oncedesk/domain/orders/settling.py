"""What follows from what is known now: shipped, delivered, kept, broken, or not broken after all.

Every verdict is worked out anew from the condensed scans, and an event is recorded where it differs
from what was said last. So the order of arrival leaves no trace in what holds in the end.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from oncedesk.domain.orders.evolve import evolve, evolved
from oncedesk.domain.orders.faking import fakes, unseen_due
from oncedesk.domain.orders.messages import (
    Breach,
    BreachCorrected,
    Delivered,
    DeliveryReopened,
    FoundBy,
    OfferReopened,
    OrderEvent,
    PromiseBroken,
    PromiseKept,
    PromiseKind,
    Shipped,
    ShippingReopened,
    TrackingDetail,
)
from oncedesk.domain.orders.preselling import presale_clocks, presale_deadlines
from oncedesk.domain.orders.promises import (
    effective_due,
    late_by_timestamp,
    missed,
    promise_id,
    runs_out_at,
    silence_id,
)
from oncedesk.domain.orders.state import OrderState, Part, Verdict
from oncedesk.domain.orders.tracking import PartFacts, Track
from oncedesk.domain.shared.records import Record

_TIMED = (PromiseKind.SHIPPING, PromiseKind.DELIVERY)
_BREACHES = {
    PromiseKind.SHIPPING: Breach.LATE_SHIPPING,
    PromiseKind.DELIVERY: Breach.LATE_DELIVERY,
    PromiseKind.HANDOVER: Breach.WRONG_HANDOVER,
    PromiseKind.MOVEMENT: Breach.NO_MOVEMENT,
}


def deadline(state: OrderState) -> datetime | None:
    """The earliest moment at which a promise that still runs will be broken."""
    return min(_deadlines(state), default=None)


def _deadlines(state: OrderState) -> Iterator[datetime]:
    if not state.placed or state.cancelled:
        return
    if state.presales:
        yield from presale_deadlines(state)
    for part in state.parts:
        if state.is_over(part):
            continue
        for kind in _TIMED:
            promise = part.promise(kind)
            if promise is not None and promise.verdict is Verdict.OPEN:
                due_at = effective_due(state=state, part=part, kind=kind)
                yield runs_out_at(kind=kind, due_at=due_at)
    for track in state.tracks:
        silent_at = silence_due(state=state, track=track)
        if silent_at is not None:
            yield silent_at
        unseen_at = unseen_due(state=state, track=track)
        if unseen_at is not None:
            yield unseen_at


def silence_due(*, state: OrderState, track: Track) -> datetime | None:
    """When the shipment's silence becomes a breach, if it has not yet."""
    since, part = track.last_scan_at, state.part(track.part)
    if (
        since is None
        or since == track.silent_since
        or not track.must_move
        or state.tracking is not TrackingDetail.SCANS
        or (part is not None and (part.delivered_at is not None or state.is_over(part)))
    ):
        return None
    return since + timedelta(seconds=state.no_movement_seconds)


def settle(
    *, state: OrderState, heard_at: datetime, clock_at: datetime | None = None
) -> list[OrderEvent]:
    """What follows in this state; with `clock_at`, also from what has not happened until then."""
    if not state.placed:
        return []
    events: list[OrderEvent] = []
    if clock_at is not None and not state.cancelled:
        events += presale_clocks(state=state, heard_at=heard_at, clock_at=clock_at)
        state = evolved(state, events) if events else state
    # What is another order's parcel says nothing of this one, so that is found first.
    found = fakes(state=state, heard_at=heard_at, clock_at=clock_at)
    state = evolved(state, found) if found else state
    events += found
    for part in state.parts:
        if not (state.presales and state.has_lapsed(part.number)):
            events += _settle_part(state, part, heard_at, clock_at)
    if clock_at is not None and not state.cancelled:
        events += _silences(state, heard_at, clock_at)
    return events


def _settle_part(
    state: OrderState, part: Part, heard_at: datetime, clock_at: datetime | None
) -> list[OrderEvent]:
    facts = state.facts(part)
    shipped = _shipped(state, part, facts, heard_at)
    delivered = _delivered(state, part, facts, heard_at)
    # What was not shipped after all is first of all not delivered.
    events = [*shipped, *delivered] if facts.shipped_at else [*delivered, *shipped]
    for event in events:
        state = evolve(state, event)
    known = state.part(part.number)
    assert known is not None
    moments = {
        PromiseKind.SHIPPING: facts.shipped_at,
        PromiseKind.DELIVERY: facts.offered_at,
    }
    for kind, happened_at in moments.items():
        if known.promise(kind) is not None:
            events += _judge_deadline(state, known, kind, happened_at, heard_at, clock_at)
    return [*events, *_judge_handover(state, known, facts, heard_at)]


def _shipped(
    state: OrderState, part: Part, facts: PartFacts, heard_at: datetime
) -> list[OrderEvent]:
    shipped_at = facts.shipped_at
    if shipped_at == part.shipped_at:
        return []
    if shipped_at is None:
        return [ShippingReopened(**state.about(part.number, heard_at))]
    promise = part.shipping
    return [
        Shipped(
            **state.about(part.number, heard_at),
            shipped_at=shipped_at,
            late_by_earliest=promise is not None and shipped_at > promise.due_at,
            late_by_latest=promise is not None
            and shipped_at > (promise.latest_at or promise.due_at),
            revised=part.shipped_at is not None,
        )
    ]


def _delivered(
    state: OrderState, part: Part, facts: PartFacts, heard_at: datetime
) -> list[OrderEvent]:
    hand, promise = facts.delivered, part.delivery
    if hand is None:
        reopened: type[DeliveryReopened | OfferReopened]
        if part.delivered_at is not None:
            reopened = DeliveryReopened
        elif promise is not None and promise.verdict is Verdict.KEPT and facts.offered_at is None:
            reopened = OfferReopened
        else:
            return []
        return [reopened(**state.about(part.number, heard_at))]
    if (hand.at, hand.handover) == (part.delivered_at, part.delivered_by):
        return []
    zone = ZoneInfo(state.timezone)
    return [
        Delivered(
            **state.about(part.number, heard_at),
            delivered_at=hand.at,
            handover=hand.handover,
            late_by_date=promise is not None and hand.at >= promise.due_at,
            late_by_timestamp=promise is not None
            and late_by_timestamp(promise=promise, zone=zone, at=hand.at),
            early=promise is not None
            and promise.starts_at is not None
            and hand.at < promise.starts_at,
            revised=part.delivered_at is not None,
        )
    ]


def _judge_deadline(
    state: OrderState,
    part: Part,
    kind: PromiseKind,
    happened_at: datetime | None,
    heard_at: datetime,
    clock_at: datetime | None,
) -> list[OrderEvent]:
    promise = part.promise(kind)
    assert promise is not None
    due_at = effective_due(state=state, part=part, kind=kind)
    was_broken = promise.verdict is Verdict.BROKEN
    if happened_at is not None:
        is_broken = missed(kind=kind, due_at=due_at, at=happened_at)
    elif was_broken:
        is_broken = missed(kind=kind, due_at=due_at, at=heard_at)
    else:
        is_broken = clock_at is not None and missed(kind=kind, due_at=due_at, at=clock_at)
    cancelled_at = state.cancelled_from(part)
    if not was_broken and state.has_ended(part.number):
        return []
    if cancelled_at is not None:
        if not was_broken:
            return []
        is_broken = is_broken and due_at < cancelled_at
        happened_at = happened_at if is_broken else None
    question = _Question(kind=kind, due_at=due_at, original_due_at=promise.due_at)
    breach = _BREACHES[kind] if is_broken else None
    return _answers(state, part, question, heard_at, promise.verdict, breach, happened_at)


def _judge_handover(
    state: OrderState, part: Part, facts: PartFacts, heard_at: datetime
) -> list[OrderEvent]:
    was = part.handover
    if was is not Verdict.BROKEN and state.is_over(part):
        return []
    hand = facts.wrong
    if hand is None and part.asked_now is not None:
        hand = facts.delivered
    happened_at = None if hand is None else hand.at
    question = _Question(
        kind=PromiseKind.HANDOVER, due_at=happened_at or heard_at, original_due_at=happened_at
    )
    if part.delivery is not None:
        # When it is handed over was promised by the delivery, so that deadline is named.
        question = _Question(
            kind=PromiseKind.HANDOVER,
            due_at=effective_due(state=state, part=part, kind=PromiseKind.DELIVERY),
            original_due_at=part.delivery.due_at,
        )
    breach = None if facts.wrong is None else Breach.WRONG_HANDOVER
    return _answers(state, part, question, heard_at, was, breach, happened_at)


class _Question(Record, frozen=True, kw_only=True):
    """What is judged: the promise and its deadlines."""

    kind: PromiseKind
    due_at: datetime
    original_due_at: datetime | None
    shipment: UUID | None = None
    since: datetime | None = None


def _answers(
    state: OrderState,
    part: Part,
    question: _Question,
    heard_at: datetime,
    was: Verdict,
    breach: Breach | None,
    happened_at: datetime | None,
) -> list[OrderEvent]:
    """From what was said to what holds: `breach` if broken, else kept if it happened."""
    if breach is not None:
        if was is Verdict.BROKEN:
            return []
        return [_broken(state, part, question, heard_at, breach, happened_at)]
    events: list[OrderEvent] = []
    if was is Verdict.BROKEN:
        events.append(_corrected(state, part, question, heard_at))
    if was is not Verdict.KEPT and happened_at is not None:
        events.append(PromiseKept(**_about(state, part, question, heard_at)))
    return events


def _broken(
    state: OrderState,
    part: Part,
    question: _Question,
    heard_at: datetime,
    breach: Breach,
    happened_at: datetime | None,
) -> PromiseBroken:
    return PromiseBroken(
        **_about(state, part, question, heard_at),
        breach=breach,
        found_by=FoundBy.CLOCK if happened_at is None else FoundBy.EVENT,
        happened_at=happened_at,
        shipment=question.shipment,
    )


def _corrected(
    state: OrderState, part: Part, question: _Question, heard_at: datetime
) -> BreachCorrected:
    return BreachCorrected(
        **_about(state, part, question, heard_at),
        breach=_BREACHES[question.kind],
        shipment=question.shipment,
    )


def _about(
    state: OrderState, part: Part, question: _Question, heard_at: datetime
) -> dict[str, Any]:
    """What every verdict says of its promise."""
    if question.shipment is None or question.since is None:
        promise = promise_id(order=state.order, part=part.number, kind=question.kind)
    else:
        promise = silence_id(
            order=state.order,
            part=part.number,
            shipment=question.shipment,
            since=question.since,
        )
    return {
        "consumer": state.consumer,
        "order": state.order,
        "at": heard_at,
        "part": part.number,
        "market": state.market,
        "promise": promise,
        "kind": question.kind,
        "due_at": question.due_at,
        "original_due_at": question.original_due_at or question.due_at,
        "merchant": part.merchant,
        "creator": state.creator,
        "language": state.language,
    }


def _silence(*, state: OrderState, track: Track, since: datetime) -> _Question:
    due_at = since + timedelta(seconds=state.no_movement_seconds)
    return _Question(
        kind=PromiseKind.MOVEMENT,
        due_at=due_at,
        original_due_at=due_at,
        shipment=track.shipment,
        since=since,
    )


def _silences(state: OrderState, heard_at: datetime, clock_at: datetime) -> list[OrderEvent]:
    events: list[OrderEvent] = []
    for track in state.tracks:
        due_at, since = silence_due(state=state, track=track), track.last_scan_at
        if due_at is None or since is None or due_at > clock_at:
            continue
        part = state.part(track.part)
        assert part is not None
        question = _silence(state=state, track=track, since=since)
        events.append(_broken(state, part, question, heard_at, Breach.NO_MOVEMENT, None))
    return events


def silence_corrected(
    *, state: OrderState, track: Track, at: datetime, heard_at: datetime
) -> list[OrderEvent]:
    """It moved (or was cancelled) at a moment at which we took it for silent and in time."""
    since, part = track.silent_since, state.part(track.part)
    if since is None or part is None:
        return []
    question = _silence(state=state, track=track, since=since)
    return [_corrected(state, part, question, heard_at)] if since < at <= question.due_at else []
