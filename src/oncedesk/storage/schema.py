"""Brings a database to the present schema: by migrations, and only forwards.

What fields the states have is a part of it, though no table shows them: a program that does not
know one drops it when it writes the state again. So whatever adds a field comes with a migration,
an empty one if no table changes, and a program without it stays away.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg

from oncedesk.engine.ports import Superseded
from oncedesk.storage.database import Pool, connected, said

if TYPE_CHECKING:
    from sqlalchemy import Connection

MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaUnknown(Superseded):
    """The database has had migrations that this program does not know; nothing was changed."""


class MigrationFailed(Exception):
    """The database refused a migration; nothing was changed."""


def known_revisions() -> list[str]:
    """Every migration that this program knows, the oldest first; files' names begin with them."""
    return sorted(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


# Of the program that runs, whatever is installed over it meanwhile.
_KNOWN = known_revisions()


def newest_revision() -> str:
    """The last migration that this program knows."""
    return known_revisions()[-1]


async def applied_revision(pool: Pool) -> str:
    """The last migration that this database has had. Raises what `connected` does."""
    async with connected(pool) as connection:
        return str(await connection.fetchval("SELECT version_num FROM alembic_version"))


async def refuse_newer(pool: Pool) -> None:
    """Raises SchemaUnknown for a database of a newer program, and what `connected` does."""
    found = await applied_revision(pool)
    if found not in _KNOWN:
        raise _unknown(found)


async def migrate(url: str) -> None:
    """Apply the migrations that this database lacks; several processes may try at once.

    Raises SchemaUnknown for a database of a newer program, and MigrationFailed.
    """
    connection = await asyncpg.connect(url)
    try:
        if await connection.fetchval("SELECT to_regclass('alembic_version')") is not None:
            found = await connection.fetchval("SELECT version_num FROM alembic_version")
            if found == newest_revision():
                return
            if found not in known_revisions():
                raise _unknown(found)
    finally:
        await connection.close()
    await _apply(url)


def _unknown(found: str) -> SchemaUnknown:
    return SchemaUnknown(
        f"the database is at revision {found}, which this version of Oncedesk does not know: use "
        "the newer version that made it, or another database"
    )


async def _apply(url: str) -> None:
    # Loading Alembic and SQLAlchemy takes longer than all else a start does; most need neither.
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.ext.asyncio import create_async_engine
    from sqlalchemy.pool import NullPool

    async def connect() -> object:
        return await asyncpg.connect(url)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.exec_driver_sql("SELECT pg_advisory_xact_lock(6510615)")
            await connection.run_sync(_upgrade)
    except DBAPIError as error:
        # SQLAlchemy wraps the driver's own twice.
        cause = (error.orig and error.orig.__cause__) or error
        raise MigrationFailed(f"the database could not be migrated: {said(cause)}") from error
    finally:
        await engine.dispose()


def _upgrade(connection: "Connection") -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
