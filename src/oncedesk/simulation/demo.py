"""The played day with everything that is told of it afterwards."""

import time
from collections.abc import Callable
from datetime import datetime
from random import Random

from oncedesk.domain.shared.records import Record
from oncedesk.simulation import history, money, standing
from oncedesk.simulation.arrivals import Day
from oncedesk.simulation.day import DayProgress, play_day, prepare_day
from oncedesk.simulation.figures import Figures, read_figures
from oncedesk.simulation.knowledge import fill_shelves
from oncedesk.simulation.playing import Play
from oncedesk.simulation.stories import Story, best_stories
from oncedesk.simulation.tally import Check, Tally
from oncedesk.simulation.world import World
from oncedesk.simulation.world_clock import WorldClock
from oncedesk.wiring import Parts


class DemoReport(Record, frozen=True):
    """What became of the day; `seconds` is how long it took to play.

    Of the commands that clients sent twice (`repeated`) so many had no second effect
    (`recognised`); the others were refused, both times.
    """

    day: Day
    world: World
    figures: Figures
    stories: list[Story]
    checks: list[Check]
    consumers: int
    repeated: int
    recognised: int
    seconds: float

    @property
    def breaches(self) -> int:
        return sum(check.breaches for check in self.checks)


class Played(Record, frozen=True):
    """The day is over, and the marketplace can go on from here."""

    play: Play
    report: DemoReport


async def play_demo(
    parts: Parts,
    clock: WorldClock,
    *,
    day: Day,
    contacts: int,
    seed: int,
    progress: Callable[[DayProgress], None],
) -> Played:
    """Play the day on these parts, whose clock stands at its beginning, and look at it all."""
    chance = Random(seed)
    began = time.perf_counter()
    play = prepare_day(parts, clock, day=day, contacts=contacts, chance=chance)
    await play_day(play, day=day, chance=chance, progress=progress)
    seconds = time.perf_counter() - began
    await fill_shelves(parts, desks=play.stage.world.desks(), now=clock())
    return Played(play, await _report(play, day=day, seconds=seconds, now=clock()))


async def _report(play: Play, *, day: Day, seconds: float, now: datetime) -> DemoReport:
    pool, stage = play.parts[0].pool, play.stage
    checks = [one for one in history.CHECKS if one != history.ENDED]
    tally = Tally((*standing.CHECKS, *checks, *money.CHECKS))
    await standing.check_standing(pool, tally, now=now)
    await money.check_books(pool, tally)
    await history.check_history(pool, tally, stage.sender.log)
    refunds = play.remedying.refunds
    await money.check_money(
        pool,
        tally,
        sent_minor=refunds.sent_minor(),
        charged_minor=play.remedying.charges.taken_minor(),
        taken_minor=refunds.till.taken_minor,
        now=now,
    )
    return DemoReport(
        day=day,
        world=stage.world,
        figures=await read_figures(pool, day=day),
        stories=await best_stories(play, languages=("zh", "en")),
        checks=list(tally.checks.values()),
        consumers=stage.counts["lifecycles"],
        repeated=stage.counts["faults.duplicates_sent"],
        recognised=stage.sender.log.recognised,
        seconds=seconds,
    )
