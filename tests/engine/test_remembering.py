"""What a process remembers of a state spares reading it, and never decides what is true."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from oncedesk.domain import parties
from oncedesk.domain.parties.messages import ManageCreator, PartyKind, PlaceHold, UpdateParty
from oncedesk.domain.shared.decider import Facts
from oncedesk.domain.shared.refs import Ref, party_ref
from oncedesk.engine.ports import FactSeen
from oncedesk.engine.submission import Answer, Status
from oncedesk.storage import cache
from tests.support.engines import Outside, Rig, engine_on, party, register, with_parties, within
from tests.support.given import START

HOLD = PlaceHold(party=party(1), reason="case-7")
OTHER = PlaceHold(party=party(1), reason="case-8")
THIRD = PlaceHold(party=party(1), reason="case-9")


async def submit(rig: Rig, command: Any, **more: Any) -> Answer:
    answer: Answer = await within(rig.submit(command, **more))
    return answer


def reads(rig: Rig) -> list[Sequence[Ref]]:
    """The refs of every read that the engine makes from now on."""
    seen: list[Sequence[Ref]] = []
    load = rig.store.load

    async def noted(refs: Sequence[Ref]) -> Any:
        seen.append(refs)
        return await load(refs)

    rig.store.load = noted  # type: ignore[method-assign]
    return seen


async def test_a_state_that_this_process_wrote_is_not_read_again(url: str) -> None:
    async with engine_on(url) as rig:
        await submit(rig, register(1))
        seen, before = reads(rig), rig.store.statements
        assert (await submit(rig, HOLD, key="k")).version == 2
        assert seen == []
        # The state, the journal and the word to those who follow; no look-up of the key either.
        assert rig.store.statements - before == 3


async def test_a_key_used_before_is_known_without_a_look(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await submit(rig, register(1))
        await submit(rig, HOLD, key="k")
        again, other = await submit(rig, HOLD, key="k"), await submit(rig, OTHER, key="k")
        assert (again.version, again.duplicate) == (2, True)
        assert other.code == "idempotency_key_reused"
        assert await outside.value("SELECT count(*) FROM journal") == 2


async def test_a_key_used_in_another_process_is_found(url: str) -> None:
    async with engine_on(url) as one, engine_on(url) as other, Outside(url) as outside:
        await submit(one, register(1))
        await submit(other, HOLD, key="k")
        again = await submit(one, HOLD, key="k")
        assert (again.version, again.duplicate) == (2, True)
        assert await outside.value("SELECT count(*) FROM journal") == 2


@pytest.mark.parametrize(("learnt_max", "statements"), [(64, 3), (1, 4)])
async def test_the_keys_of_what_another_process_wrote_are_looked_up_once_unless_they_are_many(
    url: str, monkeypatch: pytest.MonkeyPatch, learnt_max: int, statements: int
) -> None:
    monkeypatch.setattr(cache, "LEARNT_MAX", learnt_max)
    async with engine_on(url) as one, engine_on(url) as other:
        await submit(one, register(1))
        await submit(one, HOLD, key="k")
        assert (await submit(other, OTHER)).version == 3
        before = other.store.statements
        assert (await submit(other, THIRD)).version == 4
        assert other.store.statements - before == statements
        again = await submit(other, HOLD, key="k")
        assert (again.version, again.duplicate) == (2, True)


async def test_what_another_process_wrote_meanwhile_is_built_upon(url: str) -> None:
    async with engine_on(url) as one, engine_on(url) as other:
        await submit(one, register(1))
        await submit(other, HOLD)
        assert (await submit(one, OTHER)).version == 3
        assert one.engine.writers.races_lost == 1
        await one.assert_replays()


async def test_nothing_is_refused_because_of_what_was_long_ago(url: str) -> None:
    english = register(1, language="en")
    async with engine_on(url) as one, engine_on(url) as other:
        await submit(one, register(1))
        assert (await submit(one, english)).code == "party_differs"
        update = UpdateParty(party=party(1), language="en")
        assert (await submit(other, update)).version == 2
        # As `one` remembers the party, its language is still another.
        answer = await submit(one, english)
        assert (answer.status, answer.version) == (Status.ACCEPTED, 3)


async def test_nothing_is_parked_because_of_what_was_long_ago(url: str) -> None:
    def decide(state: Any, command: Any, facts: Facts) -> Any:
        if command == OTHER and not state.holds:
            raise ZeroDivisionError
        return parties.DECIDER.decide(state, command, facts)

    deciders = with_parties(decide=decide)
    async with (
        engine_on(url, deciders=deciders) as one,
        engine_on(url) as other,
        Outside(url) as outside,
    ):
        await submit(one, register(1))
        await submit(other, HOLD)
        assert (await submit(one, OTHER)).version == 3
        assert await outside.value("SELECT count(*) FROM parked") == 0


async def test_what_a_database_that_took_over_does_not_know_is_not_built_upon(url: str) -> None:
    """It comes to the same version in another way."""
    english = register(1, language="en")
    async with engine_on(url) as one, Outside(url) as outside:
        await submit(one, register(1))
        version, at, body = (await outside.rows("SELECT version, at, body FROM state"))[0]
        await submit(one, UpdateParty(party=party(1), language="en"))
        await outside.run("DELETE FROM journal WHERE version > $1", version)
        await outside.run("UPDATE state SET version = $1, at = $2, body = $3", version, at, body)
        async with engine_on(url) as other:
            await submit(other, HOLD)
        # As `one` remembers the party, its language has changed.
        assert (await submit(one, english)).code == "party_differs"
        assert (await submit(one, OTHER)).version == 3
        await one.assert_replays()


async def test_where_others_write_the_same_states_they_are_read_first(url: str) -> None:
    async with engine_on(url) as one, engine_on(url) as other:
        await submit(one, register(1))
        await submit(other, HOLD)
        await submit(one, OTHER)
        seen = reads(one)
        await submit(one, THIRD)
        assert [ref.id for refs in seen for ref in refs] == [party(1)]
        assert one.engine.writers.races_lost == 1


async def test_nothing_is_decided_on_a_fact_of_long_ago(url: str) -> None:
    """Not even on one that is about to be written, and for that reason was not read."""
    agency, creator = party(1), party(2)
    async with engine_on(url) as one, engine_on(url) as other, Outside(url) as outside:
        await one.all([register(1, kind=PartyKind.AGENCY), register(2, kind=PartyKind.CREATOR)])
        assert (await submit(other, UpdateParty(party=agency, language="en"))).version == 2
        manage = ManageCreator(creator=creator, agency=agency, starts_at=START)
        answers = await one.all([manage, UpdateParty(party=agency, language="fr")])
        assert [answer.version for answer in answers] == [2, 3]
        seen = await outside.value(
            "SELECT facts FROM journal WHERE stream = $1 AND version = 2", creator
        )
        (fact,) = msgspec.msgpack.decode(seen, type=tuple[FactSeen, ...])
        assert (fact.ref.id, fact.version) == (agency, 2)
        await one.assert_replays()


async def test_nothing_is_decided_on_a_fact_of_long_ago_whose_own_command_has_to_wait(
    url: str,
) -> None:
    """It was not read, as it was about to be written, and then it was not."""
    agency, creator, held, more = party(1), party(2), party(3), party(4)

    def needs(state: Any, command: Any, found: Any) -> Any:
        if not isinstance(command, UpdateParty):
            return parties.DECIDER.needs(state, command, found)
        # What else it wants to see shows only once its batch has written the first.
        seen = found.get(held)
        return [party_ref(held), *([party_ref(more)] if seen and seen.holds else [])]

    async with (
        engine_on(url, deciders=with_parties(needs=needs)) as one,
        engine_on(url) as other,
        Outside(url) as outside,
    ):
        known = [register(1, kind=PartyKind.AGENCY), register(2, kind=PartyKind.CREATOR)]
        await one.all([*known, register(3), register(4)])
        assert (await submit(other, UpdateParty(party=agency, language="en"))).version == 2
        answers = await one.all(
            [
                PlaceHold(party=held, reason="case-7"),
                UpdateParty(party=agency, language="fr"),
                ManageCreator(creator=creator, agency=agency, starts_at=START),
            ]
        )
        assert [answer.version for answer in answers] == [2, 3, 2]
        seen = await outside.value(
            "SELECT facts FROM journal WHERE stream = $1 AND version = 2", creator
        )
        (fact,) = msgspec.msgpack.decode(seen, type=tuple[FactSeen, ...])
        assert (fact.ref.id, fact.version) == (agency, 2)
        await one.assert_replays()
