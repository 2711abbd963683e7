"""`oncedesk serve`: one process, or several on one database that share a port."""

import asyncio
import multiprocessing
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

import structlog
from msgspec import structs

from oncedesk.cli.session import complain, run, settings_or_exit
from oncedesk.cli.stopping import SIGNALS, stopped_by_signals
from oncedesk.http.ports import PortTaken, ReservedPort
from oncedesk.logs import set_up_logs
from oncedesk.settings import Settings
from oncedesk.storage.embedded import CONNECTIONS_MAX, kept_running
from oncedesk.wiring import build, database

log = structlog.get_logger(__name__)

STOP_SECONDS_MAX = 40.0
"""How long they may take to finish; then they are killed, and nothing acknowledged is lost."""
RESTART_SECONDS_MAX = 10.0
READY = "ready"
POOL_LEAST = 4
_CONNECTIONS_APART = 2
"""Beside its pool a process holds one for its leases and one on which it hears what happens."""
_CONNECTIONS_OTHERS = 10
"""Kept for the server itself and for commands that are run beside."""


def serve(*, host: str = "127.0.0.1", port: int = 8484, processes: int = 1) -> int:
    """Serve the marketplace, its agents and its consumers over HTTP until SIGTERM or Ctrl-C.

    Then, or when its terminal is closed, nothing new is taken, what was begun is finished, and the
    exit code is 0. It is 1 where nothing can be written any more: then it ends by itself, to be
    started again.

    Parameters
    ----------
    host
        The address to listen at; 0.0.0.0 for all.
    port
        The port; 0 for any that is free.
    processes
        How many processes share the port and the database; about one for each core.
    """
    settings = settings_or_exit()
    if not 1 <= processes <= 64 or not 0 <= port <= 65_535:
        complain("--processes: 1 to 64; --port: 0 to 65535")
        return 2
    if settings.database_url is None:
        if (pool := embedded_pool(processes)) < POOL_LEAST:
            complain(
                f"--processes: the embedded database takes {CONNECTIONS_MAX} connections, which are"
                f" too few for {processes} processes; set ONCEDESK_DATABASE_URL to a server of your"
                " own"
            )
            return 2
        settings = structs.replace(settings, pool_max=min(settings.pool_max, pool))
    try:
        reserved = ReservedPort(host, port)
    except PortTaken as error:
        complain(error)
        return 1
    try:
        if processes == 1:
            return run(_alone(settings, reserved))
        return run(_together(settings, reserved, processes))
    finally:
        reserved.close()


def embedded_pool(processes: int) -> int:
    """How many connections each may open at most, so that the embedded server has them for all."""
    return (CONNECTIONS_MAX - _CONNECTIONS_OTHERS) // processes - _CONNECTIONS_APART


async def _alone(settings: Settings, reserved: ReservedPort) -> int:
    from oncedesk.http.serving import serve as serve_parts

    stop = stopped_by_signals()
    async with database(settings) as url, build(url, settings=settings) as parts:
        return await serve_parts(
            parts,
            settings=settings,
            host=reserved.host,
            port=reserved.port,
            stop=stop,
            ready=lambda: _say_ready(reserved),
        )


async def _together(settings: Settings, reserved: ReservedPort, processes: int) -> int:
    """The parent owns the embedded database and serves nobody; it starts again whoever dies."""
    stop = stopped_by_signals()
    async with database(settings) as url:
        with kept_running(url):
            children = [_Child(settings, url, reserved, number) for number in range(processes)]
            try:
                ready = await _until_all_ready(children, stop)
                if ready and not stop.is_set():
                    _say_ready(reserved)
                    await asyncio.gather(*(_watch(child, stop) for child in children))
            finally:
                # Together: each finishes its own, and all of them have the same time for it.
                for child in children:
                    child.ask_to_stop()
                until = time.monotonic() + STOP_SECONDS_MAX
                codes = [await asyncio.to_thread(child.stopped, until=until) for child in children]
    return 0 if all(code == 0 for code in codes) else 1


class _Child:
    """One serving process, and the line that tells it that its parent lives."""

    def __init__(self, settings: Settings, url: str, reserved: ReservedPort, number: int) -> None:
        self._arguments = settings, url, reserved.host, reserved.port, number
        self._failures = 0
        self._begun_at = 0.0
        self._pausing = False
        self._process: BaseProcess
        self._line: Connection
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        line, theirs = context.Pipe()
        process = context.Process(target=_child, args=(*self._arguments, theirs))
        try:
            with _held_back():
                process.start()
        except OSError:
            line.close()
            raise
        finally:
            theirs.close()
        self._process, self._line = process, line
        self._begun_at = time.monotonic()
        self._pausing = False

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def wait_ready(self) -> bool:
        """Whether it serves; waits until it does or has ended."""
        wait([self._line, self._process.sentinel])
        try:
            return bool(self._line.poll() and self._line.recv() == READY)
        except (EOFError, OSError):
            return False

    def ended(self, *, seconds: float) -> bool:
        """Whether it has, within so long."""
        self._process.join(seconds)
        return self._process.exitcode is not None

    def pause(self) -> float:
        """It has ended: how long to wait before it is started again, longer where it dies soon
        each time."""
        lived = time.monotonic() - self._begun_at
        self._failures = 0 if lived > RESTART_SECONDS_MAX else self._failures + 1
        log.error("process_ended", pid=self.pid, code=self._process.exitcode)
        self._pausing = True
        self._line.close()
        return self._longer()

    def start_again(self) -> float | None:
        """How long to wait before the next attempt, where the system has no room for it now."""
        try:
            self._start()
        except OSError as error:
            self._failures += 1
            pause = self._longer()
            log.error("process_not_started", error=str(error), again_in_seconds=pause)
            return pause
        return None

    def _longer(self) -> float:
        return min(0.1 * 2.0 ** min(self._failures, 10), RESTART_SECONDS_MAX)

    def ask_to_stop(self) -> None:
        self._line.close()

    def stopped(self, *, until: float) -> int | None:
        """Its exit code, once it has ended; one that was to start again had nothing to finish.

        `until` is the moment, of the monotonic clock, at which it is killed.
        """
        if self._pausing:
            return 0
        if not self.ended(seconds=max(until - time.monotonic(), 0.0)):
            log.error("process_killed", pid=self.pid, after_seconds=STOP_SECONDS_MAX)
            self._process.kill()
            self._process.join()
        return self._process.exitcode


@contextmanager
def _held_back() -> Iterator[None]:
    """Signals of whom is started meanwhile wait until it can ignore them: a terminal's Ctrl-C goes
    to all, and would end with a traceback whoever is still importing."""
    # It would be started with the first, and let them through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


async def _until_all_ready(children: list[_Child], stop: asyncio.Event) -> bool:
    """Whether all of them serve. One that cannot start at all would not the next time either."""
    stopping: asyncio.Future[Any] = asyncio.ensure_future(stop.wait())
    ready: asyncio.Future[Any] = asyncio.gather(
        *(asyncio.to_thread(child.wait_ready) for child in children)
    )
    await asyncio.wait([stopping, ready], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not ready.done():
        for child in children:
            child.ask_to_stop()
    return all(await ready)


async def _watch(child: _Child, stop: asyncio.Event) -> None:
    """Start it again whenever it ends, until all are to stop."""
    while not stop.is_set():
        if not await asyncio.to_thread(child.ended, seconds=0.25):
            continue
        pause: float | None = child.pause()
        while pause is not None:
            try:
                await asyncio.wait_for(stop.wait(), pause)
                return
            except TimeoutError:
                pause = child.start_again()


def _child(
    settings: Settings, url: str, host: str, port: int, number: int, line: Connection
) -> None:
    """What a serving process does. The parent's signals are the parent's business."""
    for one in SIGNALS:
        signal.signal(one, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    set_up_logs(level=settings.log_level, format_=settings.log_format)
    sys.exit(run(_serve_as_child(settings, url, host, port, number, line)))


async def _serve_as_child(
    settings: Settings, url: str, host: str, port: int, number: int, line: Connection
) -> int:
    from oncedesk.http.serving import serve as serve_parts

    stop = asyncio.Event()
    # Nothing is ever said on it; that it ends means: stop, or the parent is gone.
    asyncio.get_running_loop().add_reader(line.fileno(), stop.set)
    async with build(url, settings=settings) as parts:
        return await serve_parts(
            parts,
            settings=settings,
            host=host,
            port=port,
            stop=stop,
            ready=lambda: _tell_ready(line),
            number=number,
        )


def _tell_ready(line: Connection) -> None:
    # Whoever is stopped while it starts has nobody to tell any more.
    with suppress(OSError):
        line.send(READY)


def _say_ready(reserved: ReservedPort) -> None:
    # It serves all the same where nobody reads that any more.
    with suppress(OSError):
        sys.stdout.write(f"Oncedesk serves at {reserved.url}\n")
        sys.stdout.flush()
