"""What is to be done when. Moments fall on ticks, so that much happens at once and batches fill."""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta

Action = Callable[[], None]


class Agenda:
    """Actions by tick. An action that is due is run once, in the order in which it was entered."""

    def __init__(self, start: datetime, tick: timedelta) -> None:
        self.start = start
        self.tick = tick
        self._actions: dict[int, list[Action]] = {}
        self._ticks: list[int] = []

    def at(self, moment: datetime, action: Action) -> None:
        """Do it at the first tick that is not before this moment."""
        self._enter(self._index(moment), action)

    def after(self, now: datetime, ticks: int, action: Action) -> None:
        """Do it so many ticks (at least one) from now."""
        self._enter(self._index(now) + max(1, ticks), action)

    def take(self, now: datetime) -> list[Action]:
        """What is due by now."""
        taken: list[Action] = []
        limit = (now - self.start) // self.tick
        while self._ticks and self._ticks[0] <= limit:
            taken += self._actions.pop(heapq.heappop(self._ticks))
        return taken

    def next_moment(self) -> datetime | None:
        """When there is something to do next."""
        return self.start + self._ticks[0] * self.tick if self._ticks else None

    def rounded(self, moment: datetime, *, ticks: int = 1) -> datetime:
        """The first tick (or the first of every so many) that is not before this moment."""
        return self.start + -(-self._index(moment) // ticks) * ticks * self.tick

    def _index(self, moment: datetime) -> int:
        return -((self.start - moment) // self.tick)

    def _enter(self, index: int, action: Action) -> None:
        actions = self._actions.get(index)
        if actions is None:
            self._actions[index] = [action]
            heapq.heappush(self._ticks, index)
        else:
            actions.append(action)
