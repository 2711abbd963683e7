"""Goods that leave for the consumer: what was exchanged, repaired, resent, or not accepted."""

from msgspec.structs import replace

from oncedesk.domain.remedies.clocks import in_seconds
from oncedesk.domain.remedies.evolve import evolve
from oncedesk.domain.remedies.journey import Out
from oncedesk.domain.remedies.messages import Answer, RemedyEvent
from oncedesk.domain.remedies.messages.returning import GoodsSent, SendOut
from oncedesk.domain.remedies.paying import goods_due, journey_rule
from oncedesk.domain.remedies.purchase import Purchase
from oncedesk.domain.remedies.returning import instead, refused_parcel
from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.remedies.transit import all_there
from oncedesk.domain.remedies.words import ClockKind
from oncedesk.domain.shared.decider import Facts, Refusal


def send_out(
    state: Remedies, remedy: Remedy, command: SendOut, facts: Facts, purchase: Purchase
) -> Answer:
    """This parcel carries it, or some of it; silence about it is watched from now on."""
    journey = remedy.journey
    if journey is None or journey.out not in (Out.DUE, Out.UNDER_WAY):
        return Refusal("goods_not_due", "a remedy whose goods are to leave for the consumer")
    refused = refused_parcel(state, remedy, command.shipment)
    if refused is not None:
        return refused
    known = journey.parcel(command.shipment)
    if known is not None and not known.outward:
        return Refusal("parcel_of_another", "a parcel to the consumer", "shipment")
    before = None if command.instead_of is None else journey.parcel(command.instead_of)
    if command.instead_of is not None and (before is None or not before.outward or before == known):
        return Refusal("parcel_unknown", "another parcel to the consumer", "instead_of")
    awaited = before is not None and (before.counts or journey.out is Out.DUE)
    if known is not None and not awaited:
        return []
    rule = journey_rule(remedy, facts)
    clock = in_seconds(ClockKind.OUT_TRANSIT, facts.now, rule.no_movement_seconds, rule.id)
    sent = GoodsSent(
        **state.about(remedy.number, facts.now),
        shipment=command.shipment,
        carrier=command.carrier,
        clock=clock,
        instead_of=command.instead_of,
    )
    after = evolve(state, sent)
    there = after.the_remedy(remedy.number)
    assert there.journey is not None
    if known is None or not there.journey.all_arrived(outward=True):
        return [sent]
    return [sent, *all_there(after, there, facts, purchase)]


def not_sent_out(
    *, state: Remedies, remedy: Remedy, facts: Facts, purchase: Purchase
) -> list[RemedyEvent]:
    """Nothing left in time: money instead."""
    return instead(
        state=state, remedy=remedy, reason="goods_not_sent", facts=facts, purchase=purchase
    )


def not_arriving(
    *, state: Remedies, remedy: Remedy, facts: Facts, purchase: Purchase
) -> list[RemedyEvent]:
    """Nothing moved. Some of several parcels may have come: then the rest is owed once more."""
    journey = remedy.journey
    assert journey is not None
    if any(one.outward and one.arrived for one in journey.parcels):
        due = goods_due(state=state, remedy=remedy, facts=facts)
        return [replace(due, silent=journey.silent)]
    return instead(state=state, remedy=remedy, reason="goods_lost", facts=facts, purchase=purchase)
