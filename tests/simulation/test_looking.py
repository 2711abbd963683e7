"""What the checks at the end read, and how they leave the database's connections."""

from datetime import UTC, datetime

import pytest

from oncedesk.domain.parties.messages import PartyKind
from oncedesk.simulation import standing
from oncedesk.simulation.standing import check_standing
from oncedesk.simulation.tally import Tally
from oncedesk.storage import journal
from oncedesk.storage.journal import EveryNth, PostgresJournal
from tests.support.engines import engine_on, register

AT = datetime(2026, 3, 3, tzinfo=UTC)
ENGINES_OWN = ("enable_seqscan", "enable_hashjoin", "plan_cache_mode", "transaction_timeout")


async def test_a_look_leaves_the_connections_as_the_engine_needs_them(url: str) -> None:
    async with engine_on(url) as rig:

        async def settings() -> list[str]:
            async with rig.pool.acquire() as connection:
                return [await connection.fetchval(f"SHOW {name}") for name in ENGINES_OWN]

        before = await settings()
        await check_standing(rig.pool, Tally(standing.CHECKS), now=AT)

        assert await settings() == before == ["off", "off", "force_generic_plan", "5s"]


@pytest.mark.parametrize("every", [1, 2, 3, 10, 40])
async def test_a_sample_is_every_nth_stream_on_whatever_page(
    url: str, monkeypatch: pytest.MonkeyPatch, every: int
) -> None:
    monkeypatch.setattr(journal, "PAGE", 7)
    async with engine_on(url) as rig:
        await rig.all([register(number, kind=PartyKind.CONSUMER) for number in range(30)])
        reader = PostgresJournal(rig.pool, rig.codec)
        streams = [stream.ref async for stream in reader.streams()]
        some = EveryNth(rig.pool, rig.codec, every=every)
        sample = [stream.ref async for stream in some.streams()]

        assert len(streams) == 30
        assert sample == streams[every - 1 :: every]
