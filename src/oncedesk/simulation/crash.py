"""A process to be killed: takes commands by the line, and dies at a point that it was told.

`python -m oncedesk.simulation.crash URL` (or HOME, for the embedded database there) reads JSON
objects from standard input (`Asked`) and writes JSON objects to standard output (`Told`, and `Sent`
for what left by the outbox). Payments are as the settings of this name say. With
ONCEDESK_DIE_AT=POINT:COUNT it kills itself with SIGKILL when it comes to that point so often.
Whoever started it keeps what was not answered, and asks again.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Kind
from oncedesk.engine.outgoing import TO_CONSUMERS
from oncedesk.engine.ports import OutboxRow
from oncedesk.engine.submission import Answer
from oncedesk.logs import set_up_logs
from oncedesk.settings import PREFIX, Settings
from oncedesk.wiring import DECIDERS, build, database

POINTS = ("after_load", "after_states", "before_commit", "after_commit", "outbox_sent")
PAYING_POINTS = ("refund_answered", "refunds_answered")
DIE_AT = "ONCEDESK_DIE_AT"
PRINCIPAL = "crash"
_LINE_MAX = 1 << 20


class Asked(Record, frozen=True, omit_defaults=True):
    """A command of this kind, given by `role` (and `who`, if it is a person), under this key."""

    number: int
    key: str
    kind: Kind
    command: msgspec.Raw
    role: Role = Role.SYSTEM
    who: UUID | None = None


class Told(Record, frozen=True, tag="told"):
    """What became of the command with this number."""

    number: int
    status: str
    version: int
    duplicate: bool
    code: str


class Sent(Record, frozen=True, tag="sent"):
    """Something left, under this key."""

    id: UUID


class Ready(Record, frozen=True, tag="ready"):
    """The process takes commands."""

    pid: int


Line = Ready | Told | Sent


def dying_at(told: str) -> Callable[[str], None]:
    """Kills this process when it comes to that point for that time; `told` is POINT:COUNT."""
    if not told:
        return lambda _: None
    wanted, _, count = told.partition(":")
    left = int(count)

    def point(name: str) -> None:
        nonlocal left
        if name == wanted:
            left -= 1
            if left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return point


def say(line: Line) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
    sys.stdout.buffer.flush()


async def serve(settings: Settings, *, die_at: str) -> None:
    """Take commands until standard input ends, then stop in order."""

    async def send(row: OutboxRow) -> None:
        say(Sent(row.id))

    point = dying_at(die_at)
    async with (
        database(settings) as url,
        # The packs were published by whoever set the database up.
        build(
            url, settings=settings, send=send, topics=TO_CONSUMERS, packs=(), named_point=point
        ) as parts,
    ):
        await parts.engine.start()
        reader = asyncio.StreamReader(limit=_LINE_MAX)
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
        )
        say(Ready(os.getpid()))
        decoders = {decider.kind: msgspec.json.Decoder(decider.commands) for decider in DECIDERS}
        while line := await reader.readline():
            asked = msgspec.json.decode(line, type=Asked)
            parts.engine.submit(
                decoders[asked.kind].decode(asked.command),
                principal=PRINCIPAL,
                key=asked.key,
                actor=Actor(role=asked.role, id=asked.who),
            ).add_done_callback(_answering(asked.number))


def _answering(number: int) -> Callable[["asyncio.Future[Answer]"], None]:
    def told(future: "asyncio.Future[Answer]") -> None:
        answer = future.result()
        say(Told(number, answer.status.value, answer.version, answer.duplicate, answer.code))

    return told


def main() -> None:
    set_up_logs(level="error", format_="json")
    (where,) = sys.argv[1:]
    payments: dict[str, Any] = {
        name: os.environ[f"{PREFIX}{name.upper()}"]
        for name in ("payments_url", "payments_secret", "webhook_allow")
        if f"{PREFIX}{name.upper()}" in os.environ
    }
    settings = (
        Settings(home=Path.cwd(), database_url=where, **payments)
        if "://" in where
        else Settings(home=Path(where), **payments)
    )
    with suppress(BrokenPipeError, KeyboardInterrupt):
        asyncio.run(serve(settings, die_at=os.environ.get(DIE_AT, "")))


if __name__ == "__main__":
    main()
