"""The endpoints of webhooks: who wants to be told of what, and how it is going there."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from oncedesk.domain.shared.refs import Desk, desk_of
from oncedesk.engine.ports import OutboxRow
from oncedesk.engine.webhooks.model import Endpoint, EndpointPosition
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.writing import outbox_rows, storable

_COLUMNS = (
    "id, desk, url, topics, note, created_at, generation, seal, previous_until, failures, "
    "failing_since, disabled_at, disabled_reason, hastens_at"
)

# Who adds another to this desk meanwhile waits, and then sees this one.
_ADDS_ALONE = "SELECT pg_advisory_xact_lock(hashtextextended('webhook_endpoint ' || $1, 0))"
_ADD = f"""
INSERT INTO webhook_endpoint ({_COLUMNS})
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, NULL
FROM (SELECT count(*), coalesce(bool_or(url = $3), false) FROM webhook_endpoint WHERE desk = $2)
    there (endpoints, at_url)
WHERE endpoints < $14 AND NOT at_url
"""  # noqa: S608 - constants

_PAGE = f"""
SELECT {_COLUMNS} FROM webhook_endpoint
WHERE (created_at, id) > ($1, $2) AND ($3::text IS NULL OR desk = $3)
ORDER BY created_at, id LIMIT $4
"""  # noqa: S608 - constants
_FIRST = EndpointPosition(datetime.min.replace(tzinfo=UTC), UUID(int=0))

_FAILED = f"""
UPDATE webhook_endpoint
SET failures = failures + 1, failing_since = coalesce(failing_since, $2)
WHERE id = $1 RETURNING {_COLUMNS}
"""  # noqa: S608 - constants

_WORKS = """
UPDATE webhook_endpoint
SET failures = 0, failing_since = NULL,
    hastens_at = CASE WHEN failing_since <= $3 THEN $2 ELSE hastens_at END
WHERE id = $1 AND failing_since IS NOT NULL
"""

_HASTENS = "UPDATE webhook_endpoint SET hastens_at = $2 WHERE id = $1 AND disabled_at IS NULL"
_HASTENED = "UPDATE webhook_endpoint SET hastens_at = NULL WHERE id = $1 AND hastens_at = $2"

_DISABLE = """
UPDATE webhook_endpoint SET disabled_at = $2, disabled_reason = $3
WHERE id = $1 AND disabled_at IS NULL
"""

_ENABLE = """
UPDATE webhook_endpoint
SET disabled_at = NULL, disabled_reason = '', failures = 0, failing_since = NULL, seal = $3,
    hastens_at = NULL
WHERE id = $1 AND generation = $2
"""

_ROTATE = """
UPDATE webhook_endpoint SET generation = $3, seal = $4, previous_until = $5
WHERE id = $1 AND generation = $2
"""


class PostgresEndpoints:
    """All endpoints, of whomever they are; who may see which is decided above."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def endpoints(self) -> Sequence[Endpoint]:
        async with connected(self._pool) as connection:
            return await read_endpoints(connection)

    async def page(
        self, *, desk: Desk | None, after: EndpointPosition | None, limit: int | None
    ) -> Sequence[Endpoint]:
        """Those of this desk or, without one, of all; the oldest first, of those behind `after`."""
        start = after or _FIRST
        of = None if desk is None else str(desk)
        async with connected(self._pool) as connection:
            rows = await connection.fetch(_PAGE, start.created_at, start.id, of, limit)
        return [_endpoint(row) for row in rows]

    async def endpoint(self, id_: UUID) -> Endpoint | None:
        async with connected(self._pool) as connection:
            row = await connection.fetchrow(
                f"SELECT {_COLUMNS} FROM webhook_endpoint WHERE id = $1",  # noqa: S608
                id_,
            )
        return None if row is None else _endpoint(row)

    async def add(self, endpoint: Endpoint, *, most: int) -> bool:
        """False where its desk has an endpoint at this URL by now, or `most` of them."""
        async with connected(self._pool) as connection, connection.transaction():
            await connection.execute(_ADDS_ALONE, str(endpoint.desk))
            done = await connection.execute(
                _ADD,
                endpoint.id,
                str(endpoint.desk),
                endpoint.url,
                " ".join(endpoint.topics),
                endpoint.note,
                endpoint.created_at,
                endpoint.generation,
                endpoint.seal,
                endpoint.previous_until,
                endpoint.failures,
                endpoint.failing_since,
                endpoint.disabled_at,
                endpoint.disabled_reason,
                most,
            )
        return bool(done == "INSERT 0 1")

    async def remove(self, id_: UUID) -> None:
        """Its deliveries stay until they are swept up; none of them is sent any more."""
        async with connected(self._pool) as connection:
            await connection.execute("DELETE FROM webhook_endpoint WHERE id = $1", id_)

    async def enable(self, endpoint: Endpoint, *, seal: bytes) -> bool:
        """With the secret that it has. False where somebody has changed that, or removed it."""
        async with connected(self._pool) as connection:
            done = await connection.execute(_ENABLE, endpoint.id, endpoint.generation, seal)
        return bool(done == "UPDATE 1")

    async def rotate(self, endpoint: Endpoint, *, seal: bytes, previous_until: datetime) -> bool:
        """The next secret from now on. False where somebody else has done it just now."""
        async with connected(self._pool) as connection:
            done = await connection.execute(
                _ROTATE,
                endpoint.id,
                endpoint.generation,
                endpoint.generation + 1,
                seal,
                previous_until,
            )
        return bool(done == "UPDATE 1")

    async def endpoint_failed(self, endpoint: UUID, *, now: datetime) -> Endpoint | None:
        async with connected(self._pool) as connection:
            row = await connection.fetchrow(_FAILED, endpoint, now)
        return None if row is None else _endpoint(row)

    async def endpoint_works(self, endpoint: UUID, *, now: datetime, away_min: timedelta) -> None:
        async with connected(self._pool) as connection:
            await connection.execute(_WORKS, endpoint, now, now - away_min)

    async def ask_to_hasten(self, endpoint: UUID, *, now: datetime) -> bool:
        """Whoever sends makes all due that waits. False where it is disabled or gone."""
        async with connected(self._pool) as connection:
            return bool(await connection.execute(_HASTENS, endpoint, now) == "UPDATE 1")

    async def hastened(self, endpoint: UUID, *, asked_at: datetime) -> None:
        """Unless somebody has asked again meanwhile."""
        async with connected(self._pool) as connection:
            await connection.execute(_HASTENED, endpoint, asked_at)

    async def disable(
        self, endpoint: UUID, *, reason: str, now: datetime, notice: OutboxRow | None
    ) -> bool:
        async with connected(self._pool) as connection, connection.transaction():
            done = await connection.execute(_DISABLE, endpoint, now, storable(reason))
            if done != "UPDATE 1":
                return False
            if notice is not None:
                rows = outbox_rows([notice])
                assert rows is not None
                await connection.execute(rows.statement, *rows.columns)
            return True


async def read_endpoints(connection: Any) -> Sequence[Endpoint]:
    """All that there are, the oldest first."""
    rows = await connection.fetch(
        f"SELECT {_COLUMNS} FROM webhook_endpoint ORDER BY created_at, id"  # noqa: S608 - constants
    )
    return [_endpoint(row) for row in rows]


def _endpoint(row: Sequence[Any]) -> Endpoint:
    id_, desk, url, topics, *rest = row
    return Endpoint(id_, desk_of(desk), url, tuple(topics.split()), *rest)
