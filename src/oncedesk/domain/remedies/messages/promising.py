"""What a broken promise gives by itself, and what becomes of it when the breach was none."""

from datetime import datetime
from uuid import UUID

from oncedesk.domain.remedies.messages.base import OfRemedies, OfRemedy, ToRemedies
from oncedesk.domain.remedies.words import CaseLink, Number, Reason, Share, Source
from oncedesk.domain.shared.records import Record


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


class Breached(Record, frozen=True, array_like=True):
    """Which promise of which part was broken how."""

    promise: UUID
    breach: str
    part: int


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


PromisingCommand = CompensateBreach | TakeBackCompensation
PromisingEvent = BreachCompensated | CompensationCapped | CompensationVoided | BearersChanged
