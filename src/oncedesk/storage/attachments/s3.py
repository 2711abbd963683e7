"""Files in a store that speaks S3: the same promises over the network."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from oncedesk.storage.attachments.files import (
    CHUNK_BYTES,
    LISTED_AT_ONCE,
    FileKey,
    FileMissing,
    FilesUnreachable,
    StoredFile,
    key_named,
)

_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")


class S3Files:
    """Files in a bucket, below a prefix."""

    def __init__(self, store: S3Store) -> None:
        self._store = store

    @classmethod
    def at(cls, url: str) -> "S3Files":
        """`s3://BUCKET/PREFIX`, as whom and where the environment's AWS_ variables say.

        Raises `FilesUnreachable` where one of those cannot be used.
        """
        _refuse_no_url()
        with _reachable():
            return cls(S3Store.from_url(url))

    async def put(self, key: FileKey, source: Path) -> None:
        with _reachable():
            await obstore.put_async(self._store, str(key), source)
        await asyncio.to_thread(source.unlink, missing_ok=True)

    async def read(self, key: FileKey, *, first: int, length: int) -> AsyncIterator[bytes]:
        if length <= 0:
            return
        part = (first, first + length)
        with _reachable():
            try:
                found = await obstore.get_async(self._store, str(key), options={"range": part})
            except FileNotFoundError as error:
                raise FileMissing(str(key)) from error
            async for chunk in found.stream(min_chunk_size=CHUNK_BYTES):
                yield bytes(chunk)

    async def delete(self, key: FileKey) -> None:
        with _reachable(), suppress(FileNotFoundError):
            await obstore.delete_async(self._store, str(key))

    async def listed(self) -> AsyncIterator[Sequence[StoredFile]]:
        with _reachable():
            async for batch in obstore.list(self._store, chunk_size=LISTED_AT_ONCE):
                some = []
                for one in batch:
                    key = key_named(one["path"])
                    if key is not None:
                        some.append(StoredFile(key, one["last_modified"]))
                yield some


def _refuse_no_url() -> None:
    """What is no URL would be noticed at the first request only, where the library panics."""
    for name in _ENDPOINTS:
        said = os.environ.get(name)
        if said is not None and not _is_url(said):
            raise FilesUnreachable(f"{name} is expected to be a URL like https://s3.example.org")


def _is_url(said: str) -> bool:
    try:
        parts = urlsplit(said)
        known = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and known and " " not in said


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError) as error:
        raise FilesUnreachable(str(error)) from error
