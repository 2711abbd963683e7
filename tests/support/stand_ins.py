"""In place of serving processes: they say that they are ready, and serve nobody."""

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


def _ready(arguments: tuple[Any, ...]) -> Connection:
    line: Connection = arguments[-1]
    # It may be asked to stop before it has started.
    with suppress(OSError):
        line.send(READY)
    return line
