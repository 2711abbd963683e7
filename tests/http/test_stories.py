"""Why something happened: the rules with their sources, and who did it by name."""

from pathlib import Path
from typing import Any
from uuid import uuid4

from oncedesk.domain.conversations.messages import AssignCase
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.domain.shared.refs import Kind as StateKind
from oncedesk.http.auth.principals import Kind
from tests.http.test_administration import done
from tests.http.test_attachments import brought, file_of, says
from tests.http.test_every_route import ROUTES
from tests.http.test_scope import texts
from tests.http.world import World, open_desk, the_world

NAME = "韩梅梅"


async def named(world: World, agent: Any) -> None:
    admin = world.clients["admin"]
    told = await admin.put(f"/v1/admin/agents/{agent}/person", json={"name": NAME})
    assert told.is_success, told.text


async def test_a_story_names_its_rules_with_their_sources_and_its_people(url: str) -> None:
    async with the_world(url) as world:
        await named(world, world.agent)
        agent, admin = world.clients["agent"], world.clients["admin"]
        words = {"audience": "consumer", "text": "Good day"}
        await done(await agent.post(f"{world.case_path}/1/messages", json=words))
        story = await done(await admin.get(f"{world.case_path}/story"))
        assert story["agents"] == [{"id": str(world.agent), "name": NAME}]
        cited = {one["rule"]: one for one in story["rules"]}
        assert set(cited) == {rule for item in story["items"] for rule in item["basis"]}
        issue = next(one for one in cited.values() if one["table"] == "issue")
        assert issue["key"] == "late_delivery"
        assert len(issue["origin"]["source"]) >= 8

        # A colleague of another desk's is not told who that is, nor is one of the same desk.
        theirs = await done(await agent.get(f"{world.case_path}/story"))
        assert theirs["agents"] == [{"id": str(world.agent), "name": NAME}]
        mate = await world.service.agent(world.desk, agent=uuid4())
        seen = await done(await mate.get(f"{world.case_path}/story"))
        assert seen["agents"] == [{"id": str(world.agent), "name": "韩**"}]


async def test_every_kind_of_state_has_a_story(url: str) -> None:
    kinds = {kind.value for kind in StateKind} - {"evidence", "rulebook"} | {"market"}
    async with the_world(url) as world:
        described = await done(await world.clients["nobody"].get("/openapi/openapi.json"))
        told = {
            one["operationId"].removeprefix("read").removesuffix("Story").lower()
            for methods in described["paths"].values()
            for one in methods.values()
            if one["operationId"].endswith("Story")
        }
        assert kinds <= told


async def test_who_changed_money_or_a_listing_is_told(url: str) -> None:
    async with the_world(url) as world:
        admin, machine = world.clients["admin"], world.clients["machine"]
        listing = f"/merchants/{world.merchant}/listings/{uuid4()}"
        budget = "/markets/cn/budgets/assurance/CNY"
        wallet = f"/consumers/{world.consumer}/wallet"
        account = f"/parties/{world.merchant}"
        told = (
            ("TellFunds", "tellFunds", account + "/accounts/CNY", "PUT", account + "/funds/CNY"),
            ("AddMethod", "addMethod", wallet, "POST", wallet + "/methods"),
            ("DescribeListing", "describeListing", listing, "PUT", listing),
        )
        for command, operation, of, verb, path in told:
            story = f"/v1/admin{of}/story"
            assert (await admin.get(story)).status_code == 404
            body, headers = ROUTES[operation].body, {"Idempotency-Key": operation}
            await done(
                await machine.request(verb, f"/v1/marketplace{path}", json=body, headers=headers)
            )
            items = (await done(await admin.get(story)))["items"]
            assert [(one["command"], one["by"]) for one in items] == [(command, "marketplace")]
            assert (await world.clients["agent"].get(story)).status_code == 403
        await done(await admin.put(f"/v1/admin{budget}", json={"amount_minor": 10**12}))
        last = (await done(await admin.get(f"/v1/admin{budget}/story")))["items"][-1]
        assert (last["command"], last["by"]) == ("SetBudget", "admin")
        assert (await admin.get(f"/v1/admin{budget}/story?slice=64")).status_code == 404


async def notes_told(world: World, who: str) -> list[tuple[str, str]]:
    """Of each internal note that this client's story tells, who wrote it or left it."""
    story = await done(await world.clients[who].get(f"{world.case_path}/story"))
    found = []
    for item in story["items"]:
        for event in item["events"]:
            if event.get("audience") == "internal":
                found.append(("said", item["who"]))
            elif event.get("note"):
                found.append(("left", event["agent"]))
    return found


async def test_a_note_is_its_desks_whoever_else_its_author_is(url: str, tmp_path: Path) -> None:
    creator = Desk(DeskKind.CREATOR, uuid4())
    async with the_world(url, creator=creator.party, home=tmp_path) as world:
        await open_desk(world.service, creator)
        world.clients |= {
            "mate": await world.service.agent(world.desk),
            "both": await world.service.agent(PLATFORM, world.desk),
            "guest": await world.service.agent(creator),
            "guests": await world.service.agent(creator, PLATFORM),
        }
        refers = {"desk": str(creator), "mode": "stay", "text": "What did you promise?"}
        path = f"{world.case_path}/1"
        await done(await world.clients["agent"].post(f"{path}/referral", json=refers))
        readers = {"both": ("both", "agent", "mate"), "guests": ("guests", "guest")}
        for who, mine in readers.items():
            file = await brought(world, who)
            assert (await says(world, who, file, audience="internal", text=who)).is_success
            for one in ("both", "guests", "agent", "mate", "guest", "platform"):
                reads = one in mine
                story = await done(await world.clients[one].get(f"{world.case_path}/story"))
                told = [event for item in story["items"] for event in item["events"]]
                attached = [event.get("attachments") for event in told]
                assert ([file] in attached) is reads, (who, one)
                assert (who in await texts(world, one)) is reads, (who, one)
                seen = await world.clients[one].get(file_of(world, one, file))
                assert seen.status_code == (200 if reads else 404), (who, one)


async def test_of_a_note_hears_only_who_may_read_it(url: str) -> None:
    async with the_world(url) as world:
        writer, agent, path = uuid4(), world.clients["agent"], f"{world.case_path}/1"
        world.clients["platform"] = await world.service.agent(PLATFORM, agent=writer)
        world.clients["mate"] = await world.service.agent(world.desk)
        given = AssignCase(
            consumer=world.consumer, conversation=world.conversation, case=1, agent=world.agent
        )
        answer = await world.service.parts.engine.submit(
            given, principal="tests", key="given", actor=SYSTEM
        )
        assert answer.accepted, answer
        await done(await agent.post(f"{path}/return", json={"text": "She calls again at four"}))
        note = {"audience": "internal", "text": "Fraud?", "mentions": [str(writer)]}
        call = {"direction": "outbound", "number": "13800001234", "seconds": 65}
        call |= {"text": "It never came", "audience": "internal"}
        platform = world.clients["platform"]
        await done(await platform.post(f"{path}/messages", json=note))
        await done(await agent.post(f"{path}/calls", json=call))
        merchants = [("said", str(world.agent)), ("left", str(world.agent))]
        merchants.append(merchants[0])
        platforms = [("said", str(writer))]
        for who in ("agent", "mate"):
            assert await notes_told(world, who) == merchants
        assert await notes_told(world, "platform") == platforms
        assert await notes_told(world, "admin") == [
            *merchants[:2],
            *platforms,
            *merchants[2:],
        ]
        # That it went back to the queue is told all the same.
        story = await done(await platform.get(f"{world.case_path}/story"))
        events = [event for item in story["items"] for event in item["events"]]
        (left,) = [one for one in events if one["type"] == "CaseUnassigned"]
        assert left["agent"] == str(world.agent)
        theirs = await agent.get(f"{world.case_path}/story")
        assert str(writer) not in theirs.text


async def test_a_call_stops_clocks_for_all_and_is_told_to_whom_its_note_is_for(url: str) -> None:
    async with the_world(url) as world:
        call = {"direction": "outbound", "number": "13800001234", "seconds": 65}
        call |= {"text": "It never came", "audience": "internal"}
        noted = await world.clients["agent"].post(f"{world.case_path}/1/calls", json=call)
        noted_id = (await done(noted))["command_id"]

        async def told(who: str) -> dict[str, Any]:
            story = await done(await world.clients[who].get(f"{world.case_path}/story"))
            (item,) = [one for one in story["items"] if one["command_id"] == noted_id]
            events = [event["type"] for event in item["events"]]
            return {**item, "events": events, "agents": [one["id"] for one in story["agents"]]}

        theirs, ours = await told("platform"), await told("agent")
        assert theirs["events"] == [one for one in ours["events"] if one != "MessagePosted"]
        assert "ClocksStopped" in theirs["events"]
        assert (theirs["command"], theirs["by"], theirs.get("who")) == ("", "agent", None)
        assert str(world.agent) not in theirs["agents"]
        assert (ours["command"], ours["who"]) == ("NoteCall", str(world.agent))


async def test_what_was_made_good_has_its_story(url: str) -> None:
    async with the_world(url) as world:
        admin = world.clients["admin"]
        path = f"/v1/admin/consumers/{world.consumer}"
        story = await done(await admin.get(f"{path}/orders/{world.order}/remedies/story"))
        assert story["items"][0]["command"] == "RequestRemedy"
        assert any(one["table"] == "remedy" for one in story["rules"])
        listed = await done(await admin.get(f"{path}/conversations"))
        assert [one["id"] for one in listed["items"]] == [str(world.conversation)]
        nobody = await admin.get(f"/v1/admin/consumers/{uuid4()}/orders/{uuid4()}/remedies/story")
        assert nobody.status_code == 404


async def test_an_admin_sees_agents_by_name(url: str) -> None:
    async with the_world(url) as world:
        await named(world, world.agent)
        other = await world.service.agent(role=Kind.ADMIN)
        listed = await done(await other.get("/v1/admin/agents"))
        names = {one["id"]: one.get("name", "") for one in listed["items"]}
        assert names[str(world.agent)] == NAME
        one = await done(await other.get(f"/v1/admin/agents/{world.agent}"))
        assert one["name"] == NAME
