"""Endpoints of webhooks and what goes to them, as they are read; the secret stands apart."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from oncedesk.connectors.webhooks.managing import EndpointCounted, EndpointWithSecret
from oncedesk.domain.shared.bounds import Moment
from oncedesk.engine.outgoing import topics_for
from oncedesk.engine.webhooks.model import (
    COUNTED_MAX,
    Delivery,
    DeliveryStatus,
    Endpoint,
    Outcome,
)
from oncedesk.http.shapes.cases import Count
from oncedesk.http.shapes.words import DeskName

HttpStatus = Annotated[int, Meta(ge=100, le=999)]


class EndpointShape(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint: whose it is, and how it is going there."""

    id: UUID
    desk: DeskName
    url: str
    topics: tuple[str, ...]
    note: str
    created_at: Moment
    failures: Count
    failing_since: Moment | None
    disabled_at: Moment | None
    disabled_reason: str


class EndpointCountedShape(EndpointShape, frozen=True, kw_only=True):
    """An endpoint, and how many of its deliveries wait, were taken, or were given up; of those in
    `at_least` so many or more, which would take long to count."""

    waiting: Count
    taken: Count
    failed: Count
    at_least: tuple[DeliveryStatus, ...]


class SecretShape(msgspec.Struct, frozen=True):
    """What the receiver verifies with. It is shown this once, and kept nowhere."""

    id: UUID
    secret: str


class DeliveryShape(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that goes to an endpoint, without what was sent. `event` is its id there.

    `code` is the status of the last answer, null where none came; `answer` is how it begins.
    """

    id: UUID
    event: UUID
    topic: str
    at: Moment
    status: DeliveryStatus
    attempts: Count
    next_at: Moment | None
    code: HttpStatus | None
    answer: str


class OutcomeShape(msgspec.Struct, frozen=True, kw_only=True):
    """What came back, and whether that counts as taken."""

    taken: bool
    code: HttpStatus | None
    answer: str


def endpoint_shape(one: Endpoint) -> EndpointShape:
    return EndpointShape(
        id=one.id,
        desk=str(one.desk),
        url=one.url,
        topics=topics_for(one.desk) if one.wants_everything else one.topics,
        note=one.note,
        created_at=one.created_at,
        failures=one.failures,
        failing_since=one.failing_since,
        disabled_at=one.disabled_at,
        disabled_reason=one.disabled_reason,
    )


def counted_shape(found: EndpointCounted) -> EndpointCountedShape:
    return EndpointCountedShape(
        **msgspec.structs.asdict(endpoint_shape(found.endpoint)),
        waiting=found.counts.get(DeliveryStatus.WAITING, 0),
        taken=found.counts.get(DeliveryStatus.TAKEN, 0),
        failed=found.counts.get(DeliveryStatus.FAILED, 0),
        at_least=tuple(one for one, count in found.counts.items() if count == COUNTED_MAX),
    )


def secret_shape(found: EndpointWithSecret) -> SecretShape:
    return SecretShape(found.endpoint.id, found.secret)


def delivery_shape(one: Delivery) -> DeliveryShape:
    return DeliveryShape(
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


def outcome_shape(outcome: Outcome) -> OutcomeShape:
    return OutcomeShape(taken=outcome.taken, code=outcome.code, answer=outcome.answer)
