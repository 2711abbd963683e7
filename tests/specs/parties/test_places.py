"""Where goods of a merchant go back to: places with addresses of their own."""

from uuid import UUID

from oncedesk.domain import parties
from oncedesk.domain.parties.messages import (
    ErasePersonalData,
    ForRegions,
    PartyKind,
    PartyRegistered,
    RegisterParty,
    ReturnPlacesSet,
    SetReturnPlaces,
    UpdateParty,
)
from oncedesk.domain.parties.state import PartyState
from oncedesk.domain.shared.decider import MARKETPLACE, Actor, Role
from oncedesk.rules.library import PackLibrary
from oncedesk.rules.loading import load_builtin
from tests.support.specs import START, Spec

MERCHANT, RIVAL, NORTH, SOUTH = (UUID(int=number) for number in range(1, 5))
PACKS = PackLibrary.always([load_builtin("cn").pack(START.date())]).at(START)


def place(id_: UUID, owner: UUID = MERCHANT) -> PartyState:
    return PartyState(
        party=id_, kind=PartyKind.PLACE, market="cn", digest=id_.bytes, length=9, owner=owner
    )


def merchant(*places: PartyState) -> Spec:
    spec = Spec(parties.DECIDER, PACKS, {one.party: one for one in places})
    spec.when(
        RegisterParty(party=MERCHANT, kind=PartyKind.MERCHANT, market="cn"), by=MARKETPLACE
    ).then_only(PartyRegistered)
    return spec


def sets(spec: Spec, *places: ForRegions, by: Actor = MARKETPLACE) -> Spec:
    return spec.when(SetReturnPlaces(party=MERCHANT, places=places), by=by)


def test_a_region_has_its_place_and_all_others_the_one_for_any() -> None:
    spec = sets(
        merchant(place(NORTH), place(SOUTH)), ForRegions(NORTH), ForRegions(SOUTH, ("440000",))
    )
    spec.then_only(ReturnPlacesSet)
    chosen = [spec.state.place_for(region).place for region in ("440000", "110000", "")]
    assert chosen == [SOUTH, NORTH, NORTH]
    assert spec.state.place(SOUTH).digest == SOUTH.bytes
    sets(spec, ForRegions(NORTH), ForRegions(SOUTH, ("440000",))).then_nothing()


def test_refuses_places_of_others_and_without_an_address() -> None:
    spec = merchant(place(NORTH, RIVAL))
    sets(spec, ForRegions(NORTH)).then_refused("place_unknown")
    sets(spec, ForRegions(SOUTH)).then_refused("place_unknown")
    spec = merchant(place(NORTH))
    sets(spec, ForRegions(NORTH), ForRegions(NORTH)).then_refused("place_twice")
    agent = Actor(role=Role.AGENT, id=RIVAL)
    sets(spec, ForRegions(NORTH), by=agent).then_refused("not_allowed")


def test_a_place_has_an_owner_and_keeps_its_address() -> None:
    spec = Spec(parties.DECIDER, PACKS)
    lone = RegisterParty(party=NORTH, kind=PartyKind.PLACE, market="cn")
    spec.when(lone, by=MARKETPLACE).then_refused("owner_wrong")
    owned = RegisterParty(party=NORTH, kind=PartyKind.MERCHANT, market="cn", owner=MERCHANT)
    spec.when(owned, by=MARKETPLACE).then_refused("owner_wrong")
    spec.when(
        RegisterParty(
            party=NORTH,
            kind=PartyKind.PLACE,
            market="cn",
            owner=MERCHANT,
            digest=b"there",
            length=5,
        ),
        by=MARKETPLACE,
    ).then_only(PartyRegistered)
    spec.when(UpdateParty(party=NORTH, language="zh"), by=MARKETPLACE).then_refused("place_stays")
    sets(spec.when(ErasePersonalData(party=NORTH), by=MARKETPLACE)).then_refused("not_a_merchant")
