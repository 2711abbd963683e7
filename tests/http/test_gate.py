"""What the gate makes of messages, as each of their readers and their authors meets it."""

from typing import Any
from uuid import uuid4

import pytest

from oncedesk.domain.shared.refs import Desk, DeskKind
from tests.http.test_live import stream
from tests.http.world import World, open_desk, the_world

CLEAR = "我的电话是13812345678，请回电"
MASKED = "我的电话是138****5678，请回电"


async def consumer_says(world: World, text: str, **more: Any) -> Any:
    subject = {"kind": "order", "id": str(world.order), "part": 1}
    answer = await world.clients["owner"].post(
        "/v1/help/contacts", json={"subject": subject, "text": text, "case": 1, **more}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def ask_creator(world: World) -> None:
    """A creator's desk is asked about the merchant's case; `creator` is somebody there."""
    desk = Desk(DeskKind.CREATOR, uuid4())
    await open_desk(world.service, desk)
    world.clients["creator"] = await world.service.agent(desk)
    asked = {"desk": str(desk), "mode": "stay", "text": "What did you promise?"}
    answer = await world.clients["agent"].post(f"{world.case_path}/1/referral", json=asked)
    assert answer.status_code == 200, answer.text


def where(world: World, who: str) -> str:
    """Where this reader finds the conversation."""
    if who == "owner":
        return f"/v1/help/conversations/{world.conversation}"
    if who == "machine":
        return f"/v1/marketplace/consumers/{world.consumer}/conversations/{world.conversation}"
    return world.case_path


@pytest.mark.parametrize("who", ["owner", "agent", "creator", "platform", "admin", "machine"])
async def test_all_but_the_consumer_read_it_masked(url: str, who: str) -> None:
    async with the_world(url) as world:
        await ask_creator(world)
        await consumer_says(world, CLEAR)
        answer = await world.clients[who].get(where(world, who) + "/messages")
        shown = [one["text"] for one in answer.json()["items"]]
        assert shown[-1] == (CLEAR if who == "owner" else MASKED)
        assert ("13812345678" in answer.text) == (who == "owner")


@pytest.mark.parametrize("who", ["owner", "agent", "creator", "platform", "admin"])
async def test_whoever_watches_reads_the_same(url: str, who: str) -> None:
    async with the_world(url) as world:
        await ask_creator(world)
        async with stream(world.clients[who], where(world, who) + "/updates") as watched:
            await watched.until("conversation")
            await consumer_says(world, CLEAR)
            expected = CLEAR if who == "owner" else MASKED
            assert (await watched.until("message"))["text"] == expected


async def test_a_blocked_message_says_which_words(url: str) -> None:
    async with the_world(url) as world:
        before = await world.service.journal()
        said = "加我微信 shop_888 吧"
        for path, more in (
            ("messages", {"audience": "consumer"}),
            ("question", {}),
        ):
            answer = await world.clients["agent"].post(
                f"{world.case_path}/1/{path}", json={"text": said, **more}
            )
            assert answer.status_code == 422, answer.text
            why = answer.json()
            assert (why["code"], why["field"]) == ("message_blocked", "text")
            assert "cn/gate/messenger" in why["detail"]
            marked = [(one["kind"], said[one["start"] : one["end"]]) for one in why["places"]]
            assert ("messenger", "加我微信") in marked
        shown = await world.clients["owner"].get(where(world, "owner") + "/messages")
        assert "shop_888" not in shown.text
        # That it happened is noted, with the agent; nothing else has changed.
        assert await world.service.journal() <= before + 2
