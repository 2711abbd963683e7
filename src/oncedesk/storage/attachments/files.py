"""Where files lie: in the installation's home, or in a store that speaks S3.

A file is named by its attachment. Writing one is durable when it returns; deleting one that is
not there is no error.
"""

import asyncio
import errno
import os
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Protocol
from uuid import UUID

from oncedesk.domain.shared.records import Record

CHUNK_BYTES = 256 << 10
LISTED_AT_ONCE = 500


class FileMissing(Exception):
    """The row says that there is a file, and there is none."""


class FilesUnreachable(Exception):
    """The place for files cannot be reached, is full, or does not let us; nothing was done."""


class FileKey(Record, frozen=True):
    """Which file: its attachment's bucket and id. The bucket spreads the files over folders."""

    bucket: int
    id: UUID

    def __str__(self) -> str:
        return f"{self.bucket:03x}/{self.id.hex}"


class StoredFile(Record, frozen=True):
    """A file that lies there, and since when."""

    key: FileKey
    at: datetime


def key_named(path: str) -> FileKey | None:
    """The key that was written so; None for what we did not write."""
    folder, _, name = path.rpartition("/")
    try:
        return FileKey(int(folder[-3:], 16), UUID(hex=name))
    except ValueError:
        return None


class Files(Protocol):
    """A place for files. Everything raises `FilesUnreachable` where it cannot be done now."""

    async def put(self, key: FileKey, source: Path) -> None:
        """Take over this local file; it is gone from where it was. Durable on return."""
        ...

    def read(self, key: FileKey, *, first: int, length: int) -> AsyncIterator[bytes]:
        """So many bytes from `first` on. Raises `FileMissing`."""
        ...

    async def delete(self, key: FileKey) -> None: ...

    def listed(self) -> AsyncIterator[Sequence[StoredFile]]:
        """All there are, some at a time."""
        ...


class LocalFiles:
    """Files below a folder of our own."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, key: FileKey, source: Path) -> None:
        with reachable():
            await asyncio.to_thread(_move, source, self._root, str(key))

    async def read(self, key: FileKey, *, first: int, length: int) -> AsyncIterator[bytes]:
        with reachable():
            try:
                file = await asyncio.to_thread((self._root / str(key)).open, "rb")
            except FileNotFoundError as error:
                raise FileMissing(str(key)) from error
        try:
            with reachable():
                await asyncio.to_thread(file.seek, first)
            while length > 0:
                with reachable():
                    chunk = await asyncio.to_thread(file.read, min(CHUNK_BYTES, length))
                if not chunk:
                    return
                length -= len(chunk)
                yield chunk
        finally:
            file.close()

    async def delete(self, key: FileKey) -> None:
        with reachable():
            await asyncio.to_thread(_remove, self._root / str(key))

    async def listed(self) -> AsyncIterator[Sequence[StoredFile]]:
        found = _stored_below(self._root)
        while some := await asyncio.to_thread(_take, found, LISTED_AT_ONCE):
            yield some


@contextmanager
def reachable() -> Iterator[None]:
    """For what is done to files here: where the system refuses, it is `FilesUnreachable`."""
    try:
        yield
    except OSError as error:
        raise FilesUnreachable(str(error)) from error


def _move(source: Path, root: Path, name: str) -> None:
    """Flush it, move it, and flush that it was moved. Nobody else may look into these folders."""
    target = root / name
    with source.open("rb+") as file:
        os.fsync(file.fileno())
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    target.parent.mkdir(exist_ok=True, mode=0o700)
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _bring(source, target)
    for folder in (target.parent, target.parent.parent):
        _flush(folder)


def _bring(source: Path, target: Path) -> None:
    """From another file system: whole or not at all, as a file counts from when it has its name."""
    unfinished = _unfinished(target)
    try:
        shutil.copy(source, unfinished)
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    source.unlink()


def _remove(target: Path) -> None:
    for path in (target, _unfinished(target)):
        path.unlink(missing_ok=True)


def _unfinished(target: Path) -> Path:
    # Neither listed nor backed up.
    return target.with_name(f".{target.name}.part")


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _stored_below(root: Path) -> Iterator[StoredFile]:
    for path in root.glob("[0-9a-f][0-9a-f][0-9a-f]/*"):
        key = key_named(f"{path.parent.name}/{path.name}")
        if key is not None:
            with suppress(FileNotFoundError):
                yield StoredFile(key, datetime.fromtimestamp(path.stat().st_mtime, UTC))


def _take(found: Iterator[StoredFile], count: int) -> Sequence[StoredFile]:
    return [*islice(found, count)]
