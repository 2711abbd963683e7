"""When consumers come: how a usual day goes, and the hour in which everybody comes at once."""

from datetime import datetime, timedelta
from random import Random

from oncedesk.simulation.world import CITY

SURGE_FACTOR = 50
SURGE_DAY, SURGE_HOUR = 1, 15


def arrival_moments(
    *, cases: int, start: datetime, days: int, tick: timedelta, chance: Random
) -> list[datetime]:
    """Few by night, more in the evening, and on the second day one hour of fifty times as many."""
    ticks = int(timedelta(days=days) / tick)
    moments = [start + tick * n for n in range(ticks)]
    weights = [_weight(moment) for moment in moments]
    usual = sum(weights) / len(weights)
    surge = surge_begins(start)
    for n, moment in enumerate(moments):
        if surge <= moment < surge + timedelta(hours=1):
            weights[n] = usual * SURGE_FACTOR
    return sorted(chance.choices(moments, weights, k=cases))


def surge_begins(start: datetime) -> datetime:
    """The first moment of the busiest hour."""
    local = start.astimezone(CITY) + timedelta(days=SURGE_DAY)
    return local.replace(hour=SURGE_HOUR, minute=0).astimezone(start.tzinfo)


def _weight(moment: datetime) -> float:
    hour = moment.astimezone(CITY).hour
    if hour < 8:
        return 0.15
    return 1.6 if 19 <= hour < 22 else 1.0
