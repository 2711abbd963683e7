"""What consumers and we say to each other about one subject, and the cases within it.

It decides whether a contact joins a case or opens one, who owns, caused and is liable for it, which
clocks run and what happens when one runs out. It never moves money, never reads another state than
the facts it was handed, and keeps no message texts.
"""

from oncedesk.domain.conversations.decide import decide
from oncedesk.domain.conversations.evolve import evolve
from oncedesk.domain.conversations.messages import ConversationCommand, ConversationEvent
from oncedesk.domain.conversations.needs import needs
from oncedesk.domain.conversations.state import Conversation, check, deadline, is_open
from oncedesk.domain.shared.decider import Decider
from oncedesk.domain.shared.refs import Kind

DECIDER = Decider(
    kind=Kind.CONVERSATION,
    state=Conversation,
    commands=ConversationCommand,
    events=ConversationEvent,
    decide=decide,
    evolve=evolve,
    needs=needs,
    deadline=deadline,
    is_open=is_open,
    check=check,
    party_of=lambda state: state.consumer,
)
