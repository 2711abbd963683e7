"""Remedies over HTTP: what is previewed is what is got, and nobody sees what is not theirs."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from oncedesk.engine.running import utc_now
from tests.http.world import World, the_world
from tests.support.pictures import PDF

CANCEL = {"kind": "cancel", "reason": "changed_mind"}


def mine(world: World, path: str = "") -> str:
    return f"/v1/help/orders/{world.order}/remedies{path}"


def desks(world: World, path: str = "") -> str:
    return f"/v1/desk/orders/{world.consumer}/{world.order}/remedies{path}"


async def said(client: httpx.AsyncClient, path: str, **body: Any) -> Any:
    answer = await client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def delivered(world: World) -> None:
    """The order's part has arrived."""
    machine = world.clients["machine"]
    base = f"/v1/marketplace/consumers/{world.consumer}/orders/{world.order}"
    shipment = str(uuid4())
    for path, body in (
        ("/shipments", {"part": 1, "shipment": shipment}),
        *(
            ("/tracking", {"shipment": shipment, "code": code, "at": utc_now().isoformat()})
            for code in ("collected", "delivered")
        ),
    ):
        told = await machine.post(base + path, json=body, headers={"Idempotency-Key": str(uuid4())})
        assert told.status_code == 200, told.text


async def test_what_is_previewed_is_got_by_everybody_alike(url: str) -> None:
    async with the_world(url) as world:
        owner, platform = world.clients["owner"], world.clients["platform"]
        seen = await said(owner, mine(world, "/preview"), wish=CANCEL)
        possible = seen["possible"]
        assert (possible["amount_minor"], possible["granted_by"]) == (9_900, "rule")
        assert possible["legs"] == [{"method": "wallet", "amount_minor": 9_900, "reference": ""}]
        assert [step["kind"] for step in possible["steps"]] == ["refund"]
        agents = await said(platform, desks(world, "/preview"), wish=CANCEL)
        assert agents["possible"]["lines"] == possible["lines"]
        got = await said(owner, mine(world), wish=CANCEL, expected_minor=9_900)
        assert got["events"][:3] == ["BooksOpened", "RemedyRequested", "RemedyApproved"]
        assert "RefundRequested" in got["events"]
        again = await said(owner, mine(world, "/preview"), wish=CANCEL)
        assert again["not_possible"]["code"] == "nothing_left"


async def test_a_no_names_its_rule_and_what_is_nearest(url: str) -> None:
    async with the_world(url) as world:
        await delivered(world)
        seen = await said(world.clients["owner"], mine(world, "/preview"), wish=CANCEL)
        refused = seen["not_possible"]
        assert refused["code"] == "remedy_not_offered"
        assert refused["nearest"]["wish"]["kind"] == "return_and_refund"
        assert refused["nearest"]["amount_minor"] == 9_900


async def test_a_merchants_desk_sees_its_part_and_not_how_it_was_paid(url: str) -> None:
    async with the_world(url) as world:
        seen = await said(world.clients["agent"], desks(world, "/preview"), wish=CANCEL)
        possible = seen["possible"]
        assert possible["amount_minor"] == 9_900
        assert not {"legs", "speed", "speed_reason"} & set(possible)
        rival = await world.clients["rival"].post(desks(world, "/preview"), json={"wish": CANCEL})
        assert rival.status_code == 404
        foreign = {"wish": {**CANCEL, "part": 2}}
        part = await world.clients["agent"].post(desks(world, "/preview"), json=foreign)
        assert part.status_code == 404


async def test_an_offer_is_taken_in_one_tap(url: str) -> None:
    async with the_world(url) as world:
        await delivered(world)
        owner, agent = world.clients["owner"], world.clients["agent"]
        query: dict[str, Any] = {"kind": "order", "subject": str(world.order), "part": 1}
        brought = await owner.post("/v1/help/attachments", params=query, content=PDF)
        photo = brought.json()["id"]
        wish = {"kind": "return_and_refund", "reason": "quality"}
        without = await owner.post(mine(world), json={"wish": wish})
        assert (without.status_code, without.json()["code"]) == (422, "evidence_needed")
        asked = await said(owner, mine(world), wish=wish, evidence=[photo])
        assert asked["events"] == ["BooksOpened", "RemedyRequested"]
        less = {"kind": "refund", "reason": "quality", "amount_minor": 3_000}
        made = await said(agent, desks(world, "/1/offer"), wish=less, expected_minor=3_000)
        assert made["events"] == ["OfferMade"]
        taken = await said(owner, mine(world, "/1/acceptance"))
        assert taken["events"][:2] == ["OfferAccepted", "RemedyApproved"]


@pytest.mark.parametrize("who", ["stranger", "owner"])
async def test_evidence_is_the_consumers_own(url: str, who: str) -> None:
    async with the_world(url) as world:
        client = world.clients[who]
        body = {"wish": CANCEL, "evidence": [str(uuid4())]}
        answer = await client.post(mine(world, "/preview"), json=body)
        expected = {"owner": (422, "attachment_unknown"), "stranger": (404, "not_found")}
        assert (answer.status_code, answer.json()["code"]) == expected[who]
