"""Opening hours: the published vectors, holidays, and the days on which clocks are changed."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from oncedesk.domain.shared.calendars import (
    ALL_DAY,
    Calendar,
    CalendarExhausted,
    CalendarInvalid,
    Span,
    always,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
HOUR = 3600
NINE_TO_SIX = (Span(9 * 60, 18 * 60),)
EVIDENCE = Calendar(name="evidence", timezone="Asia/Shanghai", week=(NINE_TO_SIX,) * 7)
SPLIT = Calendar(
    name="split",
    timezone="Asia/Shanghai",
    week=((Span(9 * 60, 12 * 60), Span(13 * 60, 18 * 60)),) * 5 + ((), ()),
    special={
        date(2026, 10, 1): (),
        date(2026, 10, 2): (),
        date(2026, 10, 10): NINE_TO_SIX,
    },
)


def shanghai(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def berlin_nights(*spans: Span) -> Calendar:
    return Calendar(name="nights", timezone="Europe/Berlin", week=(spans,) * 7)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (shanghai(3, 10), shanghai(3, 14)),
        (shanghai(3, 14), shanghai(3, 18)),
        (shanghai(3, 14, 1), shanghai(4, 9, 1)),
        (shanghai(3, 7), shanghai(3, 13)),
        (shanghai(3, 18), shanghai(4, 13)),
        (shanghai(3, 23), shanghai(4, 13)),
    ],
)
def test_four_business_hours(start: datetime, due: datetime) -> None:
    assert EVIDENCE.add(start, 4 * HOUR) == due
    assert EVIDENCE.seconds_between(start, due) == 4 * HOUR


def test_answers_in_utc_whatever_zone_it_is_asked_in() -> None:
    for calendar in (EVIDENCE, always()):
        assert calendar.add(shanghai(3, 10), 60).tzinfo is UTC
        assert calendar.subtract(shanghai(3, 10), 60).tzinfo is UTC
        assert calendar.subtract(shanghai(3, 10), 0).tzinfo is UTC
        assert calendar.next_open(shanghai(3, 10)).tzinfo is UTC


def test_refuses_a_moment_without_a_zone() -> None:
    with pytest.raises(TypeError):
        EVIDENCE.add(datetime(2026, 3, 3, 10), 60)  # noqa: DTZ001


def test_keeps_microseconds() -> None:
    start = shanghai(3, 17, 59) + timedelta(seconds=59, microseconds=999_999)
    assert EVIDENCE.add(start, 1) == shanghai(4, 9) + timedelta(microseconds=999_999)


def test_pauses_in_a_split_shift() -> None:
    assert SPLIT.add(shanghai(3, 11, 30), HOUR) == shanghai(3, 13, 30)
    assert SPLIT.add(shanghai(3, 11), HOUR) == shanghai(3, 12)
    assert not SPLIT.is_open(shanghai(3, 12))
    assert SPLIT.is_open(shanghai(3, 13))


def test_skips_weekends_and_holidays_but_works_on_a_make_up_day() -> None:
    wednesday_evening = shanghai(30, 17, 30, month=9)
    assert SPLIT.add(wednesday_evening, HOUR) == shanghai(5, 9, 30, month=10)
    friday_evening = shanghai(9, 17, 30, month=10)
    assert SPLIT.add(friday_evening, HOUR) == shanghai(10, 9, 30, month=10)
    assert SPLIT.is_open(shanghai(10, 12, 30, month=10))
    assert not SPLIT.is_open(shanghai(11, 12, 30, month=10))


def test_no_time_at_all_means_the_next_opening() -> None:
    assert EVIDENCE.add(shanghai(3, 10), 0) == shanghai(3, 10)
    assert EVIDENCE.add(shanghai(3, 18), 0) == shanghai(4, 9)
    assert EVIDENCE.next_open(shanghai(3, 4)) == shanghai(3, 9)


def test_warns_when_somebody_is_there_to_see_it() -> None:
    due = shanghai(4, 9, 30)
    assert EVIDENCE.subtract(due, HOUR) == shanghai(3, 17, 30)
    assert EVIDENCE.subtract(due, HOUR // 2) == shanghai(4, 9)
    assert EVIDENCE.subtract(shanghai(4, 9), HOUR) == shanghai(3, 17)
    assert EVIDENCE.subtract(shanghai(4, 3), 0) == shanghai(4, 3)


def test_counts_no_time_backwards() -> None:
    assert EVIDENCE.seconds_between(shanghai(4, 10), shanghai(3, 10)) == 0
    assert EVIDENCE.seconds_between(shanghai(3, 10), shanghai(3, 10)) == 0
    assert EVIDENCE.seconds_between(shanghai(3, 10), shanghai(5, 9, 1)) == 17 * HOUR + 60


def test_an_all_day_calendar_never_pauses() -> None:
    calendar = always()
    start = datetime(2026, 3, 3, 23, 59, tzinfo=UTC)
    assert calendar.add(start, 90) == datetime(2026, 3, 4, 0, 0, 30, tzinfo=UTC)
    assert calendar.seconds_between(start, calendar.add(start, 90)) == 90
    assert calendar.is_open(start)


def test_midnight_joins_two_days() -> None:
    night = Calendar(
        name="night", timezone="Asia/Shanghai", week=((Span(0, 120), Span(1320, 1440)),) * 7
    )
    assert night.add(shanghai(3, 23), 3 * HOUR) == shanghai(4, 2)
    assert night.add(shanghai(3, 23), HOUR) == shanghai(4, 0)
    assert night.is_open(shanghai(4, 0))


def test_a_span_in_the_gap_of_spring_does_not_come_that_day() -> None:
    skipped = berlin_nights(Span(2 * 60, 3 * 60))
    assert not skipped.is_open(datetime(2026, 3, 29, 1, tzinfo=UTC))
    assert skipped.next_open(datetime(2026, 3, 29, tzinfo=UTC)) == datetime(
        2026, 3, 30, 0, tzinfo=UTC
    )
    half = berlin_nights(Span(90, 240))
    midnight = datetime(2026, 3, 29, tzinfo=BERLIN)
    assert half.seconds_between(midnight, midnight.replace(hour=12)) == 90 * 60


def test_a_span_in_the_fold_of_autumn_comes_twice() -> None:
    repeated = berlin_nights(Span(2 * 60, 3 * 60))
    midnight = datetime(2026, 10, 25, tzinfo=BERLIN)
    assert repeated.seconds_between(midnight, midnight.replace(hour=12)) == 2 * HOUR
    assert repeated.add(midnight, 2 * HOUR) == datetime(2026, 10, 25, 2, tzinfo=UTC)
    half = berlin_nights(Span(150, 240))
    assert half.seconds_between(midnight, midnight.replace(hour=12)) == 2 * HOUR


def test_an_all_day_calendar_counts_real_hours_when_clocks_change() -> None:
    calendar = Calendar(name="always", timezone="Europe/Berlin", week=(ALL_DAY,) * 7)
    start = datetime(2026, 10, 24, 12, tzinfo=BERLIN)
    assert calendar.add(start, 86_400) == start.astimezone(UTC) + timedelta(days=1)
    assert calendar.seconds_between(start, datetime(2026, 10, 25, 12, tzinfo=BERLIN)) == 25 * HOUR


def test_a_day_that_a_country_left_out_is_closed() -> None:
    apia = Calendar(name="apia", timezone="Pacific/Apia", week=(ALL_DAY,) * 6 + ((),))
    before = datetime(2011, 12, 29, 12, tzinfo=ZoneInfo("Pacific/Apia"))
    assert apia.add(before, 24 * HOUR) == before.replace(day=31).astimezone(UTC)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ((Span(600, 540),), "must begin before it ends"),
        ((Span(540, 540),), "must begin before it ends"),
        ((Span(-1, 540),), "lie within"),
        ((Span(540, 1441),), "lie within"),
        ((Span(540, 720), Span(700, 800)), "not overlap"),
    ],
)
def test_refuses_hours_that_cannot_be(spans: tuple[Span, ...], expected: str) -> None:
    with pytest.raises(CalendarInvalid, match=expected):
        Calendar(name="bad", timezone="UTC", week=(spans,) * 7)
    with pytest.raises(CalendarInvalid, match=expected):
        Calendar(name="bad", timezone="UTC", week=(ALL_DAY,) * 7, special={date(2026, 1, 1): spans})


@pytest.mark.parametrize("timezone", ["Mars/Olympus", "", "../etc/passwd", "Europe"])
def test_refuses_an_unknown_time_zone(timezone: str) -> None:
    with pytest.raises(CalendarInvalid, match="unknown time zone"):
        Calendar(name="bad", timezone=timezone, week=(ALL_DAY,) * 7)


def test_refuses_to_be_closed_for_ever() -> None:
    with pytest.raises(CalendarInvalid, match="open on no weekday"):
        Calendar(name="bad", timezone="UTC", week=((),) * 7)
    with pytest.raises(CalendarInvalid, match="7 days, not 5"):
        Calendar(name="bad", timezone="UTC", week=(ALL_DAY,) * 5)
    first = date(2026, 1, 1)
    closed = {first + timedelta(days=day): () for day in range(400)}
    with pytest.raises(CalendarInvalid, match="closed for 400 days in a row up to 2027-02-04"):
        Calendar(name="bad", timezone="UTC", week=(ALL_DAY,) * 7, special=closed)
    closed[first + timedelta(days=200)] = NINE_TO_SIX  # type: ignore[assignment]
    Calendar(name="good", timezone="UTC", week=(ALL_DAY,) * 7, special=closed)


def test_gives_up_on_more_open_time_than_half_a_century_has() -> None:
    minute = Calendar(name="minute", timezone="UTC", week=((Span(0, 1),),) + ((),) * 6)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(CalendarExhausted):
        minute.add(start, 366 * 86_400)
    with pytest.raises(CalendarExhausted):
        minute.subtract(start, 366 * 86_400)


@pytest.mark.parametrize("calendar", [EVIDENCE, SPLIT, always()])
def test_survives_being_written_down(calendar: Calendar) -> None:
    for form in (msgspec.json, msgspec.msgpack):
        assert form.decode(form.encode(calendar), type=Calendar) == calendar
    with pytest.raises(msgspec.ValidationError, match="unknown time zone"):
        msgspec.json.decode(
            b'{"name":"x","timezone":"x","week":[[],[],[],[],[],[],[]]}', type=Calendar
        )
