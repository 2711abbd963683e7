"""When a delivery is tried again, when it is given up, and when its endpoint is."""

from datetime import datetime, timedelta
from hashlib import blake2b
from uuid import UUID

from oncedesk.engine.webhooks.model import Delivery, Endpoint

PAUSES_SECONDS = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 72_000)
"""After the first, second, ... failure: three days in all, as Standard Webhooks recommends."""
JITTER = 0.1
"""Up to so large a share of a pause is taken off, so that not all come back at the same moment."""
FAILING_MAX = timedelta(days=4)
"""Longer than one delivery is tried: by then more than one was lost."""
FAILURES_MIN = 10
AWAY_MIN = timedelta(minutes=5)
"""Who took nothing for so long, and then something, was away and is back: nothing has to wait."""


def pause_after(*, failures: int, delivery: UUID) -> timedelta | None:
    """How long to wait after so many failures (from 1); None: it is given up.

    The jitter follows from the delivery's id, so a repeated decision is the same.
    """
    assert failures >= 1
    if failures > len(PAUSES_SECONDS):
        return None
    drawn = blake2b(delivery.bytes + failures.to_bytes(2, "big"), digest_size=4).digest()
    share = int.from_bytes(drawn, "big") / 2**32
    return timedelta(seconds=PAUSES_SECONDS[failures - 1] * (1 - JITTER * share))


def turn_kept(delivery: Delivery, *, now: datetime) -> datetime | None:
    """When it is tried again, if it was tried before its turn; None: it was its turn.

    Its schedule goes on as if it had not been: nothing is given up any sooner, however often
    somebody asks.
    """
    planned = delivery.planned_at
    return planned if planned is not None and planned > now and delivery.attempts else None


def is_hopeless(endpoint: Endpoint, *, now: datetime) -> bool:
    """Nothing but failures, and for days."""
    since = endpoint.failing_since
    return since is not None and endpoint.failures >= FAILURES_MIN and now - since >= FAILING_MAX
