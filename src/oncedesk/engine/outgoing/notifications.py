"""What leaves to tell somebody who is not looking."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from oncedesk.domain.conversations.notifying import (
    Merged,
    NotificationKind,
    Recipient,
    RecipientKind,
    Waiting,
    notifications,
)
from oncedesk.domain.conversations.state import Conversation
from oncedesk.domain.orders.messages import FinalPaymentReminded
from oncedesk.engine.leaving import Happened, Leaving

NOTIFICATION = "notification.requested"
WANTED = "notification.wanted"
"""A notification that waits for others like it; it never leaves as such."""

_encode = msgspec.json.Encoder().encode


class NotificationMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whom to tell what, in which language, and where it can be read. No texts.

    `count` is how many were merged into it. `version` is the conversation's at the latest of them.
    """

    kind: str
    recipient: Any
    language: str
    link: str
    count: int = 1
    consumer: str = ""
    conversation: str = ""
    case: int = 0
    version: int = 0
    deadline: Any = None
    about: str = ""
    desks: tuple[str, ...] = ()


def wanted(happened: Happened) -> Sequence[Leaving]:
    state: Conversation = happened.after
    found = notifications(
        before=happened.before,
        after=state,
        events=happened.events,
        actor=happened.actor,
        pack=happened.packs.current(state.market),
    )
    return [
        Leaving(
            WANTED,
            _encode(
                Waiting(one, state.consumer, happened.source.id, happened.version, state.market)
            ),
            one.leaves_at,
        )
        for one in found
    ]


def notification_message(merged: Merged, *, link: str) -> bytes:
    """A notification as it leaves. Only the platform, and the desk that is told, may see it."""
    latest = merged.latest
    notification = latest.notification
    desk = notification.recipient.desk
    return _encode(
        NotificationMessage(
            kind=notification.kind.value,
            recipient=notification.recipient,
            language=notification.language,
            link=link,
            count=merged.count,
            consumer=str(latest.consumer),
            conversation=str(latest.conversation),
            case=notification.case,
            version=latest.version,
            deadline=notification.deadline,
            desks=(desk,) if ":" in desk else (),
        )
    )


def final_payment(event: FinalPaymentReminded, happened: Happened) -> bytes:
    """The rest of a presale can be paid until then; it is about the order."""
    return _encode(
        NotificationMessage(
            kind=NotificationKind.FINAL_PAYMENT.value,
            recipient=Recipient(RecipientKind.CONSUMER, event.consumer),
            language=happened.after.language,
            link="",
            consumer=str(event.consumer),
            version=happened.version,
            deadline=event.pay_until,
            about=str(event.order),
        )
    )


def plain_notification(kind: NotificationKind, recipient: Recipient, *, about: UUID) -> bytes:
    """One that is about no conversation; what it is about, it names."""
    desks = (recipient.desk,) if ":" in recipient.desk else ()
    return _encode(
        NotificationMessage(
            kind=kind.value,
            recipient=recipient,
            language="",
            link="",
            about=str(about),
            desks=desks,
        )
    )


_waiting = msgspec.json.Decoder(Waiting).decode


def waiting_notification(body: bytes) -> Waiting:
    """What stands in a row of the topic `WANTED`."""
    return _waiting(body)
