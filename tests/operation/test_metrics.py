"""What Prometheus reads: true numbers, by its conventions, about nobody in particular."""

import asyncio
import os
import random
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families

from oncedesk.domain.agents.messages import (
    DeskRole,
    JoinDesk,
    Presence,
    RegisterAgent,
    SetPresence,
    SetSkills,
)
from oncedesk.domain.desks.messages import OpenDesk
from oncedesk.domain.parties.messages import UpdateParty
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.engine.measures import COMMANDS, Spread
from oncedesk.engine.running import utc_now
from oncedesk.http.auth.principals import Scope
from oncedesk.http.traffic import Traffic
from oncedesk.operation.metrics import metrics_served
from oncedesk.settings import Settings
from oncedesk.storage import backlogs
from oncedesk.storage.backlogs import COUNTED_MAX, read_backlogs
from oncedesk.wiring import Parts, build
from tests.support.engines import Outside, eventually, party, register, within
from tests.support.lines import line_to
from tests.support.served import served

Found = dict[str, dict[tuple[tuple[str, str], ...], float]]
"""Values by the sample's name and its labels."""


def free_ports(number: int) -> int:
    """The first of so many neighbours at which nobody listens now, nor connects from: they lie
    below those that the system gives to connections."""
    for _ in range(100):
        first = random.randrange(20_000, 32_000)
        try:
            for port in range(first, first + number):
                with socket.socket() as other:
                    other.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first
    raise AssertionError("no free ports")


async def scrape(port: int) -> Found:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{port}/metrics", timeout=20)
    assert answer.status_code == 200
    found: Found = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            labels = tuple(sorted(sample.labels.items()))
            found.setdefault(sample.name, {})[labels] = sample.value
    return found


def value(found: Found, name: str, **labels: str) -> float:
    return found[name][tuple(sorted(labels.items()))]


@asynccontextmanager
async def measured(url: str, **more: Any) -> AsyncIterator[tuple[Parts, int]]:
    """A process's parts and the port of its figures."""
    settings = Settings(home=Path("/nowhere"), metrics_port=free_ports(1))
    async with (
        build(url, settings=settings) as parts,
        metrics_served(parts, settings=settings, **more),
    ):
        yield parts, settings.metrics_port


async def submit(parts: Parts, command: Any, *, key: str = "", **more: Any) -> Any:
    return await within(
        parts.engine.submit(
            command, principal="tests", key=key or str(uuid4()), actor=SYSTEM, **more
        )
    )


async def test_counts_commands_by_what_became_of_them(url: str) -> None:
    async with measured(url) as (parts, port):
        before = await scrape(port)
        for number in range(5):
            assert (await submit(parts, register(number), key="first")).accepted
        assert (await submit(parts, register(1), key="first")).duplicate
        unknown = UpdateParty(party=party(99), language="zh")
        assert not (await submit(parts, unknown)).accepted
        async with Outside(url) as outside:
            await outside.run("UPDATE state SET body = '\\xc1' WHERE id = $1", party(4))
        async with build(url, settings=Settings(home=Path("/nowhere"))) as other:
            answer = await submit(other, UpdateParty(party=party(4), language="zh"))
            assert answer.status == "parked"
            assert other.engine.writers.measures.outcomes["party"]["parked"] == 1  # type: ignore[index]
        found = await scrape(port)

    def more(name: str, **labels: str) -> float:
        return value(found, name, **labels) - value(before, name, **labels)

    commands = "oncedesk_commands_total"
    assert more(commands, kind="party", outcome="accepted") == 5
    assert more(commands, kind="party", outcome="repeated") == 1
    assert more(commands, kind="party", outcome="refused") == 1
    assert more(commands, kind="order", outcome="accepted") == 0
    assert more("oncedesk_command_seconds_count") == 7
    assert more("oncedesk_command_seconds_bucket", le="+Inf") == 7
    assert more("oncedesk_batch_commands_count") == 7
    assert more("oncedesk_batch_commands_bucket", le="1.0") == 7
    assert more("oncedesk_batch_commands_sum") == 7
    for name in ("oncedesk_batch_decide_seconds", "oncedesk_batch_commit_seconds"):
        assert more(f"{name}_count") == 7
        assert more(f"{name}_sum") > 0
    assert value(found, "oncedesk_commands_open") == 0
    assert value(found, "oncedesk_database_up") == 1
    most = [value(found, "oncedesk_database_connections_max", use=use) for use in ("work", "look")]
    assert most == [11, 5]
    assert sum(found["oncedesk_build_info"].values()) == 1
    assert value(found, "process_resident_memory_bytes") > 10_000_000
    assert value(found, "process_cpu_seconds_total") > 0


async def test_names_are_conventional_and_labels_are_few_and_name_nobody(url: str) -> None:
    traffic = Traffic()
    async with measured(url, more=[traffic.collect]) as (parts, port):
        for number in range(20):
            await submit(parts, register(number))
        found = await scrape(port)
    assert any(name.startswith("oncedesk_http_request_seconds") for name in found)
    for name, series in found.items():
        assert re.fullmatch(r"(oncedesk|process)_[a-z_]+", name), name
        assert len(series) <= 80, name
        for labels in series:
            for label, said in labels:
                assert label in {
                    *("kind", "outcome", "le", "state", "what", "desk_kind", "market"),
                    *("version", "schema", "python", "area", "status", "use"),
                }
                assert re.fullmatch(r"[a-z0-9_.+Inf]{1,16}", said), (name, labels)


async def test_tells_what_waits_and_stops_counting_at_a_thousand(url: str) -> None:
    now = utc_now()
    long_ago = now - timedelta(seconds=90)
    async with measured(url) as (parts, _), Outside(url) as outside:
        await submit(parts, register(1))
        empty = await read_backlogs(parts.pool, now=now)
        assert (empty.parked_commands, empty.parked_reactions) == (0, 0)
        assert (empty.outbox.waiting, empty.outbox.oldest_seconds) == (0, 0.0)
        assert empty.wake_late_seconds == 0.0
        await outside.run(
            "INSERT INTO parked SELECT 1, gen_random_uuid(), 'party', gen_random_uuid(), 'system',"
            " 'client', '', NULL, 'bug', now(), 1 FROM generate_series(1, 3)"
        )
        await outside.run(
            "INSERT INTO reaction SELECT 1, gen_random_uuid(), gen_random_uuid(), 1, 0,"
            " gen_random_uuid(), 'party', 1, '', $1, CASE WHEN n <= 2 THEN now() END"
            " FROM generate_series(1, 6) n",
            long_ago,
        )
        await outside.run(
            "INSERT INTO outbox (bucket, id, stream, topic, body, at, next_at)"
            " SELECT 1, gen_random_uuid(), gen_random_uuid(), 'x', '', $1, $1"
            " FROM generate_series(1, 1500)",
            long_ago,
        )
        await outside.run("UPDATE state SET wake = $1 WHERE id = $2", long_ago, party(1))
        found = await read_backlogs(parts.pool, now=now)
    assert (found.parked_commands, found.parked_reactions) == (3, 2)
    assert (found.reactions.waiting, found.reactions.oldest_seconds) == (4, 90.0)
    assert (found.outbox.waiting, found.outbox.oldest_seconds) == (COUNTED_MAX, 90.0)
    assert found.wake_late_seconds == 90.0


async def test_what_is_held_back_is_not_late_and_what_failed_is_since_it_happened(url: str) -> None:
    now = utc_now()
    hour = timedelta(hours=1)
    async with measured(url) as (parts, _), Outside(url) as outside:

        async def leaving(*, attempts: int, next_at: datetime) -> None:
            await outside.run(
                "INSERT INTO outbox (bucket, id, stream, topic, body, at, next_at, attempts)"
                " VALUES (1, gen_random_uuid(), gen_random_uuid(), 'x', '', $1, $2, $3)",
                now - 9 * hour,
                next_at,
                attempts,
            )

        await leaving(attempts=0, next_at=now + 2 * hour)
        found = await read_backlogs(parts.pool, now=now)
        assert (found.outbox.waiting, found.outbox.oldest_seconds) == (1, 0.0)
        found = await read_backlogs(parts.pool, now=now + 3 * hour)
        assert found.outbox.oldest_seconds == 3_600
        await leaving(attempts=3, next_at=now + hour)
        found = await read_backlogs(parts.pool, now=now)
        assert (found.outbox.waiting, found.outbox.oldest_seconds) == (2, 9 * 3_600)


async def test_no_figure_reads_a_table_whole(url: str) -> None:
    statements = [
        one.replace("$1", "1000")
        for name, one in vars(backlogs).items()
        if name.startswith("_") and isinstance(one, str) and "SELECT" in one
    ]
    assert len(statements) == 6
    async with Outside(url) as outside:
        # With so few rows it would rather sort; whether an index could serve is the question.
        for other in ("seqscan", "bitmapscan", "sort"):
            await outside.run(f"SET enable_{other} = off")
        for statement in statements:
            plan = await outside.column(f"EXPLAIN (COSTS off) {statement}")
            assert any("Limit" in line for line in plan), plan
            if "parked LIMIT" not in statement:
                assert any("Index" in line for line in plan), plan
                # Of endpoints there are few; they are read whole wherever something leaves.
                whole = [line for line in plan if "Seq Scan" in line or "Sort" in line]
                assert all("Seq Scan on webhook_endpoint" in line for line in whole), plan


async def test_answers_also_while_the_database_is_away(url: str) -> None:
    settings = Settings(home=Path("/nowhere"), metrics_port=free_ports(1))
    async with (
        line_to(url) as line,
        build(line.url, settings=settings) as parts,
        metrics_served(parts, settings=settings),
    ):
        line.down()
        found = await scrape(settings.metrics_port)
        assert value(found, "oncedesk_database_up") == 0
        assert "oncedesk_parked" not in found
        assert value(found, "oncedesk_commands_open") == 0
        await line.up()


async def test_queues_are_told_by_desk_kind_and_market(url: str) -> None:
    agent = party(7)
    async with served(url, started=True) as service:
        parts = service.parts
        for command in (
            OpenDesk(desk=PLATFORM, market="cn"),
            RegisterAgent(agent=agent),
            JoinDesk(agent=agent, desk=PLATFORM, role=DeskRole.AGENT, starts_at=utc_now()),
            SetSkills(agent=agent, skills=("general",), languages=("zh",)),
            SetPresence(agent=agent, presence=Presence.AVAILABLE),
        ):
            await submit(parts, command)
        await eventually(parts.engine.watch.seen, "the desks were looked at")
        (seen,) = parts.engine.watch.seen()
        assert (seen.kind, seen.market, seen.waiting) == ("platform", "cn", 0)


async def test_requests_are_counted_and_the_figures_are_not_public(url: str) -> None:
    async with served(url) as service:
        machine = await service.machine(Scope.CONTACTS_WRITE)
        assert (await machine.get("/metrics")).status_code == 404
        stranger = await service.client()
        assert (await stranger.get("/v1/desk/cases")).status_code in (401, 404)


async def test_a_port_that_is_taken_is_told_and_the_service_goes_on(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = Settings(home=Path("/nowhere"), metrics_port=taken.getsockname()[1])
        async with (
            build(url, settings=settings) as parts,
            metrics_served(parts, settings=settings),
        ):
            assert (await submit(parts, register(1))).accepted
    told = capsys.readouterr()
    assert "metrics_not_served" in told.out + told.err


def test_a_spread_counts_at_its_bounds() -> None:
    spread = Spread(COMMANDS)
    for number in (1, 1, 2, 3, 2048, 2049, 5000):
        spread.add(number)
    assert spread.counts == [2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2]
    assert spread.total == 9104


@pytest.mark.slow
async def test_each_of_several_processes_tells_its_own(url: str) -> None:
    first = free_ports(3)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from oncedesk.cli.main import main; main()",
        *("serve", "--port", "0", "--processes", "2"),
        env={**os.environ, "ONCEDESK_DATABASE_URL": url, "ONCEDESK_METRICS_PORT": str(first)},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert b"serves at" in await within(process.stdout.readline(), 60)
        one, two = await scrape(first), await scrape(first + 1)
        listens = {
            socket.laddr.port: child.pid
            for child in psutil.Process(process.pid).children()
            for socket in child.net_connections()
            if socket.status == psutil.CONN_LISTEN
        }
        assert listens[first] != listens[first + 1]
        assert value(one, "oncedesk_database_up") == value(two, "oncedesk_database_up") == 1
    finally:
        process.send_signal(signal.SIGTERM)
        assert await within(process.wait(), 60) == 0
