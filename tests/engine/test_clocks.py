"""Rule 7: clocks come when they are due, behind the commands of clients, and never too late."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from oncedesk.domain import conversations
from oncedesk.domain.agents.messages import CancelShift, PlanShift, RegisterAgent
from oncedesk.domain.conversations.subjects import NOTHING, subject_ref
from oncedesk.domain.parties.messages import PlaceHold
from oncedesk.domain.shared.decider import Facts
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.refs import PLATFORM, agent_ref
from oncedesk.engine.codec import Codec
from oncedesk.engine.instants import SimulatedClock, play_until, settle
from oncedesk.engine.ports import DueWake, StateWrite, Stored
from oncedesk.engine.running import utc_now
from oncedesk.storage.rows import by_kind
from oncedesk.storage.views import inbox, standing
from oncedesk.wiring import DECIDERS
from tests.support.engines import (
    Outside,
    Rig,
    builtin_packs,
    consumer,
    contact,
    engine_on,
    party,
    register,
    within,
)

START = datetime(2025, 3, 3, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
WAKE = "SELECT wake FROM state WHERE id = $1"
VERSION = "SELECT version FROM state WHERE id = $1"


def shift(number: int, starts_at: datetime) -> PlanShift:
    return PlanShift(agent=party(number), starts_at=starts_at, ends_at=starts_at + 8 * HOUR)


class Hands:
    """A clock that is set by hand, also backwards."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


async def test_comes_when_it_is_due_and_not_before(url: str) -> None:
    clock = SimulatedClock(START)
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        await rig.all([RegisterAgent(agent=party(1)), shift(1, START + HOUR)])
        assert await outside.value(WAKE, party(1)) == START + HOUR
        clock.jump(START + HOUR - timedelta(microseconds=1))
        assert await rig.engine.waking.submit_due() == 0
        clock.jump(START + HOUR)
        await settle(rig.engine)
        assert await outside.value(VERSION, party(1)) == 3
        assert await outside.value("SELECT actor FROM journal WHERE version = 3") == "system"
        assert await outside.value(WAKE, party(1)) > clock()
        await rig.assert_replays()


async def test_with_nothing_due_only_corrects_itself(url: str) -> None:
    clock = SimulatedClock(START)
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        await rig.all([RegisterAgent(agent=party(1)), shift(1, START + HOUR)])
        await outside.run("UPDATE state SET wake = $1", START)
        before = await outside.rows("SELECT version, at, body FROM state")
        await settle(rig.engine)
        assert await outside.value(WAKE, party(1)) == START + HOUR
        assert await outside.rows("SELECT version, at, body FROM state") == before
        assert await outside.value("SELECT count(*) FROM journal") == 2


async def test_stays_early_where_that_spares_an_index_and_is_never_late(url: str) -> None:
    clock = SimulatedClock(START)
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        first, second = START + HOUR, START + 24 * HOUR
        await rig.all([RegisterAgent(agent=party(1)), shift(1, first), shift(1, second)])
        await rig.all([CancelShift(agent=party(1), starts_at=first)])
        assert await outside.value(WAKE, party(1)) == first
        # Planned anew and earlier still, the wake moves forward at once.
        await rig.all([shift(1, START + HOUR / 2)])
        assert await outside.value(WAKE, party(1)) == START + HOUR / 2
        await rig.all([CancelShift(agent=party(1), starts_at=START + HOUR / 2)])
        clock.jump(START + HOUR / 2)
        await settle(rig.engine)
        assert await outside.value(WAKE, party(1)) == second
        await rig.assert_replays()


async def test_now_never_precedes_the_last_event_of_a_state(url: str) -> None:
    clock = Hands(START)
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        await rig.all([register(1)])
        clock.now = START - HOUR
        await rig.all([PlaceHold(party=party(1), reason="back"), register(2)])
        clock.now = START + HOUR
        await rig.all([PlaceHold(party=party(1), reason="forth")])
        moments = "SELECT at FROM journal WHERE stream = $1 ORDER BY version"
        assert await outside.column(moments, party(1)) == [START, START, START + HOUR]
        assert await outside.column(moments, party(2)) == [START - HOUR]
        await rig.assert_replays()


async def test_takes_at_most_half_a_batch_and_lets_clients_go_first(url: str) -> None:
    clock = SimulatedClock(START)
    agents, clients = 200, 200
    async with (
        engine_on(url, clock=clock, batch_max=64, writers=1) as rig,
        Outside(url) as outside,
    ):
        for number in range(agents):
            _ = rig.submit(RegisterAgent(agent=party(number)))
            _ = rig.submit(shift(number, START + HOUR))
        await within(rig.engine.writers.drained())
        clock.jump(START + HOUR)
        assert await rig.engine.waking.submit_due() == agents
        waiting = [rig.submit(register(1_000 + number)) for number in range(clients)]
        await within(asyncio.gather(*waiting))
        await within(rig.engine.writers.drained())
        rows = await outside.rows(
            "SELECT xmin::text::bigint, kind FROM journal WHERE at = $1", START + HOUR
        )
        batches = [
            Counter(kind for transaction, kind in rows if transaction == one)
            for one in sorted({transaction for transaction, _ in rows})
        ]
        # A quarter of a batch is the clocks' where a client waits, so that neither starves.
        busy = [batch for batch in batches if batch["party"]]
        assert [batch["agent"] for batch in busy] == [16, 16, 16, 16, 16]
        assert [batch["party"] for batch in busy] == [48, 48, 48, 48, 8]
        quiet = [batch["agent"] for batch in batches[len(busy) :]]
        assert sum(quiet) == 120
        assert max(quiet) <= 32


async def test_queued_twice_it_happens_once(url: str) -> None:
    clock = SimulatedClock(START)
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        await rig.all([RegisterAgent(agent=party(1)), shift(1, START + HOUR)])
        clock.jump(START + HOUR)
        stale = await rig.store.due(now=clock(), limit=10, but_not=set())
        assert stale == [DueWake(agent_ref(party(1)), START + HOUR)]
        await settle(rig.engine)
        writers = rig.engine.writers
        for _ in range(2):
            # Found before the clock had run, queued after it has.
            writers.submit_clock(rig.engine.waking._submission(stale[0]))
            writers.submit_clock(rig.engine.waking._submission(stale[0]))
            assert len(writers.clock_ids) == 1
            await within(writers.drained())
            assert not writers.clock_ids
        assert await outside.value(VERSION, party(1)) == 3
        assert await outside.value("SELECT count(*) FROM journal") == 3


async def test_two_processes_woken_at_once_do_it_once(url: str) -> None:
    clock = SimulatedClock(START)
    async with (
        engine_on(url, clock=clock) as one,
        engine_on(url, clock=clock) as other,
        Outside(url) as outside,
    ):
        numbers = range(50)
        await one.all([RegisterAgent(agent=party(number)) for number in numbers])
        await one.all([shift(number, START + HOUR) for number in numbers])
        clock.jump(START + HOUR)
        # Neither has done it before the other has looked.
        async with outside.holding(*map(party, numbers)):
            assert await one.engine.waking.submit_due() == 50
            assert await other.engine.waking.submit_due() == 50
        await within(asyncio.gather(one.engine.writers.drained(), other.engine.writers.drained()))
        assert set(await outside.column("SELECT version FROM state")) == {3}
        assert await outside.value("SELECT count(*) FROM journal") == 150
        assert await outside.value("SELECT count(DISTINCT command_id) FROM journal") == 150
        await one.assert_replays()


async def test_wakes_at_one_moment_are_recorded_under_names_of_their_own(url: str) -> None:
    """Whatever a clock does, no id is in the journal twice, though two wakes had the same time."""
    clock = Hands(START)
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        await rig.all([RegisterAgent(agent=party(1)), shift(1, START + HOUR)])
        clock.now = START + HOUR
        due = await rig.store.due(now=clock(), limit=10, but_not=set())
        await settle(rig.engine)
        clock.now = START + 9 * HOUR
        # The second comes by the name of the first, as one that was found long ago.
        rig.engine.writers.submit_clock(rig.engine.waking._submission(due[0]))
        await within(rig.engine.writers.drained())
        assert await outside.value(VERSION, party(1)) == 4
        ids = await outside.column("SELECT command_id FROM journal")
        assert len(set(ids)) == len(ids) == 4
        await rig.assert_replays()


async def test_a_started_engine_wakes_by_itself(url: str) -> None:
    clock = Hands(START)
    async with engine_on(url, clock=clock, started=True) as rig, Outside(url) as outside:
        await rig.all([RegisterAgent(agent=party(1)), shift(1, START + HOUR)])
        clock.now = START + HOUR
        await outside.until(VERSION, 3, party(1))
        await rig.assert_replays()


def overdue_conversations(numbers: range) -> list[StateWrite]:
    """Conversations that were opened four days ago and have been silent since then."""
    then = utc_now() - timedelta(days=4)
    facts = Facts(
        now=then,
        command_id=derived_id("overdue"),
        actor=consumer(0),
        packs=builtin_packs().at(then),
        states={},
    )
    events = conversations.DECIDER.decide(None, contact(0), facts)
    assert isinstance(events, Sequence)
    state: Any = None
    for event in events:
        state = conversations.DECIDER.evolve(state, event)
    return [
        StateWrite(
            ref=subject_ref(consumer=party(number), subject=NOTHING),
            before=Stored(version=0, at=None, wake=None, state=None),
            after=replace(state, consumer=party(number)),
            version=1,
            at=then,
            decided_at=then,
            wake=conversations.DECIDER.deadline(state),
            is_open=True,
            body=b"",
            decided=(),
            reactions=(),
            outbox=(),
            done=(),
        )
        for number in numbers
    ]


async def store(writes: Sequence[StateWrite], outside: Outside, codec: Codec) -> None:
    """These states and their inbox rows, as if their commands had come long ago."""
    states = [
        (
            *(one.ref.bucket, one.ref.id, one.ref.kind.value, one.version, one.after.consumer),
            *(one.at, one.wake, one.is_open, codec.state_to_bytes(one.after)),
        )
        for one in writes
    ]
    columns = ("bucket", "id", "kind", "version", "party", "at", "wake", "open", "body")
    await outside.copy("state", columns, states)
    for rows in inbox.rows(by_kind(writes)):
        if rows is not None:
            await outside.run(rows.statement, *rows.columns)


@pytest.mark.slow
async def test_100_000_overdue_clocks_do_not_keep_a_new_contact_waiting(url: str) -> None:
    count, step = 100_000, 5_000
    async with Outside(url) as outside:
        codec = Codec(DECIDERS)
        for start in range(0, count, step):
            await store(overdue_conversations(range(start, start + step)), outside, codec)
        assert await outside.value("SELECT count(*) FROM state WHERE wake <= now()") == count
        # What loading them has left to write to disk is not what is measured here.
        await outside.run("CHECKPOINT")
        async with engine_on(url, started=True) as rig:
            writers, seconds, behind = rig.engine.writers, [], []
            for number in range(count, count + 30):
                before, written = time.perf_counter(), writers.commands
                answer = await within(rig.submit(contact(number), actor=consumer(number)))
                seconds.append(time.perf_counter() - before)
                behind.append(writers.commands - written)
                assert answer.accepted
            print(f"answered in {max(seconds):.3f} s at most, behind {max(behind)} commands")
            # However slow the machine is: a few batches, not what is overdue.
            assert max(behind) < 2_000
            await outside.until("SELECT count(*) > 2000 FROM journal WHERE actor = 'system'", True)


async def test_a_missed_deadline_is_told_although_the_next_one_runs(url: str) -> None:
    """Nobody is at the platform: its first answer is missed, and missed again."""
    clock = SimulatedClock(datetime(2026, 3, 3, 2, tzinfo=UTC))

    async def late(rig: Rig, outside: Outside) -> tuple[int, int, bool]:
        (row,) = await outside.rows("SELECT desk, skill, status FROM inbox")
        place = inbox.queue_places(PLATFORM, row[1])
        wanted = list(standing.counted(place, group=1))
        found = await standing.standings(
            rig.pool, wanted, now=clock(), soon=clock() + timedelta(days=9)
        )
        page = await inbox.page_of(rig.pool, places=place, status="queued", after=None, limit=9)
        return sum(one.overdue for one in found), sum(one.at_risk for one in found), page[0].late

    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        assert (await rig.submit(register(1))).accepted
        assert (await rig.submit(contact(1), actor=consumer(1))).accepted
        await settle(rig.engine)
        assert await late(rig, outside) == (0, 1, False)
        await play_until(rig.engine, clock, clock() + timedelta(days=3))
        assert await late(rig, outside) == (1, 0, True)
