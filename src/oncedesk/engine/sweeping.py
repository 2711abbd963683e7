"""Reactions left behind by a process that died: found by age and queued again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from oncedesk.engine.ports import Store
from oncedesk.engine.submitting import Writers

AGE = timedelta(seconds=3)
SWEPT_MAX = 500


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

    async def run(self) -> int:
        """Queue old reactions again; how many. One that is queued already does no harm twice."""
        now = self._clock()
        found = await self._store.pending_reactions(before=now - self._age, limit=SWEPT_MAX)
        ids = {one.id for one in found}
        again = now - 10 * self._age
        self._swept = {id_: at for id_, at in self._swept.items() if id_ in ids and at > again}
        fresh = [one for one in found if one.id not in self._swept]
        for one in fresh:
            self._swept[one.id] = now
            self._writers.submit_reaction(one)
        return len(fresh)
