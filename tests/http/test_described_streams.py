"""What streams tell is what the description says of their events, by name and by content."""

from datetime import timedelta
from typing import Any

import httpx
import jsonschema_rs
import msgspec

from oncedesk.engine.running import utc_now
from oncedesk.http.app import description
from tests.http.everything import everything
from tests.http.test_live import Stream, stream
from tests.http.world import World
from tests.support.engines import within

DESCRIBED = msgspec.json.decode(description())
TOLD = {
    one["operationId"]: content["text/event-stream"]["x-events"]
    for methods in DESCRIBED["paths"].values()
    for one in methods.values()
    if "text/event-stream" in (content := one["responses"].get("200", {}).get("content", {}))
}


def examined(operation: str, name: str, told: Any) -> None:
    """Raises `KeyError` for an event of another name, `ValidationError` for other content."""
    whole = {**TOLD[operation][name], "components": DESCRIBED["components"]}
    jsonschema_rs.Draft202012Validator(whole).validate(told)


async def until(live: Stream, operation: str, wanted: str) -> None:
    """Examine what comes, up to an event of this name."""
    name = ""
    while name != wanted:
        name, told = await within(live.event())
        examined(operation, name, told)


async def does(world: World, who: str, method: str, path: str, body: Any = None) -> httpx.Response:
    answer = await world.clients[who].request(method, path, json=body)
    assert answer.is_success, answer.text
    return answer


def test_every_stream_says_what_it_tells() -> None:
    streams = {
        one["operationId"]
        for path, methods in DESCRIBED["paths"].items()
        for one in methods.values()
        if path.endswith("/updates")
    }
    assert TOLD.keys() == streams
    assert len(streams) == 5
    assert all("ended" in events for events in TOLD.values())


async def test_conversations_tell_what_is_described(url: str) -> None:
    async with everything(url) as (world, _):
        case, mine = world.case_path, f"/v1/help/conversations/{world.conversation}"
        async with (
            stream(world.clients["platform"], f"{case}/updates") as desks,
            stream(world.clients["owner"], f"{mine}/updates") as consumers,
        ):
            for live, operation in (desks, "watchCases"), (consumers, "watchMyConversation"):
                await until(live, operation, "message")
                await until(live, operation, "conversation")
            writes = {"doing": "writing", "audience": "consumer"}
            await does(world, "agent", "POST", f"{case}/1/attending", writes)
            await until(desks, "watchCases", "attending")
            await until(consumers, "watchMyConversation", "writing")
            await does(world, "owner", "DELETE", "/v1/help/session")
            said = {"audience": "consumer", "text": "Good day"}
            await does(world, "agent", "POST", f"{case}/1/messages", said)
            await until(desks, "watchCases", "message")
            await until(consumers, "watchMyConversation", "ended")


async def test_lists_tell_what_is_described(url: str) -> None:
    async with everything(url) as (world, names):
        case, desk = world.case_path, {"desk": str(world.desk)}
        queues = await world.clients["agent"].get("/v1/desk/queues", params=desk)
        skill = queues.json()["items"][0]["skill"]
        async with (
            stream(world.clients["agent"], "/v1/desk/inbox/updates", **desk, skill=skill) as queue,
            stream(world.clients["agent"], "/v1/desk/list/updates") as own,
            stream(world.clients["lead"], "/v1/desk/wall/updates", **desk) as wall,
        ):
            await until(queue, "watchQueue", "snapshot")
            await until(own, "watchMyList", "list")
            await until(wall, "watchWall", "snapshot")
            more = {
                "subject": {"kind": "order", "id": str(world.order), "part": 1},
                "text": "And?",
                "case": 1,
            }
            await does(world, "owner", "POST", "/v1/help/contacts", more)
            await until(queue, "watchQueue", "row")
            surge = desk | {"until": (utc_now() + timedelta(hours=1)).isoformat()}
            await does(world, "lead", "PUT", "/v1/desk/surge", surge)
            await until(wall, "watchWall", "desk")
            await does(world, "agent", "PUT", "/v1/desk/me/presence", {"presence": "available"})
            await until(wall, "watchWall", "agent")
            await until(own, "watchMyList", "list")
            await does(world, "platform", "POST", f"{case}/1/take-over", {"reason": "overdue"})
            await until(queue, "watchQueue", "gone")
            await until(wall, "watchWall", "queue_gone")
            ended = f"/v1/admin/agents/{names['agent']}/memberships/end"
            await does(world, "admin", "POST", ended, desk)
            await until(wall, "watchWall", "agent_gone")
