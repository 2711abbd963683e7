"""The books of an order: opened with its first remedy, with what was paid until then in escrow.

Of a presale that is its deposit; the rest is booked once it was paid.
"""

from datetime import datetime

from msgspec.structs import replace

from oncedesk.domain.remedies.messages import RemedyEvent
from oncedesk.domain.remedies.messages.asking import BooksOpened, PaidPart, PaymentBooked
from oncedesk.domain.remedies.postings import booked, opening
from oncedesk.domain.remedies.purchase import PartBought, Purchase, paid_so_far, presale_of
from oncedesk.domain.remedies.state import Remedies


def open_books(*, purchase: Purchase, now: datetime) -> BooksOpened:
    """What was paid for this order, in escrow."""
    assert purchase.placed_at is not None
    paid = tuple(_paid(purchase, part) for part in purchase.parts)
    return BooksOpened(
        consumer=purchase.consumer,
        order=purchase.order,
        at=now,
        market=purchase.market,
        currency=purchase.currency,
        placed_at=purchase.placed_at,
        pack=purchase.pack,
        paid=paid,
        creator=purchase.creator,
        transfers=opening(consumer=purchase.consumer, paid=paid, currency=purchase.currency),
    )


def book_payments(*, state: Remedies, purchase: Purchase, now: datetime) -> list[RemedyEvent]:
    """What was paid for its presales since; nothing where the books say so already."""
    presales = {one.part for one in purchase.presales}
    paid = tuple(
        _paid(purchase, purchase.parts[one.part - 1]) if one.part in presales else one
        for one in state.paid
    )
    if paid == state.paid:
        return []
    return [
        PaymentBooked(
            consumer=state.consumer,
            order=state.order,
            at=now,
            paid=paid,
            transfers=booked(state=state, paid=paid),
        )
    ]


def _paid(purchase: Purchase, part: PartBought) -> PaidPart:
    """What was paid for this part until now."""
    whole = PaidPart(
        part.number,
        part.merchant,
        sum(item.paid_minor for item in part.items) + part.shipping_minor,
        sum(item.terms.subsidy_minor for item in part.items),
        sum(item.terms.commission_minor for item in part.items),
    )
    presale = presale_of(purchase, part.number)
    if presale is None:
        return whole
    if presale.paid_at is None:
        return PaidPart(part.number, part.merchant, presale.deposit_minor, 0, 0)
    return replace(whole, paid_minor=paid_so_far(presale))
