"""Live updates: whoever follows something looks again after each change of it, whoever made it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

import asyncpg
import pytest

from oncedesk.domain.parties.messages import UpdateParty
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.storage.live import Follower, LiveUpdates, lists_mark, state_mark
from oncedesk.storage.views.inbox import PLATFORM_SLOTS
from tests.support.engines import (
    DEADLINE_SECONDS,
    Outside,
    contact,
    engine_on,
    eventually,
    party,
    register,
    within,
)
from tests.support.lines import line_to

NOTIFY_LAST = "SELECT pg_notify('oncedesk', 'the_last_one')"


def change(number: int, turn: int = 0) -> UpdateParty:
    """Something else is known of this party now."""
    return UpdateParty(party=party(number), digest=turn.to_bytes(16, "big"), length=1)


@asynccontextmanager
async def updates_on(url: str) -> AsyncIterator[LiveUpdates]:
    updates = LiveUpdates(url)
    updates.start()
    await within(updates.listening())
    try:
        yield updates
    finally:
        await updates.stop()


async def news(updates: LiveUpdates, follower: Follower, outside: Outside) -> bool:
    """Whether there was news for this one in all that was committed until now: PostgreSQL tells in
    the order of the commits, so nothing before the last one is still under way."""
    with updates.follow(["the_last_one"]) as last:
        await last.wait(seconds_max=0)
        await outside.run(NOTIFY_LAST)
        assert await last.wait(seconds_max=DEADLINE_SECONDS)
    return await follower.wait(seconds_max=0)


async def test_what_another_process_commits_is_there_when_it_is_told(url: str) -> None:
    mark = state_mark(party(1))
    async with engine_on(url) as writing, Outside(url) as outside, updates_on(url) as updates:
        await writing.all([register(1), register(2)])
        with updates.follow([mark]) as follower:
            assert await news(updates, follower, outside), "everybody looks once"
            for number in range(20):
                await within(writing.submit(change(1, number)))
                assert await follower.wait(seconds_max=DEADLINE_SECONDS)
                version = await outside.value("SELECT version FROM state WHERE id = $1", party(1))
                assert version == number + 2
            await within(writing.submit(change(2)))
            assert not await news(updates, follower, outside)


async def test_whoever_begins_to_follow_looks_once(url: str) -> None:
    async with updates_on(url) as updates:
        with updates.follow(["abc"]) as follower:
            assert await follower.wait(seconds_max=0)
            assert not await follower.wait(seconds_max=0)


async def test_a_desks_list_is_followed_by_its_bucket(url: str) -> None:
    """Of the platform's lists, the slot in which this consumer's cases stand."""
    slot = bucket_of(party(1)) % PLATFORM_SLOTS
    beside = next(n for n in count(2) if bucket_of(party(n)) % PLATFORM_SLOTS == slot)
    async with engine_on(url) as rig, Outside(url) as outside, updates_on(url) as updates:
        await rig.all([contact(1)], actor=MARKETPLACE)
        (bucket,) = await outside.column("SELECT bucket FROM inbox")
        elsewhere = lists_mark((bucket + 1) % 4096)
        with updates.follow([lists_mark(bucket)]) as desk, updates.follow([elsewhere]) as other:
            await within(rig.engine.writers.drained())
            for follower in (desk, other):
                assert await news(updates, follower, outside), "everybody looks once"
            await rig.all([contact(beside)], actor=MARKETPLACE)
            assert await desk.wait(seconds_max=DEADLINE_SECONDS)
            assert not await news(updates, other, outside)


async def test_after_a_lost_connection_everybody_looks(url: str) -> None:
    mark = state_mark(party(1))
    async with (
        engine_on(url) as rig,
        Outside(url) as outside,
        line_to(url) as line,
        updates_on(line.url) as updates,
    ):
        await rig.all([register(1)])
        with updates.follow([mark]) as follower:
            assert await news(updates, follower, outside), "everybody looks once"
            line.down()
            # Nobody hears this one.
            await within(rig.submit(change(1, 1)))
            assert not await follower.wait(seconds_max=0)
            await line.up()
            assert await follower.wait(seconds_max=DEADLINE_SECONDS)
            assert not await news(updates, follower, outside)
            await within(rig.submit(change(1, 2)))
            assert await follower.wait(seconds_max=DEADLINE_SECONDS)


async def test_a_batch_too_large_to_be_told_in_marks_tells_everybody(url: str) -> None:
    async with (
        engine_on(url, batch_max=2_000, writers=1) as rig,
        Outside(url) as outside,
        updates_on(url) as updates,
    ):
        with updates.follow(["of nobody"]) as follower:
            assert await news(updates, follower, outside), "everybody looks once"
            await rig.all([register(number) for number in range(2_000)])
            assert await follower.wait(seconds_max=DEADLINE_SECONDS)


async def test_those_who_no_longer_follow_are_forgotten(url: str) -> None:
    async with updates_on(url) as updates:
        for _ in range(3):
            with updates.follow(["a", "b"]):
                pass
        assert updates._followers == {}


async def test_it_begins_before_there_is_a_database_and_ends_without_one() -> None:
    updates = LiveUpdates("postgresql://nobody@127.0.0.1:1/nothing")
    updates.start()
    await asyncio.sleep(0.05)
    await within(updates.stop())


async def test_a_batch_that_is_not_committed_tells_nothing(url: str) -> None:
    """PostgreSQL tells at the commit, and only then."""
    async with updates_on(url) as updates, Outside(url) as outside:
        with updates.follow([state_mark(party(1))]) as follower:
            assert await news(updates, follower, outside), "everybody looks once"
            with pytest.raises(asyncpg.DivisionByZeroError):
                await outside.run(
                    f"DO $$ BEGIN PERFORM pg_notify('oncedesk', '{state_mark(party(1))}'); "
                    "PERFORM 1 / 0; END $$"
                )
            assert not await news(updates, follower, outside)


async def test_of_a_thousand_changes_nobody_misses_the_last(url: str) -> None:
    """Followers come and go while two processes write; each ends with the last version."""
    consumers = 20
    async with engine_on(url) as one, engine_on(url) as other, updates_on(url) as updates:
        await one.all([register(number) for number in range(consumers)])
        seen = dict.fromkeys(range(consumers), 0)

        async def follow(number: int) -> None:
            statement = "SELECT version FROM state WHERE id = $1"
            while seen[number] < 51:
                with updates.follow([state_mark(party(number))]) as follower:
                    for _ in range(3):
                        if seen[number] < 51 and await follower.wait(seconds_max=30):
                            seen[number] = await one.pool.fetchval(statement, party(number))

        following = [asyncio.create_task(follow(number)) for number in range(consumers)]
        for turn in range(25):
            await asyncio.gather(
                *(
                    rig.submit(change(number, 2 * turn + (rig is one)))
                    for number in range(consumers)
                    for rig in (one, other)
                )
            )
        await within(asyncio.gather(*following), 60)
        assert set(seen.values()) == {51}
        await eventually(lambda: not updates._followers, "all have gone")
