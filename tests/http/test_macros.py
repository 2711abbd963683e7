"""Macros: a desk's own, with the facts of the case; never with a hole or a wrong name."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.refs import Desk, DeskKind
from oncedesk.domain.shared.saying import moment_said
from oncedesk.engine.instants import settle
from oncedesk.engine.running import utc_now
from oncedesk.storage.desk_tools.macros import MACROS_MAX
from oncedesk.storage.views.readers import Reader
from tests.http.test_help_orders import tells
from tests.http.world import MERCHANTS_ISSUE, PLATFORMS_ISSUE, World, new_order, the_world
from tests.support.engines import Outside
from tests.support.served import served

MACROS = "/v1/desk/macros"


async def write(
    client: httpx.AsyncClient,
    desk: str,
    text: str,
    *,
    id_: UUID | None = None,
    seen: int = 0,
    name: str = "A macro",
) -> tuple[str, httpx.Response]:
    macro = str(id_ or uuid4())
    said = {"name": name, "zh": f"中 {text}", "en": text}
    answer = await client.put(f"{MACROS}/{macro}", json={"seen": seen, "desk": desk, "macro": said})
    return macro, answer


async def says(world: World, text: str, who: str = "agent", case: int = 1, **params: str) -> Any:
    """What a macro of this text says in the case."""
    desk = str(world.desk) if who == "agent" else "platform"
    macro, written = await write(world.clients["admin"], desk, text)
    assert written.status_code == 200, written.text
    answer = await world.clients[who].get(f"{world.case_path}/{case}/macros/{macro}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_it_says_the_facts_of_this_case(url: str) -> None:
    async with the_world(url) as world:
        machine = world.clients["machine"]
        shop = await machine.put(
            f"/v1/marketplace/parties/{world.merchant}",
            json={"kind": "merchant", "market": "cn", "person": {"name": "Shop Li"}},
            headers={"Idempotency-Key": "shop"},
        )
        assert shop.status_code == 200, shop.text
        order = (
            await world.clients["agent"].get(f"/v1/desk/orders/{world.consumer}/{world.order}")
        ).json()
        assert order["placed_at"]
        said = await says(
            world, "{merchant.name}: {order.ship_by}, {case.answer_by}", language="en"
        )
        assert said["text"].startswith("Shop Li: ")
        assert "{" not in said["text"]
        chinese = await says(world, "{order.placed}", language="zh")
        assert (chinese["language"], "月" in chinese["text"]) == ("zh", True)


async def test_what_is_missing_is_told_and_nothing_is_said(url: str) -> None:
    async with the_world(url) as world:
        said = await says(world, "Dear {consumer.name}, {refund.amount} by {order.estimate}")
        assert "text" not in said
        assert said["missing"] == [
            {"variable": "consumer.name", "why": "hidden"},
            {"variable": "refund.amount", "why": "unknown"},
            {"variable": "order.estimate", "why": "unknown"},
        ]


async def test_nothing_is_said_to_be_paid_where_nobody_told_of_a_payment(url: str) -> None:
    async with the_world(url) as world:
        order, platform = uuid4(), world.clients["platform"]
        subject = {"kind": "order", "id": str(order)}
        unpaid = new_order(world.merchant) | {"payments": []}
        await tells(world, "PUT", f"/consumers/{world.consumer}/orders/{order}", unpaid)
        asked = await world.clients["owner"].post(
            "/v1/help/contacts",
            json={"subject": subject, "issue": PLATFORMS_ISSUE, "text": "What did I pay?"},
        )
        assert asked.status_code == 200, asked.text
        macro, _ = await write(world.clients["admin"], "platform", "You paid {order.paid}")
        conversation = asked.json()["conversation"]
        path = f"/v1/desk/cases/{world.consumer}/{conversation}/1/macros/{macro}"
        said = (await platform.get(path)).json()
        assert said.get("missing") == [{"variable": "order.paid", "why": "unknown"}], said


async def test_nothing_is_said_to_come_that_has_come_back_to_its_sender(url: str) -> None:
    async with the_world(url) as world:
        order, shipment = f"/consumers/{world.consumer}/orders/{world.order}", str(uuid4())
        later = (utc_now() + timedelta(days=9)).isoformat()
        await tells(world, "POST", f"{order}/estimates", {"part": 1, "estimate_at": later})
        for code, missing in (("collected", None), ("returned", "order.estimate")):
            scan = {"shipment": shipment, "code": code, "at": utc_now().isoformat()}
            await tells(world, "POST", f"{order}/tracking", scan)
            said = await says(world, "It comes by {order.estimate}")
            lacks = [one["variable"] for one in said.get("missing", ())]
            assert lacks == ([] if missing is None else [missing])


async def test_the_name_is_said_in_clear_only_while_it_is_revealed(url: str) -> None:
    async with the_world(url) as world:
        machine, platform = world.clients["machine"], world.clients["platform"]
        named = await machine.put(
            f"/v1/marketplace/parties/{world.consumer}",
            json={"kind": "consumer", "market": "cn", "person": {"name": "张三"}},
            headers={"Idempotency-Key": "named"},
        )
        assert named.status_code == 200, named.text
        before = await says(world, "{consumer.name}", "platform", 2)
        assert before["missing"] == [{"variable": "consumer.name", "why": "hidden"}]
        granted = await platform.post(
            f"/v1/desk/consumers/{world.consumer}/reveals",
            json={
                "field": "name",
                "reason": "call_back",
                "conversation": str(world.conversation),
                "case": 2,
            },
        )
        assert granted.status_code == 200, granted.text
        after = await says(world, "{consumer.name}!", "platform", 2, language="en")
        assert after["text"] == "张三!"


async def cancels(world: World) -> None:
    """In this case the consumer wants one unit of the order cancelled."""
    asked = await world.clients["owner"].post(
        f"/v1/help/orders/{world.order}/remedies",
        json={
            "wish": {
                "kind": "cancel",
                "reason": "changed_mind",
                "lines": [{"part": 1, "item": 1, "quantity": 1}],
            },
            "case": {"conversation": str(world.conversation), "case": 1},
        },
    )
    assert asked.status_code == 200, asked.text


async def test_an_amount_is_that_of_this_cases_only_remedy(url: str) -> None:
    async with the_world(url) as world:
        agent = world.clients["agent"]
        unlinked = await says(world, "{refund.amount}")
        assert unlinked["missing"] == [{"variable": "refund.amount", "why": "unknown"}]
        await cancels(world)
        remedies = (
            await agent.get(f"/v1/desk/orders/{world.consumer}/{world.order}/remedies")
        ).json()
        (mine,) = [one for one in remedies["remedies"] if one["number"] == 2]
        said = await says(world, "{refund.amount}", language="en")
        assert said["text"] == f"¥{mine['amount_minor'] / 100:.2f}"


async def test_an_amount_goes_on_in_the_case_into_which_its_own_was_merged(url: str) -> None:
    async with the_world(url) as world:
        await cancels(world)
        await settle(world.service.parts.engine)
        platform = world.clients["platform"]
        before = await says(world, "{refund.amount}", "platform", 1, language="en")
        assert before["text"] is not None
        unmerged = await says(world, "{refund.amount}", "platform", 2)
        assert unmerged["missing"] == [{"variable": "refund.amount", "why": "unknown"}]
        merged = await platform.post(f"{world.case_path}/1/merge", json={"into": 2})
        assert merged.status_code == 200, merged.text
        said = await says(world, "{refund.amount}", "platform", 2, language="en")
        assert said == before


async def test_a_refund_comes_when_its_money_does_and_a_refused_one_never(url: str) -> None:
    async with the_world(url) as world:
        agent = world.clients["agent"]
        remedies = f"/v1/desk/orders/{world.consumer}/{world.order}/remedies"
        await cancels(world)
        (_, mine) = (await agent.get(remedies)).json()["remedies"]
        due = {one["kind"]: one["due_at"] for one in mine["steps"]}
        assert due["answer"] < due["refund"]
        said = await says(world, "{refund.until}", language="en")
        until = moment_said(
            datetime.fromisoformat(due["refund"]), timezone="Asia/Shanghai", language="en"
        )
        assert said["text"] == until
        no = {"reason": "made_to_order", "facts": ["cut_to_size"]}
        refused = await agent.post(f"{remedies}/2/refusal", json=no)
        assert refused.status_code == 200, refused.text
        (_, mine) = (await agent.get(remedies)).json()["remedies"]
        assert (mine["number"], mine["status"]) == (2, "refused")
        said = await says(world, "{refund.amount} by {refund.until}")
        assert said["missing"] == [
            {"variable": "refund.amount", "why": "unknown"},
            {"variable": "refund.until", "why": "unknown"},
        ]


async def test_only_a_desks_own_supervisors_write_and_only_its_people_read(url: str) -> None:
    async with the_world(url) as world:
        admin, agent, rival = (world.clients[one] for one in ("admin", "agent", "rival"))
        macro, written = await write(admin, str(world.desk), "Good day")
        assert (written.status_code, written.json()["version"]) == (200, 1)
        assert (await write(agent, str(world.desk), "Mine"))[1].status_code == 403
        mine = (await agent.get(MACROS)).json()["items"]
        assert [one["id"] for one in mine] == [macro]
        assert (await rival.get(MACROS)).json()["items"] == []
        assert (await rival.get(MACROS, params={"desk": str(world.desk)})).status_code == 404
        path = f"{world.case_path}/1/macros/{macro}"
        assert (await agent.get(path)).status_code == 200
        # Of the platform, which sees the case, it is no macro.
        assert (await world.clients["platform"].get(path)).status_code == 404
        # It does not move to another desk.
        moved = await write(admin, "platform", "Good day", id_=UUID(macro), seen=1)
        assert moved[1].status_code == 409
        again = await write(admin, str(world.desk), "Good day", id_=UUID(macro))
        assert (again[1].status_code, again[1].json()["version"]) == (200, 1)
        assert (await admin.post(f"{MACROS}/{macro}/retirement")).status_code == 204
        assert (await agent.get(MACROS)).json()["items"] == []
        # Who read it before that does not bring it back without knowing.
        late = (await write(admin, str(world.desk), "Good day!", id_=UUID(macro), seen=1))[1]
        assert (late.status_code, late.json()["code"]) == (409, "stale_version")
        back = (await write(admin, str(world.desk), "Good day", id_=UUID(macro), seen=2))[1]
        assert (back.status_code, back.json()["version"]) == (200, 3)


async def test_a_text_is_tried_in_a_case_before_it_is_kept(url: str) -> None:
    async with the_world(url) as world:
        admin, rival = world.clients["admin"], world.clients["rival"]
        path = f"{world.case_path}/1/macros/preview"
        tried = {"text": "By {case.answer_by} at the latest", "language": "en"}
        said = (await admin.post(path, json=tried)).json()
        assert said["text"].startswith("By ")
        assert "{" not in said["text"]
        lacking = {"text": "Dear {consumer.name}", "language": "zh"}
        assert (await admin.post(path, json=lacking)).json() == {
            "language": "zh",
            "missing": [{"variable": "consumer.name", "why": "hidden"}],
        }
        wrong = await admin.post(path, json={"text": "{consumer.nam}", "language": "en"})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "variable_unknown")
        assert (await rival.post(path, json=tried)).status_code == 404
        listed = await admin.get(MACROS, params={"desk": str(world.desk)})
        assert listed.json()["items"] == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{consumer.nam}", "variable_unknown"),
        ("{", "template_invalid"),
        ("x" * 5_000, "body_invalid"),
    ],
)
async def test_what_is_no_text_with_variables_is_refused(url: str, text: str, code: str) -> None:
    async with the_world(url) as world:
        _, answer = await write(world.clients["admin"], "platform", text)
        assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_nobody_is_called_by_a_name_that_was_taken_back(url: str) -> None:
    async with the_world(url) as world:
        machine, admin = world.clients["machine"], world.clients["admin"]
        shop = f"/v1/marketplace/parties/{world.merchant}"
        person = {"kind": "merchant", "market": "cn", "person": {"name": "Shop Li"}}
        agents = f"/v1/admin/agents/{world.agent}/person"
        words = {"audience": "consumer", "text": "Good day"}
        said = await world.clients["agent"].post(f"{world.case_path}/1/messages", json=words)
        for told in (
            said,
            await machine.put(shop, json=person, headers={"Idempotency-Key": "shop"}),
            await admin.put(agents, json={"name": "Han Meimei"}),
        ):
            assert told.status_code == 200, told.text
        text = "{agent.name} of {merchant.name}"
        assert (await says(world, text, language="en"))["text"] == "Han Meimei of Shop Li"
        assert "Han Meimei" in (await admin.get(f"{world.case_path}/story")).text

        for taken in (
            await machine.patch(shop, json={}, headers={"Idempotency-Key": "nothing"}),
            await admin.put(agents, json={}),
        ):
            assert taken.status_code == 200, taken.text
        after = await says(world, text, language="en")
        assert [one["variable"] for one in after["missing"]] == ["agent.name", "merchant.name"]
        story = await admin.get(f"{world.case_path}/story")
        assert story.status_code == 200
        assert "Han Meimei" not in story.text
        assert (
            "seller"
            not in (await world.clients["owner"].get(f"/v1/help/orders/{world.order}")).json()[
                "parts"
            ][0]
        )


async def test_whoever_is_no_shop_has_no_name_to_be_said(url: str) -> None:
    async with the_world(url) as world:
        machine, agent = world.clients["machine"], world.clients["agent"]
        person = {"kind": "consumer", "market": "cn", "person": {"name": "张三"}}
        named = await machine.put(
            f"/v1/marketplace/parties/{world.consumer}",
            json=person,
            headers={"Idempotency-Key": "named"},
        )
        assert named.status_code == 200, named.text
        # Of what is no order a consumer says who sells it, and may name anybody.
        somebody = uuid4()
        client = await world.service.consumer(somebody)
        said = {"subject": {"kind": "none"}, "text": "And?", "issue": MERCHANTS_ISSUE}
        for merchant in (world.merchant, world.consumer):
            heard = await client.post(
                "/v1/help/contacts", json={**said, "fresh": True, "merchant": str(merchant)}
            )
            assert heard.status_code == 200, heard.text
        path = f"/v1/desk/cases/{somebody}/{heard.json()['conversation']}/1"
        tried = await agent.post(
            f"{path}/macros/preview", json={"text": "{merchant.name}", "language": "zh"}
        )
        assert tried.status_code == 200, tried.text
        missing = [{"variable": "merchant.name", "why": "unknown"}]
        assert tried.json() == {"language": "zh", "missing": missing}


async def test_a_case_is_of_the_shop_that_was_named_with_it(url: str) -> None:
    async with the_world(url) as world:
        machine, owner = world.clients["machine"], world.clients["owner"]
        shops = {world.merchant: "Shop Li", world.rival.party: "Shop Wu"}
        said = {"subject": {"kind": "none"}, "text": "And?", "issue": MERCHANTS_ISSUE}
        for merchant, name in shops.items():
            named = await machine.put(
                f"/v1/marketplace/parties/{merchant}",
                json={"kind": "merchant", "market": "cn", "person": {"name": name}},
                headers={"Idempotency-Key": name},
            )
            assert named.status_code == 200, named.text
            heard = await owner.post(
                "/v1/help/contacts", json={**said, "fresh": True, "merchant": str(merchant)}
            )
            assert heard.status_code == 200, heard.text
        path = f"/v1/desk/cases/{world.consumer}/{heard.json()['conversation']}"
        for case, name in enumerate(shops.values(), start=1):
            tried = await world.clients["platform"].post(
                f"{path}/{case}/macros/preview", json={"text": "{merchant.name}", "language": "zh"}
            )
            assert tried.json() == {"language": "zh", "text": name}


async def test_one_desk_with_very_many_leaves_those_of_another(url: str) -> None:
    full, other = Desk(DeskKind.CREATOR, uuid4()), Desk(DeskKind.MERCHANT, uuid4())
    async with served(url) as service, Outside(url) as outside:
        for desk, count in ((full, MACROS_MAX + 1), (other, 1)):
            await outside.run(
                "INSERT INTO macro (id, version, desk, name, body, changed_at, changed_by) "
                "SELECT gen_random_uuid(), 1, $1, 'm' || n, $2, now(), 'tests' "
                "FROM generate_series(1, $3::int) n",
                *(str(desk), '{"name": "m", "zh": "x", "en": "x"}', count),
            )
        reader = Reader(Actor(Role.ADMIN))
        found = await service.parts.macros.of_desks(reader=reader, desks=[full, other])
        assert Counter(one.desk for one in found) == {str(full): MACROS_MAX, str(other): 1}
