"""The states beside a batch's own, to which its events' commands go: taken for it, or fetched."""

from collections.abc import Container
from uuid import UUID

from oncedesk.domain.shared.refs import Kind, Ref
from oncedesk.engine.deciding import NOTHING, Run
from oncedesk.engine.ports import Store, Stored
from oncedesk.engine.queues import Queues

READS_MAX = 2
"""What the states read so ask for is read once more; what that asks for becomes rows."""


class Beside:
    """The states that a batch writes by reactions; nobody else here writes them until `release`.

    What this process has seen before is believed, and said to be `assumed`, unless others write
    its kind too often; the rest is read, all at once.
    """

    def __init__(
        self,
        *,
        store: Store,
        queues: Queues,
        assumed: dict[int, Kind],
        read_first: Container[Kind],
    ) -> None:
        self._store = store
        self._queues = queues
        self._assumed = assumed
        self._read_first = read_first
        self._claimed: list[UUID] = []
        self._unseen: dict[int, Ref] = {}
        self._read: dict[Ref, Stored] = {}

    async def follow(self, run: Run) -> None:
        """Let the run's reactions follow as far as their states can be had."""
        for _ in range(READS_MAX):
            run.follow(self._take)
            if not self._unseen:
                return
            await self._read_unseen()
        run.follow(self._take)

    def release(self) -> None:
        """The batch is written, or given up."""
        self._queues.release_claimed(self._claimed)

    async def _read_unseen(self) -> None:
        refs = sorted(self._unseen.values(), key=lambda ref: (ref.bucket, ref.id))
        self._unseen.clear()
        found = await self._store.load(refs)
        self._read.update((ref, found.get(ref.id, NOTHING)) for ref in refs)

    def _take(self, ref: Ref) -> Stored | None:
        if ref in self._read:
            return self._read[ref]
        if ref.id.int in self._unseen or not self._claim(ref):
            return None
        known = None
        if ref.kind not in self._read_first:
            known = self._store.remembered((ref,)).get(ref.id.int)
        if known is None:
            self._unseen[ref.id.int] = ref
        else:
            self._assumed[ref.id.int] = ref.kind
        return known

    def _claim(self, ref: Ref) -> bool:
        claimed = self._queues.claim(ref.id)
        if claimed:
            self._claimed.append(ref.id)
        return claimed
