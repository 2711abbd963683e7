"""A pack as tables: every row of it, with where it comes from; what differs; a year of days."""

from collections import Counter
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from oncedesk.domain.shared.rulepack import Pack
from oncedesk.rules.calendar_year import DayKind, calendar_year
from oncedesk.rules.loading import PACKS_FOLDER, builtin_markets, load_builtin, load_folder
from oncedesk.rules.storing import pack_from_bytes, pack_to_bytes
from oncedesk.rules.tabulating import (
    CellChange,
    ChangeKind,
    RowChange,
    difference,
    origin_of,
    tables_of,
)

DAY = date(2026, 11, 26)


def builtin(market: str = "cn") -> Pack:
    return load_builtin(market).pack(DAY)


def changed(folder: Path, *, file: str, old: str, new: str) -> Pack:
    """The pack of cn with something replaced, exactly once."""
    copytree(PACKS_FOLDER / "cn", folder)
    text = (folder / file).read_text()
    assert text.count(old) == 1
    (folder / file).write_text(text.replace(old, new))
    return load_folder(folder).pack(DAY)


@pytest.mark.parametrize("market", builtin_markets())
def test_every_row_of_a_pack_stands_in_a_table_once(market: str) -> None:
    pack = builtin(market)
    ids = [row.id for table in tables_of(pack) for row in table.rows if row.origin is not None]
    assert Counter(ids) == Counter(dict.fromkeys(pack.provenance, 1))
    for table in tables_of(pack):
        assert {len(row.cells) for row in table.rows} == {len(table.columns)}, table.name


def test_a_stored_pack_reads_like_the_one_that_was_stored() -> None:
    pack = builtin()
    assert tables_of(pack_from_bytes(pack_to_bytes(pack))) == tables_of(pack)


def test_a_row_says_its_values_and_its_source() -> None:
    tables = {table.name: table for table in tables_of(builtin())}
    notice = {row.key: row for row in tables["notice"].rows}
    assert (tables["notice"].columns, notice["days"].cells) == (("value",), (7,))
    origin = notice["days"].origin
    assert origin is not None
    assert origin.firm is True
    assert len(origin.source) >= 8
    issue = tables["issue"].rows[0]
    assert issue.key == issue.cells[tables["issue"].columns.index("issue")]


def test_what_the_pack_does_not_say_is_the_programs_own() -> None:
    # The sample pack of a shop says nothing about reveals.
    tables = {table.name: table for table in tables_of(builtin("tau_retail"))}
    assert [row.origin for row in tables["reveal"].rows] == [None] * 4


def test_nothing_differs_from_itself() -> None:
    assert difference(builtin(), builtin()) == ()


def test_one_value_that_differs_is_one_change(tmp_path: Path) -> None:
    old = 'key = "recontact_window_seconds"\nvalue = 604_800'
    new = old.replace("604_800", "86_400")
    after = changed(tmp_path / "cn", file="conversations.toml", old=old, new=new)
    (change,) = difference(builtin(), after)
    origin = next(o for id_, o in origin_of(after, after.joining.id) if change.key in id_)
    assert change == RowChange(
        table="joining",
        key="recontact_window_seconds",
        kind=ChangeKind.CHANGED,
        cells=(CellChange("value", 604_800, 86_400),),
        before=origin,
        after=origin,
    )
    assert difference(after, builtin())[0].cells == (CellChange("value", 86_400, 604_800),)


def test_a_day_of_a_calendar_that_is_added_is_told_with_its_source(tmp_path: Path) -> None:
    added = (
        '\n[[special_day]]\ncalendar = "office_hours"\nday = 2026-12-31\nhours = "09:00-12:00"\n'
        'source = "a decision of the office"\nfrom = 2026-01-01\nfirm = false\n'
    )
    text = (PACKS_FOLDER / "cn" / "calendars.toml").read_text()
    after = changed(tmp_path / "cn", file="calendars.toml", old=text, new=text + added)
    (change,) = difference(builtin(), after)
    assert (change.table, change.key, change.kind) == (
        "calendar_day",
        "office_hours/2026-12-31",
        ChangeKind.ADDED,
    )
    assert change.cells == (CellChange("hours", None, "09:00-12:00"),)
    days = {one.day: one for one in calendar_year(after, calendar="office_hours", year=2026)}
    last = days[date(2026, 12, 31)]
    assert (last.kind, last.hours) == (DayKind.HOLIDAY, "09:00-12:00")
    assert last.origin is not None
    assert last.origin.source == "a decision of the office"


def test_a_year_has_its_holidays_and_make_up_days() -> None:
    days = {one.day: one for one in calendar_year(builtin(), calendar="office_hours", year=2026)}
    assert len(days) == 365
    kinds = {
        date(2026, 10, 1): DayKind.HOLIDAY,
        date(2026, 10, 10): DayKind.MAKE_UP,
        date(2026, 11, 26): DayKind.WORKDAY,
        date(2026, 11, 28): DayKind.REST,
    }
    assert {day: days[day].kind for day in kinds} == kinds
    assert days[date(2026, 10, 1)].hours == ""
    assert len(calendar_year(builtin(), calendar="always", year=2028)) == 366
    with pytest.raises(KeyError):
        calendar_year(builtin(), calendar="nowhere", year=2026)


def test_a_rule_leads_to_its_rows() -> None:
    pack = builtin()
    issue = pack.issue("late_delivery")
    assert [id_ for id_, _ in origin_of(pack, issue.id)] == [issue.id]
    rows = [id_ for id_, _ in origin_of(pack, pack.joining.id)]
    assert len(rows) == 3
    assert all(row.startswith("cn/joining/") for row in rows)
    assert origin_of(pack, "cn/nothing/of_the_kind@2026-01-01") == ()
