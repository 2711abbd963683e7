"""Asking for a remedy, and what is answered: granted, refused, something else offered."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from oncedesk.domain.remedies.messages.base import OfRemedies, OfRemedy, ToRemedies, ToRemedy
from oncedesk.domain.remedies.words import (
    CaseLink,
    Charge,
    Clock,
    Code,
    DecidedBy,
    Line,
    Minor,
    Reason,
    RemedyKind,
    Route,
    Share,
    Source,
    Speed,
    WantedLine,
)
from oncedesk.domain.shared.money import Currency
from oncedesk.domain.shared.persons import PrivateText
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk

LINES_MAX = 50
REPLACEMENTS_MAX = 16
"""Each may be of a listing of its own, and a decision looks at 64 states at most."""
EVIDENCE_MAX = 9
FACTS_MAX = 8
Digest = Annotated[bytes, Meta(min_length=16, max_length=32)]


class Replacement(Record, frozen=True, array_like=True):
    """What comes in the place of the wanted line of the same place: a variant and its price."""

    listing: UUID
    variant: UUID | None
    unit_price_minor: Minor


class Wish(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody would like. No lines: all that is left of the part, or of the order, as far as
    it can be had.

    `amount_minor` asks for less than all (a part refund, a compensation); `currency` guards it.
    `method` is where money should come from or go to, where it may be chosen. `opened`: a seal was
    broken, as the consumer says.
    """

    kind: RemedyKind
    reason: Reason
    lines: Annotated[tuple[WantedLine, ...], Meta(max_length=LINES_MAX)] = ()
    part: Annotated[int, Meta(ge=0, le=16)] = 0
    amount_minor: Minor | None = None
    currency: Currency | None = None
    replacements: Annotated[tuple[Replacement, ...], Meta(max_length=REPLACEMENTS_MAX)] = ()
    method: Code = ""
    opened: bool = False


class RequestRemedy(ToRemedies, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Somebody wants this. `expected_minor` is the amount that the preview showed them.

    `evidence` are the digests of what they attached. `goodwill`: it is not owed, but given.
    `digest` and `length` are of another address, whose text comes beside it.
    `human`: a person decides it, whatever the rules would say.
    """

    wish: Wish
    agent: UUID | None = None
    case: CaseLink | None = None
    evidence: Annotated[tuple[Digest, ...], Meta(max_length=EVIDENCE_MAX)] = ()
    expected_minor: Minor | None = None
    goodwill: bool = False
    digest: Annotated[bytes, Meta(max_length=16)] = b""
    length: Annotated[int, Meta(ge=0, le=1_000)] = 0
    human: bool = False


class GrantRemedy(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The desk that was asked says yes. `expected_minor` is the amount that it was shown."""

    expected_minor: Minor | None = None


class RefuseRemedy(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The desk that was asked says no, with its reason; the consumer can dispute it.

    `facts` are what it found, at least one; `evidence` the digests of what shows it.
    """

    reason: Reason
    facts: Annotated[tuple[Reason, ...], Meta(max_length=FACTS_MAX)] = ()
    evidence: Annotated[tuple[Digest, ...], Meta(max_length=EVIDENCE_MAX)] = ()


class Spent(Record, frozen=True, array_like=True):
    """What an offer that stands has taken of somebody's authority, and when it was counted there
    and at the consumer. Fields: append only.
    """

    agent: UUID
    amount_minor: int
    at: datetime
    counted_at: datetime


class CounterOffer(Record, frozen=True, array_like=True):
    """What is offered in the remedy's place. Fields: append only."""

    wish: Wish
    lines: tuple[Line, ...]
    amount_minor: int
    shares: tuple[Share, ...]
    rule: str
    spent: Spent | None = None


class MakeCounterOffer(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The desk that was asked offers something else instead, at its own charge.

    `expected_minor` is the amount that the preview of the offer showed.
    """

    wish: Wish
    expected_minor: Minor | None = None


class AcceptCounterOffer(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The consumer takes what was offered."""


class DeclineCounterOffer(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The consumer does not take it: the dispute opens."""


class WithdrawRemedy(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The consumer does not want it any more."""


class AskHuman(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The consumer wants a person of the platform to decide it; no rule does from then on."""


class LiftRisk(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A person looked at it: nothing makes it slower any more. `reason` says why."""

    reason: Reason


class PaidPart(Record, frozen=True, array_like=True):
    """What was paid for a part; `final`: the rest of its presale is in that. Append only."""

    part: int
    merchant: UUID | None
    paid_minor: int
    subsidy_minor: int
    commission_minor: int
    final: bool = False


class BooksOpened(OfRemedies, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The first remedy of an order: what was paid for it, in escrow from here on."""

    market: str
    currency: str
    placed_at: datetime
    pack: str
    paid: tuple[PaidPart, ...]
    creator: UUID | None = None


class PaymentBooked(OfRemedies, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What was paid for the order in all by now: the rest of a presale came, or did not."""

    paid: tuple[PaidPart, ...]


class RemedyRequested(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Asked for, with all that was previewed: amounts, who bears it, and under which rule.

    Whoever has to decide it is `desk` (None: the rule decides at once). `otherwise` is who bears it
    if somebody else than the merchant grants it, where that differs. `speed_reason` says what made
    it quicker or slower, `evidence_wanted` how many pieces are asked for in all. `takes_over`: the
    platform decides if the merchant says nothing.
    """

    kind: RemedyKind
    reason: str
    lines: tuple[Line, ...]
    amount_minor: int
    shares: tuple[Share, ...]
    rule: str
    pack: str
    asked_by: str
    shipping_minor: int = 0
    desk: Desk | None = None
    clock: Clock | None = None
    case: CaseLink | None = None
    agent: UUID | None = None
    speed: Speed = Speed.INSTANT
    speed_reason: str = ""
    evidence: tuple[bytes, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    difference_minor: int = 0
    method: str = ""
    goodwill: bool = False
    route: Route | None = None
    address: PrivateText | None = None
    otherwise: tuple[Share, ...] = ()
    evidence_wanted: int = 0
    human: bool = False
    takes_over: bool = False


class RemedyApproved(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """It will be made good. What happens next has a clock."""

    by: DecidedBy
    rule: str
    amount_minor: int
    shares: tuple[Share, ...]
    clock: Clock | None = None
    agent: UUID | None = None


class RemedyRefused(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """It will not. On which facts, why, under which rule of which pack; its clock is until when it
    can be objected to, and `objection` how. `shown` pieces of evidence count in a dispute of it.
    """

    by: DecidedBy
    reason: str
    rule: str
    clock: Clock | None = None
    agent: UUID | None = None
    facts: tuple[str, ...] = ()
    evidence: tuple[bytes, ...] = ()
    pack: str = ""
    objection: str = ""
    shown: int = 0


class CounterOfferMade(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Something else is offered; the consumer takes it or not, until the clock runs out."""

    wish: Wish
    lines: tuple[Line, ...]
    amount_minor: int
    shares: tuple[Share, ...]
    rule: str
    clock: Clock
    agent: UUID | None = None
    spent: Spent | None = None


class CounterOfferAccepted(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The remedy is now what was offered. `free`: nothing is charged that was to be paid for what
    was asked for, and no money goes by the method that was named for that."""

    free: bool = False


class RemedyRepriced(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """It comes to something else by now, as another remedy gave money for the same goods, or did
    not after all."""

    lines: tuple[Line, ...]
    amount_minor: int
    shares: tuple[Share, ...]
    shipping_minor: int = 0
    otherwise: tuple[Share, ...] = ()


class CounterOfferDeclined(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """It is what it was, and in dispute. `silent`: the offer's clock ran out.

    The platform decides it, until the clock runs out.
    """

    silent: bool = False
    clock: Clock | None = None
    desk: Desk | None = None


class RemedyWithdrawn(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Only the consumer withdraws, or a return that was never sent does it for them.

    `released` is money that had been set aside for it; `part` is the order's that it was about.
    `lapsed` is what payments were asked to take, and may take all the same.
    """

    reason: str = ""
    released: tuple[Source, ...] = ()
    case: CaseLink | None = None
    part: int = 0
    lapsed: Charge | None = None


class ClockWarned(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A clock is about to run out; `kind` says which. `desk` None: it is the consumer's own."""

    kind: str
    desk: Desk | None = None


class RemedyTakenOver(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The desk that was asked said nothing: the platform decides."""

    desk: Desk
    clock: Clock


class HumanAsked(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A person of the platform decides it; what it was before, it is no longer."""

    desk: Desk
    clock: Clock


class AnswerOverdue(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A person was asked for and has not answered for the `times`-th time; `clock` is the next."""

    desk: Desk
    times: int
    clock: Clock


class RiskLifted(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A person found nothing in the way: the money leaves when the rule alone says."""

    reason: str
    speed: Speed
    agent: UUID | None = None


AskingCommand = (
    RequestRemedy
    | GrantRemedy
    | RefuseRemedy
    | MakeCounterOffer
    | AcceptCounterOffer
    | DeclineCounterOffer
    | WithdrawRemedy
    | AskHuman
    | LiftRisk
)
AskingEvent = (
    BooksOpened
    | PaymentBooked
    | RemedyRequested
    | RemedyApproved
    | RemedyRefused
    | CounterOfferMade
    | CounterOfferAccepted
    | CounterOfferDeclined
    | RemedyWithdrawn
    | ClockWarned
    | RemedyTakenOver
    | HumanAsked
    | AnswerOverdue
    | RiskLifted
    | RemedyRepriced
)
