"""Logging in by an identity provider: one that answers over HTTP, rightly and wrongly."""

from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from joserfc.jwk import ECKey

from oncedesk.engine.running import utc_now
from oncedesk.http.auth import identity_provider as to_provider
from oncedesk.http.auth.identity_provider import IdentityProvider
from oncedesk.http.auth.principals import Kind
from oncedesk.http.auth.secrets import Seals
from oncedesk.http.problems import Refused
from oncedesk.settings import Settings
from oncedesk.storage.access.logins import Login
from tests.support.engines import Outside
from tests.support.identity_provider import SECRET, Provider, identity_provider
from tests.support.served import Served, served

BEGIN = "/v1/desk/provider"


def sent_away(answer: httpx.Response, code: str = "login_failed") -> bool:
    """Whether they are told on the page, as they read no JSON, and are nobody here."""
    told = (answer.status_code, answer.headers.get("location"))
    assert "set-cookie" not in answer.headers
    return told == (303, f"/desk?login={code}")


@asynccontextmanager
async def with_provider(url: str, **settings: Any) -> AsyncIterator[tuple[Served, Provider]]:
    async with identity_provider() as provider:
        chosen = {"oidc_issuer": provider.issuer, "oidc_client_secret": SECRET, **settings}
        async with served(url, **chosen) as service:
            yield service, provider


async def may_log_in(service: Served, provider: Provider) -> UUID:
    agent = uuid4()
    await service.register(agent)
    login = Login(
        name="li@example.com",
        agent=agent,
        role="agent",
        subject=f"{provider.issuer} {provider.subject}",
        created_at=service.parts.engine.clock(),
        created_by="tests",
    )
    assert await service.parts.access.logins.add(login)
    return agent


async def go_there(service: Served) -> tuple[httpx.AsyncClient, str]:
    """As a browser does: to us, to the provider, and where it sends us back to."""
    client = await service.client()
    begun = await client.get(BEGIN)
    assert begun.status_code == 303, begun.text
    assert begun.headers["location"].startswith("http://127.0.0.1:")
    sent_back = await client.get(begun.headers["location"])
    return client, sent_back.headers["location"]


async def test_who_has_a_log_in_for_it_is_logged_in(url: str) -> None:
    async with with_provider(url) as (service, provider):
        agent = await may_log_in(service, provider)
        client, back = await go_there(service)
        entered = await client.get(back)
        assert entered.status_code == 303, entered.text
        assert entered.headers["location"] == "/"
        session = await client.get("/v1/desk/session")
        assert session.json()["agent"] == str(agent)
        # The code is used, and its browser has nothing more to show.
        assert sent_away(await client.get(back))


async def test_a_log_in_with_a_password_is_linked_to_it_and_freed_of_it(url: str) -> None:
    async with with_provider(url) as (service, provider):
        admin, agents = await service.agent(role=Kind.ADMIN), [uuid4(), uuid4()]
        for one in agents:
            await service.agent(agent=one)
        mine, others = (f"/v1/admin/logins/{one}@example.com/subject" for one in agents)
        subject = f"{provider.issuer} {provider.subject}"
        assert (await admin.put(mine, json={"subject": subject})).status_code == 204
        client, back = await go_there(service)
        await client.get(back)
        assert (await client.get("/v1/desk/session")).json()["agent"] == str(agents[0])
        taken = await admin.put(others, json={"subject": subject})
        assert (taken.status_code, taken.json()["code"]) == (409, "login_exists")
        assert (await admin.put(mine, json={"subject": None})).status_code == 204
        client, back = await go_there(service)
        assert sent_away(await client.get(back))
        await service.log_in(f"{agents[0]}@example.com")


async def test_whoever_has_no_password_stays_linked(url: str) -> None:
    async with with_provider(url) as (service, provider):
        await may_log_in(service, provider)
        admin = await service.agent(role=Kind.ADMIN)
        refused = await admin.put("/v1/admin/logins/li@example.com/subject", json={})
        assert (refused.status_code, refused.json()["code"]) == (422, "parameter_invalid")
        client, back = await go_there(service)
        await client.get(back)
        assert (await client.get("/v1/desk/session")).status_code == 200


async def test_whoever_logs_in_elsewhere_finds_the_way_on_the_page(url: str) -> None:
    async with with_provider(url) as (service, _):
        told = await (await service.client()).get("/v1/installation")
        assert told.json()["provider"] is True


async def test_somebody_without_a_log_in_is_nobody(url: str) -> None:
    async with with_provider(url) as (service, _):
        client, back = await go_there(service)
        assert sent_away(await client.get(back))


@pytest.mark.parametrize("why", ["access_denied", "server_error&error_description=out+of+order"])
async def test_whom_the_provider_refuses_comes_back_to_the_page(url: str, why: str) -> None:
    async with with_provider(url) as (service, _), Outside(url) as outside:
        client = await service.client()
        assert sent_away(await client.get(f"{BEGIN}/return?error={why}&state=x"))
        assert sent_away(await client.get(f"{BEGIN}/return?error={why}"))
        assert sent_away(await client.get(f"{BEGIN}/return"))
        assert await outside.value("SELECT count(*) FROM session") == 0


WRONG: dict[str, dict[str, Any]] = {
    "for another": {"aud": "another"},
    "of another": {"iss": "https://evil.example"},
    "about another log-in": {"nonce": "another"},
    "expired": {"exp": 1_000_000_000},
    "for another's use": {"azp": "another"},
    "about nobody": {"sub": ""},
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_wrong_token_lets_nobody_in(url: str, wrong: str) -> None:
    async with with_provider(url) as (service, provider), Outside(url) as outside:
        await may_log_in(service, provider)
        provider.changes = WRONG[wrong]
        client, back = await go_there(service)
        assert sent_away(await client.get(back))
        assert await outside.value("SELECT count(*) FROM session") == 0


async def test_a_key_that_the_provider_has_only_now_is_looked_for(url: str) -> None:
    async with with_provider(url) as (service, provider):
        await may_log_in(service, provider)
        client, back = await go_there(service)
        assert (await client.get(back)).headers["location"] == "/"
        provider.key = ECKey.generate_key("P-256", {"kid": "new"})
        client, back = await go_there(service)
        assert (await client.get(back)).headers["location"] == "/"


async def test_a_foreign_signature_lets_nobody_in(url: str) -> None:
    async with with_provider(url) as (service, provider):
        await may_log_in(service, provider)
        provider.signs_with = ECKey.generate_key("P-256", {"kid": "p"})
        client, back = await go_there(service)
        assert sent_away(await client.get(back))


async def test_a_log_in_that_another_browser_began_is_none(url: str) -> None:
    async with with_provider(url) as (service, provider):
        await may_log_in(service, provider)
        _, back = await go_there(service)
        victim, own = await go_there(service)
        assert sent_away(await (await service.client()).get(back))
        assert sent_away(await victim.get(back))
        for other in ("x", "%C3%A9"):
            changed = own.replace("state=", f"state={other}")
            assert sent_away(await victim.get(changed))
        assert (await victim.get(own)).headers["location"] == "/"


async def test_without_a_provider_there_is_no_such_way(url: str) -> None:
    async with served(url) as service:
        client = await service.client()
        assert (await client.get(BEGIN)).status_code == 404
        back = await client.get(f"{BEGIN}/return", params={"code": "x", "state": "y"})
        assert sent_away(back)


async def test_a_provider_that_is_away_is_said_to_be(url: str) -> None:
    async with served(url, oidc_issuer="http://127.0.0.1:9/") as service:
        assert sent_away(await (await service.client()).get(BEGIN), "provider_away")


async def test_a_log_in_that_was_begun_under_an_earlier_release_lets_nobody_in() -> None:
    seals = Seals(b"secret")
    provider = IdentityProvider(Settings(home=Path("/nowhere")), seals, clock=utc_now)
    body = b'{"state":"known"}'
    held = urlsafe_b64encode(seals.mark(to_provider._PURPOSE, body) + body).decode()
    with pytest.raises(Refused) as refused:
        await provider.subject(code="1", state="known", held=held, back_to="http://here")
    assert refused.value.problem.code == "login_failed"
