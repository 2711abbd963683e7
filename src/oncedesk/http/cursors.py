"""Where a list goes on: a position that only we can have made, for one reader and one list."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, Generic, TypeVar

import msgspec
from msgspec import Meta

from oncedesk.http.auth.secrets import Seals
from oncedesk.http.problems import Refused, problem

T = TypeVar("T")
P = TypeVar("P", bound=msgspec.Struct)

LIMIT_MAX = 100
LENGTH_MAX = 2_000
"""A log-in has up to 200 characters, of which case folding makes up to 1,200 bytes."""
_MARK_BYTES = 16
_PURPOSE = "cursor"


class Page(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """A part of a list. `next` asks for what follows; without it there is nothing more."""

    items: Annotated[tuple[T, ...], Meta(max_length=LIMIT_MAX)]
    next: str | None = None


class Cursors:
    """Makes and reads them. `whose` names the reader, the list and what it was narrowed to."""

    def __init__(self, seals: Seals) -> None:
        self._seals = seals
        self._encode = msgspec.msgpack.Encoder().encode

    def made(self, position: msgspec.Struct, *, whose: str) -> str:
        body = self._encode(position)
        return urlsafe_b64encode(self._mark(body, whose) + body).decode().rstrip("=")

    def read(self, cursor: str, type_: type[P], *, whose: str) -> P:
        """The position. Raises `Refused` for another reader's, another list's, or none at all."""
        try:
            held = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except ValueError:
            raise Refused(_INVALID) from None
        mark, body = held[:_MARK_BYTES], held[_MARK_BYTES:]
        if len(cursor) > LENGTH_MAX or not self._seals.same(mark, self._mark(body, whose)):
            raise Refused(_INVALID)
        try:
            return msgspec.msgpack.decode(body, type=type_)
        except msgspec.DecodeError:
            # Made by an earlier release, for a list that goes on differently now.
            raise Refused(_INVALID) from None

    def _mark(self, body: bytes, whose: str) -> bytes:
        return self._seals.mark(_PURPOSE, whose.encode() + b"\0" + body)[:_MARK_BYTES]


_INVALID = problem("cursor_invalid", "the `next` of your own page of this list", field="cursor")
