"""How many people a desk should have in the coming hours, as its last weeks suggest."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from oncedesk.domain.insight.staffing import staff_needed
from oncedesk.domain.shared.records import Record

WEEKS = 4
HANDLING_DEFAULT_SECONDS = 300
"""What a case takes where nothing has been measured yet."""
WITHIN_SECONDS = 60
LEVEL = 0.8
"""Eight of ten are turned to within a minute: what call centres have long aimed at."""

_HOUR = timedelta(hours=1)
_WEEK = timedelta(weeks=1)


class HourNeeded(Record, frozen=True, kw_only=True):
    """An hour to come: what is expected, and how many people it takes. `planned` are on shift."""

    starts_at: datetime
    arrivals: float
    staff: int
    planned: int


class Span(Record, frozen=True):
    """From `starts_at` up to, but without `ends_at`: somebody works then, or it is looked at."""

    starts_at: datetime
    ends_at: datetime


class Forecast(Record, frozen=True, kw_only=True):
    """The coming hours. `weeks` of the same hour were looked at; without any, of the last day.

    `handling_seconds` is what a case took, `measured` whether that is known.
    """

    hours: tuple[HourNeeded, ...]
    handling_seconds: int
    measured: bool
    weeks: int


def looked_at(
    *, now: datetime, hours: int, known_since: datetime | None, zone: ZoneInfo
) -> Sequence[Span]:
    """The hours by which these coming ones are told: the same of the weeks before; of the last week
    all, while there is no other."""
    if known_since is None:
        return []
    first = _next_hour(now)
    weeks = _weeks(now, known_since)
    if not weeks:
        return [Span(first - _WEEK, first)]
    last = first + (hours - 1) * _HOUR
    return [
        Span(_before(first, number * _WEEK, zone), _before(last, number * _WEEK, zone) + _HOUR)
        for number in range(weeks, 0, -1)
    ]


def forecast(
    *,
    now: datetime,
    hours: int,
    arrived: Mapping[datetime, int],
    known_since: datetime | None,
    zone: ZoneInfo,
    ended: int,
    worked_seconds: int,
    shifts: Sequence[Sequence[Span]],
) -> Forecast:
    """The mean of the same hour of the weeks before; of the days before, while there is no week.

    The same hour is that of the clock on the wall in this `zone`: people keep to it when it is
    set. `arrived` is by the hour (UTC), nothing where none came; `known_since` is when the first
    came. `shifts` are those of each person.
    """
    measured = ended > 0 and worked_seconds > 0
    handling = max(1, worked_seconds // ended) if measured else HANDLING_DEFAULT_SECONDS
    first, weeks = _next_hour(now), _weeks(now, known_since)
    needed = []
    for number in range(hours):
        starts_at = first + number * _HOUR
        expected = _expected(starts_at, arrived, known_since, now, weeks, zone)
        staff = staff_needed(
            arrivals_per_hour=expected,
            handling_seconds=handling,
            within_seconds=WITHIN_SECONDS,
            level=LEVEL,
        )
        planned = sum(
            any(one.starts_at < starts_at + _HOUR and starts_at < one.ends_at for one in theirs)
            for theirs in shifts
        )
        needed.append(
            HourNeeded(starts_at=starts_at, arrivals=expected, staff=staff, planned=planned)
        )
    return Forecast(hours=tuple(needed), handling_seconds=handling, measured=measured, weeks=weeks)


def _next_hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0) + _HOUR


def _weeks(now: datetime, known_since: datetime | None) -> int:
    return 0 if known_since is None else min(WEEKS, (now - known_since) // _WEEK)


def _expected(
    starts_at: datetime,
    arrived: Mapping[datetime, int],
    known_since: datetime | None,
    now: datetime,
    weeks: int,
    zone: ZoneInfo,
) -> float:
    if known_since is None:
        return 0.0
    if weeks:
        same = (_before(starts_at, number * _WEEK, zone) for number in range(1, weeks + 1))
        return sum(arrived.get(hour, 0) for hour in same) / weeks
    # Less than a week is known: the same hour of the days before, as far as they are known. The
    # hour that still runs is none of them.
    day, over = timedelta(days=1), now - _HOUR
    past = [_before(starts_at, number * day, zone) for number in range(1, 9)]
    known = [arrived.get(hour, 0) for hour in past if known_since - _HOUR < hour <= over][:6]
    return sum(known) / len(known) if known else 0.0


def _before(hour: datetime, back: timedelta, zone: ZoneInfo) -> datetime:
    """The hour (UTC) that began so long before by the clock on the wall."""
    there = (hour.astimezone(zone) - back).astimezone(UTC)
    return there.replace(minute=0, second=0, microsecond=0)
