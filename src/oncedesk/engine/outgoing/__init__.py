"""What leaves Oncedesk when something happens: topic and content, by event; only what is asked for.

`topics.py` says which event leaves under which topic; the other files say with what content.
"""

from oncedesk.engine.outgoing.notifications import (
    NOTIFICATION,
    WANTED,
    notification_message,
    plain_notification,
    waiting_notification,
)
from oncedesk.engine.outgoing.refunds import RefundMessage
from oncedesk.engine.outgoing.topics import (
    CANCELLATION,
    CHARGES,
    DATA,
    DESK_TOPICS,
    OF_AGENTS,
    OF_ORDERS,
    TO_CONSUMERS,
    TOPICS,
    Outgoing,
    topics_for,
)

__all__ = [
    "CANCELLATION",
    "CHARGES",
    "DATA",
    "DESK_TOPICS",
    "NOTIFICATION",
    "OF_AGENTS",
    "OF_ORDERS",
    "TOPICS",
    "TO_CONSUMERS",
    "WANTED",
    "Outgoing",
    "RefundMessage",
    "notification_message",
    "plain_notification",
    "topics_for",
    "waiting_notification",
]
