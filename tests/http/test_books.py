"""Statements and books over HTTP: by page, or all of it as CSV; one's own and nobody else's."""

import csv
import io
from typing import Any
from uuid import uuid4

import httpx
import pytest

from oncedesk.engine.instants import settle
from oncedesk.engine.running import utc_now
from tests.http.test_remedies import CANCEL, bought, mine, said
from tests.http.world import World

SPAN = {"currency": "CNY", "since": "2024-01-01T00:00:00Z", "until": "2100-01-01T00:00:00Z"}
CSV = {"accept": "text/csv"}


async def refunded(world: World) -> None:
    """The consumer has cancelled and was sent the money."""
    await said(world.clients["owner"], mine(world), {"wish": CANCEL})
    base = f"/v1/marketplace/consumers/{world.consumer}/orders/{world.order}"
    sent = {"amount_minor": 9_900, "currency": "CNY", "sent_at": utc_now().isoformat()}
    confirmed = await world.clients["machine"].post(
        f"{base}/remedies/1/refunds/1/confirmation", json=sent, headers={"Idempotency-Key": "s"}
    )
    assert confirmed.status_code == 200, confirmed.text
    await settle(world.service.parts.engine)


def of_marketplace(world: World) -> str:
    return f"/v1/marketplace/parties/{world.merchant}/statement"


def of_desk(world: World) -> str:
    return f"/v1/desk/parties/{world.merchant}/statement"


def table(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["cache-control"] == "private, no-store"
    return list(csv.DictReader(io.StringIO(answer.text)))


async def test_a_statement_as_csv_is_its_lines_with_what_stands_after_each(url: str) -> None:
    async with bought(url) as world:
        await refunded(world)
        machine, agent = world.clients["machine"], world.clients["agent"]
        whole = (await machine.get(of_marketplace(world), params=SPAN)).json()
        lines = whole["lines"]["items"]
        assert lines
        rows = table(await machine.get(of_marketplace(world), params=SPAN | {"format": "csv"}))
        assert [(row["account"], int(row["minor"])) for row in rows] == [
            (line["account"], line["minor"]) for line in lines
        ]
        stands = {row["account"]: int(row["balance_minor"]) for row in rows}
        assert stands == {one["account"]: one["closing_minor"] for one in whole["balances"]}
        assert table(await agent.get(of_desk(world), params=SPAN, headers=CSV)) == rows
        # What is asked for behind the question mark counts before the header.
        chosen = await agent.get(of_desk(world), params=SPAN | {"format": "json"}, headers=CSV)
        assert chosen.json()["balances"] == whole["balances"]


async def test_a_part_of_a_day_opens_with_what_stood_then(url: str) -> None:
    async with bought(url) as world:
        await refunded(world)
        machine = world.clients["machine"]
        lines = (await machine.get(of_marketplace(world), params=SPAN)).json()["lines"]["items"]
        for line in lines:
            span: dict[str, Any] = {**SPAN, "since": line["at"]}
            told = (await machine.get(of_marketplace(world), params=span)).json()
            opening = {one["account"]: one["opening_minor"] for one in told["balances"]}
            closing = {one["account"]: one["closing_minor"] for one in told["balances"]}
            before = [one for one in lines if one["at"] < line["at"]]
            for account, stood_minor in opening.items():
                moved = [one["minor"] for one in lines if one["account"] == account]
                stood = [one["minor"] for one in before if one["account"] == account]
                assert (stood_minor, closing[account]) == (sum(stood), sum(moved))


async def test_an_orders_books_as_csv(url: str) -> None:
    async with bought(url) as world:
        await refunded(world)
        path = f"/v1/desk/orders/{world.consumer}/{world.order}/books"
        rows = table(await world.clients["platform"].get(path, headers=CSV))
        posted = [int(row["minor"]) for row in rows if row["phase"] == "posted"]
        assert posted
        assert sum(posted) == 0
        theirs = table(await world.clients["agent"].get(path, params={"format": "csv"}))
        assert {row["party"] for row in theirs} == {str(world.merchant)}
        assert (await world.clients["rival"].get(path, headers=CSV)).status_code == 404


async def test_an_orders_books_have_what_an_agency_was_paid(url: str) -> None:
    """Its account lies elsewhere than those of the consumer and the shop."""
    agency = uuid4()
    async with bought(url) as world:
        told = await world.clients["machine"].put(
            f"/v1/marketplace/consumers/{world.consumer}/orders/{world.order}/payouts/{uuid4()}",
            json={
                "part": 1,
                "currency": "CNY",
                "merchant_minor": 9_500,
                "agency_minor": 300,
                "agency": str(agency),
                "fee_minor": 100,
            },
            headers={"Idempotency-Key": "p"},
        )
        assert told.status_code == 200, told.text
        await settle(world.service.parts.engine)
        path = f"/v1/marketplace/consumers/{world.consumer}/orders/{world.order}/books"
        found = (await world.clients["machine"].get(path)).json()["entries"]
        assert str(agency) in {one.get("party") for one in found}
        assert sum(one["line"]["minor"] for one in found if one["phase"] == "posted") == 0


@pytest.mark.parametrize(
    "params",
    [
        SPAN | {"format": "xls"},
        SPAN | {"until": SPAN["since"]},
        # Moments that are on no calendar once their zone is taken away.
        SPAN | {"since": "0001-01-01T00:00:00+14:00"},
        SPAN | {"until": "9999-12-31T23:59:59-14:00"},
    ],
)
async def test_what_is_no_form_or_no_span_is_refused(url: str, params: dict[str, str]) -> None:
    async with bought(url) as world:
        answer = await world.clients["agent"].get(of_desk(world), params=params, headers=CSV)
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        for other in ("rival", "owner", "nobody"):
            hidden = await world.clients[other].get(of_desk(world), params=SPAN, headers=CSV)
            assert hidden.status_code in (401, 403, 404)
