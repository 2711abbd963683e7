"""Money that moves between accounts: double entry, in whole minor units, never changed afterwards.

A transfer takes from some accounts what it gives to others; its entries sum to nothing. It is
pending until what it waits for has happened, then it is posted or voided. A mistake is corrected by
another transfer. An account's balance is the sum of its entries; what is positive belongs to it.
"""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from oncedesk.domain.shared.records import Record


class Account(StrEnum):
    """What money can stand in. The value stands in the database and never changes."""

    CONSUMER = "consumer"
    ESCROW = "escrow"
    MERCHANT_PAYABLE = "merchant_payable"
    MERCHANT_DEPOSIT = "merchant_deposit"
    CREATOR_COMMISSION = "creator_commission"
    AGENCY = "agency"
    CARRIER = "carrier"
    INSURER = "insurer"
    PLATFORM_SUBSIDY = "platform_subsidy"
    ASSURANCE_FUND = "assurance_fund"
    PAYMENT_CLEARING = "payment_clearing"
    RECEIVABLE = "receivable"
    WRITTEN_OFF = "written_off"


class Phase(StrEnum):
    """How far a transfer is."""

    PENDING = "pending"
    POSTED = "posted"
    VOIDED = "voided"


class Entry(Record, frozen=True, array_like=True):
    """So much more (or less) in one account; `party` says whose, None the platform's own."""

    account: Account
    party: UUID | None
    minor: int


class Transfer(Record, frozen=True, array_like=True):
    """Entries that sum to nothing, in one currency. `number` names it within its state.

    One that ends a pending transfer repeats its number and entries, in the phase it comes to.
    """

    number: int
    phase: Phase
    currency: str
    entries: tuple[Entry, ...]


def balanced(entries: Sequence[Entry]) -> bool:
    """Whether nothing was made and nothing lost."""
    return sum(entry.minor for entry in entries) == 0
