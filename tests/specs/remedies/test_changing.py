"""An order becomes another before it ships: charged, taken by the order, the rest given back."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.listings.messages import Variant
from oncedesk.domain.orders.messages import (
    AnnounceShipment,
    CancelOrder,
    ChangeDeclined,
    ChangeOrder,
    Item,
    OrderCancelled,
    OrderChanged,
    OrderedPart,
    OrderPlaced,
    PartCancelled,
    Payment,
    PlaceOrder,
    RecordTracking,
)
from oncedesk.domain.remedies.amounts import worth_of
from oncedesk.domain.remedies.evolve import evolved
from oncedesk.domain.remedies.messages.asking import (
    BooksOpened,
    GrantRemedy,
    RefuseRemedy,
    RemedyApproved,
    RemedyRequested,
    RemedyWithdrawn,
    Replacement,
    WithdrawRemedy,
)
from oncedesk.domain.remedies.messages.changing import (
    ChangeMade,
    ChangeRefused,
    ChangeRequested,
    ChargeFailed,
    ChargeFailure,
    ChargeRequested,
    ChargeTaken,
    ChargeTakenLate,
    ConfirmCharge,
    FailCharge,
    NoteChange,
    charge_key,
)
from oncedesk.domain.remedies.messages.disputing import (
    DecideDispute,
    DecisionAsked,
    OpenDispute,
    Outcome,
    Side,
    SubmitEvidence,
)
from oncedesk.domain.remedies.messages.funding import PayoutRecorded, RecordPayout
from oncedesk.domain.remedies.messages.refunding import (
    FailRefund,
    NameRoute,
    OutsideKind,
    RecordOutside,
    RefundFailure,
    RefundRequested,
    RemedyClosed,
    RemedySettled,
)
from oncedesk.domain.remedies.state import LIVE_MAX, Remedy
from oncedesk.domain.remedies.words import RemedyKind, Status, WantedLine
from oncedesk.domain.shared.decider import MARKETPLACE, Actor, Role
from oncedesk.domain.shared.ledger import Account
from oncedesk.domain.shared.remedy_rules import GrantedBy, RemedyRule, Replaced
from oncedesk.domain.wallets.messages import BalanceLacking, BalanceTaken, TakeBalance
from tests.specs.orders.test_preselling import CN, TERMS
from tests.specs.remedies.shop import BY_CONSUMER, LISTING, MERCHANT, ORDER, WHO
from tests.specs.remedies.town import Town
from tests.support.specs import START

RED, BLUE, GREEN, GONE = (UUID(int=0xA0 + number) for number in range(4))
ITEMS, ADDRESS, PAYMENT = (
    RemedyKind.CHANGE_ITEMS,
    RemedyKind.CHANGE_ADDRESS,
    RemedyKind.CHANGE_PAYMENT,
)
LINE = WantedLine(1, 1)


def rule(kind: str, **others: Any) -> RemedyRule:
    return RemedyRule(
        id=f"test/{kind}",
        kind=kind,
        reason="*",
        stage="unshipped",
        granted_by=GrantedBy.RULE,
        not_after=("change_items",),
        **others,
    )


RULES = (
    rule("cancel"),
    rule("change_items", refund_to=("*",), replacement=Replaced.ANY_VARIANT),
    rule("change_address"),
    rule("change_payment", refund_to=("*",)),
)


def town(
    quantity: int = 1,
    *,
    discount_minor: int = 0,
    parts: int = 1,
    cancelled_by: GrantedBy = GrantedBy.RULE,
) -> Town:
    item = Item(LISTING, 5_000, quantity, discount_minor, variant=RED)
    paid = Payment("credit_card", (5_000 * quantity - discount_minor) * parts, "card_1")
    rules = (replace(RULES[0], granted_by=cancelled_by), *RULES[1:])
    one = Town(*rules).ordered(item, payments=(paid,), parts=parts)
    one.sells(
        Variant(RED, 5_000),
        Variant(BLUE, 7_000),
        Variant(GREEN, 4_000),
        Variant(GONE, 5_000, available=False),
    )
    one.has("card_1", "credit_card").has("paypal_1", "paypal")
    return one.has("gift_1", "gift_card", balance_minor=6_000)


def to(variant: UUID, price_minor: int, listing: UUID = LISTING) -> tuple[Replacement, ...]:
    return (Replacement(listing, variant, price_minor),)


def live(one: Town) -> tuple[Remedy, ...]:
    found: tuple[Remedy, ...] = one.mine.state.live
    return found


def ledger(one: Town, account: Account) -> int:
    """What the account has by all posted transfers."""
    return sum(
        entry.minor
        for event in one.mine.journal
        for transfer in event.transfers
        if transfer.phase == "posted"
        for entry in transfer.entries
        if entry.account is account
    )


def test_a_dearer_variant_is_charged_before_the_order_changes() -> None:
    one = town()
    one.wish(ITEMS, LINE, to=to(BLUE, 7_000), method="paypal_1").then_only(
        BooksOpened, RemedyRequested, RemedyApproved, ChargeRequested
    )
    assert one.order.parts[0].items[0].terms.variant == RED
    one.charge_confirmed()
    (item,) = one.order.parts[0].items
    assert (item.terms.variant, item.unit_price_minor) == (BLUE, 7_000)
    assert one.order.payments[1:] == (Payment("paypal", 2_000, "paypal_1"),)
    assert one.mine.state.live[0].status is Status.SETTLED
    assert (ledger(one, Account.ESCROW), ledger(one, Account.CONSUMER)) == (7_000, -7_000)
    one.charge_confirmed().then_nothing()


def test_a_cheaper_variant_gives_the_difference_back_by_the_named_method() -> None:
    one = town()
    one.wish(ITEMS, LINE, to=to(GREEN, 4_000), method="gift_1")
    (leg,) = one.mine.state.live[0].legs
    assert (leg.payment, leg.reference, leg.amount_minor, leg.stored) == (0, "gift_1", 1_000, True)
    assert one.balance("gift_1") == 6_000
    one.refunds_confirmed()
    assert one.balance("gift_1") == 7_000
    assert ledger(one, Account.ESCROW) == 4_000


def changed_with_a_subsidy() -> Town:
    """Two for 50, of which the platform paid 4; since then they cost 40."""
    item = Item(LISTING, 5_000, 2, subsidy_minor=400, commission_minor=1_000, variant=RED)
    rules = (replace(rule("cancel"), not_after=()), *RULES[1:])
    one = Town(*rules).ordered(item, payments=(Payment("credit_card", 9_600, "card_1"),))
    one.sells(Variant(RED, 5_000), Variant(GREEN, 4_000)).has("card_1", "credit_card")
    one.wish(ITEMS, WantedLine(1, 1, 2), to=to(GREEN, 4_000), method="card_1")
    return one.refunds_confirmed()


def test_a_sale_that_stands_keeps_its_subsidy_when_it_is_changed() -> None:
    one = changed_with_a_subsidy()
    assert ledger(one, Account.PLATFORM_SUBSIDY) == -400
    payout = RecordPayout(**WHO, id=UUID(int=1), part=1, currency="CNY", merchant_minor=8_000)
    one.tell(payout).then_only(PayoutRecorded)


def test_a_cancellation_after_a_change_leaves_nothing_in_any_account() -> None:
    one = changed_with_a_subsidy()
    one.wish(RemedyKind.CANCEL)
    one.refunds_confirmed()
    assert {account: ledger(one, account) for account in Account} == dict.fromkeys(Account, 0)


@pytest.mark.parametrize("price_minor", [9_000, 12_000])
def test_a_presale_is_changed_at_the_price_that_was_agreed(price_minor: int) -> None:
    one = Town(*RULES, presales={"*": CN})
    part = OrderedPart(
        merchant=MERCHANT, items=(Item(LISTING, 10_000, variant=RED),), presale=TERMS
    )
    placed = PlaceOrder(
        **WHO,
        market="cn",
        placed_at=START,
        timezone="Asia/Shanghai",
        currency="CNY",
        parts=(part,),
        payments=(Payment("credit_card", TERMS.deposit_minor, "card_1"),),
    )
    one.tell(placed).then_only(OrderPlaced)
    one.sells(Variant(RED, 10_000), Variant(BLUE, price_minor), Variant(GREEN, 10_000))
    one.has("card_1", "credit_card")
    asked = one.wish(ITEMS, LINE, to=to(BLUE, price_minor), method="card_1")
    asked.then_refused("presale_price_differs")
    one.wish(ITEMS, LINE, to=to(GREEN, 10_000), method="card_1")
    assert one.order.parts[0].items[0].terms.variant == GREEN


def test_a_variant_into_itself_moves_no_money() -> None:
    one = town()
    one.wish(ITEMS, LINE, to=to(RED, 5_000), method="card_1")
    one.mine.then_only(ChangeMade, RemedySettled)
    assert one.order.parts[0].items[0].terms.variant == RED


def test_a_balance_pays_by_a_handshake_and_never_below_nothing() -> None:
    one = town()
    one.wish(ITEMS, LINE, to=to(BLUE, 7_000), method="gift_1")
    assert one.balance("gift_1") == 4_000
    assert one.order.payments[1] == Payment("gift_card", 2_000, "gift_1", stored=True)


def test_a_balance_that_was_spent_meanwhile_undoes_the_change() -> None:
    one = town()
    one.holds_back = (TakeBalance,)
    one.wish(ITEMS, LINE, to=to(BLUE, 7_000), method="gift_1").then_only(
        BooksOpened, RemedyRequested, RemedyApproved, ChargeRequested
    )
    (ask,) = one.waiting
    spent = TakeBalance(
        consumer=ask.consumer,
        method="gift_1",
        order=UUID(int=7),
        remedy=1,
        amount_minor=5_000,
        currency="CNY",
    )
    one.spec(spent.target()).when(spent).then_only(BalanceTaken)
    one.let_through()
    assert any(isinstance(event, BalanceLacking) for event in one.heard)
    assert isinstance(one.heard[-1], ChargeFailed)
    assert (one.mine.state.live, one.balance("gift_1")) == ((), 1_000)
    assert one.order.parts[0].items[0].terms.variant == RED
    # It came to nothing, so it can be asked for again.
    one.wish(ITEMS, LINE, to=to(GREEN, 4_000), method="card_1")
    assert one.order.parts[0].items[0].terms.variant == GREEN


def test_an_order_that_shipped_meanwhile_gives_the_charge_back() -> None:
    one = town()
    one.wish(ITEMS, LINE, to=to(BLUE, 7_000), method="paypal_1")
    shipped(one)
    one.charge_confirmed()
    assert any(isinstance(event, ChangeDeclined) for event in one.heard)
    (leg,) = one.mine.state.live[0].legs
    assert (leg.payment, leg.reference, leg.amount_minor) == (2, "paypal_1", 2_000)
    one.refunds_confirmed()
    assert one.mine.state.refunded == (0, 2_000)
    assert ledger(one, Account.ESCROW) == 5_000
    one.mine.wake_when_due().then_only(RemedyClosed)
    assert one.mine.state.closed[-1].status is Status.REFUSED
    assert one.mine.state.granted == ()


def shipped(one: Town) -> None:
    parcel = UUID(int=0x5)
    one.tell(AnnounceShipment(**WHO, part=1, shipment=parcel))
    one.tell(RecordTracking(**WHO, shipment=parcel, code="collected", at=START))


def test_another_method_pays_all_and_the_first_is_refunded() -> None:
    one = town()
    one.wish(PAYMENT, method="paypal_1")
    one.charge_confirmed()
    (leg,) = one.mine.state.live[0].legs
    assert (leg.payment, leg.reference, leg.amount_minor) == (1, "card_1", 5_000)
    assert [payment.reference for payment in one.order.payments] == ["card_1", "paypal_1"]
    one.refunds_confirmed()
    # What is cancelled from now on goes back to the new one.
    one.wish(RemedyKind.CANCEL)
    (leg,) = one.mine.state.live[-1].legs
    assert (leg.payment, leg.amount_minor) == (2, 5_000)
    one.refunds_confirmed()
    assert ledger(one, Account.ESCROW) == 0
    assert one.order.cancelled


def test_another_method_pays_only_what_has_not_gone_back_to_any() -> None:
    rules = tuple(replace(one, not_after=()) for one in RULES)
    payments = (Payment("balance", 500, "own_1"), Payment("credit_card", 4_500, "card_1"))
    one = Town(*rules).ordered(Item(LISTING, 5_000, variant=RED), payments=payments)
    one.sells(Variant(RED, 5_000), Variant(GREEN, 4_000))
    one.has("gift_1", "gift_card").has("paypal_1", "paypal")
    one.wish(ITEMS, LINE, to=to(GREEN, 4_000), method="gift_1")
    one.refunds_confirmed().wish(PAYMENT, method="paypal_1")
    one.charge_confirmed(remedy=2)
    one.refunds_confirmed()
    (charged,) = (event for event in one.heard if isinstance(event, ChargeTaken))
    assert charged.amount_minor == 4_000
    assert sum(one.mine.state.refunded) == 5_000


def test_what_is_granted_while_another_method_is_asked_for_all_is_given_besides() -> None:
    one = town(quantity=2, cancelled_by=GrantedBy.MERCHANT)
    one.wish(RemedyKind.CANCEL, WantedLine(1, 1))
    one.wish(PAYMENT, method="paypal_1")
    one.tell(GrantRemedy(**WHO, remedy=1))
    one.charge_confirmed(remedy=2)
    cancelled, changed = ([(leg.payment, leg.amount_minor) for leg in of.legs] for of in live(one))
    assert (cancelled, changed) == ([(1, 5_000)], [(1, 5_000), (2, 5_000)])
    one.refunds_confirmed()
    assert (ledger(one, Account.CONSUMER), ledger(one, Account.ESCROW)) == (-5_000, 5_000)


def test_what_is_granted_after_it_has_paid_is_not_kept_of_what_failed() -> None:
    one = town(quantity=2, cancelled_by=GrantedBy.MERCHANT)
    one.wish(RemedyKind.CANCEL, WantedLine(1, 1))
    one.wish(PAYMENT, method="paypal_1")
    one.charge_confirmed(remedy=2)
    one.tell(GrantRemedy(**WHO, remedy=1))
    failed = FailRefund(**WHO, remedy=2, leg=1, reason=RefundFailure.DECLINED)
    one.tell(failed)
    one.tell(NameRoute(**WHO, remedy=2, method="bank"), by=BY_CONSUMER)
    one.tell(failed)
    assert [remedy.asked_minor for remedy in live(one)] == [5_000, 10_000]


@pytest.mark.parametrize("place", range(3))
def test_what_the_bank_took_back_of_the_first_is_not_refunded_too(place: int) -> None:
    """Nor is the other method, by which the order is paid now; whenever it is told of."""
    one = town()
    one.wish(PAYMENT, method="paypal_1")
    taken = replace(LATE, amount_minor=5_000)
    dead = FailRefund(**WHO, remedy=1, leg=1, reason=RefundFailure.DECLINED)
    back = RecordOutside(
        **WHO,
        id=UUID(int=1),
        kind=OutsideKind.CHARGEBACK,
        amount_minor=5_000,
        currency="CNY",
        payment=1,
    )
    commands: list[Any] = [taken, dead] if place else [taken]
    commands.insert(place, back)
    for command in commands:
        one.tell(command)
    (remedy,) = one.mine.state.live
    assert remedy.status is Status.SETTLED
    one.tell(NameRoute(**WHO, remedy=1, method="bank"), by=BY_CONSUMER)
    one.mine.then_refused("route_not_needed")
    assert (ledger(one, Account.CONSUMER), one.mine.state.pending) == (-5_000, ())


@pytest.mark.parametrize(
    ("method", "code"),
    [
        ("", "method_missing"),
        ("card_1", "method_same"),
        ("card_9", "method_unknown"),
        ("gift_1", "balance_insufficient"),
    ],
)
def test_refuses_to_pay_all_by(method: str, code: str) -> None:
    one = town(quantity=2)
    one.wish(PAYMENT, method=method).then_refused(code)


@pytest.mark.parametrize(
    ("line", "new", "method", "code"),
    [
        (WantedLine(1, 2), to(BLUE, 7_000), "card_1", "item_unknown"),
        (WantedLine(2, 1), to(BLUE, 7_000), "card_1", "part_unknown"),
        (WantedLine(1, 1, 2), to(BLUE, 7_000), "card_1", "quantity_exceeds_bought"),
        (LINE, to(BLUE, 7_000, UUID(int=9)), "card_1", "replacement_differs"),
        (LINE, to(UUID(int=9), 7_000), "card_1", "variant_unknown"),
        (LINE, to(GONE, 5_000), "card_1", "variant_unavailable"),
        (LINE, to(BLUE, 6_999), "card_1", "price_changed"),
        (LINE, (), "card_1", "replacement_needed"),
        (LINE, to(BLUE, 7_000) * 2, "card_1", "replacement_needed"),
        (LINE, to(BLUE, 7_000), "", "method_missing"),
        (LINE, to(BLUE, 7_000), "card_9", "method_unknown"),
    ],
)
def test_refuses_to_change_items(line: Any, new: Any, method: str, code: str) -> None:
    one = town()
    one.wish(ITEMS, line, to=new, method=method).then_refused(code)
    assert one.mine.state is None


def test_refuses_what_the_balance_does_not_cover_before_anything_is_recorded() -> None:
    one = town(quantity=4)
    one.wish(ITEMS, WantedLine(1, 1, 4), to=to(BLUE, 7_000), method="gift_1").then_refused(
        "balance_insufficient"
    )
    assert one.mine.state is None


def test_a_second_change_and_what_it_locks_are_refused() -> None:
    one = town()
    one.wish(ITEMS, LINE, to=to(RED, 5_000), method="card_1")
    one.wish(ITEMS, LINE, to=to(RED, 5_000), method="card_1").then_refused("not_after_another")
    one.wish(PAYMENT, method="paypal_1").then_refused("not_after_another")
    one.wish(RemedyKind.CANCEL).then_refused("not_after_another")
    one.mine.wake_when_due().then_only(RemedyClosed)
    one.wish(ITEMS, LINE, to=to(RED, 5_000), method="card_1").then_refused("not_after_another")


def test_nothing_else_happens_while_a_change_is_under_way() -> None:
    one = town()
    one.wish(ITEMS, LINE, to=to(BLUE, 7_000), method="card_1")
    one.wish(RemedyKind.CANCEL).then_refused("change_under_way")
    paid = ConfirmCharge(**WHO, remedy=1, amount_minor=2_000, currency="CNY", charged_at=START)
    one.mine.when(paid, by=MARKETPLACE).then_only(ChargeTaken, ChangeRequested)
    one.mine.when(WithdrawRemedy(**WHO, remedy=1), by=BY_CONSUMER).then_refused("change_under_way")


def test_some_of_a_line_change_and_no_unit_of_its_discount_is_lost() -> None:
    one = town(quantity=3, discount_minor=100)
    one.wish(ITEMS, WantedLine(1, 1, 2), to=to(GREEN, 4_000), method="card_1")
    rest, moved = one.order.parts[0].items
    assert (rest.quantity, moved.quantity) == (1, 2)
    assert rest.discount_minor + moved.discount_minor == 100
    assert rest.paid_minor + moved.paid_minor == 14_900 - 2_000


def test_the_address_is_no_part_of_any_event() -> None:
    one = town()
    one.wish(ADDRESS).then_refused("address_missing")
    one.wish(RemedyKind.CANCEL, digest=b"x" * 16, length=4).then_refused("address_not_wanted")
    one.wish(ADDRESS, digest=b"x" * 16, length=4)
    assert one.order.address is not None
    changed = [event for event in one.heard if isinstance(event, OrderChanged)][-1]
    assert changed.address is not None
    assert changed.address.length == 4


def test_after_shipping_nothing_is_ruled() -> None:
    one = town()
    shipped(one)
    one.wish(ITEMS, LINE, to=to(BLUE, 7_000), method="card_1").then_refused("remedy_not_offered")
    one.wish(ADDRESS, digest=b"x" * 16, length=4).then_refused("remedy_not_offered")


def test_a_confirmation_of_another_amount_or_currency_is_refused() -> None:
    one = town()
    one.wish(ITEMS, LINE, to=to(BLUE, 7_000), method="card_1")

    def confirm(**other: Any) -> ConfirmCharge:
        said = {"amount_minor": 2_000, "currency": "CNY", "charged_at": START, **other}
        return ConfirmCharge(**WHO, remedy=1, **said)

    one.tell(confirm(amount_minor=1_999)).then_refused("amount_differs")
    one.tell(confirm(currency="USD")).then_refused("currency_differs")
    one.tell(confirm(), by=BY_CONSUMER).then_refused("not_allowed")
    one.tell(confirm())
    failed = FailCharge(**WHO, remedy=1, reason=ChargeFailure.DECLINED)
    one.tell(failed).then_refused("charge_settled")


def test_what_a_balance_answers_nobody_else_says() -> None:
    one = town()
    one.holds_back = (TakeBalance, NoteChange, ChangeOrder)
    one.wish(ITEMS, LINE, to=to(BLUE, 7_000), method="gift_1")
    for actor in (MARKETPLACE, Actor(Role.ADMIN, UUID(int=1))):
        confirm = ConfirmCharge(
            **WHO, remedy=1, amount_minor=2_000, currency="CNY", charged_at=START
        )
        one.tell(confirm, by=actor).then_refused("not_allowed")
        one.tell(NoteChange(**WHO, remedy=1, changed=True), by=actor).then_refused("not_allowed")
        one.tell(ChangeOrder(**WHO, remedy=1), by=actor).then_refused("not_allowed")


def test_a_charge_that_fails_leaves_everything_as_it_was() -> None:
    one = town()
    one.wish(ITEMS, LINE, to=to(BLUE, 7_000), method="card_1")
    one.tell(FailCharge(**WHO, remedy=1, reason=ChargeFailure.DECLINED)).then_only(ChargeFailed)
    assert one.mine.state.live == ()
    assert one.order.parts[0].items[0].terms.variant == RED
    assert ledger(one, Account.ESCROW) == 5_000


def test_a_charge_that_nobody_answers_comes_to_an_end_and_frees_the_order() -> None:
    one = town()
    one.wish(ITEMS, LINE, to=to(BLUE, 7_000), method="card_1")
    begun = one.mine.now
    while one.mine.state.live:
        one.mine.wake_when_due()
    assert one.mine.event(ChargeFailed).reason == "not_answered"
    assert timedelta(days=2) < one.mine.now - begun < timedelta(days=3)
    assert not one.mine.state.changing, "and whatever else may be asked for"


LATE = ConfirmCharge(**WHO, remedy=1, amount_minor=2_000, currency="CNY", charged_at=START)


def lapsed(method: str = "card_1") -> Town:
    """A change that nobody answered the charge for."""
    one = town()
    one.wish(ITEMS, LINE, to=to(BLUE, 7_000), method=method)
    while one.mine.state.live:
        one.mine.wake_when_due()
    return one


def test_what_is_taken_for_a_change_that_lapsed_goes_back_once() -> None:
    one = lapsed()
    one.tell(LATE).then_only(ChargeTakenLate, RefundRequested)
    (leg,) = one.mine.state.live[0].legs
    assert (leg.method, leg.reference, leg.amount_minor) == ("credit_card", "card_1", 2_000)
    one.tell(LATE).then_nothing()
    assert not one.mine.state.changing, "the order is free for other wishes meanwhile"
    one.tell(WithdrawRemedy(**WHO, remedy=1), by=BY_CONSUMER).then_refused("refund_on_its_way")
    one.refunds_confirmed()
    assert (ledger(one, Account.ESCROW), ledger(one, Account.CONSUMER)) == (5_000, -5_000)
    while one.mine.state.live:
        one.mine.wake_when_due()
    one.tell(LATE).then_nothing()
    assert [(over.number, over.status) for over in one.mine.state.closed] == [(1, Status.WITHDRAWN)]
    assert one.order.parts[0].items[0].terms.variant == RED


def test_what_is_taken_late_has_to_be_what_was_asked_for() -> None:
    one = lapsed()
    for wrong, code in (
        (replace(LATE, amount_minor=1_999), "amount_differs"),
        (replace(LATE, currency="EUR"), "currency_differs"),
        (replace(LATE, charged_at=START + timedelta(days=30)), "time_in_future"),
        (replace(LATE, remedy=2), "remedy_unknown"),
    ):
        one.tell(wrong).then_refused(code)
    assert one.mine.state.live == ()


def test_that_nothing_was_taken_for_what_lapsed_is_no_news_unless_it_was() -> None:
    one = lapsed()
    failed = FailCharge(**WHO, remedy=1, reason=ChargeFailure.DECLINED)
    one.tell(failed).then_nothing()
    one.tell(LATE)
    one.tell(failed).then_refused("charge_settled")


def test_what_is_taken_for_a_change_that_was_said_to_be_unpaid_goes_back() -> None:
    one = town()
    one.wish(ITEMS, LINE, to=to(BLUE, 7_000), method="card_1")
    one.tell(FailCharge(**WHO, remedy=1, reason=ChargeFailure.DECLINED))
    one.tell(LATE).then_only(ChargeTakenLate, RefundRequested)


def test_a_balance_that_is_taken_late_is_given_back_and_only_its_wallet_says_so() -> None:
    one = town()
    one.holds_back = (TakeBalance,)
    one.wish(ITEMS, LINE, to=to(BLUE, 7_000), method="gift_1")
    while one.mine.state.live:
        one.mine.wake_when_due()
    one.tell(LATE).then_refused("not_allowed")
    one.let_through()
    assert one.balance("gift_1") == 4_000
    one.refunds_confirmed()
    assert one.balance("gift_1") == 6_000


def won(*, shipped: bool) -> Town:
    """The merchant refused a change to something cheaper, and the platform granted it."""
    rules = (replace(RULES[1], granted_by=GrantedBy.MERCHANT),)
    one = Town(*rules).ordered(
        Item(LISTING, 5_000, variant=RED),
        payments=(Payment("credit_card", 5_900, "card_1"),),
        shipping_minor=900,
    )
    one.sells(Variant(RED, 5_000), Variant(GREEN, 4_000)).has("card_1", "credit_card")
    one.wish(ITEMS, LINE, to=to(GREEN, 4_000), method="card_1")
    one.tell(RefuseRemedy(**WHO, remedy=1, reason="no", facts=("packed_complete",)))
    one.tell(OpenDispute(**WHO, remedy=1, reason="not_true"), by=BY_CONSUMER)
    one.tell(SubmitEvidence(**WHO, remedy=1, side=Side.MERCHANT, digests=(bytes(16),)))
    one.mine.wake_when_due().then_only(DecisionAsked)
    if shipped:
        parcel = UUID(int=0x5A)
        one.tell(AnnounceShipment(**WHO, part=1, shipment=parcel))
        one.tell(RecordTracking(**WHO, shipment=parcel, code="collected", at=START))
    said: Any = {"outcome": Outcome.GRANTED, "reason": "so", "basis": "both"}
    one.tell(DecideDispute(**WHO, remedy=1, **said))
    return one


def test_a_change_that_was_won_gives_its_difference_and_nothing_for_shipping() -> None:
    one = won(shipped=False)
    (remedy,) = live(one)
    assert (remedy.amount_minor, remedy.shipping_minor) == (1_000, 0)
    one.refunds_confirmed()
    while one.mine.state.live:
        one.mine.wake_when_due()
    assert all(given.item for given in one.mine.state.given), "shipping counts as given back"


def test_a_change_that_was_won_too_late_gives_nothing() -> None:
    one = won(shipped=True)
    assert any(isinstance(event, ChangeRefused) for event in one.mine.journal)
    (remedy,) = live(one)
    assert (remedy.amount_minor, remedy.shipping_minor) == (0, 0)


def test_what_another_method_pays_is_one_merchants_for_all_its_parts() -> None:
    one = town(parts=2)
    one.wish(PAYMENT, method="paypal_1")
    (remedy,) = one.mine.state.live
    assert [share.minor for share in remedy.shares] == [10_000]
    one.charge_confirmed()
    one.refunds_confirmed()
    assert one.mine.events(RemedySettled)
    assert (ledger(one, Account.ESCROW), ledger(one, Account.CONSUMER)) == (10_000, -10_000)


def test_what_was_asked_for_when_each_part_was_a_share_of_its_own_goes_back_as_well() -> None:
    paid = (Payment("credit_card", 5_000, "card_1"), Payment("credit_card", 5_000, "card_2"))
    one = Town(*RULES).ordered(Item(LISTING, 5_000, variant=RED), payments=paid, parts=2)
    one.has("paypal_1", "paypal").wish(PAYMENT, method="paypal_1")
    (remedy,) = live(one)
    (share,) = remedy.shares
    halves = (replace(share, minor=5_000),) * 2
    one.mine.state = one.mine.state.with_remedy(replace(remedy, shares=halves))
    one.charge_confirmed()
    one.refunds_confirmed()
    assert one.mine.events(RemedySettled)
    assert (ledger(one, Account.ESCROW), ledger(one, Account.CONSUMER)) == (10_000, -10_000)


def test_another_method_that_pays_all_too_late_has_it_back() -> None:
    one = town(parts=2)
    one.wish(PAYMENT, method="paypal_1")
    one.tell(WithdrawRemedy(**WHO, remedy=1), by=BY_CONSUMER)
    one.tell(replace(LATE, amount_minor=10_000)).then_only(ChargeTakenLate, RefundRequested)
    one.refunds_confirmed()
    assert (ledger(one, Account.ESCROW), ledger(one, Account.CONSUMER)) == (10_000, -10_000)


def test_who_does_not_pay_may_take_the_change_back_and_wish_for_something_else() -> None:
    one = town()
    one.wish(ITEMS, LINE, to=to(BLUE, 7_000), method="card_1")
    one.tell(WithdrawRemedy(**WHO, remedy=1), by=BY_CONSUMER).then_only(RemedyWithdrawn)
    assert (one.mine.state.live, one.mine.state.pending) == ((), ())
    assert ledger(one, Account.ESCROW) == 5_000
    one.wish(RemedyKind.CANCEL, LINE)
    assert one.mine.state.live[0].kind is RemedyKind.CANCEL
    one.tell(LATE).then_only(ChargeTakenLate, RefundRequested)
    one.refunds_confirmed()
    assert (ledger(one, Account.ESCROW), ledger(one, Account.CONSUMER)) == (0, 0)


def test_payments_that_do_not_answer_are_asked_again() -> None:
    one = town()
    one.wish(ITEMS, LINE, to=to(BLUE, 7_000), method="card_1")
    (again,) = one.mine.wake_when_due().events(ChargeRequested)
    assert again.again
    assert one.mine.state.live[0].charge.asked_again == 1


def test_a_charge_asked_for_anew_after_a_restore_has_a_key_of_its_own() -> None:
    keys: list[object] = []
    for later in (timedelta(), timedelta(hours=1)):
        one = town()
        one.mine.now += later
        one.wish(ITEMS, LINE, to=to(BLUE, 7_000), method="card_1")
        one.mine.wake_when_due()
        asked = [event for event in one.heard if isinstance(event, ChargeRequested)]
        asked += one.mine.events(ChargeRequested)
        found = {charge_key(order=ORDER, remedy=1, charge=event.charge) for event in asked}
        assert (len(asked), len(found)) == (2, 1)
        keys += found
    assert len(set(keys)) == 2


def test_an_order_that_does_not_answer_is_not_asked_twice() -> None:
    one = town()
    one.holds_back = (ChangeOrder,)
    one.wish(ITEMS, LINE, to=to(RED, 5_000), method="card_1")
    (again,) = one.mine.wake_when_due().events(ChangeRequested)
    assert again.again
    one.let_through()
    assert one.mine.state.live[0].status is Status.SETTLED


def test_a_cancelled_order_is_cancelled_once() -> None:
    one = town()
    one.wish(RemedyKind.CANCEL)
    assert one.order.cancelled
    assert [type(event) for event in one.heard].count(OrderCancelled) == 1
    one.tell(CancelOrder(**WHO, at=START, remedy=1), by=MARKETPLACE).then_nothing()


def test_part_of_an_order_cancelled_leaves_the_order() -> None:
    one = town(quantity=2)
    one.wish(RemedyKind.CANCEL, LINE)
    assert not one.order.cancelled
    one.wish(RemedyKind.CANCEL)
    assert one.order.cancelled


def test_parts_cancelled_one_by_one_cancel_the_order_with_the_last() -> None:
    one = town(parts=2)
    one.wish(RemedyKind.CANCEL, WantedLine(1, 1))
    assert not one.order.cancelled
    assert [part.cancelled_at is None for part in one.order.parts] == [False, True]
    one.wish(RemedyKind.CANCEL, WantedLine(2, 1))
    assert one.order.cancelled
    assert [type(event) for event in one.heard].count(PartCancelled) == 1


@pytest.mark.parametrize(("parts", "line"), [(1, WantedLine(1, 2)), (2, WantedLine(2, 2))])
def test_what_nobody_has_granted_yet_is_not_cancelled_with_the_rest(
    parts: int, line: WantedLine
) -> None:
    asked = replace(RULES[0], id="test/asked", reason="too_late", granted_by=GrantedBy.MERCHANT)
    paid = Payment("card", 10_000 * parts, "card_1")
    one = Town(*RULES, asked).ordered(*[Item(LISTING, 5_000)] * 2, payments=(paid,), parts=parts)
    one.wish(RemedyKind.CANCEL, line, reason="too_late").then_only(BooksOpened, RemedyRequested)
    for part in range(1, parts + 1):
        for item in {1, 2} if part != line.part else {1}:
            one.wish(RemedyKind.CANCEL, WantedLine(part, item))
    assert not one.order.cancelled
    assert one.order.parts[line.part - 1].cancelled_at is None
    one.tell(GrantRemedy(**WHO, remedy=1))
    assert one.order.cancelled


def test_what_is_left_of_an_order_is_still_changed_after_a_part_was_cancelled() -> None:
    one = town(parts=2)
    one.wish(RemedyKind.CANCEL, WantedLine(1, 1))
    one.wish(ADDRESS, digest=b"x" * 16, length=4)
    assert one.order.address is not None


def test_the_change_is_refused_without_a_charge_too() -> None:
    one = town()
    one.holds_back = (ChangeOrder,)
    one.wish(ITEMS, LINE, to=to(RED, 5_000), method="card_1")
    shipped(one)
    one.let_through()
    one.mine.then_only(ChangeRefused, RemedySettled)
    taken = [event for event in one.heard if isinstance(event, ChargeTaken | RefundRequested)]
    assert taken == []


def test_a_journal_of_before_that_names_no_charge_is_replayed_as_it_was() -> None:
    one = lapsed()
    closed = one.mine.state.closed
    before = [
        replace(event, lapsed=None) if isinstance(event, ChargeFailed) else event
        for event in one.mine.journal
    ]
    assert evolved(None, before).closed == (replace(closed[0], lapsed=None),)


def with_coupon() -> Town:
    """Two units at 50 each, for which 80 were paid."""
    one = Town(*RULES).ordered(
        Item(LISTING, 5_000, 2, variant=RED), payments=(Payment("credit_card", 8_000, "card_1"),)
    )
    one.sells(Variant(RED, 5_000), Variant(BLUE, 7_000), Variant(GREEN, 4_000))
    return one.has("card_1", "credit_card").has("paypal_1", "paypal")


def test_what_another_method_paid_anew_is_not_counted_twice() -> None:
    one = with_coupon()
    one.wish(PAYMENT, method="paypal_1")
    one.charge_confirmed()
    one.refunds_confirmed()
    one.wish(RemedyKind.CANCEL, LINE)
    assert one.mine.state.live[-1].amount_minor == 4_000


def test_what_was_charged_for_a_change_that_was_refused_is_not_counted() -> None:
    one = with_coupon()
    one.holds_back = (ChangeOrder,)
    one.wish(ITEMS, WantedLine(1, 1, 2), to=to(BLUE, 7_000), method="paypal_1")
    one.charge_confirmed()
    one.tell(CancelOrder(**WHO, at=START))
    one.let_through()
    assert one.mine.event(ChangeRefused).back_minor == 4_000
    assert worth_of(purchase=one.order, book=one.mine.state).items == ((8_000,),)


def test_what_a_cheaper_variant_gave_back_was_not_paid_for_the_rest() -> None:
    one = with_coupon()
    one.wish(ITEMS, LINE, to=to(GREEN, 4_000), method="card_1")
    one.refunds_confirmed()
    assert sum(worth_of(purchase=one.order, book=one.mine.state).items[0]) == 7_000


def test_an_exchange_or_change_of_before_is_counted_as_it_was() -> None:
    one = with_coupon()
    one.wish(PAYMENT, method="paypal_1")
    one.charge_confirmed()
    before = [
        replace(event, back_minor=0) if isinstance(event, ChangeMade) else event
        for event in one.mine.journal
    ]
    assert evolved(None, before).charged_minor == 0


def test_what_is_taken_late_waits_for_a_place_and_finds_one() -> None:
    one = town(quantity=LIVE_MAX + 1)
    one.wish(ITEMS, LINE, to=to(BLUE, 7_000), method="card_1")
    one.tell(WithdrawRemedy(**WHO, remedy=1), by=BY_CONSUMER)
    for _ in range(LIVE_MAX):
        one.wish(RemedyKind.CANCEL, LINE)
    one.tell(LATE).then_refused("remedies_too_many")
    one.refunds_confirmed()
    one.tell(LATE)
    assert one.mine.event(ChargeTakenLate).amount_minor == 2_000
    assert len(one.mine.events(RemedyClosed)) == LIVE_MAX
    one.refunds_confirmed()
    assert (ledger(one, Account.ESCROW), ledger(one, Account.CONSUMER)) == (5_000, -5_000)
