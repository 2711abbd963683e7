"""What was looked up a moment ago is not looked up again, and never for longer than said."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

REMEMBERED_SECONDS = 5.0
"""So long a key, a session or a membership may still count after it was taken away."""


class Remembered(Generic[K, V]):
    """Values by key, each at most `seconds` old; `size` bounds what strangers can fill it with.

    Whoever asks while it is being looked up waits for the same look-up. One that failed is an
    answer for those who waited, and remembered for nobody.
    """

    def __init__(
        self,
        load: Callable[[K], Awaitable[V]],
        *,
        seconds: float = REMEMBERED_SECONDS,
        size: int = 20_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._load = load
        self._seconds = seconds
        self._size = size
        self._clock = clock
        self._entries: OrderedDict[K, tuple[float, asyncio.Future[V]]] = OrderedDict()

    async def get(self, key: K) -> V:
        entry = self._entries.get(key)
        if entry is not None and self._clock() < entry[0]:
            found = entry[1]
            if not found.done():
                return await asyncio.shield(found)
            if not found.cancelled() and found.exception() is None:
                return found.result()
        loading = asyncio.ensure_future(self._load(key))
        self._entries[key] = (self._clock() + self._seconds, loading)
        self._entries.move_to_end(key)
        if len(self._entries) > self._size:
            self._entries.popitem(last=False)
        return await asyncio.shield(loading)

    def forget(self, key: K) -> None:
        self._entries.pop(key, None)
