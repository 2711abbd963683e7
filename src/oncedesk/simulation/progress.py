"""How far a run has come, for whoever watches it."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from oncedesk.domain.shared.records import Record
from oncedesk.simulation.playing import Play

TELL_EVERY = 1_000
"""Rows or states between two reports: what is done to each takes some microseconds."""


class Phase(StrEnum):
    """What a run does, in this order."""

    OPEN = "setting up"
    PLAY = "playing"
    HISTORY = "reading the journal"
    REPLAY = "rebuilding states"
    DECIDE = "deciding again"


_SHARES = {
    Phase.OPEN: 0.01,
    Phase.PLAY: 0.80,
    Phase.HISTORY: 0.05,
    Phase.REPLAY: 0.11,
    Phase.DECIDE: 0.03,
}
"""How long each takes, measured; only the estimate of the time left rests on it."""
_COMMANDS_A_CASE = 32
"""Measured, too: it says how far the play has come better than the cases ended, which all end
within a few simulated days."""


class Progress(Record, frozen=True):
    """`share` is of the whole run, by time; `now` is simulated; `ended` are cases that closed."""

    phase: Phase
    share: float
    now: datetime
    ended: int
    commands: int


class Watched:
    """Tells how far it has come, but not for every little step."""

    def __init__(self, play: Play, tell: Callable[[Progress], None]) -> None:
        self._play = play
        self._tell = tell
        self._phase = Phase.OPEN
        self._before = 0.0
        self._steps = 0
        self._total = 1
        self.played()

    def enter(self, phase: Phase, *, steps: int = 1) -> None:
        """A phase begins that will take so many steps, as far as is known."""
        earlier = list(Phase)[: list(Phase).index(phase)]
        self._before = sum(_SHARES[one] for one in earlier)
        self._phase, self._steps, self._total = phase, 0, max(1, steps)
        self._report(0.0)

    def played(self) -> None:
        """An instant is over."""
        expected = len(self._play.plans) * _COMMANDS_A_CASE
        done = self._play.stage.counts["commands.accepted_anew"]
        self._report(done / expected if self._phase is Phase.PLAY else 0.0)

    def step(self) -> None:
        """One more row or state of the phase is looked at."""
        self._steps += 1
        if self._steps % TELL_EVERY == 0:
            self._report(self._steps / self._total)

    def _report(self, done: float) -> None:
        counts = self._play.stage.counts
        self._tell(
            Progress(
                phase=self._phase,
                share=self._before + _SHARES[self._phase] * min(1.0, done),
                now=self._play.stage.clock(),
                ended=counts["cases.closed"] + counts["cases.merged"],
                commands=counts["commands.accepted_anew"],
            )
        )
