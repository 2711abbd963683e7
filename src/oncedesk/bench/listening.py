"""Consumers who look at their conversations: a process that holds many streams of events."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from multiprocessing.connection import Connection
from typing import cast
from uuid import UUID

import msgspec
import uvloop

from oncedesk.bench.helper import Helper
from oncedesk.bench.http1 import AnswerUnreadable
from oncedesk.bench.sse import Events
from oncedesk.domain.shared.records import Record

OPENING_MAX = 64
"""So many streams are opened at once. A slow machine refuses much more than that, as it should."""
OPEN_SECONDS_MAX = 60.0
WAIT_SECONDS_MAX = 20.0
LISTEN_ON_SECONDS = 2.0


class Listener(Record, frozen=True):
    """Who listens to what, and by which session."""

    token: str
    conversation: UUID


class Open(Record, frozen=True):
    """Open these streams, and answer when each has shown its conversation."""

    port: int
    listeners: Sequence[Listener]


class WaitFor(Record, frozen=True):
    """Answer when so many messages were heard in all, or when the time is over."""

    messages: int


class Heard(Record, frozen=True):
    """What all of them have heard so far. Milliseconds from the message's own time to its arrival,
    of those that arrived while they listened; `twice` counts what was told again."""

    messages: int
    twice: int
    latencies_ms: Sequence[float]
    cpu_seconds: float


class Listeners:
    """The process that holds the streams."""

    def __init__(self) -> None:
        self._helper = Helper(_run)

    async def open(self, listeners: Sequence[Listener], *, port: int) -> Heard:
        """Return when each has been shown what there was. Raises HelperEnded."""
        heard: Heard = await self._helper.ask(
            Open(port, listeners), seconds_max=OPEN_SECONDS_MAX + 5
        )
        return heard

    async def heard(self, messages: int) -> Heard:
        """What was heard, once it is so many, or no more came for long. Raises HelperEnded."""
        heard: Heard = await self._helper.ask(WaitFor(messages), seconds_max=WAIT_SECONDS_MAX + 5)
        return heard

    async def heard_out(self, messages: int) -> Heard:
        """The same a while later: whether one is told twice shows only then. Raises HelperEnded."""
        await self.heard(messages)
        await asyncio.sleep(LISTEN_ON_SECONDS)
        return await self.heard(messages)

    def stop(self) -> None:
        self._helper.stop()


def _run(line: Connection) -> None:
    uvloop.run(_Listening().serve(line))


class _Message(msgspec.Struct):
    """As much of a message as is of interest here."""

    id: UUID
    at: datetime


class _Listening:
    """All streams of this process."""

    def __init__(self) -> None:
        self._streams: list[_Stream] = []
        self._messages: Counter[UUID] = Counter()
        self._latencies: list[float] = []
        self._error: Exception | None = None
        self._news = asyncio.Event()
        self._decode = msgspec.json.Decoder(_Message).decode

    async def serve(self, line: Connection) -> None:
        while True:
            try:
                order = await asyncio.to_thread(line.recv)
            except (EOFError, OSError):
                break
            try:
                await self._do(order)
                line.send(self._heard())
            except TimeoutError:
                line.send(f"{self._shown} of {len(self._streams)} streams were opened")
            except (OSError, AnswerUnreadable) as error:
                line.send(f"{type(error).__name__}: {error}")
        for stream in self._streams:
            stream.close()

    async def _do(self, order: Open | WaitFor) -> None:
        if isinstance(order, Open):
            async with asyncio.timeout(OPEN_SECONDS_MAX):
                await self._open(order)
            return
        try:
            async with asyncio.timeout(WAIT_SECONDS_MAX):
                await self._until(lambda: len(self._messages) >= order.messages)
        except TimeoutError:
            # What is missing is for the bench to say.
            return

    async def _open(self, order: Open) -> None:
        loop = asyncio.get_running_loop()
        for listener in order.listeners:
            _, stream = await loop.create_connection(
                partial(_Stream, self, listener), "127.0.0.1", order.port
            )
            self._streams.append(stream)
            await self._until(lambda: len(self._streams) - self._shown < OPENING_MAX)
        await self._until(lambda: self._shown == len(self._streams))

    @property
    def _shown(self) -> int:
        return sum(stream.shown for stream in self._streams)

    async def _until(self, holds: Callable[[], bool]) -> None:
        while not holds():
            await self._news.wait()
            self._news.clear()
            if self._error is not None:
                raise self._error

    def _heard(self) -> Heard:
        return Heard(
            messages=len(self._messages),
            twice=sum(self._messages.values()) - len(self._messages),
            latencies_ms=self._latencies,
            cpu_seconds=time.process_time(),
        )

    def hear(self, data: bytes, *, live: bool) -> None:
        message = self._decode(data)
        self._messages[message.id] += 1
        if live:
            self._latencies.append((time.time() - message.at.timestamp()) * 1e3)
        self._news.set()

    def note(self) -> None:
        self._news.set()

    def fail(self, error: Exception) -> None:
        self._error = self._error or error
        self._news.set()


class _Stream(asyncio.Protocol):
    """One stream. `shown`: it has shown how the conversation stands."""

    def __init__(self, listening: _Listening, listener: Listener) -> None:
        self._listening = listening
        self._listener = listener
        self._events = Events()
        self._transport: asyncio.Transport | None = None
        self._closed = False
        self.shown = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports do not descend from asyncio's.
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(
            (
                f"GET /v1/help/conversations/{self._listener.conversation}/updates HTTP/1.1\r\n"
                f"Host: 127.0.0.1\r\nAuthorization: Bearer {self._listener.token}\r\n"
                "Accept: text/event-stream\r\n\r\n"
            ).encode()
        )

    def data_received(self, data: bytes) -> None:
        try:
            for event in self._events.fed(data):
                if event.name == b"message":
                    self._listening.hear(event.data, live=self.shown)
                elif event.name == b"conversation":
                    self.shown = True
                    self._listening.note()
                else:
                    raise AnswerUnreadable(f"{event.name!r}: {event.data[:300]!r}")
        except (AnswerUnreadable, msgspec.MsgspecError) as error:
            self._listening.fail(AnswerUnreadable(str(error)))

    def connection_lost(self, error: Exception | None) -> None:
        if not self._closed:
            self._listening.fail(error or ConnectionResetError("a stream was closed"))

    def close(self) -> None:
        self._closed = True
        if self._transport is not None:
            self._transport.abort()
