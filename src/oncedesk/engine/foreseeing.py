"""What would come of commands, decided on the states as they stand. Nothing is written or sent.

The deciders, the facts and the reactions are those of a batch, so what is foreseen differs from
what happens then only by what happens in between.
"""

from collections import ChainMap
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from oncedesk.domain.shared.decider import SYSTEM, Command, Wake
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Kind, Ref
from oncedesk.engine.codec import Codec
from oncedesk.engine.deciding import NOTHING, BatchDecider, Consequences, Decision, PackSet
from oncedesk.engine.ports import Stored
from oncedesk.engine.submission import Answer, Origin, Status, Submission

NEEDS_ROUNDS = 2
"""As a batch has them."""
DEPTH_MAX = 8
"""Reactions to reactions beyond that are not followed."""
FOLLOWED = (Kind.REMEDIES, Kind.AGENT, Kind.PARTY)
"""What a yes comes to is decided there; what is told or booked elsewhere changes none of it."""
_UNDECIDED = Answer(status=Status.REFUSED, version=0, code="not_found")


class States(Protocol):
    """Where states are read."""

    async def load(self, refs: Sequence[Ref]) -> Mapping[UUID, Stored]: ...


class Supposed(Record, frozen=True):
    """These commands, given in this order at this moment; each sees what the earlier ones did."""

    submissions: tuple[Submission, ...]
    now: datetime


def woken(ref: Ref, *, at: datetime) -> Supposed:
    """What if nobody did anything until then."""
    wake = Submission(
        id=ref.id,
        target=ref,
        command=Wake(ref),
        actor=SYSTEM,
        origin=Origin.CLOCK,
        body=b"",
        body_hash=b"",
    )
    return Supposed((wake,), at)


class Foreseen(Record, frozen=True):
    """What would become of one command: its answer, and all that follows, its own events first."""

    answer: Answer
    events: tuple[Any, ...]


class Foresight:
    """Answers what would be. Suppositions know nothing of each other."""

    def __init__(
        self,
        *,
        codec: Codec,
        commands: Callable[[Any, Ref, Any], Sequence[Command]],
        states: States,
    ) -> None:
        self._decider = BatchDecider(codec, Consequences(commands, lambda _: ()))
        self._states = states

    async def foresee(
        self, supposed: Sequence[Supposed], *, packs: PackSet
    ) -> Sequence[Sequence[Foreseen]]:
        """For each supposition what becomes of each of its commands, in their order."""
        base: dict[int, Stored] = {}
        worlds = [_World(one, base) for one in supposed]
        for _ in range(DEPTH_MAX):
            waiting = [world for world in worlds if world.pending]
            if not waiting:
                break
            await self._load_for(waiting, base)
            for world in waiting:
                world.decide(self._decider, packs)
        return [world.foreseen() for world in worlds]

    async def _load_for(self, worlds: Sequence["_World"], base: dict[int, Stored]) -> None:
        await self._load(
            {
                one.target
                for world in worlds
                for one in world.pending
                if one.target.id.int not in world.states
            },
            base,
        )
        for _ in range(NEEDS_ROUNDS):
            wanted = {
                ref for world in worlds for ref in self._decider.needs(world.pending, world.states)
            }
            if not wanted:
                return
            await self._load(wanted, base)

    async def _load(self, wanted: Collection[Ref], base: dict[int, Stored]) -> None:
        if wanted:
            refs = sorted(wanted, key=lambda ref: (ref.bucket, ref.id))
            found = await self._states.load(refs)
            base.update((ref.id.int, found.get(ref.id, NOTHING)) for ref in refs)


class _World:
    """The states as they would be: what stands, and over it what this supposition did."""

    def __init__(self, supposed: Supposed, base: dict[int, Stored]) -> None:
        self.states: ChainMap[int, Stored] = ChainMap({}, base)
        self.pending: Sequence[Submission] = supposed.submissions
        self._now = supposed.now
        self._places = {id(one): place for place, one in enumerate(supposed.submissions)}
        self._answers: dict[int, Answer] = {}
        self._events: list[list[Any]] = [[] for _ in supposed.submissions]

    def decide(self, decider: BatchDecider, packs: PackSet) -> None:
        """What waits is decided; what that asks of others waits from then on."""
        decision = decider.begin(
            self.pending, loaded=self.states, refs={}, recorded={}, packs=packs, now=self._now
        ).decision()
        causes: dict[tuple[UUID, int], int] = {}
        for one in self.pending:
            answer = decision.answers.get(id(one))
            if answer is not None:
                place = self._places[id(one)]
                self._answers.setdefault(place, answer)
                self._events[place] += answer.events
                causes[one.target.id, answer.version] = place
        self.pending = [*self._follow(decision, causes)]

    def _follow(
        self, decision: Decision, causes: Mapping[tuple[UUID, int], int]
    ) -> Iterator[Submission]:
        """The reactions that may change what it comes to, each of the command that caused it."""
        for write in decision.writes.states:
            self.states[write.ref.id.int] = Stored(
                version=write.version, at=write.at, wake=write.wake, state=write.after
            )
            for one in write.reactions:
                assert one.reaction is not None
                if one.target.kind in FOLLOWED:
                    self._places[id(one)] = causes[write.ref.id, one.reaction.version]
                    yield one

    def foreseen(self) -> Sequence[Foreseen]:
        return [
            Foreseen(self._answers.get(place, _UNDECIDED), tuple(events))
            for place, events in enumerate(self._events)
        ]
