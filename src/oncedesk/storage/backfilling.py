"""What a backfill reads and writes: the journal by pages, and the sets of reactions."""

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from typing import Any
from uuid import UUID

from oncedesk.domain.shared.refs import Kind, Ref
from oncedesk.engine.backfilling import KnownState, PastRow, ReactionSet
from oncedesk.engine.reactions import FIRST
from oncedesk.storage.database import Pool, connected

_SETS = """
SELECT number, names, since, at_bucket, at_stream, looked, asked, parked, failed, done_at
FROM reaction_set ORDER BY number
"""

_INSERT = """
INSERT INTO reaction_set
    (number, names, since, at_bucket, at_stream, looked, asked, parked, failed, done_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING
"""

# Whoever moves it from where it stood has counted what lies between; nobody else has.
_MOVE = """
UPDATE reaction_set SET at_bucket = $4, at_stream = $5, looked = $6, asked = $7, parked = $8,
    failed = $9, done_at = $10
WHERE number = $1 AND at_bucket = $2 AND at_stream = $3 RETURNING number
"""

_STATES = """
SELECT kind, bucket, id, version FROM state WHERE (bucket, id) > ($1, $2)
ORDER BY bucket, id LIMIT $3
"""

_ROWS = """
SELECT version, reactions, events FROM journal WHERE bucket = $1 AND stream = $2
"""

# A stream can be long, and nobody waits for this; the driver gives up after 30 seconds. (A limit
# that runs already can be lifted, but not moved.)
_LONGER = "SET LOCAL transaction_timeout = 0"


class PostgresBackfill:
    """Implements `engine.backfilling.BackfillStore`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def sets(self) -> Sequence[ReactionSet]:
        async with connected(self._pool) as connection:
            return await read_sets(connection)

    async def states_after(self, place: ReactionSet, *, limit: int) -> Sequence[KnownState]:
        async with connected(self._pool) as connection:
            found = await connection.fetch(_STATES, place.at_bucket, place.at_stream, limit)
        return [
            KnownState(Ref(Kind(kind), bucket, id_), version)
            for kind, bucket, id_, version in found
        ]

    async def affected(
        self, refs: Sequence[Ref], *, sets: Sequence[int], tags: Sequence[bytes]
    ) -> Sequence[Ref]:
        has = " OR ".join(f"position(${4 + n}::bytea IN j.events) > 0" for n in range(len(tags)))
        found = await self._read(
            "SELECT j.stream FROM unnest($1::smallint[], $2::uuid[]) k(b, i) "  # noqa: S608 - numbers
            "JOIN journal j ON j.bucket = k.b AND j.stream = k.i "
            f"WHERE j.reactions = ANY($3::smallint[]) AND ({has}) GROUP BY j.stream",
            [ref.bucket for ref in refs],
            [ref.id for ref in refs],
            sets,
            *tags,
        )
        streams: set[UUID] = {row[0] for row in found}
        return [ref for ref in refs if ref.id in streams]

    async def rows(self, ref: Ref) -> Sequence[PastRow]:
        found = await self._read(_ROWS, ref.bucket, ref.id)
        return sorted((PastRow(*row) for row in found), key=lambda row: row.version)

    async def move(self, before: ReactionSet, after: ReactionSet) -> bool:
        async with connected(self._pool) as connection:
            moved = await connection.fetchval(
                _MOVE, before.number, before.at_bucket, before.at_stream, *_place(after)
            )
        return moved is not None

    async def _read(self, statement: str, *arguments: Any) -> Sequence[Any]:
        async with connected(self._pool) as connection, connection.transaction(readonly=True):
            await connection.execute(_LONGER)
            found: Sequence[Any] = await connection.fetch(statement, *arguments)
        return found


async def register(pool: Pool, names: Set[str], *, now: datetime) -> int:
    """The number by which this database knows these reactions; they are made known if they are new.

    Rows written from now on may lack what other sets have beyond these: whoever comes back with
    such a set has to look at everything again.
    """
    async with connected(pool) as connection:
        while True:
            sets = await read_sets(connection)
            mine = next((one for one in sets if one.names == names), None)
            if mine is not None:
                break
            await connection.execute(_INSERT, *await _new(connection, sets, names, now))
        for other in sets:
            begun = ReactionSet(other.number, other.names, other.since)
            if other.names - mine.names and other != begun:
                await connection.execute(
                    _MOVE, other.number, other.at_bucket, other.at_stream, *_place(begun)
                )
    return mine.number


async def _new(
    connection: Any, sets: Sequence[ReactionSet], names: Set[str], now: datetime
) -> Sequence[Any]:
    """The row of a set that was not there. Where no event can lack any of it, it is done."""
    known = _known(sets)
    empty = not await connection.fetchval("SELECT EXISTS (SELECT FROM journal)")
    done = empty or all(names <= had for had in known.values())
    number = 0 if names == FIRST else max(known) + 1
    new = ReactionSet(number, frozenset(names), now, done_at=now if done else None)
    return number, " ".join(sorted(names)), now, *_place(new)


def _known(sets: Sequence[ReactionSet]) -> Mapping[int, Set[str]]:
    """Number 0 is the first set, also where it was never written down."""
    return {0: FIRST} | {one.number: one.names for one in sets}


async def read_sets(connection: Any) -> Sequence[ReactionSet]:
    """All sets that this database has seen, by number."""
    return [
        ReactionSet(number, frozenset(names.split()), *rest)
        for number, names, *rest in await connection.fetch(_SETS)
    ]


def _place(one: ReactionSet) -> Sequence[Any]:
    return (
        one.at_bucket,
        one.at_stream,
        one.looked,
        one.asked,
        one.parked,
        one.failed,
        one.done_at,
    )
