"""Refunds as they went: one row for each leg, and how long it took from the request on.

The rows are written with the events that they tell of, in the consumer's bucket.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from oncedesk.domain.remedies.messages.refunding import (
    RefundCredited,
    RefundDropped,
    RefundFailed,
    RefundRequested,
    RefundSent,
    RefundSentTwice,
    refund_id,
)
from oncedesk.domain.remedies.words import LegStatus
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Kind
from oncedesk.engine.ports import StateWrite
from oncedesk.storage.database import Pool, Unhurried, connected
from oncedesk.storage.rows import ByKind, Rows, insert, transpose
from oncedesk.storage.views.readers import NotSeen, Reader

WAITING_COUNTED_MAX = 1_000
"""Nothing is counted further; this number means: so many or more."""

_COLUMNS = "bucket id consumer order_id remedy leg market currency amount_minor status asked_at "
_TYPES = "smallint uuid uuid uuid int int text text bigint text timestamptz "
_REQUESTED = insert(
    "refund",
    _COLUMNS.strip(),
    _TYPES.strip(),
    conflict="ON CONFLICT (bucket, id) DO UPDATE SET status = excluded.status",
)
_CHANGED = """
UPDATE refund r SET status = k.s, sent_at = coalesce(k.a, r.sent_at),
    sent_seconds = coalesce(k.n, r.sent_seconds),
    credited_seconds = coalesce(k.c, r.credited_seconds)
FROM unnest($1::smallint[], $2::uuid[], $3::text[], $4::timestamptz[], $5::int[], $6::int[])
    k(b, i, s, a, n, c)
WHERE r.bucket = k.b AND r.id = k.i
"""
_CLOCK = """
SELECT (sent_at AT TIME ZONE 'UTC')::date AS day, market, currency, count(*),
       sum(amount_minor)::bigint,
       percentile_disc(ARRAY[0.5, 0.9, 0.99]) WITHIN GROUP (ORDER BY sent_seconds),
       count(credited_seconds),
       percentile_disc(ARRAY[0.5, 0.9, 0.99]) WITHIN GROUP (ORDER BY credited_seconds)
FROM refund
WHERE sent_at >= $1 AND sent_at < $2 AND ($3 = '' OR market = $3)
GROUP BY 1, 2, 3 ORDER BY 1 DESC, 2, 3 LIMIT $4
"""
_WAITING = """
SELECT status, count(*), min(asked_at) FROM (
    SELECT status, asked_at FROM refund
    WHERE status IN ('requested', 'failed') AND ($2 = '' OR market = $2)
    ORDER BY asked_at LIMIT $1) few
GROUP BY status
"""


_ONE = """
SELECT id, consumer, order_id, remedy, leg, market, currency, amount_minor, status, asked_at,
       sent_at, credited_seconds
FROM refund
"""
_SENT = (
    _ONE
    + """
WHERE sent_at IS NOT NULL AND sent_at >= $1 AND sent_at < $2 AND (sent_at, id) > ($1, $3)
ORDER BY sent_at, id LIMIT $4
"""
)
_UNSETTLED = (
    _ONE
    + """
WHERE status IN ('requested', 'failed') AND asked_at >= $1 AND (asked_at, id) > ($1, $2)
ORDER BY asked_at, id LIMIT $3
"""
)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class RefundPosition(Record, frozen=True):
    """The end of a page: when it was sent or asked for, and the refund's id."""

    at: datetime
    id: UUID


class OneRefund(Record, frozen=True):
    """A refund by the id under which payments were asked for it. `credited_seconds` are counted
    from the remedy's request until the money arrived, where that was told."""

    refund: UUID
    consumer: UUID
    order: UUID
    remedy: int
    leg: int
    market: str
    currency: str
    amount_minor: int
    status: str
    asked_at: datetime
    sent_at: datetime | None
    credited_seconds: int | None


class Percentiles(Record, frozen=True):
    """Half, nine in ten and 99 in 100 took at most so many seconds."""

    p50: int
    p90: int
    p99: int


class RefundDay(Record, frozen=True, kw_only=True):
    """The refunds that were sent on one day (UTC) in one market and currency.

    `sent` is from the remedy's request until the money was sent, `credited` until it arrived, of
    those `credited_count` of which that was told.
    """

    day: date
    market: str
    currency: str
    count: int
    amount_minor: int
    sent: Percentiles
    credited_count: int
    credited: Percentiles | None


class Unsettled(Record, frozen=True, kw_only=True):
    """Refunds that payments have not answered, and those that wait for a route. At most
    `WAITING_COUNTED_MAX` are looked at, the oldest first."""

    requested: int
    requested_since: datetime | None
    failed: int
    failed_since: datetime | None


class Refunds:
    """Answers how quickly money went back."""

    def __init__(self, pool: Pool, unhurried: Unhurried) -> None:
        self._pool = pool
        self._unhurried = unhurried

    async def sent(
        self,
        *,
        reader: Reader,
        since: datetime,
        until: datetime,
        after: RefundPosition | None,
        limit: int,
    ) -> Sequence[OneRefund]:
        """Those sent in [since, until), the earliest first. Raises `NotSeen`."""
        start = after or RefundPosition(since, UUID(int=0))
        return await self._page(reader, _SENT, start.at, until, start.id, limit)

    async def waiting(
        self, *, reader: Reader, after: RefundPosition | None, limit: int
    ) -> Sequence[OneRefund]:
        """Those that payments have not answered, or have failed, the earliest asked for first.
        Raises `NotSeen`."""
        start = after or RefundPosition(_LONG_AGO, UUID(int=0))
        return await self._page(reader, _UNSETTLED, start.at, start.id, limit)

    async def _page(self, reader: Reader, statement: str, *given: Any) -> Sequence[OneRefund]:
        if not reader.sees_all:
            raise NotSeen
        async with connected(self._pool) as connection:
            return [OneRefund(*row) for row in await connection.fetch(statement, *given)]

    async def clock(
        self, *, reader: Reader, since: datetime, until: datetime, market: str = "", limit: int
    ) -> Sequence[RefundDay]:
        """By day, market and currency, of what was sent in [since, until). Raises `NotSeen`."""
        if not reader.sees_all:
            raise NotSeen
        async with self._unhurried.connected() as connection:
            rows = await connection.fetch(_CLOCK, since, until, market, limit)
        return [
            RefundDay(
                day=day,
                market=name,
                currency=currency,
                count=count,
                amount_minor=amount_minor,
                sent=Percentiles(*sent),
                credited_count=credited_count,
                credited=Percentiles(*credited) if credited_count else None,
            )
            for day, name, currency, count, amount_minor, sent, credited_count, credited in rows
        ]

    async def unsettled(self, *, reader: Reader, market: str = "") -> Unsettled:
        """What has not come to an end, of one market if it is named. Raises `NotSeen`."""
        if not reader.sees_all:
            raise NotSeen
        async with connected(self._pool) as connection:
            rows = await connection.fetch(_WAITING, WAITING_COUNTED_MAX, market)
        found = {status: (count, since) for status, count, since in rows}
        requested, requested_since = found.get("requested", (0, None))
        failed, failed_since = found.get("failed", (0, None))
        return Unsettled(
            requested=requested,
            requested_since=requested_since,
            failed=failed,
            failed_since=failed_since,
        )


def rows(winners: ByKind) -> Sequence[Rows | None]:
    """What these states' changes do to their refunds."""
    asked: dict[UUID, Sequence[Any]] = {}
    changed: dict[UUID, list[Any]] = {}
    for write in winners[Kind.REMEDIES]:
        for decided in write.decided:
            for event in decided.events:
                _note(write, event, asked, changed)
    return transpose(list(asked.values()), _REQUESTED), transpose(list(changed.values()), _CHANGED)


def _note(
    write: StateWrite, event: Any, asked: dict[UUID, Sequence[Any]], changed: dict[UUID, list[Any]]
) -> None:
    match event:
        case RefundRequested(leg=leg):
            id_ = refund_id(order=event.order, remedy=event.remedy, leg=leg.number)
            state = write.after
            where = (event.consumer, event.order, event.remedy, leg.number, state.market)
            how_much = (event.currency, leg.amount_minor, LegStatus.REQUESTED.value, event.at)
            asked.setdefault(id_, (write.ref.bucket, id_, *where, *how_much))
            if id_ in changed:
                changed[id_][2] = LegStatus.REQUESTED.value
        case RefundSent():
            _change(write, event, changed, LegStatus.SENT, event.sent_at, event.seconds, None)
        case RefundDropped():
            _change(write, event, changed, LegStatus.REPLACED, None, None, None)
        case RefundSentTwice():
            _change(write, event, changed, LegStatus.REPLACED, event.sent_at, event.seconds, None)
        case RefundCredited():
            _change(write, event, changed, _credited(write, event), None, None, event.seconds)
        case RefundFailed():
            _change(write, event, changed, _failed(write, event), None, None, None)
        case _:
            pass


def _failed(write: StateWrite, event: RefundFailed) -> LegStatus:
    """Whether somebody has to say where to, or it has gone elsewhere already."""
    remedy = write.after.remedy(event.remedy)
    leg = None if remedy is None else remedy.leg(event.leg)
    replaced = leg is None or leg.status is LegStatus.REPLACED
    return LegStatus.REPLACED if replaced else LegStatus.FAILED


def _credited(write: StateWrite, event: RefundCredited) -> LegStatus:
    """It has arrived; what was sent twice stays replaced."""
    remedy, over = write.after.remedy(event.remedy), write.after.over(event.remedy)
    if remedy is not None:
        leg = remedy.leg(event.leg)
        return LegStatus.CREDITED if leg is None else leg.status
    twice = over is not None and any(one.replaced for one in over.legs if one.number == event.leg)
    return LegStatus.REPLACED if twice else LegStatus.CREDITED


def _change(
    write: StateWrite,
    event: RefundSent | RefundSentTwice | RefundCredited | RefundFailed | RefundDropped,
    changed: dict[UUID, list[Any]],
    status: LegStatus,
    *told: Any,
) -> None:
    id_ = refund_id(order=event.order, remedy=event.remedy, leg=event.leg)
    before = changed.get(id_, [write.ref.bucket, id_, "", None, None, None])
    kept = [new if new is not None else old for new, old in zip(told, before[3:], strict=True)]
    changed[id_] = [write.ref.bucket, id_, status.value, *kept]
