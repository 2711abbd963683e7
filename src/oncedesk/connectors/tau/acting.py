"""A task's actions, as the wishes of its user. Only words and ids are mapped here."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import assert_never, cast
from uuid import UUID

import msgspec

from oncedesk.connectors.tau.files import Action
from oncedesk.connectors.tau.telling import address_text
from oncedesk.connectors.tau.words import (
    Catalogue,
    People,
    listing_of,
    method_of,
    reason_of,
    variant_of,
)
from oncedesk.domain.orders.state import OrderState
from oncedesk.domain.remedies.messages.asking import Replacement, RequestRemedy, Wish
from oncedesk.domain.remedies.words import RemedyKind, WantedLine
from oncedesk.domain.shared.records import Record
from oncedesk.engine.entry import Sealed

UNCHOSEN = "changed_mind"
"""What is changed or sent back in this shop needs no reason."""


class ActionUnknown(Exception):
    """No action of this shop, or given other things than it takes."""


class Asked(Record, frozen=True):
    """A wish, and the private text that goes with it."""

    command: RequestRemedy
    text: str | None = None


class _OnOrder(Record, frozen=True):
    order_id: str


class _Cancel(_OnOrder, frozen=True):
    reason: str


class _Pay(_OnOrder, frozen=True):
    payment_method_id: str


class _Address(_OnOrder, frozen=True):
    address1: str
    address2: str
    city: str
    country: str
    state: str
    zip: str


class _Items(_OnOrder, frozen=True):
    item_ids: list[str]
    payment_method_id: str


class _Replace(_Items, frozen=True):
    new_item_ids: list[str]


_Given = _Cancel | _Pay | _Address | _Items

_ARGUMENTS: Mapping[str, type[_OnOrder]] = {
    "cancel_pending_order": _Cancel,
    "modify_pending_order_address": _Address,
    "modify_pending_order_payment": _Pay,
    "modify_pending_order_items": _Replace,
    "return_delivered_order_items": _Items,
    "exchange_delivered_order_items": _Replace,
}
_KINDS: Mapping[str, RemedyKind] = {
    "cancel_pending_order": RemedyKind.CANCEL,
    "modify_pending_order_address": RemedyKind.CHANGE_ADDRESS,
    "modify_pending_order_payment": RemedyKind.CHANGE_PAYMENT,
    "modify_pending_order_items": RemedyKind.CHANGE_ITEMS,
    "return_delivered_order_items": RemedyKind.RETURN_AND_REFUND,
    "exchange_delivered_order_items": RemedyKind.EXCHANGE,
}


def order_named(action: Action) -> str:
    """The order that an action is about. Raises ActionUnknown."""
    return _arguments(action).order_id


def asked(
    action: Action,
    *,
    user_id: str,
    order: OrderState | None,
    people: People,
    catalogue: Catalogue,
    seal: Callable[[str], Sealed],
) -> Asked:
    """What the user asks for by this. `order` is it as it is now. Raises ActionUnknown."""
    given = _arguments(action)
    wish = Wish(kind=_KINDS[action.name], reason=UNCHOSEN)
    text = None
    match given:
        case _Cancel():
            wish = msgspec.structs.replace(wish, reason=reason_of(given.reason))
        case _Pay():
            wish = msgspec.structs.replace(wish, method=method_of(given.payment_method_id))
        case _Address():
            fields = msgspec.structs.asdict(given)
            text = address_text({name: fields[name] for name in fields if name != "order_id"})
        case _Items():
            wish = msgspec.structs.replace(
                wish,
                lines=_lines(given.item_ids, order),
                replacements=_replacements(given, order, catalogue),
                method=method_of(given.payment_method_id),
            )
        case _:
            assert_never(given)
    sealed = None if text is None else seal(text)
    command = RequestRemedy(
        consumer=people.consumer(user_id),
        order=people.order(given.order_id),
        wish=wish,
        digest=b"" if sealed is None else sealed.digest,
        length=0 if sealed is None else sealed.length,
    )
    return Asked(command, text)


def _arguments(action: Action) -> _Given:
    kind = _ARGUMENTS.get(action.name)
    if kind is None:
        raise ActionUnknown(f"{action.name[:60]!r} is no action of this shop")
    try:
        return cast("_Given", msgspec.convert(action.kwargs, kind))
    except msgspec.ValidationError as error:
        raise ActionUnknown(f"{action.name}: {error}") from error


def _variants(order: OrderState | None) -> list[UUID | None]:
    items = () if order is None or not order.parts else order.parts[0].items
    return [item.terms.variant for item in items]


def _lines(item_ids: Sequence[str], order: OrderState | None) -> tuple[WantedLine, ...]:
    """Where these stand in the order: one that is named twice is the first and the second of it.

    What does not stand in it is named by a place behind its last.
    """
    places: dict[UUID | None, list[int]] = {}
    variants = _variants(order)
    for place, variant in enumerate(variants, start=1):
        places.setdefault(variant, []).append(place)
    seen: Counter[UUID] = Counter()
    lines = []
    for item_id in item_ids:
        variant = variant_of(item_id)
        known = places.get(variant, [])
        place = known[seen[variant]] if seen[variant] < len(known) else len(variants) + 1
        seen[variant] += 1
        lines.append(WantedLine(1, place))
    return tuple(lines)


def _replacements(
    given: _Items, order: OrderState | None, catalogue: Catalogue
) -> tuple[Replacement, ...]:
    """What should come instead, at the price that the shop shows."""
    if not isinstance(given, _Replace):
        return ()
    items = {} if order is None or not order.parts else dict(enumerate(order.parts[0].items))
    wanted = _lines(given.item_ids, order)
    replacements = []
    for number, item_id in enumerate(given.new_item_ids):
        sold = catalogue.by_item.get(item_id)
        if sold is not None:
            listing, price_minor = listing_of(sold.product.product_id), sold.price_minor
        else:
            place = wanted[number].item - 1 if number < len(wanted) else -1
            listing = items[place].listing if place in items else listing_of("")
            price_minor = 0
        replacements.append(Replacement(listing, variant_of(item_id), price_minor))
    return tuple(replacements)
