"""The marketplace goes on for days: it holds what it must, and nobody acts for people."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from uuid import UUID

import pytest

from oncedesk.domain.agents.messages import NoteSeen, Presence
from oncedesk.domain.conversations.messages import CaseAssigned, CaseOpened, MessagePosted
from oncedesk.domain.shared.decider import MARKETPLACE, Actor, Command
from oncedesk.settings import Settings
from oncedesk.simulation import standing
from oncedesk.simulation.arrivals import day_until
from oncedesk.simulation.day import contacts_at
from oncedesk.simulation.demo import play_demo
from oncedesk.simulation.living import BEAT, DAY, FORGET_EACH, Living, rate_at, take_up
from oncedesk.simulation.own_database import own_database
from oncedesk.simulation.playing import LOOK_EVERYWHERE, Play, play_on
from oncedesk.simulation.seeing import Life, SeenCase
from oncedesk.simulation.stage import by_agent
from oncedesk.simulation.tally import Tally
from oncedesk.simulation.world_clock import WorldClock
from oncedesk.wiring import Parts, build
from tests.support.engines import contact

NOW = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)
"""Noon, so that agents are there."""
A_DAY = timedelta(days=1)
_QUEUED = "SELECT count(*) FROM inbox WHERE status = 'queued'"
_ACTED = "SELECT count(*) FROM journal WHERE actor = $1 AND at > $2 AND kind = 'conversation'"


@dataclass
class Alive:
    """A small marketplace after its day, in which time still passes only when told to."""

    play: Play
    parts: Parts

    async def go_on(self, span: timedelta) -> None:
        await play_on(self.play, until=self.play.clock() + span)

    async def breaches(self) -> list[str]:
        tally = Tally(standing.CHECKS)
        await standing.check_standing(self.parts.pool, tally, now=self.play.clock())
        assert tally.checks[standing.OWNER].done > 0
        return [f"{one.name}: {one.shown}" for one in tally.checks.values() if one.breaches]

    async def acted(self, actor: str, since: datetime) -> int:
        return int(await self.parts.pool.fetchval(_ACTED, actor, since))

    async def submit(self, command: Command, *, actor: Actor) -> None:
        """As somebody from outside does."""
        answer = await self.parts.engine.submit(command, principal="tests", key="1", actor=actor)
        assert answer.accepted

    async def queued(self) -> int:
        return int(await self.parts.pool.fetchval(_QUEUED))


@asynccontextmanager
async def alive(url: str, *, rate: float, seed: int, contacts: int = 40) -> AsyncIterator[Alive]:
    settings = Settings(home=Path("/nonexistent"), database_url=url)
    day = day_until(NOW)
    clock = WorldClock(day.begins_at)
    async with (
        own_database(settings, name="tests") as own,
        build(own, settings=settings, clock=clock, look_everywhere=LOOK_EVERYWHERE) as parts,
    ):
        played = await play_demo(
            parts, clock, day=day, contacts=contacts, seed=seed, progress=lambda _: None
        )
        Living(played.play, rate).begin()
        yield Alive(played.play, parts)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [5])
async def test_holds_for_days_and_forgets_what_is_over(server_url: str, seed: int) -> None:
    async with alive(server_url, rate=1 / 1_500, seed=seed) as market:
        stage = market.play.stage
        begun = stage.counts["lifecycles"]
        for _ in range(3):
            await market.go_on(A_DAY)
            assert await market.breaches() == []
        came = stage.counts["lifecycles"] - begun

        assert market.play.clock() == NOW + 3 * A_DAY
        assert came > 100, "consumers keep coming"
        assert stage.counts["orders.PromiseKept"] > came / 2, "carriers keep moving"
        assert stage.counts["cases.closed"] + stage.counts["resolved.solved"] > came / 4
        await market.go_on(2 * FORGET_EACH)
        known = len(stage.seeing.lives)
        assert known < came, "conversations that are over are forgotten"
        assert len(stage.sender.log.known) < stage.counts["commands.sent"] / 10


@pytest.mark.slow
async def test_no_more_come_than_are_answered(server_url: str) -> None:
    scale = 0.05
    async with alive(
        server_url, rate=rate_at(scale), seed=5, contacts=contacts_at(scale)
    ) as market:
        stage, queued = market.play.stage, await market.queued()
        stage.agenda.quicken(tick=timedelta(seconds=10), beat=BEAT, day=DAY)
        answered = _first_answers(market)
        begun = stage.counts["lifecycles"]
        await market.go_on(timedelta(hours=6))

        came = stage.counts["lifecycles"] - begun
        assert came > 150
        assert len(answered) > 100
        assert median(span.total_seconds() for span in answered) < 300
        assert await market.queued() - queued < came / 8

        begun = stage.counts["lifecycles"]
        market.play.clock.jump(market.play.clock() + timedelta(hours=8))
        await market.go_on(timedelta(minutes=10))
        assert stage.counts["lifecycles"] - begun < 12, "who slept through it is not overrun"


@pytest.mark.slow
async def test_nobody_who_looks_on_waits_long_for_the_next_consumer(server_url: str) -> None:
    async with alive(server_url, rate=1 / 1_000_000, seed=5) as market:
        begun = market.play.stage.counts["lifecycles"]
        Living(market.play, 1 / 1_000_000, timedelta(minutes=3)).begin()
        await market.go_on(timedelta(minutes=30))

        assert 8 <= market.play.stage.counts["lifecycles"] - begun <= 10


@pytest.mark.slow
async def test_whom_a_human_plays_does_nothing_until_the_human_is_gone(server_url: str) -> None:
    async with alive(server_url, rate=1 / 120, seed=6) as market:
        play = market.play
        agent = await _busy(market)
        name = f"agent:{agent}"
        play.stage.sender.humans.add(agent)
        began = play.clock()
        await market.go_on(timedelta(hours=2))

        assert await market.acted(name, began) == 0
        assert play.stage.seeing.agents[agent].held, "their cases stay theirs"

        # Their page was open until now, and once it is closed it says nothing any more.
        await market.submit(NoteSeen(agent=agent), actor=by_agent(agent))
        play.stage.sender.humans.clear()
        take_up(play, agent)
        gone = play.clock()
        await market.go_on(timedelta(hours=2))
        assert await market.acted(name, gone) > 0
        assert play.stage.seeing.agents[agent].presence is Presence.AVAILABLE
        assert await market.breaches() == []


@pytest.mark.slow
async def test_who_comes_from_outside_is_answered_but_never_played(server_url: str) -> None:
    async with alive(server_url, rate=1 / 1_500, seed=8) as market:
        engine = market.parts.engine
        seal = engine.entry.seal("登录不上")
        stranger = contact(990_001, digest=seal.digest, length=seal.length, issue="account")
        answer = engine.submit(
            stranger, principal="tests", key="1", actor=MARKETPLACE, text="登录不上"
        )
        began = market.play.clock()
        await market.go_on(timedelta(hours=4))

        assert answer.result().accepted
        assert market.play.stage.seeing.lives[stranger.target().id].plan.consumer in (
            market.play.stage.sender.strangers
        )
        rows = await market.parts.pool.fetch(
            "SELECT author FROM message WHERE conversation = $1 ORDER BY version",
            stranger.target().id,
        )
        assert [row[0].partition(":")[0] for row in rows][:2] == ["consumer", "agent"]
        assert await market.acted(f"consumer:{stranger.consumer}", began) == 0
        assert await market.breaches() == []


def _first_answers(market: Alive) -> list[timedelta]:
    """How long each case that is opened from now on waited for its first answer, as they come."""
    opened: dict[tuple[UUID, int], datetime] = {}
    answered: list[timedelta] = []

    def posted(life: Life, case: SeenCase, event: MessagePosted) -> None:
        since = opened.pop((life.conversation, case.number), None) if case.answered else None
        if since is not None:
            answered.append(event.at - since)

    seeing = market.play.stage.seeing
    seeing.when(
        CaseOpened,
        lambda life, _, event: opened.update({(life.conversation, event.case): event.at}),
    )
    seeing.when(MessagePosted, posted)
    return answered


async def _busy(market: Alive) -> UUID:
    """Somebody who has got a case just now."""
    got: list[UUID] = []
    market.play.stage.seeing.when(CaseAssigned, lambda _life, _case, event: got.append(event.agent))
    while not got:
        await market.go_on(timedelta(minutes=3))
    return got[-1]
