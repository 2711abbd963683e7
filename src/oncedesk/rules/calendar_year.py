"""A year of a calendar, day by day, as people look at calendars."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum

from oncedesk.domain.shared.calendars import Calendar, Span
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.rulepack import Pack, Provenance
from oncedesk.rules.hours import format_hours


class DayKind(StrEnum):
    """What a day is. A `holiday` is open for less than its day of the week, or closed by its own;
    a `make_up` day is open for more; `other_hours` are as long, at another time."""

    WORKDAY = "workday"
    REST = "rest"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"
    OTHER_HOURS = "other_hours"


class CalendarDay(Record, frozen=True):
    """One day: its hours as in packs. `origin` where the pack itself says that the day differs."""

    day: date
    kind: DayKind
    hours: str
    origin: Provenance | None


def known_until(pack: Pack) -> Mapping[str, int]:
    """The last year of which each calendar with public holidays knows any; by its name. From the
    next on they would be days like others."""
    return {
        name: max(calendar.special).year
        for name, calendar in sorted(pack.calendars.items())
        if any(str(day) not in _own(pack, name) for day in calendar.special)
    }


def unknown_on(pack: Pack, day: date) -> Mapping[str, int]:
    """Those of them that know none of the year of this day."""
    return {name: last for name, last in known_until(pack).items() if last < day.year}


def calendar_year(pack: Pack, *, calendar: str, year: int) -> Sequence[CalendarDay]:
    """Every day of the year on this calendar of the pack. Raises KeyError where it has none."""
    found = pack.calendars[calendar]
    own = _own(pack, calendar)
    first = date(year, 1, 1)
    days = [first + timedelta(days=number) for number in range(366)]
    return [
        CalendarDay(
            day=day,
            kind=_kind(found, day),
            hours=format_hours(found.spans_on(day)),
            origin=own.get(str(day)),
        )
        for day in days
        if day.year == year
    ]


def _own(pack: Pack, calendar: str) -> Mapping[str, Provenance]:
    """The days that the pack itself names."""
    prefix = f"{pack.market}/special_day/{calendar}/"
    return {
        id_.removeprefix(prefix).partition("@")[0]: origin
        for id_, origin in pack.provenance.items()
        if id_.startswith(prefix)
    }


def _kind(calendar: Calendar, day: date) -> DayKind:
    usual, special = calendar.week[day.weekday()], calendar.special.get(day)
    if special is None or (special == usual and special):
        return DayKind.WORKDAY if usual else DayKind.REST
    open_, usually = _minutes(special), _minutes(usual)
    if open_ < usually or not special:
        return DayKind.HOLIDAY
    return DayKind.MAKE_UP if open_ > usually else DayKind.OTHER_HOURS


def _minutes(spans: Sequence[Span]) -> int:
    return sum(span.end_minute - span.start_minute for span in spans)
