"""Questions that wait for a server that is just being started again."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg

from oncedesk.engine.ports import ConnectionLost, TooSlow

SECONDS_MAX = 60.0
"""An embedded server's next owner starts it within a few seconds, on a busy machine within more."""
_AGAIN_SECONDS = 0.25
_AWAY = (
    ConnectionLost,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
    OSError,
)

T = TypeVar("T")


async def answered(ask: Callable[[], Awaitable[T]]) -> T:
    """What `ask` returns. Where the server goes away under it, it is asked again for a minute.

    An embedded server ends with its owner, which may be another run.
    """
    until = time.monotonic() + SECONDS_MAX
    while True:
        try:
            return await ask()
        except TooSlow:
            raise
        except _AWAY:
            if time.monotonic() > until:
                raise
        await asyncio.sleep(_AGAIN_SECONDS)
