"""Two states may have one id: of two kinds, or an order that was given to two consumers."""

from datetime import UTC, datetime
from typing import Any

import pytest

from oncedesk.domain.agents.messages import RegisterAgent
from oncedesk.domain.orders.messages import CancelOrder, OrderedPart, PlaceOrder
from oncedesk.domain.parties.messages import UpdateParty
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.ids import bucket_of
from tests.support.engines import Outside, engine_on, party, register

START = datetime(2025, 3, 3, 9, tzinfo=UTC)
ORDER = party(1_000)


def placed(number: int) -> PlaceOrder:
    """The same order, by whichever consumer."""
    return PlaceOrder(
        consumer=party(number),
        order=ORDER,
        market="cn",
        placed_at=START,
        timezone="Asia/Shanghai",
        currency="CNY",
        parts=(OrderedPart(),),
    )


def cancelled(number: int) -> CancelOrder:
    return CancelOrder(consumer=party(number), order=ORDER, at=START)


async def test_what_is_remembered_is_of_the_one_that_was_meant(url: str) -> None:
    assert bucket_of(party(1)) != bucket_of(party(2))
    async with engine_on(url) as rig, Outside(url) as outside:
        for command in (placed(1), placed(2), cancelled(1), cancelled(2)):
            (answer,) = await rig.all([command], actor=MARKETPLACE)
            assert answer.accepted, (command, answer)
        assert rig.engine.writers.races_lost == 0
        assert await outside.column("SELECT version FROM state") == [2, 2]
        await rig.assert_replays()


@pytest.mark.parametrize("numbers", [(1, 2), (2, 1)])
@pytest.mark.parametrize("known", [(), (1,), (1, 2)], ids=["none", "one", "both"])
async def test_two_in_one_batch_are_decided_each_on_its_own(
    url: str, known: tuple[int, ...], numbers: tuple[int, int]
) -> None:
    async with engine_on(url) as rig:
        for number in known:
            await rig.all([placed(number)], actor=MARKETPLACE)
    async with engine_on(url) as rig, Outside(url) as outside:
        commands: list[Any] = [placed(number) for number in numbers]
        commands += [cancelled(number) for number in numbers]
        answers = await rig.all(commands, actor=MARKETPLACE)
        assert all(answer.accepted for answer in answers), answers
        assert await outside.value("SELECT count(*) FROM state") == 2
        await rig.assert_replays()


@pytest.mark.parametrize("asked_first", ["party", "agent"])
async def test_a_party_is_found_though_somebody_asks_for_an_agent_of_its_id(
    url: str, asked_first: str
) -> None:
    update, wrong = UpdateParty(party=party(1), language="en"), RegisterAgent(agent=party(1))
    commands: list[Any] = [update, wrong] if asked_first == "party" else [wrong, update]
    async with engine_on(url) as rig:
        await rig.all([register(1)])
    async with engine_on(url) as rig:
        answers = await rig.all(commands)
        assert {(answer.version, answer.code) for answer in answers} == {(2, ""), (0, "not_found")}
        await rig.assert_replays()
