"""What leaves for whoever packs and sends: what became of an order by its remedies, and what is
still to be sent. Whom a part belongs to hears of it, too.
"""

from collections.abc import Iterable, Iterator
from uuid import UUID

import msgspec

from oncedesk.domain.orders.messages import OrderChanged
from oncedesk.domain.orders.state import OrderState
from oncedesk.domain.remedies.messages.returning import GoodsDue, JourneyBegun
from oncedesk.domain.remedies.state import Remedies, Remedy, merchant_of
from oncedesk.domain.remedies.words import RemedyKind
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.refs import Desk, DeskKind
from oncedesk.engine.leaving import Happened

_encode = msgspec.json.Encoder().encode


class ChangedItem(msgspec.Struct, frozen=True, omit_defaults=True):
    """So many of this item of the part are of this listing and variant now, at this price."""

    part: int
    item: int
    quantity: int
    listing: str
    unit_price_minor: int
    variant: str = ""


class ChangeMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """What of an order is another now. The new `address` is read from the order; `payment` is the
    place of what was paid for it, from 1."""

    order: str
    remedy: int
    consumer: str = ""
    items: tuple[ChangedItem, ...] = ()
    address: bool = False
    payment: int = 0
    desks: tuple[str, ...] = ()


class GoodsLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """So many of an item of the order; `listing` and `variant` are what comes in its place."""

    part: int
    item: int
    quantity: int
    listing: str = ""
    variant: str = ""


class CancellationMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is not to be sent any more."""

    order: str
    remedy: int
    lines: tuple[GoodsLine, ...]
    consumer: str = ""
    desks: tuple[str, ...] = ()


class GoodsMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is to be sent for a remedy, until then. `their_own`: what was not accepted of what the
    consumer sent back."""

    order: str
    remedy: int
    kind: str
    lines: tuple[GoodsLine, ...]
    due_at: Moment
    consumer: str = ""
    their_own: bool = False
    desks: tuple[str, ...] = ()


def about_change(event: OrderChanged, happened: Happened) -> bytes:
    order: OrderState = happened.after
    changed = {one.part for one in event.items}
    sellers = [
        part.merchant for part in order.parts if part.number in changed or event.address is not None
    ]
    return _encode(
        ChangeMessage(
            consumer=str(event.consumer),
            order=str(event.order),
            remedy=event.remedy,
            items=tuple(
                ChangedItem(
                    one.part,
                    one.item,
                    one.quantity,
                    str(one.listing),
                    one.unit_price_minor,
                    _id(one.variant),
                )
                for one in event.items
            ),
            address=event.address is not None,
            payment=event.place,
            desks=_desks(sellers),
        )
    )


def cancellations(happened: Happened) -> Iterator[bytes]:
    """Of each cancellation that somebody has said yes to just now, before anything was sent."""
    before: Remedies | None = happened.before
    after: Remedies = happened.after
    for remedy in after.live:
        known = None if before is None else before.remedy(remedy.number)
        if _is_cancelled(remedy) and not (known and _is_cancelled(known)):
            yield _encode(
                CancellationMessage(
                    consumer=str(after.consumer),
                    order=str(after.order),
                    remedy=remedy.number,
                    lines=_lines(remedy),
                    desks=_desks([merchant_of(state=after, remedy=remedy)]),
                )
            )


def is_at_once(event: JourneyBegun) -> bool:
    """Goods leave without waiting for what comes back."""
    return event.out_clock is not None


def about_goods(event: GoodsDue | JourneyBegun, happened: Happened) -> bytes:
    clock = event.clock if isinstance(event, GoodsDue) else event.out_clock
    assert clock is not None
    their_own = isinstance(event, GoodsDue) and event.their_own
    remedy = happened.after.remedy(event.remedy)
    if remedy is None:
        remedy = happened.before.the_remedy(event.remedy)
    return _encode(
        GoodsMessage(
            consumer=str(event.consumer),
            order=str(event.order),
            remedy=event.remedy,
            kind=remedy.kind.value,
            lines=_lines(remedy) if their_own else _replaced(remedy),
            due_at=clock.due_at,
            their_own=their_own,
            desks=_desks([merchant_of(state=happened.after, remedy=remedy)]),
        )
    )


def _is_cancelled(remedy: Remedy) -> bool:
    return remedy.kind is RemedyKind.CANCEL and remedy.is_granted and remedy.journey is None


def _lines(remedy: Remedy) -> tuple[GoodsLine, ...]:
    return tuple(GoodsLine(one.part, one.item, one.quantity) for one in remedy.lines)


def _replaced(remedy: Remedy) -> tuple[GoodsLine, ...]:
    if len(remedy.replacements) != len(remedy.lines):
        return _lines(remedy)
    return tuple(
        GoodsLine(line.part, line.item, line.quantity, str(new.listing), _id(new.variant))
        for line, new in zip(remedy.lines, remedy.replacements, strict=True)
    )


def _desks(merchants: Iterable[UUID | None]) -> tuple[str, ...]:
    found = {str(Desk(DeskKind.MERCHANT, one)) for one in merchants if one is not None}
    return tuple(sorted(found))


def _id(value: UUID | None) -> str:
    return "" if value is None else str(value)
