"""Whose internal notes somebody may read: those of the desks to which they belong.

Of all others nobody learns that there is one, who wrote it, or whom it names.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from oncedesk.domain.agents.state import AgentState
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk, Ref, agent_ref
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.marks import marks_of
from oncedesk.storage.store import PostgresStore
from oncedesk.storage.views.readers import Reader
from oncedesk.storage.writing import actor_of

_NOTES = """
SELECT m.id, m.author, m.at, m.marks FROM message m
WHERE m.bucket = $1 AND m.conversation = $2 AND m.audience = 'internal' AND m.version > $3
"""


class _Note(Record, frozen=True):
    """One note; `desk` is the one in whose name it was written, where that was recorded."""

    id: UUID
    author: Actor
    at: datetime
    desk: Desk | None


class Notes:
    """Answers whose notes may be read."""

    def __init__(self, pool: Pool, store: PostgresStore) -> None:
        self._pool = pool
        self._store = store

    async def readable(self, *, reader: Reader, ref: Ref, after: int = 0) -> list[UUID]:
        """The internal notes of this conversation, from behind this version on, which this reader
        may read: their own, and those of their desks."""
        if reader.actor.role is Role.CONSUMER:
            return []
        async with connected(self._pool) as connection:
            rows = await connection.fetch(_NOTES, ref.bucket, ref.id, after)
        if reader.actor.role is not Role.AGENT:
            # Those who run the system, and the marketplace whose it is, read all of it.
            return [row[0] for row in rows]
        notes = [
            _Note(id_, actor_of(author), at, marks_of(body).desk) for id_, author, at, body in rows
        ]
        authors = await self._authors(notes)
        return [
            note.id
            for note in notes
            if note.author == reader.actor
            or any(desk in reader.desks for desk in _desks_of(note, authors))
        ]

    async def _authors(self, notes: Iterable[_Note]) -> Mapping[UUID, AgentState]:
        """The agents of whose notes it was not recorded where they were written."""
        ids = {
            note.author.id
            for note in notes
            if note.desk is None and note.author.role is Role.AGENT and note.author.id is not None
        }
        if not ids:
            return {}
        stored = await self._store.load([agent_ref(id_) for id_ in sorted(ids)])
        return {id_: one.state for id_, one in stored.items() if isinstance(one.state, AgentState)}


def _desks_of(note: _Note, authors: Mapping[UUID, AgentState]) -> Iterable[Desk]:
    """At which desks it is read: its own, else all to which its author belonged at that time."""
    if note.desk is not None:
        return (note.desk,)
    author = note.author
    if author.role is not Role.AGENT or author.id is None:
        # What an admin or the system notes is the platform's.
        return (PLATFORM,)
    known = authors.get(author.id)
    return () if known is None else known.desks(note.at)
