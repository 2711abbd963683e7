"""What the shop would have told us of its users, orders and products, command by command."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from oncedesk.connectors.tau.files import ORDERS, PRODUCTS, USERS, Order, Product, User, cents
from oncedesk.connectors.tau.words import (
    CURRENCY,
    MARKET,
    MERCHANT,
    People,
    listing_of,
    method_of,
    variant_of,
)
from oncedesk.domain.listings.messages import DescribeListing, Variant
from oncedesk.domain.orders.messages import (
    CancelOrder,
    Item,
    OrderedPart,
    Payment,
    PlaceOrder,
    RecordTracking,
)
from oncedesk.domain.parties.messages import PartyKind, RegisterParty
from oncedesk.domain.remedies.messages.refunding import OutsideKind, RecordOutside
from oncedesk.domain.shared.decider import MARKETPLACE, Command
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.persons import Person, person_text
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.vocabularies import TrackingStatus
from oncedesk.domain.wallets.messages import AddMethod
from oncedesk.engine.entry import Entry
from oncedesk.engine.submission import Submission

PRINCIPAL = "tau"
TOLD_AT = datetime(2024, 6, 1, tzinfo=UTC)
"""The files carry no dates: all that they tell of happened then."""
ZONE = "EST"
"""The shop's times are EST."""

_SCANS = {"processed": TrackingStatus.COLLECTED, "delivered": TrackingStatus.DELIVERED}


class Told(Record, frozen=True):
    """A command, and the file and record that it comes from."""

    file: str
    record: str
    submission: Submission


class Telling:
    """Makes the commands. The same shop under the same name gives the same ones every time."""

    def __init__(self, *, entry: Entry, people: People) -> None:
        self._entry = entry
        self.people = people

    def product(self, product: Product) -> Told:
        variants = tuple(
            Variant(variant_of(one.item_id), cents(one.price), one.available)
            for one in product.variants.values()
        )
        command = DescribeListing(
            merchant=MERCHANT,
            listing=listing_of(product.product_id),
            currency=CURRENCY,
            variants=variants,
        )
        return self._told(PRODUCTS, product.product_id, "describe", command)

    def user(self, user_id: str, user: User) -> Iterator[Told]:
        """Who it is, and what they can pay with."""
        consumer = self.people.consumer(user_id)
        text = person_text(
            Person(
                name=f"{user.name.first_name} {user.name.last_name}",
                email=user.email,
                address=address_text(user.address),
            )
        )
        sealed = self._entry.seal(text)
        register = RegisterParty(
            party=consumer,
            kind=PartyKind.CONSUMER,
            market=MARKET,
            digest=sealed.digest,
            length=sealed.length,
        )
        yield self._told(USERS, user_id, "register", register, text=text)
        for method in user.payment_methods.values():
            stored = method.balance is not None
            add = AddMethod(
                consumer=consumer,
                method=method_of(method.id),
                kind=method.source,
                stored=stored,
                currency=CURRENCY if stored else "XXX",
                balance_minor=cents(method.balance or 0.0),
            )
            yield self._told(USERS, user_id, f"method/{method.id}", add)

    def order(self, order: Order) -> Told:
        """That it was placed."""
        text = address_text(order.address)
        sealed = self._entry.seal(text)
        command = PlaceOrder(
            consumer=self.people.consumer(order.user_id),
            order=self.people.order(order.order_id),
            market=MARKET,
            placed_at=TOLD_AT,
            timezone=ZONE,
            currency=CURRENCY,
            parts=(OrderedPart(merchant=MERCHANT, items=_items(order)),),
            payments=tuple(
                Payment(
                    one.payment_method_id.rpartition("_")[0],
                    cents(one.amount),
                    method_of(one.payment_method_id),
                    stored=one.payment_method_id.startswith("gift_card"),
                )
                for one in order.payment_history
                if one.transaction_type == "payment"
            ),
            digest=sealed.digest,
            length=sealed.length,
        )
        return self._told(ORDERS, order.order_id, "place", command, text=text)

    def since(self, order: Order) -> Iterator[Told]:
        """What has become of it since it was placed."""
        consumer = self.people.consumer(order.user_id)
        placed = self.people.order(order.order_id)
        scanned = _SCANS.get(order.status, TrackingStatus.ANNOUNCED)
        for parcel in order.fulfillments:
            for tracking_id in parcel.tracking_id:
                scan = RecordTracking(
                    consumer=consumer,
                    order=placed,
                    shipment=self.people.parcel(tracking_id),
                    code=scanned.value,
                    at=TOLD_AT,
                )
                yield self._told(ORDERS, order.order_id, f"parcel/{tracking_id}", scan)
        if order.status == "cancelled":
            cancel = CancelOrder(consumer=consumer, order=placed, at=TOLD_AT)
            yield self._told(ORDERS, order.order_id, "cancel", cancel)
        yield from self._refunds(order, consumer, placed)

    def _refunds(self, order: Order, consumer: UUID, placed: UUID) -> Iterator[Told]:
        """What the shop gave back before we heard of the order."""
        for number, one in enumerate(order.payment_history):
            if one.transaction_type == "refund":
                refund = RecordOutside(
                    consumer=consumer,
                    order=placed,
                    id=derived_id("tau", placed, "refund", str(number)),
                    kind=OutsideKind.OUTSIDE_REFUND,
                    amount_minor=cents(one.amount),
                    currency=CURRENCY,
                    payment=1,
                )
                yield self._told(ORDERS, order.order_id, f"refund/{number}", refund)

    def _told(
        self, file: str, record: str, what: str, command: Command, *, text: str | None = None
    ) -> Told:
        submission = self._entry.submission(
            command,
            principal=PRINCIPAL,
            key=f"{self.people.name}/{record}/{what}"[:255],
            actor=MARKETPLACE,
            text=text,
        )
        return Told(file, record, submission)


def address_text(address: dict[str, str]) -> str:
    """An address of the shop as the private text that we keep."""
    return msgspec.json.encode(address).decode()


def _items(order: Order) -> tuple[Item, ...]:
    return tuple(
        Item(listing_of(one.product_id), cents(one.price), variant=variant_of(one.item_id))
        for one in order.items
    )
