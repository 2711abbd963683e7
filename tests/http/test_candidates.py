"""Rules that are not published yet: every error named, compared, tried on the past, published."""

import asyncio
import re
import time
from datetime import date, timedelta
from typing import Any

import httpx

from oncedesk.engine.running import utc_now
from oncedesk.http.admin.candidates import DAYS_MAX
from oncedesk.rules.rows import WEEKDAYS
from tests.http.test_administration import done, files
from tests.http.world import World, the_world
from tests.support.engines import Outside, within

CANDIDATES = "/v1/admin/markets/cn/candidates"
SHIP_BY = re.compile(r'(key = "ship_by_seconds"\s*\nvalue = )[\d_]+')
SECONDS_MAX = 120.0
UNFIT = "".join(
    [
        '[[calendar]]\nname = "shut"\ntimezone = "UTC"\n',
        *(f'{day} = ""\n' for day in WEEKDAYS),
        'source = "a source"\nfrom = 2024-01-01\nfirm = false\n',
    ]
)
"""A calendar that never opens."""
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND query LIKE $1 AND wait_event_type = 'Lock'
"""


def quicker() -> dict[str, Any]:
    """The rules of cn, but everything is shipped in an hour."""
    return {"files": files(SHIP_BY, r"\g<1>3600")}


async def checked(admin: httpx.AsyncClient, body: dict[str, Any]) -> str:
    found = await done(await admin.post(CANDIDATES, json=body))
    assert (found["errors"], found["errors_total"]) == ([], 0)
    return str(found["candidate"]["id"])


async def ended(world: World, candidate: str) -> dict[str, Any]:
    """What became of its backtest."""
    admin, deadline = world.clients["admin"], time.monotonic() + SECONDS_MAX
    while True:
        trial = (await done(await admin.get(f"/v1/admin/candidates/{candidate}")))["candidate"]
        if trial["trial"]["status"] != "running":
            return dict(trial["trial"])
        assert time.monotonic() < deadline, trial
        await asyncio.sleep(0.1)


async def test_every_error_is_named_with_its_file_and_key(url: str) -> None:
    async with the_world(url) as world:
        admin = world.clients["admin"]
        wrong = {
            **files(re.compile(r"warn_seconds = [\d_]+"), 'warn_seconds = "soon"'),
            "more.toml": "[[nothing]]\n",
        }
        found = await done(await admin.post(CANDIDATES, json={"files": wrong}))
        assert "candidate" not in found
        assert found["errors_total"] >= len(found["errors"]) > 1
        assert {one["file"] for one in found["errors"]} >= {"clocks.toml", "more.toml"}
        clock = next(one for one in found["errors"] if one["file"] == "clocks.toml")
        assert re.match(r"clock\[\d+\]\.warn_seconds \(", clock["key"])
        assert "expected" in clock["expected"]
        assert (await done(await admin.get(CANDIDATES)))["items"] == []
        bodies: list[Any] = [{"files": {}}, {"files": {"../a.toml": ""}}, {"files": {"a.toml": 1}}]
        for bad in bodies:
            refused = await admin.post(CANDIDATES, json=bad)
            assert (refused.status_code, refused.json()["code"]) == (422, "body_invalid")
        elsewhere = await admin.post("/v1/admin/markets/eu/candidates", json=quicker())
        assert (elsewhere.status_code, elsewhere.json()["field"]) == (422, "files")


async def test_rules_that_change_too_often_are_refused_before_each_day_is_worked_out(
    url: str,
) -> None:
    rows = [
        '[[joining]]\nkey = "session_gap_seconds"\nvalue = 3600\nsource = "a source"\n'
        f"from = {date(2027, 1, 1) + timedelta(days=number)}\nfirm = false\n"
        for number in range(DAYS_MAX)
    ]
    # Only a day that is worked out shows that a calendar never opens.
    unfit = {**quicker()["files"], "more.toml": "\n".join([*rows, UNFIT])}
    async with the_world(url) as world:
        admin = world.clients["admin"]
        found = await done(
            await admin.post(CANDIDATES, json={"files": {**unfit, "more.toml": UNFIT}})
        )
        assert found["errors_total"] == 1
        refused = await admin.post(CANDIDATES, json={"files": unfit})
        assert (refused.status_code, refused.json()["field"]) == (422, "files")
        assert refused.json()["detail"] == "changes on at most 100 days"


async def test_a_candidate_is_compared_tried_and_published_with_notice(url: str) -> None:
    async with the_world(url) as world:
        admin = world.clients["admin"]
        candidate = await checked(admin, quicker())
        path = f"/v1/admin/candidates/{candidate}"
        standing = await done(await admin.get(path))
        today = utc_now().date()
        assert standing["first_day"] > str(today + timedelta(days=6))
        assert standing["first_day_major"] > standing["first_day"]

        other = await done(await admin.get(f"{path}/difference"))
        assert [(one["table"], one["key"]) for one in other["items"]] == [
            ("promise", "ship_by_seconds")
        ]
        assert other["items"][0]["cells"][0]["after"] == 3600
        for unfit in ("1990-01-01", "9999-12-31"):
            refused = await admin.get(f"{path}/difference", params={"day": unfit})
            assert (refused.status_code, refused.json()["field"]) == (422, "day")
            wanted = {"days": 1, "day": unfit}
            refused = await admin.post(f"{path}/backtest", json=wanted)
            assert (refused.status_code, refused.json()["field"]) == (422, "day")
        for unfit in ("0001-01-01", "9999-12-31"):
            wanted = {"reason": "quicker", "first_day": unfit}
            refused = await admin.post(f"{path}/publication", json=wanted)
            assert refused.status_code == 422, refused.text

        begun = await admin.post(f"{path}/backtest", json={"days": 1})
        assert begun.status_code == 202, begun.text
        trial = await ended(world, candidate)
        assert trial["status"] == "done", trial
        found = trial["found"]
        assert found["buckets"] == found["buckets_all"] == trial["buckets_all"]
        promising = next(one for one in found["questions"] if one["name"] == "promising")
        assert (promising["decided"], promising["changed"]) == (1, 1)
        assert found["changed"] >= 1
        assert found["assumptions"]

        soon = {"reason": "quicker", "first_day": str(today + timedelta(days=2))}
        refused = await admin.post(f"{path}/publication", json=soon)
        assert (refused.status_code, refused.json()["code"]) == (409, "notice_too_short")
        book = await done(await admin.post(f"{path}/publication", json={"reason": "quicker"}))
        assert [one["now"] for one in book["items"]] == [True, False]
        assert book["items"][-1]["pack_hash"] == standing["candidate"]["days"][-1]["pack_hash"]


async def test_one_backtest_runs_at_a_time_and_what_was_lost_is_begun_again(url: str) -> None:
    async with the_world(url) as world, Outside(url) as outside:
        admin = world.clients["admin"]
        first, second = [await checked(admin, quicker()) for _ in range(2)]
        running = "UPDATE candidate SET status = 'running', trial = gen_random_uuid(), "
        asked = (
            b'{"since":"2026-01-01T00:00:00Z","decisions_max":1,"day":"2026-11-26","recorded":true}'
        )
        await outside.run(
            f"{running} asked = $2, beat_at = $3 WHERE id = $1", first, asked, utc_now()
        )
        refused = await admin.post(f"/v1/admin/candidates/{second}/backtest", json={})
        assert (refused.status_code, refused.json()["code"]) == (409, "backtest_running")

        # Whoever worked on it has given no sign of life for a minute.
        silent = utc_now() - timedelta(minutes=1)
        await outside.run("UPDATE candidate SET beat_at = $2 WHERE id = $1", first, silent)
        assert (await ended(world, first))["status"] == "lost"
        begun = await admin.post(f"/v1/admin/candidates/{first}/backtest", json={"decisions": 1})
        assert begun.json()["trial"]["status"] == "running"
        assert (await ended(world, first))["status"] == "done"

        assert (await admin.delete(f"/v1/admin/candidates/{first}")).status_code == 204
        assert (await admin.get(f"/v1/admin/candidates/{first}")).status_code == 404
        left = (await done(await admin.get(CANDIDATES)))["items"]
        assert [one["id"] for one in left] == [second]


async def test_a_candidate_that_goes_takes_its_backtest_along(url: str) -> None:
    async with the_world(url) as world:
        admin = world.clients["admin"]
        candidate = await checked(admin, quicker())
        path = f"/v1/admin/candidates/{candidate}"
        assert (await admin.post(f"{path}/backtest", json={})).status_code == 202
        assert (await admin.delete(path)).status_code == 204
        again = await checked(admin, quicker())
        # Its row is gone, so nothing stands in the way of the next one.
        begun = await admin.post(f"/v1/admin/candidates/{again}/backtest", json={})
        assert begun.status_code == 202
        assert (await ended(world, again))["status"] == "done"


async def test_one_that_is_removed_while_its_backtest_is_asked_for_is_not_there(url: str) -> None:
    async with the_world(url) as world, Outside(url) as remover, Outside(url) as outside:
        admin = world.clients["admin"]
        candidate = await checked(admin, quicker())
        await remover.run("BEGIN")
        await remover.run("DELETE FROM candidate")
        begun = asyncio.create_task(
            admin.post(f"/v1/admin/candidates/{candidate}/backtest", json={})
        )
        await outside.until(WAITING, 1, "%UPDATE candidate%")
        await remover.run("COMMIT")
        answer = await within(begun)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_of_each_market_the_newest_twenty_are_kept(url: str) -> None:
    async with the_world(url) as world, Outside(url) as outside:
        admin = world.clients["admin"]
        first = await checked(admin, quicker())
        copy = (
            "INSERT INTO candidate (id, market, version, days, files, made_at, made_by) "
            "SELECT gen_random_uuid(), market, version, days, files, "
            "made_at + n * interval '1 ms', made_by FROM candidate, generate_series(1, 19) n"
        )
        await outside.run(copy)
        assert await outside.value("SELECT count(*) FROM candidate") == 20
        last = await checked(admin, quicker())
        assert await outside.value("SELECT count(*) FROM candidate") == 20
        listed = (await done(await admin.get(CANDIDATES)))["items"]
        assert listed[0]["id"] == last
        assert first not in {one["id"] for one in listed}
