"""`oncedesk webhooks`, as a process: what it prints, and how it fails."""

import asyncio
import json
import os
import sys
from typing import Any

import pytest
from standardwebhooks import Webhook

from tests.support.engines import Outside
from tests.support.hooks import hooks_on, leaving
from tests.support.receivers import Answer, receiver

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
