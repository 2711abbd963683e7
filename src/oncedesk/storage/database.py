"""Connections to PostgreSQL and what their failures mean to the engine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeAlias

import asyncpg

from oncedesk.engine.ports import ConnectionLost, DataRejected, Locked, TooSlow, TryAgain

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
"""The connections to one database, of which `connected` lends one."""

# Every hot statement joins a short list of keys to a large table: one index look-up a key, in the
# order of the keys, which is also the order in which rows are locked.
_SESSION = {
    "transaction_timeout": "5s",
    "lock_timeout": "3s",  # sooner, so that who waits for somebody is told from who is slow
    "statement_timeout": "0",  # whatever the role's is: it would end both before they are told
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_seqscan": "off",
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
    "timezone": "UTC",
    "application_name": "oncedesk",
}
_READING = {**_SESSION, "default_transaction_read_only": "on"}

_ONLOOKER_SECONDS_MAX = 5.0

# The server, the way to it, or its leave to write is missing: no fault of what was to be written.
_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InvalidTransactionStateError,  # timed out, or the server only reads: a standby
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InsufficientPrivilegeError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.PostgresSystemError,
    asyncpg.InternalClientError,  # the session broke between two messages
    OSError,
    TimeoutError,
)


async def connect_pool(url: str, *, size_max: int, reads_only: bool = False) -> Pool:
    """A pool of connections set up for the engine's statements."""
    return await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=size_max,
        server_settings=_READING if reads_only else _SESSION,
        command_timeout=30,
        reset=_nothing_to_reset,
    )


CLOSE_SECONDS_MAX = 5.0
"""So long a server may take to say goodbye; then its connections are cut off."""


async def close_pool(pool: Pool) -> None:
    """Close all connections of the pool, whatever becomes of the server."""
    # Where the time is over, the driver has cut them off by then.
    with suppress(TimeoutError):
        async with asyncio.timeout(CLOSE_SECONDS_MAX):
            await pool.close()


async def onlooking_pool(url: str) -> Pool:
    """One connection that cannot write, for those who only look. Raises what `connected` does."""
    async with engine_errors():
        return await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=1,
            timeout=_ONLOOKER_SECONDS_MAX,
            command_timeout=_ONLOOKER_SECONDS_MAX,
            server_settings={
                **_SESSION,
                "default_transaction_read_only": "on",
                "application_name": "oncedesk watch",
            },
            reset=_nothing_to_reset,
        )


async def reading_pool(url: str) -> Pool:
    """One connection that cannot write, for those who read very much and may take their time."""
    return await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=1,
        server_settings={
            **_SESSION,
            "transaction_timeout": "0",
            "lock_timeout": "0",
            "default_transaction_read_only": "on",
            "application_name": "oncedesk backtest",
        },
        reset=_nothing_to_reset,
    )


PATIENCE_SECONDS = 6 * 3600.0
"""So long the driver waits for a statement of those who read everything there is."""


async def be_patient(connection: Any) -> None:
    """What is read in this transaction may take its time; its statements still need a `timeout`."""
    await connection.execute("SET LOCAL transaction_timeout = 0")
    await connection.execute("SET LOCAL statement_timeout = 0")


# The time that runs has to be stopped to get another.
_UNHURRIED = "SET LOCAL transaction_timeout = 0; SET LOCAL transaction_timeout = '25s'"
_UNHURRIED_AT_ONCE = 3
"""And never more than half of the pool's: the others are for who asks for a list."""


class Unhurried:
    """Lends connections for questions about a long time: somebody waits for them, and they take
    longer than the engine lets anybody."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        half = max(pool.get_max_size() // 2, 1)
        self._turns = asyncio.Semaphore(min(half, _UNHURRIED_AT_ONCE))

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Any]:
        """A connection that only reads, for 25 seconds; its errors are the engine's."""
        async with (
            self._turns,
            connected(self._pool) as connection,
            connection.transaction(readonly=True),
        ):
            await connection.execute(_UNHURRIED)
            yield connection


async def _nothing_to_reset(_connection: object) -> None:
    """No statement of ours leaves anything behind in its session; resetting costs a round trip."""


@asynccontextmanager
async def connected(pool: Pool) -> AsyncIterator[Any]:
    """A connection of the pool; its errors are the engine's. A broken one does not go back."""
    async with engine_errors(), pool.acquire() as connection:
        try:
            yield connection
        except (asyncpg.InternalClientError, asyncio.CancelledError, TimeoutError):
            # The driver lost track of what the server was saying and would fail the same again; or
            # it would wait half a minute for a server that has fallen silent to take it back.
            connection.terminate()
            raise


@asynccontextmanager
async def engine_errors() -> AsyncIterator[None]:
    """Turn the driver's errors into what the engine can do about them."""
    try:
        yield
    except asyncpg.LockNotAvailableError as error:
        raise Locked(said(error)) from error
    except asyncpg.QueryCanceledError as error:
        # By somebody for whom it took too long.
        raise TooSlow(said(error)) from error
    except asyncpg.TransactionRollbackError as error:
        # PostgreSQL gave up on it; nothing of it is kept.
        raise TryAgain(said(error)) from error
    except _AWAY as error:
        if late := _too_late(error):
            raise TooSlow(said(late)) from error
        if isinstance(error, asyncpg.InterfaceError) and "query argument" in str(error):
            raise DataRejected(said(error)) from error
        raise ConnectionLost(said(error)) from error
    except (asyncpg.PostgresError, asyncpg.DataError, OverflowError, UnicodeEncodeError) as error:
        raise DataRejected(said(error)) from error


def is_drivers(error: BaseException) -> bool:
    """Whether its words are the database's or the driver's, which quote values: `said` does not."""
    return isinstance(error, (asyncpg.PostgresError, asyncpg.DataError, asyncpg.InterfaceError))


def said(error: BaseException) -> str:
    """What went wrong, without the values it went wrong with: they may be somebody's words.

    PostgreSQL quotes the row in its details, the driver the argument behind a colon.
    """
    words = str(error.args[0]) if isinstance(error, asyncpg.PostgresError) else str(error)
    if isinstance(error, (asyncpg.DataError, asyncpg.InterfaceError)):
        words = words.partition(":")[0] if "query argument" in words else words
    return f"{type(error).__name__}: {words}"


def _too_late(error: BaseException | None) -> BaseException | None:
    """The driver reports a lost session on the way out, in place of why it was ended."""
    while error is not None and not isinstance(error, asyncpg.TransactionTimeoutError):
        error = error.__cause__ or error.__context__
    return error
