"""What is heard of parcels that travel for a remedy, and what follows: the same in any order."""

from datetime import timedelta

from msgspec.structs import replace

from oncedesk.domain.remedies.clocks import in_seconds
from oncedesk.domain.remedies.evolve import evolve, evolved
from oncedesk.domain.remedies.journey import Journey, Out, Parcel
from oncedesk.domain.remedies.messages import Answer, RemedyEvent
from oncedesk.domain.remedies.messages.asking import RemedyRefused
from oncedesk.domain.remedies.messages.refunding import ClosingPutOff
from oncedesk.domain.remedies.messages.returning import (
    Back,
    ConfirmReceipt,
    GoodsArrived,
    NoteComingBack,
    ParcelScanned,
    RecordReturnTracking,
    ReturnLost,
    ReturnReceived,
    WeightDiffered,
)
from oncedesk.domain.remedies.paying import (
    contest_after_all,
    contest_clock,
    goods_due,
    journey_rule,
    onward,
    rules_of,
    scanned,
)
from oncedesk.domain.remedies.purchase import Purchase, last_heard_at, stage_of, tracks_of
from oncedesk.domain.remedies.refunding import closed
from oncedesk.domain.remedies.repricing import held_again
from oncedesk.domain.remedies.returning import (
    NO_RETURN,
    begin,
    reached_after_all,
    refused_parcel,
)
from oncedesk.domain.remedies.state import Remedies, Remedy, merchant_of
from oncedesk.domain.remedies.words import (
    Clock,
    ClockKind,
    DecidedBy,
    Speed,
    Stage,
    Status,
)
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.domain.shared.vocabularies import TrackingStatus, told

FUTURE_MAX = timedelta(days=1)
_ARRIVES = (Back.INTERCEPTING, Back.PLACE_AWAITED, Back.AWAITED, Back.UNDER_WAY)
_LATE = (Back.MISSED, Back.LOST)


def track(
    state: Remedies,
    remedy: Remedy,
    command: RecordReturnTracking,
    facts: Facts,
    purchase: Purchase,
) -> Answer:
    """A scan joins what is known; what it says for the first time has its consequences."""
    journey = remedy.journey
    if journey is None:
        return NO_RETURN
    heard = told(vocabulary=command.vocabulary, code=command.code, substate=command.substate)
    if isinstance(heard, Refusal):
        return heard
    if command.happened_at > facts.now + FUTURE_MAX:
        return Refusal("time_in_future", "at most a day ahead of us", "happened_at")
    known = journey.parcel(command.shipment)
    if known is None and journey.back is Back.NOT_NEEDED:
        return Refusal("parcel_unknown", "a parcel of this remedy", "shipment")
    refused = refused_parcel(state, remedy, command.shipment)
    if refused is not None:
        return refused
    event = ParcelScanned(
        **state.about(remedy.number, facts.now),
        shipment=command.shipment,
        status=heard.status,
        happened_at=command.happened_at,
        outward=known is not None and known.outward,
        carrier=command.carrier,
        grams=command.grams,
        shipped_grams=command.shipped_grams,
    )
    return _joined(state, remedy, event, facts, purchase)


def note_coming_back(
    state: Remedies, command: NoteComingBack, facts: Facts, purchase: Purchase
) -> Answer:
    """The order's own parcel turned round: that counts as sent back, and as returned. What was to
    turn and has come to the consumer is theirs to send back.
    """
    if command.status is TrackingStatus.DELIVERED:
        part = purchase.parts[command.part - 1]
        return [
            reached_after_all(state, remedy, facts)
            for remedy in state.live
            if remedy.journey is not None
            and remedy.journey.back is Back.INTERCEPTING
            and remedy.lines[0].part == command.part
            and stage_of(purchase, part) is Stage.DELIVERED
        ]
    for remedy in state.live:
        journey = remedy.journey
        if journey is None or journey.back not in (Back.INTERCEPTING, Back.UNDER_WAY):
            continue
        known = journey.parcel(command.shipment)
        if remedy.lines[0].part != command.part or (
            journey.back is Back.UNDER_WAY and known is None
        ):
            continue
        if known is None and isinstance(refused_parcel(state, remedy, command.shipment), Refusal):
            continue
        # As the merchant sees it: what came back to its sender has arrived.
        is_back = command.status is TrackingStatus.RETURNED
        event = ParcelScanned(
            **state.about(remedy.number, facts.now),
            shipment=command.shipment,
            status=TrackingStatus.DELIVERED if is_back else TrackingStatus.IN_TRANSIT,
            happened_at=command.happened_at,
        )
        return _joined(state, remedy, event, facts, purchase)
    return []


def set_off(*, state: Remedies, remedy: int, facts: Facts, purchase: Purchase) -> list[RemedyEvent]:
    """A journey begins; what of the order's parcels had turned round before is on its way."""
    events = begin(state=state, remedy=remedy, facts=facts, purchase=purchase)
    after = evolved(state, events)
    known = after.the_remedy(remedy)
    if known.journey is None or known.journey.back is not Back.INTERCEPTING:
        return events
    turned = _turned_before(state=after, remedy=known, facts=facts, purchase=purchase)
    return [*events, *turned]


def _turned_before(
    *, state: Remedies, remedy: Remedy, facts: Facts, purchase: Purchase
) -> list[RemedyEvent]:
    events: list[RemedyEvent] = []
    for one in tracks_of(purchase, remedy.lines[0].part):
        if one.standing.turned:
            command = NoteComingBack(
                consumer=state.consumer,
                order=state.order,
                part=one.part,
                shipment=one.shipment,
                status=one.standing,
                happened_at=one.refused_at or facts.now,
            )
            found = note_coming_back(state, command, facts, purchase)
            if not isinstance(found, Refusal) and found:
                state = evolved(state, found)
                events += found
    return events


def _joined(
    state: Remedies, remedy: Remedy, event: ParcelScanned, facts: Facts, purchase: Purchase
) -> list[RemedyEvent]:
    journey = remedy.journey
    assert journey is not None
    known = journey.parcel(event.shipment)
    after = (known or Parcel(event.shipment, event.outward)).scanned(event)
    if after == known:
        return []
    if known is None or known.last_scan_at != after.last_scan_at:
        event = _with_clock(remedy, journey, event, after, facts)
    events: list[RemedyEvent] = [event]
    state = evolve(state, event)
    if event.outward:
        if after.arrived and not (known and known.arrived) and _is_late(state, remedy.number):
            return [*events, *_came_late(state, remedy.number, facts, purchase)]
        turned = known is not None and known.counts and after.status.not_coming
        return [*events, *_out_heard(state, remedy.number, facts, purchase, turned=turned)]
    differs = _weight(state, remedy, event, facts)
    if differs is not None:
        events.append(differs)
        state = evolve(state, differs)
    # What the merchant has is looked at first, however late a carrier tells of it.
    if after.moves and remedy.status not in _ELSEWHERE and not journey.at_merchant:
        found = scanned(state=state, remedy=remedy.number, facts=facts, purchase=purchase)
        events += found
        state = evolved(state, found)
    return [*events, *_back_heard(state, remedy.number, facts, purchase)]


_ELSEWHERE = (Status.REFUSED, Status.WITHDRAWN, Status.REQUESTED, Status.SETTLED)


def _with_clock(
    remedy: Remedy, journey: Journey, event: ParcelScanned, parcel: Parcel, facts: Facts
) -> ParcelScanned:
    """From this scan on, silence for too long means that it is lost."""
    if event.outward:
        kind, waits = ClockKind.OUT_TRANSIT, journey.out is Out.UNDER_WAY
    else:
        kind = ClockKind.RETURN_TRANSIT
        waits = journey.back in _ARRIVES and remedy.status not in _ELSEWHERE
    if not waits or not parcel.moves:
        return event
    rule = journey_rule(remedy, facts)
    clock = in_seconds(kind, facts.now, rule.no_movement_seconds, rule.id)
    return replace(event, clock=clock)


def _weight(
    state: Remedies, remedy: Remedy, event: ParcelScanned, facts: Facts
) -> WeightDiffered | None:
    """An empty or swapped parcel: it slows the money down, if that has not left; no more."""
    journey = remedy.journey
    assert journey is not None
    if not event.grams or not event.shipped_grams or journey.differs:
        return None
    rule = journey_rule(remedy, facts)
    off = abs(event.grams - event.shipped_grams)
    if off <= max(rule.weight_grams, event.shipped_grams * rule.weight_percent // 100):
        return None
    return WeightDiffered(
        **state.about(remedy.number, facts.now),
        shipment=event.shipment,
        grams=event.grams,
        shipped_grams=event.shipped_grams,
        speed=remedy.speed if remedy.is_paid else Speed.AFTER_INSPECTION,
        speed_reason="weight_differs",
        rule=rule.id,
    )


def _back_heard(
    state: Remedies, number: int, facts: Facts, purchase: Purchase
) -> list[RemedyEvent]:
    remedy = state.the_remedy(number)
    journey = remedy.journey
    assert journey is not None
    if not journey.all_arrived(outward=False):
        return []
    if journey.back in _ARRIVES and remedy.status not in _ELSEWHERE:
        return receive(state=state, remedy=remedy, facts=facts, purchase=purchase)
    return _receive_late(state, remedy, facts, purchase)


def _receive_late(
    state: Remedies, remedy: Remedy, facts: Facts, purchase: Purchase
) -> list[RemedyEvent]:
    """What turns up late counts, if nothing was decided or given for it meanwhile."""
    assert remedy.journey is not None
    late = remedy.journey.back in _LATE
    if not late or remedy.status not in (Status.REFUSED, Status.WITHDRAWN):
        return []
    again = held_again(state=state, remedy=remedy, purchase=purchase, facts=facts)
    if isinstance(again, Refusal):
        return []
    after = evolved(state, again)
    return [*again, *receive(state=after, remedy=remedy, facts=facts, purchase=purchase)]


def turned_up(
    *, state: Remedies, remedy: Remedy, facts: Facts, purchase: Purchase
) -> list[RemedyEvent]:
    """What arrived while it was in dispute counts once that was decided against it."""
    journey = remedy.journey
    if journey is None or not journey.all_arrived(outward=False):
        return []
    return _receive_late(state, remedy, facts, purchase)


def _out_heard(
    state: Remedies, number: int, facts: Facts, purchase: Purchase, *, turned: bool
) -> list[RemedyEvent]:
    remedy = state.the_remedy(number)
    journey = remedy.journey
    assert journey is not None
    if journey.out is not Out.UNDER_WAY:
        return []
    if turned or not journey.way(outward=True):
        # It went back or is lost: what is owed is owed still, whatever else is on its way.
        return [goods_due(state=state, remedy=remedy, facts=facts, their_own=journey.their_own)]
    if not journey.all_arrived(outward=True):
        return []
    return all_there(state, remedy, facts, purchase)


def all_there(
    state: Remedies, remedy: Remedy, facts: Facts, purchase: Purchase
) -> list[RemedyEvent]:
    """All that went out is with the consumer, and what follows from that."""
    arrived = GoodsArrived(**state.about(remedy.number, facts.now))
    after = evolve(state, arrived)
    assert remedy.journey is not None
    if remedy.journey.their_own:
        return [arrived, closed(state=after, remedy=remedy, facts=facts)]
    return [arrived, *onward(state=after, remedy=remedy.number, facts=facts, purchase=purchase)]


def _is_late(state: Remedies, number: int) -> bool:
    """Whether nobody waits any more for what has gone out: it is to be sent again, or is money."""
    journey = state.the_remedy(number).journey
    assert journey is not None
    return not journey.their_own and journey.out in (Out.DUE, Out.GIVEN_UP)


def _came_late(state: Remedies, number: int, facts: Facts, purchase: Purchase) -> list[RemedyEvent]:
    """With all of it there nothing is sent again; the money for it the merchant may contest."""
    remedy = state.the_remedy(number)
    journey = remedy.journey
    assert journey is not None
    if journey.out is Out.DUE:
        whole = all(one.arrived for one in journey.parcels if one.outward)
        return all_there(state, remedy, facts, purchase) if whole else []
    if not journey.all_arrived(outward=True):
        return []
    return contest_after_all(state=state, remedy=remedy, facts=facts)


def confirm_receipt(
    state: Remedies, remedy: Remedy, command: ConfirmReceipt, facts: Facts, purchase: Purchase
) -> Answer:
    """The merchant says so itself."""
    del command
    journey = remedy.journey
    if journey is None:
        return NO_RETURN
    if journey.at_merchant:
        return []
    if journey.back not in _ARRIVES or remedy.status in _ELSEWHERE:
        return _receive_late(state, remedy, facts, purchase) or NO_RETURN
    return receive(state=state, remedy=remedy, facts=facts, purchase=purchase)


def receive(
    *, state: Remedies, remedy: Remedy, facts: Facts, purchase: Purchase
) -> list[RemedyEvent]:
    """The merchant has it: it is inspected, or, where money has left, can be contested."""
    rules = rules_of(remedy, facts)
    rule = rules.journey
    merchant = merchant_of(state=state, remedy=remedy)
    desk = PLATFORM if merchant is None else Desk(DeskKind.MERCHANT, merchant)
    early = remedy.is_paid
    clock = contest_clock(remedy, facts)
    if not early:
        clock = in_seconds(
            ClockKind.INSPECTION,
            facts.now,
            rules.inspection_seconds,
            rules.settling.id,
            rule.inspection_warn_seconds,
        )
    received = ReturnReceived(
        **state.about(remedy.number, facts.now), desk=None if early else desk, clock=clock
    )
    if not early:
        return [received]
    after = evolve(state, received)
    return [received, *onward(state=after, remedy=remedy.number, facts=facts, purchase=purchase)]


def nothing_moved(
    *, state: Remedies, remedy: Remedy, facts: Facts, purchase: Purchase
) -> list[RemedyEvent]:
    """The transit clock ran out: it reached the consumer after all, or it is lost to somebody.

    An intercepted parcel is the order's, and scanned as such: while it moves it is not lost.
    """
    journey = remedy.journey
    assert journey is not None
    rule = journey_rule(remedy, facts)
    intercepted = journey.back is Back.INTERCEPTING
    part = purchase.parts[remedy.lines[0].part - 1]
    if intercepted and stage_of(purchase, part) is Stage.DELIVERED:
        return [reached_after_all(state, remedy, facts)]
    heard_at = last_heard_at(purchase, part) if intercepted else None
    silent_at = None if heard_at is None else heard_at + timedelta(seconds=rule.no_movement_seconds)
    if silent_at is not None and silent_at > facts.now:
        return [
            ClosingPutOff(
                **state.about(remedy.number, facts.now),
                clock=Clock(ClockKind.RETURN_TRANSIT, silent_at, rule.id),
            )
        ]
    ours = intercepted or all(
        one.ours or _is_of_order(one, purchase) for one in journey.awaited(outward=False)
    )
    risk = "merchant" if ours else rule.own_carrier_lost
    early = remedy.is_ahead
    lost = ReturnLost(
        **state.about(remedy.number, facts.now),
        risk=risk,
        rule=rule.id,
        clock=contest_clock(remedy, facts)
        if intercepted or (early and risk == "consumer")
        else None,
    )
    after = evolve(state, lost)
    if risk != "consumer" or early:
        more = onward(state=after, remedy=remedy.number, facts=facts, purchase=purchase)
        return [lost, *more]
    settling = facts.packs.by_hash(remedy.pack).remedies.settling
    until = facts.now + timedelta(seconds=settling.objection_seconds)
    refused = RemedyRefused(
        **state.about(remedy.number, facts.now),
        by=DecidedBy.RULE,
        reason="return_lost",
        rule=rule.id,
        clock=Clock(ClockKind.OBJECTION, until, settling.id),
        facts=("no_movement",),
        pack=remedy.pack,
        objection="dispute",
    )
    return [lost, refused]


def _is_of_order(parcel: Parcel, purchase: Purchase) -> bool:
    """One that never reached the consumer travels at the merchant's risk."""
    return any(one.shipment == parcel.shipment for one in purchase.tracks)
