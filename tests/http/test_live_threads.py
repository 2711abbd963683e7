"""A conversation, live: each message once and in order, over every break, for those it is for."""

import asyncio
import json
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx

from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.settings import Settings
from oncedesk.storage.views.readers import Reader
from oncedesk.wiring import build
from tests.http.test_live import stream
from tests.support.engines import party, within
from tests.support.serve_process import Log, ask, serve_process
from tests.support.served import register_signing_keys, served, token

MESSAGES = 1_000
BREAKS = 50
AT_ONCE = 20


def updates_of(contact_told: Any, who: UUID | None = None) -> str:
    """Where a conversation can be followed: by its consumer, or at a desk."""
    conversation = contact_told["conversation"]
    if who is None:
        return f"/v1/help/conversations/{conversation}/updates"
    return f"/v1/desk/cases/{who}/{conversation}/updates"


async def say(client: httpx.AsyncClient, text: str, **more: Any) -> Any:
    said = {"subject": {"kind": "none"}, "text": text, "surface": "shop", "issue": "refund", **more}
    answer = await client.post("/v1/help/contacts", json=said)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_nothing_is_read_behind_what_is_not_known_yet(url: str) -> None:
    async with served(url) as service:
        me = await service.consumer(party(1))
        told = await say(me, "One")
        views, conversation = service.parts.views, UUID(told["conversation"])
        reader = Reader(Actor(Role.CONSUMER, party(1)))
        seen = await views.cases.conversation(
            reader=reader, consumer=party(1), conversation=conversation
        )
        # A second case, and then more in the first: whoever is shown that asks from behind it.
        await say(me, "Two", fresh=True)
        await say(me, "Three", case=1)
        found = await views.thread.page(reader=reader, seen=seen, after=0, limit=10)
        assert [one.text for one in found] == ["One"]
        chapter = await views.story.of_thread(seen=seen, after=0, limit=10)
        assert [one.version for one in chapter.told] == [seen.version]


async def test_consumer_and_desk_read_each_other_as_they_write(url: str) -> None:
    async with served(url) as service:
        me = await service.consumer(party(1))
        told = await say(me, "还没到")
        agent = await service.agent(PLATFORM)
        case = f"/v1/desk/cases/{party(1)}/{told['conversation']}/1"
        async with (
            stream(me, updates_of(told)) as mine,
            stream(agent, updates_of(told, party(1))) as theirs,
        ):
            for one in (mine, theirs):
                assert (await one.until("message"))["text"] == "还没到"
                assert (await one.until("conversation"))["version"] == told["version"]
            note = {"audience": "internal", "text": "看一下物流"}
            assert (await agent.post(f"{case}/messages", json=note)).status_code == 200
            answer = {"audience": "consumer", "text": "今天送到"}
            assert (await agent.post(f"{case}/messages", json=answer)).status_code == 200
            assert (await theirs.until("message"))["text"] == "看一下物流"
            assert (await theirs.until("message"))["text"] == "今天送到"
            # The note is nothing for the consumer: not its text, not that there is one.
            assert (await mine.until("message"))["text"] == "今天送到"
            assert "agent" not in await mine.until("conversation")


async def test_it_goes_on_from_the_last_event_that_was_received(url: str) -> None:
    async with served(url) as service:
        me = await service.consumer(party(1))
        told = [await say(me, text) for text in ("a", "b", "c")]
        async with stream(me, updates_of(told[0])) as live:
            assert [(await live.until("message"))["text"] for _ in range(3)] == ["a", "b", "c"]
        me.headers["last-event-id"] = str(told[1]["version"])
        async with stream(me, updates_of(told[0])) as live:
            assert (await live.until("message"))["text"] == "c"


async def test_from_what_has_not_happened_it_begins_anew(url: str) -> None:
    """As after a restore: the page has seen more than there is, and not what came instead."""
    async with served(url) as service:
        me = await service.consumer(party(1))
        told = [await say(me, text) for text in ("a", "b")]
        me.headers["last-event-id"] = str(told[1]["version"] + 1)
        async with stream(me, updates_of(told[0])) as live:
            assert [(await live.until("message"))["text"] for _ in range(2)] == ["a", "b"]
            await say(me, "c")
            assert (await live.until("message"))["text"] == "c"


async def test_a_position_that_is_none_is_refused(url: str) -> None:
    async with served(url) as service:
        me = await service.consumer(party(1))
        told = await say(me, "a")
        for wrong in ("abc", "-1", "9" * 12, "1 2"):
            answer = await me.get(updates_of(told), headers={"last-event-id": wrong})
            assert (answer.status_code, answer.json()["field"]) == (422, "Last-Event-ID")


async def test_anothers_conversation_looks_as_if_there_were_none(url: str) -> None:
    async with served(url) as service:
        me, other = await service.consumer(party(1)), await service.consumer(party(2))
        told = await say(me, "a")
        stranger = await service.agent(Desk(DeskKind.MERCHANT, uuid4()))
        for client, path in (
            (other, updates_of(told)),
            (stranger, updates_of(told, party(1))),
        ):
            foreign = await client.get(path)
            nothing = await client.get(path.replace(told["conversation"], str(uuid4())))
            assert foreign.status_code == nothing.status_code == 404
            assert foreign.json() == nothing.json()


async def test_a_backlog_longer_than_one_look_comes_whole(url: str) -> None:
    async with served(url, rate_person=1_000_000) as service:
        me = await service.consumer(party(1))
        told = [await say(me, f"{number}") for number in range(230)]
        async with stream(me, updates_of(told[0])) as live:
            got = [(await live.until("message"))["text"] for _ in range(230)]
            assert got == [f"{number}" for number in range(230)]
            assert (await live.until("conversation"))["version"] == told[-1]["version"]


@dataclass
class Reading:
    """What one page has received, over all its connections."""

    texts: list[str] = field(default_factory=list)
    position: str = ""
    breaks: int = 0


async def test_a_thousand_messages_over_fifty_breaks_none_missed_none_twice(url: str) -> None:
    """Written through two processes at once; read over connections that break anywhere."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    session = await _signing(url)
    async with serve_process(url) as service, service.client() as writing:
        async with httpx.AsyncClient(base_url=service.url, timeout=60) as page:
            exchanged = await page.post("/v1/help/session", json={"token": session})
            page.headers["authorization"] = f"Bearer {exchanged.json()['token']}"
            log, room = Log(), asyncio.Semaphore(AT_ONCE)

            async def message(number: int) -> None:
                async with room:
                    await ask(
                        writing,
                        "/v1/marketplace/contacts",
                        _contact(f"{number}"),
                        key=f"{number}",
                        log=log,
                    )

            await message(0)
            conversation = log.told["0"]["conversation"]
            reading = Reading()
            reader = asyncio.create_task(
                _read(page, f"/v1/help/conversations/{conversation}/updates", reading, dice)
            )
            await asyncio.gather(*(message(number) for number in range(1, MESSAGES)))
            await within(reader, 180)
        assert reading.breaks >= BREAKS
        by_version = sorted(log.told.items(), key=lambda item: item[1]["version"])
        assert reading.texts == [text for text, _ in by_version]


async def _read(page: httpx.AsyncClient, path: str, reading: Reading, dice: random.Random) -> None:
    """Read until all is there; hang up again and again, also in the middle of an event."""
    while len(reading.texts) < MESSAGES:
        headers = {"last-event-id": reading.position} if reading.position else {}
        left = dice.randrange(1, MESSAGES // BREAKS)
        try:
            async with page.stream("GET", path, headers=headers) as response:
                assert response.status_code == 200
                await _take(response, reading, left)
        except httpx.TransportError:
            pass
        reading.breaks += 1


async def _take(response: httpx.Response, reading: Reading, left: int) -> None:
    """Take whole events only, as a browser does; after so many, no more."""
    name, data, position = "", "", ""
    async for line in response.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            data = line.removeprefix("data: ")
        elif line.startswith("id: "):
            position = line.removeprefix("id: ")
        elif not line and name:
            reading.position = position
            if name == "message":
                reading.texts.append(json.loads(data)["text"])
                left -= 1
            name = ""
            if left <= 0 or len(reading.texts) == MESSAGES:
                return


def _contact(text: str) -> dict[str, Any]:
    return {
        "consumer": str(party(1)),
        "subject": {"kind": "none"},
        "text": text,
        "market": "cn",
        "channel": "app_chat",
        "surface": "shop",
        "issue": "refund",
    }


async def _signing(url: str) -> str:
    """A token of the marketplace's for the first consumer."""
    async with build(url, settings=Settings(home=Path("/nowhere"), database_url=url)) as parts:
        await register_signing_keys(parts)
    return token(party(1))
