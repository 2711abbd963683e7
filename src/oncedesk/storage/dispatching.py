"""What dispatch reads: free agents, and the heads of the queues they can serve."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from oncedesk.domain.shared.refs import Desk
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
                desks=tuple(
                    dict.fromkeys(one.desk for one in seat.memberships if one.covers(now))
                ),
                skills=seat.skills,
                languages=seat.languages,
                room=seat.room,
                load=seat.load,
            )
            for seat in found
        ]

    async def heads(self, agents: Sequence[FreeAgent], *, each: int) -> Sequence[Waiting]:
        served: set[tuple[Desk, str]] = {
            (desk, skill) for agent in agents for desk in agent.desks for skill in agent.skills
        }
        queues = [
            place
            for desk, skill in sorted(served)
            for place in inbox.queue_places(desk, skill)
        ]
        async with engine_errors(), self._pool.acquire() as connection:
            return await inbox.heads(connection, queues, each=each)
