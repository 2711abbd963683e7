"""What stands in the tables is looked at anew, whatever its kind."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from oncedesk.domain.accounts.state import Debt
from oncedesk.domain.shared.refs import Kind
from oncedesk.simulation import standing
from oncedesk.simulation.tally import Tally
from tests.simulation.test_living import Alive, alive

KINDS = ("conversation", "order", "remedies", "agent")
_FIRST = "SELECT id, wake FROM state WHERE kind = $1 AND wake IS NOT NULL ORDER BY wake LIMIT 1"
_ACCOUNT = "SELECT id, body FROM state WHERE kind = $1 LIMIT 1"
_OWES = "UPDATE state SET body = $2 WHERE id = $1"
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
