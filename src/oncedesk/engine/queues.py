"""What waits to be written, and what of it is written next.

A batch is what has arrived when a writer is free; several may be in flight. A small one costs each
of its commands much. So where clients crowd, the next is given a moment to fill: those who were
just answered are about to ask again. A command whose state another batch is writing waits for that
batch; so commands on one state keep their order.
"""

import asyncio
from asyncio import sleep
from collections import deque
from collections.abc import Sequence
from uuid import UUID

from oncedesk.engine.submission import Origin, Submission

CLOCKS_SECONDS_MAX = 0.25
"""A batch with clocks that takes longer is followed by one with fewer."""
CROWD = 8
"""Where so many commands of clients stand in a batch, on average, more of them will come soon:"""
GATHER_SECONDS = 0.002
"""the next batch is given so long to fill,"""
GATHER_PART = 8
"""unless so large a part of a whole batch waits already."""
_LATEST = 0.2
"""How much the latest batch counts in that average."""


class Queues:
    """Commands of clients, and reactions, as they came; due clocks behind them, one a state.

    `open` is how many wait or are being written, `clock_ids` whose clocks are among them.
    """

    def __init__(self, *, batch_max: int) -> None:
        self._batch_max = batch_max
        self._waiting: deque[Submission] = deque()
        self._clocks: deque[Submission] = deque()
        self._clocks_most = max(batch_max // 4, 1)
        self._enough = max(batch_max // GATHER_PART, 1)
        self._crowd = 0.0
        # By the numbers of the targets' ids: a UUID's own hash takes several times as long.
        self._in_flight: set[int] = set()
        self._blocked: dict[int, deque[Submission]] = {}
        self._free = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self.open = 0
        self.clock_ids: set[UUID] = set()

    def add(self, submission: Submission) -> None:
        """Behind those that came before; a clock behind everything else."""
        queue = self._clocks if submission.origin is Origin.CLOCK else self._waiting
        queue.append(submission)
        self.open += 1
        self._idle.clear()
        self._free.set()

    def add_clock(self, submission: Submission) -> None:
        """Unless this state's clock is among them already."""
        if submission.target.id not in self.clock_ids:
            self.clock_ids.add(submission.target.id)
            self.add(submission)

    def drop_clocks(self) -> None:
        """Those that wait; they are still in the database."""
        self.open -= len(self._clocks)
        self.clock_ids -= {submission.target.id for submission in self._clocks}
        self._clocks.clear()
        if not self.open:
            self._idle.set()

    @property
    def ahead(self) -> int:
        """How many commands are ahead of one that comes now; clocks wait behind it."""
        return len(self._waiting)

    async def idle(self) -> None:
        """Return when nothing waits and nothing is in flight, or all was given up."""
        await self._idle.wait()

    def give_up(self) -> None:
        """Nobody need wait for what is still open."""
        self._idle.set()

    async def next(self) -> Sequence[Submission]:
        """The next batch, once there is one; whoever has it gives it back by `release`."""
        while True:
            await self._free.wait()
            if self._may_fill():
                await sleep(GATHER_SECONDS)
            if batch := self._take():
                return batch
            self._free.clear()

    def release(self, batch: Sequence[Submission], *, again: Sequence[Submission] = ()) -> None:
        """It is written, or given up; who waited for its states comes first now.

        Before them come those who are to be decided `again`.
        """
        for submission in batch:
            target = submission.target.id
            if submission.origin is Origin.CLOCK:
                self.clock_ids.discard(target)
            self._end_flight(target.int)
        self._waiting.extendleft(reversed(again))
        self.clock_ids.update([one.target.id for one in again if one.origin is Origin.CLOCK])
        self.open += len(again) - len(batch)
        if not self.open:
            self._idle.set()
        if self._waiting or self._clocks:
            self._free.set()

    def claim(self, state: UUID) -> bool:
        """Write this state along with a batch; whoever may gives it back by `release_claimed`."""
        if state.int in self._in_flight:
            return False
        self._in_flight.add(state.int)
        return True

    def release_claimed(self, states: Sequence[UUID]) -> None:
        """They are written, or given up."""
        for state in states:
            self._end_flight(state.int)
        if self._waiting:
            self._free.set()

    def pace(self, batch: Sequence[Submission], seconds: float) -> None:
        """Take so many clocks at once that a client who comes meanwhile does not wait long."""
        if any(one.origin is Origin.CLOCK for one in batch):
            if seconds > CLOCKS_SECONDS_MAX:
                self._clocks_most = max(self._clocks_most // 2, self._batch_max // 4, 1)
            elif seconds < CLOCKS_SECONDS_MAX / 2:
                self._clocks_most = min(self._clocks_most * 2, self._batch_max // 2)

    def _end_flight(self, state: int) -> None:
        self._in_flight.discard(state)
        if self._blocked and state in self._blocked:
            self._waiting.extendleft(reversed(self._blocked.pop(state)))

    def _may_fill(self) -> bool:
        """A batch of clients' that begins at once would be small, and more of them will come."""
        waiting = self._waiting
        return (
            self._crowd >= CROWD
            and 0 < len(waiting) < self._enough
            and waiting[0].origin is Origin.CLIENT
        )

    def _take(self) -> list[Submission]:
        """Clients and reactions first, due clocks in at most half of it.

        A quarter is the clocks' in any case, or they would never catch up. They get no more where
        a client waits: what a clock sets off can take as long as ten commands.
        """
        batch: list[Submission] = []
        least = max(self._batch_max // 4, 1)
        self._fill(batch, self._waiting, self._batch_max - min(len(self._clocks), least))
        if self._clocks:
            clients = any(one.origin is Origin.CLIENT for one in batch)
            most = least if clients else self._clocks_most
            self._fill(batch, self._clocks, min(len(batch) + most, self._batch_max))
        self._in_flight.update([submission.target.id.int for submission in batch])
        if batch:
            of_clients = [one.origin for one in batch].count(Origin.CLIENT)
            self._crowd += (of_clients - self._crowd) * _LATEST
        return batch

    def _fill(self, batch: list[Submission], queue: deque[Submission], size: int) -> None:
        in_flight, blocked = self._in_flight, self._blocked
        while queue and len(batch) < size:
            submission = queue.popleft()
            target = submission.target.id.int
            if target in in_flight:
                blocked.setdefault(target, deque()).append(submission)
            else:
                batch.append(submission)
