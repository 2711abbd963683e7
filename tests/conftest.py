"""One PostgreSQL for the whole run, and an empty database for each test that asks for one."""

import asyncio
import gc
import os
import signal
from collections.abc import Generator, Iterator
from pathlib import Path

import asyncpg
import hypothesis
import pytest
import structlog

from oncedesk.storage.schema import migrate
from oncedesk.storage.tables import metadata
from tests.support.servers import own_server

# What the engine logs stands beside a failed test, with tracebacks that cost little to write.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.format_exc_info,
        structlog.dev.ConsoleRenderer(colors=False),
    ]
)

# What a machine has to do beside the tests says nothing about what is tested.
hypothesis.settings.register_profile(
    "steady", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("steady")

# Under nohup or behind a shell's `&` a signal is ignored, and so by all that is started from here,
# which is tested with it. Who handles it and does nothing passes on the default.
for _one in (signal.SIGHUP, signal.SIGINT):
    if signal.getsignal(_one) is signal.SIG_IGN:
        signal.signal(_one, lambda *_: None)

_WORKERS_MAX = 4
_LONGEST_FIRST = ("browser", "simulation", "real", "bench", "properties", "engine", "http")
_SHORTEST_LAST = ("rules", "docs", "specs")
_TABLES = [table.name for table in metadata.sorted_tables]
_FILLED = """
SELECT string_agg(quote_ident(relname), ', ') FROM pg_class
WHERE relnamespace = current_schema::regnamespace AND relname = ANY($1::text[])
AND pg_relation_size(oid) > 0
"""
"""Of a few dozen tables a test fills a handful, and each that is truncated costs a millisecond."""
_TESTS = Path(__file__).parent
_ALONE = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores, since many a test waits for a clock or for a process."""
    return min((os.cpu_count() or 1) + 1, _WORKERS_MAX)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Nothing of what is collected goes again: no look of the garbage collector at it pays."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """All tests of the run are half a million objects, over which each look at garbage would walk.
    They are set aside, and again after a simulation, which lets go of them with its own."""
    if not gc.get_freeze_count():
        gc.collect()
        gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The folders whose files take longest come first, and those last whose files take no time:
    files are shared out whole, and whoever got a long one last would be at it alone while the
    others have nothing to do."""
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    folder, *_ = item.path.relative_to(_TESTS).parts
    if folder in _LONGEST_FIRST:
        return _LONGEST_FIRST.index(folder)
    return len(_LONGEST_FIRST) + (folder in _SHORTEST_LAST)


async def _emptied(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(_ALONE)
        if filled := await connection.fetchval(_FILLED, _TABLES):
            await connection.execute(f"TRUNCATE {filled}")
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """The URL of a migrated database that the tests share, one after the other."""
    with own_server("tests") as url:
        asyncio.run(migrate(url))
        yield url


@pytest.fixture
def url(server_url: str) -> str:
    """A database with nothing in it."""
    asyncio.run(_emptied(server_url))
    return server_url
