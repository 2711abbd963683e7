"""Whether the process lives and can work: what whoever watches it is told."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from structlog.testing import capture_logs

from oncedesk.http import health
from tests.http.files import photo
from tests.http.test_contacts import contact
from tests.support.engines import Outside, nothing_stored, within
from tests.support.lines import line_to
from tests.support.served import served


async def test_a_process_without_its_database_lives_and_is_not_ready(url: str) -> None:
    async with served(url) as service:
        anybody = await service.client()
        parts = service.parts
        await parts.pool.close()
        assert (await anybody.get("/health/live")).status_code == 200
        ready = await anybody.get("/health/ready")
        assert ready.status_code == 503
        assert ready.headers["retry-after"] == "1"
        assert ready.json() == {
            "ready": False,
            "database": False,
            "migrated": False,
            "engine": True,
            "stopping": False,
        }


async def test_who_watches_may_ask_for_the_head_alone(url: str) -> None:
    async with served(url) as service:
        anybody = await service.client()
        for path in ("/health/live", "/health/ready", "/docs", "/desk", "/"):
            whole, head = await anybody.get(path), await anybody.head(path)
            assert (head.status_code, head.content) == (whole.status_code, b"")
            assert head.headers["content-length"] == whole.headers["content-length"]
        await service.parts.pool.close()
        assert (await anybody.head("/health/ready")).status_code == 503


FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON journal EXECUTE FUNCTION full_disk();
"""


async def test_a_database_that_takes_nothing_is_not_ready_until_it_does(url: str) -> None:
    """As one whose disk is full, which answers whoever only asks."""
    async with served(url) as service, Outside(url) as outside:
        machine = await service.machine()
        await outside.run(FULL)
        try:
            said = asyncio.create_task(
                machine.post(
                    "/v1/marketplace/contacts",
                    json=contact(UUID(int=1)),
                    headers={"Idempotency-Key": "one"},
                )
            )
            unready = await within(_until(machine, 503))
            assert (unready["database"], unready["engine"]) == (False, True)
            assert not said.done()
        finally:
            await outside.run("DROP FUNCTION full_disk CASCADE")
        assert (await within(said)).status_code == 200
        assert (await machine.get("/health/ready")).status_code == 200


async def _until(anybody: httpx.AsyncClient, status: int) -> dict[str, Any]:
    """What is said of being ready, as soon as it is answered so."""
    while True:
        answer = await anybody.get("/health/ready")
        if answer.status_code == status:
            said: dict[str, Any] = answer.json()
            return said


async def test_an_older_schema_is_not_ready(url: str) -> None:
    async with served(url) as service, Outside(url) as outside:
        newest = await outside.value("SELECT version_num FROM alembic_version")
        try:
            await outside.run("UPDATE alembic_version SET version_num = '0001'")
            ready = await (await service.client()).get("/health/ready")
            assert (ready.status_code, ready.json()["migrated"]) == (503, False)
        finally:
            await outside.run("UPDATE alembic_version SET version_num = $1", newest)


async def test_a_process_that_finds_a_newer_database_does_nothing_any_more(url: str) -> None:
    async with served(url, started=True) as service, Outside(url) as outside:
        machine = await service.machine()
        newest = await outside.value("SELECT version_num FROM alembic_version")
        ended = asyncio.Event()
        service.parts.engine.writers.on_failed.append(ended.set)
        try:
            with capture_logs() as logs:
                await outside.run("UPDATE alembic_version SET version_num = '9999'")
                await asyncio.wait_for(ended.wait(), 20)
            (told,) = [line for line in logs if line["event"] == "database_newer"]
            assert "revision 9999" in told["error"]
            ready = await machine.get("/health/ready")
            assert ready.status_code == 503
            assert ready.json() == {
                "ready": False,
                "database": True,
                "migrated": False,
                "engine": False,
                "stopping": True,
            }
            refused = await machine.post(
                "/v1/marketplace/contacts",
                json=contact(UUID(int=1)),
                headers={"Idempotency-Key": "one"},
            )
            assert (refused.status_code, refused.json()["code"]) == (503, "stopping")
            assert await outside.value("SELECT count(*) FROM parked") == 0
        finally:
            await outside.run("UPDATE alembic_version SET version_num = $1", newest)


async def test_a_process_that_stops_takes_nothing_new(url: str) -> None:
    async with served(url) as service:
        machine = await service.machine()
        await service.parts.engine.stop()
        ready = await machine.get("/health/ready")
        assert (ready.status_code, ready.json()["stopping"]) == (503, True)
        refused = await machine.post("/v1/marketplace/contacts", json={})
        assert (refused.status_code, refused.json()["code"]) == (503, "stopping")
        assert refused.headers["retry-after"]


async def test_a_process_whose_writers_have_failed_is_not_ready(url: str) -> None:
    async with served(url) as service, Outside(url) as outside:
        machine = await service.machine()
        async with nothing_stored(outside):
            failed = await machine.post(
                "/v1/marketplace/contacts",
                json=contact(UUID(int=1)),
                headers={"Idempotency-Key": "one"},
            )
            assert (failed.status_code, failed.json()["code"]) == (503, "stopping")
        ready = await machine.get("/health/ready")
        assert (ready.status_code, ready.json()["engine"]) == (503, False)


async def test_without_the_database_a_request_is_told_so(url: str) -> None:
    async with served(url) as service:
        machine = await service.machine()
        await service.parts.pool.close()
        away = await machine.get("/v1/marketplace/consumers/" + str(UUID(int=1)) + "/orders")
        assert (away.status_code, away.json()["code"]) == (503, "database_away")
        assert away.headers["retry-after"]


async def test_where_the_database_falls_silent_it_is_told_in_time(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "CHECK_SECONDS_MAX", 0.2)
    async with line_to(url) as line, served(line.url) as service:
        anybody = await service.client()
        line.hold_before("alembic_version")
        try:
            ready = await within(anybody.get("/health/ready"))
        finally:
            line.go_on.set()
        assert line.reached.is_set()
        assert (ready.status_code, ready.json()["database"]) == (503, False)
        assert (await anybody.get("/health/ready")).status_code == 200


async def test_where_the_database_falls_silent_a_question_is_answered_in_time(url: str) -> None:
    async with line_to(url) as line, served(line.url, request_seconds_max=1.0) as service:
        machine = await service.machine()
        orders = f"/v1/marketplace/consumers/{UUID(int=1)}/orders"
        line.hold_before("version, at, body FROM state")
        try:
            late = await within(machine.get(orders))
        finally:
            line.go_on.set()
        assert line.reached.is_set()
        assert (late.status_code, late.json()["code"]) == (503, "timed_out")
        assert late.headers["retry-after"]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_where_the_database_falls_silent_nobody_is_told_that_they_are_slow(
    url: str, method: str
) -> None:
    """Who asks is looked up before their body is read."""
    async with line_to(url) as line, served(line.url, body_seconds_max=1.0) as service:
        machine = await service.machine()
        line.hold_before("FROM api_key")
        try:
            late = await within(machine.request(method, "/v1/marketplace/contacts", json={}))
        finally:
            line.go_on.set()
        assert line.reached.is_set()
        assert (late.status_code, late.json()["code"]) == (503, "timed_out")
        assert late.headers["retry-after"]


async def test_where_the_database_falls_silent_nobody_who_brings_a_file_is_told_that_they_are_slow(
    url: str,
) -> None:
    """Whether there is room for it is looked up before any of it is read."""
    async with line_to(url) as line, served(line.url, body_seconds_max=1.0) as service:
        machine = await service.machine()
        path = f"/v1/marketplace/consumers/{UUID(int=1)}/attachments"
        about = {"kind": "order", "subject": str(UUID(int=2)), "part": "1", "market": "cn"}
        line.hold_before("INSERT INTO attachment")
        try:
            late = await within(machine.post(path, params=about, content=photo(1)))
        finally:
            line.go_on.set()
        assert line.reached.is_set()
        assert (late.status_code, late.json()["code"]) == (503, "timed_out")
        assert late.headers["retry-after"]
