"""What the system says after the replay: counted from its journal, not from what was read."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from msgspec import Struct

from oncedesk.connectors.olist.plan import Owner
from oncedesk.domain.conversations.messages import (
    CaseOpened,
    CaseReopened,
    CaseResolved,
    ClosingReason,
    Origin,
    ReceiveContact,
    TakenOver,
)
from oncedesk.domain.orders.messages import (
    Breach,
    Delivered,
    DeliveryReopened,
    FoundBy,
    OrderCancelled,
    OrderPlaced,
    PromiseBroken,
    Shipped,
    ShippingReopened,
)
from oncedesk.domain.remedies.messages.promising import BreachCompensated, CompensationCapped
from oncedesk.domain.remedies.messages.refunding import RefundSent
from oncedesk.domain.remedies.words import Payer, Share
from oncedesk.domain.shared.refs import Kind
from oncedesk.engine.histories import JournalEntry, Stream
from oncedesk.engine.ports import Unreadable


class Journal(Protocol):
    """Reads streams whole."""

    def streams(self) -> AsyncIterator[Stream]: ...


class Report(Struct, kw_only=True):
    """All figures but the last three are counted in the database.

    An order is late if any of its parts is. `handed_over_late` is after its earliest shipping
    limit, `handed_over_late_by_latest` after all of them. A contact opened a case or joined one on
    the same matter; `contacts_joined_resolved` are those among the latter whose case had just been
    resolved, and so was reopened. `cases_opened_before_asked` were opened by the system where the
    consumer had not asked yet about the order; of these orders `asked_after_all` were asked about
    later.

    Of the orders that were delivered late, `late_deliveries_compensated` were given something for
    it, and likewise `late_hand_overs_compensated`; of those that were both, `broke_both_capped`
    came to the cap. Amounts are in centavos of what breaches gave in all, whether or not it came to
    a delivery: `compensation_capped_minor` is what the cap kept back, `compensation_fund_minor`
    what the assurance fund bears.
    """

    orders: int = 0
    orders_with_several_sellers: int = 0
    orders_without_items: int = 0
    orders_cancelled: int = 0
    delivered: int = 0
    delivered_late: int = 0
    delivered_late_by_timestamp: int = 0
    handed_over: int = 0
    handed_over_late: int = 0
    handed_over_late_by_latest: int = 0
    promises_broken: int = 0
    promises_broken_found_by_clock: int = 0
    late_deliveries_compensated: int = 0
    late_hand_overs_compensated: int = 0
    broke_both: int = 0
    broke_both_capped: int = 0
    compensations: int = 0
    compensations_capped: int = 0
    compensations_sent: int = 0
    compensation_minor: int = 0
    compensation_capped_minor: int = 0
    compensation_late_shipping_minor: int = 0
    compensation_late_delivery_minor: int = 0
    compensation_merchant_minor: int = 0
    compensation_carrier_minor: int = 0
    compensation_fund_minor: int = 0
    contacts: int = 0
    contacts_opened: int = 0
    contacts_joined: int = 0
    contacts_joined_resolved: int = 0
    cases: int = 0
    cases_opened_by_system: int = 0
    cases_opened_before_asked: int = 0
    asked_after_all: int = 0
    cases_taken_over: int = 0
    cases_decided_by_rule: int = 0
    cases_open: int = 0
    reviews: int = 0
    rejects: int = 0
    rejects_file: str = ""


async def count(*, journal: Journal, owners: Mapping[UUID, Owner]) -> Report:
    """Read the journal of these states once and count."""
    report = Report()
    asked: dict[UUID, _Asked] = {}
    late: dict[UUID, frozenset[str]] = {}
    given: dict[UUID, _Compensations] = {}
    async for stream in journal.streams():
        owner = owners.get(stream.ref.id)
        if owner is None:
            continue
        if stream.ref.kind is Kind.ORDER:
            late[owner.order] = _count_order(stream, report)
        elif stream.ref.kind is Kind.REMEDIES:
            given[owner.order] = _count_compensations(stream, report)
        else:
            _count_conversation(stream, report, asked.setdefault(owner.order, _Asked()))
    for one in asked.values():
        before = sum(one.first_at is None or at < one.first_at for at in one.opened)
        report.cases_opened_before_asked += before
        report.asked_after_all += before > 0 and one.first_at is not None
    for order, breaches in late.items():
        found = given.get(order, _Compensations())
        report.late_deliveries_compensated += _DELIVERY in breaches & found.breaches
        report.late_hand_overs_compensated += _SHIPPING in breaches & found.breaches
        report.broke_both += len(breaches) == len((_DELIVERY, _SHIPPING))
        report.broke_both_capped += len(breaches) == len((_DELIVERY, _SHIPPING)) and found.capped
    return report


class _Asked(Struct):
    """Of one order: when the system opened cases about it, and when the consumer first asked."""

    opened: list[datetime] = []
    first_at: datetime | None = None


_DELIVERY, _SHIPPING = Breach.LATE_DELIVERY.value, Breach.LATE_SHIPPING.value


class _Compensations(Struct):
    """For which breaches an order was given something, and whether the cap kept something back."""

    breaches: set[str] = set()
    capped: bool = False


class _Parts(Struct):
    """What was last said of an order's parts."""

    placed: OrderPlaced | None = None
    cancelled: bool = False
    shipped: dict[int, Shipped] = {}
    delivered: dict[int, Delivered] = {}


def _count_order(stream: Stream, report: Report) -> frozenset[str]:
    """Also which of the two promises the order broke, as the files have it."""
    said = _Parts()
    for event in (event for entry in stream.entries for event in _events(entry)):
        match event:
            case OrderPlaced():
                said.placed = event
            case OrderCancelled():
                said.cancelled = True
            case Shipped():
                said.shipped[event.part] = event
            case ShippingReopened():
                del said.shipped[event.part]
            case Delivered():
                said.delivered[event.part] = event
            case DeliveryReopened():
                del said.delivered[event.part]
            case PromiseBroken():
                report.promises_broken += 1
                report.promises_broken_found_by_clock += event.found_by is FoundBy.CLOCK
            case _:
                pass
    if said.placed is None:
        return frozenset()
    parts = said.placed.parts
    limited = [part.number for part in parts if part.shipping is not None]
    shipped, delivered = said.shipped.values(), said.delivered.values()
    report.orders += 1
    report.orders_with_several_sellers += len({part.merchant for part in parts}) > 1
    report.orders_without_items += not any(part.items for part in parts)
    report.orders_cancelled += said.cancelled
    late: set[str] = set()
    if len(said.delivered) == len(parts):
        report.delivered += 1
        if any(one.late_by_date for one in delivered):
            late.add(_DELIVERY)
        report.delivered_late_by_timestamp += any(one.late_by_timestamp for one in delivered)
    report.handed_over += len(said.shipped) == len(parts)
    if any(one.late_by_earliest for one in shipped):
        late.add(_SHIPPING)
    report.delivered_late += _DELIVERY in late
    report.handed_over_late += _SHIPPING in late
    # After the latest limit of the order means: after the latest of each of its parts.
    report.handed_over_late_by_latest += bool(limited) and all(
        part in said.shipped and said.shipped[part].late_by_latest for part in limited
    )
    return frozenset(late)


def _count_compensations(stream: Stream, report: Report) -> _Compensations:
    found = _Compensations()
    for event in (event for entry in stream.entries for event in _events(entry)):
        match event:
            case BreachCompensated():
                found.breaches.add(event.breached.breach)
                kept_back_minor = event.owed_minor - event.amount_minor
                report.compensations += 1
                report.compensation_minor += event.amount_minor
                if event.breached.breach == _SHIPPING:
                    report.compensation_late_shipping_minor += event.amount_minor
                else:
                    report.compensation_late_delivery_minor += event.amount_minor
                for share in event.shares:
                    _count_share(share, report)
            case CompensationCapped():
                kept_back_minor = event.owed_minor
            case RefundSent():
                report.compensations_sent += 1
                continue
            case _:
                continue
        found.capped = found.capped or kept_back_minor > 0
        report.compensations_capped += kept_back_minor > 0
        report.compensation_capped_minor += kept_back_minor
    return found


def _count_share(share: Share, report: Report) -> None:
    match share.payer:
        case Payer.MERCHANT:
            report.compensation_merchant_minor += share.minor
        case Payer.CARRIER:
            report.compensation_carrier_minor += share.minor
        case _:
            report.compensation_fund_minor += share.minor


def _count_conversation(stream: Stream, report: Report, asked: _Asked) -> None:
    taken_over: set[int] = set()
    open_cases: set[int] = set()
    for entry in stream.entries:
        events = _events(entry)
        kinds = {type(event) for event in events}
        if isinstance(entry.command, ReceiveContact):
            asked.first_at = min(asked.first_at or entry.at, entry.at)
            report.contacts += 1
            report.contacts_opened += CaseOpened in kinds
            report.contacts_joined += CaseOpened not in kinds
            report.contacts_joined_resolved += CaseReopened in kinds
        for event in events:
            match event:
                case CaseOpened():
                    report.cases += 1
                    open_cases.add(event.case)
                    if event.origin is Origin.BREACH:
                        report.cases_opened_by_system += 1
                        asked.opened.append(event.at)
                case CaseReopened():
                    open_cases.add(event.case)
                case CaseResolved():
                    open_cases.discard(event.case)
                    report.cases_decided_by_rule += event.reason is ClosingReason.DECIDED_BY_RULE
                case TakenOver():
                    taken_over.add(event.case)
                case _:
                    pass
    report.cases_taken_over += len(taken_over)
    report.cases_open += len(open_cases)


def _events(entry: JournalEntry) -> Sequence[Any]:
    assert not isinstance(entry.events, Unreadable), entry.events.error
    return entry.events
