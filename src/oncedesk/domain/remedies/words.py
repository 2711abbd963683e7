"""The words in which remedies are told: their kinds, states, lines, legs and clocks."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from oncedesk.domain.shared.bounds import bounded
from oncedesk.domain.shared.ledger import Account
from oncedesk.domain.shared.records import Record

Code = Annotated[str, bounded("[A-Za-z0-9_.:-]{0,48}", max_length=48)]
Reason = Annotated[str, bounded("[a-z][a-z0-9_]{0,47}", max_length=48)]
RuleId = Annotated[str, bounded("[A-Za-z0-9_.:/@*-]{0,120}", max_length=120)]
Minor = Annotated[int, Meta(ge=0, le=10**15)]
Number = Annotated[int, Meta(ge=1, le=10_000)]
Quantity = Annotated[int, Meta(ge=1, le=1_000_000)]


COUPON = "coupon"
"""The method of a leg that is no money."""


BALANCE = "balance"
"""The method of a leg that goes to the consumer's balance at the marketplace."""


class RemedyKind(StrEnum):
    """What makes good. The first four come before shipping."""

    CANCEL = "cancel"
    CHANGE_ITEMS = "change_items"
    CHANGE_ADDRESS = "change_address"
    CHANGE_PAYMENT = "change_payment"
    REFUND = "refund"
    RETURN_AND_REFUND = "return_and_refund"
    EXCHANGE = "exchange"
    RESEND = "resend"
    REPAIR = "repair"
    PRICE_PROTECTION = "price_protection"
    COMPENSATION = "compensation"

    @property
    def comes_back(self) -> bool:
        """Whether goods travel back to the merchant first."""
        return self in _COME_BACK

    @property
    def takes_units(self) -> bool:
        """Whether its units are over and done with: nobody can ask for them again."""
        return self in _TAKE_UNITS

    @property
    def changes(self) -> bool:
        """Whether the order becomes another, and nothing of it is given back."""
        return self in _CHANGE

    @property
    def goes_out(self) -> bool:
        """Whether it is made good with goods; money only where they do not come."""
        return self in _GO_OUT

    @property
    def pays_back(self) -> bool:
        """Whether its money is what the consumer paid; a compensation comes on top of that."""
        return self is not RemedyKind.COMPENSATION


_TAKE_UNITS = (
    RemedyKind.CANCEL,
    RemedyKind.REFUND,
    RemedyKind.RETURN_AND_REFUND,
    RemedyKind.PRICE_PROTECTION,
)
_COME_BACK = (RemedyKind.RETURN_AND_REFUND, RemedyKind.EXCHANGE, RemedyKind.REPAIR)
_GO_OUT = (RemedyKind.EXCHANGE, RemedyKind.RESEND, RemedyKind.REPAIR)

_CHANGE = (RemedyKind.CHANGE_ITEMS, RemedyKind.CHANGE_ADDRESS, RemedyKind.CHANGE_PAYMENT)


class Status(StrEnum):
    """How far a remedy is. How far its money is, `RefundStatus` says."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    WAITING_FOR_RETURN = "waiting_for_return"
    RETURN_IN_TRANSIT = "return_in_transit"
    RECEIVED = "received"
    INSPECTED = "inspected"
    SETTLING = "settling"
    SETTLED = "settled"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"

    @property
    def is_final(self) -> bool:
        """Nothing happens to it any more by itself."""
        return self in _FINAL


_FINAL = (Status.REFUSED, Status.CLOSED, Status.WITHDRAWN)


class RefundStatus(StrEnum):
    """How far the money of a remedy is, all its legs together."""

    NONE = "none"
    REQUESTED = "requested"
    SENT = "sent"
    CREDITED = "credited"
    FAILED = "failed"


class LegStatus(StrEnum):
    """How far one refund to one payment is. A leg that failed for good was taken up by another."""

    REQUESTED = "requested"
    SENT = "sent"
    CREDITED = "credited"
    FAILED = "failed"
    REPLACED = "replaced"

    @property
    def counts(self) -> bool:
        """Whether its money is on its way, or may be."""
        return self in (LegStatus.REQUESTED, LegStatus.SENT, LegStatus.CREDITED)


class Stage(StrEnum):
    """How far an order's part is, as remedies see it."""

    UNSHIPPED = "unshipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class Payer(StrEnum):
    """Who bears it in the end."""

    MERCHANT = "merchant"
    CREATOR = "creator"
    AGENCY = "agency"
    CARRIER = "carrier"
    INSURER = "insurer"
    PLATFORM = "platform"


class DecidedBy(StrEnum):
    """Who or what said yes or no."""

    RULE = "rule"
    SILENCE = "silence"
    MERCHANT = "merchant"
    CREATOR = "creator"
    PLATFORM = "platform"
    CONSUMER = "consumer"


class Speed(StrEnum):
    """When the money of a return leaves: risk changes this and nothing else."""

    INSTANT = "instant"
    AT_SCAN = "at_scan"
    AFTER_INSPECTION = "after_inspection"


class ClockKind(StrEnum):
    """The deadlines a remedy can have. Each does something by itself when it runs out."""

    AUTHORITY = "authority"
    ANSWER = "answer"
    COUNTER_OFFER = "counter_offer"
    SHIP_BACK = "ship_back"
    RETURN_TRANSIT = "return_transit"
    INSPECTION = "inspection"
    SETTLE = "settle"
    ROUTE = "route"
    EVIDENCE = "evidence"
    DECISION = "decision"
    OBJECTION = "objection"
    CONTEST = "contest"
    FUNDING = "funding"
    CLOSING = "closing"
    CHARGE = "charge"
    CHANGE = "change"
    RETURN_PLACE = "return_place"
    SHIP_OUT = "ship_out"
    OUT_TRANSIT = "out_transit"
    REOPENING = "reopening"
    HOLD = "hold"


class Clock(Record, frozen=True, array_like=True):
    """A stored deadline under a rule; it warns at `warn_at`, if it does. Fields: append only."""

    kind: ClockKind
    due_at: datetime
    rule: str
    warn_at: datetime | None = None


class WantedLine(Record, frozen=True, array_like=True):
    """So many of an item: the `item`-th, from 1, of a part; parts are numbered from 1."""

    part: Number
    item: Number
    quantity: Quantity = 1


class Line(Record, frozen=True, array_like=True):
    """What a remedy gives for so many of an item. Fields: append only.

    `amount_minor` goes to the consumer, `subsidy_minor` back to the platform; `commission_minor` is
    taken back from the creator. It is money for goods that stay (`stays`), or the goods are
    given back, less `before_minor` that was given for them while they stayed, and more by the
    `difference_minor` that they cost more than what was bought, since exchanges. Of an exchange it
    is how much more its goods cost than those before; less is negative.
    """

    part: int
    item: int
    quantity: int
    amount_minor: int
    subsidy_minor: int = 0
    commission_minor: int = 0
    before_minor: int = 0
    stays: bool = False
    difference_minor: int = 0


class Share(Record, frozen=True, array_like=True):
    """Who bears how much of an amount, and whose account that is."""

    payer: Payer
    party: UUID | None
    minor: int


class Source(Record, frozen=True, array_like=True):
    """Out of which account so much of an amount comes; `payer` and `liable` say for whom.

    What the fund gives for somebody who is liable is advanced, and owed to it from then on.
    """

    account: Account
    party: UUID | None
    minor: int
    payer: Payer = Payer.PLATFORM
    liable: UUID | None = None


class Leg(Record, frozen=True, array_like=True):
    """One refund to one payment: `payment` is its place among the order's, from 1. Append only.

    Place 0 is a route that the consumer named; then `method` and `reference` say where to, and
    `counts_for` which payment it counts against. `transfer` is what it takes from whoever bears it.
    `stored`: it goes into the balance of the name `reference` in the consumer's wallet. `route` is
    where to once it is certain that this leg was not sent. `first_asked_at` is part of the key
    under which payments know it; what was asked for before there was such a part has none.
    `certain_from` is the asking, counted from 1, from whose answer on that is certain.
    """

    number: int
    payment: int
    method: str
    amount_minor: int
    status: LegStatus = LegStatus.REQUESTED
    reference: str = ""
    requested_at: datetime | None = None
    sent_at: datetime | None = None
    asked_again: int = 0
    transfer: int = 0
    stored: bool = False
    beyond: bool = False
    taken: tuple[Source, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether its money is on its way or has arrived."""
        return self.status not in (LegStatus.FAILED, LegStatus.REPLACED)

    counts_for: int = 0
    route: str = ""
    route_reference: str = ""
    first_asked_at: datetime | None = None
    credited_at: datetime | None = None
    certain_from: int = 0

    @property
    def asked(self) -> int:
        """How often payments were asked for it."""
        return self.asked_again + 1

    @property
    def place(self) -> int:
        """Against which payment it counts, from 1; what was paid by none counts with the first."""
        return self.payment or self.counts_for or 1


class Route(Record, frozen=True, array_like=True):
    """A method of the consumer's that was named: its kind, its name, whether it is a balance."""

    method: str
    reference: str
    stored: bool = False


class ChargeStatus(StrEnum):
    """How far a charge is."""

    REQUESTED = "requested"
    TAKEN = "taken"


class Charge(Record, frozen=True, array_like=True):
    """What the consumer pays for a remedy, and by what. Fields: append only.

    `first_asked_at` is part of its key, as a leg's is.
    """

    route: Route
    amount_minor: int
    status: ChargeStatus = ChargeStatus.REQUESTED
    asked_again: int = 0
    first_asked_at: datetime | None = None


class CaseLink(Record, frozen=True, array_like=True):
    """The case that a remedy belongs to."""

    conversation: UUID
    case: int
