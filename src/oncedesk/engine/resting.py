"""What is tried again and again rests in between, each time twice as long."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from oncedesk.domain.shared.records import Record

Key = TypeVar("Key")
REST_MAX = timedelta(hours=1)
REMEMBERED_MIN = timedelta(minutes=1)
_TIMES_MAX = 32


class _Tried(Record, frozen=True, array_like=True):
    """When it was tried last, and how often by then."""

    at: datetime
    times: int


class Rests(Generic[Key]):
    """Who rests: `first` after the first try, then twice as long each time, up to an hour.

    What has not been tried for as long again as it had to rest, and a minute at least, begins anew.
    """

    def __init__(self, first: timedelta) -> None:
        self._first = first
        self._tried: dict[Key, _Tried] = {}

    def tried(self, key: Key, now: datetime) -> None:
        """It rests from now on; tried twice at one moment, it was tried once."""
        last = self._tried.get(key)
        if last is None or last.at != now:
            times = 0 if last is None else last.times
            self._tried[key] = _Tried(now, min(times + 1, _TIMES_MAX))

    def excuse(self, key: Key) -> None:
        """It rests, but the last try was none: the next rest is no longer for it."""
        last = self._tried.get(key)
        if last is not None:
            self._tried[key] = _Tried(last.at, last.times - 1)

    def forget(self, key: Key) -> None:
        """It went well: nothing is known against it any more."""
        self._tried.pop(key, None)

    def resting(self, now: datetime) -> Collection[Key]:
        """A clock that is set back lets nothing rest longer."""
        resting, over = set(), []
        for key, one in self._tried.items():
            since, rest = abs(now - one.at), self._rest(one.times)
            if since < rest:
                resting.add(key)
            elif since >= rest + max(rest, REMEMBERED_MIN):
                over.append(key)
        for key in over:
            del self._tried[key]
        return resting

    def until(self, key: Key) -> datetime:
        """When the rest ends of what was tried."""
        last = self._tried[key]
        return last.at + self._rest(last.times)

    def _rest(self, times: int) -> timedelta:
        return min(self._first * (1 << max(times - 1, 0)), REST_MAX)
