"""What a state was at each of its versions, worked out from the journal."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import structlog

from oncedesk.domain.shared.decider import Actor, Command, Decider
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Ref
from oncedesk.engine.codec import Codec
from oncedesk.engine.ports import FactSeen, Unreadable

log = structlog.get_logger(__name__)

STATES_KEPT = 100_000
"""What a decision rested on is often asked for again; so many states are kept in memory."""

READ_AT_ONCE = 50
"""Streams; a desk's may be long."""


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


class StreamReader(Protocol):
    """Reads streams whole, in the order in which they are asked for."""

    async def read(self, refs: Sequence[Ref]) -> Sequence[Stream]: ...


Note = Callable[[int, str], None]
"""Is told at which version something is wrong, and what."""


def fold(decider: Decider, stream: Stream, note: Note) -> list[Any]:
    """The state after each version, the empty one first; as far as the journal fits."""
    state, history = None, [None]
    ids: set[UUID] = set()
    for number, entry in enumerate(stream.entries, start=1):
        if entry.version != number:
            note(entry.version, f"version {number} is missing")
        if entry.command_id in ids:
            note(entry.version, "a command is recorded twice")
        ids.add(entry.command_id)
        if isinstance(entry.events, Unreadable):
            note(entry.version, "its events cannot be read")
            break
        try:
            for event in entry.events:
                state = decider.evolve(state, event)
        except Exception as error:
            # What follows on it cannot be told any more; what is wrong has been told.
            log.debug("replay_cannot_apply", exc_info=True)
            note(entry.version, f"its events do not fit: {said(error)}")
            break
        history.append(state)
    return history


class Histories:
    """The states on which decisions rested; those that were asked for last are kept."""

    def __init__(self, reader: StreamReader, codec: Codec) -> None:
        self._reader = reader
        self._codec = codec
        self._histories: OrderedDict[Ref, list[Any]] = OrderedDict()
        self._kept = 0

    async def states(self, facts: Sequence[FactSeen]) -> Mapping[UUID, object] | None:
        """The states as they were seen, or None where the journal does not reach so far."""
        if any(fact.ref not in self._histories for fact in facts):
            await self.fetch(fact.ref for fact in facts)
        return self.known(facts)

    async def fetch(self, refs: Iterable[Ref]) -> None:
        """Make these known, many at a time; until the next call they are kept, however many."""
        asked = dict.fromkeys(refs)
        missing = [ref for ref in asked if ref not in self._histories]
        for first in range(0, len(missing), READ_AT_ONCE):
            for stream in await self._reader.read(missing[first : first + READ_AT_ONCE]):
                history = fold(self._codec.deciders[stream.ref.kind], stream, _ignore)
                self._histories[stream.ref] = history
                self._kept += len(history)
        for ref in asked:
            self._histories.move_to_end(ref)
        while self._kept > STATES_KEPT and next(iter(self._histories)) not in asked:
            _, oldest = self._histories.popitem(last=False)
            self._kept -= len(oldest)

    def known(self, facts: Iterable[FactSeen]) -> Mapping[UUID, object] | None:
        """Like `states`, of what was fetched just now."""
        states: dict[UUID, object] = {}
        for fact in facts:
            history = self._histories[fact.ref]
            if fact.version >= len(history):
                return None
            if fact.version:
                states[fact.ref.id] = history[fact.version]
        return states


def said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _ignore(_version: int, _what: str) -> None:
    """What is wrong in it is reported where it is looked at for itself."""
