"""Opening hours as written in a pack (`09:00-12:00 13:00-18:00`), and public holidays by country.

Public holidays and make-up workdays come from the `holidays` library. For days that it does not
know yet (a year whose make-up days are not announced) it gives the statutory holidays alone.
"""

import re
from datetime import date
from functools import lru_cache

from oncedesk.domain.shared.calendars import MINUTES_OF_DAY, Span
from oncedesk.domain.shared.records import Record

_SPAN = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})")


class HoursInvalid(ValueError):
    """This text is not opening hours; the message says what was expected."""


class CountryUnknown(ValueError):
    """The library keeps no holidays for this country or subdivision."""


class PublicDays(Record, frozen=True):
    """Which days are off, and which days of a weekend are worked instead."""

    off: frozenset[date]
    worked: frozenset[date]


def parse_hours(text: str) -> tuple[Span, ...]:
    """Spans of a local day, parted by spaces; an empty text is a closed day; or HoursInvalid."""
    spans: list[Span] = []
    for part in text.split():
        found = _SPAN.fullmatch(part)
        if found is None:
            raise HoursInvalid(f"expected spans like 09:00-12:00 13:00-18:00, got {part!r}")
        from_hour, from_minute, to_hour, to_minute = map(int, found.groups())
        span = Span(from_hour * 60 + from_minute, to_hour * 60 + to_minute)
        if max(from_minute, to_minute) > 59 or span.end_minute > MINUTES_OF_DAY:
            raise HoursInvalid(f"expected times from 00:00 to 24:00, got {part!r}")
        if span.start_minute >= span.end_minute:
            raise HoursInvalid(f"expected a span that ends after it begins, got {part!r}")
        if spans and span.start_minute < spans[-1].end_minute:
            raise HoursInvalid(f"expected spans in order that do not overlap, got {part!r}")
        spans.append(span)
    return tuple(spans)


def format_hours(spans: tuple[Span, ...]) -> str:
    """The reverse of `parse_hours`."""
    return " ".join(f"{_clock(span.start_minute)}-{_clock(span.end_minute)}" for span in spans)


@lru_cache(maxsize=64)
def public_days(*, country: str, subdivision: str, first: int, last: int) -> PublicDays:
    """Days off and make-up workdays of the years `first` to `last`. Raises CountryUnknown."""
    # Loading it takes a third of a second; a start that publishes no pack needs none of it.
    from holidays import country_holidays

    try:
        found = country_holidays(country, subdiv=subdivision or None, years=range(first, last + 1))
    except NotImplementedError as error:
        raise CountryUnknown(str(error)) from error
    except TypeError as error:
        # The library takes whatever it has under this name for a country.
        raise CountryUnknown(f"Country {country} not available") from error
    years = range(first, last + 1)
    off = frozenset(day for day in found if day.year in years)
    worked = frozenset(
        day for day in found.weekend_workdays if day.year in years and day not in off
    )
    return PublicDays(off=off, worked=worked)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
