"""Messages in another language: kept beside them, and erased with them."""

from datetime import datetime
from uuid import UUID

from oncedesk.domain.shared.records import Record
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.views.cases import SeenConversation
from oncedesk.storage.views.thread import Message

LANGUAGES_MAX = 8
"""Into which one message is translated."""

_FIND = """
SELECT max(text) FILTER (WHERE language = $4), count(*) FROM translation
WHERE bucket = $1 AND conversation = $2 AND message = $3
"""
# What is erased meanwhile waits for us or is seen by us: no translation outlives its message.
_STANDING = """
SELECT 1 FROM message
WHERE bucket = $1 AND conversation = $2 AND version = $3 AND id = $4 AND text IS NOT NULL
FOR SHARE
"""
_KEEP = """
INSERT INTO translation (bucket, conversation, message, language, text, at)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
"""


class Kept(Record, frozen=True):
    """What a message says in some language, if that was kept, and in how many it is by now."""

    text: str | None
    languages: int


class Translations:
    """Keeps them. Who may read the message was asked before."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def find(self, *, seen: SeenConversation, message: UUID, language: str) -> Kept:
        """What was kept."""
        async with connected(self._pool) as connection:
            row = await connection.fetchrow(_FIND, seen.ref.bucket, seen.ref.id, message, language)
        return Kept(*row)

    async def keep(
        self, *, seen: SeenConversation, message: Message, language: str, text: str, now: datetime
    ) -> bool:
        """Keep it for whoever asks next; False where the message was erased in the meantime."""
        bucket, conversation = seen.ref.bucket, seen.ref.id
        async with connected(self._pool) as connection, connection.transaction():
            standing = await connection.fetchval(
                _STANDING, bucket, conversation, message.version, message.id
            )
            if standing is None:
                return False
            await connection.execute(_KEEP, bucket, conversation, message.id, language, text, now)
        return True
