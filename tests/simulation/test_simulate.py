"""The simulation holds what it must, and each way of breaking the engine is noticed."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import asyncpg
import pytest
from msgspec.structs import replace

from oncedesk.cli.stopping import STOPPED
from oncedesk.engine.matching import Waiting
from oncedesk.engine.ports import Decided, StateWrite
from oncedesk.settings import Settings
from oncedesk.simulation import charging, history, money, presales, standing
from oncedesk.simulation.arrivals import HOUR, arrival_moments, busiest_hour, surge_begins
from oncedesk.simulation.own_database import own_database
from oncedesk.simulation.playing import JUMPS, START
from oncedesk.simulation.progress import Phase, Progress
from oncedesk.simulation.report import RunReport
from oncedesk.simulation.run import STRUCK, simulate
from oncedesk.simulation.sabotage import Sabotage
from oncedesk.storage.answered import answered
from oncedesk.storage.dispatching import PostgresDispatchView
from oncedesk.storage.ledger import writing
from oncedesk.storage.urls import database_of
from tests.support.homes import end_all, fresh_home
from tests.test_commands import oncedesk

CASES = 40
_NAMED = (
    *("silence", "absences", "wrong_attribution", "duplicates_sent", "duplicates_recognised"),
    *("late_events", "late_replies", "silent_consumers", "clock_jumps"),
)


def settings(url: str) -> Settings:
    return Settings(home=Path("/nonexistent"), database_url=url)


def found(report: RunReport) -> set[str]:
    return {check.name for check in report.checks if check.breaches}


async def test_holds_through_whole_lifecycles_with_faults(server_url: str) -> None:
    report = await simulate(settings(server_url), cases=CASES, seed=7)

    assert found(report) == set(), report
    done = {check.name: check.done for check in report.checks}
    never = {name for name, number in done.items() if not number}
    assert STRUCK in never
    assert never <= {STRUCK, *charging.CHECKS, *presales.CHECKS}, "so few may never change theirs"
    assert report.counts["lifecycles"] == CASES
    ended = report.counts["cases.closed"] + report.counts["cases.merged"]
    assert report.counts["cases.opened"] == ended >= CASES // 2
    assert CASES // 4 < report.counts["arrivals.busiest_hour"] < CASES
    for fault in _NAMED:
        assert report.faults[fault] > 0, fault
    assert "surges.began" in report.counts, "what never happened is reported, too"
    for count in (
        *("remedies.granted.rule", "remedies.settled", "refunds.sent", "refunds.asked"),
        "payouts",
    ):
        assert report.counts[count] > 0, count
    assert report.faults["letters_lost"] + report.faults["letters_twice"] > 0
    assert {
        "changes.refused",
        "contests.made",
        "disputes.in_part",
        "presales.unpaid",
        "remedies.asked.repair",
        "returns.lost",
        "recoveries.posted",
    } <= set(report.counts)
    assert {"refunds_told_twice", "refund_routes_dead", "silent_desks"} <= set(report.faults)
    assert await leftovers(server_url) == []


def test_in_one_hour_fifty_times_as_many_come() -> None:
    days, number = 3, 20_000
    moments = arrival_moments(
        cases=number, start=START, days=days, tick=timedelta(minutes=1), chance=Random(3)
    )
    begins = surge_begins(START)
    rush = sum(begins <= at < begins + HOUR for at in moments)
    assert rush == pytest.approx(number * 50 / (50 + days * 24 - 1), rel=0.05)
    assert rush == busiest_hour(moments)


@pytest.mark.parametrize("cases", [1, 2])
async def test_holds_with_fewer_cases_than_hours_are_skipped(server_url: str, cases: int) -> None:
    report = await simulate(settings(server_url), cases=cases, seed=1)

    assert found(report) == set(), report
    assert report.counts["lifecycles"] == cases
    assert report.faults["clock_jumps"] == JUMPS


@pytest.mark.parametrize(("sabotage", "code"), [((), 0), (("--sabotage", "skill"), 1)])
def test_the_exit_code_says_whether_anything_was_found(
    server_url: str, sabotage: tuple[str, ...], code: int
) -> None:
    done = oncedesk(server_url, "simulate", "--cases", "20", "--seed", "7", *sabotage)

    assert done.returncode == code, done.stderr
    assert (" breaches with seed 7. Repeat: " in done.stderr) == bool(code)


@pytest.mark.parametrize("cases", ["0", "-3"])
def test_refuses_to_play_nothing(server_url: str, cases: str) -> None:
    done = oncedesk(server_url, "simulate", "--cases", cases)

    assert done.returncode == 2
    assert "--cases: at least 1" in done.stderr


@pytest.mark.parametrize(
    ("sabotage", "check"),
    [
        (Sabotage.LOST_JOURNAL, history.ONCE),
        (Sabotage.DOUBLE_APPLY, history.ONCE),
        (Sabotage.DROPPED_WAKE, standing.WAKE),
        (Sabotage.TWO_OWNERS, standing.INBOX),
        (Sabotage.SKILL, history.ABLE),
        (Sabotage.DOUBLE_REFUND, money.SENT),
    ],
)
async def test_notices_what_is_broken(server_url: str, sabotage: Sabotage, check: str) -> None:
    report = await simulate(settings(server_url), cases=CASES, seed=7, sabotage=sabotage)

    assert STRUCK not in found(report), "there was nothing to break"
    assert check in found(report), found(report)
    assert report.breaches > 0
    assert report.repeat().endswith(f"--cases {CASES} --seed 7 --sabotage {sabotage}")


@pytest.mark.parametrize("forgotten", ["skill", "language"])
async def test_notices_what_dispatch_forgets(
    server_url: str, monkeypatch: pytest.MonkeyPatch, forgotten: str
) -> None:
    honest = PostgresDispatchView.heads

    async def heads(view: PostgresDispatchView, *args: Any, **options: Any) -> list[Waiting]:
        return [replace(one, **{forgotten: ""}) for one in await honest(view, *args, **options)]

    monkeypatch.setattr(PostgresDispatchView, "heads", heads)
    report = await simulate(settings(server_url), cases=CASES, seed=7)

    assert found(report) == {history.ABLE}, report


async def test_notices_that_the_ledger_loses_an_entry(
    server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = writing._rows

    def rows(write: StateWrite, one: Decided) -> Iterator[Sequence[Any]]:
        return (row for row in honest(write, one) if "RefundSent" not in row)

    monkeypatch.setattr(writing, "_rows", rows)
    report = await simulate(settings(server_url), cases=CASES, seed=7)

    assert found(report) == {money.LEDGER}, report


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
async def test_leaves_no_database_however_it_ends(server_url: str, how: signal.Signals) -> None:
    run = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from oncedesk.cli.main import main; main()", "simulate"),
        env={**os.environ, "ONCEDESK_DATABASE_URL": server_url, "ONCEDESK_LOG_LEVEL": "error"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    while not await connections(server_url):  # noqa: ASYNC110 - another process makes them
        await asyncio.sleep(0.05)
    run.send_signal(how)
    _, said = await asyncio.wait_for(run.communicate(), 60)

    assert "Traceback" not in said.decode()
    if how is signal.SIGKILL:
        while await connections(server_url):  # noqa: ASYNC110 - the server ends them
            await asyncio.sleep(0.05)
        [left] = await leftovers(server_url)
        async with own_database(settings(server_url), name="simulation"):
            assert left not in await leftovers(server_url), "the next run drops it"
    else:
        assert run.returncode == STOPPED
    assert await leftovers(server_url) == []


async def test_drops_none_that_is_kept_or_in_use(server_url: str) -> None:
    async with own_database(settings(server_url), name="simulation", keep=True) as url:
        kept = database_of(url)
    async with (
        own_database(settings(server_url), name="simulation") as one,
        own_database(settings(server_url), name="simulation") as other,
    ):
        names = {kept, database_of(one), database_of(other)}
        assert set(await leftovers(server_url)) == names
    assert await leftovers(server_url) == [kept]
    connection = await asyncpg.connect(server_url)
    try:
        await connection.execute(f"DROP DATABASE {kept}")
    finally:
        await connection.close()


@pytest.mark.parametrize("during", [None, Phase.OPEN, Phase.PLAY, Phase.HISTORY, Phase.DECIDE])
async def test_goes_on_where_the_owner_of_its_server_ends(during: Phase | None) -> None:
    with fresh_home() as home:
        owner = EmbeddedOwner(home)

        def progress(now: Progress) -> None:
            # In the middle of a phase, where it tells more than that it begins.
            if now.phase is during and (during is not Phase.PLAY or now.ended):
                owner.end()

        try:
            if during is None:
                async with own_database(Settings(home=home), name="simulation") as url:
                    owner.end()
                    assert await answered(partial(leftovers, url)) == [database_of(url)]
            else:
                report = await simulate(Settings(home=home), cases=10, seed=7, progress=progress)
                assert found(report) == set(), report
            assert owner.ended
        finally:
            owner.end()
            end_all(home)


class EmbeddedOwner:
    """Another process, which owns the embedded server until it is told to end."""

    def __init__(self, home: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _OWNER, str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "owner\n"

    @property
    def ended(self) -> bool:
        return self._process.returncode is not None

    def end(self) -> None:
        if not self.ended:
            self._process.communicate(timeout=60)


_OWNER = """
import sys
from pathlib import Path
from oncedesk.storage.embedded import start_embedded
with start_embedded(home=Path(sys.argv[1])):
    print("owner", flush=True)
    sys.stdin.read()
"""


async def leftovers(url: str) -> list[str]:
    """Databases that a run has left on the server."""
    return await _column(url, "SELECT datname FROM pg_database WHERE datname LIKE $1")


async def connections(url: str) -> list[str]:
    """To a run's database."""
    return await _column(url, "SELECT datname FROM pg_stat_activity WHERE datname LIKE $1")


async def _column(url: str, query: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(query, "oncedesk\\_simulation\\_%")
    finally:
        await connection.close()
    return [row[0] for row in rows]
