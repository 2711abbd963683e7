"""The shop's records, made from what we keep about a consumer and from nothing else.

The files lend only words that we do not keep: a product's name, a variant's options, and what is
printed on a card.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import msgspec

from oncedesk.connectors.tau.words import Catalogue, People, method_id
from oncedesk.domain.orders.state import HeldItem, OrderState, Part
from oncedesk.domain.remedies.messages.asking import Replacement
from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.remedies.words import ChargeStatus, Line, RemedyKind
from oncedesk.domain.shared.persons import person_of
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Kind
from oncedesk.domain.wallets.state import Wallet

Json = dict[str, Any]

_REASONS = {"no_longer_needed": "no longer needed", "ordered_by_mistake": "ordered by mistake"}


class Kept(Protocol):
    """A copy of what is kept about a consumer."""

    @property
    def person(self) -> str | None: ...

    @property
    def states(self) -> Sequence["KeptState"]: ...

    @property
    def addresses(self) -> Sequence["KeptAddress"]: ...


class KeptState(Protocol):
    @property
    def kind(self) -> Kind: ...

    @property
    def at(self) -> datetime: ...

    @property
    def content(self) -> Any: ...


class KeptAddress(Protocol):
    @property
    def id(self) -> UUID: ...

    @property
    def address(self) -> str | None: ...


class Projected(Record, frozen=True):
    """A user's record, and those of their orders by name."""

    user: Json
    orders: Mapping[str, Json]


def projected(
    kept: Kept, *, user_id: str, order_ids: Sequence[str], people: People, catalogue: Catalogue
) -> Projected:
    """This user and these orders of theirs, as the shop would write them."""
    states = [(state.kind, state.content) for state in kept.states]
    orders = {one.order: one for one in _of(states, Kind.ORDER, OrderState) if one.placed}
    books = {one.order: one for one in _of(states, Kind.REMEDIES, Remedies)}
    wallets = _of(states, Kind.WALLET, Wallet)
    addresses = {one.id: one.address for one in kept.addresses}
    found: dict[str, Json] = {}
    for name in order_ids:
        order = orders.get(people.order(name))
        if order is not None:
            address = None if order.address is None else addresses.get(order.address)
            book = books.get(order.order)
            found[name] = _Order(name, user_id, order, book, people, catalogue).record(address)
    return Projected(_user(kept, wallets, [*found], catalogue), found)


def _of(states: Sequence[tuple[Kind, Any]], kind: Kind, type_: type[Any]) -> list[Any]:
    return [
        msgspec.convert(content, type_, from_attributes=True)
        for one, content in states
        if one is kind
    ]


def _user(
    kept: Kept, wallets: Sequence[Wallet], order_ids: Sequence[str], catalogue: Catalogue
) -> Json:
    person = person_of(kept.person or "")
    first, _, last = person.name.partition(" ")
    methods: Json = {}
    for wallet in wallets:
        for method in wallet.methods:
            name = method_id(method.name)
            methods[name] = {"source": method.kind, "id": name, **catalogue.cards.get(name, {})}
            if method.stored:
                methods[name]["balance"] = method.balance_minor / 100
    return {
        "name": {"first_name": first, "last_name": last},
        "address": _json(person.address),
        "email": person.email,
        "payment_methods": methods,
        "orders": list(order_ids),
    }


class _Order:
    """One order with its remedies."""

    def __init__(
        self,
        name: str,
        user_id: str,
        order: OrderState,
        book: Remedies | None,
        people: People,
        catalogue: Catalogue,
    ) -> None:
        self._name = name
        self._user_id = user_id
        self._order = order
        self._book = book
        self._people = people
        self._catalogue = catalogue
        self._part = order.parts[0]
        live = () if book is None else book.live
        self._remedies = sorted(live, key=lambda remedy: remedy.number)

    def record(self, address: str | None) -> Json:
        record: Json = {
            "order_id": self._name,
            "user_id": self._user_id,
            "address": _json(address or ""),
            "items": [self._item(item) for item in self._part.items],
            "fulfillments": self._fulfillments(),
            "status": self._status(),
            "payment_history": self._payments(),
        }
        for remedy in self._remedies:
            record |= self._of_remedy(remedy)
        return record

    def _of_remedy(self, remedy: Remedy) -> Json:
        """What the shop notes of what was asked for."""
        method = "" if remedy.route is None else method_id(remedy.route.reference)
        match remedy.kind:
            case RemedyKind.CANCEL:
                return {"cancel_reason": _REASONS.get(remedy.reason, remedy.reason)}
            case RemedyKind.RETURN_AND_REFUND:
                return {
                    "return_items": sorted(map(self._sold, remedy.lines)),
                    "return_payment_method_id": method,
                }
            case RemedyKind.EXCHANGE:
                return {
                    "exchange_items": sorted(map(self._sold, remedy.lines)),
                    "exchange_new_items": sorted(map(self._replacement, remedy.replacements)),
                    "exchange_payment_method_id": method,
                    "exchange_price_difference": remedy.difference_minor / 100,
                }
            case _:
                return {}

    def _item(self, item: HeldItem) -> Json:
        assert item.terms.variant is not None
        sold = self._catalogue.by_variant[item.terms.variant]
        return {
            "name": sold.product.name,
            "product_id": sold.product.product_id,
            "item_id": sold.variant.item_id,
            "price": item.unit_price_minor / 100,
            "options": sold.variant.options,
        }

    def _sold(self, line: Line) -> str:
        variant = self._part.items[line.item - 1].terms.variant
        assert variant is not None
        return self._catalogue.by_variant[variant].variant.item_id

    def _replacement(self, new: Replacement) -> str:
        assert new.variant is not None
        return self._catalogue.by_variant[new.variant].variant.item_id

    def _fulfillments(self) -> list[Json]:
        known = self._catalogue.tracking[self._name]
        names = {self._people.parcel(one): one for one in known}
        items = [self._item(item)["item_id"] for item in self._part.items]
        return [
            {"tracking_id": [names.get(track.shipment, "")], "item_ids": items}
            for track in self._order.tracks
        ]

    def _status(self) -> str:
        granted = () if self._book is None else self._book.granted
        if self._order.cancelled:
            return "cancelled"
        if RemedyKind.RETURN_AND_REFUND in granted:
            return "return requested"
        if RemedyKind.EXCHANGE in granted:
            return "exchange requested"
        if RemedyKind.CHANGE_ITEMS in granted:
            return "pending (item modified)"
        return _shipped(self._part)

    def _payments(self) -> list[Json]:
        """What was paid first, what went back without us, then what each remedy took and gave."""
        charged = sum(
            remedy.charge is not None and remedy.charge.status is ChargeStatus.TAKEN
            for remedy in self._remedies
        )
        paid = self._order.payments
        history = [
            _moved("payment", one.amount_minor, one.reference)
            for one in paid[: len(paid) - charged]
        ]
        for outside in () if self._book is None else self._book.outside:
            reference = paid[outside.payment - 1].reference
            history.append(_moved("refund", outside.amount_minor, reference))
        for remedy in self._remedies:
            history += self._moved_by(remedy)
        return history

    def _moved_by(self, remedy: Remedy) -> list[Json]:
        if remedy.kind is RemedyKind.CHANGE_ITEMS and not remedy.difference_minor:
            # The shop notes that nothing went back.
            assert remedy.route is not None
            return [_moved("refund", 0, remedy.route.reference)]
        moved = []
        if remedy.charge is not None and remedy.charge.status is ChargeStatus.TAKEN:
            charge = remedy.charge
            moved.append(_moved("payment", charge.amount_minor, charge.route.reference))
        return moved + [_moved("refund", leg.amount_minor, leg.reference) for leg in remedy.legs]


def _shipped(part: Part) -> str:
    if part.delivered_at is not None:
        return "delivered"
    return "pending" if part.shipped_at is None else "processed"


def _moved(kind: str, amount_minor: int, reference: str) -> Json:
    return {
        "transaction_type": kind,
        "amount": amount_minor / 100,
        "payment_method_id": method_id(reference),
    }


def _json(text: str) -> Any:
    return msgspec.json.decode(text) if text.startswith("{") else {}
