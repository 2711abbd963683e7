"""Each bench once, small: it measures the real thing and counts what it acknowledged."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from oncedesk.backtesting.spreading import cores
from oncedesk.bench.contacts import NotAsAcknowledged, insist
from oncedesk.bench.peers.environment import PeerNotInstalled, environment
from oncedesk.bench.turns import Turn
from oncedesk.bench.web import OPENINGS, NoBrowser, browser
from oncedesk.engine.backtest.registry import QUESTIONS
from tests.support.engines import Outside


def bench(url: str, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from oncedesk.cli.main import main; main()", "bench", *arguments],
        env={
            **os.environ,
            "ONCEDESK_DATABASE_URL": url,
            "ONCEDESK_HOME": str(home),
            "ONCEDESK_LOG_LEVEL": "error",
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        stdin=subprocess.DEVNULL,
    )


async def databases(url: str) -> list[Any]:
    async with Outside(url) as outside:
        return await outside.column("SELECT datname FROM pg_database ORDER BY datname")


@pytest.mark.slow
async def test_engine_plays_whole_lifecycles_and_leaves_nothing(url: str, tmp_path: Path) -> None:
    before = await databases(url)
    # PostgreSQL tells the rows of the last second late: of three that would be a third.
    small = ("--seconds", "6", "--orders", "100", "--open-at-once", "200", "--processes", "2")
    done = bench(url, tmp_path, "engine", *small, "--json")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["lifecycles_per_second"] > 0
    assert figures["commands_per_second"] > figures["lifecycles_per_second"]
    assert 3 < figures["rows_per_command"] < 6
    assert figures["statements_per_command"] > 0
    assert figures["python_us_per_command"] > 0
    assert figures["wal_bytes_per_command"] > 0
    assert figures["last_to_first"] > 0
    assert (figures["refused"], figures["parked"], figures["processes"]) == (0, 0, 2)
    assert await databases(url) == before


@pytest.mark.slow
async def test_growth_measures_at_each_size_and_leaves_nothing(url: str, tmp_path: Path) -> None:
    before = await databases(url)
    small = ("--sizes", "300", "--sizes", "600", "--seconds", "2", "--json")
    done = bench(url, tmp_path, "growth", *small)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert [step["cases"] for step in figures["steps"]] == [300, 600]
    for step in figures["steps"]:
        assert step["cases_before"] == step["cases_after"] == step["cases"], "it stays as it is"
        assert step["assigned"] == step["cases"], "dispatch runs: all agents together hold 2,000"
        assert step["commands_per_second"] > step["resolved_per_second"] > 0
    first, last = figures["steps"]
    for ratio in ("commands_ratio", "page_p99_ratio"):
        assert first[ratio] == 1.0
        assert figures[ratio] == last[ratio] > 0
    # Here the smallest has no other turns than those in turn with the largest.
    speeds = last["commands_per_second"] / first["commands_per_second"]
    assert last["commands_ratio"] == pytest.approx(speeds, rel=0.001)
    assert await databases(url) == before


@pytest.mark.slow
@pytest.mark.parametrize("which", ["engine", "growth", "http", "live", "remedies"])
async def test_refuses_to_measure_what_need_not_be_on_the_disk(
    url: str, tmp_path: Path, which: str
) -> None:
    before = await databases(url)
    done = bench(f"{url}&synchronous_commit=off", tmp_path, which, "--seconds", "1", "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert "synchronous_commit = off" in done.stderr
    assert "Traceback" not in done.stderr
    assert await databases(url) == before


@pytest.mark.parametrize(
    "wrong",
    [
        ("engine", "--seconds", "0"),
        ("engine", "--orders", "0"),
        ("engine", "--open-at-once", "0"),
        ("growth", "--seconds", "-1"),
        ("growth", "--sizes", "0"),
        ("remedies", "--seconds", "0"),
    ],
    ids=" ".join,
)
def test_nothing_cannot_be_measured(url: str, tmp_path: Path, wrong: tuple[str, ...]) -> None:
    done = bench(url, tmp_path, *wrong)
    assert (done.returncode, done.stdout) == (2, "")
    assert wrong[1] in done.stderr
    assert "Must be" in done.stderr


@pytest.mark.slow
async def test_http_records_each_contact_that_it_acknowledges(url: str, tmp_path: Path) -> None:
    before = await databases(url)
    done = bench(url, tmp_path, "http", "--seconds", "1", "--connections", "8", "--json")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["acknowledged"] == figures["recorded"] > 8
    assert figures["contacts_per_second"] > 0
    assert 0 < figures["p50_ms"] <= figures["p99_ms"]
    assert figures["share_of_echo"] > 0
    assert figures["server_rss_mb"] > 10
    assert figures["server_cpu_us_per_contact"] > 0
    assert figures["postgres_us_per_contact"] > 0
    assert figures["client_cpu_us_per_contact"] > 0
    assert 0 <= figures["steal_percent"] <= 100
    assert (figures["processes"], figures["connections"]) == (cores(), 8)
    assert await databases(url) == before


@pytest.mark.slow
def test_backtest_decides_every_generated_case_again(tmp_path: Path) -> None:
    small = ("--decisions", "4000", "--processes", "2", "--seed", "3", "--json")
    done, again = (bench("", tmp_path, "backtest", *small) for _ in range(2))
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert (figures["decisions"], figures["processes"]) == (4_000, 2)
    assert figures["decisions_per_second_per_core"] > 0
    for question in QUESTIONS:
        assert figures[f"{question}_per_second_per_core"] > 0
    assert 0 < figures["changed"] < 2_000
    assert json.loads(again.stdout)["changed"] == figures["changed"], (
        "the same seed, the same cases"
    )


@pytest.mark.slow
async def test_live_tells_each_listener_of_each_message_once(url: str, tmp_path: Path) -> None:
    before = await databases(url)
    small = ("--seconds", "1", "--listeners", "20", "--per-second", "50", "--json")
    done = bench(url, tmp_path, "live", *small)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["heard"] == figures["acknowledged"] > 0
    assert 0 < figures["p50_ms"] <= figures["p99_ms"] <= figures["max_ms"]
    assert (figures["listeners"], figures["processes"]) == (20, 2)
    assert await databases(url) == before


@pytest.mark.slow
async def test_web_opens_cases_that_the_browser_has_not_seen(url: str, tmp_path: Path) -> None:
    try:
        browser()
    except NoBrowser as error:
        pytest.skip(str(error))
    before = await databases(url)
    done = bench(url, tmp_path, "web", "--cases", "200", "--json")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["opened"] == OPENINGS
    assert 0 < figures["open_case_p50_ms"] <= figures["open_case_max_ms"]
    assert figures["scrolled_rows"] > OPENINGS
    assert await databases(url) == before


@pytest.mark.slow
async def test_peers_does_the_same_work_on_both(
    url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before = await databases(url)
    home = tmp_path_factory.mktemp("peers")
    done = bench(url, home, "peers", "--seconds", "1", "--rounds", "1", "--json")
    if "the peer cannot be installed" in done.stderr:
        pytest.skip(f"the package index cannot be reached: {done.stderr.strip()[-300:]}")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["peer_recorded"] > 0
    assert figures["our_recorded"] > 0
    assert figures["peer_version"]
    assert figures["ratio"] > 0
    assert len(figures["peer_rounds"]) == len(figures["our_rounds"]) == 1
    assert 0 < figures["client_share_max"] < 1
    assert await databases(url) == before


def test_without_an_index_the_peer_is_one_clear_line(url: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from oncedesk.cli.main import main; main()", "bench", "peers"],
        env={
            **os.environ,
            "ONCEDESK_DATABASE_URL": url,
            "ONCEDESK_HOME": str(tmp_path),
            # Whoever installs: no index, and nothing found locally or kept from another time.
            "UV_OFFLINE": "1",
            "UV_CACHE_DIR": str(tmp_path / "cache"),
            "UV_FIND_LINKS": "",
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": "",
            "PIP_CONFIG_FILE": os.devnull,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 1
    assert done.stderr.lstrip().startswith("the peer cannot be installed: ")
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.slow
def test_an_environment_that_failed_is_made_anew_the_next_time(tmp_path: Path) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("oncedesk @ file:///nowhere/at/all\n")
    for _ in range(2):
        with pytest.raises(PeerNotInstalled, match="nowhere"):
            environment(home=tmp_path, requirements=requirements, progress=lambda _: None)
    assert list((tmp_path / "peers").iterdir()) == []

    requirements.write_text("")
    python = environment(home=tmp_path, requirements=requirements, progress=lambda _: None)
    assert subprocess.run([python, "-c", ""], check=True).returncode == 0
    said: list[str] = []
    assert environment(home=tmp_path, requirements=requirements, progress=said.append) == python
    assert said == []


def turn(*, acknowledged: int, failed: int = 0, refused: str = "") -> Turn:
    return Turn(
        answered=acknowledged,
        acknowledged=acknowledged,
        asked=acknowledged + failed,
        seconds=1.0,
        latencies_ms=[1.0] * acknowledged,
        cpu_seconds=0.1,
        failed=failed,
        refused=refused,
    )


@pytest.mark.parametrize("recorded", [4, 6])
def test_refuses_figures_where_the_database_says_otherwise(recorded: int) -> None:
    turns = [turn(acknowledged=2), turn(acknowledged=3)]
    assert insist(turns, recorded=5) == 5
    with pytest.raises(NotAsAcknowledged, match=f"5 acknowledged, {recorded} recorded"):
        insist(turns, recorded=recorded)


def test_refuses_figures_with_refusals_among_them() -> None:
    turns = [turn(acknowledged=5), turn(acknowledged=0, failed=2, refused="503 later")]
    with pytest.raises(NotAsAcknowledged, match="2 refused: 503 later"):
        insist(turns, recorded=5)
