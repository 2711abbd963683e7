"""What comes back of a bundle of which something is kept, as the rules say for the reason.

Either what is kept costs its single price, or what comes back has its share of what was paid. Where
nothing is kept, all that was paid goes back, whatever the parts before it came to.
"""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from oncedesk.domain.remedies.purchase import PartBought, Purchase
from oncedesk.domain.remedies.state import Given
from oncedesk.domain.remedies.words import Line
from oncedesk.domain.shared.money import split_minor
from oncedesk.domain.shared.remedy_rules import Bundles


def bundled(
    *,
    purchase: Purchase,
    worth: Sequence[Sequence[int]],
    taken: Mapping[tuple[int, int], Given],
    lines: Sequence[Line],
    rule: Bundles,
) -> tuple[Line, ...]:
    """These lines, those of bundles with what comes back of the bundle. `worth`: what was paid."""
    changed = {(line.part, line.item): line for line in lines}
    for part in purchase.parts:
        for bundle in sorted({item.terms.bundle for item in part.items} - {0}):
            own = [
                line
                for line in lines
                if line.part == part.number and part.items[line.item - 1].terms.bundle == bundle
            ]
            if own:
                found_minor = _back_minor(part, bundle, worth[part.number - 1], taken, own, rule)
                for line in _shared(own, found_minor):
                    changed[line.part, line.item] = line
    return tuple(changed.values())


def _back_minor(
    part: PartBought,
    bundle: int,
    worth: Sequence[int],
    taken: Mapping[tuple[int, int], Given],
    own: Sequence[Line],
    rule: Bundles,
) -> int:
    """What of the price of all that is left comes back with these lines, less what was given for
    them while they stayed; never below nothing, nor above what was paid and has not gone back."""
    now = {line.item: line for line in own}
    paid_minor = gone_minor = kept_minor = own_minor = before_minor = stayed_minor = 0
    for number, item in enumerate(part.items, start=1):
        if item.terms.bundle != bundle:
            continue
        before, line = taken[part.number, number], now.get(number)
        comes = 0 if line is None else line.quantity
        kept = item.quantity - before.quantity - comes
        paid_minor += worth[number - 1]
        gone_minor += before.amount_minor
        kept_minor += kept * item.unit_price_minor
        own_minor += comes * item.unit_price_minor
        stayed_minor += before.kept_minor
        before_minor += 0 if line is None else line.before_minor
    left_minor = paid_minor - gone_minor
    # What was given for goods that stayed was no part of their price that came back.
    price_minor = left_minor + stayed_minor
    if rule is Bundles.SINGLE_PRICES:
        back_minor = price_minor - kept_minor
    else:
        back_minor = price_minor * own_minor // max(1, own_minor + kept_minor)
    back_minor = min(left_minor, back_minor - before_minor)
    return max(0, back_minor + sum(line.difference_minor for line in own))


def _shared(own: Sequence[Line], found_minor: int) -> list[Line]:
    shares = split_minor(found_minor, [line.amount_minor for line in own])
    return [replace(line, amount_minor=minor) for line, minor in zip(own, shares, strict=True)]
