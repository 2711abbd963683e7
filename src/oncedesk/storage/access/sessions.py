"""Who is logged in, and which tokens were exchanged for that; in the bucket of whoever it is."""

from datetime import datetime
from typing import Any
from uuid import UUID

from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.records import Record
from oncedesk.storage.database import Pool, connected

_COLUMNS = "hash, kind, party, market, language, created_at, seen_at, expires_at, ended_at"


class Session(Record, frozen=True, kw_only=True):
    """`party` is the agent or the consumer; `kind` says which. `hash` is of what they hold.

    `seen_at` is right to a minute.
    """

    hash: bytes
    kind: str
    party: UUID
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    market: str = ""
    language: str = ""
    ended_at: datetime | None = None

    @property
    def bucket(self) -> int:
        return bucket_of(self.party)


class OneTime(Record, frozen=True, kw_only=True):
    """What was exchanged for a session, by the hash of it; it is remembered until it expires."""

    hash: bytes
    expires_at: datetime


class Sessions:
    """The rows of sessions and of used tokens. What is long over goes when something new comes."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def begin(self, session: Session, *, by: OneTime | None = None) -> bool:
        """Whether it has begun: not `by` what was used before, which is only used with it."""
        async with connected(self._pool) as connection, connection.transaction():
            if by is not None and not await _used_first(connection, session, by):
                return False
            await connection.execute(
                "DELETE FROM session WHERE bucket = $1 AND expires_at < $2",
                session.bucket,
                session.created_at,
            )
            await connection.execute(
                "INSERT INTO session (bucket, hash, kind, party, market, language, created_at, "
                "seen_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                session.bucket,
                session.hash,
                session.kind,
                session.party,
                session.market,
                session.language,
                session.created_at,
                session.seen_at,
                session.expires_at,
            )
        return True

    async def find(self, bucket: int, hash_: bytes) -> Session | None:
        async with connected(self._pool) as connection:
            row = await connection.fetchrow(
                f"SELECT {_COLUMNS} FROM session WHERE bucket = $1 AND hash = $2",  # noqa: S608
                bucket,
                hash_,
            )
        return None if row is None else Session(**row)

    async def note_seen(self, session: Session, *, at: datetime) -> None:
        async with connected(self._pool) as connection:
            await connection.execute(
                "UPDATE session SET seen_at = $3 WHERE bucket = $1 AND hash = $2",
                session.bucket,
                session.hash,
                at,
            )

    async def end(self, session: Session, *, at: datetime) -> None:
        async with connected(self._pool) as connection:
            await connection.execute(
                "UPDATE session SET ended_at = $3 "
                "WHERE bucket = $1 AND hash = $2 AND ended_at IS NULL",
                session.bucket,
                session.hash,
                at,
            )

    async def end_all(self, party: UUID, *, at: datetime) -> None:
        """All of this person's."""
        async with connected(self._pool) as connection:
            await end_sessions(connection, party, at=at)

    async def others(self, session: Session, *, now: datetime, seen_since: datetime) -> bool:
        """Whether the same person has another that is not over and was seen lately."""
        async with connected(self._pool) as connection:
            found: bool = await connection.fetchval(
                "SELECT EXISTS (SELECT FROM session WHERE bucket = $1 AND party = $2 "
                "AND hash <> $3 AND ended_at IS NULL AND expires_at > $4 AND seen_at > $5)",
                session.bucket,
                session.party,
                session.hash,
                now,
                seen_since,
            )
        return found

    async def present(self, *, now: datetime, seen_since: datetime) -> set[UUID]:
        """Whoever is logged in and was seen lately, of whatever kind."""
        async with connected(self._pool) as connection:
            rows = await connection.fetch(
                "SELECT DISTINCT party FROM session "
                "WHERE ended_at IS NULL AND expires_at > $1 AND seen_at > $2",
                now,
                seen_since,
            )
        return {row[0] for row in rows}


async def end_sessions(connection: Any, party: UUID, *, at: datetime, but: bytes = b"") -> None:
    """All of this person's, except the one with this hash."""
    await connection.execute(
        "UPDATE session SET ended_at = $3 "
        "WHERE bucket = $1 AND party = $2 AND hash <> $4 AND ended_at IS NULL",
        bucket_of(party),
        party,
        at,
        but,
    )


async def _used_first(connection: Any, session: Session, by: OneTime) -> bool:
    """Whether this is the first use of it; from then on it never is again."""
    await connection.execute(
        "DELETE FROM used_token WHERE bucket = $1 AND expires_at < $2",
        session.bucket,
        session.created_at,
    )
    done = await connection.execute(
        "INSERT INTO used_token (bucket, hash, expires_at) VALUES ($1, $2, $3) "
        "ON CONFLICT DO NOTHING",
        session.bucket,
        by.hash,
        by.expires_at,
    )
    return bool(done == "INSERT 0 1")
