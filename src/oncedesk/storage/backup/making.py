"""Makes a backup: one moment of the database, then the files, then the manifest.

The database first. Whatever a row of that moment refers to was stored before the row, so it is
there when the files are copied, unless it was erased in between; and what was erased should not
come back. The other way round, files that arrive meanwhile would be missing. Files that no row
knows do no harm.
"""

import asyncio
import tarfile
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import IO, Any, cast

import msgspec

from oncedesk.domain.shared.records import Record
from oncedesk.storage.backup.manifest import (
    DATABASE,
    FILES,
    MANIFEST,
    BackupFailed,
    Manifest,
    PackKept,
    PartKept,
    TableKept,
)
from oncedesk.storage.backup.packing import Packing, PartWriter, forget_members, packing
from oncedesk.storage.backup.programs import program_for, take_from
from oncedesk.storage.backup.sessions import patient, server_major
from oncedesk.storage.packs import SET
from oncedesk.storage.urls import address_of

_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
ORDER BY c.relname
"""
_HAS_CITUS = "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')"
_IS_SPREAD = "SELECT EXISTS (SELECT FROM pg_dist_partition)"

Told = Callable[[str, int], None]
"""Hears how far it is: what is being done, and how many bytes of it."""


class _Moment(Record, frozen=True, kw_only=True):
    """What the database said of itself in the snapshot of this backup."""

    manifest: Manifest
    snapshot: str
    names: tuple[str, ...]


async def make_backup(
    *, url: str, files: Path, target: Path, program_version: str, tell: Told = lambda *_: None
) -> Manifest:
    """Write a backup of the database at `url` and of the folder `files` to `target`.

    Everything that was acknowledged before the call is in it. Nobody has to stop meanwhile; only a
    migration would wait. Raises BackupFailed and OSError, and leaves nothing behind then.
    """
    with packing(target) as pack:
        async with _moment(url, program_version) as (connection, moment):
            with pack.part(DATABASE) as part:
                # Counted in the same snapshot, while the dump is being written.
                counting = asyncio.create_task(counted(connection, moment.names))
                try:
                    await _dump(url, moment, part, tell)
                    rows = await counting
                finally:
                    counting.cancel()
                    await asyncio.wait([counting])
            parts = [part.kept()]
        parts += await _write_files(pack, files, tell)
        manifest = msgspec.structs.replace(moment.manifest, tables=rows, parts=tuple(parts))
        with pack.part(MANIFEST) as part:
            part.write(msgspec.json.format(msgspec.json.encode(manifest), indent=2))
        pack.finish()
    return manifest


async def _dump(url: str, moment: _Moment, part: PartWriter, tell: Told) -> None:
    def take(chunk: bytes) -> None:
        part.write(chunk)
        tell("database", part.bytes)

    await take_from(
        program_for("pg_dump", major=moment.manifest.postgres_major),
        "--format=custom",
        "--compress=gzip:1",
        "--schema=public",
        "--no-publications",
        "--no-subscriptions",
        "--no-security-labels",
        f"--snapshot={moment.snapshot}",
        address=address_of(url),
        take=take,
    )


@asynccontextmanager
async def _moment(url: str, program_version: str) -> AsyncIterator[tuple[Any, _Moment]]:
    """A snapshot that stands as long as this block runs, on a connection that may read in it."""
    async with patient(url) as connection:
        major = await server_major(connection)
        await _refuse_spread(connection)
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            if await connection.fetchval("SELECT to_regclass('public.alembic_version')") is None:
                raise BackupFailed("there is nothing to back up: the database has no tables yet")
            manifest = Manifest(
                oncedesk=program_version,
                revision=await connection.fetchval("SELECT version_num FROM alembic_version"),
                postgres=await connection.fetchval("SHOW server_version"),
                postgres_major=major,
                taken_at=await connection.fetchval("SELECT now()"),
                packs=tuple(
                    PackKept(market=market, hash=hash_)
                    for market, hash_ in await connection.fetch(
                        "SELECT market, hash FROM pack WHERE market <> $1 ORDER BY market, hash",
                        SET,
                    )
                ),
                tables=(),
                parts=(),
            )
            yield (
                connection,
                _Moment(
                    manifest=manifest,
                    snapshot=await connection.fetchval("SELECT pg_export_snapshot()"),
                    names=tuple(row[0] for row in await connection.fetch(_TABLES)),
                ),
            )


async def _refuse_spread(connection: Any) -> None:
    """Of tables that are spread over machines, pg_dump would read the empty shells."""
    if await connection.fetchval(_HAS_CITUS) and await connection.fetchval(_IS_SPREAD):
        raise BackupFailed(
            "the tables are spread over several machines by Citus, where pg_dump sees nothing "
            "of them; back up each machine by PostgreSQL's continuous archiving"
        )


async def counted(connection: Any, names: Iterable[str]) -> tuple[TableKept, ...]:
    """How many rows these tables have. It reads them whole, as a backup does anyway."""
    return tuple(
        [
            TableKept(
                name=name,
                rows=await connection.fetchval(f'SELECT count(*) FROM public."{name}"'),  # noqa: S608
            )
            for name in names
        ]
    )


async def _write_files(pack: Packing, folder: Path, tell: Told) -> tuple[PartKept, ...]:
    """All files below the folder, if there is one. One that is erased just now is left out."""
    if not folder.is_dir():  # noqa: ASYNC240 - a backup has its loop to itself
        return ()
    with (
        pack.part(FILES) as part,
        tarfile.open(mode="w|", fileobj=cast("IO[bytes]", part), dereference=True) as tar,
    ):
        for path in _below(folder):
            # Between two files it can be stopped.
            await asyncio.sleep(0)
            forget_members(tar)
            with suppress(FileNotFoundError):
                info = tar.gettarinfo(path, arcname=str(path.relative_to(folder)))
                # What is being written has a name that begins with a dot.
                if info.isreg() and not path.name.startswith("."):
                    with path.open("rb") as file:
                        tar.addfile(info, file)
                    tell("files", part.bytes)
    return (part.kept(),)


def _below(folder: Path, *, within: tuple[Path, ...] = ()) -> Iterator[Path]:
    """What lies there, in the order of its names; there is one folder of it in memory at a time.

    Links are followed, unless they lead back to where they are.
    """
    place = folder.resolve()
    if place in within:
        return
    with suppress(FileNotFoundError):
        for path in sorted(folder.iterdir()):
            if path.is_dir():
                yield from _below(path, within=(*within, place))
            else:
                yield path
