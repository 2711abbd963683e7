"""Serves a process's figures to Prometheus, at an address of their own and not to the public."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import structlog
from prometheus_client import start_http_server

from oncedesk.engine.ports import ConnectionLost, DataRejected, TryAgain
from oncedesk.operation.exposition import More, registry_of
from oncedesk.settings import Settings
from oncedesk.storage.backlogs import Backlogs, read_backlogs
from oncedesk.wiring import Parts

log = structlog.get_logger(__name__)

FRESH_SECONDS = 10.0
"""How long what the database said is told again, however often somebody asks."""
_ANSWER_SECONDS_MAX = 3.0


@asynccontextmanager
async def metrics_served(
    parts: Parts, *, settings: Settings, number: int = 0, more: Iterable[More] = ()
) -> AsyncIterator[None]:
    """`/metrics` of this process meanwhile, if a port is set: `number` above it, so that each of
    several processes has its own. A port that is taken is logged; the service goes on without."""
    if not settings.metrics_port:
        yield
        return
    host, port = settings.metrics_host, settings.metrics_port + number
    backlogs = _Backlogs(parts, asyncio.get_running_loop())
    try:
        server, thread = start_http_server(
            port, addr=host, registry=registry_of(parts, backlogs=backlogs.latest, more=more)
        )
    except (OSError, OverflowError) as error:
        log.error("metrics_not_served", host=host, port=port, error=str(error))
        yield
        return
    log.info("metrics_served", host=host, port=port)
    try:
        yield
    finally:
        # A scrape under way may wait for this loop, so the loop does not wait for it.
        await asyncio.to_thread(server.shutdown)
        await asyncio.to_thread(server.server_close)
        await asyncio.to_thread(thread.join)


class _Backlogs:
    """What the database said last. Asked from the thread of a scrape, read in the loop's."""

    def __init__(self, parts: Parts, loop: asyncio.AbstractEventLoop) -> None:
        self._parts = parts
        self._loop = loop
        self._found: Backlogs | None = None
        self._read_at = 0.0

    def latest(self) -> Backlogs | None:
        if time.monotonic() - self._read_at < FRESH_SECONDS and self._found is not None:
            return self._found
        reading = asyncio.run_coroutine_threadsafe(self._read(), self._loop)
        try:
            self._found = reading.result(_ANSWER_SECONDS_MAX)
        except (ConnectionLost, DataRejected, TryAgain, TimeoutError) as error:
            reading.cancel()
            log.warning("figures_not_read", error=str(error) or "the database is too slow")
            self._found = None
        self._read_at = time.monotonic()
        return self._found

    async def _read(self) -> Backlogs:
        return await read_backlogs(self._parts.pool, now=self._parts.engine.clock())
