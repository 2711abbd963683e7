"""How it came to this: the journal of one thing as a story, who did what, when, and by which rule.

Texts stand elsewhere and are not told here; an event refers to a message by its id.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from oncedesk.domain.conversations.messages import FlagsReviewed, MessageFlagged
from oncedesk.domain.shared.decider import Actor
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Kind, Ref
from oncedesk.engine.codec import Codec
from oncedesk.storage.database import connected
from oncedesk.storage.writing import actor_of

_PAGE = """
SELECT version, command_id, at, actor, command, packs, basis, events FROM journal
WHERE bucket = $1 AND stream = $2 AND kind = $3 AND version > $4 ORDER BY version LIMIT $5
"""
_FLAGS = (MessageFlagged, FlagsReviewed)
_NAME = msgspec.msgpack.Decoder(dict[str, Any])


class Told(Record, frozen=True):
    """One accepted command: what it was, who gave it, and what it came to.

    `basis` names the rules on which the decision rests, `packs` the set of packs then in force.
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
    """Tells it to those who were found to be allowed to hear it: `ref` comes from a view."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", codec: Codec) -> None:
        self._pool = pool
        self._codec = codec

    async def chapter(
        self,
        ref: Ref,
        *,
        cases: frozenset[int] | None,
        after: int,
        limit: int,
        flags: bool = True,
    ) -> Chapter:
        """From behind this version on. Of a conversation only what concerns these `cases`; without
        `flags` nothing of what was flagged and reviewed.

        Whose story it is they have to have asked a view for; a command that came to nothing in
        these cases is not told at all.
        """
        async with connected(self._pool) as connection:
            rows = await connection.fetch(_PAGE, ref.bucket, ref.id, ref.kind.value, after, limit)
        told = [self._told(ref.kind, row, cases, flags=flags) for row in rows]
        return Chapter(
            told=[one for one in told if one.events],
            upto=rows[-1][0] if len(rows) == limit else None,
        )

    def _told(self, kind: Kind, row: Any, cases: frozenset[int] | None, *, flags: bool) -> Told:
        version, command_id, at, actor, command, packs, basis, body = row
        events = self._codec.events(kind, body)
        if cases is not None:
            events = tuple(one for one in events if _concerns(one, cases))
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


def _concerns(event: Any, cases: frozenset[int]) -> bool:
    """Whether it is about one of these cases, or about the conversation as such."""
    case = getattr(event, "case", None)
    return case is None or case in cases
