"""Every error in a pack is named: its file, its key, and what was expected there."""

import re
import shutil
import zoneinfo
from collections.abc import Callable
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path

import msgspec
import pytest
from msgspec import Struct

from oncedesk.domain.conversations.attribution import shares_of
from oncedesk.domain.shared.rulepack import NOTIFYING_DEFAULT, REMINDING_DEFAULT, RETENTION_DEFAULT
from oncedesk.rules.fields import field_types
from oncedesk.rules.loading import PACKS_FOLDER, load_builtin, load_folder, market_folders
from oncedesk.rules.problems import PackError, PackInvalid
from oncedesk.rules.rows import PackHead
from oncedesk.rules.storing import pack_from_bytes, pack_to_bytes
from oncedesk.rules.tables import ROWS, VALUE_ROWS

DAY = date(2026, 11, 30)
ROW = 'source = "a source"\nfrom = 2024-01-01\nfirm = false\n'
CLOCK = (
    '[[clock]]\nissue = "refund"\ndesk = "creator"\nclock = "resolution"\nseconds = 7200\n'
    'calendar = "always"\nwarn_seconds = 60\non_expiry = "take_over"\n' + ROW
)
SHIP_BACK = 'key = "ship_back_seconds"\nvalue = '
SENT_BACK = '[[settling]]\nkey = "ship_back_ends_on"\nvalue = "office_hours"\n' + ROW


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PACKS_FOLDER / "cn", tmp_path / "cn"))


def errors_of(folder: Path) -> list[str]:
    with pytest.raises(PackInvalid) as invalid:
        load_folder(folder)
    assert str(invalid.value) == "\n".join(map(str, invalid.value.errors))
    return [str(error) for error in invalid.value.errors]


def with_extra(folder: Path, text: str) -> list[str]:
    (folder / "extra.toml").write_text(text, encoding="utf-8")
    return errors_of(folder)


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('source = "a source"\n', "", "source (refund/creator/resolution): this key is missing"),
        ("from = 2024-01-01\n", "", "from (refund/creator/resolution): this key is missing"),
        ("firm = false\n", "", "firm (refund/creator/resolution): this key is missing"),
        ('desk = "creator"\n', "", "desk (refund/resolution): this key is missing"),
        (
            "seconds = 7200",
            'seconds = "2h"',
            "seconds (refund/creator/resolution): expected int, got str",
        ),
        ("seconds = 7200", "seconds = 7200.0", "expected int, got float"),
        ("seconds = 7200", "seconds = true", "expected int, got bool"),
        ("seconds = 7200", "seconds = -5", "expected int >= 1, got -5"),
        ("seconds = 7200", "seconds = 0", "expected int >= 1, got 0"),
        ("seconds = 7200", "seconds = 99_999_999", "expected int <= 31622400, got 99999999"),
        (
            "firm = false",
            "firm = false\nminutes = 2",
            "unknown key; expected one of source, from",
        ),
        ("warn_seconds = 60", "warn_seconds = 7200", "expected less than `seconds` (7200)"),
        (
            '"take_over"',
            '"explode"',
            "expected one of decide, take_over, remind, got 'explode'",
        ),
        ('issue = "refund"', 'issue = "refund\\n"', "expected str matching regex"),
        (
            '"creator"',
            '"agency"',
            "expected one of consumer, platform, merchant, creator, got 'agency'",
        ),
        ('"creator"', '"platform"', "expected remind: nobody takes over from the platform's clock"),
        ('"always"', '"sundays"', "unknown calendar 'sundays'; no row [[calendar]] defines it"),
        ('"refund"', '"refunt"', "unknown issue 'refunt'; no row [[issue]] defines it"),
        ('"a source"', '"?"', "expected str of length >= 8, got '?'"),
        ("2024-01-01", "2024-01-01T00:00:00", "expected date, got datetime"),
        ("2024-01-01", '"soon"', "expected a date like 2026-11-30, got 'soon'"),
        (
            "firm = false",
            "firm = false\nuntil = 2023-01-01",
            "expected a day after `from` (2024-01-01), got 2023-01-01",
        ),
    ],
)
def test_names_what_is_wrong_with_a_row(folder: Path, old: str, new: str, expected: str) -> None:
    assert old in CLOCK
    (error,) = with_extra(folder, CLOCK.replace(old, new, 1))
    assert error.startswith("extra.toml: clock[1].")
    assert expected in error


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            '[[joining]]\nkey = "gap"\nvalue = 5\n',
            (
                "extra.toml: joining[1].key (gap): expected one of session_gap_seconds, "
                "recontact_window_seconds, repeat_reopens_to_platform, got 'gap'"
            ),
        ),
        (
            '[[joining]]\nkey = "session_gap_seconds"\nvalue = "long"\n',
            (
                "extra.toml: joining[1].value (session_gap_seconds): expected int, got str for "
                "session_gap_seconds"
            ),
        ),
        (
            '[[promise]]\nkey = "timezone"\nvalue = "Mars/Olympus"\n',
            (
                "extra.toml: promise[1].value (timezone): expected a time zone like "
                "Asia/Shanghai, got 'Mars/Olympus'"
            ),
        ),
        (
            '[[asking]]\nkey = "pauses_max"\nvalue = 3\n',
            "extra.toml: asking[1].value (pauses_max): expected int <= 2, got 3 for pauses_max",
        ),
        (
            '[[special_day]]\ncalendar = "nights"\nday = 2026-01-01\nhours = ""\n',
            (
                "extra.toml: special_day[1].calendar (nights/2026-01-01): unknown calendar "
                "'nights'; no row [[calendar]] defines it"
            ),
        ),
        (
            '[[special_day]]\ncalendar = "always"\nday = 2026-01-01\nhours = "9-18"\n',
            (
                "extra.toml: special_day[1].hours (always/2026-01-01): expected spans like "
                "09:00-12:00 13:00-18:00, got '9-18'"
            ),
        ),
        (
            (
                '[[issue]]\nissue = "noise"\nowner = "merchant"\ncause = "weather"\n'
                'liable = "merchant"\nskill = "orders"\npriority = 4\n'
            ),
            (
                "extra.toml: issue[1].cause (noise): expected one of merchant, creator, carrier, "
                "platform, consumer, unknown, got 'weather'"
            ),
        ),
        (
            (
                '[[issue]]\nissue = "noise"\nowner = "merchant"\ncause = "merchant"\n'
                'liable = "merchant"\nskill = "juggling"\npriority = 4\n'
            ),
            (
                "extra.toml: issue[1].skill (noise): unknown skill 'juggling'; no row [[skill]] "
                "defines it"
            ),
        ),
        (
            (
                '[[issue]]\nissue = "noise"\nowner = "merchant"\ncause = "merchant"\n'
                'liable = "merchant"\nskill = "orders"\npriority = 4\ndecides_in_surge = true\n'
            ),
            (
                "extra.toml: issue[1].decision (noise): expected a reason code, because "
                "`decides_in_surge` is true"
            ),
        ),
    ],
)
def test_names_what_is_wrong_in_other_tables(folder: Path, row: str, expected: str) -> None:
    assert with_extra(folder, row + ROW.replace("2024-01-01", "2025-01-01")) == [expected]


@pytest.mark.parametrize(
    "zone",
    ["localtime", "posixrules", "Factory", "posix/Asia/Shanghai", "right/UTC", "LOCALTIME"],
)
def test_a_time_zone_means_the_same_on_every_machine(
    folder: Path, tmp_path: Path, zone: str
) -> None:
    """Also where the machine has one of that name."""
    zones = tmp_path / "zones"
    (zones / zone).parent.mkdir(parents=True)
    with as_file(files("tzdata") / "zoneinfo" / "Asia" / "Shanghai") as shanghai:
        shutil.copy(shanghai, zones / zone)
    zoneinfo.reset_tzpath([zones])
    try:
        assert zoneinfo.ZoneInfo(zone).key == zone
        text = f'[[promise]]\nkey = "timezone"\nvalue = "{zone}"\n'
        (error,) = with_extra(folder, text + ROW.replace("2024-01-01", "2025-01-01"))
        assert f"expected a time zone like Asia/Shanghai, got {zone!r}" in error
    finally:
        zoneinfo.reset_tzpath()
        zoneinfo.ZoneInfo.clear_cache()


@pytest.mark.parametrize(
    ("liable", "expected"),
    [
        (
            "agency",
            (
                "expected one of merchant, creator, carrier, platform, consumer, unknown, "
                "got 'agency'"
            ),
        ),
        ("merchant:70 creator:20", "expected shares that add up to 100, got 90"),
        ("merchant:100 creator:0", "expected different parties, each with a share, got"),
        ("merchant:50 merchant:50", "expected different parties, each with a share, got"),
        ("merchant:100", "expected str matching"),
        ("merchant creator", "expected str matching"),
    ],
)
def test_names_what_is_wrong_with_who_is_liable(folder: Path, liable: str, expected: str) -> None:
    change(folder / "issues.toml", 'liable = "merchant"', f'liable = "{liable}"')
    (error,) = errors_of(folder)
    assert error.startswith("issues.toml: issue[")
    assert expected in error


def test_liability_can_be_shared(folder: Path) -> None:
    text = (folder / "issues.toml").read_text(encoding="utf-8")
    before = 'issue = "quality"\nowner = "merchant"\ncause = "merchant"\nliable = "merchant"'
    assert before in text
    after = before.replace('liable = "merchant"', 'liable = "merchant:70 creator:30"')
    (folder / "issues.toml").write_text(text.replace(before, after), encoding="utf-8")
    rule = load_folder(folder).pack(DAY).issue("quality")
    assert shares_of(rule.liable) == (("merchant", 70), ("creator", 30))


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("monday", "09:00-08:00", "expected a span that ends after it begins, got '09:00-08:00'"),
        ("monday", "09:00-24:30", "expected times from 00:00 to 24:00, got '09:00-24:30'"),
        ("monday", "09:70-10:00", "expected times from 00:00 to 24:00, got '09:70-10:00'"),
        (
            "monday",
            "09:00-12:00 11:00-13:00",
            "expected spans in order that do not overlap, got '11:00-13:00'",
        ),
        ("timezone", "Mars/Olympus", "expected a time zone like Asia/Shanghai, got 'Mars/Olympus'"),
        ("holidays", "ZZ", "expected a known country code (Country ZZ not available)"),
        ("holidays", "utils", "expected a known country code (Country utils not available)"),
        ("subdivision", "ZZ", "expected a known country code (Entity `CN` does not have"),
    ],
)
def test_names_what_is_wrong_with_a_calendar(
    folder: Path, key: str, value: str, expected: str
) -> None:
    keys = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "09:00-18:00")
    keys |= {"saturday": "", "sunday": "", "timezone": "Asia/Shanghai", "holidays": "CN"}
    lines = [f'{name} = "{text}"\n' for name, text in (keys | {key: value}).items()]
    (error,) = with_extra(folder, '[[calendar]]\nname = "extra"\n' + "".join(lines) + ROW)
    assert error.startswith("extra.toml: calendar[1].")
    assert expected in error


def test_a_calendar_that_never_opens_is_an_error(folder: Path) -> None:
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    lines = "".join(f'{day} = ""\n' for day in days)
    text = f'[[calendar]]\nname = "shut"\ntimezone = "UTC"\n{lines}{ROW}'
    (error,) = with_extra(folder, text)
    assert error == (
        "extra.toml: calendar[1].name (shut): expected to be open at times: shut: open on no "
        "weekday, so no clock would ever run out"
    )


def test_a_clock_that_hardly_ever_runs_out_is_an_error(folder: Path) -> None:
    days = ("tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    lines = "".join(f'{day} = ""\n' for day in days) + 'monday = "00:00-00:01"\n'
    calendar = f'[[calendar]]\nname = "rare"\ntimezone = "UTC"\n{lines}{ROW}'
    clock = CLOCK.replace('"always"', '"rare"').replace("7200", "31_000_000")
    (error,) = with_extra(folder, calendar + clock)
    assert error == (
        "extra.toml: clock[1].seconds (refund/creator/resolution): expected less: so much open "
        "time hardly ever passes on rare"
    )


RARE = (
    '[[calendar]]\nname = "rare"\ntimezone = "UTC"\nmonday = "00:00-00:01"\n'
    + "".join(f'{day} = ""\n' for day in ("tuesday", "wednesday", "thursday", "friday"))
    + f'saturday = ""\nsunday = ""\n{ROW}'
)
"""Open for a minute a week, on which three days take half a century and more."""


@pytest.mark.parametrize(
    ("table", "seconds", "calendar"),
    [
        ("promise", "ship_by_seconds", "ship_by_calendar"),
        ("asking", "reply_seconds", "calendar"),
        ("dispute", "evidence_seconds", "evidence_calendar"),
        ("dispute", "decision_seconds", "decision_calendar"),
    ],
)
def test_a_value_that_hardly_ever_runs_out_is_an_error(
    folder: Path, table: str, seconds: str, calendar: str
) -> None:
    since = ROW.replace("2024", "2026").replace("01-01", "11-20")
    rows = [
        f'[[{table}]]\nkey = "{seconds}"\nvalue = 259_200\n{since}',
        f'[[{table}]]\nkey = "{calendar}"\nvalue = "rare"\n{since}',
    ]
    (error,) = with_extra(folder, RARE + "".join(rows))
    assert error == (
        f"extra.toml: {table}[1].value ({seconds}): expected less: so much open time hardly ever "
        "passes on rare"
    )


def test_what_a_dispute_leaves_to_a_calendar_that_is_not_there_is_an_error(folder: Path) -> None:
    """Its calendars are `always` if not given; here that one has another name."""
    for file in folder.glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        text = re.sub(r'(name|calendar|value) = "always"', r'\1 = "day_and_night"', text)
        text = text.replace("[[remedy]]\n", '[[remedy]]\ncalendar = "day_and_night"\n')
        file.write_text(text, encoding="utf-8")
    load_folder(folder)
    file = folder / "disputes.toml"
    text = _without('"(evidence|decision)_calendar"')(file.read_text(encoding="utf-8"))
    file.write_text(text, encoding="utf-8")
    assert errors_of(folder) == [
        (
            f"dispute {name}: expected a value, as there is no calendar 'always'; none holds on "
            "2024-01-01"
        )
        for name in ("evidence_calendar", "decision_calendar")
    ]
    file.write_text(_without(r"\A\[\[dispute")(text), encoding="utf-8")
    assert len(errors_of(folder)) == 2


@pytest.mark.parametrize(
    ("name", "lacking"),
    [("freight_minor_max", "freight_currency"), ("freight_currency", "freight_minor_max")],
)
def test_a_bound_and_its_currency_stand_together(folder: Path, name: str, lacking: str) -> None:
    start = f'[[journey]]\nkey = "{lacking}"'
    file = folder / "returns.toml"
    before, _, after = file.read_text(encoding="utf-8").partition(start)
    rest = after.partition("[[journey]]")[2]
    file.write_text(f"{before}[[journey]]{rest}", encoding="utf-8")
    (error,) = errors_of(folder)
    assert error.startswith("returns.toml: journey[")
    assert error.endswith(f"].key ({name}): expected `{lacking}` beside it")


def test_days_that_end_on_a_working_day_are_whole(folder: Path) -> None:
    change(folder / "remedies.toml", "[[settling]]\n", SENT_BACK + "[[settling]]\n")
    change(folder / "remedies.toml", SHIP_BACK + "604_800", SHIP_BACK + "604_801")
    (error,) = errors_of(folder)
    assert error.startswith("remedies.toml: settling[")
    assert error.endswith(
        "].value (ship_back_seconds): expected whole days of 86400 seconds, as "
        "`ship_back_ends_on` is set"
    )
    change(folder / "remedies.toml", SHIP_BACK + "604_801", SHIP_BACK + "604_800")
    load_folder(folder)


@pytest.mark.parametrize(
    "key", ['[[settling]]\nkey = "ship_back_ends_on"', '[[dispute]]\nkey = "objection_ends_on"']
)
def test_days_end_on_a_calendar_that_there_is(folder: Path, key: str) -> None:
    (error,) = with_extra(folder, f'{key}\nvalue = "nowhere"\n{ROW}')
    assert error.endswith("unknown calendar 'nowhere'; no row [[calendar]] defines it")


def test_a_surge_that_ends_before_it_begins_is_an_error(folder: Path) -> None:
    change(folder / "conversations.toml", "value = 600  # 10 min", "value = 1801")
    (error,) = errors_of(folder)
    assert error == (
        "conversations.toml: surge[2].value (end_wait_seconds): expected at most "
        "`begin_wait_seconds` (1800)"
    )
    change(folder / "conversations.toml", "value = 1801", "value = 1800")
    load_folder(folder)


def test_an_answer_that_hardly_ever_is_due_is_an_error(folder: Path) -> None:
    remedy = (
        '[[remedy]]\nkind = "repair"\nreason = "*"\nstage = "shipped"\ngranted_by = "merchant"\n'
        f'answer_seconds = 259_200\ncalendar = "rare"\n{ROW}'
    )
    (error,) = with_extra(folder, RARE + remedy)
    assert error == (
        "extra.toml: remedy[1].answer_seconds (repair/*/shipped): expected less: so much open time "
        "hardly ever passes on rare"
    )


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("firm = false", "firm = false\nuntil = 9999-12-31", "until"),
        ("from = 2024-01-01", "from = 9999-12-31", "from"),
        ("from = 2024-01-01", "from = 0001-01-01", "from"),
    ],
)
def test_a_day_that_nobody_means_is_an_error(folder: Path, old: str, new: str, key: str) -> None:
    day = new.rpartition(" ")[2]
    assert with_extra(folder, CLOCK.replace(old, new)) == [
        (
            f"extra.toml: clock[1].{key} (refund/creator/resolution): expected a day from "
            f"1900-01-01 to 2999-12-31, got {day}"
        )
    ]


def test_the_first_day_is_one_that_somebody_means(folder: Path) -> None:
    change(folder / "pack.toml", "first_day = 2024-01-01", "first_day = 0001-01-01")
    (error,) = errors_of(folder)
    assert error.startswith("pack.toml: pack.first_day: expected a day from 1900-01-01 to ")


def test_two_rows_from_the_same_day_are_an_error(folder: Path) -> None:
    assert with_extra(folder, CLOCK + CLOCK) == [
        (
            "extra.toml: clock[2].from (refund/creator/resolution): refund/creator/resolution has "
            "another row from 2024-01-01, extra.toml clock[1]"
        )
    ]


def test_a_row_that_begins_before_the_older_one_ends_is_an_error(folder: Path) -> None:
    older = CLOCK + "until = 2025-06-01\n"
    newer = CLOCK.replace("from = 2024-01-01", "from = 2025-05-01")
    assert with_extra(folder, older + newer) == [
        (
            "extra.toml: clock[2].from (refund/creator/resolution): refund/creator/resolution "
            "overlaps extra.toml clock[1], which holds until 2025-06-01"
        )
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"[[clock]\n", r"extra\.toml: expected TOML: .*line 1"),
        (b"clock = 3\n", r"extra\.toml: clock: expected rows, each under \[\[clock\]\]"),
        (b"[clock]\nissue = 3\n", r"extra\.toml: clock: expected rows, each under \[\[clock\]\]"),
        (b"[[klock]]\nissue = 3\n", r"extra\.toml: klock: unknown table; expected one of pack, "),
        (b"a = '\xff'\n", r"extra\.toml: expected UTF-8 text \(invalid start byte at byte 5\)"),
        (b"\0", r"extra\.toml: expected TOML: "),
        (b"#" * 1_000_001, r"extra\.toml: cannot be read: more than 1000000 bytes"),
        (b"a = " + b"[" * 9_999, r"extra\.toml: cannot be read: nested too deeply"),
        (b"[[clock]]\nseconds = 0x" + b"f" * 9_999, r"extra\.toml: clock: expected integers of 64"),
    ],
)
def test_names_a_file_that_cannot_be_read(folder: Path, content: bytes, expected: str) -> None:
    (folder / "extra.toml").write_bytes(content)
    (error,) = errors_of(folder)
    assert re.match(expected, error), error


def test_a_line_break_after_a_word_is_an_error(folder: Path) -> None:
    change(folder / "pack.toml", 'market = "cn"', 'market = "cn\\n"')
    (error,) = errors_of(folder)
    assert error == (
        "pack.toml: pack.market: expected str matching regex '^[a-z][a-z0-9_]{0,15}$', got 'cn\\n'"
    )


@pytest.mark.parametrize("struct", [PackHead, *ROWS, *(row.group for row in VALUE_ROWS)])
def test_no_pattern_of_a_row_lets_a_line_break_follow(struct: type[Struct]) -> None:
    patterns = [
        one.pattern
        for found in msgspec.inspect.multi_type_info(field_types(struct).values())
        for one in (found, *getattr(found, "types", ()), getattr(found, "item_type", None))
        if isinstance(one, msgspec.inspect.StrType) and one.pattern is not None
    ]
    assert [one for one in patterns if not one.endswith(r"$(?!\n)")] == []


def test_the_table_pack_is_checked_too(folder: Path) -> None:
    change(folder / "pack.toml", 'market = "cn"', 'market = "China!"\nowner = "me"')
    change(folder / "pack.toml", "first_day = 2024-01-01", "")
    assert errors_of(folder) == [
        "pack.toml: pack.first_day: this key is missing",
        (
            "pack.toml: pack.market: expected str matching regex '^[a-z][a-z0-9_]{0,15}$', got "
            "'China!'"
        ),
        "pack.toml: pack.owner: unknown key; expected one of market, version, language, first_day",
    ]
    shutil.copy(PACKS_FOLDER / "cn" / "pack.toml", folder / "pack.toml")
    shutil.copy(PACKS_FOLDER / "cn" / "pack.toml", folder / "pack2.toml")
    assert errors_of(folder) == [
        "pack2.toml: pack: expected one table [pack] in all files; this is another"
    ]
    (folder / "pack.toml").unlink()
    (folder / "pack2.toml").unlink()
    assert errors_of(folder) == ["pack.toml: pack: expected a table [pack]; it is missing"]


def test_a_folder_without_packs_is_an_error(tmp_path: Path) -> None:
    assert errors_of(tmp_path / "none") == [f"{tmp_path}/none: expected a folder of TOML files"]
    assert errors_of(tmp_path) == [f"{tmp_path}: expected at least one TOML file"]


def _without(pattern: str) -> Callable[[str], str]:
    """A change that removes the rows whose text matches."""

    def remove(text: str) -> str:
        rows = re.split(r"(?m)^(?=\[\[)", text)
        kept = [row for row in rows if not re.search(pattern, row)]
        assert len(kept) < len(rows)
        return "".join(kept)

    return remove


@pytest.mark.parametrize(
    ("file", "pattern", "expected"),
    [
        (
            "conversations.toml",
            '"reply_seconds"',
            "asking reply_seconds: expected a value; none holds on 2024-01-01",
        ),
        (
            "conversations.toml",
            '"rounds"',
            "reminding rounds: expected a value; none holds on 2024-01-01",
        ),
        (
            "issues.toml",
            'issue = "other"',
            (
                "issue other: expected an issue 'other' for what fits no other; none holds on "
                "2024-01-01"
            ),
        ),
        (
            "clocks.toml",
            r'issue = "\*"\ndesk = "consumer"\nclock = "resolution"',
            "clock */consumer/resolution: expected a row; without it safety, ",
        ),
        (
            "issues.toml",
            'issue = "presale"',
            "",
        ),
    ],
)
def test_a_pack_must_be_whole(folder: Path, file: str, pattern: str, expected: str) -> None:
    path = folder / file
    path.write_text(_without(pattern)(path.read_text(encoding="utf-8")), encoding="utf-8")
    if not expected:
        load_folder(folder)
        return
    (error,) = errors_of(folder)
    assert error.startswith(expected)


def test_what_a_pack_may_leave_out_has_its_default_and_changes_no_name(folder: Path) -> None:
    for file, table in (
        ("conversations.toml", "reminding"),
        ("conversations.toml", "notifying"),
        ("governance.toml", "retention"),
    ):
        path = folder / file
        text = _without(rf"\A\[\[{table}\]\]")(path.read_text(encoding="utf-8"))
        path.write_text(text, encoding="utf-8")
    pack = load_folder(folder).pack(DAY)
    assert pack.reminding is REMINDING_DEFAULT
    assert pack.retention is RETENTION_DEFAULT
    assert pack.notifying is NOTIFYING_DEFAULT
    content = pack_to_bytes(pack)
    assert b'"reminding"' not in content
    assert b'"retention"' not in content
    assert b'"notifying"' not in content
    assert pack_from_bytes(content) == pack
    assert pack_to_bytes(pack_from_bytes(content)) == content


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("value = 6\n", "value = 1\n", "expected int >= 2, got 1 for rounds"),
        ("value = 6\n", "value = false\n", "expected int, got bool for rounds"),
        ("86_400  # 24 h", "2_592_001", "expected int <= 2592000, got 2592001 for seconds_max"),
    ],
)
def test_names_what_is_wrong_with_reminding(
    folder: Path, old: str, new: str, expected: str
) -> None:
    change(folder / "conversations.toml", old, new)
    (error,) = errors_of(folder)
    assert error.endswith(expected)


def test_a_clock_that_could_grow_beyond_what_its_calendar_has_is_an_error(folder: Path) -> None:
    days = ("tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    lines = "".join(f'{day} = ""\n' for day in days) + 'monday = "00:00-00:01"\n'
    calendar = f'[[calendar]]\nname = "rare"\ntimezone = "UTC"\n{lines}{ROW}'
    change(folder / "conversations.toml", "86_400  # 24 h", "2_592_000")
    (error,) = with_extra(folder, calendar + CLOCK.replace('"always"', '"rare"'))
    assert error.startswith("extra.toml: clock[1].seconds (refund/creator/resolution): expected")


def test_a_clock_that_decides_needs_a_decision(folder: Path) -> None:
    change(folder / "issues.toml", 'decision = "resend_granted"\n', "")
    assert errors_of(folder) == [
        (
            "issue missing_part: expected a `decision`, because the clock "
            "cn/clock/missing_part/merchant/resolution@2024-01-01 decides"
        )
    ]


def test_a_decision_is_one_that_gives_something(folder: Path) -> None:
    change(folder / "issues.toml", '"resend_granted"', '"resend_grantd"')
    (error,) = errors_of(folder)
    assert error.startswith("issue missing_part: expected as `decision` one of late_shipping_comp")


def test_a_name_must_hold_as_long_as_the_rows_that_use_it(folder: Path) -> None:
    change(folder / "issues.toml", 'skill = "safety"\n', 'skill = "safety"\nuntil = 2025-01-01\n')
    assert errors_of(folder) == [
        (
            "issues.toml: issue[2].skill (safety): skill 'safety' does not hold on 2025-01-01, "
            "when this row does"
        )
    ]


def test_all_errors_are_reported_at_once(folder: Path) -> None:
    change(folder / "issues.toml", 'issue = "quality"\nowner = "merchant"', 'issue = "quality"')
    change(folder / "clocks.toml", "seconds = 86_400", "seconds = -1")
    (folder / "promises.toml").write_text("[[", encoding="utf-8")
    found = with_extra(folder, CLOCK.replace('"refund"', '"refunt"'))
    assert [error.split(":")[0] for error in found] == [
        "clocks.toml",
        "issues.toml",
        "promises.toml",
        "extra.toml",
    ]
    assert not any("quality" in error and "unknown" in error for error in found)


def test_the_newest_row_in_force_holds(folder: Path) -> None:
    newer = CLOCK.replace("7200", "3600").replace("from = 2024-01-01", "from = 2025-05-01")
    ended = CLOCK.replace("7200", "1800").replace("from = 2024-01-01", "from = 2026-01-01")
    text = newer + CLOCK + ended + "until = 2026-06-01\n"
    (folder / "extra.toml").write_text(text, encoding="utf-8")
    found = load_folder(folder)
    key = "refund/creator/resolution"
    for day, seconds in (
        (date(2024, 1, 1), 7200),
        (date(2025, 4, 30), 7200),
        (date(2025, 5, 1), 3600),
        (date(2026, 5, 31), 1800),
        (date(2026, 6, 1), 3600),
    ):
        assert found.pack(day).clocks[key].seconds == seconds
    assert {date(2025, 5, 1), date(2026, 1, 1), date(2026, 6, 1)} < set(found.days())


def test_no_pack_holds_before_its_first_day() -> None:
    with pytest.raises(PackInvalid) as invalid:
        load_builtin("cn").pack(date(2023, 12, 31))
    assert invalid.value.errors == (
        PackError("", "pack.first_day", "this pack holds from 2024-01-01, so not on 2023-12-31"),
    )


def test_no_pack_can_be_read_at_the_end_of_time() -> None:
    with pytest.raises(PackInvalid, match="expected a day up to 2999-12-31, got 9999-12-31"):
        load_builtin("cn").pack(date.max)


def test_an_unknown_market_is_an_error() -> None:
    with pytest.raises(PackInvalid, match="expected one of cn, eu"):
        load_builtin("mars")


def test_finds_the_folders_of_several_markets(folder: Path) -> None:
    assert market_folders(folder) == (folder,)
    assert market_folders(folder.parent) == (folder,)
    assert [path.name for path in market_folders(PACKS_FOLDER)] == ["cn", "eu", "tau_retail"]
