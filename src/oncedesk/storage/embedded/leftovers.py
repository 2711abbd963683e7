"""Clear away what a killed server left behind, so that the next one may start."""

import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from oncedesk.storage.embedded.pid_file import pid_file_path, read_pid_file

# A fast shutdown writes everything to disk first and may take its time. Backends without a
# server have nothing to save.
_FAST_SECONDS = 60.0
_IMMEDIATE_SECONDS = 5.0
_KILL_SECONDS = 5.0
_LOOK_SECONDS = 0.02


def look_again() -> None:
    """Wait a moment before the next look."""
    time.sleep(_LOOK_SECONDS)


def server_processes(data: Path) -> list[psutil.Process]:
    """Every living PostgreSQL process that works in this data folder, server and backends."""
    return [process for process in psutil.process_iter() if _works_in(process, data)]


def clear_leftovers(data: Path, *, pause: Callable[[], None] = look_again) -> list[int]:
    """End every process that works in this data folder; returns the ids that would not go.

    `pause` is called between two looks; what it raises ends the waiting.

    To be called only by whoever holds the home's lock: then nobody owns these processes any more.
    A server without an owner is asked politely first; it may be in the middle of its shutdown.
    Backends without a server keep its shared memory, and no other can start until they are gone.
    """
    for signal_number, seconds in (
        (signal.SIGINT, _FAST_SECONDS),
        (signal.SIGQUIT, _IMMEDIATE_SECONDS),
        (signal.SIGKILL, _KILL_SECONDS),
    ):
        processes = server_processes(data)
        servers = [process for process in processes if not _is_backend(process)]
        if signal_number == signal.SIGINT and not servers:
            continue
        # A server ends its backends itself, and better than we could.
        targets = processes if signal_number == signal.SIGKILL else servers or processes
        for process in targets:
            _send(process, signal_number)
        if _gone(data, seconds=seconds, pause=pause):
            return []
    return [process.pid for process in server_processes(data)]


def discard_stale_pid_file(data: Path) -> None:
    """Remove a ``postmaster.pid`` that would stop the next start although no server runs.

    PostgreSQL copes with most leftovers by itself. It refuses to start if the file is empty (the
    machine lost power) or if its process id now belongs to another process of the same user,
    which is the rule rather than the exception in a restarted container.
    """
    found = read_pid_file(data)
    if found is None:
        return
    if found.pid is None or not _may_be_server(found.pid, data):
        pid_file_path(data).unlink()


def _may_be_server(pid: int, data: Path) -> bool:
    """False only if a process with this id exists and surely is no server of this folder."""
    try:
        process = psutil.Process(pid)
        if process.name() != "postgres" or process.status() == psutil.STATUS_ZOMBIE:
            return False
        return process.cwd() == str(data)
    except psutil.Error:
        # Gone, which PostgreSQL sees by itself; or hidden from us, then it is not ours to judge.
        return True


def _works_in(process: psutil.Process, data: Path) -> bool:
    try:
        return (
            process.name() == "postgres"
            and process.status() != psutil.STATUS_ZOMBIE
            and process.cwd() == str(data)
        )
    except psutil.Error:
        return False


def _is_backend(process: psutil.Process) -> bool:
    # PostgreSQL's children title themselves "postgres: what they do".
    try:
        # Asked once: a process that ends in between has no words any more.
        return "".join(process.cmdline()[:1]).startswith("postgres:")
    except psutil.Error:
        return True


def _send(process: psutil.Process, signal_number: signal.Signals) -> None:
    try:
        process.send_signal(signal_number)
    except psutil.Error:
        # It ended meanwhile, or may not be signalled; the next look tells which.
        return


def _gone(data: Path, *, seconds: float, pause: Callable[[], None]) -> bool:
    deadline = time.monotonic() + seconds
    while server_processes(data):
        if time.monotonic() > deadline:
            return False
        pause()
    return True
