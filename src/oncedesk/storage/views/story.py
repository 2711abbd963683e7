"""How it came to this: the journal of one thing as a story, who did what, when, and by which rule.

Texts stand elsewhere and are not told here; an event refers to a message by its id. Whoever takes
part in some cases of a conversation hears about these; all else is for those who run the system.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from oncedesk.domain.conversations.messages import (
    Audience,
    CaseOpened,
    CaseUnassigned,
    ConversationOpened,
    FlagsReviewed,
    MessageFlagged,
    MessagePosted,
    NoteCall,
    PartiesSeen,
)
from oncedesk.domain.remedies.messages.base import OfRemedy
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Kind, Ref, remedies_ref
from oncedesk.engine.codec import Codec
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.views.cases import SeenConversation
from oncedesk.storage.views.notes import Notes
from oncedesk.storage.views.readers import NotSeen, Reader
from oncedesk.storage.views.remedies import SeenRemedies
from oncedesk.storage.writing import actor_of

_PAGE = """
SELECT version, command_id, at, actor, command, packs, basis, events FROM journal
WHERE bucket = $1 AND stream = $2 AND kind = $3 AND version > $4 AND version <= $6
ORDER BY version LIMIT $5
"""
_VERSION_MAX = 2_147_483_647
REMEDY_COMMANDS_MAX = 500
"""More than an order's remedies ever see; a page shows no more of them."""
_FLAGS = (MessageFlagged, FlagsReviewed)
_WHOSE = (ConversationOpened, PartiesSeen)
_NAME = msgspec.msgpack.Decoder(dict[str, Any])


class Told(Record, frozen=True):
    """One accepted command: what it was, who gave it, and what it came to.

    `basis` names the rules on which the decision rests, `packs` the set of packs then in force. Of
    a telephone note that the reader may not read it is told what it came to, and not that it was
    one, nor by whom: `command` is empty then, and `actor` has no id.
    """

    version: int
    command_id: UUID
    command: str
    at: datetime
    actor: Actor
    basis: tuple[str, ...]
    packs: str
    events: tuple[Any, ...]


class Chapter(Record, frozen=True):
    """So much of it, and the version up to which that goes; None where nothing more came."""

    told: Sequence[Told]
    upto: int | None


class Story:
    """Tells it, as far as it is the reader's to hear."""

    def __init__(self, pool: Pool, codec: Codec, notes: Notes) -> None:
        self._pool = pool
        self._codec = codec
        self._notes = notes

    async def of_cases(
        self, *, reader: Reader, seen: SeenConversation, after: int, limit: int
    ) -> Chapter:
        """What concerns the cases that were `seen`, from behind this version on.

        Only the platform's people read what was flagged and reviewed in them, and of an internal
        note hears only who may read it. A command that came to nothing in them is not told at all.
        Raises `NotSeen` for consumers: what the desks say among themselves about it is not theirs.
        """
        if reader.actor.role is Role.CONSUMER:
            raise NotSeen
        chapter = await self._of_seen(seen, after, limit, flags=reader.sees_all)
        return await self._with_own_notes(chapter, reader, seen.ref)

    async def of_thread(self, *, seen: SeenConversation, after: int, limit: int) -> Chapter:
        """The same for whoever sees the conversation, the consumer too, as far as it was `seen`.

        Whoever shows it to a consumer leaves out what desks have among themselves.
        """
        return await self._of_seen(seen, after, limit, flags=False)

    async def of(self, ref: Ref, *, reader: Reader, after: int, limit: int) -> Chapter:
        """All of it, from behind this version on. Raises `NotSeen` for all but those who run the
        system."""
        if not reader.runs:
            raise NotSeen
        return await self._chapter(ref, None, after, limit, flags=True)

    async def of_remedy(self, *, seen: SeenRemedies, remedy: int) -> Sequence[OfRemedy]:
        """What happened to a remedy that was `seen`, the earliest first. Raises `NotSeen`."""
        if not seen.knows(remedy):
            raise NotSeen
        ref = remedies_ref(consumer=seen.state.consumer, order=seen.state.order)
        chapter = await self._chapter(ref, None, 0, REMEDY_COMMANDS_MAX, flags=False)
        return [
            event
            for told in chapter.told
            for event in told.events
            if isinstance(event, OfRemedy) and event.remedy == remedy
        ]

    async def _with_own_notes(self, chapter: Chapter, reader: Reader, ref: Ref) -> Chapter:
        """Without the internal notes that this reader may not read."""
        named = any(note for one in chapter.told for note in _notes(one))
        readable = await self._notes.readable(reader=reader, ref=ref) if named else ()
        told = [_heard(one, readable) for one in chapter.told]
        return Chapter(told=[one for one in told if one.events], upto=chapter.upto)

    async def _of_seen(
        self, seen: SeenConversation, after: int, limit: int, *, flags: bool
    ) -> Chapter:
        """Nothing behind what was seen: it may be in a case that was not there yet."""
        return await self._chapter(
            seen.ref, seen.cases, after, limit, flags=flags, latest=seen.version
        )

    async def _chapter(
        self,
        ref: Ref,
        cases: frozenset[int] | None,
        after: int,
        limit: int,
        *,
        flags: bool,
        latest: int = _VERSION_MAX,
    ) -> Chapter:
        async with connected(self._pool) as connection:
            rows = await connection.fetch(
                _PAGE, ref.bucket, ref.id, ref.kind.value, after, limit, latest
            )
        told = [self._told(ref.kind, row, cases, flags=flags) for row in rows]
        return Chapter(
            told=[one for one in told if one.events],
            upto=rows[-1][0] if len(rows) == limit else None,
        )

    def _told(self, kind: Kind, row: Any, cases: frozenset[int] | None, *, flags: bool) -> Told:
        version, command_id, at, actor, command, packs, basis, body = row
        events = self._codec.events(kind, body)
        if cases is not None:
            events = tuple(_concerning(events, cases))
        if not flags:
            events = tuple(one for one in events if type(one) not in _FLAGS)
        return Told(
            version=version,
            command_id=command_id,
            command=str(_NAME.decode(command).get("type", "")),
            at=at,
            actor=actor_of(actor),
            basis=tuple(basis.split()),
            packs=packs,
            events=events,
        )


def _concerning(events: Sequence[Any], cases: frozenset[int]) -> Iterator[Any]:
    """What is about one of these cases, or about the conversation as such. Whose that is, is said
    where a case opens, and concerns that case."""
    opens = any(type(one) is CaseOpened and one.case in cases for one in events)
    for event in events:
        case = getattr(event, "case", None)
        if case in cases or (case is None and (opens or type(event) not in _WHOSE)):
            yield event


def _notes(told: Told) -> Iterator[UUID]:
    """The internal notes of which this tells; a message's id is its command's."""
    for event in told.events:
        if _is_note(event):
            yield told.command_id
        elif isinstance(event, CaseUnassigned) and event.note is not None:
            yield event.note


def _heard(told: Told, readable: Collection[UUID]) -> Told:
    """What of it is told to whoever may read these notes and no others."""
    events = tuple(
        replace(event, note=None)
        if isinstance(event, CaseUnassigned) and event.note not in readable
        else event
        for event in told.events
        if not _is_note(event) or told.command_id in readable
    )
    if told.command == NoteCall.__name__ and len(events) < len(told.events):
        # Nothing else was done than to note it.
        return replace(told, events=events, command="", actor=Actor(told.actor.role))
    return replace(told, events=events)


def _is_note(event: Any) -> bool:
    return isinstance(event, MessagePosted) and event.audience is Audience.INTERNAL
