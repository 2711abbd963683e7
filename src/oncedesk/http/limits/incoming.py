"""A body too large to be read whole: it is handed on as it comes, for as long as it comes."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from typing import Any

from oncedesk.http.limits.bodies import ClientGone

BYTES_PER_SECOND_MIN = 32 << 10
"""Whoever sends slower than this for long is not waited for."""
DISCARDED_SECONDS = 10.0
"""So long we listen to the rest of what was refused: who is still sending would not hear why."""


class Incoming:
    """What of a request's body has not come yet. Every piece moves `limit` on by the time that it
    may take at most; `whole` is called when nothing more comes."""

    def __init__(self, receive: Any, *, limit: asyncio.Timeout, whole: Callable[[], None]) -> None:
        self.gone = self._ended = False
        self._receive = receive
        self._limit = limit
        self._whole = whole

    async def pieces(self) -> AsyncGenerator[bytes]:
        """The body, once. Raises `ClientGone` where the sender has gone."""
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                self.gone = True
                raise ClientGone
            piece = message.get("body", b"")
            if not message.get("more_body", False):
                self._ended = True
                self._whole()
                yield piece
                return
            until = self._limit.when()
            if until is not None:
                self._limit.reschedule(until + len(piece) / BYTES_PER_SECOND_MIN)
            yield piece

    async def discard(self) -> None:
        """Let the rest go by, for a while."""
        if not self._ended:
            self._whole()
            await discard_file(self._receive)


async def discard_file(receive: Any) -> None:
    """Let what comes of one that was refused go by, for a while, however much it is."""
    with suppress(TimeoutError):
        async with asyncio.timeout(DISCARDED_SECONDS):
            while (await receive()).get("more_body", False):
                pass
