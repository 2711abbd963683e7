"""What comes back to its sender, or is lost, opens service unless remedies look after all of it."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.orders import DECIDER
from oncedesk.domain.orders.messages import (
    AmendPromise,
    Breach,
    BreachCorrected,
    CancelOrder,
    DeliverBy,
    Delivered,
    FakeFinding,
    FoundBy,
    Item,
    OnDemandHandover,
    OrderedPart,
    OrderPlaced,
    Payment,
    PromiseAmended,
    PromiseBroken,
    PromiseKept,
    PromiseKind,
    ReportFakeTracking,
    ShipmentAnnounced,
    Shipped,
    ShippingReopened,
    StandardShipping,
    TrackingDetail,
    TrackingRecorded,
)
from oncedesk.domain.orders.outcomes import outcomes
from oncedesk.domain.parties.messages import PartyKind, ReturnPlace
from oncedesk.domain.parties.state import PartyState
from oncedesk.domain.remedies.messages.asking import RefuseRemedy, WithdrawRemedy
from oncedesk.domain.remedies.messages.disputing import OpenDispute
from oncedesk.domain.remedies.messages.refunding import OutsideKind, RecordOutside
from oncedesk.domain.remedies.messages.returning import InspectReturn, RefusedLine, ReturnMissed
from oncedesk.domain.remedies.words import RemedyKind, WantedLine
from oncedesk.domain.shared.decider import SYSTEM, Wake
from oncedesk.domain.shared.refs import remedies_ref
from oncedesk.domain.shared.remedy_rules import DisputeRule, GrantedBy, OnUndecided
from oncedesk.domain.shared.vocabularies import Handover
from tests.specs.orders.world import (
    CONSENT,
    CONSUMER,
    CREATOR,
    MERCHANT,
    ORDER,
    OTHER_SHIPMENT,
    SHIPMENT,
    WAKE,
    WHO,
    Story,
    announce,
    nothing_yet,
    ordered,
    place,
    scan,
    shanghai,
)
from tests.specs.remedies import goods, shop, town
from tests.support.given import after

REMEDIES = remedies_ref(consumer=CONSUMER, order=ORDER)


def on_its_way(*promises: Any, **changes: Any) -> Story:
    return ordered(*promises, **changes).hear(scan("collected", after(hours=1)))


@pytest.mark.parametrize("code", ["returned", "lost"])
def test_what_does_not_come_opens_service_once_whatever_was_promised(code: str) -> None:
    story = on_its_way(StandardShipping())
    assert isinstance(story.last(), PromiseKept)
    story.hear(scan("returning", after(hours=9))).then_only(TrackingRecorded)
    story.hear(scan(code, after(hours=20)), now=after(hours=21))
    story.then_only(TrackingRecorded, PromiseBroken)
    broken = story.last()
    assert (broken.breach, broken.found_by) == (Breach.NOT_COMING, FoundBy.EVENT)
    assert (broken.happened_at, broken.due_at) == (after(hours=20), after(hours=20))
    assert (broken.part, broken.merchant, broken.creator) == (1, MERCHANT, CREATOR)
    assert (broken.shipment, broken.language) == (None, "zh")
    story.hear(scan(code, after(hours=22))).then_only(TrackingRecorded)
    story.hear(scan(code, after(hours=22))).then_nothing()


def test_it_needs_no_promise_and_no_scans_but_milestones() -> None:
    story = on_its_way(tracking=TrackingDetail.MILESTONES)
    story.hear(scan("lost", after(hours=20))).then_only(TrackingRecorded, PromiseBroken)


def test_what_was_refused_opens_it_when_it_is_back_so_that_it_is_asked_what_instead() -> None:
    story = ordered(DeliverBy(on=date(2025, 3, 10))).hear(scan("refused", shanghai(10, 9)))
    story.then_only(TrackingRecorded, Shipped, PromiseKept)
    story.hear(scan("returned", shanghai(14))).then_only(TrackingRecorded, PromiseBroken)
    assert story.last().breach is Breach.NOT_COMING
    ((delivery),) = outcomes(story.journal)
    assert delivery.kept, "nobody failed to keep anything by that"


def test_it_is_on_its_way_again_when_another_parcel_is_and_can_go_back_again() -> None:
    story = on_its_way().hear(scan("returned", after(hours=20)))
    story.hear(announce(shipment=OTHER_SHIPMENT), now=after(hours=21))
    story.then_only(ShipmentAnnounced)
    story.hear(scan("collected", after(hours=22), shipment=OTHER_SHIPMENT))
    story.then_only(TrackingRecorded, BreachCorrected)
    assert story.last().breach is Breach.NOT_COMING
    story.hear(scan("returned", after(hours=40), shipment=OTHER_SHIPMENT))
    story.then_only(TrackingRecorded, PromiseBroken)


def test_consent_to_where_one_parcel_is_shows_that_the_other_does_not_come() -> None:
    story = on_its_way(OnDemandHandover(Handover.DOOR))
    story.hear(scan("delivered", after(hours=4), substate="station"))
    story.hear(scan("returning", after(hours=5)))
    story.hear(scan("collected", after(hours=6), shipment=OTHER_SHIPMENT))
    story.hear(scan("lost", after(hours=20), shipment=OTHER_SHIPMENT))
    story.then_only(TrackingRecorded)
    consent = AmendPromise(
        **WHO,
        part=1,
        promise=PromiseKind.HANDOVER,
        consent=CONSENT,
        handover=Handover.STATION,
    )
    assert REMEDIES in DECIDER.needs(story.state, consent, {})
    story.hear(consent, now=after(hours=21)).then_only(PromiseAmended, PromiseBroken)
    assert story.last().breach is Breach.NOT_COMING


def test_what_stays_where_it_was_wrongly_handed_over_leaves_nothing_on_its_way() -> None:
    """It went back, and was scanned on its way after all: what else of the part is lost is gone."""
    story = on_its_way(OnDemandHandover(handover=Handover.DOOR))
    story.hear(announce(shipment=OTHER_SHIPMENT), now=after(hours=1))
    story.hear(scan("collected", after(hours=2), shipment=OTHER_SHIPMENT))
    story.hear(scan("delivered", after(hours=5), substate="locker", shipment=OTHER_SHIPMENT))
    story.hear(scan("returning", after(hours=6), shipment=OTHER_SHIPMENT))
    story.hear(scan("lost", after(hours=9))).then_only(TrackingRecorded)
    story.hear(scan("in_transit", after(hours=10), shipment=OTHER_SHIPMENT))
    story.then_only(TrackingRecorded, PromiseBroken)
    assert story.last().breach is Breach.NOT_COMING


def test_what_is_found_again_was_not_lost() -> None:
    story = on_its_way().hear(scan("lost", after(hours=20)))
    story.hear(scan("in_transit", after(hours=30))).then_only(TrackingRecorded, BreachCorrected)


def test_a_waybill_that_is_closed_afterwards_changes_nothing() -> None:
    story = on_its_way().hear(scan("returned", after(hours=20)))
    story.hear(scan("voided", after(hours=21))).then_only(TrackingRecorded, ShippingReopened)


def test_as_long_as_another_parcel_may_come_nothing_opens() -> None:
    story = on_its_way().hear(scan("collected", after(hours=2), shipment=OTHER_SHIPMENT))
    story.hear(scan("returned", after(hours=20))).then_only(TrackingRecorded)
    story.hear(scan("lost", after(hours=30), shipment=OTHER_SHIPMENT))
    story.then_only(TrackingRecorded, PromiseBroken)


def two_parcels() -> Story:
    """A part in two parcels, both with a carrier."""
    return on_its_way().hear(scan("collected", after(hours=2), shipment=OTHER_SHIPMENT))


@pytest.mark.parametrize("code", ["returned", "lost"])
@pytest.mark.parametrize("first", ["delivered", "other"])
def test_one_parcel_that_came_does_not_hide_the_one_that_does_not(code: str, first: str) -> None:
    scans = {
        "delivered": scan("delivered", after(hours=20)),
        "other": scan(code, after(hours=21), shipment=OTHER_SHIPMENT),
    }
    story = two_parcels().hear(scans.pop(first)).then_only(TrackingRecorded)
    (second,) = scans.values()
    story.hear(second).then_only(TrackingRecorded, PromiseBroken)
    assert story.last().breach is Breach.NOT_COMING
    story.hear(scan("delivered", after(hours=30), shipment=OTHER_SHIPMENT))
    story.then_only(TrackingRecorded, Delivered, BreachCorrected)


def test_what_was_sent_after_a_parcel_turned_is_in_its_place_though_that_was_not_back() -> None:
    story = on_its_way().hear(scan("returning", after(hours=5)))
    story.hear(scan("collected", after(hours=6), shipment=OTHER_SHIPMENT))
    story.hear(scan("returned", after(hours=20))).then_only(TrackingRecorded)
    story.hear(scan("delivered", after(hours=21), shipment=OTHER_SHIPMENT))
    story.then_only(TrackingRecorded, Delivered)


def test_when_it_turned_is_the_same_in_whatever_order_that_is_heard() -> None:
    story = on_its_way().hear(scan("returned", after(hours=20)))
    story.hear(scan("collected", after(hours=6), shipment=OTHER_SHIPMENT))
    story.hear(scan("delivered", after(hours=21), shipment=OTHER_SHIPMENT))
    assert story.last().breach is Breach.NOT_COMING
    story.hear(scan("returning", after(hours=5)))
    story.then_only(TrackingRecorded, Delivered, BreachCorrected)


def test_what_was_refused_opens_it_when_it_is_back_though_the_others_came() -> None:
    story = two_parcels().hear(scan("delivered", after(hours=20)))
    story.hear(scan("refused", after(hours=21), shipment=OTHER_SHIPMENT))
    story.then_only(TrackingRecorded)
    story.hear(scan("returned", after(hours=90), shipment=OTHER_SHIPMENT))
    story.then_only(TrackingRecorded, Delivered, PromiseBroken)


def test_what_nobody_fetched_opens_it_when_it_is_back_though_it_was_where_they_wanted_it() -> None:
    story = ordered(OnDemandHandover(Handover.STATION))
    story.hear(scan("ready_for_pickup", after(hours=20), substate="station"))
    assert story.state.reached_at(1) == after(hours=20)
    story.hear(scan("returned", after(hours=200))).then_only(TrackingRecorded, PromiseBroken)
    assert story.last().breach is Breach.NOT_COMING
    assert story.state.reached_at(1) is None
    assert not story.state.is_awaited(story.state.parts[0])


def test_a_delivered_parcel_that_goes_back_takes_nothing_from_the_others() -> None:
    story = two_parcels().hear(scan("delivered", after(hours=20)))
    story.hear(scan("delivered", after(hours=20), shipment=OTHER_SHIPMENT))
    for code in ("returning", "returned"):
        story.hear(scan(code, after(hours=90))).then_only(TrackingRecorded)


def test_what_was_delivered_before_it_goes_back_has_come() -> None:
    story = ordered().hear(scan("delivered", after(hours=9)))
    story.hear(scan("returned", after(hours=90))).then_only(TrackingRecorded)


def test_a_delivery_heard_late_corrects_it() -> None:
    story = on_its_way().hear(scan("returned", after(hours=90)))
    story.hear(scan("delivered", after(hours=9)), now=after(hours=91))
    story.then_only(TrackingRecorded, Delivered, BreachCorrected)


def test_nobody_waits_for_what_is_cancelled() -> None:
    story = on_its_way().hear(CancelOrder(**WHO, at=after(hours=10)))
    story.hear(scan("returned", after(hours=20))).then_only(TrackingRecorded)


def test_what_is_known_before_the_order_or_its_part_counts_when_that_is_told() -> None:
    story = nothing_yet().hear(scan("collected", after(hours=1)))
    story.hear(scan("returned", after(hours=20)))
    story.hear(place(), now=after(hours=21)).then_only(OrderPlaced, Shipped, PromiseBroken)
    part = OrderedPart(merchant=MERCHANT)
    story = on_its_way(parts=(part, part)).hear(scan("returned", after(hours=20)))
    story.then_only(TrackingRecorded)
    story.hear(announce(part=2), now=after(hours=21))
    story.then_only(ShipmentAnnounced, Shipped, PromiseBroken)
    assert story.last().part == 2


def test_a_number_of_another_order_carries_nothing_of_this_one() -> None:
    story = on_its_way().hear(scan("returned", after(hours=20)))
    story.hear(scan("collected", after(hours=21), shipment=OTHER_SHIPMENT))
    story.then_only(TrackingRecorded, BreachCorrected)
    finding = ReportFakeTracking(**WHO, shipment=OTHER_SHIPMENT, finding=FakeFinding.REUSED)
    story.hear(finding, now=after(hours=22)).then_only(PromiseBroken, PromiseBroken)
    assert story.last().breach is Breach.NOT_COMING


def test_what_had_gone_back_under_a_number_that_is_cleared_opens_service() -> None:
    story = on_its_way()
    finding = ReportFakeTracking(**WHO, shipment=SHIPMENT, finding=FakeFinding.REUSED)
    story.hear(finding, now=after(hours=2)).hear(scan("returned", after(hours=20)))
    story.then_only(TrackingRecorded)
    cleared = replace(finding, finding=FakeFinding.CLEARED)
    assert REMEDIES in DECIDER.needs(story.state, cleared, {})
    story.hear(cleared, now=after(hours=21)).then_only(BreachCorrected, Shipped, PromiseBroken)
    assert story.last().breach is Breach.NOT_COMING
    story.hear(cleared, now=after(hours=22)).then_nothing()


def test_remedies_are_looked_at_only_where_nothing_may_come_any_more() -> None:
    story = on_its_way()
    for code in ("in_transit", "problem", "returning", "refused", "delivered"):
        assert REMEDIES not in DECIDER.needs(story.state, scan(code, after(hours=9)), {})
    assert REMEDIES not in DECIDER.needs(story.state, WAKE, {})
    for code in ("returned", "lost", "voided"):
        assert REMEDIES in DECIDER.needs(story.state, scan(code, after(hours=9)), {})


def bought(quantity: int = 1) -> town.Town:
    """So many of one item, which a carrier has; whatever is asked for is granted by rule."""
    kinds = ("return_and_refund", "resend")
    one = town.Town(*[goods.by_rule(kind) for kind in kinds], settling=goods.SETTLING)
    payment = Payment("card", 10_000 * quantity)
    one.ordered(Item(shop.LISTING, 10_000, quantity), payments=(payment,))
    return heard(one, "collected", hour=1)


def heard(one: town.Town, code: str, *, hour: int, substate: str = "") -> town.Town:
    one.spec(town.ORDERED).at(after(hours=hour))
    told = scan(code, after(hours=hour), substate=substate)
    one.tell(replace(told, **shop.WHO))
    return one


def opened(one: town.Town) -> list[Breach]:
    return [event.breach for event in one.heard if isinstance(event, PromiseBroken)]


@pytest.mark.parametrize("code", ["returned", "lost"])
def test_what_a_remedy_had_held_up_opens_nothing(code: str) -> None:
    one = bought()
    one.wish(RemedyKind.RETURN_AND_REFUND, WantedLine(1, 1, 1))
    heard(heard(one, "returning", hour=9), code, hour=20)
    assert opened(one) == []


def test_what_was_sent_once_more_by_a_remedy_opens_nothing() -> None:
    one = bought()
    one.wish(RemedyKind.RESEND, WantedLine(1, 1, 1), reason="not_received")
    assert opened(heard(one, "returned", hour=20)) == []


@pytest.mark.parametrize(("minor", "left"), [(10_000, []), (9_999, [Breach.NOT_COMING])])
def test_what_was_paid_back_elsewhere_opens_nothing_if_it_was_all(
    minor: int, left: list[Breach]
) -> None:
    one = bought()
    kind = OutsideKind.OUTSIDE_REFUND
    one.tell(
        RecordOutside(**shop.WHO, id=UUID(int=7), kind=kind, amount_minor=minor, currency="CNY")
    )
    assert opened(heard(one, "returned", hour=20)) == left


def test_a_remedy_of_some_of_it_leaves_the_others_to_service() -> None:
    one = bought(2)
    one.wish(RemedyKind.RETURN_AND_REFUND, WantedLine(1, 1, 1))
    assert opened(heard(one, "returned", hour=20)) == [Breach.NOT_COMING]


def came_in_part(one: town.Town) -> town.Town:
    """One parcel came, the other went back."""
    for code, hour in (("collected", 2), ("returned", 20)):
        told = scan(code, after(hours=hour), shipment=OTHER_SHIPMENT)
        one.spec(town.ORDERED).at(after(hours=hour))
        one.tell(type(told)(**shop.WHO, shipment=told.shipment, code=code, at=told.at))
    return heard(one, "delivered", hour=21)


def test_a_remedy_of_some_of_it_may_well_be_of_what_did_not_come() -> None:
    one = bought(2)
    one.wish(RemedyKind.RETURN_AND_REFUND, WantedLine(1, 1, 1))
    assert opened(came_in_part(one)) == []
    assert opened(came_in_part(bought(2))) == [Breach.NOT_COMING]


def asked(**dispute: Any) -> town.Town:
    """The merchant is to say whether the money goes back for what a carrier has."""
    rule = replace(goods.by_rule("return_and_refund"), granted_by=GrantedBy.MERCHANT)
    one = town.Town(rule, settling=goods.SETTLING, dispute=DisputeRule(id="test", **dispute))
    one.ordered(Item(shop.LISTING, 10_000), payments=(Payment("card", 10_000),))
    heard(one, "collected", hour=1)
    one.wish(RemedyKind.RETURN_AND_REFUND, WantedLine(1, 1, 1))
    return one


def test_a_refusal_opens_service_for_what_went_back_meanwhile() -> None:
    one = heard(asked(), "returned", hour=20)
    assert opened(one) == []
    one.tell(RefuseRemedy(**shop.WHO, remedy=1, reason="worn", facts=("worn",)))
    assert opened(one) == [Breach.NOT_COMING]


def test_a_wish_taken_back_opens_service_for_what_went_back_meanwhile() -> None:
    one = heard(asked(), "returned", hour=20)
    one.tell(WithdrawRemedy(**shop.WHO, remedy=1), by=shop.BY_CONSUMER)
    assert opened(one) == [Breach.NOT_COMING]
    one.wish(RemedyKind.RETURN_AND_REFUND, WantedLine(1, 1, 1))
    one.tell(WithdrawRemedy(**shop.WHO, remedy=2), by=shop.BY_CONSUMER)
    assert opened(one) == [Breach.NOT_COMING], "once"


def test_a_return_that_is_missed_opens_service_for_what_went_back_meanwhile() -> None:
    one = bought()
    places = (ReturnPlace(goods.PLACE, b"address"),)
    one.world[shop.MERCHANT] = PartyState(
        party=shop.MERCHANT, kind=PartyKind.MERCHANT, market="cn", places=places
    )
    one.wish(RemedyKind.RETURN_AND_REFUND, WantedLine(1, 1, 1))
    # Nobody fetches it from the locker, and it goes back before they were to send it.
    heard(heard(one, "delivered", hour=3, substate="locker"), "returned", hour=20)
    assert opened(one) == [Breach.WRONG_HANDOVER]
    one.mine.at(shanghai(28))
    one.tell(Wake(town.MINE), by=SYSTEM)
    assert not one.mine.event(ReturnMissed).given
    assert opened(one) == [Breach.WRONG_HANDOVER, Breach.NOT_COMING]


@pytest.mark.parametrize("refused", [1, 2])
def test_what_is_not_accepted_of_what_went_back_opens_service(refused: int) -> None:
    one = bought(2)
    one.wish(RemedyKind.RETURN_AND_REFUND, WantedLine(1, 1, 2))
    heard(one, "returned", hour=20)
    assert opened(one) == []
    lines = (RefusedLine(1, 1, refused, "worn"),)
    one.tell(InspectReturn(**shop.WHO, remedy=1, refused=lines, evidence=goods.PROOF))
    assert opened(one) == [Breach.NOT_COMING]


@pytest.mark.parametrize(
    ("undecided", "left"), [(OnUndecided.GRANT, []), (OnUndecided.REFUSE, [Breach.NOT_COMING])]
)
def test_a_dispute_that_ends_in_a_refusal_opens_service_for_what_went_back_meanwhile(
    undecided: OnUndecided, left: list[Breach]
) -> None:
    one = asked(silent_merchant=undecided)
    one.tell(RefuseRemedy(**shop.WHO, remedy=1, reason="worn", facts=("worn",)))
    one.tell(OpenDispute(**shop.WHO, remedy=1, reason="it_is"), by=shop.BY_CONSUMER)
    heard(one, "returned", hour=20)
    assert opened(one) == []
    one.mine.at(shanghai(5, 17))
    one.tell(Wake(town.MINE), by=SYSTEM)
    assert opened(one) == left


def test_as_long_as_anything_comes_a_refusal_opens_nothing() -> None:
    one = asked()
    one.tell(RefuseRemedy(**shop.WHO, remedy=1, reason="worn", facts=("worn",)))
    assert opened(one) == []
