"""Agents log in: by their password, so often, from pages of ours, until they log out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from argon2.exceptions import VerifyMismatchError

from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.http import app
from oncedesk.http import live as live_module
from oncedesk.http.auth import passwords, sessions
from oncedesk.http.auth.principals import Kind
from oncedesk.storage.access.sessions import Session
from tests.http.test_live import QUEUE, skill_of, stream
from tests.support.engines import Outside, contact
from tests.support.served import PASSWORD, Served, served

SESSION = "/v1/desk/session"


@pytest.fixture(autouse=True)
def _no_attempt_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten at once as ever, but none more while a busy machine looks at passwords."""
    monkeypatch.setattr(app, "LOGIN_ATTEMPTS_PER_SECOND", app.LOGIN_ATTEMPTS_PER_SECOND / 1_000)
    monkeypatch.setattr(app, "LOGIN_BURST_SECONDS", app.LOGIN_BURST_SECONDS * 1_000)


async def log_in(service: Served, name: str, password: str, **headers: str) -> httpx.Response:
    client = await service.client(**headers)
    return await client.post(SESSION, json={"name": name, "password": password})


async def test_a_wrong_name_is_answered_like_a_wrong_password(url: str) -> None:
    async with served(url) as service, Outside(url) as outside:
        agent = uuid4()
        await service.agent(agent=agent)
        wrong = await log_in(service, f"{agent}@example.com", "wrong password")
        nobody = await log_in(service, "nobody@example.com", "wrong password")
        assert wrong.status_code == nobody.status_code == 401
        assert wrong.text == nobody.text
        assert wrong.json()["code"] == "login_failed"
        assert await outside.value("SELECT count(*) FROM session") == 1


@pytest.mark.parametrize("name", ["a\0b", "two\nlines", "", "x" * 201])
async def test_what_can_be_no_name_is_malformed(url: str, name: str) -> None:
    async with served(url) as service:
        refused = await log_in(service, name, PASSWORD)
        assert (refused.status_code, refused.json()["field"]) == (422, "name")


async def test_a_name_that_is_not_there_takes_as_much_work(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    fits = passwords._fits

    def counted(password: str, hashed: str) -> bool:
        checked.append(hashed)
        return fits(password, hashed)

    monkeypatch.setattr(passwords, "_fits", counted)
    async with served(url) as service:
        await log_in(service, "nobody@example.com", PASSWORD)
    (hashed,) = checked
    assert hashed.startswith("$argon2id$v=19$m=65536,")
    assert not passwords._hasher.check_needs_rehash(hashed)
    with pytest.raises(VerifyMismatchError):
        passwords._hasher.verify(hashed, PASSWORD)


async def test_a_disabled_login_lets_nobody_in(url: str) -> None:
    async with served(url) as service:
        agent = uuid4()
        await service.agent(agent=agent)
        name = f"{agent}@example.com"
        now = service.parts.engine.clock()
        await service.parts.access.logins.disable(name, by="tests", at=now)
        refused = await log_in(service, name, PASSWORD)
        assert (refused.status_code, refused.json()["code"]) == (401, "login_failed")


async def test_a_name_is_tried_so_often(url: str) -> None:
    async with served(url, rate_stranger=1e5) as service:
        agent = uuid4()
        await service.agent(agent=agent)
        name = f"{agent}@example.com"
        found = [(await log_in(service, name, "wrong password")).status_code for _ in range(12)]
        assert found == [401] * 10 + [429] * 2
        # Not even the right one, for a while.
        refused = await log_in(service, name.upper(), PASSWORD)
        assert refused.json()["code"] == "too_many_attempts"
        assert int(refused.headers["retry-after"]) >= 1


async def test_a_stranger_keeps_nobody_out_where_they_came_in_before(url: str) -> None:
    async with served(url, rate_stranger=1e5, proxies=1) as service:
        agent = uuid4()
        await service.agent(agent=agent)
        name = f"{agent}@example.com"

        async def tries(password: str, address: str) -> int:
            place = {"x-forwarded-for": address}
            return (await log_in(service, name, password, **place)).status_code

        assert await tries(PASSWORD, "192.0.2.1") == 200
        found = [await tries("wrong password", "198.51.100.7") for _ in range(12)]
        assert found == [401] * 10 + [429] * 2
        assert await tries(PASSWORD, "203.0.113.5") == 429, "nobody knows who that is"
        assert await tries(PASSWORD, "192.0.2.1") == 200
        found = [await tries("wrong password", "192.0.2.1") for _ in range(12)]
        assert found == [401] * 10 + [429] * 2, "there it is not tried without end either"


async def test_right_passwords_are_not_counted(url: str) -> None:
    async with served(url, rate_stranger=1e5) as service:
        agent = uuid4()
        await service.agent(agent=agent)
        for _ in range(12):
            assert (await log_in(service, f"{agent}@example.com", PASSWORD)).status_code == 200


async def test_an_office_behind_one_address_comes_in_all_at_once(url: str) -> None:
    async with served(url, rate_stranger=1e5) as service:
        agents = [uuid4() for _ in range(15)]
        for agent in agents:
            await service.agent(agent=agent)
        answers = await asyncio.gather(
            *(log_in(service, f"{agent}@example.com", PASSWORD) for agent in agents)
        )
        assert [answer.status_code for answer in answers] == [200] * 15


async def test_as_many_guesses_at_once_as_one_after_the_other(url: str) -> None:
    async with served(url, rate_stranger=1e5) as service:
        answers = await asyncio.gather(
            *(log_in(service, f"{number}@example.com", "wrong password") for number in range(25))
        )
        found = sorted(answer.status_code for answer in answers)
        assert found == [401] * 10 + [429] * 15


async def test_what_was_not_looked_at_is_not_counted(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with served(url, rate_stranger=1e5) as service:
        agent = uuid4()
        await service.agent(agent=agent)
        name = f"{agent}@example.com"
        with monkeypatch.context() as busy:
            busy.setattr(passwords, "WAITING_MAX", 0)
            found = [(await log_in(service, name, PASSWORD)).status_code for _ in range(12)]
        assert found == [503] * 12
        assert (await log_in(service, name, PASSWORD)).status_code == 200


async def test_an_address_is_tried_so_often_whatever_the_name(url: str) -> None:
    async with served(url, rate_stranger=1e5, proxies=1) as service:
        for number in range(10):
            answer = await log_in(service, f"{number}@example.com", "x", **{"x-forwarded-for": "1"})
            assert answer.status_code == 401
        refused = await log_in(service, "x@example.com", "x", **{"x-forwarded-for": "9, 1"})
        assert refused.status_code == 429
        other = await log_in(service, "y@example.com", "x", **{"x-forwarded-for": "1, 2"})
        assert other.status_code == 401


async def test_an_address_that_tries_too_often_keeps_nobody_else_out(url: str) -> None:
    async with served(url, rate_stranger=1e5, proxies=1) as service:
        agent = uuid4()
        await service.agent(agent=agent)
        name = f"{agent}@example.com"

        async def tried(who: str) -> int:
            return (await log_in(service, who, "x", **{"x-forwarded-for": "1"})).status_code

        assert [await tried("nobody@example.com") for _ in range(10)] == [401] * 10
        assert [await tried(name) for _ in range(12)] == [429] * 12
        # None of these was looked at, so none is counted: the name is its agent's still.
        assert (await log_in(service, name, PASSWORD)).status_code == 200


async def test_proxies_may_each_write_a_line_of_their_own(url: str) -> None:
    async with served(url, rate_stranger=1e5, proxies=2) as service:
        client = await service.client()

        async def tried(number: int, *lines: str) -> int:
            said = {"name": f"{number}@example.com", "password": "x"}
            seen = [("x-forwarded-for", one) for one in lines]
            return (await client.post(SESSION, json=said, headers=seen)).status_code

        assert [await tried(number, "7, 1", "9") for number in range(10)] == [401] * 10
        assert await tried(10, "8", "1", "9") == 429
        assert await tried(11, "1, 2", "9") == 401


async def test_whoever_has_a_network_of_ipv6_is_one_address(url: str) -> None:
    async with served(url, rate_stranger=1e5, proxies=1) as service:

        async def tried(number: int, address: str) -> int:
            about = {"x-forwarded-for": address}
            return (await log_in(service, f"{number}@example.com", "x", **about)).status_code

        mine = [f"2001:db8:1:2::{number:x}" for number in range(1, 11)]
        assert [await tried(number, one) for number, one in enumerate(mine)] == [401] * 10
        assert await tried(10, "2001:DB8:1:2:ffff::1") == 429
        assert await tried(11, "2001:db8:1:3::1") == 401
        # Those that are written so but are not of IPv6 are one each, and so is what is no address.
        for number, one in enumerate(["::ffff:192.0.2.1", "::ffff:192.0.2.2", "[::1]:80"]):
            assert await tried(20 + number, one) == 401


@pytest.mark.parametrize("written", ["192.0.2.1:{}", "[2001:db8:1:2::1]:{}"])
async def test_a_proxy_may_write_the_port_too(url: str, written: str) -> None:
    """Every connection has another one, and a stranger comes by as many as they like."""
    async with served(url, rate_stranger=1e5, proxies=1) as service:

        async def tried(number: int, address: str) -> int:
            about = {"x-forwarded-for": address}
            return (await log_in(service, f"{number}@example.com", "x", **about)).status_code

        ports = range(50_000, 50_010)
        found = [await tried(port, written.format(port)) for port in ports]
        assert found == [401] * 10
        alone = written.removesuffix(":{}").strip("[]")
        assert await tried(0, written.format(50_010)) == await tried(1, alone) == 429


async def test_behind_https_the_cookie_goes_over_https_only(url: str) -> None:
    async with served(url, public_url="https://desk.example") as service:
        client = await service.agent(PLATFORM)
        # So over plain HTTP this client does not send it back.
        assert (await client.get(SESSION)).json()["code"] == "credentials_missing"


async def test_an_address_may_be_written_otherwise_than_browsers_write_it(url: str) -> None:
    async with served(url, public_url="http://Desk.Example:80") as service:
        client = await service.agent(PLATFORM)
        client.headers["Origin"] = "http://desk.example"
        said = await client.put("/v1/desk/me/presence", json={"presence": "available"})
        assert said.status_code == 200, said.text
        client.headers["Origin"] = "https://desk.example"
        refused = await client.put("/v1/desk/me/presence", json={"presence": "away"})
        assert refused.json()["code"] == "origin_foreign"


async def test_what_the_cookie_says(url: str) -> None:
    async with served(url) as service:
        agent = uuid4()
        await service.agent(PLATFORM, agent=agent)
        answer = await log_in(service, f"{agent}@example.com", PASSWORD)
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("oncedesk_agent=ods_")
        assert {"HttpOnly", "SameSite=Lax", "Path=/v1"} <= set(cookie.split("; "))
        assert "Secure" not in cookie
        said = answer.json()
        assert said["agent"] == str(agent)
        assert said["role"] == "agent"
        assert said["desks"] == ["platform"]
        assert answer.headers["cache-control"] == "no-store"


async def test_a_command_needs_the_pages_own_token(url: str) -> None:
    async with served(url) as service:
        client = await service.agent(PLATFORM)
        right = client.headers["x-csrf-token"]
        other = (await service.agent(PLATFORM)).headers["x-csrf-token"]
        before = await service.journal()
        for wrong in ("", "00", "zz", other, right[:-2]):
            client.headers["x-csrf-token"] = wrong
            refused = await client.put("/v1/desk/me/presence", json={"presence": "available"})
            assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
        assert await service.journal() == before
        client.headers["x-csrf-token"] = right
        done = await client.put("/v1/desk/me/presence", json={"presence": "available"})
        assert done.status_code == 200


async def test_another_sites_page_is_refused(url: str) -> None:
    async with served(url) as service:
        client = await service.agent(PLATFORM)
        presence: dict[str, Any] = {"json": {"presence": "available"}}
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            refused = await client.put("/v1/desk/me/presence", headers=headers, **presence)
            assert (refused.status_code, refused.json()["code"]) == (403, "origin_foreign")
            entered = await log_in(service, "x", "y", **headers)
            assert (entered.status_code, entered.json()["code"]) == (403, "origin_foreign")
        ours = {"Origin": service.url, "Sec-Fetch-Site": "same-origin"}
        assert (
            await client.put("/v1/desk/me/presence", headers=ours, **presence)
        ).status_code == 200


async def test_a_new_password_ends_the_other_sessions(url: str) -> None:
    async with served(url) as service, Outside(url) as outside:
        agent = uuid4()
        client = await service.agent(agent=agent)
        await service.log_in(f"{agent}@example.com")
        path = f"{SESSION}/password"
        refused = await client.put(path, json={"old": "wrong", "new": "a new good password"})
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
        weak = await client.put(path, json={"old": PASSWORD, "new": "short"})
        assert (weak.status_code, weak.json()["code"]) == (422, "password_weak")
        live = "SELECT count(*) FROM session WHERE ended_at IS NULL"
        assert await outside.value(live) == 2
        done = await client.put(path, json={"old": PASSWORD, "new": "a new good password"})
        assert done.status_code == 204
        assert await outside.value(live) == 1
        assert (await client.get(SESSION)).status_code == 200
        assert (await log_in(service, f"{agent}@example.com", PASSWORD)).status_code == 401


@asynccontextmanager
async def compared(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[asyncio.Event]:
    """Set once a password was compared; whoever gave it waits until this block ends."""
    fits, done, go_on = passwords.Passwords.fits, asyncio.Event(), asyncio.Event()

    async def slowly(self: Any, password: str, hashed: str | None) -> bool:
        found = await fits(self, password, hashed)
        done.set()
        await go_on.wait()
        return found

    with monkeypatch.context() as patched:
        patched.setattr(passwords.Passwords, "fits", slowly)
        try:
            yield done
        finally:
            go_on.set()


@pytest.mark.parametrize("change", ["password", "disabling"])
async def test_a_log_in_under_way_does_not_outlive_what_ends_the_sessions(
    url: str, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    async with served(url) as service:
        agent = uuid4()
        await service.agent(PLATFORM, agent=agent)
        admin, late = await service.agent(role=Kind.ADMIN), await service.client()
        name = f"{agent}@example.com"
        path = f"/v1/admin/logins/{name}"
        async with compared(monkeypatch) as done:
            under_way = asyncio.create_task(
                late.post(SESSION, json={"name": name, "password": PASSWORD})
            )
            await done.wait()
            changed = await (
                admin.put(f"{path}/password", json={"password": "another battery staple"})
                if change == "password"
                else admin.post(f"{path}/disabling")
            )
            assert changed.status_code == 204, changed.text
        answer = await under_way
        assert (answer.status_code, answer.json()["code"]) == (401, "login_failed")
        assert "set-cookie" not in answer.headers
        assert (await late.get(SESSION)).status_code == 401


async def test_a_password_that_was_set_meanwhile_stands(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with served(url) as service:
        agent = uuid4()
        client = await service.agent(PLATFORM, agent=agent)
        admin = await service.agent(role=Kind.ADMIN)
        name, new = f"{agent}@example.com", "another battery staple"
        async with compared(monkeypatch) as done:
            under_way = asyncio.create_task(
                client.put(f"{SESSION}/password", json={"old": PASSWORD, "new": "the old ones own"})
            )
            await done.wait()
            path = f"/v1/admin/logins/{name}/password"
            assert (await admin.put(path, json={"password": new})).status_code == 204
        answer = await under_way
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
        assert (await log_in(service, name, new)).status_code == 200


async def test_a_session_ends_by_itself(url: str) -> None:
    async with served(url) as service:
        await service.agent(PLATFORM)
        now = service.parts.engine.clock()
        found = sessions._over
        begun = Session(
            hash=b"x",
            kind="agent",
            party=uuid4(),
            created_at=now,
            seen_at=now,
            expires_at=now + sessions.AGENT_LONGEST,
        )
        assert not found(begun, now + sessions.AGENT_IDLE - timedelta(seconds=1))
        assert found(begun, now + sessions.AGENT_IDLE)
        assert found(begun, now + sessions.AGENT_LONGEST)


async def test_a_page_that_was_left_open_does_not_keep_its_agent_logged_in(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "SEEN_NOTED_EACH", timedelta(0))
    monkeypatch.setattr(live_module, "HEARTBEAT_SECONDS", 0.1)
    async with served(url) as service, Outside(url) as outside:
        told = contact(1)
        await service.parts.engine.submit(told, principal="tests", key="1", actor=MARKETPLACE)
        skill = await skill_of(service)
        agent = await service.agent(PLATFORM)
        seen = "SELECT seen_at FROM session"
        before = await outside.value(seen)
        async with stream(agent, QUEUE, desk="platform", skill=skill) as live:
            await live.until("snapshot")
            case = f"/v1/desk/cases/{told.consumer}/{told.target().id}/1"
            for path, body in (
                ("/v1/desk/me/seen", None),
                (f"{case}/attending", {"doing": "looking", "audience": "internal"}),
            ):
                beat = await agent.post(path, json=body)
                assert beat.is_success, beat.text
            for _ in range(3):
                await live.line()
            left = await agent.get(SESSION, headers={"Oncedesk-Unattended": "1"})
            assert left.status_code == 200
            assert await outside.value(seen) == before
            assert (await agent.get(SESSION)).status_code == 200
            assert await outside.value(seen) > before
            await outside.run("UPDATE session SET seen_at = seen_at - interval '1 hour'")
            assert (await live.until("ended"))["code"] == "session_ended"
        assert (await agent.post("/v1/desk/me/seen")).status_code == 401


async def test_no_secret_is_logged(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    async with served(url, log_format="console") as service:
        agent = uuid4()
        client = await service.agent(PLATFORM, agent=agent)
        machine = await service.machine()
        person = await service.consumer(uuid4())
        await log_in(service, f"{agent}@example.com", "a wrong secret")
        await person.post("/v1/help/contacts", json={"subject": {"kind": "none"}, "text": "Hush"})
        await machine.get(f"/v1/marketplace/consumers/{uuid4()}/orders")
        held = [
            client.cookies["oncedesk_agent"],
            client.headers["x-csrf-token"],
            machine.headers["authorization"].split()[1],
            person.headers["authorization"].split()[1],
        ]
    logged = "".join(capsys.readouterr())
    assert "/v1/help/contacts" in logged
    assert "command_id" in logged
    for secret in (*held, PASSWORD, "a wrong secret", "Hush", f"{agent}@example.com"):
        assert secret not in logged
