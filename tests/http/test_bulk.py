"""Many answers at once: previewed to the last unit, given each by itself, done once."""

from typing import Any
from uuid import uuid4

from oncedesk.domain.agents.messages import NoteBlocked
from oncedesk.engine.instants import settle
from oncedesk.engine.running import utc_now
from tests.http.files import answers_with, photo, says_with
from tests.http.test_home import QUALITY, home
from tests.http.test_remedies import bought, buys_again, delivered, desks, mine, said
from tests.http.test_returns import placed_back, tells
from tests.http.world import World, the_world
from tests.support.engines import Outside


async def asked_for(world: World, orders: int) -> list[dict[str, Any]]:
    """So many orders of which the merchant has to answer a return, and one more of custom goods."""
    for number in range(orders):
        if number:
            await buys_again(world)
        await delivered(world)
        wish = {"wish": QUALITY, "evidence": [await says_with(world, photo(number))]}
        await said(world.clients["owner"], mine(world), wish)
    await settle(world.service.parts.engine)
    return list((await home(world, "remedies"))["items"])


def about(remedy: Any, **more: Any) -> dict[str, Any]:
    named = {name: remedy[name] for name in ("consumer", "order")}
    return {"key": str(uuid4()), **named, "remedy": remedy["number"], **more}


def nobodys() -> dict[str, Any]:
    return {"key": "nobodys", "consumer": str(uuid4()), "order": str(uuid4()), "remedy": 1}


async def test_what_is_previewed_is_what_it_comes_to_and_counts_once(url: str) -> None:
    async with bought(url) as world:
        waiting = await asked_for(world, 3)
        assert sorted(one["amount_minor"] for one in waiting) == [4_950, 9_900, 9_900, 9_900]
        agent = world.clients["agent"]
        before = await world.service.journal()
        bulk = {
            "grants": [about(one, expected_minor=one["amount_minor"]) for one in waiting[:3]],
            "refusals": [about(waiting[3], reason="worn", facts=["signs_of_use"])],
            "answers": [],
        }
        bulk["grants"].append({**nobodys(), "expected_minor": 1})
        seen = await said(agent, "/v1/desk/bulk/preview", bulk)
        assert await world.service.journal() == before
        assert [one.get("comes_to") for one in seen["items"]] == [
            *("granted", "granted", "granted", None, "refused")
        ]
        assert seen["items"][3]["why"]["code"] == "not_found"
        amounts = [one["amount_minor"] for one in waiting]
        sums = {one["comes_to"]: one for one in seen["sums"]}
        assert sums["granted"]["own_minor"] == sum(amounts[:3]) == sums["granted"]["amount_minor"]
        assert (sums["granted"]["items"], sums["refused"]["own_minor"]) == (3, 0)
        assert all("until" in one for one in seen["items"] if one.get("comes_to") == "refused")

        given = (await said(agent, "/v1/desk/bulk", bulk))["items"]
        assert [one["done"] for one in given] == [True, True, True, False, True]
        assert given[3]["why"]["code"] == "not_found"
        assert [one["key"] for one in given] == [one["key"] for one in seen["items"]]
        for one, what in zip(given[:3], waiting, strict=False):
            assert "RemedyApproved" in one["events"]
            books = await world.clients["platform"].get(
                f"/v1/desk/orders/{what['consumer']}/{what['order']}/remedies"
            )
            (remedy,) = books.json()["remedies"]
            assert remedy["amount_minor"] == what["amount_minor"]
        counted = await world.service.journal()
        again = (await said(agent, "/v1/desk/bulk", bulk))["items"]
        assert [one.get("repeated", False) for one in again] == [True, True, True, False, True]
        assert await world.service.journal() == counted
        # What was granted has to come back somewhere; the merchant has not said where to.
        left = (await home(world, "remedies"))["items"]
        assert {one["clock"] for one in left} == {"return_place"}
        assert {one["outlook"]["then"] for one in left} == {"money_instead"}


async def test_an_item_sees_what_those_before_it_would_do(url: str) -> None:
    async with the_world(url) as world:
        (remedy,) = (await home(world, "remedies"))["items"]
        bulk = {
            "grants": [
                about(remedy, expected_minor=1),
                about(remedy, expected_minor=4_950),
                about(remedy),
            ]
        }
        found = (await said(world.clients["agent"], "/v1/desk/bulk/preview", bulk))["items"]
        codes = [one["why"]["code"] if "why" in one else one["comes_to"] for one in found]
        assert codes == ["amount_changed", "granted", "not_allowed"]
        done = (await said(world.clients["agent"], "/v1/desk/bulk", bulk))["items"]
        assert [one["done"] for one in done] == [False, True, False]
        assert done[0]["why"]["field"] == "expected_minor"


async def blocked(world: World) -> int:
    """How often it was noticed that the gate kept this agent's words back."""
    async with Outside(world.service.database) as outside:
        return int(
            await outside.value(
                "SELECT count(*) FROM journal WHERE stream = $1 AND position($2 IN command) > 0",
                world.agent,
                world.service.parts.codec.tag(NoteBlocked),
            )
        )


async def test_offers_and_words_are_previewed_too(url: str) -> None:
    async with bought(url) as world:
        waiting = await asked_for(world, 1)
        remedy = next(one for one in waiting if one["order"] == str(world.order))
        wish = {"kind": "refund", "reason": "quality", "amount_minor": 3_000}
        case = {"consumer": str(world.consumer), "conversation": str(world.conversation), "case": 1}
        bulk = {
            "offers": [about(remedy, wish=wish, expected_minor=3_000)],
            "answers": [
                {"key": "a", **case, "text": "It is on its way"},
                {"key": "b", **case, "text": "Add my WeChat: shopkeeper_88, pay me there"},
                {"key": "c", **case, "case": 2, "text": "Not ours"},
            ],
        }
        found = (await said(world.clients["agent"], "/v1/desk/bulk/preview", bulk))["items"]
        # Trying what the gate keeps back counts, once, whether it is then sent or not.
        await settle(world.service.parts.engine)
        assert await blocked(world) == 1
        assert (found[0]["comes_to"], found[0]["own_minor"]) == ("offered", 3_000)
        assert found[1]["comes_to"] == "answered"
        assert found[2]["why"]["code"] == "message_blocked"
        assert found[2]["why"]["places"]
        assert found[3]["why"]["code"] == "not_found"
        done = (await said(world.clients["agent"], "/v1/desk/bulk", bulk))["items"]
        assert [one["done"] for one in done] == [True, True, False, False]
        thread = await world.clients["owner"].get(
            f"/v1/help/conversations/{world.conversation}/messages"
        )
        assert "It is on its way" in [one["text"] for one in thread.json()["items"]]
        await settle(world.service.parts.engine)
        assert await blocked(world) == 1
        # What is blocked is noticed of the agent, who is not told.
        assert all("Flagged" not in event for one in done for event in one.get("events", ()))


async def test_decisions_are_objected_to_once(url: str) -> None:
    async with bought(url) as world:
        await asked_for(world, 1)
        owner, agent, platform = (world.clients[who] for who in ("owner", "agent", "platform"))
        no = {"reason": "worn", "facts": ["signs_of_use"]}
        await said(agent, desks(world, "/1/refusal"), no)
        await said(owner, mine(world, "/1/dispute"), {"reason": "not_so"})
        decision = {"outcome": "granted", "reason": "proven", "basis": "seen"}
        await said(platform, desks(world, "/1/decision"), decision)
        await settle(world.service.parts.engine)
        named = {"consumer": str(world.consumer), "order": str(world.order), "number": 1}
        bulk = {
            "objections": [about(named, reason="wrong_item_sent_back")],
            "contests": [about(named, reason="worn")],
        }
        found = (await said(agent, "/v1/desk/bulk/preview", bulk))["items"]
        contested, objected = found
        assert contested["why"]["code"] in ("nothing_to_contest", "evidence_missing")
        assert (objected["comes_to"], objected["own_minor"]) == ("objected", 9_900)
        assert "until" in objected
        done = (await said(agent, "/v1/desk/bulk", bulk))["items"]
        assert [one["done"] for one in done] == [False, True]
        twice = {"objections": [about(named, reason="again")]}
        (again,) = (await said(agent, "/v1/desk/bulk/preview", twice))["items"]
        assert again["why"]["code"] == "objection_too_late"


async def test_what_is_no_bulk_is_told_as_a_whole(url: str) -> None:
    async with the_world(url) as world:
        agent = world.clients["agent"]
        one = nobodys()
        many = [{**one, "key": str(number)} for number in range(60)]
        for bulk, code in (
            ({}, "body_invalid"),
            ({"grants": many, "refusals": [{**it, "reason": "no"} for it in many]}, "body_invalid"),
            ({"grants": [one, one]}, "key_invalid"),
            ({"grants": [{**one, "key": "not a key"}]}, "body_invalid"),
            ({"grants": [{**one, "key": ""}]}, "body_invalid"),
            ({"everything": [one]}, "body_invalid"),
        ):
            for path in ("/v1/desk/bulk/preview", "/v1/desk/bulk"):
                answer = await agent.post(path, json=bulk)
                assert (answer.status_code, answer.json()["code"]) == (422, code), bulk
        rivals = await world.clients["rival"].post(
            "/v1/desk/bulk",
            json={
                "grants": [
                    {
                        "key": "k",
                        "consumer": str(world.consumer),
                        "order": str(world.order),
                        "remedy": 1,
                    }
                ]
            },
        )
        assert rivals.json()["items"][0]["why"]["code"] == "not_found"
        assert (await home(world, "remedies"))["items"] != []


async def test_a_yes_to_another_amount_than_was_shown_changes_nothing(url: str) -> None:
    async with bought(url) as world:
        await placed_back(world)
        waiting = await asked_for(world, 1)
        (remedy,) = (one for one in waiting if one["order"] == str(world.order))
        agent, path = world.clients["agent"], desks(world, "/1/grant")
        before = await world.service.journal()
        stale = {"expected_minor": remedy["amount_minor"] - 1}
        refused = await agent.post(path, json=stale, headers={"Idempotency-Key": str(uuid4())})
        assert (refused.status_code, refused.json()["code"]) == (409, "amount_changed")
        assert await world.service.journal() == before
        await said(agent, path, {"expected_minor": remedy["amount_minor"]})


async def paid_early(world: World) -> None:
    """Sent back, and refunded before anybody looked at it."""
    await placed_back(world)
    await asked_for(world, 1)
    agent = world.clients["agent"]
    await said(agent, desks(world, "/1/grant"))
    path = f"/consumers/{world.consumer}/orders/{world.order}/remedies/1"
    shipment = str(uuid4())
    await tells(world, "POST", path + "/return-label", {"shipment": shipment})
    scan = {"shipment": shipment, "code": "collected", "at": utc_now().isoformat()}
    await tells(world, "POST", path + "/tracking", scan)
    await settle(world.service.parts.engine)
    (remedy,) = (await agent.get(desks(world))).json()["remedies"]
    (leg,) = remedy["legs"]
    sent = {"amount_minor": 9_900, "currency": "CNY", "sent_at": utc_now().isoformat()}
    await tells(world, "POST", f"{path}/refunds/{leg['number']}/confirmation", sent)
    await settle(world.service.parts.engine)


async def test_what_a_merchant_has_back_from_the_fund_has_left_it(url: str) -> None:
    async with bought(url) as world:
        await paid_early(world)
        file = await answers_with(world, photo(9))
        contest = {"reason": "not_returned", "evidence": [file]}
        await said(world.clients["agent"], desks(world, "/1/contest"), contest)
        decision = {"upheld": True, "reason": "seen_both"}
        await said(world.clients["platform"], desks(world, "/1/contest-decision"), decision)
        await settle(world.service.parts.engine)
        span = {"since": "2024-01-01T00:00:00Z", "until": "2100-01-01T00:00:00Z"}
        found = await world.clients["admin"].get("/v1/admin/fund", params=span)
        (fund,) = found.json()["currencies"]
        told = fund["used_minor"], fund["advanced_minor"], fund["borne_minor"]
        assert told == (9_900, 0, 9_900)


async def test_what_a_merchant_contests_is_not_told_to_the_consumer(url: str) -> None:
    async with bought(url) as world:
        await paid_early(world)

        async def seen(who: str, path: str) -> tuple[str | None, bool]:
            answer = await world.clients[who].get(path)
            assert answer.status_code == 200, answer.text
            (remedy,) = answer.json()["remedies"]
            clocks = [one["kind"] for one in remedy.get("clocks", ())]
            return remedy["journey"].get("contest"), "contest" in clocks

        ours, theirs = desks(world), f"/v1/help/orders/{world.order}/remedies"
        assert await seen("owner", theirs) == (None, False)
        file = await answers_with(world, photo(9))
        contest = {"reason": "not_returned", "evidence": [file]}
        await said(world.clients["agent"], desks(world, "/1/contest"), contest)
        assert await seen("agent", ours) == ("open", True)
        assert await seen("owner", theirs) == (None, False)


async def test_money_that_left_early_is_contested_with_what_shows_it(url: str) -> None:
    async with bought(url) as world:
        await paid_early(world)
        agent = world.clients["agent"]
        followed = (await home(world, "followed", of="decided"))["items"]
        (known,) = (one for one in followed if one["order"] == str(world.order))
        assert (known["what"], known["own_minor"]) == ("contestable", 9_900)
        named = {"consumer": str(world.consumer), "order": str(world.order), "number": 1}
        without = {"contests": [about(named, reason="not_returned")]}
        (why,) = (await said(agent, "/v1/desk/bulk/preview", without))["items"]
        assert why["why"]["code"] == "evidence_missing"
        strange = {"contests": [about(named, reason="worn", evidence=[str(uuid4())])]}
        (why,) = (await said(agent, "/v1/desk/bulk/preview", strange))["items"]
        assert "why" in why
        file = await answers_with(world, photo(9))
        bulk = {"contests": [about(named, reason="not_returned", evidence=[file])]}
        preview = await said(agent, "/v1/desk/bulk/preview", bulk)
        (seen,) = preview["items"]
        assert (seen["comes_to"], seen["own_minor"]) == ("contested", 9_900)
        (done,) = (await said(agent, "/v1/desk/bulk", bulk))["items"]
        assert done["events"] == ["RefundContested"]
        followed = (await home(world, "followed", of="with_platform"))["items"]
        # The platform's time counts from when it is given, a moment after the preview.
        (asked,) = followed
        assert asked["due_at"] >= seen["until"]
