"""Rule 16: simulated time runs one instant until nothing is left in it, then jumps to the next."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from oncedesk.domain.agents.messages import (
    DeskRole,
    JoinDesk,
    PlanShift,
    Presence,
    RegisterAgent,
    SetPresence,
    SetSkills,
    ShiftBegan,
    ShiftEnded,
)
from oncedesk.domain.parties.messages import HoldPlaced, PlaceHold
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.refs import PLATFORM, Ref
from oncedesk.engine.deciding import REACTION_DEPTH_MAX, Consequences
from oncedesk.engine.instants import SimulatedClock, play_until, settle
from tests.support.engines import (
    CONSEQUENCES,
    Outside,
    contact,
    engine_on,
    party,
    register,
    within,
)

START = datetime(2025, 3, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


def down_the_line(event: Any, source: Ref, state: Any) -> Sequence[Any]:
    """A hold on one party leads to a hold on the next, ten of them; a shift leads to the first."""
    if isinstance(event, ShiftBegan):
        return (PlaceHold(party=party(1), reason="1"),)
    if isinstance(event, HoldPlaced) and int(event.reason) < REACTION_DEPTH_MAX - 2:
        number = int(event.reason) + 1
        return (PlaceHold(party=party(number), reason=f"{number}"),)
    return ()


LINE = Consequences(commands=down_the_line, outgoing=CONSEQUENCES.outgoing)


async def test_an_instant_lasts_until_no_reaction_remains(url: str) -> None:
    clock = SimulatedClock(START)
    async with engine_on(url, clock=clock, consequences=LINE) as rig, Outside(url) as outside:
        await rig.all([register(number) for number in range(1, REACTION_DEPTH_MAX)])
        shift = PlanShift(agent=party(99), starts_at=START + HOUR, ends_at=START + 9 * HOUR)
        await rig.all([RegisterAgent(agent=party(99)), shift])
        clock.jump(START + HOUR)
        await within(settle(rig.engine))
        # The clock's event and all that followed from it, at one and the same time.
        moments = await outside.rows(
            "SELECT at, count(*) FROM journal WHERE at > $1 GROUP BY at", START
        )
        assert moments == [(START + HOUR, 1 + REACTION_DEPTH_MAX - 2)]
        assert await outside.value("SELECT count(*) FROM reaction") == 0
        await rig.assert_replays()


async def test_time_jumps_from_wake_to_wake(url: str) -> None:
    clock = SimulatedClock(START)
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        await rig.all([RegisterAgent(agent=party(1))])
        for day in range(5):
            starts_at = START + timedelta(days=day) + HOUR
            await rig.all(
                [PlanShift(agent=party(1), starts_at=starts_at, ends_at=starts_at + 8 * HOUR)]
            )
        end = START + timedelta(days=30)
        instants = await within(play_until(rig.engine, clock, end))
        assert clock() == end
        # The first, and for each day a beginning, a draining and an end.
        assert instants == 1 + 5 * 3
        rows = await outside.rows("SELECT at, events FROM journal ORDER BY version")
        seen = [
            (type(event), at)
            for at, body in rows
            for event in rig.codec.events(RegisterAgent(agent=party(1)).target().kind, body)
            if isinstance(event, (ShiftBegan, ShiftEnded))
        ]
        expected = []
        for day in range(5):
            starts_at = START + timedelta(days=day) + HOUR
            expected += [(ShiftBegan, starts_at), (ShiftEnded, starts_at + 8 * HOUR)]
        assert seen == expected
        assert await rig.store.next_wake() is None
        await rig.assert_replays()


async def test_stops_where_it_was_told_to_and_goes_on_from_there(url: str) -> None:
    clock = SimulatedClock(START)
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        shift = PlanShift(agent=party(1), starts_at=START + HOUR, ends_at=START + 9 * HOUR)
        await rig.all([RegisterAgent(agent=party(1)), shift])
        await within(play_until(rig.engine, clock, START + HOUR / 2))
        assert (clock(), await outside.value("SELECT version FROM state")) == (START + HOUR / 2, 2)
        await within(play_until(rig.engine, clock, START + HOUR))
        assert (clock(), await outside.value("SELECT version FROM state")) == (START + HOUR, 3)
        await within(play_until(rig.engine, clock, START + HOUR))
        assert await outside.value("SELECT version FROM state") == 3


async def test_dispatch_belongs_to_the_instant(url: str) -> None:
    """Whoever becomes free at an instant has work in the same instant."""
    clock = SimulatedClock(START)
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        commands: list[Any] = [
            RegisterAgent(agent=party(1), capacity=2),
            JoinDesk(agent=party(1), desk=PLATFORM, role=DeskRole.AGENT, starts_at=START),
            SetSkills(agent=party(1), skills=("refunds", "accounts", "general")),
        ]
        await rig.all(commands)
        await rig.all([contact(number) for number in range(3)], actor=MARKETPLACE)
        await within(settle(rig.engine))
        assert await outside.value("SELECT count(*) FROM inbox WHERE status = 'assigned'") == 0
        clock.jump(START + timedelta(minutes=1))
        await rig.all([SetPresence(agent=party(1), presence=Presence.AVAILABLE)])
        await within(settle(rig.engine))
        assert await outside.value("SELECT count(*) FROM inbox WHERE status = 'assigned'") == 2
        assert await outside.value("SELECT max(at) FROM journal") == START + timedelta(minutes=1)


async def test_the_same_play_gives_the_same_journal(url: str) -> None:
    """Nothing depends on the machine's clock, on chance, or on how batches happen to fall."""

    async def play(batch_max: int) -> list[Any]:
        clock = SimulatedClock(START)
        async with (
            engine_on(url, clock=clock, batch_max=batch_max) as rig,
            Outside(url) as outside,
        ):
            asked = [contact(number) for number in range(10)]
            await rig.all(asked, actor=MARKETPLACE, key="asked")
            await within(play_until(rig.engine, clock, START + timedelta(days=3)))
            await rig.assert_replays()
            rows = await outside.rows(
                "SELECT stream, version, command_id, at, actor, events, facts FROM journal "
                "ORDER BY stream, version"
            )
            assert len(rows) > 20
            tables = "state, journal, message, inbox, outbox"
            await outside.run(f"TRUNCATE {tables}")
            return rows

    assert await play(256) == await play(3)
