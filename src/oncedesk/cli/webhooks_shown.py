"""How `oncedesk webhooks` prints endpoints and deliveries."""

from collections.abc import Sequence
from datetime import datetime

from rich.table import Table
from rich.text import Text

from oncedesk.cli.printing import listing
from oncedesk.domain.shared.refs import desk_of
from oncedesk.engine.outgoing import topics_for
from oncedesk.http.shapes.webhooks import DeliveryShape, EndpointShape


def endpoints_table(found: Sequence[EndpointShape]) -> Table:
    table = listing("id", "desk", "URL", "topics", "stands")
    for one in found:
        topics = "all" if one.topics == topics_for(desk_of(one.desk)) else " ".join(one.topics)
        table.add_row(str(one.id), one.desk, Text(one.url), topics, Text(_stands(one)))
    return table


def deliveries_table(found: Sequence[DeliveryShape]) -> Table:
    table = listing("happened", "id", "topic", "status", "tries", "code", "answer")
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


def _stands(one: EndpointShape) -> str:
    if one.disabled_at is not None:
        return f"disabled: {one.disabled_reason}"
    return f"fails since {in_words(one.failing_since)}" if one.failing_since else "on"


def in_words(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return "" if value is None else str(value)
