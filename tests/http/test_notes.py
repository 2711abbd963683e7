"""Telephone notes, cards and mentions over HTTP: told to those whom they are for, and no more."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from oncedesk.domain.shared.refs import PLATFORM
from tests.http.world import World, the_world
from tests.support.engines import Outside

CALL: dict[str, Any] = {
    "direction": "outbound",
    "number": "+86 138 1234 5678",
    "seconds": 95,
    "text": "Agreed to wait until Friday",
}
RECORDING = "https://calls.example.com/2026/13812345678.wav"


async def thread(world: World, who: str) -> list[Any]:
    path = f"/v1/help/conversations/{world.conversation}" if who == "owner" else world.case_path
    answer = await world.clients[who].get(f"{path}/messages")
    assert answer.status_code == 200, answer.text
    items: list[Any] = answer.json()["items"]
    return items


async def test_a_call_is_noted_with_a_masked_number_and_its_recording(url: str) -> None:
    async with the_world(url) as world, Outside(url) as outside:
        agent = world.clients["agent"]
        noted = await agent.post(
            f"{world.case_path}/1/calls", json={**CALL, "recording": RECORDING}
        )
        assert noted.status_code == 200, noted.text
        (seen,) = [one for one in await thread(world, "agent") if "call" in one]
        assert seen["text"] == CALL["text"]
        assert seen["call"]["direction"] == "outbound"
        assert seen["call"]["number"].endswith("5678")
        assert "1234" not in seen["call"]["number"]
        assert seen["call"]["recording"] == RECORDING
        # It stands between the desks; the consumer, who was there, reads no note of it.
        assert not [one for one in await thread(world, "owner") if "call" in one]
        # The number is kept nowhere but where somebody has put it into a link.
        assert not await outside.value(
            "SELECT count(*) FROM journal WHERE position('13812345678'::bytea IN events) > 0"
            " OR position('13812345678'::bytea IN command) > 0"
        )


async def test_erasing_takes_the_number_and_the_recordings_link_along(url: str) -> None:
    async with the_world(url) as world, Outside(url) as outside:
        agent = world.clients["agent"]
        said = {**CALL, "recording": RECORDING}
        assert (await agent.post(f"{world.case_path}/1/calls", json=said)).status_code == 200
        named = await world.clients["machine"].put(
            f"/v1/marketplace/parties/{world.consumer}",
            json={"kind": "consumer", "market": "cn"},
            headers={"Idempotency-Key": "named"},
        )
        assert named.status_code == 200, named.text
        erased = await world.clients["machine"].post(
            f"/v1/marketplace/parties/{world.consumer}/erasure",
            headers={"Idempotency-Key": "erased"},
        )
        assert erased.status_code == 200, erased.text
        (seen,) = [one for one in await thread(world, "agent") if "call" in one]
        assert seen["text"] is None
        assert seen["call"] == {"direction": "outbound", "seconds": 95}
        for column in ("command", "events"):
            assert not await outside.value(
                f"SELECT count(*) FROM journal WHERE position('5678'::bytea IN {column}) > 0"
            )


@pytest.mark.parametrize(
    "link",
    [
        "http://calls.example.com/1.wav",
        "javascript:alert(1)",
        "https://",
        "https://user:secret@calls.example.com/1.wav",
        "https://calls.example.com/a b",
        "https://calls.example.com/a\nhttps://evil.example",
        'https://calls.example.com/"><script>',
        "https://calls.example.com:0/",
        "https://calls.example.com:99999999/",
        "https://[::1/",
        "//calls.example.com/1.wav",
    ],
)
async def test_a_recording_is_an_https_link(url: str, link: str) -> None:
    async with the_world(url) as world:
        answer = await world.clients["agent"].post(
            f"{world.case_path}/1/calls", json={**CALL, "recording": link}
        )
        assert (answer.status_code, answer.json()["field"]) == (422, "recording"), answer.text


@pytest.mark.parametrize("number", ["", "12", "call me", "138****5678", "+86\n138"])
async def test_a_number_is_one(url: str, number: str) -> None:
    async with the_world(url) as world:
        said = {**CALL, "number": number}
        answer = await world.clients["agent"].post(f"{world.case_path}/1/calls", json=said)
        assert answer.status_code == 422


async def test_a_card_is_shown_to_the_consumer_and_names_what_there_is(url: str) -> None:
    async with the_world(url) as world:
        agent = world.clients["agent"]

        async def shows(order: Any, remedy: int | None = None) -> Any:
            card = {"order": str(order), **({} if remedy is None else {"remedy": remedy})}
            said = {"audience": "consumer", "card": card}
            return await agent.post(f"{world.case_path}/1/messages", json=said)

        assert (await shows(world.order)).status_code == 200
        assert (await shows(world.order, 1)).status_code == 200
        cards = [one["card"] for one in await thread(world, "owner") if "card" in one]
        assert cards == [
            {"kind": "order", "order": str(world.order)},
            {"kind": "remedy", "order": str(world.order), "remedy": 1},
        ]
        unknown = await shows(world.order, 7)
        assert (unknown.status_code, unknown.json()["code"]) == (404, "remedy_unknown")
        assert (await shows(uuid4())).status_code == 404


async def test_a_card_that_is_shown_again_once_it_is_over_gets_its_first_answer(url: str) -> None:
    async with the_world(url) as world:
        agent, about = world.clients["agent"], {"Idempotency-Key": str(uuid4())}
        said = {"audience": "consumer", "card": {"order": str(world.order), "remedy": 1}}
        path = f"{world.case_path}/1/messages"
        first = await agent.post(path, json=said, headers=about)
        assert first.status_code == 200, first.text
        over = await world.clients["owner"].post(
            f"/v1/help/orders/{world.order}/remedies/1/withdrawal"
        )
        assert over.status_code == 200, over.text
        again = await agent.post(path, json=said, headers=about)
        assert (again.status_code, again.json()) == (200, first.json())
        other = await agent.post(path, json=said)
        assert (other.status_code, other.json()["code"]) == (404, "remedy_unknown")


async def test_whoever_is_named_finds_it_and_nobody_else(url: str) -> None:
    async with the_world(url) as world:
        agent, platform = world.clients["agent"], world.clients["platform"]
        colleague_id = uuid4()
        colleague = await world.service.agent(world.desk, agent=colleague_id)
        note = {"audience": "internal", "text": "@Li please", "mentions": [str(colleague_id)]}
        posted = await agent.post(
            f"{world.case_path}/1/messages", json=note, headers={"Idempotency-Key": "once"}
        )
        assert posted.status_code == 200, posted.text
        again = await agent.post(
            f"{world.case_path}/1/messages", json=note, headers={"Idempotency-Key": "once"}
        )
        assert again.headers["idempotent-replayed"] == "true"
        assert (await colleague.get("/v1/desk/list")).json()["mentioned"] is True
        assert (await agent.get("/v1/desk/list")).json()["mentioned"] is False
        (mine,) = (await colleague.get("/v1/desk/mentions")).json()["items"]
        assert mine["message"] == posted.json()["command_id"]
        assert (mine["case"], mine["by"], mine["agent"]) == (1, "agent", str(world.agent))
        assert "text" not in mine
        for client in (agent, platform):
            assert (await client.get("/v1/desk/mentions")).json()["items"] == []
            read = await client.post("/v1/desk/mentions/read", json={"messages": [mine["message"]]})
            assert read.status_code == 204
        assert len((await colleague.get("/v1/desk/mentions")).json()["items"]) == 1
        await colleague.post("/v1/desk/mentions/read", json={"messages": [mine["message"]]})
        assert (await colleague.get("/v1/desk/mentions")).json()["items"] == []
        every = (await colleague.get("/v1/desk/mentions", params={"show": "all"})).json()["items"]
        assert every[0]["read_at"]


async def test_whoever_has_left_the_desk_is_told_of_none_there(url: str) -> None:
    async with the_world(url) as world:
        colleague_id = uuid4()
        colleague = await world.service.agent(world.desk, agent=colleague_id)
        note = {"audience": "internal", "text": "@Li please", "mentions": [str(colleague_id)]}

        async def told(client: httpx.AsyncClient) -> tuple[int, bool]:
            page = {"show": "all", "limit": "1"}
            found = (await client.get("/v1/desk/mentions", params=page)).json()["items"]
            return len(found), (await client.get("/v1/desk/list")).json()["mentioned"]

        for _ in range(2):
            posted = await world.clients["agent"].post(f"{world.case_path}/1/messages", json=note)
            assert posted.status_code == 200, posted.text
        assert await told(colleague) == (1, True)
        left = await world.clients["admin"].post(
            f"/v1/admin/agents/{colleague_id}/memberships/end", json={"desk": str(world.desk)}
        )
        assert left.status_code == 200, left.text
        # A session of before that is remembered as of this desk for some seconds.
        late = await world.service.log_in(f"{colleague_id}@example.com")
        assert (await late.get(world.case_path)).status_code == 404
        assert await told(late) == (0, False)


async def test_nobody_is_named_who_could_not_read_it(url: str) -> None:
    async with the_world(url) as world, Outside(url) as outside:
        agent = world.clients["agent"]
        stranger = uuid4()
        await world.service.agent(PLATFORM, agent=stranger)
        for named in (stranger, uuid4()):
            note = {"audience": "internal", "text": "@you", "mentions": [str(named)]}
            answer = await agent.post(f"{world.case_path}/1/messages", json=note)
            assert (answer.status_code, answer.json()["code"]) == (422, "mention_unknown")
        assert await outside.value("SELECT count(*) FROM mention") == 0


async def test_colleagues_are_known_to_each_other_only(url: str) -> None:
    async with the_world(url) as world:
        other = uuid4()
        await world.service.agent(world.desk, agent=other)
        desk = {"desk": str(world.desk)}
        known = (await world.clients["agent"].get("/v1/desk/colleagues", params=desk)).json()
        assert {one["agent"] for one in known["items"]} == {str(world.agent), str(other)}
        for who in ("rival", "platform"):
            answer = await world.clients[who].get("/v1/desk/colleagues", params=desk)
            assert answer.status_code == 404
