"""What dispatch reads: free agents, and the heads of the queues they can serve."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import asyncpg

from oncedesk.engine.dispatch import QueueName
from oncedesk.engine.matching import FreeAgent, Waiting
from oncedesk.storage.database import engine_errors
from oncedesk.storage.views import inbox, seats


class PostgresDispatchView:
    """Implements `engine.dispatch.DispatchView`."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def free_agents(self, *, now: datetime, limit: int) -> Sequence[FreeAgent]:
        async with engine_errors(), self._pool.acquire() as connection:
            found = await seats.free_seats(connection, limit=limit)
        return [
            FreeAgent(
                agent=seat.agent,
                desks=tuple(dict.fromkeys(one.desk for one in seat.memberships if one.covers(now))),
                skills=seat.skills,
                languages=seat.languages,
                room=seat.room,
                load=seat.load,
            )
            for seat in found
        ]

    async def heads(self, queues: Iterable[QueueName], *, each: int) -> Sequence[Waiting]:
        places = [place for one in queues for place in inbox.queue_places(one.desk, one.skill)]
        async with engine_errors(), self._pool.acquire() as connection:
            return await inbox.heads(connection, places, each=each)
