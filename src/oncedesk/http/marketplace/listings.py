"""What merchants sell, in which variants and at what price, as the marketplace tells it."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import JSONBody
from msgspec import Meta

from oncedesk.domain.listings.messages import (
    VARIANTS_MAX,
    Category,
    DescribeListing,
    Variant,
)
from oncedesk.domain.shared.bounds import Picture, Title
from oncedesk.domain.shared.money import Currency
from oncedesk.http.answers import Accepted, accepted, versioned
from oncedesk.http.auth.principals import Scope
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.openapi import MachineCommand, Question
from oncedesk.http.parameters import Id
from oncedesk.http.routes import get, put
from oncedesk.http.shapes.listings import VariantShape

_LISTING = "/merchants/{merchant:uuid}/listings/{listing:uuid}"


class ListingDescription(Body, frozen=True, kw_only=True):
    """All variants as they are now; what is not named is not sold any more.

    `title` and `picture` (an address at the marketplace) are what pages show of it.
    """

    currency: Currency
    variants: Annotated[tuple[VariantShape, ...], Meta(min_length=1, max_length=VARIANTS_MAX)]
    category: Category = ""
    title: Title | None = None
    picture: Picture | None = None


class ListingShape(msgspec.Struct, frozen=True, kw_only=True):
    """A listing as it was last described."""

    merchant: UUID
    listing: UUID
    version: Annotated[int, Meta(ge=1)]
    currency: str
    category: str
    variants: tuple[VariantShape, ...]
    title: str | None = None
    picture: str | None = None


@put(_LISTING, MachineCommand, "describeListing", "A listing is this now")
async def describe(
    request: Call, merchant: Id, listing: Id, data: JSONBody[ListingDescription]
) -> Response[Accepted]:
    """The same once more changes nothing."""
    request.needs(Scope.ORDERS_WRITE)
    command = DescribeListing(
        merchant=merchant,
        listing=listing,
        currency=data.currency,
        variants=tuple(
            Variant(one.variant, one.price_minor, one.available) for one in data.variants
        ),
        category=data.category,
        title=data.title,
        picture=data.picture,
    )
    return accepted(await request.submit(command))


@get(_LISTING, Question, "readListing", "A listing")
async def read(request: Call, merchant: Id, listing: Id) -> Response[ListingShape]:
    """As it was last described."""
    request.needs(Scope.ORDERS_READ)
    seen = await request.views.listings.listing(
        reader=request.reader, merchant=merchant, listing=listing
    )
    state = seen.state
    shape = ListingShape(
        merchant=state.merchant,
        listing=state.listing,
        version=seen.version,
        currency=state.currency,
        category=state.category,
        variants=tuple(
            VariantShape(variant=one.variant, price_minor=one.price_minor, available=one.available)
            for one in state.variants
        ),
        title=state.title,
        picture=state.picture,
    )
    return versioned(shape, seen.version)


ROUTES = (describe, read)
