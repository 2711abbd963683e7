"""Plays the marketplace: instant by instant, through two engines on one database."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random

from oncedesk.engine.instants import settle
from oncedesk.engine.running import Engine
from oncedesk.simulation.agenda import Agenda
from oncedesk.simulation.arrivals import arrival_moments, busiest_hour
from oncedesk.simulation.consumers import Consumers
from oncedesk.simulation.desk_work import DeskWork
from oncedesk.simulation.dice import Dice
from oncedesk.simulation.loads import Loads
from oncedesk.simulation.opening import close_a_desk, introduce, let_work, open_market
from oncedesk.simulation.plans import Draw, Moment, Plan
from oncedesk.simulation.rating import rate_now_and_then
from oncedesk.simulation.remedying import Remedying
from oncedesk.simulation.seeing import Seeing
from oncedesk.simulation.sending import Sender
from oncedesk.simulation.shopping import Shopping
from oncedesk.simulation.staffing import Staffing
from oncedesk.simulation.stage import Stage
from oncedesk.simulation.till import Till
from oncedesk.simulation.words import Sayings
from oncedesk.simulation.world import CITY, MARKET, World, generate
from oncedesk.simulation.world_clock import WorldClock
from oncedesk.storage.answered import answered
from oncedesk.wiring import Parts

START = datetime(2026, 3, 3, 0, 0, tzinfo=UTC)
"""A Tuesday morning, eight o'clock, in the marketplace's own time."""
ARRIVAL_DAYS = 3
DAYS_MAX = 120
JUMPS = 4
CLOSED_AFTER = timedelta(days=2)
WAITING_MAX = 5_000
"""Commands that are sent before the first of them has to be answered."""
QUIET_TICKS = 3
QUIET_SHARE = 0.05
"""When all have come and fewer than this share of the cases are open, time takes larger steps."""
LOOK_EVERYWHERE = timedelta(hours=1)
"""Dispatch hears of everything that is committed here, so it seldom looks for what it missed."""


@dataclass
class Play:
    """A run: what there is, and how far it has come. An endless one is never over."""

    stage: Stage
    clock: WorldClock
    parts: Sequence[Parts]
    plans: list[Plan]
    staffing: Staffing
    consumers: Consumers
    shopping: Shopping
    work: DeskWork
    remedying: Remedying
    loads: Loads
    stories: Draw
    chance: Random
    jumps: list[datetime]
    endless: bool = False
    instants: int = 0
    pending_stories: int = 0

    @property
    def engine(self) -> Engine:
        return self.parts[0].engine


def tick_for(cases: int) -> timedelta:
    """The fewer the cases, the coarser the time; the same work then fills as many batches."""
    if cases < 500:
        return timedelta(minutes=30)
    return timedelta(minutes=20 if cases < 5_000 else 10)


def market_of(parts: Parts, clock: WorldClock, *, size: int, chance: Random) -> World:
    """A marketplace for so many cases in three days, with the skills that its rules name."""
    skills = tuple(sorted(parts.library.at(clock()).current(MARKET).skills))
    return generate(cases=size, chance=chance, skills=skills)


def prepare(
    parts: Sequence[Parts],
    clock: WorldClock,
    *,
    world: World,
    moments: Sequence[Moment],
    tick: timedelta,
    chance: Random,
    jumps: Sequence[datetime] = (),
) -> Play:
    """Everything that does not depend on what happens, and everybody's part in the play.

    `moments` are when the stories begin; at `jumps` time skips some hours.
    """
    counts: Counter[str] = Counter()
    engines = [one.engine for one in parts]
    agenda = Agenda(clock(), tick=tick)
    sayings = Sayings(engines[0].entry, world)
    seeing = Seeing(counts)
    for engine in engines:
        engine.writers.on_accepted.append(seeing.hear)
    # What another process accepts, dispatch here should know at once and not a second later.
    for engine in engines[1:]:
        engine.writers.on_accepted.append(engines[0].dispatch.notice)
    stage = Stage(
        clock=clock,
        agenda=agenda,
        world=world,
        sender=Sender(engines=engines, agenda=agenda, sayings=sayings, counts=counts),
        seeing=seeing,
        sayings=sayings,
        counts=counts,
        workers={worker.id: worker for worker in world.workers},
    )
    rate_now_and_then(stage)
    stories = Draw(world, chance)
    plans = [stories.story(moment) for moment in moments]
    staffing, work, till = Staffing(stage), DeskWork(stage), Till(stage, Dice(chance))
    return Play(
        stage=stage,
        clock=clock,
        parts=parts,
        plans=plans,
        staffing=staffing,
        consumers=Consumers(stage),
        shopping=Shopping(stage, till),
        work=work,
        remedying=Remedying(stage, till, work.members, Dice(chance)),
        loads=Loads(stage, work, staffing, Dice(chance)),
        stories=stories,
        chance=chance,
        jumps=sorted(jumps),
    )


def surge_and_jumps(parts: Sequence[Parts], clock: WorldClock, *, cases: int, seed: int) -> Play:
    """Three days of arrivals with an hour of fifty times the load, and hours that are skipped."""
    chance, tick = Random(seed), tick_for(cases)
    start = clock()
    moments = arrival_moments(cases=cases, start=start, days=ARRIVAL_DAYS, tick=tick, chance=chance)
    jumps = [
        start + timedelta(hours=chance.uniform(3, 24 * (ARRIVAL_DAYS + 3))) for _ in range(JUMPS)
    ]
    play = prepare(
        parts,
        clock,
        world=market_of(parts[0], clock, size=cases, chance=chance),
        moments=[Moment(at) for at in moments],
        tick=tick,
        chance=chance,
        jumps=jumps,
    )
    play.stage.counts["arrivals.busiest_hour"] = busiest_hour(moments)
    return play


async def open_up(play: Play, dice: Dice) -> None:
    """Set up the marketplace and let everything in it rest."""
    for step in (open_market, let_work):
        step(play.stage, dice)
        await rest(play)
    close_a_desk(play.stage, dice, after=CLOSED_AFTER)
    _enter_days(play)
    for plan in play.plans:
        enter(play, plan)


def enter(play: Play, plan: Plan) -> None:
    """A story takes its course from now on."""
    play.pending_stories += 1
    known_at = plan.begins_at if plan.ordered_at is None else plan.ordered_at
    play.stage.at(max(known_at, play.stage.clock()), partial(introduce, play.stage, plan))
    play.shopping.enter(plan)
    play.remedying.enter(plan)
    play.stage.at(plan.begins_at, partial(_begin, play, plan))


async def play_on(
    play: Play, *, until: datetime, progress: Callable[[], None] = lambda: None
) -> None:
    """Let time pass until then, or until every story is over; what was due then is done."""
    stage = play.stage
    while True:
        for action in stage.agenda.take(stage.clock()):
            action()
            if play.engine.writers.open > WAITING_MAX:
                await play.engine.writers.drained()
        await rest(play)
        play.instants += 1
        progress()
        if stage.clock() >= until or over(play):
            return
        moment = await _next_moment(play, until=until)
        if moment is None:
            return
        play.clock.jump(min(moment, until))


def over(play: Play) -> bool:
    """Every story has begun, every case is closed, and nobody has anything left to say."""
    return not (play.endless or play.pending_stories or play.stage.seeing.unfinished)


async def rest(play: Play) -> None:
    """Run this instant in all engines until none has anything left to do.

    Only the first one wakes clocks and dispatches, so once the others are done they stay so.
    """
    first, *others = (one.engine for one in play.parts)
    for engine in others:
        await engine.writers.drained()
    await settle(first)
    # What has left is looked at by people who act later, so that nothing follows at once.
    while await first.outbox.run():
        pass
    assert not any(engine.writers.open for engine in others)
    # Answers are noted one turn of the loop after they were given.
    await asyncio.sleep(0)


def _begin(play: Play, plan: Plan) -> None:
    play.pending_stories -= 1
    if plan.calls:
        play.consumers.begin(plan)


async def _next_moment(play: Play, *, until: datetime) -> datetime | None:
    """The next tick at which something is due; sometimes hours later than that, up to `until`."""
    stage = play.stage
    found = [stage.agenda.next_moment(), await answered(play.engine.store.next_wake)]
    moments = [moment for moment in found if moment is not None]
    if not moments:
        return None
    now = stage.clock()
    ticks = QUIET_TICKS if _quiet(play) else 1
    # What the agenda holds for this very tick was entered while it was run.
    earliest = max(min(moments), now + stage.agenda.tick)
    moment = stage.agenda.rounded(earliest, ticks=ticks)
    while play.jumps and play.jumps[0] <= moment:
        # Each is an hour shorter than the one before.
        hours = 1 + len(play.jumps)
        later = stage.agenda.rounded(moment + timedelta(hours=hours))
        if later > until:
            # Somebody wants to look before it is over: it comes in full, after that.
            break
        play.jumps.pop(0)
        stage.counts["faults.clock_jumps"] += 1
        moment = later
    return moment


def _quiet(play: Play) -> bool:
    """Little happens any more, so that many steps would find next to nothing to do."""
    few = QUIET_SHARE * len(play.plans)
    return not play.pending_stories and play.stage.seeing.open_cases < few


def _enter_days(play: Play) -> None:
    """Each day's shifts are planned before it begins; the queues are looked at all day."""
    start = play.stage.clock()
    midnight = start.astimezone(CITY).replace(hour=0, minute=0, second=0, microsecond=0)
    # Whose shift of the day before has not ended yet is there, too.
    play.staffing.plan_day(midnight - timedelta(days=1))
    _plan_day(play, midnight)
    _look_at_queues(play)


def _plan_day(play: Play, midnight: datetime) -> None:
    stage = play.stage
    starting = stage.clock() == stage.agenda.start
    if play.endless or play.pending_stories or stage.seeing.open_cases or starting:
        play.staffing.plan_day(midnight)
    if not over(play) or starting:
        tomorrow = midnight + timedelta(days=1)
        stage.at(tomorrow.astimezone(UTC) + timedelta(hours=6), partial(_plan_day, play, tomorrow))


def _look_at_queues(play: Play) -> None:
    """Every other tick, and seldom when nothing is open."""
    stage = play.stage
    play.loads.report()
    busy = stage.seeing.open_cases or play.pending_stories
    pause = 2 * stage.agenda.tick if busy else timedelta(hours=6)
    stage.at(stage.clock() + pause, partial(_look_at_queues, play))
