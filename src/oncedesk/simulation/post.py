"""From our outbox to payments: what leaves arrives, at times twice or only when sent again."""

from collections import Counter
from collections.abc import Callable
from uuid import UUID

from oncedesk.engine.outbox import NotDelivered
from oncedesk.engine.ports import OutboxRow

TOPICS = ("refund.requested", "coupon.requested", "charge.requested")
LOST_PERCENT, TWICE_PERCENT = 3, 3

Receiver = Callable[[str, bytes], None]


class Post:
    """Hands what the engine sends to whoever plays payments; a row's own id says how it goes."""

    def __init__(self) -> None:
        self._seen: set[UUID] = set()
        self._receive: Receiver | None = None
        self._counts: Counter[str] = Counter()

    def deliver_to(self, receive: Receiver, counts: Counter[str]) -> None:
        """From now on."""
        self._receive, self._counts = receive, counts

    async def send(self, row: OutboxRow) -> None:
        """Raises `NotDelivered` where it got lost, or where nobody heard that it has arrived."""
        assert self._receive is not None
        first, how = row.id not in self._seen, row.id.int % 100
        self._seen.add(row.id)
        if first and how < LOST_PERCENT:
            self._counts["faults.letters_lost"] += 1
            raise NotDelivered("it got lost")
        self._receive(row.topic, row.body)
        if first and how < LOST_PERCENT + TWICE_PERCENT:
            self._counts["faults.letters_twice"] += 1
            raise NotDelivered("the answer got lost")
