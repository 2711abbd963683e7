"""Whoever watches a long run sees what it does, how far it is, and how long it will take."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO

from rich.console import Console

from oncedesk.cli.run_bar import LINE_EVERY_SECONDS, run_bar, told
from oncedesk.simulation.progress import Phase, Progress

HALF = Progress(
    phase=Phase.PLAY,
    share=0.5,
    now=datetime(2026, 3, 4, 7, 30, tzinfo=UTC),
    ended=1_200,
    commands=52_000,
)


def ticking(seconds: float) -> Callable[[], float]:
    """A clock that moves on by so much each time it is read."""
    now = 0.0

    def read() -> float:
        nonlocal now
        now += seconds
        return now

    return read


def test_tells_phase_cases_simulated_time_and_time_left() -> None:
    words = told(HALF, cases=4_000, seconds=600)

    assert words == (
        "playing · 1,200 of 4,000 cases ended · 52,000 commands · Mar 04 15:30 · about 10 min left"
    )


def test_estimates_nothing_at_the_very_beginning() -> None:
    early = Progress(phase=Phase.OPEN, share=0.0, now=HALF.now, ended=0, commands=0)

    assert told(early, cases=4_000, seconds=3) == (
        "setting up · 0 of 4,000 cases ended · 0 commands · Mar 04 15:30"
    )


def test_writes_a_line_a_minute_where_there_is_no_terminal() -> None:
    out = StringIO()
    with run_bar(
        Console(file=out), cases=4_000, lines=True, clock=ticking(LINE_EVERY_SECONDS / 4)
    ) as progress:
        for _ in range(9):
            progress(HALF)

    lines = out.getvalue().splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("50% playing · 1,200 of 4,000 cases ended")


def test_writes_nothing_where_a_program_reads() -> None:
    out = StringIO()
    with run_bar(Console(file=out), cases=10, lines=False, clock=ticking(1_000)) as progress:
        progress(HALF)

    assert out.getvalue() == ""
