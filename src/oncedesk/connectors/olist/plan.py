"""What the marketplace would have told us, command by command, in the order of time."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from uuid import UUID

from msgspec.structs import replace

from oncedesk.connectors.olist.fields import ZONE_NAME, moment
from oncedesk.connectors.olist.files import (
    ORDERS,
    REVIEWS,
    SELLERS,
    Files,
    ItemRow,
    OrderRow,
    OrderStatus,
    ReviewRow,
)
from oncedesk.domain.conversations.messages import Channel, ReceiveContact, Surface
from oncedesk.domain.conversations.subjects import Subject, SubjectKind, subject_ref
from oncedesk.domain.desks.messages import OpenDesk, ReportLoad
from oncedesk.domain.orders.messages import (
    AnnounceShipment,
    CancelOrder,
    DeliverBy,
    Item,
    OrderedPart,
    Payment,
    PlaceOrder,
    RecordTracking,
    ShippingLimits,
    TrackingDetail,
)
from oncedesk.domain.parties.messages import PartyKind, RegisterParty
from oncedesk.domain.shared.decider import MARKETPLACE, Command
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk, DeskKind, Ref, order_ref, remedies_ref
from oncedesk.domain.shared.vocabularies import TrackingStatus
from oncedesk.engine.entry import Entry
from oncedesk.engine.submission import Submission

PRINCIPAL = "olist"
CURRENCY = "BRL"
LANGUAGE = "pt"
SCORE_OF_COMPLAINT_MAX = 2

_CANCELLED = (OrderStatus.CANCELED, OrderStatus.UNAVAILABLE)


class Rank(IntEnum):
    """Of what happened at one moment, what comes first."""

    SELLER = 0
    PLACED = 1
    ANNOUNCED = 2
    COLLECTED = 3
    DELIVERED = 4
    CANCELLED = 5
    CONTACT = 6


class Step(Record, frozen=True):
    """One command at its moment. `file` and `line` say where it comes from; `order` is None for
    what is about a seller. `of_parts`: the same said of part 1, 2, ... of an order, where it is
    said of the whole and its case may stand in one of them."""

    at: datetime
    rank: Rank
    file: str
    line: int
    order: UUID | None
    submission: Submission
    of_parts: tuple[Submission, ...] = ()

    @property
    def either(self) -> tuple[Submission, ...]:
        """One of these is accepted."""
        return (self.submission, *self.of_parts)


class Owner(Record, frozen=True):
    """The order, and the consumer, whose state it is."""

    order: UUID
    consumer: UUID


class Plan(Record, frozen=True):
    """All steps in order. `owners` says whose each state at `states` is; `end` is when nothing of
    what the files say is still to come."""

    steps: list[Step]
    owners: dict[UUID, Owner]
    states: list[Ref]
    start: datetime
    end: datetime


def make_plan(*, files: Files, market: str, entry: Entry) -> Plan:
    """The steps of these files. The same files give the same commands under the same ids."""
    making, start = _Making(market, entry), start_of(files)
    steps = [*making.sellers(files, start), *making.orders(files)]
    steps.sort(key=lambda step: (step.at, step.rank, step.line))
    owners: dict[UUID, Owner] = {}
    states: list[Ref] = []
    ends = [start, *(step.at for step in steps)]
    for order in files.orders.values():
        refs = list(_states_of(order))
        states += refs
        owners.update((ref.id, Owner(order.order, order.consumer)) for ref in refs)
        ends.append(moment(datetime.combine(order.promised_on, datetime.min.time())) + _A_DAY)
    return Plan(steps=steps, owners=owners, states=states, start=start, end=max(ends) + _A_DAY)


def start_of(files: Files) -> datetime:
    """A little before anything happens."""
    first = min((_first(order) for order in files.orders.values()), default=_NEVER)
    return first - timedelta(hours=1)


_NEVER = datetime(2016, 1, 1, tzinfo=UTC)
_A_DAY = timedelta(days=1)


def sellers_of(order: OrderRow) -> list[UUID]:
    """In the order in which the items name them; each has a part of the order."""
    ordered = sorted(order.items, key=lambda item: item.number)
    return list(dict.fromkeys(item.seller for item in ordered))


def _first(order: OrderRow) -> datetime:
    return min(at for at in (order.purchased_at, order.handed_over_at) if at is not None)


def _parts(order: OrderRow) -> range:
    """The numbers of its parts; an order of which no items are known has one, nobody's."""
    return range(1, max(1, len(sellers_of(order))) + 1)


def _subject(order: OrderRow) -> Subject:
    """A review is about the whole order: its only part, or part 0 where there are several."""
    several = len(_parts(order)) > 1
    return Subject(SubjectKind.ORDER, order.order, 0 if several else 1)


def _states_of(order: OrderRow) -> Iterator[Ref]:
    """The order's state, that of its remedies, and the conversations that can be about it."""
    yield order_ref(consumer=order.consumer, order=order.order)
    yield remedies_ref(consumer=order.consumer, order=order.order)
    parts = _parts(order)
    for part in parts if len(parts) == 1 else (0, *parts):
        subject = Subject(SubjectKind.ORDER, order.order, part)
        yield subject_ref(consumer=order.consumer, subject=subject)


class _Making(Record, frozen=True):
    """Makes steps for one market."""

    market: str
    entry: Entry

    def sellers(self, files: Files, at: datetime) -> Iterator[Step]:
        """Each is a merchant with a desk on duty: so what is theirs goes to them first."""
        for seller, line in files.sellers.items():
            desk = Desk(DeskKind.MERCHANT, seller)
            languages = (LANGUAGE,)
            commands: dict[str, Command] = {
                "register": RegisterParty(
                    party=seller, kind=PartyKind.MERCHANT, market=self.market, language=LANGUAGE
                ),
                "open": OpenDesk(desk=desk, market=self.market, languages=languages),
                "staff": ReportLoad(
                    desk=desk, waiting=0, oldest_wait_seconds=0, staffed=True, at=at
                ),
            }
            for key, command in commands.items():
                yield self._step(at, Rank.SELLER, SELLERS, line, None, key, command)

    def orders(self, files: Files) -> Iterator[Step]:
        for order in files.orders.values():
            yield from self._order(order)
            for review in order.reviews:
                if review.score <= SCORE_OF_COMPLAINT_MAX and review.text:
                    yield self._contact(order, review)

    def _order(self, order: OrderRow) -> Iterator[Step]:
        placed = self._placed(order)
        yield self._of_order(order, order.purchased_at, Rank.PLACED, "place", placed)
        for part in _parts(order):
            yield from self._shipment(order, part)
        if order.status in _CANCELLED:
            at = max(_known(order))
            cancel = CancelOrder(consumer=order.consumer, order=order.order, at=at)
            yield self._of_order(order, at, Rank.CANCELLED, "cancel", cancel)

    def _shipment(self, order: OrderRow, part: int) -> Iterator[Step]:
        """The files know one day each for the whole order; it holds for every part."""
        shipment = derived_id("shipment", order.order, str(part))
        if len(_parts(order)) > 1 and (order.handed_over_at or order.delivered_at):
            announced = AnnounceShipment(
                consumer=order.consumer, order=order.order, part=part, shipment=shipment
            )
            yield self._of_order(
                order, order.purchased_at, Rank.ANNOUNCED, f"announce/{part}", announced
            )
        for at, status, rank in (
            (order.handed_over_at, TrackingStatus.COLLECTED, Rank.COLLECTED),
            (order.delivered_at, TrackingStatus.DELIVERED, Rank.DELIVERED),
        ):
            if at is not None:
                scan = RecordTracking(
                    consumer=order.consumer,
                    order=order.order,
                    shipment=shipment,
                    code=status.value,
                    at=at,
                )
                yield self._of_order(order, at, rank, f"{status.value}/{part}", scan)

    def _placed(self, order: OrderRow) -> PlaceOrder:
        sellers = sellers_of(order)
        parts = [_part(order, seller) for seller in sellers]
        payments = sorted(order.payments, key=lambda payment: payment.number)
        return PlaceOrder(
            consumer=order.consumer,
            order=order.order,
            market=self.market,
            placed_at=order.purchased_at,
            timezone=ZONE_NAME,
            currency=CURRENCY,
            parts=tuple(parts) or (OrderedPart(promises=(DeliverBy(on=order.promised_on),)),),
            payments=tuple(Payment(one.method, one.amount_minor) for one in payments),
            language=LANGUAGE,
            tracking=TrackingDetail.MILESTONES,
        )

    def _contact(self, order: OrderRow, review: ReviewRow) -> Step:
        """Said when it was answered; one dated before its order is heard with the order."""
        sealed = self.entry.seal(review.text)
        contact = ReceiveContact(
            consumer=order.consumer,
            subject=_subject(order),
            market=self.market,
            channel=Channel.EMAIL,
            surface=Surface.ORDER,
            digest=sealed.digest,
            length=sealed.length,
            language=LANGUAGE,
        )
        at = max(review.answered_at, order.purchased_at)
        key = f"review/{review.review.hex}"
        step = self._step(
            at, Rank.CONTACT, REVIEWS, review.line, order.order, key, contact, text=review.text
        )
        if contact.subject.part:
            return step
        of_parts = tuple(
            self.entry.submission(
                replace(contact, subject=Subject(SubjectKind.ORDER, order.order, part)),
                principal=PRINCIPAL,
                key=key,
                actor=MARKETPLACE,
                text=review.text,
            )
            for part in _parts(order)
        )
        return replace(step, of_parts=of_parts)

    def _of_order(
        self, order: OrderRow, at: datetime, rank: Rank, key: str, command: Command
    ) -> Step:
        return self._step(at, rank, ORDERS, order.line, order.order, key, command)

    def _step(
        self,
        at: datetime,
        rank: Rank,
        file: str,
        line: int,
        order: UUID | None,
        key: str,
        command: Command,
        *,
        text: str | None = None,
    ) -> Step:
        submission = self.entry.submission(
            command, principal=PRINCIPAL, key=key, actor=MARKETPLACE, text=text
        )
        return Step(at, rank, file, line, order, submission)


def _part(order: OrderRow, seller: UUID) -> OrderedPart:
    items = sorted(
        (item for item in order.items if item.seller == seller), key=lambda item: item.number
    )
    return OrderedPart(
        merchant=seller,
        items=tuple(Item(item.product, item.price_minor) for item in items),
        promises=(_limits(items), DeliverBy(on=order.promised_on)),
    )


def _limits(items: Iterable[ItemRow]) -> ShippingLimits:
    limits = [item.limit_at for item in items]
    return ShippingLimits(earliest=min(limits), latest=max(limits))


def _known(order: OrderRow) -> Iterator[datetime]:
    """When something is known to have happened to it."""
    for at in (
        order.purchased_at,
        order.approved_at,
        order.handed_over_at,
        order.delivered_at,
    ):
        if at is not None:
            yield at
