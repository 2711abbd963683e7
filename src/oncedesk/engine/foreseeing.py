"""What would come of commands, decided on the states as they stand. Nothing is written or sent.

The deciders, the facts and the reactions are those of a batch, so what is foreseen differs from
what happens then only by what happens in between.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
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
        base: dict[Ref, Stored] = {}
        worlds = [_World(one) for one in supposed]
        for _ in range(DEPTH_MAX):
            waiting = [world for world in worlds if world.pending]
            if not waiting:
                break
            await self._load_for(waiting, base)
            for world in waiting:
                world.decide(self._decider, packs)
        return [world.foreseen() for world in worlds]

    async def _load_for(self, worlds: Sequence["_World"], base: dict[Ref, Stored]) -> None:
        await self._load([world.unseen() for world in worlds], worlds, base)
        for _ in range(NEEDS_ROUNDS):
            wanted = [self._decider.needs(world.pending, world.states) for world in worlds]
            if not any(wanted):
                return
            await self._load(wanted, worlds, base)

    async def _load(
        self,
        wanted: Sequence[Collection[Ref]],
        worlds: Sequence["_World"],
        base: dict[Ref, Stored],
    ) -> None:
        """For each of these worlds what it wants; what another has read is not read again."""
        refs = sorted(set(chain(*wanted)) - base.keys(), key=_place)
        if refs:
            # Two may have the same id, and are found by it.
            for some in _apart(refs):
                found = await self._states.load(some)
                base.update((ref, found.get(ref.id, NOTHING)) for ref in some)
        for world, its in zip(worlds, wanted, strict=True):
            world.see({ref: base[ref] for ref in sorted(its, key=_place)})


def _place(ref: Ref) -> tuple[int, UUID, Kind]:
    return ref.bucket, ref.id, ref.kind


def _apart(refs: Sequence[Ref]) -> Sequence[Sequence[Ref]]:
    """In groups, of which none has an id twice; hardly ever more than one."""
    groups: list[dict[UUID, Ref]] = []
    for ref in refs:
        group = next((one for one in groups if ref.id not in one), None)
        if group is None:
            groups.append(group := {})
        group[ref.id] = ref
    return [[*group.values()] for group in groups]


class _World:
    """The states as they would be: what stands, and over it what this supposition did.

    Of two that have the same id it knows the first.
    """

    def __init__(self, supposed: Supposed) -> None:
        self.states: dict[int, Stored] = {}
        self.pending: Sequence[Submission] = supposed.submissions
        self._refs: dict[int, Ref] = {}
        self._now = supposed.now
        self._places = {id(one): place for place, one in enumerate(supposed.submissions)}
        self._answers: dict[int, Answer] = {}
        self._events: list[list[Any]] = [[] for _ in supposed.submissions]

    def unseen(self) -> set[Ref]:
        """What the pending commands are about and is not known yet."""
        return {one.target for one in self.pending if one.target.id.int not in self.states}

    def see(self, found: Mapping[Ref, Stored]) -> None:
        """What stands, where nothing of that id was seen before."""
        for ref, stored in found.items():
            if ref.id.int not in self.states:
                self.states[ref.id.int], self._refs[ref.id.int] = stored, ref

    def decide(self, decider: BatchDecider, packs: PackSet) -> None:
        """What waits is decided; what that asks of others waits from then on."""
        decision = decider.begin(
            self.pending,
            loaded=self.states,
            refs=self._refs,
            recorded={},
            packs=packs,
            now=self._now,
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
