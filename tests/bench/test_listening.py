"""The listeners of `oncedesk bench live` hear what is told again, also when it is late."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from uuid import uuid4

from oncedesk.bench.listening import Listener, Listeners

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
AGAIN_SECONDS = 0.3


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


async def test_hears_what_is_told_again_after_all_was_told() -> None:
    said = f'{{"id":"{uuid4()}","at":"{datetime.now(UTC).isoformat()}"}}'
    message = chunk(f"event: message\ndata: {said}\n\n".encode())
    closed = asyncio.Event()

    async def tell_twice(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD + chunk(b"event: conversation\ndata: {}\n\n") + message)
        await asyncio.sleep(AGAIN_SECONDS)
        writer.write(message)
        with suppress(ConnectionError):
            await reader.read()
        writer.transport.abort()
        closed.set()

    ears = Listeners()
    async with await asyncio.start_server(tell_twice, "127.0.0.1", 0) as server:
        try:
            port = server.sockets[0].getsockname()[1]
            await ears.open([Listener("token", uuid4())], port=port)
            heard = await ears.heard_out(1)
        finally:
            ears.stop()
        await closed.wait()
    assert (heard.messages, heard.twice) == (1, 1)
