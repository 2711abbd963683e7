"""The agents of a desk, for whoever supervises it.

Agents lie in their own buckets and no list of a desk's agents is kept: all seats are read, as the
watch over the desks does, at most every few seconds in a process, whoever looks.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from oncedesk.domain.agents.state import AgentState
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk, agent_ref
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.persons import PERSONS
from oncedesk.storage.store import PostgresStore
from oncedesk.storage.views.readers import NotSeen, Reader
from oncedesk.storage.views.seats import Seat, all_seats

AGENTS_MAX = 500
"""Of one desk, by id; a larger desk is seen in part, and the answer says so."""
FRESH = timedelta(seconds=2)


class Mate(Record, frozen=True):
    """An agent of a desk as they are now; the name is empty where none is kept."""

    state: AgentState
    version: int
    name: str


class _Named(msgspec.Struct, frozen=True):
    name: str = ""


class Roster:
    """Answers who works at a desk. One a process: it remembers the seats for a moment."""

    def __init__(self, pool: Pool, store: PostgresStore) -> None:
        self._pool = pool
        self._store = store
        self._seats: Sequence[Seat] = ()
        self._read_at: datetime | None = None

    async def mates(self, *, reader: Reader, desk: Desk, now: datetime) -> Sequence[Mate]:
        """Who belongs to the desk now, by id, at most `AGENTS_MAX`.

        Raises `NotSeen` for all but its supervisors and admins.
        """
        if not reader.supervises(desk):
            raise NotSeen
        async with connected(self._pool) as connection:
            agents = await self._members(connection, desk, now)
            refs = [agent_ref(agent) for agent in agents]
            rows = await connection.fetch(
                PERSONS, [ref.bucket for ref in refs], [ref.id for ref in refs]
            )
        names = {party: msgspec.json.decode(body, type=_Named).name for party, body in rows}
        found = await self._store.load(refs)
        return [
            Mate(stored.state, stored.version, names.get(ref.id, ""))
            for ref in refs
            if (stored := found.get(ref.id)) is not None and isinstance(stored.state, AgentState)
        ]

    async def colleagues(self, *, reader: Reader, desk: Desk, now: datetime) -> Sequence[UUID]:
        """Who belongs to the desk now, by id, for those who belong to it. Raises `NotSeen`."""
        if not reader.belongs_to((desk,)) and not reader.supervises(desk):
            raise NotSeen
        async with connected(self._pool) as connection:
            return await self._members(connection, desk, now)

    async def skills(self, *, reader: Reader, desk: Desk, now: datetime) -> frozenset[str]:
        """What those who belong to the desk now can do between them, be they there or away.

        Raises `NotSeen` for all but its supervisors and admins.
        """
        if not reader.supervises(desk):
            raise NotSeen
        async with connected(self._pool) as connection:
            seats = await self._seats_at(connection, desk, now)
        return frozenset(skill for seat in seats for skill in seat.skills)

    async def mate(self, *, reader: Reader, agent: UUID, now: datetime) -> Mate:
        """One agent, for a supervisor of a desk of theirs, and admins. Raises `NotSeen`."""
        ref = agent_ref(agent)
        stored = (await self._store.load((ref,))).get(ref.id)
        state = None if stored is None else stored.state
        if stored is None or not isinstance(state, AgentState):
            raise NotSeen
        if not reader.runs and not any(reader.supervises(desk) for desk in state.desks(now)):
            raise NotSeen
        return Mate(state, stored.version, "")

    async def _members(self, connection: Any, desk: Desk, now: datetime) -> Sequence[UUID]:
        seats = await self._seats_at(connection, desk, now)
        return sorted(seat.agent for seat in seats)[:AGENTS_MAX]

    async def _seats_at(self, connection: Any, desk: Desk, now: datetime) -> Sequence[Seat]:
        if self._read_at is None or not timedelta(0) <= now - self._read_at < FRESH:
            self._seats, self._read_at = await all_seats(connection), now
        return [seat for seat in self._seats if seat.is_member(desk, now)]
