"""A merchant's home: what waits, what silence will decide, what it costs and what prevents it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx

from oncedesk.engine.instants import settle
from oncedesk.engine.running import utc_now
from tests.http.files import answers_with, photo, says_with
from tests.http.test_help_orders import described
from tests.http.test_remedies import bought, delivered, desks, mine, said
from tests.http.test_returns import RETURN, placed_back, tells
from tests.http.world import World, the_world

LATE = (utc_now() + timedelta(days=60)).isoformat()
QUALITY = {"kind": "return_and_refund", "reason": "quality"}
REFUSAL = {"reason": "made_to_order", "facts": ["cut_to_size"]}


async def home(world: World, what: str, who: str = "agent", **query: Any) -> Any:
    answer = await asked(world, what, who, **query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def asked(world: World, what: str, who: str = "agent", **query: Any) -> httpx.Response:
    query = {"desk": str(world.desk), **query}
    return await world.clients[who].get(f"/v1/desk/home/{what}", params=query)


async def test_a_case_says_what_comes_of_silence_and_what_prevents_it(url: str) -> None:
    async with the_world(url) as world:
        found = await home(world, "cases")
        # The platform's own case in the same conversation is none of theirs.
        (case,) = found["items"]
        assert (case["case"], case["issue"], case["status"]) == (1, "late_delivery", "queued")
        assert (case["order"], case["part"]) == (str(world.order), 1)
        outlook = case["outlook"]
        assert (outlook["then"], outlook["missed"]) == ("taken_over", True)
        assert outlook["prevented_by"] == ["answer"]
        assert found["at_risk"] == []
        words = {"audience": "consumer", "text": "It comes tomorrow"}
        await said(world.clients["agent"], f"{world.case_path}/1/messages", words)
        (case,) = (await home(world, "cases"))["items"]
        assert (case["clock"], case["outlook"]["prevented_by"]) == ("resolution", ["resolve"])


async def test_what_another_desk_was_asked_is_not_for_the_one_that_asked_to_answer(
    url: str,
) -> None:
    async with the_world(url) as world:
        agent = world.clients["agent"]
        words = {"audience": "consumer", "text": "We ask"}
        await said(agent, f"{world.case_path}/1/messages", words)
        question = {"desk": "platform", "mode": "stay", "text": "Whose doing is it?"}
        await said(agent, f"{world.case_path}/1/referral", question)
        (case,) = (await home(world, "cases"))["items"]
        assert (case["side"], case["clock"]) == ("desk", "resolution")
        assert case["outlook"]["prevented_by"] == ["resolve"]


async def of_order(world: World, **query: Any) -> Any:
    """What waits about the order that was bought last."""
    items = (await home(world, "remedies", **query))["items"]
    (remedy,) = (one for one in items if one["order"] == str(world.order))
    return remedy


async def test_a_remedy_says_what_silence_costs_to_the_last_unit(url: str) -> None:
    async with bought(url) as world:
        await delivered(world)
        owner, agent = world.clients["owner"], world.clients["agent"]
        await said(
            owner, mine(world), {"wish": QUALITY, "evidence": [await says_with(world, photo(1))]}
        )
        found = await home(world, "remedies", until=LATE)
        # What was made to order is the platform's to decide if its merchant says nothing.
        first = next(one for one in found["items"] if one["order"] != str(world.order))
        assert (first["kind"], first["outlook"]["then"]) == ("cancel", "taken_over")
        assert first["amount_minor"] == first["own_minor"] == 4_950
        remedy = await of_order(world)
        assert (remedy["kind"], remedy["clock"]) == ("return_and_refund", "answer")
        outlook = remedy["outlook"]
        assert (outlook["then"], outlook["own_minor"]) == ("granted", 9_900)
        assert outlook["prevented_by"] == ["grant", "refuse", "offer"]
        assert found["at_risk"] == [{"currency": "CNY", "own_minor": 9_900, "items": 1}]
        now = await home(world, "remedies", until=utc_now().isoformat())
        assert (len(now["items"]), now["at_risk"]) == (2, [])
        await said(agent, desks(world, "/1/refusal"), REFUSAL)
        assert len((await home(world, "remedies"))["items"]) == 1
        # Disputed, it waits for evidence; without any it is decided against the merchant.
        await said(owner, mine(world, "/1/dispute"), {"reason": "not_so"})
        remedy = await of_order(world)
        assert (remedy["clock"], remedy["disputed"]) == ("evidence", True)
        assert remedy["outlook"]["prevented_by"] == ["show_evidence"]
        assert (remedy["outlook"]["then"], remedy["outlook"]["own_minor"]) == ("granted", 9_900)
        await said(
            agent, desks(world, "/1/evidence"), {"evidence": [await answers_with(world, photo(2))]}
        )
        remedy = await of_order(world)
        assert (remedy["shown"], remedy["outlook"]["then"]) == (1, "platform_decides")


async def test_goods_that_nobody_looks_at_count_as_accepted(url: str) -> None:
    async with bought(url) as world:
        await delivered(world)
        await placed_back(world)
        owner = world.clients["owner"]
        await said(owner, mine(world), {"wish": RETURN})
        path = f"/consumers/{world.consumer}/orders/{world.order}/remedies/1"
        shipment = str(uuid4())
        await tells(world, "POST", path + "/return-label", {"shipment": shipment})
        scan = {"shipment": shipment, "code": "delivered", "at": utc_now().isoformat()}
        weights = {"grams": 100, "shipped_grams": 1_000}
        await tells(world, "POST", path + "/tracking", scan | weights)
        await settle(world.service.parts.engine)
        found = {one["order"]: one for one in (await home(world, "remedies", until=LATE))["items"]}
        outlook = found[str(world.order)]["outlook"]
        assert (outlook["then"], outlook["own_minor"]) == ("goods_accepted", 9_900)
        assert outlook["prevented_by"] == ["inspect"]


async def followed(world: World, of: str) -> list[Any]:
    """What the desk follows of the order that was bought last."""
    items = (await home(world, "followed", of=of))["items"]
    return [one for one in items if one["order"] == str(world.order)]


async def test_what_is_decided_elsewhere_is_followed_until_it_is_over(url: str) -> None:
    async with bought(url) as world:
        await delivered(world)
        await placed_back(world)
        owner, agent, platform = (world.clients[who] for who in ("owner", "agent", "platform"))
        evidence = [await says_with(world, photo(1))]
        await said(owner, mine(world), {"wish": QUALITY, "evidence": evidence})
        assert await followed(world, "returning") == []
        await said(agent, desks(world, "/1/refusal"), REFUSAL)
        await said(owner, mine(world, "/1/dispute"), {"reason": "not_so"})
        decision = {"outcome": "granted", "reason": "proven", "basis": "seen"}
        await said(platform, desks(world, "/1/decision"), decision)
        await settle(world.service.parts.engine)
        (coming,) = await followed(world, "returning")
        assert (coming["status"], coming["own_minor"]) == ("waiting_for_return", 9_900)
        (decided,) = await followed(world, "decided")
        assert (decided["what"], decided["own_minor"]) == ("objectionable", 9_900)
        assert decided["bought"]["items"] == [{"quantity": 1}]
        assert await followed(world, "with_platform") == []
        await said(agent, desks(world, "/1/objection"), {"reason": "not_ours"})
        assert await followed(world, "decided") == []
        (given,) = await followed(world, "with_platform")
        assert given["due_at"] > utc_now().isoformat()
        assert await followed(world, "returning") == [coming]
        wrong = await asked(world, "followed", of="nothing")
        assert (wrong.status_code, wrong.json()["field"]) == (422, "of")
        for who in ("rival", "platform"):
            assert (await asked(world, "followed", who, of="decided")).status_code == 404


async def test_what_the_platform_alone_may_grant_costs_the_merchant_nothing(url: str) -> None:
    async with bought(url) as world:
        await delivered(world)
        owner = world.clients["owner"]
        kept = {"kind": "refund", "reason": "quality"}
        evidence = [await says_with(world, photo(1))]
        await said(owner, mine(world), {"wish": kept, "evidence": evidence})
        (waiting,) = [
            one for one in (await home(world, "remedies"))["items"] if one["kind"] == "refund"
        ]
        assert (waiting["amount_minor"], waiting["own_minor"]) == (9_900, 9_900)
        await said(owner, mine(world, "/1/human"))
        (given,) = await followed(world, "with_platform")
        assert (given["amount_minor"], given["own_minor"]) == (9_900, 0)


async def test_lists_go_on_page_by_page_and_nothing_twice(url: str) -> None:
    async with the_world(url) as world:
        subject = {"kind": "order", "id": str(world.order), "part": 1}
        for issue in ("refund", "order_question", "exchange"):
            contact = {"subject": subject, "text": "Hello", "issue": issue, "fresh": True}
            await said(world.clients["owner"], "/v1/help/contacts", contact)
        every = (await home(world, "cases"))["items"]
        moments = [one["outlook"]["at"] for one in every]
        assert moments == sorted(moments)
        assert len({one["case"] for one in every}) == len(every) == 4
        seen, cursor = [], None
        while True:
            page = await home(world, "cases", limit=1, **({"cursor": cursor} if cursor else {}))
            seen += page["items"]
            cursor = page.get("next")
            if cursor is None:
                break
        assert seen == every
        used = await asked(world, "remedies", limit=1, cursor="x")
        assert (used.status_code, used.json()["code"]) == (422, "cursor_invalid")


async def test_a_home_is_its_own_desks(url: str) -> None:
    async with the_world(url) as world:
        for what in ("cases", "remedies"):
            for who in ("rival", "platform"):
                assert (await asked(world, what, who)).status_code == 404
            assert (await asked(world, what, "admin")).status_code == 200
            # The platform's desk has queues and no home; whoever is nobody's has nothing.
            assert (await asked(world, what, "admin", desk="platform")).status_code == 404
            wrong = await asked(world, what, until="2026-01-01T00:00:00")
            assert (wrong.status_code, wrong.json()["field"]) == (422, "until")
        empty = await home(world, "cases", "admin", desk=f"merchant:{uuid4()}")
        assert (empty["items"], empty["at_risk"]) == ([], [])


async def test_ones_own_accounts_in_every_currency(url: str) -> None:
    async with the_world(url) as world:
        path = f"/v1/desk/parties/{world.merchant}/statements"
        span = {"since": "2024-01-01T00:00:00Z", "until": LATE}
        first_day = f"/v1/desk/parties/{uuid4()}/statements"
        empty = await world.clients["platform"].get(first_day, params=span)
        assert empty.json() == {"items": []}
        (one,) = (await world.clients["agent"].get(path, params=span)).json()["items"]
        whole = await world.clients["agent"].get(
            path.removesuffix("s"), params={**span, "currency": "CNY"}
        )
        (line, *_) = whole.json()["lines"]["items"]
        assert (line["consumer"], line["order"]) == (str(world.consumer), str(world.order))
        about = f"/v1/desk/orders/{line['consumer']}/{line['order']}/cases"
        # Of the two cases about it the merchant's; a rival has no order.
        case = {"conversation": str(world.conversation), "case": 1, "part": 1}
        assert (await world.clients["agent"].get(about)).json() == {"items": [case]}
        assert (await world.clients["rival"].get(about)).status_code == 404
        assert one["currency"] == "CNY"
        assert [(row["account"], row["opening_minor"]) for row in one["balances"]] == [
            ("escrow", 0)
        ]
        assert (await world.clients["rival"].get(path, params=span)).status_code == 404
        backwards = {"since": span["until"], "until": span["since"]}
        wrong = await world.clients["agent"].get(path, params=backwards)
        assert (wrong.status_code, wrong.json()["code"]) == (422, "span_empty")


async def test_a_row_says_what_was_bought_and_when(url: str) -> None:
    async with bought(url) as world:
        await delivered(world)
        owner = world.clients["owner"]
        order = (await owner.get(f"/v1/help/orders/{world.order}")).json()
        (item,) = order["parts"][0]["items"]
        wish = {"wish": QUALITY, "evidence": [await says_with(world, photo(1))]}
        await said(owner, mine(world), wish)
        assert (await of_order(world))["bought"]["items"] == [{"quantity": 1}]
        await described(world, item["listing"], title="Teapot")
        told = {"placed_at": order["placed_at"], "items": [{"quantity": 1, "title": "Teapot"}]}
        assert (await of_order(world))["bought"] == told
        cases = (await home(world, "cases"))["items"]
        case = next(one for one in cases if one["order"] == str(world.order))
        assert case["bought"] == told
