"""What comes in the place of what was bought, and what it costs more or less."""

from collections.abc import Sequence

from msgspec.structs import replace

from oncedesk.domain.remedies.beside import REPLACEMENTS_MAX, ListingSeen, States, listing_seen
from oncedesk.domain.remedies.messages.asking import Replacement, Wish
from oncedesk.domain.remedies.purchase import ItemSeen, Purchase
from oncedesk.domain.remedies.words import Line
from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.records import Record


class Replaced(Record, frozen=True):
    """What comes instead, and of each line how much more it costs than what it replaces."""

    replacements: tuple[Replacement, ...]
    lines: tuple[Line, ...]

    @property
    def difference_minor(self) -> int:
        """All together, in minor units; less is negative."""
        return sum(line.difference_minor for line in self.lines)


def replaced(
    *, purchase: Purchase, wish: Wish, lines: Sequence[Line], states: States
) -> Replaced | Refusal:
    """These lines with what was wished in their place, at the prices of now.

    A replacement keeps the discount and the subsidy of what it replaces: the difference is that of
    the listed prices. Whether it may be of another listing, `eligibility` has said.
    """
    if len(wish.replacements) != len(lines):
        return Refusal("replacement_needed", "one for each line", "replacements")
    if len(lines) > REPLACEMENTS_MAX:
        return Refusal("replacements_too_many", f"at most {REPLACEMENTS_MAX}", "replacements")
    for line, new in zip(lines, wish.replacements, strict=True):
        part = purchase.parts[line.part - 1]
        item = part.items[line.item - 1]
        listing = listing_seen(states, merchant=part.merchant, listing=new.listing)
        wrong = _wrong(listing, new, item, purchase)
        if wrong is not None:
            return wrong
    return Replaced(
        wish.replacements,
        tuple(
            _instead(line, new, purchase)
            for line, new in zip(lines, wish.replacements, strict=True)
        ),
    )


def _instead(line: Line, new: Replacement, purchase: Purchase) -> Line:
    """This line, worth no money, with what `new` costs more than what exchanges made of it."""
    item = purchase.parts[line.part - 1].items[line.item - 1]
    whole_minor = line.quantity * (new.unit_price_minor - item.unit_price_minor)
    return replace(line, amount_minor=0, difference_minor=whole_minor - line.difference_minor)


def _wrong(
    listing: ListingSeen | None, new: Replacement, item: ItemSeen, purchase: Purchase
) -> Refusal | None:
    if listing is None:
        known = (new.listing, new.variant, new.unit_price_minor)
        if known == (item.listing, item.terms.variant, item.unit_price_minor):
            return None
        return Refusal("listing_unknown", "a listing of this merchant", "replacements")
    if listing.currency != purchase.currency:
        return Refusal("currency_differs", f"the order's is {purchase.currency}", "replacements")
    variant = next((one for one in listing.variants if one.variant == new.variant), None)
    if variant is None:
        return Refusal("variant_unknown", "a variant of this listing", "replacements")
    if not variant.available:
        return Refusal("variant_unavailable", "a variant that is there", "replacements")
    if variant.price_minor != new.unit_price_minor:
        return Refusal("price_changed", f"it is {variant.price_minor} now", "replacements")
    taken_off = item.discount_minor + item.terms.subsidy_minor
    if new.unit_price_minor * item.quantity < taken_off:
        return Refusal("replacement_too_cheap", "at least what was taken off", "replacements")
    return None
