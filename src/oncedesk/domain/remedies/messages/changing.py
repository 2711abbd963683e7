"""Changes of an order before it ships, and money that the consumer pays for one.

A change is done in steps, each heard of by an event: what it costs is charged, the order takes the
change or says that it is too late, what is over goes back.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from oncedesk.domain.remedies.messages.base import OfRemedy, ToRemedy
from oncedesk.domain.remedies.words import CaseLink, Charge, Clock, Code, Minor, Share
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.ids import derived_key
from oncedesk.domain.shared.money import Currency
from oncedesk.domain.shared.persons import PrivateText
from oncedesk.domain.shared.records import Record


def charge_key(*, order: UUID, remedy: int, charge: Charge) -> UUID:
    """The key under which payments know a remedy's charge, however often they are asked for it."""
    return derived_key("charge", order, str(remedy), first_asked_at=charge.first_asked_at)


class ChargeFailure(StrEnum):
    """Why the consumer could not be charged."""

    BALANCE_INSUFFICIENT = "balance_insufficient"
    DECLINED = "declined"
    METHOD_DEAD = "method_dead"


class ConfirmCharge(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Payments, or the consumer's wallet, took this amount at that moment."""

    amount_minor: Minor
    currency: Currency
    charged_at: Moment
    reference: Code = ""


class FailCharge(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Nothing was taken, and nothing will be."""

    reason: ChargeFailure


class NoteChange(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The order took the change, or not (`reason`); `place` is where it put the payment for it."""

    changed: bool
    reason: Code = ""
    place: int = 0


class ItemChanged(Record, frozen=True, array_like=True):
    """So many of an item become this variant of this listing, at this price."""

    part: int
    item: int
    quantity: int
    listing: UUID
    variant: UUID | None
    unit_price_minor: int


class ChargeRequested(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Payments are asked to take this; a stored balance is asked for it in the wallet.

    `again`: asked before, and what became of it is not known.
    """

    charge: Charge
    currency: str
    clock: Clock
    again: bool = False


class ChargeTaken(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The consumer paid it."""

    amount_minor: int
    charged_at: datetime
    reference: str = ""


class ChargeTakenLate(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The consumer paid it after all, when what it was for had come to nothing: it goes back."""

    amount_minor: int
    charged_at: datetime
    rule: str
    pack: str
    reference: str = ""


class ChargeFailed(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The consumer did not pay it: what it was for does not happen.

    `part` is what a change was about, of whoever is told (0: nobody is), in its `case`. `lapsed` is
    what payments were asked to take, and may take all the same.
    """

    reason: str
    case: CaseLink | None = None
    part: int = 0
    lapsed: Charge | None = None


class ChangeRequested(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The order is asked to change; `charge` is what was paid for that. It answers.

    `unshipped`: only as long as nothing was shipped. `again`: it has not answered in time.
    """

    clock: Clock
    items: tuple[ItemChanged, ...] = ()
    charge: Charge | None = None
    address: PrivateText | None = None
    unshipped: bool = True
    again: bool = False


class ChangeMade(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The order is as it was wished; `back_minor` of its payments is not for what was bought."""

    back_minor: int = 0


class ChangeRefused(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The order did not take the change; what was paid for it goes back: `amount_minor`.

    `part` is what it was about, of whoever is told (0: nobody is), in its `case`. `back_minor` of
    the order's payments is not for what was bought.
    """

    reason: str
    amount_minor: int = 0
    shares: tuple[Share, ...] = ()
    case: CaseLink | None = None
    part: int = 0
    back_minor: int = 0


class CancellationRequested(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """All of an order was cancelled before anything of it shipped: the order is cancelled; or all
    of one `part`, from 1, and that part is."""

    part: int = 0


ChangingCommand = ConfirmCharge | FailCharge | NoteChange
ChangingEvent = (
    ChargeRequested
    | ChargeTaken
    | ChargeTakenLate
    | ChargeFailed
    | ChangeRequested
    | ChangeMade
    | ChangeRefused
    | CancellationRequested
)
