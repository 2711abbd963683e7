"""The engine's rules in memory: decide, evolve, reactions, wakes; one command after the other.

Everything goes through the codec and back, as it would through the database. No batches, no races:
those are tested on PostgreSQL.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from oncedesk.domain.shared.decider import SYSTEM, Actor, Command, Decider, Facts, Refusal, Wake
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.refs import Kind, Ref
from oncedesk.engine import reactions
from oncedesk.engine.codec import Codec

FACTS_MAX = 64
DEPTH_MAX = 16


@dataclass
class Held:
    """One state as it stands."""

    ref: Ref
    version: int
    at: datetime
    state: Any
    body: bytes


@dataclass(frozen=True)
class Recorded:
    """One accepted command, as a journal row would have it."""

    ref: Ref
    version: int
    at: datetime
    command_id: UUID
    body: bytes
    events: bytes


@dataclass(frozen=True)
class Answered:
    """What became of a command; `code` where it was refused."""

    version: int
    events: Sequence[Any] = ()
    code: str = ""
    duplicate: bool = False

    @property
    def accepted(self) -> bool:
        return not self.code


@dataclass
class MemoryEngine:
    """`packs` gives the pack set at a moment. `on_event` hears every event as it is recorded."""

    deciders: Sequence[Decider]
    packs: Callable[[datetime], Any]
    now: datetime
    on_event: Callable[[Ref, Any, Any], None] = lambda *_: None
    states: dict[UUID, Held] = field(default_factory=dict)
    journal: list[Recorded] = field(default_factory=list)
    refused_reactions: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.codec = Codec(self.deciders)
        self._known: dict[UUID, Recorded] = {}

    def submit(self, command: Command, *, actor: Actor, key: str) -> Answered:
        """A client's command; the same key again is recognised, with another body refused."""
        ref = command.target()
        return self._apply(command, derived_id("command", key, ref.id), actor, depth=0)

    def wake_due(self) -> int:
        """Wake what is due, until nothing is; how often."""
        times = 0
        while (due := self._due()) is not None:
            before = due.version
            id_ = derived_id("wake", due.ref.id, str(before))
            answer = self._apply(Wake(due.ref), id_, SYSTEM, depth=0)
            assert answer.accepted, f"a wake was refused: {answer.code}"
            after = self.states[due.ref.id]
            deadline = self.deadline(after)
            assert deadline is None or deadline > self.now, "woken, and still due"
            times += 1
            assert times < 1_000, "clocks that wake each other without end"
        return times

    def next_wake(self) -> datetime | None:
        """The earliest deadline of all."""
        return min(
            (at for held in self.states.values() if (at := self.deadline(held)) is not None),
            default=None,
        )

    def deadline(self, held: Held) -> datetime | None:
        return self._decider(held.ref).deadline(held.state)

    def of_kind(self, kind: Kind) -> list[Held]:
        return [held for held in self.states.values() if held.ref.kind is kind]

    def replayed(self) -> dict[UUID, bytes]:
        """Every state's bytes, rebuilt from the recorded events."""
        states: dict[UUID, Any] = {}
        for row in self.journal:
            state = states.get(row.ref.id)
            for event in self.codec.events(row.ref.kind, row.events):
                state = self._decider(row.ref).evolve(state, event)
            states[row.ref.id] = state
        return {id_: self.codec.state_to_bytes(state) for id_, state in states.items()}

    def _due(self) -> Held | None:
        for held in self.states.values():
            deadline = self.deadline(held)
            if deadline is not None and deadline <= self.now:
                return held
        return None

    def _decider(self, ref: Ref) -> Decider:
        return self.codec.deciders[ref.kind]

    def _apply(self, command: Command, id_: UUID, actor: Actor, *, depth: int) -> Answered:
        ref = command.target()
        body = self.codec.encode(command)
        known = self._known.get(id_)
        if known is not None:
            if known.body != body:
                return Answered(known.version, code="idempotency_key_reused")
            recorded = self.codec.events(ref.kind, known.events)
            return Answered(known.version, recorded, duplicate=True)
        before = self.states.get(ref.id)
        decoded = self.codec.command(ref.kind, body)
        assert decoded == command, "a command comes back changed"
        facts = self._facts(before, decoded, id_, actor)
        state = None if before is None else before.state
        decider = self._decider(ref)
        events = decider.decide(state, decoded, facts)
        assert self._encoded(decider.decide(state, decoded, facts)) == self._encoded(events)
        version = 0 if before is None else before.version
        if isinstance(events, Refusal):
            return Answered(version, code=events.code)
        if not events and isinstance(command, Wake):
            return Answered(version)
        if not events and before is None:
            return Answered(0)
        return self._record(ref, id_, body, events, facts.now, version + 1, depth)

    def _record(
        self,
        ref: Ref,
        id_: UUID,
        body: bytes,
        events: Sequence[Any],
        at: datetime,
        version: int,
        depth: int,
    ) -> Answered:
        decider = self._decider(ref)
        before = self.states.get(ref.id)
        state = None if before is None else before.state
        encoded = self.codec.events_to_bytes(tuple(events))
        events = self.codec.events(ref.kind, encoded)
        for event in events:
            self.on_event(ref, state, event)
            state = decider.evolve(state, event)
        decider.check(state)
        stored = self.codec.state_to_bytes(state)
        state = self.codec.state(ref.kind, stored)
        assert self.codec.state_to_bytes(state) == stored, "a state comes back changed"
        assert not decider.is_open(state) or decider.deadline(state) is not None
        self.states[ref.id] = Held(ref, version, at, state, stored)
        row = Recorded(ref, version, at, id_, body, encoded)
        self.journal.append(row)
        self._known[id_] = row
        self._react(ref, state, version, events, depth)
        return Answered(version, events)

    def _react(
        self, source: Ref, state: Any, version: int, events: Sequence[Any], depth: int
    ) -> None:
        number = 0
        for event in events:
            for command in reactions.commands(event, source, state):
                assert depth < DEPTH_MAX, "reactions without end"
                id_ = derived_id("reaction", source.id, str(version), str(number))
                answer = self._apply(command, id_, SYSTEM, depth=depth + 1)
                if not answer.accepted:
                    self.refused_reactions.append(f"{command}: {answer.code}")
                number += 1

    def _facts(self, before: Held | None, command: Command, id_: UUID, actor: Actor) -> Facts:
        at = self.now if before is None else max(self.now, before.at)
        state = None if before is None else before.state
        everything = {id_: held.state for id_, held in self.states.items()}
        needs = self._decider(command.target()).needs(state, command, everything)
        assert len(needs) <= FACTS_MAX
        states = {ref.id: everything[ref.id] for ref in needs if ref.id in everything}
        return Facts(now=at, command_id=id_, actor=actor, packs=self.packs(at), states=states)

    def _encoded(self, decision: Any) -> bytes:
        return self.codec.encode(decision if isinstance(decision, Refusal) else tuple(decision))
