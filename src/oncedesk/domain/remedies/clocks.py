"""How clocks are set."""

from datetime import datetime, timedelta

from oncedesk.domain.remedies.words import Clock, ClockKind


def in_seconds(
    kind: ClockKind, now: datetime, seconds: int, rule: str, warn_seconds: int = 0
) -> Clock:
    """Runs out so long after `now`, and warns so long before that, if it is to."""
    due_at = now + timedelta(seconds=seconds)
    warns = 0 < warn_seconds < seconds
    return Clock(kind, due_at, rule, due_at - timedelta(seconds=warn_seconds) if warns else None)
