"""Reads a part of the journal: the streams of some kinds in a range of buckets."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from uuid import UUID

from oncedesk.domain.shared.refs import Kind, Ref
from oncedesk.engine.codec import Codec
from oncedesk.storage.database import Pool, engine_errors
from oncedesk.storage.journal import PostgresJournal

PAGE = 200
"""Streams read at once; with what they rested on, a few thousand journal rows."""

_STREAMS = """
SELECT bucket, id, kind FROM state
WHERE (bucket, id) > ($1, $2) AND bucket < $3 AND kind = ANY($4::text[]) AND at >= $5
ORDER BY bucket, id LIMIT $6
"""


class BucketJournal(PostgresJournal):
    """The buckets [first, end), of them the streams to which something has happened `since`.

    Raises what the engine knows where the database goes away.
    """

    def __init__(
        self,
        pool: Pool,
        codec: Codec,
        *,
        first: int,
        end: int,
        kinds: Sequence[Kind],
        since: datetime | None = None,
    ) -> None:
        super().__init__(pool, codec)
        self._first = first
        self._end = end
        self._kinds = [kind.value for kind in kinds]
        self._since = since or datetime.min.replace(tzinfo=UTC)

    async def pages(self) -> AsyncIterator[Sequence[Ref]]:
        last = (self._first - 1, UUID(int=(1 << 128) - 1))
        while True:
            async with engine_errors(), self._pool.acquire() as connection:
                found = await connection.fetch(
                    _STREAMS, *last, self._end, self._kinds, self._since, PAGE
                )
            if not found:
                return
            yield [Ref(Kind(kind), bucket, id_) for bucket, id_, kind in found]
            last = found[-1][0], found[-1][1]
