"""Streams of events: what is looked at stays up to date, for whoever may see it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import httpx
import pytest
from structlog.testing import capture_logs

from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.http import passage
from oncedesk.http.limits.streams import STREAMS_MAX
from oncedesk.http.traffic import Traffic
from oncedesk.storage.live import state_mark
from tests.support.engines import contact, party, within
from tests.support.lines import line_to
from tests.support.served import Served, served

QUEUE = "/v1/desk/inbox/updates"
_NUMBERS = count(1)


class Stream:
    """What comes in on one stream, event by event."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self.headers = response.headers
        self._lines = response.aiter_lines()

    async def event(self) -> tuple[str, Any]:
        """The next event's name and content."""
        name = ""
        async for line in self._lines:
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                return name, json.loads(line.removeprefix("data: "))
        raise EOFError

    async def line(self) -> str:
        """What comes next, whatever it is."""
        line: str = await within(anext(self._lines))
        return line

    async def until(self, name: str) -> Any:
        while True:
            found, data = await within(self.event())
            if found == name:
                return data


@asynccontextmanager
async def stream(client: httpx.AsyncClient, url: str, **params: Any) -> AsyncIterator[Stream]:
    async with client.stream("GET", url, params=params) as response:
        yield Stream(response)


async def write(served: Served, number: int, **said: Any) -> Any:
    """A consumer writes; the answer."""
    answer = await served.parts.engine.submit(
        contact(number, **said), principal="tests", key=f"{next(_NUMBERS)}", actor=MARKETPLACE
    )
    assert answer.accepted, answer
    return answer


async def skill_of(served: Served) -> str:
    """The queue in which the first consumer's case waits."""
    return str(await served.parts.pool.fetchval("SELECT skill FROM inbox LIMIT 1"))


async def test_a_queue_is_shown_and_then_kept_up_to_date(url: str) -> None:
    async with served(url) as service:
        await write(service, 1)
        skill = await skill_of(service)
        agent = await service.agent(PLATFORM)
        async with stream(agent, QUEUE, desk="platform", skill=skill) as live:
            assert live.status == 200
            assert live.headers["content-type"].startswith("text/event-stream")
            assert live.headers["cache-control"] == "no-store"
            first = await live.until("snapshot")
            assert len(first["rows"]) == 1
            await write(service, 2)
            row = await live.until("row")
            assert row["conversation"] != first["rows"][0]["conversation"]
            case = f"/v1/desk/cases/{row['consumer']}/{row['conversation']}/1"
            admin = await service.agent(PLATFORM)
            said = {"audience": "consumer", "text": "在看"}
            assert (await admin.post(f"{case}/messages", json=said)).status_code == 200
            assert (await live.until("row"))["version"] > row["version"]


async def test_a_foreign_desks_queue_is_none(url: str) -> None:
    async with served(url) as service:
        await write(service, 1)
        agent = await service.agent(Desk(DeskKind.MERCHANT, uuid4()))
        answer = await agent.get(QUEUE, params={"desk": "platform", "skill": "refund"})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_nobody_without_a_session_gets_a_stream(url: str) -> None:
    async with served(url) as service:
        stranger = await service.client()
        answer = await stranger.get(QUEUE, params={"desk": "platform", "skill": "refund"})
        assert answer.status_code == 401


async def test_parameters_that_make_no_sense_are_named(url: str) -> None:
    async with served(url) as service:
        agent = await service.agent(PLATFORM)
        wrong: list[dict[str, str | int]] = [
            {"desk": "nowhere", "skill": "refund"},
            {"desk": "platform", "skill": "no such thing"},
            {"desk": "platform", "skill": "refund", "rows": 10_000},
            {"desk": "platform"},
        ]
        for params in wrong:
            answer = await agent.get(QUEUE, params=params)
            assert (answer.status_code, answer.json()["code"]) == (422, "parameter_invalid")


async def test_one_principal_holds_so_many_streams_and_no_more(url: str) -> None:
    async with served(url) as service:
        await write(service, 1)
        agent = await service.agent(PLATFORM)
        held = [
            await service.clients.enter_async_context(
                stream(agent, QUEUE, desk="platform", skill="refund")
            )
            for _ in range(STREAMS_MAX)
        ]
        assert {one.status for one in held} == {200}
        answer = await agent.get(QUEUE, params={"desk": "platform", "skill": "refund"})
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many_streams")


async def test_a_client_that_hangs_up_is_forgotten(url: str) -> None:
    async with served(url) as service:
        agent = await service.agent(PLATFORM)
        for _ in range(STREAMS_MAX + 5):
            async with stream(agent, QUEUE, desk="platform", skill="refund") as live:
                await live.until("snapshot")
        for _ in range(200):
            if not service.parts.live._followers:
                break
            # Each is noticed at the next thing that is sent to it.
            await write(service, next(_NUMBERS))
            await asyncio.sleep(0.05)
        assert not service.parts.live._followers


async def test_a_session_that_ends_ends_its_streams(url: str) -> None:
    async with served(url) as service:
        await write(service, 1)
        skill = await skill_of(service)
        agent = await service.agent(PLATFORM)
        async with stream(agent, QUEUE, desk="platform", skill=skill) as live:
            await live.until("snapshot")
            assert (await agent.delete("/v1/desk/session")).status_code == 204
            await write(service, 2)
            assert (await live.until("ended"))["code"] == "session_ended"


async def test_it_took_as_long_as_until_it_began_however_long_it_went_on(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    took: list[float] = []
    monkeypatch.setattr(passage, "time", SimpleNamespace(perf_counter=lambda: clock[0]))
    monkeypatch.setattr(Traffic, "add", lambda _, area, *, status, seconds: took.append(seconds))
    async with served(url) as service:
        await write(service, 1)
        skill = await skill_of(service)
        agent = await service.agent(PLATFORM)
        before = len(took)
        async with stream(agent, QUEUE, desk="platform", skill=skill) as live:
            await live.until("snapshot")
            clock[0] = 3_600.0
            assert (await agent.delete("/v1/desk/session")).status_code == 204
            await write(service, 2)
            await live.until("ended")
    assert took[before:] == [0.0, 0.0], "the log-out, and then the stream"


async def test_stopping_does_not_wait_for_those_who_look(url: str) -> None:
    async with served(url) as service:
        agent = await service.agent(PLATFORM)
        live = await service.clients.enter_async_context(
            stream(agent, QUEUE, desk="platform", skill="refund")
        )
        await live.until("snapshot")
        await within(service.parts.live.stop())
        with_end = False
        try:
            await live.until("never")
        except (EOFError, httpx.RemoteProtocolError):
            with_end = True
        assert with_end


async def test_a_database_that_is_away_ends_a_stream_and_is_no_bug(url: str) -> None:
    async with line_to(url) as line, served(line.url) as service:
        await write(service, 1)
        conversation = contact(1).target().id
        agent = await service.agent(PLATFORM)
        path = f"/v1/desk/cases/{party(1)}/{conversation}/updates"
        async with stream(agent, path) as live:
            await live.until("conversation")
            with capture_logs() as logs:
                line.down()
                service.parts.live.tell(state_mark(conversation))
                with pytest.raises((EOFError, httpx.RemoteProtocolError)):
                    await live.until("never")
        await line.up()
        told = [one["event"] for one in logs]
        assert "database_away" in told
        assert "request_failed" not in told
        async with stream(agent, path) as live:
            await live.until("conversation")
