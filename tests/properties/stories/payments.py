"""The payment side of a story, with a log of its own of what it really took and sent.

It pays a key at most once, and says so late and several times. What it said it could not send it
may have sent all the same. Once somebody named another route and it is asked whether that is
certain, it looks.
"""

from datetime import datetime
from random import Random
from typing import NamedTuple
from uuid import UUID

from oncedesk.domain.remedies.messages.changing import (
    ChargeFailure,
    ChargeRequested,
    ConfirmCharge,
    FailCharge,
)
from oncedesk.domain.remedies.messages.refunding import (
    ConfirmCredit,
    ConfirmRefund,
    FailRefund,
    RefundFailure,
    RefundRequested,
)


class LegKey(NamedTuple):
    """Under which a refund is asked for, however often."""

    order: UUID
    remedy: int
    leg: int


class ChargeKey(NamedTuple):
    order: UUID
    remedy: int


class Payments:
    """`sent` and `charged` are what it really did, `failed` what it said first of what it could not
    send."""

    def __init__(self) -> None:
        self.asked: dict[LegKey, RefundRequested] = {}
        self.sent: dict[LegKey, ConfirmRefund] = {}
        self.credited: dict[LegKey, ConfirmCredit] = {}
        self.failed: dict[LegKey, FailRefund] = {}
        self.charges: dict[ChargeKey, ChargeRequested] = {}
        self.charged: dict[ChargeKey, ConfirmCharge] = {}

    def hear(self, event: object) -> None:
        """What is asked of it; balances are asked in the wallet."""
        match event:
            case RefundRequested():
                self.asked[LegKey(event.order, event.remedy, event.leg.number)] = event
            case ChargeRequested() if not event.charge.route.stored:
                self.charges[ChargeKey(event.order, event.remedy)] = event
            case _:
                pass

    def answer(self, key: LegKey, dice: Random, now: datetime) -> ConfirmRefund | FailRefund:
        """What it says of this refund now."""
        fails = dice.random() < 0.3 and not self.asked[key].leg.stored
        if key in self.failed:
            fails = self._is_certain(key) or dice.random() < 0.8
        if key in self.sent or not fails:
            return self.send(key, now)
        return self._fail(key)

    def answer_in_earnest(self, key: LegKey, now: datetime) -> ConfirmRefund | FailRefund:
        """What it says when nothing goes wrong any more."""
        if key in self.failed and key not in self.sent and self._is_certain(key):
            return self._fail(key)
        return self.send(key, now)

    def send(self, key: LegKey, now: datetime) -> ConfirmRefund:
        """It was sent, now at the latest."""
        event = self.asked[key]
        said = ConfirmRefund(
            consumer=event.consumer,
            order=key.order,
            remedy=key.remedy,
            leg=key.leg,
            amount_minor=event.leg.amount_minor,
            currency=event.currency,
            sent_at=now,
        )
        return self.sent.setdefault(key, said)

    def credit(self, key: LegKey, now: datetime) -> ConfirmCredit:
        """What was sent has arrived."""
        said = ConfirmCredit(
            consumer=self.sent[key].consumer,
            order=key.order,
            remedy=key.remedy,
            leg=key.leg,
            credited_at=now,
        )
        return self.credited.setdefault(key, said)

    def charge(self, key: ChargeKey, dice: Random, now: datetime) -> ConfirmCharge | FailCharge:
        """What it says of a charge: it took it once, or could not."""
        event = self.charges[key]
        if key not in self.charged and dice.random() < 0.4:
            return FailCharge(
                consumer=event.consumer,
                order=key.order,
                remedy=key.remedy,
                reason=dice.choice(tuple(ChargeFailure)),
            )
        said = ConfirmCharge(
            consumer=event.consumer,
            order=key.order,
            remedy=key.remedy,
            amount_minor=event.charge.amount_minor,
            currency=event.currency,
            charged_at=now,
        )
        return self.charged.setdefault(key, said)

    def _fail(self, key: LegKey) -> FailRefund:
        """It was not sent, as of the asking that it was told last."""
        event = self.asked[key]
        said = FailRefund(
            consumer=event.consumer,
            order=key.order,
            remedy=key.remedy,
            leg=key.leg,
            reason=RefundFailure.ROUTE_DEAD,
            asked=event.leg.asked + event.again,
        )
        self.failed.setdefault(key, said)
        return said

    def _is_certain(self, key: LegKey) -> bool:
        event = self.asked[key]
        return event.again and bool(event.leg.route)
