"""How many decisions a second one core decides again under another rule pack.

The cases are generated and lie in memory: what the journal costs to read is another figure, which
every `oncedesk backtest` prints of itself.
"""

import gc
import random
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from oncedesk.bench.measuring import stolen
from oncedesk.domain.conversations.attribution import Parties
from oncedesk.domain.conversations.messages import Channel, ContactKind, Side
from oncedesk.domain.conversations.opening import NewCase
from oncedesk.domain.orders.messages import NextDay, StandardShipping
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.facts_seen import PLATFORM_DESK_REF, desk_ref_of
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.money import Money
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.domain.shared.rulepack import ClockKind, Pack
from oncedesk.engine.backtest.case_clocks import Fate
from oncedesk.engine.backtest.comparing import Rivals, compare
from oncedesk.engine.backtest.keeping import Keeping
from oncedesk.engine.backtest.outcomes import Outcome
from oncedesk.engine.backtest.promising import Promising
from oncedesk.engine.backtest.questions import Case
from oncedesk.engine.backtest.registry import QUESTIONS
from oncedesk.engine.backtest.routing import DeskThen, Routing
from oncedesk.engine.backtest.tallies import QuestionTally
from oncedesk.engine.backtest.waiting import Waiting
from oncedesk.engine.running import GC_THRESHOLDS
from oncedesk.rules.loading import load_builtin
from oncedesk.rules.storing import seal

BEGINS = datetime(2026, 1, 1, tzinfo=UTC)
SPREAD_DAYS = 300
MERCHANTS = 1_000
SHARES = {"routing": 0.3, "waiting": 0.4, "promising": 0.1, "keeping": 0.2}
"""How a marketplace's decisions are spread over the questions, about as the demo day's are."""


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
    chance = random.Random(seed)
    found: dict[str, _Measured] = {}
    for name, share in SHARES.items():
        cases = [_case(name, own, chance, number) for number in range(round(decisions * share))]
        tally = QuestionTally()
        began, wall = time.thread_time(), time.perf_counter()
        compare(question=QUESTIONS[name], cases=cases, unknown=(), rivals=rivals, tally=tally)
        seconds, wall = time.thread_time() - began, time.perf_counter() - wall
        found[name] = _Measured(tally.decided, tally.changed, seconds, wall)
    return found


def changed_pack(pack: Pack) -> Pack:
    """A candidate that decides about every fifth of these otherwise, which costs more."""
    clocks = {
        key: replace(rule, seconds=rule.seconds // 2)
        if rule.clock is ClockKind.NEXT_RESPONSE and rule.desk is DeskKind.MERCHANT
        else rule
        for key, rule in pack.clocks.items()
    }
    refund = replace(pack.issue("refund"), liable="merchant:70 platform:30")
    return seal(
        replace(
            pack,
            clocks=clocks,
            issues={**pack.issues, "refund": refund},
            promises=replace(pack.promises, ship_by_seconds=pack.promises.ship_by_seconds // 2),
        )
    )


def _case(question: str, pack: Pack, chance: random.Random, number: int) -> Case:
    at = BEGINS + timedelta(seconds=chance.randrange(SPREAD_DAYS * 86_400))
    merchant = derived_id("bench merchant", str(chance.randrange(MERCHANTS)))
    facts = _FACTS[question](pack, chance, at, merchant)
    decided: Outcome = QUESTIONS[question].decide(facts, pack)
    return Case(
        key=derived_id("bench", question, str(number)),
        stream=merchant,
        version=1,
        at=at,
        market="cn",
        pack=pack.hash,
        facts=facts,
        recorded=decided,
        merchant=merchant,
        stake=Money(chance.randrange(1_000, 50_000), "CNY"),
    )


def _routing(pack: Pack, chance: random.Random, at: datetime, merchant: UUID) -> Routing:
    desk = Desk(DeskKind.MERCHANT, merchant)
    there = DeskThen(True, chance.random() < 0.8, None, chance.random() < 0.05, 600)
    fate = Fate(stopped_at=at + timedelta(seconds=chance.randrange(86_400)))
    return Routing(
        what=NewCase(
            number=1,
            issue=chance.choice(list(pack.issues)),
            language="zh",
            parties=Parties(merchant),
            by=SYSTEM,
            kind=ContactKind.NEW,
            channel=Channel.APP_CHAT,
        ),
        at=at,
        desks={
            PLATFORM_DESK_REF.id: DeskThen(True, True, None, False, 0),
            desk_ref_of(desk).id: there,
        },
        desk=desk,
        fates={(ClockKind.FIRST_RESPONSE, side): fate for side in (Side.CONSUMER, Side.DESK)},
    )


def _waiting(pack: Pack, chance: random.Random, at: datetime, merchant: UUID) -> Waiting:
    clock = chance.choice((ClockKind.NEXT_RESPONSE, ClockKind.NEXT_RESPONSE, ClockKind.RECONTACT))
    side = chance.choice((Side.CONSUMER, Side.DESK))
    if clock is ClockKind.RECONTACT:
        side = Side.CONSUMER
    desk = chance.choice((PLATFORM, Desk(DeskKind.MERCHANT, merchant)))
    return Waiting(
        clock,
        side,
        desk if side is Side.DESK else None,
        chance.choice(list(pack.issues)),
        chance.random() < 0.1,
        0,
        at,
        Fate(stopped_at=at + timedelta(seconds=chance.randrange(86_400))),
    )


def _promising(_pack: Pack, chance: random.Random, at: datetime, _merchant: UUID) -> Promising:
    terms = (StandardShipping(), NextDay()) if chance.random() < 0.3 else (StandardShipping(),)
    return Promising(at, "Asia/Shanghai", terms)


def _keeping(_pack: Pack, chance: random.Random, at: datetime, _merchant: UUID) -> Keeping:
    shipped_at = at + timedelta(seconds=chance.randrange(3 * 86_400))
    return Keeping(
        StandardShipping(),
        at,
        "Asia/Shanghai",
        None,
        0,
        shipped_at,
        shipped_at,
        None,
        at + timedelta(days=10),
    )


_FACTS: Mapping[str, Callable[[Pack, random.Random, datetime, UUID], Any]] = {
    "routing": _routing,
    "waiting": _waiting,
    "promising": _promising,
    "keeping": _keeping,
}
