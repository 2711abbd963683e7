"""The shop's files as typed records that refer to each other; what does not is rejected."""

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from oncedesk.connectors.csv_rows import FileUnusable
from oncedesk.connectors.rejects import BadRow, Reject
from oncedesk.domain.shared.records import Record

T = TypeVar("T")

USERS, PRODUCTS, ORDERS = "users.json", "products.json", "orders.json"
FILE_BYTES_MAX = 200_000_000
AMOUNT_MAX = 10_000_000.0
STATUSES = ("pending", "processed", "delivered", "cancelled")
SOURCES = ("gift_card", "credit_card", "paypal")


class Name(Record, frozen=True):
    first_name: str
    last_name: str


class Method(Record, frozen=True):
    id: str
    source: str
    balance: float | None = None


class User(Record, frozen=True):
    name: Name
    address: dict[str, str]
    email: str
    payment_methods: dict[str, Method]
    orders: list[str]


class Variant(Record, frozen=True):
    item_id: str
    options: dict[str, str]
    available: bool
    price: float


class Product(Record, frozen=True):
    name: str
    product_id: str
    variants: dict[str, Variant]


class Item(Record, frozen=True):
    name: str
    product_id: str
    item_id: str
    price: float


class Fulfillment(Record, frozen=True):
    tracking_id: list[str]
    item_ids: list[str]


class Payment(Record, frozen=True):
    transaction_type: str
    amount: float
    payment_method_id: str


class Order(Record, frozen=True):
    order_id: str
    user_id: str
    address: dict[str, str]
    items: list[Item]
    fulfillments: list[Fulfillment]
    status: str
    payment_history: list[Payment]


class Action(Record, frozen=True):
    """What is done with the shop's own word for it, and what was given for that."""

    name: str
    kwargs: Mapping[str, Any] = {}


class Task(Record, frozen=True):
    """What one user wants done, what the shop answered to each action, and what changed."""

    id: str
    user_id: str
    actions: list[Action]
    gold_action_results: Sequence[str] = ()
    gold_changed_records: Mapping[str, Mapping[str, Mapping[str, Any]]] = {}


class Shop(Struct):
    """What was read; `raw` are the records as they stood in the files, by file and name."""

    users: dict[str, User] = {}
    products: dict[str, Product] = {}
    orders: dict[str, Order] = {}
    raw: dict[str, dict[str, Any]] = {}
    rejects: list[Reject] = []

    def orders_of(self, user: str) -> list[Order]:
        return [order for order in self.orders.values() if order.user_id == user]


def read_shop(folder: Path) -> Shop:
    """Everything that can be read. Raises FileUnusable if a file is missing or another one."""
    if not folder.is_dir():
        raise FileUnusable(f"{folder}: no such folder")
    shop = Shop()
    shop.products = _records(shop, folder, PRODUCTS, Product, _check_product)
    shop.users = _records(shop, folder, USERS, User, _check_user)
    shop.orders = _records(shop, folder, ORDERS, Order, lambda *one: _check_order(shop, *one))
    return shop


def read_tasks(path: Path) -> list[Task]:
    """The tasks of a file. Raises FileUnusable: a task that is not all there cannot be compared."""
    try:
        return msgspec.convert(_content(path), list[Task])
    except msgspec.ValidationError as error:
        raise FileUnusable(f"{path}: {error}") from error


def cents(amount: float) -> int:
    """An amount of the files in minor units; sums in them are sometimes not rounded."""
    if not math.isfinite(amount) or not 0 <= amount <= AMOUNT_MAX:
        raise BadRow(f"{amount} is not an amount")
    return round(amount * 100)


def _records(
    shop: Shop, folder: Path, name: str, kind: type[T], check: Callable[[str, T], None]
) -> dict[str, T]:
    content = _content(folder / name)
    if not isinstance(content, dict):
        raise FileUnusable(f"{folder / name}: expected one object")
    shop.raw[name] = content
    found: dict[str, T] = {}
    for number, (key, value) in enumerate(content.items(), start=1):
        try:
            record = msgspec.convert(value, kind)
            check(key, record)
        except (msgspec.ValidationError, BadRow) as error:
            shop.rejects.append(Reject(name, number, f"{key[:60]!r}: {error}"))
        else:
            found[key] = record
    return found


def _content(path: Path) -> Any:
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise FileUnusable(f"{path}: more than {FILE_BYTES_MAX} bytes")
        return msgspec.json.decode(path.read_bytes())
    except OSError as error:
        raise FileUnusable(f"{path}: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FileUnusable(f"{path}: {error}") from error


def _check_product(key: str, product: Product) -> None:
    if product.product_id != key:
        raise BadRow("product_id: another than its key")
    if not 1 <= len(product.variants) <= 200:
        raise BadRow("variants: 1 to 200")
    for name, variant in product.variants.items():
        if variant.item_id != name:
            raise BadRow(f"variant {name[:40]!r}: item_id is another")
        cents(variant.price)


def _check_user(key: str, user: User) -> None:
    del key
    for name, method in user.payment_methods.items():
        if method.id != name or method.source not in SOURCES:
            raise BadRow(f"payment method {name[:40]!r}: unknown id or source")
        if (method.balance is not None) != (method.source == "gift_card"):
            raise BadRow(f"payment method {name[:40]!r}: a balance, and only of a gift card")
        cents(method.balance or 0.0)


def _check_order(shop: Shop, key: str, order: Order) -> None:
    user = shop.users.get(order.user_id)
    if order.order_id != key:
        raise BadRow("order_id: another than its key")
    if user is None:
        raise BadRow(f"user_id: no such user {order.user_id[:40]!r}")
    if order.status not in STATUSES:
        raise BadRow(f"status: {order.status[:40]!r} is none of {', '.join(STATUSES)}")
    if not 1 <= len(order.items) <= 50:
        raise BadRow("items: 1 to 50")
    for item in order.items:
        _check_item(shop.products, item)
    for payment in order.payment_history:
        if payment.payment_method_id not in user.payment_methods:
            raise BadRow(f"payment_method_id: {payment.payment_method_id[:40]!r} is not the user's")
        cents(payment.amount)
    kinds = [payment.transaction_type for payment in order.payment_history]
    if kinds != (["payment", "refund"] if order.status == "cancelled" else ["payment"]):
        raise BadRow("payment_history: one payment, and a refund if it was cancelled")
    ids = [item.item_id for item in order.items]
    if any(one.item_ids != ids or len(one.tracking_id) != 1 for one in order.fulfillments):
        raise BadRow("fulfillments: one parcel with all items")


def _check_item(products: Mapping[str, Product], item: Item) -> None:
    product = products.get(item.product_id)
    if product is None or item.item_id not in product.variants:
        raise BadRow(f"item {item.item_id[:40]!r}: no variant of a product that is known")
    cents(item.price)
