"""Commands to a slice of a budget and the events it records. Names are stable for ever.

A period is a calendar month of UTC, like `202603`. Amounts are in minor units, never negative.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from oncedesk.domain.shared.bounds import bounded
from oncedesk.domain.shared.decider import Wake
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.money import Currency
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import BUDGET_SLICES, Ref, budget_ref, slice_of

Minor = Annotated[int, Meta(ge=0, le=10**15)]
Number = Annotated[int, Meta(ge=1, le=10_000)]
Name = Annotated[str, bounded("[a-z][a-z0-9_]{0,31}", max_length=32)]
Market = Annotated[str, bounded("[a-z][a-z0-9_]{0,15}", max_length=16)]
Period = Annotated[str, bounded("[0-9]{6}", max_length=6)]
Slice = Annotated[int, Meta(ge=1, le=BUDGET_SLICES)]


class BudgetName(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Which budget: each market has its own in each currency."""

    name: Name
    market: Market
    currency: Currency


class ToBudget(BudgetName, frozen=True, kw_only=True, omit_defaults=True):
    """A command to a budget, as a whole or to a slice of it."""


class DrawBudget(ToBudget, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A remedy wants this amount, all of it or nothing."""

    consumer: UUID
    order: UUID
    remedy: Number
    amount_minor: Minor

    def target(self) -> Ref:
        return budget_ref(
            name=self.name,
            market=self.market,
            currency=self.currency,
            slice_=slice_of(bucket_of(self.consumer)),
        )


class ReturnBudget(ToBudget, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What was drawn was not needed, or was recovered: it can be given again.

    `whose` is the party in whose bucket it was drawn or recovered.
    """

    whose: UUID
    amount_minor: Minor

    def target(self) -> Ref:
        return budget_ref(
            name=self.name,
            market=self.market,
            currency=self.currency,
            slice_=slice_of(bucket_of(self.whose)),
        )


class GrantSlice(ToBudget, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A slice has not enough: less than `needed_minor` is of no use, and it wants the other."""

    slice_: Slice
    needed_minor: Minor
    wanted_minor: Minor

    def target(self) -> Ref:
        return budget_ref(name=self.name, market=self.market, currency=self.currency, slice_=0)


class TakeGrant(ToBudget, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What a slice gets for this period: what it needs, more, or nothing."""

    slice_: Slice
    amount_minor: Minor
    period: Period

    def target(self) -> Ref:
        return budget_ref(
            name=self.name, market=self.market, currency=self.currency, slice_=self.slice_
        )


class SetBudget(ToBudget, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The platform decides how much there is this month; never less than was dealt out."""

    amount_minor: Minor

    def target(self) -> Ref:
        return budget_ref(name=self.name, market=self.market, currency=self.currency, slice_=0)


class OfBudget(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened to a slice of a budget; slice 0 deals out to the others."""

    name: str
    market: str
    currency: str
    slice_: int
    at: datetime


class PeriodOpened(OfBudget, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A month has begun: this much may be dealt out in it. What was left of the last has lapsed."""

    period: str
    amount_minor: int
    rule: str


class BudgetSet(OfBudget, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """This month's amount is another."""

    amount_minor: int


class SliceGranted(OfBudget, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The slice `to` gets so much; nothing: less is left than it needs."""

    to: int
    amount_minor: int
    period: str


class GrantAsked(OfBudget, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """This slice has not enough and asks for more: the least that helps anybody, and all."""

    needed_minor: int
    wanted_minor: int


class GrantTaken(OfBudget, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """This slice has so much more in this period."""

    amount_minor: int
    period: str


class DrawWaits(OfBudget, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """It waits until more has come, or until `due_at`."""

    consumer: UUID
    order: UUID
    remedy: int
    amount_minor: int
    due_at: datetime


class BudgetDrawn(OfBudget, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A remedy has the money."""

    consumer: UUID
    order: UUID
    remedy: int
    amount_minor: int


class BudgetExhausted(OfBudget, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A remedy does not get it."""

    consumer: UUID
    order: UUID
    remedy: int
    amount_minor: int


class BudgetReturned(OfBudget, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """So much can be given again in this period."""

    amount_minor: int
    period: str


BudgetCommand = DrawBudget | ReturnBudget | GrantSlice | TakeGrant | SetBudget | Wake
BudgetEvent = (
    PeriodOpened
    | BudgetSet
    | SliceGranted
    | GrantAsked
    | GrantTaken
    | DrawWaits
    | BudgetDrawn
    | BudgetExhausted
    | BudgetReturned
)
