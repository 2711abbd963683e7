"""What was said in a conversation, in its order, to whoever may read it.

A conversation's position is its version: who has read up to one asks for what came after it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from oncedesk.domain.conversations.messages import Audience, Card, PhoneCall
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.records import Record
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.marks import marks_of, number_of, recording_of, text_for
from oncedesk.storage.views.cases import SeenConversation
from oncedesk.storage.views.notes import Notes
from oncedesk.storage.views.readers import Reader
from oncedesk.storage.writing import actor_of, actor_text

# A command posts one message at most, so the version alone says where one stands.
_PAGE = """
SELECT m.version, m.id, m.case_number, m.audience, m.author, m.at, m.text, m.erased_at, m.marks
FROM message m
WHERE m.bucket = $1 AND m.conversation = $2 AND m.version > $3 AND m.version <= $8
    AND m.audience = ANY($4::text[]) AND m.case_number = ANY($5::smallint[])
    AND (m.audience <> 'internal' OR m.id = ANY($6::uuid[]))
ORDER BY m.version, m.number LIMIT $7
"""

_SAID = """
SELECT m.at FROM message m
WHERE m.bucket = $1 AND m.conversation = $2 AND m.id = $3 AND m.author = $4
    AND m.audience = 'consumer' AND m.case_number = ANY($5::smallint[])
"""


class Message(Record, frozen=True):
    """One message, as its reader sees it. `version` is the conversation's when it was said; `text`
    None: it was erased. `flagged` is told to those who see everything, and to nobody else; `to` is
    the agent whom a whisper is for."""

    version: int
    id: UUID
    case: int
    audience: Audience
    author: Actor
    at: datetime
    text: str | None
    erased_at: datetime | None
    attachments: tuple[UUID, ...] = ()
    flagged: bool = False
    to: UUID | None = None
    card: Card | None = None
    call: PhoneCall | None = None
    number: str | None = None
    recording: str | None = None


class Thread:
    """Answers what was said."""

    def __init__(self, pool: Pool, notes: Notes) -> None:
        self._pool = pool
        self._notes = notes

    async def page(
        self, *, reader: Reader, seen: SeenConversation, after: int, limit: int
    ) -> Sequence[Message]:
        """Messages of the cases that were `seen`, from behind this version on.

        Nothing that came after they were: it may be in a case that was not there yet, and whoever
        was shown what is behind that would never ask for it.

        A consumer reads what is said to them; a desk what is said to the consumer and among the
        desks, and the internal notes of its own people. All but the consumer read it masked.
        """
        audiences = [Audience.CONSUMER]
        notes: Collection[UUID] = ()
        if reader.actor.role is not Role.CONSUMER:
            audiences += [Audience.DESKS, Audience.INTERNAL]
            notes = await self._notes.readable(reader=reader, ref=seen.ref, after=after)
        async with connected(self._pool) as connection:
            rows = await connection.fetch(
                _PAGE,
                seen.ref.bucket,
                seen.ref.id,
                after,
                [one.value for one in audiences],
                sorted(seen.cases),
                notes,
                limit,
                seen.version,
            )
        return [_message(reader, *row) for row in rows]

    async def said_at(self, *, seen: SeenConversation, message: UUID) -> datetime | None:
        """When the consumer said this in one of the cases that were `seen`; None: they did not."""
        consumer = Actor(Role.CONSUMER, seen.state.consumer)
        async with connected(self._pool) as connection:
            at: datetime | None = await connection.fetchval(
                _SAID,
                seen.ref.bucket,
                seen.ref.id,
                message,
                actor_text(consumer),
                sorted(seen.cases),
            )
        return at


def _message(
    reader: Reader,
    version: int,
    id_: UUID,
    case: int,
    audience: str,
    author: str,
    at: datetime,
    text: str | None,
    erased_at: datetime | None,
    body: bytes | None,
) -> Message:
    marks = marks_of(body)
    return Message(
        version=version,
        id=id_,
        case=case,
        audience=Audience(audience),
        author=actor_of(author),
        at=at,
        text=text_for(reader=reader.actor, text=text, marks=marks),
        erased_at=erased_at,
        # What was erased took its files with it.
        attachments=marks.attachments if erased_at is None else (),
        flagged=marks.flagged and reader.sees_all,
        to=marks.to,
        card=marks.card,
        call=marks.call,
        number=number_of(text=text, marks=marks),
        recording=recording_of(text=text, marks=marks),
    )
