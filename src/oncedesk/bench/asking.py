"""How the benches' client asks: so many connections, each with one request under way at a time."""

import asyncio
import time
from typing import cast

from oncedesk.bench.http1 import Answers, AnswerUnreadable
from oncedesk.bench.turns import Order, Turn

CONNECT_SECONDS_MAX = 30.0
ANSWER_SECONDS_MAX = 60.0
_SUCCESS = range(200, 300)


async def taken(order: Order) -> Turn:
    """Take this turn. Raises OSError, TimeoutError, AnswerUnreadable."""
    return await _Load(order).run()


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
        self._slots = 0
        self._began = self._ended = 0.0

    async def run(self) -> Turn:
        loop = asyncio.get_running_loop()
        connections = [_Connection(self) for _ in range(self.order.connections)]
        async with asyncio.timeout(CONNECT_SECONDS_MAX):
            await asyncio.gather(*(connection.connect() for connection in connections))
        self.sending, self._busy = True, len(connections)
        cpu, began = time.process_time(), time.perf_counter()
        self._began = loop.time()
        for connection in connections:
            connection.go_on()
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

    def next_at(self) -> float:
        """When whoever is free now may ask, by the loop's clock."""
        if self.order.per_second is None:
            return 0.0
        self._slots += 1
        return self._began + self._slots / self.order.per_second

    def answered(self, status: int, body: bytes, seconds: float) -> None:
        if status in _SUCCESS:
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

    def go_on(self) -> None:
        """Ask, when it is time; or not at all any more."""
        loop, at = asyncio.get_running_loop(), self._load.next_at()
        if at <= loop.time():
            self._ask()
        else:
            loop.call_at(at, self._ask)

    def _ask(self) -> None:
        if self._closed:
            return
        if not self._load.sending:
            self._load.finished()
            return
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
        if answer.closes and self._load.sending:
            self._connect_again()
        else:
            self.go_on()

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
        self.go_on()
