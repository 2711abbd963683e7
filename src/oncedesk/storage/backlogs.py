"""How much waits in the database and for how long, asked so that no table is ever counted whole."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import DeskKind
from oncedesk.storage.database import Pool, connected

COUNTED_MAX = 1_000
"""Nothing is counted further; this number means: so many or more."""
COUNTED_OF_ENDPOINT_MAX = 100
"""Nor more that wait for one webhook endpoint."""

_PARKED_COMMANDS = "SELECT count(*) FROM (SELECT 1 FROM parked LIMIT $1) few"
_PARKED_REACTIONS = """
SELECT count(*) FROM (SELECT 1 FROM reaction WHERE parked_at IS NOT NULL LIMIT $1) few
"""
_REACTIONS = """
SELECT count(*), min(at) FROM (
    SELECT at FROM reaction WHERE parked_at IS NULL ORDER BY at LIMIT $1) few
"""
# What is held back, through a night for instance, is not late before its time has come. What was
# tried in vain has waited since it happened, whenever it is tried again.
_OUTBOX = """
SELECT count(*), min(since) FROM (
    SELECT CASE WHEN attempts = 0 THEN next_at ELSE at END AS since
    FROM outbox ORDER BY next_at LIMIT $1) few
"""
# A delivery is put off after each failure; since when it goes on, the endpoint knows.
_WEBHOOKS = """
SELECT split_part(e.desk, ':', 1), sum(w.waiting), min(least(e.failing_since, w.next_at))
FROM webhook_endpoint e CROSS JOIN LATERAL (
    SELECT count(*) AS waiting, min(next_at) AS next_at FROM (
        SELECT d.next_at FROM webhook_delivery d
        WHERE d.status = 'waiting' AND d.endpoint = e.id ORDER BY d.next_at LIMIT $1) few) w
WHERE e.disabled_at IS NULL AND w.waiting > 0
GROUP BY 1
"""
_WAKE = "SELECT wake FROM state WHERE wake IS NOT NULL ORDER BY wake LIMIT 1"


class Backlog(Record, frozen=True):
    """How many wait (at most `COUNTED_MAX` are counted), and how long the oldest has waited."""

    waiting: int
    oldest_seconds: float


class Webhooks(Record, frozen=True):
    """What waits for the enabled endpoints of desks of one kind, at most `COUNTED_OF_ENDPOINT_MAX`
    counted for each. The oldest is that of whichever is worst off: how long its next delivery is
    overdue, or for how long it has taken none."""

    kind: DeskKind
    waiting: int
    oldest_seconds: float


class Backlogs(Record, frozen=True, kw_only=True):
    """What waits at one moment. `wake_late_seconds` is how long the earliest wake is overdue.

    The outbox's oldest is that of the thousand which are due first. It counts from when something
    could leave; what failed, from when it happened.
    """

    parked_commands: int
    parked_reactions: int
    reactions: Backlog
    outbox: Backlog
    webhooks: Sequence[Webhooks]
    wake_late_seconds: float


async def read_backlogs(pool: Pool, *, now: datetime) -> Backlogs:
    """Each figure by its index. Raises what `connected` does."""
    async with connected(pool) as connection:
        return await backlogs_of(connection, now=now)


async def backlogs_of(connection: Any, *, now: datetime) -> Backlogs:
    """The same by a connection that is there already."""
    wake = await connection.fetchval(_WAKE)
    return Backlogs(
        parked_commands=await connection.fetchval(_PARKED_COMMANDS, COUNTED_MAX),
        parked_reactions=await connection.fetchval(_PARKED_REACTIONS, COUNTED_MAX),
        reactions=await _backlog(connection, _REACTIONS, now),
        outbox=await _backlog(connection, _OUTBOX, now),
        webhooks=await _webhooks(connection, now),
        wake_late_seconds=_since(wake, now),
    )


async def _backlog(connection: Any, statement: str, now: datetime) -> Backlog:
    waiting, oldest = await connection.fetchrow(statement, COUNTED_MAX)
    return Backlog(waiting, _since(oldest, now))


async def _webhooks(connection: Any, now: datetime) -> Sequence[Webhooks]:
    rows = await connection.fetch(_WEBHOOKS, COUNTED_OF_ENDPOINT_MAX)
    found = {kind: (int(waiting), _since(oldest, now)) for kind, waiting, oldest in rows}
    return [Webhooks(kind, *found.get(kind, (0, 0.0))) for kind in DeskKind]


def _since(at: datetime | None, now: datetime) -> float:
    return 0.0 if at is None else max(0.0, (now - at).total_seconds())
