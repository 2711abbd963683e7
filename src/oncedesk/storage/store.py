"""The engine's storage on PostgreSQL: a handful of set-oriented statements, one a table."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.refs import Kind, Ref
from oncedesk.engine.codec import Codec
from oncedesk.engine.ports import (
    DependencyLost,
    DueWake,
    OtherKind,
    Recorded,
    StateWrite,
    Stored,
    Unreadable,
    WakeCorrection,
    Writes,
)
from oncedesk.engine.submission import Origin, ReactionKey, Submission
from oncedesk.storage import bought, mentions
from oncedesk.storage.cache import StateCache
from oncedesk.storage.database import connected
from oncedesk.storage.ledger import days
from oncedesk.storage.live import NOTIFY, told
from oncedesk.storage.outcomes import marking
from oncedesk.storage.rows import ByKind, Copied, Rows, by_keys, by_kind
from oncedesk.storage.views import (
    flags,
    inbox,
    refunds,
    remedy_follow,
    remedy_work,
    reveals,
    seats,
)
from oncedesk.storage.writing import copied_rows, erasures, parked_rows, rows_beside, storable

Connection = Any  # asyncpg's pool hands out proxies that its stubs do not name

_LOAD = """
SELECT s.id, s.kind, s.version, s.at, s.wake,
       CASE WHEN s.version = k.v AND s.at = k.a THEN NULL ELSE s.body END
FROM unnest($1::smallint[], $2::uuid[], $3::int[], $4::timestamptz[]) k(b, i, v, a)
JOIN state s ON s.bucket = k.b AND s.id = k.i
"""

_RECORDED = """
SELECT j.command_id, j.version, j.at, j.body_hash, j.kind, j.events
FROM unnest($1::smallint[], $2::uuid[], $3::uuid[]) k(b, s, c)
JOIN journal j ON j.bucket = k.b AND j.stream = k.s AND j.command_id = k.c
"""

_HISTORIES = """
SELECT j.stream, j.command_id
FROM unnest($1::smallint[], $2::uuid[]) k(b, s)
JOIN journal j ON j.bucket = k.b AND j.stream = k.s
"""

# Not `parked_at IS NULL`, or all that waits may be read by the index of that.
_REACTIONS = f"""
SELECT r.target, r.source, r.version, r.number
FROM unnest($1::smallint[], $2::uuid[], $3::uuid[], $4::int[]) k(b, t, s, v)
JOIN reaction r ON {by_keys("r.bucket, r.target, r.source", "k.b, k.t, k.s")}
WHERE r.version <= k.v AND num_nulls(r.parked_at) = 1
"""  # noqa: S608 - constants

_EARLIER = f"""
SELECT r.target, r.source, r.version, r.number
FROM unnest($1::smallint[], $2::uuid[], $3::uuid[]) k(b, t, s)
JOIN reaction r ON {by_keys("r.bucket, r.target, r.source", "k.b, k.t, k.s")}
WHERE num_nulls(r.parked_at) = 1
"""  # noqa: S608 - constants

_REACTION_KEYS = (
    by_keys("r.bucket, r.target, r.source", "k.b, k.t, k.s")
    + " AND r.version = k.v AND r.number = k.n"
)

_REACTION_COLUMNS = "bucket, target, source, version, number, id, kind, depth, command"

# A database that was put back or took over may have come to the same version in another way.
_UPDATE_STATES = """
UPDATE state s SET version = k.v, at = k.a, wake = k.w, open = k.o, body = k.d
FROM unnest($1::smallint[], $2::uuid[], $3::int[], $4::timestamptz[], $5::int[],
            $6::timestamptz[], $7::timestamptz[], $8::bool[], $9::bytea[])
            k(b, i, r, s, v, a, w, o, d)
WHERE s.bucket = k.b AND s.id = k.i AND s.version = k.r AND s.at = k.s
RETURNING s.id
"""

_INSERT_STATES = """
INSERT INTO state (bucket, id, kind, version, party, at, wake, open, body)
SELECT * FROM unnest($1::smallint[], $2::uuid[], $3::text[], $4::int[], $5::uuid[],
                     $6::timestamptz[], $7::timestamptz[], $8::bool[], $9::bytea[])
ON CONFLICT DO NOTHING RETURNING id
"""

_DELETE_STATES = """
DELETE FROM state s USING unnest($1::smallint[], $2::uuid[]) k(b, i)
WHERE s.bucket = k.b AND s.id = k.i
"""

_CORRECT_WAKES = """
UPDATE state s SET wake = k.w
FROM unnest($1::smallint[], $2::uuid[], $3::int[], $4::timestamptz[]) k(b, i, v, w)
WHERE s.bucket = k.b AND s.id = k.i AND s.version = k.v
"""

_DELETE_REACTIONS = f"""
DELETE FROM reaction r
USING unnest($1::smallint[], $2::uuid[], $3::uuid[], $4::int[], $5::smallint[]) k(b, t, s, v, n)
WHERE {_REACTION_KEYS}
"""  # noqa: S608 - constants

_PARK_REACTIONS = f"""
UPDATE reaction r SET parked_at = k.a, reason = k.m
FROM unnest($1::smallint[], $2::uuid[], $3::uuid[], $4::int[], $5::smallint[],
            $6::timestamptz[], $7::text[]) k(b, t, s, v, n, a, m)
WHERE {_REACTION_KEYS}
"""  # noqa: S608 - constants

ERASING_SECONDS_MAX = 120.0
"""Who wrote very much has very much to overwrite."""
# A limit that runs already can be lifted, but not moved.
_LONGER = (
    "SET LOCAL transaction_timeout = 0; "
    f"SET LOCAL transaction_timeout = '{ERASING_SECONDS_MAX:.0f}s'"
)


class PostgresStore:
    """Implements `engine.ports.Store`. One instance a process; it keeps decoded states.

    With `live` those who follow are told what each batch has changed. `statements` counts what was
    sent, for the benches.
    """

    def __init__(
        self,
        pool: "asyncpg.Pool[asyncpg.Record]",
        codec: Codec,
        *,
        cache_size: int = 20_000,
        live: bool = True,
        named_point: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._pool = pool
        self._codec = codec
        self._cache = StateCache(cache_size)
        self._live = live
        self._named_point = named_point
        self.statements = 0
        self.rows = 0

    def remembered(self, refs: Iterable[Ref]) -> dict[int, Stored]:
        found: dict[int, Stored] = {}
        for ref in refs:
            entry = self._cache.get(ref)
            if entry is not None:
                found[ref.id.int] = entry.stored
        return found

    async def load(self, refs: Sequence[Ref]) -> Mapping[UUID, Stored]:
        cached = [self._cache.get(ref) for ref in refs]
        async with connected(self._pool) as connection:
            rows = await self._fetch(
                connection,
                _LOAD,
                [ref.bucket for ref in refs],
                [ref.id for ref in refs],
                [0 if entry is None else entry.stored.version for entry in cached],
                [None if entry is None else entry.stored.at for entry in cached],
            )
        asked = {ref.id: (ref, entry) for ref, entry in zip(refs, cached, strict=True)}
        loaded: dict[UUID, Stored] = {}
        for id_, kind, version, at, wake, body in rows:
            ref, entry = asked[id_]
            if kind != ref.kind:
                state: Any = OtherKind(f"a state of kind {kind} has this id")
                loaded[id_] = Stored(version=version, at=at, wake=wake, state=state)
                continue
            if body is None:
                assert entry is not None
                loaded[id_] = entry.stored
                continue
            stored = Stored(version=version, at=at, wake=wake, state=self._decode(ref, body))
            loaded[id_] = stored
            self._cache.saw(ref, stored)
        return loaded

    def _decode(self, ref: Ref, body: bytes) -> Any:
        try:
            return self._codec.state(ref.kind, body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return Unreadable(f"{type(error).__name__}: {error}")

    async def given(self, ref: Ref, command: UUID) -> Recorded | None:
        """What became of this command, if this state has accepted it before."""
        async with connected(self._pool) as connection:
            rows = await self._fetch(connection, _RECORDED, [ref.bucket], [ref.id], [command])
        return self._recorded(rows).get(command)

    async def recorded(self, submissions: Sequence[Submission]) -> Mapping[UUID, Recorded]:
        is_new = self._cache.is_new
        submissions = [one for one in submissions if not is_new(one.target, one.id)]
        if not submissions:
            return {}
        async with connected(self._pool) as connection:
            await self._learn_histories(connection, [one.target for one in submissions])
            submissions = [one for one in submissions if not is_new(one.target, one.id)]
            if not submissions:
                return {}
            rows = await self._fetch(
                connection,
                _RECORDED,
                [one.target.bucket for one in submissions],
                [one.target.id for one in submissions],
                [one.id for one in submissions],
            )
        return self._recorded(rows)

    async def _learn_histories(self, connection: Connection, refs: Iterable[Ref]) -> None:
        """Which commands these states have accepted, so that the next ones are not looked up."""
        versions = {ref: version for ref in refs if (version := self._cache.unlearnt(ref))}
        if not versions:
            return
        rows = await self._fetch(
            connection, _HISTORIES, [ref.bucket for ref in versions], [ref.id for ref in versions]
        )
        histories: dict[UUID, set[int]] = {}
        for stream, command in rows:
            histories.setdefault(stream, set()).add(command.int)
        for ref, version in versions.items():
            self._cache.learnt(ref, version=version, commands=histories.get(ref.id, set()))

    def _recorded(self, rows: Iterable[Any]) -> Mapping[UUID, Recorded]:
        return {
            id_: Recorded(version, at, body_hash, self._codec.events(Kind(kind), events))
            for id_, version, at, body_hash, kind, events in rows
        }

    async def reactions_up_to(self, waiting: Sequence[Submission]) -> Sequence[Submission]:
        keys = [one.reaction for one in waiting if one.reaction is not None]
        own = {(one.target.id, *_source(one)): one for one in waiting}
        async with connected(self._pool) as connection:
            rows = await self._fetch(
                connection,
                _REACTIONS,
                [key.target.bucket for key in keys],
                [key.target.id for key in keys],
                [key.source for key in keys],
                [key.version for key in keys],
            )
            found = sorted({tuple(row) for row in rows})
            others = [key for key in found if key not in own]
            if others:
                buckets = {one.target.id: one.target.bucket for one in waiting}
                own = own | await self._read_reactions(connection, others, buckets)
        return [own[key] for key in found if key in own]

    async def _read_reactions(
        self,
        connection: Connection,
        keys: Sequence[tuple[Any, ...]],
        buckets: Mapping[UUID, int],
    ) -> dict[tuple[Any, ...], Submission]:
        rows = await self._fetch(
            connection,
            f"SELECT {_REACTION_COLUMNS} FROM reaction r "  # noqa: S608 - constant
            "JOIN unnest($1::smallint[], $2::uuid[], $3::uuid[], $4::int[], $5::smallint[]) "
            f"k(b, t, s, v, n) ON {_REACTION_KEYS}",
            [buckets[key[0]] for key in keys],
            *(list(column) for column in zip(*keys, strict=True)),
        )
        read = [self._reaction(row) for row in rows]
        return {(one.target.id, *_source(one)): one for one in read}

    def _reaction(self, row: Sequence[Any]) -> Submission:
        bucket, target, source, version, number, id_, kind, depth, body = row
        ref = Ref(Kind(kind), bucket, target)
        return Submission(
            id=id_,
            target=ref,
            command=self._command(ref, body),
            actor=SYSTEM,
            origin=Origin.REACTION,
            body=body,
            body_hash=b"",
            reaction=ReactionKey(ref, source, version, number),
            depth=depth,
        )

    def _command(self, ref: Ref, body: bytes) -> Any:
        try:
            return self._codec.command(ref.kind, body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return Unreadable(f"{type(error).__name__}: {error}")

    async def pending_reactions(self, *, before: datetime, limit: int) -> Sequence[Submission]:
        async with connected(self._pool) as connection:
            rows = await self._fetch(
                connection,
                f"SELECT {_REACTION_COLUMNS} FROM reaction "  # noqa: S608 - constant
                "WHERE parked_at IS NULL AND at < $1 ORDER BY at, source, version, number LIMIT $2",
                before,
                limit,
            )
        return [self._reaction(row) for row in rows]

    async def commit(self, writes: Writes) -> set[UUID]:
        try:
            lost = await self._commit(writes)
        except BaseException:
            # Whether anything of it was kept is not known here.
            self._cache.drop(write.ref.id for write in writes.states)
            raise
        self._remember(writes, lost)
        return lost

    async def _commit(self, writes: Writes) -> set[UUID]:
        async with connected(self._pool) as connection:
            if not writes.states:
                return await self._small(connection, writes)
            async with connection.transaction():
                return await self._commit_in(connection, writes)

    async def _commit_in(self, connection: Connection, writes: Writes) -> set[UUID]:
        lost = await self._write_states(connection, writes.states)
        if any(write.followed for write in writes.states):
            lost = await self._with_fallen(connection, writes.states, lost)
        if lost & writes.depends:
            raise DependencyLost
        won = _winners(writes.states, lost)
        winners = by_kind(won)
        buckets = await self._write_rows(connection, winners, lost)
        await self._write_rest(connection, writes, lost)
        # Last of all that is locked: who waits for such a row waits for a commit only.
        for rows in days.rows(winners):
            await self._send(connection, rows)
        if self._live:
            await self._execute(connection, 0, NOTIFY, told(won, buckets))
        self._named_point("before_commit")
        return lost

    async def _with_fallen(
        self, connection: Connection, states: Sequence[StateWrite], lost: set[UUID]
    ) -> set[UUID]:
        """The losers and what rests on them, which is taken back: it stands as it was."""
        overtaken = await self._overtaken(connection, _winners(states, lost))
        fallen = _with_effects(states, lost | overtaken)
        written = [write for write in states if write.ref.id in fallen - lost]
        await self._take_back(connection, written)
        return fallen

    async def _overtaken(self, connection: Connection, winners: Sequence[StateWrite]) -> set[UUID]:
        """The targets for which an earlier reaction of the same source still waits.

        The sources are locked by now, so no other can come.
        """
        keys = [
            (one.target.bucket, one.target.id, write.ref.id)
            for write in winners
            if write.before.version
            for one in write.followed
        ]
        if not keys:
            return set()
        rows = await self._fetch(connection, _EARLIER, *map(list, zip(*keys, strict=True)))
        done = {
            (key.target.id, key.source, key.version, key.number)
            for write in winners
            for key in write.done
        }
        return {row[0] for row in rows if tuple(row) not in done}

    async def _take_back(self, connection: Connection, written: Sequence[StateWrite]) -> None:
        """Nobody else has seen them, and the rows beside them are yet to be written."""
        stood = [write for write in written if write.before.version]
        if stood:
            await self._execute(
                connection,
                len(stood),
                _UPDATE_STATES,
                [write.ref.bucket for write in stood],
                [write.ref.id for write in stood],
                [write.version for write in stood],
                [write.at for write in stood],
                [write.before.version for write in stood],
                [write.before.at for write in stood],
                [write.before.wake for write in stood],
                [self._is_open(write.ref, write.before) for write in stood],
                [self._codec.state_to_bytes(write.before.state) for write in stood],
            )
        new = [write for write in written if not write.before.version]
        if new:
            await self._execute(
                connection,
                len(new),
                _DELETE_STATES,
                [write.ref.bucket for write in new],
                [write.ref.id for write in new],
            )

    def _is_open(self, ref: Ref, stored: Stored) -> bool:
        return self._codec.deciders[ref.kind].is_open(stored.state)

    def _remember(self, writes: Writes, lost: set[UUID]) -> None:
        self._cache.drop(lost)
        self._cache.drop(wake.ref.id for wake in writes.wakes)
        for write in _winners(writes.states, lost):
            self._cache.wrote(
                write.ref,
                Stored(version=write.version, at=write.at, wake=write.wake, state=write.after),
                before=write.before.version,
                commands=[one.submission.id for one in write.decided],
            )

    async def _small(self, connection: Connection, writes: Writes) -> set[UUID]:
        if writes.parked or writes.refused or writes.done or writes.wakes:
            async with connection.transaction():
                await self._write_rest(connection, writes, set())
        return set()

    async def _write_states(
        self, connection: Connection, states: Sequence[StateWrite]
    ) -> set[UUID]:
        """Write those that stand as they were read; return the others."""
        lost: set[UUID] = set()
        standing = [write for write in states if write.before.version]
        if standing:
            rows = await self._fetch(
                connection,
                _UPDATE_STATES,
                [write.ref.bucket for write in standing],
                [write.ref.id for write in standing],
                [write.before.version for write in standing],
                [write.before.at for write in standing],
                [write.version for write in standing],
                [write.at for write in standing],
                [write.wake for write in standing],
                [write.is_open for write in standing],
                [write.body for write in standing],
            )
            lost |= _not_in(rows, standing)
        new = [write for write in states if not write.before.version]
        if new:
            rows = await self._fetch(
                connection,
                _INSERT_STATES,
                [write.ref.bucket for write in new],
                [write.ref.id for write in new],
                [write.ref.kind.value for write in new],
                [write.version for write in new],
                [self._codec.deciders[write.ref.kind].party_of(write.after) for write in new],
                [write.at for write in new],
                [write.wake for write in new],
                [write.is_open for write in new],
                [write.body for write in new],
            )
            lost |= _not_in(rows, new)
        self._named_point("after_states")
        self.rows += len(states) - len(lost)
        return lost

    async def _write_rows(
        self, connection: Connection, winners: ByKind, lost: set[UUID]
    ) -> Iterable[int]:
        """The rows that stand beside the winners' states, one statement a table.

        Returns the buckets whose lists have changed.
        """
        for table in copied_rows(winners, self._codec, lost=lost):
            await self._copy(connection, table)
        for rows in rows_beside(winners):
            await self._send(connection, rows)
        writes = [*chain.from_iterable(winners.values())]
        if (erasing := erasures(winners)) and sum(not one.causes for one in writes) == 1:
            # It would hold up others, so in their company it is as limited as they are.
            await self._execute(connection, 0, _LONGER)
        for rows in erasing:
            await self._send(connection, rows, seconds_max=ERASING_SECONDS_MAX)
        await self._delete_reactions(connection, [key for write in writes for key in write.done])
        lists = (*inbox.rows(winners), *mentions.rows(winners))
        views = (seats, flags, reveals, refunds, remedy_work, remedy_follow, marking, bought)
        others = chain.from_iterable(view.rows(winners) for view in views)
        for rows in (*lists, *others):
            await self._send(connection, rows)
        return chain.from_iterable(rows.columns[0] for rows in lists if rows is not None)

    async def _write_rest(self, connection: Connection, writes: Writes, lost: set[UUID]) -> None:
        """What stands beside no written state: parked commands, refused reactions, moved wakes."""
        parked = [row for row in writes.parked if row.submission.target.id not in lost]
        await self._send(connection, parked_rows(parked))
        done = [key for key in writes.done if key.target.id not in lost]
        await self._delete_reactions(connection, done)
        refused = [row for row in writes.refused if row.key.target.id not in lost]
        if refused:
            # What goes beside the keys' columns has to stand in the same order.
            refused.sort(key=lambda row: _row_order(row.key))
            await self._execute(
                connection,
                len(refused),
                _PARK_REACTIONS,
                *_key_columns(row.key for row in refused),
                [row.at for row in refused],
                [storable(row.reason) for row in refused],
            )
        if writes.wakes:
            await self._correct_wakes(connection, writes.wakes)

    async def _correct_wakes(self, connection: Connection, wakes: Sequence[WakeCorrection]) -> None:
        ordered = sorted(wakes, key=lambda wake: (wake.ref.bucket, wake.ref.id))
        await self._execute(
            connection,
            len(ordered),
            _CORRECT_WAKES,
            [wake.ref.bucket for wake in ordered],
            [wake.ref.id for wake in ordered],
            [wake.version for wake in ordered],
            [wake.wake for wake in ordered],
        )

    async def _delete_reactions(self, connection: Connection, keys: Sequence[ReactionKey]) -> None:
        if keys:
            await self._execute(connection, len(keys), _DELETE_REACTIONS, *_key_columns(keys))

    async def due(self, *, now: datetime, limit: int, but_not: set[UUID]) -> Sequence[DueWake]:
        async with connected(self._pool) as connection:
            rows = await self._fetch(
                connection,
                "SELECT kind, bucket, id, wake FROM state WHERE wake <= $1 ORDER BY wake LIMIT $2",
                now,
                limit + len(but_not),
            )
        return [
            DueWake(Ref(Kind(kind), bucket, id_), wake)
            for kind, bucket, id_, wake in rows
            if id_ not in but_not
        ][:limit]

    async def next_wake(self) -> datetime | None:
        async with connected(self._pool) as connection:
            found: datetime | None = await connection.fetchval(
                "SELECT wake FROM state WHERE wake IS NOT NULL ORDER BY wake LIMIT 1"
            )
        return found

    async def _send(
        self, connection: Connection, rows: Rows | None, *, seconds_max: float | None = None
    ) -> None:
        if rows is not None:
            await self._execute(
                connection, rows.count, rows.statement, *rows.columns, seconds_max=seconds_max
            )

    async def _copy(self, connection: Connection, table: Copied) -> None:
        self.statements += 1
        self.rows += len(table.rows)
        await connection.copy_records_to_table(
            table.table, records=table.rows, columns=table.columns
        )

    async def _execute(
        self,
        connection: Connection,
        count: int,
        statement: str,
        *arguments: Any,
        seconds_max: float | None = None,
    ) -> None:
        self.statements += 1
        self.rows += count
        await connection.execute(statement, *arguments, timeout=seconds_max)

    async def _fetch(
        self, connection: Connection, statement: str, *arguments: Any
    ) -> Sequence[Sequence[Any]]:
        self.statements += 1
        rows: Sequence[Sequence[Any]] = await connection.fetch(statement, *arguments)
        return rows


def _not_in(rows: Sequence[Sequence[Any]], states: Sequence[StateWrite]) -> set[UUID]:
    """Whose id came back has been written; usually all have."""
    if len(rows) == len(states):
        return set()
    won = {row[0] for row in rows}
    return {write.ref.id for write in states if write.ref.id not in won}


def _with_effects(states: Sequence[StateWrite], lost: set[UUID]) -> set[UUID]:
    """Those that lost, and those that rest on them."""
    more = lost
    while more:
        more = {one.ref.id for one in states if one.causes & lost and one.ref.id not in lost}
        lost = lost | more
    return lost


def _winners(states: Sequence[StateWrite], lost: set[UUID]) -> Sequence[StateWrite]:
    return [write for write in states if write.ref.id not in lost] if lost else states


def _source(one: Submission) -> tuple[UUID, int, int]:
    assert one.reaction is not None
    return one.reaction.source, one.reaction.version, one.reaction.number


def _row_order(key: ReactionKey) -> tuple[int, UUID, UUID]:
    return key.target.bucket, key.target.id, key.source


def _key_columns(keys: Iterable[ReactionKey]) -> list[list[Any]]:
    ordered = sorted(keys, key=_row_order)
    return [
        [key.target.bucket for key in ordered],
        [key.target.id for key in ordered],
        [key.source for key in ordered],
        [key.version for key in ordered],
        [key.number for key in ordered],
    ]
