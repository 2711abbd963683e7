"""Whether this process lives, and whether it can do its work now."""

import asyncio
from typing import Literal

import msgspec
from litestar import Response, get

from oncedesk.engine.ports import ConnectionLost, TryAgain
from oncedesk.http.call import Call
from oncedesk.http.openapi import OpenQuestion, Readiness
from oncedesk.http.problems import RETRY_SECONDS
from oncedesk.storage.schema import applied_revision, newest_revision
from oncedesk.wiring import Parts

CHECK_SECONDS_MAX = 3.0


class Live(msgspec.Struct, frozen=True):
    """The process answers."""

    status: Literal["live"] = "live"


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """What work needs; ready where all of it holds."""

    ready: bool
    database: bool
    migrated: bool
    engine: bool
    stopping: bool


@get(
    "/health/live",
    operation_id="live",
    operation_class=OpenQuestion,
    tags=["Health"],
    summary="The process lives",
)
async def live() -> Live:
    """It answers whatever the database does: to be started again helps nothing there."""
    return Live()


@get(
    "/health/ready",
    operation_id="ready",
    operation_class=Readiness,
    tags=["Health"],
    summary="The process can do its work",
)
async def ready(request: Call) -> Response[Ready]:
    """503 where work sent here would not be done: send it elsewhere meanwhile."""
    parts = request.service.parts
    revision = await _revision(parts)
    writers = parts.engine.writers
    # One whose disk is full answers, and takes nothing.
    database = revision is not None and not writers.interrupted
    migrated = revision == newest_revision()
    content = Ready(
        ready=database and migrated and writers.running and not writers.stopping,
        database=database,
        migrated=migrated,
        engine=writers.running,
        stopping=writers.stopping,
    )
    if content.ready:
        return Response(content)
    return Response(content, status_code=503, headers={"retry-after": str(RETRY_SECONDS)})


async def _revision(parts: Parts) -> str | None:
    """The schema's migration; None where the database does not answer."""
    try:
        async with asyncio.timeout(CHECK_SECONDS_MAX):
            return await applied_revision(parts.pool)
    except (ConnectionLost, TryAgain, TimeoutError):
        return None


ROUTES = (live, ready)
