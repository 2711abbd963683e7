"""Half of an exchange is accepted: only that half is charged, or given back for."""

from uuid import UUID

from oncedesk.domain.listings.messages import Variant
from oncedesk.domain.orders.messages import Item, Payment, RecordTracking
from oncedesk.domain.parties.messages import PartyKind, ReturnPlace
from oncedesk.domain.parties.state import PartyState
from oncedesk.domain.remedies.messages.asking import Replacement
from oncedesk.domain.remedies.messages.changing import ChargeRequested
from oncedesk.domain.remedies.messages.returning import (
    InspectReturn,
    RecordReturnTracking,
    RefusedLine,
    SendOut,
)
from oncedesk.domain.remedies.words import RemedyKind, WantedLine
from oncedesk.domain.shared.remedy_rules import ReturnRule, SendsOut, return_key
from tests.specs.remedies.shop import LISTING, MERCHANT, WHO
from tests.specs.remedies.test_exchanging import BLUE, GREEN, RED, RULE
from tests.specs.remedies.town import Town
from tests.support.specs import START

OUT = UUID(int=0xB5)


def half_accepted(variant: UUID, price_minor: int) -> Town:
    """Two shirts for 50 each came back to be exchanged; one of them was worn."""
    rule = ReturnRule(
        id="test/return", kind="*", reason="*", freight="merchant", sends=SendsOut.AFTER_INSPECTION
    )
    one = Town(RULE, returns={return_key(kind="*", reason="*"): rule})
    one.world[MERCHANT] = PartyState(
        party=MERCHANT,
        kind=PartyKind.MERCHANT,
        market="cn",
        places=(ReturnPlace(UUID(int=0x91), b"address"),),
    )
    item = Item(LISTING, 5_000, 2, variant=RED)
    one.ordered(item, payments=(Payment("credit_card", 10_000, "card_1"),))
    one.tell(RecordTracking(**WHO, shipment=UUID(int=5), code="delivered", at=START))
    one.sells(Variant(RED, 5_000), Variant(BLUE, 7_000), Variant(GREEN, 4_000))
    one.has("card_1", "credit_card")
    instead = (Replacement(LISTING, variant, price_minor),)
    one.wish(RemedyKind.EXCHANGE, WantedLine(1, 1, 2), to=instead, method="card_1")
    arrives(one, UUID(int=0xB0))
    worn = (RefusedLine(1, 1, 1, "worn"),)
    one.tell(InspectReturn(**WHO, remedy=1, evidence=(b"seen",), refused=worn))
    return one


def arrives(one: Town, shipment: UUID) -> None:
    one.tell(
        RecordReturnTracking(
            **WHO, remedy=1, shipment=shipment, code="delivered", happened_at=one.mine.now
        )
    )


def test_half_of_what_is_dearer_costs_half() -> None:
    one = half_accepted(BLUE, 7_000)
    charges = [event for event in one.heard if isinstance(event, ChargeRequested)]
    assert [event.charge.amount_minor for event in charges] == [2_000]


def test_half_of_what_is_cheaper_gives_half_back() -> None:
    one = half_accepted(GREEN, 4_000)
    one.tell(SendOut(**WHO, remedy=1, shipment=OUT))
    arrives(one, OUT)
    assert [leg.amount_minor for leg in one.mine.state.live[0].legs] == [1_000]
