"""How a command that runs for long is ended before its time: in order, whatever it is at."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
STOPPED = 130
"""The exit code, as shells have it after Ctrl-C."""


def stopped_by_signals() -> asyncio.Event:
    """Set by the first SIGTERM, Ctrl-C or closed terminal, which then do nothing else.

    What was ignored from the start, as nohup does with a closed terminal, still is.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in SIGNALS:
        if signal.getsignal(one) is not signal.SIG_IGN:
            loop.add_signal_handler(one, stop.set)
    return stop


async def until_stopped(work: Coroutine[Any, Any, int]) -> int | None:
    """Its exit code; None where it was stopped, and has left everything as it should."""
    stop = stopped_by_signals()
    stopping = asyncio.create_task(stop.wait())
    doing = asyncio.create_task(work)
    await asyncio.wait([doing, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not doing.done():
        doing.cancel()
        await asyncio.wait([doing])
    return None if doing.cancelled() else doing.result()
