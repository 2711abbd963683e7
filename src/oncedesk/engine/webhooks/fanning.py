"""From the outbox to the deliveries: for each row one for every endpoint that asked for it.

A row that nobody asks for any more is deleted, so nothing piles up behind an endpoint that is gone.
"""

from collections.abc import Callable
from datetime import datetime

import msgspec
import structlog

from oncedesk.engine.ports import OutboxRow
from oncedesk.engine.webhooks.events import deliveries_of
from oncedesk.engine.webhooks.model import Delivery, FanningStore

log = structlog.get_logger(__name__)

ROWS_AT_ONCE = 500


class FanningOut:
    """Takes what is due from the outbox. Under the lease of the outbox: it is its receiver."""

    name = "outbox"
    idle_seconds = 0.25

    def __init__(
        self,
        *,
        store: FanningStore,
        source: str,
        clock: Callable[[], datetime],
        named_point: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._source = source
        self._clock = clock
        self._named_point = named_point

    async def run(self) -> int:
        """Turn rows into deliveries; how many rows were taken."""
        now = self._clock()
        rows = await self._store.outbox_leaving(now=now, limit=ROWS_AT_ONCE)
        if not rows:
            return 0
        endpoints = await self._store.endpoints()
        deliveries: list[Delivery] = []
        for row in rows:
            try:
                found = deliveries_of(row, endpoints, source=self._source, now=now)
            except (msgspec.DecodeError, AttributeError, TypeError, ValueError):
                _lost(row)
            else:
                deliveries += found
        await self._store.fan_out(rows, deliveries)
        self._named_point("fanned_out")
        return len(rows)

    async def close(self) -> None:
        """Nothing is under way between two runs."""


def _lost(row: OutboxRow) -> None:
    """Not what this program ever writes; with it in the way nobody would get anything."""
    log.error("outbox_unreadable", id=str(row.id), topic=row.topic)
