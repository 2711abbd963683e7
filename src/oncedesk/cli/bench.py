"""Benchmarks: where the figures in the README come from."""

from collections.abc import Callable
from typing import Annotated

from cyclopts import App, Parameter
from cyclopts.validators import Number
from rich.table import Table

from oncedesk.backtesting.spreading import cores
from oncedesk.bench import backtest as backtest_bench
from oncedesk.bench import engine as engine_bench
from oncedesk.bench import growth as growth_bench
from oncedesk.bench import remedies as remedies_bench
from oncedesk.bench.engine import EngineFigures
from oncedesk.bench.growth import GrowthFigures
from oncedesk.bench.remedies import RemedyFigures
from oncedesk.cli import bench_http
from oncedesk.cli.bench_http import Seconds
from oncedesk.cli.bench_run import measured
from oncedesk.cli.printing import console, print_figures
from oncedesk.cli.session import errors
from oncedesk.settings import Settings

app = App(name="bench", help="Measure: what the figures in the README come from.")
app.command(bench_http.http)
app.command(bench_http.live)
app.command(bench_http.peers)
app.command(bench_http.web)


@app.command
def engine(
    *,
    seconds: Seconds = 120,
    processes: Annotated[int, Parameter(validator=Number(gte=1, lte=16))] = 1,
    open_at_once: Annotated[int, Parameter(validator=Number(gte=16, lte=100_000))] = 4000,
    orders: Annotated[int, Parameter(validator=Number(gte=1, lte=10_000_000))] = 120_000,
    json: bool = False,
) -> int:
    """Whole lifecycles through the engine, every commit flushed to disk.

    It works in a database of its own on the configured server and drops it at the end.

    Parameters
    ----------
    seconds
        How long to measure, after a warm-up.
    processes
        Engine processes on the one database; each plays its share of the cases.
    open_at_once
        Cases in play at the same time.
    orders
        Orders placed beforehand; half of the contacts are about one.
    json
        Print one JSON object.
    """

    async def work(settings: Settings, url: str, progress: Callable[[str], None]) -> EngineFigures:
        return await engine_bench.run(
            url,
            settings=settings,
            seconds=seconds,
            open_at_once=open_at_once,
            processes=processes,
            orders=orders,
            progress=progress,
        )

    return measured(work, json=json)


@app.command
def growth(
    *,
    sizes: Annotated[
        tuple[int, ...], Parameter(validator=Number(gte=100, lte=100_000_000))
    ] = growth_bench.SIZES,
    seconds: Seconds = growth_bench.SECONDS,
    json: bool = False,
) -> int:
    """Commands a second and a desk's inbox page with 10 thousand, 100 thousand, 1 million cases.

    The engine is started as in production, and agents work on 2,000 of the cases; for each that
    they resolve another is opened, so that the number stays. It is counted before and after.
    Each size is measured in turn with the smallest, as a machine's own speed changes meanwhile.
    It works in two databases of its own on the configured server and drops them at the end.

    Parameters
    ----------
    sizes
        How many open cases to measure with, growing.
    seconds
        How long to measure commands with each, and with the smallest beside it.
    json
        Print one JSON object.
    """

    async def work(settings: Settings, url: str, progress: Callable[[str], None]) -> GrowthFigures:
        return await growth_bench.run(
            url, settings=settings, sizes=sizes, seconds=seconds, progress=progress
        )

    return measured(work, json=json, shown=_print_growth)


def _print_growth(figures: GrowthFigures) -> None:
    table = Table(
        *("open cases", "after", "commands/s", "ratio"),
        *("page p50 ms", "p99 ms", "ratio", "steal %"),
    )
    for step in figures.steps:
        table.add_row(
            f"{step.cases_before:,}",
            f"{step.cases_after:,}",
            f"{step.commands_per_second:,}",
            f"{step.commands_ratio}",
            f"{step.inbox_page_p50_ms}",
            f"{step.inbox_page_p99_ms}",
            f"{step.page_p99_ratio}",
            f"{step.steal_percent}",
        )
    console.print(table)


@app.command
def remedies(
    *,
    seconds: Seconds = 20,
    processes: Annotated[int, Parameter(validator=Number(gte=1, lte=64))] = 2,
    json: bool = False,
) -> int:
    """Previews a second, and refunds a second from the wish until they are settled on disk.

    It works in a database of its own on the configured server and drops it at the end.

    Parameters
    ----------
    seconds
        How long to measure each.
    processes
        Processes that preview.
    json
        Print one JSON object.
    """

    async def work(settings: Settings, url: str, progress: Callable[[str], None]) -> RemedyFigures:
        return await remedies_bench.run(
            url, settings=settings, seconds=seconds, processes=processes, progress=progress
        )

    return measured(work, json=json)


@app.command
def backtest(
    *,
    decisions: Annotated[int, Parameter(validator=Number(gte=1_000, lte=10_000_000))] = 200_000,
    processes: Annotated[int | None, Parameter(validator=Number(gte=1, lte=256))] = None,
    seed: int = 7,
    json: bool = False,
) -> int:
    """Decide generated cases again under another rule pack, on every core; no database is used.

    Parameters
    ----------
    decisions
        How many in all.
    processes
        How many processes decide; if not given, one for each core.
    seed
        The same seed gives the same cases.
    json
        Print one JSON object.
    """
    with errors.status("deciding again"):
        figures = backtest_bench.run(decisions=decisions, processes=processes or cores(), seed=seed)
    print_figures(figures, json=json)
    return 0
