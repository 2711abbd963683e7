"""Two payments, and escrow or the balance is short: each leg takes sources of its own."""

from oncedesk.domain.budgets.messages import BudgetReturned
from oncedesk.domain.orders.messages import Item, OrderedPart, Payment, PlaceOrder
from oncedesk.domain.shared.ledger import Account
from tests.specs.remedies.money import CONSUMER, CREATOR, LISTING, MERCHANT, ORDER, Money
from tests.support.specs import START


def two_payments() -> Money:
    money = Money()
    parts = (OrderedPart(merchant=MERCHANT, items=(Item(LISTING, 10_000, 2),)),)
    placed = PlaceOrder(
        consumer=CONSUMER,
        order=ORDER,
        market="cn",
        placed_at=START,
        timezone="Asia/Shanghai",
        currency="CNY",
        creator=CREATOR,
        parts=parts,
        payments=(Payment("card", 10_000), Payment("wallet", 10_000)),
    )
    assert money.gives(placed).accepted
    return money


def test_two_legs_do_not_take_the_same_escrow_twice() -> None:
    money = two_payments()
    assert money.pays_out(8_000).accepted
    money.asks(quantity=2)
    money.payments_send()
    assert money.stands(Account.ESCROW, MERCHANT) == 0
    assert money.account().owed_minor == 8_000
    assert money.of(BudgetReturned) == []


def test_two_legs_do_not_take_the_same_balance_twice() -> None:
    money = two_payments()
    assert money.pays_out(20_000).accepted
    money.tells(12_000)
    money.asks(quantity=2)
    money.payments_send()
    assert money.stands(Account.MERCHANT_PAYABLE, MERCHANT) == 8_000
    assert money.account().owed_minor == 8_000
