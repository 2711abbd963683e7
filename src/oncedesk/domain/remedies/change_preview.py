"""What a change before shipping would come to: nothing is given, the order becomes another."""

from collections.abc import Sequence

from oncedesk.domain.remedies.amounts import held_minor, legs_for
from oncedesk.domain.remedies.beside import States
from oncedesk.domain.remedies.changing import shares_over_parts
from oncedesk.domain.remedies.messages.asking import Replacement, Wish
from oncedesk.domain.remedies.purchase import PartBought, Purchase, stage_of
from oncedesk.domain.remedies.replacing import replaced
from oncedesk.domain.remedies.routes import covers
from oncedesk.domain.remedies.state import Remedies
from oncedesk.domain.remedies.words import Leg, Line, Payer, RemedyKind, Route, Share, Stage
from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.records import Record

_FURTHEST = (Stage.DELIVERED, Stage.SHIPPED, Stage.UNSHIPPED, Stage.CANCELLED)


class Change(Record, frozen=True, kw_only=True):
    """What changes, what is charged by `route` (or goes back by it), and what goes back where."""

    lines: tuple[Line, ...] = ()
    amount_minor: int = 0
    shares: tuple[Share, ...] = ()
    legs: tuple[Leg, ...] = ()
    difference_minor: int = 0
    replacements: tuple[Replacement, ...] = ()
    route: Route | None = None


def part_of_change(purchase: Purchase, wish: Wish) -> PartBought:
    """The part whose stage counts: of what concerns the whole order the one that is furthest."""
    number = wish.lines[0].part if wish.lines else wish.part
    if 1 <= number <= len(purchase.parts):
        return purchase.parts[number - 1]
    return min(purchase.parts, key=lambda part: _FURTHEST.index(stage_of(purchase, part)))


def preview_change(
    *,
    purchase: Purchase,
    book: Remedies | None,
    wish: Wish,
    states: States,
    lines: Sequence[Line],
    route: Route | None,
) -> Change | Refusal:
    """What this wish changes, or why it cannot."""
    if not purchase.changeable:
        return Refusal("order_too_large", "an order with room for a change")
    match wish.kind:
        case RemedyKind.CHANGE_ADDRESS:
            return Change()
        case RemedyKind.CHANGE_PAYMENT:
            assert route is not None
            return _payment(purchase, book, route, states)
        case _ if not wish.lines:
            return Refusal("lines_missing", "the items to change", "lines")
        case _:
            found = difference(
                purchase=purchase,
                book=book,
                wish=wish,
                lines=lines,
                states=states,
                route=route,
            )
            return found if isinstance(found, Refusal) else _same_presale(purchase, found)


def _same_presale(purchase: Purchase, found: Change) -> Change | Refusal:
    """What was agreed to pay for a presale, a deposit and a rest, stays so."""
    presales = {presale.part for presale in purchase.presales}
    if any(line.difference_minor and line.part in presales for line in found.lines):
        return Refusal("presale_price_differs", "a variant at the same price", "replacements")
    return found


def _payment(
    purchase: Purchase, book: Remedies | None, route: Route, states: States
) -> Change | Refusal:
    amount_minor = held_minor(purchase=purchase, book=book)
    if amount_minor <= 0:
        return Refusal("nothing_left", "all of it has been given back")
    if not covers(route=route, amount_minor=amount_minor, purchase=purchase, states=states):
        return Refusal("balance_insufficient", f"it takes {amount_minor}", "method")
    return Change(
        amount_minor=amount_minor,
        shares=shares_over_parts(purchase=purchase, amount_minor=amount_minor),
        legs=legs_for(purchase=purchase, book=book, amount_minor=amount_minor),
        route=route,
    )


def difference(
    *,
    purchase: Purchase,
    book: Remedies | None,
    wish: Wish,
    lines: Sequence[Line],
    states: States,
    route: Route | None,
) -> Change | Refusal:
    """Other variants for these lines: what costs more is charged, what costs less goes back."""
    found = replaced(purchase=purchase, wish=wish, lines=lines, states=states)
    if isinstance(found, Refusal):
        return found
    more_minor = found.difference_minor
    if more_minor > 0:
        if not purchase.changeable:
            return Refusal("order_too_large", "an order with room for a payment")
        if route is None:
            return Refusal("method_missing", "by which the difference is paid", "method")
        if not covers(route=route, amount_minor=more_minor, purchase=purchase, states=states):
            return Refusal("balance_insufficient", f"it takes {more_minor}", "method")
    back_minor = min(max(0, -more_minor), held_minor(purchase=purchase, book=book))
    merchant = purchase.parts[lines[0].part - 1].merchant
    return Change(
        lines=found.lines,
        amount_minor=back_minor,
        shares=(Share(Payer.MERCHANT, merchant, back_minor),) if back_minor else (),
        legs=legs_for(purchase=purchase, book=book, amount_minor=back_minor, route=route),
        difference_minor=more_minor,
        replacements=found.replacements,
        route=route,
    )
