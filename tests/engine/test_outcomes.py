"""A case's outcome: worked out once it is resolved, completed in place when it closes."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from oncedesk.domain.conversations.messages import CasesMerged, WithdrawClaim
from oncedesk.domain.conversations.subjects import NOTHING, conversation_id
from oncedesk.domain.insight.figures import FigureName
from oncedesk.domain.orders.messages import (
    AnnounceShipment,
    OrderedPart,
    PlaceOrder,
    RecordTracking,
    StandardShipping,
)
from oncedesk.domain.shared.decider import MARKETPLACE, Actor, Role
from oncedesk.domain.shared.refs import Desk, DeskKind
from oncedesk.engine.instants import SimulatedClock, play_until, settle
from oncedesk.storage.database import Unhurried
from oncedesk.storage.outcomes.figures import Asked, By, Figures, Part
from oncedesk.storage.outcomes.working_out import PAGE, Outcomes
from oncedesk.storage.views.readers import Reader
from tests.support.engines import Outside, Rig, consumer, contact, engine_on, party, register

MORNING = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
WINDOW_OVER = MORNING + timedelta(days=30)
ROW = "SELECT closed_at IS NOT NULL, good FROM outcome WHERE stream = $1 AND kind = 'case'"
MARKS = "SELECT count(*) FROM outcome_due"
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND query LIKE $1 AND wait_event_type = 'Lock'
"""
BUYER = 1
CONVERSATION = conversation_id(consumer=party(BUYER), subject=NOTHING)


async def resolved(rig: Rig, buyer: int = BUYER) -> UUID:
    """A consumer asked once, and wants nothing more; the conversation."""
    conversation = conversation_id(consumer=party(buyer), subject=NOTHING)
    assert (await rig.submit(register(buyer))).accepted
    assert (await rig.submit(contact(buyer), actor=consumer(buyer))).accepted
    word = WithdrawClaim(consumer=party(buyer), conversation=conversation, case=1)
    assert (await rig.submit(word, actor=consumer(buyer))).accepted
    await settle(rig.engine)
    return conversation


async def made_anew(outside: Outside, outcomes: Outcomes) -> list[tuple[Any, ...]]:
    """The row as the whole history makes it."""
    await outside.run(
        "INSERT INTO outcome_due SELECT bucket, id, kind, version, now() FROM state WHERE id = $1",
        CONVERSATION,
    )
    assert await outcomes.run() == 1
    return await outside.rows("SELECT * FROM outcome WHERE stream = $1", CONVERSATION)


async def test_what_ends_now_does_not_wait_for_all_of_the_past(url: str) -> None:
    """As after an upgrade by which everything is worked out anew."""
    async with engine_on(url, clock=SimulatedClock(MORNING)) as rig, Outside(url) as outside:
        await outside.run(
            "INSERT INTO outcome_due SELECT 1, gen_random_uuid(), 'conversation', 1, $1"
            " FROM generate_series(1, $2)",
            MORNING - timedelta(days=300),
            3 * PAGE,
        )
        await resolved(rig)
        assert await Outcomes(rig.pool, rig.codec).run() == PAGE
        assert await outside.rows(ROW, CONVERSATION) == [(False, None)]


async def test_a_case_that_closes_completes_its_row_without_being_marked(url: str) -> None:
    clock = SimulatedClock(MORNING)
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        outcomes = Outcomes(rig.pool, rig.codec)
        await resolved(rig)
        assert await outcomes.run() == 1
        assert await outside.rows(ROW, CONVERSATION) == [(False, None)]
        await play_until(rig.engine, clock, WINDOW_OVER)
        assert await outside.value(MARKS) == 0
        assert await outside.rows(ROW, CONVERSATION) == [(True, True)]
        found = await outside.rows("SELECT * FROM outcome WHERE stream = $1", CONVERSATION)
        assert await made_anew(outside, outcomes) == found


async def test_one_that_closes_before_its_row_is_there_is_worked_out_with_its_end(url: str) -> None:
    clock = SimulatedClock(MORNING)
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        await resolved(rig)
        await play_until(rig.engine, clock, WINDOW_OVER)
        assert await Outcomes(rig.pool, rig.codec).run() == 1
        assert await outside.rows(ROW, CONVERSATION) == [(True, True)]


async def test_one_that_closes_while_its_row_is_written_is_not_left_open(url: str) -> None:
    """Both wait for the mark, whoever works it out before whoever closes it."""
    clock = SimulatedClock(MORNING)
    async with engine_on(url, clock=clock) as rig, Outside(url) as holder, Outside(url) as outside:
        outcomes = Outcomes(rig.pool, rig.codec)
        await resolved(rig)
        await holder.run("BEGIN")
        await holder.rows("SELECT 1 FROM outcome_due FOR UPDATE")
        working = asyncio.create_task(outcomes.run())
        await outside.until(WAITING, 1, "%DELETE FROM outcome_due%")
        closing = asyncio.create_task(play_until(rig.engine, clock, WINDOW_OVER))
        await outside.until(WAITING, 1, "%UPDATE outcome_due%")
        await holder.run("ROLLBACK")
        await asyncio.gather(working, closing)
        await outcomes.run_all()
        assert await outside.rows(ROW, CONVERSATION) == [(True, True)]


async def test_a_promise_that_was_not_kept_after_all_is_not_counted(url: str) -> None:
    clock = SimulatedClock(MORNING)
    order, shipment = UUID(int=2), UUID(int=3)
    about: dict[str, Any] = {"consumer": party(BUYER), "order": order}
    part = OrderedPart(merchant=party(9), promises=(StandardShipping(),))
    place = PlaceOrder(
        **about, market="cn", placed_at=MORNING, timezone="Asia/Shanghai", currency="CNY",
        parts=(part,),
    )  # fmt: skip
    kept = "SELECT count(*) FROM outcome WHERE kind = 'promise' AND good"
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        outcomes = Outcomes(rig.pool, rig.codec)
        for command in (
            place,
            AnnounceShipment(**about, part=1, shipment=shipment),
            RecordTracking(**about, shipment=shipment, code="collected", at=MORNING),
        ):
            assert (await rig.submit(command, actor=MARKETPLACE)).accepted
        await outcomes.run_all()
        assert await outside.value(kept) == 1
        voided = RecordTracking(**about, shipment=shipment, code="voided", at=MORNING)
        assert (await rig.submit(voided, actor=MARKETPLACE)).accepted
        assert await outcomes.run_all() == 1
        assert await outside.value(kept) == 0


@pytest.mark.parametrize("readable", [True, False])
async def test_a_state_without_figures_is_told_keeps_its_mark_and_spares_the_rest(
    url: str, readable: bool
) -> None:
    clock = SimulatedClock(MORNING)
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        bad, good = await resolved(rig, 1), await resolved(rig, 2)
        # Cases are merged that were never opened.
        merged = rig.codec.events_to_bytes([CasesMerged(case=8, at=MORNING, into=9)])
        events = merged if readable else merged[:-1]
        await outside.run("UPDATE journal SET events = $2 WHERE stream = $1", bad, events)
        outcomes = Outcomes(rig.pool, rig.codec)
        with capture_logs() as logs:
            assert await outcomes.run_all() == 2
            assert await outcomes.run() == 0
        assert _told(logs) == [("outcome_failed", "conversation", str(bad))]
        assert await outside.column("SELECT DISTINCT stream FROM outcome") == [good]
        assert await outside.column("SELECT stream FROM outcome_due") == [bad]
        # Something happens to it.
        await outside.run("UPDATE outcome_due SET version = version + 1")
        with capture_logs() as logs:
            assert await outcomes.run() == 1
        assert len(_told(logs)) == 1


async def test_a_row_that_cannot_be_stored_spares_the_rest_and_the_next_process_tries_again(
    url: str,
) -> None:
    clock = SimulatedClock(MORNING)
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        bad, good = await resolved(rig, 1), await resolved(rig, 2)
        await outside.run(f"ALTER TABLE outcome ADD CONSTRAINT unfit CHECK (stream <> '{bad}')")
        try:
            with capture_logs() as logs:
                assert await Outcomes(rig.pool, rig.codec).run_all() == 2
        finally:
            await outside.run("ALTER TABLE outcome DROP CONSTRAINT unfit")
        assert _told(logs) == [("outcome_failed", "conversation", str(bad))]
        assert await outside.column("SELECT DISTINCT stream FROM outcome") == [good]
        assert await Outcomes(rig.pool, rig.codec).run_all() == 1
        assert await outside.value(MARKS) == 0
        assert await outside.value("SELECT count(DISTINCT stream) FROM outcome") == 2


def _told(logs: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    return [
        (one["event"], one["kind"], one["stream"]) for one in logs if one["log_level"] == "error"
    ]


OTHERS = """
INSERT INTO outcome (bucket, kind, stream, number, consumer, market, category, desk, at, taken_over,
    worked_seconds, contacts, reason, currency, amount_minor)
SELECT 1, 'case', gen_random_uuid(), 1, $1, 'cn', '', desk, $3, false, 60, 1, 'solved', '', 0
FROM unnest($2::text[]) desk, generate_series(1, $4)
"""


async def test_a_shop_reads_no_more_than_its_own_behind_its_figures(url: str) -> None:
    """Plans are made once for whatever is asked, so a condition has to be there to be used."""
    own, *others = (Desk(DeskKind.MERCHANT, party(number)) for number in range(1_000))
    reader = Reader(Actor(Role.AGENT, party(3)), (own,), (own,))
    asked = Asked(since=date(2026, 3, 1), until=date(2026, 4, 1), timezone="Asia/Shanghai")
    async with engine_on(url) as rig, Outside(url) as outside:
        for desks, rows in (((own,), 3), (others, 20)):
            await rig.pool.execute(OTHERS, party(4), [str(one) for one in desks], MORNING, rows)
        await outside.run("ANALYZE outcome")
        figures = Figures(Unhurried(rig.pool))
        total = await figures.values(
            reader=reader, figure=FigureName.COST_PER_CASE, asked=asked, by=By.TOTAL
        )
        assert [(one.denominator, one.numerator) for one in total] == [(3, 180)]
        behind = await figures.rows(
            reader=reader,
            figure=FigureName.COST_PER_CASE,
            asked=asked,
            part=Part.DENOMINATOR,
            after=None,
            limit=20,
        )
        assert [one.desk for one in behind] == [str(own)] * 3
        async with rig.pool.acquire() as connection:
            made = [
                row["statement"]
                for row in await connection.fetch("SELECT statement FROM pg_prepared_statements")
                if "FROM outcome o" in row["statement"]
            ]
            assert len(made) == 2
            for number, statement in enumerate(made):
                await connection.execute(f"PREPARE figure{number} AS {statement}")
                takes = max(int(one) for one in re.findall(r"\$(\d+)", statement))
                nothing = ", ".join(["NULL"] * takes)
                plan = await connection.fetch(f"EXPLAIN EXECUTE figure{number}({nothing})")
                assert any("outcome_desk" in line for (line,) in plan), plan


@pytest.mark.parametrize(
    ("zone", "day", "first", "hours"),
    [
        # Midnight comes twice, and never.
        ("Atlantic/Azores", date(2026, 10, 25), datetime(2026, 10, 25, 0, tzinfo=UTC), 25),
        ("America/Santiago", date(2026, 9, 6), datetime(2026, 9, 6, 4, tzinfo=UTC), 23),
        ("Asia/Shanghai", date(2026, 9, 6), datetime(2026, 9, 5, 16, tzinfo=UTC), 24),
    ],
)
async def test_a_day_has_all_its_hours_where_the_clock_is_set_at_midnight(
    url: str, zone: str, day: date, first: datetime, hours: int
) -> None:
    async with engine_on(url) as rig:
        for hour in range(-3, hours + 3):
            at = first + timedelta(hours=hour, minutes=30)
            await rig.pool.execute(OTHERS, party(4), ["platform"], at, 1)
        figures = Figures(Unhurried(rig.pool))
        asked = Asked(since=day, until=day + timedelta(days=1), timezone=zone)
        found = await figures.values(
            reader=Reader(Actor(Role.ADMIN, party(3))),
            figure=FigureName.COST_PER_CASE,
            asked=asked,
            by=By.DAY,
        )
        assert [(one.group, one.denominator) for one in found] == [(str(day), hours)]
