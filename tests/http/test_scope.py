"""What a desk sees: its own cases and nothing of the others, and of an order its own part."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx

from oncedesk.domain.conversations.messages import CasesMerged, RoutedTo
from oncedesk.domain.remedies.messages.promising import CompensateBreach, SettlePresale
from oncedesk.domain.remedies.words import CaseLink
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.engine.running import utc_now
from oncedesk.storage.views.cases import desks_in
from tests.http.files import photo, uploaded
from tests.http.test_administration import done
from tests.http.world import MERCHANTS_ISSUE, World, new_order, open_desk, the_world


async def say(world: World, who: str, case: int, audience: str, text: str) -> Any:
    answer = await world.clients[who].post(
        f"{world.case_path}/{case}/messages", json={"audience": audience, "text": text}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def texts(world: World, who: str, path: str = "") -> list[str]:
    where = path or f"{world.case_path}/messages"
    answer = await world.clients[who].get(where)
    assert answer.status_code == 200, answer.text
    return [one["text"] for one in answer.json()["items"]]


async def test_a_merchants_agent_sees_the_merchants_case_only(url: str) -> None:
    async with the_world(url) as world:
        seen = (await world.clients["agent"].get(world.case_path)).json()
        assert [case["number"] for case in seen["cases"]] == [1]
        assert seen["cases"][0]["owner"] == str(world.desk)
        every = (await world.clients["platform"].get(world.case_path)).json()
        assert [case["number"] for case in every["cases"]] == [1, 2]
        assert every["cases"][1]["owner"] == "platform"
        story = (await world.clients["agent"].get(f"{world.case_path}/story")).json()
        told = [event for one in story["items"] for event in one["events"]]
        assert {event["case"] for event in told if "case" in event} == {1}
        assert "ReceiveContact" in {one["command"] for one in story["items"]}
        assert all("digest" not in event for event in told)
        # The consumer's second contact came to nothing in the merchant's case.
        assert len(story["items"]) == 1


async def test_a_shop_is_not_told_whom_else_the_consumer_has_asked(url: str) -> None:
    async with the_world(url) as world:
        shops = [world.merchant, world.rival.party]
        live = {"kind": "live", "id": str(uuid4())}
        said: dict[str, Any] = {
            "subject": live,
            "text": "And?",
            "issue": MERCHANTS_ISSUE,
            "fresh": True,
        }
        said |= {"surface": "live"}
        heard = [
            await done(
                await world.clients["owner"].post(
                    "/v1/help/contacts", json={**said, "fresh": True, "merchant": str(shop)}
                )
            )
            for shop in shops
        ]
        path = f"/v1/desk/cases/{world.consumer}/{heard[0]['conversation']}"
        for number, who in enumerate(("agent", "rival")):
            own, other = str(shops[number]), str(shops[1 - number])
            client = world.clients[who]
            seen = await done(await client.get(path))
            assert [case["number"] for case in seen["cases"]] == [number + 1], who
            assert seen["merchant"] == own
            story = await client.get(f"{path}/story")
            assert len(story.json()["items"]) == 1, who
            listed = await client.post(
                "/v1/desk/views/preview", json={"desk": f"merchant:{own}", "filter": {}}
            )
            (row,) = [
                one
                for one in (await done(listed))["items"]
                if one["conversation"] == heard[0]["conversation"]
            ]
            assert row["merchant"] == own
            assert other not in story.text + listed.text
            for merchant, fits in ((own, 1), (other, 0)):
                tried = await client.post(
                    "/v1/desk/views/preview",
                    json={
                        "desk": f"merchant:{own}",
                        "filter": {"merchants": [merchant], "surfaces": ["live"]},
                    },
                )
                assert len((await done(tried))["items"]) == fits
            mine = {"kind": "merchant", "id": seen["merchant"]}
            liable = [{"who": mine, "percent": 100}]
            found = {"owner": f"merchant:{own}", "cause": mine, "liable": liable}
            await done(await client.post(f"{path}/{number + 1}/attribution", json=found))
        every = await done(await world.clients["platform"].get(path))
        assert every["merchant"] == str(world.rival.party)
        # What the first splits off is its own, though the other was named last.
        agent, rival = world.clients["agent"], world.clients["rival"]
        await done(await agent.post(f"{path}/1/split", json={"issue": MERCHANTS_ISSUE}))
        seen = await done(await agent.get(path))
        assert [(case["number"], case["owner"]) for case in seen["cases"]] == [
            (1, str(world.desk)),
            (3, str(world.desk)),
        ]
        assert seen["merchant"] == str(world.merchant)
        all_ = {"desk": str(world.desk), "filter": {}}
        listed = await done(await agent.post("/v1/desk/views/preview", json=all_))
        assert [row["merchant"] for row in listed["items"]] == [str(world.merchant)] * 3
        assert [case["number"] for case in (await done(await rival.get(path)))["cases"]] == [2]


async def test_the_platforms_people_find_whatever_else_a_consumer_has(url: str) -> None:
    async with the_world(url) as world:
        said = {"subject": {"kind": "none"}, "text": "Who am I?"}
        told = await world.clients["owner"].post("/v1/help/contacts", json=said)
        assert told.status_code == 200, told.text
        path = f"/v1/desk/consumers/{world.consumer}/conversations"
        for who in ("platform", "admin"):
            found = (await world.clients[who].get(path)).json()
            kinds = [one["subject"]["kind"] for one in found["items"]]
            assert sorted(kinds) == ["none", "order"]
        first = (await world.clients["platform"].get(path, params={"limit": 1})).json()
        rest = {"limit": 1, "cursor": first["next"]}
        second = (await world.clients["platform"].get(path, params=rest)).json()
        pages = first["items"] + second["items"]
        assert [one["id"] for one in pages] == [one["id"] for one in found["items"]]
        for who in ("agent", "rival"):
            assert (await world.clients[who].get(path)).status_code == 404


async def test_messages_go_to_whom_they_are_meant_for(url: str) -> None:
    async with the_world(url) as world:
        await say(world, "agent", 1, "consumer", "It is on its way")
        await say(world, "agent", 1, "desks", "The carrier lost it")
        await say(world, "agent", 1, "internal", "Careful with this one")
        await say(world, "platform", 1, "desks", "Please hurry")
        await say(world, "platform", 1, "internal", "Watch this merchant")
        await say(world, "platform", 2, "consumer", "We are looking into it")
        help_path = f"/v1/help/conversations/{world.conversation}/messages"
        asked = ["Where is it?", "Where is it?"]
        assert await texts(world, "owner", help_path) == [
            *asked,
            "It is on its way",
            "We are looking into it",
        ]
        assert await texts(world, "agent") == [
            "Where is it?",
            "It is on its way",
            "The carrier lost it",
            "Careful with this one",
            "Please hurry",
        ]
        assert await texts(world, "platform") == [
            *asked,
            "It is on its way",
            "The carrier lost it",
            "Please hurry",
            "Watch this merchant",
            "We are looking into it",
        ]
        assert len(await texts(world, "admin")) == 8


async def test_reads_on_from_a_version(url: str) -> None:
    async with the_world(url) as world:
        path = f"/v1/help/conversations/{world.conversation}/messages"
        first = (await world.clients["owner"].get(path, params={"limit": 1})).json()
        assert first["more"] is True
        rest = (await world.clients["owner"].get(path, params={"after": first["upto"]})).json()
        assert rest["more"] is False
        assert [one["case"] for one in (*first["items"], *rest["items"])] == [1, 2]
        after = {"after": rest["upto"]}
        nothing = (await world.clients["owner"].get(path, params=after)).json()
        assert nothing == {"items": [], "upto": rest["upto"], "more": False}


async def test_a_desk_that_was_asked_or_had_it_once_goes_on_seeing_it(url: str) -> None:
    creator = Desk(DeskKind.CREATOR, uuid4())
    async with the_world(url, creator=creator.party) as world:
        await open_desk(world.service, creator)
        world.clients["creator"] = await world.service.agent(creator)
        assert (await world.clients["creator"].get(world.case_path)).status_code == 404
        referred = await world.clients["agent"].post(
            f"{world.case_path}/1/referral",
            json={"desk": str(creator), "mode": "stay", "text": "What did you promise?"},
        )
        assert referred.status_code == 200, referred.text
        seen = await world.clients["creator"].get(world.case_path)
        assert [case["number"] for case in seen.json()["cases"]] == [1]
        asked = await world.clients["creator"].get(
            "/v1/desk/inbox", params={"desk": str(creator), "skill": "referral"}
        )
        assert [row["case"] for row in asked.json()["items"]] == [1]
        taken = await world.clients["platform"].post(
            f"{world.case_path}/1/take-over", json={"reason": "overdue"}
        )
        assert taken.status_code == 200, taken.text
        for who in ("agent", "creator"):
            again = (await world.clients[who].get(world.case_path)).json()
            assert again["cases"][0]["owner"] == str(PLATFORM)


async def test_who_has_to_answer_what_was_merged_into_their_case_reads_it(url: str) -> None:
    creator = Desk(DeskKind.CREATOR, uuid4())
    async with the_world(url, creator=creator.party) as world:
        agent, platform = world.clients["agent"], world.clients["platform"]
        await open_desk(world.service, creator)
        world.clients["creator"] = await world.service.agent(creator)
        file = await uploaded(world, photo(1))
        about = {"subject": {"kind": "order", "id": str(world.order), "part": 1}, "case": 2}
        said = {"text": "It came broken", "attachments": [file]}
        more = await world.clients["owner"].post("/v1/help/contacts", json=about | said)
        assert more.status_code == 200, more.text
        stored = f"{world.case_path}/attachments/{file}"
        assert await texts(world, "agent") == ["Where is it?"]
        assert (await agent.get(stored)).status_code == 404
        merged = await platform.post(f"{world.case_path}/2/merge", json={"into": 1})
        assert merged.status_code == 200, merged.text
        assert await texts(world, "agent") == ["Where is it?", "Where is it?", "It came broken"]
        assert (await agent.get(stored)).status_code == 200
        story = (await agent.get(f"{world.case_path}/story")).json()
        told = [event for one in story["items"] for event in one["events"]]
        (end,) = [event for event in told if event["type"] == "CasesMerged"]
        assert (end["case"], end["into"]) == (2, 1)
        # Who gets the case only later has to answer the same.
        assert (await world.clients["creator"].get(world.case_path)).status_code == 404
        given = await agent.post(
            f"{world.case_path}/1/transfer", json={"desk": str(creator), "reason": "theirs"}
        )
        assert given.status_code == 200, given.text
        assert await texts(world, "creator") == await texts(world, "agent")
        assert (await world.clients["rival"].get(world.case_path)).status_code == 404


def test_a_case_is_read_by_the_desks_of_the_last_one_in_which_it_went_on() -> None:
    shop, creator = Desk(DeskKind.MERCHANT, uuid4()), Desk(DeskKind.CREATOR, uuid4())
    at = utc_now()

    def routed(case: int, desk: Desk) -> RoutedTo:
        return RoutedTo(
            case=case, at=at, desk=desk, skill="", language="zh", priority=3, pack="pack"
        )

    merges = [CasesMerged(case=1, at=at, into=2), CasesMerged(case=2, at=at, into=3)]
    assert desks_in([routed(1, PLATFORM), routed(2, shop), routed(3, creator), *merges]) == {
        1: {PLATFORM, shop, creator},
        2: {shop, creator},
        3: {creator},
    }


async def test_of_an_order_a_merchant_sees_the_own_part_without_payments(url: str) -> None:
    async with the_world(url) as world:
        path = f"/v1/desk/orders/{world.consumer}/{world.order}"
        seen = (await world.clients["agent"].get(path)).json()
        assert [part["number"] for part in seen["parts"]] == [1]
        assert "payments" not in seen
        assert (await world.clients["rival"].get(path)).status_code == 404
        whole = (await world.clients["owner"].get(f"/v1/help/orders/{world.order}")).json()
        (payment,) = whole["payments"]
        assert (payment["method"], payment["amount_minor"]) == ("wallet", 9900)


async def test_a_promise_is_amended_by_what_the_consumer_said_of_this_part(url: str) -> None:
    async with the_world(url) as world:
        agent, owner, admin = (world.clients[who] for who in ("agent", "owner", "admin"))
        path = f"/v1/desk/orders/{world.consumer}/{world.order}"
        due_at = (utc_now() + timedelta(days=3)).isoformat()
        answered = await agent.post(
            f"{world.case_path}/1/messages", json={"audience": "consumer", "text": "Later, then?"}
        )
        elsewhere = await owner.post(
            "/v1/help/contacts", json={"subject": {"kind": "none"}, "text": "Yes, later is fine"}
        )
        other = f"/v1/desk/cases/{world.consumer}/{elsewhere.json()['conversation']}/messages"
        said = (await admin.get(f"{world.case_path}/messages")).json()["items"]
        mine, platforms = (
            next(one["id"] for one in said if one["case"] == case and "Where" in one["text"])
            for case in (1, 2)
        )

        async def told(consent: str | None) -> httpx.Response:
            asked = {"part": 1, "promise": "shipping", "due_at": due_at}
            return await agent.post(
                f"{path}/amendments", json=asked | ({} if consent is None else {"consent": consent})
            )

        before = (await agent.get(path)).headers["etag"]
        desks_own = answered.json()["command_id"]
        of_no_order = (await admin.get(other)).json()["items"][0]["id"]
        for invented in (None, str(uuid4()), desks_own, of_no_order, platforms):
            refused = await told(invented)
            assert refused.status_code == 422, refused.text
            assert (refused.json()["code"], refused.json()["field"]) == (
                "consent_missing",
                "consent",
            )
        assert (await agent.get(path)).headers["etag"] == before
        agreed = await told(mine)
        assert agreed.json()["events"] == ["PromiseAmended"], agreed.text
        assert (await told(mine)).json()["events"] == []
        due_at = (utc_now() + timedelta(days=9)).isoformat()
        used = await told(mine)
        assert (used.status_code, used.json()["code"]) == (409, "consent_used")


async def test_inbox_and_queues_are_the_desks_own(url: str) -> None:
    async with the_world(url) as world:
        mine = {"desk": str(world.desk)}
        queues = await world.clients["agent"].get("/v1/desk/queues", params=mine)
        (queue,) = queues.json()["items"]
        assert queue["waiting"] == 1
        params = {**mine, "skill": queue["skill"]}
        rows = (await world.clients["agent"].get("/v1/desk/inbox", params=params)).json()["items"]
        assert [(row["conversation"], row["case"]) for row in rows] == [
            (str(world.conversation), 1)
        ]
        for path in ("/v1/desk/queues", "/v1/desk/inbox"):
            for who in ("rival", "platform"):
                refused = await world.clients[who].get(path, params=params)
                assert refused.status_code == 404


async def two_merchants(world: World) -> httpx.AsyncClient:
    """`world.order` is another one from now on: its second part was sold by this agent's merchant.
    The consumer has a card that was not used for it.
    """
    second, machine = uuid4(), world.clients["machine"]
    world.order = uuid4()
    order = new_order(world.merchant)
    order["parts"] = [*order["parts"], *new_order(second)["parts"]]
    order["payments"] = [{"method": "wallet", "amount_minor": 19_800, "reference": "wallet:1"}]
    consumer = f"/v1/marketplace/consumers/{world.consumer}"
    for method, path, body in (
        ("PUT", f"/orders/{world.order}", order),
        ("POST", "/wallet/methods", {"method": "alipay", "kind": "alipay"}),
    ):
        key = {"Idempotency-Key": str(uuid4())}
        told = await machine.request(method, consumer + path, json=body, headers=key)
        assert told.status_code == 200, told.text
    return await world.service.agent(Desk(DeskKind.MERCHANT, second))


async def kinds(world: World, client: httpx.AsyncClient) -> list[tuple[str, str]]:
    """The remedies of `world.order`, as this client sees them."""
    answer = await client.get(remedies_path(world))
    assert answer.status_code == 200, answer.text
    return [(one["kind"], one["reason"]) for one in answer.json()["remedies"]]


def remedies_path(world: World, path: str = "") -> str:
    return f"/v1/desk/orders/{world.consumer}/{world.order}/remedies{path}"


async def test_a_merchant_sees_no_remedy_that_is_about_anothers_part(url: str) -> None:
    async with the_world(url) as world:
        second = await two_merchants(world)
        about: dict[str, Any] = {"consumer": world.consumer, "order": world.order}
        case = CaseLink(world.conversation, 1)
        late = CompensateBreach(**about, part=1, promise=uuid4(), breach="late_shipping", case=case)
        ended = SettlePresale(
            **about, part=2, reason="presale_over", returned_minor=100, penalty_minor=10, rule="x/y"
        )
        for command in (late, ended):
            key = type(command).__name__
            answer = await world.service.parts.engine.submit(
                command, principal="tests", key=key, actor=SYSTEM
            )
            assert answer.accepted, answer
        of_first = [("compensation", "late_shipping")]
        of_second = [("refund", "presale_over"), ("compensation", "deposit_double")]
        assert await kinds(world, world.clients["agent"]) == of_first
        assert await kinds(world, second) == of_second
        assert await kinds(world, world.clients["platform"]) == of_first + of_second
        timeline = remedies_path(world, "/1/timeline")
        assert (await world.clients["agent"].get(timeline)).status_code == 200
        assert (await second.get(timeline)).status_code == 404


async def test_a_change_of_the_whole_order_is_seen_by_whoever_sold_all_of_it(url: str) -> None:
    async with the_world(url) as world:
        owner, agent = world.clients["owner"], world.clients["agent"]
        about = {"kind": "change_address", "reason": "changed_mind"}
        moved = {"wish": about, "address": "1 Elsewhere"}
        asked = await owner.post(f"/v1/help/orders/{world.order}/remedies", json=moved)
        assert asked.status_code == 200, asked.text
        assert ("change_address", "changed_mind") in await kinds(world, agent)
        second = await two_merchants(world)
        wish = {"kind": "change_payment", "reason": "changed_mind", "method": "alipay"}
        asked = await owner.post(f"/v1/help/orders/{world.order}/remedies", json={"wish": wish})
        assert asked.status_code == 200, asked.text
        assert await kinds(world, world.clients["platform"]) == [("change_payment", "changed_mind")]
        assert await kinds(world, agent) == await kinds(world, second) == []


async def test_a_merchants_preview_says_nothing_of_other_parts_and_of_the_wallet(url: str) -> None:
    async with the_world(url) as world:
        agent, second = world.clients["agent"], await two_merchants(world)
        own = {"kind": "cancel", "reason": "changed_mind", "part": 1}
        lines = [{"part": 1, "item": 1, "quantity": 1}]
        seen = await agent.post(remedies_path(world, "/preview"), json=own)
        assert (seen.status_code, seen.json()["possible"]) == (200, True), seen.text
        for beyond in (
            {**own, "kind": "change_payment", "method": "alipay"},
            {**own, "kind": "change_payment"},
            {**own, "kind": "change_items", "lines": lines, "method": "alipay"},
            {**own, "kind": "return_and_refund", "method": "nothing"},
            {**own, "part": 2},
            {**own, "part": 2, "lines": lines},
            {**own, "part": 1, "lines": [{**lines[0], "part": 2}]},
            {"kind": "cancel", "reason": "changed_mind"},
        ):
            hidden = await agent.post(remedies_path(world, "/preview"), json=beyond)
            assert hidden.status_code == 404, (beyond, hidden.text)
        theirs = {**own, "part": 2, "lines": [{**lines[0], "part": 2}]}
        assert (await second.post(remedies_path(world, "/preview"), json=theirs)).json()["possible"]
