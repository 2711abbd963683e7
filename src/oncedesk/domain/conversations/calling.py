"""Telephone calls with the consumer, as whoever spoke notes them."""

from msgspec.structs import replace

from oncedesk.domain.conversations import clocks, joining, routing
from oncedesk.domain.conversations.access import noting_desk, works_on
from oncedesk.domain.conversations.answering import answered
from oncedesk.domain.conversations.asking import replied
from oncedesk.domain.conversations.messages import (
    Audience,
    CallDirection,
    Channel,
    ContactKind,
    ContactReceived,
    ConversationEvent,
    MessagePosted,
    NoteCall,
)
from oncedesk.domain.conversations.state import Case, Conversation
from oncedesk.domain.conversations.texts import is_human, refuse_said, say
from oncedesk.domain.shared.allowing import NOT_ALLOWED
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.gate.rules import Speaker


def note_call(
    *, state: Conversation, case: Case, command: NoteCall, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """A call of the consumer's is a contact past our help; speaking is the answer that was owed.
    One that reached nobody has to be answered, as words have.
    """
    if not works_on(case=case, command=command, facts=facts):
        return NOT_ALLOWED
    if command.audience is Audience.CONSUMER:
        return Refusal("call_to_consumer", "a note, or a message between desks", "audience")
    refused = refuse_said(command)
    if refused is not None:
        return refused
    noted = command.audience is Audience.INTERNAL
    said = say(
        case=case.number,
        command=command,
        audience=command.audience,
        speaker=Speaker.NOTE,
        market=state.market,
        facts=facts,
        desk=noting_desk(case=case, agent=command.agent, facts=facts) if noted else None,
    )
    if isinstance(said, Refusal):
        return said
    events = [*_contact(state=state, case=case, command=command, facts=facts)]
    events += [
        replace(event, call=command.call) if isinstance(event, MessagePosted) else event
        for event in said
    ]
    if not command.call.seconds:
        return events + _missed(state=state, case=case, command=command, facts=facts)
    if case.asked is not None:
        pack = facts.packs.current(state.market)
        events += replied(state=state, case=case, facts=facts, pack=pack)
    if is_human(automatic=False, facts=facts):
        events += answered(state=state, case=case, facts=facts)
    return events


def _missed(
    *, state: Conversation, case: Case, command: NoteCall, facts: Facts
) -> list[ConversationEvent]:
    """Somebody calls back, or writes. Where we reached nobody, nothing has changed."""
    if command.call.direction is not CallDirection.INBOUND:
        return []
    now = facts.now
    pack = facts.packs.current(state.market)
    priority = routing.contact_priority(
        priority=case.priority, kind=ContactKind.OUTSIDE, channel=Channel.PHONE
    )
    events = routing.raise_priority(case=case, to=priority, now=now)
    case = replace(case, priority=priority)
    if case.asked is not None:
        events += replied(state=state, case=case, facts=facts, pack=pack)
    else:
        events += routing.wake_up(case=case, pack=pack, now=now)
    return events + clocks.start_responses(case=case, pack=pack, now=now)


def _contact(
    *, state: Conversation, case: Case, command: NoteCall, facts: Facts
) -> list[ConversationEvent]:
    """None where they called us back in the same session."""
    if command.call.direction is not CallDirection.INBOUND:
        return []
    pack = facts.packs.current(state.market)
    kind = joining.contact_kind(case=case, channel=Channel.PHONE, pack=pack, now=facts.now)
    if kind is None:
        return []
    return [
        ContactReceived(
            case=case.number,
            at=facts.now,
            kind=kind,
            number=case.contacts + 1,
            channel=Channel.PHONE,
            surface=case.surface,
        )
    ]
