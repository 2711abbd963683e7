"""Commands to a listing's state and the events it records. Names are stable for ever.

Ids, codes, amounts, and what a page shows it by: a title and where its picture is.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from oncedesk.domain.shared.bounds import Picture, Title, bounded
from oncedesk.domain.shared.decider import Wake
from oncedesk.domain.shared.money import Currency
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Ref, listing_ref

VARIANTS_MAX = 200

Category = Annotated[str, bounded("[A-Za-z0-9_.:-]{0,48}", max_length=48)]
Price = Annotated[int, Meta(ge=0, le=10**15)]


class Variant(Record, frozen=True, array_like=True):
    """One form in which a listing is sold: its price in minor units, and whether it is there.

    Fields: append only.
    """

    variant: UUID
    price_minor: Price
    available: bool = True


Variants = Annotated[tuple[Variant, ...], Meta(min_length=1, max_length=VARIANTS_MAX)]


class DescribeListing(Record, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The listing is this now, with all its variants; what is not named is not sold any more.

    `picture` is where the marketplace serves it; we keep none.
    """

    merchant: UUID
    listing: UUID
    currency: Currency
    variants: Variants
    category: Category = ""
    title: Title | None = None
    picture: Picture | None = None

    def target(self) -> Ref:
        return listing_ref(merchant=self.merchant, listing=self.listing)


ListingCommand = DescribeListing | Wake


class ListingDescribed(Record, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What the marketplace said of it, in the order of the variants' ids."""

    merchant: UUID
    listing: UUID
    at: datetime
    currency: str
    variants: tuple[Variant, ...]
    category: str = ""
    title: str | None = None
    picture: str | None = None


ListingEvent = ListingDescribed
