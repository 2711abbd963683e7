"""How many decisions a second one core decides again under another rule pack.

The cases are generated and lie in memory: what the journal costs to read is another figure, which
every `oncedesk backtest` prints of itself.
"""

import gc
import random
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import partial
from multiprocessing import get_context

from oncedesk.bench.backtest_cases import SHARES, Generator, changed_pack
from oncedesk.bench.measuring import stolen
from oncedesk.domain.shared.records import Record
from oncedesk.engine.backtest.comparing import Rivals, compare
from oncedesk.engine.backtest.registry import QUESTIONS
from oncedesk.engine.backtest.tallies import QuestionTally
from oncedesk.engine.memory import GC_THRESHOLDS
from oncedesk.rules.loading import load_builtin


class BacktestFigures(Record, frozen=True):
    """What `oncedesk bench backtest --json` prints.

    Figures per core are of processor time; `decisions_per_second` is of all processes together.
    """

    decisions_per_second_per_core: float
    decisions_per_second: float
    routing_per_second_per_core: float
    waiting_per_second_per_core: float
    promising_per_second_per_core: float
    keeping_per_second_per_core: float
    remedies_per_second_per_core: float
    compensations_per_second_per_core: float
    decisions: int
    changed: int
    processes: int
    steal_percent: float


class _Measured(Record, frozen=True):
    """What one process did for one question: seconds of processor time, and on the wall."""

    decided: int
    changed: int
    seconds: float
    wall: float


def run(*, decisions: int, processes: int, seed: int) -> BacktestFigures:
    """Decide so many generated cases again, evenly in so many processes."""
    each = decisions // processes
    context = get_context("spawn")
    with ProcessPoolExecutor(max_workers=processes, mp_context=context) as executor:
        before = stolen()
        found = list(executor.map(partial(_measure, each), range(seed, seed + processes)))
        after = stolen()
    by_question = {name: [one[name] for one in found] for name in QUESTIONS}
    everything = [one for several in by_question.values() for one in several]
    return BacktestFigures(
        decisions_per_second_per_core=_speed(everything),
        decisions_per_second=round(
            sum(
                sum(one.decided for one in process.values())
                / sum(one.wall for one in process.values())
                for process in found
            )
        ),
        routing_per_second_per_core=_speed(by_question["routing"]),
        waiting_per_second_per_core=_speed(by_question["waiting"]),
        promising_per_second_per_core=_speed(by_question["promising"]),
        keeping_per_second_per_core=_speed(by_question["keeping"]),
        remedies_per_second_per_core=_speed(by_question["remedies"]),
        compensations_per_second_per_core=_speed(by_question["compensations"]),
        decisions=sum(one.decided for one in everything),
        changed=sum(one.changed for one in everything),
        processes=processes,
        steal_percent=round(100 * (after[0] - before[0]) / max(after[1] - before[1], 1.0), 2),
    )


def _speed(measured: list[_Measured]) -> float:
    return round(sum(one.decided for one in measured) / sum(one.seconds for one in measured))


def _measure(decisions: int, seed: int) -> Mapping[str, _Measured]:
    gc.set_threshold(*GC_THRESHOLDS)
    own = load_builtin("cn").pack(date(2026, 11, 1))
    candidate = changed_pack(own)
    rivals = Rivals({"cn": candidate}, None, {own.hash: own})
    generator = Generator(own, random.Random(seed))
    found: dict[str, _Measured] = {}
    for name, share in SHARES.items():
        cases = generator.cases(name, count=round(decisions * share))
        tally = QuestionTally()
        began, wall = time.thread_time(), time.perf_counter()
        compare(question=QUESTIONS[name], cases=cases, unknown=(), rivals=rivals, tally=tally)
        seconds, wall = time.thread_time() - began, time.perf_counter() - wall
        found[name] = _Measured(tally.decided, tally.changed, seconds, wall)
    return found
