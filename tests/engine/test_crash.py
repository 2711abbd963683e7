"""Killed at every point and at any moment, processes and database: nothing is lost or done twice.

The same where the processes share an embedded database, and its owner is killed again and again.

The clients live in this process and keep their own log. What they were told is compared with what
is in the database, by statements of their own.
"""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from oncedesk.domain.agents.messages import (
    DeskRole,
    JoinDesk,
    Presence,
    RegisterAgent,
    SetPresence,
    SetSkills,
)
from oncedesk.domain.conversations.messages import Audience, PostMessage
from oncedesk.domain.parties.messages import UpdateParty
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.engine.outbox import NotDelivered
from oncedesk.engine.outgoing import TO_CONSUMERS
from oncedesk.engine.ports import OutboxRow
from oncedesk.engine.running import utc_now
from oncedesk.settings import Settings
from oncedesk.simulation.crash import POINTS
from oncedesk.storage.embedded import EmbeddedServer
from oncedesk.storage.schema import migrate
from oncedesk.wiring import build
from tests.support.consistency import assert_assignments_agree
from tests.support.engines import Outside, consumer, contact, eventually, party, register
from tests.support.fleets import Entry, Fleet, accepted, fleet_on
from tests.support.homes import end_all, fresh_home, owner_of, processes_of, servers_of

PROCESSES = 2
KILLS = int(os.environ.get("ONCEDESK_CRASH_KILLS", "20"))
KILLS_QUICK = 3
OWNERS_KILLED = 4
CONSUMERS = 40
AGENTS = [party(10_000 + number) for number in range(3)]
DATABASE_EVERY = 4
UNANSWERED_MAX = 60
SECONDS_MAX = 240

OWN = """
import sys
from pathlib import Path
from oncedesk.storage.embedded import start_embedded
print(start_embedded(home=Path(sys.argv[1])).is_owner(), flush=True)
sys.stdin.read()
"""

LOST_OR_DOUBLED = """
SELECT a.id, count(j.command_id) FROM acknowledged a
LEFT JOIN journal j ON j.command_id = a.id AND j.stream = a.stream AND j.version = a.version
GROUP BY a.id HAVING count(j.command_id) <> 1
"""
TWICE = "SELECT command_id FROM journal GROUP BY command_id HAVING count(*) > 1"
UNEVEN = """
SELECT s.id FROM state s JOIN journal j ON j.stream = s.id GROUP BY s.id, s.version
HAVING count(*) <> s.version OR max(j.version) <> s.version OR min(j.version) <> 1
"""
STATELESS = "SELECT stream FROM journal WHERE stream NOT IN (SELECT id FROM state)"
UNASKED = """
SELECT j.command_id FROM journal j LEFT JOIN acknowledged a ON a.id = j.command_id
WHERE a.id IS NULL AND j.actor <> 'system'
"""


class Database:
    """A server of these tests' own, for it is killed, too."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.server = EmbeddedServer(home=home)

    @property
    def url(self) -> str:
        return self.server.dsn

    async def kill(self) -> None:
        """SIGKILL to the postmaster; then somebody starts it again."""
        pid_file = self._home / "postgres" / "data" / "postmaster.pid"
        os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)
        while self.server.is_running():  # noqa: ASYNC110 - another process is polled
            await asyncio.sleep(0)
        await asyncio.to_thread(self.server.start)


@pytest.fixture(scope="module")
def running() -> Iterator[Database]:
    with fresh_home() as home:
        database = Database(home)
        try:
            with database.server:
                asyncio.run(migrate(database.url))
                yield database
        finally:
            end_all(home)


@pytest.fixture
def database(running: Database) -> Database:
    """With nothing in it but the first packs, so that those to be killed start quickly."""
    running.server.start()
    asyncio.run(_empty(running.url))
    return running


async def _empty(url: str) -> None:
    async with Outside(url) as outside:
        await outside.run("TRUNCATE state, journal, message, person, reaction, outbox, parked")
        await outside.run("TRUNCATE inbox, seat, pack, reaction_set, installation")
    async with build(url, settings=Settings(home=Path("/nowhere"))):
        pass


class Clients:
    """Consumers, agents and back ends who never stop asking."""

    def __init__(self, fleet: Fleet, dice: random.Random) -> None:
        self._fleet = fleet
        self._dice = dice
        self._step = 0
        self._opened: dict[int, Entry] = {}

    async def begin(self) -> None:
        """Register everybody, and three agents who are not at work yet."""
        now = utc_now() - timedelta(minutes=1)
        everybody: list[Any] = [register(number) for number in range(CONSUMERS)]
        steps: list[list[Any]] = [
            everybody + [RegisterAgent(agent=who, capacity=9) for who in AGENTS],
            [
                JoinDesk(agent=who, desk=PLATFORM, role=DeskRole.AGENT, starts_at=now)
                for who in AGENTS
            ],
            [SetSkills(agent=who, skills=("refunds", "accounts", "general")) for who in AGENTS],
        ]
        for number, commands in enumerate(steps):
            for command in commands:
                self._fleet.ask(command, key=f"begin-{number}")
            await self._fleet.answered()

    def go_to_work(self) -> None:
        for who in AGENTS:
            self._fleet.ask(SetPresence(agent=who, presence=Presence.AVAILABLE), key="work")

    def ask_something(self) -> None:
        self._step += 1
        key, number = f"k{self._step}", self._dice.randrange(CONSUMERS)
        newcomer = CONSUMERS + self._step
        opened = self._opened.get(number)
        match self._dice.randrange(4):
            case 0:
                command = UpdateParty(party=party(number), language=f"l-{self._step}")
                self._fleet.ask(command, key=key)
            case 1 if opened is not None and opened.told is not None:
                said = PostMessage(
                    consumer=party(number),
                    conversation=opened.target.id,
                    case=1,
                    audience=Audience.CONSUMER,
                    digest=b"0123456789abcdef",
                    length=7,
                )
                self._fleet.ask(said, key=key)
            case 2:
                self._fleet.ask(contact(newcomer), key=key, actor=consumer(newcomer))
            case _:
                entry = self._fleet.ask(contact(number), key=key, actor=MARKETPLACE)
                self._opened.setdefault(number, entry)


async def survive(database: Database, *, kills: int, dice: random.Random) -> None:
    """Under load all the while, kill so often; then compare what was told with what is there."""
    points = list(POINTS)
    deaths: list[str] = []

    def next_death() -> str:
        if len(deaths) >= kills:
            return ""
        # Every second process is left to be killed at a moment that nobody chose.
        point = points[len(deaths) // 2 % len(points)] if len(deaths) % 2 == 0 else ""
        deaths.append(point or "any moment")
        return f"{point}:{dice.randint(1, 40)}" if point else ""

    async with fleet_on(database.url, count=PROCESSES, dice=dice) as fleet:
        fleet.next_death = next_death
        clients = Clients(fleet, dice)
        await clients.begin()
        databases_killed, at_work = 0, False
        # Nobody else kills who is to die at a point, so each of them has come there.
        while fleet.deaths < kills or fleet.armed:
            for _ in range(dice.randint(1, 20)):
                clients.ask_something()
            await fleet.answered(at_most=UNANSWERED_MAX)
            if dice.random() < 0.2:
                victim = dice.choice(fleet.workers)
                if victim.ready and not victim.die_at:
                    victim.kill()
            if fleet.deaths > DATABASE_EVERY * databases_killed:
                databases_killed += 1
                await database.kill()
            if fleet.deaths * 2 > kills and not at_work:
                at_work = True
                clients.go_to_work()
        for _ in range(100):
            clients.ask_something()
        await fleet.answered()
        async with Outside(database.url) as outside:
            # All are at work by now, with room for nine until somebody is given a case.
            await outside.until("SELECT min(room) < 9 FROM seat", True)
        await fleet.end()
        print(f"{fleet.deaths} processes died ({deaths}), the database {databases_killed} times")
        await compare(fleet, database.url)


async def _to_nobody(row: OutboxRow) -> None:
    raise NotDelivered(row.topic)


async def compare(fleet: Fleet, url: str) -> None:
    told = accepted(fleet.log)
    assert len(told) == len(fleet.log), [entry for entry in fleet.log if entry not in told][:3]
    asked_again = sum(entry.times_asked > 1 for entry in fleet.log)
    print(f"{len(told)} commands acknowledged, {asked_again} of them asked more than once")
    async with Outside(url) as outside:
        await outside.run(
            "CREATE TEMPORARY TABLE acknowledged (id uuid PRIMARY KEY, stream uuid, version int)"
        )
        rows = [(one.id, one.target.id, one.told.version) for one in told if one.told]
        await outside.copy("acknowledged", ("id", "stream", "version"), rows)
        for statement in (LOST_OR_DOUBLED, TWICE, UNEVEN, STATELESS, UNASKED):
            assert await outside.rows(statement) == [], statement
        assert await outside.rows("SELECT * FROM parked") == []
        assert await outside.rows("SELECT * FROM reaction WHERE parked_at IS NOT NULL") == []
    # What is left to do may tell consumers something, too; nobody takes it, so it waits.
    async with (
        build(
            url, settings=Settings(home=Path("/nowhere")), send=_to_nobody, topics=TO_CONSUMERS
        ) as parts,
        Outside(url) as rest,
    ):
        await parts.engine.start()
        await rest.until("SELECT count(*) FROM reaction", 0)
        await parts.engine.stop()
        replay = await parts.replay()
        for report in (await replay.check(), await replay.decide()):
            assert report.differences == []
        by_agent = await assert_assignments_agree(rest, parts.codec)
        assert by_agent, "nobody was given a case"
        print(f"{sum(by_agent.values())} cases are with {len(by_agent)} agents")
        # Whatever an event sends out has left, or waits to leave; however often, under one key.
        telling = {"ConsumerTold", "CallBackRequested"}
        told_outside = 0
        for (events,) in await rest.rows("SELECT events FROM journal"):
            told_outside += sum(one["type"] in telling for one in msgspec.msgpack.decode(events))
        left = set(fleet.sent) | set(await rest.column("SELECT id FROM outbox"))
        assert len(left) == told_outside > 0
        print(f"{len(fleet.sent)} messages left, {len(fleet.sent) - len(set(fleet.sent))} again")


@pytest.fixture
def shared_home() -> Iterator[Path]:
    """A home with an embedded database that nobody runs, and the first packs in it."""
    with fresh_home() as home:
        try:
            with EmbeddedServer(home=home) as server:
                asyncio.run(migrate(server.dsn))
                asyncio.run(_empty(server.dsn))
            yield home
        finally:
            end_all(home)


@contextmanager
def first_owner(home: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that owns the server of this home and does nothing else."""
    command = [sys.executable, "-c", OWN, str(home)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "True\n"
        yield owner


async def survive_owners(home: Path, *, kills: int, dice: random.Random) -> None:
    """Under load all the while, kill whoever owns the server; then compare as above."""
    with first_owner(home) as first:
        async with fleet_on(str(home), count=PROCESSES, dice=dice) as fleet:
            clients = Clients(fleet, dice)
            await clients.begin()
            joined = [one.process.pid for one in fleet.workers if one.process is not None]
            kill = first.kill
            for number in range(kills):
                for _ in range(100):
                    clients.ask_something()
                await fleet.answered(at_most=99)
                former = owner_of(home)
                kill()
                clients.go_to_work() if number == 0 else clients.ask_something()
                await eventually(lambda: owner_of(home) not in (0, former), "another owns it")  # noqa: B023
                await fleet.answered()
                assert len(servers_of(home)) == 1
                owner = owner_of(home)
                # Where the first one ends, nobody new comes; later, one comes for each that dies.
                assert number > 0 or owner in joined
                (owning,) = [
                    one for one in fleet.workers if one.process and one.process.pid == owner
                ]
                kill = owning.kill
            await fleet.end()
        assert processes_of(home) == []
        print(f"{fleet.deaths + 1} owners were killed")
    with EmbeddedServer(home=home) as server:
        await compare(fleet, server.dsn)
    assert processes_of(home) == []


def _dice() -> random.Random:
    seed = int(os.environ.get("ONCEDESK_CRASH_SEED", "0")) or random.randrange(1, 2**32)
    print(f"seed {seed}")
    return random.Random(seed)


async def _survived(database: Database, kills: int) -> None:
    await asyncio.wait_for(survive(database, kills=kills, dice=_dice()), SECONDS_MAX)


async def test_nothing_is_lost_or_doubled_by_a_few_kills(database: Database) -> None:
    await _survived(database, KILLS_QUICK)


@pytest.mark.slow
async def test_nothing_is_lost_or_doubled_by_many_kills(database: Database) -> None:
    await _survived(database, KILLS)


@pytest.mark.slow
async def test_nothing_is_lost_or_doubled_when_owners_of_the_database_are_killed(
    shared_home: Path,
) -> None:
    survived = survive_owners(shared_home, kills=OWNERS_KILLED, dice=_dice())
    await asyncio.wait_for(survived, SECONDS_MAX)
