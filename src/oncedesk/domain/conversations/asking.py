"""Waiting for the consumer: only for a stated question, for a bounded time, at most so often.

The desk's clock stands meanwhile, the consumer's runs on. How long it stood, and because of whom,
is recorded when the wait ends.
"""

from datetime import datetime

from oncedesk.domain.conversations import clocks
from oncedesk.domain.conversations.access import works_on
from oncedesk.domain.conversations.gating import speaker_to_consumer
from oncedesk.domain.conversations.messages import (
    AskConsumer,
    Audience,
    ClockStarted,
    ConsumerAsked,
    ConversationEvent,
    Side,
    StopReason,
    WaitEnded,
    WaitOutcome,
)
from oncedesk.domain.conversations.routing import route
from oncedesk.domain.conversations.state import Case, Conversation
from oncedesk.domain.conversations.texts import refuse_said, say
from oncedesk.domain.shared.allowing import NOT_ALLOWED
from oncedesk.domain.shared.decider import Facts, Packs, Refusal
from oncedesk.domain.shared.rulepack import ClockKind, Pack


def ask_consumer(
    *, state: Conversation, case: Case, command: AskConsumer, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """Ask, let the desk's clock stand, and start the clock of the reply."""
    if not works_on(case=case, command=command, facts=facts):
        return NOT_ALLOWED
    refused = refuse_said(command)
    if refused is not None:
        return refused
    if case.asked is not None:
        return Refusal("waiting_for_consumer", "one question at a time")
    pack = facts.packs.current(state.market)
    if case.pauses >= pack.asking.pauses_max:
        return Refusal("question_limit", f"a case waits at most {pack.asking.pauses_max} times")
    said = say(
        case=case.number,
        command=command,
        audience=Audience.CONSUMER,
        speaker=speaker_to_consumer(case=case, facts=facts),
        market=state.market,
        facts=facts,
    )
    if isinstance(said, Refusal):
        return said
    now = facts.now
    asked = ConsumerAsked(
        case=case.number,
        at=now,
        question=facts.command_id,
        number=case.pauses + 1,
        agent=command.agent,
    )
    follow_up = [clock for clock in case.clocks if clock.kind is ClockKind.FOLLOW_UP]
    return [
        *said,
        asked,
        *clocks.stop(case=case, clocks=case.responses, reason=StopReason.ANSWERED, now=now),
        *clocks.stop(case=case, clocks=follow_up, reason=StopReason.SUPERSEDED, now=now),
        *pause_desk(state=state, case=case, packs=facts.packs, now=now),
        start_reply(number=case.number, pack=pack, now=now, reminders=0),
    ]


def start_reply(*, number: int, pack: Pack, now: datetime, reminders: int) -> ClockStarted:
    """How long the consumer has to reply."""
    rule = pack.asking
    return clocks.start_plain(
        number=number,
        kind=ClockKind.REPLY,
        side=Side.CONSUMER,
        due_at=pack.calendars[rule.calendar].add(now, rule.reply_seconds),
        rule=rule.id,
        pack=pack,
        now=now,
        reminders=reminders,
    )


def end_wait(*, case: Case, outcome: WaitOutcome, now: datetime) -> list[ConversationEvent]:
    """We no longer wait; nothing if we did not."""
    if case.asked is None:
        return []
    stood = now - case.asked.at
    return [
        WaitEnded(
            case=case.number,
            at=now,
            outcome=outcome,
            paused_seconds=int(stood.total_seconds()),
            agent=case.asked.agent,
        )
    ]


def replied(
    *, state: Conversation, case: Case, facts: Facts, pack: Pack
) -> list[ConversationEvent]:
    """The consumer spoke: the desk's clock runs on, and somebody has the case again."""
    return wait_over(
        state=state,
        case=case,
        outcome=WaitOutcome.REPLIED,
        packs=facts.packs,
        pack=pack,
        now=facts.now,
    )


def wait_over(
    *,
    state: Conversation,
    case: Case,
    outcome: WaitOutcome,
    packs: Packs,
    pack: Pack,
    now: datetime,
) -> list[ConversationEvent]:
    """It is our turn again, with what was left of the desk's clock."""
    events = end_wait(case=case, outcome=outcome, now=now)
    reply = [clock for clock in case.clocks if clock.kind is ClockKind.REPLY]
    events += clocks.stop(case=case, clocks=reply, reason=StopReason.REPLIED, now=now)
    for clock in case.clocks:
        if clock.due_at is None:
            own = packs.by_hash(state.pack_of(clock))
            events.append(clocks.resume(case=case, pack=own, clock=clock, now=now))
    if case.agent is None:
        events.append(route(case=case, pack=pack, now=now, prefer_last=True))
    return events


def pause_desk(
    *, state: Conversation, case: Case, packs: Packs, now: datetime
) -> list[ConversationEvent]:
    """Its time to resolve it stands while the consumer is asked."""
    return [
        clocks.pause(
            case=case,
            pack=packs.by_hash(state.pack_of(clock)),
            clock=clock.kind,
            due_at=clock.due_at,
            now=now,
        )
        for clock in case.clocks
        if clock.kind is ClockKind.RESOLUTION
        and clock.side is Side.DESK
        and clock.due_at is not None
    ]
