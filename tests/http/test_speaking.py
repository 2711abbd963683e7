"""What the marketplace passes on for a consumer, and what a desk looks at before it says it."""

from typing import Any
from uuid import uuid4

import httpx

from tests.http.files import photo, says_with
from tests.http.test_remedies import CANCEL, bought, delivered, desks, mine, said
from tests.http.world import World

QUALITY = {"kind": "return_and_refund", "reason": "quality"}
LESS = {"kind": "refund", "reason": "quality", "amount_minor": 3_000}


async def passes_on(
    world: World, what: str, body: Any = None, *, who: str = "machine"
) -> httpx.Response:
    path = f"/v1/marketplace/consumers/{world.consumer}/orders/{world.order}/remedies/1{what}"
    key = {"Idempotency-Key": str(uuid4())}
    return await world.clients[who].post(path, json=body, headers=key)


async def events_of(world: World, what: str, body: Any = None) -> list[str]:
    answer = await passes_on(world, what, body)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["events"])


async def wants(world: World) -> str:
    """The consumer wants to send it back for its quality; the file that shows it."""
    await delivered(world)
    file = await says_with(world, photo(1))
    await said(world.clients["owner"], mine(world), {"wish": QUALITY, "evidence": [file]})
    return file


async def test_an_offer_is_what_its_preview_said(url: str) -> None:
    async with bought(url) as world:
        await wants(world)
        agent = world.clients["agent"]
        seen = await said(agent, desks(world, "/1/counter-offer/preview"), LESS)
        assert (seen["possible"], seen["kind"], seen["amount_minor"]) == (True, "refund", 3_000)
        assert seen["bearers"] == [
            {"payer": "merchant", "amount_minor": 3_000, "party": str(world.merchant)}
        ]
        unchanged = (await agent.get(desks(world))).json()["remedies"][0]
        assert "counter_offer" not in unchanged
        too_much = {**LESS, "amount_minor": 10_000}
        seen_again = await said(agent, desks(world, "/1/counter-offer/preview"), too_much)
        assert (seen_again["possible"], seen_again["code"]) == (False, "refund_exceeds_paid")
        offer = {"wish": LESS, "expected_minor": seen["amount_minor"]}
        await said(agent, desks(world, "/1/counter-offer"), offer)
        made = (await agent.get(desks(world))).json()["remedies"][0]
        assert made["counter_offer"]["lines"] == seen["lines"]
        assert "counter_offer" in [clock["kind"] for clock in made["clocks"]]
        rival = await world.clients["rival"].post(
            desks(world, "/1/counter-offer/preview"), json=LESS
        )
        assert rival.status_code == 404
        assert await events_of(world, "/acceptance") == [
            *("CounterOfferAccepted", "RemedyApproved", "RefundRequested"),
        ]


async def test_the_marketplace_disputes_and_objects_for_the_consumer(url: str) -> None:
    async with bought(url) as world:
        file = await wants(world)
        refusal = {"reason": "worn", "facts": ["worn_soles"]}
        await said(world.clients["agent"], desks(world, "/1/refusal"), refusal)
        assert "DisputeOpened" in await events_of(world, "/dispute", {"reason": "not_worn"})
        assert await events_of(world, "/evidence", {"evidence": [file]}) == ["EvidenceSubmitted"]
        decision = {"outcome": "refused", "reason": "worn", "basis": "photos of both"}
        before = (await world.clients["platform"].get(desks(world))).json()
        told = {**decision, "basis": "Mrs Li, 138 1234 5678, said so"}
        answer = await world.clients["platform"].post(desks(world, "/1/decision"), json=told)
        why = answer.json()
        assert (answer.status_code, why["code"], why["field"]) == (422, "message_blocked", "basis")
        assert [told["basis"][hit["start"] : hit["end"]] for hit in why["places"]] == [
            "138 1234 5678"
        ]
        assert (await world.clients["platform"].get(desks(world))).json() == before
        await said(world.clients["platform"], desks(world, "/1/decision"), decision)
        assert "ObjectionMade" in await events_of(world, "/objection", {"reason": "look_again"})


async def test_the_marketplace_declines_an_offer(url: str) -> None:
    async with bought(url) as world:
        await wants(world)
        offer = {"wish": LESS, "expected_minor": 3_000}
        await said(world.clients["agent"], desks(world, "/1/counter-offer"), offer)
        assert "CounterOfferDeclined" in await events_of(world, "/declining")


async def test_the_marketplace_asks_for_a_person_and_withdraws(url: str) -> None:
    async with bought(url) as world:
        await wants(world)
        assert await events_of(world, "/human") == ["HumanAsked"]
        assert await events_of(world, "/withdrawal") == ["RemedyWithdrawn"]


async def test_a_key_that_may_only_read_says_nothing(url: str) -> None:
    async with bought(url) as world:
        await wants(world)
        before = (await world.clients["owner"].get(mine(world))).json()
        for what in ("/withdrawal", "/human", "/acceptance"):
            answer = await passes_on(world, what, who="reads")
            assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
        assert (await world.clients["owner"].get(mine(world))).json() == before


async def test_the_platform_names_a_route_where_the_first_is_dead(url: str) -> None:
    async with bought(url) as world:
        await said(world.clients["owner"], mine(world), {"wish": CANCEL})
        dead = await passes_on(world, "/refunds/1/failure", {"reason": "route_dead"})
        assert dead.status_code == 200, dead.text
        bank = {"method": "bank", "reference": "b"}
        merchants = await world.clients["agent"].post(desks(world, "/1/route"), json=bank)
        assert (merchants.status_code, merchants.json()["code"]) == (403, "not_allowed")
        rival = await world.clients["rival"].post(desks(world, "/1/route"), json=bank)
        assert rival.status_code == 404
        got = await said(world.clients["platform"], desks(world, "/1/route"), bank)
        assert got["events"] == ["RefundRequested"]
