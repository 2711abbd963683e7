"""What is known of one listing. Never above 8 kB."""

from uuid import UUID

from oncedesk.domain.listings.messages import VARIANTS_MAX, ListingDescribed, Variant
from oncedesk.domain.shared.records import Record


class Listing(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One listing of one merchant, as it was last described."""

    merchant: UUID
    listing: UUID
    currency: str
    variants: tuple[Variant, ...]
    category: str = ""
    title: str | None = None
    picture: str | None = None


def evolve(state: Listing | None, event: ListingDescribed) -> Listing:
    """What is known after this event."""
    del state
    return Listing(
        merchant=event.merchant,
        listing=event.listing,
        currency=event.currency,
        variants=event.variants,
        category=event.category,
        title=event.title,
        picture=event.picture,
    )


def check(state: Listing) -> None:
    """What must hold for every listing, always."""
    ids = [one.variant for one in state.variants]
    assert 0 < len(ids) <= VARIANTS_MAX
    assert ids == sorted(set(ids)), "each variant once, in the order of their ids"
    assert all(one.price_minor >= 0 for one in state.variants)
