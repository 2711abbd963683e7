"""One engine process of the bench, and how the bench asks it for its counters."""

import asyncio
import time
from multiprocessing import get_context
from multiprocessing.connection import Connection

import uvloop

from oncedesk.bench.lifecycles import LifecycleDriver
from oncedesk.bench.town import the_town
from oncedesk.domain.shared.records import Record
from oncedesk.engine.memory import prepare_memory
from oncedesk.logs import set_up_logs
from oncedesk.settings import Settings
from oncedesk.wiring import build

ANSWER_SECONDS_MAX = 60.0


class Task(Record, frozen=True):
    """What a worker plays: every `workers`th consumer, beginning with `worker`."""

    url: str
    settings: Settings
    worker: int
    workers: int
    open_at_once: int
    orders: int


class Counters(Record, frozen=True):
    """How often something has happened since the start, in one process or in several together."""

    commands: int = 0
    closed: int = 0
    refused: int = 0
    batches: int = 0
    statements: int = 0
    races_lost: int = 0
    python_seconds: float = 0.0


class WorkerEnded(RuntimeError):
    """An engine process of the bench has ended before its time."""


class Worker:
    """An engine process that plays lifecycles from its start to its stop."""

    def __init__(self, task: Task) -> None:
        context = get_context("spawn")
        self._line, other = context.Pipe()
        self._process = context.Process(target=_run, args=(task, other), daemon=True)
        self._process.start()
        other.close()

    async def counters(self) -> Counters:
        """Its counters now. Raises WorkerEnded."""
        return await asyncio.to_thread(self._ask)

    def stop(self) -> None:
        self._line.close()
        self._process.join(ANSWER_SECONDS_MAX)

    def _ask(self) -> Counters:
        try:
            self._line.send("counters")
            if not self._line.poll(ANSWER_SECONDS_MAX):
                raise WorkerEnded("an engine process does not answer")
            counters: Counters = self._line.recv()
        except (EOFError, OSError) as error:
            raise WorkerEnded("an engine process has ended") from error
        return counters


def added(several: list[Counters]) -> Counters:
    """The counters of all processes together."""
    names = Counters.__struct_fields__
    return Counters(**{name: sum(getattr(one, name) for one in several) for name in names})


def _run(task: Task, line: Connection) -> None:
    set_up_logs(level=task.settings.log_level, format_=task.settings.log_format)
    prepare_memory()
    uvloop.run(_play(task, line))


async def _play(task: Task, line: Connection) -> None:
    async with build(task.url, settings=task.settings, packs=()) as parts:
        driver = LifecycleDriver(
            parts,
            the_town(orders=task.orders),
            open_at_once=task.open_at_once,
            worker=task.worker,
            workers=task.workers,
        )
        stopped = asyncio.Event()

        def answer() -> None:
            try:
                line.recv()
            except (EOFError, OSError):
                stopped.set()
                return
            writers = parts.engine.writers
            line.send(
                Counters(
                    commands=writers.commands,
                    closed=driver.closed,
                    refused=driver.refused,
                    batches=writers.batches,
                    statements=parts.store.statements,
                    races_lost=writers.races_lost,
                    python_seconds=time.process_time(),
                )
            )

        loop = asyncio.get_running_loop()
        loop.add_reader(line.fileno(), answer)
        await parts.engine.start()
        driver.start()
        looking = [asyncio.create_task(driver.look())] if task.workers > 1 else []
        await stopped.wait()
        loop.remove_reader(line.fileno())
        driver.stop()
        await asyncio.gather(*looking)
