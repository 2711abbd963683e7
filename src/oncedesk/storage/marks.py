"""What stands beside a message's text: what is masked, whether it is flagged, whom it is for."""

from uuid import UUID

import msgspec

from oncedesk.domain.conversations.messages import MessagePosted
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.gate.rules import Hit
from oncedesk.domain.shared.masking import mask_text
from oncedesk.domain.shared.records import Record


class Marks(Record, frozen=True, array_like=True):
    """Of one message. Fields: append only. A review does not take the flag away. `to` is the agent
    whom a whisper is for."""

    masks: tuple[Hit, ...] = ()
    flagged: bool = False
    attachments: tuple[UUID, ...] = ()
    to: UUID | None = None


NO_MARKS = Marks()

_encode = msgspec.msgpack.Encoder(uuid_format="bytes").encode
_decode = msgspec.msgpack.Decoder(Marks).decode


def marks_to_bytes(posted: MessagePosted, *, flagged: bool) -> bytes | None:
    """The marks of a message that is being written; None where it has none, as most."""
    if not (flagged or posted.masks or posted.attachments or posted.to):
        return None
    return _encode(Marks(posted.masks, flagged, posted.attachments, posted.to))


def marks_of(body: bytes | None) -> Marks:
    return NO_MARKS if body is None else _decode(body)


def text_for(*, reader: Actor, text: str | None, marks: Marks) -> str | None:
    """A message's text as this reader sees it: only consumers see what is masked, their own.

    Whose conversation it is, and whether the reader may see the message, is decided before.
    """
    if text is None or not marks.masks or reader.role is Role.CONSUMER:
        return text
    return mask_text(text, marks.masks)
