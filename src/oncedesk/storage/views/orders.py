"""Orders, for whoever bought, sold or presented what is in them."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

from oncedesk.domain.orders.state import OrderState
from oncedesk.domain.shared.decider import Role
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import DeskKind, Kind, order_ref
from oncedesk.engine.codec import Codec
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.store import PostgresStore
from oncedesk.storage.views.cases import ByTime
from oncedesk.storage.views.readers import NotSeen, Reader

_PAGE = """
SELECT version, at, body FROM state
WHERE bucket = $1 AND party = $2 AND kind = 'order' AND (at, id) < ($3, $4)
ORDER BY at DESC, id DESC LIMIT $5
"""
_LATEST = datetime.max.replace(tzinfo=UTC)
_LAST = UUID(int=2**128 - 1)


class SeenOrder(Record, frozen=True):
    """An order as this reader may see it: `parts` are the numbers of what is visible.

    `whole`: the reader sees all of it, with what was paid.
    """

    version: int
    at: datetime | None
    state: OrderState
    parts: frozenset[int]
    whole: bool


class Orders:
    """Answers what is asked about orders."""

    def __init__(self, pool: Pool, codec: Codec, store: PostgresStore) -> None:
        self._pool = pool
        self._codec = codec
        self._store = store

    async def order(self, *, reader: Reader, consumer: UUID, order: UUID) -> SeenOrder:
        """One order. Raises `NotSeen`."""
        ref = order_ref(consumer=consumer, order=order)
        stored = (await self._store.load((ref,))).get(order)
        state = None if stored is None else stored.state
        if stored is None or not isinstance(state, OrderState) or state.consumer != consumer:
            raise NotSeen
        return _seen(reader, stored.version, stored.at, state)

    async def of_consumers(
        self, *, reader: Reader, orders: Mapping[UUID, UUID]
    ) -> Mapping[UUID, SeenOrder]:
        """Of these orders, each with its consumer, those that this reader may see."""
        refs = [
            order_ref(consumer=consumer, order=order) for order, consumer in sorted(orders.items())
        ]
        found = {}
        for order, stored in (await self._store.load(refs)).items() if refs else ():
            state = stored.state
            if isinstance(state, OrderState) and state.consumer == orders[order]:
                with suppress(NotSeen):
                    found[order] = _seen(reader, stored.version, stored.at, state)
        return found

    async def of_consumer(
        self, *, reader: Reader, consumer: UUID, after: ByTime | None, limit: int
    ) -> Sequence[SeenOrder]:
        """A consumer's orders, the last changed first. Raises `NotSeen` for all but the consumer
        in person and those who see everything."""
        in_person = reader.actor.role is Role.CONSUMER and reader.actor.id == consumer
        if not reader.sees_all and not in_person:
            raise NotSeen
        at, id_ = (_LATEST, _LAST) if after is None else (after.at, after.id)
        async with connected(self._pool) as connection:
            rows = await connection.fetch(_PAGE, bucket_of(consumer), consumer, at, id_, limit)
        return [
            _seen(reader, version, changed_at, self._codec.state(Kind.ORDER, body))
            for version, changed_at, body in rows
        ]


def _seen(reader: Reader, version: int, at: datetime | None, state: OrderState) -> SeenOrder:
    in_person = reader.actor.role is Role.CONSUMER and reader.actor.id == state.consumer
    if reader.sees_all or in_person:
        every = frozenset(part.number for part in state.parts)
        return SeenOrder(version, at, state, every, whole=True)
    parties = {(desk.kind, desk.party) for desk in reader.desks}
    presents = state.creator is not None and (DeskKind.CREATOR, state.creator) in parties
    parts = frozenset(
        part.number
        for part in state.parts
        if presents or (part.merchant and (DeskKind.MERCHANT, part.merchant) in parties)
    )
    if reader.actor.role is not Role.AGENT or not parts:
        raise NotSeen
    return SeenOrder(version, at, state, parts, whole=False)
