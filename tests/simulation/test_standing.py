"""What stands in the tables is looked at anew, whatever its kind."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.accounts.state import Debt
from oncedesk.domain.agents.messages import Presence
from oncedesk.domain.agents.state import AgentState
from oncedesk.domain.conversations.state import Conversation
from oncedesk.domain.shared.refs import Kind, desk_of
from oncedesk.simulation import standing
from oncedesk.simulation.tally import Tally
from tests.simulation.test_living import Alive, alive

KINDS = ("conversation", "order", "remedies", "agent")
_FIRST = "SELECT id, wake FROM state WHERE kind = $1 AND wake IS NOT NULL ORDER BY wake LIMIT 1"
_ACCOUNT = "SELECT id, body FROM state WHERE kind = $1 LIMIT 1"
_OWES = "UPDATE state SET body = $2 WHERE id = $1"
_BODIES = "SELECT id, body FROM state WHERE kind = $1 ORDER BY id"
_TURN = "UPDATE state SET open = NOT open WHERE id = $1"
_QUEUED = "SELECT desk, skill, language FROM inbox WHERE status = 'queued' LIMIT 1"
_REACT = """
INSERT INTO reaction (bucket, target, source, version, number, id, kind, depth, command, at)
SELECT bucket, id, id, 1, 1, id, kind, 1, '', at FROM state LIMIT 1
"""
_PARK = """
INSERT INTO parked (bucket, id, kind, target, actor, origin, command, error, at, attempts)
SELECT bucket, id, kind, id, 'system', '', '', 'fell', at, 1 FROM state LIMIT 1
"""
_SET = "UPDATE state SET wake = $2 WHERE id = $1"


@pytest.mark.slow
async def test_a_clock_that_does_not_fire_is_noticed_in_every_kind(server_url: str) -> None:
    async with alive(server_url, rate=1 / 1_500, seed=5, contacts=150) as market:
        pool, now = market.parts.pool, market.play.clock()
        assert await found(market, now=now) == set()

        for kind in KINDS:
            id_, wake = await row(market, _FIRST, kind)
            await pool.execute(_SET, id_, wake + timedelta(days=90))
            assert await found(market, now=now) == {standing.WAKE}, kind
            await pool.execute(_SET, id_, wake)

        # Nobody owes anything yet; from now on this one does, and its clock was forgotten.
        id_, body = await row(market, _ACCOUNT, "account")
        codec = market.parts.codec
        debt = Debt(now.date(), 100, now + timedelta(days=1))
        owing = replace(codec.state(Kind.ACCOUNT, body), debts=(debt,))
        await pool.execute(_OWES, id_, codec.state_to_bytes(owing))
        assert await found(market, now=now) == {standing.WAKE}

        await pool.execute("DELETE FROM state WHERE kind <> 'remedies'")
        _, wake = await row(market, _FIRST, "remedies")
        assert await found(market, now=wake + timedelta(days=1)) == {standing.OVERDUE}


@pytest.mark.slow
async def test_each_look_can_find_something(server_url: str) -> None:
    async with alive(server_url, rate=1 / 1_500, seed=5, contacts=150) as market:
        pool = market.parts.pool
        assert await all_found(market) == set()

        talk = await state_of(market, Kind.CONVERSATION, _is_open)
        idle = tuple(replace(one, clocks=()) if one.is_open else one for one in talk[1].cases)
        async with rewritten(market, talk[0], replace(talk[1], cases=idle)):
            assert await all_found(market) == {standing.OWNER}
        await pool.execute(_TURN, talk[0])
        assert await all_found(market) == {standing.OWNER}
        await pool.execute(_TURN, talk[0])

        id_, agent = await state_of(market, Kind.AGENT, _holds)
        async with rewritten(market, id_, replace(agent, capacity=0, carried=0)):
            assert await all_found(market) == {standing.CAPACITY}
        async with rewritten(market, id_, replace(agent, held=agent.held[1:])):
            assert await all_found(market) - {standing.IDLE} == {standing.HELD}
        desk, skill, language = next(iter(await pool.fetch(_QUEUED)))
        free = replace(
            agent,
            presence=Presence.AVAILABLE,
            capacity=99,
            skills=(skill,),
            languages=(language,),
            memberships=(replace(agent.memberships[0], desk=desk_of(desk), ends_at=None),),
        )
        async with rewritten(market, id_, free):
            assert await all_found(market) == {standing.IDLE}

        await pool.execute(_REACT)
        assert await all_found(market) == {standing.REACTIONS}
        await pool.execute("DELETE FROM reaction")
        await pool.execute(_PARK)
        assert await all_found(market) == {standing.PARKED}
        await pool.execute("DELETE FROM parked")
        await pool.execute("DELETE FROM inbox WHERE status = 'queued'")
        assert await all_found(market) == {standing.INBOX}


def _is_open(state: Conversation) -> bool:
    return any(one.is_open for one in state.cases)


def _holds(state: AgentState) -> bool:
    return bool(state.held)


async def state_of(market: Alive, kind: Kind, wanted: Any) -> Any:
    """The first state of this kind that is as wanted, with its id."""
    for id_, body in await market.parts.pool.fetch(_BODIES, kind.value):
        state = market.parts.codec.state(kind, body)
        if wanted(state):
            return id_, state
    raise AssertionError(kind)


@asynccontextmanager
async def rewritten(market: Alive, id_: UUID, state: Any) -> AsyncIterator[None]:
    """With this in its place for a while."""
    pool = market.parts.pool
    before = await pool.fetchval("SELECT body FROM state WHERE id = $1", id_)
    await pool.execute(_OWES, id_, market.parts.codec.state_to_bytes(state))
    yield
    await pool.execute(_OWES, id_, before)


async def all_found(market: Alive) -> set[str]:
    """Which of all that must hold does not."""
    tally = Tally(standing.CHECKS)
    await standing.check_standing(market.parts.pool, tally, now=market.play.clock())
    return {one.name for one in tally.checks.values() if one.breaches}


async def row(market: Alive, query: str, kind: str) -> Any:
    """The first of this kind."""
    first = await market.parts.pool.fetchrow(query, kind)
    assert first is not None, kind
    return first


async def found(market: Alive, *, now: datetime) -> set[str]:
    """Which of what must hold of clocks does not."""
    tally = Tally(standing.CHECKS)
    await standing.check_standing(market.parts.pool, tally, now=now)
    clocks = (standing.WAKE, standing.OVERDUE)
    return {name for name in clocks if tally.checks[name].breaches}
