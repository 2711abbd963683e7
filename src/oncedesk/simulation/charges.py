"""Payments take what a consumer pays for a change: soon, much too late, never, or they cannot.

What was taken stands in books of their own; a balance in the consumer's wallet is none of theirs.
"""

from collections import Counter
from functools import partial
from uuid import UUID

from oncedesk.domain.remedies.messages.changing import (
    ChargeFailure,
    ChargeRequested,
    ConfirmCharge,
    FailCharge,
    charge_key,
)
from oncedesk.domain.shared.decider import MARKETPLACE, Command
from oncedesk.domain.shared.records import Record
from oncedesk.engine.outgoing.refunds import ChargeMessage
from oncedesk.simulation.dice import Dice
from oncedesk.simulation.stage import Stage

_ANSWERS = (
    ("soon", 52.0),
    ("twice", 10.0),
    ("late", 12.0),
    ("too_late", 10.0),
    ("declined", 8.0),
    ("silent", 8.0),
)
LATE_BEATS, TOO_LATE_BEATS = (10, 60), (110, 300)
"""Whoever is asked five times in vain is not asked again: what is taken after that is too late."""


class Wanted(Record, frozen=True):
    """What payments are asked to take, as far as it matters to them."""

    key: UUID
    consumer: UUID
    order: UUID
    remedy: int
    amount_minor: int
    currency: str


class Charges:
    """Plays the payment side. Whoever asks again under the same key gets the same answer."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._how: dict[UUID, str] = {}
        self._taken: dict[UUID, ConfirmCharge] = {}
        self.by_post = False

    def taken_minor(self) -> Counter[UUID]:
        """What was taken for each order, as payments' own books have it."""
        taken: Counter[UUID] = Counter()
        for one in self._taken.values():
            taken[one.order] += one.amount_minor
        return taken

    def heard(self, event: ChargeRequested, dice: Dice) -> None:
        """It is asked for, in the journal."""
        if self.by_post or event.charge.route.stored:
            return
        key = charge_key(order=event.order, remedy=event.remedy, charge=event.charge)
        minor = event.charge.amount_minor
        self.asked(
            Wanted(key, event.consumer, event.order, event.remedy, minor, event.currency), dice
        )

    def written(self, letter: ChargeMessage, dice: Dice) -> None:
        """It left by the outbox."""
        key, consumer, order = UUID(letter.charge), UUID(letter.consumer), UUID(letter.order)
        minor = letter.amount_minor
        self.asked(Wanted(key, consumer, order, letter.remedy, minor, letter.currency), dice)

    def asked(self, wanted: Wanted, dice: Dice) -> None:
        """Payments are asked to take this; how they are, they stay."""
        stage, counts = self._stage, self._stage.counts
        again = wanted.key in self._how
        how = self._how.setdefault(wanted.key, dice.weighted(_ANSWERS))
        counts["charges.asked"] += not again
        counts["charges.asked_again"] += again
        if wanted.key in self._taken or how == "soon":
            stage.soon(1, partial(self._take, wanted, dice))
        elif how == "declined":
            stage.soon(1, partial(self._decline, wanted, dice))
        elif again:
            return
        elif how == "twice":
            stage.soon(1, partial(self._take, wanted, dice))
            stage.soon(dice.between(2, 40), partial(self._take, wanted, dice))
        elif how == "silent":
            counts["faults.charges_unanswered"] += 1
        else:
            counts["faults.charges_late"] += 1
            beats = LATE_BEATS if how == "late" else TOO_LATE_BEATS
            stage.soon(dice.between(*beats), partial(self._take, wanted, dice))

    def _take(self, wanted: Wanted, dice: Dice) -> None:
        told = self._taken.get(wanted.key)
        if told is None:
            told = self._taken[wanted.key] = ConfirmCharge(
                consumer=wanted.consumer,
                order=wanted.order,
                remedy=wanted.remedy,
                amount_minor=wanted.amount_minor,
                currency=wanted.currency,
                charged_at=self._stage.clock(),
            )
        self._give(told, dice)

    def _decline(self, wanted: Wanted, dice: Dice) -> None:
        self._stage.counts["faults.charges_declined"] += 1
        self._give(
            FailCharge(
                consumer=wanted.consumer,
                order=wanted.order,
                remedy=wanted.remedy,
                reason=ChargeFailure.DECLINED,
            ),
            dice,
        )

    def _give(self, command: Command, dice: Dice) -> None:
        self._stage.sender.send(command, actor=MARKETPLACE, dice=dice)
