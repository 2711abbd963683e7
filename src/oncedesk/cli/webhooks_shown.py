"""What `oncedesk webhooks` prints of endpoints and deliveries."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from rich.table import Table
from rich.text import Text

from oncedesk.connectors.webhooks.managing import EndpointWithSecret
from oncedesk.domain.shared.records import Record
from oncedesk.engine.outgoing import TOPICS
from oncedesk.engine.webhooks.model import Delivery, DeliveryStatus, Endpoint


class ShownEndpoint(Record, frozen=True):
    """An endpoint, as it is printed."""

    id: UUID
    desk: str
    url: str
    topics: tuple[str, ...]
    note: str
    created_at: datetime
    failures: int
    failing_since: datetime | None
    disabled_at: datetime | None
    disabled_reason: str


class ShownSecret(Record, frozen=True):
    """What the receiver needs to verify what comes."""

    id: UUID
    secret: str


class ShownDelivery(Record, frozen=True):
    """A delivery, as it is printed: without what was sent."""

    id: UUID
    event: UUID
    topic: str
    at: datetime
    status: DeliveryStatus
    attempts: int
    next_at: datetime | None
    code: int | None
    answer: str


def shown_secret(found: EndpointWithSecret) -> ShownSecret:
    return ShownSecret(found.endpoint.id, found.secret)


def shown_delivery(one: Delivery) -> ShownDelivery:
    return ShownDelivery(
        id=one.id,
        event=one.event,
        topic=one.topic,
        at=one.at,
        status=one.status,
        attempts=one.attempts,
        next_at=one.next_at if one.status is DeliveryStatus.WAITING else None,
        code=one.code,
        answer=one.answer,
    )


def endpoints_table(found: Sequence[ShownEndpoint]) -> Table:
    table = Table("id", "desk", "URL", "topics", "stands")
    for one in found:
        topics = "all" if one.topics == TOPICS else "\n".join(one.topics)
        table.add_row(str(one.id), one.desk, Text(one.url), topics, Text(_stands(one)))
    return table


def deliveries_table(found: Sequence[ShownDelivery]) -> Table:
    table = Table("happened", "id", "topic", "status", "tries", "code", "answer")
    for one in found:
        table.add_row(
            in_words(one.at),
            str(one.id),
            one.topic,
            one.status.value,
            str(one.attempts),
            in_words(one.code),
            Text(one.answer),
        )
    return table


def shown_endpoint(one: Endpoint) -> ShownEndpoint:
    return ShownEndpoint(
        id=one.id,
        desk=str(one.desk),
        url=one.url,
        topics=one.topics,
        note=one.note,
        created_at=one.created_at,
        failures=one.failures,
        failing_since=one.failing_since,
        disabled_at=one.disabled_at,
        disabled_reason=one.disabled_reason,
    )


def _stands(one: ShownEndpoint) -> str:
    if one.disabled_at is not None:
        return f"disabled: {one.disabled_reason}"
    return f"fails since {in_words(one.failing_since)}" if one.failing_since else "on"


def in_words(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return "" if value is None else str(value)
