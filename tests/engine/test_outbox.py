"""Rule 9: what leaves, leaves at least once, under one key, never before its event is durable."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from oncedesk.domain.parties.messages import HoldPlaced, PlaceHold
from oncedesk.engine.deciding import Consequences
from oncedesk.engine.instants import SimulatedClock
from oncedesk.engine.leaving import Happened, Leaving
from oncedesk.engine.outbox import NotDelivered
from oncedesk.engine.ports import OutboxRow
from tests.support.engines import (
    CONSEQUENCES,
    Outside,
    engine_on,
    eventually,
    party,
    register,
    within,
)
from tests.support.lines import Cut, line_to

START = datetime(2025, 3, 3, 9, tzinfo=UTC)
ROWS = "SELECT count(*) FROM outbox"


def tells(happened: Happened) -> Sequence[Leaving]:
    """Every hold is told to somebody outside."""
    holds = [event for event in happened.events if isinstance(event, HoldPlaced)]
    return [Leaving("hold.placed", event.reason.encode()) for event in holds]


TELLING = Consequences(commands=CONSEQUENCES.commands, outgoing=tells)


class Killed(BaseException):
    """The process ends here."""


class Receiver:
    """Somebody outside: takes down what comes, and can be out of order."""

    def __init__(self) -> None:
        self.got: list[tuple[UUID, str, bytes]] = []
        self.fails: dict[bytes, Exception] = {}

    async def __call__(self, row: OutboxRow) -> None:
        self.got.append((row.id, row.topic, row.body))
        if row.body in self.fails:
            raise self.fails[row.body]


def holds(*reasons: str) -> list[PlaceHold]:
    return [PlaceHold(party=party(1), reason=reason) for reason in reasons]


async def test_is_sent_once_and_then_gone(url: str) -> None:
    receiver = Receiver()
    async with engine_on(url, consequences=TELLING, send=receiver) as rig, Outside(url) as outside:
        await rig.all([register(1), *holds("a", "b")])
        assert await outside.value(ROWS) == 2
        ids = await outside.column("SELECT id FROM outbox ORDER BY body")
        assert await rig.engine.outbox.run() == 2
        assert sorted(receiver.got, key=lambda got: got[2]) == [
            (ids[0], "hold.placed", b"a"),
            (ids[1], "hold.placed", b"b"),
        ]
        assert await outside.value(ROWS) == 0
        assert await rig.engine.outbox.run() == 0


async def test_what_happens_anew_after_a_restore_has_an_id_of_its_own(url: str) -> None:
    ids = []
    for reason, at in (("before", START), ("after", START + timedelta(hours=1))):
        async with (
            engine_on(url, consequences=TELLING, clock=SimulatedClock(at)) as rig,
            Outside(url) as outside,
        ):
            await rig.all([register(1), *holds(reason)])
            ids += await outside.rows("SELECT id, stream, version FROM outbox")
            await outside.run("TRUNCATE state, journal, outbox, person")
    assert ids[0][1:] == ids[1][1:], "the same place in the same stream"
    assert ids[0][0] != ids[1][0]


async def test_nothing_waits_for_a_clock_that_was_set_back(url: str) -> None:
    receiver, now = Receiver(), [START + timedelta(hours=1)]
    async with engine_on(url, consequences=TELLING, send=receiver, clock=lambda: now[0]) as rig:
        await rig.all([register(1), *holds("a")])
        assert await rig.engine.outbox.run() == 1
        now[0] = START
        await rig.all(holds("b"))
        assert await rig.engine.outbox.run() == 1
        assert [body for _, _, body in receiver.got] == [b"a", b"b"]


async def test_without_a_receiver_it_waits(url: str) -> None:
    async with engine_on(url, consequences=TELLING) as rig, Outside(url) as outside:
        await rig.all([register(1), *holds("a")])
        assert await rig.engine.outbox.run() == 0
        assert await outside.value(ROWS) == 1


async def test_killed_between_sending_and_marking_it_is_sent_again_under_the_same_key(
    url: str,
) -> None:
    receiver = Receiver()

    def dies(name: str) -> None:
        if name == "outbox_sent":
            raise Killed

    async with engine_on(url, consequences=TELLING, send=receiver, named_point=dies) as rig:
        await rig.all([register(1), *holds("a")])
        with pytest.raises(Killed):
            await rig.engine.outbox.run()
    async with engine_on(url, send=receiver) as rig, Outside(url) as outside:
        assert await outside.value(ROWS) == 1
        assert await rig.engine.outbox.run() == 1
        assert await outside.value(ROWS) == 0
    first, second = receiver.got
    assert first == second


@pytest.mark.parametrize("error", [NotDelivered("closed"), RuntimeError("bug \ud800\x00")])
async def test_a_failure_backs_off_and_holds_nobody_up(url: str, error: Exception) -> None:
    receiver, clock = Receiver(), SimulatedClock(START)
    receiver.fails[b"a"] = error
    async with (
        engine_on(url, consequences=TELLING, send=receiver, clock=clock) as rig,
        Outside(url) as outside,
    ):
        await rig.all([register(1), *holds("a", "b", "c")])
        assert await rig.engine.outbox.run() == 3
        assert await outside.column("SELECT body FROM outbox") == [b"a"]
        pauses = []
        for attempts in range(1, 19):
            row = await outside.rows("SELECT attempts, next_at FROM outbox")
            assert row[0][0] == attempts
            pauses.append((row[0][1] - clock()).total_seconds())
            assert await rig.engine.outbox.run() == 0
            clock.jump(row[0][1])
            assert await rig.engine.outbox.run() == 1
        assert pauses == [*(2.0**step for step in range(15)), 21_600.0, 21_600.0, 21_600.0]
        (kept,) = await outside.column("SELECT error FROM outbox")
        assert kept == ("closed" if "closed" in str(error) else "RuntimeError: bug \\ud800")
        receiver.fails.clear()
        clock.jump(clock() + timedelta(hours=6))
        assert await rig.engine.outbox.run() == 1
        assert await outside.value(ROWS) == 0
        assert len({id_ for id_, _, body in receiver.got if body == b"a"}) == 1


@pytest.mark.parametrize("cut", list(Cut))
async def test_a_commit_of_unknown_outcome_leaves_one_row(url: str, cut: Cut) -> None:
    async with (
        line_to(url) as line,
        engine_on(url, database_url=line.url, consequences=TELLING) as rig,
        Outside(url) as outside,
    ):
        await rig.all([register(1)])
        line.cuts = [cut]
        assert (await within(rig.submit(*holds("a")))).version == 2
        assert await outside.column("SELECT body FROM outbox") == [b"a"]


async def test_nothing_is_sent_inside_a_transaction(url: str) -> None:
    busy: list[int] = []

    async def looks(row: OutboxRow) -> None:
        async with Outside(url) as outside:
            busy.append(
                await outside.value(
                    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'oncedesk' "
                    "AND state LIKE 'idle in transaction%'"
                )
            )

    async with engine_on(url, consequences=TELLING, send=looks) as rig:
        await rig.all([register(1), *holds("a", "b", "c")])
        await rig.engine.outbox.run()
    assert busy == [0, 0, 0]


async def test_of_two_started_engines_one_sends(url: str) -> None:
    receiver = Receiver()
    async with (
        engine_on(url, consequences=TELLING, send=receiver, started=True) as one,
        engine_on(url, consequences=TELLING, send=receiver, started=True) as other,
        Outside(url) as outside,
    ):
        await one.all([register(number) for number in range(50)])
        for rig in (one, other):
            await rig.all([PlaceHold(party=party(n), reason=f"{rig is one}") for n in range(50)])
        await eventually(lambda: len(receiver.got) >= 100, "all are sent")
        await outside.until(ROWS, 0)
        assert set(Counter(id_ for id_, *_ in receiver.got).values()) == {1}
        assert len(receiver.got) == 100


async def test_a_receiver_that_never_answers_does_not_keep_the_engine_from_stopping(
    url: str,
) -> None:
    async def hangs(row: OutboxRow) -> None:
        await asyncio.Event().wait()

    async with engine_on(url, consequences=TELLING, send=hangs, started=True) as rig:
        await rig.all([register(1), *holds("a")])
        await within(rig.engine.stop())
    async with Outside(url) as outside:
        assert await outside.value(ROWS) == 1
