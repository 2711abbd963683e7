"""One process that serves: the application on a port, from its start to an orderly stop."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from oncedesk.http.app import create_app
from oncedesk.http.ports import PortTaken
from oncedesk.http.sandbox import Sandbox
from oncedesk.http.traced import Traced
from oncedesk.operation.metrics import metrics_served
from oncedesk.operation.traces import traced
from oncedesk.settings import Settings
from oncedesk.wiring import Parts

HEADER_SECONDS_MAX = 10
HEADER_BUFFER_BYTES = 65_536
BACKLOG = 1_024
CONNECTIONS_MAX = 4_096
STOP_SECONDS_MAX = 20.0
"""How long requests under way may still take once a stop was asked for."""
BREAK_SECONDS_MAX = 3.0
"""How long they may take to clear away what they leave, once they are broken off."""


@asynccontextmanager
async def serving(
    parts: Parts,
    *,
    settings: Settings,
    host: str,
    port: int,
    number: int = 0,
    sandbox: Sandbox | None = None,
) -> AsyncIterator[None]:
    """The service answers at this address meanwhile, and tells its figures and traces to whom the
    settings say; `number` is this process's among those that serve together. At the end it takes
    nothing new and finishes what it has begun; the parts are still the caller's to stop."""
    app = create_app(parts, settings=settings, sandbox=sandbox)
    async with (
        traced(parts.engine.writers) as tracer,
        metrics_served(parts, settings=settings, number=number, more=[app.traffic.collect]),
        listening(app if tracer is None else Traced(app, tracer), host=host, port=port),
    ):
        parts.live.start()
        try:
            yield
        finally:
            # Streams would never end by themselves.
            await parts.live.stop()
    await app.close()


@asynccontextmanager
async def listening(app: Any, *, host: str, port: int) -> AsyncIterator[None]:
    """Any ASGI application, served as ours is."""
    under_way = UnderWay(app)
    server = Server(
        under_way,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        websockets=False,
        backlog=BACKLOG,
        backpressure=CONNECTIONS_MAX,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADER_SECONDS_MAX * 1000, max_buffer_size=HEADER_BUFFER_BYTES
        ),
        log_enabled=False,
    )
    task = asyncio.create_task(server.serve())
    try:
        await _answers(host, port, task)
        yield
    finally:
        server.stop()  # type: ignore[no-untyped-call]
        done, _ = await asyncio.wait([task], timeout=STOP_SECONDS_MAX)
        if not done:
            # What they clear away in still has what it takes.
            under_way.break_off()
            done, _ = await asyncio.wait([task], timeout=BREAK_SECONDS_MAX)
        if not done:
            task.cancel()
            await asyncio.wait([task])


class UnderWay:
    """Passes requests on, and knows which have not ended."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._tasks: set[asyncio.Task[Any]] = set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._app(scope, receive, send)
        finally:
            self._tasks.discard(task)

    def break_off(self) -> None:
        for task in self._tasks:
            task.cancel()


async def serve(
    parts: Parts,
    *,
    settings: Settings,
    host: str,
    port: int,
    stop: asyncio.Event,
    ready: Callable[[], None],
    number: int = 0,
) -> int:
    """Serve, with everything that happens by itself, until `stop` is set; returns the exit code.

    A process whose writers have failed takes nothing more, and would keep its leases from those
    that can: it sets `stop` itself, and the code is 1.
    """
    writers = parts.engine.writers
    writers.on_failed.append(stop.set)
    await parts.engine.start()
    async with serving(parts, settings=settings, host=host, port=port, number=number):
        ready()
        await stop.wait()
    return 0 if writers.running else 1


async def _answers(host: str, port: int, task: "asyncio.Task[None]") -> None:
    """Return once a connection is taken. Raises what the server ended with."""
    while True:
        if task.done():
            task.result()
            raise PortTaken(f"cannot listen at {host}:{port}")
        try:
            _, writer = await asyncio.open_connection(host, port)
        except OSError:
            await asyncio.sleep(0.01)
        else:
            writer.close()
            return
