"""Folders of rules that somebody is trying out, and the backtest of each."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from oncedesk.domain.shared.records import Record
from oncedesk.storage.database import Pool, connected

KEPT = 20
"""Of each market; the oldest goes when another comes."""

_HEAD = (
    "id, market, version, days, made_at, made_by, trial, status, asked, buckets, error, "
    "begun_at, beat_at"
)

_ADD = """
INSERT INTO candidate (id, market, version, days, made_at, made_by, files)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
_TRIM = """
DELETE FROM candidate WHERE market = $1 AND id NOT IN (
    SELECT id FROM candidate WHERE market = $1 ORDER BY made_at DESC, id LIMIT $2)
"""
_BEGIN = """
UPDATE candidate
SET trial = $2, asked = $3, begun_at = $4, beat_at = $4, status = 'running', buckets = 0,
    report = NULL, error = ''
WHERE id = $1 AND NOT EXISTS (
    SELECT 1 FROM candidate WHERE status = 'running' AND beat_at > $5)
"""
_BEAT = """
UPDATE candidate SET buckets = $3, beat_at = $4 WHERE id = $1 AND trial = $2 AND status = 'running'
"""
_END = """
UPDATE candidate SET status = $3, report = $4, error = $5, beat_at = $6
WHERE id = $1 AND trial = $2
"""


class CandidateRow(Record, frozen=True, kw_only=True):
    """A folder of rules without its files. `days` (JSON) are the packs that it makes.

    Of its last backtest, if there was one: `trial` is its id, `status` how it goes, `asked` (JSON)
    what was wanted, `buckets` how many are done, `beat_at` when it last gave a sign of life.
    """

    id: UUID
    market: str
    version: str
    days: bytes
    made_at: datetime
    made_by: str
    trial: UUID | None = None
    status: str = ""
    asked: bytes | None = None
    buckets: int = 0
    error: str = ""
    begun_at: datetime | None = None
    beat_at: datetime | None = None


class PostgresCandidates:
    """The rows. They are the platform's own, and nobody's data."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def add(self, row: CandidateRow, *, files: bytes) -> None:
        """Keep it; of its market the oldest of more than `KEPT` go."""
        async with connected(self._pool) as connection, connection.transaction():
            await connection.execute(
                _ADD, row.id, row.market, row.version, row.days, row.made_at, row.made_by, files
            )
            await connection.execute(_TRIM, row.market, KEPT)

    async def of_market(self, market: str) -> Sequence[CandidateRow]:
        """The newest first."""
        statement = f"SELECT {_HEAD} FROM candidate WHERE market = $1 ORDER BY made_at DESC, id"  # noqa: S608 - constants
        async with connected(self._pool) as connection:
            rows = await connection.fetch(statement, market)
        return [CandidateRow(**row) for row in rows]

    async def find(self, candidate: UUID) -> CandidateRow | None:
        statement = f"SELECT {_HEAD} FROM candidate WHERE id = $1"  # noqa: S608 - constants
        async with connected(self._pool) as connection:
            row = await connection.fetchrow(statement, candidate)
        return None if row is None else CandidateRow(**row)

    async def files(self, candidate: UUID) -> bytes | None:
        """As they were given."""
        return await self._value("SELECT files FROM candidate WHERE id = $1", candidate)

    async def report(self, candidate: UUID) -> bytes | None:
        """What its last backtest found."""
        return await self._value("SELECT report FROM candidate WHERE id = $1", candidate)

    async def remove(self, candidate: UUID) -> bool:
        """Whether there was one. Its backtest, if one runs, finds out with its next beat."""
        async with connected(self._pool) as connection:
            done = await connection.execute("DELETE FROM candidate WHERE id = $1", candidate)
        return bool(done == "DELETE 1")

    async def begin(
        self, candidate: UUID, *, trial: UUID, asked: bytes, now: datetime, alive: datetime
    ) -> bool:
        """False where a backtest runs that gave a sign of life after `alive`. Two that begin at
        the very same moment may both run, which costs time and nothing else."""
        async with connected(self._pool) as connection:
            done = await connection.execute(_BEGIN, candidate, trial, asked, now, alive)
        return bool(done == "UPDATE 1")

    async def beat(self, candidate: UUID, *, trial: UUID, buckets: int, now: datetime) -> bool:
        """It goes on. False where nobody waits for this backtest any more."""
        async with connected(self._pool) as connection:
            done = await connection.execute(_BEAT, candidate, trial, buckets, now)
        return bool(done == "UPDATE 1")

    async def end(
        self,
        candidate: UUID,
        *,
        trial: UUID,
        status: str,
        report: bytes | None,
        error: str,
        now: datetime,
    ) -> None:
        """What came of it, unless another was begun meanwhile."""
        async with connected(self._pool) as connection:
            await connection.execute(_END, candidate, trial, status, report, error, now)

    async def _value(self, statement: str, candidate: UUID) -> bytes | None:
        async with connected(self._pool) as connection:
            found = await connection.fetchval(statement, candidate)
        return None if found is None else bytes(found)
