"""The agent's list in one call, and how work is taken from it."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from oncedesk.domain.conversations.messages import AssignCase
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.refs import PLATFORM
from tests.http.test_live import Stream, stream
from tests.http.test_remedies import buys_again
from tests.http.world import MERCHANTS_ISSUE, World, the_world
from tests.support.engines import within

LIST = "/v1/desk/list"


async def able(world: World, agent: UUID, client: httpx.AsyncClient) -> None:
    """This agent can do what waits, and is there."""
    skills = await world.service.parts.pool.fetch("SELECT DISTINCT skill FROM inbox")
    admin = world.clients["admin"]
    told = await admin.put(
        f"/v1/admin/agents/{agent}/skills",
        json={"skills": [row[0] for row in skills if row[0] != "referral"]},
    )
    assert told.status_code == 200, told.text
    there = await client.put("/v1/desk/me/presence", json={"presence": "available"})
    assert there.status_code == 200, there.text


async def list_of(client: httpx.AsyncClient) -> Any:
    answer = await client.get(LIST)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def mine(live: Stream) -> list[int]:
    """The numbers of the cases in hand, as soon as there are any."""
    while not (told := await live.until("list"))["mine"]:
        pass
    return [one["case"] for one in told["mine"]]


async def test_a_row_says_who_waits_what_was_said_and_what_happens_next(url: str) -> None:
    async with the_world(url) as world:
        agent = world.clients["agent"]
        machine = world.clients["machine"]
        named = await machine.put(
            f"/v1/marketplace/parties/{world.consumer}",
            json={"kind": "consumer", "market": "cn", "person": {"name": "张三"}},
            headers={"Idempotency-Key": "named"},
        )
        assert named.status_code == 200, named.text
        await able(world, world.agent, agent)
        (row,) = (await list_of(agent))["next"]
        assert row["name"] == "张*"
        assert row["said"] == {
            "at": row["said"]["at"],
            "audience": "consumer",
            "by": "consumer",
            "text": "Where is it?",
        }
        assert (row["case"], row["desk"]) == (1, str(world.desk))
        assert row["surface"] == "order"
        assert row["clock"]["desk"] == str(world.desk)
        assert row["clock"]["then"] in ("taken_over", "desk_reminded", "decided")
        assert row["clock"]["due_at"] <= row["queue_due_at"]


async def test_the_last_line_is_masked_and_no_note_is_shown(url: str) -> None:
    async with the_world(url) as world:
        agent, owner = world.clients["agent"], world.clients["owner"]
        await able(world, world.agent, agent)
        said = await owner.post(
            "/v1/help/contacts",
            json={
                "subject": {"kind": "order", "id": str(world.order), "part": 1},
                "text": "Call 13812345678 " + "x" * 400,
                "case": 1,
            },
        )
        assert said.status_code == 200, said.text
        note = {"audience": "internal", "text": "a note"}
        posted = await agent.post(f"{world.case_path}/1/messages", json=note)
        assert posted.status_code == 200, posted.text
        (row,) = (await list_of(agent))["next"]
        assert row["said"]["text"].startswith("Call 138****5678 x")
        assert len(row["said"]["text"]) == 160


async def test_a_case_in_hand_is_mine_and_one_that_waits_is_waiting(url: str) -> None:
    async with the_world(url) as world:
        agent = world.clients["agent"]
        await able(world, world.agent, agent)
        taken = (await agent.post("/v1/desk/next")).json()
        assert taken == {
            "consumer": str(world.consumer),
            "conversation": str(world.conversation),
            "case": 1,
            "assigned": True,
        }
        lists = await list_of(agent)
        assert [one["case"] for one in lists["mine"]] == [1]
        assert lists["next"] == []
        asked = await agent.post(f"{world.case_path}/1/question", json={"text": "Which size?"})
        assert asked.status_code == 200, asked.text
        lists = await list_of(agent)
        assert lists["mine"] == []
        (row,) = lists["waiting"]
        assert row["clock"]["then"] == "consumer_reminded"
        assert "desk" not in row["clock"]
        # A second tap finds nothing more, and takes nothing.
        assert (await agent.post("/v1/desk/next")).json() == {}


async def test_next_sent_again_is_the_same_case(url: str) -> None:
    async with the_world(url) as world:
        agent = world.clients["agent"]
        await able(world, world.agent, agent)
        await buys_again(world)
        said = {"subject": {"kind": "order", "id": str(world.order), "part": 1}, "text": "Where?"}
        contact = {**said, "issue": MERCHANTS_ISSUE}
        told = await world.clients["owner"].post("/v1/help/contacts", json=contact)
        assert told.status_code == 200, told.text
        once, twice = {"Idempotency-Key": "once"}, {"Idempotency-Key": "twice"}
        first, again = [(await agent.post("/v1/desk/next", headers=once)).json() for _ in range(2)]
        assert first["assigned"]
        assert again == first
        both = await asyncio.gather(*(agent.post("/v1/desk/next", headers=twice) for _ in "12"))
        second, at_once = [answer.json() for answer in both]
        assert second["conversation"] != first["conversation"]
        assert at_once == second
        assert (await agent.post("/v1/desk/next")).json() == {}
        await agent.put("/v1/desk/me/presence", json={"presence": "offline"})
        assert (await agent.post("/v1/desk/next", headers=once)).json() == first


async def test_next_needs_somebody_who_is_there_and_has_room(url: str) -> None:
    async with the_world(url) as world:
        agent = world.clients["agent"]
        away = await agent.post("/v1/desk/next")
        assert (away.status_code, away.json()["code"]) == (409, "agent_absent")
        await able(world, world.agent, agent)
        full = await world.clients["admin"].put(
            f"/v1/admin/agents/{world.agent}/capacity", json={"capacity": 0}
        )
        assert full.status_code == 200, full.text
        refused = await agent.post("/v1/desk/next")
        assert (refused.status_code, refused.json()["code"]) == (409, "agent_full")


async def test_whoever_writes_the_last_one_up_is_available_by_next(url: str) -> None:
    async with the_world(url) as world:
        agent = world.clients["agent"]
        await able(world, world.agent, agent)
        await agent.put("/v1/desk/me/presence", json={"presence": "wrap_up"})
        assert (await agent.post("/v1/desk/next")).json()["assigned"]


async def test_two_who_take_next_at_once_never_get_the_same(url: str) -> None:
    async with the_world(url) as world:
        other_id = UUID(int=77)
        other = await world.service.agent(world.desk, agent=other_id)
        for who, client in ((world.agent, world.clients["agent"]), (other_id, other)):
            await able(world, who, client)
        answers = await asyncio.gather(
            *(client.post("/v1/desk/next") for client in (world.clients["agent"], other))
        )
        got = [answer.json() for answer in answers]
        assert sum(one.get("assigned", False) for one in got) == 1, got


async def test_picking_takes_leave(url: str) -> None:
    async with the_world(url) as world:
        agent, path = world.clients["agent"], f"{world.case_path}/1/pick"
        await able(world, world.agent, agent)
        refused = await agent.post(path, json={"desk": str(world.desk)})
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
        leave = await world.clients["admin"].put(
            f"/v1/admin/agents/{world.agent}/picking", json={"picks": True}
        )
        assert leave.status_code == 200, leave.text
        assert (await agent.get("/v1/desk/me")).json()["picks"] is True
        async with stream(agent, f"{LIST}/updates") as live:
            picked = await agent.post(path, json={"desk": str(world.desk)})
            assert picked.status_code == 200, picked.text
            assert picked.json()["events"] == ["CapacityReserved"]
            assert await within(mine(live), 20) == [1]
        again = await agent.post(path, json={"desk": str(world.desk)})
        assert (again.status_code, again.json()["events"]) == (200, [])
        other_id = UUID(int=77)
        other = await world.service.agent(world.desk, agent=other_id)
        leave = await world.clients["admin"].put(
            f"/v1/admin/agents/{other_id}/picking", json={"picks": True}
        )
        late = await other.post(path, json={"desk": str(world.desk)})
        assert (late.status_code, late.json()["code"]) == (409, "not_queued")
        # The platform's own case is no case of theirs.
        foreign = await agent.post(f"{world.case_path}/2/pick", json={"desk": "platform"})
        assert foreign.status_code == 404


@pytest.mark.parametrize("who", ["rival", "admin"])
async def test_others_find_nothing_in_theirs(url: str, who: str) -> None:
    async with the_world(url) as world:
        lists = await list_of(world.clients[who])
        assert lists.pop("mentioned") is False
        assert lists.pop("me")["presence"] == "away"
        assert lists == {name: [] for name in lists}


async def test_a_desk_that_was_asked_finds_it(url: str) -> None:
    async with the_world(url) as world:
        asked = await world.clients["agent"].post(
            f"{world.case_path}/1/referral",
            json={"desk": "platform", "mode": "stay", "text": "May I?"},
        )
        assert asked.status_code == 200, asked.text
        (row,) = (await list_of(world.clients["platform"]))["asked"]
        assert (row["status"], row["said"]["text"]) == ("referred", "May I?")
        # Whatever the desk that asked makes of it meanwhile, the row says.
        again = await world.clients["agent"].post(
            f"{world.case_path}/1/issue", json={"issue": "refund"}
        )
        assert again.status_code == 200, again.text
        (after,) = (await list_of(world.clients["platform"]))["asked"]
        assert (after["issue"], after["version"]) == ("refund", again.json()["version"])


async def test_a_case_in_hand_is_there_once_for_somebody_of_both_desks(url: str) -> None:
    async with the_world(url) as world:
        agent = uuid4()
        both = await world.service.agent(world.desk, PLATFORM, agent=agent)
        await both.put("/v1/desk/me/presence", json={"presence": "available"})
        case = {"consumer": str(world.consumer), "conversation": str(world.conversation), "case": 1}
        given = await world.clients["admin"].post(
            f"/v1/desk/team/{agent}/cases", json={**case, "desk": str(world.desk)}
        )
        assert given.status_code == 200, given.text
        async with stream(both, f"{LIST}/updates") as live:
            assert await within(mine(live)) == [1]
        asked = await both.post(
            f"{world.case_path}/1/referral",
            json={"desk": "platform", "mode": "stay", "text": "May I?"},
        )
        assert asked.status_code == 200, asked.text
        told = await list_of(both)
        assert [one["status"] for one in told["mine"]] == ["assigned"]
        assert [one["status"] for one in told["asked"]] == ["referred"]


async def test_it_goes_on_page_by_page_and_each_once(url: str) -> None:
    async with the_world(url) as world:
        owner, platform = world.clients["owner"], world.clients["platform"]
        for number in range(7):
            said = await owner.post(
                "/v1/help/contacts",
                json={
                    "subject": {"kind": "none"},
                    "text": f"{number}",
                    "issue": "regulator",
                    "fresh": True,
                },
            )
            assert said.status_code == 200, said.text
        me = UUID((await platform.get("/v1/desk/me")).json()["id"])
        await able(world, me, platform)
        seen, cursor = [], None
        while True:
            params = {"limit": "3", **({"cursor": cursor} if cursor else {})}
            page = (await platform.get(f"{LIST}/next", params=params)).json()
            seen += [(one["conversation"], one["case"]) for one in page["items"]]
            cursor = page.get("next")
            if cursor is None:
                break
        assert len(seen) == len(set(seen)) == 8
        assert (await platform.get(f"{LIST}/mine")).status_code in (404, 422)


async def test_it_is_kept_up_to_date(url: str) -> None:
    async with the_world(url) as world:
        agent = world.clients["agent"]
        await able(world, world.agent, agent)
        async with stream(agent, f"{LIST}/updates") as live:
            assert len((await live.until("list"))["next"]) == 1
            assert (await agent.post("/v1/desk/next")).json()["assigned"]

            assert await within(mine(live), 20) == [1]


async def test_presence_that_others_or_time_have_changed_is_told(url: str) -> None:
    async with the_world(url) as world:
        agent = world.clients["agent"]
        await able(world, world.agent, agent)
        async with stream(agent, f"{LIST}/updates") as live:
            assert (await live.until("list"))["me"]["presence"] == "available"
            path = f"/v1/admin/agents/{world.agent}/presence"
            away = await world.clients["admin"].put(path, json={"presence": "away"})
            assert away.status_code == 200, away.text
            me = (await within(live.until("list")))["me"]
        until = me.pop("until")
        assert me == {"presence": "away", "because": "asked", "held": 0, "capacity": 5}
        assert until > away.json()["at"]


async def test_what_one_has_resolved_is_found_and_can_be_reopened(url: str) -> None:
    async with the_world(url) as world:
        agent, rival = world.clients["agent"], world.clients["rival"]
        assert (await agent.get(f"{LIST}/resolved")).json() == {"items": []}
        parts = world.service.parts
        held = AssignCase(
            consumer=world.consumer, conversation=world.conversation, case=1, agent=world.agent
        )
        await parts.engine.submit(held, principal="t", key="held", actor=SYSTEM)
        done = await agent.post(f"{world.case_path}/1/resolution", json={"reason": "solved"})
        assert done.status_code == 200, done.text
        assert await parts.outcomes.run() == 1
        (row,) = (await agent.get(f"{LIST}/resolved")).json()["items"]
        assert (row["conversation"], row["case"]) == (str(world.conversation), 1)
        assert (row["status"], row["desk"]) == ("resolved", str(world.desk))
        assert row["said"]["text"] == "Where is it?"
        assert row["clock"]["then"] == "closed"
        for other in (rival, world.clients["platform"], world.clients["admin"]):
            assert (await other.get(f"{LIST}/resolved")).json() == {"items": []}
        again = await agent.post(f"{world.case_path}/1/reopening")
        assert again.status_code == 200, again.text
        assert (await agent.get(f"{LIST}/resolved")).json() == {"items": []}
        # Nor what has become another desk's.
        moved = {"desk": "platform", "reason": "load"}
        for client, path, body in (
            (agent, "transfer", moved),
            (world.clients["platform"], "resolution", {"reason": "solved"}),
        ):
            done = await client.post(f"{world.case_path}/1/{path}", json=body)
            assert done.status_code == 200, done.text
        assert await parts.outcomes.run() == 1
        assert (await agent.get(f"{LIST}/resolved")).json() == {"items": []}
