"""Look at a database from outside: can it be reached, and does it keep what it promises?"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import asyncpg
import msgspec
from msgspec.structs import replace

from oncedesk.domain.rulebook.state import RulebookState
from oncedesk.domain.shared.calendars import HOLIDAYS_AHEAD
from oncedesk.engine.backfilling import ReactionSet
from oncedesk.engine.running import utc_now
from oncedesk.engine.webhooks.model import Endpoint
from oncedesk.storage.backfilling import read_sets
from oncedesk.storage.backlogs import Backlogs, backlogs_of
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.packs import StoredPack, packs_at, read_rulebooks
from oncedesk.storage.schema import newest_revision
from oncedesk.storage.views.unserved import Unserved, unserved_queues
from oncedesk.storage.webhook_endpoints import read_endpoints

_T = TypeVar("_T")

# transaction_timeout came with 17; 18 is what we test with.
VERSION_MIN = 18
NO_RIGHTS = (
    "its user may not make tables: GRANT CREATE ON SCHEMA public, or let the user own the database"
)
_SECONDS_MAX = 5.0
# Every process that has states in memory keeps such sessions.
_WORKING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name IN ('oncedesk', 'oncedesk live')
"""

_ALONE = 6_510_616
_TAKEN = """
SELECT EXISTS (
    SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
    WHERE l.locktype = 'advisory' AND d.datname = current_database() AND l.granted
      AND l.objsubid = 1 AND l.classid = 0 AND l.objid = $1::bigint::oid
)
"""
_IS_ALONE = "`oncedesk replay --rebuild` is at work on the database: begin again when it has ended"


class DatabaseUnreachable(Exception):
    """No session could be opened, or it broke; the message never contains the password."""


class DatabaseUnfit(Exception):
    """It can be reached, and is none that we can work on."""


class InUse(Exception):
    """Others work on the database, who would have to be gone."""


class DatabaseHealth(msgspec.Struct, frozen=True, kw_only=True):
    """``losses`` names the settings that let an acknowledged commit be lost. ``revision`` is the
    schema's migration, None if none was ever run. ``reactions`` are the sets of reactions that the
    database has seen and ``endpoints`` those of webhooks; None if its schema has no place for them.
    ``creates`` says whether its user may make tables, as a migration has to.
    ``backlogs`` are what waits there, ``unserved`` the queues that nobody can serve, ``rulebooks``
    what is published in each market and ``packs`` what will hold there when holidays are to be
    known; None if its schema is not this program's.
    """

    version: str
    major: int
    encoding: str
    losses: tuple[str, ...]
    revision: str | None
    creates: bool = True
    reactions: tuple[ReactionSet, ...] | None = None
    endpoints: tuple[Endpoint, ...] | None = None
    backlogs: Backlogs | None = None
    unserved: tuple[Unserved, ...] | None = None
    rulebooks: tuple[RulebookState, ...] | None = None
    packs: tuple[StoredPack, ...] | None = None


async def reach(dsn: str) -> None:
    """Open a session and close it. Raises DatabaseUnreachable within seconds, and DatabaseUnfit."""
    if (wrong := unfit(await _ask(dsn, _fitness))) is not None:
        raise DatabaseUnfit(f"the database cannot be used: {wrong}")


def unfit(health: DatabaseHealth) -> str | None:
    """Why no program of ours can work there, whatever is in it."""
    if health.major < VERSION_MIN:
        return f"PostgreSQL {health.version}; at least {VERSION_MIN} is needed"
    if health.encoding != "UTF8":
        return f"its encoding is {health.encoding}; UTF8 is needed"
    if health.revision is None and not health.creates:
        return NO_RIGHTS
    return None


async def reach_alone(dsn: str) -> None:
    """Raises InUse while another process of Oncedesk works there, and what `reach` does."""
    await reach(dsn)
    await _ask(dsn, _refuse_working)


@asynccontextmanager
async def kept_alone(dsn: str) -> AsyncIterator[None]:
    """Nobody else works there meanwhile: raises InUse where somebody does, and whoever begins is
    refused (`refuse_beside`).

    Whoever begins looks after connecting, and here is looked after locking: one of both sees the
    other, maybe both.
    """
    settings = {"application_name": "oncedesk alone", "idle_session_timeout": "0"}
    connection = await asyncpg.connect(dsn, timeout=_SECONDS_MAX, server_settings=settings)
    try:
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", _ALONE):
            raise InUse(_IS_ALONE)
        await _refuse_working(connection)
        yield
    finally:
        await connection.close(timeout=_SECONDS_MAX)


async def refuse_beside(pool: Pool) -> None:
    """Raises InUse while somebody is to be alone on the database, and what `connected` does."""
    async with connected(pool) as connection:
        if await connection.fetchval(_TAKEN, _ALONE):
            raise InUse(_IS_ALONE)


async def _refuse_working(connection: asyncpg.Connection) -> None:
    if sessions := await connection.fetchval(_WORKING):
        raise InUse(
            f"{sessions} sessions of Oncedesk are connected to the database: stop every process of "
            "this installation first"
        )


async def examine_database(dsn: str) -> DatabaseHealth:
    """Ask one database all of it. Raises DatabaseUnreachable within seconds."""
    return await _ask(dsn, _examine)


async def _ask(dsn: str, question: Callable[[asyncpg.Connection], Awaitable[_T]]) -> _T:
    try:
        connection = await asyncpg.connect(
            dsn, timeout=_SECONDS_MAX, command_timeout=_SECONDS_MAX, statement_cache_size=0
        )
        try:
            return await question(connection)
        finally:
            await connection.close(timeout=_SECONDS_MAX)
    except TimeoutError as error:
        raise DatabaseUnreachable(f"no answer within {_SECONDS_MAX:.0f} seconds") from error
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise DatabaseUnreachable(str(error)) from error


async def losses(connection: asyncpg.Connection) -> tuple[str, ...]:
    """The settings in force for this session that let an acknowledged commit be lost."""
    found = await connection.fetch(
        "SELECT name FROM pg_settings WHERE setting = 'off'"
        " AND name IN ('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name"
    )
    return tuple(f"{row['name']} = off" for row in found)


async def _fitness(connection: asyncpg.Connection) -> DatabaseHealth:
    """What it is, and nothing of what is in it: each command asks this before it begins."""
    row = await connection.fetchrow(
        "SELECT current_setting('server_version') AS version,"
        " current_setting('server_version_num')::int / 10000 AS major,"
        " current_setting('server_encoding') AS encoding,"
        " coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS creates,"
        " to_regclass('alembic_version') IS NOT NULL AS migrated"
    )
    assert row is not None
    revision = None
    if row["migrated"]:
        revision = await connection.fetchval("SELECT max(version_num) FROM alembic_version")
    return DatabaseHealth(
        version=row["version"],
        major=row["major"],
        encoding=row["encoding"],
        losses=await losses(connection),
        revision=revision,
        creates=row["creates"],
    )


async def _examine(connection: asyncpg.Connection) -> DatabaseHealth:
    health, now = await _fitness(connection), utc_now()
    there = await connection.fetchrow(
        "SELECT to_regclass('reaction_set') IS NOT NULL AS reactions,"
        " to_regclass('webhook_endpoint') IS NOT NULL AS endpoints"
    )
    assert there is not None
    ours = health.revision == newest_revision()
    books = tuple(await read_rulebooks(connection)) if ours else ()
    return replace(
        health,
        reactions=tuple(await read_sets(connection)) if there["reactions"] else None,
        endpoints=tuple(await read_endpoints(connection)) if there["endpoints"] else None,
        backlogs=await backlogs_of(connection, now=now) if ours else None,
        unserved=tuple(await unserved_queues(connection, now=now)) if ours else None,
        rulebooks=books if ours else None,
        packs=(
            tuple(await packs_at(connection, now + HOLIDAYS_AHEAD, books=books)) if ours else None
        ),
    )
