"""How much came to a desk in each hour of the last days, and how long people were at it."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk
from oncedesk.storage.database import connected
from oncedesk.storage.outcomes.working_out import STAY
from oncedesk.storage.views.inbox import desk_buckets
from oncedesk.storage.views.readers import NotSeen, Reader

OPEN_COUNTED_MAX = 2_000
"""Open cases are looked at up to so many in each place of the desk."""

# What is over stands in the outcomes, once for each desk that it came to; what is still open in the
# desk's list, bounded, and with it not what the desk is only asked about.
_ENDED = """
SELECT date_trunc('hour', o.at), count(*), sum(o.worked_seconds)::bigint
FROM outcome o
WHERE o.desk = $1 AND o.kind = $2 AND o.at >= $3
GROUP BY 1
"""
_OPEN = """
SELECT date_trunc('hour', h.queued_at), count(*)
FROM unnest($1::smallint[]) k(b)
CROSS JOIN LATERAL (
    SELECT i.queued_at FROM inbox i WHERE i.bucket = k.b AND i.desk = $2 AND i.status <> 'referred'
    LIMIT $3
) h
WHERE h.queued_at >= $4
GROUP BY 1
"""


class HourArrived(Record, frozen=True):
    """An hour (UTC): so many cases came, also from another desk; `ended` of them are over, with so
    much of this desk's work in them."""

    hour: datetime
    arrived: int
    ended: int
    worked_seconds: int


class Arrivals:
    """Answers a desk's supervisors and admins."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def hours(self, *, reader: Reader, desk: Desk, since: datetime) -> Sequence[HourArrived]:
        """The hours in which anything came, since then. Raises `NotSeen`."""
        if not reader.supervises(desk):
            raise NotSeen
        async with connected(self._pool) as connection:
            ended = await connection.fetch(_ENDED, str(desk), STAY, since)
            waiting = await connection.fetch(
                _OPEN, desk_buckets(desk), str(desk), OPEN_COUNTED_MAX, since
            )
        still_open = dict(waiting)
        over = {hour: (count, worked) for hour, count, worked in ended}
        return [
            HourArrived(
                hour,
                over.get(hour, (0, 0))[0] + still_open.get(hour, 0),
                *over.get(hour, (0, 0)),
            )
            for hour in sorted({*over, *still_open})
        ]
