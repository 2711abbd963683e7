"""Where the parts of a backup lie: in a folder, or one after the other in a tar file.

Both are written under another name and get their own only when all of it is on the disk. The name
decides which it is: `*.tar` is a file, everything else a folder. What a process that was killed
left unfinished, the next backup beside it removes.
"""

import fcntl
import hashlib
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Protocol
from uuid import uuid4

from oncedesk.storage.backup.manifest import (
    BYTES_MAX,
    MANIFEST,
    BackupFailed,
    Manifest,
    PartKept,
    read_manifest,
)

SUFFIX = ".tar"
CHUNK_BYTES = 1 << 20
UNFINISHED = ".oncedesk-unfinished"


class PartWriter:
    """Takes a part's bytes in their order; knows its size and hash at any time."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file = file
        self._name = name
        self._hash = hashlib.sha256()
        self.bytes = 0

    def write(self, data: bytes) -> int:
        self._file.write(data)
        self._hash.update(data)
        self.bytes += len(data)
        return len(data)

    def kept(self) -> PartKept:
        return PartKept(name=self._name, bytes=self.bytes, sha256=self._hash.hexdigest())


class Packing(Protocol):
    """A backup that is being written."""

    def part(self, name: str) -> AbstractContextManager[PartWriter]: ...

    def finish(self) -> None: ...

    def give_up(self) -> None: ...


@contextmanager
def packing(target: Path) -> Iterator[Packing]:
    """Write parts, then `finish`; what was not finished leaves nothing behind.

    Raises BackupFailed if there is something at `target`, or no folder to put it in, and OSError.
    """
    refuse_taken(target)
    building = target.with_name(f".{target.name}.{uuid4().hex[:8]}{UNFINISHED}")
    with ExitStack() as holding:
        # Nobody takes for abandoned what is only about to be held.
        with _held(target.parent):
            _remove_abandoned(target.parent)
            pack: Packing = (
                _TarPacking(building, target)
                if target.suffix == SUFFIX
                else _FolderPacking(building, target)
            )
            holding.enter_context(_held(building))
        try:
            yield pack
        except BaseException:
            pack.give_up()
            raise


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Nobody else holds it, until the end of the block or of this process."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        # Where the file system knows no locks, nobody gets one, and nothing is removed.
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _remove_abandoned(folder: Path) -> None:
    """What is being written there by nobody any more."""
    for path in sorted(folder.glob(f".*{UNFINISHED}")):
        with suppress(OSError):
            descriptor = os.open(path, os.O_RDONLY)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()
            finally:
                os.close(descriptor)


def refuse_taken(target: Path) -> None:
    """Raises BackupFailed where a backup cannot be written. An empty folder is as good as none."""
    if not target.parent.is_dir():
        raise BackupFailed(f"there is no folder {target.parent}")
    empty_folder = (
        target.suffix != SUFFIX and target.is_dir() and not target.is_symlink()
    ) and not any(target.iterdir())
    if (target.exists() or target.is_symlink()) and not empty_folder:
        raise BackupFailed(f"{target} exists; a backup overwrites nothing")


class _FolderPacking:
    def __init__(self, building: Path, target: Path) -> None:
        self._building = building
        self._target = target
        building.mkdir(mode=0o700)

    @contextmanager
    def part(self, name: str) -> Iterator[PartWriter]:
        with open(self._building / name, "xb", opener=open_private) as file:
            yield PartWriter(file, name)
            sync(file)

    def finish(self) -> None:
        _sync_folder(self._building)
        self._building.rename(self._target)
        _sync_folder(self._target.parent)

    def give_up(self) -> None:
        shutil.rmtree(self._building, ignore_errors=True)


class _TarPacking:
    """A tar file whose headers are written when the size of what follows them is known."""

    def __init__(self, building: Path, target: Path) -> None:
        self._building = building
        self._target = target
        self._file = open(building, "xb", opener=open_private)  # noqa: SIM115 - until the end

    @contextmanager
    def part(self, name: str) -> Iterator[PartWriter]:
        start = self._file.tell()
        self._file.write(bytes(tarfile.BLOCKSIZE))
        writer = PartWriter(self._file, name)
        yield writer
        self._file.write(bytes(-writer.bytes % tarfile.BLOCKSIZE))
        end = self._file.tell()
        info = tarfile.TarInfo(name)
        info.size, info.mode = writer.bytes, 0o600
        self._file.seek(start)
        self._file.write(info.tobuf(tarfile.GNU_FORMAT))
        self._file.seek(end)

    def finish(self) -> None:
        self._file.write(bytes(2 * tarfile.BLOCKSIZE))
        sync(self._file)
        self._file.close()
        self._building.rename(self._target)
        _sync_folder(self._target.parent)

    def give_up(self) -> None:
        # Closing writes what is buffered, and a full disk says no again.
        with suppress(OSError):
            self._file.close()
        self._building.unlink(missing_ok=True)


class _Missing(Exception):
    """The backup has no part of this name."""


class Package:
    """A backup that lies there, with its manifest."""

    def __init__(self, source: Path) -> None:
        """Raises BackupFailed if it is none."""
        self._source = source
        try:
            with self.open(MANIFEST) as file:
                content = file.read(BYTES_MAX)
        except _Missing:
            raise BackupFailed(f"{source} has no manifest: it is no complete backup") from None
        except tarfile.TarError as error:
            raise BackupFailed(f"{source} is not a backup: {error}") from error
        except OSError as error:
            raise BackupFailed(f"{source} cannot be read: {error.strerror}") from error
        self.manifest: Manifest = read_manifest(content)

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """The bytes of a part."""
        if self._source.is_dir():
            if not (self._source / name).is_file():
                raise _Missing(name)
            with (self._source / name).open("rb") as file:
                yield file
            return
        with tarfile.open(self._source, "r:") as tar:
            if name not in tar.getnames() or (content := tar.extractfile(name)) is None:
                raise _Missing(name)
            yield content

    def chunks(self, part: PartKept) -> Iterator[bytes]:
        """The bytes of a part. Raises BackupFailed at the end if they are not what was written."""
        found, size = hashlib.sha256(), 0
        try:
            with self.open(part.name) as file:
                while chunk := file.read(CHUNK_BYTES):
                    found.update(chunk)
                    size += len(chunk)
                    yield chunk
        except _Missing:
            raise BackupFailed(f"{part.name} is missing from {self._source}") from None
        except (OSError, tarfile.TarError) as error:
            raise BackupFailed(f"{part.name} in {self._source} cannot be read: {error}") from error
        if (size, found.hexdigest()) != (part.bytes, part.sha256):
            raise BackupFailed(
                f"{part.name} in {self._source} is damaged: {size:,} bytes that are not the "
                f"{part.bytes:,} that were written"
            )


def forget_members(tar: tarfile.TarFile) -> None:
    """What it remembers of each file that it wrote or read; of many that takes gigabytes."""
    remembers: Any = tar
    remembers.members.clear()
    remembers.inodes.clear()


def open_private(path: str, flags: int) -> int:
    """For `open`: a file that only its owner may read."""
    return os.open(path, flags, 0o600)


def sync(file: IO[bytes]) -> None:
    """Return when it is on the disk."""
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
