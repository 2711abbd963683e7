"""What somebody is told whose message has arrived."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from oncedesk.domain.conversations.messages import (
    CaseOpened,
    ClockStarted,
    ContactKind,
    ContactReceived,
    MessagePosted,
    Side,
)
from oncedesk.domain.conversations.state import RESPONSES
from oncedesk.domain.shared.bounds import Moment
from oncedesk.http.call import Done


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """A message is taken and durable. It is in this case, which it `opened` or joined.

    `contact` says what kind of contact began with it; None within one that goes on. `answer_by` is
    when an answer is due that is owed since this message; None where one was due already.
    """

    message: UUID
    conversation: UUID
    case: Annotated[int, Meta(ge=1)]
    version: Annotated[int, Meta(ge=1)]
    at: Moment | None
    opened: bool
    contact: ContactKind | None = None
    answer_by: Moment | None = None


def received(done: Done, conversation: UUID) -> Received:
    """From what was recorded, so a repeat is told the same."""
    case, opened = 0, False
    contact: ContactKind | None = None
    answer_by: Moment | None = None
    for event in done.events:
        match event:
            case MessagePosted():
                case = event.case
            case CaseOpened():
                opened = True
            case ContactReceived():
                contact = event.kind
            case ClockStarted(side=Side.CONSUMER, clock=clock) if clock in RESPONSES:
                answer_by = event.due_at
            case _:
                pass
    assert case, "a contact without its message"
    return Received(
        message=done.command_id,
        conversation=conversation,
        case=case,
        version=done.version,
        at=done.at,
        opened=opened,
        contact=contact,
        answer_by=answer_by,
    )
