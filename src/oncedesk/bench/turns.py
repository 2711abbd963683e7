"""A turn of the benches' client: what it is told to ask, and what came of it."""

from collections.abc import Sequence
from typing import Protocol

from oncedesk.domain.shared.records import Record

CONNECTIONS = 64


class Requests(Protocol):
    """What is asked, by its number. It is sent to the client's process, so it must pickle."""

    def request(self, number: int) -> bytes:
        """The whole request, head and body."""
        ...


class Order(Record, frozen=True):
    """One turn: ask from `first` on, for so many seconds, by so many connections.

    Each asks again when it is answered, but all together no more than `per_second`, if that is set.
    """

    requests: Requests
    port: int
    first: int
    seconds: float
    connections: int
    per_second: float | None


class Turn(Record, frozen=True):
    """What came of it. `answered` within the seconds, `acknowledged` with those under way at the
    end; both only with success. `refused` is what the first other answer said."""

    answered: int
    acknowledged: int
    asked: int
    seconds: float
    latencies_ms: Sequence[float]
    cpu_seconds: float
    failed: int = 0
    refused: str = ""
