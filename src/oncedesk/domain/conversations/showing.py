"""What a message shows beside its words: a card, and whom it names."""

from oncedesk.domain.conversations.access import noting_desk
from oncedesk.domain.conversations.messages import Audience, CardKind, PostMessage
from oncedesk.domain.conversations.state import Case, Conversation
from oncedesk.domain.conversations.subjects import SubjectKind
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.facts_seen import agent_seen
from oncedesk.domain.shared.refs import PLATFORM


def refuse_card(*, state: Conversation, command: PostMessage) -> Refusal | None:
    """Only the order that the conversation is about, so that nobody is shown another's."""
    card = command.card
    if card is None:
        return None
    subject = state.subject
    if subject.kind is not SubjectKind.ORDER or subject.id != card.order:
        return Refusal("card_foreign", "the order that this conversation is about", "card")
    if (card.kind is CardKind.REMEDY) != (card.remedy > 0):
        return Refusal("card_unclear", "the number of a remedy, and of nothing else", "card")
    return None


def refuse_mentions(*, case: Case, command: PostMessage, facts: Facts) -> Refusal | None:
    """Only people who may read it: of a note, those of the desk in whose name it is written."""
    if not command.mentions:
        return None
    if command.audience is Audience.CONSUMER or command.to is not None:
        return Refusal("mention_unknown", "a message between desks, or a note", "mentions")
    if command.audience is Audience.INTERNAL:
        desks = [noting_desk(case=case, agent=command.agent, facts=facts)]
    else:
        asked = () if case.referral is None else (case.referral.desk, case.referral.back_to)
        desks = [case.owner, *asked, PLATFORM]
    for agent in command.mentions:
        seen = agent_seen(facts.states, agent)
        if seen is None or not any(seen.member_of(desk, facts.now) for desk in desks):
            return Refusal("mention_unknown", "agents who may read it", "mentions")
    return None
