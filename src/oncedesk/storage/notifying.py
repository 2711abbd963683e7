"""The notifications that wait in the outbox, and what takes their place."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from oncedesk.engine.outgoing import WANTED
from oncedesk.engine.ports import OutboxRow, TryAgain
from oncedesk.storage.database import connected
from oncedesk.storage.rows import by_keys
from oncedesk.storage.sending import PostgresOutbox, delete_outbox_rows
from oncedesk.storage.writing import outbox_rows

# The topic is asked for, not named, or all that waits may be read by the index that knows it.
_DUE = """
SELECT bucket, stream FROM outbox WHERE next_at <= $1 AND topic = $3 ORDER BY next_at LIMIT $2
"""

# The offset has each stream looked up by itself: where the plan is made while next to nothing
# waits, all that does would else be read for it.
_ALL = """
SELECT w.* FROM unnest($1::smallint[], $2::uuid[]) k(b, s)
CROSS JOIN LATERAL (
    SELECT o.bucket, o.id, o.topic, o.body, o.at, o.stream, o.version, o.number, o.next_at
    FROM outbox o
    WHERE o.bucket = k.b AND o.stream = k.s AND o.topic = 'notification.wanted' OFFSET 0
) w
"""

_WAIT = f"""
UPDATE outbox o SET next_at = $3 FROM unnest($1::smallint[], $2::uuid[]) k(b, i)
WHERE {by_keys("o.bucket, o.id", "k.b, k.i")}
"""  # noqa: S608 - constants


class PostgresNotifying(PostgresOutbox):
    """Implements `engine.notifying.NotifyingStore`."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        super().__init__(pool)
        self._pool = pool

    async def notifications_due(self, *, now: datetime, limit: int) -> Sequence[OutboxRow]:
        async with connected(self._pool) as connection:
            due = await connection.fetch(_DUE, now, limit, WANTED)
            if not due:
                return ()
            places = sorted({(bucket, stream) for bucket, stream in due})
            columns = [list(column) for column in zip(*places, strict=True)]
            return [OutboxRow(*row) for row in await connection.fetch(_ALL, *columns)]

    async def notifications_merged(
        self, taken: Sequence[OutboxRow], leaving: Sequence[OutboxRow]
    ) -> None:
        async with connected(self._pool) as connection, connection.transaction():
            gone = await delete_outbox_rows(connection, taken)
            if len(gone) != len(taken):
                raise TryAgain("another process has taken some of these notifications")
            rows = outbox_rows(leaving)
            assert rows is not None
            await connection.execute(rows.statement, *rows.columns)

    async def notifications_wait(self, rows: Sequence[OutboxRow], *, until: datetime) -> None:
        ordered = sorted(rows, key=lambda row: (row.bucket, row.id))
        async with connected(self._pool) as connection:
            await connection.execute(
                _WAIT, [row.bucket for row in ordered], [row.id for row in ordered], until
            )
