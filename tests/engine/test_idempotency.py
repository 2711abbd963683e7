"""Rule 4: a command has its effect once, however often and wherever it comes in."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from oncedesk.domain import parties
from oncedesk.domain.parties.messages import HoldPlaced, PartyKind, PlaceHold, UpdateParty
from oncedesk.domain.shared.decider import SYSTEM, Facts
from oncedesk.engine.entry import BadInput
from oncedesk.engine.submission import Answer, Status
from oncedesk.storage.embedded.statements import ask
from tests.support.engines import Outside, engine_on, party, register, with_parties, within
from tests.support.lines import Cut, line_to

LOCK_WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
JOURNAL = "SELECT count(*) FROM journal"
CUT_OFF = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE application_name = 'oncedesk' AND state = 'idle in transaction'
"""
HOLD = PlaceHold(party=party(1), reason="case-7")
OTHER = PlaceHold(party=party(1), reason="case-8")


def without_duplicate(answer: Answer) -> tuple[Any, ...]:
    return answer.status, answer.version, answer.events, answer.at


async def test_the_same_again_gets_the_first_answer(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await rig.all([register(1)])
        first = await within(rig.submit(HOLD, key="k"))
        await rig.all([OTHER])
        again = await within(rig.submit(HOLD, key="k"))
        assert (first.version, first.duplicate, again.duplicate) == (2, False, True)
        assert without_duplicate(first) == without_duplicate(again)
        assert await outside.value(JOURNAL) == 3
        assert await outside.value("SELECT version FROM state") == 3


async def test_the_key_with_another_body_is_refused(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await rig.all([register(1)])
        await within(rig.submit(HOLD, key="k"))
        answer = await within(rig.submit(OTHER, key="k"))
        assert (answer.status, answer.code) == (Status.REFUSED, "idempotency_key_reused")
        assert await outside.value(JOURNAL) == 2
        assert await outside.value("SELECT version FROM state") == 2


async def test_duplicates_in_one_batch_share_one_effect(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        futures = [
            rig.submit(register(1)),
            rig.submit(HOLD, key="k"),
            rig.submit(HOLD, key="k"),
            rig.submit(OTHER, key="k"),
            rig.submit(HOLD, key="k"),
        ]
        _, first, second, other, third = await within(asyncio.gather(*futures))
        assert [one.duplicate for one in (first, second, third)] == [False, True, True]
        assert {without_duplicate(one) for one in (first, second, third)} == {
            (Status.ACCEPTED, 2, first.events, first.at)
        }
        assert (other.status, other.code) == (Status.REFUSED, "idempotency_key_reused")
        assert await outside.value(JOURNAL) == 2
        assert await outside.value("SELECT count(DISTINCT xmin::text) FROM journal") == 1


async def test_a_refused_first_does_not_answer_for_an_accepted_second(url: str) -> None:
    async with engine_on(url) as rig:
        futures = [
            rig.submit(HOLD, key="k"),
            rig.submit(register(1)),
            rig.submit(HOLD, key="k"),
        ]
        refused, _, accepted = await within(asyncio.gather(*futures))
        assert (refused.status, refused.code) == (Status.REFUSED, "party_unknown")
        assert (accepted.status, accepted.version) == (Status.ACCEPTED, 2)


async def test_a_duplicate_of_what_is_in_flight_waits_for_its_answer(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside, Outside(url) as watching:
        await rig.all([register(1)])
        async with outside.holding(party(1)):
            first = rig.submit(HOLD, key="k")
            await watching.until(LOCK_WAITS, 1)
            second, other = rig.submit(HOLD, key="k"), rig.submit(OTHER, key="k")
        answers = await within(asyncio.gather(first, second))
        assert [answer.duplicate for answer in answers] == [False, True]
        assert (await within(other)).code == "idempotency_key_reused"
        assert await outside.value(JOURNAL) == 2


async def test_the_same_object_sent_twice_is_answered_twice(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await rig.all([register(1)])
        made = rig.engine.entry.submission(HOLD, principal="tests", key="k", actor=SYSTEM)
        answers = await within(asyncio.gather(rig.engine.send(made), rig.engine.send(made)))
        assert [answer.version for answer in answers] == [2, 2]
        assert await outside.value(JOURNAL) == 2


async def test_two_processes_at_once_have_one_effect(url: str) -> None:
    async with engine_on(url) as one, engine_on(url) as other, Outside(url) as outside:
        numbers = range(100)
        await one.all([register(number) for number in numbers])
        taps = [
            rig.submit(PlaceHold(party=party(number), reason="tap"), key="tap")
            for number in numbers
            for rig in (one, other, one, other)
        ]
        answers = await within(asyncio.gather(*taps))
        assert {answer.version for answer in answers} == {2}
        assert Counter(answer.duplicate for answer in answers) == {False: 100, True: 300}
        assert await outside.value(JOURNAL) == 200
        await one.assert_replays()


async def test_a_key_counts_for_one_principal_and_one_state(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await rig.all([register(1), register(2)])
        assert (await within(rig.submit(HOLD, key="k", principal="ann"))).version == 2
        assert (await within(rig.submit(OTHER, key="k", principal="bob"))).version == 3
        elsewhere = PlaceHold(party=party(2), reason="case-9")
        assert (await within(rig.submit(elsewhere, key="k", principal="ann"))).version == 2
        assert await outside.value(JOURNAL) == 5


async def test_a_refusal_is_not_remembered(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        refused = await within(rig.submit(HOLD, key="k"))
        assert (refused.status, refused.code, refused.version) == (
            Status.REFUSED,
            "party_unknown",
            0,
        )
        assert await outside.value("SELECT count(*) FROM state") == 0
        await rig.all([register(1)])
        accepted = await within(rig.submit(HOLD, key="k"))
        assert (accepted.status, accepted.duplicate) == (Status.ACCEPTED, False)


async def test_a_session_killed_before_its_commit_is_decided_again(url: str) -> None:
    killed: list[Any] = []

    def point(name: str) -> None:
        if name == "before_commit" and len(killed) == 1:
            ask(dsn=url, statement=CUT_OFF)
        if name == "before_commit":
            killed.append(name)

    async with engine_on(url, named_point=point) as rig, Outside(url) as outside:
        await rig.all([register(1)])
        answer = await within(rig.submit(HOLD, key="k"))
        assert (answer.version, answer.duplicate) == (2, False)
        assert len(killed) == 3
        assert await outside.value(JOURNAL) == 2
        assert await outside.value("SELECT version FROM state") == 2
        await rig.assert_replays()


@pytest.mark.parametrize(("cut", "duplicate"), [(Cut.BEFORE, False), (Cut.AFTER, True)])
async def test_a_line_cut_around_the_commit_has_one_effect(
    url: str, cut: Cut, duplicate: bool
) -> None:
    decided: list[str] = []

    def decide(state: Any, command: Any, facts: Facts) -> Any:
        decided.append(type(command).__name__)
        return parties.DECIDER.decide(state, command, facts)

    deciders = with_parties(decide=decide)
    async with (
        line_to(url) as line,
        engine_on(url, database_url=line.url, deciders=deciders) as rig,
        Outside(url) as outside,
    ):
        await rig.all([register(1)])
        line.cuts = [cut]
        same = [rig.submit(HOLD, key="k"), rig.submit(UpdateParty(party=party(1), language="de"))]
        answers = await within(asyncio.gather(*same))
        assert [answer.version for answer in answers] == [2, 3]
        assert [answer.duplicate for answer in answers] == [duplicate] * 2
        assert answers[0].events[0].reason == "case-7"
        # What is in the journal is looked up and not decided a second time.
        assert len(decided) == (3 if duplicate else 5)
        assert await outside.value(JOURNAL) == 3
        await rig.assert_replays()


@pytest.mark.parametrize("cut", list(Cut))
async def test_a_new_state_whose_commit_was_not_answered_is_made_once(url: str, cut: Cut) -> None:
    async with (
        line_to(url) as line,
        engine_on(url, database_url=line.url) as rig,
        Outside(url) as outside,
    ):
        line.cuts = [cut]
        answer = await within(rig.submit(register(1)))
        assert (answer.version, len(answer.events)) == (1, 1)
        assert await outside.rows("SELECT version FROM journal") == [(1,)]


async def test_a_command_of_the_systems_own_survives_a_cut_line_once(url: str) -> None:
    """Such a command says something new each time it is decided, so a second time would show."""

    def decide(state: Any, command: Any, facts: Facts) -> Any:
        if isinstance(command, PlaceHold):
            reason = f"{command.reason}.{len(state.holds)}"
            return [HoldPlaced(party=command.party, at=facts.now, reason=reason)]
        return parties.DECIDER.decide(state, command, facts)

    async with (
        line_to(url) as line,
        engine_on(url, database_url=line.url, deciders=with_parties(decide=decide)) as rig,
        Outside(url) as outside,
    ):
        await rig.all([register(1)])
        line.cuts = [Cut.AFTER]
        own = rig.engine.entry.system(HOLD, actor=SYSTEM, number="1")
        answer = await within(rig.engine.send(own))
        assert [event.reason for event in answer.events] == ["case-7.0"]
        assert await outside.value(JOURNAL) == 2


async def test_a_text_under_another_ones_seal_is_not_taken(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        sealed = rig.engine.entry.seal("Wang Li, 13800000000")
        named = register(1, kind=PartyKind.CONSUMER, digest=sealed.digest, length=sealed.length)
        await within(rig.submit(named, key="k", text="Wang Li, 13800000000"))
        with pytest.raises(BadInput, match="seal_differs"):
            await rig.submit(named, key="k", text="another text under the same seal")
        assert await outside.column("SELECT body FROM person") == ["Wang Li, 13800000000"]


def test_names_of_commands_do_not_run_into_each_other(url: str) -> None:
    """Two principals and keys that read the same when written one after the other."""

    async def ids() -> set[Any]:
        async with engine_on(url) as rig:
            submission: Callable[..., Any] = rig.engine.entry.submission
            return {
                submission(HOLD, principal=principal, key=key, actor=SYSTEM).id
                for principal, key in (("a", "bc"), ("ab", "c"), ("a b", "c"), ("a", "b c"))
            }

    assert len(asyncio.run(ids())) == 4
