"""Two remedies for the same goods: together they give what was paid for them, no more or less."""

from msgspec.structs import replace

from oncedesk.domain.orders.messages import Item, OrderedPart, Payment
from oncedesk.domain.parties.messages import PartyKind, ReturnPlace
from oncedesk.domain.parties.state import PartyState
from oncedesk.domain.remedies.messages.asking import (
    GrantRemedy,
    RefuseRemedy,
    RemedyRepriced,
    RemedyRequested,
    RequestRemedy,
    Wish,
    WithdrawRemedy,
)
from oncedesk.domain.remedies.messages.disputing import (
    DecideDispute,
    DisputeDecided,
    DisputeOpened,
    OpenDispute,
    Outcome,
)
from oncedesk.domain.remedies.messages.refunding import (
    ConfirmRefund,
    RefundRequested,
    RemedySettled,
)
from oncedesk.domain.remedies.messages.returning import (
    ConfirmReceipt,
    InspectReturn,
    RecordReturnTracking,
    RefusedLine,
    ReopenReturn,
)
from oncedesk.domain.remedies.words import RemedyKind, Status, WantedLine
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.ledger import Account
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


def arrived(subsidy_minor: int = 0, returns: RemedyRule = RETURNS, quantity: int = 1) -> Shop:
    """Items for 10,000 and 20,000; what is refunded needs the merchant's yes."""
    shop = Shop(AFTER_ANSWER, returns)
    first = Item(LISTING, 10_000 + subsidy_minor, quantity, subsidy_minor=subsidy_minor)
    items = (first, Item(LISTING, 20_000))
    part = OrderedPart(merchant=MERCHANT, items=items)
    shop.placed(part, payments=(Payment("card", 20_000 + 10_000 * quantity),)).arrived()
    place = ReturnPlace(PLACE, b"a")
    shop.world[MERCHANT] = PartyState(
        party=MERCHANT, kind=PartyKind.MERCHANT, market="cn", places=(place,)
    )
    return shop


def asks(
    shop: Shop,
    kind: RemedyKind = RemedyKind.REFUND,
    amount_minor: int | None = None,
    quantity: int = 1,
) -> Shop:
    lines = (WantedLine(1, 1, quantity),)
    wish = Wish(kind=kind, reason="broken", lines=lines, amount_minor=amount_minor)
    shop.when(RequestRemedy(**WHO, wish=wish), by=BY_CONSUMER)
    return shop


def refused(shop: Shop, remedy: int = 1) -> Shop:
    shop.when(RefuseRemedy(**WHO, remedy=remedy, reason="no", facts=("x",)), by=MARKETPLACE)
    return shop


def granted(shop: Shop, remedy: int) -> Shop:
    shop.when(GrantRemedy(**WHO, remedy=remedy), by=MARKETPLACE)
    return shop


def comes_back(shop: Shop, remedy: int, *worn: RefusedLine) -> Shop:
    scan = RecordReturnTracking(
        **WHO, remedy=remedy, shipment=BACK, code="delivered", happened_at=shop.now
    )
    shop.when(scan, by=MARKETPLACE)
    seen = InspectReturn(**WHO, remedy=remedy, refused=worn, evidence=(b"picture",) * len(worn))
    shop.when(seen, by=MARKETPLACE)
    return shop


def sent(shop: Shop, amount_minor: int, *, leg: int) -> Shop:
    told = ConfirmRefund(
        **WHO, remedy=2, leg=leg, amount_minor=amount_minor, currency="CNY", sent_at=shop.now
    )
    shop.when(told, by=MARKETPLACE)
    assert shop.events(RemedySettled)
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


def both(subsidy_minor: int = 0) -> Shop:
    """6,000 are asked for, and before they are given or not, to give the item back."""
    shop = asks(arrived(subsidy_minor), amount_minor=6_000)
    asks(shop, RemedyKind.RETURN_AND_REFUND)
    assert shop.event(RemedyRequested).amount_minor == 4_000
    return shop


def test_what_another_does_not_give_after_all_is_not_off() -> None:
    shop = comes_back(refused(both()), 2)
    assert shop.state.refunded == (10_000,)
    dispute = OpenDispute(**WHO, remedy=1, reason="broken")
    shop.when(dispute, by=BY_CONSUMER).then_refused("nothing_left")
    assert shop.replayed() == shop.state


def test_what_another_does_not_give_is_sent_though_the_rest_was_sent() -> None:
    shop = comes_back(both(subsidy_minor=1_000), 2)
    assert shop.state.refunded == (4_000,)
    refused(sent(shop, 4_000, leg=1))
    assert shop.event(RefundRequested).leg.amount_minor == 6_000
    sent(shop, 6_000, leg=2)
    assert shop.state.refunded == (10_000,)
    stands = {one.account: one.minor for one in shop.state.books}
    assert stands.get(Account.PLATFORM_SUBSIDY, 0) == 0, "the sale is undone once"


def test_what_is_withdrawn_is_not_off_either() -> None:
    shop = both()
    shop.when(WithdrawRemedy(**WHO, remedy=1), by=BY_CONSUMER)
    assert shop.event(RemedyRepriced).amount_minor == 10_000


def test_what_may_still_be_given_stays_off_until_it_is_refused_for_good() -> None:
    shop = refused(asks(arrived(), amount_minor=6_000))
    shop.when(OpenDispute(**WHO, remedy=1, reason="broken"), by=BY_CONSUMER)
    asks(shop, RemedyKind.RETURN_AND_REFUND)
    decision = DecideDispute(
        **WHO, remedy=1, outcome=Outcome.REFUSED, reason="seen", basis="photo 2"
    )
    shop.when(decision, by=MARKETPLACE).then_only(DisputeDecided)
    comes_back(shop, 2)
    assert shop.state.refunded == (4_000,)
    while shop.state.remedy(1) is not None:
        shop.wake_when_due()
    assert shop.state.refunded == (10_000,)
    assert shop.replayed() == shop.state


def test_with_what_was_given_it_stays_off() -> None:
    shop = comes_back(granted(both(), 1), 2)
    assert shop.state.refunded == (10_000,)


def test_a_return_of_half_its_worth_has_half_of_that_back() -> None:
    half = replace(RETURNS, percent=50)
    shop = asks(arrived(returns=half), amount_minor=6_000)
    asks(shop, RemedyKind.RETURN_AND_REFUND)
    assert shop.event(RemedyRequested).amount_minor == 2_000
    assert refused(shop).event(RemedyRepriced).amount_minor == 5_000


def test_what_was_off_for_units_is_off_once_where_some_are_not_accepted() -> None:
    shop = arrived(quantity=3)
    granted(asks(shop, amount_minor=6_000, quantity=3), 1)
    asks(shop, RemedyKind.RETURN_AND_REFUND, quantity=2)
    comes_back(shop, 2, RefusedLine(1, 1, 1, "worn"))
    assert shop.state.refunded == (6_000 + 8_000,)
    dispute = OpenDispute(**WHO, remedy=3, reason="broken")
    shop.when(dispute, by=BY_CONSUMER).then_only(DisputeOpened)
    granted(shop, 3)
    granted(asks(shop), 4)
    assert shop.state.refunded == (30_000,)
