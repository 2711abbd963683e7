"""Endpoints, what goes to them, and what is asked of the storage."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk
from oncedesk.engine.ports import OutboxRow

EVERYTHING = "*"
"""In the place of topics: all that there are, those of later versions too."""
COUNTED_MAX = 1_000
"""No more deliveries are counted; this number means: so many or more."""


class Endpoint(Record, frozen=True):
    """Somebody who wants to be told of these topics, or of `EVERYTHING`.

    `desk` is whose it is: the platform's is the marketplace's own and sees everything, another
    sees the cases that lie with that desk. `generation` counts its secrets; the one before is valid
    until `previous_until`. `seal` names the secret without revealing it. `failures` are those since
    the last success, the first of them at `failing_since`. `hastens_at`: all that waits for its
    turn at that moment is still to be made due.
    """

    id: UUID
    desk: Desk
    url: str
    topics: tuple[str, ...]
    note: str
    created_at: datetime
    generation: int
    seal: bytes
    previous_until: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    disabled_at: datetime | None = None
    disabled_reason: str = ""
    hastens_at: datetime | None = None

    @property
    def enabled(self) -> bool:
        return self.disabled_at is None

    @property
    def wants_everything(self) -> bool:
        return EVERYTHING in self.topics

    def wants(self, topic: str) -> bool:
        return self.wants_everything or topic in self.topics

    @property
    def sees_everything(self) -> bool:
        return self.desk == PLATFORM


class EndpointPosition(Record, frozen=True):
    """Where a page of endpoints ended."""

    created_at: datetime
    id: UUID


class DeliveryStatus(StrEnum):
    """Where a delivery stands; a failed one was given up and can be replayed."""

    WAITING = "waiting"
    TAKEN = "taken"
    FAILED = "failed"


class Delivery(Record, frozen=True):
    """One thing that goes to one endpoint. `event` is its id there, the same at every attempt.

    Those of one `stream` go one after the other, by `at`, `version` and `number`. `code` is the
    status of the last answer (None: there was none) and `answer` the beginning of it, masked.
    `planned_at` is when its turn was, where it is tried sooner.
    """

    bucket: int
    id: UUID
    endpoint: UUID
    event: UUID
    topic: str
    body: bytes
    stream: UUID
    at: datetime
    version: int
    number: int
    status: DeliveryStatus
    queued_at: datetime
    next_at: datetime
    attempts: int = 0
    done_at: datetime | None = None
    code: int | None = None
    answer: str = ""
    planned_at: datetime | None = None


class DeliveryTurn(Record, frozen=True):
    """Where a look at those that wait for their turn ended."""

    next_at: datetime
    id: UUID


class Outcome(Record, frozen=True):
    """What came of an attempt: the answer's status, if one came, and its beginning or the error."""

    code: int | None
    answer: str

    @property
    def taken(self) -> bool:
        """Whatever the answer says: its status is all that counts."""
        return self.code is not None and 200 <= self.code < 300

    @property
    def gone(self) -> bool:
        """Nobody is there any more, and never will be."""
        return self.code == 410


class EndpointStore(Protocol):
    """The endpoints, whomever they belong to."""

    async def endpoints(self) -> Sequence[Endpoint]:
        """All there are, as they stand now."""
        ...

    async def disable(
        self, endpoint: UUID, *, reason: str, now: datetime, notice: OutboxRow | None
    ) -> bool:
        """Nothing goes there any more; `notice` leaves in the same transaction.

        False where it was disabled already.
        """
        ...


class FanningStore(EndpointStore, Protocol):
    """The outbox, and the deliveries that come of it."""

    async def outbox_leaving(self, *, now: datetime, limit: int) -> Sequence[OutboxRow]:
        """About `limit` rows that are due, each with all that come before it in its stream."""
        ...

    async def fan_out(self, rows: Sequence[OutboxRow], deliveries: Sequence[Delivery]) -> None:
        """Put these deliveries in the place of those rows, in one transaction.

        Of a row that is gone already, none is written.
        """
        ...


class SendingStore(EndpointStore, Protocol):
    """The deliveries that wait."""

    async def with_due(self, endpoints: Sequence[UUID], *, now: datetime) -> set[UUID]:
        """Those of these endpoints to which something may go."""
        ...

    async def due(
        self, endpoint: UUID, *, now: datetime, but_not: Sequence[UUID], limit: int
    ) -> Sequence[Delivery]:
        """The first of each stream that may go now, but not of these streams."""
        ...

    async def taken(self, delivery: Delivery, outcome: Outcome, *, now: datetime) -> None:
        """It is done; what was held up behind it may go."""
        ...

    async def postponed(
        self, delivery: Delivery, outcome: Outcome, *, next_at: datetime, attempts: int
    ) -> None:
        """It is tried again then, and what is behind it in its stream not before."""
        ...

    async def given_up(self, delivery: Delivery, outcome: Outcome, *, now: datetime) -> None: ...

    async def hasten(
        self, endpoint: UUID, *, now: datetime, after: DeliveryTurn | None
    ) -> DeliveryTurn | None:
        """Some of what waits for its turn is due now, of each stream the first.

        What is behind the turn that it gives back comes next; None: there is no more.
        """
        ...

    async def hastened(self, endpoint: UUID, *, asked_at: datetime) -> None:
        """All that was to be due is."""
        ...

    async def endpoint_works(self, endpoint: UUID, *, now: datetime, away_min: timedelta) -> None:
        """The failures are over. Where they went on for so long, all that waits is to be due."""
        ...

    async def endpoint_failed(self, endpoint: UUID, *, now: datetime) -> Endpoint | None:
        """Count a failure; the endpoint as it stands then, if it is still there."""
        ...


class SweepingStore(EndpointStore, Protocol):
    """The deliveries that are over, or that nobody will ever send."""

    async def fail_unsendable(self, *, now: datetime, limit: int) -> int:
        """Give up what waits for endpoints that are disabled or gone; how many those were."""
        ...

    async def delete_done(self, *, before: datetime, limit: int) -> int:
        """Delete deliveries that were done before then; how many those were."""
        ...

    async def waits_more_than(self, endpoint: UUID, *, count: int) -> bool:
        """Whether more deliveries than that wait for it."""
        ...
