"""What the gate makes of messages, as each of their readers and their authors meets it."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from oncedesk.domain.shared.refs import Desk, DeskKind
from tests.http.test_live import stream
from tests.http.world import World, open_desk, the_world
from tests.support.pictures import qr_picture

CLEAR = "我的电话是13812345678，请回电"
MASKED = "我的电话是138****5678，请回电"


async def consumer_says(world: World, text: str, **more: Any) -> Any:
    subject = {"kind": "order", "id": str(world.order), "part": 1}
    answer = await world.clients["owner"].post(
        "/v1/help/contacts", json={"subject": subject, "text": text, "case": 1, **more}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def ask_creator(world: World, creator: UUID) -> None:
    """A creator's desk is asked about the merchant's case; `creator` is somebody there."""
    desk = Desk(DeskKind.CREATOR, creator)
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
    creator = uuid4()
    async with the_world(url, creator=creator) as world:
        await ask_creator(world, creator)
        await consumer_says(world, CLEAR)
        answer = await world.clients[who].get(where(world, who) + "/messages")
        shown = [one["text"] for one in answer.json()["items"]]
        assert shown[-1] == (CLEAR if who == "owner" else MASKED)
        assert ("13812345678" in answer.text) == (who == "owner")


@pytest.mark.parametrize("who", ["owner", "agent", "creator", "platform", "admin"])
async def test_whoever_watches_reads_the_same(url: str, who: str) -> None:
    creator = uuid4()
    async with the_world(url, creator=creator) as world:
        await ask_creator(world, creator)
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


async def flag(world: World) -> Any:
    """The merchant's agent shows other desks a code that leads elsewhere; the answer."""
    agent, code = world.clients["agent"], qr_picture("https://u.wechat.com/abc")
    brought = await agent.post(f"{world.case_path}/attachments", content=code)
    assert brought.status_code == 200, brought.text
    said = {"audience": "desks", "text": "看", "attachments": [brought.json()["id"]]}
    answer = await agent.post(f"{world.case_path}/1/messages", json=said)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_only_those_who_review_know_what_was_flagged(url: str) -> None:
    async with the_world(url) as world:
        assert (await flag(world))["events"] == ["MessagePosted"]
        for who, knows in (("platform", True), ("admin", True), ("agent", False)):
            client = world.clients[who]
            shown = (await client.get(f"{world.case_path}/messages")).json()["items"][-1]
            assert (shown["text"], shown.get("flagged", False)) == ("看", knows)
            stands = (await client.get(world.case_path)).json()
            assert stands.get("flags", 0) == (1 if knows else 0)
            story = (await client.get(f"{world.case_path}/story")).text
            assert ("MessageFlagged" in story) == knows
            assert ("cn/gate/" in story) == knows
        for who in ("agent", "rival"):
            assert (await world.clients[who].get("/v1/desk/flags")).status_code == 404


async def test_what_is_flagged_is_listed_in_pages_until_it_was_reviewed(url: str) -> None:
    async with the_world(url) as world:
        person = f"/v1/admin/agents/{world.agent}/person"
        called = await world.clients["admin"].put(person, json={"name": "Li Lei"})
        assert called.status_code == 200, called.text
        messages = [(await flag(world))["command_id"] for _ in range(3)]
        reviewer, review = world.clients["platform"], f"{world.case_path}/flags/review"
        listed, cursor = [], None
        while True:
            query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
            page = (await reviewer.get("/v1/desk/flags", params=query)).json()
            listed += page["items"]
            cursor = page.get("next")
            if cursor is None:
                break
        assert [one["message"] for one in listed] == messages
        assert {one["agent"] for one in listed} == {str(world.agent)}
        assert {one["name"] for one in listed} == {"Li Lei"}
        assert all(one["kinds"] and one["rules"] for one in listed)
        foreign = await world.clients["agent"].post(review, json={"seen": 3, "outcome": "cleared"})
        assert foreign.status_code == 403
        early = await reviewer.post(review, json={"seen": 2, "outcome": "upheld"})
        assert (early.status_code, early.json()["code"]) == (409, "flags_changed")
        done = await reviewer.post(review, json={"seen": 3, "outcome": "upheld"})
        assert done.status_code == 200, done.text
        assert (await reviewer.get("/v1/desk/flags")).json()["items"] == []
