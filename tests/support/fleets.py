"""Processes under load, and the clients who outlive them: what was not answered is asked again."""

import asyncio
import os
import random
import signal
import sys
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

import msgspec

from oncedesk.domain.shared.decider import SYSTEM, Actor
from oncedesk.domain.shared.refs import Ref
from oncedesk.simulation.crash import DIE_AT, PRINCIPAL, Asked, Line, Ready, Sent, Told

NAMESPACE = UUID("6f6e6365-6465-736b-8000-000000000001")
"""As the design says: UUIDv5 of principal, key and state; worked out here by other means."""


@dataclass
class Entry:
    """What a client knows of one command: which it was, and what it was told first."""

    key: str
    command: Any
    actor: Actor
    told: Told | None = None
    times_asked: int = 0

    @property
    def target(self) -> Ref:
        target: Ref = self.command.target()
        return target

    @property
    def id(self) -> UUID:
        name = f"command\x1f{PRINCIPAL}\x1f{self.key}\x1f{self.target.id.hex}"
        return uuid5(NAMESPACE, name)


@dataclass
class Worker:
    """One place for a process; when that one dies, another takes its place."""

    process: asyncio.subprocess.Process | None = None
    waiting: dict[int, Entry] = field(default_factory=dict)
    ready: bool = False
    deaths: int = 0
    die_at: str = ""

    def kill(self) -> None:
        """SIGKILL, now."""
        if self.process is not None and self.process.returncode is None:
            # `Process.kill` would look first whether it lives, and so take its exit code from
            # whoever waits for that.
            with suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGKILL)


class Fleet:
    """Several processes on one database, and a log of all that clients were told."""

    def __init__(self, database: str, *, count: int, dice: random.Random) -> None:
        self._database = database
        self.log: list[Entry] = []
        self.sent: list[UUID] = []
        self.workers = [Worker() for _ in range(count)]
        self._dice = dice
        self._numbers = 0
        self._unasked: deque[Entry] = deque()
        self._changed = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._ending = False
        self.next_death: Callable[[], str] = lambda: ""

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._keep(worker)) for worker in self.workers]

    async def end(self) -> None:
        """Let every process stop in order."""
        self._ending = True
        for worker in self.workers:
            if worker.process is not None and worker.process.stdin is not None:
                worker.process.stdin.close()
        await asyncio.gather(*self._tasks)

    def kill(self) -> None:
        """Kill whatever still lives, at once."""
        self._ending = True
        for worker in self.workers:
            worker.kill()

    def ask(
        self, command: Any, *, key: str, actor: Actor = SYSTEM, everywhere: bool = False
    ) -> Entry:
        """Give a command to one process (or to every one at once)."""
        entry = Entry(key, command, actor)
        self.log.append(entry)
        if everywhere:
            for worker in self.workers:
                self._give(worker, entry)
        else:
            self._unasked.append(entry)
            self._hand_out()
        return entry

    async def answered(self, *, at_most: int = 0) -> None:
        """Wait until no more than so many commands are unanswered."""
        await self.until(lambda: sum(entry.told is None for entry in self.log) <= at_most)

    async def until(self, condition: Callable[[], Any]) -> None:
        while not condition():
            for task in self._tasks:
                if task.done():
                    task.result()
            self._changed.clear()
            await self._changed.wait()

    @property
    def ending(self) -> bool:
        """Whether the processes were told to end, which may be while one is waited for."""
        return self._ending

    @property
    def deaths(self) -> int:
        return sum(worker.deaths for worker in self.workers)

    @property
    def armed(self) -> list[str]:
        """At which points the processes of now are still to die."""
        return [worker.die_at for worker in self.workers if worker.die_at]

    def ready(self) -> bool:
        return all(worker.ready for worker in self.workers)

    def _hand_out(self) -> None:
        living = [worker for worker in self.workers if worker.ready]
        while self._unasked and living:
            self._give(self._dice.choice(living), self._unasked.popleft())

    def _give(self, worker: Worker, entry: Entry) -> None:
        assert worker.process is not None
        assert worker.process.stdin is not None
        self._numbers += 1
        entry.times_asked += 1
        worker.waiting[self._numbers] = entry
        asked = Asked(
            number=self._numbers,
            key=entry.key,
            kind=entry.target.kind,
            command=msgspec.Raw(msgspec.json.encode(entry.command)),
            role=entry.actor.role,
            who=entry.actor.id,
        )
        worker.process.stdin.write(msgspec.json.encode(asked) + b"\n")

    async def _keep(self, worker: Worker) -> None:
        while not self._ending:
            worker.die_at = self.next_death()
            worker.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "oncedesk.simulation.crash", self._database),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env={**os.environ, DIE_AT: worker.die_at},
            )
            assert worker.process.stdout is not None
            async for line in worker.process.stdout:
                self._heard(worker, line)
            ended = await worker.process.wait()
            # A start while the database is away fails, and is tried again.
            in_order = ended == 0 and self.ending
            killed = ended == -signal.SIGKILL
            assert in_order or killed or not worker.ready, f"ended with {ended}"
            worker.ready = False
            worker.deaths += killed
            # Nobody knows what became of these. They are asked again, under the same keys.
            self._unasked.extend(one for one in worker.waiting.values() if one.told is None)
            worker.waiting.clear()
            self._hand_out()
            self._changed.set()

    def _heard(self, worker: Worker, line: bytes) -> None:
        if not line.endswith(b"\n"):
            return
        match msgspec.json.decode(line, type=Line):
            case Ready():
                worker.ready = True
                self._hand_out()
            case Told(number=number) as told:
                entry = worker.waiting.pop(number)
                entry.told = entry.told or told
            case Sent(id=id_):
                self.sent.append(id_)
            case _:
                raise AssertionError(line)
        self._changed.set()


@asynccontextmanager
async def fleet_on(database: str, *, count: int, dice: random.Random) -> AsyncIterator[Fleet]:
    """So many processes, all ready; whatever is left of them is killed at the end.

    `database` is a URL, or a home with an embedded database.
    """
    fleet = Fleet(database, count=count, dice=dice)
    fleet.start()
    try:
        await asyncio.wait_for(fleet.until(fleet.ready), 60)
        yield fleet
    finally:
        fleet.kill()
        await asyncio.gather(*fleet._tasks, return_exceptions=True)


def accepted(log: Sequence[Entry]) -> list[Entry]:
    return [entry for entry in log if entry.told is not None and entry.told.status == "accepted"]
