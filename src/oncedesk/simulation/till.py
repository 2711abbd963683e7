"""The marketplace's till: it holds what was paid, pays it out, and takes back what is owed.

It keeps books of its own, as real ones do, and tells us from time to time what they say.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from oncedesk.domain.accounts.messages import (
    ConfirmRecovery,
    DebtWrittenOff,
    FailRecovery,
    Holder,
    Pocket,
    RecoveryFailure,
    RecoveryPosted,
    RecoveryRequested,
    RecoveryVoided,
    TellFunds,
)
from oncedesk.domain.remedies.messages.funding import PayoutRecorded, RecordPayout
from oncedesk.domain.remedies.words import Source
from oncedesk.domain.shared.decider import MARKETPLACE, Command
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.ledger import Account
from oncedesk.simulation.buying import Bought
from oncedesk.simulation.dice import Dice
from oncedesk.simulation.plans import Plan
from oncedesk.simulation.stage import Stage
from oncedesk.simulation.world import MARKET

CURRENCY = "CNY"
PAID_OUT_PERCENT = 70
"""Whoever is not trusted so far is paid after everything could have been sent back."""
FEE_PERCENT = 5
AGENCY_PERCENT = 20
"""What of a creator's commission is the agency's."""
_DEPOSITS_MINOR = (0, 0, 200_000, 1_000_000)
_TOLD_AFTER = timedelta(hours=4)
_ANSWERS = (
    ("soon", 66.0),
    ("late", 10.0),
    ("twice", 10.0),
    ("blocked", 6.0),
    ("silent", 8.0),
)
_HELD_AS = {
    Account.MERCHANT_PAYABLE: (Holder.MERCHANT, Pocket.BALANCE),
    Account.MERCHANT_DEPOSIT: (Holder.MERCHANT, Pocket.DEPOSIT),
    Account.CREATOR_COMMISSION: (Holder.CREATOR, Pocket.BALANCE),
}


@dataclass
class _Held:
    """What is held for one party, in minor units."""

    holder: Holder
    pockets: Counter[Pocket] = field(default_factory=Counter)
    to_be_told: bool = False


class Till:
    """Plays whoever has the money. It tells only of parties to whom something was paid out."""

    def __init__(self, stage: Stage, dice: Dice) -> None:
        self._stage = stage
        self._dice = dice
        self._held: dict[UUID, _Held] = {}
        self._escrow: Counter[UUID] = Counter()
        self.taken_minor: Counter[UUID] = Counter()
        """What was taken back from each party so far, whatever we were told of it."""
        self._agency_of = {one.id: one.agency for one in stage.world.creators}
        self._answered: defaultdict[tuple[UUID, int], list[Command]] = defaultdict(list)
        stage.seeing.when_elsewhere(PayoutRecorded, self._paid_out)
        stage.seeing.when_elsewhere(RecoveryRequested, self._asked)
        for event, name in _COUNTED.items():
            stage.seeing.count_elsewhere(event, name)

    def took_in(self, plan: Plan, bought: Bought, *, delivered_at: datetime | None) -> None:
        """An order was paid; some time after its delivery it is paid out, or not for long."""
        dice = plan.dice
        if plan.merchant is None:
            return
        self._escrow[plan.merchant] += _whole_minor(bought)
        if delivered_at is None or not dice.percent(PAID_OUT_PERCENT):
            return
        at = delivered_at + timedelta(hours=dice.between(1, 30))
        # All of it at once; where something of it is waited for by a remedy, it is refused.
        told = partial(self._give, self._payout(plan, bought), self._dice)
        self._stage.at(max(at, self._stage.clock()), told)

    def took_more(self, plan: Plan, minor: int) -> None:
        """The rest of a presale was paid."""
        if plan.merchant is not None:
            self._escrow[plan.merchant] += minor

    def sent(self, sources: Iterable[Source]) -> None:
        """A refund has left: it came out of these."""
        for source in sources:
            if source.party is None:
                continue
            if source.account is Account.ESCROW:
                self._escrow[source.party] -= source.minor
            elif source.account in _HELD_AS:
                holder, pocket = _HELD_AS[source.account]
                self._held_for(source.party, holder).pockets[pocket] -= source.minor

    def _payout(self, plan: Plan, bought: Bought) -> RecordPayout:
        order, creator = plan.subject.id, plan.creator
        assert order is not None
        whole_minor, commission_minor = _whole_minor(bought), bought.item.commission_minor
        agency = None if creator is None else self._agency_of.get(creator)
        agency_minor = 0 if agency is None else commission_minor * AGENCY_PERCENT // 100
        fee_minor = (whole_minor - commission_minor) * FEE_PERCENT // 100
        return RecordPayout(
            consumer=plan.consumer,
            order=order,
            id=derived_id("simulated payout", order),
            part=1,
            currency=CURRENCY,
            merchant_minor=whole_minor - commission_minor - fee_minor,
            creator_minor=commission_minor - agency_minor,
            agency_minor=agency_minor,
            agency=agency,
            fee_minor=fee_minor,
        )

    def _paid_out(self, event: PayoutRecorded) -> None:
        assert event.merchant is not None
        self._stage.counts["payouts"] += 1
        self._escrow[event.merchant] -= (
            event.merchant_minor + event.creator_minor + event.agency_minor + event.fee_minor
        )
        for party, holder, minor in (
            (event.merchant, Holder.MERCHANT, event.merchant_minor),
            (self._creator_of(event), Holder.CREATOR, event.creator_minor),
        ):
            if party is None or not minor:
                continue
            held = self._held_for(party, holder)
            held.pockets[Pocket.BALANCE] += minor
            if not held.to_be_told:
                held.to_be_told = True
                self._stage.at(self._stage.clock() + _TOLD_AFTER, partial(self._tell, party))

    def _creator_of(self, event: PayoutRecorded) -> UUID | None:
        """Who has the commission, by what it was moved to."""
        for transfer in event.transfers:
            for entry in transfer.entries:
                if entry.account is Account.CREATOR_COMMISSION:
                    return entry.party
        return None

    def _held_for(self, party: UUID, holder: Holder) -> _Held:
        held = self._held.get(party)
        if held is None:
            held = self._held[party] = _Held(holder)
            if holder is Holder.MERCHANT:
                held.pockets[Pocket.DEPOSIT] = self._dice.among(_DEPOSITS_MINOR)
        return held

    def _tell(self, party: UUID) -> None:
        held = self._held[party]
        held.to_be_told = False
        self._give(
            TellFunds(
                party=party,
                currency=CURRENCY,
                market=MARKET,
                holder=held.holder,
                balance_minor=max(0, held.pockets[Pocket.BALANCE]),
                deposit_minor=max(0, held.pockets[Pocket.DEPOSIT]),
                escrow_minor=max(0, self._escrow[party]),
                told_at=self._stage.clock(),
            ),
            self._dice,
        )

    def _asked(self, event: RecoveryRequested) -> None:
        """Take this from a party; whoever asks again under the same number gets the same answer."""
        stage, counts = self._stage, self._stage.counts
        counts["recoveries.asked"] += 1
        answered = self._answered[event.party, event.recovery]
        how = "soon" if event.again or answered else self._dice.weighted(_ANSWERS)
        counts["recoveries.asked_again"] += event.again
        match how:
            case "silent":
                counts["faults.recoveries_unanswered"] += 1
            case "late":
                counts["faults.recoveries_late"] += 1
                stage.soon(self._dice.between(20, 60), partial(self._answer, event, how))
            case "twice":
                counts["faults.recoveries_told_twice"] += 1
                stage.soon(1, partial(self._answer, event, how))
                stage.soon(self._dice.between(2, 5), partial(self._answer, event, how))
            case _:
                stage.soon(1, partial(self._answer, event, how))

    def _answer(self, event: RecoveryRequested, how: str) -> None:
        answered = self._answered[event.party, event.recovery]
        if not answered:
            answered.append(self._taken(event, blocked=how == "blocked"))
        self._give(answered[0], self._dice)

    def _taken(self, event: RecoveryRequested, *, blocked: bool) -> Command:
        of: dict[str, Any] = {"party": event.party, "currency": event.currency}
        of["recovery"] = event.recovery
        if blocked:
            return FailRecovery(**of, reason=RecoveryFailure.BLOCKED)
        held = self._held.get(event.party)
        pockets = Counter[Pocket]() if held is None else held.pockets
        in_escrow = event.pocket is Pocket.ESCROW
        there_minor = self._escrow[event.party] if in_escrow else pockets[event.pocket]
        if there_minor < event.amount_minor:
            return FailRecovery(**of, reason=RecoveryFailure.NOT_ENOUGH)
        if in_escrow:
            self._escrow[event.party] -= event.amount_minor
        else:
            pockets[event.pocket] -= event.amount_minor
        self.taken_minor[event.party] += event.amount_minor
        return ConfirmRecovery(**of, amount_minor=event.amount_minor)

    def _give(self, command: Command, dice: Dice) -> None:
        self._stage.sender.send(command, actor=MARKETPLACE, dice=dice)


def _whole_minor(bought: Bought) -> int:
    """What stands in escrow for it: what was paid, and what the platform gave towards its price."""
    return sum(one.amount_minor for one in bought.payments) + bought.item.subsidy_minor


_COUNTED = {
    RecoveryPosted: "recoveries.posted",
    RecoveryVoided: "recoveries.failed",
    DebtWrittenOff: "debts.written_off",
}
COUNTS = ("payouts", "recoveries.asked", "recoveries.asked_again", *_COUNTED.values())
"""What is counted one by one, whether or not it happened."""
