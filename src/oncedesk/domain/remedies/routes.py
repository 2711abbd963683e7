"""By which of the consumer's methods money comes or goes, where one was named."""

from oncedesk.domain.remedies.amounts import left_of_payments
from oncedesk.domain.remedies.beside import MethodSeen, States, wallet_seen
from oncedesk.domain.remedies.messages.asking import Wish
from oncedesk.domain.remedies.purchase import Purchase
from oncedesk.domain.remedies.state import Remedies
from oncedesk.domain.remedies.words import RemedyKind, Route
from oncedesk.domain.shared.decider import Refusal


def route_for(
    *, purchase: Purchase, book: Remedies | None, wish: Wish, states: States
) -> Route | Refusal | None:
    """The method that was named, one of the consumer's; None where none was.

    Whether the rule lets it be named, `eligibility` has said. Back to what an order was paid with
    money goes in any case; for all else the consumer has to have it.
    """
    changes_payment = wish.kind is RemedyKind.CHANGE_PAYMENT
    if not wish.method:
        missing = Refusal("method_missing", "a method of this consumer", "method")
        return missing if changes_payment else None
    method = _method(purchase, wish.method, states)
    if method is None:
        paid = None if wish.kind.changes else _paid_by(purchase, wish.method)
        return paid or Refusal("method_unknown", "a method of this consumer", "method")
    if method.stored and method.currency != purchase.currency:
        return Refusal("currency_differs", f"the order's is {purchase.currency}", "method")
    if changes_payment and method.name in _holding(purchase, book):
        return Refusal("method_same", "another than it was paid with", "method")
    return Route(method.kind, method.name, method.stored)


def covers(*, route: Route, amount_minor: int, purchase: Purchase, states: States) -> bool:
    """Whether as far as can be seen now there is enough; only of a stored balance is it known."""
    if not route.stored:
        return True
    method = _method(purchase, route.reference, states)
    return method is not None and method.balance_minor >= amount_minor


def _method(purchase: Purchase, name: str, states: States) -> MethodSeen | None:
    wallet = wallet_seen(states, consumer=purchase.consumer)
    return None if wallet is None else wallet.method(name)


def _paid_by(purchase: Purchase, name: str) -> Route | None:
    for payment in purchase.payments:
        if name in (payment.reference, payment.method):
            return Route(payment.method, payment.reference, payment.stored)
    return None


def _holding(purchase: Purchase, book: Remedies | None) -> frozenset[str]:
    """The payments that hold something, by their names."""
    left = left_of_payments(purchase=purchase, book=book)
    return frozenset(
        payment.reference
        for payment, left_minor in zip(purchase.payments, left, strict=True)
        if left_minor > 0
    )
