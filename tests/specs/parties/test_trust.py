"""How the marketplace knows a consumer, and what a merchant agreed to."""

from uuid import UUID

from oncedesk.domain.parties import DECIDER
from oncedesk.domain.parties.messages import (
    ErasePersonalData,
    PartyKind,
    PartyRegistered,
    TellTerms,
    TellTrust,
    TermsTold,
    TrustLevel,
    TrustTold,
)
from oncedesk.domain.parties.state import Trust
from oncedesk.rules.library import PackLibrary
from tests.support.specs import START, Spec

PARTY, FIRST, SECOND = UUID(int=1), UUID(int=2), UUID(int=3)
WATCHED = TellTrust(
    party=PARTY, level=TrustLevel.WATCHED, linked=(SECOND, FIRST, PARTY, FIRST), remedies=3
)


def party(kind: PartyKind) -> Spec:
    registered = PartyRegistered(party=PARTY, at=START, kind=kind, market="cn")
    return Spec(DECIDER, PackLibrary([]).at(START)).given(registered)


def test_what_was_told_of_a_consumer_is_replaced_as_a_whole() -> None:
    told = TrustTold(
        party=PARTY, at=START, level=TrustLevel.WATCHED, linked=(FIRST, SECOND), remedies=3
    )
    consumer = party(PartyKind.CONSUMER).when(WATCHED).then(told)
    consumer.when(WATCHED).then_nothing()
    consumer.when(TellTrust(party=PARTY, level=TrustLevel.TRUSTED)).then_only(TrustTold)
    assert consumer.state.trust == Trust(TrustLevel.TRUSTED)


def test_it_is_erased_with_everything_personal() -> None:
    consumer = party(PartyKind.CONSUMER).when(WATCHED).when(ErasePersonalData(party=PARTY))
    assert consumer.state.trust is None
    consumer.when(WATCHED).then_refused("party_erased")


def test_a_merchant_agrees_and_takes_it_back() -> None:
    terms = TellTerms(party=PARTY, refunds_without_return=True)
    merchant = party(PartyKind.MERCHANT).when(terms)
    merchant.then(TermsTold(party=PARTY, at=START, refunds_without_return=True))
    merchant.when(terms).then_nothing()
    merchant.when(TellTerms(party=PARTY, refunds_without_return=False)).then_only(TermsTold)
    assert not merchant.state.refunds_without_return


def test_each_is_told_what_is_its_own() -> None:
    merchant, consumer = party(PartyKind.MERCHANT), party(PartyKind.CONSUMER)
    merchant.when(WATCHED).then_refused("not_a_consumer")
    consumer.when(TellTerms(party=PARTY, refunds_without_return=True)).then_refused(
        "not_a_merchant"
    )
