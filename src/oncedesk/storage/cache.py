"""Decoded states, kept so that they need not be decoded again. Versions decide what is true."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from oncedesk.domain.shared.records import Record


class CachedState(Record, frozen=True, gc=False):
    version: int
    state: Any


class StateCache:
    """The last states that this process saw, at most `size` of them."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._entries: OrderedDict[UUID, CachedState] = OrderedDict()

    def get(self, id_: UUID) -> CachedState | None:
        return self._entries.get(id_)

    def put(self, id_: UUID, version: int, state: Any) -> None:
        self._entries[id_] = CachedState(version, state)
        self._entries.move_to_end(id_)
        if len(self._entries) > self._size:
            self._entries.popitem(last=False)

    def drop(self, ids: Iterable[UUID]) -> None:
        for id_ in ids:
            self._entries.pop(id_, None)
