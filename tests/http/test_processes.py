"""`oncedesk serve` as processes of its own: together on one port, stopped under load, killed."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from typing import Any
from uuid import uuid4

import httpx
import pytest

from oncedesk.http import serving
from oncedesk.http.ports import PortTaken, ReservedPort
from tests.http.test_contacts import contact
from tests.support.engines import DEADLINE_SECONDS, Outside, nothing_stored, within
from tests.support.homes import lives
from tests.support.serve_process import PROGRAM, serve_process

CONTACTS = "/v1/marketplace/contacts"
HELD = "SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND granted"


async def bring(client: httpx.AsyncClient, taken: set[str], sent: list[str]) -> None:
    """Contacts, one after the other, until nobody takes any."""
    while True:
        key = str(uuid4())
        sent.append(key)
        try:
            answer = await client.post(
                CONTACTS, json=contact(uuid4()), headers={"Idempotency-Key": key}
            )
        except httpx.HTTPError:
            return
        if answer.status_code == 200:
            taken.add(answer.json()["message"])
        else:
            assert answer.status_code == 503, answer.text
            assert answer.json()["code"] == "stopping"


@pytest.mark.slow
@pytest.mark.parametrize("processes", [1, 2])
async def test_stopped_under_load_it_keeps_what_it_took_and_ends(url: str, processes: int) -> None:
    async with serve_process(url, processes=processes) as service:
        family = service.serving()
        assert len(family) == (processes if processes != 1 else 0)
        taken: set[str] = set()
        sent: list[str] = []
        clients = [service.client() for _ in range(12)]
        working = [asyncio.create_task(bring(client, taken, sent)) for client in clients]
        deadline = time.monotonic() + DEADLINE_SECONDS
        while len(taken) < 100:
            assert time.monotonic() < deadline, "nothing is taken"
            await asyncio.sleep(0.01)
        code = await asyncio.to_thread(service.stop)
        await asyncio.gather(*working)
        for client in clients:
            await client.aclose()
        assert code == 0
        assert not any(map(lives, family))
    async with Outside(url) as outside:
        kept = [str(one) for one in await outside.column("SELECT id FROM message")]
    assert len(kept) == len(set(kept))
    assert taken <= set(kept)
    assert len(kept) <= len(sent)


async def test_what_is_broken_off_clears_away_and_nothing_else_is() -> None:
    cleared: list[str] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        try:
            await scope["answered"].wait()
        finally:
            cleared.append(scope["path"])

    under_way = serving.UnderWay(app)
    ended, endless = asyncio.Event(), asyncio.Event()
    ended.set()
    await under_way({"path": "/ended", "answered": ended}, None, None)
    asking = asyncio.create_task(under_way({"path": "/endless", "answered": endless}, None, None))
    await asyncio.sleep(0)
    under_way.break_off()
    with pytest.raises(asyncio.CancelledError):
        await within(asking)
    assert cleared == ["/ended", "/endless"]


@pytest.mark.slow
async def test_one_that_is_killed_is_started_again(url: str) -> None:
    async with serve_process(url) as service:
        first, second = service.serving()
        first.kill()
        deadline = time.monotonic() + DEADLINE_SECONDS
        while True:
            assert time.monotonic() < deadline, "nobody is started again"
            now = service.serving()
            if len(now) == 2 and first.pid not in {one.pid for one in now}:
                break
            await asyncio.sleep(0.05)
        assert second.pid in {one.pid for one in now}
        async with service.client() as client:
            answer = await client.post(
                CONTACTS, json=contact(uuid4()), headers={"Idempotency-Key": "one"}
            )
            assert answer.status_code == 200, answer.text
        assert service.stop() == 0


@pytest.mark.slow
async def test_one_that_can_write_nothing_any_more_ends_to_be_started_again(url: str) -> None:
    async with serve_process(url, processes=1) as service, Outside(url) as outside:
        async with nothing_stored(outside), service.client() as client:
            answer = await client.post(
                CONTACTS, json=contact(uuid4()), headers={"Idempotency-Key": "one"}
            )
            assert (answer.status_code, answer.json()["code"]) == (503, "stopping")
            assert await asyncio.to_thread(service.process.wait, DEADLINE_SECONDS) == 1
        assert not await outside.value(HELD)


@pytest.mark.slow
async def test_without_their_parent_they_end(url: str) -> None:
    async with serve_process(url) as service:
        family = service.serving()
        service.process.kill()
        deadline = time.monotonic() + DEADLINE_SECONDS
        while any(map(lives, family)):
            assert time.monotonic() < deadline, family
            await asyncio.sleep(0.05)


def test_a_name_to_listen_at_becomes_its_address() -> None:
    reserved = ReservedPort("localhost", 0)
    try:
        assert reserved.host in ("127.0.0.1", "::1")
        assert reserved.port
    finally:
        reserved.close()
    for nowhere in ("nowhere.invalid", "no..where", "n" * 64):
        with pytest.raises(PortTaken, match=nowhere):
            ReservedPort(nowhere, 0)


def test_a_port_that_is_taken_is_one_clear_line(url: str) -> None:
    with socket.socket() as other:
        # Even one who would share it: whoever starts a second service has made a mistake.
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken):
            ReservedPort("127.0.0.1", port)
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, "serve", "--port", str(port)],
            env={**os.environ, "ONCEDESK_DATABASE_URL": url},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert "somebody listens there" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.slow
async def test_while_the_description_is_made_others_are_answered(url: str) -> None:
    async with (
        serve_process(url, processes=1) as service,
        service.client() as reader,
        service.client() as other,
    ):
        # It takes seconds of the processor, the first time.
        made = asyncio.create_task(reader.get("/openapi/openapi.json"))
        answered = 0
        while not made.done():
            assert (await other.get("/health/live")).status_code == 200
            answered += 1
        assert made.result().json()["openapi"].startswith("3.1.")
        # Some come before it is asked for.
        assert answered > 20
