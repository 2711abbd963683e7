"""The keys by which the marketplace's machines come in, and those by which it signs."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from oncedesk.domain.shared.records import Record
from oncedesk.storage.database import Pool, connected

_KEY = "id, name, hash, scopes, created_at, created_by, expires_at, revoked_at, revoked_by, used_at"
_SIGNING = "id, issuer, algorithm, key, created_at, created_by, revoked_at, revoked_by"
_PAGE = "WHERE (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT $3"


class ApiKey(Record, frozen=True, kw_only=True):
    """One key. `name` is the machine's: several keys of one name are the same client.

    `hash` is the SHA-256 of the secret; `used_at` is right to some minutes.
    """

    id: str
    name: str
    hash: bytes
    scopes: tuple[str, ...]
    created_at: datetime
    created_by: str
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_by: str | None = None
    used_at: datetime | None = None

    def valid(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class SigningKey(Record, frozen=True, kw_only=True):
    """A key of the marketplace's, as a JWK: the public part, or for HS256 the shared secret."""

    id: str
    issuer: str
    algorithm: str
    key: bytes
    created_at: datetime
    created_by: str
    revoked_at: datetime | None = None
    revoked_by: str | None = None

    def __repr__(self) -> str:
        return f"SigningKey({self.id!r}, {self.issuer!r}, {self.algorithm!r})"


class KeyPosition(Record, frozen=True):
    """Where a page of keys ended."""

    created_at: datetime
    id: str


_LATEST = KeyPosition(datetime.max.replace(tzinfo=UTC), "")


class Keys:
    """The rows of both kinds."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def add(self, key: ApiKey) -> bool:
        """False where a key of this id is there already."""
        async with connected(self._pool) as connection:
            done = await connection.execute(
                "INSERT INTO api_key (id, name, hash, scopes, created_at, created_by, expires_at) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
                key.id,
                key.name,
                key.hash,
                " ".join(key.scopes),
                key.created_at,
                key.created_by,
                key.expires_at,
            )
        return bool(done == "INSERT 0 1")

    async def find(self, id_: str) -> ApiKey | None:
        async with connected(self._pool) as connection:
            row = await connection.fetchrow(f"SELECT {_KEY} FROM api_key WHERE id = $1", id_)  # noqa: S608
        return None if row is None else _api_key(row)

    async def note_use(self, id_: str, *, at: datetime) -> None:
        async with connected(self._pool) as connection:
            await connection.execute("UPDATE api_key SET used_at = $2 WHERE id = $1", id_, at)

    async def all(
        self, *, after: KeyPosition | None = None, limit: int | None = None
    ) -> Sequence[ApiKey]:
        """Every key there ever was, the newest first; with `after`, those made before that."""
        start = after or _LATEST
        async with connected(self._pool) as connection:
            rows = await connection.fetch(
                f"SELECT {_KEY} FROM api_key {_PAGE}",  # noqa: S608
                start.created_at,
                start.id,
                limit,
            )
        return [_api_key(row) for row in rows]

    async def revoke(self, id_: str, *, by: str, at: datetime) -> bool:
        """Whether there was one to revoke."""
        async with connected(self._pool) as connection:
            done = await connection.execute(
                "UPDATE api_key SET revoked_at = $2, revoked_by = $3 "
                "WHERE id = $1 AND revoked_at IS NULL",
                id_,
                at,
                by,
            )
        return bool(done == "UPDATE 1")

    async def add_signing(self, key: SigningKey) -> bool:
        """False where a key of this id is there already."""
        async with connected(self._pool) as connection:
            done = await connection.execute(
                "INSERT INTO signing_key (id, issuer, algorithm, key, created_at, created_by) "
                "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                key.id,
                key.issuer,
                key.algorithm,
                key.key,
                key.created_at,
                key.created_by,
            )
        return bool(done == "INSERT 0 1")

    async def find_signing(self, id_: str) -> SigningKey | None:
        async with connected(self._pool) as connection:
            row = await connection.fetchrow(
                f"SELECT {_SIGNING} FROM signing_key WHERE id = $1",  # noqa: S608
                id_,
            )
        return None if row is None else SigningKey(**row)

    async def all_signing(
        self, *, after: KeyPosition | None = None, limit: int | None = None
    ) -> Sequence[SigningKey]:
        start = after or _LATEST
        async with connected(self._pool) as connection:
            rows = await connection.fetch(
                f"SELECT {_SIGNING} FROM signing_key {_PAGE}",  # noqa: S608
                start.created_at,
                start.id,
                limit,
            )
        return [SigningKey(**row) for row in rows]

    async def revoke_signing(self, id_: str, *, by: str, at: datetime) -> bool:
        async with connected(self._pool) as connection:
            done = await connection.execute(
                "UPDATE signing_key SET revoked_at = $2, revoked_by = $3 "
                "WHERE id = $1 AND revoked_at IS NULL",
                id_,
                at,
                by,
            )
        return bool(done == "UPDATE 1")


def _api_key(row: Any) -> ApiKey:
    return ApiKey(**{**row, "scopes": tuple(row["scopes"].split())})
