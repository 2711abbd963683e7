"""A database of a bench's own on the configured server, gone afterwards."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg

from oncedesk.storage.health import losses
from oncedesk.storage.schema import migrate


class NoDatabase(Exception):
    """There is none of its own that can be measured in; the message says why."""


@asynccontextmanager
async def own_database(url: str, *, name: str) -> AsyncIterator[str]:
    """The URL of an empty database on this server; what an earlier run left is dropped first.

    Nothing in the configured database is touched. Raises NoDatabase, also where a commit there can
    be acknowledged before it is on the disk.
    """
    connection = await asyncpg.connect(url)
    drop = f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'
    try:
        try:
            await connection.execute(drop)
            await connection.execute(f'CREATE DATABASE "{name}"')
        except asyncpg.PostgresError as error:
            raise NoDatabase(f"cannot make the database {name}: {error}") from error
        try:
            own = urlsplit(url)._replace(path=f"/{name}").geturl()
            await _insist_on_disk(own)
            yield own
        finally:
            await connection.execute(drop)
    finally:
        await connection.close()


async def _insist_on_disk(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        if lost := await losses(connection):
            raise NoDatabase(
                f"{', '.join(lost)}: what is acknowledged there need not be on the disk,"
                " so its speed says nothing"
            )
    finally:
        await connection.close()


@asynccontextmanager
async def own_marketplace(url: str, *, name: str) -> AsyncIterator[str]:
    """The same with our tables in it, where nothing has happened yet. Raises NoDatabase."""
    async with own_database(url, name=name) as own:
        await migrate(own)
        yield own


async def count(url: str, query: str) -> int:
    """What this query counts."""
    connection = await asyncpg.connect(url)
    try:
        found: int = await connection.fetchval(query)
    finally:
        await connection.close()
    return found
