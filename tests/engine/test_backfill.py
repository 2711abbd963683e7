"""Rule 6, its end: reactions that came later are asked of all that was there before, once."""

import asyncio
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from oncedesk.domain import parties
from oncedesk.domain.conversations.messages import CaseOpened
from oncedesk.domain.parties.messages import HoldPlaced, PlaceHold
from oncedesk.domain.shared.decider import Facts
from oncedesk.domain.shared.refs import Kind, Ref
from oncedesk.engine import backfilling
from oncedesk.engine.backfilling import ReactionSet
from oncedesk.engine.reactions import FIRST, REACTIONS, Late, Reaction, Reactions
from oncedesk.engine.running import utc_now
from oncedesk.simulation.crash import dying_at
from oncedesk.storage.backfilling import register as make_known
from oncedesk.storage.leases import AdvisoryLeases
from oncedesk.storage.parking import PostgresParking
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

ROOT = Path(__file__).resolve().parents[2]
SOURCES = range(1, 8)
SOURCE_IDS = {party(number): number for number in SOURCES}
EVERYTHING = (
    "SELECT bucket, stream, version, command_id, reactions, events FROM journal ORDER BY 1,2,3"
)


def target_of(number: int, name: str = "copy") -> int:
    """Each source has a target of its own for each reaction."""
    return number + {"copy": 100, "echo": 200}[name]


def copying(name: str) -> Reaction:
    """A hold on a source asks for one on its target; a target asks for nothing."""

    def ask(event: HoldPlaced, source: Ref, state: Any) -> Sequence[Any]:
        number = SOURCE_IDS.get(source.id)
        if number is None:
            return ()
        return (PlaceHold(party=party(target_of(number, name)), reason=f"{name}-{event.reason}"),)

    return Reaction(name, HoldPlaced, ask)


def table(*more: Reaction) -> Reactions:
    """What the program has, and something more."""
    return Reactions((*REACTIONS, *more))


COPY, ECHO = copying("copy"), copying("echo")
OLD, NEW, NEWER = table(), table(COPY), table(COPY, ECHO)


async def begin(rig: Rig) -> None:
    """All sources and targets are there."""
    await rig.all([register(number) for number in SOURCES])
    for name in ("copy", "echo"):
        await rig.all([register(target_of(number, name)) for number in SOURCES])


async def hold(rig: Rig, *reasons: str) -> None:
    """A hold on each source for each of these reasons, one after the other."""
    for reason in reasons:
        answers = await rig.all(
            [PlaceHold(party=party(number), reason=reason) for number in SOURCES]
        )
        assert all(answer.accepted for answer in answers)
    await within(rig.engine.writers.drained())


async def past(url: str, reactions: Reactions, *reasons: str) -> None:
    """What a program with these reactions leaves behind."""
    async with engine_on(url, reactions=reactions) as rig:
        await begin(rig)
        await hold(rig, *reasons)


async def finish(rig: Rig) -> ReactionSet:
    """Page after page, whether or not anybody else does the same."""
    while await within(rig.backfill.page()):
        pass
    await within(rig.engine.writers.drained())
    return await rig.backfill.standing()


async def holds(outside: Outside, rig: Rig, name: str = "copy") -> dict[int, list[str]]:
    """What was placed on each source's target, in the order in which it happened."""
    found: dict[int, list[str]] = {}
    for number in SOURCES:
        bodies = await outside.column(
            "SELECT events FROM journal WHERE stream = $1 AND version > 1 ORDER BY version",
            party(target_of(number, name)),
        )
        events = [event for body in bodies for event in rig.codec.events(Kind.PARTY, body)]
        found[number] = [event.reason for event in events]
    return found


def each(*reasons: str) -> dict[int, list[str]]:
    return {number: list(reasons) for number in SOURCES}


async def test_what_was_there_before_gets_the_new_reaction_once_and_in_order(url: str) -> None:
    await past(url, OLD, "1", "2")
    async with engine_on(url, reactions=NEW) as rig, Outside(url) as outside:
        assert await holds(outside, rig) == each()
        await hold(rig, "3")
        assert await holds(outside, rig) == each("copy-3")
        standing = await finish(rig)
        assert await holds(outside, rig) == each("copy-3", "copy-1", "copy-2")
        assert (standing.looked, standing.asked) == (3 * len(SOURCES), 2 * len(SOURCES))
        assert (standing.parked, standing.failed) == (0, 0)
        assert standing.done_at is not None
        assert await outside.value("SELECT count(*) FROM reaction") == 0
        await hold(rig, "4")
        assert await rig.backfill.page() == 0
        assert await holds(outside, rig) == each("copy-3", "copy-1", "copy-2", "copy-4")
        await rig.assert_replays()
    async with engine_on(url, reactions=NEW) as rig, Outside(url) as outside:
        before = await outside.rows(EVERYTHING)
        assert await rig.backfill.page() == 0
        assert await outside.rows(EVERYTHING) == before


async def test_happens_by_itself_when_the_engine_starts(url: str) -> None:
    await past(url, OLD, "1")
    async with engine_on(url, reactions=NEW, started=True) as rig, Outside(url) as outside:
        await outside.until("SELECT count(*) FROM reaction_set WHERE done_at IS NOT NULL", 2)
        assert await holds(outside, rig) == each("copy-1")
        await rig.assert_replays()


async def test_a_second_reaction_to_an_event_leaves_the_first_alone(url: str) -> None:
    await past(url, NEW, "1")
    async with engine_on(url, reactions=NEWER) as rig, Outside(url) as outside:
        await hold(rig, "2")
        assert (await finish(rig)).asked == len(SOURCES)
        assert await holds(outside, rig, "copy") == each("copy-1", "copy-2")
        assert await holds(outside, rig, "echo") == each("echo-2", "echo-1")
        await rig.assert_replays()


async def test_two_versions_that_follow_before_the_first_is_done(url: str) -> None:
    await past(url, OLD, "1")
    async with engine_on(url, reactions=NEW) as rig:
        await hold(rig, "2")
    async with engine_on(url, reactions=NEWER) as rig, Outside(url) as outside:
        assert (await finish(rig)).asked == 3 * len(SOURCES)
        assert await holds(outside, rig, "copy") == each("copy-2", "copy-1")
        assert await holds(outside, rig, "echo") == each("echo-1", "echo-2")
    async with engine_on(url, reactions=NEW) as rig, Outside(url) as outside:
        await finish(rig)
        assert await holds(outside, rig, "copy") == each("copy-2", "copy-1")


async def test_a_fresh_database_knows_all_of_them_from_the_start(url: str) -> None:
    async with engine_on(url, reactions=NEWER) as rig, Outside(url) as outside:
        await begin(rig)
        await hold(rig, "1")
        standing = await rig.backfill.standing()
        assert standing.done_at == standing.since
        await rig.backfill.begin_again()
        assert (await finish(rig)).asked == 0
        assert await holds(outside, rig, "copy") == each("copy-1")
        assert await holds(outside, rig, "echo") == each("echo-1")


async def test_what_a_database_without_a_record_has_done_is_not_done_again(url: str) -> None:
    """A program from before: its rows have the default, and nobody wrote down what it knew."""
    async with engine_on(url) as rig, Outside(url) as outside:
        await begin(rig)
        await hold(rig, "1")
        assert await outside.column("SELECT DISTINCT reactions FROM journal") == [0]
        assert await outside.value("SELECT count(*) FROM reaction_set") == 0
    asked: list[Any] = []

    def ask(event: Any, source: Ref, state: Any) -> Sequence[Any]:
        asked.append(event)
        return ()

    first = Reactions(Reaction(name, HoldPlaced, ask) for name in sorted(FIRST))
    for reactions in (first, table(COPY)):
        async with engine_on(url, reactions=reactions) as rig, Outside(url) as outside:
            await rig.backfill.begin_again()
            standing = await finish(rig)
            expected = 0 if reactions is first else len(SOURCES)
            assert (standing.looked, standing.asked, asked) == (3 * len(SOURCES), expected, [])


async def test_the_reaction_sees_the_state_as_it_was_after_the_command(url: str) -> None:
    seen: dict[str, list[tuple[Any, ...]]] = {"live": [], "later": []}

    def noting(name: str, event: type) -> Reaction:
        def ask(event: Any, source: Ref, state: Any) -> Sequence[Any]:
            seen[name].append((source, event, state))
            return ()

        return Reaction(f"{name}_{event.__name__}", event, ask)

    def watching(name: str) -> Sequence[Reaction]:
        return [noting(name, event) for event in (CaseOpened, HoldPlaced)]

    async with engine_on(url, reactions=table(*watching("live"))) as rig:
        await begin(rig)
        # More than one command to a state in a batch, and more than one event in a command.
        await rig.all([PlaceHold(party=party(1), reason=f"{n}") for n in range(9)])
        for issue in ("refund", "quality"):
            await rig.all([contact(4, issue=issue)], actor=consumer(4))
    assert len(seen["live"]) >= 10
    async with engine_on(url, reactions=table(*watching("live"), *watching("later"))) as rig:
        await finish(rig)

    def in_order(found: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        return sorted(found, key=lambda one: (one[0].bucket, one[0].id, one[1].at))

    assert in_order(seen["later"]) == in_order(seen["live"])


async def test_a_reaction_may_see_the_state_of_today_or_not_come_late_at_all(url: str) -> None:
    reasons: dict[Late, list[tuple[str, int]]] = {late: [] for late in Late}

    def noting(late: Late) -> Reaction:
        def ask(event: HoldPlaced, source: Ref, state: Any) -> Sequence[Any]:
            del source
            reasons[late].append((event.reason, len(state.holds)))
            return ()

        return Reaction(f"noting_{late.value}", HoldPlaced, ask, late)

    async with engine_on(url, reactions=OLD) as rig:
        await rig.all([register(1)])
        for reason in ("1", "2"):
            await rig.all([PlaceHold(party=party(1), reason=reason)])
    async with engine_on(url, reactions=table(*map(noting, Late))) as rig:
        await finish(rig)
        assert reasons == {
            Late.AS_IT_WAS: [("1", 1), ("2", 2)],
            Late.AS_IT_IS: [("1", 2), ("2", 2)],
            Late.NEVER: [],
        }
        await rig.all([PlaceHold(party=party(1), reason="3")])
        assert reasons[Late.NEVER] == [("3", 3)]


async def test_goes_on_page_after_page_where_it_was(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfilling, "STATES_AT_ONCE", 4)
    monkeypatch.setattr(backfilling, "ASKED_AT_ONCE", 3)
    await past(url, OLD, "1", "2")
    looked = []
    while True:
        async with engine_on(url, reactions=NEW) as rig, Outside(url) as outside:
            if not (count := await rig.backfill.page()):
                break
            standing = await rig.backfill.standing()
            looked.append(count)
            place = (standing.at_bucket, standing.at_stream)
            behind = "SELECT count(*) FROM state WHERE (bucket, id) <= ($1, $2)"
            assert await outside.value(behind, *place) == sum(looked) == standing.looked
    assert looked == [4, 4, 4, 4, 4, 1]
    async with engine_on(url, reactions=NEW) as rig, Outside(url) as outside:
        assert (await rig.backfill.standing()).asked == 2 * len(SOURCES)
        assert await holds(outside, rig) == each("copy-1", "copy-2")


async def test_a_page_ends_with_the_state_that_makes_it_too_long(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfilling, "ROWS_AT_ONCE", 9)
    monkeypatch.setattr(backfilling, "APPLIED_AT_ONCE", 2)
    await past(url, OLD)
    async with engine_on(url, reactions=OLD) as rig, Outside(url) as outside:
        await rig.all([PlaceHold(party=party(3), reason=f"{n}") for n in range(12)])
        versions = await outside.column("SELECT version FROM state ORDER BY bucket, id")
    expected, rows, states = [], 0, 0
    for version in versions:
        rows, states = rows + version, states + 1
        if rows >= 9:
            expected.append(states)
            rows = states = 0
    async with engine_on(url, reactions=NEW) as rig, Outside(url) as outside:
        looked = []
        while count := await rig.backfill.page():
            looked.append(count)
        assert looked == [*expected, states][: len(looked)]
        assert sum(looked) == len(versions)
        assert (await holds(outside, rig))[3] == [f"copy-{n}" for n in range(12)]


WORK = """
import sys
from tests.engine.test_backfill import backfilling_process
backfilling_process(*sys.argv[1:])
"""


def backfilling_process(url: str, die_at: str) -> None:
    """What a process does that may be killed while it is at it."""

    async def work() -> None:
        async with engine_on(
            url, reactions=NEWER, named_point=dying_at(die_at), batch_max=4
        ) as rig:
            await finish(rig)

    asyncio.run(work())


@pytest.mark.slow
@pytest.mark.parametrize(
    "die_at",
    ["after_load:2", "after_states:2", "before_commit:3", "after_commit:3", "backfilled:1"],
)
async def test_killed_in_the_middle_it_is_finished_by_another(url: str, die_at: str) -> None:
    await past(url, OLD, "1", "2", "3")
    killed = await asyncio.create_subprocess_exec(sys.executable, "-c", WORK, url, die_at, cwd=ROOT)
    assert await within(killed.wait(), 60) == -signal.SIGKILL
    async with engine_on(url, reactions=NEWER) as rig, Outside(url) as outside:
        half = [reason for name in ("copy", "echo") for reason in await holds(outside, rig, name)]
        assert (await rig.backfill.standing()).looked == 0
        assert half or die_at.startswith("after_load")
        assert (await finish(rig)).asked == 6 * len(SOURCES)
        assert await holds(outside, rig, "copy") == each("copy-1", "copy-2", "copy-3")
        assert await holds(outside, rig, "echo") == each("echo-1", "echo-2", "echo-3")
        await rig.assert_replays()


@pytest.mark.parametrize(
    "held", ["position(", "FROM journal WHERE", "UPDATE state s", "UPDATE reaction_set"]
)
async def test_two_processes_at_the_same_page_give_one_effect(url: str, held: str) -> None:
    await past(url, OLD, "1", "2")
    async with (
        line_to(url) as line,
        engine_on(url, reactions=NEW) as fast,
        engine_on(url, reactions=NEW, database_url=line.url) as slow,
        Outside(url) as outside,
    ):
        line.hold_before(held)
        behind = asyncio.create_task(slow.backfill.page())
        await within(line.reached.wait())
        standing = await finish(fast)
        line.go_on.set()
        await within(behind)
        assert await finish(slow) == standing
        assert standing.asked == 2 * len(SOURCES)
        assert await holds(outside, fast) == each("copy-1", "copy-2")
        await fast.assert_replays()


@pytest.mark.parametrize("cut", list(Cut))
async def test_a_line_cut_around_a_commit_gives_one_effect(url: str, cut: Cut) -> None:
    await past(url, OLD, "1", "2")
    async with (
        line_to(url) as line,
        engine_on(url, reactions=NEW, database_url=line.url) as rig,
        Outside(url) as outside,
    ):
        line.hold_before("UPDATE state s")
        working = asyncio.create_task(rig.backfill.page())
        await within(line.reached.wait())
        line.cuts = [cut]
        line.go_on.set()
        await within(working)
        assert line.cuts == []
        await finish(rig)
        assert await holds(outside, rig) == each("copy-1", "copy-2")
        await rig.assert_replays()


async def test_two_that_start_at_once_share_the_work(url: str) -> None:
    await past(url, OLD, "1", "2")
    async with (
        engine_on(url, reactions=NEW, started=True) as one,
        engine_on(url, reactions=NEW, started=True),
        Outside(url) as outside,
    ):
        await outside.until("SELECT count(*) FROM reaction_set WHERE done_at IS NOT NULL", 2)
        assert await holds(outside, one) == each("copy-1", "copy-2")
        assert (await one.backfill.standing()).asked == 2 * len(SOURCES)


async def test_whoever_wants_it_at_once_waits_for_the_one_who_is_at_it(url: str) -> None:
    await past(url, OLD, "1")
    other = AdvisoryLeases(url)
    async with engine_on(url, reactions=NEW) as rig, Outside(url) as outside:
        assert await other.hold("backfill")
        seen: list[ReactionSet] = []
        waiting = asyncio.create_task(rig.engine.backfill_all(seen.append))
        await eventually(lambda: len(seen) == 2, "it had looked twice")
        assert [one.looked for one in seen] == [0, 0]
        assert await holds(outside, rig) == each()
        await other.release_all()
        standing = await within(waiting)
        assert (standing.asked, standing.buckets_done) == (len(SOURCES), 4096)
        assert await holds(outside, rig) == each("copy-1")


async def test_whoever_is_done_sees_that_somebody_else_begins_again(url: str) -> None:
    await past(url, OLD, "1")
    async with engine_on(url, reactions=NEW) as serving, engine_on(url, reactions=NEW) as asked:
        while await within(serving.backfill.run()):
            pass
        await asked.backfill.begin_again()
        assert await within(serving.backfill.run()) > 0
        assert (await finish(serving)).done_at is not None


async def test_all_who_register_at_once_agree_on_the_numbers(url: str) -> None:
    async with engine_on(url) as rig:
        names = [frozenset({*FIRST, f"more_{n % 4}"}) for n in range(16)]
        now = utc_now()
        numbers = await asyncio.gather(*(make_known(rig.pool, one, now=now) for one in names))
        assert numbers == numbers[:4] * 4
        assert sorted(numbers[:4]) == [1, 2, 3, 4]
        assert await make_known(rig.pool, FIRST, now=now) == 0


async def test_clients_are_served_meanwhile(url: str) -> None:
    await past(url, OLD, "1")
    async with engine_on(url, reactions=NEW) as rig, Outside(url) as outside:
        async with outside.holding(party(target_of(1))):
            working = asyncio.create_task(rig.backfill.page())
            answers = await rig.all([register(number) for number in range(500, 520)])
            assert all(answer.accepted for answer in answers)
            assert not working.done()
        await within(working)
        assert await holds(outside, rig) == each("copy-1")


async def test_one_that_is_refused_is_parked_and_done_when_it_is_tried_again(url: str) -> None:
    async with engine_on(url, reactions=OLD) as rig:
        await rig.all([register(number) for number in SOURCES])
        await hold(rig, "1")
        await rig.all([register(target_of(number)) for number in SOURCES if number != 3])
    async with engine_on(url, reactions=NEW) as rig, Outside(url) as outside:
        standing = await finish(rig)
        assert (standing.asked, standing.parked) == (len(SOURCES), 1)
        parking = PostgresParking(rig.pool, rig.codec)
        (parked,) = await parking.newest(limit=10)
        assert (parked.origin, parked.name, parked.error) == (
            "reaction",
            "PlaceHold",
            "party_unknown",
        )
        assert await holds(outside, rig) == each("copy-1") | {3: []}
        # Somebody looks at everything again before it is mended: it fails again, once.
        await rig.backfill.begin_again()
        assert (await finish(rig)).parked == 1
        await rig.all([register(target_of(3))])
        answer = await within(parking.retry(parked.id, rig.engine.send))
        assert answer.accepted
        await rig.backfill.begin_again()
        assert (await finish(rig)).parked == 0
        assert await holds(outside, rig) == each("copy-1")
        assert await parking.newest(limit=10) == []
        await rig.assert_replays()


Broken = Callable[[Outside], Any]


async def a_gap(outside: Outside) -> None:
    await outside.run("UPDATE journal SET version = 9 WHERE stream = $1 AND version = 1", party(3))


async def bytes_without_meaning(outside: Outside) -> None:
    await outside.run(
        "UPDATE journal SET events = '\\xc1' WHERE stream = $1 AND version = 1", party(3)
    )


@pytest.mark.parametrize("breaks", [a_gap, bytes_without_meaning])
async def test_a_state_whose_events_cannot_be_read_is_told_and_holds_up_nobody(
    url: str, breaks: Broken
) -> None:
    await past(url, OLD, "1", "2")
    async with engine_on(url, reactions=NEW) as rig, Outside(url) as outside:
        row = "SELECT version, events FROM journal WHERE stream = $1 AND version = 1"
        (before,) = await outside.rows(row, party(3))
        await breaks(outside)
        with capture_logs() as logs:
            standing = await finish(rig)
        told = {"event": "backfill_failed", "kind": "party", "id": str(party(3))}.items()
        assert any(told <= line.items() for line in logs)
        assert (standing.failed, standing.asked) == (1, 2 * (len(SOURCES) - 1))
        assert await holds(outside, rig) == each("copy-1", "copy-2") | {3: []}
        await outside.run(
            "UPDATE journal SET version = $2, events = $3 "
            "WHERE stream = $1 AND (version = 9 OR events = '\\xc1')",
            party(3),
            *before,
        )
        await rig.backfill.begin_again()
        standing = await finish(rig)
        assert (standing.failed, standing.asked) == (0, 2 * len(SOURCES))
        assert await holds(outside, rig) == each("copy-1", "copy-2")
        await rig.assert_replays()


async def test_a_bug_in_a_reaction_is_told_and_holds_up_nobody(url: str) -> None:
    def ask(event: HoldPlaced, source: Ref, state: Any) -> Sequence[Any]:
        if source.id == party(3):
            raise RuntimeError("bug")
        return COPY.ask(event, source, state)

    await past(url, OLD, "1")
    async with (
        engine_on(url, reactions=table(Reaction("copy", HoldPlaced, ask))) as rig,
        Outside(url) as outside,
    ):
        assert (await finish(rig)).failed == 1
        assert await holds(outside, rig) == each("copy-1") | {3: []}
    async with engine_on(url, reactions=NEW) as rig, Outside(url) as outside:
        await rig.backfill.begin_again()
        assert (await finish(rig)).failed == 0
        assert await holds(outside, rig) == each("copy-1")


async def test_a_program_without_them_that_comes_back_leaves_a_gap_that_is_filled(
    url: str,
) -> None:
    await past(url, OLD, "1")
    async with engine_on(url, reactions=NEW) as rig:
        await hold(rig, "2")
        assert (await finish(rig)).done_at is not None
    async with engine_on(url, reactions=OLD) as rig:
        await hold(rig, "3")
        assert await rig.backfill.page() == 0
    async with engine_on(url, reactions=NEW) as rig, Outside(url) as outside:
        assert (await rig.backfill.standing()).done_at is None
        await hold(rig, "4")
        await finish(rig)
        assert await holds(outside, rig) == each("copy-2", "copy-1", "copy-4", "copy-3")
        assert await outside.column("SELECT number FROM reaction_set ORDER BY 1") == [1, 2]
        await rig.assert_replays()


async def test_a_reaction_that_was_given_up_and_taken_up_again(url: str) -> None:
    await past(url, NEW, "1")
    async with engine_on(url, reactions=table(ECHO)) as rig:
        await hold(rig, "2")
        await finish(rig)
    async with engine_on(url, reactions=NEWER) as rig, Outside(url) as outside:
        await finish(rig)
        assert await holds(outside, rig, "copy") == each("copy-1", "copy-2")
        assert await holds(outside, rig, "echo") == each("echo-2", "echo-1")


async def test_nothing_can_be_twice_in_a_table_of_reactions() -> None:
    with pytest.raises(AssertionError, match="the same name"):
        Reactions((COPY, COPY))


def test_the_names_that_databases_remember_never_change() -> None:
    assert REACTIONS.names >= FIRST
    assert sorted(FIRST) == [
        "open_service",
        "place_case",
        "release_declined",
        "release_unassigned",
        "requeue",
        "take_back",
    ]
    assert not any(set(name) - set("abcdefghijklmnopqrstuvwxyz_") for name in REACTIONS.names)


async def test_a_command_that_fails_by_a_bug_is_parked_by_the_engine(url: str) -> None:
    def bug(state: Any, command: Any, facts: Facts) -> Any:
        if command.target().id == party(target_of(3)):
            raise RuntimeError("bug")
        return parties.DECIDER.decide(state, command, facts)

    await past(url, OLD, "1")
    async with engine_on(url, reactions=NEW, deciders=with_parties(decide=bug)) as rig:
        standing = await finish(rig)
        assert (standing.asked, standing.parked, standing.failed) == (len(SOURCES), 1, 0)
    async with engine_on(url, reactions=NEW) as rig, Outside(url) as outside:
        assert await holds(outside, rig) == each("copy-1") | {3: []}
        parking = PostgresParking(rig.pool, rig.codec)
        (parked,) = await parking.newest(limit=10)
        assert (parked.name, parked.error) == ("PlaceHold", "RuntimeError: bug")
        submission = await parking.take(parked.id)
        assert submission is not None
        assert (await within(rig.engine.send(submission))).accepted
        await rig.backfill.begin_again()
        await finish(rig)
        assert await holds(outside, rig) == each("copy-1")
