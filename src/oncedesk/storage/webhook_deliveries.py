"""What goes to endpoints: put in the place of the outbox's rows, and kept a while when done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from oncedesk.engine.ports import OutboxRow
from oncedesk.engine.webhooks.model import (
    Delivery,
    DeliveryStatus,
    DeliveryTurn,
    Outcome,
)
from oncedesk.storage.database import connected
from oncedesk.storage.rows import by_keys, insert, transpose
from oncedesk.storage.sending import delete_outbox_rows
from oncedesk.storage.webhook_endpoints import PostgresEndpoints
from oncedesk.storage.writing import storable

_NAMES = (
    "bucket id endpoint event topic body stream at version number status queued_at next_at "
    "attempts done_at code answer planned_at"
)
_STATUS = _NAMES.split().index("status")
COLUMNS = ", ".join(f"d.{name}" for name in _NAMES.split())

_INSERT = insert(
    "webhook_delivery",
    _NAMES,
    "smallint uuid uuid uuid text bytea uuid timestamptz int smallint text timestamptz timestamptz "
    "smallint timestamptz smallint text timestamptz",
    conflict="ON CONFLICT DO NOTHING",
)

# With what is due all that happened before it in its stream: another machine, whose clock is ahead,
# may have written that, and nothing overtakes it.
_LEAVING = f"""
WITH due AS MATERIALIZED (
    SELECT bucket, stream, version FROM outbox
    WHERE next_at <= $1 AND topic NOT IN ('notification.wanted', 'refund.execute')
    ORDER BY next_at, version, number LIMIT $2
), upto AS MATERIALIZED (
    SELECT bucket, stream, max(version) AS version FROM due GROUP BY bucket, stream
)
SELECT o.bucket, o.id, o.topic, o.body, o.at, o.stream, o.version, o.number, o.next_at
FROM upto JOIN outbox o
    ON {by_keys("o.bucket, o.stream", "upto.bucket, upto.stream")} AND o.version <= upto.version
WHERE o.topic NOT IN ('notification.wanted', 'refund.execute')
ORDER BY o.at, o.version, o.number
"""  # noqa: S608 - constants

# The first of each stream is not done meanwhile: it takes along only what it sees behind it.
_HOLD = """
SELECT FROM unnest($1::smallint[], $2::uuid[], $3::uuid[]) k(b, e, s)
CROSS JOIN LATERAL (
    SELECT FROM webhook_delivery d
    WHERE d.status = 'waiting' AND d.bucket = k.b AND d.endpoint = k.e AND d.stream = k.s
    ORDER BY d.at, d.version, d.number, d.id LIMIT 1 FOR SHARE) first
"""

# What is new goes behind what its stream has to wait for.
_BEHIND = """
SELECT d.endpoint, d.stream, max(d.next_at)
FROM unnest($1::smallint[], $2::uuid[], $3::uuid[]) k(b, e, s)
JOIN webhook_delivery d ON d.bucket = k.b AND d.endpoint = k.e AND d.stream = k.s
WHERE d.status = 'waiting' GROUP BY d.endpoint, d.stream
"""

_WITH_DUE = """
SELECT DISTINCT d.endpoint FROM webhook_delivery d
WHERE d.status = 'waiting' AND d.endpoint = ANY($1::uuid[]) AND d.next_at <= $2
"""

_DUE = f"""
SELECT {COLUMNS} FROM webhook_delivery d
WHERE d.status = 'waiting' AND d.endpoint = $1 AND d.next_at <= $2 AND d.stream <> ALL($3::uuid[])
  AND NOT EXISTS (
    SELECT FROM webhook_delivery e
    WHERE e.status = 'waiting' AND e.bucket = d.bucket AND e.endpoint = d.endpoint
      AND e.stream = d.stream
      AND (e.at, e.version, e.number, e.id) < (d.at, d.version, d.number, d.id))
ORDER BY d.next_at LIMIT $4
"""  # noqa: S608 - constants

# Only what still waits: a replay may have begun again meanwhile, or the endpoint be disabled. Where
# it does not, nothing behind it is moved by this attempt, either.
_DONE = """
UPDATE webhook_delivery
SET status = $4, attempts = attempts + 1, done_at = $5, code = $6, answer = $7
WHERE bucket = $1 AND id = $2 AND status = 'waiting' AND queued_at = $3
"""

_POSTPONE = """
UPDATE webhook_delivery
SET attempts = $7, next_at = $4, code = $5, answer = $6, planned_at = NULL
WHERE bucket = $1 AND id = $2 AND status = 'waiting' AND queued_at = $3
"""

_MOVE_STREAM = """
UPDATE webhook_delivery SET next_at = $4
WHERE bucket = $1 AND endpoint = $2 AND stream = $3 AND status = 'waiting'
"""

# So many that wait for their turn, and which of them are the first of their streams. What is due
# and was not tried since it was queued does not count, as nothing behind it is moved by it.
_FIRSTS = """
SELECT w.bucket, w.id, w.next_at, NOT EXISTS (
    SELECT FROM webhook_delivery e
    WHERE e.status = 'waiting' AND e.bucket = w.bucket AND e.endpoint = w.endpoint
      AND e.stream = w.stream
      AND (e.at, e.version, e.number, e.id) < (w.at, w.version, w.number, w.id)
      AND (e.next_at > $5 OR e.attempts > 0 OR e.planned_at IS NOT NULL))
FROM (
    SELECT * FROM webhook_delivery d
    WHERE d.status = 'waiting' AND d.endpoint = $1 AND (d.next_at, d.id) > ($2, $3::uuid)
    ORDER BY d.next_at, d.id LIMIT $4) w
ORDER BY w.next_at, w.id
"""

_FIRST_OF_STREAM = """
SELECT bucket, id FROM webhook_delivery
WHERE status = 'waiting' AND bucket = $1 AND endpoint = $2 AND stream = $3
  AND (next_at > $4 OR attempts > 0 OR planned_at IS NOT NULL)
ORDER BY at, version, number, id LIMIT 1
"""

# What is due by now, and so what is under way, stays as it is. Only the first of a stream: what is
# behind it is moved when it is taken. By another clock its turn may still be kept.
_HASTEN = """
UPDATE webhook_delivery d SET planned_at = greatest(d.planned_at, d.next_at), next_at = $3
FROM unnest($1::smallint[], $2::uuid[]) k(b, i)
WHERE d.bucket = k.b AND d.id = k.i AND d.status = 'waiting' AND d.next_at > $3
"""

LOOKED_AT_ONCE = 500
_LAST = UUID(int=2**128 - 1)


class PostgresDeliveries(PostgresEndpoints):
    """Implements `FanningStore` and `SendingStore` of `engine.webhooks.model`."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        super().__init__(pool)
        self._pool = pool

    async def outbox_leaving(self, *, now: datetime, limit: int) -> Sequence[OutboxRow]:
        async with connected(self._pool) as connection:
            return [OutboxRow(*row) for row in await connection.fetch(_LEAVING, now, limit)]

    async def fan_out(self, rows: Sequence[OutboxRow], deliveries: Sequence[Delivery]) -> None:
        async with connected(self._pool) as connection, connection.transaction():
            gone = await delete_outbox_rows(connection, rows)
            new = [one for one in deliveries if one.event in gone]
            if not new:
                return
            behind = await _behind(connection, new)
            rows_ = [
                _row(one, behind.get((one.endpoint, one.stream), one.next_at))
                for one in sorted(new, key=_place)
            ]
            columns = transpose(rows_, _INSERT)
            assert columns is not None
            await connection.execute(columns.statement, *columns.columns)

    async def with_due(self, endpoints: Sequence[UUID], *, now: datetime) -> set[UUID]:
        async with connected(self._pool) as connection:
            return {id_ for (id_,) in await connection.fetch(_WITH_DUE, list(endpoints), now)}

    async def due(
        self, endpoint: UUID, *, now: datetime, but_not: Sequence[UUID], limit: int
    ) -> Sequence[Delivery]:
        async with connected(self._pool) as connection:
            rows = await connection.fetch(_DUE, endpoint, now, list(but_not), limit)
        return [delivery_of(row) for row in rows]

    async def taken(self, delivery: Delivery, outcome: Outcome, *, now: datetime) -> None:
        await self._done(delivery, DeliveryStatus.TAKEN, outcome, now)

    async def given_up(self, delivery: Delivery, outcome: Outcome, *, now: datetime) -> None:
        await self._done(delivery, DeliveryStatus.FAILED, outcome, now)

    async def _done(
        self, delivery: Delivery, status: DeliveryStatus, outcome: Outcome, now: datetime
    ) -> None:
        async with connected(self._pool) as connection, connection.transaction():
            done = await connection.execute(
                _DONE,
                delivery.bucket,
                delivery.id,
                delivery.queued_at,
                status.value,
                now,
                outcome.code,
                storable(outcome.answer),
            )
            if done == "UPDATE 1" and (delivery.attempts or delivery.planned_at is not None):
                # What had to wait for it need wait no longer.
                await connection.execute(
                    _MOVE_STREAM, delivery.bucket, delivery.endpoint, delivery.stream, now
                )

    async def postponed(
        self, delivery: Delivery, outcome: Outcome, *, next_at: datetime, attempts: int
    ) -> None:
        async with connected(self._pool) as connection, connection.transaction():
            done = await connection.execute(
                _POSTPONE,
                delivery.bucket,
                delivery.id,
                delivery.queued_at,
                next_at,
                outcome.code,
                storable(outcome.answer),
                attempts,
            )
            if done == "UPDATE 1":
                await connection.execute(
                    _MOVE_STREAM, delivery.bucket, delivery.endpoint, delivery.stream, next_at
                )

    async def hasten(
        self, endpoint: UUID, *, now: datetime, after: DeliveryTurn | None
    ) -> DeliveryTurn | None:
        """Looks at so many, those whose turn is next first."""
        start = after or DeliveryTurn(now, _LAST)
        async with connected(self._pool) as connection:
            found = await connection.fetch(
                _FIRSTS, endpoint, start.next_at, start.id, LOOKED_AT_ONCE, now
            )
            firsts = [(bucket, id_) for bucket, id_, _, first in found if first]
            await each(connection, firsts, _HASTEN, now)
        if len(found) < LOOKED_AT_ONCE:
            return None
        _, id_, next_at, _ = found[-1]
        return DeliveryTurn(next_at, id_)

    async def hasten_stream_of(self, delivery: Delivery, *, now: datetime) -> int:
        """Only this one's; what it waits for goes before it. How many are due that were not."""
        async with connected(self._pool) as connection:
            first = await connection.fetch(
                _FIRST_OF_STREAM, delivery.bucket, delivery.endpoint, delivery.stream, now
            )
            return await each(connection, first, _HASTEN, now)


async def each(
    connection: Any, found: Sequence[Sequence[Any]], statement: str, *arguments: Any
) -> int:
    """Do it to these rows, in the order of their keys; how many it was."""
    if not found:
        return 0
    ordered = sorted((bucket, id_) for bucket, id_ in found)
    columns = [list(column) for column in zip(*ordered, strict=True)]
    done = await connection.execute(statement, *columns, *arguments)
    return int(done.rpartition(" ")[2])


async def _behind(connection: Any, new: Sequence[Delivery]) -> dict[tuple[UUID, UUID], datetime]:
    places = sorted({(one.bucket, one.endpoint, one.stream) for one in new})
    columns = [list(column) for column in zip(*places, strict=True)]
    await connection.execute(_HOLD, *columns)
    found = await connection.fetch(_BEHIND, *columns)
    return {(endpoint, stream): next_at for endpoint, stream, next_at in found}


def _place(one: Delivery) -> tuple[int, UUID]:
    return one.bucket, one.id


def _row(one: Delivery, behind: datetime) -> Sequence[Any]:
    return (
        one.bucket,
        one.id,
        one.endpoint,
        one.event,
        one.topic,
        one.body,
        one.stream,
        one.at,
        one.version,
        one.number,
        one.status.value,
        one.queued_at,
        max(one.next_at, behind),
        one.attempts,
        one.done_at,
        one.code,
        one.answer,
        one.planned_at,
    )


def delivery_of(row: Sequence[Any]) -> Delivery:
    """A delivery from the columns of `_NAMES`, in their order."""
    values = [*row]
    values[_STATUS] = DeliveryStatus(values[_STATUS])
    return Delivery(*values)
