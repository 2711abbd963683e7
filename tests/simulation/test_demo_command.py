"""`oncedesk demo`, as a process of its own."""

import asyncpg
import pytest

from tests.test_commands import oncedesk

SMALL = ("--scale", "0.02", "--seed", "3")


@pytest.mark.slow
async def test_once_prints_the_report_and_leaves_nothing(server_url: str) -> None:
    done = oncedesk(server_url, "demo", "--once", *SMALL)

    assert done.returncode == 0, done.stderr
    assert "0 breaches" in done.stdout
    assert "One day of a marketplace" in done.stdout
    assert await databases(server_url) == []


@pytest.mark.parametrize("scale", ["0", "-1", "100", "nan"])
def test_refuses_a_scale_that_makes_no_sense(server_url: str, scale: str) -> None:
    done = oncedesk(server_url, "demo", "--once", "--scale", scale)

    assert done.returncode == 2
    assert "--scale" in done.stderr


async def databases(url: str) -> list[str]:
    """The demo's databases on the server."""
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT datname FROM pg_database WHERE datname LIKE 'oncedesk\\_demo\\_%'"
        )
    finally:
        await connection.close()
    return [row[0] for row in rows]
