"""What a listing's state answers to a command."""

from collections.abc import Mapping, Sequence
from typing import assert_never
from uuid import UUID

from oncedesk.domain.listings.messages import (
    DescribeListing,
    ListingCommand,
    ListingDescribed,
    ListingEvent,
)
from oncedesk.domain.listings.state import Listing, evolve
from oncedesk.domain.shared.allowing import NOT_ALLOWED, manages
from oncedesk.domain.shared.decider import Facts, Refusal, Wake
from oncedesk.domain.shared.money import CURRENCIES
from oncedesk.domain.shared.refs import Ref

Answer = Sequence[ListingEvent] | Refusal


def decide(state: Listing | None, command: ListingCommand, facts: Facts) -> Answer:
    """The events of this command, none where it says what is known, or why not."""
    match command:
        case Wake():
            return []
        case DescribeListing():
            if not manages(facts.actor):
                return NOT_ALLOWED
            return _describe(state, command, facts)
        case _:
            assert_never(command)


def needs(
    state: Listing | None, command: ListingCommand, found: Mapping[UUID, object]
) -> Sequence[Ref]:
    """Nothing beside itself."""
    del state, command, found
    return ()


def deadline(state: Listing) -> None:
    """Nothing happens to a listing by itself."""
    del state


def is_open(state: Listing) -> bool:
    del state
    return False


def _describe(state: Listing | None, command: DescribeListing, facts: Facts) -> Answer:
    variants = sorted(command.variants, key=lambda one: one.variant)
    if len({one.variant for one in variants}) < len(variants):
        return Refusal("variant_twice", "each variant once", "variants")
    if state is None and command.currency not in CURRENCIES:
        return Refusal("currency_unknown", "one of ISO 4217, as CNY", "currency")
    if state is not None and state.currency != command.currency:
        return Refusal("currency_differs", f"the listing's is {state.currency}", "currency")
    described = ListingDescribed(
        merchant=command.merchant,
        listing=command.listing,
        at=facts.now,
        currency=command.currency,
        variants=tuple(variants),
        category=command.category,
        title=command.title,
        picture=command.picture,
    )
    return [] if state == evolve(None, described) else [described]
