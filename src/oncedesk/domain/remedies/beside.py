"""What remedies look at beside the order: the listing and the wallet, met by shape, not by import.

What is seen may be stale: it refuses early, and whoever counts it is asked again before anything is
taken from it.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol, cast
from uuid import UUID

from oncedesk.domain.remedies.messages.asking import Wish
from oncedesk.domain.remedies.purchase import Purchase
from oncedesk.domain.shared.refs import Ref, listing_ref, wallet_ref

REPLACEMENTS_MAX = 20
"""Of one remedy: each may need a look at another listing, and they stand in its state."""

States = Mapping[UUID, object]


class VariantSeen(Protocol):
    @property
    def variant(self) -> UUID: ...

    @property
    def price_minor(self) -> int: ...

    @property
    def available(self) -> bool: ...


class ListingSeen(Protocol):
    """What can be bought of a listing, and for how much."""

    @property
    def currency(self) -> str: ...

    @property
    def variants(self) -> Sequence[VariantSeen]: ...


class MethodSeen(Protocol):
    """A way to pay; of a stored one what is left."""

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def stored(self) -> bool: ...

    @property
    def currency(self) -> str: ...

    @property
    def balance_minor(self) -> int: ...


class WalletSeen(Protocol):
    """What a consumer can pay with."""

    def method(self, name: str) -> MethodSeen | None: ...


def listing_seen(states: States, *, merchant: UUID | None, listing: UUID) -> ListingSeen | None:
    """This merchant's listing, or None where it was never described."""
    state = states.get(listing_ref(merchant=merchant, listing=listing).id)
    return cast("ListingSeen", state) if hasattr(state, "variants") else None


def wallet_seen(states: States, *, consumer: UUID) -> WalletSeen | None:
    """The consumer's wallet, or None where none was told of."""
    state = states.get(wallet_ref(consumer).id)
    return cast("WalletSeen", state) if hasattr(state, "methods") else None


def refs_beside(*, purchase: Purchase, wish: Wish) -> list[Ref]:
    """The wallet, where a method is named, and the listings of what should come instead."""
    refs = [wallet_ref(purchase.consumer)] if wish.method else []
    listings = {
        listing_ref(merchant=purchase.parts[line.part - 1].merchant, listing=new.listing)
        for line, new in zip(wish.lines, wish.replacements[:REPLACEMENTS_MAX], strict=False)
        if 1 <= line.part <= len(purchase.parts)
    }
    return [*refs, *sorted(listings)]
