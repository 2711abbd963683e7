"""Works out what became of marked states: reads their journal, and writes their rows anew.

A page is one transaction. It begins by taking the marks away; what was marked again since it was
read, or was worked out by another process, is left alone. So a crash costs a page's work, nothing
is counted twice, and nothing older takes the place of something newer.

A state of which no figures can be made holds up nobody: it is told in the log, keeps its mark, and
is tried again when something happens to it, after an hour, or by the next process.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from oncedesk.domain.conversations import outcomes as of_cases
from oncedesk.domain.conversations.messages import ConversationOpened
from oncedesk.domain.conversations.whereabouts import AgentHold, DeskStay
from oncedesk.domain.orders import outcomes as of_promises
from oncedesk.domain.orders.messages import OrderPlaced
from oncedesk.domain.remedies import outcomes as of_refunds
from oncedesk.domain.remedies.messages.asking import BooksOpened
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk, DeskKind, Kind
from oncedesk.engine.codec import Codec
from oncedesk.engine.ports import DataRejected
from oncedesk.storage.database import connected
from oncedesk.storage.rows import by_keys, insert, transpose

log = structlog.get_logger(__name__)

PAGE = 200
"""Half of it is the latest: where all of the past is worked out anew, figures of today go on."""
_AGAIN_SECONDS = 3_600.0
_PUT_OFF_MAX = 10_000
_DUE = """
(SELECT bucket, stream, kind, version FROM outcome_due
WHERE (stream, version) NOT IN (SELECT i, v FROM unnest($2::uuid[], $3::int[]) k(i, v))
ORDER BY at DESC, stream DESC LIMIT $1)
UNION
(SELECT bucket, stream, kind, version FROM outcome_due
WHERE (stream, version) NOT IN (SELECT i, v FROM unnest($2::uuid[], $3::int[]) k(i, v))
ORDER BY at, stream LIMIT $1)
"""
_EVENTS = """
SELECT j.stream, j.version, j.events FROM unnest($1::smallint[], $2::uuid[]) k(b, i)
JOIN journal j ON j.bucket = k.b AND j.stream = k.i
"""
_FORGET = """
DELETE FROM outcome o USING unnest($1::smallint[], $2::text[], $3::uuid[]) k(b, k, i)
WHERE o.bucket = k.b AND o.kind = k.k AND o.stream = k.i
"""
_TAKE = f"""
DELETE FROM outcome_due d USING unnest($1::smallint[], $2::uuid[], $3::int[]) k(b, i, v)
WHERE {by_keys("d.bucket, d.stream", "k.b, k.i")} AND d.version = k.v RETURNING d.stream
"""  # noqa: S608 - constants
_INSERT = insert(
    "outcome",
    "bucket kind stream number consumer market category desk merchant creator at closed_at good "
    "seconds answer_seconds answered_in_time taken_over worked_seconds contacts reason currency "
    "amount_minor order_id conversation case_number opened_at score agent paused_seconds",
    "smallint text uuid int uuid text text text uuid uuid timestamptz timestamptz bool "
    "int int bool bool int int text text "
    "bigint uuid uuid int timestamptz smallint uuid int",
)
CASE, STAY, PROMISE, REFUND = "case", "stay", "promise", "refund"
_KINDS = {Kind.CONVERSATION: (CASE, STAY), Kind.ORDER: (PROMISE,), Kind.REMEDIES: (REFUND,)}


class _Due(Record, frozen=True):
    bucket: int
    stream: UUID
    kind: Kind
    version: int


class Outcomes:
    """The job that does it (`engine.running.Job`)."""

    name = "outcomes"
    idle_seconds = 2.0

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", codec: Codec) -> None:
        self._pool = pool
        self._codec = codec
        # Which could not be worked out, and until when they are left alone.
        self._put_off: dict[_Due, float] = {}

    async def run(self) -> int:
        """One page; how many states, those included that had to be put off."""
        due = await self._due()
        if not due:
            return 0
        try:
            await self._work_out(due)
        except DataRejected:
            await self._work_out_alone(due)
        return len(due)

    async def _work_out_alone(self, due: Sequence[_Due]) -> None:
        """The row of one of them cannot be stored; each has its own transaction."""
        for one in due:
            if one in self._put_off:
                continue
            try:
                await self._work_out([one])
            except DataRejected as error:
                self._leave(one)
                # Without what it came from, which would quote the row.
                log.error("outcome_failed", **_named(one), error=str(error))

    async def _due(self) -> Sequence[_Due]:
        now = time.monotonic()
        self._put_off = {one: until for one, until in self._put_off.items() if until > now}
        if len(self._put_off) >= _PUT_OFF_MAX:
            # It is not the states that are at fault; somebody has read the log by then.
            return ()
        async with connected(self._pool) as connection:
            found = await connection.fetch(
                _DUE,
                PAGE // 2,
                [one.stream for one in self._put_off],
                [one.version for one in self._put_off],
            )
        return [
            _Due(bucket, stream, Kind(kind), version) for bucket, stream, kind, version in found
        ]

    async def _work_out(self, due: Sequence[_Due]) -> None:
        """Raises DataRejected where the row of one of them cannot be stored."""
        async with connected(self._pool) as connection:
            journal = await connection.fetch(
                _EVENTS, [one.bucket for one in due], [one.stream for one in due]
            )
            written: dict[UUID, list[bytes]] = {}
            for stream, _, body in sorted(journal, key=itemgetter(1)):
                written.setdefault(stream, []).append(body)
            rows: dict[_Due, Sequence[Sequence[Any]]] = {}
            for one in due:
                try:
                    rows[one] = [*_rows(one, self._history(one, written.get(one.stream, ())))]
                except Exception:
                    self._leave(one)
                    log.exception("outcome_failed", **_named(one))
            async with connection.transaction():
                await self._write(connection, rows)

    def _leave(self, one: _Due) -> None:
        self._put_off[one] = time.monotonic() + _AGAIN_SECONDS

    async def run_all(self) -> int:
        """Until nothing is left to do; how many states. For what is played, and for tests."""
        total = 0
        while done := await self.run():
            total += done
        return total

    async def close(self) -> None:
        """Nothing is under way between two runs."""

    async def _write(self, connection: Any, due: Mapping[_Due, Sequence[Sequence[Any]]]) -> None:
        taken = {
            row[0]
            for row in await connection.fetch(
                _TAKE,
                [one.bucket for one in due],
                [one.stream for one in due],
                [one.version for one in due],
            )
        }
        ours = [one for one in due if one.stream in taken]
        old = [(one, kind) for one in ours for kind in _KINDS[one.kind]]
        await connection.execute(
            _FORGET,
            [one.bucket for one, _ in old],
            [kind for _, kind in old],
            [one.stream for one, _ in old],
        )
        rows = [row for one in ours for row in due[one]]
        written = transpose(rows, _INSERT)
        if written is not None:
            await connection.execute(written.statement, *written.columns)

    def _history(self, due: _Due, bodies: Iterable[bytes]) -> Sequence[Any]:
        return [event for body in bodies for event in self._codec.events(due.kind, body)]


def _named(due: _Due) -> Mapping[str, str]:
    return {"kind": due.kind.value, "stream": str(due.stream)}


def _rows(due: _Due, events: Sequence[Any]) -> Iterable[Sequence[Any]]:
    match due.kind:
        case Kind.CONVERSATION:
            return _case_rows(due, events)
        case Kind.ORDER:
            return _promise_rows(due, events)
        case _:
            return _refund_rows(due, events)


def _case_rows(due: _Due, events: Sequence[Any]) -> Iterable[Sequence[Any]]:
    consumer = next((one.consumer for one in events if isinstance(one, ConversationOpened)), None)
    stays = 0
    for one in of_cases.outcomes(events):
        answered = one.answered_at
        yield (
            *(due.bucket, CASE, due.stream, one.case, consumer, one.market, one.issue),
            *("" if one.desk is None else str(one.desk), one.merchant, one.creator),
            *(one.resolved_at, one.closed_at, one.contact_once),
            int((one.resolved_at - one.opened_at).total_seconds()),
            None if answered is None else int((answered - one.opened_at).total_seconds()),
            *(one.answered_in_time, one.taken_over, one.worked_seconds, one.contacts),
            *(one.reason, "", 0, None, due.stream, one.case, one.opened_at, one.score),
            *(None, None),
        )
        for desk, stay, hold in _together(one.stays, one.holds):
            stays += 1
            yield (
                *(due.bucket, STAY, due.stream, stays, consumer, one.market, one.issue),
                *(str(desk), one.merchant, one.creator, one.resolved_at, None, None),
                None if hold is None else hold.held_seconds,
                *(None, None, False, 0 if stay is None else stay.worked_seconds),
                *(0 if stay is None else 1, one.reason, "", 0, None, due.stream, one.case),
                *(None if stay is None else stay.came_at, None),
                *((None, None) if hold is None else (hold.agent, hold.paused_seconds)),
            )


def _together(
    stays: Sequence[DeskStay], holds: Sequence[AgentHold]
) -> Iterable[tuple[Desk, DeskStay | None, AgentHold | None]]:
    """Each stay at a desk with somebody who had the case there, and then who else had it."""
    left = list(holds)
    for stay in stays:
        hold = next((one for one in left if one.desk == stay.desk), None)
        if hold is not None:
            left.remove(hold)
        yield stay.desk, stay, hold
    for hold in left:
        yield hold.desk, None, hold


def _promise_rows(due: _Due, events: Sequence[Any]) -> Iterable[Sequence[Any]]:
    consumer = next((one.consumer for one in events if isinstance(one, OrderPlaced)), None)
    for one in of_promises.outcomes(events):
        yield (
            *(due.bucket, PROMISE, due.stream, one.number, consumer, one.market, one.kind),
            *(_merchants_desk(one.merchant), one.merchant, one.creator),
            *(one.settled_at, None, one.kept, None, None, None, False, 0, 0),
            *("", "", 0, due.stream, None, None, None, None, None, None),
        )


def _refund_rows(due: _Due, events: Sequence[Any]) -> Iterable[Sequence[Any]]:
    books = next((one for one in events if isinstance(one, BooksOpened)), None)
    if books is None:
        return
    for one in of_refunds.outcomes(events):
        link = one.case
        yield (
            *(due.bucket, REFUND, due.stream, one.number, books.consumer, one.market, one.reason),
            *(_merchants_desk(one.merchant), one.merchant, one.creator),
            *(one.sent_at, None, None, one.seconds, None, None, False, 0, 0),
            *("", one.currency, one.amount_minor, books.order),
            *((None, None) if link is None else (link.conversation, link.case)),
            *(None, None, None, None),
        )


def _merchants_desk(merchant: UUID | None) -> str:
    """What a merchant promised or owes counts with the merchant's desk."""
    return "platform" if merchant is None else str(Desk(DeskKind.MERCHANT, merchant))
