"""`oncedesk webhooks`, as a process: what it prints, and how it fails."""

import asyncio
import json
import os
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks import Webhook

from oncedesk.engine.instants import SimulatedClock
from tests.support.engines import Outside
from tests.support.hooks import hooks_on, leaving
from tests.support.receivers import OK, Answer, receiver

pytestmark = pytest.mark.slow


class Ran:
    """How a command ended."""

    def __init__(self, code: int, out: bytes, err: bytes) -> None:
        self.code, self.out, self.err = code, out.decode(), err.decode()

    @property
    def json(self) -> Any:
        assert self.code == 0, self.err
        return json.loads(self.out)


async def webhooks(url: str, *arguments: str) -> Ran:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from oncedesk.cli.main import main; main()",
        "webhooks",
        *arguments,
        env={
            **os.environ,
            "ONCEDESK_DATABASE_URL": url,
            "ONCEDESK_LOG_LEVEL": "error",
            "ONCEDESK_WEBHOOK_ALLOW": "127.0.0.1/32",
            "COLUMNS": "200",
        },
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    return Ran(process.returncode, out, err)


async def test_from_adding_to_removing(url: str) -> None:
    async with receiver() as got, Outside(url) as outside:
        topics = ("--topic", "case.opened", "--topic", "case.resolved")
        added = (await webhooks(url, "add", got.url, *topics, "--json")).json
        id_ = added["id"]
        tested = await webhooks(url, "test", id_)
        assert (tested.code, tested.out) == (0, "Taken: 200 ok\n")
        event = Webhook(added["secret"]).verify(got.got[0].body, got.got[0].headers)
        assert event["type"] == "oncedesk.ping"
        (listed,) = (await webhooks(url, "list", "--json")).json
        assert (listed["url"], listed["topics"]) == (got.url, ["case.opened", "case.resolved"])
        rotated = (await webhooks(url, "rotate", id_, "--json")).json
        assert rotated["secret"] != added["secret"]

        got.behave = lambda _: Answer(410)
        refused = await webhooks(url, "test", id_)
        assert (refused.code, "410" in refused.err) == (1, True)
        async with hooks_on(url) as hooks:
            await hooks.leave(leaving())
            hooks.known = await hooks.store.endpoints()
        disabled = await webhooks(url, "disable", id_, "--reason", "we move")
        assert disabled.out == f"Disabled {id_}.\n"
        (line,) = (await webhooks(url, "list")).out.splitlines()[1:]
        assert line == f"{id_}  platform  {got.url}  case.opened case.resolved  disabled: we move"
        replayed = await webhooks(url, "replay", id_, "--failed")
        assert (replayed.code, "enable it first" in replayed.err) == (1, True)
        assert (await webhooks(url, "enable", id_, "--json")).json == rotated
        shown = (await webhooks(url, "show", id_, "--json")).json
        assert (shown["waiting"], shown["disabled_reason"]) == (0, "")
        assert (await webhooks(url, "deliveries", id_, "--json")).json == []
        assert (await webhooks(url, "remove", id_)).out == f"Removed {id_}.\n"
        assert await outside.value("SELECT count(*) FROM webhook_endpoint") == 0


async def test_sends_now_what_waits_for_its_next_attempt(url: str) -> None:
    clock = SimulatedClock(datetime.now(UTC))
    async with (
        receiver(lambda _: Answer(503)) as got,
        hooks_on(url, clock=clock) as hooks,
        Outside(url) as outside,
    ):
        id_ = str((await hooks.add(got.url)).endpoint.id)
        await hooks.leave(leaving(1, at=clock()), leaving(2, at=clock()))
        await hooks.send()
        # Longer than the commands take.
        await outside.run("UPDATE webhook_delivery SET next_at = next_at + interval '9 hours'")
        (one, _) = (await webhooks(url, "deliveries", id_, "--json")).json
        sent = await webhooks(url, "send-now", id_, "--delivery", one["id"])
        said = "Sent now, as soon as a started engine comes to it: 1.\n"
        assert (sent.code, sent.out) == (0, said)
        assert (await webhooks(url, "send-now", id_)).out == said
        got.behave = lambda _: OK
        got.got.clear()
        clock.jump(datetime.now(UTC))
        await hooks.refresh()
        await hooks.send()
        again = await webhooks(url, "send-now", id_)
        assert (again.code, again.out) == (
            0,
            "Nothing waits for its next attempt: it is due, or there is nothing.\n",
        )
        assert len(got.got) == 2
        over = await webhooks(url, "send-now", id_, "--delivery", one["id"])
        assert (over.code, "Refused: delivery_over" in over.err) == (1, True)
        await webhooks(url, "disable", id_)
        refused = await webhooks(url, "send-now", id_)
        assert (refused.code, "enable it first" in refused.err) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("add", "https://10.0.0.1/"), 1, "at public addresses only"),
        (("add", "http://127.0.0.1/", "--desk", "shop"), 2, "merchant:ID"),
        (("show", "00000000-0000-0000-0000-000000000001"), 1, "webhook_unknown"),
        (("show", "nonsense"), 2, "Invalid value"),
    ],
)
async def test_an_error_is_a_line_and_no_zero(
    url: str, arguments: tuple[str, ...], code: int, said: str
) -> None:
    ran = await webhooks(url, *arguments)
    assert ran.code == code, ran.err
    assert said.lower() in (ran.err + ran.out).lower()
    assert "Traceback" not in ran.err
    async with Outside(url) as outside:
        assert await outside.value("SELECT count(*) FROM webhook_endpoint") == 0
