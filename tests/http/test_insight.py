"""Figures over HTTP: what they mean, what they are, and what is behind them."""

import csv
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from oncedesk.domain.agents.messages import LeaveDesk, PlanShift
from oncedesk.domain.insight.figures import FIGURES, FigureName, Unit
from oncedesk.domain.insight.forecasting import Span
from oncedesk.domain.shared.decider import MARKETPLACE, Actor, Role
from oncedesk.domain.shared.refs import PLATFORM, Desk
from oncedesk.engine.running import utc_now
from oncedesk.storage.outcomes.working_out import Outcomes
from oncedesk.storage.views.readers import Reader
from tests.http.test_remedies import said
from tests.http.test_supervising import Wall, the_wall
from tests.http.world import World, the_world
from tests.support.engines import Outside, contact

SPAN = {"since": "2026-01-01", "until": "2027-01-01", "timezone": "Asia/Shanghai"}


async def resolved(wall: Wall, number: int) -> dict[str, Any]:
    """A case that came to the platform's desk, was answered, and is resolved."""
    case = await wall.case(number)
    await wall.gives("boss", case, wall.agent)
    await wall.reaches(case, wall.agent)
    base = f"/v1/desk/cases/{case['consumer']}/{case['conversation']}/1"
    for path, body in (
        ("messages", {"audience": "consumer", "text": "Here you are"}),
        ("resolution", {"reason": "solved"}),
    ):
        answer = await wall.clients["agent"].post(f"{base}/{path}", json=body)
        assert answer.status_code == 200, answer.text
    return case


async def figure(wall: Wall, name: str, **more: str) -> Any:
    return await wall.asks("boss", f"/v1/desk/insight/{name}", **{**span(), **more})


def span() -> dict[str, str]:
    year = utc_now().year
    return {**SPAN, "since": f"{year - 1}-12-31", "until": f"{year + 1}-01-02"}


async def test_a_figure_opens_to_its_meaning_and_to_the_cases_behind_it(url: str) -> None:
    async with the_wall(url) as wall:
        cases = [await resolved(wall, number) for number in (1, 2, 3)]
        await wall.service.parts.outcomes.run_all()
        told = (await wall.asks("boss", "/v1/desk/insight/figures"))["items"]
        assert [one["name"] for one in told] == [one.name.value for one in FIGURES]
        found = await figure(wall, "resolution")
        (whole,) = found["items"]
        assert (whole["denominator"], whole["excluded"]) == (3, 0)
        by_desk = await figure(wall, "resolution", by="desk")
        assert [one["group"] for one in by_desk["items"]] == ["platform"]
        behind = "/v1/desk/insight/resolution/rows"
        seen: list[str] = []
        more = {"limit": "2"}
        while True:
            page = await wall.asks("boss", behind, **{**span(), **more})
            seen += [one["conversation"] for one in page["items"]]
            if page["next"] is None:
                break
            more = {"limit": "2", "cursor": page["next"]}
        assert sorted(seen) == sorted(one["conversation"] for one in cases)
        cost = await figure(wall, "cost_per_case")
        assert cost["currency"] == "CNY"


async def test_rows_tell_what_their_figure_measures_of_them_and_each_has_its_id(url: str) -> None:
    async with the_wall(url) as wall:
        for number in (1, 2):
            await resolved(wall, number)
        await wall.service.parts.outcomes.run_all()
        measured: set[Unit] = set()
        for one in FIGURES:
            rows = (await wall.asks("boss", f"/v1/desk/insight/{one.name}/rows", **span()))["items"]
            assert len({row["id"] for row in rows}) == len(rows)
            measured |= {one.unit} if rows else set()
            seconds = [row.get("seconds") for row in rows]
            if one.unit is Unit.SHARE and one.name is not FigureName.PAUSED_SHARE:
                assert set(seconds) <= {None}, one.name
                continue
            assert None not in seconds, one.name
            if one.unit is Unit.SECONDS and rows:
                (whole,) = (await figure(wall, one.name))["items"]
                assert sum(seconds) == whole["numerator"], one.name
        assert measured == set(Unit), "of each unit, some figure has rows"


async def test_a_case_that_comes_back_is_not_resolved_until_it_is_again(url: str) -> None:
    async with the_wall(url) as wall:
        await resolved(wall, 1)
        outcomes = wall.service.parts.outcomes
        await outcomes.run_all()
        await wall.given(contact(1), MARKETPLACE)
        assert await outcomes.run_all() == 1
        assert (await figure(wall, "resolution"))["items"] == []


async def test_what_was_read_before_a_change_does_not_take_its_place(url: str) -> None:
    async with the_wall(url) as wall:
        await resolved(wall, 1)
        parts = wall.service.parts

        class Slow(Outcomes):
            """Between its reading and its writing the case comes back, and another is quicker."""

            async def _write(self, *args: Any) -> None:
                await wall.given(contact(1), MARKETPLACE)
                await parts.outcomes.run_all()
                await super()._write(*args)

        await Slow(parts.pool, parts.codec).run()
        assert (await figure(wall, "resolution"))["items"] == []
        assert await parts.outcomes.run() == 0


async def test_a_figure_comes_as_a_file(url: str) -> None:
    async with the_wall(url) as wall:
        await resolved(wall, 1)
        await wall.service.parts.outcomes.run_all()
        path = "/v1/desk/insight/answered_in_time/export"
        answer = await wall.clients["boss"].get(path, params=span())
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert "attachment" in answer.headers["content-disposition"]
        (line,) = csv.DictReader(answer.text.splitlines())
        assert (line["numerator"], line["denominator"], line["value"]) == ("1", "1", "1.0")
        assert line["currency"] == ""


async def test_a_file_of_money_says_in_which_currency(url: str) -> None:
    async with the_wall(url) as wall:
        await resolved(wall, 1)
        await wall.service.parts.outcomes.run_all()
        path = "/v1/desk/insight/cost_per_case/export"
        answer = await wall.clients["boss"].get(path, params=span())
        assert answer.status_code == 200, answer.text
        (line,) = csv.DictReader(answer.text.splitlines())
        assert line["currency"] == "CNY"


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"since": "2026-02-01", "until": "2026-02-01"}, 422),
        ({"since": "2020-01-01", "until": "2026-02-01"}, 422),
        ({"since": "yesterday"}, 422),
        ({"timezone": "Mars/Olympus"}, 422),
        ({"timezone": "'; DROP TABLE outcome; --"}, 422),
        ({"by": "colour"}, 422),
        ({"desk": "nowhere"}, 422),
        ({"category": "'"}, 422),
        ({"merchant": "someone"}, 422),
    ],
)
async def test_what_makes_no_sense_is_named(url: str, wrong: dict[str, str], status: int) -> None:
    async with the_wall(url) as wall:
        client = wall.clients["boss"]
        for path in ("resolution", "resolution/export", "resolution/rows"):
            params = {**span(), **wrong}
            if path.endswith("rows"):
                params.pop("by", None)
                if "by" in wrong:
                    continue
            answer = await client.get(f"/v1/desk/insight/{path}", params=params)
            assert answer.status_code == status, (path, answer.text)
        unknown = await client.get("/v1/desk/insight/happiness", params=span())
        assert unknown.status_code in (404, 422)


async def test_agents_see_no_figures_and_a_supervisor_none_of_other_desks(url: str) -> None:
    async with the_wall(url) as wall:
        await resolved(wall, 1)
        await wall.service.parts.outcomes.run_all()
        agent, rival = wall.clients["agent"], wall.clients["rival"]
        for path in ("figures", "resolution", "resolution/export", "resolution/rows"):
            answer = await agent.get(f"/v1/desk/insight/{path}", params=span())
            assert not_there(answer), path
        theirs = await rival.get("/v1/desk/insight/resolution", params=span())
        assert theirs.json()["items"] == []
        platform = {**span(), "desk": "platform"}
        assert not_there(await rival.get("/v1/desk/insight/resolution", params=platform))
        assert not_there(await rival.get("/v1/desk/staffing", params={"desk": "platform"}))


async def test_the_coming_hours_are_suggested_from_what_came(url: str) -> None:
    async with the_wall(url) as wall:
        await resolved(wall, 1)
        await wall.service.parts.outcomes.run_all()
        found = await wall.asks("boss", "/v1/desk/staffing", desk="platform", hours="5")
        assert len(found["hours"]) == 5
        assert found["weeks"] == 0
        assert all(one["planned"] == 0 for one in found["hours"])


async def test_only_who_belongs_to_the_desk_in_an_hour_is_planned_for_it(url: str) -> None:
    async with the_wall(url) as wall:
        hour, now = timedelta(hours=1), utc_now()
        ends_at = now.replace(minute=0, second=0, microsecond=0) + 3 * hour
        shift = PlanShift(agent=wall.agent, starts_at=now, ends_at=now + 9 * hour)
        await wall.given(shift)
        await wall.given(LeaveDesk(agent=wall.agent, desk=PLATFORM, ends_at=ends_at))
        found = await wall.asks("boss", "/v1/desk/staffing", desk="platform", hours="5")
        planned = {one["starts_at"]: one["planned"] for one in found["hours"]}
        assert planned == {at: int(datetime.fromisoformat(at) < ends_at) for at in planned}, (
            "none once they have left"
        )


async def test_a_desk_that_is_older_than_four_weeks_is_told_by_all_of_them(url: str) -> None:
    async with the_wall(url) as wall, Outside(url) as outside:
        await resolved(wall, 1)
        await wall.service.parts.outcomes.run_all()
        await outside.run("UPDATE outcome SET opened_at = opened_at - interval '5 weeks'")
        found = await wall.asks("boss", "/v1/desk/staffing", desk="platform", hours="5")
        assert found["weeks"] == 4
        assert [one["arrivals"] for one in found["hours"]] == [0.0] * 5


async def test_the_paused_share_is_told_by_agent(url: str) -> None:
    async with the_wall(url) as wall:
        await resolved(wall, 1)
        await wall.service.parts.outcomes.run_all()
        found = await figure(wall, "paused_share", by="agent")
        assert [one["group"] for one in found["items"]] == [str(wall.agent)]
        (row,) = (await wall.asks("boss", "/v1/desk/insight/paused_share/rows", **span()))["items"]
        assert (row["agent"], row["seconds"]) == (str(wall.agent), 0)


async def came_to(world: World, desk: Desk) -> tuple[int, int]:
    """How many cases, and how many of them are over."""
    arrivals, reader = world.service.parts.views.arrivals, Reader(Actor(Role.ADMIN, uuid4()))
    this_hour = utc_now().replace(minute=0, second=0, microsecond=0)
    lately = Span(this_hour - timedelta(hours=1), this_hour + timedelta(hours=1))
    before = Span(this_hour - timedelta(days=7), this_hour - timedelta(days=6))
    arrived = await arrivals.hours(reader=reader, desk=desk, spans=[before, lately])
    assert await arrivals.hours(reader=reader, desk=desk, spans=[before]) == {}
    first = await arrivals.first(reader=reader, desk=desk)
    assert first is not None
    assert lately.starts_at <= first < lately.ends_at
    return sum(arrived.values()), (await arrivals.worked(reader=reader, desk=desk)).cases


async def test_what_comes_from_another_desk_takes_people_there_too(url: str) -> None:
    async with the_world(url) as world:
        assert await came_to(world, PLATFORM) == (1, 0)
        question = {"desk": "platform", "mode": "stay", "text": "Please help"}
        await said(world.clients["agent"], f"{world.case_path}/1/referral", question)
        assert await came_to(world, PLATFORM) == (1, 0)
        platform = world.clients["platform"]
        await said(platform, f"{world.case_path}/1/take-over", {"reason": "overdue"})
        assert await came_to(world, PLATFORM) == (2, 0)
        await said(platform, f"{world.case_path}/1/resolution", {"reason": "solved"})
        await world.service.parts.outcomes.run_all()
        assert await came_to(world, PLATFORM) == (2, 1)
        assert await came_to(world, world.desk) == (1, 1)


def not_there(answer: httpx.Response) -> bool:
    return (answer.status_code, answer.json()["code"]) == (404, "not_found")
