"""Whose internal notes somebody may read: those of colleagues, from while they were colleagues.

Of all others nobody learns that there is one, who wrote it, or whom it names.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from oncedesk.domain.agents.state import AgentState
from oncedesk.domain.shared.decider import Role
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk, Ref, agent_ref
from oncedesk.storage.database import connected
from oncedesk.storage.store import PostgresStore
from oncedesk.storage.views.readers import Reader
from oncedesk.storage.writing import actor_of, actor_text

_AUTHORS = """
SELECT DISTINCT m.author FROM message m
WHERE m.bucket = $1 AND m.conversation = $2 AND m.audience = 'internal'
"""
_NOTES = """
SELECT m.id, m.author, m.at FROM message m
WHERE m.bucket = $1 AND m.conversation = $2 AND m.audience = 'internal' AND m.id = ANY($3::uuid[])
"""


class Span(Record, frozen=True):
    """An author, from when to when; open where nothing is said."""

    author: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def covers(self, author: str, at: datetime) -> bool:
        """Whether what this author said at that moment is within it."""
        begun = self.starts_at is None or self.starts_at <= at
        return self.author == author and begun and (self.ends_at is None or at < self.ends_at)


class Notes:
    """Answers whose notes may be read."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", store: PostgresStore) -> None:
        self._pool = pool
        self._store = store

    async def spans(self, *, reader: Reader, ref: Ref) -> Sequence[Span]:
        """Whose internal notes in this conversation this reader may read, and from when to when."""
        if reader.actor.role is Role.CONSUMER:
            return ()
        async with connected(self._pool) as connection:
            rows = await connection.fetch(_AUTHORS, ref.bucket, ref.id)
        authors = [str(row[0]) for row in rows]
        if not authors or reader.actor.role is not Role.AGENT:
            # Those who run the system, and the marketplace whose it is, read all of it.
            return [Span(author) for author in authors]
        spans = [Span(actor_text(reader.actor))]
        for author in authors:
            actor = actor_of(author)
            if actor.role is not Role.AGENT or actor.id is None:
                # What an admin or the system notes is the platform's.
                spans += [Span(author)] if PLATFORM in reader.desks else []
            else:
                spans += await self._together(author, actor.id, reader.desks)
        return spans

    async def readable(self, *, reader: Reader, ref: Ref, ids: Collection[UUID]) -> frozenset[UUID]:
        """Those of these messages that are internal notes which this reader may read."""
        if not ids:
            return frozenset()
        spans = await self.spans(reader=reader, ref=ref)
        async with connected(self._pool) as connection:
            rows = await connection.fetch(_NOTES, ref.bucket, ref.id, list(ids))
        return frozenset(
            id_ for id_, author, at in rows if any(span.covers(author, at) for span in spans)
        )

    async def _together(self, author: str, agent: UUID, desks: Sequence[Desk]) -> list[Span]:
        ref = agent_ref(agent)
        stored = (await self._store.load((ref,))).get(agent)
        if stored is None or not isinstance(stored.state, AgentState):
            return []
        return [
            Span(author, one.starts_at, one.ends_at)
            for one in stored.state.memberships
            if one.desk in desks
        ]
