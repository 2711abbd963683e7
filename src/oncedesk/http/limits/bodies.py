"""Reads a body as far as it may go: so large, and so deep."""

import asyncio
import re
from contextlib import suppress
from typing import Any

from oncedesk.http.problems import Refused, problem

DEPTH_MAX = 32
DISCARDED_BYTES_MAX = 1 << 20
DISCARDED_SECONDS_MAX = 1.0
"""So much we listen to of what was refused, and so long: who still sends would not hear why."""
# Also one without an end, and nothing is looked at twice: the time grows with the length alone.
_TEXTS = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_BRACKETS = re.compile(rb"[\[\]{}]")


async def read_body(receive: Any, *, declared: bytes, bytes_max: int) -> bytes:
    """The whole body. Raises `Refused` where it is too large."""
    if declared:
        # The server has checked that it is a number.
        if int(declared) > bytes_max:
            await discard_rest(receive)
            raise Refused(_too_large(bytes_max))
        if declared == b"0":
            return b""
    return await _read(receive, bytes_max)


async def discard_rest(receive: Any) -> None:
    """Let what comes of a body that was refused go by, for a while."""
    size = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(DISCARDED_SECONDS_MAX):
            while size <= DISCARDED_BYTES_MAX:
                message = await receive()
                if not message.get("more_body", False):
                    return
                size += len(message.get("body", b""))


def refuse_deep(body: bytes) -> None:
    """JSON may nest so deep; looked at before anything is built from it. Raises `Refused`."""
    if body.count(b"{") + body.count(b"[") <= DEPTH_MAX:
        return
    depth = 0
    for bracket in _BRACKETS.findall(_TEXTS.sub(b"", body)):
        depth += 1 if bracket in b"[{" else -1
        if depth > DEPTH_MAX:
            raise Refused(problem("body_too_deep", f"at most {DEPTH_MAX} levels"))


async def _read(receive: Any, bytes_max: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        part = message.get("body", b"")
        size += len(part)
        more = message.get("more_body", False)
        if size > bytes_max:
            if more:
                await discard_rest(receive)
            raise Refused(_too_large(bytes_max))
        parts.append(part)
        if not more:
            return parts[0] if len(parts) == 1 else b"".join(parts)


class ClientGone(Exception):
    """Nobody waits for the answer any more."""


def _too_large(bytes_max: int) -> Any:
    return problem("body_too_large", f"at most {bytes_max} bytes")
