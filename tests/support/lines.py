"""A line to PostgreSQL that can be cut around a COMMIT, or held before a certain statement."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from enum import StrEnum
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

_SOCKET = ".s.PGSQL.5432"
_COMMIT = b"Q\x00\x00\x00\x0cCOMMIT;\x00"
_COMMITTED = b"C\x00\x00\x00\x0bCOMMIT\x00"


class Cut(StrEnum):
    """When the line breaks: before the server hears the COMMIT, or before its answer comes."""

    BEFORE = "before"
    AFTER = "after"


class Line:
    """Passes everything on. `cuts` says what happens to the next COMMITs, one entry each."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._real = str(Path(parse_qs(parts.query)["host"][0]) / _SOCKET)
        self._folder = Path(tempfile.mkdtemp(prefix="od-line-"))
        self.url = f"{parts.scheme}://{parts.netloc}{parts.path}?host={quote(str(self._folder))}"
        self.cuts: list[Cut] = []
        self.cut_at_random: Callable[[], Cut | None] = lambda: None
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self._held: bytes | None = None
        self.reached = asyncio.Event()
        self.go_on = asyncio.Event()

    def hold_before(self, statement: str) -> None:
        """Let nothing pass from the first such statement on until `go_on`; `reached` says when."""
        self._held = statement.encode()

    async def up(self) -> None:
        """From now on somebody answers."""
        self._server = await asyncio.start_unix_server(self._serve, str(self._folder / _SOCKET))

    def down(self) -> None:
        """All connections break, and no new ones come about."""
        if self._server is not None:
            self._server.close()
            self._server = None
            (self._folder / _SOCKET).unlink(missing_ok=True)
        for writer in self._open:
            writer.transport.abort()

    async def remove(self) -> None:
        self.down()
        await asyncio.gather(*self._serving)
        shutil.rmtree(self._folder)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_unix_connection(self._real)
        self._open.add(writer)
        serving = asyncio.current_task()
        assert serving is not None
        self._serving.add(serving)
        committed = asyncio.Event()
        cut_after = asyncio.Event()

        async def answers() -> None:
            while data := await there_reader.read(65_536):
                if cut_after.is_set() and _COMMITTED in data:
                    committed.set()
                    return
                writer.write(data)
                await writer.drain()

        async def questions() -> None:
            while data := await reader.read(65_536):
                if self._held is not None and self._held in data:
                    self._held = None
                    self.reached.set()
                    await self.go_on.wait()
                if _COMMIT in data:
                    cut = self.cuts.pop(0) if self.cuts else self.cut_at_random()
                    if cut is Cut.BEFORE:
                        return
                    if cut is Cut.AFTER:
                        cut_after.set()
                        there_writer.write(data)
                        await committed.wait()
                        return
                there_writer.write(data)
                await there_writer.drain()

        ways = [asyncio.create_task(answers()), asyncio.create_task(questions())]
        try:
            with suppress(ConnectionError):
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self._open.discard(writer)
            self._serving.discard(serving)
            there_writer.transport.abort()
            writer.transport.abort()


@asynccontextmanager
async def line_to(url: str) -> AsyncIterator[Line]:
    """A line to that database; its own `url` leads through it."""
    line = Line(url)
    await line.up()
    try:
        yield line
    finally:
        await line.remove()
