"""`oncedesk demo`, as a process of its own."""

import asyncio
import os
import re
import signal
import socket
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import httpx
import psutil
import pytest

from oncedesk.cli.demo import demo_settings
from oncedesk.engine.running import utc_now
from oncedesk.storage.urls import with_database
from oncedesk.wiring import payments_of
from tests.support.homes import lives
from tests.test_commands import oncedesk

SMALL = ("--scale", "0.02", "--seed", "3")
SECONDS_MAX = 240.0
ORDERS = "SELECT count(*) FROM state WHERE kind = 'order'"


@pytest.mark.slow
async def test_once_prints_the_report_and_leaves_nothing(server_url: str) -> None:
    done = oncedesk(server_url, "demo", "--once", *SMALL)

    assert done.returncode == 0, done.stderr
    assert "0 breaches" in done.stdout
    assert "One day of a marketplace" in done.stdout
    assert "Bearer" not in done.stdout
    assert await databases(server_url) == []


@pytest.mark.slow
async def test_lives_on_and_lets_a_visitor_in_until_it_is_interrupted(server_url: str) -> None:
    async with started(server_url, "--port", "0", *SMALL) as demo:
        page = await told(demo, until="until you log out")
        url = found(r"(http://127\.0\.0\.1:\d+)/docs", page)
        password = found(r"supervisor[^\w-]+(\S+)", page)
        async with httpx.AsyncClient(base_url=url, timeout=30) as client:
            answer = await client.post(
                "/v1/desk/session", json={"name": "supervisor", "password": password}
            )
            assert answer.status_code == 200, answer.text
            assert answer.json()["desks"] == ["platform"]
            # Its pages offer the same to whoever opens them.
            offered = (await client.get("/v1/installation")).json()["sandbox"]
            supervisor = next(one for one in offered["log_ins"] if one["name"] == "supervisor")
            assert supervisor["password"] == password
            assert offered["consumer"].startswith("odc_")
            key = {"authorization": f"Bearer {found(r'(odk_[A-Za-z0-9_-]+)', page)}"}
            token = {"authorization": f"Bearer {found(r'(odc_[A-Za-z0-9_-]+)', page)}"}
            mine = (await client.get("/v1/help/conversations", headers=token)).json()["items"]
            assert mine, "the consumer has a conversation to look at"
            assert f"{url}/sandbox/help" in page
            for _ in range(2):
                led = await client.get("/sandbox/help")
                link = {"token": found(r"^/help/#token=(\S+)$", led.headers["location"])}
                opened = await client.post("/v1/help/session", json=link)
                assert opened.status_code == 200, opened.text
            assert (await client.get("/docs")).status_code == 200
            assert (await client.get("/v1/admin/agents", headers=key)).status_code == 200
        await goes_on(server_url)

        children = psutil.Process(demo.pid).children(recursive=True)
        demo.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(demo.wait(), 60) == 0
        assert [one for one in children if lives(one)] == []
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", int(url.rpartition(":")[2]))) != 0
    assert await databases(server_url) == []


@pytest.mark.slow
async def test_keeps_the_database_where_that_is_asked_for(server_url: str) -> None:
    done = oncedesk(server_url, "demo", "--once", "--keep", *SMALL)

    assert done.returncode == 0, done.stderr
    [name] = await databases(server_url)
    connection = await asyncpg.connect(server_url)
    try:
        assert name in done.stdout
        assert await connection.fetch("SELECT * FROM pg_db_role_setting") == []
    finally:
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await connection.close()


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGHUP])
async def test_is_interrupted_while_it_plays(server_url: str, how: signal.Signals) -> None:
    async with started(server_url, "--port", "0") as demo:
        while not await databases(server_url):  # noqa: ASYNC110 - another process makes it
            await asyncio.sleep(0.05)
        demo.send_signal(how)
        assert await asyncio.wait_for(demo.wait(), 60) == 0
        assert demo.stderr is not None
        assert "Traceback" not in (await demo.stderr.read()).decode()
    assert await databases(server_url) == []


async def test_a_taken_port_is_said_before_anything_is_played(server_url: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = oncedesk(server_url, "demo", "--port", str(taken.getsockname()[1]), *SMALL)

    assert done.returncode == 1
    assert "cannot listen at 127.0.0.1" in done.stderr
    assert "--port" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [("--scale", "0"), ("--scale", "-1"), ("--scale", "100"), ("--scale", "nan"), ("--port", "-1")],
)
def test_refuses_what_makes_no_sense(server_url: str, arguments: tuple[str, ...]) -> None:
    done = oncedesk(server_url, "demo", *arguments)

    assert done.returncode == 2
    assert arguments[0] in done.stderr


def test_listens_nowhere_but_at_home(server_url: str) -> None:
    """Its log-ins are printed for whoever sits before it: there is no way to open it to others."""
    done = oncedesk(server_url, "demo", "--host", "192.0.2.1", *SMALL)

    assert done.returncode != 0
    assert "--host" in done.stdout + done.stderr


def test_asks_nobodys_payments_for_what_it_makes_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONCEDESK_PAYMENTS_URL", "https://pay.example.org/refunds")
    monkeypatch.setenv("ONCEDESK_PAYMENTS_SECRET", "whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0")
    settings = demo_settings()
    assert payments_of(settings, clock=utc_now) is None
    assert settings.payments_secret is None


@asynccontextmanager
async def started(url: str, *arguments: str) -> AsyncIterator[Process]:
    """The demo, running; it does not outlive the test."""
    demo = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from oncedesk.cli.main import main; main()", "demo", *arguments),
        env={**os.environ, "ONCEDESK_DATABASE_URL": url, "ONCEDESK_LOG_LEVEL": "error"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        yield demo
    finally:
        if demo.returncode is None:
            demo.kill()
            await demo.wait()


async def told(demo: Process, *, until: str) -> str:
    """What it has printed, up to the line with these words."""
    assert demo.stdout is not None
    lines: list[str] = []
    while not lines or until not in lines[-1]:
        line = await asyncio.wait_for(demo.stdout.readline(), SECONDS_MAX)
        assert line, "".join(lines)
        lines.append(line.decode())
    return "".join(lines)


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match, f"{pattern} in {text}"
    return match[1]


async def goes_on(url: str) -> None:
    """Return once somebody more has bought something."""
    [name] = await databases(url)
    connection = await asyncpg.connect(with_database(url, name))
    try:
        first = await connection.fetchval(ORDERS)
        ends = time.monotonic() + SECONDS_MAX
        while await connection.fetchval(ORDERS) == first:
            assert time.monotonic() < ends, "nothing happens"
            await asyncio.sleep(0.5)
    finally:
        await connection.close()


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
