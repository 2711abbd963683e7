"""One slice of a budget in its current period, or (slice 0) what there is to deal out."""

from datetime import datetime
from typing import assert_never
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.budgets.messages import (
    BudgetDrawn,
    BudgetEvent,
    BudgetExhausted,
    BudgetReturned,
    BudgetSet,
    DrawWaits,
    GrantAsked,
    GrantTaken,
    PeriodOpened,
    SliceGranted,
)
from oncedesk.domain.shared.records import Record

WAITING_MAX = 32


class Draw(Record, frozen=True, array_like=True):
    """A remedy that waits for money. Fields: append only."""

    consumer: UUID
    order: UUID
    remedy: int
    minor: int
    due_at: datetime


class Budget(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One slice. `amount_minor` is what it has had in `period`, `given_minor` what of it is gone.

    `asking`: it has asked for more and was not answered.
    """

    name: str
    market: str
    currency: str
    slice_: int
    period: str = ""
    amount_minor: int = 0
    given_minor: int = 0
    waiting: tuple[Draw, ...] = ()
    asking: bool = False

    def left_minor(self, period: str) -> int:
        """What there is in this period; what was left of another has lapsed."""
        return self.amount_minor - self.given_minor if self.period == period else 0


def evolve(state: Budget | None, event: BudgetEvent) -> Budget:
    """What is known after this event."""
    if state is None:
        state = Budget(
            name=event.name, market=event.market, currency=event.currency, slice_=event.slice_
        )
    match event:
        case PeriodOpened():
            return replace(
                state, period=event.period, amount_minor=event.amount_minor, given_minor=0
            )
        case BudgetSet():
            return replace(state, amount_minor=event.amount_minor)
        case SliceGranted():
            return replace(state, given_minor=state.given_minor + event.amount_minor)
        case GrantAsked():
            return replace(state, asking=True)
        case GrantTaken():
            return replace(_with_more(state, event.amount_minor, event.period), asking=False)
        case BudgetReturned():
            return _with_more(state, event.amount_minor, event.period)
        case DrawWaits():
            draw = Draw(event.consumer, event.order, event.remedy, event.amount_minor, event.due_at)
            return replace(state, waiting=(*state.waiting, draw))
        case BudgetDrawn():
            given_minor = state.given_minor + event.amount_minor
            return replace(_without(state, event), given_minor=given_minor)
        case BudgetExhausted():
            left = _without(state, event)
            return replace(left, asking=left.asking and bool(left.waiting))
        case _:
            assert_never(event)


def _with_more(state: Budget, minor: int, period: str) -> Budget:
    if state.period != period:
        return replace(state, period=period, amount_minor=minor, given_minor=0)
    return replace(state, amount_minor=state.amount_minor + minor)


def _without(state: Budget, event: BudgetDrawn | BudgetExhausted) -> Budget:
    """Without the first draw of this remedy that waits."""
    who = event.order, event.remedy, event.amount_minor
    for place, one in enumerate(state.waiting):
        if (one.order, one.remedy, one.minor) == who:
            waiting = (*state.waiting[:place], *state.waiting[place + 1 :])
            return replace(state, waiting=waiting)
    return state


def check(state: Budget) -> None:
    """What must hold for every slice, always."""
    assert 0 <= state.given_minor <= state.amount_minor, "more was given than there was"
    assert len(state.waiting) <= WAITING_MAX
    assert not state.slice_ or not state.waiting or state.asking, "nobody was asked for more"
