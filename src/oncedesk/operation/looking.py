"""Looks at an installation that runs somewhere, again and again, without taking part in it."""

import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.records import Record
from oncedesk.engine.codec import Codec
from oncedesk.engine.running import utc_now
from oncedesk.rules.storing import pack_from_bytes
from oncedesk.storage.backlogs import Backlogs, read_backlogs
from oncedesk.storage.database import onlooking_pool
from oncedesk.storage.packs import PostgresPacks
from oncedesk.storage.schema import applied_revision, newest_revision
from oncedesk.storage.views.overview import Overview, overview
from oncedesk.wiring import DECIDERS

PACE_SECONDS = 10.0


class OtherSchema(Exception):
    """The database is of another version of the program."""


class Look(Record, frozen=True, kw_only=True):
    """What was seen at one moment. `per_second` is None until it was looked at twice."""

    overview: Overview
    backlogs: Backlogs
    per_second: float | None


class Onlooker:
    """Looks through a pool that cannot write. What expires within `soon` counts as at risk."""

    def __init__(self, pool: Any, *, soon: timedelta) -> None:
        self._pool = pool
        self._soon = soon
        self._codec = Codec(DECIDERS)
        self._packs = PostgresPacks(pool)
        self._skills: set[str] = set()
        self._recorded: deque[tuple[float, int]] = deque()

    async def look(self) -> Look:
        """Raises the engine's errors where the database does not answer."""
        now = utc_now()
        for stored in await self._packs.unseen():
            self._skills.update(pack_from_bytes(stored.body).skills)
        seen = await overview(
            self._pool,
            self._codec,
            actor=Actor(Role.ADMIN),
            skills=self._skills,
            now=now,
            soon=self._soon,
        )
        backlogs = await read_backlogs(self._pool, now=now)
        return Look(overview=seen, backlogs=backlogs, per_second=self._pace(seen.recorded))

    def _pace(self, recorded: int) -> float | None:
        """Commands a second over the last looks; PostgreSQL counts them a second late."""
        now = time.monotonic()
        self._recorded.append((now, recorded))
        while now - self._recorded[0][0] > PACE_SECONDS:
            self._recorded.popleft()
        since, before = self._recorded[0]
        return max(0, recorded - before) / (now - since) if now > since else None


@asynccontextmanager
async def onlooker(url: str, *, soon: timedelta) -> AsyncIterator[Onlooker]:
    """Somebody who looks at this database. Raises OtherSchema and the engine's errors."""
    pool = await onlooking_pool(url)
    try:
        found = await applied_revision(pool)
        if found != newest_revision():
            raise OtherSchema(
                f"the database has the schema {found}, this program {newest_revision()}: "
                "oncedesk doctor says what to do"
            )
        yield Onlooker(pool, soon=soon)
    finally:
        pool.terminate()
