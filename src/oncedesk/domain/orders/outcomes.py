"""What became of each promise, worked out from its order's events: for figures, nothing else."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from oncedesk.domain.orders.messages import BreachCorrected, PromiseBroken, PromiseKept
from oncedesk.domain.shared.records import Record


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
    """Of the promises that were kept or broken, in the order of their first verdicts."""
    found: dict[UUID, PromiseOutcome] = {}
    for event in events:
        if isinstance(event, PromiseKept | PromiseBroken | BreachCorrected):
            before = found.get(event.promise)
            found[event.promise] = PromiseOutcome(
                number=len(found) + 1 if before is None else before.number,
                kind=event.kind.value,
                market=event.market,
                merchant=event.merchant,
                creator=event.creator,
                due_at=event.due_at,
                settled_at=event.at,
                kept=not isinstance(event, PromiseBroken),
            )
    return tuple(found.values())
