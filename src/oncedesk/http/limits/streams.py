"""How many things that take long somebody may have open: streams of events, uploads."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from oncedesk.http.problems import Refused, problem

STREAMS_MAX = 16
UPLOADS_MAX = 8
"""By one principal at one process; of a machine's uploads, for one consumer."""


class Streams:
    """The streams of a sort that are open at this process, by whose they are. One too many is
    refused with `code`."""

    def __init__(self, *, most: int = STREAMS_MAX, code: str = "too_many_streams") -> None:
        self._open: Counter[str] = Counter()
        self._most = most
        self._code = code

    @contextmanager
    def opened(self, name: str) -> Iterator[None]:
        """Count one while it is open. Raises `Refused` where it is one too many."""
        if self._open[name] >= self._most:
            raise Refused(problem(self._code, f"at most {self._most} at once"))
        self._open[name] += 1
        try:
            yield
        finally:
            self._open[name] -= 1
            if not self._open[name]:
                del self._open[name]
