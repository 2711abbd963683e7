"""Killed at every point and at any moment, processes and database: nothing is lost or done twice.

The clients live in this process and keep their own log. What they were told is compared with what
is in the database, by statements of their own.
"""

import asyncio
import os
import random
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

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
from oncedesk.engine.running import utc_now
from oncedesk.settings import Settings
from oncedesk.simulation.crash import POINTS
from oncedesk.storage.embedded import EmbeddedServer
from oncedesk.storage.schema import migrate
from oncedesk.wiring import build
from tests.support.engines import Outside, consumer, contact, party, register
from tests.support.fleets import Entry, Fleet, accepted, fleet_on
from tests.support.homes import end_all, fresh_home

PROCESSES = 2
KILLS = int(os.environ.get("ONCEDESK_CRASH_KILLS", "20"))
KILLS_QUICK = 3
CONSUMERS = 40
UNANSWERED_MAX = 60
SECONDS_MAX = 240

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
        await outside.run("TRUNCATE inbox, seat, pack, installation")
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
        """Register everybody, and let three agents come to work."""
        now = utc_now() - timedelta(minutes=1)
        everybody: list[Any] = [register(number) for number in range(CONSUMERS)]
        agents = [party(10_000 + number) for number in range(3)]
        steps: list[list[Any]] = [
            everybody + [RegisterAgent(agent=who, capacity=5) for who in agents],
            [
                JoinDesk(agent=who, desk=PLATFORM, role=DeskRole.AGENT, starts_at=now)
                for who in agents
            ],
            [SetSkills(agent=who, skills=("refunds", "accounts", "general")) for who in agents],
            [SetPresence(agent=who, presence=Presence.AVAILABLE) for who in agents],
        ]
        for number, commands in enumerate(steps):
            for command in commands:
                self._fleet.ask(command, key=f"begin-{number}")
            await self._fleet.answered()

    def ask_something(self) -> None:
        self._step += 1
        key, number = f"k{self._step}", self._dice.randrange(CONSUMERS)
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
            case _:
                asked = contact(number, issue="refund")
                actor = self._dice.choice((consumer(number), MARKETPLACE))
                entry = self._fleet.ask(asked, key=key, actor=actor)
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
        databases_killed = 0
        while fleet.deaths < kills:
            for _ in range(dice.randint(1, 20)):
                clients.ask_something()
            await fleet.answered(at_most=UNANSWERED_MAX)
            if dice.random() < 0.2:
                victim = dice.choice(fleet.workers)
                if victim.ready and not victim.die_at and victim.process is not None:
                    victim.process.kill()
            if fleet.deaths * 5 > kills * (databases_killed + 1):
                databases_killed += 1
                await database.kill()
        for _ in range(100):
            clients.ask_something()
        await fleet.answered()
        await fleet.end()
        print(f"{fleet.deaths} processes died ({deaths}), the database {databases_killed} times")
        await compare(fleet, database.url)


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
    async with build(url, settings=Settings(home=Path("/nowhere"))) as parts, Outside(url) as rest:
        await parts.engine.start()
        await rest.until("SELECT count(*) FROM reaction", 0)
        await parts.engine.writers.drained()
        replay = await parts.replay()
        for report in (await replay.check(), await replay.decide()):
            assert report.differences == []
        # What left had been decided: each key that was seen is of an event in the journal. What
        # waits still is sent by the next; nothing was sent under two names.
        assert await rest.value("SELECT count(*) FROM outbox") + len(set(fleet.sent)) > 0


async def _survived(database: Database, kills: int) -> None:
    seed = int(os.environ.get("ONCEDESK_CRASH_SEED", "0")) or random.randrange(1, 2**32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    await asyncio.wait_for(survive(database, kills=kills, dice=dice), SECONDS_MAX)


async def test_nothing_is_lost_or_doubled_by_a_few_kills(database: Database) -> None:
    await _survived(database, KILLS_QUICK)


@pytest.mark.slow
async def test_nothing_is_lost_or_doubled_by_many_kills(database: Database) -> None:
    await _survived(database, KILLS)
