"""Brings waiting cases and free agents together. `matching.match` decides who gets what.

The agent's own state counts what they hold, so a match is only a proposal: `ReserveCapacity` may be
refused. Its event assigns the case; a case that has gone elsewhere in the meantime gives the place
back. So nobody is ever over capacity, whoever else dispatches.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from oncedesk.domain.agents.messages import ReserveCapacity
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.engine.entry import Entry
from oncedesk.engine.matching import FreeAgent, Match, Waiting, match
from oncedesk.engine.submitting import Writers

AGENTS_MAX = 2_000
PROPOSED_SECONDS = 5.0


class DispatchView(Protocol):
    """What dispatch reads."""

    async def free_agents(self, *, now: datetime, limit: int) -> Sequence[FreeAgent]: ...

    async def heads(self, agents: Sequence[FreeAgent], *, each: int) -> Sequence[Waiting]:
        """The heads of the queues that these agents can serve, at most `each` a queue."""
        ...


class Dispatch:
    """Runs passes over the queues' heads; remembers what it has just proposed."""

    def __init__(
        self, *, view: DispatchView, writers: Writers, entry: Entry, clock: Callable[[], datetime]
    ) -> None:
        self._view = view
        self._writers = writers
        self._entry = entry
        self._clock = clock
        self._proposed: dict[tuple[UUID, int], datetime] = {}
        self._passes = 0

    async def run(self) -> int:
        """One pass; how many cases found an agent. Waits for the reservations, not for more."""
        now = self._clock()
        agents = await self._view.free_agents(now=now, limit=AGENTS_MAX)
        if not agents:
            return 0
        self._forget(now)
        room = sum(agent.room for agent in agents)
        heads = await self._view.heads(agents, each=min(room, 256) + len(self._proposed))
        waiting = [one for one in heads if (one.conversation, one.case) not in self._proposed]
        matches = match(waiting, agents)
        if not matches:
            return 0
        self._passes += 1
        answers = await asyncio.gather(*(self._propose(one, now) for one in matches))
        return sum(answer.accepted for answer in answers)

    def _propose(self, one: Match, now: datetime) -> "asyncio.Future[object]":
        waiting = one.waiting
        self._proposed[(waiting.conversation, waiting.case)] = now
        return self._writers.submit(
            self._entry.system(
                ReserveCapacity(
                    agent=one.agent,
                    consumer=waiting.consumer,
                    conversation=waiting.conversation,
                    case=waiting.case,
                    desk=waiting.desk,
                    skill=waiting.skill,
                    language=waiting.language,
                ),
                actor=SYSTEM,
                number=f"{waiting.conversation}/{waiting.case}/{now.isoformat()}",
            )
        )

    def _forget(self, now: datetime) -> None:
        """A proposal that has not shown up in the inbox by now is free to be made again."""
        old = [
            key
            for key, at in self._proposed.items()
            if (now - at).total_seconds() > PROPOSED_SECONDS
        ]
        for key in old:
            del self._proposed[key]
