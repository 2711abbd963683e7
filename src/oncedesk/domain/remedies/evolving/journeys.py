"""How each event of its journey changes a remedy. Never refuses."""

from typing import assert_never

from msgspec.structs import replace

from oncedesk.domain.remedies.journey import Contest, Journey, Out, Parcel
from oncedesk.domain.remedies.messages.contesting import (
    ContestDecided,
    ContestingEvent,
    ContestLapsed,
    ContestOpened,
    RefundContested,
)
from oncedesk.domain.remedies.messages.returning import (
    Back,
    FreightCharged,
    GoodsArrived,
    GoodsDue,
    GoodsSent,
    InterceptionMissed,
    JourneyBegun,
    ParcelScanned,
    RefundInstead,
    ReturnArranged,
    ReturningEvent,
    ReturnInspected,
    ReturnLost,
    ReturnMissed,
    ReturnPlaceNamed,
    ReturnReceived,
    ReturnReopened,
    ReturnSent,
    ReturnSplit,
    WeightDiffered,
)
from oncedesk.domain.remedies.state import Remedy
from oncedesk.domain.remedies.words import ClockKind, Status

_WAITS = (Back.AWAITED, Back.PLACE_AWAITED, Back.INTERCEPTING)
_STATUS = {
    Back.INTERCEPTING: Status.WAITING_FOR_RETURN,
    Back.PLACE_AWAITED: Status.WAITING_FOR_RETURN,
    Back.AWAITED: Status.WAITING_FOR_RETURN,
    Back.UNDER_WAY: Status.RETURN_IN_TRANSIT,
    Back.RECEIVED: Status.RECEIVED,
    Back.DONE: Status.INSPECTED,
}


def travelled(remedy: Remedy, event: ReturningEvent | ContestingEvent) -> Remedy:
    """The remedy after this event."""
    if isinstance(event, JourneyBegun):
        return _begun(remedy, event)
    if isinstance(event, ContestOpened):
        # What was money from the first has no journey until then.
        known = remedy.journey or Journey(back=Back.NOT_NEEDED)
        kept = replace(remedy, journey=known, granted_by=event.granted_by)
        return kept.with_clock(event.clock)
    journey = remedy.journey
    assert journey is not None, "a journey begins first"
    match event:
        case (
            ReturnPlaceNamed()
            | ReturnArranged()
            | ReturnSent()
            | ParcelScanned()
            | WeightDiffered()
            | InterceptionMissed()
            | ReturnReopened()
        ):
            return _on_the_way_back(remedy, journey, event)
        case ReturnReceived() | ReturnInspected() | ReturnMissed() | ReturnLost():
            return _back(remedy, journey, event)
        case ReturnSplit():
            left = replace(journey, taken_minor=journey.taken_minor - _taken_off_rest(event))
            return replace(
                remedy,
                journey=left,
                lines=event.lines,
                amount_minor=event.amount_minor,
                shares=event.shares,
                replacements=event.replacements,
                difference_minor=remedy.difference_minor - event.rest_difference_minor,
            )
        case FreightCharged():
            charged = replace(
                journey, charged=True, taken_minor=journey.taken_minor + event.taken_minor
            )
            return replace(
                remedy,
                journey=charged,
                amount_minor=remedy.amount_minor - event.taken_minor,
                shares=event.shares,
            )
        case GoodsDue() | GoodsSent() | GoodsArrived() | RefundInstead():
            return _out(remedy, journey, event)
        case RefundContested() | ContestDecided() | ContestLapsed():
            return _contested(remedy, journey, event)
        case _:
            assert_never(event)


def rest_of(remedy: Remedy, event: ReturnSplit) -> Remedy:
    """What was not accepted, as a remedy that was refused; the goods are with the merchant."""
    assert remedy.journey is not None
    sends = remedy.journey.sends is not None and remedy.kind.goes_out
    out = Out.LATER if sends else Out.NOT_NEEDED
    return replace(
        remedy,
        number=event.rest,
        status=Status.REFUSED,
        shown=event.shown,
        lines=event.rest_lines,
        amount_minor=event.rest_minor,
        shares=event.rest_shares,
        replacements=event.rest_replacements,
        shipping_minor=0,
        difference_minor=event.rest_difference_minor,
        legs=(),
        sources=(),
        asked_of=(),
        fund_minor=0,
        send_minor=0,
        charge=None,
        route_asked=0,
        clocks=(event.clock,),
        desk=None,
        approval=None,
        dispute=None,
        journey=Journey(
            back=Back.DONE,
            out=out,
            sends=remedy.journey.sends,
            charged=True,
            taken_minor=_taken_off_rest(event),
        ),
    )


def _taken_off_rest(event: ReturnSplit) -> int:
    """What of the freight is off what was not accepted, as what its lines give is more."""
    return max(0, sum(line.amount_minor for line in event.rest_lines) - event.rest_minor)


def _begun(remedy: Remedy, event: JourneyBegun) -> Remedy:
    out = Out.NOT_NEEDED
    if remedy.kind.goes_out:
        out = Out.LATER if event.out_clock is None else Out.DUE
    journey = Journey(
        back=event.back, out=out, sends=event.sends, freight=event.freight, place=event.place
    )
    begun = replace(remedy, speed=event.speed, kind=event.kind or remedy.kind)
    return _placed(begun, journey).with_clock(event.clock).with_clock(event.out_clock)


def _placed(remedy: Remedy, journey: Journey) -> Remedy:
    """With the journey where it is now, and the status that follows."""
    if remedy.status in (Status.REFUSED, Status.WITHDRAWN, Status.SETTLED, Status.REQUESTED):
        return replace(remedy, journey=journey)
    status = _STATUS.get(journey.back, Status.APPROVED)
    if journey.is_over and remedy.legs:
        status = Status.SETTLING
    return replace(remedy, journey=journey, status=status)


def _on_the_way_back(
    remedy: Remedy,
    journey: Journey,
    event: ReturnPlaceNamed
    | ReturnArranged
    | ReturnSent
    | ParcelScanned
    | WeightDiffered
    | InterceptionMissed
    | ReturnReopened,
) -> Remedy:
    match event:
        case ReturnPlaceNamed():
            back = Back.AWAITED if journey.back is Back.PLACE_AWAITED else journey.back
            named = replace(journey, place=event.place, back=back)
            return _placed(remedy.without_clocks(ClockKind.RETURN_PLACE), named).with_clock(
                event.clock
            )
        case ReturnArranged():
            known = journey.parcel(event.shipment) or Parcel(event.shipment)
            parcel = replace(
                known,
                ours=True,
                carrier=event.carrier or known.carrier,
                freight_minor=event.freight_minor,
            )
            arranged = replace(
                journey.with_parcel(parcel), slot=event.slot, insured_minor=event.insured_minor
            )
            return _under_way(remedy, arranged, parcel).with_clock(event.clock)
        case ReturnSent():
            known = journey.parcel(event.shipment) or Parcel(event.shipment)
            parcel = replace(
                known,
                carrier=event.carrier or known.carrier,
                freight_minor=known.freight_minor or event.freight_minor,
                proven=known.proven or event.proven,
                told_at=known.told_at or event.at,
            )
            return _under_way(remedy, journey.with_parcel(parcel), parcel).with_clock(event.clock)
        case ParcelScanned():
            known = journey.parcel(event.shipment) or Parcel(event.shipment, event.outward)
            parcel = known.scanned(event)
            return _under_way(remedy, journey.with_parcel(parcel), parcel).with_clock(event.clock)
        case WeightDiffered():
            return replace(remedy, speed=event.speed, journey=replace(journey, differs=True))
        case InterceptionMissed():
            missed = remedy.without_clocks(ClockKind.RETURN_TRANSIT)
            return _placed(missed, replace(journey, back=event.back)).with_clock(event.clock)
        case ReturnReopened():
            again = replace(remedy, status=Status.WAITING_FOR_RETURN).without_clocks()
            untold = tuple(replace(one, told_at=None) for one in journey.parcels)
            journey = replace(journey, back=Back.AWAITED, reopened=True, parcels=untold)
            return _placed(again, journey).with_clock(event.clock)
        case _:
            assert_never(event)


def _under_way(remedy: Remedy, journey: Journey, parcel: Parcel) -> Remedy:
    """On its way back from the moment at which a carrier has one of its parcels."""
    if parcel.outward or not parcel.moves or journey.back not in _WAITS:
        return _placed(remedy, journey)
    moving = remedy.without_clocks(ClockKind.SHIP_BACK, ClockKind.RETURN_PLACE)
    return _placed(moving, replace(journey, back=Back.UNDER_WAY))


def _back(
    remedy: Remedy,
    journey: Journey,
    event: ReturnReceived | ReturnInspected | ReturnMissed | ReturnLost,
) -> Remedy:
    halted = remedy.without_clocks(
        ClockKind.SHIP_BACK,
        ClockKind.RETURN_PLACE,
        ClockKind.RETURN_TRANSIT,
        ClockKind.INSPECTION,
        ClockKind.REOPENING,
    )
    match event:
        case ReturnReceived():
            looked_at = event.clock is not None and event.clock.kind is ClockKind.INSPECTION
            if remedy.status in (Status.REFUSED, Status.WITHDRAWN):
                halted = replace(halted, status=Status.RECEIVED)
                halted = halted.without_clocks(ClockKind.OBJECTION)
            back = Back.RECEIVED if looked_at else Back.DONE
            received = replace(halted, desk=event.desk)
            return _placed(received, replace(journey, back=back)).with_clock(event.clock)
        case ReturnInspected():
            return _placed(replace(halted, desk=None), replace(journey, back=Back.DONE))
        case ReturnMissed(given=True):
            missed = _placed(halted, replace(journey, back=Back.MISSED))
            return missed.with_clock(event.clock)
        case ReturnMissed():
            out = Out.NOT_NEEDED if journey.out is Out.NOT_NEEDED else Out.LATER
            if journey.out is Out.UNDER_WAY:
                # Neither do the others come that were sent ahead of it.
                journey = journey.not_waiting(journey.silent, event.at)
            journey = replace(journey, back=Back.MISSED, out=out)
            withdrawn = replace(halted, status=Status.WITHDRAWN, journey=journey)
            return withdrawn.without_clocks().with_clock(event.clock)
        case ReturnLost():
            lost = _placed(halted, replace(journey, back=Back.LOST))
            return lost.with_clock(event.clock)
        case _:
            assert_never(event)


def _out(
    remedy: Remedy,
    journey: Journey,
    event: GoodsDue | GoodsSent | GoodsArrived | RefundInstead,
) -> Remedy:
    halted = remedy.without_clocks(ClockKind.SHIP_OUT, ClockKind.OUT_TRANSIT)
    match event:
        case GoodsDue():
            journey = journey.not_waiting(event.silent, event.at)
            due = replace(journey, out=Out.DUE, their_own=event.their_own)
            if event.their_own:
                halted = halted.without_clocks(ClockKind.OBJECTION)
            return _placed(halted, due).with_clock(event.clock)
        case GoodsSent():
            if event.instead_of is not None:
                journey = journey.not_waiting((event.instead_of,), event.at)
            parcel = journey.parcel(event.shipment) or Parcel(
                event.shipment, outward=True, carrier=event.carrier
            )
            sent = replace(journey.with_parcel(parcel), out=Out.UNDER_WAY)
            return _placed(halted, sent).with_clock(event.clock)
        case GoodsArrived():
            return _placed(halted, replace(journey, out=Out.ARRIVED))
        case RefundInstead():
            back = Back.NOT_NEEDED if journey.back is Back.PLACE_AWAITED else journey.back
            out = Out.NOT_NEEDED if journey.out is Out.NOT_NEEDED else Out.GIVEN_UP
            given_up = replace(journey, back=back, out=out, their_own=False)
            halted = halted.without_clocks(ClockKind.RETURN_PLACE)
            money = replace(
                halted,
                kind=event.kind,
                lines=event.lines,
                amount_minor=event.amount_minor,
                shares=event.shares,
                # What a dispute gave of a price difference is for no line, and now in the amount.
                shipping_minor=0 if remedy.kind.goes_out else remedy.shipping_minor,
            )
            return _placed(money, given_up)
        case _:
            assert_never(event)


def _contested(
    remedy: Remedy, journey: Journey, event: RefundContested | ContestDecided | ContestLapsed
) -> Remedy:
    halted = remedy.without_clocks(ClockKind.CONTEST)
    match event:
        case RefundContested():
            opened = replace(journey, contest=Contest.OPEN, contested=event.lines)
            apart = tuple(dict.fromkeys((*remedy.granted_by, *event.not_by)))
            contested = replace(halted, journey=opened, granted_by=apart)
            return contested.without_clocks(ClockKind.CLOSING).with_clock(event.clock)
        case ContestDecided():
            contest = Contest.UPHELD if event.upheld else Contest.REJECTED
            decided = replace(
                halted.without_clocks(ClockKind.AUTHORITY),
                approval=None,
                journey=replace(journey, contest=contest),
            )
            return decided.with_clock(event.clock)
        case ContestLapsed():
            return halted
        case _:
            assert_never(event)
