"""Due clocks: states whose wake has come are told so, the earliest first."""

from collections.abc import Callable
from datetime import datetime

from oncedesk.domain.shared.decider import SYSTEM, Wake
from oncedesk.domain.shared.ids import derived_id
from oncedesk.engine.codec import Codec
from oncedesk.engine.ports import DueWake, Store
from oncedesk.engine.submission import Origin, Submission
from oncedesk.engine.submitting import Writers

WAKES_WAITING_MAX = 2_048


class Waking:
    """Finds due wakes and queues them; never more than a few batches ahead of the writers."""

    def __init__(
        self, *, store: Store, writers: Writers, codec: Codec, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._writers = writers
        self._codec = codec
        self._clock = clock

    async def submit_due(self) -> int:
        """Queue what is due now, unless enough waits already; how many were queued."""
        waiting = self._writers.clock_ids
        # All that wait are found again by every look, so it is worth a look only now and then.
        if len(waiting) > WAKES_WAITING_MAX // 2:
            return 0
        due = await self._store.due(
            now=self._clock(), limit=WAKES_WAITING_MAX - len(waiting), but_not=set(waiting)
        )
        for wake in due:
            self._writers.submit_clock(self._submission(wake))
        return len(due)

    def _submission(self, due: DueWake) -> Submission:
        command = Wake(due.ref)
        return Submission(
            id=derived_id("wake", due.ref.id),
            target=due.ref,
            command=command,
            actor=SYSTEM,
            origin=Origin.CLOCK,
            body=self._codec.encode(command),
            body_hash=b"",
        )
