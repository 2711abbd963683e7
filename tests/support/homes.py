"""Homes for the embedded database, and what runs in them."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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


def end_all(home: Path) -> None:
    """Whatever a failed test left running must not fail the next."""
    for process in processes_of(home):
        process.kill()
