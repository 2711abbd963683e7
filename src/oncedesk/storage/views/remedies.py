"""What can be asked for an order, and what has been, for whoever may know."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
from msgspec.structs import replace

from oncedesk.domain.remedies.circumstances import refs_for, shown_before
from oncedesk.domain.remedies.messages.asking import Wish
from oncedesk.domain.remedies.preview import Asked
from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.shared.decider import Actor, Packs, Role
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import remedies_ref
from oncedesk.storage.database import connected
from oncedesk.storage.store import PostgresStore
from oncedesk.storage.views.orders import Orders
from oncedesk.storage.views.readers import NotSeen, Reader
from oncedesk.storage.writing import actor_text

_DIGESTS = """
SELECT id, sha256 FROM attachment
WHERE bucket = $1 AND consumer = $2 AND id = ANY($3) AND uploader = $4
  AND stored_at IS NOT NULL AND erased_at IS NULL AND sha256 IS NOT NULL
"""


class AskedSeen(Record, frozen=True):
    """A wish and what is around it. `whole`: the reader sees all of the order, and how it is paid.

    Everything about the consumer's trust and the risk is for those who see all orders.
    """

    asked: Asked
    whole: bool


class RemedyViews:
    """Answers what is asked about remedies."""

    def __init__(
        self, pool: "asyncpg.Pool[asyncpg.Record]", store: PostgresStore, orders: Orders
    ) -> None:
        self._pool = pool
        self._store = store
        self._orders = orders

    async def asked(
        self,
        *,
        reader: Reader,
        consumer: UUID,
        order: UUID,
        wish: Wish,
        evidence: Sequence[bytes],
        packs: Packs,
        now: datetime,
        human: bool,
    ) -> AskedSeen:
        """All that a preview of this wish needs. Raises `NotSeen`."""
        seen = await self._orders.order(reader=reader, consumer=consumer, order=order)
        if not seen.state.placed:
            raise NotSeen
        wish = _within(wish, seen.parts, whole=seen.whole)
        mine = remedies_ref(consumer=consumer, order=order)
        refs = [mine, *refs_for(purchase=seen.state, wish=wish, evidence=evidence)]
        loaded = await self._store.load(tuple(dict.fromkeys(refs)))
        states = {id_: stored.state for id_, stored in loaded.items()}
        book = states.get(mine.id)
        asked = Asked(
            purchase=seen.state,
            book=book if isinstance(book, Remedies) else None,
            wish=wish,
            pack=packs.by_hash(seen.state.pack),
            states=states,
            now=now,
            human=human,
            shown_before=shown_before(states, evidence, order=order),
        )
        return AskedSeen(asked, seen.whole)

    async def remedy(self, *, reader: Reader, consumer: UUID, order: UUID, number: int) -> Remedy:
        """One that is not over, and of a part that this reader sees. Raises `NotSeen`."""
        seen = await self._orders.order(reader=reader, consumer=consumer, order=order)
        ref = remedies_ref(consumer=consumer, order=order)
        stored = (await self._store.load((ref,))).get(ref.id)
        book = None if stored is None else stored.state
        remedy = book.remedy(number) if isinstance(book, Remedies) else None
        if remedy is None:
            raise NotSeen
        if not seen.whole and not {line.part for line in remedy.lines} <= seen.parts:
            raise NotSeen
        return remedy

    async def digests(self, *, consumer: UUID, files: frozenset[UUID]) -> tuple[bytes, ...] | None:
        """What these files are known by as evidence; None where one is not the consumer's own, or
        is gone."""
        if not files:
            return ()
        uploader = actor_text(Actor(Role.CONSUMER, consumer))
        async with connected(self._pool) as connection:
            rows = await connection.fetch(
                _DIGESTS, bucket_of(consumer), consumer, list(files), uploader
            )
        if len(rows) < len(files):
            return None
        return tuple(sorted({bytes(row["sha256"]) for row in rows}))


def _within(wish: Wish, parts: frozenset[int], *, whole: bool) -> Wish:
    """The wish, if it is about what this reader sees; what names no part is about theirs."""
    if whole:
        return wish
    named = {line.part for line in wish.lines} | ({wish.part} if wish.part else set())
    if not named and len(parts) == 1:
        return replace(wish, part=min(parts))
    if not named or not named <= parts:
        raise NotSeen
    return wish
