"""Whoever reads everything there is, or a long time of it, may take longer than others."""

from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.settings import Settings
from oncedesk.storage import database, journal
from oncedesk.storage.journal import PostgresJournal, SampledJournal
from oncedesk.storage.ledger import checking, fund
from oncedesk.storage.views import refunds
from oncedesk.storage.views.readers import Reader
from oncedesk.wiring import build
from tests.support.engines import engine_on, register

SLOW = "FROM pg_sleep(1.2), "


async def hurried(url: str) -> "asyncpg.Pool[asyncpg.Record]":
    """Both the driver and the server give up early."""
    return await asyncpg.create_pool(
        url, min_size=1, command_timeout=1.0, server_settings={"transaction_timeout": "1s"}
    )


async def test_the_ledger_is_checked_however_long_it_takes(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "_POSTINGS", checking._POSTINGS.replace("FROM ", SLOW))
    async with engine_on(url) as rig, await hurried(url) as pool:
        assert (await checking.check_ledger(pool, rig.codec)).wrong == ()


async def test_a_stream_is_read_however_long_it_is(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "_ENTRIES", journal._ENTRIES.replace("FROM ", SLOW, 1))
    async with engine_on(url) as rig, await hurried(url) as pool:
        await rig.all([register(1)])
        (found,) = await PostgresJournal(pool, rig.codec).read([register(1).target()])
        assert len(found.entries) == 1


async def test_all_streams_are_found_however_long_they_are(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "_STREAMS", journal._STREAMS.replace("FROM ", SLOW, 1))
    async with engine_on(url) as rig, await hurried(url) as pool:
        await rig.all([register(1)])
        pages = [page async for page in PostgresJournal(pool, rig.codec).pages()]
        assert pages == [[register(1).target()]]
        pages = [page async for page in SampledJournal(pool, rig.codec).pages()]
        assert pages == [[register(1).target()]]


async def test_refunds_and_the_fund_are_told_of_a_long_time(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refunds, "_CLOCK", refunds._CLOCK.replace("FROM ", SLOW, 1))
    monkeypatch.setattr(fund, "_ORDERS", fund._ORDERS.replace("FROM ", SLOW, 1))
    reader = Reader(Actor(role=Role.ADMIN))
    since, until = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)
    async with build(url, settings=Settings(home=Path("/nowhere"))) as parts:
        monkeypatch.setitem(database._READING, "transaction_timeout", "1s")
        await parts.readers.expire_connections()
        assert await parts.readers.fetchval("SHOW transaction_timeout") == "1s"
        views = parts.views
        assert await views.fund.report(reader=reader, since=since, until=until, now=until) == []
        days = await views.refunds.clock(reader=reader, since=since, until=until, limit=9)
        assert days == []
