"""A consumer's token: signed by the marketplace, for a short time, for us, and good for once."""

import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from joserfc.jwk import OctKey, OKPKey

from tests.support.engines import Outside
from tests.support.served import ISSUER, SHARED, SIGNS, Served, served, token

SESSION = "/v1/help/session"


async def exchange(service: Served, signed: str, **more: Any) -> Any:
    client = await service.client()
    return await client.post(SESSION, json={"token": signed, **more})


async def test_a_token_counts_once(url: str) -> None:
    consumer = uuid4()
    async with served(url) as service:
        signed = token(consumer)
        first = await exchange(service, signed)
        assert first.status_code == 200
        assert first.json()["consumer"] == str(consumer)
        assert first.headers["cache-control"] == "no-store"
        second = await exchange(service, signed)
        assert second.status_code == 401
        assert second.json()["code"] == "token_replayed"
        # Somebody else may have signed the same number.
        other = token(consumer, jti="12345678", iss=ISSUER)
        assert (await exchange(service, other)).status_code == 200
        assert (await exchange(service, token(consumer, jti="12345678"))).status_code == 401


async def test_a_token_is_good_until_a_session_began_by_it(url: str) -> None:
    async with served(url) as service, Outside(url) as outside:
        signed = token(uuid4())
        await outside.run("ALTER TABLE session ADD CHECK (false) NOT VALID")
        assert (await exchange(service, signed)).status_code == 422
        await outside.run("ALTER TABLE session DROP CONSTRAINT session_check")
        first, second = [await exchange(service, signed) for _ in range(2)]
        assert (first.status_code, second.status_code) == (200, 401)


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ({"alg": "Ed25519", "kid": "ed"}, SIGNS),
        ({"alg": "EdDSA", "kid": "old"}, SIGNS),
        ({"alg": "HS256", "kid": "hs"}, SHARED),
    ],
)
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
async def test_each_kind_of_key_signs(url: str, header: Any, key: Any) -> None:
    async with served(url) as service:
        assert (await exchange(service, token(uuid4(), header=header, key=key))).status_code == 200


# Spans are counted from when the token is signed.
WRONG: dict[str, dict[str, Any]] = {
    "nothing signed": {"raw": "no token"},
    "no signature": {"raw": "eyJhbGciOiJub25lIiwia2lkIjoiZWQifQ.e30."},
    "expired": {"iat": timedelta(seconds=-900), "exp": timedelta(seconds=-100)},
    "not yet": {"iat": timedelta(seconds=300), "exp": timedelta(seconds=600)},
    "not before": {"nbf": timedelta(seconds=300)},
    "for too long": {"exp": timedelta(seconds=3600)},
    "backwards": {"iat": timedelta(seconds=10), "exp": timedelta(seconds=5)},
    "for somebody else": {"aud": "another"},
    "by somebody else": {"iss": "https://evil.example"},
    "about nobody": {"sub": "me"},
    "without a number": {"jti": None},
    "without an end": {"exp": None},
    "without a beginning": {"iat": None},
    "with a text for a time": {"exp": "soon"},
    "by another's key": {"key": OKPKey.generate_key("Ed25519")},
    "by a key nobody knows": {"header": {"alg": "Ed25519", "kid": "none"}},
    "by what cannot be a key's name": {"header": {"alg": "Ed25519", "kid": "a\0b"}},
    "by what is no text": {"header": {"alg": "Ed25519", "kid": "\ud800"}},
    "without a key's name": {"header": {"alg": "Ed25519"}},
    # The public key is no secret: who signs with it as if it were one must not get in.
    "by confusion of algorithms": {
        "header": {"alg": "HS256", "kid": "ed"},
        "key": OctKey.import_key(str(SIGNS.as_dict(private=False)["x"])),
    },
    "by another shared secret": {
        "header": {"alg": "HS256", "kid": "hs"},
        "key": OctKey.generate_key(256),
    },
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_lets_nobody_in(url: str, wrong: str) -> None:
    claims = WRONG[wrong]
    async with served(url) as service, Outside(url) as outside:
        now = int(time.time())
        told = {
            name: now + int(value.total_seconds()) if isinstance(value, timedelta) else value
            for name, value in claims.items()
            if name != "raw"
        }
        signed = claims.get("raw") or token(uuid4(), **told)
        refused = await exchange(service, signed)
        assert refused.status_code == 401, refused.text
        assert refused.json()["code"] == "token_invalid"
        assert await outside.value("SELECT count(*) FROM session") == 0
        assert await outside.value("SELECT count(*) FROM used_token") == 0


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
async def test_says_what_the_key_was_registered_for(url: str) -> None:
    async with served(url) as service:
        header = {"alg": "EdDSA", "kid": "ed"}
        refused = await exchange(service, token(uuid4(), header=header))
        assert refused.json()["detail"] == "alg: Ed25519, as the key was registered"


async def test_a_revoked_signing_key_signs_no_longer(url: str) -> None:
    async with served(url) as service:
        keys = service.parts.access.keys
        assert await keys.revoke_signing("ed", by="tests", at=service.parts.engine.clock())
        assert (await exchange(service, token(uuid4()))).json()["code"] == "token_invalid"


async def test_a_cookie_needs_the_pages_own_token(url: str) -> None:
    async with served(url) as service:
        client = await service.client()
        begun = await client.post(SESSION, json={"token": token(uuid4()), "hold": "cookie"})
        assert "token" not in begun.json()
        cookie = begun.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        said = {"subject": {"kind": "none"}, "text": "Hello"}
        forged = await client.post("/v1/help/contacts", json=said)
        assert (forged.status_code, forged.json()["code"]) == (403, "csrf_failed")
        csrf = {"X-CSRF-Token": begun.json()["csrf_token"]}
        again = await client.get(SESSION)
        assert again.json()["csrf_token"] == csrf["X-CSRF-Token"]
        assert (await client.post("/v1/help/contacts", json=said, headers=csrf)).status_code == 200


async def test_the_market_is_the_tokens_and_not_the_consumers(url: str) -> None:
    async with served(url) as service:
        person = await service.consumer(uuid4(), market="eu")
        said = {"subject": {"kind": "none"}, "text": "Hello"}
        answer = await person.post("/v1/help/contacts", json={**said, "market": "cn"})
        assert answer.json()["field"] == "market"
        await person.post("/v1/help/contacts", json=said)
        async with Outside(url) as outside:
            assert await outside.value("SELECT market FROM session") == "eu"


async def test_one_kind_of_session_is_none_of_the_other(url: str) -> None:
    async with served(url) as service:
        person, agent = await service.consumer(uuid4()), await service.agent()
        held = person.headers["authorization"]
        assert (await agent.get("/v1/help/session")).status_code == 401
        assert (await person.get("/v1/desk/session")).status_code == 401
        disguised = await service.client(authorization=held.replace("odc_", "ods_"))
        assert (await disguised.get("/v1/desk/session")).json()["code"] == "session_ended"
