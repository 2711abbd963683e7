"""A new case: attributed, routed, with its clocks running, or decided at once in a surge."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from oncedesk.domain.conversations import clocks
from oncedesk.domain.conversations.attribution import (
    Owner,
    Parties,
    answer_by,
    attribute,
    find_owner,
)
from oncedesk.domain.conversations.joining import has_room, in_window
from oncedesk.domain.conversations.messages import (
    CallBackOffered,
    CaseClosed,
    CaseResolved,
    Channel,
    ClockStarted,
    ClosingReason,
    ConsumerTold,
    ContactKind,
    ConversationEvent,
    ConversationOpened,
    Decided,
    Notice,
    PartiesSeen,
    RoutedTo,
    Side,
)
from oncedesk.domain.conversations.routing import PRIORITY_LAST, contact_priority
from oncedesk.domain.conversations.state import CASES_LIVE_MAX, RESPONSES, Conversation
from oncedesk.domain.conversations.subjects import Subject
from oncedesk.domain.shared.decider import SYSTEM, Actor
from oncedesk.domain.shared.facts_seen import OrderSeen
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.rulepack import GIVING, ClockKind, IssueRule, Pack

_AT_OPENING = (
    (ClockKind.FIRST_RESPONSE, Side.CONSUMER),
    (ClockKind.FIRST_RESPONSE, Side.DESK),
    (ClockKind.RESOLUTION, Side.CONSUMER),
    (ClockKind.RESOLUTION, Side.DESK),
)


class NewCase(Record, frozen=True, kw_only=True):
    """What is known of a case before it is attributed. `at_once`: the decisions that would give it
    something without anybody's answer. It is served no later than by `priority_max`. Of one that is
    `unheard` the consumer is told nothing, as people of the platform have it among themselves.
    """

    number: int
    issue: str
    language: str
    parties: Parties
    by: Actor
    kind: ContactKind | None = None
    channel: Channel | None = None
    at_once: frozenset[str] = frozenset()
    priority_max: int = PRIORITY_LAST
    unheard: bool = False


def given_unsent(*, subject: Subject, order: OrderSeen | None) -> frozenset[str]:
    """What was not sent yet goes back by rule. What was sent takes somebody's answer, and nobody
    has been silent yet.
    """
    parts = () if order is None else order.parts
    unsent = any(one.number == subject.part and one.shipped_at is None for one in parts)
    return GIVING if unsent else frozenset()


def begin(
    *,
    state: Conversation | None,
    consumer: UUID,
    subject: Subject,
    market: str,
    parties: Parties,
    now: datetime,
) -> list[ConversationEvent]:
    """The conversation's own beginning, or who its parties are if that is known better now."""
    if state is None:
        opened = ConversationOpened(
            consumer=consumer,
            subject=subject,
            market=market,
            at=now,
            merchant=parties.merchant,
            creator=parties.creator,
        )
        return [opened]
    room = make_room(state=state, now=now)
    if state.merchant == parties.merchant and state.creator == parties.creator:
        return room
    return [PartiesSeen(at=now, merchant=parties.merchant, creator=parties.creator), *room]


def make_room(*, state: Conversation, now: datetime) -> list[ConversationEvent]:
    """Where there are as many cases as a state may hold, the longest resolved is closed early.

    Within its window nobody knows yet that one contact was enough, and so it does not count as one.
    """
    if len(state.cases) < CASES_LIVE_MAX:
        return []
    assert has_room(state)
    resolved = [case for case in state.cases if not case.is_open]
    # Of those whose remedies run, the window has not even begun.
    oldest = min(resolved, key=lambda case: (bool(case.remedies), case.due_at, case.number))
    once = not oldest.failed and not in_window(case=oldest, now=now)
    return [CaseClosed(case=oldest.number, at=now, contact_once=once)]


def settle(
    *, new: NewCase, pack: Pack, states: Mapping[UUID, object], now: datetime
) -> list[ConversationEvent]:
    """Who has it, in which queue, until when; in a surge the rule may decide it on the spot.

    That goes for the desk that the rule asks, and not for the platform's that stands in for it:
    nobody's surge is another's silence.
    """
    rule = pack.issue(new.issue)
    owner = find_owner(rule=rule, parties=new.parties, pack=pack, states=states, now=now)
    attributed = attribute(
        number=new.number, owner=owner, rule=rule, parties=new.parties, by=new.by, now=now
    )
    asked = owner.desk.kind is rule.owner
    if asked and owner.surge and rule.decides_in_surge and rule.decision in new.at_once:
        return [attributed, *_decide_at_once(new=new, owner=owner, rule=rule, pack=pack, now=now)]
    priority = min(rule.priority, new.priority_max)
    if new.channel is not None:
        priority = contact_priority(priority=priority, kind=new.kind, channel=new.channel)
    routed = RoutedTo(
        case=new.number,
        at=now,
        desk=owner.desk,
        skill=rule.skill,
        language=new.language or pack.language,
        priority=priority,
        pack=pack.hash,
    )
    started = _start_clocks(new=new, owner=owner, pack=pack, now=now)
    told = tell_wait(
        number=new.number, issue=new.issue, owner=owner, started=started, pack=pack, now=now
    )
    events: list[ConversationEvent] = [attributed, routed, *started, *told]
    return [one for one in events if not _is_for_consumer(one)] if new.unheard else events


def _is_for_consumer(event: ConversationEvent) -> bool:
    """Nobody waits for an answer. When it has to be resolved by says a clock in any case."""
    if isinstance(event, ClockStarted):
        return event.side is Side.CONSUMER and event.clock in RESPONSES
    return isinstance(event, ConsumerTold | CallBackOffered)


def tell_wait(
    *,
    number: int,
    issue: str,
    owner: Owner,
    started: Sequence[ClockStarted],
    pack: Pack,
    now: datetime,
) -> list[ConversationEvent]:
    """By when there is an answer where nobody is there; how long it takes where many wait."""
    if not owner.staffed:
        due_at = min(clock.due_at for clock in started)
        until = answer_by(desk=owner.desk, seen=owner.seen, issue=issue, due_at=due_at, pack=pack)
        return [
            ConsumerTold(case=number, at=now, notice=Notice.ANSWER_BY, desk=owner.desk, until=until)
        ]
    if owner.seen is None or not owner.seen.surge:
        return []
    waiting = ConsumerTold(
        case=number,
        at=now,
        notice=Notice.WAITING,
        desk=owner.desk,
        wait_seconds=owner.seen.oldest_wait_seconds,
    )
    if not pack.surge.call_back:
        return [waiting]
    return [waiting, CallBackOffered(case=number, at=now)]


def _start_clocks(*, new: NewCase, owner: Owner, pack: Pack, now: datetime) -> list[ClockStarted]:
    started: list[ClockStarted] = []
    for kind, side in _AT_OPENING:
        started += clocks.start(
            number=new.number,
            issue=new.issue,
            repeat=False,
            pack=pack,
            kind=kind,
            side=side,
            desk=owner.desk if side is Side.DESK else None,
            now=now,
        )
    assert any(
        clock.clock is ClockKind.RESOLUTION and clock.side is Side.CONSUMER for clock in started
    ), f"pack {pack.version} has no consumer clock for the resolution of {new.issue!r}"
    return started


def _decide_at_once(
    *, new: NewCase, owner: Owner, rule: IssueRule, pack: Pack, now: datetime
) -> list[ConversationEvent]:
    return [
        Decided(case=new.number, at=now, decision=rule.decision, rule=rule.id, pack=pack.hash),
        CaseResolved(
            case=new.number,
            at=now,
            reason=ClosingReason.DECIDED_BY_RULE,
            desk=owner.desk,
            by=SYSTEM,
        ),
        clocks.start_window(number=new.number, pack=pack, now=now),
        ConsumerTold(case=new.number, at=now, notice=Notice.DECIDED, desk=owner.desk),
    ]
