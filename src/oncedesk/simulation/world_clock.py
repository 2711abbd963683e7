"""The clock of a marketplace whose past was played and whose present is real."""

from datetime import datetime

from oncedesk.engine.instants import SimulatedClock
from oncedesk.engine.running import utc_now


class WorldClock(SimulatedClock):
    """Moves only when told to, until it is set going; from then on it is the real time."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self._going = False

    def __call__(self) -> datetime:
        return utc_now() if self._going else super().__call__()

    def set_going(self) -> None:
        assert super().__call__() <= utc_now(), "what was played lies in the past"
        self._going = True
