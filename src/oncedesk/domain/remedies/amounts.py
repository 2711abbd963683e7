"""How much there is to give back, in whole minor units: never more than was really paid.

Of a line of several units each has its share of the price, the discount and the subsidy; the shares
of all units together are exactly the line's. What all remedies ever made on the order took is
counted, per item and in all, and so is what went back, or was paid, without us.
"""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from oncedesk.domain.remedies.bundles import bundled
from oncedesk.domain.remedies.messages.asking import Wish
from oncedesk.domain.remedies.messages.refunding import OutsideKind
from oncedesk.domain.remedies.purchase import (
    PartBought,
    Purchase,
    paid_so_far,
    presale_of,
    stage_of,
)
from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.remedies.taking import Wanted, taken_of, wanted_of
from oncedesk.domain.remedies.words import (
    Charge,
    Leg,
    Line,
    RemedyKind,
    Route,
    Stage,
    Status,
    WantedLine,
)
from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.money import split_minor
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.remedy_rules import Bundles, ShippingBack


class Worth(Record, frozen=True):
    """What was really paid: for each item of each part, and for each part's shipping."""

    items: tuple[tuple[int, ...], ...]
    shipping: tuple[int, ...]


class Price(Record, frozen=True):
    """What is given: for each line, and of the shipping; `amount_minor` is both together."""

    lines: tuple[Line, ...]
    shipping_minor: int
    amount_minor: int


def worth_of(*, purchase: Purchase, book: Remedies | None) -> Worth:
    """Where less was paid than all of it costs (a coupon on the order), each item and each shipping
    has its share of what was paid; those of a presale of what was paid for that until now."""
    paid = [_paid_for(purchase, part) for part in purchase.parts]
    items = tuple(tuple(minors[:-1]) for minors in paid)
    shipping = tuple(minors[-1] for minors in paid)
    whole_minor = sum(map(sum, items)) + sum(shipping)
    charged_minor = 0 if book is None else book.charged_minor
    really_minor = paid_minor(purchase) + _paid_outside_minor(book) - charged_minor
    if really_minor >= whole_minor:
        return Worth(items, shipping)
    weights = [minor for part in items for minor in part]
    shares = iter(split_minor(really_minor, [*weights, *shipping]))
    return Worth(
        tuple(tuple(next(shares) for _ in part) for part in items),
        tuple(next(shares) for _ in shipping),
    )


def _paid_for(purchase: Purchase, part: PartBought) -> Sequence[int]:
    """For each item of this part, and last for its shipping."""
    minors = [*(item.paid_minor for item in part.items), part.shipping_minor]
    presale = presale_of(purchase, part.number)
    return minors if presale is None else split_minor(paid_so_far(presale), minors)


def unpaid(*, purchase: Purchase, book: Remedies) -> tuple[int, ...]:
    """What nobody has paid of each part's price, neither by the order nor by its books."""
    worth = worth_of(purchase=purchase, book=book)
    left = []
    for part, before in zip(purchase.parts, book.paid, strict=True):
        really_minor = sum(worth.items[part.number - 1]) + worth.shipping[part.number - 1]
        left.append(sum(_paid_for(purchase, part)) - max(really_minor, before.paid_minor))
    return tuple(max(0, minor) for minor in left)


def left_of(*, book: Remedies | None, part: int, number: int, bought: int) -> int:
    """How many of an item (from 1) of this part nobody has taken yet."""
    return bought - taken_of(book)[part, number].quantity


def whole_lines(*, book: Remedies | None, parts: Sequence[PartBought]) -> tuple[WantedLine, ...]:
    """All that is left of these parts."""
    taken = taken_of(book)
    wanted = []
    for part in parts:
        for number, item in enumerate(part.items, start=1):
            left = item.quantity - taken[part.number, number].quantity
            if left > 0:
                wanted.append(WantedLine(part.number, number, left))
    return tuple(wanted)


def lines_for(
    *, purchase: Purchase, book: Remedies | None, wanted: Sequence[WantedLine], bundles: Bundles
) -> tuple[Line, ...] | Refusal:
    """What these units cost, as they were really paid; those of bundles as the rules say."""
    taken = taken_of(book)
    found = wanted_of(purchase=purchase, taken=taken, wanted=wanted)
    if isinstance(found, Refusal):
        return found
    worth = worth_of(purchase=purchase, book=book)
    lines = tuple(_line(one, worth) for one in found)
    bare = {one.part for one in purchase.presales if one.paid_at is None}
    if bare:
        # Nobody has added anything to a deposit, and it has earned nobody a commission.
        lines = tuple(
            replace(line, subsidy_minor=0, commission_minor=0) if line.part in bare else line
            for line in lines
        )
    if any(one.bought.terms.bundle for one in found):
        return bundled(purchase=purchase, worth=worth.items, taken=taken, lines=lines, rule=bundles)
    return lines


def _line(wanted: Wanted, worth: Worth) -> Line:
    """The units' share of what was paid, less what was given for them while they stayed, and with
    what exchanges charged for them or gave back."""
    want, taken, item = wanted.want, wanted.taken, wanted.bought
    whole_minor = worth.items[want.part - 1][want.item - 1]
    left, quantity = item.quantity - taken.quantity, want.quantity

    def share(of_minor: int, gone_minor: int) -> int:
        by_unit = _between(of_minor, taken.quantity, taken.quantity + quantity, item.quantity)
        return max(0, min(by_unit, of_minor - gone_minor))

    before_minor = taken.kept_minor * quantity // left
    difference_minor = taken.difference_minor * quantity // left
    gross_minor = share(whole_minor, taken.amount_minor - taken.kept_minor)
    return Line(
        want.part,
        want.item,
        quantity,
        max(0, gross_minor - before_minor + difference_minor),
        share(item.terms.subsidy_minor, taken.subsidy_minor),
        share(item.terms.commission_minor, taken.commission_minor),
        before_minor,
        difference_minor=difference_minor,
    )


def _between(whole_minor: int, first: int, last: int, units: int) -> int:
    """What the units from `first` up to `last` have of this amount; all units have all of it."""
    return whole_minor * last // units - whole_minor * first // units


def price(
    *,
    purchase: Purchase,
    book: Remedies | None,
    lines: Sequence[Line],
    wish: Wish,
    shipping: ShippingBack,
    percent: int = 100,
) -> Price | Refusal:
    """What these lines of one part come to for this wish: at most so many percent of what was paid
    for them, within what is left of the order. What cost nothing can be cancelled for nothing."""
    shipping_minor = shipping_for(purchase=purchase, book=book, lines=lines, back=shipping)
    whole_minor = sum(line.amount_minor for line in lines) + shipping_minor
    if whole_minor == 0 and _cost_nothing(purchase, book, lines):
        return _for_nothing(purchase, lines, wish)
    due_minor = whole_minor * percent // 100
    if wish.kind is RemedyKind.CANCEL:
        due_minor = min(due_minor, _called_off_minor(purchase, lines[0].part, whole_minor))
        if due_minor == 0 < whole_minor:
            return Refusal("nothing_left", "the deposit is kept")
    most_minor = min(due_minor, paid_minor(purchase) - given_back_minor(book))
    if most_minor <= 0:
        return Refusal("nothing_left", "all of it has been given back")
    amount_minor = most_minor if wish.amount_minor is None else wish.amount_minor
    if amount_minor > most_minor:
        return Refusal("refund_exceeds_paid", f"at most {most_minor}", "amount_minor")
    if amount_minor == 0:
        return Refusal("amount_not_positive", "1 or more minor units", "amount_minor")
    if amount_minor == whole_minor:
        return Price(tuple(lines), shipping_minor, amount_minor)
    goes = wish.kind.comes_back or wish.kind is RemedyKind.CANCEL or amount_minor == most_minor
    lines_minor = min(amount_minor, whole_minor - shipping_minor)
    reduced = less(lines=lines, amount_minor=lines_minor, stays=not goes)
    return Price(reduced, amount_minor - lines_minor, amount_minor)


NOTHING_WAS_PAID = Refusal("nothing_was_paid", "no payment that the order was told with was for it")


def _cost_nothing(purchase: Purchase, book: Remedies | None, lines: Sequence[Line]) -> bool:
    """Whether nothing was paid for these items, as of gifts and where a coupon paid for all."""
    worth = worth_of(purchase=purchase, book=book)
    return not any(worth.items[line.part - 1][line.item - 1] for line in lines)


def _for_nothing(purchase: Purchase, lines: Sequence[Line], wish: Wish) -> Price | Refusal:
    unshipped = stage_of(purchase, purchase.parts[lines[0].part - 1]) is Stage.UNSHIPPED
    if wish.kind is not RemedyKind.CANCEL or not unshipped:
        return NOTHING_WAS_PAID
    if wish.amount_minor:
        return Refusal("refund_exceeds_paid", "at most 0", "amount_minor")
    return Price(tuple(lines), 0, 0)


def _called_off_minor(purchase: Purchase, part: int, paid_minor: int) -> int:
    """What of this goes back to whoever calls a part off: of a presale whose rest is not paid, as
    much as if they did not pay it. What was cancelled by others a person looks at."""
    presale = presale_of(purchase, part)
    unshipped = stage_of(purchase, purchase.parts[part - 1]) is Stage.UNSHIPPED
    if presale is None or presale.paid_at is not None or not unshipped:
        return paid_minor
    return paid_minor * presale.lapse_minor // presale.deposit_minor


def less(*, lines: Sequence[Line], amount_minor: int, stays: bool) -> tuple[Line, ...]:
    """These lines with so much money together, each in proportion.

    Where the goods stay, it is money for them and no unit is taken: later they can still come back,
    for what is left. Subsidies stay with goods that stay.
    """
    shares = split_minor(amount_minor, [line.amount_minor for line in lines])
    found = []
    for line, minor in zip(lines, shares, strict=True):
        part_of = max(line.amount_minor, 1)
        commission_minor = line.commission_minor * minor // part_of
        if stays:
            changed = replace(line, subsidy_minor=0, before_minor=0, difference_minor=0, stays=True)
        else:
            changed = replace(line, subsidy_minor=line.subsidy_minor * minor // part_of)
        found.append(replace(changed, amount_minor=minor, commission_minor=commission_minor))
    return tuple(found)


def shipping_for(
    *, purchase: Purchase, book: Remedies | None, lines: Sequence[Line], back: ShippingBack
) -> int:
    """What of a part's shipping goes back with these lines (of one part).

    `with_all`: what is left of it, with the last units of the part. `always`: the units' share.
    """
    part = purchase.parts[lines[0].part - 1]
    if back is ShippingBack.NEVER or not part.shipping_minor:
        return 0
    taken = taken_of(book)
    left_minor = shipping_left(purchase=purchase, book=book, part=part.number)
    left = sum(
        item.quantity - taken[part.number, number].quantity
        for number, item in enumerate(part.items, start=1)
    )
    units = sum(line.quantity for line in lines)
    if units >= left:
        return left_minor
    return left_minor * units // left if back is ShippingBack.ALWAYS else 0


def shipping_left(*, purchase: Purchase, book: Remedies | None, part: int) -> int:
    """What is left of what was paid for this part's shipping."""
    whole_minor = worth_of(purchase=purchase, book=book).shipping[part - 1]
    return max(0, whole_minor - taken_of(book)[part, 0].amount_minor)


def paid_minor(purchase: Purchase) -> int:
    """What the consumer really paid: deposits and final payments are payments like any other."""
    return sum(payment.amount_minor for payment in purchase.payments)


def given_back_minor(book: Remedies | None) -> int:
    """What went back to the consumer, is on its way or is promised, by us or without us.

    What was paid besides counts against it.
    """
    if book is None:
        return 0
    return _sent_minor(book) + sum(_promised_minor(book).values())


def held_minor(*, purchase: Purchase, book: Remedies | None) -> int:
    """What the order's payments still hold together. What went back by another method may be more
    than the payment held that it counts against."""
    left_minor = sum(left_of_payments(purchase=purchase, book=book))
    if book is None:
        return left_minor
    return min(left_minor, max(0, paid_minor(purchase) - _sent_minor(book)))


def owed_minor(*, purchase: Purchase, book: Remedies, remedy: Remedy, wanted_minor: int) -> int:
    """What of so much of a remedy payments are still to be asked for, now that all else that went
    back is known: what a bank took back meanwhile is not sent once more."""
    unasked_minor = max(0, wanted_minor - remedy.asked_minor - remedy.failed_minor)
    if not remedy.counts:
        return unasked_minor
    return max(0, min(unasked_minor, _left_minor(purchase, book, remedy)))


def still_owed_minor(*, purchase: Purchase, book: Remedies, remedy: Remedy, leg: Leg) -> int:
    """What of a leg that was not sent is to be sent in its place: what a bank took back meanwhile
    is not, nor what was sent all the same before it."""
    comes_on_top = leg.beyond or not remedy.counts
    left_minor = _on_top_minor(remedy, leg) if comes_on_top else _left_minor(purchase, book, remedy)
    return max(0, min(leg.amount_minor, left_minor))


def _on_top_minor(remedy: Remedy, leg: Leg) -> int:
    """What has not gone yet of all that comes on top of what was paid, as this leg does."""
    legs = [one for one in remedy.legs if one.beyond == leg.beyond]
    # What is sent in the place of another, and so counts for a payment, is owed once with that.
    owed_minor = sum(one.amount_minor for one in legs if not one.counts_for)
    gone = (one.amount_minor for one in legs if one.counts or one.sent_at is not None)
    return owed_minor - sum(gone)


def _left_minor(purchase: Purchase, book: Remedies, remedy: Remedy) -> int:
    """What has not gone back yet of what was paid, but for what another method paid anew.

    What others have given since that was asked for, it has paid too much.
    """
    anew_minor = 0
    if remedy.kind is RemedyKind.CHANGE_PAYMENT and remedy.charge and not remedy.undone:
        others = book.without(remedy.number)
        anew_minor = remedy.charge.amount_minor - _asked_since_minor(others, remedy.charge)
    return paid_minor(purchase) - _sent_minor(book) - anew_minor


def _asked_since_minor(book: Remedies, charge: Charge) -> int:
    """What of what was paid payments have been asked to send since they were asked for this."""
    since = charge.first_asked_at
    legs = [leg for one in book.live if one.counts for leg in one.legs]
    return sum(
        leg.amount_minor
        for leg in legs
        if leg.status.counts and not leg.beyond
        if since is not None and leg.first_asked_at is not None and leg.first_asked_at >= since
    )


def _sent_minor(book: Remedies) -> int:
    outside = sum(
        one.amount_minor for one in book.outside if one.kind != OutsideKind.OUTSIDE_PAYMENT
    )
    return sum(book.refunded) + outside - _paid_outside_minor(book)


def _promised_minor(book: Remedies) -> Mapping[int, int]:
    """What of each remedy was not asked of payments yet."""
    return {
        remedy.number: max(0, remedy.amount_minor - remedy.asked_minor)
        for remedy in book.counted()
        if remedy.counts and remedy.status is not Status.SETTLED
    }


def _paid_outside_minor(book: Remedies | None) -> int:
    if book is None:
        return 0
    return sum(one.amount_minor for one in book.outside if one.kind == OutsideKind.OUTSIDE_PAYMENT)


def left_of_payments(*, purchase: Purchase, book: Remedies | None) -> tuple[int, ...]:
    """What each payment still holds, in their order."""
    left = []
    for place, payment in enumerate(purchase.payments, start=1):
        left.append(_holds_minor(book, place, payment.amount_minor))
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


def _holds_minor(book: Remedies | None, place: int, paid_minor: int) -> int:
    """What this payment can still take back; what failed there may have been sent after all."""
    if book is None:
        return paid_minor
    refunded = book.refunded[place - 1] if place <= len(book.refunded) else 0
    failed = sum(
        leg.amount_minor for one in book.live for leg in one.failed if leg.payment == place
    )
    outside = sum(
        -one.amount_minor if one.kind == OutsideKind.OUTSIDE_PAYMENT else one.amount_minor
        for one in book.outside
        if one.payment == place
    )
    return max(0, paid_minor - refunded - failed - outside)
