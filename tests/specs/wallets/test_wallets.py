"""A wallet: what there is to pay with, and a balance that is taken once."""

from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain import wallets
from oncedesk.domain.shared.decider import MARKETPLACE, Actor, Role
from oncedesk.domain.wallets.messages import (
    METHODS_MAX,
    AddMethod,
    AdjustBalance,
    BalanceAdjusted,
    BalanceCredited,
    BalanceLacking,
    BalanceTaken,
    CreditBalance,
    MethodAdded,
    MethodRemoved,
    RemoveMethod,
    TakeBalance,
)
from oncedesk.domain.wallets.state import Method
from oncedesk.rules.library import PackLibrary
from tests.support.specs import START, Spec, size_of

CONSUMER, ORDER = UUID(int=0xC0), UUID(int=0x0D)
CARD, GIFT = "card_1", "gift_1"


def spec() -> Spec:
    return Spec(wallets.DECIDER, PackLibrary.always([]).at(START))


def gift(balance_minor: int = 5_000) -> AddMethod:
    return AddMethod(
        consumer=CONSUMER,
        method=GIFT,
        kind="gift_card",
        stored=True,
        currency="USD",
        balance_minor=balance_minor,
    )


def take(
    amount_minor: int, *, remedy: int = 1, method: str = GIFT, currency: str = "USD"
) -> TakeBalance:
    return TakeBalance(
        consumer=CONSUMER,
        method=method,
        order=ORDER,
        remedy=remedy,
        amount_minor=amount_minor,
        currency=currency,
    )


def credit(amount_minor: int, *, method: str = GIFT, currency: str = "USD") -> CreditBalance:
    return CreditBalance(
        consumer=CONSUMER,
        method=method,
        order=ORDER,
        remedy=1,
        amount_minor=amount_minor,
        currency=currency,
        kind="gift_card",
    )


def held() -> Spec:
    one = spec().when(gift(), by=MARKETPLACE).then_only(MethodAdded)
    card = AddMethod(consumer=CONSUMER, method=CARD, kind="credit_card")
    return one.when(card, by=MARKETPLACE).then_only(MethodAdded)


def balance(one: Spec) -> int:
    method: Method = one.state.method(GIFT)
    return method.balance_minor


def test_a_balance_is_taken_as_long_as_it_covers_the_amount() -> None:
    one = held()
    one.when(take(3_000)).then_only(BalanceTaken)
    one.when(take(2_001, remedy=2)).then_only(BalanceLacking)
    assert balance(one) == 2_000
    one.when(take(2_000, remedy=3)).then_only(BalanceTaken)
    one.when(credit(5_000)).then_only(BalanceCredited)
    assert balance(one) == 5_000
    assert one.replayed() == one.state


def test_whoever_asks_where_there_is_nothing_gets_a_no() -> None:
    one = spec().when(take(1)).then_only(BalanceLacking)
    assert one.state.methods == ()
    held().when(take(1, method=CARD)).then_only(BalanceLacking)
    held().when(take(1, currency="EUR")).then_only(BalanceLacking)


def test_a_credit_needs_a_balance() -> None:
    held().when(credit(1, method=CARD)).then_refused("balance_not_stored")
    held().when(credit(1, currency="EUR")).then_refused("currency_differs")


def test_what_was_sent_to_a_balance_that_is_gone_is_there_again() -> None:
    one = held().when(take(5_000))
    one.when(RemoveMethod(consumer=CONSUMER, method=GIFT), by=MARKETPLACE)
    one.when(credit(300)).then_only(MethodAdded, BalanceCredited)
    assert one.state.method(GIFT) == Method(GIFT, "gift_card", True, "USD", 300)
    assert one.replayed() == one.state


def test_money_moves_by_remedies_alone() -> None:
    for actor in (MARKETPLACE, Actor(Role.CONSUMER, CONSUMER), Actor(Role.ADMIN, UUID(int=1))):
        held().when(take(1), by=actor).then_refused("not_allowed")
        held().when(credit(1), by=actor).then_refused("not_allowed")
    spec().when(gift(), by=Actor(Role.CONSUMER, CONSUMER)).then_refused("not_allowed")


def test_what_is_told_twice_is_there_once() -> None:
    one = held().when(take(3_000))
    one.when(gift(), by=MARKETPLACE).then_nothing()
    assert balance(one) == 2_000
    other = AddMethod(consumer=CONSUMER, method=GIFT, kind="credit_card")
    one.when(other, by=MARKETPLACE).then_refused("method_differs")
    empty = AddMethod(consumer=CONSUMER, method="c", kind="credit_card", balance_minor=1)
    one.when(empty, by=MARKETPLACE).then_refused("balance_not_stored")


def test_a_balance_is_kept_in_a_currency_that_something_is_paid_in() -> None:
    for currency in ("RMB", "XXX"):
        wrong = replace(gift(), currency=currency)
        spec().when(wrong, by=MARKETPLACE).then_refused("currency_unknown")


def test_the_marketplace_fills_and_empties_a_balance() -> None:
    def adjust(amount_minor: int) -> AdjustBalance:
        return AdjustBalance(
            consumer=CONSUMER, method=GIFT, amount_minor=amount_minor, currency="USD"
        )

    one = held()
    one.when(adjust(500), by=MARKETPLACE).then_only(BalanceAdjusted)
    one.when(adjust(-5_501), by=MARKETPLACE).then_refused("balance_insufficient")
    remove = RemoveMethod(consumer=CONSUMER, method=GIFT)
    one.when(remove, by=MARKETPLACE).then_refused("balance_left")
    one.when(adjust(-5_500), by=MARKETPLACE).then_only(BalanceAdjusted)
    one.when(remove, by=MARKETPLACE).then_only(MethodRemoved)
    one.when(remove, by=MARKETPLACE).then_nothing()


def test_the_fullest_one_fits() -> None:
    one = spec()
    for number in range(METHODS_MAX):
        name = f"{number:048d}"
        command = AddMethod(
            consumer=CONSUMER,
            method=name,
            kind="k" * 48,
            stored=True,
            currency="USD",
            balance_minor=10**15,
        )
        one.when(command, by=MARKETPLACE).then_only(MethodAdded)
    one.when(gift(), by=MARKETPLACE).then_refused("methods_too_many")
    assert size_of(one.state) < 8_000
