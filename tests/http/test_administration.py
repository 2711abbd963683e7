"""What those do over HTTP who run the system, from the first agent to what has failed."""

import asyncio
import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import pytest

from oncedesk.domain.conversations.messages import AssignCase
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.engine.running import utc_now
from oncedesk.http.auth.principals import Kind, Scope
from oncedesk.rules.loading import PACKS_FOLDER
from oncedesk.storage.access.logins import Login
from oncedesk.storage.dispatching import PostgresDispatchView
from oncedesk.storage.health import examine_database
from tests.http.test_contacts import contact
from tests.http.world import the_world
from tests.support.engines import Outside, party
from tests.support.served import PASSWORD, QUICK, Served, served


async def admin_of(service: Served) -> httpx.AsyncClient:
    return await service.agent(role=Kind.ADMIN)


async def let_in_unknown(service: Served, name: str, agent: UUID) -> None:
    """An admin whom nobody has registered, as earlier releases let them in."""
    login = Login(
        name=name,
        agent=agent,
        role=Kind.ADMIN.value,
        password=QUICK.hash(PASSWORD),
        created_at=utc_now(),
        created_by="tests",
    )
    assert await service.parts.access.logins.add(login)


async def done(answer: httpx.Response) -> Any:
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


async def test_a_new_agent_comes_to_work(url: str) -> None:
    agent = uuid4()
    async with served(url) as service:
        admin = await admin_of(service)
        path = f"/v1/admin/agents/{agent}"
        await done(await admin.put(path, json={"capacity": 2, "person": {"name": "Han Meimei"}}))
        joined = {"desk": "platform", "role": "supervisor", "starts_at": utc_now().isoformat()}
        await done(await admin.post(f"{path}/memberships", json=joined))
        await done(await admin.put(f"{path}/skills", json={"skills": ["refunds"]}))
        soon = utc_now() + timedelta(hours=1)
        shift = {
            "starts_at": soon.isoformat(),
            "ends_at": (soon + timedelta(hours=8)).isoformat(),
            "breaks": [
                {
                    "starts_at": (soon + timedelta(hours=4)).isoformat(),
                    "ends_at": (soon + timedelta(hours=5)).isoformat(),
                }
            ],
        }
        await done(await admin.post(f"{path}/shifts", json=shift))
        login = {"agent": str(agent), "password": "a password of hers"}
        made = await done(await admin.put("/v1/admin/logins/Han@Example.com", json=login))
        assert made["name"] == "han@example.com"
        taken = await admin.put("/v1/admin/logins/han@example.com", json=login)
        assert (taken.status_code, taken.json()["code"]) == (409, "login_exists")

        hers = await service.log_in(" HAN@example.com ", "a password of hers")
        me = await done(await hers.get("/v1/desk/me"))
        assert (me["capacity"], me["skills"]) == (2, ["refunds"])
        assert [one["desk"] for one in me["memberships"]] == ["platform"]
        assert len(me["shifts"][0]["breaks"]) == 1
        await done(await hers.put("/v1/desk/me/presence", json={"presence": "available"}))
        story = await done(await admin.get(f"{path}/story"))
        assert [one["command"] for one in story["items"]][:2] == ["RegisterAgent", "JoinDesk"]
        assert "Han Meimei" not in str(story["items"])
        async with Outside(url) as outside:
            kept = await outside.value("SELECT body FROM person WHERE party = $1", agent)
        assert kept == '{"name":"Han Meimei"}'


async def test_a_desk_that_an_agent_has_left_is_no_desk_of_theirs(url: str) -> None:
    async with served(url) as service:
        admin, agent = await admin_of(service), uuid4()
        hers = await service.agent(PLATFORM, agent=agent)
        path = f"/v1/admin/agents/{agent}"
        await done(await admin.post(f"{path}/memberships/end", json={"desk": "platform"}))
        joined = {"desk": "platform", "role": "supervisor", "starts_at": utc_now().isoformat()}
        for roles in ([], ["supervisor"]):
            listed = await done(await admin.get("/v1/admin/agents"))
            (row,) = [one for one in listed["items"] if one["id"] == str(agent)]
            read, me = await done(await admin.get(path)), await done(await hers.get("/v1/desk/me"))
            for told in (row, read, me):
                assert [one["role"] for one in told["memberships"]] == roles
            if not roles:
                await done(await admin.post(f"{path}/memberships", json=joined))


async def test_the_last_admin_who_can_log_in_stays(url: str) -> None:
    async with served(url) as service:
        agents = [uuid4(), uuid4()]
        admins = [await service.agent(role=Kind.ADMIN, agent=one) for one in agents]
        paths = [f"/v1/admin/logins/{one}@example.com/disabling" for one in agents]
        # Each disables the other at once: one of them stays, or has no session any more.
        answers = await asyncio.gather(
            *(admin.post(path) for admin, path in zip(admins, reversed(paths), strict=True))
        )
        number, late = (0, 1) if answers[0].status_code == 204 else (1, 0)
        assert answers[number].status_code == 204
        assert answers[late].status_code in (401, 409)
        refused = await admins[number].post(paths[number])
        assert (refused.status_code, refused.json()["code"]) == (409, "last_admin")
        # Whose log-in would go with their personal data.
        refused = await admins[number].post(f"/v1/admin/agents/{agents[number]}/erasure")
        assert (refused.status_code, refused.json()["code"]) == (409, "last_admin")
        await done(await admins[number].post(f"/v1/admin/agents/{agents[late]}/erasure"))
        # And still administers; an agent's log-in is no admin's.
        agent = uuid4()
        await service.agent(agent=agent)
        path = f"/v1/admin/logins/{agent}@example.com/disabling"
        await done(await admins[number].post(path))


async def test_an_admin_without_a_way_in_is_nobody_who_stays(url: str) -> None:
    async with served(url) as service:
        agents = [uuid4(), uuid4()]
        admin = await service.agent(role=Kind.ADMIN, agent=agents[0])
        await done(await admin.put(f"/v1/admin/agents/{agents[1]}", json={}))
        said = {"agent": str(agents[1]), "role": "admin"}
        # The password is to follow.
        await done(await admin.put("/v1/admin/logins/successor", json=said))
        mine = f"/v1/admin/logins/{agents[0]}@example.com"
        for path, body in (("disabling", None), ("role", {"role": "agent"})):
            ask = admin.post if body is None else admin.put
            refused = await ask(f"{mine}/{path}", json=body)
            assert (refused.status_code, refused.json()["code"]) == (409, "last_admin")
        password = {"password": PASSWORD}
        await done(await admin.put("/v1/admin/logins/successor/password", json=password))
        await done(await admin.post(f"{mine}/disabling"))


async def test_an_agent_becomes_an_admin_and_an_agent_again(url: str) -> None:
    async with served(url) as service, Outside(url) as outside:
        agents = [uuid4(), uuid4()]
        admin = await service.agent(role=Kind.ADMIN, agent=agents[0])
        hers = await service.agent(PLATFORM, agent=agents[1])
        mine, name = (f"/v1/admin/logins/{one}@example.com/role" for one in agents)
        refused = await admin.put(mine, json={"role": "agent"})
        assert (refused.status_code, refused.json()["code"]) == (409, "last_admin")
        assert (await hers.put(name, json={"role": "admin"})).status_code == 403
        await done(await admin.put(name, json={"role": "agent"}))
        await done(await hers.get("/v1/desk/me"))

        await done(await admin.put(name, json={"role": "admin"}))
        hers = await service.log_in(f"{agents[1]}@example.com")
        await done(await hers.get("/v1/admin/logins"))
        await done(await admin.put(name, json={"role": "agent"}))
        left = "SELECT count(*) FROM session WHERE party = $1 AND ended_at IS NULL"
        assert await outside.value(left, agents[1]) == 0
        hers = await service.log_in(f"{agents[1]}@example.com")
        assert (await hers.get("/v1/admin/logins")).status_code == 403
        refused = await admin.put(mine, json={"role": "agent"})
        assert (refused.status_code, refused.json()["code"]) == (409, "last_admin")


@pytest.mark.parametrize(
    ("what", "body"),
    [("subject", {"subject": "https://id.example.com 7"}), ("role", {"role": "admin"})],
)
async def test_a_log_in_that_changed_by_half_ends_its_sessions_when_it_is_asked_again(
    url: str, what: str, body: dict[str, str]
) -> None:
    live = "SELECT count(*) FROM session WHERE party = $1 AND ended_at IS NULL"
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    broken = waiting.replace("count(*)", "pg_terminate_backend(pid)")
    async with served(url) as service, Outside(url) as outside:
        admin, agent = await service.agent(role=Kind.ADMIN), uuid4()
        await service.agent(PLATFORM, agent=agent)
        path = f"/v1/admin/logins/{agent}@example.com/{what}"
        await outside.run("BEGIN")
        await outside.run("SELECT FROM session WHERE party = $1 FOR UPDATE", agent)
        asked = asyncio.create_task(admin.put(path, json=body))
        await outside.until(waiting, 1)
        await outside.column(broken)
        assert (await asked).status_code == 503
        await outside.run("ROLLBACK")
        assert await outside.value(live, agent) == 1
        await done(await admin.put(path, json=body))
        assert await outside.value(live, agent) == 0


async def test_of_two_admins_who_erase_each_other_one_stays(url: str) -> None:
    async with served(url) as service:
        agents = [uuid4(), uuid4()]
        admins = [await service.agent(role=Kind.ADMIN, agent=one) for one in agents]
        paths = [f"/v1/admin/agents/{one}/erasure" for one in reversed(agents)]
        answers = await asyncio.gather(
            *(admin.post(path) for admin, path in zip(admins, paths, strict=True))
        )
        assert sorted(one.status_code == 200 for one in answers) == [False, True]
        number = [one.status_code for one in answers].index(200)
        assert answers[1 - number].status_code in (401, 409)
        (left,) = (await done(await admins[number].get("/v1/admin/logins")))["items"]
        assert (left["agent"], left.get("disabled_at")) == (str(agents[number]), None)


async def test_whom_nobody_knows_as_an_agent_can_still_log_in_when_erasing_was_refused(
    url: str,
) -> None:
    async with served(url) as service:
        admin, nobody = await admin_of(service), uuid4()
        name = f"{nobody}@example.com"
        await let_in_unknown(service, name, nobody)
        refused = await admin.post(f"/v1/admin/agents/{nobody}/erasure")
        assert (refused.status_code, refused.json()["code"]) == (404, "agent_unknown")
        await service.log_in(name)


@pytest.mark.parametrize("end", ["log_out", "disabling", "erasure"])
async def test_whoever_cannot_work_any_more_is_away(url: str, end: str) -> None:
    async with served(url) as service:
        admin, agent = await admin_of(service), uuid4()
        hers = await service.agent(PLATFORM, agent=agent)
        await done(await hers.put("/v1/desk/me/presence", json={"presence": "available"}))
        path = f"/v1/admin/agents/{agent}"
        assert (await done(await admin.get(path)))["presence"] == "available"
        match end:
            case "log_out":
                await done(await hers.delete("/v1/desk/session"))
            case "disabling":
                await done(await admin.post(f"/v1/admin/logins/{agent}@example.com/disabling"))
            case _:
                await done(await admin.post(f"{path}/erasure"))
        assert (await done(await admin.get(path)))["presence"] == "away"


@pytest.mark.parametrize("end", ["disabling", "erasure"])
async def test_nobody_counts_on_whoever_has_left(url: str, end: str) -> None:
    async with served(url) as service, asyncpg.create_pool(url, min_size=1, max_size=1) as pool:
        admin, agent = await admin_of(service), uuid4()
        desk = Desk(DeskKind.MERCHANT, party(5))
        await service.agent(desk, agent=agent)
        path, now = f"/v1/admin/agents/{agent}", utc_now()
        for day in (1, 2):
            starts_at = now + timedelta(days=day)
            shift = {
                "starts_at": starts_at.isoformat(),
                "ends_at": (starts_at + timedelta(hours=8)).isoformat(),
            }
            await done(await admin.post(f"{path}/shifts", json=shift))
        view = PostgresDispatchView(pool)
        assert [one.from_at for one in await view.staff(now=now)] == [now + timedelta(days=1)]
        if end == "disabling":
            await done(await admin.post(f"/v1/admin/logins/{agent}@example.com/disabling"))
        else:
            await done(await admin.post(f"{path}/erasure"))
        assert (await done(await admin.get(path))).get("shifts", []) == []
        left = await view.staff(now=utc_now())
        # Who was disabled may come back, and is still one of the desk.
        still = [(desk, None)] if end == "disabling" else []
        assert [(one.desk, one.from_at) for one in left] == still


async def test_whoever_is_logged_in_elsewhere_too_stays_there(url: str) -> None:
    async with served(url) as service:
        admin, agent = await admin_of(service), uuid4()
        here = await service.agent(PLATFORM, agent=agent)
        elsewhere = await service.log_in(f"{agent}@example.com")
        await done(await here.put("/v1/desk/me/presence", json={"presence": "available"}))
        for session, presence in ((here, "available"), (elsewhere, "away")):
            await done(await session.delete("/v1/desk/session"))
            found = await done(await admin.get(f"/v1/admin/agents/{agent}"))
            assert found["presence"] == presence


async def test_whoever_forgot_a_session_elsewhere_is_away(url: str) -> None:
    async with served(url) as service, Outside(url) as outside:
        admin, agent = await admin_of(service), uuid4()
        await service.agent(PLATFORM, agent=agent)
        forgotten = "UPDATE session SET seen_at = seen_at - interval '1 hour' WHERE party = $1"
        await outside.run(forgotten, agent)
        here = await service.log_in(f"{agent}@example.com")
        await done(await here.put("/v1/desk/me/presence", json={"presence": "available"}))
        await done(await here.delete("/v1/desk/session"))
        assert (await done(await admin.get(f"/v1/admin/agents/{agent}")))["presence"] == "away"


async def test_who_is_nobodys_agent_can_be_logged_out_and_disabled(url: str) -> None:
    async with served(url) as service:
        admin, agent = await admin_of(service), uuid4()
        path = "/v1/admin/logins/runs.it@example.com"
        await let_in_unknown(service, "runs.it@example.com", agent)
        other = await service.log_in("runs.it@example.com")
        await done(await other.delete("/v1/desk/session"))
        await done(await admin.post(f"{path}/disabling"))


async def test_whoever_was_erased_or_was_never_registered_gets_no_log_in(url: str) -> None:
    async with served(url) as service:
        admin, erased = await admin_of(service), uuid4()
        await service.register(erased)
        await done(await admin.post(f"/v1/admin/agents/{erased}/erasure"))
        path = "/v1/admin/logins/han@example.com"
        for agent, said in ((erased, (409, "party_erased")), (uuid4(), (404, "agent_unknown"))):
            refused = await admin.put(path, json={"agent": str(agent), "password": PASSWORD})
            assert (refused.status_code, refused.json()["code"]) == said
        assert len((await done(await admin.get("/v1/admin/logins")))["items"]) == 1
        await service.register(agent := uuid4())
        await done(await admin.put(path, json={"agent": str(agent), "password": PASSWORD}))


async def test_a_log_in_that_is_created_while_its_agent_is_erased_is_none(url: str) -> None:
    waiting = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    async with served(url) as service, Outside(url) as outside, Outside(url) as watching:
        admin, agent = await admin_of(service), uuid4()
        await service.agent(PLATFORM, agent=agent)
        # The session ends last: the erasure has deleted the log-in by then, and not committed it.
        await outside.run("BEGIN")
        await outside.value("SELECT 1 FROM session WHERE party = $1 FOR UPDATE", agent)
        erasing = asyncio.create_task(admin.post(f"/v1/admin/agents/{agent}/erasure"))
        await watching.until(waiting, 1)
        path, new = "/v1/admin/logins/han@example.com", {"agent": str(agent), "password": PASSWORD}
        creating = asyncio.create_task(admin.put(path, json=new))
        await watching.until(waiting, 2)
        await outside.run("COMMIT")
        await done(await erasing)
        assert (await creating).status_code == 409
        assert len((await done(await admin.get("/v1/admin/logins")))["items"]) == 1


async def test_the_log_in_of_one_agent_is_found_among_all(url: str) -> None:
    async with served(url) as service:
        admin, agent = await admin_of(service), uuid4()
        await service.agent(PLATFORM, agent=agent)
        path = "/v1/admin/logins"
        (one,) = (await done(await admin.get(path, params={"agent": str(agent)})))["items"]
        assert (one["agent"], one["name"]) == (str(agent), f"{agent}@example.com")
        assert (await done(await admin.get(path, params={"agent": str(uuid4())})))["items"] == []
        assert len((await done(await admin.get(path)))["items"]) == 2


async def test_what_can_be_no_name_makes_no_login(url: str) -> None:
    async with served(url) as service, Outside(url) as outside:
        admin = await admin_of(service)
        before = await outside.value("SELECT count(*) FROM login")
        login = {"agent": str(uuid4()), "password": "a password of hers"}
        for name in ("a%00b", "two%0Alines", "x" * 201, "%20", "%E3%80%80"):
            refused = await admin.put(f"/v1/admin/logins/{name}", json=login)
            assert (refused.status_code, refused.json()["code"]) == (422, "parameter_invalid")
        subject = {**login, "subject": "issuer a\0b"}
        refused = await admin.put("/v1/admin/logins/han@example.com", json=subject)
        assert (refused.status_code, refused.json()["field"]) == (422, "subject")
        assert await outside.value("SELECT count(*) FROM login") == before


async def test_a_key_that_an_admin_makes_works_and_is_revoked(url: str) -> None:
    async with served(url) as service:
        admin = await admin_of(service)
        asked = {"name": "shop", "scopes": ["contacts:write"]}
        made = await done(await admin.post("/v1/admin/keys", json=asked))
        machine = await service.client(
            **{"authorization": f"Bearer {made['token']}", "idempotency-key": "one"}
        )
        await done(await machine.post("/v1/marketplace/contacts", json=contact(uuid4())))
        listed = await done(await admin.get("/v1/admin/keys"))
        assert "token" not in str(listed)
        assert listed["items"][0]["id"] == made["id"]
        await done(await admin.post(f"/v1/admin/keys/{made['id']}/revocation"))
        again = await admin.post(f"/v1/admin/keys/{made['id']}/revocation")
        assert again.status_code == 404
        machines = await service.machine(Scope.ADMIN)
        refused = await machines.post("/v1/admin/keys", json=asked)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


async def test_log_ins_of_long_names_are_all_listed(url: str) -> None:
    async with served(url) as service, Outside(url) as outside:
        admin = await admin_of(service)
        await outside.run(
            "INSERT INTO login (name, agent, role, created_at, created_by) SELECT "
            "repeat('\u5ba2', 195) || n, gen_random_uuid(), 'agent', now(), 'tests' "
            "FROM generate_series(100, 250) n"
        )
        names = [one["name"] for one in await every(admin, "/v1/admin/logins", 2)]
        assert len(names) == len({*names}) == 152


async def test_what_cannot_be_read_any_more_stays_parked_and_says_so(url: str) -> None:
    async with served(url) as service, Outside(url) as outside:
        admin = await admin_of(service)
        await outside.run(
            "INSERT INTO parked VALUES (1, $1, 'party', $1, 'system', 'client', "
            "'\\x80', NULL, 'bug', now(), 1)",
            party(1),
        )
        await outside.run(
            "INSERT INTO reaction SELECT 1, $1, $1, 1, 0, $1, 'party', 1, '\\x80', now(), now(), "
            "'bug'",
            party(2),
        )
        for number in (1, 2):
            tried = await done(await admin.post(f"/v1/admin/parked/{party(number)}/retry"))
            assert (tried["status"], tried["code"]) == ("parked", "parked")
            assert "cannot be read" in tried["detail"]
        assert len((await done(await admin.get("/v1/admin/parked")))["items"]) == 2


async def test_a_key_that_would_be_over_is_not_made(url: str) -> None:
    async with served(url) as service:
        admin, path = await admin_of(service), "/v1/admin/keys"
        before = await done(await admin.get(path))
        asked = {"name": "shop", "scopes": ["contacts:write"]}
        over = (utc_now() - timedelta(seconds=1)).isoformat()
        refused = await admin.post(path, json={**asked, "expires_at": over})
        assert (refused.status_code, refused.json()["code"]) == (422, "time_in_past")
        assert refused.json()["field"] == "expires_at"
        assert await done(await admin.get(path)) == before


async def test_a_key_that_is_asked_for_again_is_made_once(url: str) -> None:
    """Its token went with the first answer: who did not get that puts another key in its place."""
    async with served(url) as service:
        admin, path = await admin_of(service), "/v1/admin/keys"
        asked, key = {"name": "shop", "scopes": ["contacts:write"]}, {"idempotency-key": "tap-1"}
        before = len((await done(await admin.get(path)))["items"])
        made = await done(await admin.post(path, json=asked, headers=key))
        again = await admin.post(path, json=asked, headers=key)
        assert (again.status_code, again.json()["code"]) == (409, "key_made_before")
        assert made["id"] in again.json()["detail"]
        assert len((await done(await admin.get(path)))["items"]) == before + 1
        other = await done(await admin.post(path, json=asked, headers={"idempotency-key": "tap-2"}))
        assert other["id"] != made["id"]
        await done(await admin.post(path, json=asked))
        assert len((await done(await admin.get(path)))["items"]) == before + 3


async def every(client: httpx.AsyncClient, path: str, pages: int) -> list[Any]:
    """All items of a list that has so many pages of a hundred."""
    items: list[Any] = []
    query = {"limit": "100"}
    for number in range(1, pages + 1):
        page = await done(await client.get(path, params=query))
        items += page["items"]
        assert (page["next"] is not None) is (number < pages)
        query["cursor"] = page["next"]
    return items


async def test_every_key_is_found_however_many_there_are(url: str) -> None:
    async with served(url) as service, Outside(url) as outside:
        admin = await admin_of(service)
        before = await outside.value("SELECT count(*) FROM api_key")
        await outside.run(
            "INSERT INTO api_key (id, name, hash, scopes, created_at, created_by) "
            "SELECT 'key-' || n, 'many', '', 'admin', now() - n / 2 * interval '1 day', 'tests' "
            "FROM generate_series(1, 150) n"
        )
        await outside.run(
            "INSERT INTO signing_key (id, issuer, algorithm, key, created_at, created_by) "
            "SELECT 'sign-' || n, 'tests', 'HS256', '', now() - n / 2 * interval '1 day', 'tests' "
            "FROM generate_series(1, 150) n"
        )
        keys = [one["id"] for one in await every(admin, "/v1/admin/keys", 2)]
        assert len(keys) == len({*keys}) == 150 + before
        signing = [one["id"] for one in await every(admin, "/v1/admin/signing-keys", 2)]
        assert len(signing) == len({*signing}) >= 150


async def test_all_that_failed_is_found_however_much_it_is(url: str) -> None:
    async with served(url) as service, Outside(url) as outside:
        admin = await admin_of(service)
        # Several failed in one moment, as a whole batch does.
        await outside.run(
            "INSERT INTO parked SELECT 1, gen_random_uuid(), 'party', gen_random_uuid(), 'system',"
            " 'client', '\\x80', NULL, 'bug', now() - n / 7 * interval '1 s', 1"
            " FROM generate_series(1, 150) n"
        )
        await outside.run(
            "INSERT INTO reaction SELECT 1, gen_random_uuid(), gen_random_uuid(), 1, 0,"
            " gen_random_uuid(), 'party', 1, '\\x80', now(), now() - n / 7 * interval '1 s', 'bug'"
            " FROM generate_series(1, 80) n"
        )
        items = await every(admin, "/v1/admin/parked", 3)
        assert len(items) == len({one["id"] for one in items}) == 230
        assert [one["at"] for one in items] == sorted((one["at"] for one in items), reverse=True)
        assert sum(one["origin"] == "reaction" for one in items) == 80


WINDOW = re.compile(r'(key = "recontact_window_seconds"\s*\nvalue = )[\d_]+')


def files(pattern: re.Pattern[str] = WINDOW, to: str = r"\g<0>") -> dict[str, str]:
    """The rules of cn as they come along, with something replaced."""
    return {
        path.name: pattern.sub(to, path.read_text(encoding="utf-8"))
        for path in sorted((PACKS_FOLDER / "cn").glob("*.toml"))
    }


async def test_a_folder_of_rules_is_published_with_notice(url: str) -> None:
    async with served(url) as service:
        admin = await admin_of(service)
        path = "/v1/admin/markets/cn/packs"
        before = await done(await admin.get(path))
        assert [one["now"] for one in before["items"]] == [True]
        same = {"files": files(), "reason": "the same again"}
        assert (await done(await admin.post(path, json=same)))["items"][0] == before["items"][0]

        changed = {
            "files": files(re.compile("recontact_window_seconds"), "recontact_window"),
            "reason": "x",
        }
        broken = await admin.post(path, json=changed)
        assert (broken.status_code, broken.json()["code"]) == (422, "body_invalid")
        assert "recontact_window" in broken.json()["detail"]
        elsewhere = await admin.post("/v1/admin/markets/eu/packs", json=same)
        assert (elsewhere.status_code, elsewhere.json()["field"]) == (422, "files")

        shorter = {"files": files(to=r"\g<1>86400"), "reason": "a shorter window"}
        here = utc_now().astimezone(ZoneInfo("Asia/Shanghai"))
        tomorrow = (here + timedelta(days=1)).date().isoformat()
        early = await admin.post(path, json={**shorter, "first_day": tomorrow})
        assert (early.status_code, early.json()["code"]) == (409, "notice_too_short")
        planned = await done(await admin.post(path, json=shorter))
        last = planned["items"][-1]
        assert last["now"] is False
        # The doctor looks at what will hold when the holidays of the coming year are to be known.
        soon = {one.market: one.hash for one in (await examine_database(url)).packs or ()}
        assert soon["cn"] == last["pack_hash"]
        values = await done(await admin.get(f"/v1/admin/packs/{last['pack_hash']}"))
        assert values["joining"]["recontact_window_seconds"] == 86_400
        gone = await admin.post(
            f"{path}/withdrawal",
            json={
                "pack_hash": last["pack_hash"],
                "valid_from": last["valid_from"],
                "reason": "a mistake",
            },
        )
        await done(gone)
        left = await done(await admin.get(path))
        assert last["pack_hash"] not in {one["pack_hash"] for one in left["items"]}


async def test_what_has_failed_is_listed_tried_again_and_given_up(url: str) -> None:
    async with the_world(url) as world, Outside(url) as outside:
        admin = world.clients["admin"]
        parts = world.service.parts
        commands = [
            AssignCase(
                consumer=world.consumer,
                conversation=world.conversation,
                case=1,
                agent=party(number),
            )
            for number in (1, 2)
        ]
        for number, command in enumerate(commands, start=1):
            ref = command.target()
            await outside.run(
                "INSERT INTO reaction (bucket, target, source, version, number, id, kind, depth, "
                "command, at, parked_at, reason) VALUES ($1, $2, $3, 1, 0, $3, 'conversation', 1, "
                "$4, now(), now(), 'once broken')",
                ref.bucket,
                ref.id,
                party(number),
                parts.codec.encode(command),
            )
        parked = (await done(await admin.get("/v1/admin/parked")))["items"]
        assert {one["id"] for one in parked} == {str(party(1)), str(party(2))}
        assert {one["error"] for one in parked} == {"once broken"}
        tried = await done(await admin.post(f"/v1/admin/parked/{party(1)}/retry"))
        assert tried["status"] == "accepted"
        await done(await admin.post(f"/v1/admin/parked/{party(2)}/dropping"))
        for what in ("retry", "dropping"):
            gone = await admin.post(f"/v1/admin/parked/{party(2)}/{what}")
            assert gone.status_code == 404
        assert (await done(await admin.get("/v1/admin/parked")))["items"] == []


async def test_what_waits_to_leave_is_listed(url: str) -> None:
    async with served(url) as service, Outside(url) as outside:
        admin = await admin_of(service)
        for number in range(3):
            await outside.run(
                "INSERT INTO outbox "
                "(bucket, id, topic, body, at, next_at, attempts, error, stream, version, number) "
                "VALUES (1, $1, 'consumer.told', 'secret', now(), now() + $2 * interval '1 s', "
                "$2, $3, $1, 1, 0)",
                UUID(int=number + 1),
                number,
                "refused" if number else None,
            )
        every = await done(await admin.get("/v1/admin/outbox", params={"limit": 2}))
        assert [one["attempts"] for one in every["items"]] == [0, 1]
        more = await done(await admin.get("/v1/admin/outbox", params={"cursor": every["next"]}))
        assert [one["error"] for one in more["items"]] == ["refused"]
        failed = await done(await admin.get("/v1/admin/outbox", params={"only": "failed"}))
        assert [one["attempts"] for one in failed["items"]] == [1, 2]
        assert "secret" not in str(every)


async def test_it_would_be_decided_the_same_again(url: str) -> None:
    async with the_world(url) as world, Outside(url) as outside:
        admin = world.clients["admin"]
        mine = f"/v1/admin/consumers/{world.consumer}"
        for path in (f"conversations/{world.conversation}", f"orders/{world.order}"):
            same = await done(await admin.get(f"{mine}/{path}/replay"))
            assert same["same"] is True
            assert same["commands"] >= 1
        await outside.run(
            "UPDATE state SET body = set_byte(body, 20, (get_byte(body, 20) + 1) % 256) "
            "WHERE kind = 'conversation'"
        )
        other = await done(await admin.get(f"{mine}/conversations/{world.conversation}/replay"))
        assert other["same"] is False
        assert other["differences"][0]["what"] == "the rebuilt state differs"


async def test_accounts_close_to_an_agent_are_told_to_those_who_run_it_only(url: str) -> None:
    consumer = uuid4()
    async with the_world(url) as world:
        admin, path = world.clients["admin"], f"/v1/admin/agents/{world.agent}"
        await done(await admin.put(f"{path}/accounts", json={"consumers": [str(consumer)]}))
        assert (await done(await admin.get(path)))["linked"] == [str(consumer)]
        for answer in (
            await admin.get("/v1/desk/team", params={"desk": str(world.desk)}),
            await world.clients["agent"].get("/v1/desk/me"),
        ):
            assert answer.status_code == 200, answer.text
            assert str(world.agent) in answer.text
            assert str(consumer) not in answer.text
