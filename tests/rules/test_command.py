"""`oncedesk rules check` and `rules show`: one line an error, every value with its source."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from oncedesk.cli.rules import app, spoken
from oncedesk.rules.loading import PACKS_FOLDER, load_builtin
from oncedesk.rules.tabulating import tables_of


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as exit_:
        app(arguments)
    assert isinstance(exit_.value.code, int)
    return exit_.value.code


def test_check_is_content_with_good_packs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", str(PACKS_FOLDER), "--at", "2027-09-30") == 0
    out, err = capsys.readouterr()
    names = [line.split(":")[0] for line in out.splitlines()]
    assert names == ["cn 2026.11", "eu 2026.11", "tau_retail 2024.06"]
    assert "27 issues, 30 clocks, 5 calendars" in out
    assert err == ""


def test_check_names_the_calendars_whose_holidays_end_soon(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(PACKS_FOLDER / "cn", tmp_path / "cn"))
    assert run("check", str(folder), "--at", "2027-10-01") == 0
    ends = "knows public holidays until 2027 only; later ones count as ordinary days"
    assert capsys.readouterr().err == f"cn: calendar office_hours {ends} (holidays_last_year)\n"
    rows = folder / "calendars.toml"
    text = rows.read_text(encoding="utf-8")
    # A day that the pack itself names is none of a country's, and says nothing of the others.
    day = '[[special_day]]\ncalendar = "service_hours"\nday = 2025-05-01\nhours = ""\n'
    day += 'source = "stocktaking"\nfrom = 2024-01-01\nfirm = true\n'
    rows.write_text(text.replace("last_year = 2027", "last_year = 2028") + day, encoding="utf-8")
    assert run("check", str(folder), "--at", "2027-10-01") == 0
    assert capsys.readouterr().err == ""


def test_check_prints_a_line_for_each_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shutil.copytree(PACKS_FOLDER, tmp_path / "packs")
    (folder / "cn" / "extra.toml").write_text("[[klock]]\n[[clock]]\nissue = 3\n")
    (folder / "eu" / "pack.toml").write_text("[[")
    assert run("check", str(folder)) == 1
    out, err = capsys.readouterr()
    assert [line.split(":")[0] for line in out.splitlines()] == ["tau_retail 2024.06"]
    lines = err.splitlines()
    assert lines[0].startswith("cn/extra.toml: klock: unknown table; expected one of pack, ")
    assert lines[1] == "cn/extra.toml: clock[1].source (3): this key is missing"
    assert lines[-1].startswith("eu/pack.toml: expected TOML: ")
    assert len(lines) == 12


def test_check_wants_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", str(tmp_path / "none")) == 1
    assert capsys.readouterr().err == f"{tmp_path}/none: expected a folder of TOML files\n"


def test_show_prints_values_with_their_sources(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "240")
    assert run("show", "--at", "2026-11-30") == 0
    out = capsys.readouterr().out
    assert out.startswith("cn version 2026.11, hash ")
    assert "default: Doudian SDK: delivery_delay_day 2 is the default of 48 h" in out
    assert "快递暂行条例 art. 28: a complaint about a carrier is handled within 7 days" in out
    assert "Mon-Fri 09:00-18:00" in out
    assert run("show", "--market", "eu") == 0
    assert "Mon-Fri 09:00-12:00 13:00-18:00" in capsys.readouterr().out


def test_show_prints_brackets_as_they_are_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "240")
    folder = Path(shutil.copytree(PACKS_FOLDER / "cn", tmp_path / "cn"))
    row = '[[skill]]\nskill = "extra"\nsource = "{}"\nfrom = 2024-01-01\nfirm = {}\n'
    for source, firm in (
        ("house rules [see annex 2]", "true"),
        ("house rules [see annex 2]", "false"),
        ("house rules [/old] of 2023", "true"),
    ):
        (folder / "extra.toml").write_text(row.format(source, firm), encoding="utf-8")
        assert run("show", "--dir", str(folder), "--at", "2026-11-30") == 0
        assert source in capsys.readouterr().out


def test_show_prints_the_stored_pack_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "--at", "2026-01-31", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["notice"]["major_days"] == 7
    assert len(found["hash"]) == 32
    assert found["provenance"]["cn/notice/days@2019-01-01"]["firm"] is True


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (
            ("--at", "2023-12-31"),
            "pack.first_day: this pack holds from 2024-01-01, so not on 2023-12-31",
        ),
        (("--market", "mars"), "unknown market 'mars'; expected one of cn, eu, tau_retail"),
        (
            ("--market", "../packs/cn"),
            "unknown market '../packs/cn'; expected one of cn, eu, tau_retail",
        ),
        (("--dir", "/nowhere"), "/nowhere: expected a folder of TOML files"),
    ],
)
def test_show_says_what_it_cannot_show(
    arguments: tuple[str, ...], error: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("show", *arguments) == 1
    out, err = capsys.readouterr()
    assert (out, err) == ("", error + "\n")


def test_lengths_of_time_are_spoken() -> None:
    assert [spoken(seconds) for seconds in (90, 600, 7200, 86_400, 172_800, 90_000)] == [
        "90 s",
        "10 min",
        "2 h",
        "24 h",
        "2 days",
        "25 h",
    ]


@pytest.mark.parametrize("market", ["cn", "eu"])
def test_show_leaves_out_no_table_and_no_source(
    market: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "4000")
    assert run("show", "--at", "2026-11-30", "--market", market) == 0
    out = capsys.readouterr().out
    pack = load_builtin(market).pack(date(2026, 11, 30))
    titles = {line.strip() for line in out.splitlines()}
    assert {table.name for table in tables_of(pack)} - titles == set()
    assert {one.source for one in pack.provenance.values() if one.source not in out} == set()
    assert "on_silence take_over" in out
    assert "as the program ships it; what holds here" in out
