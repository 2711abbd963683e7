"""Agents: where they belong, what they can do, when they work, and how many cases they hold.

It decides whether an agent may take one more case and when cases go back to the queue. It never
decides which case (that is the matching) and never what becomes of the case (the conversation).
"""

from oncedesk.domain.agents.decide import decide, is_open, needs
from oncedesk.domain.agents.messages import AgentCommand, AgentEvent
from oncedesk.domain.agents.state import AgentState, check, evolve
from oncedesk.domain.agents.timetable import deadline
from oncedesk.domain.shared.decider import Decider
from oncedesk.domain.shared.refs import Kind

DECIDER = Decider(
    kind=Kind.AGENT,
    state=AgentState,
    commands=AgentCommand,
    events=AgentEvent,
    decide=decide,
    evolve=evolve,
    needs=needs,
    deadline=deadline,
    is_open=is_open,
    check=check,
    party_of=lambda state: state.agent,
)
