"""Rule 11: each decision names the packs it was made under; a batch is made under one set."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from oncedesk.domain.rulebook.messages import PublishPack
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.engine.instants import SimulatedClock
from oncedesk.engine.submission import Answer
from oncedesk.rules.loading import load_builtin
from oncedesk.rules.storing import pack_to_bytes, seal
from oncedesk.settings import Settings
from oncedesk.storage.packs import SET, StoredPack
from oncedesk.wiring import Parts, build
from tests.support.engines import ADMIN, Outside, contact, engine_on, within

START = datetime(2025, 3, 3, 2, tzinfo=UTC)
SETTINGS = Settings(home=Path("/nowhere"), batch_max=64)
SETS = "SELECT DISTINCT packs FROM journal WHERE kind = 'conversation'"


@lru_cache(maxsize=1)
def first_pack() -> Pack:
    return load_builtin("cn").pack(date(2025, 3, 3))


def second_pack() -> Pack:
    """The same, but everybody has twice the time."""
    clocks = {
        key: replace(rule, seconds=rule.seconds * 2) for key, rule in first_pack().clocks.items()
    }
    return seal(replace(first_pack(), version="twice", clocks=clocks))


async def publish(parts: Parts, pack: Pack, valid_from: datetime) -> Answer:
    """As an operator does: the pack is stored, known here, and then published."""
    await parts.packs.save([StoredPack(pack.hash, pack.market, pack_to_bytes(pack))])
    parts.library.add([pack])
    return await _published(parts, pack, valid_from)


async def _published(parts: Parts, pack: Pack, valid_from: datetime) -> Answer:
    command = PublishPack(
        market=pack.market,
        pack_hash=pack.hash,
        version=pack.version,
        valid_from=valid_from,
        announced_at=parts.engine.clock(),
        reason="everybody was always late",
    )
    return await _submitted(parts, command, "publish", actor=ADMIN)


async def _submitted(parts: Parts, command: Any, key: str, **more: Any) -> Answer:
    found: Answer = await within(parts.engine.submit(command, principal="tests", key=key, **more))
    return found


async def write(parts: Parts, number: int) -> Answer:
    return await _submitted(parts, contact(number), f"c{number}", actor=MARKETPLACE)


def built(url: str, clock: Callable[[], datetime]) -> Any:
    return build(url, settings=SETTINGS, clock=clock, packs=[first_pack()])


async def assert_replays(parts: Parts) -> None:
    for report in (await (await parts.replay()).check(), await (await parts.replay()).decide()):
        assert report.differences == []


async def test_a_published_pack_holds_from_its_day_in_all_processes(url: str) -> None:
    clock = SimulatedClock(START)
    async with built(url, clock) as one, built(url, clock) as other, Outside(url) as outside:
        assert (await write(one, 1)).accepted
        assert (await publish(one, second_pack(), START + timedelta(days=8))).accepted
        for parts in (one, other):
            await parts.engine.refresh_packs()
        assert (await write(other, 2)).accepted
        clock.jump(START + timedelta(days=8))
        for number, parts in ((3, one), (4, other)):
            assert (await write(parts, number)).accepted
        named = dict(
            await outside.rows(
                "SELECT stream, packs FROM journal WHERE kind = 'conversation' AND version = 1"
            )
        )
        under = [named[contact(number).target().id] for number in (1, 2, 3, 4)]
        assert under[0] == under[1] != under[2] == under[3]
        holding = {
            name: msgspec.json.decode(body)
            for name, body in await outside.rows(
                "SELECT hash, body FROM pack WHERE market = $1", SET
            )
        }
        assert holding[under[0]] == {"cn": first_pack().hash}
        assert holding[under[2]] == {"cn": second_pack().hash}
        # What was opened under the first keeps to it; the replay needs both.
        for parts in (one, other):
            await assert_replays(parts)
    async with built(url, clock) as later:
        await assert_replays(later)


async def test_a_batch_is_decided_under_one_set(url: str) -> None:
    """The clock runs on with every look at it, and passes the day in the middle of the work."""
    clock = SimulatedClock(START)
    async with built(url, clock) as parts, Outside(url) as outside:
        day = START + timedelta(days=8)
        assert (await publish(parts, second_pack(), day)).accepted
        await parts.engine.refresh_packs()
        clock.jump(day - timedelta(seconds=9))
    looks = 0

    def running() -> datetime:
        nonlocal looks
        looks += 1
        return clock() + timedelta(seconds=looks)

    async with built(url, running) as parts, Outside(url) as outside:
        looks = 0
        for number in range(600):
            parts.engine.submit(
                contact(number), principal="tests", key=f"{number}", actor=MARKETPLACE
            ).add_done_callback(lambda future: future.result())
        await within(parts.engine.writers.drained())
        assert len(await outside.column(SETS)) == 2
        assert (
            await outside.value("SELECT count(*) FROM journal WHERE kind = 'conversation'") == 600
        )
        mixed = await outside.column(
            "SELECT count(DISTINCT packs) FROM journal WHERE kind = 'conversation' "
            "GROUP BY xmin::text"
        )
        assert len(mixed) >= 10
        assert set(mixed) == {1}
        await assert_replays(parts)


async def test_two_processes_that_start_at_once_publish_the_first_packs_once(url: str) -> None:
    clock = SimulatedClock(START)
    async with built(url, clock) as one, built(url, clock) as other, Outside(url) as outside:
        assert one.library.at(START).holding == other.library.at(START).holding
        assert await outside.value("SELECT count(*) FROM state WHERE kind = 'rulebook'") == 1
        assert await outside.value("SELECT count(*) FROM journal WHERE kind = 'rulebook'") == 1
        await assert_replays(one)


async def test_a_process_that_has_not_seen_a_pack_yet_looks_for_it(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = SimulatedClock(START)
    abroad = seal(replace(first_pack(), market="xx", version="abroad"))
    async with built(url, clock) as one, built(url, clock) as other, Outside(url) as outside:
        assert (await publish(one, abroad, START)).accepted
        await one.engine.refresh_packs()
        for number, parts in enumerate((one, other)):
            said = contact(1, market="xx")
            assert (await _submitted(parts, said, f"{number}", actor=MARKETPLACE)).accepted
        assert await outside.value("SELECT count(*) FROM parked") == 0
        await assert_replays(other)
        # Where looking again finds nothing, it is put aside as before.
        async with engine_on(url, clock=clock) as blind:
            answer = await blind.submit(said, key="blind", actor=MARKETPLACE)
            assert answer.code == "parked"
        (parked,) = await outside.column("SELECT id FROM parked")
        assert str(parked) in "".join(capsys.readouterr())


async def test_an_unknown_pack_changes_nothing(url: str) -> None:
    async with built(url, SimulatedClock(START)) as parts, Outside(url) as outside:
        before = await outside.rows("SELECT * FROM journal")
        command = PublishPack(
            market="cn",
            pack_hash="0" * 32,
            version="x",
            valid_from=START + timedelta(days=30),
            announced_at=START,
            reason="no such pack",
        )
        answer = await _submitted(parts, command, "k", actor=ADMIN)
        assert answer.code == "pack_unknown"
        assert await outside.rows("SELECT * FROM journal") == before
        assert (await write(parts, 1)).accepted


REMEMBER = """
CREATE TEMP TABLE state_before AS SELECT * FROM state WHERE kind = 'rulebook';
CREATE TEMP TABLE journal_before AS SELECT * FROM journal WHERE kind = 'rulebook';
CREATE TEMP TABLE pack_before AS SELECT * FROM pack
"""
FAIL_OVER = """
DELETE FROM state WHERE kind = 'rulebook';
DELETE FROM journal WHERE kind = 'rulebook';
DELETE FROM pack;
INSERT INTO state SELECT * FROM state_before;
INSERT INTO journal SELECT * FROM journal_before;
INSERT INTO pack SELECT * FROM pack_before
"""


async def test_a_pack_that_a_failover_lost_is_stored_when_it_is_published_again(url: str) -> None:
    """The process that had published it was not started again, and knows it."""
    clock, day = SimulatedClock(START), START + timedelta(days=8)
    pack = second_pack()
    async with built(url, clock) as one, Outside(url) as outside:
        await outside.run(REMEMBER)
        assert (await publish(one, pack, day)).accepted
        await one.engine.refresh_packs()
        await outside.run(FAIL_OVER)
        await one.engine.refresh_packs()
        assert (await publish(one, pack, day)).accepted
        await one.engine.refresh_packs()
        clock.jump(day)
        assert (await write(one, 1)).accepted
        async with built(url, clock) as other:
            assert other.library.at(clock()).holding == {"cn": pack.hash}
            await assert_replays(other)


async def test_a_pack_that_was_lost_before_it_was_published_is_stored_by_who_knows_it(
    url: str,
) -> None:
    """A command is tried again on the new primary by itself; what was stored before it is not."""
    clock, day = SimulatedClock(START), START + timedelta(days=8)
    pack = second_pack()
    async with built(url, clock) as one, Outside(url) as outside:
        await one.keep([pack])
        await outside.run("DELETE FROM pack WHERE hash = $1", pack.hash)
        assert (await _published(one, pack, day)).accepted
        await one.engine.refresh_packs()
        async with built(url, clock) as other:
            assert pack.hash in other.library.at(clock()).packs
            await assert_replays(other)
