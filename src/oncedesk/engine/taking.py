"""The agent's "next": what dispatch would bring a moment later is brought now.

The order is dispatch's own, and so is the way: `ReserveCapacity`, which the agent's state decides.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from oncedesk.domain.agents.messages import ReserveCapacity
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.engine.dispatch import (
    LANGUAGE_PATIENCE,
    DispatchView,
    QueueName,
    Served,
    in_any_language,
)
from oncedesk.engine.matching import FreeAgent, Waiting, match
from oncedesk.engine.running import Engine

EACH = 16
"""Cases looked at in each of a queue's places; of these somebody else may take some meanwhile."""
TRIES = 4


class Taking:
    """Takes the next case for one agent. `view` reads the queues, `engine` decides."""

    def __init__(self, view: DispatchView, engine: Engine) -> None:
        self._view = view
        self._engine = engine

    async def next(self, *, agent: FreeAgent) -> Waiting | None:
        """The case whose place was reserved; its assignment follows by itself. None: nothing
        waits that this agent may take, or others were faster each time."""
        now = self._engine.clock()
        spoken = frozenset(agent.languages) or None
        names = {QueueName(desk, skill) for desk in agent.desks for skill in agent.skills}
        queues = [Served(name, spoken) for name in sorted(names)]
        if not queues or agent.room < 1:
            return None
        heads: Sequence[Waiting] = await self._view.heads(
            queues, each=EACH, patient_since=now - LANGUAGE_PATIENCE
        )
        waiting = [in_any_language(one, now) for one in heads]
        one_place = replace(agent, room=1)
        for _ in range(TRIES):
            matches = match(waiting, [one_place])
            if not matches:
                return None
            found = matches[0].waiting
            if await self._reserve(found, agent, now):
                return found
            waiting = [one for one in waiting if one is not found]
        return None

    async def _reserve(self, found: Waiting, agent: FreeAgent, now: datetime) -> bool:
        command = ReserveCapacity(
            agent=agent.agent,
            consumer=found.consumer,
            conversation=found.conversation,
            case=found.case,
            desk=found.desk,
            skill=found.skill,
            language=found.language,
        )
        number = f"next/{found.conversation}/{found.case}/{now.isoformat()}"
        answer = await self._engine.send(
            self._engine.entry.system(command, actor=SYSTEM, number=number)
        )
        return answer.accepted
