"""What a help page is made of: a sentence for each order, what can be asked for, what happened."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from oncedesk.engine.running import utc_now
from oncedesk.http.shapes.looks import may_load
from tests.http.files import photo, says_with
from tests.http.test_remedies import CANCEL, bought, delivered, desks, mine, said
from tests.http.world import World, new_order, the_world
from tests.support.engines import DEADLINE_SECONDS
from tests.support.served import served

TITLE, PICTURE = "南部铁器 养生壶", "https://pictures.example/1.webp"
QUALITY = {"kind": "return_and_refund", "reason": "quality"}


async def tells(world: World, method: str, path: str, body: Any) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    answer = await world.clients["machine"].request(
        method, f"/v1/marketplace{path}", json=body, headers=key
    )
    assert answer.status_code == 200, answer.text


async def described(world: World, listing: str, **more: Any) -> None:
    body = {"currency": "CNY", "variants": [{"variant": str(uuid4()), "price_minor": 9_900}]}
    await tells(world, "PUT", f"/merchants/{world.merchant}/listings/{listing}", body | more)


async def seen_order(world: World, who: str = "owner") -> Any:
    paths = {
        "owner": f"/v1/help/orders/{world.order}",
        "machine": f"/v1/marketplace/consumers/{world.consumer}/orders/{world.order}",
    }
    path = paths.get(who, f"/v1/desk/orders/{world.consumer}/{world.order}")
    answer = await world.clients[who].get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def buys(world: World, items: list[Any]) -> None:
    """`world.order` is another one from now on, with these items."""
    world.order = uuid4()
    order = new_order(world.merchant)
    order["parts"][0]["items"] = items
    await tells(world, "PUT", f"/consumers/{world.consumer}/orders/{world.order}", order)


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


async def test_an_order_says_how_far_it_is_and_what_is_in_it(url: str) -> None:
    async with bought(url, image_hosts="pictures.example") as world:
        (part,) = (await seen_order(world))["parts"]
        (item,) = part["items"]
        assert (item["quantity"], item["paid_minor"]) == (1, 9_900)
        assert "title" not in item
        assert "commission_minor" not in item
        standing = part["standing"]
        assert (standing["stage"], "late" in standing) == ("unshipped", False)
        assert standing["ship_by"] == part["shipping"]["due_at"]
        await described(world, item["listing"], title=TITLE, picture=PICTURE)
        for who in ("owner", "agent", "platform", "machine"):
            ((shown,),) = [one["items"] for one in (await seen_order(world, who))["parts"]]
            assert (shown["title"], shown["picture"]) == (TITLE, PICTURE)
        base = f"/consumers/{world.consumer}/orders/{world.order}"
        later = (utc_now() + timedelta(days=9)).isoformat()
        await tells(world, "POST", base + "/estimates", {"part": 1, "estimate_at": later})
        standing = (await seen_order(world))["parts"][0]["standing"]
        assert at(standing["expected_at"]) == at(later)
        await delivered(world)
        standing = (await seen_order(world))["parts"][0]["standing"]
        assert (standing["stage"], "expected_at" in standing) == ("delivered", False)


async def test_nothing_is_expected_of_what_went_back_to_its_sender(url: str) -> None:
    async with bought(url) as world:
        base = f"/consumers/{world.consumer}/orders/{world.order}"
        later = (utc_now() + timedelta(days=9)).isoformat()
        await tells(world, "POST", base + "/estimates", {"part": 1, "estimate_at": later})
        scan = {"shipment": str(uuid4()), "code": "collected", "at": utc_now().isoformat()}
        await tells(world, "POST", base + "/tracking", scan)
        assert "expected_at" in (await seen_order(world))["parts"][0]["standing"]
        scan |= {"code": "returned", "at": utc_now().isoformat()}
        await tells(world, "POST", base + "/tracking", scan)
        standing = (await seen_order(world))["parts"][0]["standing"]
        assert (standing["stage"], "expected_at" in standing) == ("shipped", False)


async def cases_of(world: World, issue: str) -> list[Any]:
    """The consumer's cases about this, each with what was told in its conversation, once one is
    there."""
    owner, found = world.clients["owner"], []
    for _ in range(round(DEADLINE_SECONDS * 20)):
        for talk in (await owner.get("/v1/help/conversations")).json()["items"]:
            told = (await owner.get(f"/v1/help/conversations/{talk['id']}/entries")).json()
            notices = [one["notice"] for one in told["items"] if "notice" in one]
            found += [(one, notices) for one in talk["cases"] if one["issue"] == issue]
        if found:
            break
        await asyncio.sleep(0.05)
    return found


async def test_what_went_back_to_its_sender_opens_a_case_before_anybody_asks(url: str) -> None:
    async with bought(url) as world:
        base = f"/consumers/{world.consumer}/orders/{world.order}"
        scan = {"shipment": str(uuid4()), "code": "collected", "at": utc_now().isoformat()}
        await tells(world, "POST", base + "/tracking", scan)
        for _ in range(2):
            scan |= {"code": "returned", "at": utc_now().isoformat()}
            await tells(world, "POST", base + "/tracking", scan)
        ((case, notices),) = await cases_of(world, "not_coming")
        assert (case["noticed"], notices) == (True, ["breach_noticed"])
        assert "answer_by" in case


async def test_it_is_called_as_it_was_bought_whatever_its_listing_is_called_now(url: str) -> None:
    async with the_world(url, image_hosts="*.pictures.example img.example:8443") as world:
        titles = ("Plain pot", None, "Red pot")
        pictures = ("https://a.pictures.example/1", None, "https://elsewhere.example/3")
        items: list[dict[str, Any]] = [
            {"listing": str(uuid4()), "unit_price_minor": 9_900, "title": title, "picture": picture}
            for title, picture in zip(titles, pictures, strict=True)
        ]
        # The same listing once more, in another variant and under another name.
        items[2] |= {"listing": items[0]["listing"], "variant": str(uuid4())}
        await buys(world, items)
        for item in items[:2]:
            now = {"title": "Of today", "picture": "https://img.example:8443/now"}
            await described(world, item["listing"], **now)
        for who in ("owner", "agent", "platform", "machine"):
            (part,) = (await seen_order(world, who))["parts"]
            assert [one["title"] for one in part["items"]] == ["Plain pot", "Of today", "Red pot"]
            seen = [one.get("picture") for one in part["items"]]
            assert seen[:2] == [pictures[0], "https://img.example:8443/now"]
            # Pages are told of no picture that they must not load.
            assert seen[2] == (pictures[2] if who == "machine" else None)
        listed = (await world.clients["owner"].get("/v1/help/orders")).json()["items"]
        (mine,) = [one for one in listed if one["id"] == str(world.order)]
        assert mine["parts"][0]["items"][0]["title"] == "Plain pot"
        copy = (await world.clients["owner"].get("/v1/help/export")).json()
        kept = [one["title"] for one in copy["bought"] if one["order"] == str(world.order)]
        assert kept == ["Plain pot", "Red pot"]


async def test_pictures_load_from_the_hosts_of_the_setting_only(url: str) -> None:
    for hosts, sources in (
        ("img.example *.pictures.example", " https://img.example https://*.pictures.example"),
        ("", ""),
    ):
        async with served(url, image_hosts=hosts) as service:
            nobody = await service.client()
            for page in ("/help", "/desk"):
                policy = (await nobody.get(page)).headers["content-security-policy"]
                assert f"img-src 'self' data: blob:{sources};" in policy


async def test_without_the_setting_no_page_is_told_of_a_picture(url: str) -> None:
    async with bought(url) as world:
        await buys(world, [{"listing": str(uuid4()), "unit_price_minor": 1, "picture": PICTURE}])
        for who in ("owner", "agent", "admin", "machine"):
            (item,) = (await seen_order(world, who))["parts"][0]["items"]
            assert item.get("picture") == (PICTURE if who == "machine" else None)


@pytest.mark.parametrize(
    ("picture", "loads"),
    [
        ("https://img.example/1", True),
        ("https://IMG.example/1", True),
        ("https://a.pictures.example/1", True),
        ("https://pictures.example/1", False),
        ("https://img.example.evil.example/1", False),
        ("https://evilpictures.example/1", False),
        ("https://img.example:8443/1", False),
        ("https://img.example@evil.example/1", False),
        ("https://evil.example#.pictures.example", False),
        ("https://evil.example\\.pictures.example", False),
        ("https://[.pictures.example", False),
    ],
)
def test_only_these_hosts_count(picture: str, loads: bool) -> None:
    assert may_load(picture, "img.example *.pictures.example") is loads


async def test_a_refund_in_one_line(url: str) -> None:
    async with bought(url) as world:
        owner = world.clients["owner"]
        empty = (await owner.get(mine(world))).json()
        assert (empty["version"], empty["remedies"], empty["currency"]) == (0, [], "CNY")
        await said(owner, mine(world), {"wish": CANCEL})
        for page in (await owner.get("/v1/help/orders")).json()["items"]:
            if page["id"] == str(world.order):
                (remedy,) = page["remedies"]
        assert (remedy["kind"], remedy["refund"], remedy["amount_minor"]) == (
            *("cancel", "requested"),
            9_900,
        )
        assert remedy["next"] == {"kind": "refund", "due_at": remedy["refund_by"]}
        assert at(remedy["refund_by"]) > at(remedy["requested_at"])
        whole = (await owner.get(mine(world))).json()["remedies"][0]
        assert whole["steps"] == [remedy["next"]]
        sent = {"amount_minor": 9_900, "currency": "CNY", "sent_at": remedy["requested_at"]}
        path = f"/consumers/{world.consumer}/orders/{world.order}/remedies/1/refunds/1"
        await tells(world, "POST", path + "/confirmation", sent)
        (paid,) = (await seen_order(world))["remedies"]
        assert (paid["status"], paid["refund"]) == ("settled", "sent")
        assert paid["sent_at"] == remedy["requested_at"]
        assert "refund_by" not in paid
        assert "next" not in paid


async def test_what_can_be_asked_for_is_what_its_previews_say(url: str) -> None:
    async with bought(url) as world:
        owner = world.clients["owner"]
        choices = (await owner.get(mine(world, "/choices"))).json()
        assert (choices["stage"], choices["currency"]) == ("unshipped", "CNY")
        kinds = {one["kind"] for one in choices["choices"]}
        assert "cancel" in kinds
        assert "return_and_refund" not in kinds
        await delivered(world)
        after = (await owner.get(mine(world, "/choices?part=1"))).json()
        assert "cancel" not in {one["kind"] for one in after["choices"]}
        assert 5 < len(after["choices"]) <= 100
        for one in after["choices"]:
            if "needs" in one:
                continue
            wish = {"kind": one["kind"], "reason": one["reason"], "part": 1}
            previewed = await said(owner, mine(world, "/preview"), wish)
            assert previewed["possible"], one
            assert previewed.get("amount_minor", 0) == one.get("amount_minor", 0)
            assert previewed.get("at_once", False) == one.get("at_once", False)
            assert previewed.get("evidence", 0) == one.get("evidence", 0)


async def buys_two_parts(world: World) -> None:
    world.order = uuid4()
    order = new_order(world.merchant)
    order["parts"][0]["items"] = [{"listing": str(uuid4()), "unit_price_minor": 9_900}]
    order["parts"] *= 2
    order["payments"] = [{"method": "wallet", "amount_minor": 2 * 9_900}]
    await tells(world, "PUT", f"/consumers/{world.consumer}/orders/{world.order}", order)


async def test_the_marketplace_cancels_a_part_and_what_is_left_stays_promised(url: str) -> None:
    async with bought(url) as world:
        await buys_two_parts(world)
        path = f"/consumers/{world.consumer}/orders/{world.order}/cancellation"
        cancelled: dict[str, Any] = {"at": utc_now().isoformat(), "part": 2}
        for _ in range(2):
            await tells(world, "POST", path, cancelled)
        seen = await seen_order(world)
        left, gone = (part["standing"] for part in seen["parts"])
        assert (gone["stage"], at(gone["since"])) == ("cancelled", at(cancelled["at"]))
        assert (left["stage"], "cancelled_at" in seen) == ("unshipped", False)
        for part, code in ((3, "part_unknown"), (0, "body_invalid"), (17, "body_invalid")):
            refused = await world.clients["machine"].post(
                f"/v1/marketplace{path}",
                json=cancelled | {"part": part},
                headers={"Idempotency-Key": str(uuid4())},
            )
            assert refused.json()["code"] == code
        assert await seen_order(world) == seen


@pytest.mark.parametrize(("by", "kept"), [("merchant", 0), ("consumer", 1_000)])
async def test_whose_presale_ended_waits_for_nothing_and_knows_what_is_kept(
    url: str, by: str, kept: int
) -> None:
    async with bought(url) as world:
        world.order = uuid4()
        order = new_order(world.merchant)
        pay_from, pay_until = (utc_now() + timedelta(days=days) for days in (1, 3))
        order["parts"][0]["presale"] = {
            "deposit_minor": 1_000,
            "final_minor": 8_900,
            "pay_from": pay_from.isoformat(),
            "pay_until": pay_until.isoformat(),
        }
        order["parts"][0]["promises"] = []
        order["payments"] = [{"method": "wallet", "amount_minor": 1_000, "stage": "deposit"}]
        path = f"/consumers/{world.consumer}/orders/{world.order}"
        await tells(world, "PUT", path, order)
        await tells(world, "POST", f"{path}/presales/end", {"part": 1, "by": by})
        (part,) = (await seen_order(world))["parts"]
        assert part["standing"] == {"stage": "cancelled", "ended_by": by} | (
            {"kept_minor": kept} if kept else {}
        )


async def test_a_part_that_was_cancelled_says_so_beside_what_is_left(url: str) -> None:
    async with bought(url) as world:
        await buys_two_parts(world)
        owner = world.clients["owner"]
        await said(owner, mine(world), {"wish": CANCEL})
        for _ in range(round(DEADLINE_SECONDS * 20)):
            seen = await seen_order(world)
            if seen["parts"][0]["standing"]["stage"] != "unshipped":
                break
            await asyncio.sleep(0.05)
        gone, left = (part["standing"] for part in seen["parts"])
        (remedy,) = seen["remedies"]
        assert gone == {"stage": "cancelled", "since": remedy["requested_at"]}
        assert left["stage"] == "unshipped"
        assert "cancelled_at" not in seen
        choices = (await owner.get(mine(world, "/choices?part=1"))).json()
        assert choices["stage"] == "cancelled"
        assert "cancel" not in {one["kind"] for one in choices["choices"]}
        choices = (await owner.get(mine(world, "/choices?part=2"))).json()
        assert "cancel" in {one["kind"] for one in choices["choices"]}


@pytest.mark.parametrize("part", ["0", "2", "17", "x"])
async def test_there_is_nothing_to_ask_for_of_a_part_that_is_none(url: str, part: str) -> None:
    async with bought(url) as world:
        answer = await world.clients["owner"].get(mine(world, f"/choices?part={part}"))
        assert answer.status_code == (404 if part == "2" else 422)


async def test_a_timeline_is_dated_and_says_to_each_what_is_theirs(url: str) -> None:
    async with bought(url) as world:
        await delivered(world)
        owner, agent = world.clients["owner"], world.clients["agent"]
        file = await says_with(world, photo(1))
        await said(owner, mine(world), {"wish": QUALITY, "evidence": [file]})
        (waiting,) = (await owner.get(mine(world))).json()["remedies"]
        assert [step["kind"] for step in waiting["steps"]] == [
            *("answer", "send_back", "refund", "inspect")
        ]
        facts = {"reason": "worn", "facts": ["worn_soles"]}
        await said(agent, desks(world, "/1/refusal"), facts)
        await said(owner, mine(world, "/1/dispute"), {"reason": "not_worn"})
        told = (await owner.get(mine(world, "/1/timeline"))).json()
        assert [step["what"] for step in told["steps"]] == ["requested", "refused", "disputed"]
        refused = told["steps"][1]
        assert (refused["by"], refused["reason"], refused["facts"]) == (
            *("merchant", "worn"),
            ["worn_soles"],
        )
        assert at(refused["due_at"]) > at(refused["at"]) >= at(told["steps"][0]["at"])
        assert (await agent.get(desks(world, "/1/timeline"))).json() == told
        assert (await owner.get(mine(world, "/2/timeline"))).status_code == 404
        for other in ("stranger", "rival"):
            for path in (mine(world, "/1/timeline"), desks(world, "/1/timeline")):
                hidden = await world.clients[other].get(path)
                assert hidden.status_code in (401, 403, 404)


async def test_a_picture_is_an_address_at_the_marketplace(url: str) -> None:
    async with bought(url) as world:
        path = f"/v1/marketplace/merchants/{world.merchant}/listings/{uuid4()}"
        body = {"currency": "CNY", "variants": [{"variant": str(uuid4()), "price_minor": 1}]}
        for wrong in (
            {"picture": "javascript:alert(1)"},
            {"picture": "http://pictures.example/1.webp"},
            {"title": "two\nlines"},
            {"title": "x" * 201},
        ):
            order = new_order(world.merchant)
            order["parts"][0]["items"][0] |= wrong
            placed = await world.clients["machine"].put(
                f"/v1/marketplace/consumers/{world.consumer}/orders/{uuid4()}",
                json=order,
                headers={"Idempotency-Key": str(uuid4())},
            )
            assert (placed.status_code, placed.json()["code"]) == (422, "body_invalid")
            key = {"Idempotency-Key": str(uuid4())}
            answer = await world.clients["machine"].put(path, json=body | wrong, headers=key)
            assert (answer.status_code, answer.json()["code"]) == (422, "body_invalid")
