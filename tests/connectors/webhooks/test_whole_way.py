"""From a command to the receiver, through processes as they are started."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from standardwebhooks import Webhook

from oncedesk.connectors.webhooks.managing import EndpointWithSecret
from oncedesk.domain.conversations.messages import (
    Audience,
    PostMessage,
    ResolveCase,
    TransferCase,
)
from oncedesk.domain.desks.messages import OpenDesk
from oncedesk.domain.shared.decider import MARKETPLACE, Refusal
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.domain.shared.rulepack import NotifyingRule
from oncedesk.engine.instants import SimulatedClock
from oncedesk.engine.outgoing import DESK_TOPICS, TOPICS
from oncedesk.engine.running import utc_now
from oncedesk.rules.loading import load_builtin
from oncedesk.rules.storing import seal
from oncedesk.settings import Settings
from oncedesk.simulation.crash import DIE_AT
from oncedesk.wiring import Parts, Tells, build
from tests.support.engines import ADMIN, Outside, contact, eventually, party, within
from tests.support.hooks import hooks_on
from tests.support.receivers import OK, Answer, Receiver, Request, receiver

SETTINGS = Settings(
    home=Path("/nowhere"), webhook_allow="127.0.0.1/32", public_url="https://service.example.org"
)
KEYS = count()
SAID: dict[str, Any] = {"digest": b"0123456789abcdef", "length": 12}
SHOP = Desk(DeskKind.MERCHANT, party(501))
# Where no night is quiet, and no notification waits for others.
AT_ONCE = seal(
    replace(load_builtin("cn").pack(date(2026, 11, 30)), notifying=NotifyingRule("tests", "", 0))
)
OUTBOX = "SELECT count(*) FROM outbox"


@asynccontextmanager
async def process_on(url: str, **more: Any) -> AsyncIterator[Parts]:
    async with build(url, settings=SETTINGS, **more) as parts:
        await parts.engine.start()
        yield parts


async def does(parts: Parts, command: Any, *, actor: Any = ADMIN) -> None:
    key = f"{next(KEYS)}"
    answer = await within(parts.engine.submit(command, principal="tests", key=key, actor=actor))
    assert answer.accepted, answer


async def add(parts: Parts, url: str, *topics: str, desk: Desk = PLATFORM) -> EndpointWithSecret:
    added = await parts.webhooks.add(actor=ADMIN, desk=desk, url=url, topics=topics or TOPICS)
    assert isinstance(added, EndpointWithSecret), added
    return added


def about(kind: Any, number: int, **details: Any) -> Any:
    return kind(consumer=party(number), conversation=contact(number).target().id, case=1, **details)


async def test_a_case_is_told_of_from_its_beginning_to_its_end(url: str) -> None:
    async with receiver() as got, process_on(url) as parts, Outside(url) as outside:
        added = await add(parts, got.url)
        await does(parts, contact(1, issue="other"), actor=MARKETPLACE)
        await does(parts, about(PostMessage, 1, audience=Audience.CONSUMER, **SAID))
        await does(parts, about(PostMessage, 1, audience=Audience.INTERNAL, **SAID))
        await does(parts, about(ResolveCase, 1, reason="solved"))
        await eventually(lambda: len(got.got) >= 5, "all came")
        await outside.until(OUTBOX, 2)  # Notifications, which still wait for others.
        for request in got.got:
            Webhook(added.secret).verify(request.body, request.headers)
        events = [request.event for request in got.got]
        assert [event["type"] for event in events if event["data"].get("event")] == [
            "oncedesk.case.opened",
            "oncedesk.message.posted",
            "oncedesk.consumer.told",
            "oncedesk.message.posted",
            "oncedesk.case.resolved",
        ]
        (opened,) = [one for one in events if one["type"] == "oncedesk.case.opened"]
        assert opened["subject"] == str(contact(1).target().id)
        assert opened["data"]["event"]["issue"] == "other"
        resolved = events[-1]["data"]
        assert (resolved["version"], resolved["event"]["by"]) == (4, "admin")
        assert not any(b"digest" in request.body for request in got.got)


async def test_a_desk_is_told_of_its_own_cases_only_and_of_no_consumer(url: str) -> None:
    clock = SimulatedClock(utc_now() + timedelta(minutes=1))
    async with (
        receiver() as own,
        receiver() as all_,
        build(url, settings=SETTINGS) as parts,
        # Only the marketplace's own may be at an address that is not public.
        hooks_on(url, clock=clock) as hooks,
    ):
        await does(parts, OpenDesk(desk=SHOP, market="cn"))
        await hooks.add(all_.url, topics=TOPICS)
        await hooks.add(own.url, topics=DESK_TOPICS, desk=SHOP)
        await parts.engine.refresh_packs()
        ref = contact(1).target()
        case: dict[str, Any] = {"consumer": party(1), "conversation": ref.id, "case": 1}
        for number in (1, 2):
            await does(parts, contact(number, issue="other"), actor=MARKETPLACE)
        for desk in (SHOP, PLATFORM):
            await does(parts, TransferCase(**case, desk=desk, reason="x"))
            await does(parts, PostMessage(**case, audience=Audience.CONSUMER, **SAID))
        await hooks.send()

        def came(receiver: Receiver, kind: str) -> int:
            return sum(one.event["type"] == f"oncedesk.{kind}" for one in receiver.got)

        assert (came(all_, "case.opened"), came(all_, "message.posted")) == (2, 4)
        assert came(own, "case.transferred") == 2, "they come and go"
        assert came(own, "message.posted") == 1
        assert came(own, "case.opened") == 0
        assert {one.event["subject"] for one in own.got} == {str(ref.id)}
        for request in own.got:
            assert str(party(1)).encode() not in request.body
            assert b"agent" not in request.body
        assert any(str(party(1)).encode() in one.body for one in all_.got)


async def test_networks_of_ones_own_are_open_to_the_marketplace_alone(url: str) -> None:
    async with receiver() as got, build(url, settings=SETTINGS) as parts:
        refused = await parts.webhooks.add(actor=ADMIN, desk=SHOP, url=got.url)
        assert isinstance(refused, Refusal)
        assert refused.code == "webhook_target"
        await add(parts, got.url)


async def test_another_process_learns_of_an_endpoint_and_of_its_end(url: str) -> None:
    async with receiver() as got, process_on(url) as one, process_on(url) as other:
        added = await add(one, got.url, "case.opened")
        number = 0
        while not got.got:
            number += 1
            await does(other, contact(number), actor=MARKETPLACE)
        assert await one.webhooks.disable(added.endpoint.id, actor=ADMIN, reason="over") is None
        async with Outside(url) as outside:
            # Before the other one has heard of it, rows are written that nobody is sent.
            await outside.until(OUTBOX, 0)
            written = "SELECT count(*) FROM webhook_delivery"
            before = await outside.value(written)
            await does(other, contact(number + 1), actor=MARKETPLACE)
            await outside.until(OUTBOX, 0)
            await other.engine.refresh_packs()
            await does(other, contact(number + 2), actor=MARKETPLACE)
            assert await outside.value(OUTBOX) == 0
            assert await outside.value(written) == before


async def test_without_an_endpoint_nothing_is_written(url: str) -> None:
    async with build(url, settings=SETTINGS) as parts, Outside(url) as outside:
        await does(parts, contact(1, issue="other"), actor=MARKETPLACE)
        assert await outside.value(OUTBOX) == 0


async def test_what_is_played_from_long_ago_is_for_nobody(url: str) -> None:
    async with receiver() as got, build(url, settings=SETTINGS) as parts, Outside(url) as outside:
        await add(parts, got.url)
        async with build(url, settings=SETTINGS, tells=Tells.NOBODY) as playing:
            await does(playing, contact(1, issue="other"), actor=MARKETPLACE)
        assert await outside.value(OUTBOX) == 0


# ── Killed ───────────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def worker_on(url: str, *, die_at: str = "") -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that sends; killed at the end, if it is not dead yet."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.support.hook_worker",
        url,
        env={**os.environ, DIE_AT: die_at, "PYTHONPATH": str(Path.cwd())},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


# Only the first fanning out is sure to be: the notifications may have been merged before it.
@pytest.mark.slow
@pytest.mark.parametrize("point", ["webhook_answered:7", "fanned_out:1", "notifications_merged:1"])
async def test_killed_anywhere_nothing_is_lost_and_what_comes_again_has_the_same_id(
    url: str, point: str
) -> None:
    failing = {"count": 5}

    def behave(request: Request) -> Answer:
        failing["count"] -= 1
        return Answer(500) if failing["count"] == 0 else OK

    async with receiver(behave) as got, Outside(url) as outside:
        async with build(url, settings=SETTINGS, packs=[AT_ONCE]) as parts:
            await add(parts, got.url)
            for number in range(20):
                await does(parts, contact(number, issue="other"), actor=MARKETPLACE)
            written = await outside.value(OUTBOX)
            assert written == 80, "opened, posted, told, and a notification of it"
        async with worker_on(url, die_at=point) as worker:
            assert await within(worker.wait()) == -signal.SIGKILL
        async with worker_on(url):
            await outside.until(OUTBOX, 0)
            await outside.until("SELECT count(*) FROM webhook_delivery WHERE status <> 'taken'", 0)
        assert await outside.value("SELECT count(*) FROM webhook_delivery") == written
        expected = set(await outside.column("SELECT event::text FROM webhook_delivery"))
        assert set(got.ids()) == expected
        bodies: dict[str, bytes] = {}
        for request in got.got:
            assert bodies.setdefault(request.id, request.body) == request.body
        again = len(got.got) - len(expected)
        print(f"{again} came again")
        assert again >= 1
