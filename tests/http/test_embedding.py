"""Consumers' pages inside the marketplace's: where the settings say so, and never by cookie."""

from uuid import uuid4

from tests.support.served import served

SHOP = "https://shop.example"
ASKS_FIRST = {"Origin": SHOP, "Access-Control-Request-Method": "POST"}


async def test_a_page_of_the_marketplace_may_ask_and_read(url: str) -> None:
    async with served(url, help_origins=f"{SHOP} https://m.shop.example") as service:
        person = await service.consumer(uuid4())
        first = await person.options("/v1/help/contacts", headers=ASKS_FIRST)
        assert first.status_code == 204
        assert first.headers["access-control-allow-origin"] == SHOP
        allowed = first.headers["access-control-allow-headers"].split(", ")
        # What a page holds itself, what its commands say, and where its stream goes on.
        assert {"authorization", "idempotency-key", "if-match", "last-event-id"} <= {*allowed}
        assert "access-control-allow-credentials" not in first.headers
        said = await person.post(
            "/v1/help/contacts",
            json={"subject": {"kind": "none"}, "text": "Hello"},
            headers={"Origin": SHOP},
        )
        assert said.status_code == 200
        assert said.headers["access-control-allow-origin"] == SHOP
        assert said.headers["vary"] == "origin"
        assert "etag" in said.headers["access-control-expose-headers"]


async def test_a_page_may_be_named_otherwise_than_browsers_name_it(url: str) -> None:
    async with served(url, help_origins="https://Shop.example:443") as service:
        person = await service.consumer(uuid4())
        first = await person.options("/v1/help/contacts", headers=ASKS_FIRST)
        assert first.headers["access-control-allow-origin"] == SHOP


async def test_no_other_page_may(url: str) -> None:
    async with served(url, help_origins=SHOP) as service:
        person = await service.consumer(uuid4())
        evil = {**ASKS_FIRST, "Origin": "https://evil.example"}
        for path, headers in (("/v1/help/contacts", evil), ("/v1/desk/session", ASKS_FIRST)):
            answer = await person.options(path, headers=headers)
            assert "access-control-allow-origin" not in answer.headers
        read = await person.get("/v1/help/orders", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in read.headers


async def test_by_default_nobody_may(url: str) -> None:
    async with served(url) as service:
        person = await service.consumer(uuid4())
        answer = await person.options("/v1/help/contacts", headers=ASKS_FIRST)
        assert "access-control-allow-origin" not in answer.headers
