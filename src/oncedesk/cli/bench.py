"""Benchmarks: where the figures in the README come from."""

from datetime import date
from typing import Annotated

from cyclopts import App, Parameter
from cyclopts.validators import Number
from rich.progress import Progress
from rich.table import Table

from oncedesk.backtesting.spreading import cores
from oncedesk.bench import backtest as backtest_bench
from oncedesk.bench import engine as engine_bench
from oncedesk.bench import growth as growth_bench
from oncedesk.bench import remedies as remedies_bench
from oncedesk.bench.measuring import postmaster
from oncedesk.cli import bench_http
from oncedesk.cli.printing import console, print_figures
from oncedesk.cli.session import errors, run, settings_or_exit
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.rules.loading import load_builtin
from oncedesk.rules.storing import seal
from oncedesk.simulation.own_database import own_database, wait_for_disk
from oncedesk.wiring import build, database

app = App(name="bench", help="Measure: what the figures in the README come from.")
app.command(bench_http.http)
app.command(bench_http.live)
app.command(bench_http.peers)
app.command(bench_http.web)


@app.command
def engine(
    *,
    seconds: float = 120,
    processes: Annotated[int, Parameter(validator=Number(gte=1, lte=16))] = 1,
    open_at_once: int = 4000,
    orders: int = 120_000,
    json: bool = False,
) -> int:
    """Whole lifecycles through the engine, every commit flushed to disk.

    It uses the configured database and leaves its generated data there: give it a home of its own
    (ONCEDESK_HOME).

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

    async def work() -> int:
        settings = settings_or_exit()
        with errors.status("") as status:
            async with database(settings) as url:
                figures = await engine_bench.run(
                    url,
                    settings=settings,
                    seconds=seconds,
                    open_at_once=open_at_once,
                    processes=processes,
                    orders=orders,
                    postmaster=await postmaster(url),
                    packs=[short_window_pack()],
                    progress=status.update,
                )
        print_figures(figures, json=json)
        return 0

    return run(work())


def short_window_pack() -> Pack:
    """The built-in pack, but with a recontact window that closes within the run."""
    return seal(engine_bench.shortened_window(load_builtin("cn").pack(date(2026, 11, 1))))


@app.command
def growth(*, sizes: tuple[int, ...] = growth_bench.SIZES, json: bool = False) -> int:
    """Commands a second and a desk's inbox page with 10 thousand, 100 thousand, 1 million cases.

    It uses the configured database and leaves its generated data there: give it a home of its own
    (ONCEDESK_HOME).

    Parameters
    ----------
    sizes
        How many open cases to measure with, growing.
    json
        Print one JSON object.
    """

    async def work() -> int:
        settings = settings_or_exit()
        with Progress(console=errors, transient=True, disable=json) as bar:
            task = bar.add_task("opening cases", total=max(sizes))
            async with (
                database(settings) as url,
                build(url, settings=settings) as parts,
            ):
                figures = await growth_bench.run(
                    parts, sizes=sizes, progress=lambda done: bar.update(task, completed=done)
                )
        if json:
            print_figures(figures, json=True)
            return 0
        table = Table("open cases", "commands/s", "inbox page p50 ms", "p99 ms", "steal %")
        for step in figures.steps:
            table.add_row(
                f"{step.cases:,}",
                f"{step.commands_per_second:,}",
                f"{step.inbox_page_p50_ms}",
                f"{step.inbox_page_p99_ms}",
                f"{step.steal_percent}",
            )
        console.print(table)
        console.print(
            f"largest over smallest: commands {figures.commands_ratio}, "
            f"page p99 {figures.page_p99_ratio}"
        )
        return 0

    return run(work())


@app.command
def remedies(
    *,
    seconds: float = 20,
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

    async def work() -> int:
        settings = settings_or_exit()
        with errors.status("") as status:
            async with own_database(settings, name="remedies") as url:
                await wait_for_disk(url)
                figures = await remedies_bench.run(
                    url,
                    settings=settings,
                    seconds=seconds,
                    processes=processes,
                    postmaster=await postmaster(url),
                    progress=status.update,
                )
        print_figures(figures, json=json)
        return 0

    return run(work())


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
