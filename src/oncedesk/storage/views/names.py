"""What agents are called, for those who read what they have done."""

from collections.abc import Collection, Mapping
from uuid import UUID

import asyncpg

from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.masking import mask_name
from oncedesk.domain.shared.persons import person_of
from oncedesk.storage.database import connected
from oncedesk.storage.views.readers import Reader

_PERSONS = """
SELECT p.party, p.body FROM unnest($1::smallint[], $2::uuid[]) k(b, i)
JOIN person p ON p.bucket = k.b AND p.party = k.i WHERE p.body IS NOT NULL
"""


class AgentNames:
    """Answers by the agents' ids; those of whom no name is kept are left out."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def of(self, agents: Collection[UUID], *, reader: Reader) -> Mapping[UUID, str]:
        """In full to those who see everything and to themselves, masked to other agents; nothing
        to a consumer. The ids have to be those of agents."""
        if not agents or not (reader.sees_all or reader.desks):
            return {}
        ordered = sorted(agents, key=lambda agent: (bucket_of(agent), agent))
        async with connected(self._pool) as connection:
            rows = await connection.fetch(_PERSONS, [*map(bucket_of, ordered)], ordered)
        named = {party: person_of(body).name for party, body in rows}
        return {
            agent: name if reader.sees_all or agent == reader.actor.id else mask_name(name)
            for agent, name in named.items()
            if name
        }
