"""Merchants who doubt money that left before anybody looked, and who decides that."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from oncedesk.domain.remedies.messages import contesting, returning
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.ids import digest
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.simulation.dice import Dice
from oncedesk.simulation.stage import Stage

CONTESTS_PERCENT, LAST_PERCENT, DECIDES_PERCENT, UPHELD_PERCENT = 40, 25, 75, 60

ByAgent = Callable[..., None]


class Contests:
    """Plays both. `by_agent` sends what somebody of a desk does about a remedy."""

    def __init__(self, stage: Stage, by_agent: ByAgent) -> None:
        self._stage = stage
        self._by_agent = by_agent

    def heard(self) -> Mapping[type, Callable[[Any, Dice], None]]:
        return {
            contesting.ContestOpened: self._may_be_contested,
            returning.ReturnReceived: self._received,
            returning.ReturnMissed: self._missed,
            returning.ReturnLost: self._lost,
            contesting.RefundContested: self._to_decide,
        }

    def _received(self, event: returning.ReturnReceived, dice: Dice) -> None:
        if event.desk is None and event.clock is not None:
            self._may_be_contested(event, dice)

    def _missed(self, event: returning.ReturnMissed, dice: Dice) -> None:
        if event.given:
            self._may_be_contested(event, dice)

    def _lost(self, event: returning.ReturnLost, dice: Dice) -> None:
        if event.clock is not None:
            self._may_be_contested(event, dice)

    def _may_be_contested(self, event: Any, dice: Dice) -> None:
        if not dice.percent(CONTESTS_PERCENT):
            return
        stage = self._stage
        command = contesting.ContestRefund(
            consumer=event.consumer,
            order=event.order,
            remedy=event.remedy,
            reason="goods_worn",
            evidence=(digest(event.order.bytes + b"worn"),),
        )
        act = partial(stage.sender.send, command, actor=MARKETPLACE, dice=dice)
        if dice.percent(LAST_PERCENT):
            stage.counts["last_minute.contests"] += 1
            stage.at(event.clock.due_at - stage.agenda.tick, act)
        else:
            stage.soon(dice.between(2, 40), act)

    def _to_decide(self, event: contesting.RefundContested, dice: Dice) -> None:
        if not dice.percent(DECIDES_PERCENT):
            self._stage.counts["faults.undecided"] += 1
            return
        decide = partial(
            self._by_agent,
            event,
            PLATFORM,
            contesting.DecideContest,
            dice,
            upheld=dice.percent(UPHELD_PERCENT),
            reason="weighed",
        )
        self._stage.soon(dice.between(1, 24), decide)
