"""`oncedesk backtest`: what other rules would have decided."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated

import msgspec
from cyclopts import Parameter
from cyclopts.validators import Number
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from oncedesk.backtesting.choosing import Chosen, PackNotFound, choose
from oncedesk.backtesting.running import NothingRecorded, backtest, stored_packs
from oncedesk.backtesting.spreading import (
    LOCAL,
    RayMissing,
    Spread,
    WorkerEnded,
    cores,
    over_processes,
    over_ray,
    serially,
)
from oncedesk.cli.backtest_report import print_report
from oncedesk.cli.session import complain, errors, parts, run, settings_or_exit
from oncedesk.domain.shared.ids import BUCKETS
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.engine.ports import ConnectionLost
from oncedesk.rules.problems import PackInvalid


def backtest_command(
    *,
    pack: str,
    against: str | None = None,
    at: date | None = None,
    processes: Annotated[int | None, Parameter(validator=Number(gte=1, lte=256))] = None,
    ray: str | None = None,
    json: bool = False,
) -> int:
    """Decide everything that was recorded again under another rule pack, and print what changes.

    It only reads. A pack is named by its folder, by the market of one that comes with the program,
    or by the hash or version of a stored one.

    Parameters
    ----------
    pack
        The candidate.
    against
        Compare with this pack instead of with what was recorded.
    at
        The day on which folders are read; if not given, as they will read when all their rows hold.
    processes
        How many processes work on it; if not given, one for each core.
    ray
        Work on the Ray cluster at this address instead; `local` starts one on this machine.
    json
        Print one JSON object.
    """
    settings = settings_or_exit()
    if ray is not None and ray != LOCAL and settings.database_url is None:
        complain(
            "A cluster elsewhere cannot reach the embedded database: set ONCEDESK_DATABASE_URL."
        )
        return 2

    async def work() -> int:
        async with parts(settings) as built:
            stored = stored_packs(await built.packs.stored())
            chosen = _chosen(pack, against, at, stored)
            if chosen is None:
                return 2
            candidate, other = chosen
            workers = processes or cores()
            with _progress() as progress:
                report = await backtest(
                    built.url,
                    candidate=candidate,
                    against=other,
                    own=stored,
                    spread=_spread(workers, ray),
                    workers=workers,
                    progress=progress,
                )
        if json:
            sys.stdout.write(msgspec.json.encode(report).decode() + "\n")
        else:
            print_report(report)
        return 0

    try:
        return run(work())
    except (NothingRecorded, RayMissing, WorkerEnded, ConnectionLost) as error:
        _fail(" ".join(str(error).split()))
        return 1


def _chosen(
    pack: str, against: str | None, at: date | None, stored: tuple[Pack, ...]
) -> tuple[Chosen, Chosen | None] | None:
    """The packs to compare; None where one of them cannot be used, which has been said."""
    try:
        candidate = choose(pack, at=at, stored=stored)
        return candidate, None if against is None else choose(against, at=at, stored=stored)
    except PackNotFound as error:
        _fail(str(error))
    except PackInvalid as invalid:
        for one in invalid.errors:
            _fail(" ".join(str(one).splitlines()))
    return None


def _spread(workers: int, ray: str | None) -> Spread:
    if ray is not None:
        return over_ray(ray)
    return serially if workers == 1 else over_processes(workers)


def _fail(line: str) -> None:
    complain(line)


@contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    """A bar on the terminal; nothing where there is none."""
    columns = (
        TextColumn("deciding again"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=errors, disable=not errors.is_terminal) as bar:
        task = bar.add_task("", total=BUCKETS)
        yield lambda buckets: bar.advance(task, buckets)
