"""What a backup says about itself, and whether this program can use it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from oncedesk.domain.shared.records import Record
from oncedesk.storage.schema import known_revisions

MANIFEST = "manifest.json"
DATABASE = "database.dump"
FILES = "files.tar"
BYTES_MAX = 1_000_000


class BackupFailed(Exception):
    """A backup could not be made, read or restored; the message is one line for an operator."""


class PartKept(Record, frozen=True, kw_only=True):
    """One part of the backup as it was written."""

    name: str
    bytes: int
    sha256: str


class TableKept(Record, frozen=True, kw_only=True):
    """How many rows of a table are in it."""

    name: str
    rows: int


class PackKept(Record, frozen=True, kw_only=True):
    """A rule pack that is in it, by the hash of its content."""

    market: str
    hash: str


class Manifest(Record, frozen=True, kw_only=True):
    """What is in a backup. `taken_at` is the moment of which it holds everything acknowledged."""

    format: Literal[1] = 1
    oncedesk: str
    revision: str
    postgres: str
    postgres_major: int
    taken_at: datetime
    packs: tuple[PackKept, ...]
    tables: tuple[TableKept, ...]
    parts: tuple[PartKept, ...]

    def part(self, name: str) -> PartKept | None:
        return next((part for part in self.parts if part.name == name), None)


def read_manifest(content: bytes) -> Manifest:
    """Raises BackupFailed if it is damaged or of a kind that this program does not know."""
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BackupFailed(f"the manifest cannot be read: {error}") from error
    if manifest.part(DATABASE) is None:
        raise BackupFailed(f"the manifest names no {DATABASE}")
    return manifest


def refuse_unknown_schema(manifest: Manifest) -> None:
    """Raises BackupFailed for a backup of a newer program. An older one is migrated."""
    known: Sequence[str] = known_revisions()
    if manifest.revision not in known:
        raise BackupFailed(
            f"the backup was made by oncedesk {manifest.oncedesk} with the schema "
            f"{manifest.revision}, and this program knows up to {known[-1]}: install that version"
        )
