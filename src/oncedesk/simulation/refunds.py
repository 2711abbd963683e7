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
from oncedesk.domain.remedies.words import Source
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.ledger import Account
from oncedesk.domain.shared.records import Record
from oncedesk.engine.outgoing import RefundMessage
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


class Wanted(Record, frozen=True):
    """What payments are asked to send, as far as it matters to them."""

    key: UUID
    consumer: UUID
    order: UUID
    remedy: int
    leg: int
    amount_minor: int
    currency: str
    payment: int
    again: bool
    asked: int
    taken: tuple[Source, ...]

    def of(self) -> dict[str, Any]:
        """What everything that is said of it begins with."""
        about = {"consumer": self.consumer, "order": self.order, "remedy": self.remedy}
        return {**about, "leg": self.leg}


def as_written(letter: RefundMessage) -> Wanted:
    """What left by the outbox."""
    return Wanted(
        UUID(letter.refund),
        UUID(letter.consumer),
        UUID(letter.order),
        letter.remedy,
        letter.leg,
        letter.amount_minor,
        letter.currency,
        letter.payment,
        letter.again,
        letter.asked,
        tuple(
            Source(Account(one.account), UUID(one.party) if one.party else None, one.amount_minor)
            for one in letter.sources
        ),
    )


def as_recorded(event: RefundRequested) -> Wanted:
    """What happened, for whoever hears of it without an outbox."""
    leg = event.leg
    return Wanted(
        refund_key(order=event.order, remedy=event.remedy, leg=leg),
        event.consumer,
        event.order,
        event.remedy,
        leg.number,
        leg.amount_minor,
        event.currency,
        leg.payment,
        event.again,
        leg.asked + event.again,
        leg.taken,
    )


class Refunds:
    """Plays the payment side. Whoever asks again under the same key gets the same answer.

    `by_post`: they know only what reaches them by the outbox.
    """

    def __init__(self, stage: Stage, till: Till) -> None:
        self._stage = stage
        self.till = till
        self._sent: dict[UUID, ConfirmRefund] = {}
        self.always_twice = False
        self.by_post = False

    def sent_minor(self) -> Counter[UUID]:
        """What was sent for each order, as payments' own books have it."""
        sent: Counter[UUID] = Counter()
        for one in self._sent.values():
            sent[one.order] += one.amount_minor
        return sent

    def heard(self, event: RefundRequested, dice: Dice) -> None:
        """It is asked for, in the journal."""
        if not self.by_post:
            self.asked(as_recorded(event), dice)

    def asked(self, wanted: Wanted, dice: Dice) -> None:
        """Payments are asked to send this; they answer when they like."""
        stage, counts = self._stage, self._stage.counts
        counts["refunds.asked_again"] += wanted.again
        how = dice.weighted(_ANSWERS)
        if wanted.key in self._sent or (wanted.again and how in ("silent", "route_dead")):
            how = "soon"
        if self.always_twice:
            how = "twice"
        if how == "route_dead" and not wanted.payment:
            how = "soon"  # A route that was just named works.
        match how:
            case "soon":
                stage.soon(1, partial(self._send, wanted, dice))
            case "late":
                counts["faults.refunds_late"] += 1
                stage.soon(dice.between(20, 60), partial(self._send, wanted, dice))
            case "twice":
                counts["faults.refunds_told_twice"] += 1
                stage.soon(1, partial(self._send, wanted, dice))
                stage.soon(dice.between(1, 4), partial(self._send, wanted, dice))
            case "route_dead":
                counts["faults.refund_routes_dead"] += 1
                stage.soon(1, partial(self._fail, wanted, dice))
            case _:
                counts["faults.refunds_unanswered"] += 1

    def _send(self, wanted: Wanted, dice: Dice) -> None:
        told = self._sent.get(wanted.key)
        if told is None:
            told = self._sent[wanted.key] = ConfirmRefund(
                **wanted.of(),
                amount_minor=wanted.amount_minor,
                currency=wanted.currency,
                sent_at=self._stage.clock(),
            )
            self.till.sent(wanted.taken)
            if dice.percent(CREDITED_PERCENT):
                self._stage.soon(dice.between(2, 20), partial(self._credit, wanted, dice))
        self._give(told, dice)

    def _credit(self, wanted: Wanted, dice: Dice) -> None:
        self._give(ConfirmCredit(**wanted.of(), credited_at=self._stage.clock()), dice)

    def _fail(self, wanted: Wanted, dice: Dice) -> None:
        reason = RefundFailure.ROUTE_DEAD
        self._give(FailRefund(**wanted.of(), reason=reason, asked=wanted.asked), dice)

    def _give(self, command: Any, dice: Dice) -> None:
        self._stage.sender.send(command, actor=MARKETPLACE, dice=dice)
