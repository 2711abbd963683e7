"""In place of serving processes: they say that they are ready, and serve nobody."""

import os
import signal
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from oncedesk.cli.serve import READY


def ends_when_asked(*arguments: Any) -> None:
    """As a serving process does."""
    line = _ready(arguments)
    line.poll(None)


def hangs(*arguments: Any) -> None:
    """Whatever it is asked."""
    _ready(arguments)
    time.sleep(3_600)


class Interrupted:
    """The same, as one whom a terminal's Ctrl-C meets before it can do anything about it."""

    def __reduce__(self) -> Any:
        # By this it is told what to do, which is the first that it does.
        return _interrupted, ()

    def __call__(self, *arguments: Any) -> None:
        ends_when_asked(*arguments)


def _interrupted() -> Interrupted:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.kill(os.getpid(), signal.SIGINT)
    return Interrupted()


def _ready(arguments: tuple[Any, ...]) -> Connection:
    line: Connection = arguments[-1]
    # It may be asked to stop before it has started.
    with suppress(OSError):
        line.send(READY)
    return line
