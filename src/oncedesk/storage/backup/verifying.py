"""Reads a backup back: are all its bytes those that were written, and can PostgreSQL read them?"""

from collections.abc import Iterator
from pathlib import Path

from oncedesk.storage.backup.making import Told
from oncedesk.storage.backup.manifest import DATABASE, Manifest, PartKept, refuse_unknown_schema
from oncedesk.storage.backup.packing import Package
from oncedesk.storage.backup.programs import give_to, program_for


async def verify_backup(source: Path, *, tell: Told = lambda *_: None) -> Manifest:
    """Read every byte, and let pg_restore unpack the database to nowhere. Changes nothing.

    Raises BackupFailed if anything is missing, damaged or of a newer program.
    """
    package = Package(source)
    manifest = package.manifest
    refuse_unknown_schema(manifest)
    for part in manifest.parts:
        if part.name != DATABASE:
            for _ in told_chunks(package, part, tell):
                pass
        else:
            program = program_for("pg_restore", major=manifest.postgres_major)
            chunks = told_chunks(package, part, tell)
            await give_to(program, "--file=/dev/null", address=None, chunks=chunks)
            # What it had no use for is read, too: at the end the hash is compared.
            for _ in chunks:
                pass
    return manifest


def told_chunks(package: Package, part: PartKept, tell: Told) -> Iterator[bytes]:
    """The bytes of a part, telling how far it is. Raises BackupFailed if it is damaged."""
    done = 0
    for chunk in package.chunks(part):
        done += len(chunk)
        yield chunk
        tell(part.name, done)
