"""What the engine asks of the storage, and the rows it hands over."""

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Ref
from oncedesk.engine.submission import ReactionKey, Submission


class Superseded(Exception):
    """The database belongs to a newer program, whose states this one would write incompletely."""


class Stored(Record, frozen=True):
    """A state as it stands: version 0 and `state` None where there is none yet."""

    version: int
    at: datetime | None
    wake: datetime | None
    state: Any


class Recorded(Record, frozen=True):
    """A command that was accepted before, found by its id."""

    version: int
    at: datetime
    body_hash: bytes
    events: tuple[Any, ...]


class OtherKind(Record, frozen=True):
    """Another kind of state has this id; whoever asks for it by this one finds nothing."""

    error: str


class Unreadable(Record, frozen=True):
    """Stands for a state or a command whose bytes cannot be read; what meets it is parked."""

    error: str


class FactSeen(Record, frozen=True, array_like=True):
    """A fact that a decision rested on: which state, at which version (0: there was none)."""

    ref: Ref
    version: int


class Decided(Record, frozen=True):
    """One accepted command, about to be recorded."""

    submission: Submission
    version: int
    at: datetime
    events: Sequence[Any]
    facts: Sequence[FactSeen]
    packs: str
    basis: Sequence[str]
    reactions: int = 0


class OutboxRow(Record, frozen=True):
    """Something that leaves, not before `leaves_at`. `id` is the key that the receiver sees.

    It came of the `number`th thing that `version` of the state `stream` sends out: what one state
    sends has an order.
    """

    bucket: int
    id: UUID
    topic: str
    body: bytes
    at: datetime
    stream: UUID
    version: int
    number: int
    leaves_at: datetime


class StateWrite(Record, frozen=True):
    """All that one state's commands in this batch change. It is written whole or not at all.

    `decided_at` is by this process's clock; `at` is never before what the state knew already. Of
    what its events ask of other states, `reactions` become rows, and `followed` was decided with
    it: if such a target loses, that is a row as well. `causes` are the states whose events were
    followed here; if one of them loses, so does this one.
    """

    ref: Ref
    before: Stored
    after: Any
    version: int
    at: datetime
    decided_at: datetime
    wake: datetime | None
    is_open: bool
    body: bytes
    decided: Sequence[Decided]
    reactions: Sequence[Submission]
    outbox: Sequence[OutboxRow]
    done: Sequence[ReactionKey]
    followed: Sequence[Submission] = ()
    causes: Set[UUID] = frozenset()


class ParkedRow(Record, frozen=True):
    """A command that failed by a bug or by its data, kept for an operator."""

    submission: Submission
    error: str
    at: datetime


class RefusedReaction(Record, frozen=True):
    """A reaction whose target said no; its row stays, parked."""

    key: ReactionKey
    reason: str
    at: datetime


class Writes(Record, frozen=True):
    """One transaction. `depends` are the states that commands of the batch saw as facts."""

    states: Sequence[StateWrite]
    parked: Sequence[ParkedRow] = ()
    refused: Sequence[RefusedReaction] = ()
    done: Sequence[ReactionKey] = ()
    wakes: Sequence["WakeCorrection"] = ()
    depends: Set[UUID] = frozenset()


class WakeCorrection(Record, frozen=True):
    """A state that was woken with nothing due: only its wake moves, if its version still stands."""

    ref: Ref
    version: int
    wake: datetime | None


class DueWake(Record, frozen=True):
    """A state whose time has come."""

    ref: Ref
    wake: datetime


class ConnectionLost(Exception):
    """The database went away; whether the last commit happened is not known."""


class TooSlow(ConnectionLost):
    """A transaction took too long and was ended, mostly with its connection."""


class Locked(TooSlow):
    """Somebody else holds a row or a table for too long: no fault of what was to be written."""


class DataRejected(Exception):
    """The database refused a value; the batch holds a command that cannot be stored."""


class TryAgain(Exception):
    """The database gave up on a transaction for a passing reason; nothing of it was kept."""


class StateMoved(Exception):
    """A state has moved on since it was remembered, and a refusal rested on it."""


class PacksMoved(Exception):
    """Other rule packs are known than those under which a batch was decided."""


class DependencyLost(Exception):
    """A state lost that other decisions of the batch had seen, as it was or as it would be."""


class Store(Protocol):
    """The storage, as the engine sees it."""

    def remembered(self, refs: Iterable[Ref]) -> dict[int, Stored]:
        """Those of these states that were seen before, as they stood then, by their ids' numbers.

        Nothing is asked of the database.
        """
        ...

    async def load(self, refs: Sequence[Ref]) -> Mapping[UUID, Stored]:
        """The states at these refs as they stand; a missing one is absent from the answer."""
        ...

    async def recorded(self, submissions: Sequence[Submission]) -> Mapping[UUID, Recorded]:
        """Those of these commands that were accepted before, by command id.

        Right for each state at the version that is remembered or was loaded; a commit that has
        happened since is met by the version's guard.
        """
        ...

    async def reactions_up_to(self, waiting: Sequence[Submission]) -> Sequence[Submission]:
        """The waiting reactions of the same sources and targets up to and with these, in order.

        Those of `waiting` whose row is gone are missing; the others come back as they are.
        """
        ...

    async def commit(self, writes: Writes) -> set[UUID]:
        """Write everything of the states that won, nothing of those that lost; return the losers.

        A state loses if its version is no longer the one that was read, if one of its causes lost,
        or if an earlier reaction of such a cause still waits for it. What was parked, refused or
        done on a state that lost is not written either. Raises `DependencyLost` if one that others
        saw lost, `ConnectionLost` if the outcome is unknown, and `DataRejected` for an unstorable
        value.
        """
        ...

    async def due(self, *, now: datetime, limit: int, but_not: set[UUID]) -> Sequence[DueWake]:
        """States whose wake is not after `now`, earliest first."""
        ...

    async def next_wake(self) -> datetime | None:
        """The earliest wake of all."""
        ...

    async def pending_reactions(self, *, before: datetime, limit: int) -> Sequence[Submission]:
        """Unparked reactions written before that moment, oldest first."""
        ...
