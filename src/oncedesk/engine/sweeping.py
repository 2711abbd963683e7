"""Reactions left behind by a process that died: found by age and queued again."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from oncedesk.engine.ports import Store
from oncedesk.engine.submission import Answer
from oncedesk.engine.submitting import Writers

AGE = timedelta(seconds=3)
SWEPT_MAX = 500
STUCK_MAX = 5_000
"""So many that are stuck hide no others."""


class Sweeping:
    """Whoever wrote a reaction also runs it; only what stays too long is swept up here."""

    def __init__(
        self, *, store: Store, writers: Writers, clock: Callable[[], datetime], age: timedelta = AGE
    ) -> None:
        self._store = store
        self._writers = writers
        self._clock = clock
        self._age = age
        self._swept: dict[UUID, datetime] = {}
        self._under_way: set[UUID] = set()

    async def run(self) -> int:
        """Queue old reactions again; how many. One that is queued already does no harm twice.

        What is still under way long after that is stuck, in a lock perhaps: it is not queued again,
        and others are looked for behind it.
        """
        now = self._clock()
        again = now - 10 * self._age
        stuck = sum(self._swept.get(id_, now) <= again for id_ in self._under_way)
        found = await self._store.pending_reactions(
            before=now - self._age, limit=SWEPT_MAX + min(stuck, STUCK_MAX)
        )
        ids = {one.id for one in found}
        self._swept = {
            id_: at
            for id_, at in self._swept.items()
            if id_ in self._under_way or (id_ in ids and at > again)
        }
        fresh = [one for one in found if one.id not in self._swept]
        for one in fresh:
            self._swept[one.id] = now
            self._under_way.add(one.id)
            self._writers.submit(one).add_done_callback(partial(self._answered, one.id))
        return len(fresh)

    def _answered(self, id_: UUID, answer: "asyncio.Future[Answer]") -> None:
        self._under_way.discard(id_)
        if not answer.cancelled():
            # Where the writers have failed others are told.
            answer.exception()
