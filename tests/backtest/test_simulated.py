"""What happens in a generated marketplace is decided again as it was, all of it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from oncedesk.backtesting.work import Assignment, Slice, look_through
from oncedesk.domain.shared.ids import BUCKETS
from oncedesk.engine.backtest.questions import Reason
from oncedesk.rules.storing import pack_from_bytes, pack_to_bytes, seal
from oncedesk.settings import Settings
from oncedesk.simulation.run import simulate
from oncedesk.storage.packs import SET
from oncedesk.storage.urls import with_database
from tests.support.engines import Outside

SEED = 11
CASES = 100
OURS = "SELECT datname FROM pg_database WHERE datname LIKE 'oncedesk_simulation_%'"


async def played(url: str, home: Path) -> str:
    """The URL of a database in which so many lifecycles were played."""
    async with Outside(url) as outside:
        before = await outside.column(OURS)
        await simulate(Settings(home=home, database_url=url), cases=CASES, seed=SEED, keep=True)
        (name,) = set(await outside.column(OURS)) - set(before)
    return with_database(url, name)


@pytest.fixture
def simulated(url: str, tmp_path: Path) -> Iterator[str]:
    found = asyncio.run(played(url, tmp_path))
    yield found

    async def drop() -> None:
        name = found.split("://", 1)[1].partition("/")[2].partition("?")[0]
        async with Outside(url) as outside:
            await outside.run(f"DROP DATABASE {name} WITH (FORCE)")

    asyncio.run(drop())


@pytest.mark.slow
def test_whatever_happened_its_own_pack_decides_it_so_again(simulated: str) -> None:
    """Also under a pack that changes everything: what differs, its own still decides as it did."""

    async def packs() -> list[bytes]:
        async with Outside(simulated) as outside:
            return await outside.column("SELECT body FROM pack WHERE market <> $1", SET)

    own = asyncio.run(packs())
    pack = next(one for one in map(pack_from_bytes, own) if one.market == "cn")
    work = Assignment(simulated, (pack_to_bytes(pack),), None, tuple(own))
    for name, tally in look_through(work, Slice(0, BUCKETS)).tallies.items():
        assert Reason.NOT_REPRODUCED not in tally.unknown, f"{name}, seed {SEED}"
        assert tally.changed == 0, f"{name}, seed {SEED}"
    other = replace(
        pack,
        clocks={key: replace(one, seconds=one.seconds + 1) for key, one in pack.clocks.items()},
        joining=replace(pack.joining, recontact_window_seconds=60),
        asking=replace(pack.asking, reply_seconds=60),
        promises=replace(pack.promises, ship_by_seconds=1, no_movement_seconds=1),
    )
    work = Assignment(simulated, (pack_to_bytes(seal(other)),), None, tuple(own))
    done = look_through(work, Slice(0, BUCKETS))
    for name, tally in done.tallies.items():
        said = f"{name}, seed {SEED}: {tally.unknown} {tally.failures}"
        assert not tally.failures, said
        assert set(tally.unknown) <= {Reason.PEOPLE, Reason.FOLLOWS, Reason.NOT_COVERED}, said
        if name in ("routing", "waiting", "promising"):
            assert tally.changed > 0.9 * tally.decided >= CASES / 2, said
    assert done.tallies["keeping"].held.total() > 0
