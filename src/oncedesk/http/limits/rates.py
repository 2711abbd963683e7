"""How often one client may come: a bucket of tokens each, in this process."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from msgspec import Struct

from oncedesk.http.problems import Refused, problem

CLIENTS_KEPT = 50_000


class _Bucket(Struct):
    tokens: float
    at: float


class Rates:
    """At most `per_second` requests in the long run, and at once those of `burst_seconds`."""

    def __init__(
        self,
        *,
        per_second: float,
        burst_seconds: float = 2.0,
        code: str = "too_many_requests",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_second = per_second
        self._full = max(per_second * burst_seconds, 1.0)
        self._code = code
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, client: str) -> None:
        """Count one. Raises `Refused` where there were too many."""
        now = self._clock()
        bucket = self._buckets.get(client)
        if bucket is None:
            self._buckets[client] = _Bucket(self._full - 1, now)
            if len(self._buckets) > CLIENTS_KEPT:
                self._buckets.popitem(last=False)
            return
        self._buckets.move_to_end(client)
        tokens = min(self._full, bucket.tokens + (now - bucket.at) * self._per_second)
        bucket.at = now
        if tokens < 1:
            bucket.tokens = tokens
            wait = math.ceil((1 - tokens) / self._per_second)
            raise Refused(problem(self._code, retry_after=wait))
        bucket.tokens = tokens - 1

    def give_back(self, client: str) -> None:
        """What was counted is not counted after all."""
        bucket = self._buckets.get(client)
        if bucket is not None:
            bucket.tokens = min(self._full, bucket.tokens + 1)
