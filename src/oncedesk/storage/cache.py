"""States as this process last saw them, so that most need not be read again.

Versions decide what is true: whoever writes on the strength of what is remembered here names the
version and its moment, and loses if another process has been faster, or if the database is not
the one that it was.
"""

from collections import OrderedDict
from collections.abc import Iterable
from uuid import UUID

from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Ref
from oncedesk.engine.ports import Stored

HISTORY_MAX = 256
LEARNT_MAX = 64
"""Of a longer history each command is looked up by itself."""


class Remembered(Record, frozen=True):
    """A state, and the ids of all commands it ever accepted, if this process has seen them all."""

    ref: Ref
    stored: Stored
    commands: set[int] | None = None


class StateCache:
    """The last states that this process saw, at most `size` of them."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._entries: OrderedDict[int, Remembered] = OrderedDict()

    def get(self, ref: Ref) -> Remembered | None:
        """What was last seen of it. Another kind or another bucket may have a state of its id."""
        entry = self._entries.get(ref.id.int)
        if entry is None or entry.ref.bucket != ref.bucket or entry.ref.kind is not ref.kind:
            return None
        return entry

    def saw(self, ref: Ref, stored: Stored) -> None:
        """It stands like this now; nothing is learnt of how it came to that."""
        self._put(Remembered(ref, stored))

    def wrote(self, ref: Ref, stored: Stored, *, before: int, commands: Iterable[UUID]) -> None:
        """This process has just written it, from version `before`, by these commands."""
        history: set[int] | None = None
        if before == 0:
            history = set()
        elif (known := self.get(ref)) is not None and known.stored.version == before:
            history = known.commands
        if history is not None:
            history.update([command.int for command in commands])
            if len(history) > HISTORY_MAX:
                history = None
        self._put(Remembered(ref, stored, history))

    def unlearnt(self, ref: Ref) -> int:
        """Its version, if so few commands made it that all can be learnt, and none are known."""
        entry = self.get(ref)
        if entry is None or entry.commands is not None or entry.stored.version > LEARNT_MAX:
            return 0
        return entry.stored.version

    def learnt(self, ref: Ref, *, version: int, commands: set[int]) -> None:
        """By `version` it had accepted no other commands than these."""
        entry = self.get(ref)
        if entry is not None and entry.stored.version == version:
            self._put(Remembered(ref, entry.stored, commands))

    def is_new(self, ref: Ref, command: UUID) -> bool:
        """Sure that the state, as it is remembered, has never accepted this command."""
        entry = self.get(ref)
        return (
            entry is not None and entry.commands is not None and command.int not in entry.commands
        )

    def drop(self, ids: Iterable[UUID]) -> None:
        for id_ in ids:
            self._entries.pop(id_.int, None)

    def _put(self, entry: Remembered) -> None:
        key = entry.ref.id.int
        self._entries[key] = entry
        self._entries.move_to_end(key)
        if len(self._entries) > self._size:
            self._entries.popitem(last=False)
