"""What is over is deleted after a while; what can never be sent is given up. A little at a time.

An endpoint that fails while more and more waits for it is disabled before it fills the disk.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from oncedesk.engine.webhooks.disabling import notice_of
from oncedesk.engine.webhooks.model import SweepingStore

log = structlog.get_logger(__name__)

ROWS_AT_ONCE = 500
WAITING_MAX = 500_000
"""Deliveries that may wait for an endpoint that fails."""


class SweepingUp:
    """Keeps deliveries for so many days after they were taken or given up."""

    name = "webhook_sweeping"
    idle_seconds = 60.0

    def __init__(
        self,
        *,
        store: SweepingStore,
        keep: timedelta,
        clock: Callable[[], datetime],
        waiting_max: int = WAITING_MAX,
    ) -> None:
        self._store = store
        self._keep = keep
        self._clock = clock
        self._waiting_max = waiting_max

    async def run(self) -> int:
        """One small batch of each."""
        now = self._clock()
        deleted = await self._store.delete_done(before=now - self._keep, limit=ROWS_AT_ONCE)
        if deleted < ROWS_AT_ONCE:
            await self._disable_overfull(now)
        failed = await self._store.fail_unsendable(now=now, limit=ROWS_AT_ONCE)
        return failed + deleted

    async def _disable_overfull(self, now: datetime) -> None:
        most = self._waiting_max
        for one in await self._store.endpoints():
            if not one.enabled or one.failing_since is None:
                continue
            if await self._store.waits_more_than(one.id, count=most):
                reason = f"it fails, and more than {most:,} deliveries wait for it"
                notice = notice_of(one, now=now)
                if await self._store.disable(one.id, reason=reason, now=now, notice=notice):
                    log.error("webhook_disabled", endpoint=str(one.id), reason=reason)

    async def close(self) -> None:
        """Nothing is under way between two runs."""
