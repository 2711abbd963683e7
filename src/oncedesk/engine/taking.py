"""The agent's "next": what dispatch would bring a moment later is brought now.

The order is dispatch's own, and so is the way: `ReserveCapacity`, which the agent's state decides.
"""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.agents.messages import CapacityReserved, ReserveCapacity
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.refs import Ref, agent_ref
from oncedesk.engine.dispatch import (
    LANGUAGE_PATIENCE,
    DispatchView,
    QueueName,
    Served,
    in_any_language,
)
from oncedesk.engine.matching import FreeAgent, Waiting, match
from oncedesk.engine.ports import Recorded
from oncedesk.engine.running import Engine
from oncedesk.engine.submission import Answer

EACH = 16
"""Cases looked at in each of a queue's places; of these somebody else may take some meanwhile."""
TRIES = 4


class Given(Protocol):
    """What became of commands that were given before."""

    async def given(self, ref: Ref, command: UUID) -> Recorded | None: ...


class Taking:
    """Takes the next case for one agent, once by each key. `view` reads the queues, `engine`
    decides."""

    def __init__(self, view: DispatchView, engine: Engine, given: Given) -> None:
        self._view = view
        self._engine = engine
        self._given = given

    async def earlier(self, *, agent: UUID, key: str) -> CapacityReserved | None:
        """The case whose place was reserved for this agent by this key before."""
        ref = agent_ref(agent)
        id_ = self._engine.entry.system_id(ref, _number(key))
        found = await self._given.given(ref, id_)
        return None if found is None else _reserved(found)

    async def next(self, *, agent: FreeAgent, key: str) -> Waiting | CapacityReserved | None:
        """The case whose place was reserved; its assignment follows by itself. None: nothing
        waits that this agent may take, or others were faster each time."""
        now = self._engine.clock()
        spoken = frozenset(agent.languages) or None
        names = {QueueName(desk, skill) for desk in agent.desks for skill in agent.skills}
        queues = [Served(name, EACH, spoken) for name in sorted(names)]
        if not queues or agent.room < 1:
            return None
        heads: Sequence[Waiting] = await self._view.heads(
            queues, patient_since=now - LANGUAGE_PATIENCE
        )
        waiting = [in_any_language(one, now) for one in heads]
        one_place = replace(agent, room=1)
        for _ in range(TRIES):
            matches = match(waiting, [one_place])
            if not matches:
                return None
            found = matches[0].waiting
            answer = await self._reserve(found, agent, key)
            if answer.accepted:
                return found
            if answer.code == "idempotency_key_reused":
                # The same was asked twice at once, and the other one found another case.
                return await self.earlier(agent=agent.agent, key=key)
            waiting = [one for one in waiting if one is not found]
        return None

    async def _reserve(self, found: Waiting, agent: FreeAgent, key: str) -> Answer:
        command = ReserveCapacity(
            agent=agent.agent,
            consumer=found.consumer,
            conversation=found.conversation,
            case=found.case,
            desk=found.desk,
            skill=found.skill,
            language=found.language,
        )
        return await self._engine.send(
            self._engine.entry.system(command, actor=SYSTEM, number=_number(key))
        )


def _number(key: str) -> str:
    return f"next/{key}"


def _reserved(earlier: Recorded) -> CapacityReserved | None:
    """None where dispatch had reserved it just before."""
    return next((one for one in earlier.events if isinstance(one, CapacityReserved)), None)
