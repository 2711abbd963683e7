"""One busy day of a marketplace, played through the engine in simulated time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from oncedesk.domain.shared.records import Record
from oncedesk.simulation.arrivals import Day, day_moments
from oncedesk.simulation.collector import set_aside
from oncedesk.simulation.dice import Dice
from oncedesk.simulation.playing import Play, market_of, open_up, play_on, prepare
from oncedesk.simulation.world_clock import WorldClock
from oncedesk.wiring import Parts

CONTACTS = 3_000
"""At scale 1; as many orders again go well, and nobody ever asks about them."""
TICK = timedelta(minutes=3)
STAFFED_FOR_DAYS = 1.2
"""A world is made for three days' cases. It is short of people for a day with so many, and feels
the rush."""


class DayProgress(Record, frozen=True):
    """How far the day has come: `now` is its time, in UTC, `share` is by what there is to do."""

    share: float
    now: datetime
    commands: int
    contacts: int


def contacts_at(scale: float) -> int:
    """How many consumers come at this scale."""
    return max(40, round(CONTACTS * scale))


def prepare_day(
    parts: Parts, clock: WorldClock, *, day: Day, contacts: int, chance: Random
) -> Play:
    """The marketplace and the day's stories; `chance` is all that makes one differ from another."""
    world = market_of(parts, clock, size=round(contacts * STAFFED_FOR_DAYS), chance=chance)
    moments = day_moments(
        day,
        contacts=contacts,
        quiet_orders=contacts,
        show=world.great_show,
        tick=TICK,
        chance=chance,
    )
    return prepare([parts], clock, world=world, moments=moments, tick=TICK, chance=chance)


async def play_day(
    play: Play, *, day: Day, chance: Random, progress: Callable[[DayProgress], None]
) -> None:
    """Play it to its end; what was due then is done."""
    stories = len(play.plans)

    def heard() -> None:
        counts = play.stage.counts
        progress(
            DayProgress(
                share=1 - play.pending_stories / stories,
                now=play.clock(),
                commands=counts["commands.accepted_anew"],
                contacts=counts["lifecycles"],
            )
        )

    await open_up(play, Dice(chance))
    set_aside()
    await play_on(play, until=day.ends_at, progress=heard)
