"""Deletes the files whose rows say so, and what no row speaks of. At least once, and again after a
crash: a row is done only when its file is gone."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog

from oncedesk.domain.parties.state import PartyState
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.refs import Kind
from oncedesk.engine.codec import Codec
from oncedesk.engine.resting import Rests
from oncedesk.storage.attachments.files import FileKey, Files, FilesUnreachable
from oncedesk.storage.attachments.uploading import UNATTACHED_KEPT
from oncedesk.storage.database import Pool, connected

log = structlog.get_logger(__name__)

SWEPT_AT_ONCE = 100
FAILURES_MAX = 10
"""After so many in one run the others wait for the next: maybe none can be deleted now."""
TRIED_AGAIN = timedelta(minutes=1)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
ORPHAN_KEPT = timedelta(hours=24)
"""A file without a row may be one whose row is being written, or that a backup still has."""

_WAITED = """
SELECT bucket, id, consumer, at FROM attachment
WHERE message IS NULL AND erased_at IS NULL AND at < $1 AND (at, bucket, id) > ($2, $3, $4)
ORDER BY at, bucket, id LIMIT $5
"""
_PARTIES = """
SELECT s.body FROM unnest($1::smallint[], $2::uuid[]) k(b, i)
JOIN state s ON s.bucket = k.b AND s.id = k.i WHERE s.kind = 'party'
"""
_EXPIRE = """
UPDATE attachment a SET name = NULL, sha256 = NULL, erased_at = $3
FROM unnest($1::smallint[], $2::uuid[]) k(b, i)
WHERE a.bucket = k.b AND a.id = k.i AND a.message IS NULL AND a.erased_at IS NULL
"""
_ERASED = """
SELECT bucket, id FROM attachment
WHERE erased_at IS NOT NULL AND gone_at IS NULL AND NOT id = ANY($2)
ORDER BY erased_at LIMIT $1
"""
_GONE = """
UPDATE attachment a SET gone_at = $3
FROM unnest($1::smallint[], $2::uuid[]) k(b, i) WHERE a.bucket = k.b AND a.id = k.i
"""
_KNOWN = """
SELECT a.id FROM unnest($1::smallint[], $2::uuid[]) k(b, i)
JOIN attachment a ON a.bucket = k.b AND a.id = k.i WHERE a.gone_at IS NULL
"""


class FileSweep:
    """What one process does from time to time; nobody waits for it."""

    name = "files"
    idle_seconds = 10.0

    def __init__(
        self,
        *,
        pool: Pool,
        codec: Codec,
        files: Files,
        incoming: Path,
        clock: Callable[[], datetime],
        named_point: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._pool = pool
        self._codec = codec
        self._files = files
        self._incoming = incoming
        self._clock = clock
        self._named_point = named_point
        self._failed = Rests[UUID](TRIED_AGAIN)

    @property
    def failing(self) -> int:
        """How many could not be deleted lately, and are tried again later."""
        return len(self._failed.resting(self._clock()))

    async def close(self) -> None:
        """Nothing is under way between two runs."""

    async def run(self) -> int:
        """Let expire what was never attached, and delete what was erased; how many there were."""
        return await self._expire() + await self._delete_erased()

    async def sweep_orphans(self) -> int:
        """Delete files that no row speaks of any more, and what uploads left behind; how many."""
        before = self._clock() - ORPHAN_KEPT
        swept = 0
        async for some in self._files.listed():
            old = [one.key for one in some if one.at < before]
            buckets, ids = [key.bucket for key in old], [key.id for key in old]
            async with connected(self._pool) as connection:
                known = {row["id"] for row in await connection.fetch(_KNOWN, buckets, ids)}
            for key in old:
                if key.id not in known:
                    await self._files.delete(key)
                    swept += 1
        return swept + self._sweep_incoming(before)

    def _sweep_incoming(self, before: datetime) -> int:
        swept = 0
        for path in self._incoming.glob("*.part"):
            # One that has come in whole meanwhile is not there any more.
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before.timestamp():
                    path.unlink()
                    swept += 1
        return swept

    async def _expire(self) -> int:
        """Those that waited for a message too long, except of consumers under a legal hold."""
        now = self._clock()
        place: tuple[Any, ...] = (_LONG_AGO, -1, UUID(int=0))
        while True:
            async with connected(self._pool) as connection, connection.transaction():
                waited = await connection.fetch(
                    _WAITED, now - UNATTACHED_KEPT, *place, SWEPT_AT_ONCE
                )
                held = await self._held(connection, {row["consumer"] for row in waited})
                over = [row for row in waited if row["consumer"] not in held]
                if over:
                    await connection.execute(_EXPIRE, *_keys(over), now)
            if over or len(waited) < SWEPT_AT_ONCE:
                return len(over)
            # All of these are held; those of others may stand behind them.
            last = waited[-1]
            place = (last["at"], last["bucket"], last["id"])

    async def _held(self, connection: Any, consumers: set[UUID]) -> set[UUID]:
        if not consumers:
            return set()
        ordered = sorted(consumers)
        bodies = await connection.fetch(_PARTIES, [bucket_of(one) for one in ordered], ordered)
        states: list[PartyState] = [self._codec.state(Kind.PARTY, body) for (body,) in bodies]
        return {one.party for one in states if one.held}

    async def _delete_erased(self) -> int:
        now = self._clock()
        resting = [*self._failed.resting(now)]
        async with connected(self._pool) as connection:
            rows = await connection.fetch(_ERASED, SWEPT_AT_ONCE, resting)
        gone, failures = [], 0
        for row in rows:
            try:
                await self._files.delete(FileKey(row["bucket"], row["id"]))
            except FilesUnreachable as error:
                log.warning("file_not_deleted", attachment=str(row["id"]), error=str(error))
                self._failed.tried(row["id"], now)
                failures += 1
                if failures == FAILURES_MAX:
                    break
            else:
                gone.append(row)
        self._named_point("after_files_deleted")
        if gone:
            async with connected(self._pool) as connection:
                await connection.execute(_GONE, *_keys(gone), now)
        return len(gone)


def _keys(rows: Sequence[Any]) -> tuple[list[int], list[UUID]]:
    return [row["bucket"] for row in rows], [row["id"] for row in rows]
