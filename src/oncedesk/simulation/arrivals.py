"""When consumers come: how a usual day goes, and the hour in which everybody comes at once."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from oncedesk.domain.shared.records import Record
from oncedesk.simulation.goods import Show
from oncedesk.simulation.plans import Moment
from oncedesk.simulation.world import CITY

USUAL = (
    0.45, 0.25, 0.14, 0.10, 0.09, 0.12, 0.28, 0.55, 0.85, 1.10, 1.25, 1.20,
    1.10, 1.15, 1.20, 1.20, 1.15, 1.10, 1.15, 1.45, 1.70, 1.75, 1.40, 0.85,
)  # fmt: skip
"""How many come in each local hour, against an average one."""

SURGE_FACTOR = 50
SURGE_DAY, SURGE_HOUR = 1, 15

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
AFTER_SHOW_SHARE = 0.2
"""Of a day's contacts so many come in the hour after the great live session, beyond the usual."""
SHOW_ENDS_HOURS = (20, 21, 19, 12, 15)
"""When the great live session ends, local: the first of these whose next hour is in the day."""


class Day(Record, frozen=True):
    """The day that is played, and the hour after a live session within it."""

    begins_at: datetime
    surge_at: datetime

    @property
    def ends_at(self) -> datetime:
        return self.begins_at + DAY

    @property
    def surge_ends_at(self) -> datetime:
        return self.surge_at + HOUR


def day_until(ends_at: datetime) -> Day:
    """The twenty-four hours that end then, wherever in them midnight falls."""
    begins_at = ends_at - DAY
    local = ends_at.astimezone(CITY).replace(minute=0, second=0, microsecond=0)
    ends = [local.replace(hour=hour) - DAY * days for hour in SHOW_ENDS_HOURS for days in (0, 1)]
    surge_at = next(at for at in ends if begins_at + HOUR <= at <= ends_at - 2 * HOUR)
    return Day(begins_at, surge_at.astimezone(ends_at.tzinfo))


def day_moments(
    day: Day, *, contacts: int, quiet_orders: int, show: Show, tick: timedelta, chance: Random
) -> list[Moment]:
    """A usual day's contacts, the rush after the show, and orders that nobody ever asks about."""
    rushing = int(contacts * AFTER_SHOW_SHARE)
    usual = spread(day.begins_at, DAY, number=contacts - rushing, tick=tick, chance=chance)
    rush = [
        # Half of them in the first quarter of an hour.
        Moment(day.surge_at + HOUR * chance.random() ** 2, show)
        for _ in range(rushing)
    ]
    quiet = spread(day.begins_at, DAY, number=quiet_orders, tick=tick, chance=chance)
    moments = [*map(Moment, usual), *rush, *(Moment(at, calls=False) for at in quiet)]
    return sorted(moments, key=lambda moment: moment.at)


def arrival_moments(
    *, cases: int, start: datetime, days: int, tick: timedelta, chance: Random
) -> list[datetime]:
    """As usual, and on the second day one hour of fifty times as many as in an average one."""
    moments = _ticks(start, DAY * days, tick)
    weights = [weight(moment) for moment in moments]
    usual = sum(weights) / len(weights)
    surge = surge_begins(start)
    for n, moment in enumerate(moments):
        if surge <= moment < surge + HOUR:
            weights[n] = usual * SURGE_FACTOR
    return sorted(chance.choices(moments, weights, k=cases))


def busiest_hour(moments: Sequence[datetime]) -> int:
    """How many of them lie in one hour of the clock at the most."""
    hours = Counter(at.replace(minute=0, second=0, microsecond=0) for at in moments)
    return max(hours.values(), default=0)


def spread(
    start: datetime, span: timedelta, *, number: int, tick: timedelta, chance: Random
) -> list[datetime]:
    """So many moments of a usual time."""
    moments = _ticks(start, span, tick)
    return chance.choices(moments, [weight(moment) for moment in moments], k=number)


def surge_begins(start: datetime) -> datetime:
    """The first moment of the busiest hour."""
    local = start.astimezone(CITY) + DAY * SURGE_DAY
    return local.replace(hour=SURGE_HOUR, minute=0).astimezone(start.tzinfo)


def weight(moment: datetime) -> float:
    """How many come then, against an average hour; it changes gradually."""
    local = moment.astimezone(CITY)
    share = local.minute / 60
    return USUAL[local.hour] * (1 - share) + USUAL[(local.hour + 1) % 24] * share


def _ticks(start: datetime, span: timedelta, tick: timedelta) -> Sequence[datetime]:
    return [start + tick * n for n in range(span // tick)]
