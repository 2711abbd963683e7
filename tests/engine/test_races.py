"""Two taps at once, in two processes, at a thousand places: each consumer has one case."""

import asyncio
import random
from datetime import date
from pathlib import Path

import pytest

from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.refs import Kind
from oncedesk.rules.loading import load_builtin
from oncedesk.settings import Settings
from oncedesk.wiring import build
from tests.support.consistency import states_of
from tests.support.engines import Outside, Rig, consumer, contact, engine_on, within
from tests.support.fleets import fleet_on

TWICE = "SELECT command_id FROM journal GROUP BY command_id HAVING count(*) > 1"


async def assert_one_case_each(
    outside: Outside, rig: Rig, *, consumers: int, contacts: int
) -> None:
    cases = [
        (found.consumer, case.number, case.contacts)
        for found in await states_of(outside, rig.codec, Kind.CONVERSATION)
        for case in found.cases
    ]
    assert len({who for who, *_ in cases}) == len(cases) == consumers
    assert {number for _, number, _ in cases} == {1}
    assert await outside.value("SELECT count(*) FROM inbox") == consumers
    statement = "SELECT count(*) FROM journal WHERE kind = 'conversation'"
    assert await outside.value(statement) == contacts
    assert await outside.value("SELECT count(*) FROM message") == contacts
    assert await outside.rows(TWICE) == []
    await rig.assert_replays()


@pytest.mark.parametrize("same_key", [True, False])
async def test_two_taps_in_two_processes_make_one_case(url: str, same_key: bool) -> None:
    """Under one key they are one contact; under two keys the second joins the first one's case."""
    taps = 200
    async with engine_on(url) as one, engine_on(url) as other, Outside(url) as outside:
        futures = [
            rig.submit(
                contact(n), actor=MARKETPLACE, key="tap" if same_key else f"tap {rig is one}"
            )
            for n in range(taps)
            for rig in (one, other)
        ]
        answers = await within(asyncio.gather(*futures))
        assert all(answer.accepted for answer in answers)
        assert sum(answer.duplicate for answer in answers) == (taps if same_key else 0)
        contacts = taps if same_key else 2 * taps
        await assert_one_case_each(outside, one, consumers=taps, contacts=contacts)


async def test_three_taps_at_one_place_in_a_row_of_processes(url: str) -> None:
    """The same place, again and again, by processes that know nothing of each other."""
    async with engine_on(url) as rig, Outside(url) as outside:
        for step in range(10):
            async with engine_on(url) as one, engine_on(url) as other:
                futures = [
                    each.submit(contact(1), actor=MARKETPLACE, key=f"tap {step}")
                    for each in (rig, one, other)
                ]
                answers = await within(asyncio.gather(*futures))
                assert sorted(answer.duplicate for answer in answers) == [False, True, True]
                assert {answer.version for answer in answers} == {step + 1}
        await assert_one_case_each(outside, rig, consumers=1, contacts=10)


@pytest.mark.slow
async def test_1_000_double_taps_in_two_processes_make_1_000_cases(url: str) -> None:
    taps = 1_000
    pack = load_builtin("cn").pack(date(2025, 3, 3))
    async with build(url, settings=Settings(home=Path("/nowhere")), packs=[pack]):
        pass
    dice = random.Random(1)
    async with fleet_on(url, count=2, dice=dice) as fleet:
        for number in range(taps):
            fleet.ask(contact(number), key="tap", actor=consumer(number), everywhere=True)
        await within(fleet.until(lambda: not any(one.waiting for one in fleet.workers)), 60)
        await fleet.end()
        told = [entry.told for entry in fleet.log]
        assert {(one.status, one.version) for one in told if one} == {("accepted", 1)}
        assert None not in told
        assert all(entry.times_asked == 2 for entry in fleet.log)
    async with (
        build(url, settings=Settings(home=Path("/nowhere"))) as parts,
        Outside(url) as outside,
    ):
        cases = [
            case
            for found in await states_of(outside, parts.codec, Kind.CONVERSATION)
            for case in found.cases
        ]
        assert [(case.number, case.contacts) for case in cases] == [(1, 1)] * taps
        statement = "SELECT count(*) FROM journal WHERE kind = 'conversation' AND version = 1"
        assert await outside.value(statement) == taps
        assert await outside.rows(TWICE) == []
        replay = await parts.replay()
        for report in (await replay.check(), await replay.decide()):
            assert report.differences == []
