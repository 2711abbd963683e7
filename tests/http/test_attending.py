"""Who else is looking or writing: told to those whom it concerns, in every process; not kept."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from oncedesk.domain.shared.decider import Role
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.engine.running import utc_now
from oncedesk.storage.attending import AT_ONE_MAX, CHANNEL, LASTS, Attendant, Attending, Doing
from tests.http.test_live import stream
from tests.http.world import World, the_world
from tests.support.engines import Outside, engine_on, eventually
from tests.support.served import served


def help_path(world: World) -> str:
    return f"/v1/help/conversations/{world.conversation}"


async def attends(world: World, who: str, doing: str, audience: str = "internal") -> None:
    answer = await world.clients[who].post(
        f"{world.case_path}/1/attending", json={"doing": doing, "audience": audience}
    )
    assert answer.status_code == 204, answer.text


async def test_two_agents_see_each_other_and_the_consumer_only_that_somebody_writes(
    url: str,
) -> None:
    async with the_world(url) as world:
        await world.service.parts.live.listening()
        async with (
            stream(world.clients["platform"], f"{world.case_path}/updates") as desk,
            stream(world.clients["owner"], f"{help_path(world)}/updates") as mine,
        ):
            await desk.until("conversation")
            await mine.until("conversation")
            await attends(world, "agent", "looking")
            (there,) = (await desk.until("attending"))["items"]
            assert (there["by"], there["doing"], there["case"]) == ("agent", "looking", 1)
            # Another desk's: which desk, and not who.
            assert there["desk"] == str(world.desk)
            assert "agent" not in there
            await attends(world, "agent", "writing", "consumer")
            assert (await desk.until("attending"))["items"][0]["audience"] == "consumer"
            assert (await mine.event())[0] == "writing"
            await attends(world, "agent", "gone")
            assert (await desk.until("attending"))["items"] == []
            assert (await mine.until("writing"))["until"] is None


async def test_that_a_note_is_written_is_the_own_desks_business(url: str) -> None:
    async with the_world(url) as world:
        await world.service.parts.live.listening()
        colleague = await world.service.agent(world.desk)
        async with (
            stream(world.clients["platform"], f"{world.case_path}/updates") as other,
            stream(colleague, f"{world.case_path}/updates") as own,
        ):
            await other.until("conversation")
            await own.until("conversation")
            await attends(world, "agent", "writing")
            (seen,) = (await other.until("attending"))["items"]
            assert (seen["doing"], "audience" in seen) == ("looking", False)
            (known,) = (await own.until("attending"))["items"]
            assert (known["doing"], known["audience"]) == ("writing", "internal")
            assert known["agent"] == str(world.agent)


async def test_the_desk_sees_that_the_consumer_writes_also_in_another_process(url: str) -> None:
    async with the_world(url) as world, served(url, rate_person=1e5) as second:
        await world.service.parts.live.listening()
        await second.parts.live.listening()
        agent = await second.agent(PLATFORM)
        async with stream(agent, f"{world.case_path}/updates") as desk:
            await desk.until("conversation")
            said = await world.clients["owner"].post(f"{help_path(world)}/writing", json={})
            assert said.status_code == 204, said.text
            (there,) = (await desk.until("attending"))["items"]
            assert (there["by"], there["doing"]) == ("consumer", "writing")


async def test_it_leaves_nothing_behind(url: str) -> None:
    async with the_world(url) as world, Outside(url) as outside:
        before = await world.service.journal()
        version = await outside.value("SELECT sum(version) FROM state")
        await attends(world, "agent", "writing", "consumer")
        assert await world.service.journal() == before
        assert await outside.value("SELECT sum(version) FROM state") == version


async def test_who_may_not_see_it_may_not_be_there(url: str) -> None:
    async with the_world(url) as world:
        for who, path in (
            ("rival", f"{world.case_path}/1/attending"),
            ("agent", f"{world.case_path}/2/attending"),
            ("stranger", f"{help_path(world)}/writing"),
        ):
            answer = await world.clients[who].post(path, json={})
            assert answer.status_code == 404, (who, answer.text)
        bad = await world.clients["agent"].post(
            f"{world.case_path}/1/attending", json={"doing": "dancing"}
        )
        assert bad.status_code == 422


def sign(number: int, **more: Any) -> Attendant:
    values: dict[str, Any] = {
        "conversation": UUID(int=1),
        "who": UUID(int=number),
        "role": Role.AGENT,
        "doing": Doing.LOOKING,
        "until": utc_now() + LASTS,
        **more,
    }
    return Attendant(**values)


async def test_it_is_bounded_and_passes(url: str) -> None:
    async with engine_on(url) as rig:
        woken: list[str] = []
        known = Attending(rig.pool, clock=utc_now, wake=woken.append)

        for number in range(AT_ONE_MAX + 5):
            known.hear(msgspec.json.encode(sign(number)).decode())
        assert len(known.at(UUID(int=1))) == AT_ONE_MAX
        for spoilt in ("", "{}", "[1]", "x" * 9_000):
            known.hear(spoilt)
        assert len(woken) == AT_ONE_MAX + 5
        over = sign(1, conversation=UUID(int=2), until=utc_now() - timedelta(seconds=1))
        known.hear(msgspec.json.encode(over).decode())
        assert known.at(UUID(int=2)) == []
        assert known.at(uuid4()) == []


async def test_nobody_stays_because_a_clock_was_set_back_or_runs_fast(url: str) -> None:
    now, hour, somewhere = utc_now(), timedelta(hours=1), UUID(int=1)
    async with engine_on(url) as rig, rig.pool.acquire() as connection:
        known = Attending(rig.pool, clock=lambda: now, wake=lambda _: None)
        told: list[str] = []

        def hear(_: Any, __: int, ___: str, payload: object) -> None:
            told.append(str(payload))
            known.hear(str(payload))

        await connection.add_listener(CHANNEL, hear)
        await known.tell(sign(1, until=now + hour))
        await eventually(lambda: len(told) == 1, "it is heard")
        assert [one.until for one in known.at(somewhere)] == [now + LASTS]
        now -= hour
        assert known.at(somewhere) == []
        again = sign(1, until=now + LASTS)
        await known.tell(again)
        await eventually(lambda: len(told) == 2, "it is heard again")
        assert known.at(somewhere) == [again]
        await connection.remove_listener(CHANNEL, hear)
