"""The client of the HTTP benches: a process of its own that keeps connections busy.

As lean as a correct one can be, because it stands on the same cores as what it measures, and one
and the same for whatever is compared.
"""

import gc
from multiprocessing.connection import Connection

import uvloop

from oncedesk.bench.asking import ANSWER_SECONDS_MAX, CONNECT_SECONDS_MAX, taken
from oncedesk.bench.helper import Helper
from oncedesk.bench.http1 import AnswerUnreadable
from oncedesk.bench.turns import CONNECTIONS, Order, Requests, Turn


class Client:
    """The client's process. `turn` may be asked one after the other."""

    def __init__(self) -> None:
        self._helper = Helper(_run)
        self._next = 0

    async def turn(
        self,
        requests: Requests,
        *,
        port: int,
        seconds: float,
        connections: int = CONNECTIONS,
        per_second: float | None = None,
    ) -> Turn:
        """Keep the connections busy for so long. No number is asked twice. Raises HelperEnded."""
        order = Order(requests, port, self._next, seconds, connections, per_second)
        turn: Turn = await self._helper.ask(
            order, seconds_max=seconds + CONNECT_SECONDS_MAX + ANSWER_SECONDS_MAX
        )
        self._next += turn.asked
        return turn

    def stop(self) -> None:
        self._helper.stop()


def _run(line: Connection) -> None:
    while True:
        try:
            order: Order = line.recv()
        except (EOFError, OSError):
            return
        gc.collect()
        gc.disable()
        try:
            line.send(uvloop.run(taken(order)))
        except TimeoutError:
            line.send(f"no answer within {ANSWER_SECONDS_MAX:g} s")
        except (OSError, AnswerUnreadable) as error:
            line.send(f"{type(error).__name__}: {error}")
        gc.enable()
