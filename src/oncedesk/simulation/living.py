"""The marketplace goes on after its day: consumers keep coming, everybody keeps doing their part.

It goes on in real time, or in simulated time for whoever wants to see many days of it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from oncedesk.domain.shared.decider import Command
from oncedesk.engine.ports import ConnectionLost, TryAgain
from oncedesk.simulation.arrivals import weight
from oncedesk.simulation.day import contacts_at
from oncedesk.simulation.plans import Moment, Plan
from oncedesk.simulation.playing import Play, enter
from oncedesk.wiring import Parts

QUICKER = 2
"""So many times the contacts of its day the same people manage when they are as quick as here."""
CONTACTS_PER_SECOND_MIN = 1 / 120
"""In the smallest of marketplaces, which has people for so many, there is something to see, too."""
WEIGHT_MIN = 0.3
"""By night fewer come, but somebody always does."""
QUIET_MAX = timedelta(minutes=3)
"""Whoever looks on sees somebody come within this time, also by night in the smallest of them."""
TICK = timedelta(seconds=1)
BEAT = timedelta(seconds=20)
"""People are quick here, so that there is something to see."""
DAY = timedelta(minutes=20)
"""What they put off for days they come back to within hours: nobody's place is kept for longer."""
GAP_MAX = timedelta(minutes=1)
"""Who would have come while the computer slept does not come all at once when it wakes."""
FORGET_EACH = timedelta(minutes=10)
REMEMBERED = timedelta(hours=6)
"""Who comes back later than this, comes as a stranger."""
ASK_WHO_IS_HERE_SECONDS = 2.0
TOLD_AHEAD = timedelta(minutes=1)
"""Orders are placed, and their consumers known, before anybody writes about them."""

Humans = Callable[[], Awaitable[set[UUID]]]
"""Tells as which agents and consumers people have logged in."""


def rate_at(scale: float) -> float:
    """How many consumers come in a second of an average hour: no more than are answered."""
    staffed_for = contacts_at(scale) / timedelta(days=1).total_seconds()
    return max(CONTACTS_PER_SECOND_MIN, QUICKER * staffed_for)


@dataclass
class Living:
    """Lets consumers come, `rate` a second in an average hour, and forgets what is over.

    However few that are, nobody has to wait longer than `quiet_max` for the next.
    """

    play: Play
    rate: float
    quiet_max: timedelta = timedelta.max
    _next_at: datetime = field(init=False)

    def begin(self) -> None:
        """From now on, as long as the agenda is played."""
        self.play.endless = True
        self.play.stage.seeing.stranger = self._stranger
        self._next_at = self._after(self.play.stage.clock())
        self._arrive()
        self._forget()

    def _arrive(self) -> None:
        """Each time somebody who will write soon, and somebody else who only orders."""
        stage = self.play.stage
        self._next_at = max(self._next_at, stage.clock() - GAP_MAX)
        while self._next_at <= stage.clock():
            for calls in (True, False):
                moment = Moment(self._next_at + TOLD_AHEAD, calls=calls)
                enter(self.play, self.play.stories.story(moment))
            self._next_at = self._after(self._next_at)
        stage.at(self._next_at, self._arrive)

    def _after(self, moment: datetime) -> datetime:
        """When the next ones come, by chance."""
        rate = self.rate * max(WEIGHT_MIN, weight(moment))
        pause = timedelta(seconds=self.play.chance.expovariate(rate))
        return moment + min(pause, self.quiet_max)

    def _stranger(self, command: Command, at: datetime) -> Plan:
        """Whoever wrote is somebody else's to play, but the desks answer."""
        plan = self.play.stories.stranger(command, at)
        self.play.stage.sender.strangers.add(plan.consumer)
        return plan

    def _forget(self) -> None:
        stage = self.play.stage
        stage.seeing.forget_ended(begun_before=stage.clock() - REMEMBERED)
        self.play.remedying.forget(begun_before=stage.clock() - REMEMBERED)
        stage.sender.log.forget()
        stage.at(stage.clock() + FORGET_EACH, self._forget)


def move_in(play: Play, parts: Parts) -> None:
    """Play on with these parts; those it was played with before are closed."""
    play.parts = [parts]
    play.loads.leave_to_the_engine()
    play.stage.sender.use([parts.engine])
    parts.engine.writers.on_accepted.append(play.stage.seeing.hear)
    play.stage.agenda.quicken(tick=TICK, beat=BEAT, day=DAY)


def take_up(play: Play, agent: UUID) -> None:
    """Whoever has played them is gone: they go on from there."""
    play.staffing.take_up(agent)
    play.work.resume(agent)


async def live(play: Play, *, rate: float, humans: Humans) -> None:
    """In real time until it is cancelled. The engine runs by itself; here only people act.

    Whom a human has logged in as does nothing of their own until the human is gone.
    """
    Living(play, rate, QUIET_MAX).begin()
    asked = asyncio.get_running_loop().create_task(_follow_humans(play, humans))
    try:
        while True:
            for action in play.stage.agenda.take(play.stage.clock()):
                action()
            if asked.done():
                asked.result()
            await asyncio.sleep(TICK.total_seconds())
    finally:
        asked.cancel()
        await asyncio.wait([asked])


async def _follow_humans(play: Play, humans: Humans) -> None:
    here = play.stage.sender.humans
    while True:
        try:
            now_here = await humans()
        except (ConnectionLost, TryAgain):
            # Until the database is back, whoever was here is here.
            now_here = set(here)
        gone = here - now_here
        here.clear()
        here.update(now_here)
        for agent in gone:
            play.stage.soon(1, partial(take_up, play, agent))
        await asyncio.sleep(ASK_WHO_IS_HERE_SECONDS)
