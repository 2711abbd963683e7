"""Cases, conversations and messages, as a desk or the marketplace reads them."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from oncedesk.domain.conversations.messages import (
    Audience,
    CallDirection,
    Card,
    CardKind,
    CaseStatus,
    Channel,
    ClosingReason,
    Origin,
    RatingReason,
    ReferralMode,
    Side,
    Surface,
)
from oncedesk.domain.conversations.state import Case, Clock, ClosedCase, Conversation
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.decider import Role
from oncedesk.domain.shared.rulepack import ClockKind
from oncedesk.http.shapes.rules import OriginShape
from oncedesk.http.shapes.words import DeskName, SubjectShape, subject_shape
from oncedesk.storage.views.cases import SeenConversation
from oncedesk.storage.views.inbox import InboxRow
from oncedesk.storage.views.readers import Reader
from oncedesk.storage.views.story import Told
from oncedesk.storage.views.thread import Message

Number = Annotated[int, Meta(ge=1)]
Count = Annotated[int, Meta(ge=0)]


class ClockShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A deadline. Without `due_at` it stands still, with `left_seconds` to go."""

    kind: ClockKind
    side: Side
    due_at: Moment | None = None
    warn_at: Moment | None = None
    left_seconds: Count = 0
    reminders: Count = 0


class ReferralShape(msgspec.Struct, frozen=True, kw_only=True):
    """The desk that was asked, by which, and in which message."""

    desk: DeskName
    back_to: DeskName
    mode: ReferralMode
    question: UUID


class AskedShape(msgspec.Struct, frozen=True, kw_only=True):
    """What the consumer was asked, in this message, and has not answered yet."""

    question: UUID
    at: Moment


class RatingShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the consumer found the service, from 1 to 5, and why: that stands here of the case that
    was rated last, and of each in the thread."""

    score: Annotated[int, Meta(ge=1, le=5)]
    reasons: tuple[RatingReason, ...] = ()


class CaseShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One problem, who has it, and which clocks run. Of one that is closed only what is kept."""

    number: Number
    status: CaseStatus
    issue: str
    opened_at: Moment | None = None
    origin: Origin | None = None
    language: str = ""
    owner: DeskName | None = None
    priority: int | None = None
    agent: UUID | None = None
    clocks: tuple[ClockShape, ...] = ()
    due_at: Moment | None = None
    asked: AskedShape | None = None
    referral: ReferralShape | None = None
    contacts: Count = 0
    contact_once: bool | None = None
    answered: bool = False
    call_back: bool = False
    reopens: Count = 0
    last_at: Moment | None = None
    reason: ClosingReason | None = None
    closed_at: Moment | None = None
    surface: Surface | None = None
    outside: Channel | None = None
    rating: RatingShape | None = None


class ConversationShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything between a consumer and us about one subject, as far as the reader is part.

    `flags`: so many of its messages wait for a review.
    """

    id: UUID
    consumer: UUID
    subject: SubjectShape
    market: str
    version: Number
    opened_at: Moment
    changed_at: Moment | None
    cases: tuple[CaseShape, ...]
    merchant: UUID | None = None
    creator: UUID | None = None
    flags: Count = 0


class CardShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a page shows with the message, in its own words: an order, or a remedy of it."""

    kind: CardKind
    order: UUID
    remedy: Number | None = None


class PhoneCallShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who called whom, for how long (0: nobody was reached), at which number as everybody sees it,
    and where the recording is. Both of these are gone with the text."""

    direction: CallDirection
    seconds: Count
    number: str | None = None
    recording: str | None = None


class MessageShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One message. Its `version` is the position to ask on from. Erased, it has no text.

    `attachments` are the ids of its files. `flagged`: the gate found something in it. `to`: a
    whisper, for this agent. `card`: the order or remedy that it shows. `call`: a telephone call.
    """

    version: Number
    id: UUID
    case: Number
    audience: Audience
    by: Role
    at: Moment
    text: str | None
    agent: UUID | None = None
    erased_at: Moment | None = None
    attachments: tuple[UUID, ...] = ()
    flagged: bool = False
    to: UUID | None = None
    card: CardShape | None = None
    call: PhoneCallShape | None = None


class Messages(msgspec.Struct, frozen=True, kw_only=True):
    """Messages in their order. `upto` is the version to ask on `after`; `more`: at once."""

    items: tuple[MessageShape, ...]
    upto: Count
    more: bool


class QueuedShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A case in a list. `due_at` is when `clock` runs out, the next of its clocks; `late`: one
    that binds a desk has run out before."""

    consumer: UUID
    conversation: UUID
    case: Number
    skill: str
    language: str
    issue: str
    priority: int
    status: str
    clock: str
    due_at: Moment
    queue_due_at: Moment
    version: Number
    agent: UUID | None = None
    late: bool = False


class ToldShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was done: by whom, when, on the basis of which rules, and what it came to.

    `packs` names the rule packs in force; `who` is none for machines and the system itself. Of a
    telephone note that the reader may not read there is only what it came to: `command` is empty.
    """

    version: Number
    command_id: UUID
    command: str
    at: Moment
    by: Role
    basis: tuple[str, ...]
    packs: str
    events: tuple[dict[str, Any], ...]
    who: UUID | None = None


class AgentNamed(msgspec.Struct, frozen=True, kw_only=True):
    """What an agent is called; masked, unless the reader sees everything."""

    id: UUID
    name: str


class CitedRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A rule that is named as a basis: its table and key in the rule pack, and where it comes from;
    without `origin` it is the program's own. Of a group of values one row stands for all."""

    rule: str
    table: str
    key: str
    origin: OriginShape | None = None


class StoryShape(msgspec.Struct, frozen=True, kw_only=True):
    """A part of it, in its order. With `upto` there is more: ask on `after` that."""

    items: tuple[ToldShape, ...]
    upto: Number | None = None
    agents: tuple[AgentNamed, ...] = ()
    rules: tuple[CitedRule, ...] = ()


def conversation_shape(seen: SeenConversation) -> ConversationShape:
    """What of it this reader may see."""
    state = seen.state
    return ConversationShape(
        id=seen.ref.id,
        consumer=state.consumer,
        subject=subject_shape(state.subject),
        market=state.market,
        version=seen.version,
        opened_at=state.opened_at,
        changed_at=seen.at,
        cases=case_shapes(seen),
        merchant=state.merchant,
        creator=state.creator,
        flags=seen.flags,
    )


def case_shapes(seen: SeenConversation) -> tuple[CaseShape, ...]:
    """The cases that may be seen, by number; those that ended long ago are only counted."""
    state = seen.state
    closed = [
        CaseShape(
            number=case.number,
            status=CaseStatus.CLOSED,
            issue=case.issue,
            opened_at=case.opened_at,
            reason=case.reason,
            closed_at=case.closed_at,
            rating=rating_shape(state, case),
        )
        for case in state.closed
        if case.number in seen.cases
    ]
    live = [_case(state, case) for case in state.cases if case.number in seen.cases]
    return tuple(sorted([*closed, *live], key=lambda case: case.number))


def _case(state: Conversation, case: Case) -> CaseShape:
    referral, asked = case.referral, case.asked
    return CaseShape(
        number=case.number,
        status=case.status,
        issue=case.issue,
        opened_at=case.opened_at,
        origin=case.origin,
        language=case.language,
        owner=str(case.owner),
        priority=case.priority,
        agent=case.agent,
        clocks=tuple(_clock(clock) for clock in case.clocks),
        due_at=case.due_at,
        asked=None if asked is None else AskedShape(question=asked.question, at=asked.at),
        referral=None
        if referral is None
        else ReferralShape(
            desk=str(referral.desk),
            back_to=str(referral.back_to),
            mode=referral.mode,
            question=referral.question,
        ),
        contacts=case.contacts,
        contact_once=not case.failed,
        answered=case.answered,
        call_back=case.call_back,
        reopens=case.reopens,
        last_at=case.last_at,
        reason=case.closing,
        surface=case.surface,
        outside=case.outside,
        rating=rating_shape(state, case),
    )


def rating_shape(state: Conversation, case: Case | ClosedCase) -> RatingShape | None:
    if not case.score:
        return None
    last = state.rated
    reasons = last.reasons if last is not None and last.case == case.number else ()
    return RatingShape(score=case.score, reasons=reasons)


def _clock(clock: Clock) -> ClockShape:
    return ClockShape(
        kind=clock.kind,
        side=clock.side,
        due_at=clock.due_at,
        warn_at=clock.warn_at,
        left_seconds=clock.left_seconds,
        reminders=clock.reminders,
    )


def messages_shape(
    messages: Sequence[Message], reader: Reader, *, after: int, limit: int
) -> Messages:
    """So much of what was said; a consumer is told in what capacity somebody spoke, not who."""
    tells = reader.actor.role is not Role.CONSUMER
    return Messages(
        items=tuple(
            MessageShape(
                version=one.version,
                id=one.id,
                case=one.case,
                audience=one.audience,
                by=one.author.role,
                at=one.at,
                text=one.text,
                agent=one.author.id if tells and one.author.role is Role.AGENT else None,
                erased_at=one.erased_at,
                attachments=one.attachments,
                flagged=one.flagged,
                to=one.to,
                card=_card(one.card),
                call=_call(one),
            )
            for one in messages
        ),
        upto=messages[-1].version if messages else after,
        more=len(messages) == limit,
    )


def _card(card: Card | None) -> CardShape | None:
    if card is None:
        return None
    return CardShape(kind=card.kind, order=card.order, remedy=card.remedy or None)


def _call(one: Message) -> PhoneCallShape | None:
    call = one.call
    if call is None:
        return None
    return PhoneCallShape(
        direction=call.direction,
        number=one.number,
        seconds=call.seconds,
        recording=one.recording,
    )


def queued_shape(row: InboxRow) -> QueuedShape:
    return QueuedShape(
        consumer=row.consumer,
        conversation=row.conversation,
        case=row.case,
        skill=row.skill,
        language=row.language,
        issue=row.issue,
        priority=row.priority,
        status=row.status,
        clock=row.next_clock,
        due_at=row.next_due_at,
        queue_due_at=row.queue_due_at,
        version=row.version,
        agent=row.agent,
        late=row.late,
    )


def told_shape(told: Told) -> ToldShape:
    return ToldShape(
        version=told.version,
        command_id=told.command_id,
        command=told.command,
        at=told.at,
        by=told.actor.role,
        basis=told.basis,
        packs=told.packs,
        events=tuple(_event(event) for event in told.events),
        who=told.actor.id,
    )


def _event(event: Any) -> dict[str, Any]:
    """As it was recorded; the digests of texts are of no use to anybody here."""
    plain: dict[str, Any] = msgspec.to_builtins(event)
    return {name: value for name, value in plain.items() if name not in ("digest", "body")}
