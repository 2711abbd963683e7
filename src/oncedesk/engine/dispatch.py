"""Brings waiting cases and free agents together. `matching.match` decides who gets what.

The agent's own state counts what they hold, so a match is only a proposal: `ReserveCapacity` may be
refused. Its event assigns the case; a case that has gone elsewhere in the meantime gives the place
back. So nobody is ever over capacity, whoever else dispatches.

A pass reads the queues in which this process has seen something arrive; every queue that the free
agents serve is looked at once in a while, for what arrived elsewhere. What comes back into a queue
is routed anew, so it arrives like everything else.

A state that fails, by a bug or by its bytes, must not draw in the others: a case that was given a
place and is not assigned for all that rests longer each time, and so does an agent whose answer is
parked. Nor must one that somebody has locked: a pass does not wait long for an answer, and until it
is there its case and its agent are left out of the passes that follow.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter
from typing import Protocol
from uuid import UUID

import msgspec

from oncedesk.domain.agents.messages import CapacityReserved, ReserveCapacity
from oncedesk.domain.conversations.messages import CaseAssigned, RoutedTo
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk, Kind
from oncedesk.engine.entry import Entry
from oncedesk.engine.matching import CaseKey, FreeAgent, Match, Waiting, match
from oncedesk.engine.resting import Rests
from oncedesk.engine.submission import Answer, Status, Submission
from oncedesk.engine.submitting import Writers

ROOM_MAX = 256
"""More are not given out of one place of a queue in a pass."""
SPARE = 8
"""So many more of a queue are read than there is room for: not every case is for every agent."""
SPARE_DEEP = 256
"""The same where somebody had room and nothing that was read was for them."""
LANGUAGE_PATIENCE = timedelta(minutes=15)
LOOK_EVERYWHERE = timedelta(seconds=1)
PROPOSED_AGAIN = timedelta(seconds=5)
PARKED_AGAIN = timedelta(minutes=5)
PATIENCE_SECONDS = 1.0
"""So long a pass waits for its answers; hardly any takes a tenth of it."""
_ANY_LANGUAGE = ""  # as an agent has it who lists none


class QueueName(Record, frozen=True, array_like=True, order=True):
    """A desk's queue of one skill group."""

    desk: Desk
    skill: str


class Served(Record, frozen=True):
    """A queue, how many of each of its places to read, and which languages those who could take
    from it speak. None: any."""

    queue: QueueName
    each: int
    languages: frozenset[str] | None = None


class DispatchView(Protocol):
    """What dispatch reads."""

    async def free_agents(self, *, now: datetime) -> Sequence[FreeAgent]: ...

    async def heads(
        self, queues: Iterable[Served], *, patient_since: datetime
    ) -> Sequence[Waiting]:
        """The heads of these queues: of each of a queue's places at most its `each` cases.

        Left out are those in none of the languages given for their queue, unless they have waited
        since before `patient_since`: nobody could take them, and they would hide the others. The
        first of each place is always there, so that it is seen that something waits.
        """
        ...


class Dispatch:
    """Runs passes over the queues' heads; remembers what it has just proposed.

    `look_everywhere` is how often all queues are looked at; a process that hears of everything that
    is committed need not do so often.
    """

    def __init__(
        self,
        *,
        view: DispatchView,
        writers: Writers,
        entry: Entry,
        clock: Callable[[], datetime],
        look_everywhere: timedelta = LOOK_EVERYWHERE,
    ) -> None:
        self._view = view
        self._writers = writers
        self._entry = entry
        self._clock = clock
        self._proposed = Rests[CaseKey](PROPOSED_AGAIN)
        self._parked = Rests[UUID](PARKED_AGAIN)
        self._under_way: dict[CaseKey, UUID] = {}
        self._look_everywhere = look_everywhere
        self._arrivals: set[QueueName] = set()
        self._looked: datetime | None = None
        self._ran: datetime | None = None
        self._news = True

    def notice(self, submission: Submission, answer: Answer) -> None:
        """Take note of what was just committed: what arrived where, who got it, who has room."""
        match submission.target.kind:
            case Kind.CONVERSATION:
                self._notice_case(submission, answer)
            case Kind.AGENT:
                self._parked.forget(submission.target.id)
                self._news |= any(type(event) is not CapacityReserved for event in answer.events)
            case _:
                pass

    def _notice_case(self, submission: Submission, answer: Answer) -> None:
        for event in answer.events:
            kind = type(event)
            if kind is RoutedTo or kind is CaseAssigned:
                self._proposed.forget(CaseKey(submission.target.id, event.case))
            if kind is RoutedTo:
                self._arrivals.add(QueueName(event.desk, event.skill))
                self._news = True

    async def run(self) -> int:
        """One pass; how many cases found an agent, or may yet.

        Waits for the reservations, a little, and for nothing more.
        """
        now = self._clock()
        everywhere = self._looked is None or abs(now - self._looked) >= self._look_everywhere
        if not everywhere and (not self._arrivals or (now == self._ran and not self._news)):
            return 0
        self._ran, self._news = now, False
        out = {*self._parked.resting(now), *self._under_way.values()}
        agents = [one for one in await self._view.free_agents(now=now) if one.agent not in out]
        answers = [
            self._propose(one, now)
            for one in await self._matches(agents, now, everywhere=everywhere)
        ]
        if answers:
            await asyncio.wait(answers, timeout=PATIENCE_SECONDS)
        return sum(not answer.done() or answer.result().accepted for answer in answers)

    def _learn(self, one: Match, now: datetime, answered: "asyncio.Future[Answer]") -> None:
        self._under_way.pop(_key(one.waiting), None)
        if answered.cancelled() or answered.exception() is not None:
            return
        answer = answered.result()
        if answer.status is Status.REFUSED:
            # It says something of the agent, nothing of the case.
            self._proposed.excuse(_key(one.waiting))
        elif answer.status is Status.PARKED:
            self._parked.tried(one.agent, now)

    async def _matches(
        self, agents: Sequence[FreeAgent], now: datetime, *, everywhere: bool
    ) -> Sequence[Match]:
        """Who gets what of the queues worth a look; a queue found empty is forgotten."""
        able = _Able(agents)
        names = able.queues() if everywhere else self._arrivals
        takers = {name: found for name in names if (found := able.takers(name)) is not None}
        if everywhere:
            self._looked = now
        resting = {*self._proposed.resting(now), *self._under_way}
        deep: set[QueueName] = set()
        self._arrivals.difference_update(takers)
        while True:
            queues = [
                Served(
                    name,
                    min(found.room, ROOM_MAX)
                    + (SPARE_DEEP + len(resting) if name in deep else SPARE),
                    found.languages,
                )
                for name, found in sorted(takers.items(), key=itemgetter(0))
            ]
            waiting, ends = await self._read(queues, now)
            matches = match([one for one in waiting if _key(one) not in resting], agents)
            deeper = _served_by_the_rest(agents, matches) & ends - deep if ends else None
            if not deeper:
                return matches
            deep |= deeper

    async def _read(
        self, queues: Sequence[Served], now: datetime
    ) -> tuple[Sequence[Waiting], set[QueueName]]:
        """What waits in these queues, and those of which there may be more than was read."""
        if not queues:
            return (), set()
        heads = await self._view.heads(queues, patient_since=now - LANGUAGE_PATIENCE)
        read = Counter(map(_queue, heads))
        self._arrivals.update(read)
        ends = {one.queue for one in queues if read[one.queue] >= one.each}
        self._news |= bool(ends)
        return [in_any_language(one, now) for one in heads], ends

    def _propose(self, one: Match, now: datetime) -> "asyncio.Future[Answer]":
        waiting = one.waiting
        self._proposed.tried(_key(waiting), now)
        answer = self._writers.submit(
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
        self._under_way[_key(waiting)] = one.agent
        answer.add_done_callback(partial(self._learn, one, now))
        return answer


class _Takers:
    """Who could take from a queue, together: how many more, and in which languages. None: any."""

    def __init__(self) -> None:
        self.room = 0
        self._spoken: set[str] = set()

    def add(self, one: FreeAgent) -> None:
        self.room += one.room
        self._spoken.update(one.languages or (_ANY_LANGUAGE,))

    def merge(self, other: "_Takers") -> None:
        self.room += other.room
        self._spoken |= other._spoken

    @property
    def languages(self) -> frozenset[str] | None:
        return None if _ANY_LANGUAGE in self._spoken else frozenset(self._spoken)


class _Able:
    """Who of these agents could take from which queue."""

    def __init__(self, agents: Iterable[FreeAgent]) -> None:
        # Many have the same skills, and then what matters is what they can do together.
        self._at: dict[Desk, dict[tuple[str, ...], _Takers]] = {}
        for one in agents:
            for desk in one.desks:
                self._at.setdefault(desk, {}).setdefault(one.skills, _Takers()).add(one)

    def queues(self) -> set[QueueName]:
        """Those that somebody could take from."""
        return {
            QueueName(desk, skill)
            for desk, groups in self._at.items()
            for skills in groups
            for skill in skills
        }

    def takers(self, queue: QueueName) -> _Takers | None:
        """None: nobody could take from it."""
        able = [
            one for skills, one in self._at.get(queue.desk, {}).items() if queue.skill in skills
        ]
        if len(able) < 2:
            return able[0] if able else None
        together = _Takers()
        for one in able:
            together.merge(one)
        return together


def _served_by_the_rest(agents: Sequence[FreeAgent], matches: Sequence[Match]) -> set[QueueName]:
    """The queues of those who still have room after what they are given."""
    given = Counter(one.agent for one in matches)
    return _Able(one for one in agents if one.room > given[one.agent]).queues()


def _queue(waiting: Waiting) -> QueueName:
    return QueueName(waiting.desk, waiting.skill)


def _key(waiting: Waiting) -> CaseKey:
    return CaseKey(waiting.conversation, waiting.case)


def in_any_language(waiting: Waiting, now: datetime) -> Waiting:
    """Whoever has waited so long for somebody who speaks their language gets anybody able."""
    if now - waiting.waiting_since < LANGUAGE_PATIENCE:
        return waiting
    return msgspec.structs.replace(waiting, language="")
