"""Whole lifecycles through one engine process or several on one database.

Real deciders, packs, duplicate look-ups, reactions and dispatch; every commit flushed to disk. The
only thing shortened is the recontact window, so that it closes within the run.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date

import msgspec

from oncedesk.bench.databases import own_marketplace
from oncedesk.bench.measuring import Meter, between, postmaster
from oncedesk.bench.town import build_town, place_orders
from oncedesk.bench.worker import Counters, Task, Worker, added
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.rules.loading import load_builtin
from oncedesk.rules.storing import seal
from oncedesk.settings import Settings
from oncedesk.wiring import build

WINDOW_SECONDS = 10
WARM_UP_SECONDS = 30
SIXTHS = 6


class EngineFigures(Record, frozen=True):
    """What `oncedesk bench engine --json` prints."""

    lifecycles_per_second: float
    commands_per_second: float
    rows_per_command: float
    wal_bytes_per_command: float
    statements_per_command: float
    python_us_per_command: float
    postgres_us_per_command: float
    steal_percent: float
    last_to_first: float
    commands_per_batch: float
    races_lost: int
    refused: int
    parked: int
    processes: int
    seconds: float


async def run(
    url: str,
    *,
    settings: Settings,
    seconds: float,
    open_at_once: int,
    processes: int,
    orders: int,
    progress: Callable[[str], None],
) -> EngineFigures:
    """Set up, warm up until windows close, measure for so many seconds. Raises NoDatabase."""
    progress("setting up")
    async with own_marketplace(url, name="oncedesk_bench_engine") as own:
        async with build(own, settings=settings, packs=[short_window_pack()]) as parts:
            await build_town(parts)
            await place_orders(parts, number=orders)
        tasks = [
            Task(own, settings, number, processes, open_at_once // processes, orders)
            for number in range(processes)
        ]
        return await _measured(own, tasks, seconds=seconds, progress=progress)


async def _measured(
    url: str, tasks: Sequence[Task], *, seconds: float, progress: Callable[[str], None]
) -> EngineFigures:
    with ExitStack() as stack:
        workers = []
        for task in tasks:
            worker = Worker(task)
            stack.callback(worker.stop)
            workers.append(worker)

        async def counters() -> Counters:
            return added(await asyncio.gather(*(worker.counters() for worker in workers)))

        meter = await Meter.connect(url, await postmaster(url))
        try:
            await counters()
            progress("warming up")
            await asyncio.sleep(WARM_UP_SECONDS)
            progress("measuring")
            first, start = await meter.read(), await counters()
            commands, speeds = start.commands, []
            for _ in range(SIXTHS):
                began = asyncio.get_running_loop().time()
                await asyncio.sleep(seconds / SIXTHS)
                now = (await counters()).commands
                speeds.append((now - commands) / (asyncio.get_running_loop().time() - began))
                commands = now
            last, end = await meter.read(), await counters()
            parked = await meter.parked()
        finally:
            await meter.close()
    cost = between(first, last)
    commands = end.commands - start.commands
    return EngineFigures(
        lifecycles_per_second=round((end.closed - start.closed) / cost.seconds, 1),
        commands_per_second=round(commands / cost.seconds, 1),
        rows_per_command=round(cost.rows / commands, 2),
        wal_bytes_per_command=round(cost.wal_bytes / commands, 1),
        statements_per_command=round((end.statements - start.statements) / commands, 4),
        python_us_per_command=round(
            (end.python_seconds - start.python_seconds) / commands * 1e6, 1
        ),
        postgres_us_per_command=round(cost.postgres_seconds / commands * 1e6, 1),
        steal_percent=round(cost.steal_percent, 2),
        last_to_first=round(speeds[-1] / speeds[0], 3),
        commands_per_batch=round(commands / max(end.batches - start.batches, 1), 1),
        races_lost=end.races_lost - start.races_lost,
        refused=end.refused - start.refused,
        parked=parked,
        processes=len(tasks),
        seconds=round(cost.seconds, 1),
    )


def short_window_pack() -> Pack:
    """The built-in pack, but with a recontact window that closes within the run."""
    pack = load_builtin("cn").pack(date(2026, 11, 1))
    joining = msgspec.structs.replace(pack.joining, recontact_window_seconds=WINDOW_SECONDS)
    return seal(msgspec.structs.replace(pack, joining=joining, hash=""))
