"""What goods were called and how they looked when they were bought, for whoever sees the order."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from oncedesk.domain.shared.ids import bucket_of
from oncedesk.storage.bought import Bought, bought_of
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.views.orders import SeenOrder

_BOUGHT = """
SELECT t."order", t.body FROM unnest($1::smallint[], $2::uuid[]) k(b, o)
JOIN bought t ON t.bucket = k.b AND t."order" = k.o
"""


class BoughtGoods:
    """Answers about orders that somebody was let see, as far as they were."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def in_orders(self, orders: Sequence[SeenOrder]) -> Mapping[UUID, Sequence[Bought]]:
        """By the orders' ids; nothing of an order that was told without."""
        if not orders:
            return {}
        seen = {one.state.order: one.parts for one in orders}
        buckets = [bucket_of(one.state.consumer) for one in orders]
        async with connected(self._pool) as connection:
            rows = await connection.fetch(_BOUGHT, buckets, [*seen])
        return {
            order: [one for one in bought_of(body) if one.part in seen[order]]
            for order, body in rows
        }
