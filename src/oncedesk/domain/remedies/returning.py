"""The way back: where it begins and where to, labels and slots, and what is not sent in time."""

from datetime import datetime, timedelta
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.remedies.charging import charge_due
from oncedesk.domain.remedies.clocks import at_moment, in_seconds, sent_back_until
from oncedesk.domain.remedies.evolve import evolved
from oncedesk.domain.remedies.journey import (
    PARCELS_LIVE_MAX,
    PARCELS_MAX,
    Contest,
    Journey,
    Out,
    Parcel,
)
from oncedesk.domain.remedies.messages import Answer, RemedyEvent
from oncedesk.domain.remedies.messages.refunding import ClosingPutOff
from oncedesk.domain.remedies.messages.returning import (
    ArrangeReturn,
    Back,
    InterceptionMissed,
    JourneyBegun,
    NameReturnPlace,
    RefundInstead,
    ReopenReturn,
    ReturnArranged,
    ReturnMissed,
    ReturnPlaceNamed,
    ReturnReopened,
    ReturnSent,
    SendBack,
)
from oncedesk.domain.remedies.paying import (
    at_once,
    contest_clock,
    faster,
    goods_due,
    journey_rule,
    onward,
    scanned,
)
from oncedesk.domain.remedies.purchase import Purchase, stage_of
from oncedesk.domain.remedies.refunding import settle
from oncedesk.domain.remedies.repricing import held_again, units_left
from oncedesk.domain.remedies.state import Remedies, Remedy, merchant_of
from oncedesk.domain.remedies.words import (
    Clock,
    ClockKind,
    Line,
    Payer,
    RemedyKind,
    Share,
    Speed,
    Stage,
    Status,
)
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.facts_seen import PlaceSeen, merchant_seen
from oncedesk.domain.shared.remedy_rules import SendsOut
from oncedesk.domain.shared.rulepack import Pack

NO_RETURN = Refusal("return_not_asked", "a remedy whose goods are still to come back")
_OPEN = (Back.INTERCEPTING, Back.PLACE_AWAITED, Back.AWAITED, Back.UNDER_WAY)


def begin(*, state: Remedies, remedy: int, facts: Facts, purchase: Purchase) -> list[RemedyEvent]:
    """It was granted: what has to travel, from where, and what leaves without waiting for it."""
    known = state.the_remedy(remedy)
    if known.journey is not None:
        return _granted_later(state, known, known.journey, facts, purchase)
    begun = _begun(state, known, facts, purchase)
    if begun.back is Back.NOT_NEEDED and not known.kind.goes_out:
        return settle(state=state, remedy=remedy, facts=facts, purchase=purchase)
    events: list[RemedyEvent] = [begun]
    events += at_once(state=evolved(state, events), remedy=remedy, facts=facts, purchase=purchase)
    if begun.out_clock is not None or begun.back is not Back.NOT_NEEDED:
        return events
    after = evolved(state, events)
    return [*events, *onward(state=after, remedy=remedy, facts=facts, purchase=purchase)]


def _granted_later(
    state: Remedies, remedy: Remedy, journey: Journey, facts: Facts, purchase: Purchase
) -> list[RemedyEvent]:
    """What was refused after its goods had come back (or were lost) is granted after all."""
    events: list[RemedyEvent] = []
    if journey.their_own or journey.out is Out.DUE:
        events.append(_instead(state, remedy, "goods_not_sent", facts, purchase))
    elif journey.out is Out.UNDER_WAY:
        # They left while it was refused, and nothing watched them.
        rule = journey_rule(remedy, facts)
        clock = in_seconds(ClockKind.OUT_TRANSIT, facts.now, rule.no_movement_seconds, rule.id)
        events.append(ClosingPutOff(**state.about(remedy.number, facts.now), clock=clock))
    after = evolved(state, events)
    return [*events, *onward(state=after, remedy=remedy.number, facts=facts, purchase=purchase)]


def _begun(state: Remedies, remedy: Remedy, facts: Facts, purchase: Purchase) -> JourneyBegun:
    pack = facts.packs.by_hash(remedy.pack)
    rules = pack.remedies
    late = remedy.kind is RemedyKind.CANCEL
    kind = RemedyKind.RETURN_AND_REFUND if late else remedy.kind
    rule = rules.return_rule(kind=kind, reason=remedy.reason)
    slowest = Speed(rule.slowest)
    back, clock = Back.NOT_NEEDED, None
    place = _place(state, remedy, purchase, facts)
    if kind.comes_back:
        part = purchase.parts[remedy.lines[0].part - 1]
        match stage_of(purchase, part):
            case Stage.UNSHIPPED | Stage.CANCELLED:
                pass
            case Stage.SHIPPED:
                back = Back.INTERCEPTING
                clock = in_seconds(
                    ClockKind.RETURN_TRANSIT, facts.now, rules.journey.no_movement_seconds, rule.id
                )
            case Stage.DELIVERED:
                back, clock = awaited(pack=pack, placed=place is not None, facts=facts)
    out_clock = None
    # What costs more leaves when that is paid, and that is asked for when the goods are back.
    if remedy.kind.goes_out and rule.sends is SendsOut.AT_ONCE and not charge_due(remedy):
        out_clock = goods_due(state=state, remedy=remedy, facts=facts).clock
    return JourneyBegun(
        **state.about(remedy.number, facts.now),
        back=back,
        freight=rule.freight,
        sends=rule.sends if remedy.kind.goes_out else None,
        # What was to leave at once, as nothing had been sent, waits for the goods.
        speed=slowest if late else faster(remedy.speed, slowest),
        rule=rule.id,
        place=None if place is None else place.place,
        place_digest=b"" if place is None else place.digest,
        clock=clock,
        out_clock=out_clock,
        kind=kind if late else None,
    )


def awaited(*, pack: Pack, placed: bool, facts: Facts) -> tuple[Back, Clock]:
    """The consumer is to send it; but first the merchant has to say where to, if nobody knows."""
    if not placed:
        rule = pack.remedies.journey
        return Back.PLACE_AWAITED, in_seconds(
            ClockKind.RETURN_PLACE, facts.now, rule.place_seconds, rule.id, rule.place_seconds // 2
        )
    return Back.AWAITED, ship_back_clock(pack=pack, facts=facts)


def ship_back_clock(*, pack: Pack, facts: Facts) -> Clock:
    """Until when the consumer sends it."""
    return _ship_back_clock(pack=pack, since=facts.now, facts=facts)


def _ship_back_clock(*, pack: Pack, since: datetime, facts: Facts) -> Clock:
    rules = pack.remedies
    due_at = sent_back_until(pack=pack, since=since)
    warn_seconds = rules.journey.ship_back_warn_seconds
    return at_moment(ClockKind.SHIP_BACK, facts.now, due_at, rules.settling.id, warn_seconds)


def _place(state: Remedies, remedy: Remedy, purchase: Purchase, facts: Facts) -> PlaceSeen | None:
    """Where goods from this order's region go back to."""
    merchant = merchant_seen(facts.states, merchant_of(state=state, remedy=remedy))
    return None if merchant is None else merchant.place_for(purchase.region)


def name_place(state: Remedies, remedy: Remedy, command: NameReturnPlace, facts: Facts) -> Answer:
    """The merchant says where to; that the consumer has less time by it is not so."""
    journey = remedy.journey
    if journey is None or journey.back not in (Back.PLACE_AWAITED, Back.AWAITED):
        return NO_RETURN
    if journey.place == command.place:
        return []
    merchant = merchant_seen(facts.states, merchant_of(state=state, remedy=remedy))
    place = None if merchant is None else merchant.place(command.place)
    if place is None:
        return Refusal("place_unknown", "one of the merchant's return places", "place")
    return [
        ReturnPlaceNamed(
            **state.about(remedy.number, facts.now),
            place=command.place,
            digest=place.digest,
            clock=ship_back_clock(pack=facts.packs.by_hash(remedy.pack), facts=facts),
        )
    ]


def arrange(state: Remedies, remedy: Remedy, command: ArrangeReturn, facts: Facts) -> Answer:
    """A label, perhaps a slot; the consumer waits for the courier at least until it is over."""
    journey = remedy.journey
    if journey is None or journey.back not in _OPEN:
        return NO_RETURN
    slot = command.slot
    if slot is not None and not facts.now <= slot.starts_at < slot.ends_at:
        return Refusal("slot_empty", "it ends after it starts, and starts in the future", "slot")
    refused = refused_parcel(state, remedy, command.shipment)
    if refused is not None:
        return refused
    known = journey.parcel(command.shipment) or Parcel(command.shipment)
    same = (known.ours, known.freight_minor, journey.slot, journey.insured_minor) == (
        True,
        command.freight_minor,
        slot,
        command.insured_minor,
    )
    if same:
        return []
    if known.outward:
        return Refusal("parcel_of_another", "a parcel on its way back", "shipment")
    return [
        ReturnArranged(
            **state.about(remedy.number, facts.now),
            shipment=command.shipment,
            carrier=command.carrier,
            slot=slot,
            freight_minor=command.freight_minor,
            insured_minor=command.insured_minor,
            clock=None
            if slot is None
            else _no_earlier(remedy, ClockKind.SHIP_BACK, slot.ends_at - facts.now, facts),
        )
    ]


def send_back(
    state: Remedies, remedy: Remedy, command: SendBack, facts: Facts, purchase: Purchase
) -> Answer:
    """The consumer says that it is sent. A proof counts at once, else a carrier's scan does."""
    journey = remedy.journey
    if journey is None or journey.back not in _OPEN:
        return NO_RETURN
    refused = refused_parcel(state, remedy, command.shipment)
    if refused is not None:
        return refused
    known = journey.parcel(command.shipment)
    if known is not None and known.outward:
        return Refusal("parcel_of_another", "a parcel on its way back", "shipment")
    proven = bool(command.evidence)
    told = known is not None and (known.told_at is not None or known.moves)
    priced = known is not None and (known.freight_minor or not command.freight_minor)
    if known is not None and told and priced and (known.proven or not proven):
        return []
    rule = journey_rule(remedy, facts)
    wait = timedelta(seconds=rule.no_movement_seconds)
    kind = ClockKind.RETURN_TRANSIT if proven else ClockKind.SHIP_BACK
    sent = ReturnSent(
        **state.about(remedy.number, facts.now),
        shipment=command.shipment,
        carrier=command.carrier,
        freight_minor=command.freight_minor,
        evidence=command.evidence,
        proven=proven,
        clock=Clock(kind, facts.now + wait, rule.id)
        if proven
        else _no_earlier(remedy, kind, wait, facts),
    )
    events: list[RemedyEvent] = [sent]
    if proven and rule.proof_is_scan:
        after = evolved(state, events)
        events += scanned(state=after, remedy=remedy.number, facts=facts, purchase=purchase)
    return events


def _no_earlier(remedy: Remedy, kind: ClockKind, wait: timedelta, facts: Facts) -> Clock | None:
    """This clock, put off so that it does not run out before then."""
    clock = remedy.clock(kind)
    until = facts.now + wait
    if clock is None or clock.due_at >= until:
        return None
    return Clock(kind, until, clock.rule)


def refused_parcel(state: Remedies, remedy: Remedy, shipment: UUID) -> Refusal | None:
    """Why this parcel cannot be one of this remedy's."""
    for other in state.live:
        if other.number == remedy.number or other.journey is None:
            continue
        if any(one.shipment == shipment for one in other.journey.parcels):
            return Refusal("parcel_of_another", f"of remedy {other.number}", "shipment")
    journey = remedy.journey
    assert journey is not None
    known = any(one.shipment == shipment for one in journey.parcels)
    if known:
        return None
    if len(journey.parcels) >= PARCELS_MAX:
        return Refusal("parcels_too_many", f"at most {PARCELS_MAX} for a remedy", "shipment")
    if sum(len(one.journey.parcels) for one in state.live if one.journey) >= PARCELS_LIVE_MAX:
        return Refusal("parcels_too_many", f"at most {PARCELS_LIVE_MAX} for an order", "shipment")
    return None


def not_sent(
    *, state: Remedies, remedy: Remedy, facts: Facts, purchase: Purchase
) -> list[RemedyEvent]:
    """The ship-back clock ran out. What was given meanwhile is the merchant's to contest."""
    if not remedy.is_ahead:
        objected = remedy.clock(ClockKind.DECISION)
        if objected is not None:
            return [_sent_after(state, remedy, objected, facts)]
        return [_missed(state, remedy, facts)]
    given = replace(_missed(state, remedy, facts), given=True, clock=contest_clock(remedy, facts))
    after = evolved(state, [given])
    return [given, *onward(state=after, remedy=remedy.number, facts=facts, purchase=purchase)]


def _sent_after(state: Remedies, remedy: Remedy, objected: Clock, facts: Facts) -> ClosingPutOff:
    """What it comes to is still to be said, and may be why nothing was sent: it can be sent then,
    in as much time as there was at first."""
    pack = facts.packs.by_hash(remedy.pack)
    return ClosingPutOff(
        **state.about(remedy.number, facts.now),
        clock=_ship_back_clock(pack=pack, since=objected.due_at, facts=facts),
    )


def _missed(state: Remedies, remedy: Remedy, facts: Facts) -> ReturnMissed:
    """It comes to nothing; for a while the consumer can ask for it once more."""
    rule = journey_rule(remedy, facts)
    return ReturnMissed(
        **state.about(remedy.number, facts.now),
        given=False,
        clock=in_seconds(ClockKind.REOPENING, facts.now, rule.reopen_seconds, rule.id),
    )


def reopen(
    state: Remedies, remedy: Remedy, command: ReopenReturn, facts: Facts, purchase: Purchase
) -> Answer:
    """Once, while nothing else was given for it meanwhile."""
    del command
    journey = remedy.journey
    if journey is None or remedy.status is not Status.WITHDRAWN:
        return Refusal("return_not_missed", "one that was not sent in time")
    if journey.reopened:
        return Refusal("reopened_before", "once; a new request is always possible")
    again = held_again(state=state, remedy=remedy, purchase=purchase, facts=facts)
    if isinstance(again, Refusal):
        return again
    clock = ship_back_clock(pack=facts.packs.by_hash(remedy.pack), facts=facts)
    return [
        *again,
        ReturnReopened(**state.about(remedy.number, facts.now), clock=clock),
    ]


def no_place(
    *, state: Remedies, remedy: Remedy, facts: Facts, purchase: Purchase
) -> list[RemedyEvent]:
    """Nobody said where to: the consumer keeps it, and the money goes back."""
    return instead(
        state=state, remedy=remedy, reason="no_return_place", facts=facts, purchase=purchase
    )


def instead(
    *, state: Remedies, remedy: Remedy, reason: str, facts: Facts, purchase: Purchase
) -> list[RemedyEvent]:
    """Money in the place of goods, and what follows from that now; nothing to whoever has kept the
    first ones, as if no others had been sent."""
    if _has_kept(remedy):
        return [_missed(state, remedy, facts)]
    event = _instead(state, remedy, reason, facts, purchase)
    after = evolved(state, [event])
    return [event, *onward(state=after, remedy=remedy.number, facts=facts, purchase=purchase)]


def _has_kept(remedy: Remedy) -> bool:
    """Whether the goods were to come back, and did not; where the merchant has contested that, it
    is for the platform to say."""
    journey = remedy.journey
    assert journey is not None
    missed = journey.back is Back.MISSED and journey.contest is Contest.NONE
    return missed and not journey.all_arrived(outward=False)


def _instead(
    state: Remedies, remedy: Remedy, reason: str, facts: Facts, purchase: Purchase
) -> RefundInstead:
    journey = remedy.journey
    assert journey is not None
    keeps = journey.back in (Back.NOT_NEEDED, Back.PLACE_AWAITED)
    kind = RemedyKind.REFUND if keeps else RemedyKind.RETURN_AND_REFUND
    lines, amount_minor, shares = remedy.lines, remedy.amount_minor, remedy.shares
    if remedy.kind.goes_out:
        lines = worth(state=state, remedy=remedy, purchase=purchase, facts=facts)
        charged = remedy.charge.amount_minor if remedy.charge is not None else 0
        amount_minor = sum(line.amount_minor for line in lines) + charged
        shares = by_merchant(state=state, remedy=remedy, amount_minor=amount_minor)
    return RefundInstead(
        **state.about(remedy.number, facts.now),
        kind=kind,
        reason=reason,
        rule=journey_rule(remedy, facts).id,
        lines=lines,
        amount_minor=amount_minor,
        shares=shares,
    )


def by_merchant(*, state: Remedies, remedy: Remedy, amount_minor: int) -> tuple[Share, ...]:
    """The merchant bears all of it."""
    merchant = merchant_of(state=state, remedy=remedy)
    return (Share(Payer.MERCHANT, merchant, amount_minor),) if amount_minor else ()


def worth(*, state: Remedies, remedy: Remedy, purchase: Purchase, facts: Facts) -> tuple[Line, ...]:
    """What was paid for the goods that should have been replaced; none that was given since."""
    found = units_left(state=state, remedy=remedy, purchase=purchase, facts=facts)
    return remedy.lines if isinstance(found, Refusal) else found


def reached_after_all(state: Remedies, remedy: Remedy, facts: Facts) -> InterceptionMissed:
    """The consumer has the parcel that was to be held up."""
    assert remedy.journey is not None
    pack = facts.packs.by_hash(remedy.pack)
    back, clock = awaited(pack=pack, placed=remedy.journey.place is not None, facts=facts)
    return InterceptionMissed(**state.about(remedy.number, facts.now), back=back, clock=clock)
