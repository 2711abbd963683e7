"""API keys: only good ones let somebody in, for what they are good for, until they are revoked."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from secrets import token_bytes
from typing import Any
from uuid import uuid4

import httpx
import pytest

from oncedesk.engine.running import utc_now
from oncedesk.http.auth import remembering
from oncedesk.http.auth.api_keys import KeyDoor, make_key
from oncedesk.http.auth.principals import Kind, Scope
from oncedesk.http.limits import tokens
from oncedesk.http.problems import Refused
from tests.http.test_contacts import contact
from tests.support.engines import Outside
from tests.support.served import SIGNS, Served, served

CONTACTS = "/v1/marketplace/contacts"
ED25519_DER = bytes.fromhex("302a300506032b6570032100")
"""What stands before a key of this kind (RFC 8410, 10.1)."""


def few_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three at once, and for a long time no more."""
    monkeypatch.setattr(tokens, "WRONG_PER_SECOND", 0.01)
    monkeypatch.setattr(tokens, "WRONG_BURST_SECONDS", 300.0)


async def said_to(service: Served, authorization: str) -> tuple[int, str]:
    client = await service.client(**{"authorization": authorization, "idempotency-key": "one"})
    answer = await client.post(CONTACTS, json=contact(uuid4()))
    if answer.status_code == 401:
        assert answer.headers["www-authenticate"] == "Bearer"
    return answer.status_code, answer.json()["code"]


async def test_a_wrong_key_lets_nobody_in(url: str) -> None:
    async with served(url) as service:
        made = make_key(name="x", scopes=[Scope.CONTACTS_WRITE], by="tests", now=utc_now())
        other = make_key(name="y", scopes=[Scope.CONTACTS_WRITE], by="tests", now=utc_now())
        await service.parts.access.keys.add(made.key)
        mixed = made.token[:17] + other.token[17:]
        for wrong in ("odk_", other.token, mixed, made.token + "x", made.token[:-1], "odc_abc"):
            assert await said_to(service, f"Bearer {wrong}") == (401, "credentials_invalid")
        assert await said_to(service, made.token) == (401, "credentials_invalid")
        assert await said_to(service, "") == (401, "credentials_missing")
        assert await service.journal() == 1 + 1, "the two first packs"


def no_session(prefix: str) -> str:
    """Of the right form, and nobody's."""
    held = (1).to_bytes(2) + token_bytes(32)
    return f"Bearer {prefix}{urlsafe_b64encode(held).decode().rstrip('=')}"


async def test_one_that_goes_on_with_a_revoked_key_keeps_no_new_one_out(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the same address, as behind one proxy; and what is known to be wrong costs nothing."""
    few_wrong(monkeypatch)
    async with served(url) as service:
        old = make_key(name="old", scopes=[Scope.CONTACTS_WRITE], by="tests", now=utc_now())
        await service.parts.access.keys.add(old.key)
        await service.parts.access.keys.revoke(old.key.id, by="tests", at=utc_now())
        left = await service.client(authorization=f"Bearer {old.token}")
        assert [(await left.get(CONTACTS)).status_code for _ in range(8)] == [401] * 8
        machine = await service.machine()
        assert (await machine.get(CONTACTS)).status_code == 405


@pytest.mark.parametrize("kind", ["key", "session"])
async def test_an_address_shows_so_many_wrong_tokens(
    url: str, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    few_wrong(monkeypatch)
    async with served(url, proxies=1) as service:
        if kind == "key":
            client, path = await service.machine(), CONTACTS
            mine = client.headers["authorization"]
        else:
            client, path = await service.agent(), "/v1/desk/session"
            (token,) = [one for one in client.cookies.values() if one.startswith("ods_")]
            mine = f"Bearer {token}"

        async def shown(authorization: str, address: str) -> httpx.Response:
            about = {"authorization": authorization, "x-forwarded-for": address}
            return await client.get(path, headers=about)

        def wrong() -> str:
            if kind == "session":
                return no_session("ods_")
            made = make_key(name="x", scopes=[Scope.CONTACTS_WRITE], by="tests", now=utc_now())
            return f"Bearer {made.token}"

        network = "2001:db8:1:2::"
        let_in = (await shown(mine, f"{network}1")).status_code
        assert let_in not in (401, 429)
        found = [await shown(wrong(), f"{network}{number:x}") for number in range(5)]
        assert [answer.status_code for answer in found] == [401] * 3 + [429] * 2
        assert found[-1].json()["code"] == "too_many_requests"
        assert int(found[-1].headers["retry-after"]) >= 1
        # What has let somebody in goes on to do so; and another address has its own.
        assert (await shown(mine, f"{network}9")).status_code == let_in
        assert (await shown(wrong(), "2001:db8:1:3::1")).status_code == 401


async def test_no_consumer_is_refused_for_anothers_tokens(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thousands may have one address."""
    few_wrong(monkeypatch)
    async with served(url) as service:
        for _ in range(6):
            stranger = await service.client(authorization=no_session("odc_"))
            assert (await stranger.get("/v1/help/orders")).status_code == 401
        person = await service.consumer(uuid4())
        assert (await person.get("/v1/help/orders")).status_code == 200


async def test_an_expired_key_lets_nobody_in(url: str) -> None:
    async with served(url) as service:
        now = utc_now()
        made = make_key(
            name="x",
            scopes=[Scope.CONTACTS_WRITE],
            by="tests",
            now=now - timedelta(days=2),
            expires_at=now - timedelta(days=1),
        )
        await service.parts.access.keys.add(made.key)
        assert await said_to(service, f"Bearer {made.token}") == (401, "credentials_invalid")


async def test_a_key_is_good_for_its_scopes_only(url: str) -> None:
    async with served(url) as service:
        reads = await service.machine(Scope.CASES_READ)
        refused = await reads.post(
            CONTACTS, json=contact(uuid4()), headers={"Idempotency-Key": "one"}
        )
        assert refused.status_code == 403
        assert refused.json()["code"] == "scope_missing"
        assert refused.json()["detail"] == "contacts:write"


async def test_only_the_hash_of_a_secret_is_kept(url: str) -> None:
    async with served(url) as service, Outside(url) as outside:
        made = make_key(name="x", scopes=[Scope.ADMIN], by="tests", now=utc_now())
        await service.parts.access.keys.add(made.key)
        secret = made.token[len("odk_") + 12 + 1 :]
        assert (
            bytes(await outside.value("SELECT hash FROM api_key"))
            == sha256(secret.encode()).digest()
        )


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def test_a_revoked_key_counts_for_seconds_and_no_longer(url: str) -> None:
    clock = Hands()
    async with served(url) as service:
        keys = service.parts.access.keys
        made = make_key(name="x", scopes=[Scope.ADMIN], by="tests", now=utc_now())
        await keys.add(made.key)
        door = KeyDoor(keys, clock=utc_now)
        door._known._clock = clock
        assert (await door.principal(made.token)).name == "marketplace/x"
        assert await keys.revoke(made.key.id, by="tests", at=utc_now())
        clock.now = remembering.REMEMBERED_SECONDS - 0.1
        assert (await door.principal(made.token)).name == "marketplace/x"
        clock.now = remembering.REMEMBERED_SECONDS + 0.1
        with pytest.raises(Refused) as refused:
            await door.principal(made.token)
        assert refused.value.problem.code == "credentials_invalid"


async def test_keys_of_one_name_share_their_idempotency(url: str) -> None:
    async with served(url) as service:
        old, new = await service.machine(name="shop"), await service.machine(name="shop")
        stranger = await service.machine(name="other")
        sent: dict[str, Any] = {"json": contact(uuid4()), "headers": {"Idempotency-Key": "one"}}
        first = await old.post(CONTACTS, **sent)
        again = await new.post(CONTACTS, **sent)
        assert again.headers["idempotent-replayed"] == "true"
        assert again.json() == first.json()
        assert "idempotent-replayed" not in (await stranger.post(CONTACTS, **sent)).headers


async def test_the_use_of_a_key_is_noted(url: str) -> None:
    async with served(url) as service, Outside(url) as outside:
        client = await service.machine(name="shop")
        assert await outside.value("SELECT used_at FROM api_key") is None
        await client.get(f"/v1/marketplace/consumers/{uuid4()}/orders")
        used_at = await outside.value("SELECT used_at FROM api_key")
        assert abs(utc_now() - used_at) < timedelta(minutes=1)


async def test_a_wrong_secret_is_no_use_of_the_key_that_it_names(url: str) -> None:
    async with served(url) as service, Outside(url) as outside:
        made = make_key(name="x", scopes=[Scope.CASES_READ], by="tests", now=utc_now())
        other = make_key(name="y", scopes=[Scope.CASES_READ], by="tests", now=utc_now())
        await service.parts.access.keys.add(made.key)
        mixed = made.token[:17] + other.token[17:]
        assert await said_to(service, f"Bearer {mixed}") == (401, "credentials_invalid")
        assert await outside.value("SELECT used_at FROM api_key") is None
        assert await said_to(service, f"Bearer {made.token}") == (403, "scope_missing")
        assert await outside.value("SELECT used_at FROM api_key") is not None


async def test_a_signing_key_is_recognised_by_its_fingerprint_and_never_shown(url: str) -> None:
    async with served(url) as service:
        admin = await service.agent(role=Kind.ADMIN)
        pem = SIGNS.as_pem(private=True).decode()
        body = {"issuer": "shop.example", "key": pem}
        made = await admin.put("/v1/admin/signing-keys/2026-11", json=body)
        assert made.status_code == 201, made.text
        # As `openssl pkey -pubout -outform DER | sha256sum` says it.
        der = ED25519_DER + urlsafe_b64decode(f"{SIGNS.as_dict(private=False)['x']}=")
        assert made.json()["fingerprint"] == sha256(der).hexdigest()
        secret = "a shared secret of more than 32 bytes"
        shared = {"issuer": "shop.example", "algorithm": "HS256", "key": secret}
        other = await admin.put("/v1/admin/signing-keys/2025-01", json=shared)
        assert (other.status_code, "fingerprint" in other.json()) == (201, False)
        listed = await admin.get("/v1/admin/signing-keys")
        assert secret not in listed.text
        assert "PRIVATE" not in listed.text
        assert {one["id"] for one in listed.json()["items"]} >= {"2026-11", "2025-01"}
        again = await admin.put("/v1/admin/signing-keys/2025-01", json=shared)
        assert (again.status_code, again.json()["code"]) == (409, "key_exists")
