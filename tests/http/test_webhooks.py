"""Webhooks over HTTP: the marketplace and admins manage all endpoints, supervisors their desk's."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from standardwebhooks import Webhook

from oncedesk.engine.outgoing import DESK_TOPICS, TOPICS
from oncedesk.engine.running import utc_now
from oncedesk.http.auth.principals import Kind, Scope
from tests.http.test_contacts import contact
from tests.http.world import the_world
from tests.support.engines import Outside, eventually
from tests.support.receivers import OK, Answer, receiver
from tests.support.served import Served, served

MARKET, DESK, ADMIN = (f"/v1/{audience}/webhooks" for audience in ("marketplace", "desk", "admin"))
PUBLIC = "https://1.1.1.1/hooks"
"""An address that may be called; nobody does here."""


async def done(answer: httpx.Response, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


def said_no(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def supervisor(service: Served, desk: str) -> httpx.AsyncClient:
    agent = uuid4()
    client = await service.agent(agent=agent)
    admin = await service.agent(role=Kind.ADMIN)
    joined = {"desk": desk, "role": "supervisor", "starts_at": utc_now().isoformat()}
    await done(await admin.post(f"/v1/admin/agents/{agent}/memberships", json=joined))
    return client


@pytest.mark.parametrize("base", [MARKET, DESK, ADMIN])
async def test_an_endpoint_from_adding_to_removing(
    url: str, base: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with the_world(url) as world, receiver() as got:
        client = world.clients["machine" if base == MARKET else "admin"]
        new = {"desk": "platform", "url": got.url, "topics": ["case.opened"], "note": "the shop"}
        answer = await client.post(base, json=new)
        added = await done(answer, 201)
        assert answer.headers["cache-control"] == "no-store"
        one = f"{base}/{added['id']}"
        outcome = await done(await client.post(f"{one}/test"))
        assert outcome == {"taken": True, "code": 200, "answer": "ok"}
        event = Webhook(added["secret"]).verify(got.got[0].body, got.got[0].headers)
        assert event["type"] == "oncedesk.ping"
        (listed,) = (await done(await client.get(base, params={"desk": "platform"})))["items"]
        assert (listed["url"], listed["topics"], listed["note"]) == (
            *(got.url, ["case.opened"]),
            "the shop",
        )

        answer = await client.post(f"{one}/rotation")
        rotated = await done(answer)
        assert answer.headers["cache-control"] == "no-store"
        assert rotated["secret"] != added["secret"]
        await done(await client.post(f"{one}/test"))
        for secret in (added["secret"], rotated["secret"]):
            Webhook(secret).verify(got.got[1].body, got.got[1].headers)
        got.behave = lambda _: Answer(410, b"gone")
        outcome = await done(await client.post(f"{one}/test"))
        assert outcome == {"taken": False, "code": 410, "answer": "gone"}

        await done(await client.post(f"{one}/disabling", json={"reason": "we move"}), 204)
        shown = await done(await client.get(one))
        assert (shown["disabled_reason"], shown["waiting"]) == ("we move", 0)
        replayed = await client.post(f"{one}/replay", json={"failed": True})
        assert said_no(replayed) == (409, "webhook_disabled")
        assert said_no(await client.post(f"{one}/send-now", json={})) == (409, "webhook_disabled")
        await done(await client.post(f"{one}/enabling"), 204)
        shown = await client.get(one)
        assert (await done(shown))["disabled_at"] is None
        assert "whsec" not in shown.text
        assert (await done(await client.get(f"{one}/deliveries")))["items"] == []
        await done(await client.delete(one), 204)
        assert said_no(await client.get(one)) == (404, "webhook_unknown")
    logged = capsys.readouterr()
    assert "webhook_added" in logged.out + logged.err
    for secret in (added["secret"], rotated["secret"]):
        assert secret not in logged.out + logged.err


async def test_what_went_is_listed_in_pages_and_sent_again(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with (
        served(url, started=True, webhook_allow="127.0.0.1/32") as service,
        receiver() as got,
        Outside(url) as outside,
    ):
        machine = await service.machine()
        new = {"desk": "platform", "url": got.url, "topics": ["case.opened"]}
        one = f"{MARKET}/{(await done(await machine.post(MARKET, json=new), 201))['id']}"
        for number in range(3):
            key = {"Idempotency-Key": f"{number}"}
            said = contact(uuid4())
            await done(await machine.post("/v1/marketplace/contacts", json=said, headers=key))
        taken = "SELECT count(*) FROM webhook_delivery WHERE status = 'taken'"
        await outside.until(taken, 3)
        first = await done(await machine.get(f"{one}/deliveries", params={"limit": 2}))
        assert [one["status"] for one in first["items"]] == ["taken", "taken"]
        second = {"limit": 2, "cursor": first["next"]}
        rest = await done(await machine.get(f"{one}/deliveries", params=second))
        assert rest["next"] is None
        listed = [one["event"] for one in (*first["items"], *rest["items"])]
        assert sorted(listed) == sorted(got.ids())
        waiting = {"status": "waiting"}
        assert (await done(await machine.get(f"{one}/deliveries", params=waiting)))["items"] == []
        other = await service.machine(name="other")
        foreign = await other.get(f"{one}/deliveries", params=second)
        assert said_no(foreign) == (422, "cursor_invalid")

        last = first["items"][0]
        again = {"delivery": last["id"]}
        assert await done(await machine.post(f"{one}/replay", json=again)) == {"count": 1}
        await eventually(lambda: len(got.got) == 4, "it came again")
        assert got.ids()[3] == last["event"]
        await outside.until(taken, 3)
        since = {"since": "2020-01-01T00:00:00Z"}
        assert await done(await machine.post(f"{one}/replay", json=since)) == {"count": 3}
        unknown = await machine.post(f"{one}/replay", json={"delivery": str(uuid4())})
        assert said_no(unknown) == (404, "delivery_unknown")
        assert said_no(await machine.post(f"{one}/replay", json={})) == (422, "replay_what")
    logged = capsys.readouterr()
    assert (logged.out + logged.err).count("webhook_replayed") == 2


def sent(count: int) -> dict[str, Any]:
    return {"count": count, "at_least": False}


async def test_what_waits_goes_at_once_when_its_receiver_is_back(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with (
        served(url, started=True, webhook_allow="127.0.0.1/32") as service,
        receiver(lambda _: Answer(503)) as got,
        Outside(url) as outside,
    ):
        machine = await service.machine()
        new = {"desk": "platform", "url": got.url, "topics": ["case.opened"]}
        id_ = (await done(await machine.post(MARKET, json=new), 201))["id"]
        one = f"{MARKET}/{id_}"
        for number in range(3):
            key = {"Idempotency-Key": f"{number}"}
            said = contact(uuid4())
            await done(await machine.post("/v1/marketplace/contacts", json=said, headers=key))
        # As if it had been tried for hours, while nothing is under way.
        rests = "attempts > 0 AND next_at > now() + interval '1 second'"
        await outside.until(f"SELECT count(*) FROM webhook_delivery WHERE {rests}", 3)
        await outside.run("UPDATE webhook_delivery SET attempts = 5, next_at = now() + '9 hours'")
        got.got.clear()
        got.behave = lambda _: OK
        waiting = (await done(await machine.get(f"{one}/deliveries")))["items"]
        unknown = await machine.post(f"{one}/send-now", json={"delivery": str(uuid4())})
        assert said_no(unknown) == (404, "delivery_unknown")

        first = {"delivery": waiting[0]["id"]}
        assert await done(await machine.post(f"{one}/send-now", json=first)) == sent(1)
        await outside.until("SELECT count(*) FROM webhook_delivery WHERE status = 'taken'", 1)
        over = await machine.post(f"{one}/send-now", json=first)
        assert said_no(over) == (409, "delivery_over")
        assert got.ids() == [waiting[0]["event"]]
        assert await done(await machine.post(f"{one}/send-now", json={})) == sent(2)
        await outside.until("SELECT count(*) FROM webhook_delivery WHERE status = 'taken'", 3)
        assert sorted(got.ids()) == sorted(one["event"] for one in waiting)
        assert await done(await machine.post(f"{one}/send-now", json={})) == sent(0)
    logged = capsys.readouterr()
    (line, *_) = [
        line for line in (logged.out + logged.err).splitlines() if "webhook_sent_now" in line
    ]
    assert id_ in line
    assert "by=marketplace/shop" in line


async def test_a_supervisor_knows_of_the_own_desks_endpoints_only(url: str) -> None:
    async with the_world(url) as world, Outside(url) as outside:
        hers = await supervisor(world.service, str(world.desk))
        mine = {"desk": str(world.desk), "url": PUBLIC}
        added = await done(await hers.post(DESK, json=mine), 201)
        found = await done(await hers.get(DESK, params={"desk": str(world.desk)}))
        (listed,) = found["items"]
        assert found["topics"] == {"platform": [*TOPICS], "desk": [*DESK_TOPICS]}
        assert (listed["id"], listed["topics"]) == (added["id"], [*DESK_TOPICS])
        named = {**mine, "topics": ["case.opened", "refund.requested"]}
        assert said_no(await hers.post(DESK, json=named)) == (422, "webhook_topics_of_platform")
        everybodys = await done(await world.clients["admin"].get(ADMIN))
        assert [one["id"] for one in everybodys["items"]] == [added["id"]]
        assert said_no(await hers.get(DESK)) == (403, "not_allowed")

        rivals = await supervisor(world.service, f"merchant:{uuid4()}")
        platforms = await supervisor(world.service, "platform")
        before = await outside.rows("SELECT * FROM webhook_endpoint")
        for stranger in (rivals, platforms, world.clients["agent"]):
            await _is_told_nothing(stranger, UUID(added["id"]))
            assert said_no(await stranger.post(DESK, json=mine)) == (403, "not_allowed")
            everything = {"desk": "platform", "url": PUBLIC}
            assert said_no(await stranger.post(DESK, json=everything)) == (403, "not_allowed")
            asked = await stranger.get(DESK, params={"desk": str(world.desk)})
            assert said_no(asked) == (403, "not_allowed")
        assert await outside.rows("SELECT * FROM webhook_endpoint") == before
        assert said_no(await hers.post(DESK, json=mine)) == (409, "webhook_exists")
        for number in range(4):
            mine["url"] = f"{PUBLIC}/{number}"
            await done(await hers.post(DESK, json=mine), 201)
        mine["url"] = f"{PUBLIC}/5"
        assert said_no(await hers.post(DESK, json=mine)) == (409, "webhook_limit")


async def test_endpoints_come_in_pages_the_oldest_first(url: str) -> None:
    async with the_world(url) as world:
        admin = world.clients["admin"]
        added = []
        for number, desk in enumerate(("platform", str(world.desk), "platform", "platform")):
            new = {"desk": desk, "url": f"{PUBLIC}/{number}"}
            added.append((await done(await admin.post(ADMIN, json=new), 201))["id"])

        first = await done(await admin.get(ADMIN, params={"limit": 3}))
        assert [one["id"] for one in first["items"]] == added[:3]
        rest = await done(await admin.get(ADMIN, params={"limit": 3, "cursor": first["next"]}))
        assert ([one["id"] for one in rest["items"]], rest["next"]) == (added[3:], None)
        assert rest["topics"] == first["topics"]

        ours: dict[str, Any] = {"desk": "platform", "limit": 2}
        first = await done(await admin.get(ADMIN, params=ours))
        assert [one["id"] for one in first["items"]] == [added[0], added[2]]
        rest = await done(await admin.get(ADMIN, params={**ours, "cursor": first["next"]}))
        assert [one["id"] for one in rest["items"]] == [added[3]]
        elsewhere = await admin.get(ADMIN, params={"limit": 3, "cursor": first["next"]})
        assert said_no(elsewhere) == (422, "cursor_invalid")


async def _is_told_nothing(stranger: httpx.AsyncClient, webhook: UUID) -> None:
    """It is as if there were no such endpoint."""
    for method, path, body in (
        ("GET", "", None),
        ("GET", "/deliveries", None),
        ("DELETE", "", None),
        ("POST", "/disabling", {"reason": "envy"}),
        *(("POST", path, None) for path in ("/enabling", "/rotation", "/test")),
        ("POST", "/replay", {"failed": True}),
        ("POST", "/send-now", {}),
    ):
        theirs = await stranger.request(method, f"{DESK}/{webhook}{path}", json=body)
        none = await stranger.request(method, f"{DESK}/{uuid4()}{path}", json=body)
        assert said_no(theirs) == (404, "webhook_unknown"), f"{method} {path}"
        assert theirs.text == none.text


async def test_a_key_needs_the_scope(url: str) -> None:
    async with served(url) as service:
        others = await service.machine(*(one for one in Scope if one is not Scope.WEBHOOKS_WRITE))
        refused = await others.post(MARKET, json={"desk": "platform", "url": PUBLIC})
        assert said_no(refused) == (403, "scope_missing")
        assert said_no(await others.get(MARKET)) == (403, "scope_missing")


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"url": "https://10.0.0.1/hooks"}, "webhook_target", "url"),
        ({"url": "http://127.0.0.1/hooks"}, "webhook_target", "url"),
        ({"url": "ftp://example.org"}, "webhook_url", "url"),
        ({"url": ""}, "body_invalid", "url"),
        ({"topics": ["case.closed", "weather"]}, "webhook_topics", "topics"),
        ({"topics": []}, "body_invalid", "topics"),
        ({"note": "two\nlines"}, "webhook_note", "note"),
        ({"desk": "merchant:shop"}, "body_invalid", "desk"),
        ({"secret": "mine"}, "body_invalid", "secret"),
    ],
)
async def test_says_what_is_wrong_and_adds_nothing(
    url: str, wrong: dict[str, Any], code: str, field: str
) -> None:
    async with served(url) as service, Outside(url) as outside:
        machine = await service.machine()
        refused = await machine.post(MARKET, json={"desk": "platform", "url": PUBLIC, **wrong})
        assert said_no(refused) == (422, code)
        assert refused.json()["field"] == field
        assert await outside.value("SELECT count(*) FROM webhook_endpoint") == 0
