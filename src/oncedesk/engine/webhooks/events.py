"""What an endpoint gets: CloudEvents 1.0 in structured JSON. A desk's own sees no consumer's id."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.ids import derived_id
from oncedesk.engine.ports import OutboxRow
from oncedesk.engine.webhooks.model import Delivery, DeliveryStatus, Endpoint

MEDIA_TYPE = "application/cloudevents+json"
CONTENT_TYPE = f"{MEDIA_TYPE}; charset=utf-8"
TYPE_PREFIX = "oncedesk."
SOURCE_DEFAULT = "/oncedesk"

_encode = msgspec.json.Encoder().encode


class CloudEvent(msgspec.Struct, frozen=True, omit_defaults=True):
    """The attributes of CloudEvents 1.0; `subject` is the conversation, where there is one."""

    specversion: str
    id: str
    source: str
    type: str
    time: Moment
    datacontenttype: str
    data: Any
    subject: str = ""


def deliveries_of(
    row: OutboxRow, endpoints: Sequence[Endpoint], *, source: str, now: datetime
) -> Sequence[Delivery]:
    """One for each endpoint that asked for this and may see it."""
    takers = [one for one in endpoints if one.enabled and one.wants(row.topic)]
    if not takers:
        return ()
    data: Mapping[str, Any] = msgspec.json.decode(row.body)
    desks = data.get("desks", ())
    found: list[Delivery] = []
    for endpoint in takers:
        if endpoint.sees_everything:
            shown = data
        elif str(endpoint.desk) in desks:
            shown = _masked(data, desk=str(endpoint.desk))
        else:
            continue
        body = event_body(
            id_=row.id,
            type_=row.topic,
            source=source,
            at=row.at,
            data=shown,
            subject=data.get("conversation", ""),
        )
        found.append(_delivery(row, endpoint, body, now))
    return found


def event_body(
    *, id_: UUID, type_: str, source: str, at: datetime, data: Any, subject: str = ""
) -> bytes:
    """An event as it is sent and signed."""
    return _encode(
        CloudEvent(
            specversion="1.0",
            id=str(id_),
            source=source or SOURCE_DEFAULT,
            type=f"{TYPE_PREFIX}{type_}",
            time=at,
            datacontenttype="application/json",
            data=data,
            subject=subject,
        )
    )


def _masked(data: Mapping[str, Any], *, desk: str) -> Mapping[str, Any]:
    """What a desk may see of it: not who the consumer is, nor who else is in it."""
    consumer = data.get("consumer", "")
    shown = {name: value for name, value in data.items() if name not in ("consumer", "desks")}
    if consumer:
        shown = _without(shown, consumer)
    event = shown.get("event")
    if isinstance(event, dict):
        shown["event"] = {
            name: value
            for name, value in event.items()
            if name != "agent" and not _is_other_desk(value, desk)
        }
    return shown


def _without(value: Any, consumer: str) -> Any:
    """It without all that names the consumer, however deep: a link may do so in its path."""
    if isinstance(value, dict):
        return {
            name: _without(one, consumer)
            for name, one in value.items()
            if not _names(one, consumer)
        }
    if isinstance(value, list):
        return [_without(one, consumer) for one in value if not _names(one, consumer)]
    return value


def _names(value: object, consumer: str) -> bool:
    return isinstance(value, str) and consumer in value


def _is_other_desk(value: object, desk: str) -> bool:
    others = value if isinstance(value, str) else ""
    return others.startswith(("merchant:", "creator:")) and others != desk


def _delivery(row: OutboxRow, endpoint: Endpoint, body: bytes, now: datetime) -> Delivery:
    return Delivery(
        bucket=row.bucket,
        id=derived_id("delivery", endpoint.id, row.id),
        endpoint=endpoint.id,
        event=row.id,
        topic=row.topic,
        body=body,
        stream=row.stream,
        at=row.at,
        version=row.version,
        number=row.number,
        status=DeliveryStatus.WAITING,
        queued_at=now,
        next_at=now,
    )
