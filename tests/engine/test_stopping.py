"""Whoever asked gets an answer: when clients go, when the database goes, when the engine stops."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from oncedesk.domain import parties
from oncedesk.domain.parties.messages import PlaceHold, UpdateParty
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.refs import Ref
from oncedesk.engine import submitting
from oncedesk.engine.ports import Writes
from oncedesk.engine.submission import Answer, Origin, Status, Submission
from oncedesk.engine.submitting import EngineStopped, Writers
from oncedesk.settings import Settings
from oncedesk.storage import database
from oncedesk.wiring import build
from tests.support.engines import (
    Outside,
    Rig,
    consumer,
    contact,
    engine_on,
    eventually,
    party,
    register,
    with_parties,
    within,
)
from tests.support.lines import Cut, line_to

START = datetime(2025, 3, 3, 9, tzinfo=UTC)
LOCK_WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
CUT_OFF_ONE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE application_name = 'oncedesk' ORDER BY random() LIMIT 1
"""
JOURNAL = "SELECT count(*) FROM journal"
GOODBYE = "X\0\0\0\x04"
"""What the driver sends before it closes a connection."""


def assert_idle(writers: Writers) -> None:
    """Nothing waits, nothing is in flight, nobody is owed an answer."""
    assert writers.open == 0
    assert (writers.clock_ids, writers.ahead) == (set(), 0)
    queues = writers._queues
    assert (writers._waiters, queues._blocked, queues._in_flight) == ({}, {}, set())
    assert not queues._clocks


def commits_of(rig: Rig) -> list[Writes]:
    """What this process tries to commit from now on."""
    tried: list[Writes] = []
    commit = rig.store.commit

    async def noted(writes: Writes) -> set[UUID]:
        tried.append(writes)
        return await commit(writes)

    rig.store.commit = noted  # type: ignore[method-assign]
    return tried


async def test_a_client_that_goes_away_changes_nothing(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside, Outside(url) as watching:
        await rig.all([register(1)])
        async with outside.holding(party(1)):
            in_flight = rig.submit(PlaceHold(party=party(1), reason="a"), key="a")
            await watching.until(LOCK_WAITS, 1)
            waiting = rig.submit(PlaceHold(party=party(1), reason="b"), key="b")
            stays = rig.submit(PlaceHold(party=party(1), reason="c"), key="c")
            in_flight.cancel()
            waiting.cancel()
        assert (await within(stays)).version == 4
        assert_idle(rig.engine.writers)
        again = await within(rig.submit(PlaceHold(party=party(1), reason="b"), key="b"))
        assert (again.version, again.duplicate) == (3, True)


async def test_a_duplicate_is_answered_though_the_first_client_has_gone(url: str) -> None:
    async with engine_on(url) as rig:
        first, second = rig.submit(register(1), key="k"), rig.submit(register(1), key="k")
        first.cancel()
        assert (await within(second)).version == 1
        assert_idle(rig.engine.writers)


async def test_stopping_answers_all_that_had_arrived(url: str) -> None:
    async with engine_on(url, batch_max=32) as rig, Outside(url) as outside:
        waiting = [rig.submit(register(number)) for number in range(300)]
        await within(rig.engine.stop())
        assert all(future.done() and future.result().accepted for future in waiting)
        assert await outside.value(JOURNAL) == 300
        with pytest.raises(EngineStopped):
            await rig.submit(register(301))
        await within(rig.engine.stop())
        assert_idle(rig.engine.writers)


@pytest.mark.parametrize("how", ["stop", "give_up"])
async def test_once_nothing_is_written_any_more_whoever_asks_is_told_so(url: str, how: str) -> None:
    """Also who asks in the system's name, as an agent does for the next case."""
    async with engine_on(url) as rig:
        await within(getattr(rig.engine.writers, how)())
        asked = rig.engine.entry.system(register(1), actor=SYSTEM, number="next/k")
        for submission in (asked, replace(asked, origin=Origin.CLIENT)):
            with pytest.raises(EngineStopped):
                await within(rig.engine.send(submission))
        assert_idle(rig.engine.writers)


async def test_while_the_database_is_away_commands_wait_and_then_are_done_once(url: str) -> None:
    async with (
        line_to(url) as line,
        engine_on(url, database_url=line.url) as rig,
        Outside(url) as outside,
    ):
        await rig.all([register(number) for number in range(10)])
        line.down()
        holds = [PlaceHold(party=party(number), reason="one") for number in range(10)]
        with capture_logs() as logs:
            waiting = [rig.submit(hold) for hold in holds]
            more = asyncio.ensure_future(rig.all([register(number) for number in range(10, 20)]))
            await eventually(
                lambda: sum(one["event"] == "database_lost" for one in logs) > 3,
                "it was tried in vain",
            )
        assert not any(future.done() for future in waiting)
        assert not more.done()
        await line.up()
        answers: list[Answer] = await within(asyncio.gather(*waiting))
        assert {(answer.version, answer.duplicate) for answer in answers} == {(2, False)}
        assert all(answer.accepted for answer in await within(more))
        assert await outside.value(JOURNAL) == 30
        assert_idle(rig.engine.writers)
        await rig.assert_replays()


async def test_stopping_while_the_database_is_away_ends_and_tells_who_waits(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submitting, "STOP_SECONDS_MAX", 0.2)
    async with line_to(url) as line, Outside(url) as outside:
        async with engine_on(url, database_url=line.url, started=True) as rig:
            await rig.all([register(1)])
            line.down()
            one = rig.submit(PlaceHold(party=party(1), reason="a"), key="a")
            other = rig.submit(PlaceHold(party=party(1), reason="b"), key="b")
            await within(rig.engine.stop())
            for future in (one, other):
                with pytest.raises(EngineStopped):
                    await within(future)
        assert await outside.value(JOURNAL) == 1
        # The same key elsewhere, and it is done.
        async with engine_on(url) as rig:
            answer = await within(rig.submit(PlaceHold(party=party(1), reason="a"), key="a"))
            assert (answer.version, answer.duplicate) == (2, False)


async def test_stopping_after_a_long_time_without_the_database_ends_too(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often a batch was tried, it is still one task."""
    monkeypatch.setattr(submitting, "STOP_SECONDS_MAX", 0.2)
    monkeypatch.setattr(submitting, "RECONNECT_SECONDS_MAX", 0.0)
    async with line_to(url) as line, engine_on(url, database_url=line.url, batch_max=8) as rig:
        await rig.all([register(number) for number in range(4)])
        tried = 0
        load = rig.store.load

        async def noted(refs: Sequence[Ref]) -> Any:
            nonlocal tried
            tried += 1
            return await load(refs)

        rig.store.load = noted  # type: ignore[method-assign]
        line.down()
        holds = [PlaceHold(party=party(number), reason="a") for number in range(4)]
        waiting = [rig.submit(hold) for hold in holds]
        tasks = len(asyncio.all_tasks())
        await eventually(lambda: tried > 2_000, "it was tried often")
        assert len(asyncio.all_tasks()) <= tasks
        await within(rig.engine.stop())
        for future in waiting:
            with pytest.raises(EngineStopped):
                await within(future)


async def test_stopping_does_not_wait_for_a_database_that_fell_silent(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "CLOSE_SECONDS_MAX", 0.2)
    async with line_to(url) as line:
        parts = build(line.url, settings=Settings(home=Path("/nowhere")))
        await parts.__aenter__()
        line.hold_before(GOODBYE)
        try:
            await within(parts.__aexit__(None, None, None))
        finally:
            line.go_on.set()
        assert line.reached.is_set()


async def test_a_standstill_by_a_lock_ends_in_the_transactions_own_time(url: str) -> None:
    """After three seconds PostgreSQL ends such a transaction; its commands are no poison."""
    async with engine_on(url) as rig, Outside(url) as outside:
        await rig.all([register(1)])
        await rig.pool.execute("SELECT 1")
        tried = commits_of(rig)
        async with outside.holding(party(1)):
            waiting = rig.submit(PlaceHold(party=party(1), reason="a"))
            async with Outside(url) as watching:
                await watching.until(LOCK_WAITS, 1)
                # What PostgreSQL does by itself after these seconds, without the waiting.
                first = await watching.column(
                    "SELECT pg_cancel_backend(pid) FROM pg_stat_activity "
                    "WHERE wait_event_type = 'Lock'"
                )
                assert first == [True]
                await eventually(lambda: len(tried) > 1, "it was tried again")
                await watching.until(LOCK_WAITS, 1)
            assert not waiting.done()
        assert (await within(waiting)).version == 2
        assert await outside.value("SELECT count(*) FROM parked") == 0


@pytest.mark.parametrize("owner", ["role", "session"])
async def test_a_statement_that_is_ended_early_holds_up_nobody_else(
    url: str, monkeypatch: pytest.MonkeyPatch, owner: str
) -> None:
    """Of a limit that the role has, the engine's sessions know nothing; others may cancel, too."""
    monkeypatch.setitem(database._SESSION, "lock_timeout", "600ms")
    async with Outside(url) as outside, Outside(url) as other:
        limits = f"ALTER DATABASE {await other.value('SELECT quote_ident(current_database())')}"
        if owner == "session":
            monkeypatch.setitem(database._SESSION, "statement_timeout", "300ms")
        else:
            await other.run(f"{limits} SET statement_timeout = '300ms'")
        try:
            async with engine_on(url) as rig:
                await rig.all([register(number) for number in range(4)])
                async with outside.holding(party(3)):
                    holds = [PlaceHold(party=party(number), reason="a") for number in range(4)]
                    *others, held = [rig.submit(hold) for hold in holds]
                    answers = await within(asyncio.gather(*others))
                    assert {answer.version for answer in answers} == {2}
                    assert not held.done()
                assert (await within(held)).version == 2
        finally:
            await other.run(f"{limits} RESET statement_timeout")


async def test_who_waits_for_a_locked_state_is_never_at_fault(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(database._SESSION, "lock_timeout", "50ms")
    monkeypatch.setattr(submitting, "SLOW_ROUNDS_MAX", 1)
    monkeypatch.setattr(submitting, "RECONNECT_SECONDS_MAX", 0.0)
    async with engine_on(url) as rig, Outside(url) as outside:
        await rig.all([register(1)])
        tried = commits_of(rig)
        async with outside.holding(party(1)):
            waiting = rig.submit(PlaceHold(party=party(1), reason="a"))
            await eventually(lambda: len(tried) > 3, "it was tried again and again")
        assert (await within(waiting)).version == 2
        assert await outside.value("SELECT count(*) FROM parked") == 0
        assert await outside.value(JOURNAL) == 2


async def test_without_the_right_to_write_commands_wait_as_without_the_database(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submitting, "RECONNECT_SECONDS_MAX", 0.0)
    async with engine_on(url) as rig, Outside(url) as outside:
        await outside.run(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE insufficient_privilege;
            END $$;
            CREATE TRIGGER refused BEFORE INSERT ON state EXECUTE FUNCTION refuse();
            """
        )
        try:
            tried = commits_of(rig)
            waiting = rig.submit(register(1))
            await eventually(lambda: len(tried) > 3, "it was tried again and again")
        finally:
            await outside.run("DROP FUNCTION refuse CASCADE")
        assert (await within(waiting)).version == 1
        assert await outside.value("SELECT count(*) FROM parked") == 0


async def test_a_failing_half_takes_no_answer_from_the_other(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(database._SESSION, "lock_timeout", "300ms")
    monkeypatch.setattr(submitting, "RECONNECT_SECONDS_MAX", 0.0)
    ended: list[Sequence[Submission]] = []

    def decide(state: Any, command: Any, facts: Any) -> Any:
        if isinstance(command, UpdateParty):
            raise RuntimeError("bug")
        return parties.DECIDER.decide(state, command, facts)

    async with (
        engine_on(url, deciders=with_parties(decide=decide)) as failing,
        Outside(url) as outside,
        Outside(url) as watching,
    ):
        await failing.all([register(1), register(2)])
        process, commit = failing.engine.writers._process, failing.store.commit
        free = asyncio.Event()

        async def noted(
            part: Sequence[Submission], pending: Sequence[Submission], **how: bool
        ) -> None:
            try:
                await process(part, pending, **how)
            finally:
                ended.append(pending)

        async def held(writes: Writes) -> set[UUID]:
            if [one.ref.id for one in writes.states] == [party(2)] and not writes.parked:
                await free.wait()
            return await commit(writes)

        failing.engine.writers._process = noted  # type: ignore[method-assign]
        failing.store.commit = held  # type: ignore[method-assign]
        # Nothing can be parked, so the half with the bug fails its writer.
        await watching.run("ALTER TABLE parked RENAME TO hidden")
        try:
            async with outside.holding(party(2)):
                bug = failing.submit(UpdateParty(party=party(1), language="en"))
                fine = failing.submit(PlaceHold(party=party(2), reason="a"))
                await eventually(lambda: ended, "the batch was halved, and one half has failed")
            assert not any(future.done() for future in (bug, fine))
            free.set()
            assert (await within(fine)).version == 2
            with pytest.raises(EngineStopped, match="DataRejected"):
                await within(bug)
        finally:
            await watching.run("ALTER TABLE hidden RENAME TO parked")


async def test_everything_at_once_leaves_nothing_open(url: str) -> None:
    """Two processes, cut lines, killed sessions, duplicates, clients that go, poison commands."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    dice = random.Random(seed)

    def spoiled(state: Any, command: Any, facts: Any) -> Any:
        if isinstance(command, UpdateParty) and command.language == "poison":
            raise RuntimeError("bug")
        return parties.DECIDER.decide(state, command, facts)

    def cut() -> Cut | None:
        chosen: Cut | None = dice.choice((*Cut, *[None] * 8))
        return chosen

    deciders = with_parties(decide=spoiled)
    async with (
        line_to(url) as first,
        line_to(url) as second,
        engine_on(url, database_url=first.url, batch_max=16, deciders=deciders) as one,
        engine_on(url, database_url=second.url, batch_max=16, deciders=deciders) as other,
        Outside(url) as outside,
    ):
        await one.all([register(number) for number in range(20)])
        for line in (first, second):
            line.cut_at_random = cut
        asked: list[tuple[str, bool, asyncio.Future[Answer]]] = []
        for step in range(300):
            poison = dice.random() < 0.05
            command: Any = UpdateParty(
                party=party(dice.randrange(20)), language="poison" if poison else f"l-{step}"
            )
            for _ in range(dice.choice((1, 1, 2, 3))):
                rig: Rig = dice.choice((one, other))
                asked.append((f"k{step}", poison, rig.submit(command, key=f"k{step}")))
            if dice.random() < 0.1:
                asked[dice.randrange(len(asked))][2].cancel()
            if dice.random() < 0.05:
                await outside.run(CUT_OFF_ONE)
            if dice.random() < 0.1:
                answer = contact(step)
                asked.append((f"c{step}", False, rig.submit(answer, actor=consumer(step))))
            if dice.random() < 0.3:
                await eventually(lambda: any(one.done() for *_, one in asked[-9:]), "one is done")
        await within(asyncio.wait([future for *_, future in asked]), 60)
        for line in (first, second):
            line.cut_at_random = lambda: None
        accepted: Counter[str] = Counter()
        for key, poison, future in asked:
            if future.cancelled():
                continue
            answer_ = future.result()
            assert answer_.status is (Status.PARKED if poison else Status.ACCEPTED), answer_
            if not poison:
                accepted[key] += not answer_.duplicate
        assert max(accepted.values()) == 1
        await within(asyncio.gather(*(rig.engine.writers.drained() for rig in (one, other))))
        for rig in (one, other):
            assert_idle(rig.engine.writers)
        keys = {key for key, poison, _ in asked if not poison}
        assert await outside.value(JOURNAL) == 20 + len(keys)
        assert await outside.value("SELECT count(DISTINCT command_id) FROM journal") == 20 + len(
            keys
        )
        await one.assert_replays()
