"""Rule 5: what cannot be decided or stored is parked for an operator; the rest goes on."""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from oncedesk.domain import agents, parties
from oncedesk.domain.agents.messages import PlanShift, RegisterAgent
from oncedesk.domain.parties.messages import HoldPlaced, PlaceHold, UpdateParty
from oncedesk.domain.shared.decider import SYSTEM, Facts
from oncedesk.domain.shared.refs import Ref, party_ref
from oncedesk.engine import submitting
from oncedesk.engine.deciding import REACTION_DEPTH_MAX, Consequences
from oncedesk.engine.entry import BadInput
from oncedesk.engine.instants import SimulatedClock, settle
from oncedesk.engine.leaving import Happened, Leaving
from oncedesk.engine.ports import StateMoved, Writes
from oncedesk.engine.submission import Answer, Status
from oncedesk.storage import database
from oncedesk.storage.parking import PostgresParking
from oncedesk.wiring import DECIDERS
from tests.support.engines import (
    CONSEQUENCES,
    Outside,
    engine_on,
    party,
    register,
    with_parties,
    within,
)

START = datetime(2025, 3, 3, 9, tzinfo=UTC)
POISON = "poison"
TRANSACTIONS = "SELECT count(DISTINCT xmin::text) FROM journal"


class Spoiled(RuntimeError):
    """The bug that these tests put into a decider."""


def spoils(function: Callable[..., Any], error: str = "bug") -> Callable[..., Any]:
    """The same function, but it raises wherever the poison comes along."""

    def spoiled(*arguments: Any) -> Any:
        if POISON in repr(arguments[:2]):
            raise Spoiled(error)
        return function(*arguments)

    return spoiled


def holds(count: int, *, poison: int) -> list[PlaceHold]:
    """As many commands to as many parties; one of them is poison."""
    return [
        PlaceHold(party=party(number), reason=POISON if number == poison else "fine")
        for number in range(count)
    ]


def outgoing_with(topic: str) -> Consequences:
    """Whatever mentions the poison sends something out that cannot be stored."""

    def messages(happened: Happened) -> Sequence[Leaving]:
        return [Leaving(topic, b"") for event in happened.events if POISON in repr(event)]

    return Consequences(commands=CONSEQUENCES.commands, outgoing=messages)


def without_clock(state: Any) -> bool:
    return POISON in repr(state)


async def test_nul_is_refused_at_the_border(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        bad: list[tuple[Any, dict[str, Any]]] = [
            (UpdateParty(party=party(1), language="a\x00b"), {}),
            (UpdateParty(party=party(1)), {"text": "a\x00b"}),
            (PlaceHold(party=party(1), reason="\x00"), {}),
        ]
        for command, more in bad:
            with pytest.raises(BadInput) as refused:
                await rig.submit(command, **more)
            assert refused.value.code == "text_invalid"
        # In bytes it is as good as any other.
        assert (await within(rig.submit(register(1, digest=b"\x00" * 16)))).accepted
        assert await outside.value("SELECT count(*) FROM journal") == 1


async def test_what_is_always_too_slow_is_parked_and_its_writer_goes_on(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with engine_on(url, writers=1) as rig, Outside(url) as outside:
        await rig.all([register(1), register(2)])
        monkeypatch.setitem(database._SESSION, "transaction_timeout", "1s")
        monkeypatch.setattr(submitting, "SLOW_ROUNDS_MAX", 2)
        await rig.pool.expire_connections()
        await outside.run(
            f"""
            CREATE FUNCTION take_long() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM pg_sleep(60);
                RETURN NEW;
            END $$;
            CREATE TRIGGER long BEFORE UPDATE ON state
                FOR EACH ROW WHEN (NEW.id = '{party(1)}') EXECUTE FUNCTION take_long();
            """
        )
        try:
            slow, fine = await rig.all(holds(3, poison=0)[1:])
        finally:
            await outside.run("DROP FUNCTION take_long CASCADE")
        assert (slow.status, slow.detail, fine.version) == (Status.PARKED, "TooSlow", 2)
        ((target, reason),) = await outside.rows("SELECT target, error FROM parked")
        assert (target, reason.partition(":")[0]) == (party(1), "TooSlow")
        assert "transaction timeout" in reason
        assert (await within(rig.submit(holds(2, poison=0)[1]))).version == 2


@pytest.mark.parametrize("where", ["decide", "evolve", "check", "needs"])
async def test_a_bug_parks_its_command_and_spares_the_other_999(url: str, where: str) -> None:
    broken = with_parties(**{where: spoils(getattr(parties.DECIDER, where))})
    async with engine_on(url, batch_max=1_024) as rig:
        await rig.all([register(number) for number in range(1_000)])
    async with (
        engine_on(url, batch_max=1_024, deciders=broken) as rig,
        Outside(url) as outside,
    ):
        answers = await rig.all(holds(1_000, poison=500), key="k")
        parked = answers.pop(500)
        assert {(answer.status, answer.version) for answer in answers} == {(Status.ACCEPTED, 2)}
        assert (parked.status, parked.code, parked.detail) == (Status.PARKED, "parked", "Spoiled")
        assert await outside.value(TRANSACTIONS) == 2
        (row,) = await outside.rows(
            "SELECT target, kind, actor, origin, error, attempts FROM parked"
        )
        assert row == (party(500), "party", "system", "client", "Spoiled: bug", 1)
        again = await within(rig.submit(holds(501, poison=500)[500], key="k"))
        assert again.status is Status.PARKED
        assert await outside.column("SELECT attempts FROM parked") == [2]
        assert await outside.value("SELECT version FROM state WHERE id = $1", party(500)) == 1
    # Once the bug is gone, the same command with the same key does what it should have done.
    async with engine_on(url) as rig:
        answer = await within(rig.submit(holds(501, poison=500)[500], key="k"))
        assert (answer.version, answer.duplicate) == (2, False)
        await rig.assert_replays()


async def test_an_open_state_without_a_clock_is_parked_and_spares_the_rest(url: str) -> None:
    broken = with_parties(is_open=without_clock)
    async with engine_on(url, deciders=broken) as rig, Outside(url) as outside:
        answers = await rig.all([register(number) for number in range(5)])
        answers = await rig.all(holds(5, poison=2))
        assert [answer.accepted for answer in answers] == [True, True, False, True, True]
        assert await outside.column("SELECT error FROM parked") == [
            "AssertionError: an open state has no clock"
        ]
        assert await outside.value("SELECT version FROM state WHERE id = $1", party(2)) == 1


async def test_the_same_poison_twice_in_a_batch_is_parked_once_and_alone(url: str) -> None:
    broken = with_parties(decide=spoils(parties.DECIDER.decide))
    async with engine_on(url, deciders=broken) as rig, Outside(url) as outside:
        await rig.all([register(number) for number in range(10)])
        commands = holds(10, poison=3)
        futures = [rig.submit(command, key="k") for command in [*commands, commands[3]]]
        answers = await within(asyncio.gather(*futures))
        assert [answer.status is Status.PARKED for answer in answers] == [
            number in (3, 10) for number in range(11)
        ]
        assert await outside.value(TRANSACTIONS) == 2
        assert await outside.value("SELECT count(*) FROM parked") == 1


@pytest.mark.parametrize(
    ("topic", "error"),
    [
        ("nul \x00", "DataRejected: CharacterNotInRepertoireError"),
        ("half \ud800 a pair", "DataRejected: DataError: invalid input for query argument"),
    ],
)
async def test_what_postgresql_refuses_is_found_and_parked_alone(
    url: str, topic: str, error: str
) -> None:
    async with (
        engine_on(url, batch_max=1_024, consequences=outgoing_with(topic)) as rig,
        Outside(url) as outside,
    ):
        await rig.all([register(number) for number in range(1_000)])
        answers = await rig.all(holds(1_000, poison=700))
        parked = answers.pop(700)
        assert (parked.status, parked.detail) == (Status.PARKED, "DataRejected")
        assert {(answer.status, answer.version) for answer in answers} == {(Status.ACCEPTED, 2)}
        # Halves of halves: ten good ones, and the thousand before.
        assert await outside.value(TRANSACTIONS) == 11
        (found,) = await outside.column("SELECT error FROM parked")
        assert found.startswith(error)
        assert await outside.value("SELECT count(*) FROM journal") == 1_999
        await rig.assert_replays()


async def test_an_error_that_quotes_the_unstorable_is_parked_all_the_same(url: str) -> None:
    broken = with_parties(decide=spoils(parties.DECIDER.decide, "half \ud800, nul \x00"))
    async with engine_on(url, deciders=broken) as rig, Outside(url) as outside:
        await rig.all([register(number) for number in range(5)])
        answers = await rig.all(holds(5, poison=1))
        assert [answer.accepted for answer in answers] == [True, False, True, True, True]
        assert await outside.column("SELECT error FROM parked") == ["Spoiled: half \\ud800, nul "]
        assert await outside.value(TRANSACTIONS) == 2


@pytest.mark.parametrize("body", [b"", b"\xc1", b"\xa3\xff\xff\xff", b"\x80", b"\x92\x01"])
async def test_a_state_whose_bytes_are_unreadable_parks_its_commands(url: str, body: bytes) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await rig.all([register(number) for number in range(3)])
        await outside.run("UPDATE state SET body = $1, version = 7 WHERE id = $2", body, party(1))
        commands = [
            PlaceHold(party=party(0), reason="one"),
            PlaceHold(party=party(1), reason="one"),
            register(1),
            PlaceHold(party=party(2), reason="one"),
        ]
        answers = await rig.all(commands)
        assert [answer.accepted for answer in answers] == [True, False, False, True]
        assert {answer.detail for answer in answers[1:3]} == {"BytesUnreadable"}
        assert await outside.value("SELECT count(*) FROM parked") == 2
        row = await outside.rows("SELECT version, body FROM state WHERE id = $1", party(1))
        assert row == [(7, body)]


async def test_spoiled_bytes_never_end_a_writer(url: str) -> None:
    """Whatever single byte of a state is wrong, its commands get an answer."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    async with engine_on(url) as rig, Outside(url) as outside:
        await rig.all([register(number, language="zh") for number in range(100)])
        for id_, body in await outside.rows("SELECT id, body FROM state"):
            spoiled = bytearray(body)
            spoiled[dice.randrange(len(spoiled))] = dice.randrange(256)
            await outside.run(
                "UPDATE state SET body = $2, version = 9 WHERE id = $1", id_, bytes(spoiled)
            )
        answers = await rig.all(holds(100, poison=-1))
        assert len(answers) == 100
        parked = sum(answer.status is Status.PARKED for answer in answers)
        assert await outside.value("SELECT count(*) FROM parked") == parked > 0


def agent(number: int) -> UUID:
    return party(1_000 + number)


async def test_a_failing_clock_comes_again_with_growing_pauses(url: str) -> None:
    clock = SimulatedClock(START)
    broken = tuple(
        replace(decider, decide=spoils(decider.decide)) if decider is agents.DECIDER else decider
        for decider in DECIDERS
    )
    shift = PlanShift(
        agent=agent(1), starts_at=START + timedelta(hours=1), ends_at=START + timedelta(hours=9)
    )
    async with engine_on(url, clock=clock) as rig:
        await rig.all([RegisterAgent(agent=agent(1), digest=POISON.encode(), length=6), shift])
    async with engine_on(url, clock=clock, deciders=broken) as rig, Outside(url) as outside:
        pauses = []
        for _ in range(8):
            wake = await outside.value("SELECT wake FROM state")
            clock.jump(wake)
            await settle(rig.engine)
            pauses.append(await outside.value("SELECT wake FROM state") - wake)
        assert pauses == [timedelta(minutes=m) for m in (2, 4, 8, 16, 32, 60, 60, 60)]
        (row,) = await outside.rows("SELECT target, origin, error, attempts FROM parked")
        assert row == (agent(1), "clock", "Spoiled: bug", 8)
        assert await outside.value("SELECT version FROM state") == 2
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        clock.jump(await outside.value("SELECT wake FROM state"))
        await settle(rig.engine)
        assert await outside.value("SELECT version FROM state") == 3


async def test_a_clock_has_failed_once_however_often_its_batch_is_decided_again(url: str) -> None:
    clock = SimulatedClock(START)
    broken = tuple(
        replace(decider, decide=spoils(decider.decide)) if decider is agents.DECIDER else decider
        for decider in DECIDERS
    )
    shift = PlanShift(
        agent=agent(1), starts_at=START + timedelta(hours=1), ends_at=START + timedelta(hours=9)
    )
    async with engine_on(url, clock=clock) as rig:
        await rig.all([RegisterAgent(agent=agent(1), digest=POISON.encode(), length=6), shift])
    async with engine_on(url, clock=clock, deciders=broken) as rig, Outside(url) as outside:
        commit, tries = rig.store.commit, 0

        async def moved(writes: Writes) -> set[UUID]:
            nonlocal tries
            tries += 1
            if tries <= 3:
                raise StateMoved("somebody else was faster")
            return await commit(writes)

        rig.store.commit = moved  # type: ignore[method-assign]
        wake = await outside.value("SELECT wake FROM state")
        clock.jump(wake)
        await settle(rig.engine)
        assert tries == 4
        assert await outside.value("SELECT wake FROM state") - wake == timedelta(minutes=2)
        # And what failed long ago, and was well since, begins anew.
        clock.jump(clock() + timedelta(hours=4))
        await settle(rig.engine)
        assert await outside.value("SELECT wake FROM state") - clock() == timedelta(minutes=2)


async def test_a_clock_that_does_nothing_and_stays_due_does_not_spin(url: str) -> None:
    clock = SimulatedClock(START)
    idle = tuple(
        replace(decider, decide=lambda *_: [], evolve=decider.evolve)
        if decider is agents.DECIDER
        else decider
        for decider in DECIDERS
    )
    async with engine_on(url, clock=clock) as rig:
        shift = PlanShift(agent=agent(1), starts_at=START, ends_at=START + timedelta(hours=9))
        register_agent = RegisterAgent(agent=agent(1))
        await rig.all([register_agent, replace_start(shift, START + timedelta(hours=1))])
    async with engine_on(url, clock=clock, deciders=idle) as rig, Outside(url) as outside:
        clock.jump(START + timedelta(hours=1))
        await within(settle(rig.engine))
        assert await outside.value("SELECT wake FROM state") > clock()
        (error,) = await outside.column("SELECT error FROM parked")
        assert error == "AssertionError: woken, did nothing, and is still due"


def replace_start(shift: PlanShift, starts_at: datetime) -> PlanShift:
    return PlanShift(agent=shift.agent, starts_at=starts_at, ends_at=shift.ends_at)


async def test_needs_that_never_end_are_parked(url: str) -> None:
    def ever_more(state: Any, command: Any, found: Any) -> Sequence[Ref]:
        if POISON not in repr(command):
            return ()
        return [party_ref(party(number)) for number in range(10_000, 10_001 + len(found))][:60]

    broken = with_parties(needs=ever_more)
    async with engine_on(url, deciders=broken) as rig, Outside(url) as outside:
        await rig.all([register(number) for number in range(4)])
        answers = await rig.all(holds(4, poison=2))
        assert [answer.accepted for answer in answers] == [True, True, False, True]
        (error,) = await outside.column("SELECT error FROM parked")
        assert error.startswith("NeedsUnsettled")


async def test_more_facts_than_allowed_are_parked(url: str) -> None:
    def many(state: Any, command: Any, found: Any) -> Sequence[Ref]:
        count = 65 if POISON in repr(command) else 64
        return [party_ref(party(number)) for number in range(10_000, 10_000 + count)]

    async with engine_on(url, deciders=with_parties(needs=many)) as rig, Outside(url) as outside:
        await rig.all([register(number) for number in range(3)])
        answers = await rig.all(holds(3, poison=1))
        assert [answer.accepted for answer in answers] == [True, False, True]
        assert await outside.column("SELECT error FROM parked") == ["TooManyFacts: PlaceHold: 65"]


async def test_a_state_that_outgrew_its_bound_is_parked_and_not_stored(url: str) -> None:
    def decide(state: Any, command: Any, facts: Facts) -> Any:
        if isinstance(command, PlaceHold):
            reason = command.reason * (9_000 if command.reason == POISON else 1)
            return [HoldPlaced(party=command.party, at=facts.now, reason=reason)]
        return parties.DECIDER.decide(state, command, facts)

    async with engine_on(url, deciders=with_parties(decide=decide)) as rig, Outside(url) as outside:
        await rig.all([register(number) for number in range(3)])
        answers = await rig.all(holds(3, poison=1))
        assert [answer.accepted for answer in answers] == [True, False, True]
        assert answers[1].detail == "StateTooLarge"
        assert await outside.value("SELECT max(length(body)) FROM state") < 8_000
        assert await outside.value("SELECT version FROM state WHERE id = $1", party(1)) == 1


async def test_reactions_without_end_are_parked_at_their_depth(url: str) -> None:
    def on_and_on(event: Any, source: Ref, state: Any) -> Sequence[Any]:
        if isinstance(event, HoldPlaced):
            step = int(event.reason) + 1
            return (PlaceHold(party=party(step % 3), reason=str(step)),)
        return ()

    consequences = Consequences(commands=on_and_on, outgoing=CONSEQUENCES.outgoing)
    async with engine_on(url, consequences=consequences) as rig, Outside(url) as outside:
        await rig.all([register(number) for number in range(3)])
        first: Answer = await within(rig.submit(PlaceHold(party=party(0), reason="0")))
        assert first.accepted
        await within(rig.engine.writers.drained())
        # The client's and those of depth 1 to 15; the last of them would have asked for one more.
        placed = await outside.value("SELECT count(*) FROM journal WHERE version > 1")
        assert placed == REACTION_DEPTH_MAX
        (row,) = await outside.rows(
            "SELECT depth, reason FROM reaction WHERE parked_at IS NOT NULL"
        )
        assert row == (REACTION_DEPTH_MAX, "ReactionsTooDeep: PlaceHold")
        assert await outside.value("SELECT count(*) FROM reaction") == 1


async def test_what_is_tried_again_expects_the_version_that_its_sender_saw(url: str) -> None:
    broken = with_parties(decide=spoils(parties.DECIDER.decide))
    sent: Any = {"principal": "tests", "key": "k", "actor": SYSTEM, "expected_version": 1}
    async with engine_on(url, deciders=broken) as rig:
        await rig.all([register(1)])
        asked = rig.engine.submit(PlaceHold(party=party(1), reason=POISON), **sent)
        assert (await within(asked)).status is Status.PARKED
    async with engine_on(url) as rig:
        # Meanwhile somebody else has changed what the sender had looked at.
        assert (await within(rig.submit(PlaceHold(party=party(1), reason="other")))).version == 2
        parking = PostgresParking(rig.pool, rig.codec)
        (parked,) = await parking.newest(limit=10)
        submission = await parking.take(parked.id)
        assert submission is not None
        answer = await within(rig.engine.send(submission))
        assert (answer.status, answer.code) == (Status.REFUSED, "stale_version")


async def test_a_bug_in_the_storage_is_told_and_nobody_waits_for_ever(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await rig.all([register(1)])
        await outside.run("ALTER TABLE parked RENAME TO hidden")
        broken = with_parties(decide=spoils(parties.DECIDER.decide))
        try:
            async with engine_on(url, deciders=broken) as failing:
                with pytest.raises(submitting.EngineStopped, match="writer has failed"):
                    await within(failing.submit(PlaceHold(party=party(1), reason=POISON)))
                with pytest.raises(submitting.EngineStopped, match="writer has failed"):
                    await within(failing.submit(register(2)))
        finally:
            await outside.run("ALTER TABLE hidden RENAME TO parked")
