"""Wrong tokens: each has to be looked up, so an address has only so many of them."""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import TypeVar

from oncedesk.http.auth.remembering import REMEMBERED_SECONDS
from oncedesk.http.limits.attempts import Attempts
from oncedesk.http.limits.rates import Rates
from oncedesk.http.problems import CredentialsWrong

WRONG_PER_SECOND = 5.0
WRONG_BURST_SECONDS = 60.0
"""An office's sessions are over at once when its day begins."""
RIGHT_KEPT = 50_000
WRONG_KEPT = 10_000

T = TypeVar("T")


class ShownTokens:
    """Counts those that let nobody in, by the address that showed them, in this process.

    A token that has let somebody in is not counted, so that a right one goes on to do so however
    many wrong ones come from its address. Nor is a wrong one that is shown again while it is
    remembered: whoever goes on with a key that was revoked costs little, and keeps out nobody.
    """

    def __init__(self) -> None:
        rates = Rates(per_second=WRONG_PER_SECOND, burst_seconds=WRONG_BURST_SECONDS)
        self._wrong = Attempts(rates)
        self._right: OrderedDict[bytes, None] = OrderedDict()
        self._remembered: OrderedDict[bytes, float] = OrderedDict()

    async def look_up(self, shown: str, *, address: str, find: Callable[[], Awaitable[T]]) -> T:
        """What is found for the token that is shown. Raises `Refused` where it lets nobody in, or
        where too many from this address did not; then it is not looked up."""
        mark = sha256(shown.encode()).digest()
        if mark in self._right or time.monotonic() < self._remembered.get(mark, 0.0):
            return await self._kept(mark, find)
        async with self._wrong.one(address):
            try:
                return await self._kept(mark, find)
            except CredentialsWrong:
                self._remember(mark)
                raise

    def _remember(self, mark: bytes) -> None:
        self._remembered[mark] = time.monotonic() + REMEMBERED_SECONDS
        self._remembered.move_to_end(mark)
        if len(self._remembered) > WRONG_KEPT:
            self._remembered.popitem(last=False)

    async def _kept(self, mark: bytes, find: Callable[[], Awaitable[T]]) -> T:
        try:
            answer = await find()
        except CredentialsWrong:
            self._right.pop(mark, None)
            raise
        self._right[mark] = None
        self._right.move_to_end(mark)
        if len(self._right) > RIGHT_KEPT:
            self._right.popitem(last=False)
        return answer
