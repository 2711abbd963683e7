"""How many requests came, what they were answered, and how long that took."""

from collections.abc import Iterator

from prometheus_client.core import Metric

from oncedesk.engine.measures import SECONDS, Spread
from oncedesk.http.doors import Area
from oncedesk.operation.exposition import counter, histogram


class Traffic:
    """Counted by area and status only: neither paths nor people."""

    def __init__(self) -> None:
        self._seconds = {area.name.lower(): Spread(SECONDS) for area in Area}
        self._answers: dict[tuple[Area, int], int] = {}

    def add(self, area: Area, *, status: int, seconds: float) -> None:
        """A request was answered."""
        self._seconds[area.name.lower()].add(seconds)
        key = area, status
        self._answers[key] = self._answers.get(key, 0) + 1

    def collect(self) -> Iterator[Metric]:
        """The figures as they are now."""
        requests = counter("http_requests", "Requests by what was answered.", ["area", "status"])
        for (area, status), number in sorted(self._answers.copy().items()):
            requests.add_metric([area.name.lower(), str(status)], number)
        yield requests
        yield histogram(
            "http_request_seconds",
            "From a request's head to its answer.",
            self._seconds,
            label="area",
        )
