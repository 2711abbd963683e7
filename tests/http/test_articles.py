"""Articles: written by those who answer for them, found in both languages, read by some."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest

from oncedesk.domain.agents.messages import DeskRole, JoinDesk
from oncedesk.domain.shared.articles import Article
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.refs import PLATFORM, Desk
from oncedesk.engine.running import utc_now
from oncedesk.storage.desk_tools.articles import LOOKED_AT_MAX
from tests.http.world import World, the_world

ARTICLES = "/v1/desk/articles"
PAST = "2020-01-01T00:00:00Z"


def article(**more: Any) -> dict[str, Any]:
    return {
        "zh": {
            "title": "七天无理由退货",
            "body": "签收次日起七天内可以退货。\n\n运费由消费者承担。",
        },
        "en": {"title": "Seven days", "body": "Returns without a reason; refunds follow the scan."},
        "owner": "Li of returns",
        **more,
    }


async def write(
    client: httpx.AsyncClient, said: dict[str, Any], *, id_: UUID | None = None, seen: int = 0
) -> httpx.Response:
    return await client.put(f"{ARTICLES}/{id_ or uuid4()}", json={"seen": seen, "article": said})


async def titles(
    client: httpx.AsyncClient, words: str = "", *, listing: str = "latest"
) -> list[str]:
    answer = await client.get(ARTICLES, params={"words": words, "listing": listing})
    assert answer.status_code == 200, answer.text
    return [one["article"]["en"]["title"] for one in answer.json()["items"]]


async def supervisor(world: World, desk: Desk) -> httpx.AsyncClient:
    who = uuid4()
    await world.service.agent(agent=who)
    joins = JoinDesk(agent=who, desk=desk, role=DeskRole.SUPERVISOR, starts_at=utc_now())
    answer = await world.service.parts.engine.submit(
        joins, principal="tests", key=f"{who}", actor=SYSTEM
    )
    assert answer.accepted, answer
    # A session is remembered for some seconds; a new one knows at once.
    return await world.service.log_in(f"{who}@example.com")


async def test_it_is_found_by_words_of_both_languages(url: str) -> None:
    async with the_world(url) as world:
        admin, agent = world.clients["admin"], world.clients["agent"]
        assert (await write(admin, article())).status_code == 200
        other = {"title": "Lockers", "body": "Only with consent."}
        lockers = article(zh={"title": "快递柜", "body": "须经同意"}, en=other)
        assert (await write(admin, lockers)).status_code == 200
        for words in (
            "退货",
            "无理由 运费",
            "refund",
            "SEVEN days",
            "七天",
            "货",
            "ｒｅｔｕｒｎｓ",
        ):
            assert await titles(agent, words) == ["Seven days"], words
        assert await titles(agent, "consent") == ["Lockers"]
        assert await titles(agent) == ["Lockers", "Seven days"]
        # Each two characters stand in it, and the word does not; words of two languages neither.
        for words in ("货退", "退货 consent", "refundz", "!!!", "%", "' OR 1=1", "issue:refund"):
            assert await titles(agent, words) == [], words


async def test_each_version_is_kept_and_the_same_again_changes_nothing(url: str) -> None:
    async with the_world(url) as world:
        admin, id_ = world.clients["admin"], uuid4()
        first = await write(admin, article(), id_=id_)
        assert (first.json()["version"], first.headers["etag"]) == (1, '"1"')
        assert (await write(admin, article(), id_=id_)).json()["version"] == 1
        changed = article(owner="Wang of returns")
        assert (await write(admin, changed, id_=id_, seen=1)).json()["version"] == 2
        stale = await write(admin, article(), id_=id_, seen=1)
        assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
        kept = (await admin.get(f"{ARTICLES}/{id_}/versions")).json()["items"]
        assert [(one["version"], one["article"]["owner"]) for one in kept] == [
            (2, "Wang of returns"),
            (1, "Li of returns"),
        ]
        assert kept[0]["changed_by"]


async def test_what_has_expired_is_marked_and_not_suggested(url: str) -> None:
    async with the_world(url) as world:
        admin, agent = world.clients["admin"], world.clients["agent"]
        mine = {"issues": ["late_delivery"]}
        await write(admin, article(**mine, en={"title": "Now", "body": "x"}))
        await write(admin, article(**mine, en={"title": "Was", "body": "x"}, expires_at=PAST))
        await write(admin, article(**mine, en={"title": "Europe", "body": "x"}, markets=["eu"]))
        await write(admin, article(issues=["refund"], en={"title": "Other", "body": "x"}))
        answer = await agent.get(f"{world.case_path}/1/articles")
        assert [one["article"]["en"]["title"] for one in answer.json()["items"]] == ["Now"]
        found = (await agent.get(ARTICLES, params={"words": "was"})).json()["items"]
        assert [one["expired"] for one in found] == [True]
        assert (await agent.get(f"{world.case_path}/2/articles")).status_code == 404


async def test_only_those_for_whom_it_is_read_it(url: str) -> None:
    async with the_world(url) as world:
        admin, agent, rival = (world.clients[one] for one in ("admin", "agent", "rival"))
        id_ = uuid4()
        own = article(desks=[str(world.desk)])
        assert (await write(admin, own, id_=id_)).status_code == 200
        assert (await agent.get(f"{ARTICLES}/{id_}")).status_code == 200
        for path in (f"{ARTICLES}/{id_}", f"{ARTICLES}/{id_}/versions"):
            assert (await rival.get(path)).status_code == 404
        assert await titles(rival, "退货") == []
        await write(admin, article(desks=["platform"]))
        assert await titles(rival) == []
        await write(admin, article(desks=["merchant"], en={"title": "Shops", "body": "x"}))
        assert await titles(rival) == ["Shops"]
        assert await titles(world.clients["platform"]) == ["Seven days"]


@pytest.mark.parametrize("older", ["merchant", None], ids=["its kind's", "everybody's"])
async def test_many_that_others_wrote_for_themselves_hide_none(url: str, older: str | None) -> None:
    async with the_world(url) as world:
        agent, shelf = world.clients["agent"], world.service.parts.articles
        said = article(issues=["late_delivery"], **({"desks": [older]} if older else {}))
        await shelf.put(
            uuid4(), msgspec.convert(said, type=Article), seen=0, by="tests", now=utc_now()
        )
        theirs = msgspec.convert({**said, "desks": [f"merchant:{uuid4()}"]}, type=Article)
        for _ in range(LOOKED_AT_MAX):
            await shelf.put(uuid4(), theirs, seen=0, by="tests", now=utc_now())
        answer = await agent.get(f"{world.case_path}/1/articles")
        assert [one["article"]["en"]["title"] for one in answer.json()["items"]] == ["Seven days"]
        assert await titles(agent, "退货") == ["Seven days"]
        assert await titles(agent, listing="expiring") == ["Seven days"]


async def test_who_may_write_what(url: str) -> None:
    async with the_world(url) as world:
        mine = article(desks=[str(world.desk)])
        shop, head = await supervisor(world, world.desk), await supervisor(world, PLATFORM)
        for client, said, status in (
            (world.clients["agent"], mine, 403),
            (shop, mine, 200),
            (shop, article(), 403),
            (shop, article(desks=["merchant"]), 403),
            (shop, article(desks=[str(world.desk), "platform"]), 403),
            (head, article(), 200),
            (head, article(desks=["merchant"]), 200),
        ):
            assert (await write(client, said)).status_code == status, said
        # What is everybody's is not made one's own, and what others have is not there.
        everybodys, theirs = uuid4(), uuid4()
        await write(head, article(), id_=everybodys)
        await write(head, article(desks=["platform"]), id_=theirs)
        assert (await write(shop, mine, id_=everybodys, seen=1)).status_code == 403
        assert (await write(shop, mine, id_=theirs, seen=1)).status_code == 404
        gone = await shop.post(f"{ARTICLES}/{everybodys}/retirement")
        assert gone.status_code == 403


async def test_what_is_retired_is_found_no_more_until_it_is_written_again(url: str) -> None:
    async with the_world(url) as world:
        admin, id_ = world.clients["admin"], uuid4()
        await write(admin, article(), id_=id_)
        assert (await admin.post(f"{ARTICLES}/{id_}/retirement")).status_code == 204
        assert await titles(admin) == []
        assert await titles(admin, listing="retired") == ["Seven days"]
        assert (await admin.get(f"{ARTICLES}/{id_}")).json()["retired"] is True
        # Who read it before that does not bring it back without knowing.
        late = await write(admin, article(owner="late"), id_=id_, seen=1)
        assert (late.status_code, late.json()["code"]) == (409, "stale_version")
        # Nor is whoever publishes it as it was told that it is published.
        same = await write(admin, article(), id_=id_, seen=1)
        assert (same.status_code, same.json()["code"]) == (409, "stale_version")
        assert (await admin.post(f"{ARTICLES}/{id_}/retirement")).status_code == 204
        assert (await write(admin, article(owner="new"), id_=id_, seen=2)).status_code == 200
        assert await titles(admin) == ["Seven days"]
        assert await titles(admin, listing="retired") == []


async def test_what_expires_soonest_comes_first_and_what_never_does_last(url: str) -> None:
    async with the_world(url) as world:
        admin = world.clients["admin"]
        ends = {"None": None, "Later": "2099-01-01T00:00:00Z", "Past": PAST, "Also none": None}
        for title, end in ends.items():
            said = article(en={"title": title, "body": "x"}, expires_at=end)
            assert (await write(admin, said)).status_code == 200
        seen, cursor = [], None
        while True:
            params = {"listing": "expiring", "limit": "1", **({"cursor": cursor} if cursor else {})}
            page = (await admin.get(ARTICLES, params=params)).json()
            seen += [one["article"]["en"]["title"] for one in page["items"]]
            cursor = page.get("next")
            if cursor is None:
                break
        assert seen[:2] == ["Past", "Later"]
        assert sorted(seen[2:]) == ["Also none", "None"]
        # Another listing's cursor is none of this one's.
        first = (await admin.get(ARTICLES, params={"listing": "expiring", "limit": "1"})).json()
        other = {"listing": "latest", "cursor": first["next"]}
        assert (await admin.get(ARTICLES, params=other)).status_code == 422
        assert (await admin.get(ARTICLES, params={"listing": "oldest"})).status_code == 422


async def test_a_list_goes_on_page_by_page(url: str) -> None:
    async with the_world(url) as world:
        admin = world.clients["admin"]
        for number in range(7):
            await write(admin, article(en={"title": f"{number}", "body": "x"}))
        seen, cursor = [], None
        while True:
            params = {"words": "退货", "limit": "3", **({"cursor": cursor} if cursor else {})}
            page = (await admin.get(ARTICLES, params=params)).json()
            seen += [one["article"]["en"]["title"] for one in page["items"]]
            cursor = page.get("next")
            if cursor is None:
                break
        assert seen == [f"{number}" for number in reversed(range(7))]


@pytest.mark.parametrize(
    "spoilt",
    [
        {"owner": ""},
        {"zh": {"title": "", "body": "x"}},
        {"en": {"title": "x\ny", "body": "x"}},
        {"en": {"title": "x", "body": "x" * 8_001}},
        {"issues": ["Not A Code"]},
        {"desks": ["merchants"]},
        {"desks": ["merchant:1"]},
        {"expires_at": "2020-01-01"},
        {"html": "<b>"},
    ],
)
async def test_what_is_no_article_is_refused(url: str, spoilt: dict[str, Any]) -> None:
    async with the_world(url) as world:
        answer = await write(world.clients["admin"], article(**spoilt))
        assert answer.status_code == 422, answer.text
