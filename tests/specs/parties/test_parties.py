"""Parties are known once, managed by one agency at a time, and erased unless a hold forbids it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest

from oncedesk.domain.parties import DECIDER
from oncedesk.domain.parties.messages import (
    CountGift,
    CreatorManaged,
    EndManagement,
    ErasePersonalData,
    HoldLifted,
    HoldPlaced,
    LiftHold,
    ManageCreator,
    ManagementEnded,
    PartyKind,
    PartyRegistered,
    PartyUpdated,
    PersonalDataErased,
    PlaceHold,
    RegisterParty,
    UpdateParty,
)
from oncedesk.domain.parties.state import PartyState
from oncedesk.domain.shared.decider import MARKETPLACE, Actor, Role, Wake
from oncedesk.domain.shared.refs import party_ref
from tests.support.given import DIGEST, START, Given, after, given

PARTY = UUID(int=1)
AGENCY = UUID(int=2)
RIVAL = UUID(int=3)
ADMIN = Actor(Role.ADMIN, UUID(int=9))
AGENCIES = {
    id_: PartyState(party=id_, kind=PartyKind.AGENCY, market="cn") for id_ in (AGENCY, RIVAL)
}


def registered(kind: PartyKind = PartyKind.CONSUMER) -> PartyRegistered:
    return PartyRegistered(
        party=PARTY, at=START, kind=kind, market="cn", language="zh", digest=DIGEST, length=30
    )


def register(**changes: Any) -> RegisterParty:
    values: dict[str, Any] = {
        "kind": PartyKind.CONSUMER,
        "market": "cn",
        "language": "zh",
        "digest": DIGEST,
        "length": 30,
    }
    return RegisterParty(party=PARTY, **{**values, **changes})


def manage(
    agency: UUID = AGENCY, starts_at: datetime = START, ends_at: datetime | None = None
) -> ManageCreator:
    return ManageCreator(creator=PARTY, agency=agency, starts_at=starts_at, ends_at=ends_at)


def creator() -> Given:
    return given(DECIDER, registered(PartyKind.CREATOR))


def test_registers_once() -> None:
    spec = given(DECIDER).when(register(), now=START).then(registered())
    spec.when(register(), now=after(hours=1)).then_nothing()


@pytest.mark.parametrize(
    "change",
    [
        {"kind": PartyKind.MERCHANT},
        {"market": "eu"},
        {"language": "de"},
        {"digest": b"another"},
        {"length": 31},
    ],
    ids=str,
)
def test_refuses_to_register_other_content_under_the_same_id(change: dict[str, Any]) -> None:
    given(DECIDER, registered()).when(register(**change), now=START).refused("party_differs")


def test_updates_once() -> None:
    update = UpdateParty(party=PARTY, language="en", digest=b"another", length=5)
    spec = given(DECIDER, registered()).when(update, now=START)
    spec.then(PartyUpdated(party=PARTY, at=START, language="en", digest=b"another", length=5))
    spec.when(update, now=START).then_nothing()
    spec.when(register(language="en", digest=b"another", length=5), now=START).then_nothing()


def test_an_unknown_party_is_refused() -> None:
    given(DECIDER).when(UpdateParty(party=PARTY), now=START).refused("party_unknown")
    given(DECIDER).when(Wake(party_ref(PARTY)), now=START).then_nothing()


def test_erases_and_stays_erased() -> None:
    erase = ErasePersonalData(party=PARTY)
    spec = given(DECIDER, registered()).when(erase, now=after(hours=1))
    spec.then(PersonalDataErased(party=PARTY, at=after(hours=1)))
    assert (spec.state.erased, spec.state.digest, spec.state.length) == (True, b"", 0)
    spec.when(register(), now=after(hours=2)).refused("party_erased")
    spec.when(UpdateParty(party=PARTY), now=after(hours=2)).refused("party_erased")


def test_erases_again_what_was_written_since_unless_that_is_held() -> None:
    erase = ErasePersonalData(party=PARTY)
    spec = given(DECIDER, registered()).when(erase, now=START).then_only(PersonalDataErased)
    spec.when(erase, now=after(hours=1))
    spec.then(PersonalDataErased(party=PARTY, at=after(hours=1)))
    assert spec.state.erased_at == after(hours=1)
    spec.when(PlaceHold(party=PARTY, reason="x"), now=after(hours=2)).then_only(HoldPlaced)
    spec.when(erase, now=after(hours=3)).refused("legal_hold")
    assert spec.state.erased_at == after(hours=1)


def test_what_is_no_party_is_no_agency() -> None:
    creator().when(manage(), now=START, states={AGENCY: object()}).refused("agency_unknown")


def test_a_legal_hold_forbids_erasing_until_every_hold_is_lifted() -> None:
    erase = ErasePersonalData(party=PARTY)
    first, second = "court-2025/17", "tax"
    spec = given(DECIDER, registered())
    spec.when(PlaceHold(party=PARTY, reason=first), now=START)
    spec.then(HoldPlaced(party=PARTY, at=START, reason=first))
    spec.when(PlaceHold(party=PARTY, reason=first), now=START).then_nothing()
    spec.when(PlaceHold(party=PARTY, reason=second), now=START)
    spec.when(LiftHold(party=PARTY, reason=first), now=START)
    spec.then(HoldLifted(party=PARTY, at=START, reason=first))
    spec.when(LiftHold(party=PARTY, reason=first), now=START).then_nothing()
    spec.when(erase, now=START).refused("legal_hold")
    assert spec.state.digest == DIGEST
    spec.when(LiftHold(party=PARTY, reason=second), now=START)
    spec.when(erase, now=START).then_only(PersonalDataErased)


def test_what_is_held_is_not_overwritten_either() -> None:
    spec = given(DECIDER, registered())
    spec.when(PlaceHold(party=PARTY, reason="tax"), now=START)
    for digest, length in ((b"another", 30), (DIGEST, 31), (b"", 0)):
        update = UpdateParty(party=PARTY, language="zh", digest=digest, length=length)
        spec.when(update, now=START).refused("legal_hold")
        assert (spec.state.digest, spec.state.length) == (DIGEST, 30)
    same = UpdateParty(party=PARTY, language="en", digest=DIGEST, length=30)
    spec.when(same, now=START)
    spec.then(PartyUpdated(party=PARTY, at=START, language="en", digest=DIGEST, length=30))
    spec.when(LiftHold(party=PARTY, reason="tax"), now=START)
    spec.when(UpdateParty(party=PARTY, language="en"), now=START).then_only(PartyUpdated)
    # Of whom nothing is kept, nothing is lost by what is told of them.
    spec.when(PlaceHold(party=PARTY, reason="tax"), now=START)
    told = UpdateParty(party=PARTY, language="en", digest=b"another", length=5)
    spec.when(told, now=START).then_only(PartyUpdated)


def test_refuses_more_holds_than_the_state_can_hold() -> None:
    spec = given(DECIDER, registered())
    for number in range(16):
        spec.when(PlaceHold(party=PARTY, reason=f"case-{number}"), now=START)
        spec.then_only(HoldPlaced)
    spec.when(PlaceHold(party=PARTY, reason="one-more"), now=START).refused("holds_too_many")


def test_an_agency_manages_a_creator_in_its_time() -> None:
    spec = creator().when(manage(ends_at=after(hours=5)), now=START, states=AGENCIES)
    spec.then(
        CreatorManaged(
            party=PARTY, at=START, agency=AGENCY, starts_at=START, ends_at=after(hours=5)
        )
    )
    assert spec.state.managed_by(START) == AGENCY
    assert spec.state.managed_by(after(hours=5)) is None, "half-open"
    again = manage(ends_at=after(hours=5))
    spec.when(again, now=START, states=AGENCIES).then_nothing()


def test_one_agency_at_a_time() -> None:
    spec = creator().when(manage(), now=START, states=AGENCIES)
    rival = manage(RIVAL, after(hours=2))
    spec.when(rival, now=START, states=AGENCIES).refused("management_overlaps")
    end = EndManagement(creator=PARTY, agency=AGENCY, ends_at=after(hours=2))
    spec.when(end, now=START)
    spec.then(ManagementEnded(party=PARTY, at=START, agency=AGENCY, ends_at=after(hours=2)))
    spec.when(end, now=START).then_nothing()
    spec.when(rival, now=START, states=AGENCIES).then_only(CreatorManaged)
    assert spec.state.managed_by(after(hours=1)) == AGENCY
    assert spec.state.managed_by(after(hours=3)) == RIVAL


def test_only_agencies_manage_and_only_creators_are_managed() -> None:
    shops = {AGENCY: PartyState(party=AGENCY, kind=PartyKind.MERCHANT, market="cn")}
    creator().when(manage(), now=START, states=shops).refused("agency_unknown")
    creator().when(manage(), now=START).refused("agency_unknown")
    spec = given(DECIDER, registered())
    spec.when(manage(), now=START, states=AGENCIES).refused("not_a_creator")


def test_refuses_spans_that_make_no_sense() -> None:
    backwards = manage(starts_at=after(hours=2), ends_at=after(hours=1))
    creator().when(backwards, now=START, states=AGENCIES).refused("span_empty")
    end = EndManagement(creator=PARTY, agency=AGENCY, ends_at=START)
    creator().when(end, now=after(hours=1)).refused("span_empty")


def test_nothing_happens_to_a_party_by_itself() -> None:
    state = creator().state
    assert DECIDER.deadline(state) is None
    assert not DECIDER.is_open(state)


GIFT = CountGift(
    party=PARTY,
    agent=UUID(int=7),
    order=UUID(int=8),
    remedy=1,
    currency="CNY",
    amount_minor=100,
    most_minor=1_000,
    rule="r",
    spent_at=START,
    market="cn",
)


def test_a_legal_hold_survives_that_the_consumer_is_registered() -> None:
    spec = given(DECIDER).when(GIFT, now=START)
    spec.when(PlaceHold(party=PARTY, reason="court"), now=START, by=ADMIN)
    spec.when(register(), now=START, by=MARKETPLACE)
    spec.when(ErasePersonalData(party=PARTY), now=START, by=ADMIN).refused("legal_hold")


def test_who_was_erased_before_anybody_registered_them_stays_erased() -> None:
    spec = given(DECIDER).when(GIFT, now=START)
    spec.when(ErasePersonalData(party=PARTY), now=START).then_only(PersonalDataErased)
    spec.when(register(), now=after(hours=1)).refused("party_erased")
    assert (spec.state.erased_at, spec.state.length) == (START, 0)


def test_who_was_given_something_in_another_market_is_registered_in_their_own() -> None:
    spec = given(DECIDER).when(msgspec.structs.replace(GIFT, market="eu"), now=START)
    spec.when(register(), now=START, by=MARKETPLACE).then(registered())
    assert (spec.state.market, spec.state.unregistered) == ("cn", False)
    assert [one.minor for one in spec.state.gifts] == [100]
