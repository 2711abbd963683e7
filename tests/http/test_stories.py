"""Why something happened: the rules with their sources, and who did it by name."""

from typing import Any
from uuid import uuid4

from oncedesk.http.auth.principals import Kind
from tests.http.test_administration import done
from tests.http.world import World, the_world

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
