"""Statements, an order's books and the fund, as they are told outside. Amounts are minor units."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from oncedesk.domain.accounts.messages import Holder, RecoveryFailure
from oncedesk.domain.remedies.words import Minor, Number
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.money import Currency
from oncedesk.http.bodies import Body
from oncedesk.http.cursors import Page
from oncedesk.storage.ledger.fund import FundReport
from oncedesk.storage.ledger.statements import Balance, Line, OrderEntry, Statement


class Payout(Body, frozen=True, kw_only=True):
    """So much of a part leaves escrow, to these."""

    part: Number
    currency: Currency
    merchant_minor: Minor = 0
    creator_minor: Minor = 0
    agency_minor: Minor = 0
    agency: UUID | None = None
    fee_minor: Minor = 0


class TellingFunds(Body, frozen=True, kw_only=True):
    """What the marketplace holds for a party, as of `told_at`."""

    market: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,15}$(?!\n)", max_length=16)]
    holder: Holder
    balance_minor: Minor
    deposit_minor: Minor = 0
    escrow_minor: Minor = 0
    told_at: Moment


class RecoveryTaken(Body, frozen=True, kw_only=True):
    """It was taken, all of it."""

    amount_minor: Minor


class RecoveryFailed(Body, frozen=True, kw_only=True):
    """It was not taken."""

    reason: RecoveryFailure


class BudgetAmount(Body, frozen=True, kw_only=True):
    """How much there is this month."""

    amount_minor: Minor


class StatementShape(msgspec.Struct, frozen=True, kw_only=True):
    """Accounts in one currency over a period; `lines` are a page of what moved."""

    party: UUID
    currency: str
    since: Moment
    until: Moment
    balances: tuple[Balance, ...]
    pending_minor: int
    lines: Page[Line]


class StatementsShape(msgspec.Struct, frozen=True, kw_only=True):
    """How a party's accounts stand in each currency; none, where nothing was ever booked."""

    items: tuple[Statement, ...]


class OrderBooks(msgspec.Struct, frozen=True, kw_only=True):
    """Every entry of an order that the reader may see, the earliest first."""

    entries: tuple[OrderEntry, ...]


class FundShape(msgspec.Struct, frozen=True, kw_only=True):
    """The fund in each currency over a period."""

    since: Moment
    until: Moment
    currencies: tuple[FundReport, ...]
