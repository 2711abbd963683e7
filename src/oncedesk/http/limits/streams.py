"""How many streams of events somebody may hold open."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from oncedesk.http.problems import Refused, problem

STREAMS_MAX = 16
"""By one principal at one process."""


class Streams:
    """The streams that are open at this process, by principal."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    @contextmanager
    def opened(self, name: str) -> Iterator[None]:
        """Count one while it is open. Raises `Refused` where it is one too many."""
        if self._open[name] >= STREAMS_MAX:
            raise Refused(problem("too_many_streams", f"at most {STREAMS_MAX} open at once"))
        self._open[name] += 1
        try:
            yield
        finally:
            self._open[name] -= 1
            if not self._open[name]:
                del self._open[name]
