"""What a desk sees: its own cases and nothing of the others, and of an order its own part."""

from typing import Any
from uuid import uuid4

from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from tests.http.world import World, open_desk, the_world


async def say(world: World, who: str, case: int, audience: str, text: str) -> Any:
    answer = await world.clients[who].post(
        f"{world.case_path}/{case}/messages", json={"audience": audience, "text": text}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def texts(world: World, who: str, path: str = "") -> list[str]:
    where = path or f"{world.case_path}/messages"
    answer = await world.clients[who].get(where)
    assert answer.status_code == 200, answer.text
    return [one["text"] for one in answer.json()["items"]]


async def test_a_merchants_agent_sees_the_merchants_case_only(url: str) -> None:
    async with the_world(url) as world:
        seen = (await world.clients["agent"].get(world.case_path)).json()
        assert [case["number"] for case in seen["cases"]] == [1]
        assert seen["cases"][0]["owner"] == str(world.desk)
        every = (await world.clients["platform"].get(world.case_path)).json()
        assert [case["number"] for case in every["cases"]] == [1, 2]
        assert every["cases"][1]["owner"] == "platform"
        story = (await world.clients["agent"].get(f"{world.case_path}/story")).json()
        told = [event for one in story["items"] for event in one["events"]]
        assert {event["case"] for event in told if "case" in event} == {1}
        assert "ReceiveContact" in {one["command"] for one in story["items"]}
        assert all("digest" not in event for event in told)
        # The consumer's second contact came to nothing in the merchant's case.
        assert len(story["items"]) == 1


async def test_messages_go_to_whom_they_are_meant_for(url: str) -> None:
    async with the_world(url) as world:
        await say(world, "agent", 1, "consumer", "It is on its way")
        await say(world, "agent", 1, "desks", "The carrier lost it")
        await say(world, "agent", 1, "internal", "Careful with this one")
        await say(world, "platform", 1, "desks", "Please hurry")
        await say(world, "platform", 1, "internal", "Watch this merchant")
        await say(world, "platform", 2, "consumer", "We are looking into it")
        help_path = f"/v1/help/conversations/{world.conversation}/messages"
        asked = ["Where is it?", "Where is it?"]
        assert await texts(world, "owner", help_path) == [
            *asked,
            "It is on its way",
            "We are looking into it",
        ]
        assert await texts(world, "agent") == [
            "Where is it?",
            "It is on its way",
            "The carrier lost it",
            "Careful with this one",
            "Please hurry",
        ]
        assert await texts(world, "platform") == [
            *asked,
            "It is on its way",
            "The carrier lost it",
            "Please hurry",
            "Watch this merchant",
            "We are looking into it",
        ]
        assert len(await texts(world, "admin")) == 8


async def test_reads_on_from_a_version(url: str) -> None:
    async with the_world(url) as world:
        path = f"/v1/help/conversations/{world.conversation}/messages"
        first = (await world.clients["owner"].get(path, params={"limit": 1})).json()
        assert first["more"] is True
        rest = (await world.clients["owner"].get(path, params={"after": first["upto"]})).json()
        assert rest["more"] is False
        assert [one["case"] for one in (*first["items"], *rest["items"])] == [1, 2]
        after = {"after": rest["upto"]}
        nothing = (await world.clients["owner"].get(path, params=after)).json()
        assert nothing == {"items": [], "upto": rest["upto"], "more": False}


async def test_a_desk_that_was_asked_or_had_it_once_goes_on_seeing_it(url: str) -> None:
    async with the_world(url) as world:
        creator = Desk(DeskKind.CREATOR, uuid4())
        await open_desk(world.service, creator)
        world.clients["creator"] = await world.service.agent(creator)
        assert (await world.clients["creator"].get(world.case_path)).status_code == 404
        referred = await world.clients["agent"].post(
            f"{world.case_path}/1/referral",
            json={"desk": str(creator), "mode": "stay", "text": "What did you promise?"},
        )
        assert referred.status_code == 200, referred.text
        seen = await world.clients["creator"].get(world.case_path)
        assert [case["number"] for case in seen.json()["cases"]] == [1]
        asked = await world.clients["creator"].get(
            "/v1/desk/inbox", params={"desk": str(creator), "skill": "referral"}
        )
        assert [row["case"] for row in asked.json()["items"]] == [1]
        taken = await world.clients["platform"].post(
            f"{world.case_path}/1/take-over", json={"reason": "overdue"}
        )
        assert taken.status_code == 200, taken.text
        for who in ("agent", "creator"):
            again = (await world.clients[who].get(world.case_path)).json()
            assert again["cases"][0]["owner"] == str(PLATFORM)


async def test_of_an_order_a_merchant_sees_the_own_part_without_payments(url: str) -> None:
    async with the_world(url) as world:
        path = f"/v1/desk/orders/{world.consumer}/{world.order}"
        seen = (await world.clients["agent"].get(path)).json()
        assert [part["number"] for part in seen["parts"]] == [1]
        assert "payments" not in seen
        assert (await world.clients["rival"].get(path)).status_code == 404
        whole = (await world.clients["owner"].get(f"/v1/help/orders/{world.order}")).json()
        (payment,) = whole["payments"]
        assert (payment["method"], payment["amount_minor"]) == ("wallet", 9900)


async def test_inbox_and_queues_are_the_desks_own(url: str) -> None:
    async with the_world(url) as world:
        mine = {"desk": str(world.desk)}
        queues = await world.clients["agent"].get("/v1/desk/queues", params=mine)
        (queue,) = queues.json()["items"]
        assert queue["waiting"] == 1
        params = {**mine, "skill": queue["skill"]}
        rows = (await world.clients["agent"].get("/v1/desk/inbox", params=params)).json()["items"]
        assert [(row["conversation"], row["case"]) for row in rows] == [
            (str(world.conversation), 1)
        ]
        for path in ("/v1/desk/queues", "/v1/desk/inbox"):
            for who in ("rival", "platform"):
                refused = await world.clients[who].get(path, params=params)
                assert refused.status_code == 404
