"""Two remedies for the same goods: together they give what was paid for them, no more or less."""

from oncedesk.domain.orders.messages import Item, OrderedPart, Payment
from oncedesk.domain.parties.messages import PartyKind, ReturnPlace
from oncedesk.domain.parties.state import PartyState
from oncedesk.domain.remedies.messages.asking import (
    GrantRemedy,
    RefuseRemedy,
    RequestRemedy,
    Wish,
)
from oncedesk.domain.remedies.messages.disputing import OpenDispute
from oncedesk.domain.remedies.messages.refunding import RefundRequested
from oncedesk.domain.remedies.messages.returning import (
    ConfirmReceipt,
    InspectReturn,
    RecordReturnTracking,
    ReopenReturn,
)
from oncedesk.domain.remedies.words import RemedyKind, Status, WantedLine
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.remedy_rules import GrantedBy, RemedyRule
from tests.specs.remedies.goods import BACK, PLACE
from tests.specs.remedies.shop import (
    AFTER_ANSWER,
    BY_CONSUMER,
    LISTING,
    MERCHANT,
    WHO,
    Shop,
)

RETURNS = RemedyRule(
    id="test/return", kind="return_and_refund", reason="*", stage="*", granted_by=GrantedBy.RULE
)


def arrived() -> Shop:
    """An item at 10,000 and another at 20,000; what is refunded needs the merchant's yes."""
    shop = Shop(AFTER_ANSWER, RETURNS)
    items = (Item(LISTING, 10_000), Item(LISTING, 20_000))
    part = OrderedPart(merchant=MERCHANT, items=items)
    shop.placed(part, payments=(Payment("card", 30_000),)).arrived()
    place = ReturnPlace(PLACE, b"a")
    shop.world[MERCHANT] = PartyState(
        party=MERCHANT, kind=PartyKind.MERCHANT, market="cn", places=(place,)
    )
    return shop


def asks(shop: Shop, kind: RemedyKind = RemedyKind.REFUND, amount_minor: int | None = None) -> Shop:
    wish = Wish(kind=kind, reason="broken", lines=(WantedLine(1, 1),), amount_minor=amount_minor)
    shop.when(RequestRemedy(**WHO, wish=wish), by=BY_CONSUMER)
    return shop


def refused(shop: Shop, remedy: int = 1) -> Shop:
    shop.when(RefuseRemedy(**WHO, remedy=remedy, reason="no", facts=("x",)), by=MARKETPLACE)
    return shop


def granted(shop: Shop, remedy: int) -> Shop:
    shop.when(GrantRemedy(**WHO, remedy=remedy), by=MARKETPLACE)
    return shop


def comes_back(shop: Shop, remedy: int) -> Shop:
    scan = RecordReturnTracking(
        **WHO, remedy=remedy, shipment=BACK, code="delivered", happened_at=shop.now
    )
    shop.when(scan, by=MARKETPLACE)
    shop.when(InspectReturn(**WHO, remedy=remedy), by=MARKETPLACE)
    return shop


def test_what_was_refused_gives_in_a_dispute_what_is_left_by_then() -> None:
    shop = refused(asks(arrived()))
    granted(asks(shop, amount_minor=6_000), 2)
    shop.when(OpenDispute(**WHO, remedy=1, reason="broken"), by=BY_CONSUMER)
    granted(shop, 1)
    assert shop.event(RefundRequested).leg.amount_minor == 4_000
    assert shop.state.refunded == (10_000,)
    asks(shop).then_refused("quantity_exceeds_bought")
    assert shop.replayed() == shop.state


def missed() -> Shop:
    """A return that was not sent in time, and 6,000 for the same item since."""
    shop = asks(arrived(), RemedyKind.RETURN_AND_REFUND)
    while shop.state.live[0].status is not Status.WITHDRAWN:
        shop.wake_when_due()
    return granted(asks(shop, amount_minor=6_000), 2)


def test_a_return_that_is_reopened_gives_what_is_left_by_then() -> None:
    shop = missed()
    shop.when(ReopenReturn(**WHO, remedy=1), by=BY_CONSUMER)
    comes_back(shop, 1)
    assert shop.state.refunded == (10_000,)
    assert shop.replayed() == shop.state


def test_a_return_that_turns_up_late_gives_what_is_left_by_then() -> None:
    shop = missed()
    shop.when(ConfirmReceipt(**WHO, remedy=1), by=MARKETPLACE)
    shop.when(InspectReturn(**WHO, remedy=1), by=MARKETPLACE)
    assert shop.state.refunded == (10_000,)


def test_where_all_of_it_was_given_nothing_is_left() -> None:
    shop = refused(asks(arrived()))
    for remedy in (2, 3):
        granted(asks(shop, amount_minor=5_000), remedy)
    dispute = OpenDispute(**WHO, remedy=1, reason="broken")
    shop.when(dispute, by=BY_CONSUMER).then_refused("nothing_left")
