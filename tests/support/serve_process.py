"""`oncedesk serve` as whoever runs it starts it, and clients that never stop asking."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from oncedesk.engine.running import utc_now
from oncedesk.http.auth.api_keys import make_key
from oncedesk.http.auth.principals import Scope
from oncedesk.settings import Settings
from oncedesk.wiring import build
from tests.support.served import NOBODY

PROGRAM = "from oncedesk.cli.main import main; main()"
READY_SECONDS_MAX = 60.0
ANSWER_SECONDS_MAX = 60.0
_UNLIMITED = "1000000"
_OURS = re.compile("ONCEDESK_").match
"""What is said to the tests is no setting."""


@dataclass
class ServeProcess:
    """The process that was started; those that serve may be its children."""

    process: subprocess.Popen[str]
    url: str
    token: str

    def serving(self) -> list[psutil.Process]:
        """The processes that take requests."""
        found = []
        for one in psutil.Process(self.process.pid).children():
            # One that was killed is still listed until its parent has taken note.
            with suppress(psutil.Error):
                if "spawn_main" in " ".join(one.cmdline()):
                    found.append(one)
        return found

    def kill_one(self, number: int) -> bool:
        """SIGKILL to one of those that serve, if there is one."""
        found = sorted(self.serving(), key=lambda one: one.pid)
        if found:
            with suppress(psutil.NoSuchProcess):
                found[number % len(found)].kill()
        return bool(found)

    def stop(self) -> int:
        """Ask it to end, and its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(ANSWER_SECONDS_MAX)

    def client(self) -> httpx.AsyncClient:
        """The marketplace's back end. Each request may meet another process."""
        return httpx.AsyncClient(
            base_url=self.url,
            headers={"authorization": f"Bearer {self.token}"},
            timeout=ANSWER_SECONDS_MAX,
            verify=NOBODY,
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=0),
        )


@asynccontextmanager
async def serve_process(
    database: str, *, processes: int = 2, **environment: str
) -> AsyncIterator[ServeProcess]:
    """It serves at a free port, with an API key that is good for everything."""
    settings = Settings(home=Path("/nowhere"), database_url=database)
    async with build(database, settings=settings) as parts:
        made = make_key(name="shop", scopes=tuple(Scope), by="tests", now=utc_now())
        await parts.access.keys.add(made.key)
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-c", PROGRAM, "serve"]
        with subprocess.Popen(
            [*command, "--port", "0", "--processes", str(processes)],
            stdout=subprocess.PIPE,
            text=True,
            env={
                **{name: said for name, said in os.environ.items() if not _OURS(name)},
                "ONCEDESK_HOME": home,
                "ONCEDESK_DATABASE_URL": database,
                "ONCEDESK_RATE_MACHINE": _UNLIMITED,
                "ONCEDESK_RATE_PERSON": _UNLIMITED,
                "ONCEDESK_RATE_STRANGER": _UNLIMITED,
                "ONCEDESK_LOG_LEVEL": "error",
                **environment,
            },
        ) as process:
            family: list[psutil.Process] = []
            try:
                assert process.stdout is not None
                line = await asyncio.wait_for(
                    asyncio.to_thread(process.stdout.readline), READY_SECONDS_MAX
                )
                assert line.startswith("Oncedesk serves at http://"), line
                service = ServeProcess(process, line.split()[-1], made.token)
                family += service.serving()
                yield service
            finally:
                if process.poll() is None:
                    process.terminate()
                    process.wait(ANSWER_SECONDS_MAX)
                # Whatever was tried with it, nothing of it is left.
                for one in family:
                    with suppress(psutil.NoSuchProcess):
                        one.kill()


@dataclass
class Log:
    """What a client was told, by key."""

    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked_again: int = 0


async def ask(client: httpx.AsyncClient, path: str, body: Any, *, key: str, log: Log) -> None:
    """Ask until there is an answer that counts; what was unanswered is asked with the same key."""
    async with asyncio.timeout(ANSWER_SECONDS_MAX):
        while True:
            try:
                answer = await client.post(path, json=body, headers={"idempotency-key": key})
            except httpx.TransportError:
                await asyncio.sleep(0.02)
            else:
                if answer.status_code == 200:
                    log.told[key] = answer.json()
                    return
                assert answer.status_code in (429, 503), answer.text
                await asyncio.sleep(0.05)
            log.asked_again += 1
