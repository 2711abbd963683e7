"""Chance, drawn beforehand: each story carries its own throws, all from the one seeded generator.

What two stories throw does not depend on which of them is played first, so that a seed gives the
same stories again however the engine's batches fall.
"""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")

THROWS = 48


class Dice:
    """A short list of throws, used round and round."""

    __slots__ = ("_at", "_throws")

    def __init__(self, chance: Random) -> None:
        self._throws = chance.randbytes(THROWS)
        self._at = 0

    def throw(self) -> int:
        """0 to 255."""
        self._at += 1
        if self._at >= THROWS:
            self._at = 0
            # Round two is another order, or a story could repeat itself for ever.
            self._throws = self._throws[7:] + bytes(255 - one for one in self._throws[:7])
        return self._throws[self._at]

    def percent(self, share: float) -> bool:
        """Yes in so many of a hundred cases."""
        return self.throw() * 256 + self.throw() < share * 655.36

    def among(self, choices: Sequence[T]) -> T:
        """One of these, each as likely."""
        return choices[(self.throw() * 256 + self.throw()) % len(choices)]

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`."""
        return low + (self.throw() * 256 + self.throw()) % (high - low + 1)

    def weighted(self, choices: Sequence[tuple[T, float]]) -> T:
        """One of these; the weights are percent and add up to 100."""
        point = (self.throw() * 256 + self.throw()) / 655.36
        for choice, weight in choices:
            point -= weight
            if point < 0:
                return choice
        return choices[-1][0]
