"""Who lets the consumer wait, and since when, read from the journal."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from oncedesk.domain.conversations.silences import Spoken, spoken
from oncedesk.domain.shared.refs import Kind, Ref
from oncedesk.engine.codec import Codec
from oncedesk.storage.database import connected

REMEMBERED = 5_000

_EVENTS = """
SELECT j.stream, j.version, j.events
FROM unnest($1::smallint[], $2::uuid[]) k(b, i)
JOIN journal j ON j.bucket = k.b AND j.stream = k.i
"""


class Silences:
    """Answers since when each case waits. One a process: it remembers what it has read."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", codec: Codec) -> None:
        self._pool = pool
        self._codec = codec
        self._known: OrderedDict[tuple[UUID, int], Mapping[int, Spoken]] = OrderedDict()

    async def of(self, seen: Mapping[Ref, int]) -> Mapping[UUID, Mapping[int, Spoken]]:
        """By conversation and case, up to the version at which each was seen."""
        found: dict[UUID, Mapping[int, Spoken]] = {}
        unread: dict[Ref, int] = {}
        for ref, version in seen.items():
            known = self._known.get((ref.id, version))
            if known is None:
                unread[ref] = version
            else:
                self._known.move_to_end((ref.id, version))
                found[ref.id] = known
        for ref, events in (await self._read(unread)).items():
            found[ref.id] = self._known[ref.id, unread[ref]] = spoken(events)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return found

    async def _read(self, wanted: Mapping[Ref, int]) -> Mapping[Ref, Sequence[Any]]:
        if not wanted:
            return {}
        refs = list(wanted)
        async with connected(self._pool) as connection:
            rows = await connection.fetch(
                _EVENTS, [ref.bucket for ref in refs], [ref.id for ref in refs]
            )
        by_id: dict[UUID, list[tuple[int, bytes]]] = {ref.id: [] for ref in refs}
        for stream, version, body in rows:
            by_id[stream].append((version, body))
        return {
            ref: [
                event
                for version, body in sorted(by_id[ref.id])
                if version <= wanted[ref]
                for event in self._codec.events(Kind.CONVERSATION, body)
            ]
            for ref in refs
        }
