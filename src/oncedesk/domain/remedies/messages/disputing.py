"""A dispute: evidence from both sides, a decision by the platform, one objection to it."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from oncedesk.domain.remedies.messages.base import OfRemedy, ToRemedy
from oncedesk.domain.remedies.words import (
    CaseLink,
    Clock,
    Code,
    DecidedBy,
    Leg,
    Line,
    Minor,
    Reason,
    Share,
    Source,
)
from oncedesk.domain.shared.bounds import one_line
from oncedesk.domain.shared.gate.rules import Verdict
from oncedesk.domain.shared.persons import PrivateText
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk

SHARES_MAX = 4
EVIDENCE_AT_ONCE = 9
Digests = Annotated[
    tuple[Annotated[bytes, Meta(min_length=16, max_length=16)], ...],
    Meta(min_length=1, max_length=EVIDENCE_AT_ONCE),
]


class Side(StrEnum):
    """Whose evidence it is, and who objects."""

    CONSUMER = "consumer"
    MERCHANT = "merchant"


class Outcome(StrEnum):
    """What a dispute comes to."""

    GRANTED = "granted"
    IN_PART = "in_part"
    REFUSED = "refused"


class LiableShare(Record, frozen=True, array_like=True):
    """Who bears how many hundredths; the names are those of `words.Payer`."""

    payer: Code
    percent: Annotated[int, Meta(ge=0, le=100)]


class OpenDispute(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The consumer does not accept the refusal. Nobody has to escalate anything further."""

    reason: Reason


class SubmitEvidence(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Digests of what one side shows; the files and words are messages of the case."""

    digests: Digests
    side: Side


BASIS_LENGTH_MAX = 120
Basis = Annotated[str, one_line(BASIS_LENGTH_MAX)]
"""What a decision rests on, in a line."""


class Decision(Record, frozen=True, array_like=True):
    """What somebody wants a dispute to come to, while their authority is asked; append only.

    `text` says where it stands what it rests on, `basis` itself as it was recorded at first.
    """

    outcome: Outcome
    amount_minor: int
    reason: str
    basis: str
    shares: tuple[LiableShare, ...] = ()
    text: PrivateText | None = None


class DecideDispute(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The platform decides: all of it, a part, or nothing; who is liable, why, on what basis.

    Also decides an objection, then by somebody else. Without `shares` the rule's stand.
    `digest` and `length` are of what it rests on, whose text comes beside it and which both sides
    read; at first it was said in `basis`. `verdict` is what our gate found in it.
    """

    outcome: Outcome
    reason: Reason
    basis: Basis = ""
    amount_minor: Minor | None = None
    shares: Annotated[tuple[LiableShare, ...], Meta(max_length=SHARES_MAX)] = ()
    verdict: Verdict | None = None
    digest: bytes = b""
    length: Annotated[int, Meta(ge=0, le=BASIS_LENGTH_MAX)] = 0


class ObjectToDecision(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Once, within the pack's window: somebody else looks at it again."""

    side: Side
    reason: Reason


OFFER_UNANSWERED = "offer_unanswered"
"""Why a dispute opened by which the consumer said nothing."""


class DisputeOpened(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Both sides may show evidence until the clock runs out; then the platform decides.

    `desk` is that of the other side, which can still grant it.
    """

    reason: str
    rule: str
    clock: Clock
    desk: Desk | None = None


class EvidenceSubmitted(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    side: Side
    digests: tuple[bytes, ...]


class DecisionAsked(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The platform's desk has to decide by then. `not_by`: who decided before does not again."""

    desk: Desk
    clock: Clock
    not_by: UUID | None = None


class DisputeDecided(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What it came to, with facts, reason and basis, and until when either side may object.

    `text` says where it stands what a person rests it on; `basis` is a rule's id, or that text as
    it was recorded at first. `stood_by` is the second person, where it was more than `agent` may
    give alone. With a final no the remedy may be gone, so `case` says where it was asked for.
    `shipping_minor` is what of the amount was paid for shipping; None, as at first: all that is for
    no line.
    """

    outcome: Outcome
    by: DecidedBy
    reason: str
    basis: str
    rule: str
    amount_minor: int
    lines: tuple[Line, ...]
    shares: tuple[Share, ...]
    final: bool
    evidence: tuple[bytes, ...] = ()
    agent: UUID | None = None
    clock: Clock | None = None
    stood_by: UUID | None = None
    text: PrivateText | None = None
    case: CaseLink | None = None
    shipping_minor: int | None = None


class ObjectionMade(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """One side objects; the decision stands until somebody else has decided again."""

    side: Side
    reason: str


class DecisionReversed(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Decided again, some bear less of what was given: the platform bears so much in their place,
    and who is liable now the rest, of which the fund has advanced what is `owed`.

    `forgiven` is what the fund had advanced and does not want back any more. `legs` take from the
    fund now; then `borne` are the remedy's shares from now on, and `sources` where its money comes
    from. `released`: not needed any more. `anew`: what it waited for is asked for again.
    """

    amount_minor: int
    shares: tuple[Share, ...]
    forgiven: tuple[Source, ...] = ()
    legs: tuple[Leg, ...] = ()
    borne: tuple[Share, ...] = ()
    sources: tuple[Source, ...] = ()
    released: tuple[Source, ...] = ()
    anew: bool = False
    owed: tuple[Source, ...] = ()


class ObjectionLapsed(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Neither side has objected in time: the decision stands."""


DisputingCommand = OpenDispute | SubmitEvidence | DecideDispute | ObjectToDecision
DisputingEvent = (
    DisputeOpened
    | EvidenceSubmitted
    | DecisionAsked
    | DisputeDecided
    | ObjectionMade
    | DecisionReversed
    | ObjectionLapsed
)
