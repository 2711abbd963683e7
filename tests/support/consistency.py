"""What must hold between agents and cases, whoever did what: read from the states themselves."""

from collections import Counter
from typing import Any
from uuid import UUID

from oncedesk.domain.agents.state import AgentState
from oncedesk.domain.conversations.state import Conversation
from oncedesk.domain.conversations.subjects import conversation_id
from oncedesk.domain.shared.refs import Kind
from oncedesk.engine.codec import Codec
from tests.support.engines import Outside


async def states_of(outside: Outside, codec: Codec, kind: Kind) -> list[Any]:
    bodies = await outside.column("SELECT body FROM state WHERE kind = $1", kind.value)
    return [codec.state(kind, body) for body in bodies]


async def assert_assignments_agree(outside: Outside, codec: Codec) -> Counter[UUID]:
    """Nobody is over capacity; agents hold exactly the cases that name them. Cases by agent."""
    held: Counter[tuple[UUID, UUID, int]] = Counter()
    agent: AgentState
    for agent in await states_of(outside, codec, Kind.AGENT):
        assert agent.load <= agent.capacity
        held.update((agent.agent, one.conversation, one.case) for one in agent.held)
    assigned: Counter[tuple[UUID, UUID, int]] = Counter()
    found: Conversation
    for found in await states_of(outside, codec, Kind.CONVERSATION):
        conversation = conversation_id(consumer=found.consumer, subject=found.subject)
        for case in found.cases:
            if case.agent is not None:
                assigned[(case.agent, conversation, case.number)] += 1
    assert held == assigned
    assert set(held.values()) <= {1}
    return Counter(who for who, *_ in held.elements())
