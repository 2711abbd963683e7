"""A generated busy hour: an afternoon as usual, then an evening hour of many more contacts."""

from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from oncedesk.domain.conversations.messages import Attributed
from oncedesk.domain.shared.decider import Role
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import conversation_ref
from oncedesk.engine.instants import SimulatedClock
from oncedesk.engine.ports import Unreadable
from oncedesk.settings import Settings
from oncedesk.simulation import standing
from oncedesk.simulation.dice import Dice
from oncedesk.simulation.own_database import own_database
from oncedesk.simulation.plans import Moment
from oncedesk.simulation.playing import LOOK_EVERYWHERE, Play, open_up, play_on, prepare
from oncedesk.simulation.seeing import Life
from oncedesk.simulation.story import Line, tell
from oncedesk.simulation.tally import Tally
from oncedesk.storage.journal import PostgresJournal
from oncedesk.wiring import build

BEGINS = datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
"""One o'clock in the afternoon, in the marketplace's own time."""
BUSY_FROM = BEGINS + timedelta(hours=7)
BUSY_UNTIL = BUSY_FROM + timedelta(hours=1)
TICK = timedelta(minutes=2)
USUAL_SHARE = 0.35

_TEXTS = "SELECT id, text FROM message WHERE conversation = $1"
_WAITING = """
SELECT split_part(desk, ':', 1), count(*) FILTER (WHERE status = 'queued'),
       count(*) FILTER (WHERE status = 'assigned'),
       count(*) FILTER (WHERE status NOT IN ('queued', 'assigned', 'referred'))
FROM inbox GROUP BY 1 ORDER BY 1
"""


class QueueNow(Record, frozen=True):
    """A kind of desk: how many cases wait, are in somebody's hands, or wait for something else."""

    desk: str
    queued: int
    assigned: int
    waiting: int


class Story(Record, frozen=True):
    """One case told line by line; `about` is what the consumer came with."""

    about: str
    lines: list[Line]


class DemoReport(Record, frozen=True):
    """What happened in the busy hour, and since the start.

    `owners` counts the hour's cases by kind of desk and why it got them.
    """

    counts: dict[str, int]
    since_noon: dict[str, int]
    owners: dict[str, int]
    refused_duplicates: int
    duplicates_sent: int
    answered_seconds: list[float]
    queue: list[QueueNow]
    open_cases: int
    breaches: int
    checks: int
    commands: int
    story: Story


async def play_demo(
    settings: Settings,
    *,
    contacts: int,
    seed: int,
    keep: bool,
    progress: Callable[[float, Play], None],
) -> DemoReport:
    """Play it in a database of its own. `progress` hears the share that is done."""
    clock, chance = SimulatedClock(BEGINS), Random(seed)
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(own_database(settings, name="demo", keep=keep))
        parts = await stack.enter_async_context(
            build(url, settings=settings, clock=clock, look_everywhere=LOOK_EVERYWHERE)
        )
        play = prepare(
            [parts],
            clock,
            moments=[Moment(at) for at in _moments(contacts, chance)],
            tick=TICK,
            chance=chance,
        )
        owners = _Owners(play)
        await open_up(play, Dice(chance))

        def heard() -> None:
            progress(min(1.0, play.stage.counts["lifecycles"] / contacts), play)

        await play_on(play, until=BUSY_FROM, progress=heard)
        before = play.stage.counts.copy()
        sent, recognised, answers = _sent(play), play.stage.sender.log.recognised, _answers(play)
        owners.counted.clear()
        await play_on(play, until=BUSY_UNTIL, progress=heard)
        tally = Tally(standing.CHECKS)
        await standing.check_standing(parts.pool, tally, now=clock())
        counts = play.stage.counts
        return DemoReport(
            counts={name: number - before[name] for name, number in counts.items()},
            since_noon=dict(counts),
            owners=dict(owners.counted),
            refused_duplicates=play.stage.sender.log.recognised - recognised,
            duplicates_sent=_sent(play) - sent,
            answered_seconds=sorted(play.stage.seeing.answer_seconds[answers:]),
            queue=[QueueNow(*row) for row in await parts.pool.fetch(_WAITING)],
            open_cases=play.stage.seeing.open_cases,
            breaches=tally.breaches,
            checks=sum(check.done for check in tally.checks.values()),
            commands=play.engine.writers.commands,
            story=await _story(play),
        )


def _moments(contacts: int, chance: Random) -> list[datetime]:
    """A third over the afternoon, the rest in the busy hour."""
    usual = int(contacts * USUAL_SHARE)
    afternoon = [BEGINS + (BUSY_FROM - BEGINS) * chance.random() for _ in range(usual)]
    busy = [BUSY_FROM + timedelta(hours=1) * chance.random() for _ in range(contacts - usual)]
    return sorted([*afternoon, *busy])


def _sent(play: Play) -> int:
    return play.stage.counts["faults.duplicates_sent"]


def _answers(play: Play) -> int:
    return len(play.stage.seeing.answer_seconds)


class _Owners:
    """Who owns the cases that were attributed, by kind of desk and reason."""

    def __init__(self, play: Play) -> None:
        self.counted: Counter[str] = Counter()
        play.stage.seeing.when(Attributed, self._count)

    def _count(self, _life: Life, _case: Any, event: Any) -> None:
        self.counted[f"{event.owner.kind} {event.owner_reasons[0]}"] += 1


class _Candidate(Record, frozen=True):
    """A case with all its events, each with the id of the command it came from."""

    life: Life
    events: list[tuple[UUID, Any]]

    @property
    def interest(self) -> int:
        return _interest([event for _, event in self.events])


async def _story(play: Play) -> Story:
    """The eventful case that says most in little."""
    parts, seeing = play.parts[0], play.stage.seeing
    lives = [life for life in seeing.lives.values() if any(c.resolved for c in life.cases.values())]
    lives.sort(key=lambda life: -sum(case.moves for case in life.cases.values()))
    reader = PostgresJournal(parts.pool, parts.codec)
    candidates = [one for life in lives[:60] for one in await _candidates(reader, life)]
    if not candidates:
        return Story("", [])
    best = max(candidates, key=lambda one: one.interest)
    rows = await parts.pool.fetch(_TEXTS, best.life.conversation)
    return Story(
        best.life.plan.issue or "other", tell(best.events, {row[0]: row[1] for row in rows})
    )


async def _candidates(reader: PostgresJournal, life: Life) -> list[_Candidate]:
    consumer = life.plan.consumer
    ref = conversation_ref(consumer=consumer, conversation=life.conversation)
    events: list[tuple[UUID, Any]] = []
    for entry in (await reader.stream(ref)).entries:
        assert not isinstance(entry.events, Unreadable), entry.events.error
        events += [(entry.command_id, event) for event in entry.events]
    return [
        _Candidate(life, [one for one in events if getattr(one[1], "case", 0) == number])
        for number in life.cases
    ]


def _interest(events: list[Any]) -> int:
    """Many kinds of things happened, and a person spoke; but not so much that nobody reads it."""
    kinds = {type(event).__name__ for event in events}
    spoke = sum(
        type(event).__name__ == "MessagePosted" and event.author.role is Role.AGENT
        for event in events
    )
    special = len(kinds & {"TakenOver", "Referred", "Transferred", "ConsumerAsked", "BreachNoted"})
    return len(kinds) + 2 * min(spoke, 3) + 2 * special - max(0, len(events) - 60)
