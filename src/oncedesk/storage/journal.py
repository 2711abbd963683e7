"""Reads the journal back: whole streams, in pages, for replay and for an operator's questions."""

from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from oncedesk.domain.shared.ids import BUCKETS
from oncedesk.domain.shared.refs import Kind, Ref
from oncedesk.engine.codec import Codec
from oncedesk.engine.histories import JournalEntry, Stream
from oncedesk.engine.ports import FactSeen, Unreadable
from oncedesk.engine.replay import Rebuilt
from oncedesk.storage.database import PATIENCE_SECONDS, Pool, be_patient, connected
from oncedesk.storage.writing import actor_of

PAGE = 500
SAMPLED_PLACES = 64
SAMPLED_EACH = 32

_STREAMS = """
SELECT bucket, stream, max(kind) FROM (
    (SELECT bucket, id AS stream, kind FROM state WHERE (bucket, id) > ($1, $2)
     ORDER BY bucket, id LIMIT $3)
    UNION ALL
    (SELECT DISTINCT ON (bucket, stream) bucket, stream, kind FROM journal
     WHERE (bucket, stream) > ($1, $2) ORDER BY bucket, stream LIMIT $3)
) known GROUP BY bucket, stream ORDER BY bucket, stream LIMIT $3
"""

_STATES = """
SELECT s.bucket, s.id, s.version, s.wake, s.open, s.body
FROM unnest($1::smallint[], $2::uuid[]) k(b, i) JOIN state s ON s.bucket = k.b AND s.id = k.i
"""

_ENTRIES = """
SELECT j.bucket, j.stream, j.version, j.command_id, j.at, j.actor, j.command, j.packs, j.facts,
    j.events
FROM unnest($1::smallint[], $2::uuid[]) k(b, i) JOIN journal j ON j.bucket = k.b AND j.stream = k.i
"""


_REWRITE = """
UPDATE state s SET body = k.d, wake = k.w, open = k.o
FROM unnest($1::smallint[], $2::uuid[], $3::int[], $4::bytea[], $5::timestamptz[], $6::bool[])
    k(b, i, v, d, w, o)
WHERE s.bucket = k.b AND s.id = k.i AND s.version = k.v RETURNING s.id
"""


class PostgresJournal:
    """Implements `engine.replay.JournalReader`."""

    def __init__(self, pool: Pool, codec: Codec) -> None:
        self._pool = pool
        self._codec = codec
        self._facts = msgspec.msgpack.Decoder(tuple[FactSeen, ...])

    async def streams(self) -> AsyncIterator[Stream]:
        async for refs in self.pages():
            for stream in await self.read(refs):
                yield stream

    async def pages(self) -> AsyncIterator[Sequence[Ref]]:
        """The keys of all states and streams in their order, so many at a time, without reading
        any."""
        last = (-1, UUID(int=0))
        while found := await self._known(last, limit=PAGE):
            yield found
            last = found[-1].bucket, found[-1].id

    async def _known(self, after: tuple[int, UUID], *, limit: int) -> Sequence[Ref]:
        """The next keys behind this one."""
        async with connected(self._pool) as connection, connection.transaction(readonly=True):
            # It passes all entries of each stream.
            await be_patient(connection)
            found = await connection.fetch(_STREAMS, *after, limit, timeout=PATIENCE_SECONDS)
        return [Ref(Kind(kind), bucket, id_) for bucket, id_, kind in found]

    async def stream(self, ref: Ref) -> Stream:
        (found,) = await self.read([ref])
        return found

    async def rewrite(self, rebuilt: Sequence[Rebuilt]) -> int:
        async with self._pool.acquire() as connection:
            rows = await connection.fetch(
                _REWRITE,
                [one.ref.bucket for one in rebuilt],
                [one.ref.id for one in rebuilt],
                [one.version for one in rebuilt],
                [one.body for one in rebuilt],
                [one.wake for one in rebuilt],
                [one.is_open for one in rebuilt],
            )
        return len(rows)

    async def read(self, refs: Sequence[Ref]) -> Sequence[Stream]:
        """These streams, each as it was at one moment."""
        keys = [ref.bucket for ref in refs], [ref.id for ref in refs]
        async with (
            connected(self._pool) as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            # A stream can be long: an account has an entry for each remedy that its party bears.
            await be_patient(connection)
            fetch = partial(connection.fetch, timeout=PATIENCE_SECONDS)
            states = {row[:2]: row for row in await fetch(_STATES, *keys)}
            rows = await fetch(_ENTRIES, *keys)
        by_stream: dict[tuple[int, UUID], list[Any]] = {}
        for row in sorted(rows, key=lambda row: int(row[2])):
            by_stream.setdefault(row[:2], []).append(row)
        return [
            self._stream(
                ref, states.get((ref.bucket, ref.id)), by_stream.get((ref.bucket, ref.id), ())
            )
            for ref in refs
        ]

    def _stream(self, ref: Ref, row: Any, entries: Sequence[Any]) -> Stream:
        version, wake, is_open, body = (0, None, False, b"") if row is None else row[2:]
        return Stream(
            ref=ref,
            version=version,
            wake=wake,
            is_open=is_open,
            body=body,
            entries=[self._entry(ref.kind, entry) for entry in entries],
        )

    def _entry(self, kind: Kind, row: Any) -> JournalEntry:
        _, _, version, command_id, at, actor, command, packs, facts, events = row
        return JournalEntry(
            version=version,
            command_id=command_id,
            at=at,
            actor=actor_of(actor),
            command=_read(lambda: self._codec.command(kind, command)),
            packs=packs,
            facts=_read(lambda: self._facts.decode(facts)) if facts else (),
            events=_read(lambda: self._codec.events(kind, events)),
        )


class SampledJournal(PostgresJournal):
    """Reads some streams of some buckets, spread evenly; the same ones each time."""

    async def pages(self) -> AsyncIterator[Sequence[Ref]]:
        last = (-1, UUID(int=0))
        for bucket in range(0, BUCKETS, BUCKETS // SAMPLED_PLACES):
            last = max(last, (bucket - 1, UUID(int=(1 << 128) - 1)))
            found = await self._known(last, limit=SAMPLED_EACH)
            if not found:
                return
            yield found
            last = found[-1].bucket, found[-1].id


class EveryNth(PostgresJournal):
    """Reads every n-th stream; each single one can be read."""

    def __init__(self, pool: Pool, codec: Codec, *, every: int) -> None:
        super().__init__(pool, codec)
        self._every = every

    async def pages(self) -> AsyncIterator[Sequence[Ref]]:
        skipped = 0
        async for refs in super().pages():
            # The first is number `every`, whichever page it stands on.
            chosen = refs[self._every - 1 - skipped :: self._every]
            skipped = (skipped + len(refs)) % self._every
            if chosen:
                yield chosen


def _read(decode: Callable[[], Any]) -> Any:
    try:
        return decode()
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Unreadable(f"{type(error).__name__}: {error}")
