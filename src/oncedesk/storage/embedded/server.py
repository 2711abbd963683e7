"""The embedded server's life: own it or join it, wait until it answers, stop it.

The first process of a home starts the server as its child and owns it. A second process finds it
running and joins: it uses the same socket, and loses its connections when the owner goes, because
the server then stops. Calling ``start`` again makes the joiner the owner, and ``keeping`` does that
by itself. When the owner is killed, Linux shuts the server down; elsewhere the next start does that
first.
"""

import atexit
import os
import subprocess
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from oncedesk.storage.embedded.binaries import BinariesMissing, FolderClosed, runnable_binaries
from oncedesk.storage.embedded.cluster import ClusterNotCreated, ClusterUnusable, ensure_cluster
from oncedesk.storage.embedded.configuration import write_configuration
from oncedesk.storage.embedded.layout import (
    HomeUnusable,
    Layout,
    data_folder,
    make_layout,
    make_socket_folder,
    remove_socket_folder,
)
from oncedesk.storage.embedded.leftovers import (
    clear_leftovers,
    discard_stale_pid_file,
    look_again,
)
from oncedesk.storage.embedded.ownership import OwnerLock
from oncedesk.storage.embedded.pid_file import read_pid_file
from oncedesk.storage.embedded.process import (
    Account,
    NoUnprivilegedUser,
    ServerProcess,
    server_account,
    shorten_log,
)
from oncedesk.storage.embedded.statements import (
    MAINTENANCE_DATABASE,
    EmbeddedStatementFailed,
    ask,
    create_database,
    dsn_of,
    leads_to,
)

log = structlog.get_logger(__name__)

DATABASE = "oncedesk"
# Not counted while it replays its log after a crash, which ends by itself.
_START_SECONDS_MAX = 600.0
_TOLD_EACH_SECONDS = 60.0
# How long an owner may take to get its server as far as a process.
_SILENT_SECONDS_MAX = 30.0
_STOP_SECONDS_MAX = 60.0


class EmbeddedServerUnavailable(Exception):
    """The embedded PostgreSQL could not be started or joined; the message says why, and ends
    with the last lines of its log if it wrote any."""


class EmbeddedServer:
    """One home's PostgreSQL. Also a context manager: starts on entry, stops on exit."""

    def __init__(self, *, home: Path) -> None:
        self._home = home
        self._layout: Layout | None = None
        self._lock: OwnerLock | None = None
        self._process: ServerProcess | None = None
        self._socket_folder: Path | None = None
        self._wanted = False
        # Held while it starts: the keepers of `keeping` have threads of their own.
        self._starting = threading.Lock()
        _servers.add(self)

    @property
    def dsn(self) -> str:
        """Of the database ``oncedesk``; usable by asyncpg, libpq and SQLAlchemy."""
        return dsn_of(database=DATABASE, socket_folder=self._reached_at())

    def is_owner(self) -> bool:
        """Whether the server is our child, so that it stops with us."""
        return self._process is not None

    def is_running(self) -> bool:
        """False before the start, after the stop, and when our child has died."""
        if self._socket_folder is None:
            return False
        return self._process is None or self._process.exit_code is None

    def start(self) -> str:
        """Return the DSN once the server has answered a query.

        Safe to repeat: it starts a server that has died meanwhile. Takes as long as PostgreSQL's
        crash recovery. Raises EmbeddedServerUnavailable.
        """
        with self._starting:
            self._wanted = True
            self._start(look_again)
        return self.dsn

    def start_if_gone(
        self, *, tell: Callable[[str], None], pause: Callable[[], None] = look_again
    ) -> bool:
        """Start the server that was started or joined before, if nobody else sees to it.

        That is when our child has died, or when the owner whom we joined has ended. Never waits for
        another owner, never makes a new and empty database, and does nothing after `stop`.

        `tell` hears why, before anything is done. `pause` is called between two looks; what it
        raises ends the start, and nothing is left running. Returns whether the server was started.
        Raises EmbeddedServerUnavailable and OSError.
        """
        if not self._wanted or not self._starting.acquire(blocking=False):
            return False
        try:
            why = self._why_gone()
            if why is None:
                return False
            tell(why)
            if not has_database(home=self._home):
                raise EmbeddedServerUnavailable(f"the database in {self._home} is not there")
            self._start(pause)
            return True
        except BaseException:
            # Another process may try meanwhile.
            self._end()
            raise
        finally:
            self._starting.release()

    def stop(self) -> None:
        """Shut the server down if it is ours, and leave no process behind. Safe to repeat."""
        self._wanted = False
        self._end()

    def create_database(self, *, name: str, template: str | None = None) -> str:
        """Create another database beside ``oncedesk``, as a copy of ``template`` if one is named
        (nobody may be connected to it meanwhile), and return its DSN."""
        create_database(socket_folder=self._reached_at(), name=name, template=template)
        return dsn_of(database=name, socket_folder=self._reached_at())

    def is_at(self, url: str) -> bool:
        """Whether `url` leads to this server, whichever of its databases it names."""
        return self._socket_folder is not None and leads_to(self._socket_folder, url=url)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _reached_at(self) -> Path:
        if self._socket_folder is None:
            raise EmbeddedServerUnavailable("the embedded database has not been started")
        return self._socket_folder

    def _why_gone(self) -> str | None:
        """None while it runs, or while another process owns it. Else the home's lock is ours."""
        if self._process is not None:
            code = self._process.exit_code
            return None if code is None else f"PostgreSQL ended with {code}"
        assert self._lock is not None, "never started, so never gone"
        owner = self._lock.holder()
        return f"its owner, {owner}, has ended" if self._lock.acquire() else None

    def _start(self, pause: Callable[[], None]) -> None:
        try:
            self._own_or_join(pause)
        except (
            BinariesMissing,
            ClusterNotCreated,
            ClusterUnusable,
            EmbeddedStatementFailed,
            HomeUnusable,
            NoUnprivilegedUser,
            OSError,
            subprocess.TimeoutExpired,
        ) as error:
            raise EmbeddedServerUnavailable(str(error)) from error
        except FolderClosed as error:
            raise EmbeddedServerUnavailable(
                f"{error}. PostgreSQL does not run as root, and every folder above its data has to"
                " let others through: set ONCEDESK_HOME to a folder such as /var/lib/oncedesk"
            ) from error

    def _end(self) -> None:
        atexit.unregister(self.stop)
        process, layout = self._process, self._layout
        if process is not None and layout is not None:
            process.shut_down()
            if not process.wait(seconds_max=_STOP_SECONDS_MAX) or process.exit_code != 0:
                clear_leftovers(layout.data)
            if self._socket_folder is not None:
                remove_socket_folder(self._socket_folder, layout=layout)
        self._process = None
        self._socket_folder = None
        if self._lock is not None:
            self._lock.release()

    def _own_or_join(self, pause: Callable[[], None]) -> None:
        account = server_account()
        layout = self._layout = make_layout(home=self._home, account=account)
        lock = self._lock = self._lock or OwnerLock(layout.lock)
        deadline = time.monotonic() + _START_SECONDS_MAX
        silent_until = time.monotonic() + _SILENT_SECONDS_MAX
        while not lock.acquire():
            found = read_pid_file(layout.data)
            if found is not None and found.process_exists:
                silent_until = time.monotonic() + _SILENT_SECONDS_MAX
                if found.starting:
                    deadline = time.monotonic() + _START_SECONDS_MAX
                if found.ready and found.socket_folder and _answers(found.socket_folder):
                    self._socket_folder = found.socket_folder
                    return
            if time.monotonic() > min(deadline, silent_until):
                raise EmbeddedServerUnavailable(
                    f"{lock.holder()} owns the database in {layout.folder}, which does not answer"
                )
            pause()
        if self.is_owner() and self.is_running():
            return
        try:
            self._start_own(layout=layout, account=account, pause=pause)
            self._wait_until_ready(layout=layout, deadline=deadline, pause=pause)
        except BaseException:
            self._end()
            raise

    def _start_own(self, *, layout: Layout, account: Account, pause: Callable[[], None]) -> None:
        stubborn = clear_leftovers(layout.data, pause=pause)
        if stubborn:
            raise EmbeddedServerUnavailable(
                f"processes {stubborn} still work in {layout.data} and cannot be ended"
            )
        self._process = None
        binaries = runnable_binaries(account=account, folder=layout.folder)
        ensure_cluster(layout=layout, binaries=binaries, account=account)
        discard_stale_pid_file(layout.data)
        self._socket_folder = make_socket_folder(layout=layout, account=account)
        write_configuration(layout=layout, socket_folder=self._socket_folder)
        shorten_log(layout.log)
        # Also when the interpreter ends without anybody having called stop.
        atexit.register(self.stop)
        self._process = ServerProcess(
            account=account,
            folder=layout.data,
            command=[
                str(binaries.postgres),
                *("-D", str(layout.data)),
                f"--config-file={layout.configuration}",
            ],
            log=layout.log,
        )

    def _wait_until_ready(
        self, *, layout: Layout, deadline: float, pause: Callable[[], None]
    ) -> None:
        process, socket_folder = self._process, self._socket_folder
        assert process is not None
        assert socket_folder is not None
        began = told = time.monotonic()
        while True:
            if process.exit_code is not None:
                raise EmbeddedServerUnavailable(
                    f"PostgreSQL ended with {process.exit_code} while starting{process.log_tail()}"
                )
            found = read_pid_file(layout.data)
            # An earlier server's file may still lie there for a moment; asking tells.
            if found is not None and found.ready and _has_database(socket_folder):
                return
            now = time.monotonic()
            if found is not None and found.starting:
                deadline = now + _START_SECONDS_MAX
                if now > told + _TOLD_EACH_SECONDS:
                    told = now
                    log.warning("embedded_recovering", seconds=round(now - began))
            if now > deadline:
                raise EmbeddedServerUnavailable(
                    f"PostgreSQL does not answer after {_START_SECONDS_MAX:.0f} seconds"
                    + process.log_tail()
                )
            pause()

    def _forget_in_child(self) -> None:
        # A forked child is not the owner: it must neither stop the server nor hold the lock on.
        atexit.unregister(self.stop)
        self._process = None
        self._starting = threading.Lock()
        if self._lock is not None:
            self._lock.release()


def has_database(*, home: Path) -> bool:
    """Whether a server was ever started in this home. Changes nothing. Raises OSError."""
    return (data_folder(home.expanduser()) / "PG_VERSION").is_file()


def running_at(*, home: Path) -> str | None:
    """The DSN of the server that some process runs in this home; None if none answers there.

    For those who only look: nothing is started, owned or changed, and nothing ends with us.
    """
    found = read_pid_file(data_folder(home.expanduser().resolve()))
    if found is None or not (found.ready and found.process_exists and found.socket_folder):
        return None
    if not _answers(found.socket_folder):
        return None
    return dsn_of(database=DATABASE, socket_folder=found.socket_folder)


def server_at(url: str) -> EmbeddedServer | None:
    """The server that this process has started or joined and that `url` leads to, if any."""
    return next((server for server in list(_servers) if server.is_at(url)), None)


def start_embedded(*, home: Path) -> EmbeddedServer:
    """Start or join the server of this home. Raises EmbeddedServerUnavailable."""
    server = EmbeddedServer(home=home)
    server.start()
    return server


_servers: weakref.WeakSet[EmbeddedServer] = weakref.WeakSet()


def _forget_servers_in_child() -> None:
    for server in list(_servers):
        server._forget_in_child()


os.register_at_fork(after_in_child=_forget_servers_in_child)


def _has_database(socket_folder: Path) -> bool:
    """Whether the server answers; creates our database if it is not there yet."""
    try:
        names = ask(
            dsn=dsn_of(database=MAINTENANCE_DATABASE, socket_folder=socket_folder),
            statement="SELECT datname FROM pg_database",
        )
    except EmbeddedStatementFailed:
        return False
    if DATABASE not in names.splitlines():
        create_database(socket_folder=socket_folder, name=DATABASE, template=None)
    return True


def _answers(socket_folder: Path) -> bool:
    dsn = dsn_of(database=DATABASE, socket_folder=socket_folder)
    try:
        return ask(dsn=dsn, statement="SELECT 1") == "1"
    except EmbeddedStatementFailed:
        return False
