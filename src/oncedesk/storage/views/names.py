"""What agents are called, and shops and creators, for those who read what they have done."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from oncedesk.domain.parties.messages import PartyKind
from oncedesk.domain.parties.state import PartyState
from oncedesk.domain.shared.decider import Role
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.masking import mask_name
from oncedesk.domain.shared.persons import person_of
from oncedesk.domain.shared.refs import Desk, party_ref
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.persons import PERSONS
from oncedesk.storage.store import PostgresStore
from oncedesk.storage.views.cases import SeenConversation, desks_in
from oncedesk.storage.views.orders import SeenOrder
from oncedesk.storage.views.readers import NotSeen, Reader
from oncedesk.storage.views.story import Chapter

_IN_PUBLIC = (PartyKind.MERCHANT, PartyKind.CREATOR, PartyKind.CARRIER)


class AgentNames:
    """Answers by the agents' ids; those of whom no name is kept are left out."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def of(self, agents: Collection[UUID], *, reader: Reader) -> Mapping[UUID, str]:
        """In full to those who see everything and to themselves, masked to other agents; nothing
        to a consumer. The ids have to be those of agents."""
        if not agents or not (reader.sees_all or reader.desks):
            return {}
        return {
            agent: name if reader.sees_all or agent == reader.actor.id else mask_name(name)
            for agent, name in (await _kept(self._pool, agents)).items()
        }


class PublicNames:
    """Answers, by their ids, what merchants, creators and carriers are called in public, to whoever
    may see it. Nothing else that is kept about them, and nobody else's name."""

    def __init__(self, pool: Pool, store: PostgresStore) -> None:
        self._pool = pool
        self._store = store

    async def of(self, parties: Collection[UUID], *, reader: Reader) -> Mapping[UUID, str]:
        """Of these, for whoever works here: they read the same names on consumers' pages. Raises
        `NotSeen` for all others."""
        if reader.actor.role is not Role.AGENT and not reader.runs:
            raise NotSeen
        return await self._of(parties)

    async def in_conversations(self, found: Sequence[SeenConversation]) -> Mapping[UUID, str]:
        """Those whose desks have what was seen of these."""
        return await self._of(
            case.owner.party
            for seen in found
            for case in seen.state.cases
            if case.number in seen.cases
        )

    async def in_chapter(self, chapter: Chapter) -> Mapping[UUID, str]:
        """Those whose desks have had to do with what is told there."""
        events = (event for one in chapter.told for event in one.events)
        desks: Iterable[Desk] = frozenset[Desk]().union(*desks_in(events).values())
        return await self._of(desk.party for desk in desks)

    async def in_orders(self, found: Sequence[SeenOrder]) -> Mapping[UUID, str]:
        """Those who sell what was seen of these."""
        return await self._of(
            part.merchant
            for seen in found
            for part in seen.state.parts
            if part.number in seen.parts
        )

    async def _of(self, parties: Iterable[UUID | None]) -> Mapping[UUID, str]:
        asked = {party for party in parties if party is not None}
        stored = await self._store.load([party_ref(party) for party in asked])
        known = [
            one.state.party
            for one in stored.values()
            if isinstance(one.state, PartyState)
            and one.state.kind in _IN_PUBLIC
            # A row may still hold what is no longer said of them.
            and one.state.digest
        ]
        return await _kept(self._pool, known) if known else {}


async def _kept(pool: Pool, parties: Collection[UUID]) -> Mapping[UUID, str]:
    """The names of those who have one."""
    ordered = sorted(parties, key=lambda party: (bucket_of(party), party))
    async with connected(pool) as connection:
        rows = await connection.fetch(PERSONS, [*map(bucket_of, ordered)], ordered)
    named = {party: person_of(body).name.strip() for party, body in rows}
    return {party: name for party, name in named.items() if name}
