"""The outbox's rows that go to whatever executes refunds."""

from collections.abc import Sequence
from datetime import datetime

from oncedesk.engine.outbox import Attempt
from oncedesk.storage.database import connected
from oncedesk.storage.sending import PostgresOutbox

_DUE = """
SELECT bucket, id, topic, body, at, stream, version, number, next_at, attempts FROM outbox
WHERE next_at <= $1 AND topic = 'refund.execute' ORDER BY next_at, version, number LIMIT $2
"""


class PostgresPaying(PostgresOutbox):
    """Implements `engine.paying.PayingStore`."""

    async def refunds_due(self, *, now: datetime, limit: int) -> Sequence[Attempt]:
        async with connected(self._pool) as connection:
            found = await connection.fetch(_DUE, now, limit)
        return [Attempt(*row) for row in found]
