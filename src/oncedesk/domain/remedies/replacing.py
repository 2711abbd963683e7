"""What comes in the place of what was bought, and what it costs more or less."""

from collections.abc import Sequence

from oncedesk.domain.remedies.beside import ListingSeen, States, listing_seen
from oncedesk.domain.remedies.messages.asking import Replacement, Wish
from oncedesk.domain.remedies.purchase import ItemSeen, Purchase
from oncedesk.domain.remedies.words import Line
from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.remedy_rules import RemedyRules, Replaces

REPLACEMENTS_MAX = 20
"""Of one remedy: they stand in its state."""


class Replaced(Record, frozen=True):
    """What comes instead, and how much more it costs than what was bought; less is negative."""

    replacements: tuple[Replacement, ...]
    difference_minor: int


def replaced(
    *, purchase: Purchase, wish: Wish, lines: Sequence[Line], rules: RemedyRules, states: States
) -> Replaced | Refusal:
    """These lines with what was wished in their place, at the prices of now.

    A replacement keeps the discount and the subsidy of what it replaces: the difference is that of
    the listed prices.
    """
    if len(wish.replacements) != len(lines):
        return Refusal("replacements_differ", "one for each line", "replacements")
    if len(lines) > REPLACEMENTS_MAX:
        return Refusal("replacements_too_many", f"at most {REPLACEMENTS_MAX}", "replacements")
    terms = rules.terms_of(wish.kind)
    replaces = Replaces.SAME_LISTING if terms is None else terms.replaces
    difference_minor = 0
    for line, new in zip(lines, wish.replacements, strict=True):
        part = purchase.parts[line.part - 1]
        item = part.items[line.item - 1]
        if replaces is Replaces.SAME_LISTING and new.listing != item.listing:
            return Refusal("listing_differs", "a variant of the same listing", "replacements")
        listing = listing_seen(states, merchant=part.merchant, listing=new.listing)
        wrong = _wrong(listing, new, item, purchase)
        if wrong is not None:
            return wrong
        difference_minor += line.quantity * (new.unit_price_minor - item.unit_price_minor)
    return Replaced(wish.replacements, difference_minor)


def _wrong(
    listing: ListingSeen | None, new: Replacement, item: ItemSeen, purchase: Purchase
) -> Refusal | None:
    if listing is None:
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
