"""`oncedesk serve --processes`: what the parent does about processes that die or hang."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

import psutil
import pytest
from structlog.testing import capture_logs

from oncedesk.cli import serve
from oncedesk.http.ports import ReservedPort
from oncedesk.settings import Settings
from tests.support.engines import DEADLINE_SECONDS, eventually, within
from tests.support.stand_ins import Interrupted, ends_when_asked, hangs

pytestmark = pytest.mark.slow
SETTINGS = Settings(home=Path("/nowhere"))


class Parent:
    """The parent of stand-ins. `code` is what it ends with."""

    def __init__(self, stop: asyncio.Event, code: "asyncio.Task[int]") -> None:
        self.stop = stop
        self.code = code

    async def children(self, count: int, *, without: int | None = None) -> list[psutil.Process]:
        """So many, once they are there."""
        until = time.monotonic() + DEADLINE_SECONDS
        while True:
            found = [one for one in psutil.Process().children() if _serves(one)]
            if len(found) == count and without not in {one.pid for one in found}:
                return found
            assert not self.code.done()
            assert time.monotonic() < until, found
            await asyncio.sleep(0.02)


def _serves(process: psutil.Process) -> bool:
    try:
        return "spawn_main" in " ".join(process.cmdline())
    except psutil.Error:
        return False


@asynccontextmanager
async def parent_of(
    child: Callable[..., None], processes: int, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Parent]:
    """All of them are ready."""
    stop, ready = asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def no_database(_: Settings) -> AsyncIterator[str]:
        yield "postgresql://nobody@127.0.0.1:1/nothing"

    def said_ready(_: Any) -> None:
        ready.set()

    monkeypatch.setattr(serve, "database", no_database)
    monkeypatch.setattr(serve, "stopped_by_signals", lambda: stop)
    monkeypatch.setattr(serve, "_say_ready", said_ready)
    monkeypatch.setattr(serve, "_child", child)
    reserved = ReservedPort("127.0.0.1", 0)
    code = asyncio.create_task(serve._together(SETTINGS, reserved, processes))
    try:
        await within(ready.wait())
        yield Parent(stop, code)
    finally:
        stop.set()
        await asyncio.wait([code])
        reserved.close()


async def test_those_that_hang_are_killed_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "STOP_SECONDS_MAX", 2.0)
    async with parent_of(hangs, 4, monkeypatch) as parent:
        began = time.monotonic()
        parent.stop.set()
        assert await within(parent.code) == 1
        # One after the other, each would have had its own.
        assert time.monotonic() - began < 4 * serve.STOP_SECONDS_MAX


async def test_one_that_is_interrupted_while_it_starts_serves_until_it_is_asked_to_stop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A terminal's Ctrl-C goes to all of them; what it means is the parent's business."""
    async with parent_of(Interrupted(), 2, monkeypatch) as parent:
        await parent.children(2)
        parent.stop.set()
        assert await within(parent.code) == 0


async def test_one_that_cannot_be_started_again_at_once_ends_nobody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with parent_of(ends_when_asked, 2, monkeypatch) as parent:
        first, second = await parent.children(2)
        with capture_logs() as logs:
            _full_once(monkeypatch)
            first.kill()
            found = await parent.children(2, without=first.pid)
        assert second.pid in {one.pid for one in found}
        events = [one["event"] for one in logs]
        assert events == ["process_ended", "process_not_started"]
        parent.stop.set()
        assert await within(parent.code) == 0


async def test_one_that_cannot_be_started_again_holds_up_no_stop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with parent_of(ends_when_asked, 2, monkeypatch) as parent:
        first, _ = await parent.children(2)
        with capture_logs() as logs:
            monkeypatch.setattr(SpawnProcess, "start", _full)
            first.kill()
            await eventually(lambda: len(logs) > 2, "it was tried again and again")
            parent.stop.set()
            assert await within(parent.code) == 0


def _full(_: SpawnProcess) -> None:
    raise BlockingIOError("no more processes")


def _full_once(monkeypatch: pytest.MonkeyPatch) -> None:
    start = SpawnProcess.start

    def full(process: SpawnProcess) -> None:
        monkeypatch.setattr(SpawnProcess, "start", start)
        _full(process)

    monkeypatch.setattr(SpawnProcess, "start", full)
