"""Rule 1: a batch is what has arrived; two are in flight; a busy state's commands wait in order."""

import asyncio
import random

import pytest

from oncedesk.domain.parties.messages import PlaceHold, UpdateParty
from oncedesk.engine.submission import Answer
from tests.support.engines import Outside, engine_on, party, register, within

LOCK_WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
TRANSACTIONS = "SELECT count(DISTINCT xmin::text) FROM journal"


async def test_what_has_arrived_is_one_transaction(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        answers = await rig.all([register(number) for number in range(200)])
        assert all(answer.accepted for answer in answers)
        assert await outside.value("SELECT count(*) FROM journal") == 200
        assert await outside.value(TRANSACTIONS) == 1


async def test_a_batch_has_its_bound_and_the_next_takes_the_rest(url: str) -> None:
    async with engine_on(url, batch_max=64) as rig, Outside(url) as outside:
        await rig.all([register(number) for number in range(200)])
        sizes = await outside.column("SELECT count(*) FROM journal GROUP BY xmin::text")
        assert sorted(sizes) == [8, 64, 64, 64]


async def test_one_alone_does_not_wait_for_others(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        for number in range(3):
            assert (await within(rig.submit(register(number)))).accepted
        assert await outside.value(TRANSACTIONS) == 3


async def test_rows_are_written_in_the_order_of_their_keys(url: str) -> None:
    numbers = list(range(200))
    random.Random(1).shuffle(numbers)
    async with engine_on(url) as rig, Outside(url) as outside:
        await rig.all([register(number) for number in numbers])
        states = await outside.rows("SELECT bucket, id FROM state ORDER BY ctid")
        assert states == sorted(states)
        holds = [PlaceHold(party=party(number), reason="one") for number in reversed(numbers)]
        await rig.all(holds)
        journal = await outside.rows("SELECT bucket, stream FROM journal ORDER BY ctid")
        assert journal == [*states, *states]


async def test_a_command_whose_state_is_in_flight_waits_and_others_do_not(url: str) -> None:
    busy, free = party(1), party(2)
    async with engine_on(url) as rig, Outside(url) as outside, Outside(url) as watching:
        await rig.all([register(1), register(2)])
        async with outside.holding(busy):
            first = rig.submit(PlaceHold(party=busy, reason="first"))
            await watching.until(LOCK_WAITS, 1)
            second = rig.submit(PlaceHold(party=busy, reason="second"))
            third = rig.submit(PlaceHold(party=busy, reason="third"))
            answers = await rig.all([PlaceHold(party=free, reason=str(n)) for n in range(5)])
            assert [answer.version for answer in answers] == [2, 3, 4, 5, 6]
            # Had it been taken, it would wait for the same lock by now.
            assert await watching.value(LOCK_WAITS) == 1
            assert not any(one.done() for one in (first, second, third))
        answers = await within(asyncio.gather(first, second, third))
        assert [answer.version for answer in answers] == [2, 3, 4]
        assert [answer.events[0].reason for answer in answers] == ["first", "second", "third"]
        # What waited for the first is the next batch, together.
        assert await outside.value(TRANSACTIONS) == 4
        await rig.assert_replays()


async def test_two_batches_are_in_flight_and_not_three(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside, Outside(url) as watching:
        await rig.all([register(number) for number in range(3)])
        async with outside.holding(party(0), party(1)):
            held = [rig.submit(PlaceHold(party=party(0), reason="one"))]
            await watching.until(LOCK_WAITS, 1)
            held.append(rig.submit(PlaceHold(party=party(1), reason="one")))
            await watching.until(LOCK_WAITS, 2)
            third = rig.submit(PlaceHold(party=party(2), reason="one"))
            # Time enough for another process to do as much, and more.
            async with engine_on(url) as other:
                for number in range(100, 110):
                    await other.all([register(number)])
            assert not third.done()
        assert [answer.version for answer in await within(asyncio.gather(*held, third))] == [2] * 3


async def test_a_later_command_sees_what_an_earlier_one_of_its_batch_did(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        holds = [PlaceHold(party=party(1), reason=str(number)) for number in range(10)]
        answers = await rig.all([register(1), *holds])
        assert [answer.version for answer in answers] == list(range(1, 12))
        assert await outside.rows("SELECT version FROM state") == [(11,)]
        assert await outside.column("SELECT version FROM journal ORDER BY ctid") == [*range(1, 12)]
        assert await outside.value(TRANSACTIONS) == 1
        await rig.assert_replays()


async def test_order_is_kept_on_every_state_under_load(url: str) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    async with engine_on(url, batch_max=16) as rig:
        await rig.all([register(number) for number in range(8)])
        answers: dict[int, list[asyncio.Future[Answer]]] = {number: [] for number in range(8)}
        for step in range(400):
            number = dice.randrange(8)
            command = UpdateParty(party=party(number), language=f"l-{step}")
            answers[number].append(rig.submit(command))
            if dice.random() < 0.1:
                await asyncio.wait(answers[number][-1:])
        for futures in answers.values():
            found = await within(asyncio.gather(*futures))
            assert [answer.version for answer in found] == list(range(2, len(found) + 2))
        await rig.assert_replays()


@pytest.mark.slow
async def test_a_state_that_is_locked_for_long_holds_up_nobody_else(url: str) -> None:
    async with engine_on(url, writers=1) as rig, Outside(url) as outside:
        await rig.all([register(number) for number in range(8)])
        holds = [PlaceHold(party=party(number), reason="case-7") for number in range(8)]
        async with outside.holding(party(3)):
            futures = [rig.submit(hold) for hold in holds]
            others = [future for number, future in enumerate(futures) if number != 3]
            answers = await within(asyncio.gather(*others), 60)
            assert {answer.version for answer in answers} == {2}
            assert not futures[3].done()
        assert (await within(futures[3])).version == 2
        await rig.assert_replays()


@pytest.mark.slow
async def test_whoever_shared_a_batch_with_a_locked_state_is_free_at_once(url: str) -> None:
    """And so is the writer: the others' next commands are written while the lock is held."""
    async with engine_on(url, writers=1) as rig, Outside(url) as outside:
        await rig.all([register(number) for number in range(4)])
        async with outside.holding(party(3)):
            locked = rig.submit(PlaceHold(party=party(3), reason="first"))
            others = [rig.submit(PlaceHold(party=party(n), reason="first")) for n in range(3)]
            assert {one.version for one in await within(asyncio.gather(*others), 60)} == {2}
            # Behind the one that waits, in its order.
            behind = rig.submit(PlaceHold(party=party(3), reason="second"))
            again = [PlaceHold(party=party(number), reason="second") for number in range(3)]
            assert {one.version for one in await rig.all(again)} == {3}
            assert (await within(rig.submit(register(9)))).version == 1
            assert not any(future.done() for future in (locked, behind))
        found = await within(asyncio.gather(locked, behind))
        assert [one.version for one in found] == [2, 3]
        await rig.assert_replays()


@pytest.mark.slow
async def test_as_many_locked_states_as_writers_stop_nobody(url: str) -> None:
    async with engine_on(url, writers=2) as rig, Outside(url) as one, Outside(url) as two:
        await rig.all([register(number) for number in range(4)])
        async with one.holding(party(0)), two.holding(party(1)):
            locked = []
            for number in (0, 1):
                locked.append(rig.submit(PlaceHold(party=party(number), reason="case-7")))
                # In a batch of its own.
                await asyncio.sleep(0)
            last = rig.submit(PlaceHold(party=party(2), reason="case-7"))
            assert (await within(last, 60)).version == 2
            assert not any(future.done() for future in locked)
        found = await within(asyncio.gather(*locked))
        assert {one.version for one in found} == {2}
