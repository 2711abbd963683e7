"""Commands to the account of a party in one currency, and the events it records. Names are stable.

Amounts are in minor units of that currency and never negative.
"""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from oncedesk.domain.shared.bounds import Moment, bounded
from oncedesk.domain.shared.decider import Refusal, Wake
from oncedesk.domain.shared.ids import derived_key
from oncedesk.domain.shared.ledger import Account, Transfer
from oncedesk.domain.shared.money import Currency
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Ref, account_ref

Minor = Annotated[int, Meta(ge=0, le=10**15)]
Number = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Market = Annotated[str, bounded("[a-z][a-z0-9_]{0,15}", max_length=16)]


class Holder(StrEnum):
    """In what capacity a party has an account: the payers of remedies but the platform itself."""

    MERCHANT = "merchant"
    CREATOR = "creator"
    AGENCY = "agency"
    CARRIER = "carrier"
    INSURER = "insurer"


class Pocket(StrEnum):
    """Where the marketplace holds money of a party."""

    ESCROW = "escrow"
    BALANCE = "balance"
    DEPOSIT = "deposit"


class RecoveryFailure(StrEnum):
    """Why the marketplace could not take it."""

    NOT_ENOUGH = "not_enough"
    BLOCKED = "blocked"


class ToAccount(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A command to a party's account in one currency."""

    party: UUID
    currency: Currency

    def target(self) -> Ref:
        return account_ref(party=self.party, currency=self.currency)


class TellFunds(ToAccount, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What the marketplace holds for a party at that moment: all of it, also what we asked for.

    `escrow_minor` is what waits to be paid out for all orders together.
    """

    market: Market
    holder: Holder
    balance_minor: Minor
    deposit_minor: Minor = 0
    escrow_minor: Minor = 0
    told_at: Moment


class ChargeAccount(ToAccount, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A remedy asks for this; whatever there is is set aside for it at once."""

    market: Market
    holder: Holder
    consumer: UUID
    order: UUID
    remedy: Number
    amount_minor: Minor


class SettleCharge(ToAccount, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What was set aside has been taken."""

    pocket: Pocket
    amount_minor: Minor


class ReleaseCharge(ToAccount, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What was set aside is not needed."""

    pocket: Pocket
    amount_minor: Minor


class OweAdvance(ToAccount, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The fund has paid in the party's place, for this remedy."""

    market: Market
    holder: Holder
    consumer: UUID
    order: UUID
    remedy: Number
    amount_minor: Minor


class ForgiveAdvance(ToAccount, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The party was not liable after all: what is still owed ends, what was taken goes back.

    `market`: whose budget had given it; of what was asked for at first that is not known.
    """

    consumer: UUID
    order: UUID
    remedy: Number
    amount_minor: Minor
    market: Market = ""


class ConfirmRecovery(ToAccount, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The marketplace has taken this amount."""

    recovery: Number
    amount_minor: Minor


class FailRecovery(ToAccount, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The marketplace has not taken it and will not."""

    recovery: Number
    reason: RecoveryFailure


class OfAccount(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened to an account; `transfers` is the money that it moved."""

    party: UUID
    currency: str
    at: datetime
    transfers: tuple[Transfer, ...] = ()


class AccountOpened(OfAccount, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The first that is heard of it."""

    market: str
    holder: Holder


class FundsTold(OfAccount, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What the marketplace holds, as of `told_at`; what is known to be gone since is not there."""

    balance_minor: int
    deposit_minor: int
    escrow_minor: int
    told_at: datetime


class Given(Record, frozen=True, array_like=True):
    """So much out of one pocket, and the ledger's account in which that stands."""

    pocket: Pocket
    account: Account
    minor: int


class AccountCharged(OfAccount, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What it gives for a remedy: all that was asked for, less, or nothing."""

    holder: Holder
    consumer: UUID
    order: UUID
    remedy: int
    asked_minor: int
    given: tuple[Given, ...] = ()


class ChargeSettled(OfAccount, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """It is gone. `remembered`: funds told of an earlier moment still have it; at first they did
    not count for less by that."""

    pocket: Pocket
    amount_minor: int
    remembered: bool = False


class ChargeReleased(OfAccount, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """It is free again."""

    pocket: Pocket
    amount_minor: int


class AdvanceOwed(OfAccount, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The party owes this to the fund; it counts from `day` (UTC). It is looked at `due_at`.

    `elsewhere`: the market whose budget gave it, where that is not the account's own.
    """

    consumer: UUID
    order: UUID
    remedy: int
    amount_minor: int
    day: date
    due_at: datetime
    rule: str
    elsewhere: str = ""


class AdvanceForgiven(OfAccount, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """`owed_minor` is not owed any more, `back_minor` had been recovered and goes back.

    `lost_minor` had been written off, and counts as what the fund bears itself. `market`: what is
    owed to the budget of this one ends first; at first that was not said.
    """

    consumer: UUID
    order: UUID
    remedy: int
    owed_minor: int
    back_minor: int
    lost_minor: int = 0
    market: str = ""


class RecoveryRequested(OfAccount, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The marketplace is asked to take this out of a pocket, for the fund.

    It leaves under a key of its own; `again`: asked before, and it did not answer.
    `first_asked_at` is part of the key; what was asked for before there was such a part has none.
    """

    recovery: int
    pocket: Pocket
    amount_minor: int
    due_at: datetime
    rule: str
    again: bool = False
    first_asked_at: datetime | None = None

    @property
    def key(self) -> UUID:
        """Under which the marketplace knows it, however often it is asked for."""
        return derived_key(
            "recovery",
            self.party,
            self.currency,
            str(self.recovery),
            first_asked_at=self.first_asked_at,
        )


class OfMarket(Record, frozen=True, array_like=True):
    """So much of an amount is another market's. Fields: append only."""

    market: str
    minor: int


class RecoveryPosted(OfAccount, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The fund has it back; `market` is whose budget has it again, but for what is `elsewhere`.

    `remembered`: as of what is settled.
    """

    recovery: int
    pocket: Pocket
    amount_minor: int
    market: str
    elsewhere: tuple[OfMarket, ...] = ()
    remembered: bool = False


class RecoveryVoided(OfAccount, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """It was not taken: the pocket counts as empty until it is told of again."""

    recovery: int
    pocket: Pocket
    amount_minor: int
    reason: str


class DebtAged(OfAccount, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What has been owed since `day` is so many days old, and still not paid."""

    day: date
    days: int
    amount_minor: int
    due_at: datetime
    rule: str


class DebtWrittenOff(OfAccount, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Nobody waits for this any more: the platform has lost it.

    What the marketplace is being asked for just then is left, and looked at `due_at`.
    """

    day: date
    amount_minor: int
    due_at: datetime
    rule: str


AccountCommand = (
    TellFunds
    | ChargeAccount
    | SettleCharge
    | ReleaseCharge
    | OweAdvance
    | ForgiveAdvance
    | ConfirmRecovery
    | FailRecovery
    | Wake
)
AccountEvent = (
    AccountOpened
    | FundsTold
    | AccountCharged
    | ChargeSettled
    | ChargeReleased
    | AdvanceOwed
    | AdvanceForgiven
    | RecoveryRequested
    | RecoveryPosted
    | RecoveryVoided
    | DebtAged
    | DebtWrittenOff
)

Answer = Sequence[AccountEvent] | Refusal
"""What a command comes to."""
