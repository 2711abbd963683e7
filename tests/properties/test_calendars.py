"""Calendars against a slow reference that reads the clock on the wall minute by minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from oncedesk.domain.shared.calendars import Calendar, Span

ZONES = (
    "UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
    "America/Havana", "America/Sao_Paulo", "Asia/Kathmandu",
)  # fmt: skip
MINUTE = timedelta(minutes=1)
CHANGES = (
    datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 3, 8, 5, tzinfo=UTC), datetime(2026, 11, 1, 5, tzinfo=UTC),
    datetime(2026, 4, 4, 15, tzinfo=UTC), datetime(2018, 11, 4, 3, tzinfo=UTC),
    datetime(2018, 2, 18, 2, tzinfo=UTC), datetime(2026, 2, 24, tzinfo=UTC),
    datetime(2026, 6, 1, tzinfo=UTC),
)  # fmt: skip

spans = st.lists(st.integers(0, 1440), min_size=0, max_size=6, unique=True).map(
    lambda cuts: tuple(Span(a, b) for a, b in zip(*[iter(sorted(cuts))] * 2, strict=False))
)
hours = st.integers(0, 80)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    week = draw(st.tuples(*[spans] * 7))
    assume(any(week))
    near = draw(st.sampled_from(CHANGES)).date()
    days = st.integers(-3, 3).map(lambda shift: near + timedelta(days=shift))
    special: dict[date, tuple[Span, ...]] = draw(st.dictionaries(days, spans, max_size=4))
    return Calendar(name="drawn", timezone=draw(st.sampled_from(ZONES)), week=week, special=special)


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    """Often near a change of clocks, and always a whole minute."""
    return draw(st.sampled_from(CHANGES)) + timedelta(minutes=draw(st.integers(-3_000, 3_000)))


def open_on_the_wall(calendar: Calendar, at: datetime) -> bool:
    local = at.astimezone(ZoneInfo(calendar.timezone))
    minute = local.hour * 60 + local.minute
    return any(
        span.start_minute <= minute < span.end_minute for span in calendar.spans_on(local.date())
    )


@given(calendars(), moments(), st.integers(0, 2_000))
def test_agrees_with_the_clock_on_the_wall(
    calendar: Calendar, start: datetime, minutes: int
) -> None:
    opened = [open_on_the_wall(calendar, start + index * MINUTE) for index in range(minutes)]
    end = start + minutes * MINUTE
    assert calendar.seconds_between(start, end) == 60 * sum(opened)
    if minutes:
        assert calendar.is_open(start) == opened[0]
        assert calendar.is_open(end - MINUTE) == opened[-1]


@given(calendars(), moments(), st.integers(1, 600))
def test_adds_as_many_open_minutes_as_asked(
    calendar: Calendar, start: datetime, minutes: int
) -> None:
    at, left = start, minutes
    for _ in range(4_000):
        left -= open_on_the_wall(calendar, at)
        at += MINUTE
        if not left:
            break
    assume(not left)
    assert calendar.add(start, minutes * 60) == at


@given(calendars(), moments(), st.integers(0, 40 * 86_400), st.integers(0, 999_999))
def test_round_trips(calendar: Calendar, start: datetime, seconds: int, micro: int) -> None:
    start += timedelta(microseconds=micro)
    due = calendar.add(start, seconds)
    assert due >= start
    assert calendar.seconds_between(start, due) == seconds
    assert calendar.is_open(due - timedelta(microseconds=1)) or calendar.is_open(due)
    warned = calendar.subtract(due, seconds)
    assert start <= warned <= due
    assert calendar.seconds_between(warned, due) == seconds


@given(calendars(), moments(), moments(), st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_time_and_a_later_start_never_end_sooner(
    calendar: Calendar, first: datetime, second: datetime, less: int, more: int
) -> None:
    assert calendar.add(min(first, second), less) <= calendar.add(max(first, second), less)
    assert calendar.add(first, min(less, more)) <= calendar.add(first, max(less, more))


@given(calendars(), moments(), st.integers(0, 10**6), st.integers(0, 10**6))
def test_time_can_be_added_in_two_steps(
    calendar: Calendar, start: datetime, first: int, second: int
) -> None:
    assume(second)
    assert calendar.add(calendar.add(start, first), second) == calendar.add(start, first + second)


@given(calendars(), moments())
def test_the_next_opening_is_open_and_nothing_before_it_is(
    calendar: Calendar, at: datetime
) -> None:
    opening = calendar.next_open(at)
    assert calendar.is_open(opening)
    assert calendar.seconds_between(at, opening) == 0
    assert (opening == at) == calendar.is_open(at)
