"""Money on its way to the consumer, leg by leg, and what the marketplace's payments say of it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from oncedesk.domain.remedies.messages.base import OfRemedies, OfRemedy, ToRemedies, ToRemedy
from oncedesk.domain.remedies.words import CaseLink, Clock, Code, Leg, Minor, Source
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.ids import derived_id, derived_key
from oncedesk.domain.shared.money import Currency
from oncedesk.domain.shared.refs import Desk


def refund_id(*, order: UUID, remedy: int, leg: int) -> UUID:
    """The id of a leg's row."""
    return derived_id("refund", order, str(remedy), str(leg))


def refund_key(*, order: UUID, remedy: int, leg: Leg) -> UUID:
    """The key under which payments know one leg, however often they are asked for it."""
    return derived_key(
        "refund", order, str(remedy), str(leg.number), first_asked_at=leg.first_asked_at
    )


LegNumber = Annotated[int, Meta(ge=1, le=10_000)]


class RefundFailure(StrEnum):
    """Why payments could not send it."""

    ROUTE_DEAD = "route_dead"
    DECLINED = "declined"
    UNKNOWN_PAYMENT = "unknown_payment"


class OutsideKind(StrEnum):
    """How money went back (or was paid) without us."""

    CHARGEBACK = "chargeback"
    OUTSIDE_REFUND = "outside_refund"
    OUTSIDE_PAYMENT = "outside_payment"


class OfLeg(ToRemedy, frozen=True, kw_only=True, omit_defaults=True):
    """What payments say of one leg."""

    leg: LegNumber


class ConfirmRefund(OfLeg, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Payments sent this amount at that moment."""

    amount_minor: Minor
    currency: Currency
    sent_at: Moment
    reference: Code = ""


class ConfirmCredit(OfLeg, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The money has arrived."""

    credited_at: Moment


class FailRefund(OfLeg, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Payments did not send it and will not. `asked` is which asking this answers, counted from 1;
    0: the last."""

    reason: RefundFailure
    asked: Annotated[int, Meta(ge=0, le=100_000)] = 0


class NameRoute(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Where to, since the original payment's route is dead."""

    method: Code
    reference: Code = ""


class RecordOutside(ToRemedies, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Money went back, or was paid, without us: `id` is the marketplace's name for it.

    `payment` is which of the order's payments it concerns, from 1.
    """

    id: UUID
    kind: OutsideKind
    amount_minor: Minor
    currency: Currency
    payment: Annotated[int, Meta(ge=0, le=64)] = 0


class RefundRequested(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Payments are asked to send this; it leaves under the leg's own idempotency key.

    `again`: asked before; what became of it is not known, or has to be certain before it is sent
    elsewhere.
    """

    leg: Leg
    currency: str
    clock: Clock
    again: bool = False


class RefundSent(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The money is on its way; `seconds` since the remedy was asked for.

    `credits` is the balance in the consumer's wallet into which it goes, `taken` where it comes
    from.
    """

    leg: int
    amount_minor: int
    sent_at: datetime
    seconds: int
    reference: str = ""
    taken: tuple[Source, ...] = ()
    currency: str = ""
    credits: str = ""


class RefundCredited(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """It has arrived; `seconds` since the remedy was asked for."""

    leg: int
    credited_at: datetime
    seconds: int


class RefundFailed(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """This leg will not be sent; another takes its place, or a route has to be named."""

    leg: int
    reason: str


class RefundDropped(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What this leg was to give has gone back otherwise: nothing is sent in its place. `asked` is
    how often payments had been asked for it."""

    leg: int
    asked: int = 0


class RefundSentTwice(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Payments sent a leg all the same whose money had gone elsewhere, or back by the bank.

    It counts as paid back against the order's `payment`, from 1; 0: it came on top of what was
    paid. Who bears it stays open until corrected.
    """

    leg: int
    amount_minor: int
    sent_at: datetime
    seconds: int
    payment: int = 0
    reference: str = ""


class RouteAsked(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Somebody has to say where to the money can go: the consumer, or the platform's `desk`.

    `times` counts how often it was asked. `leg` is an amount that no payment can take back.
    """

    amount_minor: int
    times: int
    clock: Clock
    desk: Desk | None = None
    leg: Leg | None = None


class OutsideRecorded(OfRemedies, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Counts as paid back (or as paid) from now on."""

    id: UUID
    kind: str
    amount_minor: int
    payment: int = 0


class RemedySettled(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """All that was owed was done; `seconds` since it was asked for. `released`: not needed.

    `unheard`: it belongs to no case, and nobody talks about its part of the order. `leg` is the one
    that was sent last, if it is settled by that.
    """

    seconds: int
    clock: Clock | None = None
    released: tuple[Source, ...] = ()
    unheard: bool = False
    leg: int = 0


class ClosingPutOff(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """It would be over, or lost, but something still runs."""

    clock: Clock


class RemedyClosed(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Nothing can come of it any more; `refused_part` is what it was about if it was refused."""

    case: CaseLink | None = None
    refused_part: int = 0


RefundingCommand = ConfirmRefund | ConfirmCredit | FailRefund | NameRoute | RecordOutside
RefundingEvent = (
    RefundRequested
    | RefundSent
    | RefundCredited
    | RefundFailed
    | RefundDropped
    | RefundSentTwice
    | RouteAsked
    | OutsideRecorded
    | RemedySettled
    | ClosingPutOff
    | RemedyClosed
)
