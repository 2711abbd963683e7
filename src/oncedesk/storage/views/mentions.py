"""Who was named in a note: one row for each, in the bucket of the agent who was.

A row says where, and never what: whoever opens the case reads it as far as they may.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg

from oncedesk.domain.conversations.messages import MessagePosted
from oncedesk.domain.shared.decider import Actor
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Kind
from oncedesk.storage.database import connected
from oncedesk.storage.rows import ByKind, Rows, insert, transpose
from oncedesk.storage.views.readers import NotSeen, Reader
from oncedesk.storage.writing import actor_of, actor_text

_INSERT = insert(
    "mention",
    "bucket agent message consumer conversation case_number author at",
    "smallint uuid uuid uuid uuid smallint text timestamptz",
    conflict="ON CONFLICT DO NOTHING",
)
_PAGE = """
SELECT message, consumer, conversation, case_number, author, at, read_at FROM mention
WHERE bucket = $1 AND agent = $2 AND (at, message) < ($3, $4) AND ($5 OR read_at IS NULL)
ORDER BY at DESC, message DESC LIMIT $6
"""
_READ = """
UPDATE mention SET read_at = $4
WHERE bucket = $1 AND agent = $2 AND message = ANY($3::uuid[]) AND read_at IS NULL
"""
_LATEST = datetime.max.replace(tzinfo=UTC)
_LAST = UUID(int=2**128 - 1)


class Mention(Record, frozen=True):
    """Somebody was named in this message of this case."""

    message: UUID
    consumer: UUID
    conversation: UUID
    case: int
    author: Actor
    at: datetime
    read_at: datetime | None


class ByMoment(Record, frozen=True):
    """Where a page ended: the latest come first."""

    at: datetime
    message: UUID


def rows(winners: ByKind) -> Sequence[Rows | None]:
    """One row for each person whom a message names."""
    named: list[Sequence[Any]] = [
        (
            bucket_of(agent),
            agent,
            one.submission.id,
            write.after.consumer,
            write.ref.id,
            event.case,
            actor_text(event.author),
            event.at,
        )
        for write in winners[Kind.CONVERSATION]
        for one in write.decided
        if getattr(one.submission.command, "mentions", ())
        for event in one.events
        if type(event) is MessagePosted
        for agent in dict.fromkeys(event.mentions)
    ]
    # In the order of the keys, as all rows are locked.
    named.sort(key=lambda row: (row[0], row[1], row[2]))
    return (transpose(named, _INSERT),)


class Mentions:
    """Answers where somebody was named; in person only."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def page(
        self, *, reader: Reader, read: bool, after: ByMoment | None, limit: int
    ) -> Sequence[Mention]:
        """The latest first; with `read` also those that were read."""
        agent = _in_person(reader)
        start = after or ByMoment(_LATEST, _LAST)
        async with connected(self._pool) as connection:
            found = await connection.fetch(
                _PAGE, bucket_of(agent), agent, start.at, start.message, read, limit
            )
        return [
            Mention(message, consumer, conversation, case, actor_of(author), at, read_at)
            for message, consumer, conversation, case, author, at, read_at in found
        ]

    async def any_unread(self, *, reader: Reader) -> bool:
        """Whether there is one that was not read."""
        return bool(await self.page(reader=reader, read=False, after=None, limit=1))

    async def note_read(self, *, reader: Reader, messages: Sequence[UUID], now: datetime) -> None:
        """These were read; what is not the reader's stays as it is."""
        agent = _in_person(reader)
        async with connected(self._pool) as connection:
            await connection.execute(_READ, bucket_of(agent), agent, list(messages), now)


def _in_person(reader: Reader) -> UUID:
    if reader.actor.id is None:
        raise NotSeen
    return reader.actor.id
