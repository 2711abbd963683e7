"""What leaves: at least once, with an idempotency key, never inside a transaction.

A receiver's failure is tried again with growing pauses for days; what it has to say comes back as
a command of its own.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from oncedesk.engine.ports import OutboxRow

log = structlog.get_logger(__name__)

SENT_AT_ONCE = 32
PAUSE_SECONDS_MAX = 6 * 3600

Send = Callable[[OutboxRow], Awaitable[None]]
"""Hands one row to its receiver; raises `NotDelivered` if it was not taken."""


class NotDelivered(Exception):
    """The receiver could not be reached or did not take it."""


class Attempt(OutboxRow, frozen=True):
    """A row on its way out, with how often it was tried before."""

    attempts: int = 0

    def again_at(self, now: datetime, *, pause_seconds_max: int) -> datetime:
        """When to try it again, having failed now: the pauses double up to the longest."""
        return now + timedelta(seconds=min(2 ** min(self.attempts, 20), pause_seconds_max))


class OutboxStore(Protocol):
    """The rows that wait to leave."""

    async def outbox_due(self, *, now: datetime, limit: int) -> Sequence[Attempt]: ...

    async def outbox_sent(self, rows: Sequence[OutboxRow]) -> None: ...

    async def outbox_failed(self, row: OutboxRow, *, error: str, next_at: datetime) -> None: ...


class Outbox:
    """Sends what is due. Without a receiver nothing is sent and the rows wait."""

    def __init__(
        self,
        *,
        store: OutboxStore,
        send: Send | None,
        clock: Callable[[], datetime],
        named_point: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._send = send
        self._clock = clock
        self._named_point = named_point

    async def run(self) -> int:
        """Send what is due; how many rows were tried."""
        if self._send is None:
            return 0
        rows = await self._store.outbox_due(now=self._clock(), limit=SENT_AT_ONCE)
        results = await asyncio.gather(*(self._attempt(self._send, row) for row in rows))
        self._named_point("outbox_sent")
        sent = [row for row, delivered in zip(rows, results, strict=True) if delivered]
        if sent:
            await self._store.outbox_sent(sent)
        return len(rows)

    async def _attempt(self, send: Send, row: Attempt) -> bool:
        try:
            await send(row)
        except NotDelivered as error:
            log.warning("outbox_not_delivered", id=str(row.id), topic=row.topic, error=str(error))
            await self._failed(row, str(error))
            return False
        except Exception as error:
            # A bug in the connector; this row waits like any other that was not taken.
            log.exception("outbox_send_failed", id=str(row.id), topic=row.topic)
            await self._failed(row, f"{type(error).__name__}: {error}")
            return False
        return True

    async def _failed(self, row: Attempt, error: str) -> None:
        next_at = row.again_at(self._clock(), pause_seconds_max=PAUSE_SECONDS_MAX)
        await self._store.outbox_failed(row, error=error, next_at=next_at)
