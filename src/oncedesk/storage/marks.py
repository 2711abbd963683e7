"""What stands beside a message's text: what is masked, whether it is flagged, whom it is for."""

from uuid import UUID

import msgspec

from oncedesk.domain.conversations.messages import Card, MessagePosted, PhoneCall
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.gate.rules import Hit
from oncedesk.domain.shared.masking import mask_text
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk


class Marks(Record, frozen=True, array_like=True):
    """Of one message. Fields: append only. A review does not take the flag away. `to` is the agent
    whom a whisper is for, `desk` the one in whose name a note is written."""

    masks: tuple[Hit, ...] = ()
    flagged: bool = False
    attachments: tuple[UUID, ...] = ()
    to: UUID | None = None
    card: Card | None = None
    call: PhoneCall | None = None
    desk: Desk | None = None


NO_MARKS = Marks()

_encode = msgspec.msgpack.Encoder(uuid_format="bytes").encode
_decode = msgspec.msgpack.Decoder(Marks).decode


def marks_to_bytes(posted: MessagePosted, *, flagged: bool) -> bytes | None:
    """The marks of a message that is being written; None where it has none, as most."""
    more = posted.to or posted.card or posted.call or posted.desk
    if not (flagged or posted.masks or posted.attachments or more):
        return None
    return _encode(
        Marks(
            masks=posted.masks,
            flagged=flagged,
            attachments=posted.attachments,
            to=posted.to,
            card=posted.card,
            call=posted.call,
            desk=posted.desk,
        )
    )


def marks_of(body: bytes | None) -> Marks:
    return NO_MARKS if body is None else _decode(body)


def text_for(*, reader: Actor, text: str | None, marks: Marks) -> str | None:
    """A message's text as this reader sees it: only consumers see what is masked, their own.

    Whose conversation it is, and whether the reader may see the message, is decided before.
    """
    if text is None:
        return None
    text, _, _ = _parted(text, marks.call)
    if not marks.masks or reader.role is Role.CONSUMER:
        return text
    return mask_text(text, [one for one in marks.masks if one.end <= len(text)])


def number_of(*, text: str | None, marks: Marks) -> str | None:
    """At which number somebody was called, as everybody may see it; gone with the text."""
    if text is None or marks.call is None:
        return None
    return _parted(text, marks.call)[1]


def recording_of(*, text: str | None, marks: Marks) -> str | None:
    """Where a call's recording is; gone with the text."""
    return None if text is None else _parted(text, marks.call)[2]


def _parted(text: str, call: PhoneCall | None) -> tuple[str, str | None, str | None]:
    """What was said, at which number, and where the recording is: a note's last lines."""
    if call is None:
        return text, None, None
    number, recording = call.number, None
    if call.recorded:
        text, _, recording = text.rpartition("\n")
    if call.numbered:
        text, _, number = text.rpartition("\n")
    return text, number, recording
