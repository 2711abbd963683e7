"""Where orders go, for those who see all of an order."""

from oncedesk.domain.shared.ids import bucket_of
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.views.orders import SeenOrder
from oncedesk.storage.views.readers import NotSeen

_ADDRESS = "SELECT body FROM order_text WHERE bucket = $1 AND id = $2 AND consumer = $3"


class Addresses:
    """Answers where an order goes. Agents ask for a reveal instead, which is logged."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def of_order(self, *, seen: SeenOrder) -> str | None:
        """The address as it was told, None where there is none or it was erased.

        `seen` is the order as its reader may see it. Raises `NotSeen` where that is not all of it.
        """
        state = seen.state
        if not seen.whole:
            raise NotSeen
        if state.address is None:
            return None
        async with connected(self._pool) as connection:
            body: str | None = await connection.fetchval(
                _ADDRESS, bucket_of(state.consumer), state.address, state.consumer
            )
        return body
