"""A case as the agent's list shows it: enough to choose by, in one line."""

from uuid import UUID

import msgspec

from oncedesk.domain.conversations.foretelling import Foreseen, Foretold
from oncedesk.domain.conversations.messages import Audience, Channel, Side, Surface
from oncedesk.domain.remedies.waiting import Silence, silence_of
from oncedesk.domain.remedies.words import ClockKind as RemedyClockKind
from oncedesk.domain.remedies.words import RemedyKind
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.decider import Role
from oncedesk.domain.shared.rulepack import ClockKind
from oncedesk.http.shapes.cases import Number
from oncedesk.http.shapes.words import DeskName, SubjectShape, subject_shape
from oncedesk.storage.views.desk_list import LastSaid, ListedCase, RemedyRunning


class LastSaidShape(msgspec.Struct, frozen=True, kw_only=True):
    """The beginning of what was said last; without `text` it was erased."""

    at: Moment
    audience: Audience
    by: Role
    text: str | None


class NextClockShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The clock of the case that runs out first, whose it is, and what then happens by itself.

    Without `desk` it is the consumer's. `decision` is what silence decides, where `then` says so.
    """

    clock: ClockKind
    side: Side
    due_at: Moment
    then: Foreseen
    desk: DeskName | None = None
    decision: str = ""


class RemedyClockShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The remedy of the case whose clock runs out first: how much it gives, and what silence means
    where an answer is awaited."""

    remedy: Number
    kind: RemedyKind
    amount_minor: int
    currency: str
    clock: RemedyClockKind
    due_at: Moment
    desk: DeskName | None = None
    silence: Silence | None = None


class ListedShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A case in the agent's list. `name` is the consumer's as others see it.

    `clock` and `remedy` are missing where the case has ended meanwhile. `outside`: they came past
    our help, for instance by a regulator. `late`: a deadline that binds a desk has passed.
    """

    consumer: UUID
    conversation: UUID
    case: Number
    name: str
    issue: str
    language: str
    priority: int
    status: str
    skill: str
    queue_due_at: Moment
    version: Number
    late: bool = False
    desk: DeskName | None = None
    agent: UUID | None = None
    subject: SubjectShape | None = None
    merchant: UUID | None = None
    surface: Surface | None = None
    outside: Channel | None = None
    said: LastSaidShape | None = None
    clock: NextClockShape | None = None
    remedy: RemedyClockShape | None = None


def listed_shape(listed: ListedCase) -> ListedShape:
    row, case, conversation = listed.row, listed.case, listed.conversation
    return ListedShape(
        consumer=row.consumer,
        conversation=row.conversation,
        case=row.case,
        name=listed.name,
        issue=row.issue,
        language=row.language,
        priority=row.priority,
        status=row.status,
        skill=row.skill,
        queue_due_at=row.queue_due_at,
        version=row.version,
        late=row.late,
        desk=None if case is None else str(case.owner),
        agent=row.agent,
        subject=None if conversation is None else subject_shape(conversation.subject),
        merchant=listed.merchant,
        surface=None if case is None else case.surface,
        outside=None if case is None else case.outside,
        said=None if listed.said is None else said_shape(listed.said),
        clock=None if listed.foretold is None else _clock(listed.foretold),
        remedy=None if listed.running is None else _remedy(listed.running),
    )


def said_shape(said: LastSaid) -> LastSaidShape:
    return LastSaidShape(at=said.at, audience=said.audience, by=said.author.role, text=said.text)


def _clock(foretold: Foretold) -> NextClockShape:
    return NextClockShape(
        clock=foretold.clock,
        side=foretold.side,
        due_at=foretold.due_at,
        then=foretold.then,
        desk=None if foretold.desk is None else str(foretold.desk),
        decision=foretold.decision,
    )


def _remedy(running: RemedyRunning) -> RemedyClockShape:
    remedy, clock = running.remedy, running.clock
    awaited = clock.kind is RemedyClockKind.ANSWER
    return RemedyClockShape(
        remedy=remedy.number,
        kind=remedy.kind,
        amount_minor=remedy.amount_minor,
        currency=running.currency,
        clock=clock.kind,
        due_at=clock.due_at,
        desk=None if remedy.desk is None else str(remedy.desk),
        silence=silence_of(remedy) if awaited else None,
    )
