"""The consumer rates the service in a case that is over; who works there reads it."""

from typing import Any

import httpx

from oncedesk.storage.outcomes.working_out import Outcomes
from tests.http.test_administration import done
from tests.http.test_insight import span
from tests.http.world import World, the_world

GOOD = {"score": 4, "reasons": ["solved", "quick"]}
BAD = {"score": 1, "reasons": ["not_solved"]}


async def resolve(world: World, case: int = 1, reason: str = "solved") -> None:
    agent = world.clients["agent" if case == 1 else "platform"]
    path = f"{world.case_path}/{case}"
    await done(await agent.post(f"{path}/messages", json={"audience": "consumer", "text": "Done"}))
    await done(await agent.post(f"{path}/resolution", json={"reason": reason}))


def rating(world: World, case: int = 1) -> str:
    return f"/v1/help/conversations/{world.conversation}/cases/{case}/rating"


async def mine(world: World, number: int = 1) -> Any:
    read = await world.clients["owner"].get(f"/v1/help/conversations/{world.conversation}")
    return next(one for one in (await done(read))["cases"] if one["number"] == number)


async def satisfaction(world: World) -> tuple[int, int, int]:
    answer = await done(await world.clients["admin"].get(SATISFACTION, params=span()))
    (one,) = answer["items"]
    return one["numerator"], one["denominator"], one["excluded"]


SATISFACTION = "/v1/desk/insight/satisfaction"


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_rating_is_given_once_read_by_the_desk_and_changed_for_a_while(url: str) -> None:
    async with the_world(url) as world:
        owner, agent = world.clients["owner"], world.clients["agent"]
        assert "rates" not in await mine(world)
        assert refused(await owner.post(rating(world), json=GOOD)) == (409, "case_open")
        await resolve(world)
        assert (await mine(world))["rates"] is True
        await done(await owner.post(rating(world), json=GOOD))
        case = await mine(world)
        assert case["rating"] == {"score": 4, "reasons": ["quick", "solved"]}
        assert (case["rates"], case["status"]) == (True, "resolved")
        for path, who in (
            (f"/v1/help/conversations/{world.conversation}/entries", "owner"),
            (f"{world.case_path}/entries", "agent"),
        ):
            entries = (await done(await world.clients[who].get(path)))["items"]
            (told,) = [one for one in entries if one["kind"] == "rated"]
            assert (told["score"], told["reasons"]) == (4, ["quick", "solved"])
        seen = await done(await agent.get(world.case_path))
        assert seen["cases"][0]["rating"]["score"] == 4
        await done(await owner.post(rating(world), json=BAD))
        assert (await mine(world))["rating"] == BAD

        # "Not yet" goes on with it; what was said stays, and is asked no more while it is open.
        reopening = f"/v1/help/conversations/{world.conversation}/cases/1/reopening"
        await done(await owner.post(reopening))
        case = await mine(world)
        assert (case["rating"], "rates" in case) == (BAD, False)


async def test_nobody_else_rates_and_nonsense_is_named(url: str) -> None:
    async with the_world(url) as world:
        await resolve(world)
        stranger, owner = world.clients["stranger"], world.clients["owner"]
        assert (await stranger.post(rating(world), json=GOOD)).status_code == 404
        for who in ("agent", "platform", "admin"):
            answer = await world.clients[who].post(rating(world), json=GOOD)
            assert answer.status_code in (401, 403, 404), who
        for wrong in (
            {},
            {"score": 0},
            {"score": 6},
            {"score": "5"},
            {"score": 4, "reasons": ["because"]},
            {"score": 4, "reasons": ["quick"] * 4},
            {"score": 4, "text": "very good"},
        ):
            assert (await owner.post(rating(world), json=wrong)).status_code == 422, wrong
        assert refused(await owner.post(rating(world, 3), json=GOOD)) == (404, "case_unknown")
        await resolve(world, 2, "duplicate")
        assert refused(await owner.post(rating(world, 2), json=GOOD)) == (409, "rating_unfit")
        assert "rates" not in await mine(world, 2)
        machine = await done(
            await world.clients["machine"].post(
                f"/v1/marketplace/consumers/{world.consumer}/conversations/{world.conversation}"
                "/cases/1/rating",
                json=GOOD,
                headers={"Idempotency-Key": "rated"},
            )
        )
        assert machine["version"]
        assert (await mine(world))["rating"]["score"] == 4


async def test_it_reaches_the_figure_whether_or_not_the_case_was_worked_out_before(
    url: str,
) -> None:
    async with the_world(url) as world:
        parts, owner = world.service.parts, world.clients["owner"]

        async def rates(case: int, said: dict[str, Any]) -> None:
            await done(await owner.post(rating(world, case), json=said))

        await resolve(world)
        await rates(1, GOOD)
        assert await parts.outcomes.run_all() >= 1
        assert await satisfaction(world) == (1, 1, 0)
        await rates(1, BAD)
        assert await parts.outcomes.run_all() == 0, "the row was completed in place"
        assert await satisfaction(world) == (0, 1, 0)

        class Slow(Outcomes):
            """Between its reading and its writing the other case is rated."""

            async def _write(self, *args: Any) -> None:
                await rates(2, GOOD)
                await super()._write(*args)

        await resolve(world, 2)
        await Slow(parts.pool, parts.codec).run()
        assert await parts.outcomes.run_all() == 1, "it is worked out again, with the rating"
        assert await satisfaction(world) == (1, 2, 0)
        behind = await done(await world.clients["admin"].get(f"{SATISFACTION}/rows", params=span()))
        assert sorted((one["case"], one["score"]) for one in behind["items"]) == [(1, 1), (2, 4)]


async def test_the_consumers_copy_has_it_and_erasure_leaves_the_bare_number(url: str) -> None:
    async with the_world(url) as world:
        await resolve(world)
        await done(await world.clients["owner"].post(rating(world), json=BAD))
        await world.service.parts.outcomes.run_all()
        copy = await done(await world.clients["owner"].get("/v1/help/export"))
        assert [(one["case"], one["score"]) for one in copy["ratings"]] == [(1, 1)]
        (conversation,) = [one for one in copy["states"] if one["kind"] == "conversation"]
        assert conversation["content"]["rated"]["reasons"] == ["not_solved"]
        path = f"/v1/marketplace/parties/{world.consumer}/erasure"
        known = f"/v1/marketplace/parties/{world.consumer}"
        machine, key = world.clients["machine"], {"Idempotency-Key": "once"}
        await done(await machine.put(known, json={"kind": "consumer", "market": "cn"}, headers=key))
        await done(await machine.post(path, headers={"Idempotency-Key": "erased"}))
        assert await satisfaction(world) == (0, 1, 0)
