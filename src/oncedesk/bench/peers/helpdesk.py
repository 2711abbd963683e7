"""django-helpdesk: set up over our PostgreSQL, served by gunicorn, asked through its own API."""

import asyncio
import os
import secrets
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path

import msgspec

from oncedesk.bench.databases import count, own_database
from oncedesk.bench.peers.environment import clean_environment, environment
from oncedesk.bench.served import Served, free_port, served
from oncedesk.bench.town import TEXT
from oncedesk.domain.shared.records import Record

DATABASE = "oncedesk_bench_peer"
PREPARE_SECONDS_MAX = 300.0


class PeerNotPrepared(RuntimeError):
    """The peer's tables could not be made; the message says what it said."""


class TicketRequests(Record, frozen=True):
    """Each a new ticket with its first message, for the queue, by this token."""

    token: str
    queue: int

    def request(self, number: int) -> bytes:
        body = msgspec.json.encode(
            {
                "queue": self.queue,
                "title": f"Consumer {number} asks about order {number}",
                "description": TEXT,
                "priority": 3,
            }
        )
        head = (
            "POST /helpdesk/api/tickets/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Token {self.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


class Helpdesk:
    """The peer, set up and ready to be served."""

    def __init__(self, python: Path, url: str, requests: TicketRequests, secret: str) -> None:
        self.requests = requests
        self._python = python
        self._url = url
        self._secret = secret

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Served]:
        """Under gunicorn, with as many workers as its documentation advises."""
        port = free_port()
        command = (
            *(str(self._python), "-m", "gunicorn", "django.core.wsgi:get_wsgi_application()"),
            *("--bind", f"127.0.0.1:{port}", "--workers", str(workers())),
            *("--preload", "--no-control-socket"),
        )
        surroundings = _surroundings(self._url, self._secret)
        async with served(command, port=port, environment=surroundings) as server:
            yield server

    async def recorded(self) -> int:
        """Tickets in its database that have their message."""
        return await count(
            self._url,
            "SELECT count(*) FROM helpdesk_ticket t WHERE EXISTS "
            "(SELECT FROM helpdesk_followup f WHERE f.ticket_id = t.id)",
        )


def workers() -> int:
    """Of gunicorn: two for each core and one more."""
    return 2 * (os.cpu_count() or 1) + 1


def versions() -> dict[str, str]:
    """The releases that the peer consists of, by name."""
    lines = _requirements().read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if "==" in line)


@asynccontextmanager
async def helpdesk(
    url: str, *, home: Path, progress: Callable[[str], None]
) -> AsyncIterator[Helpdesk]:
    """The peer with a database of its own on this server, which is gone afterwards.

    Raises PeerNotInstalled, NoDatabase and PeerNotPrepared.
    """
    python = await asyncio.to_thread(
        environment, home=home, requirements=_requirements(), progress=progress
    )
    progress("setting the peer up")
    async with own_database(url, name=DATABASE) as own:
        secret = secrets.token_urlsafe(40)
        token, queue = await asyncio.to_thread(_prepared, python, own, secret)
        yield Helpdesk(python, own, TicketRequests(token, queue), secret)


def _prepared(python: Path, url: str, secret: str) -> tuple[str, int]:
    done = subprocess.run(
        (python, "prepare.py"),
        cwd=_project(),
        env=_surroundings(url, secret),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PREPARE_SECONDS_MAX,
        check=False,
    )
    if done.returncode != 0:
        raise PeerNotPrepared(f"the peer cannot be set up: {done.stderr.strip()[-600:]}")
    token, queue = done.stdout.split()
    return token, int(queue)


def _surroundings(url: str, secret: str) -> dict[str, str]:
    return clean_environment(
        PEER_DATABASE=url,
        PEER_SECRET=secret,
        DJANGO_SETTINGS_MODULE="settings",
        PYTHONPATH=str(_project()),
        PYTHONDONTWRITEBYTECODE="1",
    )


def _project() -> Path:
    return Path(str(resources.files("oncedesk.bench.peers"))) / "project"


def _requirements() -> Path:
    return _project().parent / "requirements.txt"
