"""What is over is deleted after a while; what can never be sent is given up. A little at a time."""

from collections.abc import Callable
from datetime import datetime, timedelta

from oncedesk.engine.webhooks.model import SweepingStore

EVERY = timedelta(minutes=1)
ROWS_AT_ONCE = 500


class SweepingUp:
    """Keeps deliveries for so many days after they were taken or given up."""

    name = "webhook_sweeping"

    def __init__(
        self, *, store: SweepingStore, keep: timedelta, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._keep = keep
        self._clock = clock
        self._next: datetime | None = None

    async def run(self) -> int:
        """One small batch of each, once a minute or as long as there is more."""
        now = self._clock()
        if self._next is not None and now < self._next:
            return 0
        failed = await self._store.fail_unsendable(now=now, limit=ROWS_AT_ONCE)
        deleted = await self._store.delete_done(before=now - self._keep, limit=ROWS_AT_ONCE)
        if max(failed, deleted) < ROWS_AT_ONCE:
            self._next = now + EVERY
        return failed + deleted

    async def close(self) -> None:
        """Nothing is under way between two runs."""
