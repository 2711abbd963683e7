"""What a command's answer looks like outside: when, which version, and whether it was a repeat."""

from typing import Annotated, TypeVar
from uuid import UUID

import msgspec
from litestar import Response
from msgspec import Meta

from oncedesk.domain.shared.bounds import Moment
from oncedesk.http.call import Done

T = TypeVar("T")

Version = Annotated[int, Meta(ge=0)]


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """It is done and durable. `version` is the state's afterwards, `events` what it came to.

    Sent again with the same key the answer is the same, with the header `Idempotent-Replayed`.
    """

    command_id: UUID
    version: Version
    at: Moment | None
    events: tuple[str, ...] = ()


def accepted(done: Done) -> Response[Accepted]:
    """The answer to a command, for those who may know what it came to."""
    content = Accepted(
        command_id=done.command_id,
        version=done.version,
        at=done.at,
        events=tuple(type(event).__name__ for event in done.events),
    )
    return answered(done, content)


def answered(done: Done, content: T) -> Response[T]:
    """Any content as the answer to this command."""
    return Response(content, headers=_headers(done))


def versioned(content: T, version: int) -> Response[T]:
    """A state as it stands, with the version to send back in `If-Match`."""
    return Response(content, headers={"ETag": f'"{version}"'})


def _headers(done: Done) -> dict[str, str]:
    headers = {"ETag": f'"{done.version}"'}
    if done.duplicate:
        headers["Idempotent-Replayed"] = "true"
    return headers
