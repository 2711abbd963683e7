"""The books of an order: opened with its first remedy, with what was paid until then in escrow."""

from datetime import datetime

from oncedesk.domain.remedies.messages.asking import BooksOpened, PaidPart
from oncedesk.domain.remedies.postings import opening
from oncedesk.domain.remedies.purchase import Purchase


def open_books(*, purchase: Purchase, now: datetime) -> BooksOpened:
    """What was paid for this order, in escrow."""
    assert purchase.placed_at is not None
    paid = tuple(
        PaidPart(
            part.number,
            part.merchant,
            sum(item.paid_minor for item in part.items) + part.shipping_minor,
            sum(item.terms.subsidy_minor for item in part.items),
            sum(item.terms.commission_minor for item in part.items),
        )
        for part in purchase.parts
    )
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
