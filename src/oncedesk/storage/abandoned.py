"""Databases that somebody made for a while, and did not live to drop.

Each says in its comment who made it. It is dropped only where that process is surely gone: it was
one of this host, and nobody is connected.
"""

import platform
from contextlib import suppress
from urllib.parse import quote

import asyncpg
import psutil

from oncedesk.storage.database import connect_pool

CLOCK_SECONDS_OFF = 60
"""When a process began is told by the host's clock, which may have been set since."""
DROP_SECONDS_MAX = 300.0

_UNUSED = """
SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database
WHERE datname ~ $1 AND pg_get_userbyid(datdba) = current_user
    AND shobj_description(oid, 'pg_database') IS NOT NULL
    AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE datid = pg_database.oid)
"""


def maker() -> str:
    """What the comment of a database says that this process makes."""
    process = psutil.Process()
    return f"{_host()} {process.pid} {process.create_time():.0f}"


async def drop_abandoned(url: str, *, prefix: str) -> None:
    """Those of this server that are named by this prefix and a random number."""
    pool = await connect_pool(url, size_max=1)
    try:
        async with pool.acquire() as connection:
            await connection.execute("SET transaction_timeout = 0")
            for name, made_by in await connection.fetch(_UNUSED, f"^{prefix}[0-9a-f]{{12}}$"):
                if _is_gone(made_by):
                    # Should somebody look into it just now, it is theirs.
                    with suppress(asyncpg.ObjectInUseError):
                        drop = f"DROP DATABASE IF EXISTS {name}"
                        await connection.execute(drop, timeout=DROP_SECONDS_MAX)
    finally:
        await pool.close()


def _is_gone(made_by: str) -> bool:
    match made_by.split(" "):
        case [host, pid, begun] if host == _host():
            try:
                began = psutil.Process(int(pid)).create_time()
            except psutil.NoSuchProcess:
                return True
            return abs(began - int(begun)) > CLOCK_SECONDS_OFF
        case _:
            return False


def _host() -> str:
    return quote(platform.node())
