"""What was bought, in so many words as a row of a list has room for."""

from collections.abc import Collection, Mapping
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from oncedesk.domain.listings.state import Listing
from oncedesk.domain.remedies.words import Line
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.refs import listing_ref
from oncedesk.storage.views.orders import SeenOrder

ITEMS_SHOWN = 3


class BoughtItem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """So many of something, and what it is called now, where that is known."""

    quantity: Annotated[int, Meta(ge=1)]
    title: str | None = None


class BoughtShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When it was ordered, and the first of the items in question; `more` follow."""

    placed_at: Moment
    items: Annotated[tuple[BoughtItem, ...], Meta(max_length=ITEMS_SHOWN)]
    more: Annotated[int, Meta(ge=0)] = 0


def bought_shape(
    seen: SeenOrder | None,
    *,
    listings: Mapping[UUID, Listing],
    lines: Collection[Line] = (),
    part: int = 0,
) -> BoughtShape | None:
    """The items of these lines; without any, of this part, and of part 0 all that is seen. None of
    what is not seen at all. `listings` by the ids of their states."""
    if seen is None or seen.state.placed_at is None:
        return None
    wanted = {(line.part, line.item): line.quantity for line in lines}
    items = [
        BoughtItem(
            quantity=wanted.get((one.number, place), item.quantity),
            title=None
            if (listing := _listing(listings, one.merchant, item.listing)) is None
            else listing.title,
        )
        for one in seen.state.parts
        if one.number in seen.parts and part in (0, one.number)
        for place, item in enumerate(one.items, 1)
        if not wanted or (one.number, place) in wanted
    ]
    return BoughtShape(
        placed_at=seen.state.placed_at,
        items=tuple(items[:ITEMS_SHOWN]),
        more=max(len(items) - ITEMS_SHOWN, 0),
    )


def _listing(
    listings: Mapping[UUID, Listing], merchant: UUID | None, listing: UUID
) -> Listing | None:
    return listings.get(listing_ref(merchant=merchant, listing=listing).id)
