"""Plays the journal again: does it rebuild every state, and would it be decided the same again?"""

from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from msgspec import Struct

from oncedesk.domain.shared.decider import Actor, Command, Decider, Facts, Refusal
from oncedesk.domain.shared.refs import Ref
from oncedesk.engine.codec import Codec
from oncedesk.engine.deciding import PackSet
from oncedesk.engine.ports import FactSeen

STREAMS_KEPT = 2_000
DIFFERENCES_KEPT = 100


class JournalEntry(Struct, frozen=True):
    """One accepted command, as the journal has it."""

    version: int
    command_id: UUID
    at: datetime
    actor: Actor
    command: Command
    packs: str
    facts: Sequence[FactSeen]
    events: Sequence[Any]


class Stream(Struct, frozen=True):
    """All about one state: its row (version 0 if it is missing) and its journal, in order."""

    ref: Ref
    version: int
    wake: datetime | None
    is_open: bool
    body: bytes
    entries: Sequence[JournalEntry]


class Difference(Struct, frozen=True):
    """Where the replay and the database disagree."""

    ref: Ref
    version: int
    what: str


class Report(Struct):
    """What was replayed and what was found. `differences` holds the first hundred."""

    states: int = 0
    commands: int = 0
    events: int = 0
    different: int = 0
    differences: list[Difference] = []

    def note(self, ref: Ref, version: int, what: str) -> None:
        self.different += 1
        if len(self.differences) < DIFFERENCES_KEPT:
            self.differences.append(Difference(ref, version, what))


class JournalReader(Protocol):
    """Reads streams whole."""

    def streams(self) -> AsyncIterator[Stream]:
        """Every state and every journal stream there is, in the order of their keys."""
        ...

    async def stream(self, ref: Ref) -> Stream: ...


class Replay:
    """`packs` gives the pack set that the journal names."""

    def __init__(
        self, *, reader: JournalReader, codec: Codec, packs: Callable[[str], PackSet]
    ) -> None:
        self._reader = reader
        self._codec = codec
        self._packs = packs
        self._histories: OrderedDict[UUID, list[Any]] = OrderedDict()

    async def check(self, *, progress: Callable[[], None] = lambda: None) -> Report:
        """Rebuild every state from its events and compare it with its row, byte by byte."""
        report = Report()
        async for stream in self._reader.streams():
            report.states += 1
            self._check_stream(stream, report)
            progress()
        return report

    async def decide(self, *, progress: Callable[[], None] = lambda: None) -> Report:
        """Decide every command again from the facts it rested on and compare the events."""
        report = Report()
        async for stream in self._reader.streams():
            report.states += 1
            await self._decide_stream(stream, report)
            progress()
        return report

    def _decider(self, ref: Ref) -> Decider:
        return self._codec.deciders[ref.kind]

    def _check_stream(self, stream: Stream, report: Report) -> None:
        decider = self._decider(stream.ref)
        history = self._fold(stream, report)
        state = history[-1]
        if stream.version != len(stream.entries):
            report.note(
                stream.ref, stream.version, f"the journal has {len(stream.entries)} versions"
            )
        elif state is None or self._codec.encode(state) != stream.body:
            report.note(stream.ref, stream.version, "the rebuilt state differs")
        else:
            self._check_clock(stream, state, decider, report)

    def _check_clock(self, stream: Stream, state: Any, decider: Decider, report: Report) -> None:
        deadline = decider.deadline(state)
        if decider.is_open(state) != stream.is_open:
            report.note(stream.ref, stream.version, "the row says otherwise whether it is open")
        if deadline is not None and (stream.wake is None or stream.wake > deadline):
            report.note(stream.ref, stream.version, f"woken at {stream.wake}, due at {deadline}")

    def _fold(self, stream: Stream, report: Report) -> list[Any]:
        """The state after each version, the empty one first."""
        decider = self._decider(stream.ref)
        state, history = None, [None]
        for number, entry in enumerate(stream.entries, start=1):
            if entry.version != number:
                report.note(stream.ref, entry.version, f"version {number} is missing")
            for event in entry.events:
                state = decider.evolve(state, event)
            history.append(state)
            report.commands += 1
            report.events += len(entry.events)
        return history

    async def _decide_stream(self, stream: Stream, report: Report) -> None:
        decider = self._decider(stream.ref)
        history = self._fold(stream, report)
        for before, entry in zip(history, stream.entries, strict=False):
            facts = Facts(
                now=entry.at,
                command_id=entry.command_id,
                actor=entry.actor,
                packs=self._packs(entry.packs),
                states=await self._states(entry.facts),
            )
            again = decider.decide(before, entry.command, facts)
            if isinstance(again, Refusal):
                report.note(stream.ref, entry.version, f"refused now: {again.code}")
            elif self._codec.events_to_bytes(tuple(again)) != self._codec.events_to_bytes(
                tuple(entry.events)
            ):
                report.note(stream.ref, entry.version, "decided otherwise now")

    async def _states(self, facts: Sequence[FactSeen]) -> Mapping[UUID, object]:
        return {fact.ref.id: await self._state_at(fact) for fact in facts if fact.version}

    async def _state_at(self, fact: FactSeen) -> object:
        history = self._histories.get(fact.ref.id)
        if history is None:
            history = self._fold(await self._reader.stream(fact.ref), Report())
            self._histories[fact.ref.id] = history
            if len(self._histories) > STREAMS_KEPT:
                self._histories.popitem(last=False)
        return history[fact.version]
