"""Whoever an endpoint belongs to is told that nothing goes there any more."""

from datetime import datetime

from oncedesk.domain.conversations.notifying import (
    NotificationKind,
    Recipient,
    RecipientKind,
)
from oncedesk.domain.shared.ids import bucket_of, derived_id
from oncedesk.domain.shared.refs import PLATFORM_PARTY
from oncedesk.engine.outgoing import NOTIFICATION, plain_notification
from oncedesk.engine.ports import OutboxRow
from oncedesk.engine.webhooks.model import Endpoint


def notice_of(endpoint: Endpoint, *, now: datetime) -> OutboxRow:
    """A notification for the endpoint's desk, to whatever other endpoints want to hear of it."""
    recipient = Recipient(RecipientKind.DESK, None, str(endpoint.desk))
    return OutboxRow(
        bucket=bucket_of(endpoint.desk.party or PLATFORM_PARTY),
        id=derived_id("webhook disabled", endpoint.id, now.isoformat()),
        topic=NOTIFICATION,
        body=plain_notification(NotificationKind.WEBHOOK_DISABLED, recipient, about=endpoint.id),
        at=now,
        stream=endpoint.id,
        version=0,
        number=0,
        leaves_at=now,
    )
