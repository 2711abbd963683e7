"""A part of the journal, evenly spread, for what would take too long on all of it."""

from collections.abc import AsyncIterator, Sequence

from oncedesk.domain.shared.refs import Ref
from oncedesk.engine.histories import Stream
from oncedesk.engine.replay import Rebuilt, Replay
from oncedesk.storage.journal import PostgresJournal
from oncedesk.wiring import Parts


class EveryNth:
    """Lists every n-th stream; each single one can be read."""

    def __init__(self, reader: PostgresJournal, every: int) -> None:
        self._reader = reader
        self._every = every

    async def streams(self) -> AsyncIterator[Stream]:
        skipped = 0
        async for refs in self._reader.pages():
            # The first is number `every`, whichever page it stands on.
            chosen = refs[self._every - 1 - skipped :: self._every]
            skipped = (skipped + len(refs)) % self._every
            for stream in await self._reader.read(chosen) if chosen else ():
                yield stream

    async def stream(self, ref: Ref) -> Stream:
        return await self._reader.stream(ref)

    async def read(self, refs: Sequence[Ref]) -> Sequence[Stream]:
        return await self._reader.read(refs)

    async def rewrite(self, rebuilt: Sequence[Rebuilt]) -> int:
        return await self._reader.rewrite(rebuilt)


async def sampled(parts: Parts, *, every: int) -> Replay:
    """A replay of every n-th stream."""
    sets = {
        name: parts.library.holding(holding) for name, holding in (await parts.packs.sets()).items()
    }
    reader = EveryNth(PostgresJournal(parts.pool, parts.codec), every)
    return Replay(reader=reader, codec=parts.codec, packs=sets.__getitem__)
