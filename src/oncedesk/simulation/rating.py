"""Now and then a consumer says how they found the service, once a case of theirs is over.

With dice of its own for each case, so that the rest of a play is the same with and without it.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

from oncedesk.domain.conversations.messages import (
    CaseResolved,
    ClosingReason,
    RateService,
    RatingReason,
    SolvedConfirmed,
)
from oncedesk.domain.conversations.rating import NOT_RATED
from oncedesk.simulation.dice import Dice
from oncedesk.simulation.seeing import Life, SeenCase
from oncedesk.simulation.stage import Stage, by_consumer

_SCORES = {
    "helped": ((5, 56.0), (4, 30.0), (3, 9.0), (2, 3.0), (1, 2.0)),
    "ended": ((5, 24.0), (4, 30.0), (3, 22.0), (2, 13.0), (1, 11.0)),
    "let_down": ((5, 3.0), (4, 9.0), (3, 22.0), (2, 28.0), (1, 38.0)),
}
_GOOD = (RatingReason.QUICK, RatingReason.KIND, RatingReason.CLEAR, RatingReason.SOLVED)
_BAD = (
    RatingReason.SLOW,
    RatingReason.UNCLEAR,
    RatingReason.HAD_TO_REPEAT,
    RatingReason.NOT_SOLVED,
)
_DISAPPOINTING = (ClosingReason.REFUSED, ClosingReason.NO_REPLY)


def rate_now_and_then(stage: Stage) -> None:
    """Whoever says that it is solved rates more often; some change their minds an hour later."""
    day = timedelta(days=1) // stage.agenda.beat

    def confirmed(life: Life, case: SeenCase, _: Any) -> None:
        dice = _dice(life, case)
        if dice.percent(60):
            stage.soon(1, partial(rate, life, case, dice, "helped"))

    def resolved(life: Life, case: SeenCase, event: CaseResolved) -> None:
        dice = _dice(life, case)
        if event.reason not in NOT_RATED and dice.percent(25):
            how = "let_down" if event.reason in _DISAPPOINTING else "ended"
            stage.soon(dice.between(1, max(1, day // 6)), partial(rate, life, case, dice, how))

    def rate(life: Life, case: SeenCase, dice: Dice, how: str) -> None:
        if case.is_open:
            return
        score = dice.weighted(_SCORES[how])
        _send(stage, life, case, dice, score)
        if dice.percent(8):
            other = min(5, max(1, score + dice.among((-1, 1))))
            stage.soon(max(1, day // 24), partial(_send, stage, life, case, dice, other))

    stage.seeing.when(SolvedConfirmed, confirmed)
    stage.seeing.when(CaseResolved, resolved)


def _dice(life: Life, case: SeenCase) -> Dice:
    return Dice(Random(f"rating {life.conversation} {case.number}"))


def _send(stage: Stage, life: Life, case: SeenCase, dice: Dice, score: int) -> None:
    if case.is_open:
        return
    consumer = life.plan.consumer
    command = RateService(
        consumer=consumer,
        conversation=life.conversation,
        case=case.number,
        score=score,
        reasons=_reasons(_GOOD if score >= 4 else _BAD, dice),
    )
    stage.sender.send(command, actor=by_consumer(consumer), dice=dice)


def _reasons(fitting: Sequence[RatingReason], dice: Dice) -> tuple[RatingReason, ...]:
    if dice.percent(35):
        return ()
    return tuple(reason for reason in fitting if dice.percent(45))[:3]
