"""Rule 2: of two writers on one state one wins; winners continue and only losers decide again."""

import asyncio
import random
from collections import Counter
from typing import Any
from uuid import UUID

import msgspec

from oncedesk.domain import parties
from oncedesk.domain.parties.messages import (
    ManageCreator,
    PartyKind,
    PlaceHold,
    RegisterParty,
    UpdateParty,
)
from oncedesk.domain.shared.decider import Facts
from oncedesk.engine.ports import FactSeen
from tests.support.engines import (
    Outside,
    engine_on,
    party,
    register,
    with_parties,
    within,
)
from tests.support.given import START

LOCK_WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
CONNECTED = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'oncedesk'"
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


async def test_only_the_loser_is_decided_again(url: str) -> None:
    decided: Counter[UUID] = Counter()

    def decide(state: Any, command: Any, facts: Facts) -> Any:
        decided[command.target().id] += 1
        return parties.DECIDER.decide(state, command, facts)

    async with (
        engine_on(url) as one,
        engine_on(url, deciders=with_parties(decide=decide)) as other,
        Outside(url) as outside,
        Outside(url) as watching,
    ):
        await one.all([register(number) for number in range(10)])
        async with outside.holding(party(3)):
            first = one.submit(PlaceHold(party=party(3), reason="first"))
            await watching.until(LOCK_WAITS, 1)
            holds = [PlaceHold(party=party(number), reason="second") for number in range(10)]
            second = asyncio.gather(*(other.submit(hold) for hold in holds))
            await watching.until(LOCK_WAITS, 2)
        assert (await within(first)).version == 2
        answers = await within(second)
        assert [answer.version for answer in answers] == [2, 2, 2, 3, 2, 2, 2, 2, 2, 2]
        assert decided == {party(number): 2 if number == 3 else 1 for number in range(10)}
        assert other.engine.writers.races_lost == 1
        assert await watching.value("SELECT count(*) FROM journal") == 21
        reasons = await watching.column(
            "SELECT count(DISTINCT xmin::text) FROM journal WHERE version > 1"
        )
        # The first's, the nine winners', the loser's.
        assert reasons == [3]
        await one.assert_replays()


async def test_the_loser_goes_first_among_those_who_wait(url: str) -> None:
    """A transaction of its own would cost it as much as the whole batch."""
    holds = {n: PlaceHold(party=party(n), reason="again") for n in (1, 2, 3)}
    async with (
        engine_on(url) as one,
        engine_on(url, batch_max=2, writers=1) as other,
        Outside(url) as outside,
    ):
        await other.all([register(number) for number in holds])
        # The other does not know of it: what it remembers is out of date.
        await within(one.submit(PlaceHold(party=party(1), reason="first")))
        answers = await other.all([holds[1], holds[2], holds[3]])
        assert [answer.version for answer in answers] == [3, 2, 2]
        assert other.engine.writers.races_lost == 1
        rows = await outside.rows(
            "SELECT stream, xmin::text FROM journal WHERE version = 1 + (stream = $1)::int + 1",
            party(1),
        )
        written = dict(rows)
        assert written[party(1)] == written[party(3)] != written[party(2)]
        await one.assert_replays()


async def test_whoever_saw_a_result_that_lost_decides_again_too(url: str) -> None:
    agency, creator = party(1), party(2)
    async with (
        engine_on(url) as one,
        engine_on(url) as other,
        Outside(url) as outside,
        Outside(url) as watching,
    ):
        await one.all([register(1, kind=PartyKind.AGENCY), register(2, kind=PartyKind.CREATOR)])
        async with outside.holding(agency):
            first = one.submit(UpdateParty(party=agency, language="en"))
            await watching.until(LOCK_WAITS, 1)
            second = other.all(
                [
                    UpdateParty(party=agency, language="fr"),
                    ManageCreator(creator=creator, agency=agency, starts_at=START),
                ]
            )
            both = asyncio.ensure_future(second)
            await watching.until(LOCK_WAITS, 2)
        assert (await within(first)).version == 2
        assert [answer.version for answer in await within(both)] == [3, 2]
        seen = await watching.value(
            "SELECT facts FROM journal WHERE stream = $1 AND version = 2", creator
        )
        (fact,) = msgspec.msgpack.decode(seen, type=tuple[FactSeen, ...])
        assert (fact.ref.id, fact.version) == (agency, 3)
        await one.assert_replays()


async def test_two_processes_on_hot_states_lose_nothing_and_never_deadlock(url: str) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    states, rounds = 60, 12
    async with Outside(url) as outside:
        deadlocks = await outside.value(DEADLOCKS)
        async with engine_on(url) as one, engine_on(url) as other:
            await one.all([register(number) for number in range(states)])
            expected: Counter[UUID] = Counter()
            for step in range(rounds):
                waiting = []
                for rig in (one, other):
                    numbers = dice.sample(range(states), states)
                    for number in numbers:
                        expected[party(number)] += 1
                        command = UpdateParty(
                            party=party(number), language=f"{step}-{rig is one}-{number}"
                        )
                        waiting.append(rig.submit(command))
                answers = await within(asyncio.gather(*waiting))
                assert all(answer.accepted and not answer.duplicate for answer in answers)
            lost = one.engine.writers.races_lost + other.engine.writers.races_lost
            assert lost > 0, "they never met"
            found = dict(await outside.rows("SELECT id, version FROM state"))
            assert found == {id_: count + 1 for id_, count in expected.items()}
            assert await outside.value("SELECT count(*) FROM journal") == (2 * rounds + 1) * states
            doubled = (
                "SELECT count(*) FROM "
                "(SELECT FROM journal GROUP BY command_id HAVING count(*) > 1) d"
            )
            assert await outside.value(doubled) == 0
            await one.assert_replays()
        # Sessions hand in their figures at the latest when they end.
        await outside.until(CONNECTED, 0)
        assert await outside.value(DEADLOCKS) == deadlocks


async def test_a_state_kept_from_before_a_lost_race_is_not_believed(url: str) -> None:
    async with engine_on(url) as one, engine_on(url) as other:
        await one.all([register(1)])
        for step in range(1, 6):
            for rig in (one, other):
                answer = await within(
                    rig.submit(PlaceHold(party=party(1), reason=f"{step}{rig is one}"))
                )
                assert len(answer.events) == 1
        assert answer.version == 11
        # Both know by now that there are ten; the eleventh comes on top of what the other wrote.
        again = await within(one.submit(PlaceHold(party=party(1), reason="5False")))
        assert (again.version, again.events) == (12, ())
        await one.assert_replays()


async def test_two_processes_make_one_state_of_the_same_new_party(url: str) -> None:
    async with engine_on(url) as one, engine_on(url) as other, Outside(url) as outside:
        for round_ in range(5):
            numbers = range(round_ * 40, round_ * 40 + 40)
            same = [
                RegisterParty(party=party(n), kind=PartyKind.CONSUMER, market="cn") for n in numbers
            ]
            mine, theirs = await asyncio.gather(one.all(same), other.all(same[::-1]))
            for answer, twin in zip(mine, theirs[::-1], strict=True):
                # One registered, the other found that there was nothing left to do.
                assert sorted((answer.version, twin.version)) == [1, 2]
                assert sorted((len(answer.events), len(twin.events))) == [0, 1]
        assert await outside.value("SELECT count(*) FROM state") == 200
        await one.assert_replays()
