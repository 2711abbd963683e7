"""What an order's state answers to a command."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import assert_never
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.orders.amending import amend, relieve
from oncedesk.domain.orders.changing import change
from oncedesk.domain.orders.evolve import evolve, evolved
from oncedesk.domain.orders.faking import report_fake
from oncedesk.domain.orders.messages import (
    AmendPromise,
    AnnounceShipment,
    Answer,
    CancelOrder,
    ChangeOrder,
    CheckComing,
    EndPresale,
    EstimateMoved,
    GrantRelief,
    MoveEstimate,
    OrderCancelled,
    OrderCommand,
    OrderEvent,
    PartCancelled,
    PayFinal,
    PlaceOrder,
    RecordTracking,
    ReportFakeTracking,
    ShipmentAnnounced,
    TellFinalPrice,
    TrackingRecorded,
)
from oncedesk.domain.orders.not_coming import may_end, not_coming
from oncedesk.domain.orders.placing import FUTURE_MAX, TIME_BEGINS, place
from oncedesk.domain.orders.preselling import preselling
from oncedesk.domain.orders.promises import AHEAD_MAX, TOO_FAR
from oncedesk.domain.orders.relieving import found_late, has_broken, news_at, relieved, would_break
from oncedesk.domain.orders.settling import deadline, settle, silence_corrected
from oncedesk.domain.orders.state import SHIPMENTS_MAX, OrderState, Part
from oncedesk.domain.orders.tracking import Track, joined
from oncedesk.domain.shared.allowing import is_system
from oncedesk.domain.shared.decider import Facts, Refusal, Role, Wake
from oncedesk.domain.shared.facts_seen import PLATFORM_DESK_REF
from oncedesk.domain.shared.refs import Ref, remedies_ref
from oncedesk.domain.shared.vocabularies import told

_ORDER_UNKNOWN = Refusal("order_unknown")
_ORDER_CANCELLED = Refusal("order_cancelled")
_PART_CANCELLED = Refusal("order_cancelled", "a part that was not cancelled", "part")
_PART_UNKNOWN = Refusal("part_unknown", "a part that the order has, from 1", "part")

_MIRRORING = (Role.MARKETPLACE, Role.SYSTEM, Role.ADMIN)


def decide(state: OrderState | None, command: OrderCommand, facts: Facts) -> Answer:
    """The events of this command, none where it changes nothing, or why not."""
    if isinstance(command, Wake):
        return [] if state is None else _wake(state, facts)
    if not _allowed(command, facts):
        return Refusal("not_allowed")
    if isinstance(command, ChangeOrder):
        if state is None or not state.placed or state.consumer != command.consumer:
            return _ORDER_UNKNOWN
        return [change(state=state, command=command, facts=facts)]
    if state is not None and state.consumer != command.consumer:
        return _ORDER_UNKNOWN
    match command:
        case PlaceOrder():
            placed = place(state=state, command=command, facts=facts)
            if placed is None or isinstance(placed, Refusal):
                return [] if placed is None else placed
            told_at = None if state is None else news_at(state.tracks)
            ends = state is not None and may_end(state, command)
            return _with_consequences(state, [placed], facts, told_at, ends=ends)
        case RecordTracking():
            return _record(state, command, facts)
        case CheckComing():
            if state is None or not state.placed:
                return []
            return not_coming(state=state, facts=facts, may_open=may_end(state, command))
        case TellFinalPrice() | PayFinal() | EndPresale():
            if state is None or not state.placed:
                return _ORDER_UNKNOWN
            sold = preselling(state=state, command=command, facts=facts)
            if isinstance(sold, Refusal) or not isinstance(command, PayFinal):
                return sold
            # What is heard of a presale that counts as ended says nothing until it goes on.
            told_at, ends = news_at(state.tracks), may_end(state, command)
            return _with_consequences(state, [*sold], facts, told_at, ends=ends)
        case ReportFakeTracking():
            if state is None or not state.placed:
                return _ORDER_UNKNOWN
            reported = report_fake(state=state, command=command, facts=facts)
            if isinstance(reported, Refusal):
                return reported
            ends = may_end(state, command)
            return _with_consequences(state, reported, facts, ends=ends)
        case CancelOrder() | AnnounceShipment() | AmendPromise() | MoveEstimate() | GrantRelief():
            if state is None or not state.placed:
                return _ORDER_UNKNOWN
            return _change(state, command, facts)
        case _:
            assert_never(command)


def needs(
    state: OrderState | None, command: OrderCommand, found: Mapping[UUID, object]
) -> Sequence[Ref]:
    """The published reliefs, where a promise would be broken by what this tells; the order's
    remedies, where by that nothing of a part may come any more."""
    del found
    if state is None or not may_end(state, command):
        return _reliefs(state, command)
    return (*_reliefs(state, command), remedies_ref(consumer=state.consumer, order=state.order))


def _reliefs(state: OrderState | None, command: OrderCommand) -> Sequence[Ref]:
    named = False
    match command:
        case Wake():
            return (PLATFORM_DESK_REF,)
        case RecordTracking():
            told_at: datetime | None = command.at
            named = _names_carrier(state, command)
        case CancelOrder():
            told_at = command.at
        case AnnounceShipment():
            told_at = _announced_news_at(state, command)
            named = _names_carrier(state, command)
        case ReportFakeTracking():
            return () if state is None else (PLATFORM_DESK_REF,)
        case PlaceOrder():
            # What its scans break is known only once it is placed.
            return () if state is None or state.placed else (PLATFORM_DESK_REF,)
        case PayFinal():
            # And here once it goes on.
            heard = state is not None and news_at(state.tracks) is not None
            return (PLATFORM_DESK_REF,) if heard else ()
        case _:
            return ()
    if state is None:
        return ()
    breaks = told_at is not None and would_break(state, at=told_at)
    if breaks or (named and has_broken(state)) or _may_turn(state, command):
        return (PLATFORM_DESK_REF,)
    return ()


def _may_turn(state: OrderState, command: OrderCommand) -> bool:
    """Whether by what is told of a shipment a promise turns out late that counted as kept."""
    if not isinstance(command, RecordTracking | AnnounceShipment) or state.placed_at is None:
        return False
    known = state.track(command.shipment)
    others = tuple(one for one in state.tracks if one.shipment != command.shipment)
    if not others:
        return False  # No news of the only parcel make it later.
    if isinstance(command, RecordTracking):
        after = _after(state, command)
        same = after is None or (known is not None and _says_the_same(known, after))
    else:
        after = None if known is None else replace(known, part=command.part)
        same = known is None or bool(known.part)
    if after is None or same:
        return False
    then = replace(state, tracks=(*others, after))
    return bool(found_late(settle(state=then, heard_at=state.placed_at)))


def _after(state: OrderState, command: RecordTracking) -> Track | None:
    """The shipment with what is told of it; None: nothing that is understood."""
    said = told(vocabulary=command.vocabulary, code=command.code, substate=command.substate)
    if isinstance(said, Refusal):
        return None
    track = state.track(command.shipment) or _unheard_of(state, command)
    return joined(track=track, told=said, at=command.at, carrier=command.carrier)


def is_open(state: OrderState) -> bool:
    """Whether a promise still runs."""
    return deadline(state) is not None


def _allowed(command: OrderCommand, facts: Facts) -> bool:
    """The marketplace tells what happened; an agent may pass on consent and what is expected."""
    if facts.actor.role is Role.AGENT:
        return isinstance(command, AmendPromise | MoveEstimate)
    if isinstance(command, ChangeOrder | CheckComing):
        return is_system(facts.actor)
    return facts.actor.role in _MIRRORING


def _with_consequences(
    state: OrderState | None,
    events: list[OrderEvent],
    facts: Facts,
    told_at: datetime | None = None,
    *,
    broken: bool = False,
    ends: bool = False,
) -> list[OrderEvent]:
    """`told_at`: the last thing that is told now of a part, by which a promise of it may break;
    `broken`: it may also relieve one that is broken; `ends`: that nothing of a part comes."""
    if not events:
        return []
    after = evolved(state, events)
    granted: list[OrderEvent] = []
    if told_at is not None or broken:
        granted = relieved(state=after, facts=facts, at=told_at, broken=broken)
    after = evolved(after, granted) if granted else after
    settled = settle(state=after, heard_at=facts.now)
    # What counted as kept may be late after all, by another parcel of it or one that is none.
    late = found_late(settled)
    if late and (more := relieved(state=after, facts=facts, at=None, late=late)):
        granted, after = [*granted, *more], evolved(after, more)
        settled = settle(state=after, heard_at=facts.now)
    if not after.placed or not (ends or after.gone):
        return [*events, *granted, *settled]
    after = evolved(after, settled) if settled else after
    return [*events, *granted, *settled, *not_coming(state=after, facts=facts, may_open=ends)]


def _wake(state: OrderState, facts: Facts) -> list[OrderEvent]:
    due_at = deadline(state)
    if due_at is None or due_at > facts.now:
        return []
    events = relieved(state=state, facts=facts, at=facts.now)
    state = evolved(state, events) if events else state
    return [*events, *settle(state=state, heard_at=facts.now, clock_at=facts.now)]


def _change(
    state: OrderState,
    command: CancelOrder | AnnounceShipment | AmendPromise | MoveEstimate | GrantRelief,
    facts: Facts,
) -> Answer:
    if isinstance(command, CancelOrder):
        return _cancel(state, command, facts)
    part = state.part(command.part)
    if part is None:
        return _PART_UNKNOWN
    told_at: datetime | None = None
    named, ends = False, may_end(state, command)
    if isinstance(command, AnnounceShipment):
        told_at = _announced_news_at(state, command)
        named = _names_carrier(state, command)
        events = _announce(state, part, command, facts)
    elif state.cancelled:
        return _ORDER_CANCELLED
    elif part.cancelled_at is not None:
        return _PART_CANCELLED
    else:
        match command:
            case AmendPromise():
                events = amend(state=state, part=part, command=command, facts=facts)
            case MoveEstimate():
                events = _move_estimate(state, part, command, facts.now)
            case GrantRelief():
                events = relieve(state=state, part=part, command=command, facts=facts)
            case _:
                assert_never(command)
    if isinstance(events, Refusal):
        return events
    return _with_consequences(state, events, facts, told_at, broken=named, ends=ends)


def _cancel(state: OrderState, command: CancelOrder, facts: Facts) -> Answer:
    assert state.placed_at is not None
    if state.cancelled_at is not None:
        same = state.cancelled_at == command.at or command.remedy
        return [] if same else _ORDER_CANCELLED
    if command.part:
        part = state.part(command.part)
        if part is None:
            return _PART_UNKNOWN
        if part.cancelled_at is not None:
            return []
    if command.at > facts.now + FUTURE_MAX:
        return Refusal("time_in_future", "at most a day ahead of us", "at")
    if command.at < state.placed_at:
        return Refusal("cancel_before_order", "not before the order was placed", "at")
    # What ran out before is broken, whether or not its clock has been heard; nothing is later.
    clock_at = min(command.at, facts.now)
    granted = relieved(state=state, facts=facts, at=clock_at)
    state = evolved(state, granted) if granted else state
    events = [*granted, *settle(state=state, heard_at=facts.now, clock_at=clock_at)]
    for track in state.tracks:
        if command.part in (0, track.part):
            events += silence_corrected(state=state, track=track, at=command.at, heard_at=facts.now)
    cancelled: OrderEvent = OrderCancelled(
        consumer=state.consumer, order=state.order, at=facts.now, cancelled_at=command.at
    )
    if command.part:
        cancelled = PartCancelled(**state.about(command.part, facts.now), cancelled_at=command.at)
    return _with_consequences(state, [*events, cancelled], facts)


def _names_carrier(state: OrderState | None, command: RecordTracking | AnnounceShipment) -> bool:
    """It is known only now whose relief could cover the part that this carries."""
    known = None if state is None else state.track(command.shipment)
    return command.carrier is not None and (known is None or known.carrier is None)


def _announced_news_at(state: OrderState | None, command: AnnounceShipment) -> datetime | None:
    """The last that was told of a shipment before anybody said which part it carries."""
    known = None if state is None else state.track(command.shipment)
    return None if known is None or known.part else news_at((known,))


def _announce(
    state: OrderState, part: Part, command: AnnounceShipment, facts: Facts
) -> list[OrderEvent] | Refusal:
    known = state.track(command.shipment)
    if known is None and len(state.tracks) >= SHIPMENTS_MAX:
        return Refusal("shipments_too_many", f"at most {SHIPMENTS_MAX} in an order", "shipment")
    if known is not None and known.part == part.number and command.carrier in (None, known.carrier):
        return []
    if known is not None and known.part not in (0, part.number):
        return Refusal("shipment_differs", "announced for another part", "part")
    return [
        ShipmentAnnounced(
            **state.about(part.number, facts.now),
            shipment=command.shipment,
            carrier=command.carrier,
        )
    ]


def _move_estimate(
    state: OrderState, part: Part, command: MoveEstimate, now: datetime
) -> list[OrderEvent] | Refusal:
    if command.estimate_at > now + AHEAD_MAX:
        return TOO_FAR
    if state.placed_at is not None and command.estimate_at <= state.placed_at:
        return Refusal("estimate_before_order", "nothing comes before it is ordered", "estimate_at")
    if part.estimate_at == command.estimate_at:
        return []
    return [EstimateMoved(**state.about(part.number, now), estimate_at=command.estimate_at)]


def _record(state: OrderState | None, command: RecordTracking, facts: Facts) -> Answer:
    said = told(vocabulary=command.vocabulary, code=command.code, substate=command.substate)
    if isinstance(said, Refusal):
        return said
    if command.at > facts.now + FUTURE_MAX:
        return Refusal("time_in_future", "at most a day ahead of us", "at")
    if command.at < TIME_BEGINS:
        return Refusal("time_implausible", f"not before the year {TIME_BEGINS.year}", "at")
    state = state or OrderState(consumer=command.consumer, order=command.order)
    known = state.track(command.shipment)
    if known is None and len(state.tracks) >= SHIPMENTS_MAX:
        return Refusal("shipments_too_many", f"at most {SHIPMENTS_MAX} in an order", "shipment")
    track = known or _unheard_of(state, command)
    after = joined(track=track, told=said, at=command.at, carrier=command.carrier)
    if after == known:
        return []
    recorded = TrackingRecorded(
        **state.about(track.part, facts.now),
        shipment=command.shipment,
        status=said.status,
        scanned_at=command.at,
        handover=said.handover,
        carrier=command.carrier,
    )
    named = _names_carrier(state, command)
    granted = relieved(state=evolve(state, recorded), facts=facts, at=command.at, broken=named)
    events: list[OrderEvent] = [*granted, recorded]
    if said.status.is_scan:
        events += silence_corrected(state=state, track=track, at=command.at, heard_at=facts.now)
    if known is not None and not granted and _says_the_same(known, after):
        return events
    return _with_consequences(state, events, facts, ends=may_end(state, command))


def _unheard_of(state: OrderState, command: RecordTracking) -> Track:
    # With one part there is no question which one a shipment carries.
    return Track(command.shipment, 1 if len(state.parts) == 1 else 0)


def _says_the_same(known: Track, after: Track) -> bool:
    """Nothing that a promise hangs on has changed, as with most scans on the way."""
    return (
        known.first_scan_at == after.first_scan_at
        and known.hands == after.hands
        and known.waiting == after.waiting
        and known.refused_at == after.refused_at
        and known.not_coming is after.not_coming
        and (not after.not_coming or known.last_scan_at == after.last_scan_at)
        and known.turned_at == after.turned_at
        # Or what was handed over and went back stays there after all, and no longer moves.
        and known.status.turned is after.status.turned
        and known.withdrawn is after.withdrawn
    )
