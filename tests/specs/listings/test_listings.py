"""A listing is what the marketplace said last."""

from uuid import UUID

from oncedesk.domain import listings
from oncedesk.domain.listings.messages import DescribeListing, ListingDescribed, Variant
from oncedesk.domain.shared.decider import MARKETPLACE, Actor, Role
from oncedesk.rules.library import PackLibrary
from tests.support.specs import START, Spec, size_of

MERCHANT, LISTING = UUID(int=0x3E), UUID(int=0x11)
RED, BLUE = UUID(int=0xA1), UUID(int=0xA2)


def spec() -> Spec:
    return Spec(listings.DECIDER, PackLibrary.always([]).at(START))


def described(*variants: Variant, currency: str = "USD") -> DescribeListing:
    return DescribeListing(
        merchant=MERCHANT, listing=LISTING, currency=currency, variants=variants, category="shirt"
    )


def test_it_is_what_was_said_last_and_saying_it_again_changes_nothing() -> None:
    one = spec()
    one.when(described(Variant(BLUE, 900), Variant(RED, 1_000)), by=MARKETPLACE)
    one.then_only(ListingDescribed)
    one.when(described(Variant(RED, 1_000), Variant(BLUE, 900)), by=MARKETPLACE).then_nothing()
    one.when(described(Variant(RED, 1_100, available=False)), by=MARKETPLACE)
    assert one.state.variants == (Variant(RED, 1_100, available=False),)
    assert one.replayed() == one.state


def test_refuses_a_variant_twice_and_another_currency() -> None:
    one = spec()
    one.when(described(Variant(RED, 1), Variant(RED, 2)), by=MARKETPLACE)
    one.then_refused("variant_twice")
    one.when(described(Variant(RED, 1)), by=MARKETPLACE)
    one.when(described(Variant(RED, 1), currency="EUR"), by=MARKETPLACE)
    one.then_refused("currency_differs")


def test_its_currency_is_one_that_something_is_paid_in() -> None:
    """It would stay what it is: whoever meant CNY could never say so."""
    one = spec().when(described(Variant(RED, 1), currency="RMB"), by=MARKETPLACE)
    one.then_refused("currency_unknown")
    one.when(described(Variant(RED, 1), currency="CNY"), by=MARKETPLACE).then_only(ListingDescribed)


def test_only_the_marketplace_describes() -> None:
    for actor in (Actor(Role.CONSUMER, UUID(int=1)), Actor(Role.AGENT, UUID(int=2))):
        spec().when(described(Variant(RED, 1)), by=actor).then_refused("not_allowed")


def test_the_largest_one_fits() -> None:
    variants = [Variant(UUID(int=2**127 + number), 10**15) for number in range(200)]
    one = spec().when(described(*variants), by=MARKETPLACE).then_only(ListingDescribed)
    assert size_of(one.state) < 8_000
