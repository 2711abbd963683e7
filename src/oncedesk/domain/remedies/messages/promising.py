"""What a broken promise gives by itself, and what becomes of it when the breach was none."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from oncedesk.domain.remedies.messages.base import OfRemedies, OfRemedy, ToRemedies
from oncedesk.domain.remedies.words import CaseLink, Minor, Number, Reason, RuleId, Share, Source
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.money import Currency
from oncedesk.domain.shared.records import Record

Digest = Annotated[bytes, Meta(min_length=8, max_length=32)]


class CompensateBreach(ToRemedies, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A promise of this part is broken: give what the pack says, once. `case` is about it."""

    part: Number
    promise: UUID
    breach: Reason
    case: CaseLink


class TakeBackCompensation(ToRemedies, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The breach was none. What was not sent is not; what was sent, the platform bears."""

    promise: UUID
    breach: Reason


class SettlePresale(ToRemedies, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A presale ended: give `returned_minor` back of what was paid for it, and `penalty_minor` on
    top at the merchant's charge."""

    part: Number
    reason: Reason
    returned_minor: Minor
    penalty_minor: Minor
    rule: RuleId


class TellPrice(ToRemedies, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """An item of the order was for sale at `unit_price_minor` at that moment, as the marketplace
    can show (`proof` is a digest of it): the difference is given back, once for each fall."""

    part: Number
    item: Number
    unit_price_minor: Minor
    currency: Currency
    told_at: Moment
    proof: Digest


class Breached(Record, frozen=True, array_like=True):
    """Which promise of which part was broken how."""

    promise: UUID
    breach: str
    part: int


class Owed(Record, frozen=True, array_like=True):
    """What a breach of `promise` gives by itself, or (without one) what an ended presale does.

    `reason` is the breach, or how the presale ended. Fields: append only.
    """

    part: int
    reason: str
    promise: UUID | None = None
    case: CaseLink | None = None
    returned_minor: int = 0
    penalty_minor: int = 0
    rule: str = ""

    @property
    def breach(self) -> tuple[UUID | None, str]:
        """Which promise was broken how."""
        return self.promise, self.reason

    @property
    def key(self) -> tuple[int, str, UUID | None]:
        return self.part, self.reason, self.promise


class OwedPutOff(OfRemedies, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """There are too many at a time: it is given when there is a place for it."""

    owed: Owed
    again_at: datetime


class OwedDropped(OfRemedies, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """It is not put off any more: it was given, or is not owed after all."""

    owed: Owed


class BreachCompensated(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The remedy gives `amount_minor` for a breach, of the `owed_minor` that it alone would give:
    less where several on one order come to the pack's cap."""

    breached: Breached
    owed_minor: int
    amount_minor: int
    shares: tuple[Share, ...]
    currency: str
    method: str
    rule: str
    case: CaseLink
    send_at: datetime


class CompensationCapped(OfRemedies, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """It would give `owed_minor`, but the cap was reached before."""

    breached: Breached
    owed_minor: int
    rule: str


class CompensationVoided(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The breach was none, and nothing had been sent: nothing is."""

    breached: Breached
    case: CaseLink | None = None
    released: tuple[Source, ...] = ()


class BearersChanged(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What was given stays the consumer's; from now on these bear it. `corrected`: the breach was
    none, so it is the platform; otherwise it was one after all.

    `taken` is where it comes from now; what was set aside elsewhere is `released`, and what the
    fund had advanced is `forgiven`.
    """

    breached: Breached
    shares: tuple[Share, ...]
    corrected: bool
    taken: tuple[Source, ...] = ()
    released: tuple[Source, ...] = ()
    forgiven: tuple[Source, ...] = ()


class PriceFell(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The remedy gives the difference to this lower price, for the `quantity` that nobody has
    taken; what falls further gives the rest."""

    part: int
    item: int
    unit_price_minor: int
    told_at: datetime
    proof: bytes
    quantity: int = 0


PromisingCommand = CompensateBreach | TakeBackCompensation | SettlePresale | TellPrice
PromisingEvent = (
    BreachCompensated
    | CompensationCapped
    | CompensationVoided
    | BearersChanged
    | PriceFell
    | OwedPutOff
    | OwedDropped
)
