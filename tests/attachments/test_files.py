"""The same promises at home and in a store that speaks S3, on a real one of each."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

import pytest
from obstore.store import S3Store

from oncedesk.storage.attachments.files import (
    LISTED_AT_ONCE,
    FileKey,
    FileMissing,
    Files,
    FilesUnreachable,
    LocalFiles,
    key_named,
)
from oncedesk.storage.attachments.s3 import S3Files
from tests.support.buckets import new_bucket, s3_serving


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    with s3_serving() as endpoint:
        yield endpoint


@pytest.fixture(params=["local", "s3"])
async def files(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Files]:
    if request.param == "local":
        yield LocalFiles(tmp_path / "files")
        return
    endpoint = request.getfixturevalue("s3_server")
    yield S3Files.at(new_bucket(endpoint, monkeypatch))


def key(number: int) -> FileKey:
    return FileKey(number % 4096, UUID(int=number))


def source(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / f"{uuid4().hex}.part"
    path.write_bytes(content)
    return path


async def read(files: Files, which: FileKey, *, first: int = 0, length: int = 1 << 40) -> bytes:
    return b"".join([chunk async for chunk in files.read(which, first=first, length=length)])


async def listed(files: Files) -> set[FileKey]:
    return {one.key async for some in files.listed() for one in some}


async def test_what_was_put_is_read_whole_and_in_parts(files: Files, tmp_path: Path) -> None:
    content = os.urandom(700_000)
    path = source(tmp_path, content)
    await files.put(key(1), path)
    assert not path.exists()
    assert await read(files, key(1), length=len(content)) == content
    assert await read(files, key(1), first=699_000, length=1_000) == content[-1_000:]
    assert await read(files, key(1), first=10, length=5) == content[10:15]
    assert await read(files, key(1), first=10, length=0) == b""


async def test_what_is_not_there_is_missing_and_can_be_deleted(files: Files) -> None:
    with pytest.raises(FileMissing):
        await read(files, key(9), length=10)
    await files.delete(key(9))


async def test_what_is_deleted_is_gone_and_the_others_stay(files: Files, tmp_path: Path) -> None:
    for number in (1, 2, 4097):
        await files.put(key(number), source(tmp_path, b"x" * number))
    assert await listed(files) == {key(1), key(2), key(4097)}
    await files.delete(key(2))
    await files.delete(key(2))
    assert await listed(files) == {key(1), key(4097)}
    with pytest.raises(FileMissing):
        await read(files, key(2), length=1)
    assert await read(files, key(1), length=1) == b"x"


async def test_of_more_files_than_are_listed_at_once_none_is_left_out(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path / "files")
    keys = {key(number) for number in range(LISTED_AT_ONCE + 3)}
    for one in keys:
        place = tmp_path / "files" / str(one)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"x")
    assert [len(some) async for some in files.listed()] == [LISTED_AT_ONCE, 3]
    assert await listed(files) == keys


def all_below(folder: Path) -> list[Path]:
    return [one for one in folder.rglob("*") if one.is_file()]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A folder on another file system than the one where files come in."""
    with TemporaryDirectory(dir="/dev/shm", ignore_cleanup_errors=True) as folder:
        if Path(folder).stat().st_dev == tmp_path.stat().st_dev:
            pytest.skip("there is one file system here")
        yield Path(folder)


async def test_files_may_lie_on_a_disk_of_their_own(tmp_path: Path, elsewhere: Path) -> None:
    files, path = LocalFiles(elsewhere / "files"), source(tmp_path, b"picture")
    path.chmod(0o600)
    await files.put(key(1), path)
    assert await read(files, key(1)) == b"picture"
    assert not path.exists()
    (there,) = all_below(elsewhere)
    assert there.stat().st_mode & 0o777 == 0o600
    assert await listed(files) == {key(1)}


async def test_what_came_over_by_half_goes_with_its_file(tmp_path: Path, elsewhere: Path) -> None:
    files = LocalFiles(elsewhere / "files")
    await files.put(key(1), source(tmp_path, b"picture"))
    (there,) = all_below(elsewhere)
    # As a process leaves it that dies on the way.
    there.rename(there.with_name(f".{there.name}.part"))
    assert await listed(files) == set()
    await files.delete(key(1))
    assert all_below(elsewhere) == []


async def test_only_we_can_read_what_lies_at_home(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path / "files")
    path = source(tmp_path, b"x")
    path.chmod(0o600)
    await files.put(key(1), path)
    (stored,) = (tmp_path / "files").glob("*/*")
    assert [one.stat().st_mode & 0o077 for one in (tmp_path / "files", stored.parent, stored)] == [
        0,
        0,
        0,
    ]


async def test_a_place_that_is_away_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "files").write_text("no folder")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    away = S3Store.from_url("s3://nowhere", retry_config={"max_retries": 0})
    for files in (LocalFiles(tmp_path / "files"), S3Files(away)):
        with pytest.raises(FilesUnreachable):
            await files.put(key(1), source(tmp_path, b"x"))
        with pytest.raises(FilesUnreachable):
            await files.delete(key(1))
        with pytest.raises(FilesUnreachable):
            await read(files, key(1))
    with pytest.raises(FilesUnreachable):
        await listed(S3Files(away))


def test_a_key_is_read_back_and_anything_else_is_none() -> None:
    for number in (0, 1, 4095, 2**128 - 1):
        assert key_named(str(key(number))) == key(number)
        assert key_named(f"prefix/{key(number)}") == key(number)
    for path in ("", "x", "00g/zz", "001/short", "lost+found/readme.txt"):
        assert key_named(path) is None
