"""The marketplace's payments: they send what they are asked for, late, twice, or not at all.

They keep books of their own, by the key under which they were asked, as real ones do.
"""

from collections import Counter
from functools import partial
from typing import Any
from uuid import UUID

from oncedesk.domain.remedies.messages.refunding import (
    ConfirmCredit,
    ConfirmRefund,
    FailRefund,
    RefundFailure,
    RefundRequested,
    refund_key,
)
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.simulation.dice import Dice
from oncedesk.simulation.stage import Stage
from oncedesk.simulation.till import Till

_ANSWERS = (
    ("soon", 64.0),
    ("late", 12.0),
    ("twice", 10.0),
    ("route_dead", 7.0),
    ("silent", 7.0),
)
CREDITED_PERCENT = 40


class Refunds:
    """Plays the payment side. Whoever asks again under the same key gets the same answer."""

    def __init__(self, stage: Stage, till: Till) -> None:
        self._stage = stage
        self.till = till
        self._sent: dict[UUID, ConfirmRefund] = {}
        self.always_twice = False

    def sent_minor(self) -> Counter[UUID]:
        """What was sent for each order, as payments' own books have it."""
        sent: Counter[UUID] = Counter()
        for one in self._sent.values():
            sent[one.order] += one.amount_minor
        return sent

    def asked(self, event: RefundRequested, dice: Dice) -> None:
        """Payments are asked to send this; they answer when they like."""
        stage, counts = self._stage, self._stage.counts
        key = refund_key(order=event.order, remedy=event.remedy, leg=event.leg)
        counts["refunds.asked_again"] += event.again
        how = dice.weighted(_ANSWERS)
        if key in self._sent or (event.again and how in ("silent", "route_dead")):
            how = "soon"
        if self.always_twice:
            how = "twice"
        if how == "route_dead" and not event.leg.payment:
            how = "soon"  # A route that was just named works.
        match how:
            case "soon":
                stage.soon(1, partial(self._send, event, key, dice))
            case "late":
                counts["faults.refunds_late"] += 1
                stage.soon(dice.between(20, 60), partial(self._send, event, key, dice))
            case "twice":
                counts["faults.refunds_told_twice"] += 1
                stage.soon(1, partial(self._send, event, key, dice))
                stage.soon(dice.between(1, 4), partial(self._send, event, key, dice))
            case "route_dead":
                counts["faults.refund_routes_dead"] += 1
                stage.soon(1, partial(self._fail, event, dice))
            case _:
                counts["faults.refunds_unanswered"] += 1

    def _send(self, event: RefundRequested, key: UUID, dice: Dice) -> None:
        told = self._sent.get(key)
        if told is None:
            told = self._sent[key] = ConfirmRefund(
                **_of(event),
                amount_minor=event.leg.amount_minor,
                currency=event.currency,
                sent_at=self._stage.clock(),
            )
            self.till.sent(event.leg.taken)
            if dice.percent(CREDITED_PERCENT):
                self._stage.soon(dice.between(2, 20), partial(self._credit, event, dice))
        self._give(told, dice)

    def _credit(self, event: RefundRequested, dice: Dice) -> None:
        self._give(ConfirmCredit(**_of(event), credited_at=self._stage.clock()), dice)

    def _fail(self, event: RefundRequested, dice: Dice) -> None:
        self._give(FailRefund(**_of(event), reason=RefundFailure.ROUTE_DEAD), dice)

    def _give(self, command: Any, dice: Dice) -> None:
        self._stage.sender.send(command, actor=MARKETPLACE, dice=dice)


def _of(event: RefundRequested) -> dict[str, Any]:
    return {
        "consumer": event.consumer,
        "order": event.order,
        "remedy": event.remedy,
        "leg": event.leg.number,
    }
