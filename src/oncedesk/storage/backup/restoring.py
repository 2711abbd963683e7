"""Puts a backup back: into a new database, which takes the old one's name only when it is whole.

Killed at any moment, the installation has its old database or the restored one. What is left over
then is a database `NAME_restoring_...`, which the next restore drops.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4
from zlib import crc32

import asyncpg

from oncedesk.domain.shared.records import Record
from oncedesk.storage.attachments.files import Files
from oncedesk.storage.backup.making import Told, counted
from oncedesk.storage.backup.manifest import (
    DATABASE,
    BackupFailed,
    Manifest,
    refuse_unknown_schema,
)
from oncedesk.storage.backup.packing import Package
from oncedesk.storage.backup.placing import put_files
from oncedesk.storage.backup.programs import give_to, program_for
from oncedesk.storage.backup.sessions import NoSuchDatabase, patient, server_major
from oncedesk.storage.backup.verifying import told_chunks
from oncedesk.storage.schema import MigrationFailed, migrate
from oncedesk.storage.urls import address_of, database_of, with_database

# Names are changed from another database than one's own; managed servers lack the first.
_MAINTENANCE = ("postgres", "template1")
_SPACE = 0x6F6E6372
_LOCK_TRIES = 20
_LOCK_PAUSE_SECONDS = 0.1
_SWAP_SECONDS_MAX = 15.0
_NAME_LENGTH_MAX = 40
_EMPTY = """
SELECT NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema')
"""
_SESSIONS = """
SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'
"""

# A new database sorts as the one whose place it takes, else as the server's do.
_LOCALE = """
SELECT pg_encoding_to_char(encoding) AS encoding, datlocprovider::text AS provider,
    datcollate, datctype, datlocale
FROM pg_database WHERE datname IN ($1, 'template0') ORDER BY datname <> $1 LIMIT 1
"""

Check = Callable[[str, Manifest], Awaitable[str | None]]
"""Looks at the restored database at this URL before it counts; says what is wrong, if anything."""


class Restored(Record, frozen=True, kw_only=True):
    """What was put back. `kept` is the database that stood there before, under its new name."""

    manifest: Manifest
    database: str
    kept: str | None
    files: int


async def restore_backup(
    *,
    url: str,
    files: Path,
    store: Files | None = None,
    source: Path,
    replace: bool,
    check: Check,
    tell: Told = lambda *_: None,
    named_point: Callable[[str], None] = lambda _: None,
) -> Restored:
    """Put the backup at `source` in the place of the database at `url`, and its files into `files`.

    Where files lie in a `store`, they are put there, and `files` only names a folder beside which
    they are unpacked.
    A database with anything in it is only replaced if told so, and kept under another name. Nobody
    may work on it meanwhile. An older backup is migrated. Raises BackupFailed and OSError; then all
    is as it was.
    """
    package = Package(source)
    manifest = package.manifest
    refuse_unknown_schema(manifest)
    for part in manifest.parts:
        for _ in told_chunks(package, part, lambda name, done: tell(f"reading {name}", done)):
            pass
    async with _target(url) as target:
        await target.refuse_unless_free(manifest, replace=replace)
        async with target.new_database() as new:
            named_point("created")
            await _fill(new.url, package, tell)
            named_point("filled")
            tell("checking", 0)
            if (wrong := await check(new.url, manifest)) is not None:
                raise BackupFailed(f"the restored database was not put in place: {wrong}")
            put = await put_files(package, files, store, tell)
            named_point("before_swap")
            kept = await target.swap(new.name)
    return Restored(manifest=manifest, database=target.name, kept=kept, files=put)


async def _fill(url: str, package: Package, tell: Told) -> None:
    """Restore, compare the counts with the manifest's, migrate."""
    manifest = package.manifest
    part = manifest.part(DATABASE)
    assert part is not None
    async with patient(url) as connection:
        major = await server_major(connection)
        await connection.execute("DROP SCHEMA public")
    program = program_for("pg_restore", major=max(major, manifest.postgres_major))
    await give_to(
        program,
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
        "--no-tablespaces",
        address=address_of(url),
        chunks=told_chunks(package, part, tell),
    )
    async with patient(url) as connection:
        found = await counted(connection, [table.name for table in manifest.tables])
        if found != manifest.tables:
            differ = [
                f"{now.name} has {now.rows:,} rows, not {then.rows:,}"
                for now, then in zip(found, manifest.tables, strict=True)
                if now != then
            ]
            raise BackupFailed(f"not all of it came back: {'; '.join(differ)}")
    try:
        await migrate(url)
    except MigrationFailed as error:
        raise BackupFailed(str(error)) from error
    async with patient(url) as connection:
        await connection.execute("ANALYZE")


class _New(Record, frozen=True):
    name: str
    url: str


class _Target:
    """The server, and the database whose place is to be taken."""

    def __init__(self, connection: Any, url: str, name: str) -> None:
        self._connection = connection
        self._url = url
        self.name = name
        # Databases whose names begin alike share the lock, too.
        self._prefix = f"{name[:_NAME_LENGTH_MAX]}_restoring_"
        self._exists = False
        self._empty = True

    async def refuse_unless_free(self, manifest: Manifest, *, replace: bool) -> None:
        major = await server_major(self._connection)
        if major < manifest.postgres_major:
            raise BackupFailed(
                f"the backup is of PostgreSQL {manifest.postgres}, this server is older: {major}"
            )
        await self._be_the_only_one()
        await self._refuse_used()
        try:
            async with patient(self._url) as connection:
                self._exists, self._empty = True, await connection.fetchval(_EMPTY)
        except NoSuchDatabase:
            return
        if not self._empty and not replace:
            raise BackupFailed(
                f"the database {self.name} is not empty; with --replace the backup takes its "
                "place, and it is kept under another name"
            )

    async def _be_the_only_one(self) -> None:
        """The session of one that has just ended may be there for a moment."""
        lock = _SPACE, crc32(self._prefix.encode()) >> 1
        for _ in range(_LOCK_TRIES):
            if await self._connection.fetchval("SELECT pg_try_advisory_lock($1, $2)", *lock):
                return
            await asyncio.sleep(_LOCK_PAUSE_SECONDS)
        raise BackupFailed(f"another restore of {self.name} is under way")

    @asynccontextmanager
    async def new_database(self) -> AsyncIterator[_New]:
        """An empty database, dropped again if the block fails; with what a kill left over."""
        for (left,) in await self._connection.fetch(
            "SELECT datname FROM pg_database WHERE starts_with(datname, $1)", self._prefix
        ):
            await self._drop(left)
        name = self._prefix + uuid4().hex[:8]
        await self._connection.execute(
            f"CREATE DATABASE {_quoted(name)} TEMPLATE template0 ENCODING 'UTF8' "
            + _locale(await self._connection.fetchrow(_LOCALE, self.name))
        )
        try:
            yield _New(name, with_database(self._url, name))
        except BaseException:
            await asyncio.shield(self._drop(name))
            raise

    async def swap(self, new: str) -> str | None:
        """Both names change at once. Returns what the old database is called now, if it is kept."""
        deadline = asyncio.get_running_loop().time() + _SWAP_SECONDS_MAX
        kept = f"{self.name[:_NAME_LENGTH_MAX]}_before_{uuid4().hex[:8]}"
        while True:
            try:
                async with self._connection.transaction():
                    if self._exists:
                        await self._rename(self.name, kept)
                    await self._rename(new, self.name)
                break
            except asyncpg.ObjectInUseError:
                if asyncio.get_running_loop().time() > deadline:
                    await self._refuse_used()
                    raise
                await asyncio.sleep(0.2)
        if not self._exists:
            return None
        # Looked at again: somebody may have begun to work on it meanwhile. What goes wrong now
        # no longer matters: the backup is in its place.
        with suppress(BackupFailed, asyncpg.PostgresError):
            async with patient(with_database(self._url, kept)) as connection:
                empty = await connection.fetchval(_EMPTY)
            if empty:
                await self._drop(kept)
                return None
        return kept

    async def _refuse_used(self) -> None:
        sessions = await self._connection.fetchval(_SESSIONS, self.name)
        if sessions:
            raise BackupFailed(
                f"{sessions} sessions are connected to {self.name}: stop every process of this "
                "installation first"
            )

    async def _rename(self, old: str, new: str) -> None:
        await self._connection.execute(f"ALTER DATABASE {_quoted(old)} RENAME TO {_quoted(new)}")

    async def _drop(self, name: str) -> None:
        await self._connection.execute(f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)")


@asynccontextmanager
async def _target(url: str) -> AsyncIterator[_Target]:
    name = database_of(url)
    if not name:
        async with patient(url) as connection:
            name = await connection.fetchval("SELECT current_database()")
            url = with_database(url, name)
    async with _beside(url, name) as connection:
        yield _Target(connection, url, name)


@asynccontextmanager
async def _beside(url: str, name: str) -> AsyncIterator[Any]:
    """A session in another database of the server."""
    places = [place for place in _MAINTENANCE if place != name]
    async with AsyncExitStack() as stack:
        for place in places:
            try:
                session = patient(with_database(url, place))
                connection = await stack.enter_async_context(session)
                break
            except NoSuchDatabase:
                if place == places[-1]:
                    raise
        yield connection


def _locale(like: Any) -> str:
    """What `CREATE DATABASE` is told, for one in UTF8 that sorts like this one."""
    if like["encoding"] != "UTF8":
        return "LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'"
    named = {"b": "LOCALE_PROVIDER builtin BUILTIN_LOCALE", "i": "LOCALE_PROVIDER icu ICU_LOCALE"}
    told = named.get(like["provider"])
    first = "LOCALE_PROVIDER libc" if told is None else f"{told} {_literal(like['datlocale'])}"
    return (
        f"{first} LC_COLLATE {_literal(like['datcollate'])} LC_CTYPE {_literal(like['datctype'])}"
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
