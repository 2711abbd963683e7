"""Simulated time: an instant is run until nothing is left in it, then the next wake comes."""

from datetime import datetime, timedelta

from oncedesk.engine.running import Engine


class SimulatedClock:
    """A clock that moves only when told to, and never back."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def __call__(self) -> datetime:
        return self._now

    def jump(self, to: datetime) -> None:
        assert to >= self._now, "time does not run backwards"
        self._now = to


async def settle(engine: Engine) -> None:
    """Run the present instant: commands, their reactions, due clocks, dispatch, until all rest."""
    while True:
        await engine.writers.drained()
        woken = await engine.waking.submit_due()
        if woken:
            continue
        if not await engine.dispatch.run():
            return


async def play_until(engine: Engine, clock: SimulatedClock, end: datetime) -> int:
    """Let time pass until `end`, stopping at every wake; how many instants there were."""
    instants = 0
    while True:
        await settle(engine)
        instants += 1
        wake = await engine.store.next_wake()
        if wake is None or wake > end:
            clock.jump(end)
            return instants
        clock.jump(max(wake, clock() + timedelta(microseconds=1)))
