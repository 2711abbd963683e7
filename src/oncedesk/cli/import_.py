"""Import: other people's data, through the engine like anything else."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from cyclopts import App
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from oncedesk.cli.session import complain, errors, parts, run, settings_or_exit
from oncedesk.cli.tau import import_tau
from oncedesk.connectors.csv_rows import FileUnusable
from oncedesk.connectors.olist.files import Files, read_files
from oncedesk.connectors.olist.plan import make_plan, start_of
from oncedesk.connectors.olist.replay import Replay
from oncedesk.connectors.olist.report import Report, count
from oncedesk.connectors.rejects import RejectsUnwritable, write_rejects
from oncedesk.engine.instants import SimulatedClock
from oncedesk.engine.running import utc_now
from oncedesk.rules.loading import first_markets, load_builtin
from oncedesk.settings import Settings
from oncedesk.storage.journal import PostgresJournal
from oncedesk.wiring import Tells

app = App(name="import", help="Take in data from elsewhere.")
console = Console()

app.command(import_tau, name="tau")

REJECTS = Path("olist.rejects.csv")


@app.command
def olist(folder: Path, *, json: bool = False, rejects: Path = REJECTS) -> int:
    """Play the real orders of a Brazilian marketplace (Olist, 2016-2018) through the engine.

    Orders, promises and deliveries come in the order of time under a simulated clock; each review
    of one or two stars that says something is a contact. Interrupted or repeated, it goes on where
    it was and adds nothing twice.

    Parameters
    ----------
    folder
        The folder with the CSV files.
    json
        Print one JSON object.
    rejects
        Where to write the rows that could not be taken, each with its reason.
    """

    async def work() -> int:
        settings = settings_or_exit()
        began = time.monotonic()
        try:
            files = read_files(folder)
            # Beforehand, too: a place that cannot be written to is better known now than later.
            write_rejects(path=rejects, rejects=files.rejects)
            report = await _import(settings, files)
            write_rejects(path=rejects, rejects=files.rejects)
        except (FileUnusable, RejectsUnwritable) as error:
            complain(f"Not imported: {error}")
            return 1
        report.rejects_file = str(rejects)
        if json:
            sys.stdout.write(msgspec.json.encode(report).decode() + "\n")
        else:
            _print_report(report, seconds=time.monotonic() - began)
        return 0

    return run(work())


async def _import(settings: Settings, files: Files) -> Report:
    clock = SimulatedClock(start_of(files))
    # The clock shows years for which no pack was written; today's rules hold for them, too.
    today = utc_now().date()
    packs = [load_builtin(market).pack(today) for market in first_markets()]
    async with parts(settings, clock=clock, packs=packs, tells=Tells.NOBODY, live=False) as built:
        plan = make_plan(files=files, market=settings.market, entry=built.engine.entry)
        with _progress(len(plan.steps)) as progress:
            replay = Replay(
                engine=built.engine,
                clock=clock,
                plan=plan,
                rejects=files.rejects,
                progress=progress,
            )
            await replay.run()
        journal = PostgresJournal(built.pool, built.codec)
        report = await count(journal=journal, owners=plan.owners)
    report.reviews, report.rejects = files.reviews, len(files.rejects)
    return report


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    """A bar on the terminal; nothing where there is none."""
    columns = (TextColumn("importing"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, disable=not errors.is_terminal) as bar:
        task = bar.add_task("", total=total)
        yield lambda done: bar.advance(task, done)


def _print_report(report: Report, *, seconds: float) -> None:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    for name, value in msgspec.structs.asdict(report).items():
        if isinstance(value, int):
            table.add_row(name.replace("_", " "), f"{value:,}")
    console.print(table)
    console.print(f"{seconds:.1f} seconds", highlight=False)
    if report.rejects:
        rows = "row" if report.rejects == 1 else "rows"
        errors.print(
            f"{report.rejects:,} {rows} could not be taken; why is in {report.rejects_file}",
            style="yellow",
            markup=False,
        )
