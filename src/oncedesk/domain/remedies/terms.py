"""What a pack lets be asked for: how often, what it rules out afterwards, and by which method."""

from oncedesk.domain.remedies.amounts import left_of_payments
from oncedesk.domain.remedies.beside import MethodSeen, States, wallet_seen
from oncedesk.domain.remedies.messages.asking import Wish
from oncedesk.domain.remedies.purchase import Purchase
from oncedesk.domain.remedies.state import Remedies
from oncedesk.domain.remedies.words import RemedyKind, Route, Status
from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.remedy_rules import Methods, RemedyRules

_OVER = (Status.SETTLED, Status.REFUSED)


def barred(*, book: Remedies | None, wish: Wish, rules: RemedyRules) -> Refusal | None:
    """Why what was asked for before on this order leaves no room for this, if it does."""
    if book is None:
        return None
    if any(one.kind.changes and one.status not in _OVER for one in book.live):
        return Refusal("change_under_way", "once the order has changed, or has not")
    terms = rules.terms_of(wish.kind)
    if terms is not None and terms.times and book.times(wish.kind) >= terms.times:
        return Refusal("remedy_used_up", f"at most {terms.times} of an order ({terms.id})")
    for kind in RemedyKind:
        earlier = rules.terms_of(kind)
        if earlier is not None and wish.kind in earlier.locks and book.times(kind):
            return Refusal("remedy_locked", f"not after {kind} ({earlier.id})")
    return None


def route_for(
    *,
    purchase: Purchase,
    book: Remedies | None,
    wish: Wish,
    rules: RemedyRules,
    states: States,
) -> Route | Refusal | None:
    """The method that was named, if the pack lets one be named; None where money needs none."""
    terms = rules.terms_of(wish.kind)
    methods = Methods.ORIGINAL if terms is None else terms.methods
    if methods is Methods.ORIGINAL:
        refused = Refusal("method_not_offered", "the original payments", "method")
        return refused if wish.method else None
    if not wish.method:
        return Refusal("method_missing", "a method of this consumer", "method")
    wallet = wallet_seen(states, consumer=purchase.consumer)
    method = None if wallet is None else wallet.method(wish.method)
    if method is None:
        return Refusal("method_unknown", "a method of this consumer", "method")
    if method.stored and method.currency != purchase.currency:
        return Refusal("currency_differs", f"the order's is {purchase.currency}", "method")
    return _offered(method, methods, purchase, book) or Route(
        method.kind, method.name, method.stored
    )


def covers(*, route: Route, amount_minor: int, purchase: Purchase, states: States) -> bool:
    """Whether as far as can be seen now there is enough; only of a stored balance is it known."""
    if not route.stored:
        return True
    wallet = wallet_seen(states, consumer=purchase.consumer)
    method = None if wallet is None else wallet.method(route.reference)
    return method is not None and method.balance_minor >= amount_minor


def _offered(
    method: MethodSeen, methods: Methods, purchase: Purchase, book: Remedies | None
) -> Refusal | None:
    match methods:
        case Methods.ORIGINAL_OR_STORED:
            original = any(one.reference == method.name for one in purchase.payments)
            if not original and not method.stored:
                return Refusal("method_not_offered", "the original, or a balance", "method")
        case Methods.OTHER:
            left = left_of_payments(purchase=purchase, book=book)
            for payment, left_minor in zip(purchase.payments, left, strict=True):
                if left_minor > 0 and payment.reference == method.name:
                    return Refusal("method_same", "another than it was paid with", "method")
        case Methods.ANY | Methods.ORIGINAL:
            pass
    return None
