"""Puts the files of a backup where this installation keeps them: its folder, or its store.

Before the database changes: files that no row knows do no harm, rows without their file do. What a
killed restore has left half done is removed by the next one.
"""

import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from oncedesk.storage.attachments.files import Files, FilesUnreachable, key_named
from oncedesk.storage.backup.making import Told
from oncedesk.storage.backup.manifest import FILES, BackupFailed
from oncedesk.storage.backup.packing import Package, forget_members, open_private, sync

_UNFINISHED = ".restoring"


async def put_files(package: Package, folder: Path, store: Files | None, tell: Told) -> int:
    """Put the backup's files into the store, if there is one, else into the folder; how many.

    Raises BackupFailed and OSError.
    """
    beside = folder.with_name(f".{folder.name}{_UNFINISHED}")
    _remove_leftovers(folder, beside)
    try:
        if store is None:
            return _put_into_folder(package, folder, tell)
        return await _put_into_store(package, store, beside, tell)
    except tarfile.TarError as error:
        raise BackupFailed(f"{FILES} cannot be unpacked: {error}") from error
    except FilesUnreachable as error:
        raise BackupFailed(f"the files cannot be put into their store: {error}") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _remove_leftovers(folder: Path, beside: Path) -> None:
    for left in folder.rglob(f".*{_UNFINISHED}"):
        left.unlink()
    shutil.rmtree(beside, ignore_errors=True)


def _put_into_folder(package: Package, folder: Path, tell: Told) -> int:
    """Those that are not there: a file's name is never given twice, so one there is the same."""
    put = done = 0
    for name, content, size in _unpacked(package):
        place = folder / name
        if not place.exists():
            _write(place, content)
            put, done = put + 1, done + size
            tell("files", done)
    return put


async def _put_into_store(package: Package, store: Files, beside: Path, tell: Told) -> int:
    """Those that are attachments, also where one is there: it is the same."""
    put = done = 0
    for name, content, size in _unpacked(package):
        key = key_named(str(name))
        if key is not None:
            unpacked = beside / key.id.hex
            _write(unpacked, content)
            await store.put(key, unpacked)
            put, done = put + 1, done + size
            tell("files", done)
    return put


def _unpacked(package: Package) -> Iterator[tuple[PurePosixPath, IO[bytes], int]]:
    """The name, the content and the size of each; a content is read before the next one comes."""
    part = package.manifest.part(FILES)
    if part is None:
        return
    with package.open(part.name) as file, tarfile.open(fileobj=file, mode="r|") as tar:
        while (info := tar.next()) is not None:
            forget_members(tar)
            name = _inside(info.name)
            content = tar.extractfile(info)
            if content is not None:
                yield name, content, info.size


def _inside(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise BackupFailed(f"{FILES} holds {name!r}, which lies outside the folder of files")
    return path


def _write(place: Path, content: IO[bytes]) -> None:
    """Whole or not at all: a file counts from when it has its name."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = place.with_name(f".{place.name}{_UNFINISHED}")
    with open(unfinished, "wb", opener=open_private) as file:
        shutil.copyfileobj(content, file)
        sync(file)
    unfinished.rename(place)
