"""Desks speak: to the consumer, to each other, or to themselves."""

from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.conversations import clocks
from oncedesk.domain.conversations.access import is_member, is_staff, noting_desk
from oncedesk.domain.conversations.gating import speaker_to_consumer
from oncedesk.domain.conversations.messages import (
    Audience,
    ConversationEvent,
    MessagePosted,
    PostMessage,
    StopReason,
)
from oncedesk.domain.conversations.showing import refuse_card, refuse_mentions
from oncedesk.domain.conversations.state import Case, Conversation
from oncedesk.domain.conversations.texts import is_human, refuse_said, say
from oncedesk.domain.shared.allowing import NOT_ALLOWED
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.gate.rules import Speaker
from oncedesk.domain.shared.refs import PLATFORM, Desk


def post_message(
    *, state: Conversation, case: Case, command: PostMessage, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """A human's words to the consumer are the answer that was owed; nothing else is."""
    if not _may_post(case=case, command=command, facts=facts):
        return NOT_ALLOWED
    refused = (
        refuse_said(command)
        or _refuse_whisper(case=case, command=command)
        or refuse_card(state=state, command=command)
        or refuse_mentions(case=case, command=command, facts=facts)
    )
    if refused is not None:
        return refused
    to_consumer = command.audience is Audience.CONSUMER
    noted = command.audience is Audience.INTERNAL
    said = say(
        case=case.number,
        command=command,
        audience=command.audience,
        speaker=speaker_to_consumer(case=case, facts=facts) if to_consumer else Speaker.NOTE,
        market=state.market,
        facts=facts,
        automatic=command.automatic,
        desk=_noting_desk(case=case, command=command, facts=facts) if noted else None,
    )
    if isinstance(said, Refusal):
        return said
    if command.to is not None:
        return [_whispered(event, to=command.to) for event in said]
    if command.card is not None or command.mentions:
        said = [_showing(event, command) for event in said]
    if not to_consumer or not is_human(automatic=command.automatic, facts=facts):
        return said
    return [*said, *answered(state=state, case=case, facts=facts)]


def answered(*, state: Conversation, case: Case, facts: Facts) -> list[ConversationEvent]:
    """The consumer has the answer that was owed: those clocks stop."""
    owed = case.responses
    stopped = clocks.stop(case=case, clocks=owed, reason=StopReason.ANSWERED, now=facts.now)
    if not any(clock.reminders for clock in case.clocks):
        return [*stopped]
    rest = replace(case, clocks=tuple(clock for clock in case.clocks if clock not in owed))
    pack = facts.packs.current(state.market)
    return [*stopped, *clocks.somebody_there(case=rest, pack=pack, now=facts.now)]


def _noting_desk(*, case: Case, command: PostMessage, facts: Facts) -> Desk:
    """A whisper is read at the desk of the one who has the case, whoever leaves it."""
    if command.to is not None:
        return case.owner
    return noting_desk(case=case, agent=command.agent, facts=facts)


def _refuse_whisper(*, case: Case, command: PostMessage) -> Refusal | None:
    """A whisper is a note, and for nobody but the agent who has the case."""
    if command.to is None:
        return None
    if command.audience is not Audience.INTERNAL:
        return Refusal("whisper_not_internal", "a note to one's own desk", "audience")
    if command.to != case.agent:
        return Refusal("not_assigned", "the agent who has the case", "to")
    return None


def _showing(event: ConversationEvent, command: PostMessage) -> ConversationEvent:
    if not isinstance(event, MessagePosted):
        return event
    return replace(event, card=command.card, mentions=command.mentions)


def _whispered(event: ConversationEvent, *, to: UUID) -> ConversationEvent:
    return replace(event, to=to) if isinstance(event, MessagePosted) else event


def _may_post(*, case: Case, command: PostMessage, facts: Facts) -> bool:
    agent = command.agent
    if not is_staff(agent=agent, facts=facts):
        return False
    if agent is not None and agent == case.agent:
        return True
    if is_member(agent=agent, desk=case.owner, facts=facts):
        return True
    if command.audience is Audience.CONSUMER:
        return False
    asked = case.referral is not None and is_member(
        agent=agent, desk=case.referral.desk, facts=facts
    )
    return asked or is_member(agent=agent, desk=PLATFORM, facts=facts)
