"""Who is to be told what, because nobody knows whether they are looking; when, and with what else.

A command makes at most one notification for each recipient and kind. A consumer's waits a little
for others like it, and through the night; a desk's leaves at once. Texts never leave in one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.conversations.messages import (
    Audience,
    CasesMerged,
    ClockWarned,
    ConsumerAsked,
    ConsumerTold,
    MessagePosted,
    Notice,
    PartyReminded,
    ReferralEnded,
    ReferralMode,
    ReferralOutcome,
    Referred,
    Reminded,
    Side,
    TakenOver,
    Transferred,
)
from oncedesk.domain.conversations.state import Conversation
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk
from oncedesk.domain.shared.rulepack import ClockKind, Pack


class NotificationKind(StrEnum):
    """What somebody is told. All of `Notice` are among them: what the consumer reads."""

    ANSWER = "answer"
    QUESTION = "question"
    REMINDER = "reminder"
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
    CASE_RECEIVED = "case_received"
    CASE_TAKEN = "case_taken"
    WHISPER = "whisper"
    REFERRAL_ENDED = "referral_ended"
    CLOCK_WARNING = "clock_warning"
    REMEDY_WAITS = "remedy_waits"
    FINAL_PAYMENT = "final_payment"
    PRESALE_ENDED = "presale_ended"
    WEBHOOK_DISABLED = "webhook_disabled"


class RecipientKind(StrEnum):
    """Who is told: a consumer, an agent, or whoever is at a desk."""

    CONSUMER = "consumer"
    AGENT = "agent"
    DESK = "desk"


class Recipient(Record, frozen=True, omit_defaults=True):
    """`id` is of the consumer or agent; `desk` is where an agent is told, or the desk itself."""

    kind: RecipientKind
    id: UUID | None = None
    desk: str = ""


class Notification(Record, frozen=True, omit_defaults=True):
    """One command's notification. `deadline` is by when it takes action, `leaves_at` not before."""

    recipient: Recipient
    kind: NotificationKind
    case: int
    language: str
    leaves_at: datetime
    deadline: datetime | None = None


class Waiting(Record, frozen=True, omit_defaults=True):
    """A notification on its way: `version` is the conversation's that it tells of.

    One about an `order` and no case has the order in the place of the conversation, and its version
    is that of whatever told it.
    """

    notification: Notification
    consumer: UUID
    conversation: UUID
    version: int
    market: str
    order: UUID | None = None


class Merged(Record, frozen=True, omit_defaults=True):
    """Several that leave as one: `latest` stands for them, with the earliest of their deadlines."""

    latest: Waiting
    count: int


def notifications(
    *,
    before: Conversation | None,
    after: Conversation,
    events: Sequence[Any],
    actor: Actor,
    pack: Pack,
    now: datetime,
) -> Sequence[Notification]:
    """What these events of one command tell whom. Whoever gave the command sees what came of it.

    What waits does so from `now`: the events' moment is later where the clock was set back.
    """
    found: dict[tuple[Recipient, NotificationKind], Notification] = {}
    told = _Telling(before, after, events, pack, now)
    for event in events:
        tell = _TELLS.get(type(event))
        if tell is None:
            continue
        for one in tell(told, event):
            if not _is_own(one.recipient, actor):
                key = one.recipient, one.kind
                other = found.get(key)
                found[key] = one if other is None else _more_pressing(one, other)
    return [*found.values()]


def about_order(
    kind: NotificationKind,
    *,
    consumer: UUID,
    at: datetime,
    pack: Pack,
    language: str = "",
    deadline: datetime | None = None,
) -> Notification:
    """What a consumer has to know of an order: not at night, unless that were too late."""
    recipient = Recipient(RecipientKind.CONSUMER, consumer)
    leaves_at = _when_awake(at, pack)
    found = Notification(recipient, kind, 0, language or pack.language, leaves_at, deadline)
    return replace(found, leaves_at=at) if is_too_late(found, now=at, at=leaves_at) else found


def desk_about_order(
    kind: NotificationKind, *, desk: Desk, at: datetime, pack: Pack, deadline: datetime
) -> Notification:
    """What a desk has to do about an order, at once."""
    return Notification(
        Recipient(RecipientKind.DESK, None, str(desk)), kind, 0, pack.language, at, deadline
    )


def kind_of(notice: Notice) -> NotificationKind:
    """As what a consumer is told of this."""
    return _NOTICES[notice]


def merged(waiting: Iterable[Waiting], *, now: datetime) -> Sequence[Sequence[Waiting]]:
    """The groups that leave now: all of one kind for one recipient about one conversation, by
    version, as soon as the first of them may leave.
    """
    groups: dict[tuple[UUID, Recipient, NotificationKind], list[Waiting]] = {}
    for one in waiting:
        notification = one.notification
        key = one.conversation, notification.recipient, notification.kind
        groups.setdefault(key, []).append(one)
    return [
        sorted(group, key=lambda one: one.version)
        for group in groups.values()
        if min(one.notification.leaves_at for one in group) <= now
    ]


def quiet_until(recipient: Recipient, *, pack: Pack, now: datetime) -> datetime | None:
    """If it is night for them now, when it ends: what was due before it may leave late."""
    hours = pack.notifying.hours
    if recipient.kind is not RecipientKind.CONSUMER or not hours:
        return None
    opens = pack.calendars[hours].next_open(now)
    return opens if opens > now else None


def merge(group: Sequence[Waiting], *, at: datetime) -> Merged:
    """What one of these groups says as a whole, when it leaves then."""
    *earlier, latest = group
    notification = _as_left(latest.notification, at=at)
    for one in earlier:
        notification = _more_pressing(notification, _as_left(one.notification, at=at))
    return Merged(latest=replace(latest, notification=notification), count=len(group))


def is_too_late(one: Notification, *, now: datetime, at: datetime) -> bool:
    """Whether what the consumer can still do is over before they would read of it then."""
    if one.deadline is None or one.kind in _WE_ACT:
        return False
    return now < one.deadline <= at


def _as_left(one: Notification, *, at: datetime) -> Notification:
    """By when something was to have happened on our side is no promise any more."""
    of_consumer = one.recipient.kind is RecipientKind.CONSUMER
    if one.deadline is None or one.deadline > at or not of_consumer or one.kind not in _WE_ACT:
        return one
    return replace(one, deadline=None)


def _more_pressing(one: Notification, other: Notification) -> Notification:
    """The first, unless the other has to be acted upon earlier."""
    if other.deadline is None or (one.deadline is not None and one.deadline <= other.deadline):
        return one
    return other


def _is_own(recipient: Recipient, actor: Actor) -> bool:
    if recipient.kind is RecipientKind.CONSUMER:
        return actor.role is Role.CONSUMER
    return recipient.kind is RecipientKind.AGENT and actor.id == recipient.id


class _Telling:
    """One command, and whom it tells."""

    def __init__(
        self,
        before: Conversation | None,
        after: Conversation,
        events: Sequence[Any],
        pack: Pack,
        now: datetime,
    ) -> None:
        self.before = before
        self.after = after
        self.events = events
        self.pack = pack
        self.now = now

    def consumer(
        self,
        kind: NotificationKind,
        event: Any,
        *,
        deadline: datetime | None = None,
        language: str = "",
    ) -> Sequence[Notification]:
        recipient = Recipient(RecipientKind.CONSUMER, self.after.consumer)
        language = language or self.after.language(event.case) or self.pack.language
        leaves_at = _when_awake(self.now, self.pack)
        found = Notification(recipient, kind, event.case, language, leaves_at, deadline)
        too_late = is_too_late(found, now=self.now, at=leaves_at)
        return (replace(found, leaves_at=self.now) if too_late else found,)

    def desk(
        self,
        kind: NotificationKind,
        event: Any,
        *,
        desk: Desk,
        agent: UUID | None = None,
        deadline: datetime | None = None,
    ) -> Sequence[Notification]:
        who = RecipientKind.DESK if agent is None else RecipientKind.AGENT
        recipient = Recipient(who, agent, str(desk))
        language = self.pack.language
        return (Notification(recipient, kind, event.case, language, self.now, deadline),)

    def first_due(self, number: int, side: Side, kind: ClockKind | None = None) -> datetime | None:
        """When the first of this side's clocks (of this kind) runs out."""
        case = self.after.case(number)
        ends = [
            clock.due_at
            for clock in (() if case is None else case.clocks)
            if clock.due_at is not None and clock.side is side and kind in (None, clock.kind)
        ]
        return min(ends, default=None)


def _when_awake(at: datetime, pack: Pack) -> datetime:
    """After the time in which others may join it, and not at night."""
    rule = pack.notifying
    leaves_at = at + timedelta(seconds=rule.merge_seconds)
    return pack.calendars[rule.hours].next_open(leaves_at) if rule.hours else leaves_at


def _posted(told: _Telling, event: MessagePosted) -> Sequence[Notification]:
    if event.to is not None:
        return _whispered(told, event, to=event.to)
    human = event.author.role in (Role.AGENT, Role.ADMIN) and not event.automatic
    if not human or event.audience is not Audience.CONSUMER:
        return ()
    if any(type(other) is ConsumerAsked and other.case == event.case for other in told.events):
        return ()  # It is the question, which is told as such.
    return told.consumer(NotificationKind.ANSWER, event)


def _whispered(told: _Telling, event: MessagePosted, *, to: UUID) -> Sequence[Notification]:
    case = told.after.case(event.case)
    if case is None:
        return ()
    return told.desk(NotificationKind.WHISPER, event, desk=case.owner, agent=to)


def _asked(told: _Telling, event: ConsumerAsked) -> Sequence[Notification]:
    if event.from_case:
        return ()  # They were told when it was asked.
    reply_by = told.first_due(event.case, Side.CONSUMER, ClockKind.REPLY)
    return told.consumer(NotificationKind.QUESTION, event, deadline=reply_by)


def _reminded(told: _Telling, event: PartyReminded) -> Sequence[Notification]:
    if event.who is Reminded.CONSUMER:
        due_at = told.first_due(event.case, Side.CONSUMER, event.clock)
        return told.consumer(NotificationKind.REMINDER, event, deadline=due_at)
    if event.desk is None:
        return ()
    due_at = _desk_due(told, event.case, event.clock)
    return told.desk(NotificationKind.REMINDER, event, desk=event.desk, deadline=due_at)


def _notice(told: _Telling, event: ConsumerTold) -> Sequence[Notification]:
    kind = _NOTICES[event.notice]
    return told.consumer(kind, event, deadline=event.until, language=event.language)


def _warned(told: _Telling, event: ClockWarned) -> Sequence[Notification]:
    if event.desk is None:
        return ()
    return told.desk(
        NotificationKind.CLOCK_WARNING,
        event,
        desk=event.desk,
        agent=event.agent,
        deadline=event.due_at,
    )


def _transferred(told: _Telling, event: Transferred) -> Sequence[Notification]:
    due_at = told.first_due(event.case, Side.DESK)
    return told.desk(NotificationKind.CASE_RECEIVED, event, desk=event.to_desk, deadline=due_at)


def _referred(told: _Telling, event: Referred) -> Sequence[Notification]:
    if event.from_case:
        return ()
    due_at = _desk_due(told, event.case, None)
    return told.desk(NotificationKind.CASE_RECEIVED, event, desk=event.to_desk, deadline=due_at)


def _referral_ended(told: _Telling, event: ReferralEnded) -> Sequence[Notification]:
    """Whoever has the case there, or else whoever asked, need wait no longer. What they ended
    themselves, as it was theirs all the time, is no news.
    """
    case = None if told.before is None else told.before.case(event.case)
    if case is None or case.referral is None:
        return ()
    asked = case.referral
    stayed = asked.mode is ReferralMode.STAY
    if stayed and event.outcome is ReferralOutcome.WITHDRAWN:
        return ()
    if any(type(other) is Referred and other.from_case == event.case for other in told.events):
        return ()  # It goes on in the case into which this one was merged.
    has_it = case.agent if stayed else None
    return told.desk(
        NotificationKind.REFERRAL_ENDED, event, desk=asked.back_to, agent=has_it or asked.agent
    )


def _taken(told: _Telling, event: TakenOver) -> Sequence[Notification]:
    if event.from_desk == PLATFORM:
        return ()
    return told.desk(NotificationKind.CASE_TAKEN, event, desk=event.from_desk)


def _merged(told: _Telling, event: CasesMerged) -> Sequence[Notification]:
    """Whoever had a case that has ended in another desk's looks for it no more."""
    case = None if told.before is None else told.before.case(event.case)
    into = told.after.case(event.into)
    if case is None or into is None or case.owner in (PLATFORM, into.owner):
        return ()
    return told.desk(NotificationKind.CASE_TAKEN, event, desk=case.owner)


def _desk_due(told: _Telling, number: int, kind: ClockKind | None) -> datetime | None:
    """A desk that was only asked has a clock of its own."""
    asked = told.first_due(number, Side.REFERRAL, kind)
    return asked if asked is not None else told.first_due(number, Side.DESK, kind)


_WE_ACT = frozenset(
    (
        NotificationKind.ANSWER_BY,
        NotificationKind.WAITING,
        NotificationKind.TAKEN_OVER,
        NotificationKind.BREACH_NOTICED,
        NotificationKind.COMPENSATED,
        NotificationKind.REMEDY_ASKED,
        NotificationKind.REMEDY_ANSWER_BY,
        NotificationKind.RETURN_RECEIVED,
    )
)
"""Of these the deadline is one of ours, and nobody is woken for it."""
_NOTICES = {notice: NotificationKind(notice.value) for notice in Notice}
_TELLS: Mapping[type, Callable[[_Telling, Any], Sequence[Notification]]] = {
    MessagePosted: _posted,
    ConsumerAsked: _asked,
    PartyReminded: _reminded,
    ConsumerTold: _notice,
    ClockWarned: _warned,
    Transferred: _transferred,
    Referred: _referred,
    ReferralEnded: _referral_ended,
    TakenOver: _taken,
    CasesMerged: _merged,
}
