"""What the marketplace passes on for a consumer, and what a desk looks at before it says it."""

from typing import Any
from uuid import uuid4

import httpx

from oncedesk.domain.remedies.messages.disputing import DecideDispute, Outcome
from oncedesk.domain.shared.decider import MARKETPLACE
from tests.engine.test_personal_data import tables_with
from tests.http.files import photo, says_with
from tests.http.test_remedies import CANCEL, bought, buys_again, delivered, desks, mine, said
from tests.http.world import World
from tests.support.engines import Outside

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


async def refused_and_disputed(world: World) -> None:
    """The merchant refused what the consumer wants, who does not accept that."""
    await wants(world)
    refusal = {"reason": "worn", "facts": ["worn_soles"]}
    await said(world.clients["agent"], desks(world, "/1/refusal"), refusal)
    await said(world.clients["owner"], mine(world, "/1/dispute"), {"reason": "not_worn"})


async def rests_on(world: World, who: str, path: str) -> Any:
    """What the decision rests on, as this one reads it; None: it was erased."""
    answer = await world.clients[who].get(path)
    assert answer.status_code == 200, answer.text
    (decided,) = (one for one in answer.json()["steps"] if one["what"] == "decided")
    return decided["basis"]


async def test_what_a_decision_rests_on_is_read_by_both_sides_until_it_is_erased(
    url: str,
) -> None:
    async with bought(url) as world, Outside(url) as outside:
        await refused_and_disputed(world)
        platform, admin = world.clients["platform"], world.clients["admin"]
        decision = {"outcome": "refused", "reason": "worn", "basis": "王小明 wore it"}
        key = {"Idempotency-Key": "decided"}
        path = desks(world, "/1/decision")
        decided = await platform.post(path, json=decision, headers=key)
        assert decided.json()["events"] == ["DisputeDecided"], decided.text
        again = await platform.post(path, json=decision, headers=key)
        assert again.headers["idempotent-replayed"] == "true"
        other = await platform.post(path, json={**decision, "basis": "Other"}, headers=key)
        assert other.json()["code"] == "idempotency_key_reused"
        assert await tables_with(outside, "王小明") == {"order_text"}
        both = [("owner", mine(world, "/1/timeline")), ("agent", desks(world, "/1/timeline"))]
        for who, timeline in both:
            assert await rests_on(world, who, timeline) == decision["basis"]
        copy = (await world.clients["owner"].get("/v1/help/export")).json()
        assert [one["basis"] for one in copy["bases"]] == [decision["basis"]]
        erased = await admin.post(f"/v1/admin/parties/{world.consumer}/erasure")
        assert erased.status_code == 200, erased.text
        assert await tables_with(outside, "王小明") == set()
        for who, timeline in both:
            assert await rests_on(world, who, timeline) is None
        replay = await world.service.parts.replay()
        assert (await replay.check()).differences == []
        assert (await replay.decide()).differences == []


async def test_what_nobody_stood_by_is_read_by_the_desk_alone_and_erased_too(url: str) -> None:
    async with bought(url) as world, Outside(url) as outside:
        await buys_again(world, 90_000)
        await refused_and_disputed(world)
        platform, admin, owner = (world.clients[who] for who in ("platform", "admin", "owner"))
        decision = {"outcome": "granted", "reason": "proven", "basis": "王小明 is right"}
        await said(platform, desks(world, "/1/decision"), decision)
        await outside.until("SELECT count(*) FROM reaction", 0)

        async def wanted(who: str, path: str) -> Any:
            (remedy,) = (await world.clients[who].get(path)).json()["remedies"]
            return remedy.get("approval", {}).get("basis", "")

        assert await tables_with(outside, "王小明") == {"order_text"}
        assert await wanted("platform", desks(world)) == decision["basis"]
        assert await wanted("agent", desks(world)) == ""
        assert await wanted("owner", mine(world)) == ""
        assert (await owner.get("/v1/help/export")).json()["bases"] == []
        whole = (await admin.get(f"/v1/admin/consumers/{world.consumer}/export")).json()
        assert [one["basis"] for one in whole["bases"]] == [decision["basis"]]
        await said(admin, f"/v1/admin/parties/{world.consumer}/erasure")
        assert await tables_with(outside, "王小明") == set()
        assert await wanted("platform", desks(world)) is None


async def test_what_was_recorded_in_a_decision_at_first_is_still_read(url: str) -> None:
    async with bought(url) as world:
        await refused_and_disputed(world)
        recorded = DecideDispute(
            consumer=world.consumer,
            order=world.order,
            remedy=1,
            outcome=Outcome.REFUSED,
            reason="worn",
            basis="photos of both",
        )
        engine = world.service.parts.engine
        answer = await engine.submit(recorded, principal="tests", key="first", actor=MARKETPLACE)
        assert answer.accepted, answer
        assert await rests_on(world, "owner", mine(world, "/1/timeline")) == "photos of both"


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
