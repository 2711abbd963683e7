"""What is to be done when. Moments fall on ticks, so that much happens at once and batches fill."""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta

Action = Callable[[], object]


class Agenda:
    """Actions by tick. An action that is due is run once, in the order in which it was entered.

    A beat is what people's delays are counted in; it is at least a tick. A day is what they put off
    is counted in, or parts of it: so long as any other, unless they are quicker.
    """

    def __init__(self, start: datetime, *, tick: timedelta, beat: timedelta | None = None) -> None:
        self.start = start
        self.tick = tick
        self.beat = beat or tick
        self.day = timedelta(days=1)
        self._actions: dict[datetime, list[Action]] = {}
        self._moments: list[datetime] = []

    def quicken(self, *, tick: timedelta, beat: timedelta, day: timedelta) -> None:
        """From now on time is finer, and people are quicker; what was entered stays."""
        self.tick, self.beat, self.day = tick, beat, day

    def at(self, moment: datetime, action: Action) -> None:
        """Do it at the first tick that is not before this moment."""
        self._enter(self.rounded(moment), action)

    def after(self, now: datetime, beats: int, action: Action) -> None:
        """Do it so many beats (at least one) from now."""
        self._enter(self.rounded(now) + max(1, beats) * self.beat, action)

    def take(self, now: datetime) -> list[Action]:
        """What is due by now."""
        taken: list[Action] = []
        while self._moments and self._moments[0] <= now:
            taken += self._actions.pop(heapq.heappop(self._moments))
        return taken

    def next_moment(self) -> datetime | None:
        """When there is something to do next."""
        return self._moments[0] if self._moments else None

    def rounded(self, moment: datetime, *, ticks: int = 1) -> datetime:
        """The first tick (or the first of every so many) that is not before this moment."""
        span = ticks * self.tick
        return self.start - (self.start - moment) // span * span

    def _enter(self, moment: datetime, action: Action) -> None:
        actions = self._actions.get(moment)
        if actions is None:
            self._actions[moment] = [action]
            heapq.heappush(self._moments, moment)
        else:
            actions.append(action)
