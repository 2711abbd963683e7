"""Rule 8: one process at a time wakes, sweeps, dispatches, sends; when it is gone, another."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from oncedesk.domain.agents.messages import PlanShift, RegisterAgent
from oncedesk.engine.ports import ConnectionLost
from oncedesk.engine.running import utc_now
from oncedesk.storage.leases import AdvisoryLeases
from tests.support.engines import (
    DEADLINE_SECONDS,
    Outside,
    engine_on,
    eventually,
    party,
    register,
    within,
)
from tests.support.lines import Line, line_to
from tests.support.listeners import listening

CUT_OFF = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_locks
WHERE locktype = 'advisory' AND granted AND database = (
    SELECT oid FROM pg_database WHERE datname = current_database()
)
"""
HOLDERS = "SELECT count(DISTINCT pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
HELD = "SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND granted"

# A wake that comes too early is put right by whoever wakes.
DUE_NOW = "UPDATE state SET wake = now() WHERE kind = 'agent'"
CORRECTED = "SELECT wake > now() FROM state WHERE kind = 'agent'"

HOLD = """
import asyncio, sys
from oncedesk.storage.leases import AdvisoryLeases

async def hold():
    leases = AdvisoryLeases(sys.argv[1])
    print(await leases.hold("clocks"), flush=True)
    await asyncio.sleep(3600)

asyncio.run(hold())
"""


def shift(number: int) -> PlanShift:
    starts_at = utc_now() + timedelta(hours=1)
    return PlanShift(
        agent=party(number), starts_at=starts_at, ends_at=starts_at + timedelta(hours=8)
    )


async def soon(ask: Callable[[], Awaitable[bool]]) -> None:
    """True before the deadline, however often it has to be asked."""
    until = utc_now() + timedelta(seconds=DEADLINE_SECONDS)
    while not await ask():
        assert utc_now() < until


async def test_one_holds_each_and_gives_it_back(url: str) -> None:
    one, other = AdvisoryLeases(url), AdvisoryLeases(url)
    assert await one.hold("clocks")
    assert await one.hold("clocks")
    assert not await other.hold("clocks")
    assert await other.hold("outbox")
    assert not await one.hold("outbox")
    await one.release_all()
    await soon(lambda: other.hold("clocks"))
    assert not await one.hold("clocks")
    await one.release_all()
    await other.release_all()


async def test_a_killed_process_holds_nothing(url: str) -> None:
    process = subprocess.Popen([sys.executable, "-c", HOLD, url], stdout=subprocess.PIPE, text=True)
    mine = AdvisoryLeases(url)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        assert not await mine.hold("clocks")
    finally:
        process.kill()
        process.communicate()
    await soon(lambda: mine.hold("clocks"))
    await mine.release_all()


async def test_a_broken_session_loses_its_leases_and_knows_it(url: str) -> None:
    one, other = AdvisoryLeases(url), AdvisoryLeases(url)
    assert await one.hold("clocks")
    async with Outside(url) as outside:
        assert await outside.column(CUT_OFF) == [True]
    await soon(lambda: other.hold("clocks"))
    assert not await one.hold("clocks")
    await other.release_all()
    await soon(lambda: one.hold("clocks"))
    await one.release_all()


async def test_a_process_that_hangs_holds_nothing_and_knows_it_when_it_goes_on(url: str) -> None:
    """Its session lives, and nobody closes it: it only asks nothing any more."""
    hanging = AdvisoryLeases(url, silent_seconds_max=0.5, sure_seconds=0.0)
    other = AdvisoryLeases(url)
    await soon(lambda: _held_again(hanging))
    await soon(lambda: other.hold("clocks"))
    assert not await _held_again(hanging)
    await other.release_all()
    await soon(lambda: _held_again(hanging))
    await hanging.release_all()


async def test_without_a_database_nobody_holds_anything(url: str) -> None:
    nowhere = AdvisoryLeases(url.replace("socket", "no-such-folder"))
    with pytest.raises(ConnectionLost):
        await nowhere.hold("clocks")
    await nowhere.release_all()


async def test_a_database_that_never_answers_counts_as_lost(url: str) -> None:
    async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        while await reader.read(1_024):
            pass

    async with listening(silent) as port:
        nowhere = AdvisoryLeases(f"postgresql://u@127.0.0.1:{port}/d", seconds_max=0.2)
        with pytest.raises(ConnectionLost):
            await within(nowhere.hold("clocks"))
        await within(nowhere.release_all())


async def test_a_database_that_falls_silent_is_connected_to_anew(url: str) -> None:
    async with line_to(url) as line:
        mine = AdvisoryLeases(line.url, seconds_max=0.5)
        await _lost_and_held_again(mine, line, silent_from="pg_try_advisory_lock")


async def test_a_holder_whose_line_is_dead_knows_it(url: str) -> None:
    async with line_to(url) as line:
        mine = AdvisoryLeases(line.url, seconds_max=0.5, sure_seconds=0.0)
        await soon(lambda: _held_again(mine))
        await _lost_and_held_again(mine, line, silent_from="SELECT 1")


async def test_stopping_does_not_wait_for_a_database_that_fell_silent(url: str) -> None:
    async with line_to(url) as line:
        mine = AdvisoryLeases(line.url, seconds_max=0.5)
        line.hold_before("pg_try_advisory_lock")
        holding = asyncio.create_task(mine.hold("clocks"))
        try:
            await within(line.reached.wait())
            holding.cancel()
            await asyncio.gather(holding, return_exceptions=True)
            await within(mine.release_all())
        finally:
            line.go_on.set()


async def _lost_and_held_again(mine: AdvisoryLeases, line: Line, *, silent_from: str) -> None:
    line.hold_before(silent_from)

    async def lost() -> bool:
        with pytest.raises(ConnectionLost):
            await within(mine.hold("clocks"))
        # And not because there was no connection yet.
        return line.reached.is_set()

    try:
        await soon(lost)
    finally:
        line.go_on.set()
    await soon(lambda: _held_again(mine))
    await within(mine.release_all())


async def _held_again(leases: AdvisoryLeases) -> bool:
    try:
        return await leases.hold("clocks")
    except ConnectionLost:
        return False


async def test_of_two_engines_one_does_it_all_until_it_stops(url: str) -> None:
    async with Outside(url) as outside:
        async with engine_on(url, started=True) as one:
            await outside.until(HELD, True)
            async with engine_on(url, started=True) as other:
                await other.all([register(number) for number in range(10)])
                assert await outside.value(HOLDERS) == 1
                await one.engine.stop()
                await outside.until(HELD, True)
                assert await outside.value(HOLDERS) == 1
                await other.all([RegisterAgent(agent=party(100)), shift(100)])
                await outside.run(DUE_NOW)
                await outside.until(CORRECTED, True)
        await outside.until(HELD, False)


async def test_what_happens_by_itself_survives_its_session_and_its_mistakes(url: str) -> None:
    async with engine_on(url, started=True) as rig, Outside(url) as outside:
        await outside.until(HELD, True)
        await outside.run(CUT_OFF)
        await rig.all([RegisterAgent(agent=party(1)), shift(1)])
        with capture_logs() as logs:
            await outside.run("ALTER TABLE state RENAME COLUMN wake TO hidden")
            failed = {"event": "background_failed", "job": "clocks"}.items()
            await eventually(lambda: any(failed <= one.items() for one in logs), "it failed")
            await outside.run("ALTER TABLE state RENAME COLUMN hidden TO wake")
        await outside.run(DUE_NOW)
        await outside.until(CORRECTED, True)
