"""Rule 6 where the target is at hand: its effect comes in the transaction of what asked for it."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest

from oncedesk.domain import parties
from oncedesk.domain.parties.messages import HoldPlaced, PlaceHold
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.refs import Ref
from oncedesk.engine.deciding import Consequences
from oncedesk.engine.leaving import Happened, Leaving
from oncedesk.storage.embedded.statements import ask
from tests.support.engines import (
    CONSEQUENCES,
    Outside,
    Rig,
    engine_on,
    party,
    register,
    with_parties,
    within,
)
from tests.support.lines import Cut, line_to

ROWS = "SELECT count(*) FROM reaction"
HOLDS = "SELECT count(*) FROM journal WHERE stream = '{}' AND version > 1"
SOURCE, TARGET, BEHIND = party(1), party(2), party(3)
ASKED = {SOURCE: TARGET, TARGET: BEHIND}
"""A hold on the one asks for a hold on the other."""


def asks(event: Any, source: Ref, state: Any) -> Sequence[Any]:
    if isinstance(event, HoldPlaced) and source.id in ASKED:
        return (PlaceHold(party=ASKED[source.id], reason=f"{event.reason}-on"),)
    return ()


ASKING = Consequences(commands=asks, outgoing=CONSEQUENCES.outgoing)


class Killed(BaseException):
    """The process ends here."""


def dies(name: str) -> None:
    if name == "after_commit":
        raise Killed


def hold(reason: str, *, on: Any = SOURCE) -> PlaceHold:
    return PlaceHold(party=on, reason=reason)


async def know_all(rig: Rig) -> None:
    """The process has seen all three."""
    await rig.all([register(1), register(2), register(3)])


async def holds(outside: Outside, rig: Rig, on: Any) -> list[str]:
    """What was placed there, in the order in which it happened."""
    rows = await outside.rows(
        "SELECT events FROM journal WHERE stream = $1 AND version > 1 ORDER BY version", on
    )
    kind = register(2).target().kind
    return [event.reason for (body,) in rows for event in rig.codec.events(kind, body)]


async def test_what_is_asked_of_a_state_at_hand_is_done_at_once_and_never_a_row(url: str) -> None:
    seen: list[tuple[int, ...]] = []

    def look(name: str) -> None:
        counts = ", ".join(f"({HOLDS.format(id_)})" for id_ in (SOURCE, TARGET, BEHIND))
        found = ask(dsn=url, statement=f"SELECT {counts}, ({ROWS})")
        seen.append(tuple(map(int, found.split("|"))))

    async with engine_on(url, consequences=ASKING, named_point=look) as rig:
        await know_all(rig)
        seen.clear()
        answer = await within(rig.submit(hold("x")))
        assert answer.version == 2
        assert seen == [(0, 0, 0, 0)] * 3 + [(1, 1, 1, 0)]
        await rig.assert_replays()


async def test_what_this_process_has_not_seen_is_read_and_done_at_once(url: str) -> None:
    rows: list[str] = []

    def look(name: str) -> None:
        rows.append(ask(dsn=url, statement=ROWS))

    async with engine_on(url) as other:
        await know_all(other)
    async with (
        engine_on(url, consequences=ASKING, named_point=look) as rig,
        Outside(url) as outside,
    ):
        assert (await within(rig.submit(hold("x")))).version == 2
        assert set(rows) == {"0"}
        assert await holds(outside, rig, TARGET) == ["x-on"]
        assert await holds(outside, rig, BEHIND) == ["x-on-on"]
        await rig.assert_replays()


async def test_what_waits_for_others_is_not_read(url: str) -> None:
    """Nor by a plan that was made while nothing waited, and is kept for a while."""
    columns = ("bucket", "target", "source", "version", "number", "id", "kind", "depth", "command")
    async with Outside(url) as outside:
        await outside.run("VACUUM ANALYZE reaction")
        before = await outside.rows_read("reaction")
        async with engine_on(url, consequences=ASKING) as rig:
            await know_all(rig)
            await within(rig.submit(hold("x")))
            others = [
                (number, uuid4(), uuid4(), 1, 0, uuid4(), "party", 1, b"", rig.engine.clock())
                for number in range(500)
            ]
            await outside.copy("reaction", (*columns, "at"), others)
            await within(rig.submit(hold("y")))
            assert await holds(outside, rig, BEHIND) == ["x-on-on", "y-on-on"]
        assert await outside.rows_read("reaction") - before < 100


def makes(event: Any, source: Ref, state: Any) -> Sequence[Any]:
    return (register(2),) if isinstance(event, HoldPlaced) else ()


MAKING = Consequences(commands=makes, outgoing=CONSEQUENCES.outgoing)


async def test_what_is_not_there_yet_is_made_at_once(url: str) -> None:
    rows: list[str] = []

    def look(name: str) -> None:
        rows.append(ask(dsn=url, statement=ROWS))

    async with engine_on(url, consequences=MAKING, named_point=look) as rig:
        await within(rig.submit(register(1)))
        await within(rig.submit(hold("x")))
        assert set(rows) == {"0"}
        assert (await rig.store.load([register(2).target()]))[TARGET].version == 1
        await rig.assert_replays()


async def test_what_was_made_for_somebody_who_lost_is_not_there(url: str) -> None:
    made: list[str] = []

    def look(name: str) -> None:
        if name == "after_commit":
            made.append(ask(dsn=url, statement=f"SELECT version FROM state WHERE id = '{TARGET}'"))

    async with (
        engine_on(url) as other,
        engine_on(url, consequences=MAKING, named_point=look) as rig,
    ):
        await within(rig.submit(register(1)))
        await within(other.submit(hold("other")))
        made.clear()
        await within(rig.submit(hold("x")))
        await within(rig.engine.writers.drained())
        assert rig.engine.writers.races_lost == 2
        assert (made[0], made[-1]) == ("", "1")
        await rig.assert_replays()


async def test_what_rests_on_somebody_who_lost_stands_as_it_was(url: str) -> None:
    state = f"SELECT version, at, wake, open, encode(body, 'hex') FROM state WHERE id = '{TARGET}'"
    stood: list[str] = []

    def look(name: str) -> None:
        if name == "after_commit":
            stood.append(ask(dsn=url, statement=state))

    async with (
        engine_on(url) as other,
        engine_on(url, consequences=ASKING, named_point=look) as rig,
    ):
        await know_all(rig)
        before = ask(dsn=url, statement=state)
        await within(other.submit(hold("other")))
        stood.clear()
        await within(rig.submit(hold("x")))
        await within(rig.engine.writers.drained())
        assert rig.engine.writers.races_lost == 3
        assert stood[0] == before != stood[-1]
        await rig.assert_replays()


async def test_all_who_listen_hear_of_it(url: str) -> None:
    async with engine_on(url, consequences=ASKING) as rig:
        await know_all(rig)
        heard: list[Any] = []
        rig.engine.writers.on_accepted.append(lambda one, _: heard.append(one.command))
        before = rig.engine.writers.commands
        await within(rig.submit(hold("x")))
        expected = [hold("x"), hold("x-on", on=TARGET), hold("x-on-on", on=BEHIND)]
        assert heard == expected
        assert rig.engine.writers.commands == before + 3


@pytest.mark.parametrize("cut", list(Cut))
async def test_a_line_cut_around_the_commit_gives_one_effect(url: str, cut: Cut) -> None:
    async with (
        line_to(url) as line,
        engine_on(url, database_url=line.url, consequences=ASKING) as rig,
        Outside(url) as outside,
    ):
        await know_all(rig)
        line.cuts = [cut]
        answer = await within(rig.submit(hold("x")))
        assert (answer.accepted, answer.duplicate) == (True, cut is Cut.AFTER)
        await within(rig.engine.writers.drained())
        assert await holds(outside, rig, TARGET) == ["x-on"]
        assert await holds(outside, rig, BEHIND) == ["x-on-on"]
        assert await outside.value(ROWS) == 0
        await rig.assert_replays()


@pytest.mark.parametrize("moved", [SOURCE, TARGET, BEHIND], ids=["source", "target", "behind"])
async def test_a_state_that_another_process_moved_gives_one_effect(url: str, moved: Any) -> None:
    """Whatever rests on it falls with it, what it rests on stands, and the rest comes after."""
    async with (
        engine_on(url) as other,
        engine_on(url, consequences=ASKING) as rig,
        Outside(url) as outside,
    ):
        await know_all(rig)
        await within(other.submit(hold("other", on=moved)))
        assert (await within(rig.submit(hold("x")))).accepted
        await within(rig.engine.writers.drained())
        for on, expected in ((SOURCE, "x"), (TARGET, "x-on"), (BEHIND, "x-on-on")):
            placed = await holds(outside, rig, on)
            assert placed == (["other", expected] if on == moved else [expected])
        assert await outside.value(ROWS) == 0
        assert rig.engine.writers.races_lost > 0
        await rig.assert_replays()


async def test_where_the_target_lost_the_row_is_written_with_what_asked(url: str) -> None:
    rows: list[str] = []

    def look(name: str) -> None:
        if name == "after_commit":
            rows.append(ask(dsn=url, statement="SELECT version FROM reaction LIMIT 1"))

    async with (
        engine_on(url) as other,
        engine_on(url, consequences=ASKING, named_point=look) as rig,
    ):
        await know_all(rig)
        await within(other.submit(hold("other", on=TARGET)))
        rows.clear()
        await within(rig.submit(hold("x")))
        await within(rig.engine.writers.drained())
        assert rows[0] == "2"
        assert rows[-1] == ""


async def test_others_of_the_batch_are_not_decided_again_where_a_source_has_lost(url: str) -> None:
    decided: list[str] = []

    def noted(state: Any, command: Any, facts: Facts) -> Any:
        if isinstance(command, PlaceHold):
            decided.append(command.reason)
        return parties.DECIDER.decide(state, command, facts)

    async with (
        engine_on(url) as other,
        engine_on(url, consequences=ASKING, deciders=with_parties(decide=noted)) as rig,
        Outside(url) as outside,
    ):
        await know_all(rig)
        await rig.all([register(number) for number in range(10, 20)])
        await within(other.submit(hold("other")))
        await rig.all([hold("x"), *(hold("y", on=party(number)) for number in range(10, 20))])
        await within(rig.engine.writers.drained())
        assert await holds(outside, rig, SOURCE) == ["other", "x"]
        assert await holds(outside, rig, TARGET) == ["x-on"]
        assert (decided.count("x"), decided.count("x-on"), decided.count("y")) == (2, 2, 10)
        await rig.assert_replays()


def cannot(state: Any, command: Any, facts: Facts) -> Any:
    if command == hold("1-on", on=TARGET):
        raise ZeroDivisionError
    return parties.DECIDER.decide(state, command, facts)


async def test_an_earlier_one_that_waits_is_not_overtaken(url: str) -> None:
    async with engine_on(url, consequences=ASKING) as rig, Outside(url) as outside:
        await know_all(rig)
        # It cannot do it at once, and dies before it tries again.
        broken = with_parties(decide=cannot)
        async with engine_on(url, consequences=ASKING, deciders=broken, named_point=dies) as other:
            other.submit(hold("1")).add_done_callback(lambda future: future.exception())
            await outside.until(ROWS, 1)
        # Read anew, and what is remembered of the target still holds.
        await within(rig.submit(hold("2")))
        await within(rig.submit(hold("3")))
        await within(rig.engine.writers.drained())
        assert await holds(outside, rig, SOURCE) == ["1", "2", "3"]
        assert await holds(outside, rig, TARGET) == ["1-on", "2-on", "3-on"]
        assert await outside.value(ROWS) == 0
        await rig.assert_replays()


def refuses_asked(state: Any, command: Any, facts: Facts) -> Any:
    if command == hold("x-on", on=TARGET):
        return Refusal("not_now")
    return parties.DECIDER.decide(state, command, facts)


def fails_asked(state: Any, command: Any, facts: Facts) -> Any:
    if command == hold("x-on", on=TARGET):
        raise ArithmeticError("x")
    return parties.DECIDER.decide(state, command, facts)


def is_unstorable(happened: Happened) -> Sequence[Leaving]:
    return [Leaving("\x00", b"") for one in happened.events if getattr(one, "reason", "") == "x-on"]


@pytest.mark.parametrize(
    ("decide", "reason"),
    [(refuses_asked, "not_now"), (fails_asked, "ArithmeticError: x")],
    ids=["refused", "failed"],
)
async def test_one_that_comes_to_nothing_is_parked_and_what_asked_stands(
    url: str, decide: Any, reason: str
) -> None:
    deciders = with_parties(decide=decide)
    async with (
        engine_on(url, consequences=ASKING, deciders=deciders) as rig,
        Outside(url) as outside,
    ):
        await know_all(rig)
        assert (await within(rig.submit(hold("x")))).accepted
        assert (await within(rig.submit(hold("y")))).accepted
        await within(rig.engine.writers.drained())
        assert await outside.rows("SELECT version, reason FROM reaction") == [(2, reason)]
        assert await holds(outside, rig, SOURCE) == ["x", "y"]
        assert await holds(outside, rig, TARGET) == ["y-on"]
        await rig.assert_replays()


async def test_one_that_cannot_be_stored_is_parked_and_what_asked_stands(url: str) -> None:
    consequences = Consequences(commands=asks, outgoing=is_unstorable)
    async with engine_on(url, consequences=consequences) as rig, Outside(url) as outside:
        await know_all(rig)
        answers = await rig.all([hold("x"), hold("z", on=BEHIND)])
        assert [one.accepted for one in answers] == [True, True]
        await within(rig.engine.writers.drained())
        ((version, reason),) = await outside.rows("SELECT version, reason FROM reaction")
        assert (version, reason.split(":")[0]) == (2, "DataRejected")
        assert await holds(outside, rig, SOURCE) == ["x"]
        assert await holds(outside, rig, TARGET) == []


async def test_of_what_one_event_asks_of_a_state_nothing_overtakes_what_is_left(url: str) -> None:
    def asks_three(event: Any, source: Ref, state: Any) -> Sequence[Any]:
        if isinstance(event, HoldPlaced) and source.id == SOURCE:
            return [hold(f"{event.reason}-{number}", on=TARGET) for number in range(3)]
        return ()

    tries: list[str] = []

    def second_at_the_second_try(state: Any, command: Any, facts: Facts) -> Any:
        if isinstance(command, PlaceHold):
            tries.append(command.reason)
            if command.reason == "x-1" and tries.count("x-1") == 1:
                raise ArithmeticError
        return parties.DECIDER.decide(state, command, facts)

    consequences = Consequences(commands=asks_three, outgoing=CONSEQUENCES.outgoing)
    deciders = with_parties(decide=second_at_the_second_try)
    async with (
        engine_on(url, consequences=consequences, deciders=deciders) as rig,
        Outside(url) as outside,
    ):
        await know_all(rig)
        await within(rig.submit(hold("x")))
        await within(rig.engine.writers.drained())
        assert await holds(outside, rig, TARGET) == ["x-0", "x-1", "x-2"]
        assert tries == ["x", "x-0", "x-1", "x-1", "x-2"]
        assert await outside.value(ROWS) == 0
        await rig.assert_replays()
