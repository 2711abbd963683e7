"""What those see who run the system: agents, desks, and what waits to leave."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from oncedesk.domain.agents.state import AgentState
from oncedesk.domain.desks.state import DeskState
from oncedesk.domain.parties.state import PartyState
from oncedesk.domain.shared.persons import person_of, searched
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk, DeskKind, Kind, Ref, agent_ref, desk_ref, party_ref
from oncedesk.engine.codec import Codec
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.store import PostgresStore
from oncedesk.storage.views.readers import NotSeen, Reader

_AGENTS = """
SELECT s.bucket, s.id, s.version, s.body
FROM (SELECT bucket, agent FROM seat WHERE (bucket, agent) > ($1, $2)
      ORDER BY bucket, agent LIMIT $3) k
JOIN state s ON s.bucket = k.bucket AND s.id = k.agent
ORDER BY s.bucket, s.id
"""
_DESKS = """
SELECT bucket, id, version, body FROM state
WHERE kind = 'desk' AND (bucket, id) > ($1, $2) ORDER BY bucket, id LIMIT $3
"""
_NAMED = """
SELECT party, body FROM person WHERE public_name >= $1 AND public_name < $2
ORDER BY public_name, party LIMIT $3
"""
_OUTBOX = """
SELECT id, topic, at, next_at, attempts, error FROM outbox
WHERE (next_at, id) > ($1, $2) AND ($3 OR attempts > 0) ORDER BY next_at, id LIMIT $4
"""


NAMED_MAX = 20
"""So many desks at most are found by name: whoever finds more says more of the name."""
_TRIED_MAX = 100


class ByPlace(Record, frozen=True):
    """Where a page ended that goes by where things lie."""

    bucket: int
    id: UUID


class ByNext(Record, frozen=True):
    """Where a page of the outbox ended."""

    next_at: datetime
    id: UUID


class Found(Record, frozen=True):
    """A state with its version, and where the next page would go on."""

    place: ByPlace
    version: int
    state: Any


class NamedDesk(Record, frozen=True):
    """A desk, and what its merchant or creator is called in public."""

    desk: Desk
    name: str


class Leaving(Record, frozen=True):
    """Something that waits to leave: `attempts` were in vain, the last with this error."""

    id: UUID
    topic: str
    at: datetime
    next_at: datetime
    attempts: int
    error: str | None


class Administration:
    """Answers those who run the system; anybody else only about themselves and their desks."""

    def __init__(self, pool: Pool, codec: Codec, store: PostgresStore) -> None:
        self._pool = pool
        self._codec = codec
        self._store = store

    async def agents(self, *, reader: Reader, after: ByPlace | None, limit: int) -> Sequence[Found]:
        """All agents who ever had a place to work at."""
        return await self._page(_AGENTS, Kind.AGENT, reader, after, limit)

    async def desks(self, *, reader: Reader, after: ByPlace | None, limit: int) -> Sequence[Found]:
        """All desks that were ever opened."""
        return await self._page(_DESKS, Kind.DESK, reader, after, limit)

    async def desks_named(self, *, reader: Reader, beginning: str) -> Sequence[NamedDesk]:
        """Desks of merchants and creators whose public name begins so, by name; the first of them.

        Not every name belongs to a desk: of very many alike that have none, not all are tried.
        """
        _refuse_others(reader)
        begins = searched(beginning)
        async with connected(self._pool) as connection:
            rows = await connection.fetch(_NAMED, begins, f"{begins}\U0010ffff", _TRIED_MAX)
        names = {party: person_of(body).name.strip() for party, body in rows}
        kinds = (DeskKind.MERCHANT, DeskKind.CREATOR)
        desks = [(Desk(kind, party), party) for party in names for kind in kinds]
        refs = [*map(party_ref, names), *(desk_ref(desk) for desk, _ in desks)]
        known = {id_: one.state for id_, one in (await self._store.load(refs)).items()}
        # A row may still hold what is no longer said of them.
        said = {one.party for one in known.values() if isinstance(one, PartyState) and one.digest}
        found = [
            NamedDesk(desk, names[party])
            for desk, party in desks
            if party in said and isinstance(known.get(desk_ref(desk).id), DeskState)
        ]
        return found[:NAMED_MAX]

    async def agent(self, *, reader: Reader, agent: UUID) -> Found:
        """One agent: oneself, or for those who run the system anybody. Raises `NotSeen`."""
        if reader.actor.id != agent:
            _refuse_others(reader)
        return await self._one(agent_ref(agent), AgentState)

    async def desk(self, *, reader: Reader, desk: Desk) -> Found:
        """One desk: one's own, or for those who run the system any. Raises `NotSeen`."""
        if desk not in reader.desks:
            _refuse_others(reader)
        return await self._one(desk_ref(desk), DeskState)

    async def party(self, *, reader: Reader, party: UUID) -> Found:
        """What is known of a party beside personal data. Raises `NotSeen`."""
        _refuse_others(reader)
        return await self._one(party_ref(party), PartyState)

    async def leaving(
        self, *, reader: Reader, all_: bool, after: ByNext | None, limit: int
    ) -> Sequence[Leaving]:
        """What waits to leave, the next to be tried first; without `all_` what failed before."""
        _refuse_others(reader)
        start = after or ByNext(datetime.min.replace(tzinfo=UTC), UUID(int=0))
        async with connected(self._pool) as connection:
            rows = await connection.fetch(_OUTBOX, start.next_at, start.id, all_, limit)
        return [Leaving(*row) for row in rows]

    async def _page(
        self, statement: str, kind: Kind, reader: Reader, after: ByPlace | None, limit: int
    ) -> Sequence[Found]:
        _refuse_others(reader)
        start = after or ByPlace(-1, UUID(int=0))
        async with connected(self._pool) as connection:
            rows = await connection.fetch(statement, start.bucket, start.id, limit)
        return [
            Found(ByPlace(bucket, id_), version, self._codec.state(kind, body))
            for bucket, id_, version, body in rows
        ]

    async def _one(self, ref: Ref, kind: type) -> Found:
        stored = (await self._store.load((ref,))).get(ref.id)
        if stored is None or not isinstance(stored.state, kind):
            raise NotSeen
        return Found(ByPlace(ref.bucket, ref.id), stored.version, stored.state)


def _refuse_others(reader: Reader) -> None:
    if not reader.runs:
        raise NotSeen
