"""A case's outcome: worked out once it is resolved, completed in place when it closes."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from structlog.testing import capture_logs

from oncedesk.domain.conversations.messages import CasesMerged, WithdrawClaim
from oncedesk.domain.conversations.subjects import NOTHING, conversation_id
from oncedesk.domain.orders.messages import (
    AnnounceShipment,
    OrderedPart,
    PlaceOrder,
    RecordTracking,
    StandardShipping,
)
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.engine.instants import SimulatedClock, play_until, settle
from oncedesk.storage.outcomes.working_out import Outcomes
from tests.support.engines import Outside, Rig, consumer, contact, engine_on, party, register

MORNING = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
WINDOW_OVER = MORNING + timedelta(days=30)
ROW = "SELECT closed_at IS NOT NULL, good FROM outcome WHERE stream = $1"
MARKS = "SELECT count(*) FROM outcome_due"
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND query LIKE $1 AND wait_event_type = 'Lock'
"""
BUYER = 1
CONVERSATION = conversation_id(consumer=party(BUYER), subject=NOTHING)


async def resolved(rig: Rig) -> None:
    """A consumer asked once, and wants nothing more."""
    assert (await rig.submit(register(BUYER))).accepted
    assert (await rig.submit(contact(BUYER), actor=consumer(BUYER))).accepted
    word = WithdrawClaim(consumer=party(BUYER), conversation=CONVERSATION, case=1)
    assert (await rig.submit(word, actor=consumer(BUYER))).accepted
    await settle(rig.engine)


async def made_anew(outside: Outside, outcomes: Outcomes) -> list[tuple[Any, ...]]:
    """The row as the whole history makes it."""
    await outside.run(
        "INSERT INTO outcome_due SELECT bucket, id, kind, version, now() FROM state WHERE id = $1",
        CONVERSATION,
    )
    assert await outcomes.run() == 1
    return await outside.rows("SELECT * FROM outcome WHERE stream = $1", CONVERSATION)


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


async def test_a_history_that_makes_no_sense_holds_up_no_other(url: str) -> None:
    async with engine_on(url, clock=SimulatedClock(MORNING)) as rig, Outside(url) as outside:
        await resolved(rig)
        # As a program of ours would have to be wrong to write it: merged, and never opened.
        events = rig.codec.events_to_bytes([CasesMerged(case=7, into=8, at=MORNING)])
        other = UUID(int=7)
        await outside.run(
            "INSERT INTO journal SELECT (jsonb_populate_record(j, jsonb_build_object("
            "'stream', $1::uuid, 'command_id', $1::uuid))).* FROM journal j "
            "WHERE kind = 'conversation' AND version = 1",
            other,
        )
        await outside.run("UPDATE journal SET events = $2 WHERE stream = $1", other, events)
        await outside.run(
            "INSERT INTO outcome_due SELECT bucket, stream, kind, version, at - interval '1 hour' "
            "FROM journal WHERE stream = $1",
            other,
        )
        with capture_logs() as logs:
            assert await Outcomes(rig.pool, rig.codec).run() == 2
        assert [one["stream"] for one in logs if one["event"] == "outcome_failed"] == [str(other)]
        assert await outside.rows(ROW, CONVERSATION) == [(False, None)]
        assert await outside.value(MARKS) == 0


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
