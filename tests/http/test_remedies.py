"""Remedies over HTTP: what is previewed is what is got, and nobody sees what is not theirs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx

from oncedesk.domain.desks.messages import CloseDesk
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.engine.instants import settle
from oncedesk.engine.running import utc_now
from oncedesk.http.auth.principals import Kind
from tests.http.files import photo, says_with
from tests.http.world import World, new_order, the_world
from tests.support.engines import Outside

CANCEL = {"kind": "cancel", "reason": "changed_mind", "part": 1}
REFUSAL = {"reason": "not_broken", "facts": ["works_when_tried"]}


@asynccontextmanager
async def bought(url: str, **settings: Any) -> AsyncIterator[World]:
    """The consumer has bought again, and nothing was asked for yet."""
    async with the_world(url, **settings) as world:
        await buys_again(world)
        yield world


async def buys_again(world: World, minor: int = 9_900, *, address: str | None = None) -> None:
    """`world.order` is another one from now on."""
    world.order = uuid4()
    path = f"/v1/marketplace/consumers/{world.consumer}/orders/{world.order}"
    order = {**new_order(world.merchant), "address": address}
    order["parts"][0]["items"] = [{"listing": str(uuid4()), "unit_price_minor": minor}]
    order["payments"] = [{"method": "wallet", "amount_minor": minor}]
    key = {"Idempotency-Key": str(uuid4())}
    placed = await world.clients["machine"].put(path, json=order, headers=key)
    assert placed.status_code == 200, placed.text


def mine(world: World, path: str = "") -> str:
    return f"/v1/help/orders/{world.order}/remedies{path}"


def desks(world: World, path: str = "") -> str:
    return f"/v1/desk/orders/{world.consumer}/{world.order}/remedies{path}"


async def said(client: httpx.AsyncClient, path: str, body: Any = None) -> Any:
    answer = await client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def delivered(world: World) -> None:
    """The order's part has arrived."""
    base = f"/v1/marketplace/consumers/{world.consumer}/orders/{world.order}"
    shipment = str(uuid4())
    for path, body in (
        ("/shipments", {"part": 1, "shipment": shipment}),
        *(
            ("/tracking", {"shipment": shipment, "code": code, "at": utc_now().isoformat()})
            for code in ("collected", "delivered")
        ),
    ):
        key = {"Idempotency-Key": str(uuid4())}
        told = await world.clients["machine"].post(base + path, json=body, headers=key)
        assert told.status_code == 200, told.text


async def test_what_is_previewed_is_got_and_everybody_sees_the_same(url: str) -> None:
    async with bought(url) as world:
        owner, platform = world.clients["owner"], world.clients["platform"]
        seen = await said(owner, mine(world, "/preview"), CANCEL)
        assert (seen["amount_minor"], seen["at_once"]) == (9_900, True)
        assert seen["routes"] == [{"method": "wallet", "amount_minor": 9_900}]
        assert [step["kind"] for step in seen["steps"]] == ["refund"]
        agents = await said(platform, desks(world, "/preview"), CANCEL)
        assert {key: agents[key] for key in ("amount_minor", "lines", "rule")} == {
            key: seen[key] for key in ("amount_minor", "lines", "rule")
        }
        got = await said(owner, mine(world), {"wish": CANCEL, "expected_minor": 9_900})
        assert got["events"][:3] == ["BooksOpened", "RemedyRequested", "RemedyApproved"]
        again = await said(owner, mine(world, "/preview"), CANCEL)
        assert (again["possible"], again["code"]) == (False, "nothing_left")


async def test_a_no_names_what_is_nearest(url: str) -> None:
    async with bought(url) as world:
        await delivered(world)
        seen = await said(world.clients["owner"], mine(world, "/preview"), CANCEL)
        assert (seen["possible"], seen["code"]) == (False, "remedy_not_offered")
        assert seen["nearest"]["kind"] == "return_and_refund"
        assert seen["nearest"]["amount_minor"] == 9_900


async def test_a_rival_and_anothers_part_see_nothing(url: str) -> None:
    async with bought(url) as world:
        agent, rival = world.clients["agent"], world.clients["rival"]
        assert (await said(agent, desks(world, "/preview"), CANCEL))["amount_minor"] == 9_900
        assert (await rival.post(desks(world, "/preview"), json=CANCEL)).status_code == 404
        foreign = {**CANCEL, "part": 2}
        assert (await agent.post(desks(world, "/preview"), json=foreign)).status_code == 404


async def test_evidence_is_asked_for_and_an_offer_is_taken_in_one_tap(url: str) -> None:
    async with bought(url) as world:
        await delivered(world)
        owner, agent = world.clients["owner"], world.clients["agent"]
        wish = {"kind": "return_and_refund", "reason": "quality"}
        without = await owner.post(mine(world), json={"wish": wish})
        assert (without.status_code, without.json()["code"]) == (422, "evidence_needed")
        assert without.json()["detail"] == "as many files as show it: at least 1"
        file = await says_with(world, photo(1))
        asked = await said(owner, mine(world), {"wish": wish, "evidence": [file]})
        assert asked["events"] == ["BooksOpened", "RemedyRequested"]
        less = {"kind": "refund", "reason": "quality", "amount_minor": 3_000}
        offer = {"wish": less, "expected_minor": 3_000}
        assert (await said(agent, desks(world, "/1/counter-offer"), offer))["events"] == [
            "CounterOfferMade"
        ]
        taken = await said(owner, mine(world, "/1/acceptance"))
        assert taken["events"][:2] == ["CounterOfferAccepted", "RemedyApproved"]


async def test_what_is_said_again_of_a_remedy_that_is_over_gets_its_first_answer(url: str) -> None:
    async with bought(url) as world:
        await delivered(world)
        owner, agent = world.clients["owner"], world.clients["agent"]
        wish = {"kind": "return_and_refund", "reason": "quality"}
        file = await says_with(world, photo(1))
        await said(owner, mine(world), {"wish": wish, "evidence": [file]})
        less = {"kind": "refund", "reason": "quality", "amount_minor": 3_000}
        offer, key = {"wish": less, "expected_minor": 3_000}, str(uuid4())
        path, about = desks(world, "/1/counter-offer"), {"Idempotency-Key": key}
        first = await agent.post(path, json=offer, headers=about)
        assert first.json()["events"] == ["CounterOfferMade"], first.text
        await said(owner, mine(world, "/1/withdrawal"))
        again = await agent.post(path, json=offer, headers=about)
        assert (again.status_code, again.json()) == (200, first.json())
        assert again.headers["Idempotent-Replayed"] == "true"
        order = {"consumer": str(world.consumer), "order": str(world.order), "remedy": 1}
        items = [{"key": one, **order, **offer} for one in (key, "another")]
        told, other = (await said(agent, "/v1/desk/bulk", {"offers": items}))["items"]
        assert (told["done"], told["repeated"]) == (True, True)
        assert (other["done"], other["why"]["code"]) == (False, "not_found")
        for who, headers in (("rival", about), ("agent", {}), ("agent", {"Idempotency-Key": "x"})):
            hidden = await world.clients[who].post(path, json=offer, headers=headers)
            assert (hidden.status_code, hidden.json()["code"]) == (404, "not_found"), who


async def test_whoever_is_shown_to_bear_a_platforms_yes_bears_it(url: str) -> None:
    async with bought(url) as world:
        await delivered(world)
        owner, platform = world.clients["owner"], world.clients["platform"]
        engine = world.service.parts.engine
        closing = CloseDesk(desk=world.desk)
        await engine.submit(closing, principal="tests", key="close", actor=SYSTEM)
        # No merchant is made to pay for goods that are kept, unless it says yes itself.
        bears = [{"payer": "platform", "amount_minor": 9_900}]
        wish = {"kind": "refund", "reason": "quality"}
        shown = await said(platform, desks(world, "/preview"), wish)
        assert (shown["desk"], shown["bearers"]) == ("platform", bears)
        evidence = [await says_with(world, photo(1))]
        await said(owner, mine(world), {"wish": wish, "evidence": evidence})
        (asked,) = (await platform.get(desks(world))).json()["remedies"]
        assert (asked["status"], asked["bearers"]) == ("requested", bears)
        await said(platform, desks(world, "/1/grant"))
        await settle(engine)
        (given,) = (await platform.get(desks(world))).json()["remedies"]
        assert (given["status"], given["bearers"]) == ("settling", bears)


async def test_an_objection_is_about_what_others_have_left_of_it(url: str) -> None:
    async with bought(url) as world:
        await delivered(world)
        owner, agent = world.clients["owner"], world.clients["agent"]
        wish = {"kind": "refund", "reason": "quality"}
        asked = {"wish": wish, "evidence": [await says_with(world, photo(1))]}
        await said(owner, mine(world), asked)
        await said(agent, desks(world, "/1/refusal"), REFUSAL)
        await said(owner, mine(world, "/1/dispute"), {"reason": "not_so"})
        decision = {"reason": "proven", "basis": "seen"}
        no, yes = {**decision, "outcome": "refused"}, {**decision, "outcome": "granted"}
        await said(world.clients["platform"], desks(world, "/1/decision"), no)
        await said(owner, mine(world, "/1/objection"), {"reason": "look_again"})
        other = await world.service.agent(PLATFORM)

        async def about() -> tuple[int, bool]:
            (first, *_) = (await other.get(desks(world))).json()["remedies"]
            return first["dispute"].get("wanted_minor", 0), first["dispute"].get("taken", False)

        assert await about() == (9_900, False)
        less = {"wish": {**wish, "amount_minor": 7_000}, "evidence": asked["evidence"]}
        await said(owner, mine(world), less)
        await said(agent, desks(world, "/2/grant"))
        assert await about() == (2_900, False)
        rest = {"wish": {**wish, "amount_minor": 2_900}, "evidence": asked["evidence"]}
        await said(owner, mine(world), rest)
        assert await about() == (0, True)
        taken = await other.post(desks(world, "/1/decision"), json=yes)
        assert (taken.status_code, taken.json()["code"]) == (409, "nothing_left")
        await said(owner, mine(world, "/3/withdrawal"))
        await said(other, desks(world, "/1/decision"), yes)
        await settle(world.service.parts.engine)
        (first, *_) = (await other.get(desks(world))).json()["remedies"]
        assert (first["dispute"]["outcome"], first["amount_minor"]) == ("granted", 2_900)


async def test_a_picture_that_served_before_makes_it_slower(url: str) -> None:
    async with bought(url) as world:
        owner, platform = world.clients["owner"], world.clients["platform"]
        wish = {"kind": "return_and_refund", "reason": "quality"}
        speeds = []
        for _ in range(2):
            await delivered(world)
            asked = {"wish": wish, "evidence": [await says_with(world, photo(1))]}
            await said(owner, mine(world), asked)
            seen = (await platform.get(desks(world))).json()
            speeds.append(seen["remedies"][0]["speed"])
            async with Outside(url) as outside:
                await outside.until("SELECT count(*) FROM state WHERE kind = 'evidence'", 1)
            await buys_again(world)
        assert speeds == ["at_scan", "after_inspection"]


async def test_goodwill_says_what_it_comes_up_against_and_is_given_once(url: str) -> None:
    async with bought(url) as world:
        agent, platform = world.clients["agent"], world.clients["platform"]
        wish = {"kind": "compensation", "reason": "apology", "part": 1, "currency": "CNY"}
        asked = {**wish, "amount_minor": 1_500, "goodwill": True}
        seen = await said(platform, desks(world, "/preview"), asked)
        assert (seen["amount_minor"], seen["rule"]) == (1_500, "goodwill")
        assert [one["payer"] for one in seen["bearers"]] == ["platform"]
        budget_minor = seen["goodwill"]["budget_minor"]
        assert seen["goodwill"] == {"budget_minor": budget_minor}
        assert budget_minor > 1_500
        for path, body in (("/preview", asked), ("", {"wish": asked})):
            hidden = await agent.post(desks(world, path), json=body)
            assert hidden.status_code in (404, 422), hidden.text

        about = {"Idempotency-Key": str(uuid4())}
        give = desks(world).removesuffix("/remedies") + "/goodwill"
        given = {"wish": {**wish, "amount_minor": 1_500}, "expected_minor": 1_500}
        assert (await agent.post(give, json=given)).status_code == 404
        first = await platform.post(give, json=given, headers=about)
        assert first.json()["events"] == ["AuthorityAsked"], first.text
        again = await platform.post(give, json=given, headers=about)
        assert again.json() == first.json()
        assert again.headers["Idempotent-Replayed"] == "true"
        async with Outside(url) as outside:
            await outside.until("SELECT count(*) FROM reaction", 0)
        (remedy,) = (await platform.get(desks(world))).json()["remedies"]
        assert (remedy["kind"], remedy["amount_minor"]) == ("compensation", 1_500)
        assert remedy["status"] in ("approved", "settling")
        left = await said(platform, desks(world, "/preview"), asked)
        assert left["goodwill"]["budget_minor"] == budget_minor - 1_500


async def test_an_admin_gives_as_what_they_are_at_a_desk(url: str) -> None:
    async with the_world(url) as world:
        admin = world.clients["admin"]
        give = desks(world).removesuffix("/remedies") + "/goodwill"
        sorry = {"kind": "compensation", "reason": "apology", "part": 1}
        sorry |= {"currency": "CNY", "amount_minor": 1_500}
        before = await world.service.journal()
        for path, body in (
            (desks(world, "/1/grant"), {}),
            (desks(world, "/1/counter-offer"), {"wish": sorry}),
            (give, {"wish": sorry}),
        ):
            refused = await admin.post(path, json=body)
            assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed"), path
        shown = await said(admin, desks(world, "/preview"), {**sorry, "goodwill": True})
        assert shown["goodwill"]["limit"] == "not_member"
        assert await world.service.journal() == before
        boss = await world.service.agent(PLATFORM, role=Kind.ADMIN)
        asked = await said(boss, desks(world, "/1/grant"), {})
        assert asked["events"] == ["AuthorityAsked"]


async def test_a_wish_belongs_to_a_case_that_one_may_see_or_to_none(url: str) -> None:
    async with bought(url) as world:
        owner, wish = world.clients["owner"], {"wish": CANCEL}
        for conversation, case in ((uuid4(), 1), (world.conversation, 99)):
            linked = {**wish, "case": {"conversation": str(conversation), "case": case}}
            answer = await owner.post(mine(world), json=linked)
            assert (answer.status_code, answer.json()["code"]) == (404, "case_unknown")
            assert answer.json()["field"] == "case"
        assert (await owner.get(mine(world))).json()["remedies"] == []
        await said(owner, mine(world), wish)


async def test_what_waits_for_a_second_person_is_seen_by_its_own_desk_only(url: str) -> None:
    async with bought(url) as world:
        platform = world.clients["platform"]
        case = {"conversation": str(world.conversation), "case": 2}
        give = desks(world).removesuffix("/remedies") + "/goodwill"
        for minor in (9_900, 9_900, 400):
            wish = {"kind": "compensation", "reason": "apology", "part": 1}
            wish |= {"currency": "CNY", "amount_minor": minor}
            asked = {**wish, "goodwill": True, "case": case}
            seen = await said(platform, desks(world, "/preview"), asked)
            await said(platform, give, {"wish": wish, "case": case})
            async with Outside(url) as outside:
                await outside.until("SELECT count(*) FROM reaction", 0)
        assert seen["goodwill"]["limit"] == "case", "all that the case was given counts"
        last = (await platform.get(desks(world))).json()["remedies"][-1]
        assert (last["status"], last["amount_minor"]) == ("requested", 400)
        assert last["approval"] == {
            "amount_minor": 400,
            "desk": "platform",
            "own": True,
            "barred": True,
        }
        # Nor do they get the case in which somebody else is waited for, and hear why.
        first = (await platform.get("/v1/desk/session")).json()["agent"]
        leave = f"/v1/admin/agents/{first}/picking"
        assert (await world.clients["admin"].put(leave, json={"picks": True})).status_code == 200
        talk = (await platform.get(world.case_path)).json()
        (apart,) = (one["number"] for one in talk["cases"] if one.get("origin") == "remedy")
        picked = await platform.post(f"{world.case_path}/{apart}/pick", json={"desk": "platform"})
        assert (picked.status_code, picked.json()["code"]) == (409, "case_barred")
        for who, path in (("platform", desks), ("agent", desks), ("owner", mine)):
            theirs = (await world.clients[who].get(path(world))).json()["remedies"][-1]
            assert theirs["number"] == last["number"]
            assert ("approval" in theirs) is (who == "platform")
            clocks = {clock["kind"] for clock in theirs["clocks"]}
            assert ("authority" in clocks) is (who == "platform")
        number = f"/{last['number']}"
        refused = {"reason": "goodwill_used_up"}
        await said(world.clients["admin"], desks(world, f"{number}/second-refusal"), refused)
        told = {"second_person_asked", "grant_declined"}
        for who, path in (("platform", desks), ("agent", desks), ("owner", mine)):
            steps = (await world.clients[who].get(path(world, f"{number}/timeline"))).json()
            heard = {step["what"] for step in steps["steps"]} & told
            assert heard == (told if who == "platform" else set())
