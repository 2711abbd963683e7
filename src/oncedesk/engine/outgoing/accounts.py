"""What leaves about accounts and the fund: what the marketplace is asked to take, and what people
of the platform's have to know."""

from datetime import date
from uuid import UUID

import msgspec

from oncedesk.domain.accounts.messages import (
    DebtAged,
    DebtWrittenOff,
    RecoveryRequested,
)
from oncedesk.domain.remedies.messages.funding import FundingDelayed
from oncedesk.domain.remedies.words import Source
from oncedesk.domain.shared.bounds import Moment
from oncedesk.engine.leaving import Happened

_encode = msgspec.json.Encoder().encode


class SourceMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """Out of which account of the ledger so much comes; without a party it is the platform's."""

    account: str
    amount_minor: int
    party: str = ""


class RecoveryMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the marketplace is asked to take from a party for the fund, under the key `recovery_id`,
    and to confirm or fail by its number `recovery`."""

    recovery_id: str
    party: str
    currency: str
    recovery: int
    pocket: str
    amount_minor: int
    again: bool = False


class FundingMessage(msgspec.Struct, frozen=True):
    """A remedy waits because a budget is exhausted; it is asked again at `again_at`."""

    consumer: str
    order: str
    remedy: int
    budget: str
    amount_minor: int
    currency: str
    again_at: Moment


class DebtMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a party has owed since `day`: so many days old, or (`lost`) written off."""

    party: str
    currency: str
    day: date
    amount_minor: int
    days: int = 0
    lost: bool = False


def source_messages(sources: tuple[Source, ...]) -> tuple[SourceMessage, ...]:
    """Where a refund's money comes from, for whoever has to book it."""
    return tuple(
        SourceMessage(source.account.value, source.minor, _text(source.party)) for source in sources
    )


def about_recovery(event: RecoveryRequested, happened: Happened) -> bytes:
    del happened
    return _encode(
        RecoveryMessage(
            recovery_id=str(event.key),
            party=str(event.party),
            currency=event.currency,
            recovery=event.recovery,
            pocket=event.pocket.value,
            amount_minor=event.amount_minor,
            again=event.again,
        )
    )


def about_funding(event: FundingDelayed, happened: Happened) -> bytes:
    return _encode(
        FundingMessage(
            consumer=str(event.consumer),
            order=str(event.order),
            remedy=event.remedy,
            budget=event.budget,
            amount_minor=event.amount_minor,
            currency=happened.after.currency,
            again_at=event.clock.due_at,
        )
    )


def about_debt(event: DebtAged | DebtWrittenOff, happened: Happened) -> bytes:
    del happened
    return _encode(
        DebtMessage(
            party=str(event.party),
            currency=event.currency,
            day=event.day,
            amount_minor=event.amount_minor,
            days=event.days if isinstance(event, DebtAged) else 0,
            lost=isinstance(event, DebtWrittenOff),
        )
    )


def _text(party: UUID | None) -> str:
    return "" if party is None else str(party)
