"""Run PostgreSQL's programs as the right user, so that none of them outlives this process."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import threading
from concurrent.futures import Future
from pathlib import Path

import msgspec

from oncedesk.storage.embedded import launch

# PostgreSQL writes to its log through a descriptor that it inherited, so the file is shortened in
# place. Twice this is the most that logs occupy, give or take what arrives between two looks.
LOG_BYTES_MAX = 16 * 1024 * 1024
_LOG_LOOK_SECONDS = 5.0
_LOG_TAIL_LINES = 15


class NoUnprivilegedUser(Exception):
    """This process runs as root, and the user ``nobody``, who would run PostgreSQL, is missing."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """The operating system's user as whom PostgreSQL runs."""

    uid: int
    gid: int
    name: str
    # Set when it is another user than ours: root hands over to nobody.
    dropped: bool


def server_account() -> Account:
    """Ourselves, or ``nobody`` when we are root, because PostgreSQL refuses to run as root."""
    uid = os.geteuid()
    if uid != 0:
        return Account(uid=uid, gid=os.getegid(), name=f"user {uid}", dropped=False)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as error:
        raise NoUnprivilegedUser(
            "PostgreSQL does not run as root, and there is no user 'nobody' to run it as"
        ) from error
    return Account(uid=nobody.pw_uid, gid=nobody.pw_gid, name="user nobody", dropped=True)


def run_as(
    *, account: Account, folder: Path, command: list[str], seconds_max: float
) -> subprocess.CompletedProcess[str]:
    """Run a short program in ``folder`` and return its exit code and output."""
    return subprocess.run(
        _launch_command(account=account, folder=folder, command=command, death=signal.SIGTERM),
        env=_environment(),
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=seconds_max,
        check=False,
        start_new_session=True,
    )


class ServerProcess:
    """The running server, launched and watched by a thread of its own.

    Linux signals a child when the *thread* that forked it ends. The thread here ends only after
    the child, so the server may be started from any thread, however short-lived.
    """

    def __init__(self, *, account: Account, folder: Path, command: list[str], log: Path) -> None:
        self._exited = threading.Event()
        self._log = log
        self._log_start = log.stat().st_size if log.exists() else 0
        launched: Future[subprocess.Popen[bytes]] = Future()
        # SIGINT is PostgreSQL's fast shutdown: sessions end, everything reaches the disk.
        arguments = _launch_command(
            account=account, folder=folder, command=command, death=signal.SIGINT
        )
        for name, target in (
            ("postgres", lambda: self._keep(arguments, log, launched)),
            ("postgres-log", lambda: self._shorten(log)),
        ):
            threading.Thread(target=target, name=name, daemon=True).start()
        self._process = launched.result()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.returncode if self._exited.is_set() else None

    def shut_down(self) -> None:
        """Ask for PostgreSQL's fast shutdown: sessions end, everything reaches the disk."""
        if not self._exited.is_set():
            self._process.send_signal(signal.SIGINT)

    def wait(self, *, seconds_max: float) -> bool:
        """Whether it has exited by then."""
        return self._exited.wait(seconds_max)

    def log_tail(self) -> str:
        """The last lines that it wrote, each on an indented line of its own; may be empty."""
        with self._log.open("rb") as stream:
            stream.seek(min(self._log_start, self._log.stat().st_size))
            lines = stream.read().decode("utf-8", errors="replace").splitlines()
        return "".join(f"\n  {line}" for line in lines[-_LOG_TAIL_LINES:])

    def _keep(
        self, arguments: list[str], log: Path, launched: "Future[subprocess.Popen[bytes]]"
    ) -> None:
        try:
            with open(log, "ab", opener=_open_private) as stream:
                process = subprocess.Popen(
                    arguments,
                    env=_environment(),
                    cwd="/",
                    stdin=subprocess.DEVNULL,
                    stdout=stream,
                    stderr=stream,
                    # Ctrl-C is for us; we stop the server when we have finished with it.
                    start_new_session=True,
                )
        except BaseException as error:  # noqa: BLE001  # raised again in the waiting thread
            self._exited.set()
            launched.set_exception(error)
            return
        launched.set_result(process)
        process.wait()
        self._exited.set()

    def _shorten(self, log: Path) -> None:
        while not self._exited.wait(_LOG_LOOK_SECONDS):
            shorten_log(log)


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def shorten_log(log: Path) -> None:
    """Keep one earlier log beside a log that has grown past ``LOG_BYTES_MAX``."""
    try:
        if log.stat().st_size <= LOG_BYTES_MAX:
            return
    except FileNotFoundError:
        return
    # Without room for a second copy the space matters more than the old lines.
    earlier = log.with_name(log.name + ".1")
    with (
        contextlib.suppress(OSError),
        log.open("rb") as lines,
        open(earlier, "wb", opener=_open_private) as kept,
    ):
        # One that was there may have been readable by others.
        os.fchmod(kept.fileno(), 0o600)
        shutil.copyfileobj(lines, kept)
    os.truncate(log, 0)


def tied_to_us(command: list[str], *, death: signal.Signals) -> list[str]:
    """The command that runs this one as ourselves, and ends it with `death` when we are gone.

    That is when the thread that starts it has ended, so start it from the main one.
    """
    account = Account(uid=-1, gid=-1, name="ourselves", dropped=False)
    return _launch_command(account=account, folder=Path("/"), command=command, death=death)


def _launch_command(
    *, account: Account, folder: Path, command: list[str], death: signal.Signals
) -> list[str]:
    uid, gid = (account.uid, account.gid) if account.dropped else (-1, -1)
    who = [str(os.getpid()), str(int(death)), str(uid), str(gid)]
    return [sys.executable, "-I", "-S", launch.__file__, *who, str(folder), *command]


def _environment() -> dict[str, str]:
    """Only what programs need to start: no PG* settings, no secrets."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {"LC_ALL": "C"}
