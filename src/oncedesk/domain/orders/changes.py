"""What an order is after a change: other variants in the same places, one payment more."""

from collections.abc import Sequence

from msgspec.structs import replace

from oncedesk.domain.orders.messages import ChangeDeclined, ItemChange, OrderChanged
from oncedesk.domain.orders.state import HeldItem, OrderState, Part, SoldAs


def changed(state: OrderState, event: OrderChanged | ChangeDeclined) -> OrderState:
    """The order after this."""
    if event.payment is not None:
        state = replace(state, payments=(*state.payments, event.payment))
    if isinstance(event, ChangeDeclined):
        return state
    if event.address is not None:
        state = replace(state, address=event.address.id)
    parts = tuple(
        _with_items(part, [one for one in event.items if one.part == part.number])
        for part in state.parts
    )
    return replace(state, parts=parts)


def _with_items(part: Part, changes: Sequence[ItemChange]) -> Part:
    """A line that changes as a whole keeps its place; of others the changed units come last."""
    items = list(part.items)
    for one in changes:
        item = items[one.item - 1]
        moved = _moved(item, one)
        if one.quantity == item.quantity:
            items[one.item - 1] = moved
        else:
            items[one.item - 1] = _rest(item, moved)
            items.append(moved)
    return replace(part, items=tuple(items)) if changes else part


def _moved(item: HeldItem, one: ItemChange) -> HeldItem:
    """The changed units, with their share of the discount, the subsidy and the commission."""
    terms = item.terms

    def share(minor: int) -> int:
        return minor - minor * (item.quantity - one.quantity) // item.quantity

    return HeldItem(
        one.listing,
        one.unit_price_minor,
        one.quantity,
        share(item.discount_minor),
        item.category,
        _terms(
            SoldAs(
                share(terms.subsidy_minor),
                share(terms.commission_minor),
                terms.bundle,
                one.variant,
            )
        ),
    )


def _rest(item: HeldItem, moved: HeldItem) -> HeldItem:
    terms, gone = item.terms, moved.terms
    return HeldItem(
        item.listing,
        item.unit_price_minor,
        item.quantity - moved.quantity,
        item.discount_minor - moved.discount_minor,
        item.category,
        _terms(
            SoldAs(
                terms.subsidy_minor - gone.subsidy_minor,
                terms.commission_minor - gone.commission_minor,
                terms.bundle,
                terms.variant,
                terms.return_waived,
            )
        ),
    )


def _terms(sold: SoldAs) -> SoldAs | None:
    return None if sold == SoldAs() else sold
