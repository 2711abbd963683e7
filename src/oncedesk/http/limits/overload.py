"""Says no while it is still quick to say: when more waits than is done in about a second."""

from oncedesk.engine.submitting import Writers
from oncedesk.http.problems import Refused, problem


class Overload:
    """`waiting_max` is how many commands may wait for a writer."""

    def __init__(self, writers: Writers, *, waiting_max: int) -> None:
        self._writers = writers
        self._waiting_max = waiting_max

    def refuse(self) -> None:
        """Raises `Refused` where a further command would wait too long, or never be done."""
        if self._writers.stopping:
            raise Refused(problem("stopping", "another process, in a moment"))
        if self._writers.ahead > self._waiting_max:
            raise Refused(problem("overloaded", "fewer commands at once"))
