"""Shows how far a simulation has come and how long it will still take."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bar

from oncedesk.simulation.progress import Progress
from oncedesk.simulation.world import CITY

LINE_EVERY_SECONDS = 60.0
_ESTIMATE_FROM = 0.02
"""Before that an estimate would be a guess."""


@contextmanager
def run_bar(
    errors: Console, *, cases: int, lines: bool, clock: Callable[[], float] = time.monotonic
) -> Iterator[Callable[[Progress], None]]:
    """A bar on a terminal; elsewhere a line every minute, if `lines` are wanted."""
    began = clock()
    if errors.is_terminal:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f}%"),
        )
        with Bar(*columns, console=errors, transient=True) as bar:
            task = bar.add_task("starting the database", total=1.0)

            def draw(progress: Progress) -> None:
                words = told(progress, cases=cases, seconds=clock() - began)
                bar.update(task, completed=progress.share, description=words)

            yield draw
        return
    printed = began

    def write(progress: Progress) -> None:
        nonlocal printed
        if lines and clock() - printed >= LINE_EVERY_SECONDS:
            printed = clock()
            words = told(progress, cases=cases, seconds=printed - began)
            errors.print(f"{progress.share:.0%} {words}", highlight=False, soft_wrap=True)

    yield write


def told(progress: Progress, *, cases: int, seconds: float) -> str:
    """The phase, the cases, the simulated time, and the time left as far as one can tell."""
    local = progress.now.astimezone(CITY)
    parts = [
        str(progress.phase),
        f"{min(progress.ended, cases):,} of {cases:,} cases ended",
        f"{progress.commands:,} commands",
        f"{local:%b %d %H:%M}",
    ]
    if progress.share >= _ESTIMATE_FROM:
        left = seconds / progress.share - seconds
        parts.append(f"about {left / 60:.0f} min left" if left > 90 else f"about {left:.0f} s left")
    return " · ".join(parts)
