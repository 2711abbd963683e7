"""Homes for the embedded database, and what runs in them."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil


@contextmanager
def fresh_home() -> Iterator[Path]:
    """The path of a home that nobody has used before; removed afterwards."""
    # pytest's own folders are closed to other users, and root's server runs as one.
    folder = Path(tempfile.mkdtemp(prefix="od-"))
    folder.chmod(0o755)
    yield folder / "home"
    shutil.rmtree(folder)


def lives(process: psutil.Process) -> bool:
    """One that has ended and that nobody has asked about yet does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def processes_of(home: Path) -> list[psutil.Process]:
    """Every living process that has to do with this home, PostgreSQL's and its starters."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
                continue
            if str(home) in " ".join([process.cwd(), *process.cmdline()]):
                found.append(process)
        except psutil.Error:
            continue
    return found


def servers_of(home: Path) -> list[int]:
    """The process ids of the servers of this home: at most one, if all is well."""
    found = []
    for process in processes_of(home):
        with suppress(psutil.Error):
            # What a server starts titles itself "postgres: what it does", but only after a moment
            # in which it looks just like its parent.
            if process.name() == "postgres" and "-D" in process.cmdline():
                found.append(process)
    pids = {process.pid for process in found}
    servers = []
    for process in found:
        with suppress(psutil.Error):
            if process.ppid() not in pids:
                servers.append(process.pid)
    return servers


def owner_of(home: Path) -> int:
    """The process that owns the server, or was the last one to."""
    # It is emptied just before it is written.
    return int((home / "postgres" / "owner.lock").read_text() or 0)


def end_all(home: Path) -> None:
    """Whatever a failed test left running must not fail the next."""
    for process in processes_of(home):
        with suppress(psutil.NoSuchProcess):
            process.kill()
