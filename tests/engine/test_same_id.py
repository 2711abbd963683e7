"""Two states may have one id: of two kinds, or an order that was given to two consumers."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from oncedesk.domain.agents.messages import RegisterAgent
from oncedesk.domain.conversations.subjects import Subject, SubjectKind
from oncedesk.domain.orders.messages import CancelOrder, OrderedPart, PlaceOrder
from oncedesk.domain.parties.messages import ManageCreator, PartyKind, UpdateParty
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.refs import agent_ref, order_ref, party_ref
from oncedesk.engine.ports import FactSeen
from tests.support.engines import Outside, contact, engine_on, party, register, with_parties

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


@pytest.mark.parametrize("asked_first", ["party", "agent"])
async def test_a_party_is_seen_as_it_is_though_somebody_asks_for_an_agent_of_its_id(
    url: str, asked_first: str
) -> None:
    agency, creator = party(1), party(2)
    manage = ManageCreator(creator=creator, agency=agency, starts_at=START)
    commands: list[Any] = [manage, RegisterAgent(agent=agency)]
    if asked_first == "agent":
        commands.reverse()
    async with engine_on(url) as rig:
        await rig.all([register(1, kind=PartyKind.AGENCY), register(2, kind=PartyKind.CREATOR)])
        answers = await rig.all(commands)
        assert {(answer.version, answer.code) for answer in answers} == {(2, ""), (0, "not_found")}
        await rig.assert_replays()


@pytest.mark.parametrize("known", [1, 2])
async def test_each_consumer_is_heard_about_the_order_that_is_theirs(url: str, known: int) -> None:
    """Of one conversation the order is looked up with the state, of the other after it."""
    about = Subject(SubjectKind.ORDER, ORDER, 1)
    async with engine_on(url) as rig, Outside(url) as outside:
        await rig.all([placed(1), placed(2)], actor=MARKETPLACE)
        heard = contact(known, subject=about, issue="refund")
        assert all(one.accepted for one in await rig.all([heard], actor=MARKETPLACE))
        told = [contact(number, subject=about, issue="refund", fresh=True) for number in (1, 2)]
        assert all(one.accepted for one in await rig.all(told, actor=MARKETPLACE))
        facts = await outside.column("SELECT facts FROM journal WHERE kind = 'conversation'")
        seen = [
            (fact.ref, fact.version)
            for one in facts
            for fact in msgspec.msgpack.decode(one, type=tuple[FactSeen, ...])
            if fact.ref.id == ORDER
        ]
        expected = [order_ref(consumer=party(n), order=ORDER) for n in (known, 1, 2)]
        assert Counter(seen) == Counter((ref, 1) for ref in expected)
        await rig.assert_replays()


async def test_who_names_one_id_as_two_things_finds_one_of_them(url: str) -> None:
    def needs(state: Any, command: Any, found: Any) -> Any:
        named = isinstance(command, ManageCreator)
        return [agent_ref(party(1)), party_ref(party(1))] if named else []

    async with engine_on(url, deciders=with_parties(needs=needs)) as rig:
        await rig.all([register(1, kind=PartyKind.AGENCY), register(2, kind=PartyKind.CREATOR)])
        manage = ManageCreator(creator=party(2), agency=party(1), starts_at=START)
        (answer,) = await rig.all([manage])
        assert (answer.version, answer.code) == (2, "")
