"""What comes back of a bundle of which something is kept: what is kept costs its single price.

Source: the Chinese rules of returns within seven days, of which a bundle that comes back in part is
settled at the prices of the day of purchase. Where nothing is kept, all that was paid goes back,
whatever the parts before it came to.
"""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from oncedesk.domain.remedies.purchase import PartBought, Purchase
from oncedesk.domain.remedies.state import Given
from oncedesk.domain.remedies.words import Line
from oncedesk.domain.shared.money import split_minor


def bundled(
    *,
    purchase: Purchase,
    worth: Sequence[Sequence[int]],
    taken: Mapping[tuple[int, int], Given],
    lines: Sequence[Line],
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
                found_minor = _back_minor(part, bundle, worth[part.number - 1], taken, own)
                for line in _shared(own, found_minor):
                    changed[line.part, line.item] = line
    return tuple(changed.values())


def _back_minor(
    part: PartBought,
    bundle: int,
    worth: Sequence[int],
    taken: Mapping[tuple[int, int], Given],
    own: Sequence[Line],
) -> int:
    """What was paid for the bundle, less what went back of it, less the single prices of what is
    kept; never below nothing, and what was given for goods that stay is not charged again."""
    now = {line.item: line for line in own}
    paid_minor = gone_minor = charge_minor = stays_minor = 0
    for number, item in enumerate(part.items, start=1):
        if item.terms.bundle != bundle:
            continue
        before, line = taken[part.number, number], now.get(number)
        kept = item.quantity - before.quantity - (0 if line is None else line.quantity)
        paid_minor += worth[number - 1]
        gone_minor += before.amount_minor
        charge_minor += kept * item.unit_price_minor
        stays_minor += before.kept_minor - (0 if line is None else line.before_minor)
    left_minor = paid_minor - gone_minor
    differs_minor = sum(line.difference_minor for line in own)
    back_minor = min(left_minor, left_minor + stays_minor - charge_minor)
    return max(0, back_minor + differs_minor)


def _shared(own: Sequence[Line], found_minor: int) -> list[Line]:
    shares = split_minor(found_minor, [line.amount_minor for line in own])
    return [replace(line, amount_minor=minor) for line, minor in zip(own, shares, strict=True)]
