"""What an agent can offer in the place of what was bought."""

from uuid import UUID

import msgspec

from oncedesk.domain.listings.state import Listing
from oncedesk.domain.shared.refs import listing_ref
from oncedesk.http.call import Call
from oncedesk.http.openapi import Question
from oncedesk.http.parameters import Id, PartWanted
from oncedesk.http.routes import get
from oncedesk.http.shapes.listings import VariantShape
from oncedesk.http.shapes.orders import PartNumber
from oncedesk.http.shapes.remedies import ItemNumber
from oncedesk.storage.views.readers import NotSeen


class ReplaceableShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An item of the part, and in which forms its listing is sold now; none: nobody has said."""

    item: ItemNumber
    listing: UUID
    bought: UUID | None = None
    variants: tuple[VariantShape, ...] = ()


class ReplacementsShape(msgspec.Struct, frozen=True, kw_only=True):
    """Each item of the part, in its order."""

    part: PartNumber
    items: tuple[ReplaceableShape, ...]


@get(
    "/orders/{consumer:uuid}/{order:uuid}/replacements",
    Question,
    "listReplacements",
    "What can come instead of what was bought",
)
async def replacements(
    request: Call, consumer: Id, order: Id, part: PartWanted = 1
) -> ReplacementsShape:
    """For a merchant's desk of its own part; the preview says whether it can be had."""
    seen = await request.views.orders.order(reader=request.reader, consumer=consumer, order=order)
    known = seen.state.part(part)
    if known is None or part not in seen.parts:
        raise NotSeen
    listings = await request.views.listings.in_orders((seen,))
    return ReplacementsShape(
        part=part,
        items=tuple(
            _item(
                number,
                item.listing,
                item.terms.variant,
                listings.get(listing_ref(merchant=known.merchant, listing=item.listing).id),
            )
            for number, item in enumerate(known.items, start=1)
        ),
    )


def _item(
    number: int, listing: UUID, bought: UUID | None, described: Listing | None
) -> ReplaceableShape:
    if described is None:
        return ReplaceableShape(item=number, listing=listing, bought=bought)
    return ReplaceableShape(
        item=number,
        listing=listing,
        bought=bought,
        variants=tuple(
            VariantShape(variant=one.variant, price_minor=one.price_minor, available=one.available)
            for one in described.variants
        ),
    )


ROUTES = (replacements,)
