"""Where the money of a remedy comes from, and what was paid out of an order's escrow."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from oncedesk.domain.remedies.messages.base import OfRemedies, OfRemedy, ToRemedies, ToRemedy
from oncedesk.domain.remedies.words import Clock, Minor, Number, Payer, Reason, Share, Source
from oncedesk.domain.shared.money import Currency
from oncedesk.domain.shared.refs import Desk

ASSURANCE, GOODWILL = "assurance", "goodwill"
"""The budgets of the platform's own money."""

SOURCES_MAX = 16


class RecordPayout(ToRemedies, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The marketplace pays so much of a part out of escrow; `id` is its name for this payout.

    `fee_minor` is what the platform keeps. What is left may be paid out later.
    """

    id: UUID
    part: Number
    currency: Currency
    merchant_minor: Minor = 0
    creator_minor: Minor = 0
    agency_minor: Minor = 0
    agency: UUID | None = None
    fee_minor: Minor = 0


class ApplyCharge(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What the account of somebody liable gives: all that was asked for, less, or nothing."""

    payer: Payer
    party: UUID
    sources: Annotated[tuple[Source, ...], Meta(max_length=SOURCES_MAX)] = ()


class ApplyFunding(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What a budget says: it gives this amount, or it is exhausted."""

    budget: Reason
    amount_minor: Minor
    granted: bool


class PayoutRecorded(OfRemedies, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """So much of a part is no longer in escrow."""

    id: UUID
    part: int
    merchant: UUID | None
    merchant_minor: int = 0
    creator_minor: int = 0
    agency_minor: int = 0
    fee_minor: int = 0


class ChargeWanted(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Escrow does not hold all of it: what those liable bear is asked of their accounts."""

    charges: tuple[Share, ...]
    sources: tuple[Source, ...]
    send_minor: int
    clock: Clock


class ChargeApplied(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What one account gives for it, if anything."""

    payer: Payer
    party: UUID
    sources: tuple[Source, ...] = ()


class FundingWanted(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The platform has to give or to advance this; its budget is asked. `sources` are all."""

    budget: str
    amount_minor: int
    sources: tuple[Source, ...]
    send_minor: int
    clock: Clock


class FundingApplied(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """All the money is there: `sources` are where it comes from."""

    budget: str
    amount_minor: int
    sources: tuple[Source, ...]
    send_minor: int


class FundingDelayed(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The budget is exhausted. It is asked again when the clock runs out; `desk` is told."""

    budget: str
    amount_minor: int
    desk: Desk
    clock: Clock


class MoneyReturned(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """An answer came when nobody waited for it any more: what it gave goes back."""

    released: tuple[Source, ...]


FundingCommand = RecordPayout | ApplyCharge | ApplyFunding
FundingEvent = (
    PayoutRecorded
    | ChargeWanted
    | ChargeApplied
    | FundingWanted
    | FundingApplied
    | FundingDelayed
    | MoneyReturned
)
