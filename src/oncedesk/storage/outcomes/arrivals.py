"""How much came to a desk in hours of the last weeks, and how long people were at it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from oncedesk.domain.insight.forecasting import Span
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.views.inbox import desk_buckets
from oncedesk.storage.views.readers import NotSeen, Reader

OPEN_COUNTED_MAX = 2_000
"""Open cases are looked at up to so many in each place of the desk."""
MEASURED_MAX = 1_000
"""By so many cases, the last, it is told how long people are at one."""

# What is over stands in the outcomes, once for each desk that it came to; what is still open in the
# desk's list, bounded, and with it not what the desk is only asked about.
_FIRST = """
SELECT min(o.opened_at) FROM outcome o WHERE o.desk = $1 AND o.kind = 'stay'
"""
_ENDED = """
SELECT date_trunc('hour', o.opened_at), count(*)
FROM unnest($2::timestamptz[], $3::timestamptz[]) k(s, e)
JOIN outcome o ON o.desk = $1 AND o.kind = 'stay' AND o.opened_at >= k.s AND o.opened_at < k.e
GROUP BY 1
"""
_OPEN = """
SELECT date_trunc('hour', h.came_at), count(*)
FROM unnest($1::smallint[]) k(b)
CROSS JOIN LATERAL (
    SELECT i.came_at FROM inbox i WHERE i.bucket = k.b AND i.desk = $2 AND i.status <> 'referred'
    LIMIT $3
) h
WHERE $4::timestamptz IS NULL OR h.came_at >= $4
GROUP BY 1
"""
_WORKED = """
SELECT count(*), coalesce(sum(l.worked_seconds), 0)::bigint FROM (
    SELECT o.worked_seconds FROM outcome o WHERE o.desk = $1 AND o.kind = 'stay' AND o.contacts > 0
    ORDER BY o.at DESC LIMIT $2) l
"""


class Worked(Record, frozen=True):
    """So many cases are over at a desk, with so much of its work in them."""

    cases: int
    seconds: int


class Arrivals:
    """Answers a desk's supervisors and admins. Others: `NotSeen`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def first(self, *, reader: Reader, desk: Desk) -> datetime | None:
        """When the first came of which anything is known, also from another desk."""
        _refuse_stranger(reader, desk)
        async with connected(self._pool) as connection:
            over: datetime | None = await connection.fetchval(_FIRST, str(desk))
        still_open = await self._open(desk, None)
        return min(filter(None, (over, min(still_open, default=None))), default=None)

    async def hours(
        self, *, reader: Reader, desk: Desk, spans: Sequence[Span]
    ) -> Mapping[datetime, int]:
        """How many came, by the hour (UTC), in these spans of whole hours, none of them twice."""
        _refuse_stranger(reader, desk)
        if not spans:
            return {}
        async with connected(self._pool) as connection:
            over = await connection.fetch(
                _ENDED,
                str(desk),
                [span.starts_at for span in spans],
                [span.ends_at for span in spans],
            )
        still_open = await self._open(desk, min(span.starts_at for span in spans))
        found = Counter(dict(over))
        for hour, count in still_open.items():
            if any(span.starts_at <= hour < span.ends_at for span in spans):
                found[hour] += count
        return found

    async def worked(self, *, reader: Reader, desk: Desk) -> Worked:
        """Of the last cases that came to the desk and are over."""
        _refuse_stranger(reader, desk)
        async with connected(self._pool) as connection:
            return Worked(*await connection.fetchrow(_WORKED, str(desk), MEASURED_MAX))

    async def _open(self, desk: Desk, since: datetime | None) -> Mapping[datetime, int]:
        async with connected(self._pool) as connection:
            return dict(
                await connection.fetch(
                    _OPEN, desk_buckets(desk), str(desk), OPEN_COUNTED_MAX, since
                )
            )


def _refuse_stranger(reader: Reader, desk: Desk) -> None:
    if not reader.supervises(desk):
        raise NotSeen
