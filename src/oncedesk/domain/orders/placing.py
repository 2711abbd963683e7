"""Whether an order can be taken over as told, and what it promises under the pack in force."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from oncedesk.domain.orders.evolve import evolve
from oncedesk.domain.orders.messages import (
    Due,
    OnDemandHandover,
    OrderedPart,
    OrderPlaced,
    PlacedPart,
    PlaceOrder,
    Presale,
    PromiseKind,
)
from oncedesk.domain.orders.preselling import presale_of
from oncedesk.domain.orders.promises import due, kind_of
from oncedesk.domain.orders.state import (
    ITEMS_MAX,
    PAYMENTS_MAX,
    OrderState,
)
from oncedesk.domain.shared.bounds import PARTS_MAX
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.ids import digest
from oncedesk.domain.shared.money import CURRENCIES
from oncedesk.domain.shared.persons import PrivateText
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.domain.shared.vocabularies import Handover
from oncedesk.domain.shared.zones import zone_named

FUTURE_MAX = timedelta(days=1)
"""How far ahead of ours another's clock may be."""
TIME_BEGINS = datetime(2000, 1, 1, tzinfo=UTC)
"""What happened before has no time, but a zero or a blank that somebody took for one."""
AMOUNT_MINOR_MAX = 10**15

_ASKED = (Handover.DOOR, Handover.LOCKER, Handover.STATION, Handover.PICKUP_POINT)
_BODY = msgspec.msgpack.Encoder(uuid_format="bytes")


def place(
    *, state: OrderState | None, command: PlaceOrder, facts: Facts
) -> OrderPlaced | Refusal | None:
    """The order as recorded; None where it is known with this very content."""
    body = digest(_BODY.encode(command))
    if state is not None and state.placed:
        return None if state.body == body else Refusal("order_differs", "known with other content")
    wrong = _wrong(command, facts)
    if wrong is not None:
        return wrong
    zone = zone_named(command.timezone)
    if zone is None:
        return Refusal("timezone_unknown", "a name of the time zone database", "timezone")
    pack = facts.pack_of(command.market)
    if isinstance(pack, Refusal):
        return pack
    parts: list[PlacedPart] = []
    for number, ordered in enumerate(command.parts, start=1):
        part = promised(
            number=number, ordered=ordered, placed_at=command.placed_at, zone=zone, pack=pack
        )
        if isinstance(part, Refusal):
            return part
        parts.append(part)
    placed = OrderPlaced(
        consumer=command.consumer,
        order=command.order,
        at=facts.now,
        market=command.market,
        placed_at=command.placed_at,
        timezone=command.timezone,
        currency=command.currency,
        parts=tuple(parts),
        pack=pack.hash,
        body=body,
        no_movement_seconds=pack.promises.no_movement_seconds,
        pickup_needs_consent=pack.promises.locker_needs_consent,
        payments=command.payments,
        surface=command.surface,
        content=command.content,
        creator=command.creator,
        shown=command.shown,
        region=command.region,
        language=command.language,
        tracking=command.tracking,
        address=(
            PrivateText(facts.command_id, command.digest, command.length)
            if command.length
            else None
        ),
    )
    if not evolve(None, placed).has_room(0):
        return Refusal("order_too_large", "fewer parts or items")
    return placed


def _wrong(command: PlaceOrder, facts: Facts) -> Refusal | None:
    items = [item for part in command.parts for item in part.items]
    if command.placed_at > facts.now + FUTURE_MAX:
        return Refusal("time_in_future", "at most a day ahead of us", "placed_at")
    if command.placed_at < TIME_BEGINS:
        return Refusal("time_implausible", f"not before the year {TIME_BEGINS.year}", "placed_at")
    if command.currency not in CURRENCIES:
        return Refusal("currency_unknown", "one of ISO 4217, as CNY", "currency")
    if not command.parts:
        return Refusal("parts_missing", "at least one, even without items", "parts")
    if len(command.parts) > PARTS_MAX:
        return Refusal("parts_too_many", f"at most {PARTS_MAX}", "parts")
    if len(items) > ITEMS_MAX:
        return Refusal("items_too_many", f"at most {ITEMS_MAX}", "parts")
    if len(command.payments) > PAYMENTS_MAX:
        return Refusal("payments_too_many", f"at most {PAYMENTS_MAX}", "payments")
    for part in command.parts:
        places = [one.item for one in part.shown]
        if len(set(places)) < len(places) or max(places, default=0) > len(part.items):
            return Refusal("item_unknown", "an item of the part, each once", "shown")
    amounts = [payment.amount_minor for payment in command.payments]
    amounts += [part.shipping_minor for part in command.parts]
    for item in items:
        taken_off = (item.discount_minor, item.subsidy_minor, item.commission_minor)
        amounts += [item.unit_price_minor, *taken_off]
        if item.quantity < 1:
            return Refusal("quantity_not_positive", "1 or more", "quantity")
        price_minor = item.unit_price_minor * item.quantity
        if min(taken_off) >= 0 and item.discount_minor + item.subsidy_minor > price_minor >= 0:
            return Refusal("discount_exceeds_price", "at most the line's price", "discount_minor")
    if min(amounts, default=0) < 0:
        return Refusal("amount_negative", "0 or more minor units")
    if max([*amounts, *(item.quantity for item in items)], default=0) > AMOUNT_MINOR_MAX:
        return Refusal("amount_too_large", f"at most {AMOUNT_MINOR_MAX}")
    return None


def promised(
    *, number: int, ordered: OrderedPart, placed_at: datetime, zone: ZoneInfo, pack: Pack
) -> PlacedPart | Refusal:
    """What is promised of a part that was ordered then on these terms; or why it cannot be."""
    timed: dict[PromiseKind, Due] = {}
    asked: Handover | None = None
    for terms in ordered.promises:
        if isinstance(terms, OnDemandHandover):
            if asked is not None:
                return Refusal("promises_conflict", "one handover per part", "promises")
            if terms.handover not in _ASKED:
                return Refusal("handover_unknown", "door, locker or station", "handover")
            asked = terms.handover
            continue
        if kind_of(terms) in timed:
            return Refusal("promises_conflict", f"one {kind_of(terms)} per part", "promises")
        found = due(
            terms=terms,
            placed_at=placed_at,
            zone=zone,
            pack=pack,
            paid_until=None if ordered.presale is None else ordered.presale.pay_until,
        )
        if isinstance(found, Refusal):
            return found
        timed[kind_of(terms)] = found
    presale: Presale | None = None
    if ordered.presale is not None:
        agreed = presale_of(ordered=ordered, terms=ordered.presale, placed_at=placed_at, pack=pack)
        if isinstance(agreed, Refusal):
            return agreed
        if any(one.due_at < agreed.terms.pay_until for one in timed.values()):
            # It would be broken by a consumer who pays when they may.
            return Refusal(
                "promise_before_payment", "no deadline before the window's end", "promises"
            )
        presale = agreed
    return PlacedPart(
        number=number,
        merchant=ordered.merchant,
        items=ordered.items,
        shipping=timed.get(PromiseKind.SHIPPING),
        delivery=timed.get(PromiseKind.DELIVERY),
        handover=asked,
        shipping_minor=ordered.shipping_minor,
        presale=presale,
        shown=ordered.shown,
    )
