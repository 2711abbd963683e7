"""A served marketplace with a played day behind it, in processes of its own, and its people.

`oncedesk demo --once --keep` plays the day, `oncedesk serve` serves what it left. Whatever a test
needs to know of either it asks for as an outsider: over HTTP, or for log-ins by the parts.
"""

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from uuid import UUID, uuid4

import asyncpg
import httpx

from oncedesk.domain.agents.messages import (
    DeskRole,
    JoinDesk,
    Presence,
    RegisterAgent,
    SetPresence,
    SetSkills,
)
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk
from oncedesk.engine.running import utc_now
from oncedesk.http.auth.api_keys import make_key
from oncedesk.http.auth.principals import Kind, Scope
from oncedesk.http.ports import ReservedPort
from oncedesk.settings import Settings
from oncedesk.storage.access.logins import Login
from oncedesk.storage.urls import with_database
from oncedesk.wiring import Parts, Tells, build
from tests.support.served import PASSWORD, QUICK, register_signing_keys, token

DEADLINE_SECONDS = 20
MAIN = "from oncedesk.cli.main import main; main()"


class Person(Record, frozen=True):
    """An agent who can log in, by `PASSWORD`."""

    agent: UUID
    name: str


class Site:
    """What is served at `url` from the database at `database`."""

    def __init__(self, served: "_Served", database: str, key: str) -> None:
        self._served = served
        self.url = served.url
        self.database = database
        self.marketplace = httpx.Client(
            base_url=self.url, headers={"authorization": f"Bearer {key}"}, timeout=30
        )

    def command(self, method: str, path: str, body: Any) -> Any:
        """The marketplace's back end tells us something; the answer, which has to be a yes."""
        answer = self.marketplace.request(
            method, path, json=body, headers={"Idempotency-Key": str(uuid4())}
        )
        assert answer.is_success, answer.text
        return answer.json()

    def until(self, path: str, is_so: Callable[[Any], bool], **asked: str) -> Any:
        """What the marketplace reads at this path once it is so: much of what follows from
        something happens after that was answered."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while True:
            answer = self.marketplace.get(path, params=asked)
            if answer.is_success and is_so(answer.json()):
                return answer.json()
            assert time.monotonic() < deadline, answer.text
            time.sleep(0.02)

    @contextmanager
    def away(self) -> Iterator[None]:
        """Nobody serves it meanwhile; afterwards it is served at the same address again."""
        self._served.stop()
        try:
            yield
        finally:
            self._served.start()

    def token(self, consumer: UUID, **claims: Any) -> str:
        """What the marketplace gives a consumer's page."""
        return token(consumer, **claims)

    def agent(
        self,
        *desks: Desk,
        role: Kind = Kind.AGENT,
        on_desk: DeskRole = DeskRole.AGENT,
        presence: Presence = Presence.AWAY,
        skills: Sequence[str] = (),
    ) -> Person:
        """Somebody new, who belongs to these desks from now on.

        Whoever is to be there is so before they belong anywhere: a desk that is looked at between
        the two, which happens every few seconds, counts as left until the next look, and what
        consumers write goes to the platform's desk.
        """

        async def add(parts: Parts) -> Person:
            who = uuid4()
            person = Person(who, f"{who}@example.com")
            commands: list[Any] = [RegisterAgent(agent=who)]
            if skills:
                commands.append(SetSkills(agent=who, skills=tuple(skills)))
            if presence is not Presence.AWAY:
                commands.append(SetPresence(agent=who, presence=presence))
            commands += [
                JoinDesk(agent=who, desk=desk, role=on_desk, starts_at=utc_now()) for desk in desks
            ]
            for number, command in enumerate(commands):
                answer = await parts.engine.submit(
                    command, principal="tests", key=f"{who}/{number}", actor=SYSTEM
                )
                assert answer.accepted, answer
            await parts.access.logins.add(
                Login(
                    name=person.name,
                    agent=who,
                    role=role.value,
                    password=QUICK.hash(PASSWORD),
                    created_at=utc_now(),
                    created_by="tests",
                )
            )
            return person

        return with_parts(self.database, add)


Made = TypeVar("Made")


def with_parts(database: str, act: Callable[[Parts], Awaitable[Made]]) -> Made:
    """Acts on parts of their own."""

    @asynccontextmanager
    async def parts() -> AsyncIterator[Parts]:
        with TemporaryDirectory(prefix="oncedesk-") as home:
            settings = Settings(home=Path(home), database_url=database)
            async with build(database, settings=settings, tells=Tells.NOBODY) as built:
                yield built

    async def acted() -> Made:
        async with parts() as built:
            return await act(built)

    return _elsewhere(acted)


def played(server_url: str, *, scale: float) -> str:
    """The name of the database on this server that a played day was left in."""
    with TemporaryDirectory(prefix="oncedesk-") as home:
        done = subprocess.run(
            [sys.executable, "-c", MAIN, "demo", "--once", "--keep", "--scale", str(scale)],
            env=_environment(home, server_url),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    found = re.search(r"oncedesk_demo_[0-9a-f]{12}", done.stdout)
    assert found, done.stdout
    return found[0]


@contextmanager
def site(server_url: str, day: str, **settings: str) -> Iterator[Site]:
    """Serves a copy of this played day on the same server for as long as it is wanted; `settings`
    by their names."""
    name = f"site_{uuid4().hex}"
    _elsewhere(lambda: _executed(server_url, f"CREATE DATABASE {name} TEMPLATE {day}"))
    with TemporaryDirectory(prefix="oncedesk-") as home:
        database = with_database(server_url, name)
        environment = _environment(home, database, **settings)
        served = _Served(environment)
        try:

            async def prepare(parts: Parts) -> str:
                await register_signing_keys(parts)
                made = make_key(name="shop", scopes=tuple(Scope), by="tests", now=utc_now())
                await parts.access.keys.add(made.key)
                return made.token

            one = Site(served, database, with_parts(database, prepare))
            with one.marketplace:
                yield one
        finally:
            served.close()


class _Served:
    """`oncedesk serve` as processes of their own, at one address however often they are started."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        # Nobody is given it while nothing is served there.
        self._port = ReservedPort("127.0.0.1", 0)
        self.url = self._port.url
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", MAIN, "serve", "--port", str(self._port.port)],
            env=self._environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        assert self.url in said, said

    def stop(self) -> None:
        """As whoever restarts it would: what is under way ends first."""
        self._process.terminate()
        self._process.communicate(timeout=60)

    def close(self) -> None:
        self.stop()
        self._port.close()


def _environment(home: str, database: str, **settings: str) -> dict[str, str]:
    return {
        **os.environ,
        **{f"ONCEDESK_{name.upper()}": value for name, value in settings.items()},
        "ONCEDESK_HOME": home,
        "ONCEDESK_DATABASE_URL": database,
        "TERM": "dumb",
        "COLUMNS": "400",
    }


def _elsewhere(act: Callable[[], Coroutine[Any, Any, Made]]) -> Made:
    """In a thread of its own: the browser's driver holds this one's loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(act())).result()


async def _executed(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
