"""The `cn` calendars against the public holidays and make-up workdays as they were announced."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from oncedesk.rules.loading import load_builtin

DATA = Path(__file__).parents[3] / "shared" / "data" / "holidays_cn"
YEARS = range(2024, 2028)

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="../shared/data/holidays_cn is not here; nothing to compare with"
)


def announced(year: int) -> dict[date, bool]:
    """Days that differ from their week, as announced: whether they are off."""
    content = json.loads((DATA / f"{year}.json").read_text(encoding="utf-8"))
    return {date.fromisoformat(day["date"]): day["isOffDay"] for day in content["days"]}


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=day) for day in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", YEARS)
def test_every_day_is_worked_or_off_as_announced(year: int) -> None:
    special = announced(year)
    if not special:
        pytest.skip(f"{year}: nothing was announced when the data was collected")
    office = load_builtin("cn").pack(date(2026, 11, 30)).calendars["office_hours"]
    wrong = [
        day
        for day in days_of(year)
        if bool(office.spans_on(day)) == special.get(day, day.weekday() >= 5)
    ]
    assert wrong == []
    assert {day for day in office.special if day.year == year} >= {
        day for day, off in special.items() if off != (day.weekday() >= 5)
    }


def test_a_year_without_announcement_has_its_statutory_days_off() -> None:
    """They follow from the law and the moon; which weekends are worked instead is not known."""
    office = load_builtin("cn").pack(date(2026, 11, 30)).calendars["office_hours"]
    if announced(2027):
        pytest.skip("2027 was announced meanwhile")
    found = sorted(day for day in office.special if day.year == 2027)
    assert all(office.special[day] == () for day in found)
    assert {date(2027, 1, 1), date(2027, 2, 6), date(2027, 5, 1), date(2027, 10, 1)} <= set(found)
