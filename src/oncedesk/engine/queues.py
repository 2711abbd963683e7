"""What waits to be written, and what of it is written next.

A batch is what has arrived when a writer is free. Several may be in flight; but a small one costs
each of its commands much, so beside another it begins only when enough wait. A command whose state
another batch is writing waits for that batch; so commands on one state keep their order.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from uuid import UUID

from oncedesk.engine.submission import Origin, Submission

CLOCKS_SECONDS_MAX = 0.25
"""A batch with clocks that takes longer is followed by one with fewer."""
BESIDE_PART = 4
"""Beside a batch in flight the next begins when so large a part of a whole batch waits,"""
BESIDE_SECONDS = 0.02
"""or when nothing has begun for so long: the disk, the database or a lock is slow."""


class Queues:
    """Commands of clients, and reactions, as they came; due clocks behind them, one a state.

    `open` is how many wait or are being written, `clock_ids` whose clocks are among them.
    """

    def __init__(self, *, batch_max: int) -> None:
        self._batch_max = batch_max
        self._waiting: deque[Submission] = deque()
        self._clocks: deque[Submission] = deque()
        self._clocks_most = max(batch_max // 4, 1)
        self._beside_least = max(batch_max // BESIDE_PART, 1)
        self._batches = 0
        self._slow = False
        self._slow_soon: asyncio.TimerHandle | None = None
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
        if self._may_begin():
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
        """The next batch, once it may begin; whoever has it gives it back by `release`."""
        while True:
            batch = self._take() if self._may_begin() else ()
            if batch:
                self._begun()
                return batch
            self._free.clear()
            await self._free.wait()

    def release(self, batch: Sequence[Submission]) -> None:
        """It is written, or given up; who waited for its states comes first now."""
        in_flight, blocked = self._in_flight, self._blocked
        for submission in batch:
            target = submission.target.id
            in_flight.discard(target.int)
            if submission.origin is Origin.CLOCK:
                self.clock_ids.discard(target)
            if blocked and target.int in blocked:
                self._waiting.extendleft(reversed(blocked.pop(target.int)))
        self._batches -= 1
        self.open -= len(batch)
        if not self.open:
            self._idle.set()
        if self._waiting or self._clocks:
            self._free.set()

    def pace(self, batch: Sequence[Submission], seconds: float) -> None:
        """Take so many clocks at once that a client who comes meanwhile does not wait long."""
        if any(one.origin is Origin.CLOCK for one in batch):
            if seconds > CLOCKS_SECONDS_MAX:
                self._clocks_most = max(self._clocks_most // 2, self._batch_max // 4, 1)
            elif seconds < CLOCKS_SECONDS_MAX / 2:
                self._clocks_most = min(self._clocks_most * 2, self._batch_max // 2)

    def _may_begin(self) -> bool:
        """Alone at any time; beside another when it is worth its cost, or that one takes long."""
        return (
            not self._batches
            or self._slow
            or len(self._waiting) + len(self._clocks) >= self._beside_least
        )

    def _begun(self) -> None:
        self._batches += 1
        self._slow = False
        if self._slow_soon is not None:
            self._slow_soon.cancel()
        self._slow_soon = asyncio.get_running_loop().call_later(BESIDE_SECONDS, self._takes_long)

    def _takes_long(self) -> None:
        self._slow = True
        self._free.set()

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
