"""Between the messages: the consumer reads who has it, the desks also how it got there."""

from typing import Any

from tests.http.test_remedies import said
from tests.http.world import MERCHANTS_ISSUE, World, the_world


async def entries(world: World, who: str, query: str = "") -> Any:
    path = f"/v1/help/conversations/{world.conversation}"
    if who not in ("owner", "stranger"):
        path = world.case_path
    answer = await world.clients[who].get(f"{path}/entries{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_take_over_is_told_to_each_in_their_way(url: str) -> None:
    async with the_world(url) as world:
        platform, agent = world.clients["platform"], world.clients["agent"]
        before = (await entries(world, "owner"))["upto"]
        await said(platform, f"{world.case_path}/1/take-over", {"reason": "overdue"})
        told = await entries(world, "owner", f"?after={before}")
        (over,) = [one for one in told["items"] if one["kind"] == "handed_over"]
        assert (over["case"], over["from_desk"], over["to_desk"]) == (1, "merchant", "platform")
        assert over["reason"] == "intervention"
        notices = [one["notice"] for one in told["items"] if one["kind"] == "notice"]
        assert "taken_over" in notices
        assert told["more"] is False
        (seen,) = [
            one for one in (await entries(world, "agent"))["items"] if one["kind"] == "handed_over"
        ]
        assert (seen["from_desk"], seen["to_desk"]) == (str(world.desk), "platform")
        versions = [one["version"] for one in (await entries(world, "platform"))["items"]]
        assert versions == sorted(versions)
        messages = await agent.get(f"{world.case_path}/messages")
        assert {one["version"] for one in messages.json()["items"]} & set(versions)


async def test_a_case_begins_with_who_has_it_first(url: str) -> None:
    async with the_world(url) as world:
        opened = [
            (one["case"], one["reason"], one["to_desk"])
            for one in (await entries(world, "owner"))["items"]
            if one["kind"] == "opened"
        ]
        assert opened == [(1, MERCHANTS_ISSUE, "merchant"), (2, "regulator", "platform")]
        # The other case is none of the merchant's.
        assert {one["case"] for one in (await entries(world, "agent"))["items"]} == {1}


async def test_what_desks_ask_each_other_is_not_the_consumers(url: str) -> None:
    async with the_world(url) as world:
        asked = {"desk": "platform", "mode": "stay", "text": "Please help"}
        await said(world.clients["agent"], f"{world.case_path}/1/referral", asked)
        kinds = {one["kind"] for one in (await entries(world, "agent"))["items"]}
        assert "referred" in kinds
        theirs = await entries(world, "owner")
        assert "referred" not in {one["kind"] for one in theirs["items"]}
        assert all("agent" not in one for one in theirs["items"])
        assert str(world.merchant) not in str(theirs)


async def test_it_goes_on_from_a_version(url: str) -> None:
    async with the_world(url) as world:
        whole = await entries(world, "owner")
        first = await entries(world, "owner", "?limit=1")
        assert first["more"] is True
        rest = await entries(world, "owner", f"?after={first['upto']}")
        assert first["items"] + rest["items"] == whole["items"]
        assert (await entries(world, "owner", f"?after={whole['upto']}"))["items"] == []


async def test_others_read_nothing(url: str) -> None:
    async with the_world(url) as world:
        for who, path in (
            ("stranger", f"/v1/help/conversations/{world.conversation}"),
            ("rival", world.case_path),
        ):
            answer = await world.clients[who].get(path + "/entries")
            assert answer.status_code == 404
