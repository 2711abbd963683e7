"""What of each item was taken by all remedies ever made on the order, and what may still be."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from oncedesk.domain.remedies.purchase import ItemSeen, Purchase
from oncedesk.domain.remedies.state import Given, Remedies
from oncedesk.domain.remedies.words import Line, Status, WantedLine
from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.records import Record


class Wanted(Record, frozen=True):
    """So many of an item, with what was taken of it before."""

    want: WantedLine
    bought: ItemSeen
    taken: Given


class _Taken(dict[tuple[int, int], Given]):
    """By part and item; item 0 is the part's shipping. Nothing was taken where nothing stands."""

    def __missing__(self, key: tuple[int, int]) -> Given:
        return Given(*key, 0, 0)


def taken_of(book: Remedies | None) -> Mapping[tuple[int, int], Given]:
    """By part and item (from 1; 0 is the part's shipping): what is over, and what is under way."""
    taken = _Taken()
    if book is None:
        return taken
    taken.update({(one.part, one.item): one for one in book.given})
    for remedy in book.counted():
        if not remedy.counts:
            continue
        for line in remedy.lines if remedy.kind.takes_units else _without_money(remedy.lines):
            taken[line.part, line.item] = added(taken[line.part, line.item], line)
        if remedy.shipping_minor and remedy.lines and not remedy.kind.goes_out:
            # What an exchange gives beside its lines is what its goods cost less.
            key = (remedy.lines[0].part, 0)
            taken[key] = with_shipping(taken[key], remedy.shipping_minor)
    return taken


def added(given: Given, line: Line) -> Given:
    """With this line taken, too. Money for units that stay is remembered until they come back."""
    return Given(
        given.part,
        given.item,
        given.quantity + (0 if line.stays else line.quantity),
        given.amount_minor + line.amount_minor - line.difference_minor,
        given.subsidy_minor + line.subsidy_minor,
        given.commission_minor + line.commission_minor,
        given.kept_minor + (line.amount_minor if line.stays else -line.before_minor),
        given.difference_minor - line.difference_minor,
    )


def needlessly_off(book: Remedies) -> Mapping[tuple[int, int], int]:
    """What lines have off, by part and item, for money that was not given for units that stayed.

    What a dispute refused may still be objected to, and given.
    """
    kept = {key: one.kept_minor for key, one in taken_of(book).items()}
    for remedy in book.live:
        if remedy.status is Status.REFUSED and remedy.dispute is not None:
            for line in remedy.dispute.wanted:
                if line.stays:
                    kept[line.part, line.item] = (
                        kept.get((line.part, line.item), 0) + line.amount_minor
                    )
    return {key: -minor for key, minor in kept.items() if minor < 0}


def exchanged(given: Given, line: Line) -> Given:
    """With other goods in the place of these, which cost so much more; nobody has taken any."""
    return replace(given, difference_minor=given.difference_minor + line.difference_minor)


def with_shipping(given: Given, shipping_minor: int) -> Given:
    return Given(given.part, given.item, 0, given.amount_minor + shipping_minor)


def _without_money(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Goods that are under way in a remedy that gives no money for them: nobody else has them."""
    return tuple(Line(line.part, line.item, line.quantity, 0) for line in lines)


def wanted_of(
    *,
    purchase: Purchase,
    taken: Mapping[tuple[int, int], Given],
    wanted: Sequence[WantedLine],
) -> tuple[Wanted, ...] | Refusal:
    """These lines with what they are about, or what is wrong with the first that is."""
    found: list[Wanted] = []
    seen: set[tuple[int, int]] = set()
    for want in wanted:
        if not 1 <= want.part <= len(purchase.parts):
            return Refusal("part_unknown", "a part of this order, from 1", "lines")
        part = purchase.parts[want.part - 1]
        if not 1 <= want.item <= len(part.items):
            return Refusal("item_unknown", "an item of this part, from 1", "lines")
        key = (want.part, want.item)
        if key in seen:
            return Refusal("line_twice", "each item once", "lines")
        seen.add(key)
        item = part.items[want.item - 1]
        left = item.quantity - taken[key].quantity
        if want.quantity > left:
            return Refusal("quantity_exceeds_bought", f"{left} are left", "lines")
        found.append(Wanted(want, item, taken[key]))
    return tuple(found)


def besides(lines: tuple[Line, ...], amount_minor: int) -> int:
    """What of an amount is for no line: what was paid for shipping."""
    return max(0, amount_minor - sum(line.amount_minor for line in lines))
