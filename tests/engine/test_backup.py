"""A backup made under load, put back elsewhere: all that was acknowledged, once; or nothing."""

import asyncio
import gc
import hashlib
import json
import os
import resource
import subprocess
import sys
import tarfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from uuid import uuid4

import asyncpg
import msgspec
import pytest

from oncedesk.domain.parties.messages import UpdateParty
from oncedesk.engine.reactions.table import REACTIONS
from oncedesk.storage.attachments.files import FileKey, LocalFiles
from oncedesk.storage.attachments.s3 import S3Files
from oncedesk.storage.backup import BackupFailed, make_backup, restore_backup, verify_backup
from oncedesk.storage.backup.manifest import DATABASE, FILES, MANIFEST, Manifest
from oncedesk.storage.backup.packing import packing
from oncedesk.storage.schema import MIGRATIONS, known_revisions, migrate, newest_revision
from oncedesk.storage.urls import Address, address_of, database_of, with_database
from tests.support.buckets import new_bucket, s3_serving
from tests.support.engines import Outside, Rig, engine_on, eventually, party, register, within
from tests.support.homes import end_all, fresh_home
from tests.support.servers import own_server

SECONDS_MAX = 120
NAMES = count(1)

OWN = """
import sys
from pathlib import Path
from oncedesk.storage.embedded import start_embedded
start_embedded(home=Path(sys.argv[1]))
print(1, flush=True)
sys.stdin.read()
"""

ONCEDESK = "from oncedesk.cli.main import main; main()"

RESTORE = """
import asyncio, os, signal, sys
from pathlib import Path
from oncedesk.storage.backup import restore_backup

async def fine(url, manifest):
    return None

def point(name):
    if name == sys.argv[4]:
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(restore_backup(
    url=sys.argv[1], files=Path(sys.argv[2]), source=Path(sys.argv[3]), replace=True,
    check=fine, named_point=point,
))
"""


def oncedesk(
    *arguments: str | Path,
    url: str | None = None,
    home: Path,
    before: Callable[[], None] | None = None,
) -> subprocess.CompletedProcess[str]:
    where = {} if url is None else {"ONCEDESK_DATABASE_URL": url}
    return subprocess.run(
        [sys.executable, "-c", ONCEDESK, *map(str, arguments)],
        env={**os.environ, **where, "ONCEDESK_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
        stdin=subprocess.DEVNULL,
        preexec_fn=before,
    )


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The one line that it said."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr.strip()


@pytest.fixture
def elsewhere(url: str) -> str:
    """The address of a database that is not there."""
    return with_database(url, f"elsewhere_{uuid4().hex[:8]}")


async def databases(url: str, prefix: str) -> list[str]:
    async with Outside(url) as outside:
        return await outside.column(
            "SELECT datname FROM pg_database WHERE starts_with(datname, $1) ORDER BY 1", prefix
        )


async def some(url: str, number: int) -> None:
    """A database with so many consumers in it."""
    async with engine_on(url) as rig:
        answers = await rig.all([register(one) for one in range(number)])
    assert all(answer.accepted for answer in answers)


async def made(url: str, target: Path, *, files: Path = Path("/nowhere")) -> Manifest:
    return await make_backup(url=url, files=files, target=target, program_version="1.2.3")


async def fine(_: str, __: Manifest) -> None:
    return None


async def put(url: str, source: Path, *, replace: bool = False, files: Path) -> str | None:
    done = await restore_backup(url=url, files=files, source=source, replace=replace, check=fine)
    return done.kept


def _update(number: int, turn: int) -> UpdateParty:
    return UpdateParty(party=party(number), language=("zh", "en")[turn % 2])


async def _load(rig: Rig, acknowledged: dict[str, int], stop: asyncio.Event) -> None:
    """Sixteen clients who never rest; `acknowledged` is what they were told."""

    async def client(number: int) -> None:
        for turn in count():
            if stop.is_set():
                return
            key = f"load/{number}/{turn}"
            answer = await rig.submit(_update(number, turn), key=key)
            assert answer.accepted, answer
            acknowledged[key] = answer.version

    await asyncio.gather(*(client(number) for number in range(16)))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["backup.tar", "backup"])
async def test_everything_acknowledged_before_it_began_comes_back_once(
    url: str, elsewhere: str, tmp_path: Path, name: str
) -> None:
    target, home = tmp_path / name, tmp_path / "home"
    acknowledged: dict[str, int] = {}
    stop = asyncio.Event()
    async with engine_on(url) as rig:
        await rig.all([register(number) for number in range(16)])
        clients = asyncio.create_task(_load(rig, acknowledged, stop))
        await eventually(lambda: len(acknowledged) >= 400, "some were acknowledged")
        before = dict(acknowledged)
        done = await asyncio.to_thread(oncedesk, "backup", target, "--verify", url=url, home=home)
        meanwhile = len(acknowledged) - len(before)
        stop.set()
        await clients
    assert done.returncode == 0, done.stderr
    assert meanwhile > 100, "nothing was committed while the backup was made"
    assert target.stat().st_mode & 0o777 == (0o700 if target.is_dir() else 0o600)

    done = oncedesk("restore", target, "--check", url=elsewhere, home=home)
    assert done.returncode == 0, done.stderr
    replayed = oncedesk("replay", "--check", "--json", url=elsewhere, home=home)
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
    async with engine_on(elsewhere) as rig, Outside(elsewhere) as outside:
        journal = "SELECT count(*) FROM journal"
        kept = await outside.value(journal)
        assert len(before) + 16 <= kept < len(acknowledged) + 16
        for key, version in before.items():
            number, turn = map(int, key.split("/")[1:])
            answer = await rig.submit(_update(number, turn), key=key)
            assert (answer.duplicate, answer.version) == (True, version)
        assert await outside.value(journal) == kept
        twice = "SELECT command_id FROM journal GROUP BY command_id HAVING count(*) > 1"
        assert await outside.column(twice) == []


@pytest.mark.slow
def test_from_a_running_embedded_database_into_a_new_home(tmp_path: Path) -> None:
    with fresh_home() as home, fresh_home() as other:
        owner = subprocess.Popen(
            [sys.executable, "-c", OWN, str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        try:
            assert owner.stdout is not None
            assert owner.stdout.readline() == b"1\n"
            assert oncedesk("db", "migrate", home=home).returncode == 0
            (home / "files" / "ab").mkdir(parents=True)
            (home / "files" / "ab" / "picture").write_bytes(b"png")
            target = tmp_path / "one.tar"
            done = oncedesk("backup", target, home=home)
            assert done.returncode == 0, done.stderr
            # The owner goes on.
            assert owner.poll() is None
            checks = json.loads(oncedesk("doctor", "--json", home=home).stdout)["checks"]
            (backup,) = [one for one in checks if one["name"] == "backup"]
            assert backup["verdict"] == "ok"
            done = oncedesk("restore", target, home=other)
            assert done.returncode == 0, done.stderr
            assert (other / "files" / "ab" / "picture").read_bytes() == b"png"
            assert oncedesk("replay", home=other).returncode == 0
        finally:
            owner.communicate(timeout=SECONDS_MAX)
            end_all(home)
            end_all(other)


def test_a_home_without_a_database_has_nothing_to_back_up(tmp_path: Path) -> None:
    said = refused(oncedesk("backup", tmp_path / "b.tar", home=tmp_path / "home"))
    assert said.startswith("there is nothing to back up")
    assert list(tmp_path.iterdir()) == []


def test_a_tilde_of_nobody_is_a_folder_that_is_not_there(tmp_path: Path) -> None:
    place, home = "~nobody-of-this-name/b.tar", tmp_path / "home"
    assert "nothing to back up" in refused(oncedesk("backup", place, home=home))
    assert place in refused(oncedesk("restore", place, "--verify", home=home))


def test_says_so_where_the_attachments_are_not_in_it(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONCEDESK_FILES_URL", "s3://attachments")
    done = oncedesk("backup", tmp_path / "b.tar", url=url, home=tmp_path / "home")
    assert done.returncode == 0, done.stderr
    assert "attachments lie in an object storage and are not in it" in done.stderr


async def test_overwrites_no_backup_and_needs_a_folder(url: str, tmp_path: Path) -> None:
    (tmp_path / "b.tar").touch()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    for name in ("b.tar", "full"):
        with pytest.raises(BackupFailed, match="exists; a backup overwrites nothing"):
            await made(url, tmp_path / name)
    with pytest.raises(BackupFailed, match="there is no folder"):
        await made(url, tmp_path / "missing" / "b.tar")
    (tmp_path / "empty").mkdir()
    await made(url, tmp_path / "empty")
    await verify_backup(tmp_path / "empty")


def test_a_full_disk_is_one_line_and_leaves_nothing(url: str, tmp_path: Path) -> None:
    def little() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, 4_096))

    for name in ("b.tar", "b"):
        said = refused(
            oncedesk("backup", tmp_path / name, url=url, home=tmp_path / "h", before=little)
        )
        assert said.endswith("File too large")
    assert list(tmp_path.iterdir()) == []


@asynccontextmanager
async def _at_its_dump(url: str, target: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """A backup that has begun to be written, and gets no further."""
    async with Outside(url) as outside:
        await outside.run("BEGIN")
        await outside.run("LOCK TABLE journal IN ACCESS EXCLUSIVE MODE")
        backing_up = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", ONCEDESK, "backup", str(target)),
            env={
                **os.environ,
                "ONCEDESK_DATABASE_URL": url,
                "ONCEDESK_HOME": str(target.parent / "h"),
            },
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        await eventually(lambda: len(_unfinished(target)) == 1, "it is being written")
        yield backing_up
        await outside.run("ROLLBACK")


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def _unfinished(target: Path) -> list[Path]:
    return [*target.parent.glob(f".{target.name}.*")]


@pytest.mark.parametrize("name", ["b.tar", "b"])
async def test_what_is_stopped_leaves_nothing(url: str, tmp_path: Path, name: str) -> None:
    await some(url, 1)
    async with _at_its_dump(url, tmp_path / name) as backing_up:
        backing_up.terminate()
        assert await within(backing_up.wait(), SECONDS_MAX) == 130
        assert _names(tmp_path) == set()


@pytest.mark.parametrize("name", ["b.tar", "b"])
async def test_what_is_killed_the_next_one_clears_away(url: str, tmp_path: Path, name: str) -> None:
    await some(url, 1)
    (tmp_path / ".other.tar.0a1b2c3d").touch()
    async with _at_its_dump(url, tmp_path / name) as backing_up:
        left = _unfinished(tmp_path / name)
        with pytest.raises(BackupFailed, match="no folder"):
            await made(url, tmp_path / "missing" / "c.tar")
        with packing(tmp_path / "c.tar") as pack:
            pack.give_up()
        assert _unfinished(tmp_path / name) == left, "somebody is at it"
        backing_up.kill()
        await within(backing_up.wait(), SECONDS_MAX)
        assert _unfinished(tmp_path / name) == left
    await made(url, tmp_path / "tomorrow.tar")
    assert _names(tmp_path) == {"tomorrow.tar", ".other.tar.0a1b2c3d"}
    (tmp_path / ".other.tar.0a1b2c3d").unlink()


async def test_files_are_listed_a_folder_at_a_time(url: str, tmp_path: Path) -> None:
    await some(url, 1)
    files = tmp_path / "files"
    for name in ("a", "b"):
        (files / name).mkdir(parents=True)
        (files / name / "one").write_bytes(b"1")

    def tell(what: str, _: int) -> None:
        if what == "files":
            (files / "b" / "later").write_bytes(b"2")

    await make_backup(
        url=url, files=files, target=tmp_path / "c", program_version="tests", tell=tell
    )
    with tarfile.open(tmp_path / "c" / FILES) as inner:
        assert inner.getnames() == ["a/one", "b/later", "b/one"]


def test_a_database_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    nobody = "postgresql://desk:hush@127.0.0.1:9/x"
    for command in ("backup", "restore"):
        source = tmp_path / "b.tar"
        said = refused(oncedesk(command, source, url=nobody, home=tmp_path / "h"))
        assert "hush" not in said
    assert list(tmp_path.iterdir()) == []


async def test_what_is_in_a_backup(url: str, tmp_path: Path) -> None:
    await some(url, 5)
    files = tmp_path / "files"
    files.mkdir()
    (files / "a").write_bytes(b"1")
    (files / ".b.unfinished").write_bytes(b"2")
    manifest = await made(url, tmp_path / "b.tar", files=files)
    assert (manifest.oncedesk, manifest.revision) == ("1.2.3", newest_revision())
    rows = {table.name: table.rows for table in manifest.tables}
    assert (rows["state"], rows["journal"], rows["parked"]) == (5, 5, 0)
    with tarfile.open(tmp_path / "b.tar") as tar:
        assert tar.getnames() == [DATABASE, FILES, MANIFEST]
        with tarfile.open(fileobj=tar.extractfile(FILES)) as inner:
            assert inner.getnames() == ["a"]
    assert await verify_backup(tmp_path / "b.tar") == manifest


@pytest.mark.slow
@pytest.mark.parametrize("point", ["created", "filled", "before_swap"])
async def test_killed_restore_changes_nothing_and_the_next_one_cleans_up(
    url: str, elsewhere: str, tmp_path: Path, point: str
) -> None:
    name = database_of(elsewhere)
    await some(url, 7)
    await made(url, tmp_path / "seven")
    await migrate(await _created(url, elsewhere))
    await some(elsewhere, 3)
    arguments = [elsewhere, str(tmp_path / "files"), str(tmp_path / "seven"), point]
    killed = await asyncio.create_subprocess_exec(sys.executable, "-c", RESTORE, *arguments)
    assert await within(killed.wait(), SECONDS_MAX) == -9
    left = await databases(url, name)
    assert len(left) == 2
    assert left[1].startswith(f"{name}_restoring_")
    async with Outside(elsewhere) as outside:
        assert await outside.value("SELECT count(*) FROM state") == 3

    kept = await put(elsewhere, tmp_path / "seven", replace=True, files=tmp_path / "files")
    assert kept is not None
    assert await databases(url, name) == [name, kept]
    async with Outside(elsewhere) as outside:
        assert await outside.value("SELECT count(*) FROM state") == 7
    async with Outside(with_database(url, kept)) as outside:
        assert await outside.value("SELECT count(*) FROM state") == 3


async def _created(url: str, other: str) -> str:
    async with Outside(url) as outside:
        await outside.run(f'CREATE DATABASE "{database_of(other)}"')
    return other


async def test_refuses_a_database_that_is_in_use_or_not_empty(
    url: str, elsewhere: str, tmp_path: Path
) -> None:
    await some(url, 2)
    await made(url, tmp_path / "b")
    assert await put(elsewhere, tmp_path / "b", files=tmp_path) is None
    with pytest.raises(BackupFailed, match="not empty; with --replace"):
        await put(elsewhere, tmp_path / "b", files=tmp_path)
    async with Outside(elsewhere) as outside:
        with pytest.raises(BackupFailed, match="1 sessions are connected"):
            await put(elsewhere, tmp_path / "b", replace=True, files=tmp_path)
        assert await outside.value("SELECT count(*) FROM state") == 2
    assert await databases(url, database_of(elsewhere)) == [database_of(elsewhere)]


@pytest.mark.slow
async def test_restores_on_any_server_into_any_database_of_it(url: str, tmp_path: Path) -> None:
    """Of managed servers some have only `postgres`, some none of that name, some not UTF8."""
    await some(url, 2)
    await made(url, tmp_path / "b")
    with own_server("defaultdb") as named:
        postgres = with_database(named, "postgres")
        async with Outside(named) as outside:
            collated = await outside.value("SELECT datcollate FROM pg_database LIMIT 1")
            assert collated == "C"
            await outside.run(
                "CREATE DATABASE old TEMPLATE template0 LOCALE_PROVIDER builtin "
                "BUILTIN_LOCALE 'PG_UNICODE_FAST' LC_COLLATE 'C' LC_CTYPE 'C'"
            )
            # As on a cluster that was made under LANG=C.
            await outside.run("UPDATE pg_database SET encoding = 0 WHERE datname = 'template0'")
        for target in (postgres, with_database(named, "old"), with_database(named, "new")):
            assert await put(target, tmp_path / "b", files=tmp_path) is None
            async with Outside(target) as outside:
                assert await outside.value("SELECT count(*) FROM state") == 2
                assert await outside.value("SHOW server_encoding") == "UTF8"
        async with Outside(named) as outside:
            assert await outside.rows(
                "SELECT datname, datlocale FROM pg_database WHERE datname IN ('old', 'new') "
                "ORDER BY datname DESC"
            ) == [("old", "PG_UNICODE_FAST"), ("new", None)]
            await outside.run("DROP DATABASE postgres")
        assert await put(named, tmp_path / "b", files=tmp_path) is None


async def test_what_the_check_finds_stops_it(url: str, elsewhere: str, tmp_path: Path) -> None:
    await some(url, 2)
    await made(url, tmp_path / "b")

    async def wrong(_: str, __: Manifest) -> str:
        return "a state differs"

    with pytest.raises(BackupFailed, match="not put in place: a state differs"):
        await restore_backup(
            url=elsewhere, files=tmp_path, source=tmp_path / "b", replace=False, check=wrong
        )
    assert await databases(url, database_of(elsewhere)) == []


@pytest.mark.slow
async def test_the_command_replays_a_sample_before_it_counts(
    url: str, elsewhere: str, tmp_path: Path
) -> None:
    await some(url, 3)
    async with Outside(url) as outside:
        await outside.run("UPDATE state SET version = 2 WHERE id = $1", party(1))
    await made(url, tmp_path / "b")
    said = refused(oncedesk("restore", tmp_path / "b", url=elsewhere, home=tmp_path / "h"))
    assert "the replay of" in said
    assert f"1 differences, the first in party {party(1)}" in said
    assert await databases(url, database_of(elsewhere)) == []
    command = ("restore", tmp_path / "b", "--accept-differences")
    done = oncedesk(*command, url=elsewhere, home=tmp_path / "h")
    assert done.returncode == 0, done.stderr
    assert f"1 differences, the first in party {party(1)}" in done.stderr


@pytest.mark.slow
async def test_what_an_earlier_version_made_otherwise_is_written_anew_and_stops_no_restore(
    url: str, elsewhere: str, tmp_path: Path
) -> None:
    body = "SELECT body FROM state WHERE id = $1"
    async with engine_on(url) as rig, Outside(url) as outside:
        assert (await rig.submit(register(1))).accepted
        without = await outside.value(body, party(1))
        assert (await rig.submit(_update(1, 1))).accepted
        whole = await outside.value(body, party(1))
        await outside.run("UPDATE state SET body = $2 WHERE id = $1", party(1), without)
    assert without != whole
    await made(url, tmp_path / "b")
    _changed(tmp_path / "b", revision=known_revisions()[-2])
    done = oncedesk("restore", tmp_path / "b", url=elsewhere, home=tmp_path / "h")
    assert (done.returncode, done.stderr) == (0, "")
    async with Outside(elsewhere) as outside:
        assert await outside.value(body, party(1)) == whole


@pytest.mark.slow
async def test_a_blemish_of_the_past_is_told_and_stops_no_restore(
    url: str, elsewhere: str, tmp_path: Path
) -> None:
    await some(url, 1)
    async with Outside(url) as outside:
        await outside.run(
            "INSERT INTO reaction_set (number, names, since, at_bucket, at_stream, looked, asked,"
            " parked, failed) VALUES (7, $1, now(), 0, $2, 0, 0, 0, 1)",
            " ".join(sorted(REACTIONS.names)),
            party(0),
        )
    await made(url, tmp_path / "b")
    done = oncedesk("restore", tmp_path / "b", url=elsewhere, home=tmp_path / "h")
    assert done.returncode == 0, done.stderr
    assert "states that failed: 1" in done.stderr
    assert await databases(url, database_of(elsewhere)) == [database_of(elsewhere)]


def flipped(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


async def _refused_whole(url: str, source: Path, match: str) -> None:
    with pytest.raises(BackupFailed, match=match):
        await verify_backup(source)
    with pytest.raises(BackupFailed, match=match):
        await put(url, source, files=source.parent / "files")


async def test_refuses_what_is_damaged(url: str, elsewhere: str, tmp_path: Path) -> None:
    await some(url, 3)
    folder, file = tmp_path / "b", tmp_path / "b.tar"
    await made(url, folder)
    await made(url, file)
    manifest = (folder / MANIFEST).read_bytes()
    dump = folder / DATABASE

    flipped(dump, dump.stat().st_size - 1)
    await _refused_whole(elsewhere, folder, "database.dump .* is damaged")
    flipped(file, 5_000)
    await _refused_whole(elsewhere, file, "database.dump .* is damaged")
    dump.unlink()
    await _refused_whole(elsewhere, folder, "database.dump is missing")
    (folder / MANIFEST).write_bytes(manifest[:-10])
    await _refused_whole(elsewhere, folder, "the manifest cannot be read")
    (folder / MANIFEST).unlink()
    await _refused_whole(elsewhere, folder, "has no manifest")
    with file.open("r+b") as stream:
        stream.truncate(2_000)
    await _refused_whole(elsewhere, file, "b.tar")
    file.write_bytes(b"no such thing")
    await _refused_whole(elsewhere, file, "is not a backup")
    await _refused_whole(elsewhere, tmp_path / "missing.tar", "No such file")
    assert await databases(url, database_of(elsewhere)) == []


def _changed(folder: Path, **changes: object) -> None:
    path = folder / MANIFEST
    path.write_bytes(json.dumps({**json.loads(path.read_bytes()), **changes}).encode())


async def test_refuses_what_is_newer(url: str, elsewhere: str, tmp_path: Path) -> None:
    await made(url, tmp_path / "b")
    _changed(tmp_path / "b", revision="9999", oncedesk="99.0")
    await _refused_whole(elsewhere, tmp_path / "b", "made by oncedesk 99.0 with the schema 9999")
    _changed(tmp_path / "b", revision=newest_revision(), postgres="99.1", postgres_major=99)
    await _refused_whole(elsewhere, tmp_path / "b", "PostgreSQL 99")
    _changed(tmp_path / "b", format=2)
    await _refused_whole(elsewhere, tmp_path / "b", "the manifest cannot be read")


async def test_migrates_what_is_older(url: str, elsewhere: str, tmp_path: Path) -> None:
    old = await _created(url, with_database(url, f"old_{uuid4().hex[:8]}"))
    await _at_revision(old, known_revisions()[0])
    manifest = await made(old, tmp_path / "b")
    assert manifest.revision == known_revisions()[0]
    await put(elsewhere, tmp_path / "b", files=tmp_path)
    async with Outside(elsewhere) as outside:
        revision = await outside.value("SELECT version_num FROM alembic_version")
    assert revision == newest_revision()


async def _at_revision(url: str, revision: str) -> None:
    from alembic import command
    from alembic.config import Config
    from sqlalchemy.ext.asyncio import create_async_engine

    async def connect() -> object:
        return await asyncpg.connect(url)

    def upgrade(connection: object) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect)
    async with engine.begin() as connection:
        await connection.run_sync(upgrade)
    await engine.dispose()


async def test_what_postgresql_cannot_restore_is_one_line_and_leaves_nothing(
    url: str, elsewhere: str, tmp_path: Path
) -> None:
    await made(url, tmp_path / "b")
    dump = tmp_path / "b" / DATABASE
    content = dump.read_bytes()[:-2_000]
    dump.write_bytes(content)
    part = {
        "name": DATABASE,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    _changed(tmp_path / "b", parts=[part])
    await _refused_whole(elsewhere, tmp_path / "b", r"pg_restore failed: [^\n]+$")
    assert await databases(url, database_of(elsewhere)) == []


async def test_rows_that_did_not_come_back_are_noticed(
    url: str, elsewhere: str, tmp_path: Path
) -> None:
    await some(url, 2)
    manifest = await made(url, tmp_path / "b")
    tables = [
        msgspec.structs.replace(table, rows=table.rows + 1) if table.name == "journal" else table
        for table in manifest.tables
    ]
    _changed(tmp_path / "b", tables=msgspec.to_builtins(tables))
    with pytest.raises(BackupFailed, match="journal has 2 rows, not 3"):
        await put(elsewhere, tmp_path / "b", files=tmp_path)
    assert await databases(url, database_of(elsewhere)) == []


async def test_files_that_are_links_come_back_as_files(
    url: str, elsewhere: str, tmp_path: Path
) -> None:
    """Whoever moves files to another disk links them, and whoever saves room links equal ones."""
    files, disk, there = (tmp_path / name for name in ("files", "disk", "there"))
    for folder in (files / "ab", disk / "cd"):
        folder.mkdir(parents=True)
    (files / "ab" / "one").write_bytes(b"one")
    (files / "ab" / "same").hardlink_to(files / "ab" / "one")
    (disk / "cd" / "two").write_bytes(b"two")
    (files / "ab" / "moved").symlink_to(disk / "cd" / "two")
    (files / "ab" / "gone").symlink_to(disk / "nothing")
    (files / "cd").symlink_to(disk / "cd")
    (files / "ab" / "round").symlink_to(files)
    await made(url, tmp_path / "b.tar", files=files)
    await put(elsewhere, tmp_path / "b.tar", files=there)
    found = {str(p.relative_to(there)): p.read_bytes() for p in there.rglob("*") if p.is_file()}
    assert found == {"ab/one": b"one", "ab/same": b"one", "ab/moved": b"two", "cd/two": b"two"}
    assert not any(p.is_symlink() for p in there.rglob("*"))


async def test_of_many_files_one_is_in_memory_at_a_time(
    url: str, elsewhere: str, tmp_path: Path
) -> None:
    await some(url, 1)
    files = tmp_path / "files"
    files.mkdir()
    for number in range(50):
        (files / f"{number:02}").write_bytes(b"x")
    alive: list[int] = []

    def tell(what: str, _: int) -> None:
        if what == "files":
            gc.collect()
            alive.append(sum(isinstance(one, tarfile.TarInfo) for one in gc.get_objects()))

    await make_backup(
        url=url, files=files, target=tmp_path / "b", program_version="tests", tell=tell
    )
    assert len(alive) == 50
    await restore_backup(
        url=elsewhere,
        files=tmp_path / "there",
        source=tmp_path / "b",
        replace=False,
        check=fine,
        tell=tell,
    )
    assert len(alive) == 100
    assert max(alive) < 10


async def test_files_come_back_and_those_there_stay(
    url: str, elsewhere: str, tmp_path: Path
) -> None:
    files, there = tmp_path / "files", tmp_path / "there"
    for folder in (files / "ab", there):
        folder.mkdir(parents=True)
    (files / "ab" / "one").write_bytes(b"one")
    (files / "two").write_bytes(b"two")
    (there / "two").write_bytes(b"mine")
    (there / "three").write_bytes(b"three")
    await made(url, tmp_path / "b.tar", files=files)
    await put(elsewhere, tmp_path / "b.tar", files=there)
    found = {str(p.relative_to(there)): p.read_bytes() for p in there.rglob("*") if p.is_file()}
    assert found == {"ab/one": b"one", "two": b"mine", "three": b"three"}


async def test_files_come_back_to_the_store_where_files_lie(
    url: str, elsewhere: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, key = tmp_path / "home", FileKey(7, uuid4())
    files = tmp_path / "files"
    (files / str(key)).parent.mkdir(parents=True)
    (files / str(key)).write_bytes(b"one")
    (files / "note").write_bytes(b"no attachment")
    await made(url, tmp_path / "b", files=files)
    with s3_serving() as endpoint:
        place = new_bucket(endpoint, monkeypatch)
        monkeypatch.setenv("ONCEDESK_FILES_URL", place)
        done = await asyncio.to_thread(
            oncedesk, "restore", tmp_path / "b", url=elsewhere, home=home
        )
        assert done.returncode == 0, done.stderr
        store = S3Files.at(place)
        assert [one.key async for some in store.listed() for one in some] == [key]
        assert b"".join([one async for one in store.read(key, first=0, length=9)]) == b"one"
    assert [path for path in home.rglob("*") if "files" in path.name] == []


async def test_a_store_that_cannot_be_reached_stops_it(
    url: str, elsewhere: str, tmp_path: Path
) -> None:
    files = tmp_path / "files"
    (files / "007").mkdir(parents=True)
    (files / str(FileKey(7, uuid4()))).write_bytes(b"one")
    await made(url, tmp_path / "b", files=files)
    (tmp_path / "blocked").write_bytes(b"")
    with pytest.raises(BackupFailed, match="cannot be put into their store"):
        await restore_backup(
            url=elsewhere,
            files=tmp_path / "there",
            store=LocalFiles(tmp_path / "blocked"),
            source=tmp_path / "b",
            replace=False,
            check=fine,
        )
    assert await databases(url, database_of(elsewhere)) == []
    assert not (tmp_path / "there").exists()


async def test_what_a_killed_restore_left_of_a_file_is_removed(
    url: str, elsewhere: str, tmp_path: Path
) -> None:
    await made(url, tmp_path / "b")
    there = tmp_path / "there"
    (there / "007").mkdir(parents=True)
    (there / "007" / ".abc.restoring").write_bytes(b"half")
    (there / "007" / "abc").write_bytes(b"whole")
    await put(elsewhere, tmp_path / "b", files=there)
    assert [path.name for path in there.rglob("*") if path.is_file()] == ["abc"]


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside", "a/../../outside"])
async def test_refuses_files_that_lie_outside(
    url: str, elsewhere: str, tmp_path: Path, name: str
) -> None:
    files = tmp_path / "files"
    files.mkdir()
    (files / "placeholder").write_bytes(b"x")
    await made(url, tmp_path / "b", files=files)
    inner = tmp_path / "b" / FILES
    with tarfile.open(inner, "w") as tar:
        info = tar.gettarinfo(files / "placeholder", arcname="x")
        info.name = name
        with (files / "placeholder").open("rb") as content:
            tar.addfile(info, content)
    parts = json.loads((tmp_path / "b" / MANIFEST).read_bytes())["parts"]
    parts[1]["bytes"] = inner.stat().st_size
    parts[1]["sha256"] = hashlib.sha256(inner.read_bytes()).hexdigest()
    _changed(tmp_path / "b", parts=parts)
    with pytest.raises(BackupFailed, match="lies outside the folder of files"):
        await put(elsewhere, tmp_path / "b", files=tmp_path / "in" / "there")
    assert await databases(url, database_of(elsewhere)) == []
    assert not (tmp_path / "in" / "outside").exists()


@pytest.mark.parametrize(
    ("url", "shown", "password"),
    [
        ("postgresql://u:p%40ss@h:1/d", "postgresql://u@h:1/d", "p@ss"),
        ("postgresql://u:a@b@h/d?sslmode=require", "postgresql://u@h/d?sslmode=require", "a@b"),
        ("postgresql://u@/d?host=%2Frun&password=hush", "postgresql://u@/d?host=%2Frun", "hush"),
        ("postgresql://u@h/d", "postgresql://u@h/d", None),
        ("postgres://h/d", "postgres://h/d", None),
    ],
)
def test_no_program_is_shown_the_password(url: str, shown: str, password: str | None) -> None:
    assert address_of(url) == Address(shown, password)


def test_the_programs_go_where_the_driver_goes() -> None:
    """libpq lets a `dbname` among the options win over the path, asyncpg does not."""
    assert address_of("postgresql://db/a?dbname=b&port=5").url == "postgresql://db/a?port=5"
    assert address_of("postgresql://db/?dbname=b").url == "postgresql://db/?dbname=b"
    moved = with_database("postgresql://db/?dbname=b", "c")
    assert address_of(moved).url == "postgresql://db/c"


def test_another_database_of_the_same_server() -> None:
    other = with_database("postgresql://u:p@h:1/one?sslmode=require", "wei rd/ö")
    assert other == "postgresql://u:p@h:1/wei%20rd%2F%C3%B6?sslmode=require"
    assert database_of(other) == "wei rd/ö"
    assert database_of("postgresql://u@h") == ""


@pytest.fixture(autouse=True)
def _no_leftovers(tmp_path: Path) -> Iterator[None]:
    yield
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
