"""How many people a queue needs: against worked examples, and what must hold for any."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import factorial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncedesk.domain.insight.forecasting import HANDLING_DEFAULT_SECONDS, Span, forecast, looked_at
from oncedesk.domain.insight.staffing import (
    STAFF_MAX,
    service_level,
    staff_needed,
    waiting_share,
)

NOW = datetime(2026, 11, 26, 9, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)
UTC_ZONE = ZoneInfo("UTC")


def by_the_book(load: float, staff: int) -> float:
    """Erlang C as it stands in textbooks, which overflows where the recursion does not."""
    top = load**staff / factorial(staff) * staff / (staff - load)
    return top / (sum(load**k / factorial(k) for k in range(staff)) + top)


@pytest.mark.parametrize(("load", "staff"), [(0.5, 1), (2.0, 3), (8.0, 10), (10.0, 11), (40.0, 60)])
def test_the_share_that_waits_is_the_textbooks(load: float, staff: int) -> None:
    assert waiting_share(load=load, staff=staff) == pytest.approx(by_the_book(load, staff))


def test_a_hundred_calls_an_hour_of_three_minutes_take_eight_people() -> None:
    """A much used example: 5 Erlang, eight of ten within twenty seconds."""
    wanted = {
        "arrivals_per_hour": 100.0,
        "handling_seconds": 180.0,
        "within_seconds": 20.0,
    }
    staff = staff_needed(**wanted, level=0.8)
    assert staff == 8
    assert service_level(**wanted, staff=8) >= 0.8 > service_level(**wanted, staff=7)


@given(st.floats(0.01, 5_000), st.floats(1, 3_600), st.floats(0, 600), st.floats(0.01, 0.99))
def test_one_person_fewer_is_too_few(
    arrivals: float, handling: float, within: float, level: float
) -> None:
    wanted = {
        "arrivals_per_hour": arrivals,
        "handling_seconds": handling,
        "within_seconds": within,
    }
    staff = staff_needed(**wanted, level=level)
    assert 1 <= staff <= STAFF_MAX
    if staff < STAFF_MAX:
        assert service_level(**wanted, staff=staff) >= level
        assert service_level(**wanted, staff=staff - 1) < level


def test_where_nothing_comes_nobody_is_needed_and_with_too_few_all_wait() -> None:
    assert staff_needed(arrivals_per_hour=0, handling_seconds=9, within_seconds=9, level=0.9) == 0
    assert waiting_share(load=3, staff=3) == 1.0
    assert waiting_share(load=0, staff=0) == 0.0


def test_the_same_hour_of_the_weeks_before_is_what_is_expected() -> None:
    first = datetime(2026, 11, 26, 10, tzinfo=UTC)
    week = timedelta(weeks=1)
    found = forecast(
        now=NOW,
        hours=2,
        arrived={first - week: 30, first - 2 * week: 60, first - HOUR - week: 1_000},
        known_since=first - 2 * week - HOUR,
        zone=UTC_ZONE,
        ended=10,
        worked_seconds=3_000,
        shifts=[[Span(NOW - HOUR, first)], [Span(first - HOUR, first + HOUR)]],
    )
    assert (found.weeks, found.handling_seconds, found.measured) == (2, 300, True)
    assert [one.arrivals for one in found.hours] == [45.0, 0.0]
    assert found.hours[0].staff > 45 * 300 / 3_600
    assert found.hours[1].staff == 0
    assert [one.planned for one in found.hours] == [1, 0]


def test_whoever_is_twice_on_shift_in_an_hour_is_one_person() -> None:
    first = datetime(2026, 11, 26, 10, tzinfo=UTC)
    minutes = timedelta(minutes=20)
    found = forecast(
        now=NOW,
        hours=3,
        arrived={},
        known_since=None,
        zone=UTC_ZONE,
        ended=0,
        worked_seconds=0,
        shifts=[
            [Span(NOW - HOUR, first + minutes), Span(first + 2 * minutes, first + HOUR)],
            [Span(first, first + 2 * HOUR)],
        ],
    )
    assert [one.planned for one in found.hours] == [2, 1, 0]


def test_without_a_week_the_days_before_count_and_without_those_nothing() -> None:
    first = datetime(2026, 11, 26, 10, tzinfo=UTC)
    day = timedelta(days=1)
    known: dict[str, Any] = {"now": NOW, "hours": 1, "ended": 0, "worked_seconds": 0, "shifts": []}
    known["zone"] = UTC_ZONE
    two = forecast(
        **known, arrived={first - day: 4, first - 2 * day: 8}, known_since=first - 2 * day
    )
    assert (two.weeks, two.hours[0].arrivals) == (0, 6.0)
    assert (two.measured, two.handling_seconds) == (False, HANDLING_DEFAULT_SECONDS)
    assert forecast(**known, arrived={}, known_since=None).hours[0].staff == 0


def test_the_same_hour_is_that_of_the_clock_on_the_wall() -> None:
    """In Berlin summer time ended on the 25th of October 2026: nine o'clock is an hour later."""
    berlin = ZoneInfo("Europe/Berlin")
    before = datetime(2026, 10, 20, 9, tzinfo=berlin).astimezone(UTC)
    after = datetime(2026, 10, 27, 9, tzinfo=berlin).astimezone(UTC)
    assert after - before == timedelta(weeks=1, hours=1)
    known: dict[str, Any] = {"ended": 0, "worked_seconds": 0, "shifts": []}
    weeks_ago, days_ago = before - timedelta(weeks=1), after - 3 * timedelta(days=1) - HOUR
    for known_since, arrived in ((weeks_ago, {before: 30}), (days_ago, {days_ago: 30})):
        found = forecast(
            now=after - timedelta(minutes=90),
            hours=3,
            arrived=arrived,
            known_since=known_since,
            zone=berlin,
            **known,
        )
        busy = [one.starts_at for one in found.hours if one.arrivals]
        assert busy == [after]


@pytest.mark.parametrize("minute", [0, 20])
def test_an_hour_that_is_not_over_tells_nothing_of_a_whole_one(minute: int) -> None:
    now = NOW.replace(minute=minute)
    this_hour = now.replace(minute=0)
    day = timedelta(days=1)
    found = forecast(
        now=now,
        hours=48,
        arrived={this_hour: 1, this_hour - day: 6, this_hour - 2 * day: 8},
        known_since=this_hour - 2 * day,
        zone=UTC_ZONE,
        ended=0,
        worked_seconds=0,
        shifts=(),
    )
    assert {one.starts_at: one.arrivals for one in found.hours if one.arrivals} == {
        this_hour + day: 7.0,
        this_hour + 2 * day: 7.0,
    }


@given(
    hours=st.integers(1, 48),
    minute=st.integers(0, 59),
    known_hours=st.integers(0, 40 * 24),
    came=st.sets(st.integers(0, 40 * 24), max_size=200),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe"]),
    day=st.sampled_from([NOW, datetime(2026, 10, 26, 9, tzinfo=UTC)]),
)
def test_the_hours_that_are_looked_at_are_all_that_it_takes(
    hours: int, minute: int, known_hours: int, came: set[int], zone: str, day: datetime
) -> None:
    now = day.replace(minute=minute)
    this_hour = now.replace(minute=0)
    known_since = this_hour - known_hours * HOUR
    arrived = {this_hour - back * HOUR: 1 for back in came if back <= known_hours}
    spans = looked_at(now=now, hours=hours, known_since=known_since, zone=ZoneInfo(zone))
    told = {
        hour: count
        for hour, count in arrived.items()
        if any(span.starts_at <= hour < span.ends_at for span in spans)
    }
    for one, other in pairwise(spans):
        assert one.ends_at <= other.starts_at
    whole, part = (
        forecast(
            now=now,
            hours=hours,
            arrived=known,
            known_since=known_since,
            zone=ZoneInfo(zone),
            ended=0,
            worked_seconds=0,
            shifts=(),
        )
        for known in (arrived, told)
    )
    assert whole == part
