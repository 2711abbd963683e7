"""What a run cost: PostgreSQL's processor time, rows, WAL, stolen time."""

import time
from pathlib import Path
from typing import Any

import asyncpg
import psutil

from oncedesk.domain.shared.records import Record


class Reading(Record, frozen=True):
    """Counters at one moment. Seconds of processor time; bytes of WAL; rows written so far."""

    at: float
    postgres_seconds: float
    wal_bytes: int
    rows: int
    steal: float
    total: float


class Cost(Record, frozen=True):
    """What happened between two readings."""

    seconds: float
    postgres_seconds: float
    wal_bytes: int
    rows: int
    steal_percent: float


def stolen() -> tuple[float, float]:
    """Processor ticks that the host took away, and all ticks, since the machine started."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return 0.0, 1.0
    ticks = [float(part) for part in stat.read_text().split("\n", 1)[0].split()[1:]]
    return ticks[7], sum(ticks[:8])


async def postmaster(url: str) -> int | None:
    """The process id of the server, if it runs on this machine."""
    connection = await asyncpg.connect(url)
    try:
        backend: int = await connection.fetchval("SELECT pg_backend_pid()")
        return psutil.Process(backend).ppid()
    except psutil.NoSuchProcess:
        return None
    finally:
        await connection.close()


def postgres_seconds(postmaster: int | None) -> float:
    """Processor time of the server and all it ever started; 0.0 for a server elsewhere."""
    if postmaster is None:
        return 0.0
    server = psutil.Process(postmaster)
    own = server.cpu_times()
    spent = own.user + own.system + own.children_user + own.children_system
    for child in server.children():
        try:
            times = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        spent += times.user + times.system
    return float(spent)


class Meter:
    """Takes readings. `connection` is one of its own, so that it disturbs nobody."""

    def __init__(self, connection: Any, postmaster: int | None) -> None:
        self._connection = connection
        self._postmaster = postmaster

    @classmethod
    async def connect(cls, url: str, postmaster: int | None) -> "Meter":
        return cls(await asyncpg.connect(url), postmaster)

    async def read(self) -> Reading:
        wal = await self._connection.fetchval(
            "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"
        )
        rows = await self._connection.fetchval(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint "
            "FROM pg_stat_user_tables"
        )
        steal, total = stolen()
        return Reading(
            at=time.perf_counter(),
            postgres_seconds=postgres_seconds(self._postmaster),
            wal_bytes=wal,
            rows=rows,
            steal=steal,
            total=total,
        )

    async def parked(self) -> int:
        """How many commands are parked."""
        found: int = await self._connection.fetchval("SELECT count(*) FROM parked")
        return found

    async def close(self) -> None:
        await self._connection.close()


def between(first: Reading, last: Reading) -> Cost:
    return Cost(
        seconds=last.at - first.at,
        postgres_seconds=last.postgres_seconds - first.postgres_seconds,
        wal_bytes=last.wal_bytes - first.wal_bytes,
        rows=last.rows - first.rows,
        steal_percent=100 * (last.steal - first.steal) / max(last.total - first.total, 1.0),
    )
