"""Whoever reads everything there is may take longer than the engine lets anybody."""

import asyncpg
import pytest

from oncedesk.storage import journal
from oncedesk.storage.journal import PostgresJournal
from oncedesk.storage.ledger import checking
from tests.support.engines import engine_on, register

SLOW = "FROM pg_sleep(0.4), "


async def hurried(url: str) -> "asyncpg.Pool[asyncpg.Record]":
    """Both the driver and the server give up early."""
    return await asyncpg.create_pool(
        url, min_size=1, command_timeout=0.2, server_settings={"transaction_timeout": "200ms"}
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
