"""Plays the journal again: does it rebuild every state, and would it be decided the same again?"""

from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import msgspec
import structlog
from msgspec import Struct

from oncedesk.domain.shared.decider import Actor, Command, Decider, Facts, Refusal
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Ref
from oncedesk.engine.codec import Codec
from oncedesk.engine.deciding import PackSet
from oncedesk.engine.ports import FactSeen, Unreadable

log = structlog.get_logger(__name__)

STATES_KEPT = 100_000
"""What a decision rested on is often asked for again; so many states are kept in memory."""
DIFFERENCES_KEPT = 100
REBUILT_AT_ONCE = 500


class JournalEntry(Record, frozen=True):
    """One accepted command, as the journal has it; parts of it may not be readable any more."""

    version: int
    command_id: UUID
    at: datetime
    actor: Actor
    command: Command | Unreadable
    packs: str
    facts: Sequence[FactSeen] | Unreadable
    events: Sequence[Any] | Unreadable


class Stream(Record, frozen=True):
    """All about one state: its row (version 0 if it is missing) and its journal, in order."""

    ref: Ref
    version: int
    wake: datetime | None
    is_open: bool
    body: bytes
    entries: Sequence[JournalEntry]


class Difference(Record, frozen=True):
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
    rebuilt: int = 0
    differences: list[Difference] = []

    def note(self, ref: Ref, version: int, what: str) -> None:
        self.different += 1
        if len(self.differences) < DIFFERENCES_KEPT:
            self.differences.append(Difference(ref, version, what))


class Rebuilt(Record, frozen=True):
    """A state as its events make it now, where its row has other bytes at the same version."""

    ref: Ref
    version: int
    body: bytes
    wake: datetime | None
    is_open: bool


class JournalReader(Protocol):
    """Reads streams whole; writes back what was rebuilt from them."""

    def streams(self) -> AsyncIterator[Stream]:
        """Every state and every journal stream there is, in the order of their keys."""
        ...

    async def stream(self, ref: Ref) -> Stream: ...

    async def rewrite(self, rebuilt: Sequence[Rebuilt]) -> int:
        """Give these rows their new bytes if they still have that version; how many did."""
        ...


class Replay:
    """`packs` gives the pack set that the journal names."""

    def __init__(
        self, *, reader: JournalReader, codec: Codec, packs: Callable[[str], PackSet]
    ) -> None:
        self._reader = reader
        self._codec = codec
        self._packs = packs
        self._histories: OrderedDict[Ref, list[Any]] = OrderedDict()
        self._kept = 0

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

    async def look_at(self, ref: Ref) -> Report:
        """Rebuild this one state and decide its commands again, and compare both."""
        report = Report(states=1)
        stream = await self._reader.stream(ref)
        self._check_stream(stream, report)
        await self._decide_stream(stream, Report(differences=report.differences))
        report.different = len(report.differences)
        return report

    async def rebuild(self, *, progress: Callable[[], None] = lambda: None) -> Report:
        """Write every state anew whose shape has changed since its row was written.

        Run it after an upgrade and before the first process starts: processes keep states in
        memory. `different` counts what could not be rebuilt because the journal does not fit.
        """
        report = Report()
        found: list[Rebuilt] = []
        async for stream in self._reader.streams():
            report.states += 1
            found.extend(self._rebuilt(stream, report))
            if len(found) >= REBUILT_AT_ONCE:
                report.rebuilt += await self._reader.rewrite(found)
                found.clear()
            progress()
        report.rebuilt += await self._reader.rewrite(found)
        return report

    def _rebuilt(self, stream: Stream, report: Report) -> Sequence[Rebuilt]:
        decider = self._decider(stream.ref)
        history = self._fold(stream, report)
        state = history[-1]
        if stream.version != len(history) - 1 or state is None:
            what = f"the journal has {len(stream.entries)} versions"
            report.note(stream.ref, stream.version, what)
            return ()
        body = self._codec.state_to_bytes(state)
        if body == stream.body:
            return ()
        wake, is_open = decider.deadline(state), decider.is_open(state)
        return (Rebuilt(stream.ref, stream.version, body, wake, is_open),)

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
        elif state is None or not self._same(stream, state):
            report.note(stream.ref, stream.version, "the rebuilt state differs")
        else:
            self._check_clock(stream, state, decider, report)

    def _same(self, stream: Stream, state: Any) -> bool:
        """Equal as read, not as bytes: a field that was added since has its default in both."""
        try:
            stored = self._codec.state(stream.ref.kind, stream.body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return False
        again = self._codec.state(stream.ref.kind, self._codec.encode(state))
        return bool(stored == again)

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
        ids: set[UUID] = set()
        for number, entry in enumerate(stream.entries, start=1):
            if entry.version != number:
                report.note(stream.ref, entry.version, f"version {number} is missing")
            if entry.command_id in ids:
                report.note(stream.ref, entry.version, "a command is recorded twice")
            ids.add(entry.command_id)
            report.commands += 1
            if isinstance(entry.events, Unreadable):
                report.note(stream.ref, entry.version, "its events cannot be read")
                break
            report.events += len(entry.events)
            try:
                for event in entry.events:
                    state = decider.evolve(state, event)
            except Exception as error:
                # What follows on it cannot be told any more; what is wrong has been told.
                log.debug("replay_cannot_apply", exc_info=True)
                report.note(stream.ref, entry.version, f"its events do not fit: {_said(error)}")
                break
            history.append(state)
        return history

    async def _decide_stream(self, stream: Stream, report: Report) -> None:
        decider = self._decider(stream.ref)
        history = self._fold(stream, report)
        for before, entry in zip(history, stream.entries, strict=False):
            if isinstance(entry.command, Unreadable) or isinstance(entry.facts, Unreadable):
                report.note(stream.ref, entry.version, "its command or facts cannot be read")
                continue
            states = await self._states(entry.facts)
            if states is None:
                report.note(stream.ref, entry.version, "its facts are not in the journal")
                continue
            try:
                facts = Facts(
                    now=entry.at,
                    command_id=entry.command_id,
                    actor=entry.actor,
                    packs=self._packs(entry.packs),
                    states=states,
                )
                again = decider.decide(before, entry.command, facts)
            except Exception as error:
                log.debug("replay_cannot_decide", exc_info=True)
                report.note(stream.ref, entry.version, f"cannot be decided now: {_said(error)}")
                continue
            if isinstance(again, Refusal):
                report.note(stream.ref, entry.version, f"refused now: {again.code}")
            elif isinstance(entry.events, Unreadable) or self._codec.events_to_bytes(
                tuple(again)
            ) != self._codec.events_to_bytes(tuple(entry.events)):
                report.note(stream.ref, entry.version, "decided otherwise now")

    async def _states(self, facts: Sequence[FactSeen]) -> Mapping[UUID, object] | None:
        """The states as they were seen, or None where the journal does not reach so far."""
        states: dict[UUID, object] = {}
        for fact in facts:
            history = await self._history(fact.ref)
            if fact.version >= len(history):
                return None
            if fact.version:
                states[fact.ref.id] = history[fact.version]
        return states

    async def _history(self, ref: Ref) -> Sequence[Any]:
        history = self._histories.get(ref)
        if history is None:
            history = self._fold(await self._reader.stream(ref), Report())
            self._histories[ref] = history
            self._kept += len(history)
            while self._kept > STATES_KEPT and len(self._histories) > 1:
                _, oldest = self._histories.popitem(last=False)
                self._kept -= len(oldest)
        return history


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
