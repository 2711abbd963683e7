"""Connections that may take their time: a backup outlasts any limit of the engine's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from oncedesk.storage.backup.manifest import BackupFailed

_CONNECT_SECONDS_MAX = 10.0
_PATIENT = {
    "statement_timeout": "0",
    "lock_timeout": "0",
    "transaction_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "timezone": "UTC",
    "application_name": "oncedesk backup",
}


class NoSuchDatabase(BackupFailed):
    """The server answers, and has no database of this name."""


@asynccontextmanager
async def patient(url: str) -> AsyncIterator[Any]:
    """A connection without limits of time. The database's errors become BackupFailed."""
    try:
        connection = await asyncpg.connect(
            url, timeout=_CONNECT_SECONDS_MAX, server_settings=_PATIENT, statement_cache_size=0
        )
    except asyncpg.InvalidCatalogNameError as error:
        raise NoSuchDatabase(str(error)) from error
    except TimeoutError as error:
        raise BackupFailed("the database does not answer") from error
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise BackupFailed(f"the database cannot be reached: {error}") from error
    try:
        yield connection
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        said = " ".join(str(error).split())
        raise BackupFailed(f"the database says: {said}") from error
    finally:
        connection.terminate()


async def server_major(connection: Any) -> int:
    number: int = await connection.fetchval(
        "SELECT current_setting('server_version_num')::int / 10000"
    )
    return number
