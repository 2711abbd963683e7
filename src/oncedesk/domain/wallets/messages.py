"""Commands to a consumer's wallet and the events it records. Names are stable for ever.

A method is known by the marketplace's name for it. No card numbers, no accounts: what it takes to
charge one stays with payments.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from oncedesk.domain.shared.bounds import bounded
from oncedesk.domain.shared.decider import Wake
from oncedesk.domain.shared.money import Currency
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Ref, wallet_ref

METHODS_MAX = 40
BALANCE_MINOR_MAX = 10**15

MethodName = Annotated[str, bounded("[A-Za-z0-9_.:-]{1,48}", max_length=48)]
MethodKind = Annotated[str, bounded("[a-z][a-z0-9_]{0,47}", max_length=48)]
PaidBy = Annotated[str, bounded("[A-Za-z0-9_.:-]{1,48}", max_length=48)]
"""A kind as an order names it."""
Amount = Annotated[int, Meta(ge=0, le=BALANCE_MINOR_MAX)]
Change = Annotated[int, Meta(ge=-BALANCE_MINOR_MAX, le=BALANCE_MINOR_MAX)]
Number = Annotated[int, Meta(ge=1, le=10_000)]


class ToWallet(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A command to a consumer's wallet."""

    consumer: UUID

    def target(self) -> Ref:
        return wallet_ref(self.consumer)


class ToMethod(ToWallet, frozen=True, kw_only=True, omit_defaults=True):
    """A command about one method."""

    method: MethodName


class AddMethod(ToMethod, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The consumer can pay by this. `stored`: a balance that is kept here and starts with this."""

    kind: MethodKind
    stored: bool = False
    currency: Currency = "XXX"
    balance_minor: Amount = 0


class RemoveMethod(ToMethod, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The consumer cannot pay by this any more; a balance must be empty first."""


class AdjustBalance(ToMethod, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The marketplace put so much more into a balance, or took it out, without us."""

    amount_minor: Change
    currency: Currency


class TakeBalance(ToMethod, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A remedy of this order asks for so much; the answer is an event either way."""

    order: UUID
    remedy: Number
    amount_minor: Amount
    currency: Currency


class CreditBalance(ToMethod, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Payments sent a refund to this balance, of this `kind`; it is there again if it was not."""

    order: UUID
    remedy: Number
    amount_minor: Amount
    currency: Currency
    kind: PaidBy = "balance"


WalletCommand = AddMethod | RemoveMethod | AdjustBalance | TakeBalance | CreditBalance | Wake


class OfWallet(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened to a method of a consumer's wallet."""

    consumer: UUID
    at: datetime
    method: str


class MethodAdded(OfWallet, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    kind: str
    stored: bool = False
    currency: str = "XXX"
    balance_minor: int = 0


class MethodRemoved(OfWallet, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    pass


class BalanceAdjusted(OfWallet, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """By so much, more or less; `balance_minor` is what there is now."""

    amount_minor: int
    balance_minor: int


class OfRemedyMoney(OfWallet, frozen=True, kw_only=True, omit_defaults=True):
    """Money that a remedy of this order moves."""

    order: UUID
    remedy: int
    amount_minor: int


class BalanceTaken(OfRemedyMoney, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The remedy has it; `balance_minor` is what is left."""

    currency: str
    balance_minor: int


class BalanceLacking(OfRemedyMoney, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The balance does not cover it, or there is none; nothing was taken."""


class BalanceCredited(OfRemedyMoney, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """`balance_minor` is what there is now."""

    balance_minor: int


WalletEvent = (
    MethodAdded | MethodRemoved | BalanceAdjusted | BalanceTaken | BalanceLacking | BalanceCredited
)
