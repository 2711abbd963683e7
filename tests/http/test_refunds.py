"""What payments say of refunds over HTTP, and how quickly money went back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.engine.running import utc_now
from oncedesk.http.auth.principals import Scope
from oncedesk.settings import Settings
from oncedesk.wiring import build
from tests.http.world import new_order, the_world
from tests.support.engines import Outside, party
from tests.support.refunds import PAID_MINOR, cancelling_pack, cancels, order_of, placed
from tests.support.served import Served, served

BASE = f"/v1/marketplace/consumers/{party(1)}/orders/{order_of(1)}"


@asynccontextmanager
async def asked(url: str) -> AsyncIterator[Served]:
    """A consumer has cancelled; payments were asked for 500 and for the rest."""
    packs = [cancelling_pack(answer_seconds=3_600)]
    async with build(url, settings=Settings(home=Path("/nowhere")), packs=packs):
        pass
    async with served(url) as service:
        for command in (placed(1), cancels(1)):
            answer = await service.parts.engine.submit(
                command, principal="tests", key="key", actor=MARKETPLACE
            )
            assert answer.accepted, answer
        yield service


async def says(
    client: httpx.AsyncClient, what: str, body: Any, *, leg: int = 1, key: str = ""
) -> httpx.Response:
    path = f"{BASE}/remedies/1/refunds/{leg}/{what}"
    return await client.post(path, json=body, headers={"Idempotency-Key": key or str(uuid4())})


def sent(amount_minor: int = 500, **more: Any) -> dict[str, Any]:
    told = {"currency": "CNY", "sent_at": utc_now().isoformat(), "reference": "r1"}
    return {"amount_minor": amount_minor, **told, **more}


async def test_a_refund_is_confirmed_once_and_its_clock_is_a_figure(url: str) -> None:
    async with asked(url) as service:
        client = await service.machine(Scope.REFUNDS_WRITE, Scope.REFUNDS_READ)
        body = sent(sent_at=(utc_now() + timedelta(seconds=60)).isoformat())
        first = await says(client, "confirmation", body, key="k")
        again = await says(client, "confirmation", body, key="k")
        assert (first.status_code, again.status_code) == (200, 200), first.text
        assert again.json()["version"] == first.json()["version"]
        differs = await says(client, "confirmation", {**body, "sent_at": utc_now().isoformat()})
        assert (differs.status_code, differs.json()["code"]) == (409, "refund_settled")
        credited = {"credited_at": (utc_now() + timedelta(hours=1)).isoformat()}
        assert (await says(client, "credit", credited)).status_code == 200
        dead = await says(client, "failure", {"reason": "route_dead"}, leg=2)
        assert dead.status_code == 200, dead.text
        figures = (await client.get("/v1/marketplace/refunds/clock")).json()
        (day,) = figures["days"]
        assert (day["market"], day["currency"]) == ("cn", "CNY")
        assert (day["count"], day["amount_minor"], day["credited_count"]) == (1, 500, 1)
        assert 59 <= day["sent"]["p50"] == day["sent"]["p99"] <= 61
        assert 3_500 <= day["credited"]["p90"] <= 3_700
        assert (figures["unsettled"]["requested"], figures["unsettled"]["failed"]) == (0, 1)
        other = await client.get("/v1/marketplace/refunds/clock", params={"market": "eu"})
        assert other.json()["days"] == []
        elsewhere = other.json()["unsettled"]
        assert (elsewhere["requested"], elsewhere["failed"]) == (0, 0)
        here = await client.get("/v1/marketplace/refunds/clock", params={"market": "cn"})
        assert here.json() == figures
        measured = service.parts.engine.writers.measures
        assert sum(measured.refund_sent_seconds.counts) == 1
        assert sum(measured.refund_credited_seconds.counts) == 1


async def test_refunds_are_listed_one_by_one_in_pages(url: str) -> None:
    async with asked(url) as service, Outside(url) as outside:
        client = await service.machine(Scope.REFUNDS_WRITE, Scope.REFUNDS_READ)

        async def pages(path: str, **query: str) -> list[dict[str, Any]]:
            found, cursor = [], ""
            while True:
                asked_for = {"limit": "1", **query, **({"cursor": cursor} if cursor else {})}
                page = (
                    await client.get(f"/v1/marketplace/refunds/{path}", params=asked_for)
                ).json()
                found += page["items"]
                cursor = page.get("next")
                if not cursor:
                    return found

        waiting = await pages("unsettled")
        assert {one["leg"]: one["status"] for one in waiting} == dict.fromkeys((1, 2), "requested")
        at = utc_now()
        for leg, amount in ((1, 500), (2, PAID_MINOR - 500)):
            told = await says(client, "confirmation", sent(amount, sent_at=at.isoformat()), leg=leg)
            assert told.status_code == 200, told.text
        assert await pages("unsettled") == []
        span = {
            "since": (at - timedelta(hours=1)).isoformat(),
            "until": (at + timedelta(hours=1)).isoformat(),
        }
        listed = await pages("sent", **span)
        assert {one["leg"]: one["amount_minor"] for one in listed} == {1: 500, 2: PAID_MINOR - 500}
        known = await outside.column("SELECT id FROM refund")
        assert {one["refund"] for one in listed} == {str(one) for one in known}
        assert await pages("sent", since=span["until"], until="2100-01-01T00:00:00Z") == []


async def test_a_named_route_is_taken_after_payments_said_once_more_that_it_failed(
    url: str,
) -> None:
    async with asked(url) as service, Outside(url) as outside:
        client = await service.machine(Scope.REFUNDS_WRITE)
        await says(client, "failure", {"reason": "route_dead"}, leg=2)
        path = f"{BASE}/remedies/1/route"
        key = {"Idempotency-Key": "route"}
        named = await client.post(path, json={"method": "bank", "reference": "b"}, headers=key)
        assert named.status_code == 200, named.text
        count = "SELECT count(*) FROM refund"
        assert await outside.value(count) == 2
        await says(client, "failure", {"reason": "route_dead"}, leg=2)
        assert await outside.value(count) == 3
        assert (await says(client, "confirmation", sent())).status_code == 200
        rest = sent(PAID_MINOR - 500)
        assert (await says(client, "confirmation", rest, leg=3)).status_code == 200
        statuses = await outside.column("SELECT status FROM refund ORDER BY leg")
        assert statuses == ["sent", "replaced", "sent"]


async def test_a_failure_told_twice_is_one_and_what_was_sent_twice_is_listed(url: str) -> None:
    async with asked(url) as service, Outside(url) as outside:
        client = await service.machine(Scope.REFUNDS_WRITE, Scope.REFUNDS_READ)
        dead = {"reason": "route_dead"}
        assert (await says(client, "failure", {**dead, "asked": 0}, leg=2)).status_code == 422
        await says(client, "failure", {**dead, "asked": 1}, leg=2)
        key = {"Idempotency-Key": "route"}
        await client.post(f"{BASE}/remedies/1/route", json={"method": "b"}, headers=key)
        again = await says(client, "failure", {**dead, "asked": 1}, leg=2)
        assert again.status_code == 200, again.text
        assert await outside.column("SELECT status FROM refund") == ["requested", "requested"]
        unknown = await says(client, "failure", {**dead, "asked": 3}, leg=2)
        assert (unknown.status_code, unknown.json()["code"]) == (404, "refund_unknown")
        await says(client, "failure", {**dead, "asked": 2}, leg=2)
        for leg in (3, 2):
            told = await says(client, "confirmation", sent(PAID_MINOR - 500), leg=leg)
            assert told.status_code == 200, told.text
        arrived = {"credited_at": (utc_now() + timedelta(hours=1)).isoformat()}
        assert (await says(client, "credit", arrived, leg=2)).status_code == 200
        span = {
            "since": (utc_now() - timedelta(hours=1)).isoformat(),
            "until": (utc_now() + timedelta(hours=1)).isoformat(),
        }
        listed = (await client.get("/v1/marketplace/refunds/sent", params=span)).json()["items"]
        assert {one["leg"]: one["status"] for one in listed} == {3: "sent", 2: "replaced"}


async def test_what_the_bank_took_back_of_a_dead_route_waits_for_nobody(url: str) -> None:
    async with asked(url) as service, Outside(url) as outside:
        client = await service.machine(Scope.REFUNDS_WRITE, Scope.REFUNDS_READ)
        await says(client, "confirmation", sent())
        await says(client, "failure", {"reason": "route_dead"}, leg=2)
        amount: Any = {"amount_minor": PAID_MINOR - 500, "currency": "CNY"}
        told = await client.post(
            f"{BASE}/outside-payments",
            json={"id": str(uuid4()), "kind": "chargeback", **amount},
            headers={"Idempotency-Key": "bank"},
        )
        assert told.status_code == 200, told.text
        statuses = await outside.column("SELECT status FROM refund ORDER BY leg")
        assert statuses == ["sent", "replaced"]
        waiting = (await client.get("/v1/marketplace/refunds/clock")).json()["unsettled"]
        assert (waiting["requested"], waiting["failed"]) == (0, 0)
        settled = "position('RemedySettled'::bytea in events) > 0"
        assert await outside.value(f"SELECT count(*) FROM journal WHERE {settled}") == 1


@pytest.mark.parametrize(
    ("body", "leg", "status", "code"),
    [
        (sent(499), 1, 409, "amount_differs"),
        (sent(currency="USD"), 1, 409, "currency_differs"),
        (sent(), 9, 404, "refund_unknown"),
        (sent(-1), 1, 422, None),
        (sent(currency="yuan"), 1, 422, None),
    ],
)
async def test_what_was_not_asked_for_is_refused_and_the_books_stay(
    url: str, body: Any, leg: int, status: int, code: str | None
) -> None:
    async with asked(url) as service, Outside(url) as outside:
        client = await service.machine(Scope.REFUNDS_WRITE)
        before = await outside.value("SELECT count(*) FROM journal WHERE kind = 'remedies'")
        answer = await says(client, "confirmation", body, leg=leg)
        assert answer.status_code == status, answer.text
        assert code is None or answer.json()["code"] == code
        assert await outside.value("SELECT count(*) FROM journal WHERE kind = 'remedies'") == before


async def test_only_a_key_for_refunds_may_speak_of_them(url: str) -> None:
    async with asked(url) as service, Outside(url) as outside:
        before = await outside.value("SELECT count(*) FROM journal WHERE kind = 'remedies'")
        client = await service.machine(Scope.ORDERS_WRITE, Scope.REFUNDS_READ)
        assert (await says(client, "confirmation", sent())).status_code == 403
        writes = await service.machine(Scope.REFUNDS_WRITE, name="writes")
        assert (await writes.get("/v1/marketplace/refunds/clock")).status_code == 403
        assert await outside.value("SELECT count(*) FROM journal WHERE kind = 'remedies'") == before


async def test_a_chargeback_is_counted_once(url: str) -> None:
    async with asked(url) as service:
        client = await service.machine(Scope.REFUNDS_WRITE)
        body = {"id": str(uuid4()), "kind": "chargeback", "amount_minor": 5, "currency": "CNY"}
        versions = []
        for key in ("a", "b"):
            answer = await client.post(
                f"{BASE}/outside-payments", json=body, headers={"Idempotency-Key": key}
            )
            assert answer.status_code == 200, answer.text
            versions.append(answer.json()["version"])
        differs = await client.post(
            f"{BASE}/outside-payments",
            json={**body, "amount_minor": 6},
            headers={"Idempotency-Key": "c"},
        )
        assert differs.json()["code"] == "outside_differs"


async def test_what_is_charged_for_a_change_that_was_taken_back_is_asked_back_once(
    url: str,
) -> None:
    async with the_world(url) as world, Outside(url) as outside:
        owner, machine = world.clients["owner"], world.clients["machine"]
        consumer, bought = f"/v1/marketplace/consumers/{world.consumer}", uuid4()
        for method, path, body in (
            ("PUT", f"/orders/{bought}", new_order(world.merchant)),
            ("POST", "/wallet/methods", {"method": "alipay", "kind": "alipay"}),
        ):
            key = {"Idempotency-Key": path}
            told = await machine.request(method, consumer + path, json=body, headers=key)
            assert told.status_code == 200, told.text
        mine = f"/v1/help/orders/{bought}/remedies"
        wish = {"kind": "change_payment", "reason": "changed_mind", "method": "alipay"}
        asking = await owner.post(mine, json={"wish": wish})
        assert asking.status_code == 200, asking.text
        back = await owner.post(f"{mine}/1/withdrawal", json={})
        assert back.status_code == 200, back.text
        remedy = f"{consumer}/orders/{bought}/remedies/1"
        taken = {"amount_minor": 9900, "currency": "CNY", "charged_at": utc_now().isoformat()}
        for number in ("a", "b"):
            answer = await machine.post(
                f"{remedy}/charge/confirmation", json=taken, headers={"Idempotency-Key": number}
            )
            assert answer.status_code == 200, answer.text
        sought = f"FROM refund WHERE order_id = '{bought}'"
        assert await outside.column(f"SELECT amount_minor {sought}") == [9900]
        told = await machine.post(
            f"{remedy}/refunds/1/confirmation",
            json=sent(9900),
            headers={"Idempotency-Key": "c"},
        )
        assert told.status_code == 200, told.text
        steps = (await owner.get(f"{mine}/1/timeline")).json()["steps"]
        assert [step["what"] for step in steps] == [
            *("requested", "approved", "withdrawn", "charged_late"),
            *("refund_asked", "refund_sent", "settled"),
        ]
        assert await outside.column(f"SELECT status {sought}") == ["sent"]
