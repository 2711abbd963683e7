"""Listings, for the merchant's desk whose they are and those who see everything."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from oncedesk.domain.listings.state import Listing
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk, DeskKind, listing_ref
from oncedesk.storage.store import PostgresStore
from oncedesk.storage.views.orders import SeenOrder
from oncedesk.storage.views.readers import NotSeen, Reader


class SeenListing(Record, frozen=True):
    """A listing as it was at this version."""

    version: int
    state: Listing


class Listings:
    """Answers what is asked about listings."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def in_orders(self, orders: Sequence[SeenOrder]) -> Mapping[UUID, Listing]:
        """What is described of what was `seen` in these orders, by the ids of its states."""
        refs = {
            ref.id: ref
            for seen in orders
            for part in seen.state.parts
            if part.number in seen.parts
            for item in part.items
            for ref in (listing_ref(merchant=part.merchant, listing=item.listing),)
        }
        stored = await self._store.load(list(refs.values()))
        return {id_: one.state for id_, one in stored.items() if isinstance(one.state, Listing)}

    async def listing(self, *, reader: Reader, merchant: UUID, listing: UUID) -> SeenListing:
        """One of this merchant's. Raises `NotSeen`."""
        desk = Desk(DeskKind.MERCHANT, merchant)
        if not reader.sees_all and not reader.belongs_to((desk,)):
            raise NotSeen
        ref = listing_ref(merchant=merchant, listing=listing)
        stored = (await self._store.load((ref,))).get(ref.id)
        if stored is None or not isinstance(stored.state, Listing):
            raise NotSeen
        return SeenListing(stored.version, stored.state)
