"""A return over HTTP, from the request to the money: each side tells only what is theirs."""

from typing import Any
from uuid import uuid4

from oncedesk.engine.instants import settle
from oncedesk.engine.running import utc_now
from tests.http.files import answers_with, photo, says_with
from tests.http.test_remedies import bought, delivered, desks, mine, said
from tests.http.world import World

RETURN = {"kind": "return_and_refund", "reason": "changed_mind", "part": 1}
ADDRESS = {"name": "Returns", "phone": "13800000000", "address": "1 Harbour Road"}


async def tells(world: World, method: str, path: str, body: Any) -> Any:
    """The marketplace's back end."""
    key = {"Idempotency-Key": str(uuid4())}
    answer = await world.clients["machine"].request(
        method, f"/v1/marketplace{path}", json=body, headers=key
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def placed_back(world: World) -> str:
    """The merchant takes returns at one place."""
    place = str(uuid4())
    merchant = {"kind": "merchant", "market": "cn"}
    await tells(world, "PUT", f"/parties/{world.merchant}", merchant)
    party = {"kind": "place", "market": "cn", "owner": str(world.merchant), "person": ADDRESS}
    await tells(world, "PUT", f"/parties/{place}", party)
    places = {"places": [{"place": place}]}
    await tells(world, "PUT", f"/merchants/{world.merchant}/return-places", places)
    return place


async def test_a_return_from_the_wish_to_the_money(url: str) -> None:
    async with bought(url) as world:
        await delivered(world)
        place = await placed_back(world)
        owner, agent = world.clients["owner"], world.clients["agent"]
        got = await said(owner, mine(world), {"wish": RETURN})
        assert "JourneyBegun" in got["events"]
        (remedy,) = (await owner.get(mine(world))).json()["remedies"]
        assert (remedy["status"], remedy["journey"]["back"]) == ("waiting_for_return", "awaited")
        assert remedy["journey"]["place"] == place
        where = await owner.get(mine(world, "/1/return-place"))
        assert where.json() == ADDRESS
        for other in ("stranger", "agent", "platform"):
            hidden = await world.clients[other].get(mine(world, "/1/return-place"))
            assert hidden.status_code in (401, 403, 404)
        path = f"/consumers/{world.consumer}/orders/{world.order}/remedies/1"
        shipment = str(uuid4())
        await tells(world, "POST", path + "/return-label", {"shipment": shipment})
        # What weighs too little is looked at before the money leaves.
        scan = {"shipment": shipment, "code": "delivered", "at": utc_now().isoformat()}
        weights = {"grams": 100, "shipped_grams": 1_000}
        got = await tells(world, "POST", path + "/tracking", scan | weights)
        assert got["events"] == ["ParcelScanned", "WeightDiffered", "ReturnReceived"]
        waiting = await agent.get(f"/v1/desk/remedies?desk=merchant:{world.merchant}")
        found = {one["order"]: one["clock"] for one in waiting.json()["items"]}
        assert found[str(world.order)] == "inspection"
        refused = {"part": 1, "item": 1, "quantity": 2, "reason": "worn"}
        await says_with(world, photo(1))
        file = await answers_with(world, photo(2))
        body = {"refused": [refused], "evidence": [file]}
        too_many = await agent.post(desks(world, "/1/inspection"), json=body)
        assert too_many.json()["code"] == "quantity_exceeds_returned"
        rival = await world.clients["rival"].post(desks(world, "/1/inspection"), json={})
        assert rival.status_code == 404
        got = await said(agent, desks(world, "/1/inspection"), {})
        assert got["events"] == ["ReturnInspected", "RefundRequested"]
        (remedy,) = (await owner.get(mine(world))).json()["remedies"]
        assert [leg["amount_minor"] for leg in remedy["legs"]] == [9_900]
        gone = await owner.get(mine(world, "/1/return-place"))
        assert gone.json() == dict.fromkeys(ADDRESS, "")


async def test_a_parcel_refused_at_the_door_is_on_its_way_back_by_itself(url: str) -> None:
    async with bought(url) as world:
        base = f"/consumers/{world.consumer}/orders/{world.order}"
        shipment = str(uuid4())
        await tells(world, "POST", base + "/shipments", {"part": 1, "shipment": shipment})

        async def hears(code: str) -> None:
            scan = {"shipment": shipment, "code": code, "at": utc_now().isoformat()}
            await tells(world, "POST", base + "/tracking", scan)
            await settle(world.service.parts.engine)

        await hears("collected")
        owner = world.clients["owner"]
        await said(owner, mine(world), {"wish": RETURN})
        (remedy,) = (await owner.get(mine(world))).json()["remedies"]
        assert remedy["journey"]["back"] == "intercepting"
        await hears("refused")
        (remedy,) = (await owner.get(mine(world))).json()["remedies"]
        assert remedy["status"] == "return_in_transit"
        await hears("returned")
        (remedy,) = (await owner.get(mine(world))).json()["remedies"]
        assert remedy["status"] == "received"


async def test_a_merchants_places_go_when_its_data_does(url: str) -> None:
    async with bought(url) as world:
        await delivered(world)
        await placed_back(world)
        await said(world.clients["owner"], mine(world), {"wish": RETURN})
        erased = await world.clients["admin"].post(f"/v1/admin/parties/{world.merchant}/erasure")
        assert erased.status_code == 200, erased.text
        await settle(world.service.parts.engine)
        where = await world.clients["owner"].get(mine(world, "/1/return-place"))
        assert where.json() == dict.fromkeys(ADDRESS, "")
