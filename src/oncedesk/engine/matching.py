"""Which free agent gets which waiting case: a pure function over the queues' heads.

Oldest due first within priority. Whoever had the case before gets it again if they are free, else
the agent with the smallest share of their places taken, so that work spreads evenly. The result
proposes; the agent's own state decides (`ReserveCapacity`).

Languages: an agent who lists none takes any, and a case that names none fits everybody. A case
whose language nobody free speaks waits; to give it to anybody at the desk after some time, pass it
with an empty language.
"""

from collections.abc import Sequence
from datetime import datetime
from heapq import heapify, heappop, heapreplace
from uuid import UUID

from oncedesk.domain.agents.ability import has_skill, speaks
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk


class Waiting(Record, frozen=True, kw_only=True):
    """A case in a desk's queue. `priority` 0 is served first; `barred` is never given it."""

    desk: Desk
    skill: str
    language: str
    priority: int
    due_at: datetime
    waiting_since: datetime
    consumer: UUID
    conversation: UUID
    case: int
    preferred_agent: UUID | None = None
    barred: UUID | None = None


class FreeAgent(Record, frozen=True, kw_only=True):
    """An agent who takes work. `room` is how many more cases fit, `load` how many are held."""

    agent: UUID
    desks: tuple[Desk, ...]
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    room: int
    load: int = 0


class Match(Record, frozen=True):
    """This case for this agent."""

    waiting: Waiting
    agent: UUID


class Queue(Record, frozen=True, array_like=True):
    """What all cases of one queue have in common."""

    desk: Desk
    skill: str
    language: str


class CaseKey(Record, frozen=True, array_like=True):
    """A case, wherever it was listed."""

    conversation: UUID
    case: int


def fits(agent: FreeAgent, queue: Queue) -> bool:
    """The agent may take cases of this queue, room or not."""
    return (
        queue.desk in agent.desks
        and has_skill(agent.skills, queue.skill)
        and speaks(agent.languages, queue.language)
    )


def match(waiting: Sequence[Waiting], agents: Sequence[FreeAgent]) -> list[Match]:
    """Give out what can be given out, most urgent first.

    Afterwards no case is left that somebody able still has room for. The order of the arguments
    does not matter. O(w log w + q a + m log a) for w cases in q queues, a agents of those desks
    and skills, m matches times the queues an agent serves.
    """
    free = _Free(agents, {one.desk for one in waiting})
    matches: list[Match] = []
    given: set[CaseKey] = set()
    for one in sorted(waiting, key=_urgency):
        if not free.room_left:
            break
        key = CaseKey(one.conversation, one.case)
        if key in given:
            continue
        queue = Queue(one.desk, one.skill, one.language)
        agent = free.take(queue, one.preferred_agent, barred=one.barred)
        if agent is not None:
            given.add(key)
            matches.append(Match(one, agent))
    return matches


def _urgency(one: Waiting) -> tuple[int, datetime, datetime, int, int]:
    return (one.priority, one.due_at, one.waiting_since, one.conversation.int, one.case)


class _Free:
    """The agents' places while they are given out.

    Each queue has a heap of (share taken, rank) of those who fit. An agent stands in several heaps;
    an entry that another queue has made out of date is put right when it comes to the top. That is
    enough because shares only grow.
    """

    def __init__(self, agents: Sequence[FreeAgent], asked_for: set[Desk]) -> None:
        # The rank breaks ties: by id, whatever order the agents were listed in.
        self._agents = sorted(agents, key=lambda one: one.agent.int)
        self._room = [max(0, one.room) for one in self._agents]
        self._load = [one.load for one in self._agents]
        self._places = [one.load + max(0, one.room) for one in self._agents]
        self._rank = {one.agent: rank for rank, one in enumerate(self._agents)}
        assert len(self._rank) == len(self._agents), "an agent is listed twice"
        self.room_left = sum(self._room)
        self._at_desk: dict[Desk, list[int]] = {}
        for rank, one in enumerate(self._agents):
            if self._room[rank] and not asked_for.isdisjoint(one.desks):
                for desk in one.desks:
                    self._at_desk.setdefault(desk, []).append(rank)
        self._heaps: dict[Queue, list[tuple[float, int]]] = {}

    def take(
        self, queue: Queue, preferred: UUID | None, *, barred: UUID | None = None
    ) -> UUID | None:
        """Take one place for a case of this queue, or None where nobody able has room."""
        rank = None if preferred in (None, barred) else self._rank.get(preferred)
        if rank is None or not self._room[rank] or not fits(self._agents[rank], queue):
            rank = self._least_loaded(queue)
        if rank is not None and self._agents[rank].agent == barred:
            rank = self._least_loaded_beside(queue, rank)
        if rank is None:
            return None
        self._room[rank] -= 1
        self._load[rank] += 1
        self.room_left -= 1
        return self._agents[rank].agent

    def _least_loaded(self, queue: Queue) -> int | None:
        heap = self._heaps.get(queue)
        if heap is None:
            heap = self._heaps[queue] = self._able(queue)
        while heap:
            share, rank = heap[0]
            if not self._room[rank]:
                heappop(heap)
            elif share != (current := self._load[rank] / self._places[rank]):
                heapreplace(heap, (current, rank))
            else:
                return rank
        return None

    def _least_loaded_beside(self, queue: Queue, barred: int) -> int | None:
        """The same without this one: rare enough to look at everybody."""
        able = [one for one in self._able(queue) if one[1] != barred]
        return min(able)[1] if able else None

    def _able(self, queue: Queue) -> list[tuple[float, int]]:
        heap = [
            (self._load[rank] / self._places[rank], rank)
            for rank in self._at_desk.get(queue.desk, ())
            if self._room[rank]
            and has_skill(self._agents[rank].skills, queue.skill)
            and speaks(self._agents[rank].languages, queue.language)
        ]
        heapify(heap)
        return heap
