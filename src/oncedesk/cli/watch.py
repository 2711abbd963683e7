"""`oncedesk watch`: a live view of queues, clocks and cases, in a terminal."""

import asyncio
import os
import sys
import termios
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number
from rich.console import Console
from rich.live import Live

from oncedesk.cli.session import complain, run, settings_or_exit
from oncedesk.engine.ports import ConnectionLost, DataRejected, TryAgain
from oncedesk.operation.looking import Look, OtherSchema, onlooker
from oncedesk.operation.screen import HELP, Chosen, Frame, next_choice, waiting_for
from oncedesk.settings import Settings, masked_url
from oncedesk.storage.embedded import running_at

console = Console()

AWAY = (ConnectionLost, DataRejected, TryAgain, OSError)
AGAIN_SECONDS = 1.0
ONCE_SECONDS = 1.2
"""PostgreSQL counts a second late, and the pace needs two looks."""


class NothingRuns(Exception):
    """No process serves the embedded database, and watching starts none."""


def watch(
    *,
    once: bool = False,
    every: Annotated[float, Parameter(validator=Number(gte=0.2, lte=60))] = 2.0,
    minutes: Annotated[int, Parameter(validator=Number(gte=1, lte=1440))] = 15,
) -> int:
    """Show queues, clocks and what happens, of an installation that is running. It only reads.

    Keys: q quit, d desks, e events, a both, k kind of desk.

    Parameters
    ----------
    once
        Print one frame and exit; done anyway where there is no terminal.
    every
        Seconds between two looks.
    minutes
        A clock that expires within so many is at risk.
    """
    settings = settings_or_exit()
    live = not once and console.is_terminal and sys.stdin.isatty()
    work = _live if live else _once
    try:
        return run(work(settings, Chosen(minutes=minutes), every))
    except (NothingRuns, OtherSchema) as error:
        said = str(error)
    except AWAY as error:
        said = f"the database does not answer: {error}"
    complain(said)
    return 1


async def _once(settings: Settings, chosen: Chosen, every: float) -> int:
    del every
    async with onlooker(_url(settings), soon=timedelta(minutes=chosen.minutes)) as looking:
        await looking.look()
        await asyncio.sleep(ONCE_SECONDS)
        console.print(Frame(await looking.look(), chosen, place=_place(settings)))
    return 0


async def _live(settings: Settings, chosen: Chosen, every: float) -> int:
    viewer = _Viewer(settings, chosen)
    with viewer.shown():
        looking = asyncio.create_task(viewer.keep_looking(every))
        quitting = asyncio.create_task(viewer.quit.wait())
        await asyncio.wait([looking, quitting], return_when=asyncio.FIRST_COMPLETED)
        for task in (looking, quitting):
            task.cancel()
        await asyncio.wait([looking, quitting])
    if not looking.cancelled():
        looking.result()
    return 0


class _Viewer:
    """The screen, the keys, and what was last seen."""

    def __init__(self, settings: Settings, chosen: Chosen) -> None:
        self.quit = asyncio.Event()
        self._settings = settings
        self._chosen = chosen
        self._place = _place(settings)
        self._look: Look | None = None
        self._live = Live(console=console, screen=True, auto_refresh=False)

    @contextmanager
    def shown(self) -> Iterator[None]:
        with self._live, _keys(self._press):
            yield

    async def keep_looking(self, every: float) -> None:
        """Look again and again, also where the database goes and comes back. Raises OtherSchema."""
        while True:
            try:
                soon = timedelta(minutes=self._chosen.minutes)
                async with onlooker(_url(self._settings), soon=soon) as looking:
                    while True:
                        self._look = await looking.look()
                        self._draw()
                        await asyncio.sleep(every)
            except (*AWAY, NothingRuns) as error:
                self._look = None
                why = (
                    str(error) if isinstance(error, NothingRuns) else "no answer from the database"
                )
                self._live.update(waiting_for(self._place, why), refresh=True)
                await asyncio.sleep(AGAIN_SECONDS)

    def _press(self, key: str) -> None:
        chosen = next_choice(self._chosen, key)
        if chosen is None:
            self.quit.set()
        else:
            self._chosen = chosen
            self._draw()

    def _draw(self) -> None:
        if self._look is not None:
            frame = Frame(self._look, self._chosen, place=self._place, help_=HELP)
            self._live.update(frame, refresh=True)


@contextmanager
def _keys(press: Callable[[str], None]) -> Iterator[None]:
    """Each key at once and unseen; the terminal is afterwards as it was."""
    stream = sys.stdin.fileno()
    before = termios.tcgetattr(stream)
    loop = asyncio.get_running_loop()

    def read() -> None:
        for key in os.read(stream, 64).decode("utf-8", "ignore") or "q":
            press(key)

    tty.setcbreak(stream)
    loop.add_reader(stream, read)
    # The loop made it non-blocking, and with it the screen, which is the same terminal: what a slow
    # one could not take at once would be lost.
    os.set_blocking(stream, True)
    try:
        yield
    finally:
        loop.remove_reader(stream)
        termios.tcsetattr(stream, termios.TCSADRAIN, before)


def _url(settings: Settings) -> str:
    """Where to look. Raises NothingRuns."""
    if settings.database_url is not None:
        return settings.database_url
    url = running_at(home=settings.home)
    if url is None:
        raise NothingRuns(f"nothing runs in {settings.home}: start it with oncedesk serve")
    return url


def _place(settings: Settings) -> str:
    if settings.database_url is not None:
        return masked_url(settings.database_url)
    return str(settings.home)
