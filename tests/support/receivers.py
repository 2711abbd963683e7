"""Somebody outside who is told things by HTTP: takes down what comes, and can behave in any way."""

import asyncio
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec

from tests.support.listeners import listening

Behave = Callable[["Request"], "Answer"]


@dataclass(frozen=True)
class Request:
    """One request, as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> Any:
        return msgspec.json.decode(self.body)

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


@dataclass(frozen=True)
class Answer:
    """What is answered; with `hangs`, after so much of it nothing more comes.

    `raw` takes the place of everything else.
    """

    status: int = 200
    body: bytes = b"ok"
    headers: dict[str, str] = field(default_factory=dict)
    hangs: bool = False
    drips: bool = False
    raw: bytes | None = None

    def bytes(self) -> bytes:
        if self.raw is not None:
            return self.raw
        headers = {"content-length": str(len(self.body)), **self.headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"HTTP/1.1 {self.status} Somehow\r\n{lines}\r\n".encode() + self.body


OK = Answer()
HANGS = Answer(raw=b"", hangs=True)


class Receiver:
    """Answers as `behave` says; `got` is all that came, `at_once` how many were open together."""

    def __init__(self, behave: Behave | None = None) -> None:
        self.behave: Behave = behave or (lambda _: OK)
        self.got: list[Request] = []
        self.connections = 0
        self.open = Counter[str]()
        self.most_open = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.port = 0
        self.scheme = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/hooks"

    def ids(self) -> list[str]:
        return [request.id for request in self.got]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while await self._one(reader, writer):
            pass

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        request = await _read(reader)
        self.got.append(request)
        self.open[request.path] += 1
        self.most_open = max(self.most_open, self.open.total())
        try:
            answer = self.behave(request)
            await self.gate.wait()
            writer.write(answer.bytes())
            await writer.drain()
            while answer.drips:
                writer.write(b".")
                await writer.drain()
                await asyncio.sleep(0.02)
            if answer.hangs:
                await asyncio.Event().wait()
        finally:
            self.open[request.path] -= 1
        return answer.raw is None


async def _read(reader: asyncio.StreamReader) -> Request:
    first = (await reader.readuntil(b"\r\n")).decode().split()
    headers: dict[str, str] = {}
    while line := (await reader.readuntil(b"\r\n")).decode().strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(first[1], headers, body)


@asynccontextmanager
async def receiver(
    behave: Behave | None = None, *, certificate: ssl.SSLContext | None = None
) -> AsyncIterator[Receiver]:
    """A receiver on a port of its own; whatever it left hanging ends with it."""
    found = Receiver(behave)
    if certificate is not None:
        found.scheme = "https"
    async with listening(found.serve, certificate=certificate) as found.port:
        yield found
