"""What became of each promise, worked out from its order's events: for figures, nothing else."""

from collections.abc import Iterable, Mapping, Set
from datetime import datetime
from typing import Any
from uuid import UUID

from oncedesk.domain.orders.messages import (
    BreachCorrected,
    DeliveryReopened,
    OfferReopened,
    OrderPlaced,
    PromiseAmended,
    PromiseBroken,
    PromiseKept,
    PromiseKind,
    ShippingReopened,
)
from oncedesk.domain.orders.promises import promise_id
from oncedesk.domain.shared.records import Record

_REOPENED: Mapping[type, tuple[PromiseKind, ...]] = {
    ShippingReopened: (PromiseKind.SHIPPING,),
    DeliveryReopened: (PromiseKind.DELIVERY, PromiseKind.HANDOVER),
    OfferReopened: (PromiseKind.DELIVERY,),
}
"""Which promises of a part were not kept yet after all."""
_UNSTATED = frozenset((PromiseKind.MOVEMENT, PromiseKind.TRACKING))
"""What nobody was told when buying: it can only be broken, and a silence is no promise."""
_Verdict = PromiseKept | PromiseBroken | BreachCorrected


class PromiseOutcome(Record, frozen=True, kw_only=True):
    """A promise on which there is a verdict, the last one that there was.

    `number` counts the order's promises as they came to their first verdict, from 1.
    """

    number: int
    kind: str
    market: str
    merchant: UUID | None
    creator: UUID | None
    due_at: datetime
    settled_at: datetime
    kept: bool


def outcomes(events: Iterable[Any]) -> tuple[PromiseOutcome, ...]:
    """Of the promises that were kept or broken, in the order of their first verdicts.

    What was broken and is corrected is open again until it is kept or broken, and so is what had
    not happened after all. How a part is handed over is a promise once the consumer has chosen it:
    the law alone can only be broken.
    """
    found: dict[UUID, PromiseOutcome] = {}
    numbers: dict[UUID, int] = {}
    chosen: set[int] = set()
    for event in events:
        if isinstance(event, OrderPlaced):
            chosen.update(part.number for part in event.parts if part.handover is not None)
        elif isinstance(event, PromiseAmended) and event.handover is not None:
            chosen.add(event.part)
        elif isinstance(event, _Verdict):
            if not _was_stated(event, chosen):
                continue
            number = numbers.setdefault(event.promise, len(numbers) + 1)
            if isinstance(event, BreachCorrected):
                found.pop(event.promise, None)
            else:
                found[event.promise] = _outcome(event, number)
        for kind in _REOPENED.get(type(event), ()):
            promise = promise_id(order=event.order, part=event.part, kind=kind)
            if promise in found and found[promise].kept:
                del found[promise]
    return tuple(sorted(found.values(), key=lambda one: one.number))


def _was_stated(event: _Verdict, chosen: Set[int]) -> bool:
    if event.kind is PromiseKind.HANDOVER:
        return event.part in chosen
    return event.kind not in _UNSTATED


def _outcome(event: PromiseKept | PromiseBroken, number: int) -> PromiseOutcome:
    return PromiseOutcome(
        number=number,
        kind=event.kind.value,
        market=event.market,
        merchant=event.merchant,
        creator=event.creator,
        due_at=event.due_at,
        settled_at=event.at,
        kept=isinstance(event, PromiseKept),
    )
