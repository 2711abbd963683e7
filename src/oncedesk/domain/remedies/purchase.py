"""An order as remedies see it: met by shape, not by import."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol, cast
from uuid import UUID

from oncedesk.domain.remedies.words import Stage
from oncedesk.domain.shared.decider import Packs
from oncedesk.domain.shared.remedy_rules import RemedyRule
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.domain.shared.vocabularies import TrackingStatus


class SoldAsSeen(Protocol):
    @property
    def subsidy_minor(self) -> int: ...

    @property
    def commission_minor(self) -> int: ...

    @property
    def bundle(self) -> int: ...

    @property
    def variant(self) -> UUID | None: ...

    @property
    def return_waived(self) -> bool: ...


class ItemSeen(Protocol):
    """So many of a listing; `paid_minor` is what the consumer paid for all of them."""

    @property
    def listing(self) -> UUID: ...

    @property
    def unit_price_minor(self) -> int: ...

    @property
    def quantity(self) -> int: ...

    @property
    def discount_minor(self) -> int: ...

    @property
    def category(self) -> int: ...

    @property
    def paid_minor(self) -> int: ...

    @property
    def terms(self) -> SoldAsSeen: ...


class PromiseSeen(Protocol):
    @property
    def verdict(self) -> str: ...


class TrackSeen(Protocol):
    """A parcel of the order, as it was last heard of."""

    @property
    def shipment(self) -> UUID: ...

    @property
    def part(self) -> int: ...

    @property
    def standing(self) -> TrackingStatus: ...

    @property
    def silent_since(self) -> datetime | None: ...

    @property
    def last_scan_at(self) -> datetime | None: ...

    @property
    def refused_at(self) -> datetime | None: ...

    @property
    def carrier(self) -> UUID | None: ...

    @property
    def is_anothers(self) -> bool: ...


class PresaleSeen(Protocol):
    """`lapse_minor` of the deposit goes back if the rest is not paid."""

    @property
    def part(self) -> int: ...

    @property
    def deposit_minor(self) -> int: ...

    @property
    def final_minor(self) -> int: ...

    @property
    def lapse_minor(self) -> int: ...

    @property
    def paid_at(self) -> datetime | None: ...


class PartBought(Protocol):
    @property
    def number(self) -> int: ...

    @property
    def merchant(self) -> UUID | None: ...

    @property
    def items(self) -> Sequence[ItemSeen]: ...

    @property
    def shipping_minor(self) -> int: ...

    @property
    def shipping(self) -> PromiseSeen | None: ...

    @property
    def delivery(self) -> PromiseSeen | None: ...

    @property
    def estimate_at(self) -> datetime | None: ...

    @property
    def shipped_at(self) -> datetime | None: ...

    @property
    def cancelled_at(self) -> datetime | None: ...


class PaymentSeen(Protocol):
    @property
    def method(self) -> str: ...

    @property
    def amount_minor(self) -> int: ...

    @property
    def reference(self) -> str: ...

    @property
    def stored(self) -> bool: ...


class Purchase(Protocol):
    """A placed order: what was bought, what was paid how, and how far each part is.

    A part has reached the consumer when it was signed for, also where nobody had agreed to.
    """

    @property
    def consumer(self) -> UUID: ...

    @property
    def order(self) -> UUID: ...

    @property
    def market(self) -> str: ...

    @property
    def currency(self) -> str: ...

    @property
    def timezone(self) -> str: ...

    @property
    def pack(self) -> str: ...

    @property
    def placed_at(self) -> datetime | None: ...

    @property
    def parts(self) -> Sequence[PartBought]: ...

    @property
    def presales(self) -> Sequence[PresaleSeen]: ...

    @property
    def tracks(self) -> Sequence[TrackSeen]: ...

    @property
    def payments(self) -> Sequence[PaymentSeen]: ...

    @property
    def categories(self) -> Sequence[str]: ...

    @property
    def creator(self) -> UUID | None: ...

    @property
    def cancelled(self) -> bool: ...

    @property
    def changeable(self) -> bool: ...

    @property
    def region(self) -> str: ...

    def reached_at(self, part: int) -> datetime | None: ...

    def deliver_by(self, part: int) -> datetime | None: ...


def purchase_seen(states: Mapping[UUID, object], order: UUID, *, consumer: UUID) -> Purchase | None:
    """This consumer's order, or None where there is none, it is not placed, or it is another's."""
    state = states.get(order)
    if not all(hasattr(state, name) for name in ("placed", "payments", "parts", "categories")):
        return None
    seen = cast("Purchase", state)
    return seen if seen.placed_at is not None and seen.consumer == consumer else None


def rights_of(purchase: Purchase, packs: Packs) -> Pack:
    """The pack by which somebody may ask for something: the one at the time of the order.

    Where that says nothing of remedies yet, it is the one in force: nobody is without any.
    """
    pack = packs.by_hash(purchase.pack)
    return pack if pack.remedies.rules else packs.current(purchase.market)


def stage_of(purchase: Purchase, part: PartBought) -> Stage:
    """How far this part is."""
    if purchase.cancelled or part.cancelled_at is not None:
        return Stage.CANCELLED
    if purchase.reached_at(part.number) is not None:
        return Stage.DELIVERED
    return Stage.UNSHIPPED if part.shipped_at is None else Stage.SHIPPED


def tracks_of(purchase: Purchase, part: int) -> Sequence[TrackSeen]:
    """The part's parcels; what was found to be another order's says nothing of it."""
    return [one for one in purchase.tracks if one.part == part and not one.is_anothers]


def last_heard_at(purchase: Purchase, part: PartBought) -> datetime | None:
    """When a carrier last had one of the part's parcels in hand, but for lost ones; None: never."""
    scans = (
        track.last_scan_at
        for track in tracks_of(purchase, part.number)
        if track.standing is not TrackingStatus.LOST
    )
    return max((at for at in scans if at is not None), default=None)


def presale_of(purchase: Purchase, part: int) -> PresaleSeen | None:
    """This part's presale, if it is one."""
    return next((one for one in purchase.presales if one.part == part), None)


def paid_so_far(presale: PresaleSeen) -> int:
    """Its deposit, and the rest once that was paid."""
    return presale.deposit_minor + (0 if presale.paid_at is None else presale.final_minor)


def shipped_late(part: PartBought) -> bool:
    """Whether the part was not handed to a carrier in time."""
    return part.shipping is not None and part.shipping.verdict == "broken"


def late_from(purchase: Purchase, part: PartBought, *, rule: RemedyRule) -> datetime | None:
    """From when on a part that was sent is late; None: it is, or was never sent.

    It is if a promise about it was broken or a parcel of it is lost or went back, and when the
    promised day or the estimate passes; where neither is known, so many days as the rule says.
    """
    if any(one is not None and one.verdict == "broken" for one in (part.shipping, part.delivery)):
        return None
    for track in tracks_of(purchase, part.number):
        if track.silent_since is not None or track.standing.not_coming:
            return None
    known = [at for at in (purchase.deliver_by(part.number), part.estimate_at) if at is not None]
    if known or part.shipped_at is None:
        return min(known, default=None)
    since = purchase.placed_at if rule.late_anchor == "placed" else part.shipped_at
    assert since is not None
    return since + timedelta(days=rule.late_after_days)


def carrier_of(purchase: Purchase, part: PartBought) -> UUID | None:
    """Who carries this part, if one carrier does and is known."""
    carriers = {track.carrier for track in tracks_of(purchase, part.number)}
    return next(iter(carriers)) if len(carriers) == 1 else None
