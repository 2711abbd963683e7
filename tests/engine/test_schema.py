"""A database that was migrated step by step is the same as one made fresh from the tables."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import asyncpg
import msgspec
import pytest
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from oncedesk.domain.agents.messages import Presence, RegisterAgent, SetPresence
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.engine.instants import SimulatedClock, play_until
from oncedesk.storage import health
from oncedesk.storage.health import DatabaseUnreachable, examine_database, reach
from oncedesk.storage.schema import MigrationFailed, SchemaUnknown, migrate
from oncedesk.storage.tables import metadata
from tests.support.engines import Outside, contact, engine_on, party, within

_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attstorage,
       pg_get_expr(d.adbin, d.adrelid)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
  AND c.relname <> 'alembic_version' ORDER BY 1, 2
"""
_INDEXES = """
SELECT tablename, indexname, indexdef FROM pg_indexes
WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY 1, 2
"""
_CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
  AND conrelid::regclass::text <> 'alembic_version' ORDER BY 1, 2
"""
_OPTIONS = """
SELECT relname, array_to_string(reloptions, ' ') FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
ORDER BY 1
"""


@asynccontextmanager
async def _database(server_url: str, name: str) -> AsyncIterator[str]:
    async with Outside(server_url) as outside:
        await outside.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await outside.run(f"CREATE DATABASE {name}")
        yield server_url.replace("/tests?", f"/{name}?")
        await outside.run(f"DROP DATABASE {name} WITH (FORCE)")


async def _shape(url: str) -> dict[str, list[tuple[object, ...]]]:
    async with Outside(url) as outside:
        return {
            "columns": await outside.rows(_COLUMNS),
            "indexes": await outside.rows(_INDEXES),
            "constraints": await outside.rows(_CONSTRAINTS),
            "options": await outside.rows(_OPTIONS),
        }


async def test_a_migrated_schema_equals_a_fresh_one(server_url: str) -> None:
    async with (
        _database(server_url, "migrated") as migrated,
        _database(server_url, "fresh") as fresh,
    ):
        await migrate(migrated)

        async def connect() -> object:
            return await asyncpg.connect(fresh)

        engine = create_async_engine(
            "postgresql+asyncpg://", async_creator=connect, poolclass=NullPool
        )
        async with engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
        await engine.dispose()
        left, right = await _shape(migrated), await _shape(fresh)
        assert left == right
        assert len(left["columns"]) > 50


async def test_migrating_again_changes_nothing(server_url: str) -> None:
    async with _database(server_url, "twice") as url:
        await migrate(url)
        before = await _shape(url)
        await migrate(url)
        assert await _shape(url) == before


async def test_every_key_begins_with_the_bucket(server_url: str) -> None:
    """So that the tables can be spread over machines; small tables are copied to each."""
    async with _database(server_url, "keys") as url:
        await migrate(url)
        shape = await _shape(url)
    keys = [str(row[2]) for row in shape["indexes"] if "UNIQUE" in str(row[2])]
    everywhere = (
        *("pack", "reaction_set", "installation", "api_key", "signing_key", "login"),
        *("webhook_endpoint", "candidate", "article", "article_version", "macro", "saved_view"),
    )
    spread = [key for key in keys if not any(f"public.{name} " in key for name in everywhere)]
    assert len(spread) >= 7
    assert all("(bucket" in key for key in spread), spread


async def test_a_database_of_a_newer_program_is_left_as_it_is(server_url: str) -> None:
    async with _database(server_url, "newer") as url:
        await migrate(url)
        async with Outside(url) as outside:
            await outside.run("UPDATE alembic_version SET version_num = '9999'")
            before = await _shape(url)
            with pytest.raises(SchemaUnknown, match="revision 9999"):
                await migrate(url)
            assert await _shape(url) == before
            assert await outside.value("SELECT version_num FROM alembic_version") == "9999"


async def test_what_a_migration_is_refused_is_said_in_a_line_and_changes_nothing(
    server_url: str,
) -> None:
    async with _database(server_url, "refused") as url, Outside(url) as outside:
        await outside.run("CREATE TABLE state (secret text)")
        with pytest.raises(MigrationFailed) as failed:
            await migrate(url)
        assert str(failed.value) == (
            "the database could not be migrated: DuplicateTableError: "
            'relation "state" already exists'
        )
        assert await outside.value("SELECT to_regclass('alembic_version')") is None


async def test_a_command_begins_though_what_is_in_the_database_takes_too_long_to_look_at(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Outside(url) as outside:
        await outside.run("BEGIN")
        await outside.run("LOCK TABLE seat, inbox, parked, outbox IN ACCESS EXCLUSIVE MODE")
        await reach(url)
        monkeypatch.setattr(health, "_SECONDS_MAX", 1.0)
        with pytest.raises(DatabaseUnreachable):
            await examine_database(url)
        await outside.run("ROLLBACK")


async def test_the_lists_show_of_what_has_not_changed_all_that_they_show(server_url: str) -> None:
    clock = SimulatedClock(datetime(2025, 3, 3, 2, tzinfo=UTC))
    async with _database(server_url, "lists") as url:
        await migrate(url)
        async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
            agent = party(9)
            await rig.all(
                [
                    RegisterAgent(agent=agent),
                    SetPresence(agent=agent, presence=Presence.AVAILABLE),
                ]
            )
            await rig.all([contact(number) for number in (1, 2)], actor=MARKETPLACE)
            await within(play_until(rig.engine, clock, clock() + timedelta(days=2)))
            shown = await outside.rows("SELECT * FROM inbox ORDER BY consumer")
            seats = await outside.rows("SELECT agent, room, body FROM seat")
            assert await outside.column("SELECT late FROM inbox") == [True, True]
            seat = msgspec.msgpack.decode(seats[0][-1])
            # As an older version had left them.
            await outside.run("ALTER TABLE inbox DROP COLUMN came_at")
            await outside.run("ALTER TABLE webhook_delivery DROP COLUMN planned_at")
            await outside.run("ALTER TABLE webhook_endpoint DROP COLUMN hastens_at")
            await outside.run("UPDATE inbox SET late = false")
            await outside.run("UPDATE seat SET body = $1", msgspec.msgpack.encode(seat[:6]))
            await outside.run("UPDATE alembic_version SET version_num = '0035'")
            await migrate(url)
            assert await outside.rows("SELECT * FROM inbox ORDER BY consumer") == shown
            assert await outside.rows("SELECT agent, room, body FROM seat") == seats
