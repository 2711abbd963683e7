"""A process beside the bench that does what it is told, one thing after the other."""

import asyncio
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

STOP_SECONDS_MAX = 10.0


class HelperEnded(RuntimeError):
    """It has ended before its time, or could not do what it was told; the message says why."""


class Helper:
    """Runs `target`, which receives orders on the line and answers each; a text means: failed."""

    def __init__(self, target: Callable[[Connection], None]) -> None:
        context = get_context("spawn")
        self._line, other = context.Pipe()
        self._process = context.Process(target=target, args=(other,), daemon=True)
        self._process.start()
        other.close()

    async def ask(self, order: object, *, seconds_max: float) -> Any:
        """Its answer. Raises HelperEnded."""
        return await asyncio.to_thread(self._ask, order, seconds_max)

    def stop(self) -> None:
        self._line.close()
        self._process.join(STOP_SECONDS_MAX)
        if self._process.exitcode is None:
            self._process.kill()
            self._process.join()

    def _ask(self, order: object, seconds_max: float) -> Any:
        try:
            self._line.send(order)
            if not self._line.poll(seconds_max):
                raise HelperEnded("a process of the bench does not answer")
            answer = self._line.recv()
        except (EOFError, OSError) as error:
            raise HelperEnded("a process of the bench has ended") from error
        if isinstance(answer, str):
            raise HelperEnded(answer)
        return answer
