"""Commands that failed: an operator sees them here and submits them again with the same id."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec

from oncedesk.domain.shared.ids import digest
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Kind, Ref
from oncedesk.engine.codec import Codec
from oncedesk.engine.entry import hash_of
from oncedesk.engine.submission import Answer, Origin, ReactionKey, Status, Submission
from oncedesk.storage.database import Pool, engine_errors
from oncedesk.storage.holds import held_in
from oncedesk.storage.writing import actor_of

# Of both so many by the index, and of those the first.
_NEWEST = """
SELECT id, kind, origin, command, error, at, attempts FROM (
    (SELECT id, kind, origin, command, error, at, attempts FROM parked
     WHERE (at, id) < ($1, $2) ORDER BY at DESC, id DESC LIMIT $3)
    UNION ALL
    (SELECT id, kind, 'reaction', command, coalesce(reason, ''), parked_at, depth FROM reaction
     WHERE parked_at IS NOT NULL AND (parked_at, id) < ($1, $2)
     ORDER BY parked_at DESC, id DESC LIMIT $3)
) few ORDER BY at DESC, id DESC LIMIT $3
"""

_COMMAND = """
SELECT bucket, id, kind, target, actor, origin, command, text, expected_version
FROM parked WHERE id = $1
"""

_REACTION = """
UPDATE reaction SET parked_at = NULL, reason = NULL WHERE id = $1 AND parked_at IS NOT NULL
RETURNING bucket, target, source, version, number, id, kind, depth, command
"""

_DONE = "DELETE FROM parked WHERE bucket = $1 AND id = $2"
_FAILED_AGAIN = """
SELECT coalesce(reason, '') AS reason FROM reaction
WHERE bucket = $1 AND id = $2 AND parked_at IS NOT NULL
"""

_WRITTEN = "SELECT bucket, command FROM parked WHERE id = $1 AND text IS NOT NULL"
_DROP = (
    "DELETE FROM parked WHERE id = $1",
    "DELETE FROM reaction WHERE id = $1 AND parked_at IS NOT NULL",
)


class Dropped(Enum):
    """What became of giving up something that failed."""

    DONE = "done"
    NOTHING = "nothing"
    HELD = "held"


class Parked(msgspec.Struct, frozen=True):
    """Something that failed. `name` is its command's; `attempts` how often it was tried."""

    id: UUID
    kind: str
    origin: str
    name: str
    error: str
    at: datetime
    attempts: int


class ParkedPosition(Record, frozen=True):
    """Where a page of them ended."""

    at: datetime
    id: UUID


class PostgresParking:
    """The parked commands and reactions, for operators only."""

    def __init__(self, pool: Pool, codec: Codec) -> None:
        self._pool = pool
        self._codec = codec

    async def newest(self, *, limit: int, after: ParkedPosition | None = None) -> Sequence[Parked]:
        """What failed last; with `after`, what failed before that.

        What fails again meanwhile is among the newest then, and does not come a second time.
        """
        start = after or ParkedPosition(datetime.max.replace(tzinfo=UTC), UUID(int=0))
        async with engine_errors(), self._pool.acquire() as connection:
            rows = await connection.fetch(_NEWEST, start.at, start.id, limit)
        return [
            Parked(id_, kind, origin, _name(command), error, at, attempts)
            for id_, kind, origin, command, error, at, attempts in rows
        ]

    async def take(self, id_: UUID) -> Submission | None:
        """The submission to try again, or None if nothing of this id is parked.

        Raises `msgspec.DecodeError` for what this program cannot read; it stays parked.
        """
        async with engine_errors(), self._pool.acquire() as connection, connection.transaction():
            reaction = await connection.fetchrow(_REACTION, id_)
            if reaction is not None:
                return self._reaction(reaction)
            row = await connection.fetchrow(_COMMAND, id_)
        return None if row is None else self._command(row)

    async def drop(self, id_: UUID) -> Dropped:
        """Give it up: it is not tried again. A text of somebody under a legal hold stays."""
        async with engine_errors(), self._pool.acquire() as connection:
            row = await connection.fetchrow(_WRITTEN, id_)
            if row is not None:
                bucket = row["bucket"]
                held = await held_in(connection, self._codec, first=bucket, last=bucket)
                if any(one.bytes in row["command"] for one in held):
                    return Dropped.HELD
            done = [await connection.execute(statement, id_) for statement in _DROP]
        return Dropped.NOTHING if set(done) == {"DELETE 0"} else Dropped.DONE

    async def retry(
        self, id_: UUID, send: Callable[[Submission], Awaitable[Answer]]
    ) -> Answer | None:
        """Try it again with the same id; what became of it, or None if nothing of this id is
        parked. What is done is parked no more.

        Another process may find a reaction meanwhile and fail with it, too: then it is parked
        again, whatever the answer here.
        """
        submission = await self.take(id_)
        if submission is None:
            return None
        answer = await send(submission)
        if not answer.accepted:
            return answer
        bucket = submission.target.bucket
        async with engine_errors(), self._pool.acquire() as connection:
            if submission.reaction is None:
                await connection.execute(_DONE, bucket, id_)
                return answer
            failed = await connection.fetchrow(_FAILED_AGAIN, bucket, id_)
        if failed is None:
            return answer
        return Answer(Status.PARKED, answer.version, code="parked", detail=failed["reason"])

    def _command(self, row: Any) -> Submission:
        bucket, id_, kind, target, actor, origin, body, text, expected_version = row
        ref = Ref(Kind(kind), bucket, target)
        command = self._codec.command(ref.kind, body)
        return Submission(
            id=id_,
            target=ref,
            command=command,
            actor=actor_of(actor),
            origin=Origin.CLIENT if origin == Origin.REACTION else Origin(origin),
            body=body,
            body_hash=hash_of(self._codec, command, body),
            private=None if text is None else {id_: text},
            expected_version=expected_version,
        )

    def _reaction(self, row: Any) -> Submission:
        bucket, target, source, version, number, id_, kind, depth, body = row
        ref = Ref(Kind(kind), bucket, target)
        return Submission(
            id=id_,
            target=ref,
            command=self._codec.command(ref.kind, body),
            actor=actor_of("system"),
            origin=Origin.REACTION,
            body=body,
            body_hash=digest(body),
            reaction=ReactionKey(ref, source, version, number),
            depth=depth,
        )


def _name(body: bytes) -> str:
    command = msgspec.msgpack.decode(body)
    return str(command.get("type", "?")) if isinstance(command, dict) else "?"
