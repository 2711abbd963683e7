"""`oncedesk demo`: a generated marketplace, played for a day, told of, and then let live."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from msgspec.structs import replace
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from oncedesk.cli.demo_living import HOST, address, live_on
from oncedesk.cli.session import complain, run, settings_or_exit
from oncedesk.cli.stopping import until_stopped
from oncedesk.domain.shared.records import Record
from oncedesk.engine.running import utc_now
from oncedesk.http.ports import PortTaken, ReservedPort
from oncedesk.settings import Settings
from oncedesk.simulation.arrivals import day_until
from oncedesk.simulation.collector import seldom_collecting
from oncedesk.simulation.day import DayProgress, contacts_at
from oncedesk.simulation.demo import Played, play_demo
from oncedesk.simulation.demo_report import show_demo
from oncedesk.simulation.own_database import own_database, wait_for_disk
from oncedesk.simulation.playing import LOOK_EVERYWHERE
from oncedesk.simulation.world import CITY
from oncedesk.simulation.world_clock import WorldClock
from oncedesk.wiring import Tells, build

SCALE_MIN, SCALE_MAX = 0.01, 20.0

console = Console()


class _Wanted(Record, frozen=True):
    settings: Settings
    scale: float
    seed: int
    keep: bool


def demo(
    *, once: bool = False, scale: float = 1.0, seed: int = 1, keep: bool = False, port: int = 8484
) -> int:
    """Play one busy day of a generated marketplace, print what became of it, and let it live on.

    The day is the twenty-four hours until now, so that clocks, promises and shifts fit the present.
    Then it is served at 127.0.0.1 and goes on in real time, until Ctrl-C: look at it through the
    API, log in as one of its agents, write to it as a consumer. Whom you log in as acts no more by
    itself. The log-ins are printed; they are new each time.

    Each start plays a new day, in about half a minute, in a database of its own on the configured
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
        Leave the database there at the end, without the log-ins, and say where it is.
    port
        Where to serve; 0 for any port that is free.
    """
    if not SCALE_MIN <= scale <= SCALE_MAX or not 0 <= port <= 65_535:
        complain(f"--scale: {SCALE_MIN} to {SCALE_MAX:g}; --port: 0 to 65535")
        return 2
    wanted = _Wanted(demo_settings(), scale, seed, keep)
    if once:
        return run(_until_stopped(wanted, None))
    try:
        reserved = ReservedPort(HOST, port)
    except PortTaken as error:
        why = f"{error}. Choose another with --port, or end after the report with --once."
        complain(why)
        return 1
    try:
        return run(_until_stopped(wanted, reserved))
    finally:
        reserved.close()


async def _until_stopped(wanted: _Wanted, reserved: ReservedPort | None) -> int:
    """Ctrl-C ends it in order, whatever it is at, and so does a closed terminal."""
    code = await until_stopped(_demo(wanted, reserved))
    if code is None:
        # Where the terminal is closed, nobody reads that any more.
        with suppress(OSError):
            console.print("已停止 · stopped")
    return code or 0


def demo_settings() -> Settings:
    """Those in force, but the demo's payments are played: no others hear of its refunds."""
    return replace(settings_or_exit(), payments_url=None, payments_secret=None)


async def _demo(wanted: _Wanted, reserved: ReservedPort | None) -> int:
    settings = wanted.settings
    async with own_database(settings, name="demo", keep=wanted.keep) as url:
        if wanted.keep:
            where = address(settings, url)
            console.print(f"The database stays: {where}", highlight=False, soft_wrap=True)
        played = await _play(url, wanted)
        show_demo(played.report, console)
        await wait_for_disk(url)
        if reserved is not None:
            # It lives until it is stopped, and what was found before is still the answer.
            with suppress(asyncio.CancelledError):
                await live_on(
                    played.play,
                    settings=settings,
                    url=url,
                    port=reserved.port,
                    scale=wanted.scale,
                    console=console,
                )
        return 1 if played.report.breaches else 0


async def _play(url: str, wanted: _Wanted) -> Played:
    day = day_until(utc_now().replace(second=0, microsecond=0))
    clock = WorldClock(day.begins_at)
    with _bar() as progress, seldom_collecting():
        async with build(
            url,
            settings=wanted.settings,
            clock=clock,
            tells=Tells.NOBODY,
            look_everywhere=LOOK_EVERYWHERE,
            live=False,
        ) as parts:
            return await play_demo(
                parts,
                clock,
                day=day,
                contacts=contacts_at(wanted.scale),
                seed=wanted.seed,
                progress=progress,
            )


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
