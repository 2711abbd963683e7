"""The marketplace's files, as typed rows that refer to each other; what does not is rejected."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from msgspec import Struct

from oncedesk.connectors.csv_rows import FileUnusable, Row, read_rows
from oncedesk.connectors.olist import fields
from oncedesk.connectors.rejects import BadRow, Reject
from oncedesk.domain.shared.records import Record

T = TypeVar("T")
Fields = Mapping[str, str]

CUSTOMERS = "olist_customers_dataset.csv"
SELLERS = "olist_sellers_dataset.csv"
ORDERS = "olist_orders_dataset.csv"
ITEMS = "olist_order_items_dataset.csv"
PAYMENTS = "olist_order_payments_dataset.csv"
REVIEWS = "olist_order_reviews_dataset.csv"
FILES = (CUSTOMERS, SELLERS, ORDERS, ITEMS, PAYMENTS, REVIEWS)

SCORE_MAX, ITEMS_MAX, PAYMENTS_MAX = 5, 99, 99


class OrderStatus(StrEnum):
    """How far an order had come when the files were made."""

    CREATED = "created"
    APPROVED = "approved"
    INVOICED = "invoiced"
    PROCESSING = "processing"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELED = "canceled"
    UNAVAILABLE = "unavailable"


STATUSES = tuple(status.value for status in OrderStatus)


class ItemRow(Record, frozen=True):
    """One piece of an order; `limit_at` is until when its seller should hand it to the carrier."""

    number: int
    product: UUID
    seller: UUID
    limit_at: datetime
    price_minor: int


class PaymentRow(Record, frozen=True):
    number: int
    method: str
    amount_minor: int


class ReviewRow(Record, frozen=True):
    """What a consumer said of an order, title and message together; `line` is where it stands."""

    review: UUID
    score: int
    text: str
    answered_at: datetime
    line: int


class OrderRow(Struct):
    """An order with what the other files say of it. Moments are in UTC."""

    line: int
    order: UUID
    consumer: UUID
    status: OrderStatus
    purchased_at: datetime
    approved_at: datetime | None
    handed_over_at: datetime | None
    delivered_at: datetime | None
    promised_on: date
    items: list[ItemRow] = []
    payments: list[PaymentRow] = []
    reviews: list[ReviewRow] = []


class Files(Struct):
    """What was read. `reviews` counts the readable ones; `rejects` grows while it is replayed."""

    sellers: dict[UUID, int] = {}
    orders: dict[UUID, OrderRow] = {}
    reviews: int = 0
    rejects: list[Reject] = []


class _Reading(Struct):
    """The state of one reading."""

    folder: Path
    found: Files
    customers: dict[UUID, UUID] = {}

    def take(
        self, name: str, columns: str, parse: Callable[[Row], T], key: Callable[[T], object]
    ) -> list[T]:
        """The rows of a file as `parse` makes them; each key once, the first time."""
        path = self.folder / name
        taken: list[T] = []
        lines: dict[object, int] = {}
        for row in read_rows(path=path, columns=columns.split(), rejects=self.found.rejects):
            try:
                one = parse(row)
                known = lines.setdefault(key(one), row.line)
                if known != row.line:
                    raise BadRow(f"the same as line {known}")
            except BadRow as error:
                self.found.rejects.append(Reject(name, row.line, str(error)))
            else:
                taken.append(one)
        return taken


def read_files(folder: Path) -> Files:
    """Everything that can be read. Raises FileUnusable if a file is missing or another one."""
    if not folder.is_dir():
        raise FileUnusable(f"{folder}: no such folder")
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise FileUnusable(f"{folder}: no {', '.join(missing)}")
    reading = _Reading(folder, Files())
    _customers(reading)
    _sellers(reading)
    _orders(reading)
    _items(reading)
    _payments(reading)
    _reviews(reading)
    return reading.found


def _customers(reading: _Reading) -> None:
    """A customer id is one order's; the unique id is the person's."""

    def parse(row: Row) -> tuple[UUID, UUID]:
        values = row.values
        return fields.id_of(values, "customer_id"), fields.id_of(values, "customer_unique_id")

    rows = reading.take(CUSTOMERS, "customer_id customer_unique_id", parse, lambda one: one[0])
    reading.customers = dict(rows)


def _sellers(reading: _Reading) -> None:
    def parse(row: Row) -> tuple[UUID, int]:
        return fields.id_of(row.values, "seller_id"), row.line

    reading.found.sellers = dict(reading.take(SELLERS, "seller_id", parse, lambda one: one[0]))


def _orders(reading: _Reading) -> None:
    def parse(row: Row) -> OrderRow:
        values = row.values
        status = values["order_status"]
        if status not in STATUSES:
            raise BadRow(f"order_status: {status[:40]!r} is none of {', '.join(STATUSES)}")
        consumer = reading.customers.get(fields.id_of(values, "customer_id"))
        if consumer is None:
            raise BadRow("customer_id: no such customer")
        return OrderRow(
            line=row.line,
            order=fields.id_of(values, "order_id"),
            consumer=consumer,
            status=OrderStatus(status),
            purchased_at=fields.moment_of(values, "order_purchase_timestamp"),
            approved_at=fields.moment_or_none(values, "order_approved_at"),
            handed_over_at=fields.moment_or_none(values, "order_delivered_carrier_date"),
            delivered_at=fields.moment_or_none(values, "order_delivered_customer_date"),
            promised_on=fields.wall_time(values, "order_estimated_delivery_date").date(),
        )

    columns = (
        "order_id customer_id order_status order_purchase_timestamp order_approved_at "
        "order_delivered_carrier_date order_delivered_customer_date order_estimated_delivery_date"
    )
    rows = reading.take(ORDERS, columns, parse, lambda one: one.order)
    reading.found.orders = {one.order: one for one in rows}


def _order_of(reading: _Reading, values: Fields) -> OrderRow:
    order = reading.found.orders.get(fields.id_of(values, "order_id"))
    if order is None:
        raise BadRow("order_id: no such order")
    return order


def _items(reading: _Reading) -> None:
    def parse(row: Row) -> tuple[OrderRow, ItemRow]:
        values = row.values
        fields.cents_of(values, "freight_value")
        item = ItemRow(
            number=fields.number_of(values, "order_item_id", least=1, most=ITEMS_MAX),
            product=fields.id_of(values, "product_id"),
            seller=fields.id_of(values, "seller_id"),
            limit_at=fields.moment_of(values, "shipping_limit_date"),
            price_minor=fields.cents_of(values, "price"),
        )
        order = _order_of(reading, values)
        if item.seller not in reading.found.sellers:
            raise BadRow("seller_id: no such seller")
        return order, item

    columns = "order_id order_item_id product_id seller_id shipping_limit_date price freight_value"
    for order, item in reading.take(
        ITEMS, columns, parse, lambda one: (one[0].order, one[1].number)
    ):
        order.items.append(item)


def _payments(reading: _Reading) -> None:
    def parse(row: Row) -> tuple[OrderRow, PaymentRow]:
        values = row.values
        method = values["payment_type"]
        if not (method.isascii() and method.isidentifier() and len(method) <= 48):
            raise BadRow(f"payment_type: {method[:40]!r} is not a code")
        payment = PaymentRow(
            number=fields.number_of(values, "payment_sequential", least=1, most=PAYMENTS_MAX),
            method=method,
            amount_minor=fields.cents_of(values, "payment_value"),
        )
        return _order_of(reading, values), payment

    columns = "order_id payment_sequential payment_type payment_value"
    for order, payment in reading.take(
        PAYMENTS, columns, parse, lambda one: (one[0].order, one[1].number)
    ):
        order.payments.append(payment)


def _reviews(reading: _Reading) -> None:
    """One review may be about several orders, so it is known by its id and the order's."""

    def parse(row: Row) -> tuple[OrderRow, ReviewRow]:
        values = row.values
        said = (values["review_comment_title"].strip(), values["review_comment_message"].strip())
        fields.moment_of(values, "review_creation_date")
        review = ReviewRow(
            review=fields.id_of(values, "review_id"),
            score=fields.number_of(values, "review_score", least=1, most=SCORE_MAX),
            text="\n".join(part for part in said if part),
            answered_at=fields.moment_of(values, "review_answer_timestamp"),
            line=row.line,
        )
        return _order_of(reading, values), review

    columns = (
        "review_id order_id review_score review_comment_title review_comment_message "
        "review_creation_date review_answer_timestamp"
    )
    rows = reading.take(REVIEWS, columns, parse, lambda one: (one[0].order, one[1].review))
    for order, review in rows:
        order.reviews.append(review)
    reading.found.reviews = len(rows)
