"""Leases as PostgreSQL's own advisory locks: gone when their process is gone, or hangs."""

import asyncio
import time
from contextlib import suppress
from zlib import crc32

import asyncpg

from oncedesk.storage.database import engine_errors

_SPACE = 0x6F6E6365
_TAKE = "SELECT pg_try_advisory_lock($1, $2)"
_SECONDS_MAX = 5.0
_SURE_SECONDS = 2.0
_SILENT_SECONDS_MAX = 10.0
# Where the line is dead without having been closed, the server gives the session up after ten
# seconds, and so somebody else takes over: later than whoever asks has given it up.
_KEEPALIVES = {
    "tcp_keepalives_idle": "4",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
}


class AdvisoryLeases:
    """Implements `engine.running.Leases` on one connection of its own.

    A database that takes longer than `seconds_max` to answer counts as lost; it is asked whether a
    lease is still held if it has not answered for `sure_seconds`. Who asks nothing for
    `silent_seconds_max`, for instance because it was stopped, holds nothing any more.
    """

    def __init__(
        self,
        url: str,
        *,
        seconds_max: float = _SECONDS_MAX,
        sure_seconds: float = _SURE_SECONDS,
        silent_seconds_max: float = _SILENT_SECONDS_MAX,
    ) -> None:
        self._url = url
        self._seconds_max = seconds_max
        self._sure_seconds = sure_seconds
        # The kernel of a process that hangs answers the keepalives all the same.
        idle = {"idle_session_timeout": f"{silent_seconds_max * 1_000:.0f}ms"}
        self._session = _KEEPALIVES | idle
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._held: set[str] = set()
        self._heard_at = 0.0
        self._one_at_a_time = asyncio.Lock()

    async def hold(self, name: str) -> bool:
        async with engine_errors(), self._one_at_a_time:
            if self._connection is None or self._connection.is_closed():
                self._held.clear()
                self._connection = await asyncpg.connect(
                    self._url, timeout=self._seconds_max, server_settings=self._session
                )
            if name not in self._held:
                if await self._asked(self._connection, _TAKE, _SPACE, crc32(name.encode()) >> 1):
                    self._held.add(name)
            elif time.monotonic() - self._heard_at > self._sure_seconds:
                await self._asked(self._connection, "SELECT 1")
        return name in self._held

    async def release_all(self) -> None:
        connection, self._connection = self._connection, None
        self._held.clear()
        if connection is not None:
            # Where nobody answers the goodbye, the driver has cut the connection off by then.
            with suppress(TimeoutError):
                await connection.close(timeout=self._seconds_max)

    async def _asked(
        self, connection: "asyncpg.Connection[asyncpg.Record]", question: str, *what: int
    ) -> bool:
        try:
            answer = await connection.fetchval(question, *what, timeout=self._seconds_max)
        except TimeoutError:
            # The next statement would first wait for this one to be cancelled; a new session need
            # not. And should the lock have been given after all, it is gone with this one.
            connection.terminate()
            raise
        self._heard_at = time.monotonic()
        return bool(answer)
