"""`oncedesk rules publish`: a folder holds from a day on, with notice, whole or not at all."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from oncedesk.domain.shared.refs import Kind
from oncedesk.engine.instants import SimulatedClock
from oncedesk.engine.running import utc_now
from oncedesk.publishing import (
    Announcement,
    NotPublished,
    Published,
    first_days,
    publish,
)
from oncedesk.rules.loading import PACKS_FOLDER, RuleFolder, load_folder
from oncedesk.rules.problems import PackInvalid
from oncedesk.settings import Settings
from oncedesk.wiring import BEGINNING, Parts, build
from tests.support.engines import Outside

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 2, 10, tzinfo=SHANGHAI)
FIRST_POSSIBLE = date(2026, 11, 10)
"""Seven whole days later it is ten in the morning; the first midnight after that."""
TOO_SHORT = (
    "notice_too_short: at least 7 days after it was announced (cn/notice@2026-02-01); "
    "possible from 2026-11-10"
)
WRITTEN = "SELECT (SELECT count(*) FROM journal), (SELECT count(*) FROM pack)"

VALUE = """
[[asking]]
key = "reply_seconds"
value = {value}
source = "minutes of the merchants' council, item 3"
from = {since}
firm = false
"""


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)


def write(
    folder: Path, *values: tuple[date, int], version: str = "2026.12", market: str = "cn"
) -> Path:
    """The pack that comes along, with these times to reply instead, each from a day on."""
    shutil.copytree(PACKS_FOLDER / "cn", folder)
    head = (folder / "pack.toml").read_text()
    head = head.replace('"2026.11"', f'"{version}"').replace(
        'market = "cn"', f'market = "{market}"'
    )
    (folder / "pack.toml").write_text(head)
    rows = [VALUE.format(since=since, value=value) for since, value in values]
    (folder / "own.toml").write_text("".join(rows))
    return folder


Write = Callable[..., RuleFolder]


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Makes a folder and loads it."""
    count = 0

    def make(*values: tuple[date, int], **more: Any) -> RuleFolder:
        nonlocal count
        count += 1
        return load_folder(write(tmp_path / str(count), *values, **more))

    return make


def running(url: str, clock: Callable[[], datetime], **more: Any) -> Any:
    return build(url, settings=Settings(home=Path("/nowhere")), clock=clock, **more)


async def publishing(
    parts: Parts,
    folder: RuleFolder,
    first_day: date | None = None,
    *,
    reason: str = "agreed",
    major: bool = False,
) -> Published:
    return await publish(parts, folder, Announcement(first_day, reason, major))


def reply_seconds(parts: Parts, at: datetime, market: str = "cn") -> int:
    return parts.library.at(at).current(market).asking.reply_seconds


async def test_holds_from_the_first_day_for_which_there_is_notice(url: str, written: Write) -> None:
    folder = written((date(2026, 1, 1), 7_200))
    clock = SimulatedClock(NOW)
    async with running(url, clock) as one, running(url, clock) as other, Outside(url) as outside:
        before = reply_seconds(one, NOW)
        published = await publishing(one, folder, reason="the council asked for it")
        starts = midnight(FIRST_POSSIBLE)
        assert [(one.valid_from, one.version) for one in published.standing] == [
            (BEGINNING, "2026.11"),
            (starts, "2026.12"),
        ]
        assert published.new == {published.standing[1]}
        assert (published.others, str(published.zone)) == ((), str(SHANGHAI))
        # A process that runs follows by itself; here it is told to look.
        await other.engine.refresh_packs()
        for parts in (one, other):
            assert reply_seconds(parts, starts - timedelta(seconds=1)) == before != 7_200
            assert reply_seconds(parts, starts) == 7_200
        body = await outside.value(
            "SELECT events FROM journal WHERE kind = 'rulebook' AND actor = 'admin'"
        )
        (event,) = one.codec.events(Kind.RULEBOOK, body)
        assert (event.reason, event.rule, event.announced_at) == (
            "the council asked for it",
            "cn/notice@2026-02-01",
            NOW,
        )
        stored = await outside.column("SELECT hash FROM pack WHERE market = 'cn'")
        assert published.standing[1].pack_hash in stored
        assert (await (await one.replay()).decide()).differences == []


async def test_the_day_can_be_chosen_but_not_too_early(url: str, written: Write) -> None:
    folder = written((date(2026, 1, 1), 7_200))
    async with running(url, SimulatedClock(NOW)) as parts, Outside(url) as outside:
        before = await outside.rows(WRITTEN)
        for day, line in [
            (
                FIRST_POSSIBLE - timedelta(days=1),
                TOO_SHORT,
            ),
            (NOW.date(), "valid_from_past: rules never change backwards"),
            (date(2026, 1, 1), "valid_from_past: rules never change backwards"),
        ]:
            with pytest.raises(NotPublished) as refused:
                await publishing(parts, folder, day)
            assert str(refused.value) == line
        for unfit, said in [
            (date(2023, 5, 1), "this pack holds from 2024-01-01, so not on 2023-05-01"),
            (date.min, "this pack holds from 2024-01-01, so not on 0001-01-01"),
            (date.max, "expected a day up to 2999-12-31, got 9999-12-31"),
        ]:
            with pytest.raises(PackInvalid, match=said):
                await publishing(parts, folder, unfit)
        assert await outside.rows(WRITTEN) == before
        chosen = date(2026, 12, 24)
        published = await publishing(parts, folder, chosen)
        assert [one.valid_from for one in published.new] == [midnight(chosen)]


async def test_a_major_change_needs_longer_notice(url: str, written: Write) -> None:
    folder = written((date(2026, 1, 1), 7_200))
    async with running(url, SimulatedClock(NOW)) as parts:
        with pytest.raises(NotPublished, match=r"at least 15 days .* possible from 2026-11-18"):
            await publishing(parts, folder, FIRST_POSSIBLE, major=True)
        published = await publishing(parts, folder, major=True)
        assert [one.valid_from for one in published.new] == [midnight(date(2026, 11, 18))]


async def test_rows_that_begin_later_hold_from_their_own_day(url: str, written: Write) -> None:
    days = [date(2026, 12, 1), date(2027, 3, 1)]
    folder = written((days[0], 7_200), (days[1], 3_600))
    async with running(url, SimulatedClock(NOW)) as parts:
        before = reply_seconds(parts, NOW)
        published = await publishing(parts, folder)
        # The first one differs in its version only.
        starts = [midnight(day) for day in (FIRST_POSSIBLE, *days)]
        assert sorted(one.valid_from for one in published.new) == starts
        assert [reply_seconds(parts, at) for at in starts] == [before, 7_200, 3_600]


async def test_the_folder_that_holds_already_with_a_later_row_is_published_from_that_day(
    url: str, written: Write
) -> None:
    day = date(2027, 1, 1)
    folder = written((day, 7_200), version="2026.11")
    async with running(url, SimulatedClock(NOW)) as parts:
        published = await publishing(parts, folder)
        assert [one.valid_from for one in published.new] == [midnight(day)]


async def test_repeated_it_changes_nothing(url: str, written: Write) -> None:
    folder = written((date(2026, 1, 1), 7_200), (date(2027, 1, 1), 3_600))
    clock = SimulatedClock(NOW)
    async with running(url, clock) as parts, Outside(url) as outside:
        first = await publishing(parts, folder, reason="one")
        before = await outside.rows(WRITTEN)
        for day in (None, FIRST_POSSIBLE, date(2026, 12, 1)):
            again = await publishing(parts, folder, day, reason="two")
            assert (again.standing, again.new) == (first.standing, frozenset())
        clock.jump(NOW + timedelta(days=30))
        again = await publishing(parts, folder)
        assert (again.standing, again.new) == (first.standing[1:], frozenset())
        assert await outside.rows(WRITTEN) == before


async def test_a_refusal_of_one_day_leaves_none_published(url: str, written: Write) -> None:
    day = date(2027, 1, 1)
    async with running(url, SimulatedClock(NOW)) as parts, Outside(url) as outside:
        await publishing(parts, written((day, 7_200), version="a"), day)
        before = await outside.rows(WRITTEN)
        with pytest.raises(NotPublished, match="valid_from_taken: another pack holds from then"):
            await publishing(parts, written((day, 3_600), version="b"))
        assert await outside.rows(WRITTEN) == before


async def test_says_what_another_folder_will_replace(url: str, written: Write) -> None:
    day = date(2027, 1, 1)
    async with running(url, SimulatedClock(NOW)) as parts:
        await publishing(parts, written((date(2026, 1, 1), 7_200), version="a"), day)
        published = await publishing(parts, written((date(2026, 1, 1), 3_600), version="b"))
        assert [one.version for one in published.standing] == ["2026.11", "b", "a"]
        assert [(one.version, one.valid_from) for one in published.others] == [("a", midnight(day))]


@pytest.mark.parametrize(
    ("first_day", "starts"),
    [(None, BEGINNING), (date(2026, 5, 1), midnight(date(2026, 5, 1)))],
)
async def test_the_first_pack_of_a_market_needs_no_notice(
    url: str, written: Write, first_day: date | None, starts: datetime
) -> None:
    folder = written((date(2026, 10, 1), 7_200), (date(2027, 1, 1), 3_600), market="xx")
    async with running(url, SimulatedClock(NOW)) as parts:
        published = await publishing(parts, folder, first_day)
        assert [one.valid_from for one in published.standing] == [
            starts,
            midnight(date(2027, 1, 1)),
        ]
        assert reply_seconds(parts, starts, "xx") == reply_seconds(parts, NOW, "xx") == 7_200
        assert reply_seconds(parts, midnight(date(2027, 1, 1)), "xx") == 3_600


async def test_goes_on_from_what_another_process_has_just_published(
    url: str, written: Write
) -> None:
    clock = SimulatedClock(NOW)
    async with running(url, clock) as one, running(url, clock) as other:
        first = written((date(2026, 10, 1), 7_200), market="xx")
        await publishing(one, first)
        folder = written((date(2026, 10, 1), 3_600), version="next", market="xx")
        assert (await first_days(other, folder)).ordinary == FIRST_POSSIBLE
        published = await publishing(other, folder)
        assert [one.version for one in published.standing] == ["2026.12", "next"]


async def test_says_no_day_before_the_folder_begins(url: str, tmp_path: Path) -> None:
    path, opens = write(tmp_path / "later"), date(2027, 1, 1)
    head = (path / "pack.toml").read_text()
    (path / "pack.toml").write_text(head.replace("2024-01-01", str(opens)))
    folder = load_folder(path)
    async with running(url, SimulatedClock(NOW)) as parts:
        said = await first_days(parts, folder)
        assert (said.ordinary, said.major) == (opens, opens)
        published = await publishing(parts, folder, said.ordinary)
        assert published.standing[-1].valid_from == midnight(opens)


async def test_a_first_pack_holds_on_no_day_for_which_it_says_nothing(
    url: str, written: Write
) -> None:
    folder = written((date(2026, 10, 1), 7_200), market="xx")
    async with running(url, SimulatedClock(NOW)) as parts, Outside(url) as outside:
        before = await outside.rows(WRITTEN)
        for unfit in (date.min, date(2023, 12, 31)):
            with pytest.raises(PackInvalid, match="this pack holds from 2024-01-01, so not on"):
                await publishing(parts, folder, unfit)
        assert await outside.rows(WRITTEN) == before


async def test_what_changes_soon_is_announced_with_the_first_pack_of_a_market(
    url: str, written: Write
) -> None:
    tomorrow = NOW.date() + timedelta(days=1)
    folder = written((date(2026, 10, 1), 7_200), (tomorrow, 3_600), market="xx")
    async with running(url, SimulatedClock(NOW)) as parts:
        published = await publishing(parts, folder)
        assert [one.valid_from for one in published.standing] == [BEGINNING, midnight(tomorrow)]
        assert published.new == set(published.standing)
        assert reply_seconds(parts, NOW, "xx") == 7_200
        assert reply_seconds(parts, midnight(tomorrow), "xx") == 3_600
        again = await publishing(parts, folder)
        assert (again.standing, again.new) == (published.standing, frozenset())


def oncedesk(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from oncedesk.cli.main import main; main()", "rules", *arguments],
        env={
            **os.environ,
            "ONCEDESK_DATABASE_URL": url,
            "ONCEDESK_LOG_LEVEL": "error",
            "COLUMNS": "120",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.slow
async def test_the_command_publishes_prints_and_may_be_repeated(url: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "rules", (date(2026, 1, 1), 7_200))
    # The first pack of its market, though one comes with the program.
    done = oncedesk(url, "publish", str(folder), "--reason", "ours from the start")
    assert done.returncode == 0, done.stderr
    assert "What holds in cn" in done.stdout
    (line,) = [line for line in done.stdout.splitlines() if "2026.12" in line]
    assert "the beginning" in line
    assert "published now" in line
    async with Outside(url) as outside:
        assert await outside.value("SELECT count(*) FROM journal WHERE kind = 'rulebook'") == 2

        later = (utc_now() + timedelta(days=60)).date()
        more = (folder / "own.toml").read_text() + VALUE.format(since=later, value=3_600)
        (folder / "own.toml").write_text(more)
        for said in ("published now", "planned before"):
            done = oncedesk(url, "publish", str(folder))
            assert done.returncode == 0, done.stderr
            (line,) = [line for line in done.stdout.splitlines() if f"{later} 00:00" in line]
            assert said in line
            assert ("nothing to publish" in done.stdout) == (said == "planned before")
        assert await outside.value("SELECT count(*) FROM journal WHERE kind = 'rulebook'") == 3


@pytest.mark.slow
async def test_the_command_says_in_one_line_what_is_wrong(url: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "rules", (date(2026, 1, 1), 7_200))
    bad = write(tmp_path / "bad", (date(2026, 1, 1), -1))
    today = utc_now().date()
    async with running(url, utc_now), Outside(url) as outside:
        before = await outside.rows(WRITTEN)
        for arguments, expected in [
            ((str(tmp_path / "none"),), f"{tmp_path}/none: expected a folder of TOML files"),
            ((str(bad),), "own.toml: asking[1].value (reply_seconds): expected"),
            ((str(folder), "--from", f"{today + timedelta(days=3)}"), "notice_too_short: at least"),
            ((str(folder), "--from", "2025-01-01"), "Not published: valid_from_past: rules never"),
            ((str(folder), "--from", "2020-01-01"), "pack.first_day: this pack holds from 2024-"),
            ((str(folder), "--reason", " "), "--reason: expected one line of words, at most 500"),
            ((str(folder), "--reason", "a\nb"), "--reason: expected one line of words"),
            ((str(folder), "--reason", "x" * 501), "--reason: expected one line of words"),
        ]:
            done = oncedesk(url, "publish", *arguments)
            assert (done.returncode, done.stdout) == (1, ""), arguments
            (line,) = done.stderr.splitlines()
            assert expected in line
        done = oncedesk(url, "publish", str(folder), "--from", "next week")
        assert done.returncode == 2
        assert "next week" in done.stderr + done.stdout
        assert "Traceback" not in done.stderr
        assert await outside.rows(WRITTEN) == before
