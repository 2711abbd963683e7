"""What an engine counts of itself: plain numbers, cheap to add to, read by whoever shows them.

Added to by the event loop's thread alone; read from any, each number as it is at that moment.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from oncedesk.domain.remedies.messages.refunding import RefundCredited, RefundSent
from oncedesk.domain.shared.refs import Kind
from oncedesk.engine.submission import Answer, Status

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
COMMANDS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0, 2048.0)
REPEATED = "repeated"
_HOUR = 3_600.0
LONG_SECONDS = (1.0, 10.0, 60.0, 600.0, _HOUR, 6 * _HOUR, 24 * _HOUR, 72 * _HOUR, 168 * _HOUR)
"""Bounds for what takes minutes or days."""
OUTCOMES = (*(status.value for status in Status), REPEATED)
"""What can become of a command; repeated is what was accepted before under the same key."""


class Spread:
    """How often a value came that is at most each bound (and above the one before), and their sum.

    The last of `counts` are those above all bounds.
    """

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def add(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value


class Measures:
    """One process's. All but `outcomes` and `command_seconds` are added to once a batch."""

    def __init__(self) -> None:
        self.batch_commands = Spread(COMMANDS)
        self.decide_seconds = Spread(SECONDS)
        self.commit_seconds = Spread(SECONDS)
        self.command_seconds = Spread(SECONDS)
        self.refund_sent_seconds = Spread(LONG_SECONDS)
        self.refund_credited_seconds = Spread(LONG_SECONDS)
        self.outcomes = {kind: dict.fromkeys(OUTCOMES, 0) for kind in Kind}

    def count(self, kind: Kind, answer: Answer) -> None:
        """What became of a command on this kind of state."""
        self.outcomes[kind][REPEATED if answer.duplicate else answer.status] += 1
        if kind is Kind.REMEDIES and answer.status is Status.ACCEPTED and not answer.duplicate:
            self._count_refunds(answer.events)

    def _count_refunds(self, events: Sequence[Any]) -> None:
        """How long money took that is among these events, from its remedy's request on."""
        for event in events:
            if type(event) is RefundSent:
                self.refund_sent_seconds.add(event.seconds)
            elif type(event) is RefundCredited:
                self.refund_credited_seconds.add(event.seconds)
