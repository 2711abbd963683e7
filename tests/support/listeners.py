"""Something that listens on a port of its own as long as it is needed, and leaves nothing open."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

# The loop accepts, makes the transport, and calls the protocol, each in a round of its own.
_ROUNDS_TO_TALK = 3

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(talk: Talk, *, certificate: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port on which each connection is talked to; those still open at the end are cut off."""
    talks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(_talked(talk, reader, writer))
        talks[task] = writer
        task.add_done_callback(talks.pop)

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=certificate)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        # Who was let in just now is talked to some rounds later, and not at all by a closed server,
        # which then forgets that the connection is open.
        for socket in server.sockets:
            server.get_loop().remove_reader(socket)
        for _ in range(_ROUNDS_TO_TALK):
            await asyncio.sleep(0)
        server.close()
        left = list(talks)
        for task, writer in talks.items():
            task.cancel()
            writer.transport.abort()
        await asyncio.gather(*left, return_exceptions=True)


async def _talked(talk: Talk, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    # Whoever connects need not say goodbye.
    with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
        try:
            await talk(reader, writer)
        finally:
            writer.close()
        await writer.wait_closed()
