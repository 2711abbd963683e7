"""Leases as PostgreSQL's own advisory locks: gone when the process that holds them is gone."""

import asyncio
from zlib import crc32

import asyncpg

from oncedesk.storage.database import engine_errors

_SPACE = 0x6F6E6365
_SECONDS_MAX = 10.0


class AdvisoryLeases:
    """Implements `engine.running.Leases` on one connection of its own."""

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
                self._connection = await asyncpg.connect(
                    self._url, timeout=self._seconds_max, command_timeout=self._seconds_max
                )
            if name not in self._held:
                taken = await self._connection.fetchval(
                    "SELECT pg_try_advisory_lock($1, $2)", _SPACE, crc32(name.encode()) >> 1
                )
                if taken:
                    self._held.add(name)
        return name in self._held

    async def release_all(self) -> None:
        if self._connection is not None:
            self._held.clear()
            await self._connection.close()
            self._connection = None
