"""`oncedesk serve` as processes of its own: together on one port, stopped under load, killed."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import httpx
import psutil
import pytest

from oncedesk.engine.running import utc_now
from oncedesk.http.auth.api_keys import make_key
from oncedesk.http.auth.principals import Scope
from oncedesk.http.ports import PortTaken, ReservedPort
from oncedesk.settings import Settings
from oncedesk.wiring import build
from tests.http.test_contacts import contact
from tests.support.engines import DEADLINE_SECONDS, Outside

CONTACTS = "/v1/marketplace/contacts"
MAIN = "from oncedesk.cli.main import main; main()"


class Served:
    """The processes that `oncedesk serve` has started."""

    def __init__(self, url: str, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", MAIN, "serve", "--port", "0", *arguments],
            env={**os.environ, "ONCEDESK_DATABASE_URL": url, "ONCEDESK_LOG_LEVEL": "warning"},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        assert said.startswith("Oncedesk serves at http://"), said
        self.url = said.split()[-1]

    def children(self) -> list[psutil.Process]:
        """Those who serve, without what helps them."""
        found = []
        for one in psutil.Process(self.process.pid).children(recursive=True):
            with suppress(psutil.Error):
                if "spawn_main" in " ".join(one.cmdline()):
                    found.append(one)
        return found

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


@contextmanager
def serve(url: str, *arguments: str) -> Iterator[Served]:
    """Whatever happens, nothing of it is left."""
    service = Served(url, *arguments)
    family = [psutil.Process(service.process.pid), *service.children()]
    try:
        yield service
    finally:
        with suppress(psutil.Error):
            family += service.children()
        for one in family:
            with suppress(psutil.Error):
                one.kill()
        service.process.wait()
        assert service.process.stdout is not None
        service.process.stdout.close()


async def a_key(url: str) -> str:
    async with build(url, settings=Settings(home=Path("/nowhere"))) as parts:
        made = make_key(name="shop", scopes=[Scope.CONTACTS_WRITE], by="tests", now=utc_now())
        await parts.access.keys.add(made.key)
    return made.token


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
@pytest.mark.parametrize("processes", ["1", "2"])
async def test_stopped_under_load_it_keeps_what_it_took_and_ends(url: str, processes: str) -> None:
    headers = {"authorization": f"Bearer {await a_key(url)}"}
    with serve(url, "--processes", processes) as service:
        family = service.children()
        assert len(family) == (int(processes) if processes != "1" else 0)
        taken: set[str] = set()
        sent: list[str] = []
        clients = [
            httpx.AsyncClient(base_url=service.url, headers=headers, timeout=60) for _ in range(12)
        ]
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
        assert [one for one in family if one.is_running()] == []
    async with Outside(url) as outside:
        kept = [str(one) for one in await outside.column("SELECT id FROM message")]
    assert len(kept) == len(set(kept))
    assert taken <= set(kept)
    assert len(kept) <= len(sent)


@pytest.mark.slow
async def test_one_that_is_killed_is_started_again(url: str) -> None:
    headers = {"authorization": f"Bearer {await a_key(url)}"}
    with serve(url, "--processes", "2") as service:
        first, second = service.children()
        first.kill()
        deadline = time.monotonic() + DEADLINE_SECONDS
        while True:
            assert time.monotonic() < deadline, "nobody is started again"
            now = service.children()
            if len(now) == 2 and first.pid not in {one.pid for one in now}:
                break
            await asyncio.sleep(0.05)
        assert second.pid in {one.pid for one in now}
        async with httpx.AsyncClient(base_url=service.url, headers=headers) as client:
            answer = await client.post(
                CONTACTS, json=contact(uuid4()), headers={"Idempotency-Key": "one"}
            )
            assert answer.status_code == 200, answer.text
        assert service.stop() == 0


@pytest.mark.slow
async def test_without_their_parent_they_end(url: str) -> None:
    with serve(url, "--processes", "2") as service:
        family = service.children()
        service.process.kill()
        _, alive = psutil.wait_procs(family, timeout=DEADLINE_SECONDS)
        assert alive == []


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
            [sys.executable, "-c", MAIN, "serve", "--port", str(port)],
            env={**os.environ, "ONCEDESK_DATABASE_URL": url},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert "somebody listens there" in done.stderr
    assert done.stderr.count("\n") == 1
