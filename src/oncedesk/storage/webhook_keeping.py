"""Deliveries as they are looked at, replayed, given up and at last deleted; a little at a time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from oncedesk.engine.webhooks.model import COUNTED_MAX, Delivery, DeliveryStatus
from oncedesk.storage.database import connected
from oncedesk.storage.webhook_deliveries import COLUMNS, PostgresDeliveries, delivery_of, each

# Of each status so many by the index, and of those the first: no status's rows are all read.
_PAGE = f"""
SELECT {COLUMNS} FROM unnest($2::text[]) s(status) CROSS JOIN LATERAL (
    SELECT * FROM webhook_delivery w
    WHERE w.endpoint = $1 AND w.status = s.status
      AND (w.at, w.id) < (coalesce($3::timestamptz, 'infinity'), $4::uuid)
    ORDER BY w.at DESC, w.id DESC LIMIT $5) d
ORDER BY d.at DESC, d.id DESC LIMIT $5
"""  # noqa: S608 - constants

_COUNT = """
SELECT s.status, (SELECT count(*) FROM (
    SELECT FROM webhook_delivery d WHERE d.endpoint = $1 AND d.status = s.status LIMIT $3) few)
FROM unnest($2::text[]) s(status)
"""

# What a replay has begun again is not begun again by it a second time.
_TO_REPLAY = """
SELECT d.bucket, d.id, d.at FROM unnest($2::text[]) s(status) CROSS JOIN LATERAL (
    SELECT w.bucket, w.id, w.at FROM webhook_delivery w
    WHERE w.endpoint = $1 AND w.status = s.status AND (w.at, w.id) > ($3, $4::uuid)
      AND w.queued_at < $5
    ORDER BY w.at, w.id LIMIT $6) d
ORDER BY d.at, d.id LIMIT $6
"""

_ONE_TO_REPLAY = """
SELECT bucket, id FROM webhook_delivery WHERE endpoint = $1 AND id = $2 AND status <> 'waiting'
"""

_REPLAY = """
UPDATE webhook_delivery d
SET status = 'waiting', attempts = 0, queued_at = $3, next_at = $3, done_at = NULL,
    planned_at = NULL
FROM unnest($1::smallint[], $2::uuid[]) k(b, i)
WHERE d.bucket = k.b AND d.id = k.i AND d.status <> 'waiting'
"""

# From endpoint to endpoint by the index, so that what waits for those who take it is not read. One
# snapshot: what was written for an endpoint is only seen together with the endpoint.
_UNSENDABLE = """
WITH RECURSIVE awaited(endpoint) AS (
    (SELECT endpoint FROM webhook_delivery WHERE status = 'waiting' ORDER BY endpoint LIMIT 1)
    UNION ALL
    SELECT (SELECT d.endpoint FROM webhook_delivery d
            WHERE d.status = 'waiting' AND d.endpoint > a.endpoint ORDER BY d.endpoint LIMIT 1)
    FROM awaited a WHERE a.endpoint IS NOT NULL
)
SELECT w.bucket, w.id FROM awaited a CROSS JOIN LATERAL (
    SELECT d.bucket, d.id FROM webhook_delivery d
    WHERE d.status = 'waiting' AND d.endpoint = a.endpoint LIMIT $1) w
WHERE NOT EXISTS (
    SELECT FROM webhook_endpoint e WHERE e.id = a.endpoint AND e.disabled_at IS NULL)
LIMIT $1
"""

_LEFT = """
SELECT d.bucket, d.id FROM webhook_delivery d
WHERE d.status = 'waiting' AND d.endpoint = $1
  AND EXISTS (SELECT FROM webhook_endpoint e WHERE e.id = $1 AND e.disabled_at IS NOT NULL)
LIMIT $2
"""

_FAIL = """
UPDATE webhook_delivery d SET status = 'failed', done_at = $3, answer = $4
FROM unnest($1::smallint[], $2::uuid[]) k(b, i)
WHERE d.bucket = k.b AND d.id = k.i AND d.status = 'waiting'
"""

_OVER = "SELECT bucket, id FROM webhook_delivery WHERE done_at < $1 ORDER BY done_at LIMIT $2"

_DELETE = """
DELETE FROM webhook_delivery d USING unnest($1::smallint[], $2::uuid[]) k(b, i)
WHERE d.bucket = k.b AND d.id = k.i AND d.done_at < $3
"""

_MORE = """
SELECT count(*) > $2 FROM (
    SELECT FROM webhook_delivery WHERE status = 'waiting' AND endpoint = $1 LIMIT $2 + 1) w
"""

_PUT_OFF = """
SELECT count(*) FROM (
    SELECT FROM webhook_delivery
    WHERE status = 'waiting' AND endpoint = $1 AND next_at > $2 LIMIT $3) few
"""

REPLAYED_AT_ONCE = 500
FAILED_AT_ONCE = 500
_FIRST = UUID(int=0)
DISABLED = "not sent: the endpoint is disabled or was removed"


class PostgresWebhooks(PostgresDeliveries):
    """Everything about webhooks; also implements `SweepingStore`."""

    async def deliveries(
        self,
        endpoint: UUID,
        *,
        status: DeliveryStatus | None,
        before: Delivery | None,
        limit: int,
    ) -> Sequence[Delivery]:
        """The newest first; with `before`, those that come after it in this order."""
        async with connected(self._pool) as connection:
            rows = await connection.fetch(
                _PAGE,
                endpoint,
                _names(DeliveryStatus if status is None else [status]),
                None if before is None else before.at,
                None if before is None else before.id,
                limit,
            )
        return [delivery_of(row) for row in rows]

    async def delivery(self, endpoint: UUID, id_: UUID) -> Delivery | None:
        async with connected(self._pool) as connection:
            row = await connection.fetchrow(
                f"SELECT {COLUMNS} FROM webhook_delivery d "  # noqa: S608
                "WHERE d.endpoint = $1 AND d.id = $2",
                endpoint,
                id_,
            )
        return None if row is None else delivery_of(row)

    async def counts(self, endpoint: UUID) -> Mapping[DeliveryStatus, int]:
        """How many stand where; none further than `COUNTED_MAX`."""
        async with connected(self._pool) as connection:
            rows = await connection.fetch(_COUNT, endpoint, _names(DeliveryStatus), COUNTED_MAX)
        return {DeliveryStatus(status): count for status, count in rows}

    async def replay_one(self, endpoint: UUID, id_: UUID, *, now: datetime) -> int:
        async with connected(self._pool) as connection:
            return await each(
                connection, await connection.fetch(_ONE_TO_REPLAY, endpoint, id_), _REPLAY, now
            )

    async def replay_all(
        self,
        endpoint: UUID,
        *,
        statuses: Sequence[DeliveryStatus],
        since: datetime,
        now: datetime,
    ) -> int:
        """Those of these that were queued before `now`, the oldest first; how many it was.

        So many at once, and each looks on behind the last: what was passed is not read again.
        """
        total, last = 0, (since, _FIRST)
        while True:
            async with connected(self._pool) as connection:
                found = await connection.fetch(
                    _TO_REPLAY, endpoint, _names(statuses), *last, now, REPLAYED_AT_ONCE
                )
                total += await each(connection, [row[:2] for row in found], _REPLAY, now)
            if len(found) < REPLAYED_AT_ONCE:
                return total
            _, id_, at = found[-1]
            last = at, id_

    async def fail_unsendable(self, *, now: datetime, limit: int) -> int:
        async with connected(self._pool) as connection:
            found = await connection.fetch(_UNSENDABLE, limit)
            return await each(connection, found, _FAIL, now, DISABLED)

    async def fail_left(self, endpoint: UUID, *, now: datetime) -> None:
        """Give up all that waits for it, as long as it is disabled; so many at once."""
        async with connected(self._pool) as connection:
            while found := await connection.fetch(_LEFT, endpoint, FAILED_AT_ONCE):
                await each(connection, found, _FAIL, now, DISABLED)

    async def count_put_off(self, endpoint: UUID, *, now: datetime) -> int:
        """How many wait for their turn; none further than `COUNTED_MAX`."""
        async with connected(self._pool) as connection:
            return int(await connection.fetchval(_PUT_OFF, endpoint, now, COUNTED_MAX))

    async def waits_more_than(self, endpoint: UUID, *, count: int) -> bool:
        async with connected(self._pool) as connection:
            return bool(await connection.fetchval(_MORE, endpoint, count))

    async def delete_done(self, *, before: datetime, limit: int) -> int:
        async with connected(self._pool) as connection:
            found = await connection.fetch(_OVER, before, limit)
            return await each(connection, found, _DELETE, before)


def _names(statuses: Iterable[DeliveryStatus]) -> list[str]:
    return [one.value for one in statuses]
