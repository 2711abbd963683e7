"""Server-sent events: what somebody looks at, kept up to date for as long as they look.

A stream follows the marks of what it shows (`storage/live.py`) and reads again when told to. Each
time it asks anew who is looking: a session that is over ends its streams, and none goes on because
of them. The position of a stream
is a version of what it shows, sent as the events' id; who comes back with it in `Last-Event-ID`
goes on from there and misses nothing.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import msgspec
import structlog
from litestar.response import Stream

from oncedesk.domain.shared.records import Record
from oncedesk.engine.ports import ConnectionLost, TryAgain
from oncedesk.http.auth.principals import Principal
from oncedesk.http.auth.sessions import SessionKind
from oncedesk.http.call import Call
from oncedesk.http.problems import Refused, problem

log = structlog.get_logger(__name__)

MEDIA_TYPE = "text/event-stream"
HEARTBEAT_SECONDS = 15.0
RETRY_MS = 1_000

_encode = msgspec.json.Encoder().encode
_VERSION_DIGITS_MAX = 9


class Event(Record, frozen=True):
    """One event. `id` is the position from which whoever has received it goes on."""

    name: str
    data: Any
    id: int | None = None

    def encoded(self) -> bytes:
        # JSON on one line, so that no line of it can be taken for another field.
        lines = [b"event: " + self.name.encode(), b"data: " + _encode(self.data)]
        if self.id is not None:
            lines.append(b"id: %d" % self.id)
        return b"\n".join(lines) + b"\n\n"


class Seen(Record, frozen=True):
    """What a look found, and whether there is more of it to be had at once."""

    events: Sequence[Event]
    more: bool = False


Look = Callable[[Principal], Awaitable[Seen]]
"""What is new since the last look, for this principal."""


def position(request: Call) -> int:
    """Where a stream that broke had come to; 0 for one that begins. Raises `Refused`."""
    said = request.headers.get("last-event-id")
    if said is None:
        return 0
    if not said.isdecimal() or not said.isascii() or len(said) > _VERSION_DIGITS_MAX:
        raise Refused(
            problem("parameter_invalid", "the id of an event as it came", field="Last-Event-ID")
        )
    return int(said)


async def stream(
    request: Call,
    kind: SessionKind,
    *,
    marks: Sequence[str],
    look: Look,
    rest_seconds: float = 0.0,
    anew_seconds: float | None = None,
) -> Stream:
    """Whatever `look` finds, now and each time that something with one of the marks has changed.

    Between two looks it rests so many seconds at least. What changes by time alone is looked at
    anew after `anew_seconds`. Raises what the first look raises, so that
    a refusal is an answer and not the end of a stream.
    """
    pieces = _pieces(request, kind, marks, look, rest_seconds, anew_seconds)
    first = await anext(pieces)
    return Stream(
        _after(first, pieces),
        media_type=MEDIA_TYPE,
        # A proxy that collects before it passes on would undo all this.
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _after(first: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in pieces:
        yield piece


async def _pieces(
    request: Call,
    kind: SessionKind,
    marks: Sequence[str],
    look: Look,
    rest_seconds: float,
    anew_seconds: float | None,
) -> AsyncIterator[bytes]:
    service = request.service
    live = service.parts.live
    token = request.held_token(kind)
    with service.streams.opened(request.principal.name), live.follow(marks) as follower:
        news = True
        # What comes from here on is news.
        await follower.wait(seconds_max=0)
        seen = await look(request.principal)
        yield b"retry: %d\n\n" % RETRY_MS + _joined(seen)
        while not live.closing:
            if not seen.more:
                if rest_seconds:
                    await live.rest(rest_seconds)
                told = await follower.wait(seconds_max=anew_seconds or HEARTBEAT_SECONDS)
                news = told or anew_seconds is not None
            try:
                principal = await service.doors.sessions.watching(kind, token)
                seen = await look(principal) if news or seen.more else _NOTHING
            except Refused as refused:
                # They are nobody any more, or may not see this any more.
                yield Event("ended", refused.problem).encoded()
                return
            except (ConnectionLost, TryAgain) as error:
                # Whoever looks comes back by themselves, and goes on where this one had come to.
                log.warning("database_away", error=str(error))
                return
            yield _joined(seen) or b": nothing new\n\n"


_NOTHING = Seen(())


def _joined(seen: Seen) -> bytes:
    return b"".join([event.encoded() for event in seen.events])
