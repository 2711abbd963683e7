"""Small folders in the format of the Olist files, made by hand or by dice."""

import csv
import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from oncedesk.connectors.olist.files import CUSTOMERS, ITEMS, ORDERS, PAYMENTS, REVIEWS, SELLERS

HEADERS = {
    CUSTOMERS: "customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,"
    "customer_state",
    SELLERS: "seller_id,seller_zip_code_prefix,seller_city,seller_state",
    ORDERS: "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,"
    "order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date",
    ITEMS: "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value",
    PAYMENTS: "order_id,payment_sequential,payment_type,payment_installments,payment_value",
    REVIEWS: "review_id,order_id,review_score,review_comment_title,review_comment_message,"
    "review_creation_date,review_answer_timestamp",
}
Cells = Sequence[object]


def hex_id(kind: str, number: int) -> str:
    """The id of the customer (c), person (f), seller (5e), order (0), ... of this number."""
    return f"{kind}{number:0{32 - len(kind)}x}"


class Folder:
    """Rows by file, to be changed before they are written."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Cells]] = {name: [] for name in HEADERS}

    def seller(self, number: int) -> None:
        self.rows[SELLERS].append([hex_id("5e", number), "01001", "sao paulo", "SP"])

    def order(
        self,
        number: int,
        *,
        bought: str,
        promised: str,
        status: str = "delivered",
        carrier: str = "",
        delivered: str = "",
        items: Mapping[int, str] = {},
        person: int | None = None,
    ) -> None:
        """`items` gives each seller's shipping limit; each has one item of 19.90, all paid for."""
        customer, order = hex_id("c", number), hex_id("0", number)
        unique = hex_id("f", number if person is None else person)
        self.rows[CUSTOMERS].append([customer, unique, "01001", "sao paulo", "SP"])
        self.rows[ORDERS].append(
            [order, customer, status, bought, bought, carrier, delivered, f"{promised} 00:00:00"]
        )
        for place, (seller, limit) in enumerate(items.items(), start=1):
            product = hex_id("d", number * 10 + place)
            cells = [order, place, product, hex_id("5e", seller), limit, "19.9", "8.72"]
            self.rows[ITEMS].append(cells)
        paid = f"{28.62 * max(1, len(items)):.2f}"
        self.rows[PAYMENTS].append([order, 1, "credit_card", 1, paid])

    def review(
        self, number: int, *, score: int, at: str, text: str = "", title: str = "", id_: int = 0
    ) -> None:
        review = hex_id("e", id_ or number)
        cells = [review, hex_id("0", number), score, title, text, f"{at[:10]} 00:00:00", at]
        self.rows[REVIEWS].append(cells)

    def write(self, folder: Path) -> Path:
        folder.mkdir(exist_ok=True)
        for name, rows in self.rows.items():
            with (folder / name).open("w", encoding="utf-8", newline="") as file:
                file.write(f"{HEADERS[name]}\n")
                csv.writer(file, lineterminator="\n").writerows(rows)
        return folder


def random_folder(*, seed: int, orders: int) -> Folder:
    """A month of orders, half of them troubled, so that clocks and contacts meet."""
    dice, made = random.Random(seed), Folder()
    for seller in range(1, 6):
        made.seller(seller)

    def after(at: datetime, days: float) -> datetime:
        return at + timedelta(seconds=round(dice.uniform(0.1, days) * 86_400))

    for number in range(1, orders + 1):
        bought = after(datetime(2018, 1, 20), 30)  # noqa: DTZ001 - the files name no zone
        limit, promised = after(bought, 3), after(bought, 12).date()
        carrier = after(bought, 6) if dice.random() < 0.8 else None
        delivered = after(carrier, 10) if carrier and dice.random() < 0.7 else None
        sellers = dice.sample(range(1, 6), k=dice.choice((0, 1, 1, 1, 2)))
        made.order(
            number,
            bought=str(bought),
            promised=str(promised),
            carrier=str(carrier or ""),
            delivered=str(delivered or ""),
            status=dice.choice(("delivered", "shipped", "canceled")),
            items={seller: str(limit + timedelta(hours=seller)) for seller in sellers},
        )
        for nth in range(dice.choice((0, 1, 1, 2))):
            at = after(bought, 20)
            made.review(
                number, score=dice.randint(1, 3), at=str(at), text="Péssimo", id_=number * 10 + nth
            )
    return made
