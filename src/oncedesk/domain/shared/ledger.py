"""Money that moves between accounts: double entry, in whole minor units, never changed afterwards.

A transfer takes from some accounts what it gives to others; its entries sum to nothing. It is
pending until what it waits for has happened, then it is posted or voided. A mistake is corrected by
another transfer. An account's balance is the sum of its posted entries: what it has gained. So a
receivable stands below nothing by what somebody owes, and the consumer by what an order has cost.
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
    PLATFORM_FEE = "platform_fee"
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


def moving(
    *, number: int, phase: Phase, currency: str, entries: Sequence[Entry]
) -> tuple[Transfer, ...]:
    """A transfer of these entries; none where nothing moves. Each account is named once."""
    joined = summed((), entries)
    assert sum(entry.minor for entry in joined) == 0, "money was made or lost"
    return (Transfer(number, phase, currency, joined),) if joined else ()


def ending(*, pending: Sequence[Transfer], number: int, phase: Phase) -> tuple[Transfer, ...]:
    """The pending transfer of this number, posted or voided; none where there is none."""
    return tuple(
        Transfer(number, phase, one.currency, one.entries)
        for one in pending
        if one.number == number
    )


def summed(books: Sequence[Entry], entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """What stands in each account after these entries, in the order in which they came up."""
    balances: dict[tuple[Account, UUID | None], int] = {}
    for entry in (*books, *entries):
        key = entry.account, entry.party
        balances[key] = balances.get(key, 0) + entry.minor
    return tuple(Entry(*key, minor) for key, minor in balances.items() if minor)


def posted(books: Sequence[Entry], transfers: Sequence[Transfer]) -> tuple[Entry, ...]:
    """What stands in each account after these transfers; what is pending moves nothing."""
    entries = [
        entry
        for transfer in transfers
        if transfer.phase is Phase.POSTED
        for entry in transfer.entries
    ]
    return summed(books, entries) if entries else tuple(books)


def still_pending(
    pending: Sequence[Transfer], transfers: Sequence[Transfer]
) -> tuple[Transfer, ...]:
    """What waits after these transfers."""
    waiting = {one.number: one for one in pending}
    for transfer in transfers:
        if transfer.phase is Phase.PENDING:
            waiting[transfer.number] = transfer
        else:
            waiting.pop(transfer.number, None)
    return tuple(waiting.values())


def standing(
    *,
    books: Sequence[Entry],
    pending: Sequence[Transfer],
    account: Account,
    party: UUID | None,
) -> int:
    """What of an account can still be used: what is pending to leave it has left."""
    balance = sum(one.minor for one in books if one.account is account and one.party == party)
    leaving = sum(
        min(0, entry.minor)
        for transfer in pending
        for entry in transfer.entries
        if entry.account is account and entry.party == party
    )
    return balance + leaving
