"""Supervisors see their desk live and move its cases, shifts and surge; nobody else does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from msgspec.structs import replace

from oncedesk.domain.agents.messages import (
    DeskRole,
    JoinDesk,
    ReleaseCapacity,
    SetPresence,
    SetSkills,
)
from oncedesk.domain.agents.messages import Presence as AgentPresence
from oncedesk.domain.conversations.messages import (
    Audience,
    MergeCases,
    PostMessage,
    ReopenCase,
    RequestCallBack,
)
from oncedesk.domain.rulebook.state import Publication, RulebookState
from oncedesk.domain.shared.decider import MARKETPLACE, SYSTEM, Actor, Role
from oncedesk.domain.shared.ids import bucket_of, digest
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.engine.running import utc_now
from oncedesk.rules.storing import pack_from_bytes, pack_to_bytes
from oncedesk.storage.health import examine_database
from oncedesk.storage.views import work
from oncedesk.storage.views.inbox import PLATFORM_SLOTS
from oncedesk.storage.views.unserved import Unserved
from tests.http.test_live import stream
from tests.http.world import open_desk
from tests.support.engines import Outside, consumer, contact, party, within
from tests.support.served import Served, served

PLATFORM_DESK = {"desk": "platform"}


@dataclass
class Wall:
    """The platform's desk with an agent and a supervisor, and a merchant's supervisor."""

    service: Served
    agent: UUID
    boss: UUID
    clients: dict[str, httpx.AsyncClient]

    async def given(self, command: Any, actor: Actor = SYSTEM) -> None:
        answer = await self.service.parts.engine.submit(
            command, principal="tests", key=str(uuid4()), actor=actor
        )
        assert answer.accepted, answer

    async def case(self, number: int) -> dict[str, Any]:
        """A case that waits at the platform's desk, as its list shows it."""
        await self.given(contact(number), MARKETPLACE)
        found = await self.asks("boss", "/v1/desk/wall/pressing", **PLATFORM_DESK)
        consumer = contact(number).consumer
        (row,) = [one for one in found["items"] if one["consumer"] == str(consumer)]
        return {name: row[name] for name in ("consumer", "conversation", "case")}

    async def asks(self, who: str, path: str, **params: str) -> Any:
        answer = await self.clients[who].get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def held_by(self, agent: UUID) -> list[str]:
        found = await self.asks("boss", "/v1/desk/team", **PLATFORM_DESK)
        (mate,) = [one for one in found["items"] if one["agent"]["id"] == str(agent)]
        return [one["conversation"] for one in mate["agent"]["held"]]

    async def lets_go(self, agent: UUID) -> None:
        """Wait until the agent's place is free again."""
        while await self.held_by(agent):
            pass

    async def reaches(self, case: dict[str, Any], agent: UUID | None) -> None:
        """Wait until the case is in these hands."""

        async def there() -> None:
            wanted = None if agent is None else str(agent)
            while True:
                found = await self.asks("boss", "/v1/desk/wall/pressing", **PLATFORM_DESK)
                (row,) = [
                    one for one in found["items"] if one["conversation"] == case["conversation"]
                ]
                if row.get("agent") == wanted:
                    return

        await within(there())

    async def gives(self, who: str, case: dict[str, Any], to: UUID) -> httpx.Response:
        return await self.clients[who].post(
            f"/v1/desk/team/{to}/cases", json={**case, **PLATFORM_DESK}
        )


@asynccontextmanager
async def the_wall(url: str) -> AsyncIterator[Wall]:
    async with served(url) as service:
        shop = Desk(DeskKind.MERCHANT, uuid4())
        for desk in (PLATFORM, shop):
            await open_desk(service, desk)
        agent, boss, rival = uuid4(), uuid4(), uuid4()
        found = Wall(service, agent, boss, {})
        # Before they log in: who somebody is stays remembered for some seconds.
        for who, desk in ((boss, PLATFORM), (rival, shop)):
            await service.register(who)
            role = DeskRole.SUPERVISOR
            await found.given(JoinDesk(agent=who, desk=desk, role=role, starts_at=utc_now()))
        found.clients["agent"] = await service.agent(PLATFORM, agent=agent)
        found.clients["boss"] = await service.agent(agent=boss)
        found.clients["rival"] = await service.agent(agent=rival)
        await found.given(SetPresence(agent=agent, presence=AgentPresence.AVAILABLE))
        yield found


async def test_a_case_goes_from_hand_to_hand_and_back_to_the_queue(url: str) -> None:
    async with the_wall(url) as wall:
        case = await wall.case(1)
        given = await wall.gives("boss", case, wall.agent)
        assert given.status_code == 200, given.text
        await wall.reaches(case, wall.agent)
        taken = await wall.gives("boss", case, wall.boss)
        assert taken.status_code == 200, taken.text
        await wall.reaches(case, wall.boss)
        await within(wall.lets_go(wall.agent))
        again = await wall.gives("boss", case, wall.agent)
        assert again.status_code == 200, again.text
        await wall.reaches(case, wall.agent)
        path = f"/v1/desk/cases/{case['consumer']}/{case['conversation']}/1/return"
        back = await wall.clients["boss"].post(path, json={})
        assert back.status_code == 200, back.text
        assert back.json()["events"] == ["CaseUnassigned", "RoutedTo"]
        await wall.reaches(case, None)


async def test_a_case_that_is_on_its_way_back_is_given_all_the_same(url: str) -> None:
    async with the_wall(url) as wall, Outside(url) as outside:
        case = await wall.case(1)
        await wall.gives("boss", case, wall.agent)
        await wall.reaches(case, wall.agent)
        held = await outside.value("SELECT body FROM state WHERE id = $1", wall.agent)
        path = f"/v1/desk/cases/{case['consumer']}/{case['conversation']}/1/return"
        back = await wall.clients["boss"].post(path, json={})
        assert back.status_code == 200, back.text
        await within(wall.lets_go(wall.agent))
        # As it is while another process has not given the place back yet.
        await outside.run(
            "UPDATE state SET body = $1, version = version + 1 WHERE id = $2", held, wall.agent
        )
        giving = asyncio.create_task(wall.gives("boss", case, wall.agent))
        await asyncio.wait((giving,), timeout=0.3)
        release = ReleaseCapacity(
            agent=wall.agent,
            conversation=UUID(case["conversation"]),
            case=1,
            reason="returned",
        )
        await wall.given(release)
        given = await within(giving)
        assert given.status_code == 200, given.text
        assert given.json()["events"] == ["CapacityReserved"]
        await wall.reaches(case, wall.agent)


async def test_a_whisper_is_read_by_the_agent_whom_it_is_for(url: str) -> None:
    async with the_wall(url) as wall:
        case = await wall.case(1)
        await wall.gives("boss", case, wall.agent)
        await wall.reaches(case, wall.agent)
        base = f"/v1/desk/cases/{case['consumer']}/{case['conversation']}"
        note = {"audience": "internal", "text": "Offer the voucher", "to": str(wall.agent)}
        said = await wall.clients["boss"].post(f"{base}/1/messages", json=note)
        assert said.status_code == 200, said.text
        read = await wall.asks("agent", f"{base}/messages")
        assert [one.get("to") for one in read["items"]] == [None, str(wall.agent)]
        aloud = {**note, "audience": "consumer"}
        refused = await wall.clients["boss"].post(f"{base}/1/messages", json=aloud)
        assert (refused.status_code, refused.json()["code"]) == (422, "whisper_not_internal")


async def test_the_wall_shows_queues_and_agents_and_what_changes(url: str) -> None:
    async with the_wall(url) as wall:
        case = await wall.case(1)
        async with stream(wall.clients["boss"], "/v1/desk/wall/updates", **PLATFORM_DESK) as live:
            first = await live.until("snapshot")
            assert [(one["waiting"], one["assigned"]) for one in first["queues"]] == [(1, 0)]
            agents = {one["id"]: one for one in first["agents"]}
            assert agents.keys() == {str(wall.agent), str(wall.boss)}
            assert agents[str(wall.agent)]["presence"] == "available"
            assert agents[str(wall.boss)]["role"] == "supervisor"
            await wall.gives("boss", case, wall.agent)
            changed = await live.until("queue")
            assert (changed["waiting"], changed["assigned"]) == (0, 1)
            assert (await live.until("agent"))["load"] == 1
            later = (utc_now() + timedelta(hours=1)).isoformat()
            surge = {**PLATFORM_DESK, "until": later}
            declared = await wall.clients["boss"].put("/v1/desk/surge", json=surge)
            assert declared.status_code == 200, declared.text
            assert (await live.until("desk"))["surge"]
            over = await wall.clients["boss"].post("/v1/desk/surge/end", json=PLATFORM_DESK)
            assert over.json()["events"] == ["SurgeCalledOff"]


async def test_a_queue_is_named_while_nobody_at_the_desk_has_its_skill(url: str) -> None:
    async with the_wall(url) as wall:
        await wall.case(1)
        async with stream(wall.clients["boss"], "/v1/desk/wall/updates", **PLATFORM_DESK) as live:
            (queue,) = (await live.until("snapshot"))["queues"]
            assert (queue["waiting"], queue["unserved"]) == (1, True)
            named = (await examine_database(url)).unserved
            assert named == (Unserved(PLATFORM, queue["skill"]),)
            # Away or not, on a shift or not: the desk has somebody for it.
            away = SetPresence(agent=wall.boss, presence=AgentPresence.AWAY)
            await wall.given(away)
            await wall.given(SetSkills(agent=wall.boss, skills=(queue["skill"],), languages=()))
            changed = await live.until("queue")
            assert changed["waiting"] == 1
            assert "unserved" not in changed
            assert (await examine_database(url)).unserved == ()


async def test_what_waits_is_shown_when_the_rules_have_no_such_skill_any_more(url: str) -> None:
    async with the_wall(url) as wall:
        case = await wall.case(1)
        library, now = wall.service.parts.library, utc_now()
        (queue,) = (await wall.asks("boss", "/v1/desk/queues", **PLATFORM_DESK))["items"]
        for market in (packs := library.at(now)).holding:
            before = packs.current(market)
            left = tuple(one for one in before.skills if one != queue["skill"])
            assert left != before.skills
            pack = pack_from_bytes(pack_to_bytes(replace(before, skills=left)))
            library.add([pack])
            publication = Publication(pack.hash, pack.version, now)
            library.follow(RulebookState(market=market, publications=(publication,)))

        assert (await wall.asks("boss", "/v1/desk/queues", **PLATFORM_DESK))["items"] == [queue]
        pressing = await wall.asks("boss", "/v1/desk/wall/pressing", **PLATFORM_DESK)
        tried = await wall.clients["boss"].post(
            "/v1/desk/views/preview", json={**PLATFORM_DESK, "filter": {}}
        )
        for found in (pressing, tried.json()):
            assert [one["conversation"] for one in found["items"]] == [case["conversation"]]


async def test_a_queue_is_said_to_be_longer_only_where_it_was_not_counted_whole(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slot(number: int) -> int:
        return bucket_of(contact(number).consumer) % PLATFORM_SLOTS

    one, two, same = (
        1,
        *(
            next(number for number in range(2, 1_000) if (slot(number) == slot(1)) is alike)
            for alike in (False, True)
        ),
    )
    # Up to two cases in each of the queue's places.
    monkeypatch.setattr(work, "COUNTED_MAX", 2 * PLATFORM_SLOTS)
    async with the_wall(url) as wall:
        for number, waiting, at_least in ((one, 1, False), (two, 2, False), (same, 3, True)):
            await wall.case(number)
            (queue,) = (await wall.asks("boss", "/v1/desk/queues", **PLATFORM_DESK))["items"]
            assert (queue["waiting"], queue["at_least"]) == (waiting, at_least)


async def test_what_has_missed_a_deadline_presses_first_and_says_so(url: str) -> None:
    async with the_wall(url) as wall, Outside(url) as outside:
        one, two = await wall.case(1), await wall.case(2)
        # As a clock leaves it whose next deadline is far away.
        await outside.run(
            "UPDATE inbox SET late = true, next_due_at = next_due_at + interval '1 day' "
            "WHERE conversation = $1",
            UUID(two["conversation"]),
        )
        found = await wall.asks("boss", "/v1/desk/wall/pressing", **PLATFORM_DESK)
        told = [(row["conversation"], row.get("late", False)) for row in found["items"]]
        assert told == [(two["conversation"], True), (one["conversation"], False)]
        tried = await wall.clients["boss"].post(
            "/v1/desk/views/preview", json={**PLATFORM_DESK, "filter": {"overdue": True}}
        )
        listed = [(row["conversation"], row["late"]) for row in tried.json()["items"]]
        assert listed == [(two["conversation"], True)]


async def test_who_lets_the_consumer_wait_is_shown_until_they_answer(url: str) -> None:
    async with the_wall(url) as wall:
        case = await wall.case(1)
        assert (await wall.asks("boss", "/v1/desk/wall/silent", **PLATFORM_DESK))["items"] == []
        await wall.gives("boss", case, wall.agent)
        await wall.reaches(case, wall.agent)
        (silent,) = (await wall.asks("boss", "/v1/desk/wall/silent", **PLATFORM_DESK))["items"]
        assert silent["case"]["agent"] == str(wall.agent)
        # Told from others by whose it is and what was said last.
        (pressing,) = (await wall.asks("boss", "/v1/desk/wall/pressing", **PLATFORM_DESK))["items"]
        assert (pressing["name"], pressing["said"]["by"]) == ("", "consumer")
        assert silent["case"] == pressing
        assert "answered_at" not in silent
        base = f"/v1/desk/cases/{case['consumer']}/{case['conversation']}/1"
        answer = {"audience": "consumer", "text": "On its way"}
        said = await wall.clients["agent"].post(f"{base}/messages", json=answer)
        assert said.status_code == 200, said.text
        assert (await wall.asks("boss", "/v1/desk/wall/silent", **PLATFORM_DESK))["items"] == []
        await wall.given(contact(1), MARKETPLACE)
        (again,) = (await wall.asks("boss", "/v1/desk/wall/silent", **PLATFORM_DESK))["items"]
        assert again["answered_at"] < again["since"]


async def test_who_says_that_it_is_not_solved_waits_without_a_word(url: str) -> None:
    async with the_wall(url) as wall:
        case = await wall.case(1)
        base = f"/v1/desk/cases/{case['consumer']}/{case['conversation']}/1"
        agent = wall.clients["agent"]

        await wall.gives("boss", case, wall.agent)
        await wall.reaches(case, wall.agent)
        for path, said in (
            ("messages", {"audience": "consumer", "text": "Done"}),
            ("resolution", {"reason": "solved"}),
        ):
            done = await agent.post(f"{base}/{path}", json=said)
            assert done.status_code == 200, done.text
        await wall.given(
            ReopenCase(consumer=party(1), conversation=UUID(case["conversation"]), case=1),
            consumer(1),
        )
        await wall.gives("boss", case, wall.agent)
        await wall.reaches(case, wall.agent)
        (again,) = (await wall.asks("boss", "/v1/desk/wall/silent", **PLATFORM_DESK))["items"]
        assert again["answered_at"] < again["since"]


async def test_who_was_spoken_to_by_telephone_waits_no_more(url: str) -> None:
    async with the_wall(url) as wall:
        case = await wall.case(1)
        await wall.gives("boss", case, wall.agent)
        await wall.reaches(case, wall.agent)
        calls = f"/v1/desk/cases/{case['consumer']}/{case['conversation']}/1/calls"
        call = {"direction": "outbound", "number": "13812345678", "text": "Called them"}
        for seconds, waiting in ((0, 1), (60, 0)):
            noted = await wall.clients["agent"].post(calls, json={**call, "seconds": seconds})
            assert noted.status_code == 200, noted.text
            silent = await wall.asks("boss", "/v1/desk/wall/silent", **PLATFORM_DESK)
            assert len(silent["items"]) == waiting
        await wall.given(contact(1), MARKETPLACE)
        (again,) = (await wall.asks("boss", "/v1/desk/wall/silent", **PLATFORM_DESK))["items"]
        assert again["answered_at"] < again["since"]


async def test_a_long_queue_is_not_read_whole_to_be_counted_up_to_a_bound(url: str) -> None:
    async with Outside(url) as outside:
        await outside.run(f"PREPARE queues AS {work._QUEUES}")
        await outside.run("SET enable_seqscan = off; SET enable_bitmapscan = off")
        await outside.run("SET enable_sort = off")
        plan = await outside.column(
            "EXPLAIN (COSTS off) EXECUTE queues('{1}', ARRAY[gen_random_uuid()], '{0}', 9, "
            "'{queued}')"
        )
        assert any("using inbox_queue" in line for line in plan), plan
        assert not any("Sort Key: i.priority" in line for line in plan), plan


async def spoken_to(wall: Wall) -> dict[str, Any]:
    """A case in the agent's hands in which nothing is owed: it was answered."""
    case = await wall.case(1)
    await wall.gives("boss", case, wall.agent)
    await wall.reaches(case, wall.agent)
    path = f"/v1/desk/cases/{case['consumer']}/{case['conversation']}/1/messages"
    said = await wall.clients["agent"].post(path, json={"audience": "consumer", "text": "Soon"})
    assert said.status_code == 200, said.text
    assert (await wall.asks("boss", "/v1/desk/wall/silent", **PLATFORM_DESK))["items"] == []
    return case


async def test_who_is_to_be_called_back_waits_since_they_asked_for_it(url: str) -> None:
    async with the_wall(url) as wall:
        case = await spoken_to(wall)
        until = (utc_now() + timedelta(hours=1)).isoformat()
        surge = await wall.clients["boss"].put(
            "/v1/desk/surge", json={**PLATFORM_DESK, "until": until}
        )
        assert surge.status_code == 200, surge.text
        conversation = UUID(case["conversation"])
        call = RequestCallBack(consumer=party(1), conversation=conversation, case=1)
        await wall.given(call, consumer(1))
        (silent,) = (await wall.asks("boss", "/v1/desk/wall/silent", **PLATFORM_DESK))["items"]
        assert silent["answered_at"] < silent["since"]


async def test_a_programs_words_make_nobody_wait_and_answer_nobody(url: str) -> None:
    async with the_wall(url) as wall:
        case = await spoken_to(wall)
        await wall.given(contact(1, automatic=True), consumer(1))
        await wall.given(contact(1), consumer(1))
        base = f"/v1/desk/cases/{case['consumer']}/{case['conversation']}"
        said = (await wall.asks("boss", f"{base}/messages"))["items"]
        *_, out_of_office, asked = [one["at"] for one in said]
        (silent,) = (await wall.asks("boss", "/v1/desk/wall/silent", **PLATFORM_DESK))["items"]
        assert out_of_office < silent["since"] == asked
        received = PostMessage(
            consumer=party(1),
            conversation=UUID(case["conversation"]),
            case=1,
            agent=wall.agent,
            audience=Audience.CONSUMER,
            digest=digest(b"We have it"),
            length=10,
            automatic=True,
        )
        await wall.given(received, Actor(Role.AGENT, wall.agent))
        (again,) = (await wall.asks("boss", "/v1/desk/wall/silent", **PLATFORM_DESK))["items"]
        assert (again["since"], again["answered_at"]) == (asked, silent["answered_at"])


async def test_who_waited_in_a_case_that_was_merged_waits_on_in_the_other(url: str) -> None:
    async with the_wall(url) as wall:
        case = await spoken_to(wall)
        await wall.given(contact(1, fresh=True), MARKETPLACE)
        base = f"/v1/desk/cases/{case['consumer']}/{case['conversation']}"
        asked = (await wall.asks("boss", f"{base}/messages"))["items"][-1]
        conversation = UUID(case["conversation"])
        merge = MergeCases(
            consumer=party(1), conversation=conversation, case=2, into=1, agent=wall.agent
        )
        await wall.given(merge, Actor(Role.AGENT, wall.agent))
        (silent,) = (await wall.asks("boss", "/v1/desk/wall/silent", **PLATFORM_DESK))["items"]
        assert silent["case"]["case"] == 1
        assert silent["since"] == asked["at"]


async def test_shifts_of_the_desk_are_planned_by_its_supervisor(url: str) -> None:
    async with the_wall(url) as wall:
        starts, ends = (utc_now() + timedelta(hours=hours) for hours in (2, 10))
        shift = {"starts_at": starts.isoformat(), "ends_at": ends.isoformat()}
        path = f"/v1/desk/team/{wall.agent}/shifts"
        planned = await wall.clients["boss"].post(path, json=shift)
        assert planned.json()["events"] == ["ShiftPlanned"], planned.text
        cancelled = await wall.clients["boss"].post(
            f"{path}/cancellation", json={"starts_at": shift["starts_at"]}
        )
        assert cancelled.json()["events"] == ["ShiftCancelled"], cancelled.text
        away = await wall.clients["boss"].put(
            f"/v1/desk/team/{wall.agent}/presence", json={"presence": "away"}
        )
        assert away.json()["events"] == ["PresenceChanged"], away.text


async def test_a_desk_that_nobody_opened_yet_is_told_only_to_whoever_answers_for_it(
    url: str,
) -> None:
    async with the_wall(url) as wall:
        boss, desk = uuid4(), Desk(DeskKind.MERCHANT, uuid4())
        await wall.service.register(boss)
        await wall.given(
            JoinDesk(agent=boss, desk=desk, role=DeskRole.SUPERVISOR, starts_at=utc_now())
        )
        own = await wall.service.agent(agent=boss)
        for client, code in ((own, "desk_unknown"), (wall.clients["rival"], "not_found")):
            for path in ("wall", "wall/updates"):
                answer = await client.get(f"/v1/desk/{path}", params={"desk": str(desk)})
                assert (answer.status_code, answer.json()["code"]) == (404, code), path


@pytest.mark.parametrize("who", ["agent", "rival"])
async def test_nobody_else_sees_or_moves_anything(url: str, who: str) -> None:
    async with the_wall(url) as wall:
        case = await wall.case(1)
        before = await wall.service.journal()
        client = wall.clients[who]
        soon = (utc_now() + timedelta(hours=1)).isoformat()
        team = f"/v1/desk/team/{wall.agent}"
        for path in ("wall", "wall/updates", "wall/pressing", "wall/silent", "team"):
            answer = await client.get(f"/v1/desk/{path}", params=PLATFORM_DESK)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
        for answer in (
            await wall.gives(who, case, wall.agent),
            await client.post(f"{team}/shifts", json={"starts_at": soon, "ends_at": soon}),
            await client.post(f"{team}/shifts/cancellation", json={"starts_at": soon}),
            await client.put(f"{team}/presence", json={"presence": "away"}),
            await client.put("/v1/desk/surge", json={**PLATFORM_DESK, "until": soon}),
            await client.post("/v1/desk/surge/end", json=PLATFORM_DESK),
        ):
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), answer.url
        assert await wall.service.journal() == before
