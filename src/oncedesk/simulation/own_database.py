"""A database of its own for a run, so that nobody's data is touched; dropped at the end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from oncedesk.settings import Settings
from oncedesk.storage.abandoned import drop_abandoned, maker
from oncedesk.storage.answered import answered
from oncedesk.storage.database import connect_pool
from oncedesk.storage.embedded import kept_running
from oncedesk.storage.schema import migrate
from oncedesk.storage.urls import with_database
from oncedesk.wiring import database

SECONDS_MAX = 300.0
"""How long making or dropping a whole database may take, on whatever disk."""


@asynccontextmanager
async def own_database(settings: Settings, *, name: str, keep: bool = False) -> AsyncIterator[str]:
    """The URL of a fresh, migrated database on the configured server; `keep` leaves it there.

    What earlier runs of this name on this host left behind, because they were killed, is dropped.
    """
    # Kept running until the database is dropped: its server's owner may be another run that ends.
    async with database(settings) as url:
        with kept_running(url):
            prefix = f"oncedesk_{name}_"
            await answered(lambda: drop_abandoned(url, prefix=prefix))
            full_name = f"{prefix}{uuid4().hex[:12]}"
            own = with_database(url, full_name)
            try:
                await answered(lambda: _create(url, full_name))
                if not keep:
                    await _run(url, f"COMMENT ON DATABASE {full_name} IS '{maker()}'")
                # What a crash would lose is not the question here (`tests/engine` asks it);
                # time is.
                await _run(url, f"ALTER DATABASE {full_name} SET synchronous_commit = off")
                await answered(lambda: migrate(own))
                yield own
            finally:
                if not keep:
                    await _run(url, f"DROP DATABASE IF EXISTS {full_name} WITH (FORCE)")


async def wait_for_disk(url: str) -> None:
    """From its next connection on a commit in this database waits until it is on the disk."""
    name = url.split("://", 1)[1].partition("/")[2].partition("?")[0]
    await _run(url, f"ALTER DATABASE {name} RESET synchronous_commit")


async def _create(url: str, name: str) -> None:
    async with _connected(url) as connection:
        # It is there where only the answer was lost.
        known = "SELECT 1 FROM pg_database WHERE datname = $1"
        if await connection.fetchval(known, name) is None:
            await connection.execute(f"CREATE DATABASE {name}", timeout=SECONDS_MAX)


async def _run(url: str, statement: str) -> None:
    await answered(lambda: _run_once(url, statement))


async def _run_once(url: str, statement: str) -> None:
    async with _connected(url) as connection:
        await connection.execute(statement, timeout=SECONDS_MAX)


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[Any]:
    pool = await connect_pool(url, size_max=1)
    try:
        async with pool.acquire() as connection:
            # Copying a template can take longer than any transaction of the engine may.
            await connection.execute("SET transaction_timeout = 0")
            yield connection
    finally:
        await pool.close()
