"""What is kept about somebody, over HTTP: copied for whoever may have it, erased, held."""

from typing import Any
from uuid import uuid4

import httpx

from oncedesk.domain.remedies.messages.promising import CompensateBreach
from oncedesk.domain.remedies.words import CaseLink
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.engine.running import utc_now
from oncedesk.http.auth.principals import Scope
from tests.engine.test_personal_data import tables_with
from tests.http.test_contacts import contact
from tests.http.test_remedies import CANCEL, bought, desks, mine, said
from tests.http.world import MERCHANTS_ISSUE, PLATFORMS_ISSUE, World, the_world
from tests.support.engines import Outside
from tests.support.served import PASSWORD

NOTE = "She sounds like the one of last week"
FILE_NUMBER = {"reason": "court/2026-17"}


async def done(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()


async def a_note(world: World) -> None:
    """The desk says something of the consumer that is not for them."""
    said = {"audience": "internal", "text": NOTE}
    await done(await world.clients["agent"].post(f"{world.case_path}/1/messages", json=said))


def texts(copy: Any) -> list[str | None]:
    return [one["text"] for one in copy["messages"]]


async def test_each_gets_the_copy_that_is_theirs(url: str) -> None:
    async with the_world(url) as world:
        await a_note(world)
        theirs = f"/v1/marketplace/consumers/{world.consumer}/export"
        whole = f"/v1/admin/consumers/{world.consumer}/export"
        mine = await world.clients["owner"].get("/v1/help/export")
        assert mine.headers["cache-control"] == "no-store"
        own = await done(mine)
        assert own["consumer"] == str(world.consumer)
        assert texts(own) == ["Where is it?"] * 2
        assert {one["kind"] for one in own["states"]} == {"conversation", "order", "remedies"}
        assert own["attachments"] == []
        (talk,) = [one["content"] for one in own["states"] if one["kind"] == "conversation"]
        assert [case["issue"] for case in talk["cases"]] == [MERCHANTS_ISSUE, PLATFORMS_ISSUE]
        assert str(world.agent) not in mine.text
        handed_over = await world.clients["machine"].get(theirs)
        assert handed_over.headers["cache-control"] == "no-store"
        assert await done(handed_over) == own
        full = await done(await world.clients["admin"].get(whole))
        assert texts(full) == ["Where is it?", "Where is it?", NOTE]
        other = await done(await world.clients["stranger"].get("/v1/help/export"))
        assert (other["states"], other["messages"]) == ([], [])
        key = await world.service.machine(Scope.ADMIN)
        refused = await key.get(whole)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


async def test_a_copy_lists_what_moved_in_the_consumers_accounts(url: str) -> None:
    async with bought(url) as world:
        owner = world.clients["owner"]
        await said(owner, mine(world), {"wish": CANCEL})
        key = {"Idempotency-Key": "sent"}
        path = f"/v1/marketplace/consumers/{world.consumer}/orders/{world.order}/remedies/1"
        told = {"amount_minor": 9_900, "currency": "CNY", "sent_at": utc_now().isoformat()}
        confirmed = await world.clients["machine"].post(
            f"{path}/refunds/1/confirmation", json=told, headers=key
        )
        assert confirmed.status_code == 200, confirmed.text
        copy = await done(await owner.get("/v1/help/export"))
        order = [one for one in copy["postings"] if one["order"] == str(world.order)]
        # What the order has cost, and what has gone back.
        assert [(one["account"], one["phase"], one["minor"]) for one in order] == [
            ("consumer", "posted", -9_900),
            ("consumer", "posted", 9_900),
        ]
        assert str(world.merchant) not in str(
            [one["content"].get("books") for one in copy["states"] if one["kind"] == "remedies"]
        )
        other = await done(await world.clients["stranger"].get("/v1/help/export"))
        assert other["postings"] == []


async def test_a_consumers_copy_names_no_agent_who_gave_something(url: str) -> None:
    async with bought(url) as world:
        giver = uuid4()
        platform = await world.service.agent(PLATFORM, agent=giver)
        case = {"conversation": str(world.conversation), "case": 2}
        give = desks(world).removesuffix("/remedies") + "/goodwill"
        # The last of them needs a second person, who is nobody that had a part in the others.
        for minor in (9_900, 9_900, 400):
            wish = {"kind": "compensation", "reason": "apology", "part": 1}
            wish |= {"currency": "CNY", "amount_minor": minor}
            await said(platform, give, {"wish": wish, "case": case})
            async with Outside(url) as outside:
                await outside.until("SELECT count(*) FROM reaction", 0)
        whole = await world.clients["admin"].get(f"/v1/admin/consumers/{world.consumer}/export")
        assert str(giver) in whole.text
        assert str(giver) not in (await world.clients["owner"].get("/v1/help/export")).text


async def test_a_consumers_copy_does_not_say_what_others_bear(url: str) -> None:
    async with bought(url) as world:
        command = CompensateBreach(
            consumer=world.consumer,
            order=world.order,
            part=1,
            promise=uuid4(),
            breach="late_shipping",
            case=CaseLink(world.conversation, 1),
        )
        answer = await world.service.parts.engine.submit(
            command, principal="tests", key="breach", actor=SYSTEM
        )
        assert answer.accepted, answer
        copy = await done(await world.clients["owner"].get("/v1/help/export"))
        (book,) = [
            one["content"]
            for one in copy["states"]
            if one["kind"] == "remedies" and one["content"]["order"] == str(world.order)
        ]
        (remedy,), (given,) = book["live"], book["compensated"]
        assert not remedy.get("shares")
        assert given["breach"] == "late_shipping"
        assert str(world.merchant) not in str(given)


async def test_nobody_asks_for_copies_all_day(url: str) -> None:
    async with the_world(url) as world:
        for _ in range(3):
            await done(await world.clients["owner"].get("/v1/help/export"))
        refused = await world.clients["owner"].get("/v1/help/export")
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
        assert 200 < int(refused.headers["retry-after"]) <= 300
        # Nobody else has to wait for it, and nothing else.
        await done(await world.clients["stranger"].get("/v1/help/export"))
        await done(await world.clients["owner"].get("/v1/help/conversations"))


async def test_the_marketplace_has_what_somebody_wrote_erased_once(url: str) -> None:
    async with the_world(url) as world, Outside(url) as outside:
        machine = world.clients["machine"]
        path = f"/v1/marketplace/parties/{world.consumer}/erasure"
        key = {"Idempotency-Key": "gone"}
        lacks = await world.service.machine(Scope.PRIVACY_READ, Scope.PARTIES_WRITE, name="lacks")
        refused = await lacks.post(path, headers=key)
        assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
        erased = await done(await machine.post(path, headers=key))
        assert erased["events"] == ["PersonalDataErased"]
        again = await machine.post(path, headers=key)
        assert again.headers["idempotent-replayed"] == "true"
        assert (await done(again))["version"] == erased["version"]
        assert await outside.column("SELECT count(*) FROM message WHERE text IS NOT NULL") == [0]
        by = "SELECT DISTINCT actor FROM journal WHERE stream = $1"
        assert await outside.value(by, world.consumer) == "marketplace"
        copy = await done(await world.clients["owner"].get("/v1/help/export"))
        assert texts(copy) == [None, None]
        party = await done(await machine.get(f"/v1/marketplace/parties/{world.consumer}"))
        assert party["erased_at"]


async def test_a_hold_keeps_what_somebody_wrote_until_it_is_lifted(url: str) -> None:
    async with the_world(url) as world, Outside(url) as outside:
        admin, machine = world.clients["admin"], world.clients["machine"]
        party = f"/v1/admin/parties/{world.consumer}"
        unheard_of = await admin.get(f"{party}/privacy")
        assert unheard_of.status_code == 404
        held = await done(await admin.post(f"{party}/holds", json=FILE_NUMBER))
        assert held["events"] == ["HoldPlaced"]
        stands = await done(await admin.get(f"{party}/privacy"))
        assert stands == {"version": 2, "holds": [FILE_NUMBER["reason"]]}
        for client, path in (
            (admin, f"{party}/erasure"),
            (machine, f"/v1/marketplace/parties/{world.consumer}/erasure"),
        ):
            refused = await client.post(path, headers={"Idempotency-Key": "gone"})
            assert (refused.status_code, refused.json()["code"]) == (409, "legal_hold")
        kept = "SELECT count(*) FROM message WHERE text IS NOT NULL"
        assert await outside.value(kept) == 2
        await done(await admin.post(f"{party}/holds/lifting", json=FILE_NUMBER))
        await done(await admin.post(f"{party}/erasure"))
        assert await outside.value(kept) == 0
        stands = await done(await admin.get(f"{party}/privacy"))
        assert stands.keys() == {"version", "erased_at"}
        story = await done(await admin.get(f"{party}/story"))
        commands = [one["command"] for one in story["items"]]
        assert commands == ["RegisterParty", "PlaceHold", "LiftHold", "ErasePersonalData"]


async def test_what_is_held_of_a_person_is_not_overwritten(url: str) -> None:
    async with the_world(url) as world, Outside(url) as outside:
        machine, admin = world.clients["machine"], world.clients["admin"]
        path = f"/v1/marketplace/parties/{world.consumer}"
        person = {"name": "Li Lei", "phone": "13800001234"}
        known = {"kind": "consumer", "market": "cn", "person": person}
        await done(await machine.put(path, json=known, headers={"Idempotency-Key": "known"}))
        held = f"/v1/admin/parties/{world.consumer}/holds"
        await done(await admin.post(held, json=FILE_NUMBER))
        for key, told in enumerate(({}, {"person": {**person, "name": "Han Meimei"}})):
            refused = await machine.patch(path, json=told, headers={"Idempotency-Key": str(key)})
            assert (refused.status_code, refused.json()["code"]) == (409, "legal_hold")
        same = {"person": person, "language": "en"}
        await done(await machine.patch(path, json=same, headers={"Idempotency-Key": "same"}))
        kept = await outside.value("SELECT body FROM person WHERE party = $1", world.consumer)
        assert "Li Lei" in str(kept)


async def test_a_hold_is_an_admins_in_person_and_names_nobody(url: str) -> None:
    async with the_world(url) as world:
        path = f"/v1/admin/parties/{world.consumer}/holds"
        before = await world.service.journal()
        key = await world.service.machine(Scope.ADMIN)
        refused = await key.post(path, json=FILE_NUMBER, headers={"Idempotency-Key": "one"})
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
        for wrong in ("Han Meimei", "", "x" * 65):
            refused = await world.clients["admin"].post(path, json={"reason": wrong})
            assert (refused.status_code, refused.json()["field"]) == (422, "reason")
        assert await world.service.journal() == before


async def test_erasing_finds_whoever_wrote_without_being_registered(url: str) -> None:
    async with the_world(url) as world, Outside(url) as outside:
        writes, consumer = world.clients["writes"], uuid4()
        await done(
            await writes.post(
                "/v1/marketplace/contacts",
                json=contact(consumer, text="Nobody knows me"),
                headers={"Idempotency-Key": "said"},
            )
        )
        path = f"/v1/marketplace/parties/{consumer}/erasure"
        await done(await writes.post(path, headers={"Idempotency-Key": "gone"}))
        kept = "SELECT count(*) FROM message WHERE text = 'Nobody knows me'"
        assert await outside.value(kept) == 0


async def test_an_erased_agent_is_nowhere_by_name(url: str) -> None:
    async with the_world(url) as world, Outside(url) as outside:
        agent, other = uuid4(), uuid4()
        admin, name = world.clients["admin"], "han.meimei@example.com"
        logged_in = []
        for one in (agent, other):
            await world.service.register(one, PLATFORM)
            login = f"{one}@example.com" if one == other else name
            subject = f"https://id.example {login}"
            made = await admin.put(
                f"/v1/admin/logins/{login}",
                json={"agent": str(one), "password": PASSWORD, "subject": subject},
            )
            assert made.status_code == 201, made.text
            logged_in.append(await world.service.log_in(login))
        person = {"name": "Han Meimei"}
        await done(await admin.put(f"/v1/admin/agents/{agent}/person", json=person))
        await done(await admin.post(f"/v1/admin/agents/{agent}/erasure"))
        for text in ("meimei", "Meimei"):
            assert await tables_with(outside, text) == set()
        gone, stays = logged_in
        again = await gone.post("/v1/desk/session", json={"name": name, "password": PASSWORD})
        assert (again.status_code, again.json()["code"]) == (401, "login_failed")
        live = "SELECT count(*) FROM session WHERE party = $1 AND ended_at IS NULL"
        assert [await outside.value(live, one) for one in (agent, other)] == [0, 1]
        assert (await stays.get("/v1/desk/session")).status_code == 200
