"""Plays the journal again: does it rebuild every state, and would it be decided the same again?"""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec
import structlog
from msgspec import Struct

from oncedesk.domain.shared.decider import Decider, Facts, Refusal
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Ref
from oncedesk.engine.codec import Codec
from oncedesk.engine.deciding import PackSet
from oncedesk.engine.histories import Histories, Stream, StreamReader, fold, said
from oncedesk.engine.ports import Unreadable

log = structlog.get_logger(__name__)

DIFFERENCES_KEPT = 100
REBUILT_AT_ONCE = 500


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


class JournalReader(StreamReader, Protocol):
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
        self._histories = Histories(reader, codec)

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

        Nobody else may work on them meanwhile: processes keep states in memory. `different` counts
        what could not be rebuilt because the journal does not fit.
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
        if body == stream.body or self._same(stream, state):
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

        def note(version: int, what: str) -> None:
            report.note(stream.ref, version, what)

        history = fold(self._decider(stream.ref), stream, note)
        # What broke it off was looked at, too.
        looked_at = stream.entries[: len(history)]
        report.commands += len(looked_at)
        report.events += sum(
            0 if isinstance(entry.events, Unreadable) else len(entry.events) for entry in looked_at
        )
        return history

    async def _decide_stream(self, stream: Stream, report: Report) -> None:
        decider = self._decider(stream.ref)
        history = self._fold(stream, report)
        for before, entry in zip(history, stream.entries, strict=False):
            if isinstance(entry.command, Unreadable) or isinstance(entry.facts, Unreadable):
                report.note(stream.ref, entry.version, "its command or facts cannot be read")
                continue
            states = await self._histories.states(entry.facts)
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
                report.note(stream.ref, entry.version, f"cannot be decided now: {said(error)}")
                continue
            if isinstance(again, Refusal):
                report.note(stream.ref, entry.version, f"refused now: {again.code}")
            elif isinstance(entry.events, Unreadable) or self._codec.events_to_bytes(
                tuple(again)
            ) != self._codec.events_to_bytes(tuple(entry.events)):
                report.note(stream.ref, entry.version, "decided otherwise now")
