"""Commands to a conversation and the events it records. Names are stable for ever.

Texts never come here: a command carries a text's hash and length, and the message's id is the
command's id. Times are UTC.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from oncedesk.domain.conversations.subjects import Subject, subject_ref
from oncedesk.domain.shared.bounds import Moment, bounded
from oncedesk.domain.shared.decider import Actor, Wake
from oncedesk.domain.shared.gate.rules import Hit, Verdict
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk, Ref, conversation_ref
from oncedesk.domain.shared.rulepack import ClockKind

Digest = Annotated[bytes, Meta(min_length=16, max_length=16)]
Length = Annotated[int, Meta(ge=0)]
Language = Annotated[str, bounded("[A-Za-z0-9-]{0,16}", max_length=16)]
Market = Annotated[str, bounded("[a-z0-9_-]{1,16}", max_length=16)]
Issue = Annotated[str, bounded("[a-z0-9_.-]{0,32}", max_length=32)]
Code = Annotated[str, bounded("[a-z0-9_.:-]{0,40}", max_length=40)]
Codes = Annotated[tuple[Code, ...], Meta(max_length=8)]
CaseNumber = Annotated[int, Meta(ge=1)]
CurrencyName = Annotated[str, bounded("[A-Z]{0,3}", max_length=3)]
MethodName = Annotated[str, bounded("[A-Za-z0-9_.:-]{0,48}", max_length=48)]

MESSAGE_LENGTH_MAX = 20_000
"""Characters of one message."""
ATTACHMENTS_MAX = 20
"""Files of one message, whatever a pack says."""
MENTIONS_MAX = 10
"""People whom one note names."""
RATING_REASONS_MAX = 3


class Channel(StrEnum):
    """Which way a contact came."""

    APP_CHAT = "app_chat"
    WEB = "web"
    EMAIL = "email"
    PHONE = "phone"
    REGULATOR = "regulator"
    CHARGEBACK = "chargeback"
    API = "api"


class Surface(StrEnum):
    """Where the consumer was when the contact began."""

    ORDER = "order"
    SHOP = "shop"
    VIDEO = "video"
    LIVE = "live"
    SEARCH = "search"


class ContactKind(StrEnum):
    """What a contact is. `new` and `requested` keep contact-once; the others fail it."""

    NEW = "new"
    REQUESTED = "requested"
    CHASER = "chaser"
    RECONTACT = "recontact"
    OUTSIDE = "outside"


class Audience(StrEnum):
    """Who reads a message: the consumer (and everybody), the desks, or one desk by itself."""

    CONSUMER = "consumer"
    DESKS = "desks"
    INTERNAL = "internal"


class Origin(StrEnum):
    """How a case came to be; `ungranted`: another decided what could not be given."""

    CONTACT = "contact"
    BREACH = "breach"
    SPLIT = "split"
    DISPUTE = "dispute"
    REMEDY = "remedy"
    UNGRANTED = "ungranted"


class CaseStatus(StrEnum):
    """Where a case stands. The first four are open; a resolved one can still be reopened."""

    QUEUED = "queued"
    ASSIGNED = "assigned"
    WAITING_CONSUMER = "waiting_consumer"
    FOLLOW_UP = "follow_up"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Side(StrEnum):
    """Whose clock: the service as the consumer sees it, the owner desk's, or a referral's."""

    CONSUMER = "consumer"
    DESK = "desk"
    REFERRAL = "referral"


class ClosingReason(StrEnum):
    """Why a case was resolved. Only the consumer gives `withdrawn`; agents give the first six."""

    SOLVED = "solved"
    REFUSED = "refused"
    NO_FAULT = "no_fault"
    DUPLICATE = "duplicate"
    KEPT_PROMISE = "kept_promise"
    INFORMED = "informed"
    NO_REPLY = "no_reply"
    DECIDED_BY_RULE = "decided_by_rule"
    WITHDRAWN = "withdrawn"
    DECIDED_ELSEWHERE = "decided_elsewhere"


class StopReason(StrEnum):
    """Why clocks stopped before they ran out."""

    ANSWERED = "answered"
    REPLIED = "replied"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    HANDED_OVER = "handed_over"
    REFERRAL_ENDED = "referral_ended"
    SUPERSEDED = "superseded"
    MERGED = "merged"


class UnassignReason(StrEnum):
    """Why a case is no longer its agent's."""

    RESOLVED = "resolved"
    TRANSFERRED = "transferred"
    REFERRED = "referred"
    TAKEN_OVER = "taken_over"
    CLOCK = "clock"
    FOLLOW_UP = "follow_up"
    MERGED = "merged"
    SHIFT_END = "shift_end"
    ABSENT = "absent"
    LEFT_DESK = "left_desk"
    RETURNED = "returned"
    REASSIGNED = "reassigned"


class DeclineReason(StrEnum):
    """Why a reserved agent does not get the case after all."""

    CASE_CLOSED = "case_closed"
    ASSIGNED_ALREADY = "assigned_already"
    NOT_QUEUED = "not_queued"
    DESK_CHANGED = "desk_changed"
    BARRED = "barred"


class TakeOverCause(StrEnum):
    """Why the platform stepped in."""

    CLOCK = "clock"
    INTERVENTION = "intervention"
    REPEAT = "repeat"
    REFUSED = "refused"
    UNSTAFFED = "unstaffed"
    DISPUTE = "dispute"
    REMEDY = "remedy"


class WaitOutcome(StrEnum):
    """How waiting for the consumer ended."""

    REPLIED = "replied"
    NO_REPLY = "no_reply"
    RESOLVED = "resolved"
    MERGED = "merged"


class ReferralMode(StrEnum):
    """Whether the desk that asks keeps the case meanwhile or hands it over."""

    STAY = "stay"
    HAND_OVER = "hand_over"


class ReferralOutcome(StrEnum):
    """How a referral ended."""

    ANSWERED = "answered"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class ReopenCause(StrEnum):
    """Why a resolved case is open again. A late answer to our question is no complaint, and neither
    is the first word in a case that opened and ended by itself.
    """

    RECONTACT = "recontact"
    NOT_SOLVED = "not_solved"
    LATE_REPLY = "late_reply"
    FIRST_CONTACT = "first_contact"
    AGENT = "agent"


class Reminded(StrEnum):
    """Who is reminded."""

    CONSUMER = "consumer"
    DESK = "desk"


class Notice(StrEnum):
    """What the consumer is told without an agent's words; the page says it in their language."""

    ANSWER_BY = "answer_by"
    WAITING = "waiting"
    TAKEN_OVER = "taken_over"
    BREACH_NOTICED = "breach_noticed"
    BREACH_CLEARED = "breach_cleared"
    DECIDED = "decided"
    CLOSED_NO_REPLY = "closed_no_reply"
    COMPENSATED = "compensated"
    COMPENSATION_VOIDED = "compensation_voided"
    REMEDY_ASKED = "remedy_asked"
    REMEDY_GRANTED = "remedy_granted"
    REMEDY_REFUSED = "remedy_refused"
    REMEDY_OFFERED = "remedy_offered"
    REMEDY_IMPOSSIBLE = "remedy_impossible"
    REFUND_SENT = "refund_sent"
    ROUTE_WANTED = "route_wanted"
    REMEDY_SETTLED = "remedy_settled"
    RETURN_REMINDER = "return_reminder"
    RETURN_PLACE = "return_place"
    RETURN_MISSED = "return_missed"
    RETURN_RECEIVED = "return_received"
    RETURN_REFUSED_IN_PART = "return_refused_in_part"
    GOODS_SENT = "goods_sent"
    CHANGE_NOT_MADE = "change_not_made"
    DISPUTE_OPENED = "dispute_opened"
    OBJECTION_REFUSED = "objection_refused"
    REFUND_INSTEAD = "refund_instead"
    RETURN_LABEL = "return_label"
    REMEDY_ANSWER_BY = "remedy_answer_by"


class RatingReason(StrEnum):
    """What was good about the service, or was not."""

    QUICK = "quick"
    KIND = "kind"
    CLEAR = "clear"
    SOLVED = "solved"
    SLOW = "slow"
    UNKIND = "unkind"
    UNCLEAR = "unclear"
    HAD_TO_REPEAT = "had_to_repeat"
    NOT_SOLVED = "not_solved"


Score = Annotated[int, Meta(ge=1, le=5)]
RatingReasons = Annotated[tuple[RatingReason, ...], Meta(max_length=RATING_REASONS_MAX)]


class ReviewOutcome(StrEnum):
    """What a person makes of flagged messages."""

    CLEARED = "cleared"
    UPHELD = "upheld"


class PartyKind(StrEnum):
    """Who can have caused something or be liable for it."""

    CONSUMER = "consumer"
    MERCHANT = "merchant"
    CREATOR = "creator"
    AGENCY = "agency"
    CARRIER = "carrier"
    INSURER = "insurer"
    PLATFORM = "platform"
    UNKNOWN = "unknown"


class Party(Record, frozen=True, array_like=True):
    """Somebody who answers for something; the id is None where it is not known or needless."""

    kind: PartyKind
    id: UUID | None = None


class Share(Record, frozen=True, array_like=True):
    """How much of it somebody is liable for, in percent, and why."""

    who: Party
    percent: Annotated[int, Meta(ge=0, le=100)]
    reasons: Codes = ()


class Stopped(Record, frozen=True, array_like=True):
    """A clock that stopped; `met` says whether its deadline was kept."""

    clock: ClockKind
    side: Side
    met: bool = True


class Left(Record, frozen=True, array_like=True):
    """A desk that gave a case away, and how many open seconds it still had to resolve it."""

    case: int
    desk: Desk
    seconds: int


class CardKind(StrEnum):
    """What a card in a message shows; the page words it."""

    ORDER = "order"
    REMEDY = "remedy"


class Card(Record, frozen=True, array_like=True):
    """The order, or one of its remedies, that a message shows. Fields: append only."""

    kind: CardKind
    order: UUID
    remedy: Annotated[int, Meta(ge=0, le=10_000)] = 0


class CallDirection(StrEnum):
    """Who called whom."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class PhoneCall(Record, frozen=True, array_like=True):
    """A telephone call with the consumer. Without `seconds` nobody was reached. `recorded`: the
    text's last line says where. `numbered`: the last but that says the number, of which there is
    only what everybody may see; `number` has it in what was noted earlier. Fields: append only.
    """

    direction: CallDirection
    number: Annotated[str, bounded(r"([0-9+]{0,5}\*{3,8}[0-9]{0,4})?", max_length=17)] = ""
    seconds: Annotated[int, Meta(ge=0, le=86_400)] = 0
    recorded: bool = False
    numbered: bool = False


class AttachmentSeen(Record, frozen=True, array_like=True):
    """A file that was uploaded to be attached, as our own look at it says. `code`: it is a picture
    with a QR code that leads elsewhere. Not `ready` is what is gone, or another message's already.
    """

    id: UUID
    conversation: UUID
    uploader: Actor
    code: bool
    ready: bool


Attachments = Annotated[tuple[AttachmentSeen, ...], Meta(max_length=ATTACHMENTS_MAX)]


# ── Commands ─────────────────────────────────────────────────────────────────────────────────────


class ReceiveContact(Record, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The consumer says something. It joins a case or opens one; never another conversation.

    `fresh` says "this is something else"; `case` is the one the consumer is looking at. The
    market, merchant and creator of an order come from the order; given here they serve other
    subjects.
    `automatic`: no person wrote it, but the consumer's mail program (out of office, for instance).
    """

    consumer: UUID
    subject: Subject
    market: Market
    channel: Channel
    surface: Surface
    digest: Digest
    length: Length
    language: Language = ""
    issue: Issue = ""
    fresh: bool = False
    merchant: UUID | None = None
    creator: UUID | None = None
    case: CaseNumber | None = None
    automatic: bool = False
    verdict: Verdict | None = None
    attachments: Attachments = ()

    def target(self) -> Ref:
        return subject_ref(consumer=self.consumer, subject=self.subject)


class OpenForBreach(Record, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A promise is broken: open service before the consumer asks. Once per promise and breach.

    `breach` is also the issue (`late_delivery` for instance); `due_at` is what was promised.
    """

    consumer: UUID
    subject: Subject
    market: Market
    breach: Issue
    promise: UUID
    due_at: Moment
    merchant: UUID | None = None
    creator: UUID | None = None
    language: Language = ""

    def target(self) -> Ref:
        return subject_ref(consumer=self.consumer, subject=self.subject)


class Need(StrEnum):
    """What a remedy needs a person of the platform for."""

    DISPUTE = "dispute"
    DECISION = "decision"
    SECOND_PERSON = "second_person"
    CONTEST = "contest"
    ROUTE = "route"
    INSPECTION = "inspection"


class OpenForDispute(Record, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A remedy needs a person of the platform: its case, or a new one, comes to their desk.

    `conversation` and `case` are those that the remedy belongs to, where it belongs to any. A
    second person gets a case of their own; it is never given to `barred`, who needs one. Remedy 0:
    there is none, as nothing could be given for what that case decided.
    """

    consumer: UUID
    subject: Subject
    market: Market
    remedy: int
    conversation: UUID | None = None
    case: int | None = None
    merchant: UUID | None = None
    creator: UUID | None = None
    language: Language = ""
    need: Need = Need.DISPUTE
    barred: UUID | None = None

    def target(self) -> Ref:
        if self.conversation is not None:
            return conversation_ref(consumer=self.consumer, conversation=self.conversation)
        return subject_ref(consumer=self.consumer, subject=self.subject)


class StillNeeded(Record, frozen=True, array_like=True):
    """A need of a remedy; a second person is not `barred`, who needs one."""

    need: Need
    barred: UUID | None = None


class NoteNeeds(Record, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """All that the remedies of this conversation's order still need people of the platform for.

    A case that was opened for what nobody is needed for any more, and in which nobody has spoken,
    is resolved by itself.
    """

    consumer: UUID
    conversation: UUID
    order: UUID
    needs: tuple[StillNeeded, ...] = ()

    def target(self) -> Ref:
        return conversation_ref(consumer=self.consumer, conversation=self.conversation)


class NoteBreachCorrected(Record, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The breach was none, as later news shows; a case that nobody touched resolves by itself."""

    consumer: UUID
    subject: Subject
    promise: UUID
    breach: Issue

    def target(self) -> Ref:
        return subject_ref(consumer=self.consumer, subject=self.subject)


class NoteRemedy(Record, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What became of a remedy, at that moment: tell the consumer, and know whether it still runs.

    `case` is the one that it belongs to; 0, or one that is gone: the newest open one. Without
    `notice` there is nothing to tell. `runs`: whether anything of the case's remedy is to come;
    None where that is as before, or it belongs to no case. `until` is by when something happens.
    """

    consumer: UUID
    conversation: UUID
    case: Annotated[int, Meta(ge=0)]
    remedy: Annotated[int, Meta(ge=0)]
    happened_at: Moment
    notice: Notice | None = None
    amount_minor: int = 0
    currency: CurrencyName = ""
    method: MethodName = ""
    until: Moment | None = None
    runs: bool | None = None

    def target(self) -> Ref:
        return conversation_ref(consumer=self.consumer, conversation=self.conversation)


class CaseCommand(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What every command about one case has."""

    consumer: UUID
    conversation: UUID
    case: CaseNumber

    def target(self) -> Ref:
        return conversation_ref(consumer=self.consumer, conversation=self.conversation)


class WithdrawClaim(CaseCommand, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The consumer wants nothing more. Nobody else can say so."""


class ConfirmSolved(CaseCommand, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The consumer's "Solved? Yes"."""


class RateService(CaseCommand, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """How the consumer found it, from 1 (bad) to 5, and perhaps why. Nobody else can say so."""

    score: Score
    reasons: RatingReasons = ()


class RequestCallBack(CaseCommand, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The consumer takes the call-back that a surge offers."""


class AssignCase(CaseCommand, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The agent's capacity is reserved. The answer is an event in any case, never a refusal.

    `given`: by a supervisor of that desk, whoever has the case now.
    """

    agent: UUID
    desk: Desk | None = None
    given: bool = False


class AgentCommand(CaseCommand, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody at a desk does. `agent` is who acts; None for the system and an admin."""

    agent: UUID | None = None


class ReopenCase(AgentCommand, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The consumer's "Not yet", by one tap; or an agent who resolved it wrongly."""

    channel: Channel = Channel.WEB


class PostMessage(AgentCommand, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Say something. Only a human's words to the consumer count as an answer.

    `to` makes an internal note a whisper: it is for the agent who has the case.
    """

    audience: Audience
    digest: Digest
    length: Length
    automatic: bool = False
    verdict: Verdict | None = None
    attachments: Attachments = ()
    to: UUID | None = None
    card: Card | None = None
    mentions: Annotated[tuple[UUID, ...], Meta(max_length=MENTIONS_MAX)] = ()


class NoteCall(AgentCommand, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The agent spoke with the consumer by telephone, or tried to; the text says what about.

    It stands between the desks, or is a note to one's own. Speaking is an answer; a call of the
    consumer's is a contact.
    """

    call: PhoneCall
    audience: Audience
    digest: Digest
    length: Length
    verdict: Verdict | None = None
    attachments: Attachments = ()


class ReturnToQueue(AgentCommand, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The agent no longer works on it; a hand-over line may come with it.

    `digest` and `length` are of a line that this command posts; `note` is one posted before.
    """

    reason: UnassignReason = UnassignReason.RETURNED
    digest: Digest | None = None
    length: Length = 0
    note: UUID | None = None
    verdict: Verdict | None = None
    attachments: Attachments = ()


class TransferCase(AgentCommand, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Another desk owns it from now on."""

    desk: Desk
    reason: Code


class ReferCase(AgentCommand, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Ask another desk; the text stands between the desks."""

    desk: Desk
    mode: ReferralMode
    digest: Digest
    length: Length
    verdict: Verdict | None = None
    attachments: Attachments = ()


class AnswerReferral(AgentCommand, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The asked desk answers; a case that was handed over goes back."""

    digest: Digest
    length: Length
    verdict: Verdict | None = None
    attachments: Attachments = ()


class TakeOverCase(AgentCommand, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The platform intervenes by its own decision."""

    reason: Code


class FollowUp(AgentCommand, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Look at it again then."""

    at: Moment


class AskConsumer(AgentCommand, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A stated question; the case waits for the answer, the desk's clock meanwhile stands."""

    digest: Digest
    length: Length
    verdict: Verdict | None = None
    attachments: Attachments = ()


class ResolveCase(AgentCommand, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """It is done, and this is why."""

    reason: ClosingReason


class MergeCases(AgentCommand, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """`case` is the same problem as `into`, which goes on."""

    into: CaseNumber


class SplitCase(AgentCommand, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """There is a second problem in it, with this issue: a case of its own."""

    issue: Issue


class Reclassify(AgentCommand, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """It is about something else than it seemed. Deadlines may come closer, never move away."""

    issue: Issue


class CorrectAttribution(AgentCommand, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Somebody found who owns, caused and is liable; the shares add up to 100."""

    owner: Desk
    cause: Party
    liable: Annotated[tuple[Share, ...], Meta(min_length=1, max_length=4)]
    reasons: Codes


class ReviewFlags(Record, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Somebody of the platform's has looked at what the gate flagged here, `seen` messages."""

    consumer: UUID
    conversation: UUID
    seen: Annotated[int, Meta(ge=1)]
    outcome: ReviewOutcome
    agent: UUID | None = None

    def target(self) -> Ref:
        return conversation_ref(consumer=self.consumer, conversation=self.conversation)


Speaking = (
    ReceiveContact
    | PostMessage
    | NoteCall
    | ReturnToQueue
    | ReferCase
    | AnswerReferral
    | AskConsumer
)
"""What says something. `verdict` and `attachments` are what our own gate found in the words and our
own look at the named files; nobody else fills them."""

ConversationCommand = (
    ReceiveContact
    | PostMessage
    | NoteCall
    | AssignCase
    | Wake
    | ResolveCase
    | ReturnToQueue
    | AskConsumer
    | OpenForBreach
    | NoteBreachCorrected
    | NoteRemedy
    | NoteNeeds
    | OpenForDispute
    | WithdrawClaim
    | ConfirmSolved
    | RateService
    | ReopenCase
    | RequestCallBack
    | TransferCase
    | ReferCase
    | AnswerReferral
    | TakeOverCase
    | FollowUp
    | MergeCases
    | SplitCase
    | Reclassify
    | CorrectAttribution
    | ReviewFlags
)


# ── Events ───────────────────────────────────────────────────────────────────────────────────────


class ConversationOpened(Record, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The first thing said about this subject."""

    consumer: UUID
    subject: Subject
    market: str
    at: datetime
    merchant: UUID | None = None
    creator: UUID | None = None


class PartiesSeen(Record, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Who sells and who presents it, as known from now on; of this `case` alone, if one is said."""

    at: datetime
    merchant: UUID | None = None
    creator: UUID | None = None
    case: int = 0


class CaseEvent(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What every event of one case has."""

    case: int
    at: datetime


class CaseOpened(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """`from_case` is the case that a split took this one out of, with its way past our help
    (`outside`) if it came so; `barred` does not get it. `merchant` and `creator` are whose it was
    said to be where it is about no order, as another case may be another shop's.
    """

    issue: str
    origin: Origin
    language: str
    channel: Channel | None = None
    surface: Surface | None = None
    from_case: int = 0
    barred: UUID | None = None
    outside: Channel | None = None
    merchant: UUID | None = None
    creator: UUID | None = None


class ContactReceived(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A contact begins; `number` counts this case's. Messages of the same session add none. The
    `language` is the case's from now on, where nobody had said it before.
    """

    kind: ContactKind
    number: int
    channel: Channel
    surface: Surface | None = None
    language: str = ""


class MessagePosted(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """At most one a command; the message's id is the command's id.

    `masks` are the places that nobody but the consumer reads in clear. `to` is the agent whom a
    whisper is for, `desk` the one in whose name a note is written.
    """

    audience: Audience
    author: Actor
    digest: bytes
    automatic: bool = False
    masks: tuple[Hit, ...] = ()
    attachments: tuple[UUID, ...] = ()
    to: UUID | None = None
    card: Card | None = None
    mentions: tuple[UUID, ...] = ()
    call: PhoneCall | None = None
    desk: Desk | None = None


class MessageFlagged(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The command's message is shown, and a person of the platform's has to look at it."""

    author: Actor
    hits: tuple[Hit, ...]
    rules: tuple[str, ...]
    gate: str


class FlagsReviewed(Record, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Somebody has looked at all messages that were flagged until now."""

    at: datetime
    by: Actor
    count: int
    outcome: ReviewOutcome


class Attributed(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Who owns the work, who caused it, who is liable with what share; each with its reasons."""

    owner: Desk
    owner_reasons: tuple[str, ...]
    cause: Party
    cause_reasons: tuple[str, ...]
    liable: tuple[Share, ...]
    rule: str
    by: Actor


class RoutedTo(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """It waits in this desk's queue (or will, once the consumer replied). 0 is served first."""

    desk: Desk
    skill: str
    language: str
    priority: int
    pack: str
    preferred: UUID | None = None


class ClockStarted(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A deadline runs, on this side; `desk` is whose it is. `at` is when counting began.

    `seconds_max`: the desk had the case before, and so many open seconds were left to it.
    """

    clock: ClockKind
    side: Side
    due_at: datetime
    rule: str
    pack: str
    warn_at: datetime | None = None
    desk: Desk | None = None
    reminders: int = 0
    seconds_max: int | None = None


class ClocksStopped(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """These clocks no longer run; each says whether its deadline was kept.

    `left_seconds`: so many open seconds the desk that gives the case away still had to resolve it.
    """

    clocks: tuple[Stopped, ...]
    reason: StopReason
    left_seconds: int = 0


class ClockPaused(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A desk's clock stands still while the consumer is asked, with so many open seconds left."""

    clock: ClockKind
    side: Side
    left_seconds: int


class ClockResumed(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    clock: ClockKind
    side: Side
    due_at: datetime
    warn_at: datetime | None = None


class ClockMoved(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """It is due at another time: the case is more urgent now, somebody is there again, or what the
    recontact window waits for is not over.
    """

    clock: ClockKind
    side: Side
    due_at: datetime
    warn_at: datetime | None = None


class ClockWarned(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """It will run out at `due_at` unless something is done."""

    clock: ClockKind
    side: Side
    due_at: datetime
    desk: Desk | None = None
    agent: UUID | None = None


class ClockExpired(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """It ran out at `due_at`; what follows from it follows in the same decision."""

    clock: ClockKind
    side: Side
    due_at: datetime


class ObligationMissed(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A desk did not do in time what it had to; once for each deadline."""

    desk: Desk
    clock: ClockKind
    due_at: datetime


class PartyReminded(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The `number`th reminder about the same thing; a fresh clock runs."""

    who: Reminded
    clock: ClockKind
    number: int
    desk: Desk | None = None


class PriorityRaised(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    priority: int


class CaseAssigned(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    agent: UUID


class AssignmentDeclined(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The agent's reserved place is free again."""

    agent: UUID
    reason: DeclineReason


class CaseUnassigned(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Exactly one for each assignment that ended.

    `note` is the internal message with the hand-over line. Whoever shows it looks it up among this
    conversation's messages, and nowhere else.
    """

    agent: UUID
    reason: UnassignReason
    note: UUID | None = None


class ConsumerAsked(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """`question` is a message; `number` counts the case's questions. It was asked in `from_case`,
    if that is said, and waits on in this one since the two were merged.
    """

    question: UUID
    number: int
    agent: UUID | None = None
    from_case: int = 0


class WaitEnded(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The desk's clock stood for so long, because of this agent's question."""

    outcome: WaitOutcome
    paused_seconds: int
    agent: UUID | None = None


class FollowUpSet(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    due_at: datetime
    agent: UUID | None = None


REFINED = "refined_by_consumer"
"""The reason of a transfer that nobody decided: the consumer said what it is about."""


class Transferred(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    from_desk: Desk
    to_desk: Desk
    reason: str


class Referred(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """`from_desk` asks `to_desk`; handed over, the latter owns the case meanwhile. It asked in
    `from_case`, if that is said, and the question went on in this one when the two were merged.
    """

    from_desk: Desk
    to_desk: Desk
    mode: ReferralMode
    question: UUID
    agent: UUID | None = None
    from_case: int = 0


class ReferralEnded(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The desk was asked no longer; where the case goes from there is routed."""

    desk: Desk
    outcome: ReferralOutcome
    answer: UUID | None = None


class TakenOver(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The platform owns it now. `clock` and `side` say which one ran out, if one did."""

    from_desk: Desk
    by: Desk
    cause: TakeOverCause
    clock: ClockKind | None = None
    side: Side | None = None
    reason: str = ""


class Decided(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The rule decided, without a person; the consumer can always say that it is not solved."""

    decision: str
    rule: str
    pack: str


class ConsumerTold(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What the consumer reads: who has it, by when it is answered, how long the wait is; or what
    became of a remedy: how much it gives, in minor units, how, and until when what comes next. The
    `language` is the case's, unless one is said, as that is closed.
    """

    notice: Notice
    desk: Desk | None = None
    until: datetime | None = None
    wait_seconds: int = 0
    amount_minor: int = 0
    currency: str = ""
    method: str = ""
    remedy: int = 0
    language: str = ""


class RemedyNoted(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A remedy of this case runs, or (`runs` false) nothing of it is to come any more. `wished`: it
    was asked for, or answered, by its name.
    """

    remedy: int
    runs: bool
    wished: bool = False


class NeedNoted(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A remedy that needs a person of the platform came to this case, or (`stands` false) nobody
    is needed for any of them (any more).
    """

    stands: bool


class CallBackOffered(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    pass


class CallBackRequested(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Somebody calls by `due_at`."""

    due_at: datetime


class CaseResolved(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Done, for this reason; the recontact window begins."""

    reason: ClosingReason
    desk: Desk
    by: Actor
    agent: UUID | None = None


class CaseReopened(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The same case with its history; `number` counts how often it was not solved. `by_consumer`:
    what they say then goes on with it."""

    cause: ReopenCause
    number: int
    by_consumer: bool = False


class SolvedConfirmed(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    pass


class ServiceRated(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """How the consumer found the service in this case; a later one takes its place."""

    score: int
    reasons: tuple[RatingReason, ...] = ()


class CaseClosed(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The recontact window is over, or room was needed. `contact_once`: one contact was enough."""

    contact_once: bool


class CasesMerged(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """`case` has ended in `into`, which takes over its contacts.

    `origin` is what `into` counts as from now on, where it had opened by itself and the other had
    not. `left` is what desks have left to resolve `into`, should they get it, as they had less for
    `case`.
    """

    into: int
    origin: Origin | None = None
    left: tuple[Left, ...] = ()


class CaseSplit(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    new_case: int


class Reclassified(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    issue: str
    priority: int


class BreachNoted(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The broken promise that this case makes good."""

    promise: UUID
    breach: str
    due_at: datetime


class BreachCorrected(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    promise: UUID
    breach: str


ConversationEvent = (
    MessagePosted
    | ClocksStopped
    | ClockStarted
    | ContactReceived
    | CaseAssigned
    | CaseUnassigned
    | RoutedTo
    | Attributed
    | CaseOpened
    | ConversationOpened
    | CaseResolved
    | CaseClosed
    | ConsumerTold
    | RemedyNoted
    | NeedNoted
    | ClockWarned
    | ClockExpired
    | ClockPaused
    | ClockResumed
    | ClockMoved
    | ObligationMissed
    | PartyReminded
    | PriorityRaised
    | AssignmentDeclined
    | ConsumerAsked
    | WaitEnded
    | FollowUpSet
    | Transferred
    | Referred
    | ReferralEnded
    | TakenOver
    | Decided
    | CallBackOffered
    | CallBackRequested
    | CaseReopened
    | SolvedConfirmed
    | ServiceRated
    | CasesMerged
    | CaseSplit
    | Reclassified
    | BreachNoted
    | BreachCorrected
    | PartiesSeen
    | MessageFlagged
    | FlagsReviewed
)
