"""How much waits in the database and for how long, asked so that no table is ever counted whole."""

from datetime import datetime
from typing import Any

import asyncpg

from oncedesk.domain.shared.records import Record
from oncedesk.storage.database import connected

COUNTED_MAX = 1_000
"""Nothing is counted further; this number means: so many or more."""

_PARKED_COMMANDS = "SELECT count(*) FROM (SELECT 1 FROM parked LIMIT $1) few"
_PARKED_REACTIONS = """
SELECT count(*) FROM (SELECT 1 FROM reaction WHERE parked_at IS NOT NULL LIMIT $1) few
"""
_REACTIONS = """
SELECT count(*), min(at) FROM (
    SELECT at FROM reaction WHERE parked_at IS NULL ORDER BY at LIMIT $1) few
"""
_OUTBOX = "SELECT count(*), min(at) FROM (SELECT at FROM outbox ORDER BY next_at LIMIT $1) few"
_WAKE = "SELECT wake FROM state WHERE wake IS NOT NULL ORDER BY wake LIMIT 1"


class Backlog(Record, frozen=True):
    """How many wait (at most `COUNTED_MAX` are counted), and how long the oldest has waited."""

    waiting: int
    oldest_seconds: float


class Figures(Record, frozen=True, kw_only=True):
    """What waits at one moment. `wake_late_seconds` is how long the earliest wake is overdue.

    The outbox's oldest is that of the thousand which are due first.
    """

    parked_commands: int
    parked_reactions: int
    reactions: Backlog
    outbox: Backlog
    wake_late_seconds: float


async def read_figures(pool: "asyncpg.Pool[asyncpg.Record]", *, now: datetime) -> Figures:
    """Each figure by its index. Raises what `connected` does."""
    async with connected(pool) as connection:
        return await figures_of(connection, now=now)


async def figures_of(connection: Any, *, now: datetime) -> Figures:
    """The same by a connection that is there already."""
    wake = await connection.fetchval(_WAKE)
    return Figures(
        parked_commands=await connection.fetchval(_PARKED_COMMANDS, COUNTED_MAX),
        parked_reactions=await connection.fetchval(_PARKED_REACTIONS, COUNTED_MAX),
        reactions=await _backlog(connection, _REACTIONS, now),
        outbox=await _backlog(connection, _OUTBOX, now),
        wake_late_seconds=_since(wake, now),
    )


async def _backlog(connection: Any, statement: str, now: datetime) -> Backlog:
    waiting, oldest = await connection.fetchrow(statement, COUNTED_MAX)
    return Backlog(waiting, _since(oldest, now))


def _since(at: datetime | None, now: datetime) -> float:
    return 0.0 if at is None else max(0.0, (now - at).total_seconds())
