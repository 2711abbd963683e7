"""Saved views: tried before they are kept, one's own or the desk's; and many cases at once."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from oncedesk.storage.desk_tools import saved_views
from oncedesk.storage.views import filtered
from tests.http.world import World, the_world

VIEWS = "/v1/desk/views"


async def fits(
    client: httpx.AsyncClient, desk: str, wanted: dict[str, Any], limit: int = 50
) -> list[int]:
    """The numbers of all cases that fit, over all pages."""
    seen: list[int] = []
    cursor = None
    while True:
        body = {"desk": desk, "filter": wanted, "limit": limit, "cursor": cursor}
        answer = await client.post(f"{VIEWS}/preview", json=body)
        assert answer.status_code == 200, answer.text
        seen += [one["case"] for one in answer.json()["items"]]
        cursor = answer.json().get("next")
        if cursor is None:
            return seen


async def more_cases(world: World, count: int, issue: str = "regulator") -> None:
    for number in range(count):
        said = await world.clients["owner"].post(
            "/v1/help/contacts",
            json={
                "subject": {"kind": "listing", "id": str(uuid4())},
                "text": f"{number}",
                "surface": "video" if number % 2 else "live",
                "issue": issue,
                "fresh": True,
            },
        )
        assert said.status_code == 200, said.text


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, [1]),
        ({"issues": ["late_delivery"]}, [1]),
        ({"issues": ["refund"]}, []),
        ({"statuses": ["queued"]}, [1]),
        ({"statuses": ["assigned", "follow_up"]}, []),
        ({"surfaces": ["order"]}, [1]),
        ({"surfaces": ["live"]}, []),
        ({"merchants": ["{merchant}"]}, [1]),
        ({"merchants": [str(uuid4())]}, []),
        ({"overdue": True}, []),
        ({"due_within_seconds": 2_592_000}, [1]),
        ({"due_within_seconds": 0}, []),
        ({"outside": ["regulator"]}, []),
        ({"priority_max": 0}, []),
        ({"languages": ["fr"]}, []),
        ({"skills": ["nothing"]}, []),
        ({"issues": ["late_delivery"], "surfaces": ["video"]}, []),
    ],
)
async def test_a_filter_finds_what_fits_all_of_it(
    url: str, wanted: dict[str, Any], found: list[int]
) -> None:
    async with the_world(url) as world:
        named = {
            key: [str(world.merchant) if one == "{merchant}" else one for one in value]
            if isinstance(value, list)
            else value
            for key, value in wanted.items()
        }
        assert await fits(world.clients["agent"], str(world.desk), named) == found


async def test_it_goes_on_where_it_stopped_however_few_fit(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filtered, "LOOKED_AT_ONCE", 3)
    monkeypatch.setattr(filtered, "LOOKED_AT_MAX", 6)
    async with the_world(url) as world:
        await more_cases(world, 17)
        platform = world.clients["platform"]
        every = await fits(platform, "platform", {}, limit=4)
        assert len(every) == 18
        live = await fits(platform, "platform", {"surfaces": ["live"]}, limit=2)
        assert len(live) == 9
        first = (
            await platform.post(
                f"{VIEWS}/preview",
                json={"desk": "platform", "filter": {"surfaces": ["search"]}},
            )
        ).json()
        # None of those looked at fits; there is more to look at.
        assert first["items"] == []
        assert first["next"]


async def test_a_case_by_the_regulator_is_marked_and_found(url: str) -> None:
    async with the_world(url) as world:
        told = await world.clients["machine"].post(
            "/v1/marketplace/contacts",
            json={
                "consumer": str(world.consumer),
                "subject": {"kind": "order", "id": str(world.order), "part": 1},
                "text": "A complaint was forwarded",
                "market": "cn",
                "channel": "regulator",
                "surface": "order",
                "case": 1,
            },
            headers={"Idempotency-Key": "regulator"},
        )
        assert told.status_code == 200, told.text
        body: Any = {"desk": str(world.desk), "filter": {"outside": ["regulator"]}}
        mine = (await world.clients["agent"].post(f"{VIEWS}/preview", json=body)).json()
        body["desk"] = "platform"
        theirs = (await world.clients["platform"].post(f"{VIEWS}/preview", json=body)).json()
        rows: list[Any] = [*mine["items"], *theirs["items"]]
        assert [row["outside"] for row in rows] == ["regulator"]


@pytest.mark.parametrize(
    ("languages", "found"),
    [
        (["fr"], 0),
        (["zh"], 1),
        (["fr", "ZH"], 1),
        (["zh-cn"], 1),
        # Who names a country means that one.
        (["zh-TW"], 0),
    ],
)
async def test_a_language_is_found_of_whichever_country(
    url: str, languages: list[str], found: int
) -> None:
    async with the_world(url) as world:
        told = await world.clients["machine"].post(
            "/v1/marketplace/contacts",
            json={
                "consumer": str(world.consumer),
                "subject": {"kind": "listing", "id": str(uuid4())},
                "text": "请问一下",
                "market": "cn",
                "channel": "web",
                "surface": "shop",
                "language": "zh-CN",
                "issue": "regulator",
            },
            headers={"Idempotency-Key": "asks"},
        )
        assert told.status_code == 200, told.text
        wanted = {"languages": languages}
        assert len(await fits(world.clients["platform"], "platform", wanted)) == found


async def test_an_admin_finds_what_they_have_kept_at_any_desk(url: str) -> None:
    async with the_world(url) as world:
        admin, agent = world.clients["admin"], world.clients["agent"]
        mine, theirs, ours, others = (uuid4() for _ in range(4))
        said = {"seen": 0, "view": {"name": "Late", "filter": {}}}
        desk = str(world.desk)
        for client, view, more in (
            (admin, mine, {"desk": desk}),
            (admin, ours, {"desk": "platform", "shared": True}),
            (admin, others, {"desk": desk, "shared": True}),
            (agent, theirs, {"desk": desk}),
        ):
            kept = await client.put(f"{VIEWS}/{view}", json={**said, **more})
            assert kept.status_code == 200, kept.text
        found = {one["id"] for one in (await admin.get(VIEWS)).json()["items"]}
        assert found == {str(mine), str(ours)}


async def test_ones_own_is_ones_own_and_a_desks_is_its_supervisors(url: str) -> None:
    async with the_world(url) as world:
        agent, admin, rival = (world.clients[one] for one in ("agent", "admin", "rival"))
        colleague = await world.service.agent(world.desk)
        desk, mine, ours = str(world.desk), uuid4(), uuid4()
        view = {"name": "Late", "filter": {"issues": ["late_delivery"]}}
        said = {"seen": 0, "desk": desk, "view": view}
        kept = await agent.put(f"{VIEWS}/{mine}", json=said)
        assert (kept.status_code, kept.json()["version"]) == (200, 1)
        assert (await agent.put(f"{VIEWS}/{mine}", json=said)).json()["version"] == 1
        assert (await colleague.get(f"{VIEWS}/{mine}/cases")).status_code == 404
        assert (await colleague.put(f"{VIEWS}/{mine}", json={**said, "seen": 1})).status_code == 404
        shared = {**said, "shared": True}
        assert (await agent.put(f"{VIEWS}/{ours}", json=shared)).status_code == 403
        assert (await admin.put(f"{VIEWS}/{ours}", json=shared)).status_code == 200
        for client, expected in ((agent, 2), (colleague, 1), (rival, 0)):
            assert len((await client.get(VIEWS)).json()["items"]) == expected
        cases = (await colleague.get(f"{VIEWS}/{ours}/cases")).json()["items"]
        assert [one["case"] for one in cases] == [1]
        assert (await colleague.delete(f"{VIEWS}/{ours}")).status_code == 403
        assert (await rival.get(f"{VIEWS}/{ours}/cases")).status_code == 404
        stale = await agent.put(f"{VIEWS}/{mine}", json={**said, "seen": 5})
        assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
        assert (await agent.delete(f"{VIEWS}/{mine}")).status_code == 204
        assert (await agent.get(f"{VIEWS}/{mine}/cases")).status_code == 404


async def test_so_many_are_kept_and_no_more(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_views, "VIEWS_MAX", 3)
    async with the_world(url) as world:
        agent, admin = world.clients["agent"], world.clients["admin"]
        ids = [uuid4() for _ in range(3)]
        said = {"seen": 0, "desk": str(world.desk), "view": {"name": "Late", "filter": {}}}
        shared = await admin.put(f"{VIEWS}/{uuid4()}", json={**said, "shared": True})
        assert shared.status_code == 200, shared.text
        kept = [await agent.put(f"{VIEWS}/{one}", json=said) for one in ids]
        assert [one.status_code for one in kept] == [200, 200, 409]
        assert kept[-1].json()["code"] == "views_too_many"
        assert len((await agent.get(VIEWS)).json()["items"]) == 3
        renamed = {**said, "seen": 1, "view": {"name": "Later", "filter": {}}}
        assert (await agent.put(f"{VIEWS}/{ids[0]}", json=renamed)).status_code == 200
        assert (await agent.delete(f"{VIEWS}/{ids[1]}")).status_code == 204
        assert (await agent.put(f"{VIEWS}/{ids[2]}", json=said)).status_code == 200


async def test_of_whoever_runs_it_all_count_wherever_they_are_kept(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved_views, "VIEWS_MAX", 2)
    async with the_world(url) as world:
        admin, view = world.clients["admin"], {"name": "Late", "filter": {}}
        found = []
        for desk in (world.desk, world.rival, "platform"):
            said = {"seen": 0, "desk": str(desk), "view": view}
            found.append((await admin.put(f"{VIEWS}/{uuid4()}", json=said)).status_code)
        assert found == [200, 200, 409]
        assert len((await admin.get(VIEWS)).json()["items"]) == 2


async def test_another_desk_is_not_looked_through(url: str) -> None:
    async with the_world(url) as world:
        for who in ("rival", "platform"):
            body = {"desk": str(world.desk), "filter": {}}
            answer = await world.clients[who].post(f"{VIEWS}/preview", json=body)
            assert answer.status_code == 404


def case(world: World, number: int, conversation: Any = None) -> dict[str, Any]:
    return {
        "consumer": str(world.consumer),
        "conversation": str(conversation or world.conversation),
        "case": number,
    }


async def many(
    client: httpx.AsyncClient, deed: dict[str, Any], cases: list[Any], key: str = "many"
) -> Any:
    answer = await client.post(
        "/v1/desk/many",
        json={"deed": deed, "cases": cases},
        headers={"Idempotency-Key": key},
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_each_case_has_its_own_answer(url: str) -> None:
    async with the_world(url) as world:
        agent = world.clients["agent"]
        cases = [case(world, 1), case(world, 2), case(world, 1, uuid4()), case(world, 9)]
        note = {"do": "note", "text": "Waits for the carrier"}
        before = await world.service.journal()
        answers = await many(agent, note, cases)
        assert [one["done"] for one in answers] == [True, False, False, False]
        assert {one["code"] for one in answers[1:]} == {"not_found"}
        # The same once more is done once.
        again = await many(agent, note, cases)
        assert again[0]["version"] == answers[0]["version"]
        assert await world.service.journal() == before + 1
        thread = (await agent.get(f"{world.case_path}/messages")).json()["items"]
        assert [one["text"] for one in thread].count("Waits for the carrier") == 1


async def test_many_are_transferred_reclassified_rested_and_resolved(url: str) -> None:
    async with the_world(url) as world:
        await more_cases(world, 5)
        platform = world.clients["platform"]
        body = {"desk": "platform", "filter": {}}
        rows = (await platform.post(f"{VIEWS}/preview", json=body)).json()["items"]
        cases = [{key: one[key] for key in ("consumer", "conversation", "case")} for one in rows]
        assert len(cases) == 6
        for number, deed in enumerate(
            (
                {"do": "reclassify", "issue": "safety"},
                {"do": "follow_up", "at": "2099-01-01T00:00:00Z"},
                {"do": "transfer", "desk": "platform", "reason": "load"},
                {"do": "resolve", "reason": "informed"},
            )
        ):
            answers = await many(platform, deed, cases, key=f"{number}")
            assert len(answers) == 6
            done = [one["done"] for one in answers]
            # Too far away, and where it is already: refused for each, with its reason.
            expected = deed["do"] in ("reclassify", "resolve")
            assert done == [expected] * 6, answers
            assert all(one.get("code") for one in answers if not one["done"])
        assert await fits(platform, "platform", {}) == []


@pytest.mark.parametrize(
    "body",
    [
        {"deed": {"do": "note", "text": "x", "audience": "consumer"}, "cases": [{}]},
        {"deed": {"do": "refund"}, "cases": []},
        {"deed": {"do": "resolve", "reason": "solved"}, "cases": []},
        {"deed": {"do": "resolve", "reason": "solved"}, "cases": ["x"] * 101},
    ],
)
async def test_what_is_no_deed_is_refused(url: str, body: Any) -> None:
    async with the_world(url) as world:
        answer = await world.clients["agent"].post("/v1/desk/many", json=body)
        assert answer.status_code == 422
