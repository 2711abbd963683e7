"""The shop's ids and words, and ours for them. Each is found again from the other."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from oncedesk.connectors.tau.files import USERS, Product, Shop, Variant, cents
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.records import Record

MARKET = "tau_retail"
"""Whose rule pack says the shop's policy."""
CURRENCY = "USD"
MERCHANT = derived_id("tau", "shop")

_METHOD = re.compile(r"[A-Za-z0-9_.-]{1,36}", re.ASCII)
_REASON = re.compile(r"[a-z][a-z0-9_]{0,47}", re.ASCII)


def listing_of(product_id: str) -> UUID:
    return derived_id("tau", "product", product_id)


def variant_of(item_id: str) -> UUID:
    return derived_id("tau", "item", item_id)


def method_of(payment_method_id: str) -> str:
    """Our name: the kind of method, a colon, the shop's name; the kind is how that begins."""
    if _METHOD.fullmatch(payment_method_id) is None:
        return "unknown:unknown"
    return f"{payment_method_id.rpartition('_')[0] or 'unknown'}:{payment_method_id}"


def method_id(name: str) -> str:
    return name.partition(":")[2]


def reason_of(words: str) -> str:
    """A reason code; words that make none are no reason that anybody allows."""
    code = words.strip().lower().replace(" ", "_")
    return code if _REASON.fullmatch(code) else "unclear"


class People(Record, frozen=True):
    """Whose ids these are: one shop may be told several times side by side, under other names."""

    name: str

    def consumer(self, user_id: str) -> UUID:
        return derived_id("tau", self.name, "user", user_id)

    def order(self, order_id: str) -> UUID:
        return derived_id("tau", self.name, "order", order_id)

    def parcel(self, tracking_id: str) -> UUID:
        return derived_id("tau", self.name, "parcel", tracking_id)


class Sold(Record, frozen=True):
    """A variant and the product that it is one of."""

    product: Product
    variant: Variant

    @property
    def price_minor(self) -> int:
        return cents(self.variant.price)


class Catalogue:
    """What the shop sells, by its ids and by ours; and the words of it that we do not keep."""

    def __init__(self, shop: Shop) -> None:
        self.by_item: Mapping[str, Sold] = {
            item_id: Sold(product, variant)
            for product in shop.products.values()
            for item_id, variant in product.variants.items()
        }
        self.by_variant: Mapping[UUID, Sold] = {
            variant_of(item_id): sold for item_id, sold in self.by_item.items()
        }
        self.cards: Mapping[str, Mapping[str, Any]] = {
            name: {key: method[key] for key in ("brand", "last_four") if key in method}
            for user_id in shop.users
            for name, method in shop.raw[USERS][user_id]["payment_methods"].items()
        }
        self.tracking: Mapping[str, Sequence[str]] = {
            order.order_id: [one for parcel in order.fulfillments for one in parcel.tracking_id]
            for order in shop.orders.values()
        }
