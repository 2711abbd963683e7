"""The outbox's rows: which are due, which have left, which are tried again later."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from oncedesk.engine.outbox import Attempt
from oncedesk.engine.ports import OutboxRow
from oncedesk.storage.database import connected
from oncedesk.storage.rows import by_keys
from oncedesk.storage.writing import storable

_DUE = """
SELECT bucket, id, topic, body, at, stream, version, number, next_at, attempts FROM outbox
WHERE next_at <= $1 AND topic {which} ORDER BY next_at, version, number LIMIT $2
"""
_OTHERS = _DUE.format(which="NOT IN ('notification.wanted', 'refund.execute')")
_REFUNDS = _DUE.format(which="= 'refund.execute'")

_SENT = f"""
DELETE FROM outbox o USING unnest($1::smallint[], $2::uuid[]) k(b, i)
WHERE {by_keys("o.bucket, o.id", "k.b, k.i")} RETURNING o.id
"""  # noqa: S608 - constants

_FAILED = """
UPDATE outbox SET attempts = attempts + 1, error = $3, next_at = $4 WHERE bucket = $1 AND id = $2
"""


class PostgresOutbox:
    """Implements `engine.outbox.OutboxStore` and `engine.paying.PayingStore`. A row that was taken
    by its receiver is deleted."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def outbox_due(self, *, now: datetime, limit: int) -> Sequence[Attempt]:
        return await self._due(_OTHERS, now, limit)

    async def refunds_due(self, *, now: datetime, limit: int) -> Sequence[Attempt]:
        return await self._due(_REFUNDS, now, limit)

    async def outbox_sent(self, rows: Sequence[OutboxRow]) -> None:
        async with connected(self._pool) as connection:
            await delete_outbox_rows(connection, rows)

    async def outbox_failed(self, row: OutboxRow, *, error: str, next_at: datetime) -> None:
        async with connected(self._pool) as connection:
            await connection.execute(_FAILED, row.bucket, row.id, storable(error), next_at)

    async def _due(self, statement: str, now: datetime, limit: int) -> Sequence[Attempt]:
        async with connected(self._pool) as connection:
            found = await connection.fetch(statement, now, limit)
        return [Attempt(*row) for row in found]


async def delete_outbox_rows(connection: Any, rows: Sequence[OutboxRow]) -> set[UUID]:
    """Delete them in the order of their keys; which were still there."""
    ordered = sorted(rows, key=lambda row: (row.bucket, row.id))
    found = await connection.fetch(
        _SENT, [row.bucket for row in ordered], [row.id for row in ordered]
    )
    return {id_ for (id_,) in found}
