"""Rule 6: what an event asks of another state happens once, in order, or is parked; never half."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from oncedesk.domain import parties
from oncedesk.domain.parties.messages import (
    ErasePersonalData,
    HoldPlaced,
    PartyKind,
    PartyRegistered,
    PersonalDataErased,
    PlaceHold,
)
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.refs import Kind, Ref
from oncedesk.engine import deciding, sweeping
from oncedesk.engine.deciding import Consequences
from oncedesk.engine.instants import SimulatedClock
from oncedesk.engine.leaving import Happened, Leaving
from oncedesk.engine.running import utc_now
from oncedesk.engine.submission import Answer, Status, Submission
from oncedesk.storage.embedded.statements import ask
from oncedesk.storage.parking import PostgresParking
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
DONE = "SELECT count(*) FROM journal WHERE stream = '{target}' AND version > 1"
LOCK_WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
SOURCE, TARGET = party(1), party(2)


@pytest.fixture(autouse=True)
def nothing_follows_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here all are rows, as those are that cannot be done at once (`test_following`)."""
    monkeypatch.setattr(deciding, "FOLLOWED_MAX", 0)


def a_minute_later() -> datetime:
    """By this clock, whatever others left behind has been lying there for long."""
    return utc_now() + timedelta(minutes=1)


def asks(event: Any, source: Ref, state: Any) -> Sequence[Any]:
    """A hold on the source asks for a hold on the target."""
    if isinstance(event, HoldPlaced) and source.id == SOURCE:
        return (PlaceHold(party=TARGET, reason=f"asked-{event.reason}"),)
    return ()


ASKING = Consequences(commands=asks, outgoing=CONSEQUENCES.outgoing)


class Killed(BaseException):
    """The process ends here."""


async def leave_behind(url: str, *reasons: str, targets: int = 1) -> None:
    """A process writes these holds on the source and dies before it can run the reactions."""

    async with engine_on(url) as rig:
        await rig.all([register(number) for number in range(1, 2 + targets)])

    def dies(name: str) -> None:
        if name == "after_commit":
            raise Killed

    for reason in reasons:
        async with engine_on(url, consequences=ASKING, named_point=dies) as rig:
            rig.submit(PlaceHold(party=SOURCE, reason=reason)).add_done_callback(_noted)
            async with Outside(url) as outside:
                statement = "SELECT count(*) FROM journal WHERE version > 1 AND stream = $1"
                await outside.until(statement, reasons.index(reason) + 1, SOURCE)


def _noted(future: "asyncio.Future[Any]") -> None:
    future.exception()


async def holds_of_target(outside: Outside, rig: Rig) -> list[str]:
    """What was placed on the target, in the order in which it happened."""
    rows = await outside.rows(
        "SELECT events FROM journal WHERE stream = $1 AND version > 1 ORDER BY version", TARGET
    )
    kind = register(2).target().kind
    return [event.reason for (body,) in rows for event in rig.codec.events(kind, body)]


async def test_happens_by_itself_and_leaves_no_row(url: str) -> None:
    async with engine_on(url, consequences=ASKING) as rig, Outside(url) as outside:
        await rig.all([register(1), register(2)])
        await rig.all([PlaceHold(party=SOURCE, reason=str(number)) for number in range(20)][:16])
        await within(rig.engine.writers.drained())
        assert await holds_of_target(outside, rig) == [f"asked-{number}" for number in range(16)]
        assert await outside.value(ROWS) == 0
        await rig.assert_replays()


async def test_at_every_moment_there_is_the_row_or_the_effect(url: str) -> None:
    seen: list[tuple[Any, ...]] = []

    def look(name: str) -> None:
        asked = f"SELECT count(*) FROM journal WHERE stream = '{SOURCE}' AND version > 1"
        done = DONE.format(target=TARGET)
        found = ask(dsn=url, statement=f"SELECT ({asked}), ({ROWS}), ({done})")
        seen.append((name, *map(int, found.split("|"))))

    async with engine_on(url) as rig:
        await rig.all([register(1), register(2)])
    async with engine_on(url, consequences=ASKING, named_point=look) as rig:
        await within(rig.submit(PlaceHold(party=SOURCE, reason="x")))
        await within(rig.engine.writers.drained())
    assert all(asked == rows + done for _, asked, rows, done in seen)
    expected = [(0, 0, 0)] * 3 + [(1, 1, 0)] * 4 + [(1, 0, 1)]
    assert [tuple(counts) for _, *counts in seen] == expected


async def test_what_a_dead_process_left_is_swept_by_another(url: str) -> None:
    await leave_behind(url, "x")
    async with Outside(url) as outside:
        assert await outside.value(ROWS) == 1
        assert await outside.value(DONE.format(target=TARGET)) == 0
        async with engine_on(url, clock=a_minute_later, started=True) as rig:
            await outside.until(ROWS, 0)
            assert await holds_of_target(outside, rig) == ["asked-x"]
            await rig.assert_replays()


async def test_what_is_fresh_is_left_to_the_process_that_wrote_it(url: str) -> None:
    await leave_behind(url, "x")
    async with engine_on(url) as rig:
        assert await rig.engine.sweeping.run() == 0
    async with engine_on(url, clock=a_minute_later) as rig:
        assert await rig.engine.sweeping.run() == 1
        assert await rig.engine.sweeping.run() == 0


async def test_what_stays_stuck_is_not_queued_without_end_and_hides_no_others(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "SWEPT_MAX", 1)
    await leave_behind(url, "x", "y")
    clock = SimulatedClock(a_minute_later())
    async with (
        engine_on(url, clock=clock) as rig,
        Outside(url) as outside,
        Outside(url) as watching,
    ):
        async with outside.holding(TARGET):
            assert await rig.engine.sweeping.run() == 1
            await watching.until(LOCK_WAITS, 1)
            swept = []
            for _ in range(6):
                clock.jump(clock() + timedelta(minutes=1))
                swept.append(await rig.engine.sweeping.run())
            # The one behind it, and neither again.
            assert swept == [1, 0, 0, 0, 0, 0]
            assert rig.engine.writers.open == 2
        await within(rig.engine.writers.drained())
        assert await holds_of_target(watching, rig) == ["asked-x", "asked-y"]
        assert await watching.value(ROWS) == 0
        await rig.assert_replays()


async def test_an_answer_lost_in_the_commit_loses_no_reaction(url: str) -> None:
    async with (
        line_to(url) as line,
        engine_on(url) as before,
        engine_on(url, database_url=line.url, consequences=ASKING) as rig,
        Outside(url) as outside,
    ):
        await before.all([register(1), register(2)])
        line.cuts = [Cut.AFTER]
        answer = await within(rig.submit(PlaceHold(party=SOURCE, reason="x")))
        assert answer.duplicate
        assert await outside.value(ROWS) == 1
        async with engine_on(url, clock=a_minute_later) as other:
            assert await other.engine.sweeping.run() == 1
            await within(other.engine.writers.drained())
        assert await outside.value(ROWS) == 0
        assert await holds_of_target(outside, rig) == ["asked-x"]


@pytest.mark.parametrize("cut", list(Cut))
async def test_a_line_cut_around_its_commit_gives_one_effect(url: str, cut: Cut) -> None:
    await leave_behind(url, "x", "y")
    async with (
        line_to(url) as line,
        engine_on(url, database_url=line.url, clock=a_minute_later) as rig,
        Outside(url) as outside,
    ):
        line.cuts = [cut]
        await rig.engine.sweeping.run()
        await within(rig.engine.writers.drained())
        assert line.cuts == []
        assert await holds_of_target(outside, rig) == ["asked-x", "asked-y"]
        assert await outside.value(ROWS) == 0
        await rig.assert_replays()


@pytest.mark.parametrize("held", ["JOIN reaction r", "JOIN state s", "UPDATE state s"])
async def test_two_processes_at_the_same_reaction_give_one_effect(url: str, held: str) -> None:
    await leave_behind(url, "x")
    async with (
        line_to(url) as line,
        engine_on(url, clock=a_minute_later) as fast,
        engine_on(url, clock=a_minute_later, database_url=line.url) as slow,
        Outside(url) as outside,
    ):
        line.hold_before(held)
        assert await slow.engine.sweeping.run() == 1
        await within(line.reached.wait())
        assert await fast.engine.sweeping.run() == 1
        await within(fast.engine.writers.drained())
        line.go_on.set()
        await within(slow.engine.writers.drained())
        assert await holds_of_target(outside, fast) == ["asked-x"]
        assert await outside.value("SELECT version FROM state WHERE id = $1", TARGET) == 2
        await fast.assert_replays()


async def test_an_earlier_one_comes_first_even_if_only_the_later_is_submitted(url: str) -> None:
    await leave_behind(url, "1", "2", "3")
    async with engine_on(url) as rig, Outside(url) as outside:
        waiting = await rig.store.pending_reactions(before=a_minute_later(), limit=10)
        assert [one.reaction.version for one in waiting if one.reaction] == [2, 3, 4]
        rig.engine.writers.submit_reaction(waiting[2])
        await within(rig.engine.writers.drained())
        assert await holds_of_target(outside, rig) == ["asked-1", "asked-2", "asked-3"]
        # The others, submitted late, find that there is nothing left to do.
        rig.engine.writers.submit_reaction(waiting[1])
        rig.engine.writers.submit_reaction(waiting[0])
        await within(rig.engine.writers.drained())
        assert await outside.value("SELECT version FROM state WHERE id = $1", TARGET) == 4
        assert rig.engine.writers.open == 0
        await rig.assert_replays()


def second_after_first(state: Any, command: Any, facts: Facts) -> Any:
    """The first hold makes its party, if there is none; the second comes to nothing without it."""
    first, second = (PlaceHold(party=TARGET, reason=f"asked-{n}") for n in (1, 2))
    if command == first and state is None:
        registered = PartyRegistered(
            party=TARGET, at=facts.now, kind=PartyKind.CONSUMER, market="cn"
        )
        return [registered, HoldPlaced(party=TARGET, at=facts.now, reason=first.reason)]
    if command == second and (state is None or first.reason not in state.holds):
        return [] if state is None else Refusal("too_early")
    return parties.DECIDER.decide(state, command, facts)


@pytest.mark.parametrize(
    ("targets", "client"),
    [(1, False), (0, False), (0, True)],
    ids=["refused", "nothing to do", "and a client makes the target"],
)
async def test_a_later_one_meets_what_an_earlier_one_did_elsewhere(
    url: str, targets: int, client: bool
) -> None:
    """Another process runs the first between our look at the target and that at the reactions."""
    await leave_behind(url, "1", "2", targets=targets)
    deciders = with_parties(decide=second_after_first)
    async with (
        line_to(url) as line,
        engine_on(url, deciders=deciders) as fast,
        engine_on(url, deciders=deciders, database_url=line.url) as slow,
        Outside(url) as outside,
    ):
        first, second = await fast.store.pending_reactions(before=a_minute_later(), limit=10)
        line.hold_before("JOIN reaction r")
        slow.engine.writers.submit_reaction(second)
        asked = [slow.submit(register(2))] if client else []
        await within(line.reached.wait())
        fast.engine.writers.submit_reaction(first)
        await within(fast.engine.writers.drained())
        line.go_on.set()
        await within(slow.engine.writers.drained())
        assert all(future.result().accepted for future in asked)
        body = await outside.value("SELECT body FROM state WHERE id = $1", TARGET)
        assert fast.codec.state(Kind.PARTY, body).holds == ("asked-1", "asked-2")
        assert await outside.value(ROWS) == 0


async def test_a_refused_one_is_parked_with_its_reason_and_the_next_goes_on(url: str) -> None:
    def also_erases(event: Any, source: Ref, state: Any) -> Sequence[Any]:
        if isinstance(event, PersonalDataErased):
            return ()
        return asks(event, source, state)

    consequences = Consequences(commands=also_erases, outgoing=CONSEQUENCES.outgoing)
    async with engine_on(url, consequences=consequences) as rig, Outside(url) as outside:
        await rig.all([register(1)])
        # The target does not exist yet.
        assert (await within(rig.submit(PlaceHold(party=SOURCE, reason="early")))).accepted
        await within(rig.engine.writers.drained())
        parked = await outside.rows(
            "SELECT id, target, reason FROM reaction WHERE parked_at IS NOT NULL"
        )
        assert [row[1:] for row in parked] == [(TARGET, "party_unknown")]
        await rig.all([register(2), PlaceHold(party=SOURCE, reason="late")])
        await within(rig.engine.writers.drained())
        assert await holds_of_target(outside, rig) == ["asked-late"]
        assert await outside.value(ROWS) == 1
        # Nobody tries it again by himself.
        async with engine_on(url, clock=a_minute_later) as other:
            assert await other.engine.sweeping.run() == 0
        assert (await within(rig.submit(ErasePersonalData(party=party(9))))).code == "party_unknown"


async def test_of_several_refused_at_once_each_is_parked_with_its_own_reason(url: str) -> None:
    targets = [party(number) for number in range(2, 10)]

    def asks_all(event: Any, source: Ref, state: Any) -> Sequence[Any]:
        if isinstance(event, HoldPlaced):
            return [PlaceHold(party=target, reason="asked") for target in targets]
        return ()

    def refuses(state: Any, command: Any, facts: Facts) -> Any:
        if isinstance(command, PlaceHold) and command.party != SOURCE:
            return Refusal("not_this_one", str(command.party))
        return parties.DECIDER.decide(state, command, facts)

    consequences = Consequences(commands=asks_all, outgoing=CONSEQUENCES.outgoing)
    deciders = with_parties(decide=refuses)
    async with (
        engine_on(url, deciders=deciders, consequences=consequences) as rig,
        Outside(url) as outside,
    ):
        await rig.all([register(1), PlaceHold(party=SOURCE, reason="all")])
        await within(rig.engine.writers.drained())
        parked = dict(await outside.rows("SELECT target, reason FROM reaction"))
        assert parked == {target: f"not_this_one: {target}" for target in targets}


async def test_one_that_another_process_fails_with_again_is_not_said_to_be_done(url: str) -> None:
    async with engine_on(url, consequences=ASKING) as rig, Outside(url) as outside:
        await rig.all([register(1), PlaceHold(party=SOURCE, reason="early")])
        await within(rig.engine.writers.drained())
        parking = PostgresParking(rig.pool, rig.codec)
        (parked,) = await parking.newest(limit=10)

        async def behind(submission: Submission) -> Answer:
            """It waits in this process, and the other one sweeps it up."""
            async with engine_on(url, clock=a_minute_later) as other:
                assert await other.engine.sweeping.run() == 1
                await within(other.engine.writers.drained())
            return await rig.engine.send(submission)

        answer = await within(parking.retry(parked.id, behind))
        assert (answer.status, answer.detail) == (Status.PARKED, "party_unknown")
        assert [one.id for one in await parking.newest(limit=10)] == [parked.id]
        await rig.all([register(2)])
        assert (await within(parking.retry(parked.id, rig.engine.send))).accepted
        assert await parking.retry(parked.id, rig.engine.send) is None
        assert await holds_of_target(outside, rig) == ["asked-early"]


async def test_one_that_cannot_be_read_is_parked_and_holds_up_nobody(url: str) -> None:
    await leave_behind(url, "1", "2", "3")
    async with engine_on(url, clock=a_minute_later) as rig, Outside(url) as outside:
        await outside.run("UPDATE reaction SET command = '\\xa3ffffff' WHERE version = 2")
        await rig.engine.sweeping.run()
        await within(rig.engine.writers.drained())
        assert await holds_of_target(outside, rig) == ["asked-2", "asked-3"]
        (reason,) = await outside.column("SELECT reason FROM reaction WHERE parked_at IS NOT NULL")
        assert reason.startswith("BytesUnreadable")


async def test_one_that_cannot_be_stored_is_parked_and_not_those_behind_it(url: str) -> None:
    def leaves(happened: Happened) -> Sequence[Leaving]:
        return [Leaving("\x00", b"") for one in happened.events if one.reason == "asked-1"]

    await leave_behind(url, "1", "2", "3")
    consequences = Consequences(commands=CONSEQUENCES.commands, outgoing=leaves)
    async with engine_on(url, consequences=consequences) as rig, Outside(url) as outside:
        waiting = await rig.store.pending_reactions(before=a_minute_later(), limit=10)
        rig.engine.writers.submit_reaction(waiting[2])
        await within(rig.engine.writers.drained())
        assert await holds_of_target(outside, rig) == ["asked-2", "asked-3"]
        rows = await outside.rows("SELECT version, reason FROM reaction")
        assert [version for version, _ in rows] == [2]
        assert rows[0][1].startswith("DataRejected: CharacterNotInRepertoireError")


async def test_all_reactions_of_one_event_are_numbered_and_done(url: str) -> None:
    def asks_three(event: Any, source: Ref, state: Any) -> Sequence[Any]:
        if isinstance(event, HoldPlaced) and source.id == SOURCE:
            return [PlaceHold(party=TARGET, reason=f"{event.reason}-{n}") for n in range(3)]
        return ()

    consequences = Consequences(commands=asks_three, outgoing=CONSEQUENCES.outgoing)
    async with engine_on(url, consequences=consequences) as rig, Outside(url) as outside:
        await rig.all([register(1), register(2)])
        await rig.all([PlaceHold(party=SOURCE, reason="a"), PlaceHold(party=SOURCE, reason="b")])
        await within(rig.engine.writers.drained())
        expected = ["a-0", "a-1", "a-2", "b-0", "b-1", "b-2"]
        assert await holds_of_target(outside, rig) == expected
        await rig.assert_replays()
