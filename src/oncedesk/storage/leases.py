"""Leases as PostgreSQL's own advisory locks: gone when the process that holds them is gone."""

import asyncio
from contextlib import suppress
from zlib import crc32

import asyncpg

from oncedesk.storage.database import engine_errors

_SPACE = 0x6F6E6365
_SECONDS_MAX = 5.0


class AdvisoryLeases:
    """Implements `engine.running.Leases` on one connection of its own.

    A database that takes longer than `seconds_max` to answer counts as lost.
    """

    def __init__(self, url: str, *, seconds_max: float = _SECONDS_MAX) -> None:
        self._url = url
        self._seconds_max = seconds_max
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._held: set[str] = set()
        self._one_at_a_time = asyncio.Lock()

    async def hold(self, name: str) -> bool:
        async with engine_errors(), self._one_at_a_time:
            if self._connection is None or self._connection.is_closed():
                self._held.clear()
                self._connection = await asyncpg.connect(self._url, timeout=self._seconds_max)
            if name not in self._held and await self._taken(self._connection, name):
                self._held.add(name)
        return name in self._held

    async def release_all(self) -> None:
        connection, self._connection = self._connection, None
        self._held.clear()
        if connection is not None:
            # Where nobody answers the goodbye, the driver has cut the connection off by then.
            with suppress(TimeoutError):
                await connection.close(timeout=self._seconds_max)

    async def _taken(self, connection: "asyncpg.Connection[asyncpg.Record]", name: str) -> bool:
        try:
            return bool(
                await connection.fetchval(
                    "SELECT pg_try_advisory_lock($1, $2)",
                    _SPACE,
                    crc32(name.encode()) >> 1,
                    timeout=self._seconds_max,
                )
            )
        except TimeoutError:
            # The next statement would first wait for this one to be cancelled; a new session need
            # not. And should the lock have been given after all, it is gone with this one.
            connection.terminate()
            raise
