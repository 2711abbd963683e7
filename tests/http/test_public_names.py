"""A shop is called by its name to whom it concerns; nothing else that is kept of it is told."""

from importlib import import_module
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from tests.http.test_remedies import said
from tests.http.world import World, the_world
from tests.support.engines import Outside

NAME = "李家茶具"
_MIGRATION = "oncedesk.storage.migrations.versions.0020_public_names"
_NAMES = "SELECT party, public_name FROM person ORDER BY party"
PRIVATE = {"phone": "13900001234", "email": "owner@shop.example", "address": "1 Harbour Road"}


async def registers(world: World, party: str, person: Any, *, kind: str, **more: Any) -> None:
    answer = await world.clients["machine"].put(
        f"/v1/marketplace/parties/{party}",
        json={"kind": kind, "market": "cn", "person": person, **more},
        headers={"Idempotency-Key": str(uuid4())},
    )
    assert answer.status_code == 200, answer.text


async def read(world: World, path: str, who: str = "owner") -> Any:
    answer = await world.clients[who].get(path)
    assert answer.status_code == 200, answer.text
    assert not any(value in answer.text for value in PRIVATE.values())
    return answer.json()


async def test_a_consumer_reads_what_their_shop_is_called(url: str) -> None:
    async with the_world(url) as world:
        one = f"/v1/help/conversations/{world.conversation}"
        order = f"/v1/help/orders/{world.order}"
        (case, _) = (await read(world, one))["cases"]
        assert "held_by_name" not in case
        person = {"name": NAME, **PRIVATE}
        await registers(world, str(world.merchant), person, kind="merchant")
        (case, other) = (await read(world, one))["cases"]
        assert (case["held_by"], case["held_by_name"]) == ("merchant", NAME)
        assert (other["held_by"], "held_by_name" in other) == ("platform", False)
        (listed,) = (await read(world, "/v1/help/conversations"))["items"]
        assert listed["cases"] == [case, other]
        (part,) = (await read(world, order))["parts"]
        assert part["seller"] == NAME
        platform = world.clients["platform"]
        await said(platform, f"{world.case_path}/1/take-over", {"reason": "overdue"})
        entries = (await read(world, one + "/entries"))["items"]
        (over,) = [entry for entry in entries if entry["kind"] == "handed_over"]
        assert (over["from_name"], "to_name" in over) == (NAME, False)
        # Without private data there is no name any more.
        change = await world.clients["machine"].patch(
            f"/v1/marketplace/parties/{world.merchant}",
            json={},
            headers={"Idempotency-Key": str(uuid4())},
        )
        assert change.status_code == 200, change.text
        assert "seller" not in (await read(world, order))["parts"][0]


async def test_only_a_merchant_or_creator_has_a_name_in_public(url: str) -> None:
    async with the_world(url) as world:
        # Whoever is registered as a person is nobody's shop, whatever an order says.
        await registers(world, str(world.merchant), {"name": NAME, **PRIVATE}, kind="consumer")
        assert "seller" not in (await read(world, f"/v1/help/orders/{world.order}"))["parts"][0]
        one = f"/v1/help/conversations/{world.conversation}"
        assert all("held_by_name" not in case for case in (await read(world, one))["cases"])


async def test_whoever_works_here_asks_for_many_names_at_once(url: str) -> None:
    async with the_world(url) as world:
        unknown, person, carrier = uuid4(), uuid4(), uuid4()
        await registers(world, str(world.merchant), {"name": NAME, **PRIVATE}, kind="merchant")
        await registers(world, str(person), {"name": "王小明", **PRIVATE}, kind="consumer")
        await registers(world, str(carrier), {"name": "长江快运", **PRIVATE}, kind="carrier")
        body = {"parties": [str(one) for one in (world.merchant, carrier, unknown, person)]}
        names = {world.merchant: NAME, carrier: "长江快运"}
        told = [{"party": str(party), "name": names[party]} for party in sorted(names)]
        for who in ("agent", "rival", "platform", "admin"):
            answer = await world.clients[who].post("/v1/desk/names", json=body)
            assert (answer.status_code, answer.json()) == (200, {"items": told})
        for parties in ([], [str(uuid4()) for _ in range(101)], ["platform"]):
            answer = await world.clients["agent"].post("/v1/desk/names", json={"parties": parties})
            assert answer.status_code == 422, answer.text


async def test_those_who_run_the_system_find_a_desk_by_its_public_name(url: str) -> None:
    shops = {name: str(uuid4()) for name in ("李家 TEA", "李家 teapots", "李家 no desk", "王家")}
    creator, private = str(uuid4()), str(uuid4())
    async with the_world(url) as world:
        for name, shop in shops.items():
            await registers(world, shop, {"name": f" {name}", **PRIVATE}, kind="merchant")
        await registers(world, creator, {"name": "李家 TEA"}, kind="creator")
        await registers(world, private, {"name": "李家 somebody"}, kind="consumer")
        opened = [f"merchant:{shop}" for name, shop in shops.items() if "no desk" not in name]
        for desk in (*opened, f"creator:{creator}"):
            answer = await world.clients["admin"].put(
                f"/v1/admin/desks/{desk}", json={"market": "cn"}
            )
            assert answer.status_code == 200, answer.text

        async def found(begins: str, who: str = "admin") -> list[str]:
            path = "/v1/admin/desk-names?" + urlencode({"begins": begins})
            return [one["desk"] for one in (await read(world, path, who))["items"]]

        tea = {f"merchant:{shops['李家 TEA']}", f"creator:{creator}"}
        both = await found("李家")
        assert set(both[:2]) == tea
        assert both[2:] == [f"merchant:{shops['李家 teapots']}"]
        assert await found("李家 ｔea") == both
        assert await found("家") == []
        assert await found("%") == []
        for path in ("?begins=", "?begins=%00", "?begins=" + "x" * 101, ""):
            refused = await world.clients["admin"].get("/v1/admin/desk-names" + path)
            assert refused.status_code == 422
        for who in ("agent", "owner"):
            refused = await world.clients[who].get("/v1/admin/desk-names?begins=x")
            assert refused.status_code in (401, 403, 404)

        # What older versions have recorded is found as well.
        async with Outside(url) as outside:
            before = await outside.rows(_NAMES)
            assert len([name for _, name in before if name]) >= 5
            await outside.run("UPDATE person SET public_name = NULL")
            await outside.run("UPDATE person SET body = 'odd' WHERE party = $1", UUID(private))
            await outside.run(import_module(_MIGRATION)._BACKFILL)
            assert await outside.rows(_NAMES) == before

        await said(world.clients["admin"], f"/v1/admin/parties/{creator}/erasure")
        assert set(await found("李家 tea")) == {both[2], *tea} - {f"creator:{creator}"}
        async with Outside(url) as outside:
            assert (UUID(creator), None) in await outside.rows(_NAMES)
