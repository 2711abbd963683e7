"""How much there is to give back, in whole minor units: never more than was really paid.

Of a line of several units each has its share of the price, the discount and the subsidy; the shares
of all units together are exactly the line's. What all remedies ever made on the order took is
counted, per item and in all, and so is what went back without us.
"""

from collections.abc import Sequence

from oncedesk.domain.remedies.messages.refunding import OutsideKind
from oncedesk.domain.remedies.purchase import ItemSeen, PartBought, Purchase
from oncedesk.domain.remedies.state import Given, Remedies
from oncedesk.domain.remedies.words import Leg, Line, Route, WantedLine
from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.records import Record


class Left(Record, frozen=True):
    """What of an item nobody has taken yet."""

    quantity: int
    taken: Given


def left_of(*, book: Remedies | None, part: PartBought, number: int, item: ItemSeen) -> Left:
    """What is left of the `number`-th item (from 1) of this part."""
    quantity = amount_minor = subsidy_minor = 0
    if book is not None:
        for one in book.given:
            if one.part == part.number and one.item == number:
                quantity += one.quantity
                amount_minor += one.amount_minor
                subsidy_minor += one.subsidy_minor
        for remedy in book.counted():
            for line in remedy.lines:
                if line.part == part.number and line.item == number:
                    quantity += line.quantity
                    amount_minor += line.amount_minor
                    subsidy_minor += line.subsidy_minor
    taken = Given(part.number, number, quantity, amount_minor, subsidy_minor)
    return Left(item.quantity - quantity, taken)


def whole_lines(*, book: Remedies | None, parts: Sequence[PartBought]) -> tuple[WantedLine, ...]:
    """All that is left of these parts."""
    wanted = []
    for part in parts:
        for number, item in enumerate(part.items, start=1):
            left = left_of(book=book, part=part, number=number, item=item).quantity
            if left > 0:
                wanted.append(WantedLine(part.number, number, left))
    return tuple(wanted)


def lines_for(
    *, purchase: Purchase, book: Remedies | None, wanted: Sequence[WantedLine]
) -> tuple[Line, ...] | Refusal:
    """What these units cost, as they were really paid."""
    lines = []
    seen: set[tuple[int, int]] = set()
    for want in wanted:
        if not 1 <= want.part <= len(purchase.parts):
            return Refusal("part_unknown", "a part of this order, from 1", "lines")
        part = purchase.parts[want.part - 1]
        if not 1 <= want.item <= len(part.items):
            return Refusal("item_unknown", "an item of this part, from 1", "lines")
        if (want.part, want.item) in seen:
            return Refusal("line_twice", "each item once", "lines")
        seen.add((want.part, want.item))
        item = part.items[want.item - 1]
        left = left_of(book=book, part=part, number=want.item, item=item)
        if want.quantity > left.quantity:
            return Refusal("quantity_exceeds_bought", f"{left.quantity} are left", "lines")
        lines.append(_line(want, item, left))
    return tuple(lines)


def _line(want: WantedLine, item: ItemSeen, left: Left) -> Line:
    first, last = left.taken.quantity, left.taken.quantity + want.quantity
    sold, bought = item.terms, item.quantity
    amount_minor = _between(item.paid_minor, first, last, bought)
    return Line(
        want.part,
        want.item,
        want.quantity,
        max(0, min(amount_minor, item.paid_minor - left.taken.amount_minor)),
        _between(sold.subsidy_minor, first, last, bought),
        _between(sold.commission_minor, first, last, bought),
    )


def _between(whole_minor: int, first: int, last: int, units: int) -> int:
    """What the units from `first` up to `last` have of this amount; all units have all of it."""
    return whole_minor * last // units - whole_minor * first // units


def paid_minor(purchase: Purchase) -> int:
    """What the consumer really paid."""
    return sum(payment.amount_minor for payment in purchase.payments)


def given_back_minor(book: Remedies | None) -> int:
    """What went back to the consumer or is on its way, by us or without us."""
    if book is None:
        return 0
    outside = sum(
        -one.amount_minor if one.kind == OutsideKind.OUTSIDE_PAYMENT else one.amount_minor
        for one in book.outside
    )
    return sum(book.refunded) + outside


def left_of_payments(*, purchase: Purchase, book: Remedies | None) -> tuple[int, ...]:
    """What each payment still holds, in their order."""
    left = []
    for place, payment in enumerate(purchase.payments, start=1):
        refunded = 0
        if book is not None:
            refunded = book.refunded[place - 1] if place <= len(book.refunded) else 0
            refunded += sum(
                one.amount_minor
                for one in book.outside
                if one.payment == place and one.kind != OutsideKind.OUTSIDE_PAYMENT
            )
        left.append(max(0, payment.amount_minor - refunded))
    return tuple(left)


def legs_for(
    *,
    purchase: Purchase,
    book: Remedies | None,
    amount_minor: int,
    numbered: int = 0,
    route: Route | None = None,
) -> tuple[Leg, ...]:
    """To which payments an amount goes back: to the first first, each up to what it still holds.

    What no payment can take any more is missing from the sum of the legs. All of it goes by `route`
    where one was chosen: back to the payment that was made by it, if that still holds so much.
    """
    left = left_of_payments(purchase=purchase, book=book)
    if route is not None:
        return _leg_by(route, purchase, left, amount_minor, numbered) if amount_minor else ()
    legs: list[Leg] = []
    for place, payment in enumerate(purchase.payments, start=1):
        part = min(amount_minor, left[place - 1])
        if part > 0:
            number = numbered + len(legs) + 1
            legs.append(
                Leg(
                    number,
                    place,
                    payment.method,
                    part,
                    reference=payment.reference,
                    stored=payment.stored,
                )
            )
            amount_minor -= part
    return tuple(legs)


def _leg_by(
    route: Route, purchase: Purchase, left: Sequence[int], amount_minor: int, numbered: int
) -> tuple[Leg, ...]:
    place = next(
        (
            place
            for place, payment in enumerate(purchase.payments, start=1)
            if payment.reference == route.reference and left[place - 1] >= amount_minor
        ),
        0,
    )
    return (
        Leg(
            numbered + 1,
            place,
            route.method,
            amount_minor,
            reference=route.reference,
            stored=route.stored,
        ),
    )
