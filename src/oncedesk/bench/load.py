"""The client of the HTTP benches: a process of its own that keeps connections busy.

As lean as a correct one can be, because it stands on the same cores as what it measures, and one
and the same for whatever is compared.
"""

import asyncio
import gc
import time
from collections.abc import Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Protocol, cast

import uvloop

from oncedesk.bench.http1 import Answers, AnswerUnreadable
from oncedesk.domain.shared.records import Record

CONNECTIONS = 64
CONNECT_SECONDS_MAX = 30.0
ANSWER_SECONDS_MAX = 60.0
_STATUSES = range(200, 300)


class Requests(Protocol):
    """What is asked, by its number. It is sent to the client's process, so it must pickle."""

    def request(self, number: int) -> bytes:
        """The whole request, head and body."""
        ...


class Order(Record, frozen=True):
    """One turn: ask from `first` on, for so many seconds. `connections` at the same time."""

    requests: Requests
    port: int
    first: int
    seconds: float
    connections: int


class Turn(Record, frozen=True):
    """What came of it. `answered` within the seconds, `acknowledged` with those under way at the
    end; both only with success. `refused` is what the first other answer said."""

    answered: int
    acknowledged: int
    asked: int
    seconds: float
    latencies_ms: Sequence[float]
    cpu_seconds: float
    failed: int = 0
    refused: str = ""


class ClientEnded(RuntimeError):
    """The client's process has ended before its time, or could not reach the server."""


class Client:
    """The client's process. `turn` may be asked one after the other."""

    def __init__(self) -> None:
        context = get_context("spawn")
        self._line, other = context.Pipe()
        self._process = context.Process(target=_run, args=(other,), daemon=True)
        self._process.start()
        other.close()
        self._next = 0

    async def turn(
        self, requests: Requests, *, port: int, seconds: float, connections: int = CONNECTIONS
    ) -> Turn:
        """Keep the connections busy for so long. No number is asked twice. Raises ClientEnded."""
        order = Order(requests, port, self._next, seconds, connections)
        turn = await asyncio.to_thread(self._do, order)
        self._next += turn.asked
        return turn

    def stop(self) -> None:
        self._line.close()
        self._process.join(ANSWER_SECONDS_MAX)

    def _do(self, order: Order) -> Turn:
        try:
            self._line.send(order)
            if not self._line.poll(order.seconds + CONNECT_SECONDS_MAX + ANSWER_SECONDS_MAX):
                raise ClientEnded("the client does not answer")
            turn: Turn | str = self._line.recv()
        except (EOFError, OSError) as error:
            raise ClientEnded("the client has ended") from error
        if isinstance(turn, str):
            raise ClientEnded(turn)
        return turn


def _run(line: Connection) -> None:
    while True:
        try:
            order: Order = line.recv()
        except (EOFError, OSError):
            return
        gc.collect()
        gc.disable()
        try:
            line.send(uvloop.run(_Load(order).run()))
        except TimeoutError:
            line.send(f"no answer within {ANSWER_SECONDS_MAX:g} s")
        except (OSError, AnswerUnreadable) as error:
            line.send(f"{type(error).__name__}: {error}")
        gc.enable()


class _Load:
    """One turn, in the client's process."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.next = order.first
        self.sending = False
        self.latencies: list[float] = []
        self.acknowledged = 0
        self.failed = 0
        self.refused = ""
        self.error: Exception | None = None
        self.idle = asyncio.Event()
        self._busy = 0

    async def run(self) -> Turn:
        loop = asyncio.get_running_loop()
        connections = [_Connection(self) for _ in range(self.order.connections)]
        async with asyncio.timeout(CONNECT_SECONDS_MAX):
            await asyncio.gather(*(connection.connect() for connection in connections))
        self.sending, self._busy = True, len(connections)
        cpu, began = time.process_time(), time.perf_counter()
        for connection in connections:
            connection.ask()
        stop = loop.call_later(self.order.seconds, self._stop)
        try:
            async with asyncio.timeout(self.order.seconds + ANSWER_SECONDS_MAX):
                await self.idle.wait()
        finally:
            stop.cancel()
            for connection in connections:
                connection.close()
        if self.error is not None:
            raise self.error
        return Turn(
            answered=len(self.latencies),
            acknowledged=self.acknowledged,
            asked=self.next - self.order.first,
            seconds=self._ended - began,
            latencies_ms=self.latencies,
            cpu_seconds=time.process_time() - cpu,
            failed=self.failed,
            refused=self.refused,
        )

    def take(self) -> bytes:
        number = self.next
        self.next += 1
        return self.order.requests.request(number)

    def answered(self, status: int, body: bytes, seconds: float) -> None:
        if status in _STATUSES:
            self.acknowledged += 1
            if self.sending:
                self.latencies.append(seconds * 1e3)
            return
        self.failed += 1
        if not self.refused:
            self.refused = f"{status} {body[:500].decode(errors='replace')}"

    def finished(self) -> None:
        """One connection has nothing under way any more."""
        self._busy -= 1
        if self._busy == 0:
            self.idle.set()

    def fail(self, error: Exception) -> None:
        self.error = self.error or error
        self.sending = False
        self.idle.set()

    def _stop(self) -> None:
        self.sending = False
        self._ended = time.perf_counter()


class _Connection(asyncio.Protocol):
    """Asks, waits for the answer, asks again; connects anew where the server closes."""

    def __init__(self, load: _Load) -> None:
        self._load = load
        self._answers = Answers()
        self._transport: asyncio.Transport | None = None
        self._asked_at = 0.0
        self._waiting = False
        self._closed = False
        self._reconnecting: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self, "127.0.0.1", self._load.order.port)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports do not descend from asyncio's.
        self._transport = cast("asyncio.Transport", transport)
        self._answers = Answers()

    def ask(self) -> None:
        assert self._transport is not None
        self._waiting = True
        # A new connection, where one is needed for each request, is part of its time.
        if self._reconnecting is None:
            self._asked_at = time.perf_counter()
        self._reconnecting = None
        self._transport.write(self._load.take())

    def data_received(self, data: bytes) -> None:
        try:
            answer = self._answers.fed(data)
        except AnswerUnreadable as error:
            self._load.fail(error)
            return
        if answer is None:
            return
        self._waiting = False
        self._load.answered(answer.status, answer.body, time.perf_counter() - self._asked_at)
        if not self._load.sending:
            self._load.finished()
        elif answer.closes:
            self._connect_again()
        else:
            self.ask()

    def connection_lost(self, error: Exception | None) -> None:
        if self._waiting and not self._closed:
            self._load.fail(error or ConnectionResetError("closed without an answer"))

    def close(self) -> None:
        self._closed = True
        if self._reconnecting is not None:
            self._reconnecting.cancel()
        if self._transport is not None:
            self._transport.abort()

    def _connect_again(self) -> None:
        assert self._transport is not None
        self._transport.close()
        self._asked_at = time.perf_counter()
        self._reconnecting = asyncio.create_task(self._again())

    async def _again(self) -> None:
        try:
            await self.connect()
        except OSError as error:
            self._load.fail(error)
            return
        if self._load.sending:
            self.ask()
        else:
            self._load.finished()
