"""One PostgreSQL for the whole run, and an empty database for each test that asks for one."""

import asyncio
from collections.abc import Iterator

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

_EMPTY = f"TRUNCATE {', '.join(table.name for table in metadata.sorted_tables)}"
_ALONE = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


async def _emptied(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(_ALONE)
        await connection.execute(_EMPTY)
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
