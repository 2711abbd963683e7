"""Says no while it is still quick to say: when more waits than is done in about a second."""

from oncedesk.engine.submitting import Writers
from oncedesk.http.problems import Refused, problem

READS_PER_CONNECTION = 16
"""So many questions may be looked up at once: more would only wait for each other."""


class Overload:
    """`waiting_max` is how many commands may wait for a writer, `reads_max` how many questions may
    be looked up at once."""

    def __init__(self, writers: Writers, *, waiting_max: int, reads_max: int) -> None:
        self._writers = writers
        self._waiting_max = waiting_max
        self._reads_max = reads_max
        self._reads = 0

    def refuse(self) -> None:
        """Raises `Refused` where a further command would wait too long, or never be done."""
        if self._writers.stopping:
            raise Refused(problem("stopping", "another process, in a moment"))
        if self._writers.ahead > self._waiting_max:
            raise Refused(problem("overloaded", "fewer commands at once"))

    def begin_read(self) -> None:
        """Raises `Refused` where a further question would wait too long, and keep writers waiting.
        Each that is begun is ended."""
        if self._reads >= self._reads_max:
            raise Refused(problem("overloaded", "fewer questions at once"))
        self._reads += 1

    def end_read(self) -> None:
        self._reads -= 1
