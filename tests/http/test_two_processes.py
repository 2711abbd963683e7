"""Two serving processes on one database and one port: what one client does meets both of them."""

import asyncio
import os
import random
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.support.engines import Outside, party
from tests.support.serve_process import Log, ServeProcess, ask, serve_process

CONTACTS = "/v1/marketplace/contacts"
TAPS = 1_000
KILLS = int(os.environ.get("ONCEDESK_CRASH_KILLS", "8"))
CONSUMERS = 50
AT_ONCE = 64

TWICE = "SELECT command_id FROM journal GROUP BY command_id HAVING count(*) > 1"
LOST_OR_DOUBLED = """
SELECT a.id, count(j.command_id) FROM acknowledged a
LEFT JOIN journal j ON j.command_id = a.id AND j.stream = a.stream AND j.version = a.version
GROUP BY a.id HAVING count(j.command_id) <> 1
"""
UNEVEN = """
SELECT s.id FROM state s JOIN journal j ON j.stream = s.id GROUP BY s.id, s.version
HAVING count(*) <> s.version OR max(j.version) <> s.version OR min(j.version) <> 1
"""
UNHEARD = """
SELECT j.command_id FROM journal j LEFT JOIN message m ON m.bucket = j.bucket
AND m.conversation = j.stream AND m.version = j.version
WHERE j.kind = 'conversation' AND j.actor = 'marketplace' AND m.id IS NULL
"""


def contact(number: int, text: str) -> dict[str, Any]:
    return {
        "consumer": str(party(number)),
        "subject": {"kind": "none"},
        "text": text,
        "market": "cn",
        "channel": "app_chat",
        "surface": "shop",
        "issue": "refund",
    }


async def test_a_thousand_double_taps_make_a_thousand_cases(url: str) -> None:
    """Both taps of a consumer are under way at once, each on a connection of its own."""
    log = Log()
    room = asyncio.Semaphore(AT_ONCE)
    async with serve_process(url) as service, service.client() as client, Outside(url) as outside:
        assert len(service.serving()) == 2

        async def tap(number: int, finger: str) -> None:
            async with room:
                await ask(
                    client, CONTACTS, contact(number, finger), key=f"{number}{finger}", log=log
                )

        await asyncio.gather(*(tap(number, finger) for number in range(TAPS) for finger in "ab"))
        assert len(log.told) == 2 * TAPS
        assert {told["case"] for told in log.told.values()} == {1}
        opened = [told for told in log.told.values() if told["opened"]]
        assert len(opened) == len({told["conversation"] for told in opened}) == TAPS
        assert await outside.value("SELECT count(*) FROM inbox") == TAPS
        assert await outside.value("SELECT count(*) FROM message") == 2 * TAPS
        assert await outside.rows(TWICE) == []
        assert service.stop() == 0


@pytest.mark.slow
async def test_nothing_acknowledged_is_lost_or_doubled_by_kills(url: str) -> None:
    """Those that serve are killed again and again; clients repeat what was not answered."""
    seed = int(os.environ.get("ONCEDESK_CRASH_SEED", "0")) or random.randrange(1, 2**32)
    print(f"seed {seed}")
    dice, log = random.Random(seed), Log()
    async with serve_process(url) as service, service.client() as client:
        killing = asyncio.create_task(_kill(service, dice))
        asking = [
            asyncio.create_task(_keep_asking(client, worker, killing, log, random.Random(seed)))
            for worker in range(AT_ONCE)
        ]
        await asyncio.gather(killing, *asking)
        print(f"{len(log.told)} contacts acknowledged, asked again {log.asked_again} times")
        assert service.stop() == 0
    assert log.asked_again > 0, "nobody was interrupted"
    await _compare(log, url)


async def _kill(service: ServeProcess, dice: random.Random) -> None:
    killed = 0
    while killed < KILLS:
        await asyncio.sleep(dice.uniform(0.2, 1.5))
        killed += service.kill_one(dice.randrange(2))


async def _keep_asking(
    client: httpx.AsyncClient,
    worker: int,
    until: "asyncio.Task[None]",
    log: Log,
    dice: random.Random,
) -> None:
    turn = 0
    while not until.done():
        turn += 1
        key = f"{worker}/{turn}"
        await ask(client, CONTACTS, contact(dice.randrange(CONSUMERS), key), key=key, log=log)


async def _compare(log: Log, url: str) -> None:
    """What the clients were told, with what is there."""
    async with Outside(url) as outside:
        await outside.run("CREATE TEMPORARY TABLE acknowledged (id uuid, stream uuid, version int)")
        rows = [
            (UUID(told["message"]), UUID(told["conversation"]), told["version"])
            for told in log.told.values()
        ]
        assert len({id_ for id_, *_ in rows}) == len(rows)
        await outside.copy("acknowledged", ("id", "stream", "version"), rows)
        for statement in (LOST_OR_DOUBLED, TWICE, UNEVEN, UNHEARD):
            assert await outside.rows(statement) == [], statement
        assert await outside.value("SELECT count(*) FROM message") == len(log.told)
        texts = set(await outside.column("SELECT text FROM message"))
        assert texts == set(log.told)
        assert await outside.value("SELECT count(*) FROM parked") == 0
