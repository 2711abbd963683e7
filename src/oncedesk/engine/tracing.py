"""What somebody who follows commands through the engine is told; usually nobody does."""

from collections.abc import Sequence
from typing import Protocol

from oncedesk.domain.shared.records import Record
from oncedesk.engine.submission import Answer, Submission


class Moments(Record, frozen=True, kw_only=True):
    """When a round of a batch came to what, by `time.perf_counter`: loaded, decided, committed."""

    began: float
    loaded: float
    decided: float
    committed: float


class Tracing(Protocol):
    """Called by the event loop's thread, at once and without waiting for anything."""

    def submitted(self, submission: Submission) -> None:
        """A command has arrived; it will be answered unless the process stops before."""
        ...

    def committed(self, batch: Sequence[Submission], moments: Moments) -> None:
        """A round of a batch is on the disk; its answers come next."""
        ...

    def answered(self, submission: Submission, answer: Answer) -> None: ...
