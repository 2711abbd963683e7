"""Stored rule packs and pack sets, by the hash of their content; and the rulebooks' states."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import asyncpg
import msgspec

from oncedesk.domain.rulebook.state import RulebookState
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.refs import PLATFORM_PARTY, Kind
from oncedesk.storage.database import Pool, connected

# Without the party, whose index it is, all that lies in the bucket would be read.
_RULEBOOKS = "SELECT body FROM state WHERE bucket = $1 AND party = $2 AND kind = $3"

SET = "*"
"""Stands in place of the market where the row is a set: market to pack hash, as JSON."""


class StoredPack(msgspec.Struct, frozen=True):
    """The bytes of a pack, or of a set of packs (`market` is `SET`)."""

    hash: str
    market: str
    body: bytes


class PostgresPacks:
    """Keeps packs for ever; knows those that it has seen already."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._seen: set[str] = set()

    async def save(self, packs: Sequence[StoredPack]) -> None:
        """Store what is not stored yet. What was seen here may be lost there, by a failover."""
        async with connected(self._pool) as connection:
            await connection.execute(
                "INSERT INTO pack (hash, market, body) "
                "SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[]) ON CONFLICT DO NOTHING",
                [pack.hash for pack in packs],
                [pack.market for pack in packs],
                [pack.body for pack in packs],
            )
        self._seen.update(pack.hash for pack in packs)

    async def unseen(self) -> Sequence[StoredPack]:
        """Packs that this process has not seen yet."""
        async with connected(self._pool) as connection:
            found = await connection.fetch(
                "SELECT hash, market, body FROM pack WHERE market <> $1 AND NOT hash = ANY($2)",
                SET,
                list(self._seen),
            )
        packs = [StoredPack(hash_, market, body) for hash_, market, body in found]
        self._seen.update(pack.hash for pack in packs)
        return packs

    async def stored(self) -> Sequence[StoredPack]:
        """Every pack that was ever stored."""
        async with connected(self._pool) as connection:
            found = await connection.fetch(
                "SELECT hash, market, body FROM pack WHERE market <> $1 ORDER BY market, hash", SET
            )
        return [StoredPack(hash_, market, body) for hash_, market, body in found]

    async def sets(self) -> Mapping[str, Mapping[str, str]]:
        """Every pack set that a journal row may name: market to pack hash, by the set's hash."""
        async with connected(self._pool) as connection:
            found = await connection.fetch("SELECT hash, body FROM pack WHERE market = $1", SET)
        return {hash_: msgspec.json.decode(body, type=dict[str, str]) for hash_, body in found}

    async def rulebooks(self) -> Sequence[bytes]:
        """The bodies of all rulebook states; there is one a market."""
        async with connected(self._pool) as connection:
            return await _rulebooks(connection)


async def read_rulebooks(connection: asyncpg.Connection) -> Sequence[RulebookState]:
    """What is published in each market; there is one a market."""
    bodies = await _rulebooks(connection)
    books = [msgspec.msgpack.decode(body, type=RulebookState) for body in bodies]
    return sorted(books, key=lambda book: book.market)


async def packs_at(
    connection: asyncpg.Connection, moment: datetime, *, books: Sequence[RulebookState]
) -> Sequence[StoredPack]:
    """The pack that holds in each market at this moment, by these publications."""
    holding = [found.pack_hash for book in books if (found := book.holding(moment)) is not None]
    rows = await connection.fetch(
        "SELECT hash, market, body FROM pack WHERE hash = ANY($1) ORDER BY market", holding
    )
    return [StoredPack(hash_, market, body) for hash_, market, body in rows]


async def _rulebooks(connection: asyncpg.Connection) -> Sequence[bytes]:
    place = (bucket_of(PLATFORM_PARTY), PLATFORM_PARTY, Kind.RULEBOOK.value)
    return [row[0] for row in await connection.fetch(_RULEBOOKS, *place)]
