"""What everybody who acts in the simulation has at hand."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.simulation.agenda import Action, Agenda
from oncedesk.simulation.seeing import Seeing
from oncedesk.simulation.sending import Sender
from oncedesk.simulation.words import Sayings
from oncedesk.simulation.workers import Worker
from oncedesk.simulation.world import World

ADMIN = Actor(role=Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Stage:
    """`workers` are the agents by id, `members` the agents of each desk."""

    clock: Callable[[], datetime]
    agenda: Agenda
    world: World
    sender: Sender
    seeing: Seeing
    sayings: Sayings
    counts: Counter[str]
    workers: dict[UUID, Worker]

    def soon(self, beats: int, action: Action) -> None:
        """Do it in so many beats."""
        self.agenda.after(self.clock(), beats, action)

    def at(self, moment: datetime, action: Action) -> None:
        self.agenda.at(moment, action)


def by_agent(agent: UUID) -> Actor:
    return Actor(role=Role.AGENT, id=agent)


def by_consumer(consumer: UUID) -> Actor:
    return Actor(role=Role.CONSUMER, id=consumer)
