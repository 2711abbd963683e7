"""Where somebody was named, as far as they may open the case: who has left its desk may not."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from oncedesk.domain.shared.decider import Actor
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.records import Record
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.views.cases import Cases
from oncedesk.storage.views.readers import NotSeen, Reader
from oncedesk.storage.writing import actor_of

_PAGE = """
SELECT message, consumer, conversation, case_number, author, at, read_at FROM mention
WHERE bucket = $1 AND agent = $2 AND (at, message) < ($3, $4) AND ($5 OR read_at IS NULL)
ORDER BY at DESC, message DESC LIMIT $6
"""
_READ = """
UPDATE mention SET read_at = $4
WHERE bucket = $1 AND agent = $2 AND message = ANY($3::uuid[]) AND read_at IS NULL
"""
READ_AT_ONCE = 50
LOOKED_AT_MAX = 500
"""Whoever has left desks in which they were named still oftener sees no further back."""
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


class Mentions:
    """Answers where somebody was named; in person only."""

    def __init__(self, pool: Pool, cases: Cases) -> None:
        self._pool = pool
        self._cases = cases

    async def page(
        self, *, reader: Reader, read: bool, after: ByMoment | None, limit: int
    ) -> Sequence[Mention]:
        """The latest first; with `read` also those that were read."""
        agent = _in_person(reader)
        start = after or ByMoment(_LATEST, _LAST)
        found: list[Mention] = []
        for _ in range(LOOKED_AT_MAX // READ_AT_ONCE):
            async with connected(self._pool) as connection:
                rows = await connection.fetch(
                    _PAGE, bucket_of(agent), agent, start.at, start.message, read, READ_AT_ONCE
                )
            for message, consumer, conversation, case, author, at, read_at in rows:
                one = Mention(message, consumer, conversation, case, actor_of(author), at, read_at)
                if await self._is_open_to(reader, one):
                    found.append(one)
                if len(found) == limit:
                    return found
                start = ByMoment(at, message)
            if len(rows) < READ_AT_ONCE:
                break
        return found

    async def any_unread(self, *, reader: Reader) -> bool:
        """Whether there is one that was not read."""
        return bool(await self.page(reader=reader, read=False, after=None, limit=1))

    async def note_read(self, *, reader: Reader, messages: Sequence[UUID], now: datetime) -> None:
        """These were read; what is not the reader's stays as it is."""
        agent = _in_person(reader)
        async with connected(self._pool) as connection:
            await connection.execute(_READ, bucket_of(agent), agent, list(messages), now)

    async def _is_open_to(self, reader: Reader, one: Mention) -> bool:
        try:
            await self._cases.case(
                reader=reader,
                consumer=one.consumer,
                conversation=one.conversation,
                case=one.case,
            )
        except NotSeen:
            return False
        return True


def _in_person(reader: Reader) -> UUID:
    if reader.actor.id is None:
        raise NotSeen
    return reader.actor.id
