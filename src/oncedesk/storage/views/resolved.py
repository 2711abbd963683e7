"""Which cases an agent has had that are resolved: as the outcomes tell, some seconds afterwards."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from oncedesk.domain.shared.allowing import PEOPLE
from oncedesk.domain.shared.records import Record
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.views.readers import NotSeen, Reader

_LAST = """
SELECT consumer, conversation, case_number, at FROM outcome WHERE agent = $1 AND kind = 'stay'
ORDER BY at DESC LIMIT $2
"""


class ResolvedCase(Record, frozen=True):
    """Which case, and when it was resolved."""

    consumer: UUID
    conversation: UUID
    case: int
    at: datetime


class ResolvedCases:
    """Answers what somebody has had; in person only."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def last(self, *, reader: Reader, limit: int) -> Sequence[ResolvedCase]:
        """The last first. Raises `NotSeen` for who is nobody in person."""
        agent = reader.actor.id
        if agent is None or reader.actor.role not in PEOPLE:
            raise NotSeen
        async with connected(self._pool) as connection:
            found = await connection.fetch(_LAST, agent, limit)
        # Who had it at two desks has two rows of it.
        return [*dict.fromkeys(ResolvedCase(*row) for row in found)]
