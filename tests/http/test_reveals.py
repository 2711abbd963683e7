"""A consumer's data in clear, over HTTP: asked for, seen for a time, on record, and stopped."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from oncedesk.domain.agents.messages import DeskRole, JoinDesk
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.persons import PersonField
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.engine.running import utc_now
from oncedesk.http.auth.principals import Kind
from tests.http.test_gate import CLEAR, consumer_says
from tests.http.test_remedies import CANCEL, bought, buys_again, delivered, mine, said
from tests.http.world import World, the_world
from tests.support.engines import Outside

PHONE, NAME = "13812345678", "张三"
PER_HOUR = 20


async def register(world: World, **more: str) -> None:
    """The marketplace has told who the consumer is."""
    person = {"name": NAME, "phone": PHONE, **more}
    answer = await world.clients["machine"].put(
        f"/v1/marketplace/parties/{world.consumer}",
        json={"kind": "consumer", "market": "cn", "person": person},
        headers={"Idempotency-Key": "consumer"},
    )
    assert answer.status_code == 200, answer.text


async def ask(world: World, who: str, field: str = "phone", **more: Any) -> httpx.Response:
    said = {"field": field, "reason": "call_back", "conversation": str(world.conversation), **more}
    return await world.clients[who].post(f"/v1/desk/consumers/{world.consumer}/reveals", json=said)


async def sees(world: World, who: str, field: str = "phone") -> httpx.Response:
    return await world.clients[who].get(f"/v1/desk/consumers/{world.consumer}/reveals/{field}")


async def test_it_is_seen_by_whom_it_was_granted_and_kept_nowhere(url: str) -> None:
    async with the_world(url) as world:
        await register(world)
        other = await world.service.agent(PLATFORM)
        world.clients["other"] = other
        assert (await sees(world, "platform")).status_code == 404
        granted = await ask(world, "platform")
        assert granted.status_code == 200, granted.text
        assert (granted.json()["field"], granted.json()["last"]) == ("phone", False)
        seen = await sees(world, "platform")
        assert seen.json() == {"field": "phone", "value": PHONE}
        assert seen.headers["cache-control"] == "no-store"
        assert (await sees(world, "platform", "name")).status_code == 404
        for who in ("other", "agent", "rival", "admin"):
            denied = await sees(world, who)
            assert denied.status_code == 404
            assert PHONE not in denied.text
        assert (await sees(world, "platform", "shoe_size")).status_code == 422


@pytest.mark.parametrize("field", [field.value for field in PersonField])
async def test_whatever_can_be_revealed_can_be_told(url: str, field: str) -> None:
    async with the_world(url) as world:
        await register(world, **{field: "known"})
        assert (await ask(world, "platform", field, reason="identity_check")).status_code == 200
        assert (await sees(world, "platform", field)).json() == {"field": field, "value": "known"}


async def test_what_was_said_is_seen_in_clear(url: str) -> None:
    async with the_world(url) as world:
        await consumer_says(world, CLEAR)
        path = f"{world.case_path}/revealed"
        assert (await world.clients["platform"].get(path)).status_code == 404
        assert (await ask(world, "platform", "messages")).status_code == 200
        seen = await world.clients["platform"].get(path)
        assert seen.headers["cache-control"] == "no-store"
        assert [one["text"] for one in seen.json()["items"]][-1] == CLEAR
        for who in ("agent", "rival", "admin"):
            assert (await world.clients[who].get(path)).status_code == 404


async def test_all_that_was_said_is_seen_however_much_it_is(url: str) -> None:
    async with the_world(url) as world, Outside(url) as outside:
        await consumer_says(world, CLEAR)
        await outside.run(
            "INSERT INTO message SELECT bucket, conversation, version + n, number,"
            " gen_random_uuid(), case_number, audience, author, at, 'more ' || n"
            " FROM message, generate_series(1, 1500) n WHERE text = $1",
            CLEAR,
        )
        assert (await ask(world, "platform", "messages")).status_code == 200
        path = f"{world.case_path}/revealed"
        first = (await world.clients["platform"].get(path)).json()
        assert len(first["items"]) == 1_000
        rest = await world.clients["platform"].get(path, params={"after": first["upto"]})
        texts = [one["text"] for one in (*first["items"], *rest.json()["items"])]
        assert texts[texts.index(CLEAR) + 1 :] == [f"more {n}" for n in range(1, 1_501)]
        assert not rest.json().get("upto")


async def test_a_merchant_sees_what_the_pack_lets_them_of_an_order_of_theirs(url: str) -> None:
    async with the_world(url) as world:
        await register(world)
        desk = str(world.desk)
        without = await ask(world, "agent", desk=desk)
        assert (without.status_code, without.json()["code"]) == (403, "not_allowed")
        order = {"desk": desk, "order": str(world.order), "reason": "shipping"}
        assert (await ask(world, "agent", "phone", **order)).status_code == 200
        assert (await sees(world, "agent")).json()["value"] == PHONE
        assert (await ask(world, "agent", "id_number", **order)).status_code == 403
        assert (await ask(world, "agent", "messages", **order)).status_code == 403
        foreign = await ask(world, "rival", **order)
        assert foreign.status_code == 404


async def test_the_address_asked_for_an_order_is_where_the_order_goes(url: str) -> None:
    async with the_world(url) as world:
        await register(world, address="人民路三号")
        await buys_again(world, address="长安街一号")
        for_order = {"desk": str(world.desk), "order": str(world.order), "reason": "shipping"}
        assert (await ask(world, "agent", "address", **for_order)).status_code == 200
        shown = await sees(world, "agent", "address")
        assert shown.headers["cache-control"] == "no-store"
        assert shown.json() == {
            "field": "address",
            "value": "长安街一号",
            "order": str(world.order),
        }
        assert (await ask(world, "platform", "address")).status_code == 200
        talked_to = await sees(world, "platform", "address")
        assert talked_to.json() == {"field": "address", "value": "人民路三号"}
        assert (await sees(world, "rival", "address")).status_code == 404


async def test_a_merchant_sees_it_while_goods_of_theirs_have_to_travel(url: str) -> None:
    async with bought(url) as world:
        await register(world)
        shop = {"desk": str(world.desk), "order": str(world.order), "reason": "shipping"}
        assert (await ask(world, "agent", **shop)).status_code == 200
        await delivered(world)
        over = await ask(world, "agent", **shop)
        assert (over.status_code, over.json()["code"]) == (403, "not_allowed")
        assert (await ask(world, "platform", order=str(world.order))).status_code == 200
        wish = {"kind": "return_and_refund", "reason": "changed_mind", "part": 1}
        await said(world.clients["owner"], mine(world), {"wish": wish})
        assert (await ask(world, "agent", **shop)).status_code == 200
        await said(world.clients["owner"], mine(world, "/1/withdrawal"))
        assert (await ask(world, "agent", **shop)).status_code == 403
        await buys_again(world)
        shop["order"] = str(world.order)
        assert (await ask(world, "agent", **shop)).status_code == 200
        await said(world.clients["owner"], mine(world), {"wish": CANCEL})
        async with Outside(url) as outside:
            await outside.until("SELECT count(*) FROM reaction", 0)
        assert (await ask(world, "agent", **shop)).status_code == 403


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"conversation": None}, 422, "purpose_missing"),
        ({"conversation": str(uuid4())}, 404, "not_found"),
        ({"case": 9}, 404, "not_found"),
        ({"order": str(uuid4())}, 404, "not_found"),
        ({"reason": "curiosity"}, 422, "body_invalid"),
        ({"field": "shoe_size"}, 422, "body_invalid"),
    ],
)
async def test_what_it_is_for_has_to_be_there(
    url: str, more: dict[str, Any], status: int, code: str
) -> None:
    async with the_world(url) as world:
        before = await world.service.journal()
        refused = await ask(world, "platform", **more)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
        assert await world.service.journal() == before


@pytest.mark.parametrize("who", ["boss", "admin"])
async def test_too_much_is_stopped_until_somebody_has_looked_into_it(url: str, who: str) -> None:
    async with the_world(url) as world:
        agent, boss = uuid4(), uuid4()
        world.clients["curious"] = await world.service.agent(PLATFORM, agent=agent)
        world.clients["boss"] = await world.service.agent(agent=boss)
        supervises = JoinDesk(
            agent=boss, desk=PLATFORM, role=DeskRole.SUPERVISOR, starts_at=utc_now()
        )
        engine = world.service.parts.engine
        joined = await engine.submit(supervises, principal="t", key="boss", actor=SYSTEM)
        assert joined.accepted
        # A session of before that is remembered as of nobody's desk for some seconds.
        world.clients["boss"] = await world.service.log_in(f"{boss}@example.com")
        granted = [(await ask(world, "curious")).json() for _ in range(PER_HOUR + 1)]
        assert [one["last"] for one in granted] == [False] * PER_HOUR + [True]
        stopped = await ask(world, "curious")
        assert (stopped.status_code, stopped.json()["code"]) == (409, "reveal_suspended")
        assert (await world.clients["curious"].get("/v1/desk/me")).json()["reveal_alarm"] is True
        path = f"/v1/desk/agents/{agent}/reveal-alarm/lift"
        for other, status in (("curious", 403), ("platform", 403), ("agent", 404)):
            refused = await world.clients[other].post(path)
            assert refused.status_code == status, f"{other}: {refused.text}"
        lifted = await world.clients[who].post(path)
        assert lifted.status_code == 200, lifted.text
        assert (await ask(world, "curious")).status_code == 200


async def test_every_look_is_on_record_for_admins(url: str) -> None:
    async with the_world(url) as world:
        await register(world)
        for field in ("phone", "name", "address"):
            assert (await ask(world, "platform", field, case=1)).status_code == 200
        path = f"/v1/admin/consumers/{world.consumer}/reveals"
        first = (await world.clients["admin"].get(path, params={"limit": 2})).json()
        query = {"limit": 2, "cursor": first["next"]}
        rest = (await world.clients["admin"].get(path, params=query)).json()
        found = [*first["items"], *rest["items"]]
        assert [one["field"] for one in found] == ["phone", "name", "address"]
        assert {one["reason"] for one in found} == {"call_back"}
        assert {(one["conversation"], one["case"]) for one in found} == {
            (str(world.conversation), 1)
        }
        for who, status in (("machine", 403), ("platform", 403), ("owner", 401)):
            assert (await world.clients[who].get(path)).status_code == status


async def test_an_admin_who_is_an_agent_may_ask(url: str) -> None:
    async with the_world(url) as world:
        await register(world)
        world.clients["boss"] = await world.service.agent(PLATFORM, role=Kind.ADMIN)
        assert (await ask(world, "boss")).status_code == 200
        assert (await sees(world, "boss")).json()["value"] == PHONE


@pytest.mark.parametrize("field", ["phone", "messages"])
async def test_who_has_left_the_desk_sees_nothing_in_clear_any_more(url: str, field: str) -> None:
    async with the_world(url) as world:
        await register(world)
        await consumer_says(world, CLEAR)
        agent, other = uuid4(), uuid4()
        path = f"{world.case_path}/revealed"
        for one in (agent, other):
            world.clients["leaver"] = await world.service.agent(PLATFORM, agent=one)
            assert (await ask(world, "leaver", field)).status_code == 200
        again = (
            path
            if field == "messages"
            else (f"/v1/desk/consumers/{world.consumer}/reveals/{field}")
        )
        assert (await world.clients["leaver"].get(again)).status_code == 200
        left = await world.clients["admin"].post(
            f"/v1/admin/agents/{other}/memberships/end", json={"desk": "platform"}
        )
        assert left.status_code == 200, left.text
        # A session of before that is remembered as of this desk for some seconds.
        late = await world.service.log_in(f"{other}@example.com")
        assert (await late.get(again)).status_code == 404
        stays = await world.service.log_in(f"{agent}@example.com")
        assert (await stays.get(again)).status_code == 200
