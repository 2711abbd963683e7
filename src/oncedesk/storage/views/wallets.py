"""What consumers can pay with, for themselves and those who see everything."""

from uuid import UUID

from oncedesk.domain.shared.decider import Role
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import wallet_ref
from oncedesk.domain.wallets.state import Wallet
from oncedesk.storage.store import PostgresStore
from oncedesk.storage.views.readers import NotSeen, Reader


class SeenWallet(Record, frozen=True):
    """A wallet as it was at this version."""

    version: int
    state: Wallet


class Wallets:
    """Answers what is asked about wallets."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def of_consumer(self, *, reader: Reader, consumer: UUID) -> SeenWallet:
        """This consumer's. Raises `NotSeen`, also where none was told of."""
        actor = reader.actor
        if not reader.sees_all and (actor.role is not Role.CONSUMER or actor.id != consumer):
            raise NotSeen
        ref = wallet_ref(consumer)
        stored = (await self._store.load((ref,))).get(ref.id)
        if stored is None or not isinstance(stored.state, Wallet):
            raise NotSeen
        return SeenWallet(stored.version, stored.state)
