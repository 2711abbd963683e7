"""`oncedesk demo`: one busy day of a generated marketplace, and what became of it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from oncedesk.cli.session import errors, run, settings_or_exit
from oncedesk.engine.instants import SimulatedClock
from oncedesk.engine.running import utc_now
from oncedesk.simulation.arrivals import day_until
from oncedesk.simulation.collector import seldom_collecting
from oncedesk.simulation.day import DayProgress, contacts_at
from oncedesk.simulation.demo import play_demo
from oncedesk.simulation.demo_report import show_demo
from oncedesk.simulation.own_database import own_database
from oncedesk.simulation.playing import LOOK_EVERYWHERE
from oncedesk.simulation.world import CITY
from oncedesk.wiring import build

SCALE_MIN, SCALE_MAX = 0.01, 20.0

console = Console()


def demo(*, once: bool = False, scale: float = 1.0, seed: int = 1, keep: bool = False) -> int:
    """Play one busy day of a generated marketplace, and print what became of it.

    The day is the twenty-four hours until now, so that clocks, promises and shifts fit the present.
    It is played anew each time, in about half a minute, in a database of its own on the configured
    server, which is dropped at the end. The exit code is 1 if anything was found wrong.

    Parameters
    ----------
    once
        End after the report.
    scale
        How big: 1 is 3,000 consumers who write, and as many who only order; 0.1 a tenth of that.
    seed
        The same seed generates the same marketplace and the same stories again.
    keep
        Leave the database there, and say where, to look into it.
    """
    if not SCALE_MIN <= scale <= SCALE_MAX:
        errors.print(f"--scale: {SCALE_MIN} to {SCALE_MAX:g}", style="red")
        return 2
    del once
    return run(_demo(contacts=contacts_at(scale), seed=seed, keep=keep))


async def _demo(*, contacts: int, seed: int, keep: bool) -> int:
    settings = settings_or_exit()
    day = day_until(_whole_minute(utc_now()))
    clock = SimulatedClock(day.begins_at)
    with _bar() as progress:
        async with (
            own_database(settings, name="demo", keep=keep) as url,
            build(url, settings=settings, clock=clock, look_everywhere=LOOK_EVERYWHERE) as parts,
        ):
            with seldom_collecting():
                played = await play_demo(
                    parts, clock, day=day, contacts=contacts, seed=seed, progress=progress
                )
    show_demo(played.report, console)
    if keep:
        console.print(f"The database is still there: {url}", highlight=False, soft_wrap=True)
    return 1 if played.report.breaches else 0


def _whole_minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)


@contextmanager
def _bar() -> Iterator[Callable[[DayProgress], None]]:
    """A bar with the time of the played day and how fast it goes; gone at the end."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    ) as bar:
        task = bar.add_task("starting the database", total=1.0)
        began: float | None = None

        def draw(progress: DayProgress) -> None:
            nonlocal began
            began = began or time.perf_counter()
            rate = progress.commands / max(0.1, time.perf_counter() - began)
            local = progress.now.astimezone(CITY)
            words = f"{local:%H:%M} · {progress.contacts:,} contacts · {rate:,.0f} commands/s"
            bar.update(task, completed=progress.share, description=words)

        yield draw
