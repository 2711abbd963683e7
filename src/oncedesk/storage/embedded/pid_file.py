"""What PostgreSQL writes about itself into ``postmaster.pid``."""

from pathlib import Path

import msgspec
import psutil


class PidFile(msgspec.Struct, frozen=True, kw_only=True):
    """``pid`` is None if the file is damaged; it may also name a process that is long gone."""

    pid: int | None
    socket_folder: Path | None
    ready: bool
    starting: bool = False
    """It lives and replays its log, maybe for long: a start again would begin at the same place."""

    @property
    def process_exists(self) -> bool:
        return self.pid is not None and psutil.pid_exists(self.pid)


def pid_file_path(data: Path) -> Path:
    return data / "postmaster.pid"


def read_pid_file(data: Path) -> PidFile | None:
    """None if there is no file. Its lines: pid, data folder, start time, port, socket folder,
    address, shared memory, status (PostgreSQL's src/include/utils/pidfile.h)."""
    try:
        text = pid_file_path(data).read_bytes().decode("utf-8", errors="surrogateescape")
    except FileNotFoundError:
        return None
    lines = text.split("\n")
    first = lines[0].strip()
    status = lines[7].strip() if len(lines) > 7 else ""
    return PidFile(
        pid=int(first) if first.isascii() and first.isdigit() else None,
        socket_folder=Path(lines[4]) if len(lines) > 4 and lines[4] else None,
        ready=status == "ready",
        starting=status == "starting",
    )
