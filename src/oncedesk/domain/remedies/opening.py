"""The books of an order: opened with its first remedy, with what was paid until then in escrow.

That is what was really paid: with a coupon on the order, less than all of it costs. Of a presale it
is the deposit; the rest is booked once it was paid.
"""

from datetime import datetime

from msgspec.structs import replace

from oncedesk.domain.remedies import amounts
from oncedesk.domain.remedies.messages import RemedyEvent
from oncedesk.domain.remedies.messages.asking import BooksOpened, PaidPart, PaymentBooked
from oncedesk.domain.remedies.postings import booked, opening
from oncedesk.domain.remedies.purchase import PartBought, Purchase, paid_so_far, presale_of
from oncedesk.domain.remedies.state import Remedies


def open_books(*, purchase: Purchase, now: datetime) -> BooksOpened:
    """What was paid for this order, in escrow."""
    assert purchase.placed_at is not None
    worth = amounts.worth_of(purchase=purchase, book=None)
    paid = tuple(
        _paid(purchase, part, sum(items) + shipping_minor)
        for part, items, shipping_minor in zip(
            purchase.parts, worth.items, worth.shipping, strict=True
        )
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


def book_payments(*, state: Remedies, purchase: Purchase, now: datetime) -> list[RemedyEvent]:
    """What was paid for its presales since; nothing where the books say so already."""
    unbooked_minor = amounts.paid_minor(purchase) - sum(one.paid_minor for one in state.paid)
    paid = tuple(
        _paid_by_now(purchase, part, before, max(0, unbooked_minor))
        for part, before in zip(purchase.parts, state.paid, strict=True)
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


def _paid(purchase: Purchase, part: PartBought, paid_minor: int) -> PaidPart:
    """So much was paid for this part until now."""
    presale = presale_of(purchase, part.number)
    if presale is not None and presale.paid_at is None:
        return PaidPart(part.number, part.merchant, paid_minor, 0, 0)
    return PaidPart(
        part.number,
        part.merchant,
        paid_minor,
        sum(item.terms.subsidy_minor for item in part.items),
        sum(item.terms.commission_minor for item in part.items),
        final=presale is not None,
    )


def _paid_by_now(
    purchase: Purchase, part: PartBought, before: PaidPart, unbooked_minor: int
) -> PaidPart:
    """With the rest of its presale, once; where it is none, the books have all that was paid.

    A coupon on the order may have paid more of the deposit than the rest comes to.
    """
    presale = presale_of(purchase, part.number)
    if presale is None:
        return before
    paid_minor = before.paid_minor
    # What was booked before that was noted is more than the deposit, or all that was paid.
    if presale.paid_at is not None and not before.final and paid_minor <= presale.deposit_minor:
        paid_minor += min(presale.final_minor, unbooked_minor)
    now = _paid(purchase, part, min(paid_minor, paid_so_far(presale)))
    return before if replace(now, final=before.final) == before else now
