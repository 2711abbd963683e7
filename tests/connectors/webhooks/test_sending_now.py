"""What waits for its turn goes at once: when somebody asks, and when its receiver is back."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from oncedesk.connectors.webhooks.managing import Replay
from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.ids import derived_id
from oncedesk.engine.webhooks.model import COUNTED_MAX, Delivery, DeliveryStatus
from oncedesk.engine.webhooks.schedule import AWAY_MIN, PAUSES_SECONDS
from oncedesk.storage import webhook_deliveries
from tests.support.engines import Outside, eventually, within
from tests.support.hooks import ADMIN, START, Hooks, conversation, hooks_on, leaving
from tests.support.receivers import OK, Answer, Receiver, Request, receiver

SCHEDULE = (
    "SELECT stream, version, attempts, next_at FROM webhook_delivery ORDER BY stream, version"
)
STANDING = "SELECT status, count(*) FROM webhook_delivery GROUP BY status"
WAITING = "SELECT count(*) FROM webhook_delivery WHERE status = 'waiting'"

LATER = "SELECT count(*) FROM webhook_delivery WHERE next_at > $1"
LOCK_LAST = """
SELECT FROM webhook_delivery WHERE status = 'waiting' ORDER BY next_at DESC, id DESC LIMIT 1
FOR UPDATE
"""
# To be asked outside of a transaction: within one it is always the same.
LOCKED_OUT = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
TAKEN = "SELECT count(*) FROM webhook_delivery WHERE status = 'taken'"
SAME_ID = """
INSERT INTO webhook_delivery (bucket, id, endpoint, event, topic, body, stream, at, version, number,
    status, queued_at, next_at, attempts, answer)
SELECT $1, $2, $2, $2, 'case.opened', '', $2, now(), 1, 0, 'waiting', now(), now(), 0, ''
"""
MANY = """
INSERT INTO webhook_delivery (bucket, id, endpoint, event, topic, body, stream, at, version, number,
    status, queued_at, next_at, attempts, answer)
SELECT 1, gen_random_uuid(), $1, gen_random_uuid(), 'case.opened', '',
    md5((n / 10)::text)::uuid, now(), n, 0, 'waiting', now(),
    $2::timestamptz + make_interval(secs => n / 10), 3, ''
FROM generate_series(0, $3 - 1) n
"""


def fails(_: Request) -> Answer:
    return Answer(503)


async def was_down(
    hooks: Hooks, got: Receiver, *, conversations: int = 3, versions: int = 3, hours: int = 8
) -> UUID:
    """For so long all was in vain. All of it waits now for its next attempt, hours ahead."""
    got.behave = fails
    id_ = (await hooks.add(got.url)).endpoint.id
    for version in range(1, versions + 1):
        await hooks.leave(*(leaving(number, version) for number in range(conversations)))
    await hooks.send()
    for _ in range(hours):
        await hooks.later(hours=1)
    got.got.clear()
    return id_


async def is_back(hooks: Hooks, outside: Outside) -> None:
    """It took something since, so what it takes next hastens nothing."""
    await outside.run("UPDATE webhook_endpoint SET failing_since = NULL, failures = 0")
    await hooks.refresh()


def came(got: Receiver) -> dict[str, list[int]]:
    """Which versions of each conversation came, in their order."""
    found: dict[str, list[int]] = {}
    for request in got.got:
        event = request.event
        found.setdefault(event["subject"], []).append(event["data"]["version"])
    return found


def all_of(conversations: Sequence[int], versions: Sequence[int]) -> dict[str, list[int]]:
    return {str(conversation(number)): [*versions] for number in conversations}


async def waiting(hooks: Hooks, id_: UUID) -> Sequence[Delivery]:
    return await hooks.store.deliveries(id_, status=DeliveryStatus.WAITING, before=None, limit=100)


async def test_all_that_waits_goes_at_once_in_its_order(url: str) -> None:
    async with receiver() as got, hooks_on(url) as hooks, Outside(url) as outside:
        id_ = await was_down(hooks, got)
        got.behave = lambda _: OK
        await hooks.send()
        assert got.got == [], "its turn is hours ahead"
        assert await hooks.managed.send_now(id_, actor=ADMIN) == 9
        # What comes after that goes behind it, and waits no longer either.
        await hooks.leave(*(leaving(number, 4) for number in range(3)))
        await hooks.send()
        assert came(got) == all_of(range(3), [1, 2, 3, 4])
        assert await outside.rows(STANDING) == [("taken", 12)]
        assert await hooks.managed.send_now(id_, actor=ADMIN) == 0


async def test_twice_at_once_does_no_harm_and_what_is_under_way_is_not_sent_twice(url: str) -> None:
    async with receiver() as got, hooks_on(url) as hooks, hooks_on(url, clock=hooks.clock) as other:
        id_ = await was_down(hooks, got)
        got.behave = lambda _: OK
        got.gate.clear()
        for one in (hooks, other):
            assert await one.managed.send_now(id_, actor=ADMIN) == 9
        await hooks.sending.run()
        await hooks.sending.run()
        await eventually(lambda: len(got.got) == 2, "as many as may at once are under way")
        hooks.clock.jump(hooks.clock() + timedelta(seconds=1))
        assert await other.managed.send_now(id_, actor=ADMIN) == 6, "what is behind them"
        got.gate.set()
        await hooks.send()
        assert came(got) == all_of(range(3), [1, 2, 3]), "each came once"


async def test_one_under_way_whose_turn_comes_by_another_clock_is_not_sent_twice(url: str) -> None:
    async with receiver() as got, hooks_on(url) as hooks, hooks_on(url) as behind:
        id_ = await was_down(hooks, got, conversations=1, versions=2)
        got.behave = lambda _: OK
        (_, first) = await waiting(hooks, id_)
        hooks.clock.jump(first.next_at)
        got.gate.clear()
        await hooks.sending.run()
        await eventually(lambda: got.got, "it is under way")
        # By the clock of this process its turn is still to come.
        behind.clock.jump(first.next_at - timedelta(seconds=2))
        assert await behind.managed.send_now(id_, actor=ADMIN, delivery=first.id) == 1
        got.gate.set()
        await hooks.send()
        assert came(got) == all_of([0], [1, 2])


async def test_its_turn_is_kept_where_whoever_asks_again_has_another_clock(url: str) -> None:
    async with receiver() as got, hooks_on(url) as hooks, hooks_on(url) as ahead:
        id_ = await was_down(hooks, got, conversations=1, versions=1)
        (before,) = await waiting(hooks, id_)
        ahead.clock.jump(hooks.clock() + timedelta(seconds=2))
        for one in (ahead, hooks):
            assert await one.managed.send_now(id_, actor=ADMIN, delivery=before.id) == 1
        hooks.clock.jump(ahead.clock())
        await hooks.send()
        assert len(got.got) == 1
        (after,) = await waiting(hooks, id_)
        assert (after.attempts, after.next_at) == (before.attempts, before.next_at)


@pytest.mark.parametrize("alone", [False, True])
async def test_what_waits_behind_something_replayed_goes_with_it(url: str, alone: bool) -> None:
    """What is replayed takes nothing along when it is taken, as it was not tried since."""
    async with receiver() as got, hooks_on(url) as hooks, Outside(url) as outside:
        id_ = await was_down(hooks, got, conversations=1, versions=3)
        await outside.run(
            "UPDATE webhook_delivery SET status = 'failed', done_at = next_at WHERE version = 1"
        )
        await outside.run("UPDATE webhook_delivery SET attempts = 3 WHERE version = 2")
        assert await hooks.managed.replay(id_, actor=ADMIN, what=Replay(failed=True)) == 1
        (last, *_) = [one for one in await waiting(hooks, id_) if one.version == 3]
        delivery = last.id if alone else None
        sent = await hooks.managed.send_now(id_, actor=ADMIN, delivery=delivery)
        assert sent == (1 if alone else 2)
        await is_back(hooks, outside)
        got.behave = lambda _: OK
        got.gate.clear()
        await hooks.sending.run()
        await outside.until("SELECT count(hastens_at) FROM webhook_endpoint", 0)
        got.gate.set()
        await hooks.send()
        assert came(got) == all_of([0], [1, 2, 3])


async def test_what_comes_while_what_it_goes_behind_is_taken_does_not_wait(url: str) -> None:
    async with (
        receiver() as got,
        hooks_on(url) as hooks,
        Outside(url) as outside,
        Outside(url) as looking,
    ):
        id_ = await was_down(hooks, got, conversations=1, versions=2)
        got.behave = lambda _: OK
        await is_back(hooks, outside)
        first = (await waiting(hooks, id_))[-1]
        assert await hooks.managed.send_now(id_, actor=ADMIN, delivery=first.id) == 1
        row = leaving(0, 3, at=hooks.clock())
        await hooks.leave(row)
        # It has seen what it goes behind, and comes no further.
        await outside.run("BEGIN")
        await outside.run(SAME_ID, row.bucket, derived_id("delivery", id_, row.id))
        fanning = asyncio.create_task(hooks.fanning.run())
        await looking.until(LOCKED_OUT, 1)
        await hooks.sending.run()
        await looking.until(f"SELECT ({LOCKED_OUT}) + ({TAKEN})", 2)
        await outside.run("ROLLBACK")
        await within(fanning)
        await hooks.sending.rest()
        await hooks.send()
        assert came(got) == all_of([0], [1, 2, 3])


async def test_what_is_not_taken_keeps_its_turn_however_often_one_asks(url: str) -> None:
    async with receiver() as got, hooks_on(url) as hooks, Outside(url) as outside:
        id_ = await was_down(hooks, got)
        before = await outside.rows(SCHEDULE)
        assert {attempts for _, version, attempts, _ in before if version == 1} == {5}
        for times in range(1, 13):
            assert await hooks.managed.send_now(id_, actor=ADMIN) == 9
            hooks.clock.jump(hooks.clock() + timedelta(seconds=1))
            await hooks.send()
            assert Counter(request.id for request in got.got).most_common()[-1][1] == times
            assert len(got.got) == 3 * times
            assert await outside.rows(SCHEDULE) == before
        # When its turn has come it counts as ever.
        hooks.clock.jump(max(next_at for *_, next_at in before))
        await hooks.send()
        after = await outside.rows(SCHEDULE)
        assert {attempts for _, version, attempts, _ in after if version == 1} == {6}
        assert min(next_at for *_, next_at in after) > hooks.clock()


async def test_is_given_up_when_it_would_have_been_and_not_before(url: str) -> None:
    async with receiver() as got, hooks_on(url) as hooks, Outside(url) as outside:
        got.behave = fails
        id_ = (await hooks.add(got.url)).endpoint.id
        await hooks.leave(leaving())
        await hooks.send()
        turns = 1
        while await outside.value(WAITING):
            (one,) = await waiting(hooks, id_)
            hooks.clock.jump(hooks.clock() + (one.next_at - hooks.clock()) / 2)
            assert await hooks.managed.send_now(id_, actor=ADMIN) == 1
            await hooks.send()
            hooks.clock.jump(one.next_at)
            await hooks.send()
            turns += 1
        assert turns == len(PAUSES_SECONDS) + 1
        assert len(got.got) == 2 * turns - 1
        assert hooks.clock() - START <= timedelta(days=3)
        assert await outside.rows(STANDING) == [("failed", 1)]


async def test_one_goes_at_once_with_what_it_waits_for_and_no_other(url: str) -> None:
    async with receiver() as got, hooks_on(url) as hooks, Outside(url) as outside:
        id_ = await was_down(hooks, got)
        got.behave = lambda _: OK
        await is_back(hooks, outside)
        last = next(
            one
            for one in await waiting(hooks, id_)
            if (one.stream, one.version) == (conversation(1), 3)
        )
        assert await hooks.managed.send_now(id_, actor=ADMIN, delivery=last.id) == 1
        assert await hooks.managed.send_now(id_, actor=ADMIN, delivery=last.id) == 0
        await hooks.send()
        assert came(got) == all_of([1], [1, 2, 3])
        assert await outside.value(WAITING) == 6


@pytest.mark.parametrize("down", [False, True])
async def test_what_was_never_tried_and_waits_alone_takes_what_is_behind_it_along(
    url: str, down: bool
) -> None:
    """As where what it was put behind had ended in the same moment."""
    async with receiver() as got, hooks_on(url) as hooks, Outside(url) as outside:
        id_ = (await hooks.add(got.url)).endpoint.id
        await hooks.leave(leaving(1, 1), leaving(1, 2))
        await hooks.fanning.run()
        ahead = START + timedelta(hours=9)
        await outside.run("UPDATE webhook_delivery SET next_at = $1", ahead)
        assert await hooks.managed.send_now(id_, actor=ADMIN) == 2
        if not down:
            await hooks.send()
            assert came(got) == all_of([1], [1, 2])
            return
        got.behave = fails
        await hooks.send()
        ((*_, attempts, next_at), _) = await outside.rows(SCHEDULE)
        assert (attempts, next_at < START + timedelta(seconds=6)) == (1, True), "its first attempt"
        got.behave = lambda _: OK
        await hooks.later(seconds=5)
        assert came(got) == all_of([1], [1, 1, 2])


async def test_says_why_nothing_is_sent(url: str) -> None:
    async with receiver() as got, receiver() as gone, hooks_on(url) as hooks:
        id_ = await was_down(hooks, got, conversations=1, versions=1)
        other = (await hooks.add(gone.url)).endpoint.id
        gone.behave = lambda _: Answer(410)
        (one,) = await waiting(hooks, id_)
        await hooks.leave(leaving(7))
        await hooks.send()

        async def code(endpoint: UUID, delivery: UUID | None = None) -> str:
            found = await hooks.managed.send_now(endpoint, actor=ADMIN, delivery=delivery)
            assert isinstance(found, Refusal), found
            return found.code

        assert await code(other) == "webhook_disabled", "it said that nobody is there any more"
        assert await code(id_, uuid4()) == "delivery_unknown"
        assert await code(uuid4()) == "webhook_unknown"
        (failed,) = await hooks.store.deliveries(other, status=None, before=None, limit=9)
        assert await code(id_, failed.id) == "delivery_unknown", "it is another endpoint's"
        await hooks.managed.enable(other, actor=ADMIN)
        assert await code(other, failed.id) == "delivery_over"
        await hooks.managed.disable(id_, actor=ADMIN, reason="it moves")
        assert await code(id_) == await code(id_, one.id) == "webhook_disabled"
        got.got.clear()
        await hooks.later(hours=1)
        assert got.got == []


async def test_goes_in_parts_where_it_is_more_than_a_part(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_deliveries, "LOOKED_AT_ONCE", 2)
    async with receiver() as got, hooks_on(url) as hooks:
        id_ = await was_down(hooks, got, conversations=7)
        got.behave = lambda _: OK
        assert await hooks.managed.send_now(id_, actor=ADMIN) == 21
        await hooks.send()
        assert came(got) == all_of(range(7), [1, 2, 3])


async def test_however_many_wait_a_statement_reads_and_writes_so_many(url: str) -> None:
    async with hooks_on(url) as hooks, Outside(url) as outside:
        id_ = (await hooks.add("http://127.0.0.1:9/")).endpoint.id
        await outside.run(MANY, id_, START + timedelta(hours=1), 20_000)
        await outside.run("VACUUM ANALYZE webhook_delivery")
        statement = webhook_deliveries._FIRSTS
        for name, value in (
            ("$1", f"'{id_}'"),
            ("$2", f"'{START + timedelta(hours=1, minutes=5)}'::timestamptz"),
            ("$3", f"'{UUID(int=0)}'"),
            ("$4", "500"),
            ("$5", f"'{START}'::timestamptz"),
        ):
            statement = statement.replace(name, value)
        await outside.run("SET enable_hashjoin = off; SET enable_mergejoin = off")
        await outside.run("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan")
        explained = "EXPLAIN (ANALYZE, BUFFERS off, COSTS off, TIMING off) " + statement
        plan = await outside.column(explained)
        read = [_rows_read(line) for line in plan if " on webhook_delivery" in line]
        assert len(read) == 2, plan
        assert max(read) < 600, plan
        assert await hooks.managed.send_now(id_, actor=ADMIN) == COUNTED_MAX
        due = "SELECT count(*) FROM webhook_delivery WHERE next_at <= $1"
        after = await hooks.store.hasten(id_, now=START, after=None)
        assert await outside.value(due, START) == 50
        while after is not None:
            after = await hooks.store.hasten(id_, now=START, after=after)
        assert await outside.value(due, START) == 2_000, "what is behind them waits for them"


def _rows_read(line: str) -> float:
    """How many rows a node of a plan gave, in all its rounds."""
    actual = line.partition("actual rows=")[2].rstrip(")").split(" loops=")
    return float(actual[0]) * int(actual[1])


# ── By itself ────────────────────────────────────────────────────────────────────────────────────


async def test_what_waits_goes_when_its_receiver_is_back(url: str) -> None:
    async with receiver() as got, hooks_on(url) as hooks, Outside(url) as outside:
        await was_down(hooks, got)
        got.behave = lambda _: OK
        await hooks.send()
        assert got.got == [], "nobody knows yet"
        await hooks.leave(leaving(9, at=hooks.clock()))
        await hooks.send()
        assert came(got) == {**all_of(range(3), [1, 2, 3]), **all_of([9], [1])}
        assert await outside.rows(STANDING) == [("taken", 10)]
        assert (hooks.known[0].failures, hooks.known[0].failing_since) == (0, None)


async def test_what_one_receiver_does_not_take_now_and_then_is_left_to_its_turn(url: str) -> None:
    """It was not away: it takes the others."""
    refused = str(conversation(1))

    def picky(request: Request) -> Answer:
        return Answer(400) if request.event["subject"] == refused else OK

    async with receiver(picky) as got, hooks_on(url) as hooks:
        await hooks.add(got.url)
        await hooks.leave(leaving(1))
        await hooks.send()
        for number in range(2, 12):
            await hooks.later(seconds=20)
            await hooks.leave(leaving(number, at=hooks.clock()))
            await hooks.send()
        assert came(got)[refused] == [1, 1], "once at first, once after five seconds"
        assert AWAY_MIN.total_seconds() > 20


async def test_a_receiver_that_comes_and_goes_costs_no_attempts(url: str) -> None:
    """Of what it never takes each is tried once more when it is back, and given up no sooner."""
    refused = str(conversation(0))

    def picky(request: Request) -> Answer:
        return Answer(503) if request.event["subject"] == refused else OK

    async with receiver() as got, hooks_on(url) as hooks:
        id_ = await was_down(hooks, got, conversations=1, versions=1)
        (before,) = await waiting(hooks, id_)
        for number in range(1, 15):
            got.behave = fails
            await hooks.leave(leaving(number, at=hooks.clock()))
            await hooks.send()
            got.behave = picky
            await hooks.later(minutes=6)
        (after,) = await waiting(hooks, id_)
        assert (after.stream, after.attempts) == (conversation(0), before.attempts)
        assert after.next_at == before.next_at > hooks.clock()


async def test_what_a_process_leaves_that_dies_meanwhile_the_next_one_sends(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_deliveries, "LOOKED_AT_ONCE", 2)
    async with receiver() as got, Outside(url) as outside, Outside(url) as looking:
        async with hooks_on(url) as hooks:
            await was_down(hooks, got, conversations=4, versions=1)
            clock = hooks.clock
            got.behave = lambda _: OK
            await hooks.leave(leaving(9, at=clock()))
            await hooks.fanning.run()
            # It comes no further than to the last of them.
            await outside.run("BEGIN")
            await outside.run(LOCK_LAST)
            await hooks.sending.run()
            await hooks.sending.rest()
            await hooks.refresh()
            await hooks.sending.run()
            await outside.until(LATER, 2, clock())
            await within(hooks.sending.close())
            await looking.until(LOCKED_OUT, 0)
            await outside.run("ROLLBACK")
            assert await outside.value(LATER, clock()) == 2
        async with hooks_on(url, clock=clock) as hooks:
            await hooks.send()
            assert await outside.rows(STANDING) == [("taken", 5)]
            assert hooks.known[0].hastens_at is None


def test_five_minutes_are_the_second_pause() -> None:
    assert AWAY_MIN.total_seconds() == PAUSES_SECONDS[1]
