"""What stood in somebody's accounts, what moved in a period, and why: line by line.

A party sees their own and nobody else's. Only what is posted counts; what is pending is said apart.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from uuid import UUID

from oncedesk.domain.remedies.messages.disputing import DecisionReversed
from oncedesk.domain.remedies.messages.refunding import RefundSent
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk, DeskKind, Kind, remedies_ref
from oncedesk.engine.codec import Codec
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.views.readers import NotSeen, Reader

PAGE_MAX = 100
STREAMED_AT_ONCE = 1_000

# Whole days are added up already; only of the two at the edges are the entries looked at.
_BALANCES = """
SELECT account, sum(opening)::bigint, sum(closing)::bigint FROM (
    SELECT account, CASE WHEN day < $6 THEN minor ELSE 0 END AS opening, minor AS closing
    FROM posting_day
    WHERE bucket = $1 AND party = $2 AND currency = $3 AND day < $7
    UNION ALL
    SELECT account, minor, 0 FROM posting
    WHERE bucket = $1 AND party = $2 AND currency = $3 AND phase = 'posted'
      AND at >= $8 AND at < $4
    UNION ALL
    SELECT account, 0, minor FROM posting
    WHERE bucket = $1 AND party = $2 AND currency = $3 AND phase = 'posted'
      AND at >= $9 AND at < $5
) moved GROUP BY account ORDER BY account
"""
_PENDING = """
SELECT coalesce(sum(pending_minor), 0)::bigint FROM posting_day
WHERE bucket = $1 AND party = $2 AND currency = $3
"""
_LINES = """
SELECT at, stream, version, number, account, minor, cause, reason, "order", remedy, consumer
FROM posting
WHERE bucket = $1 AND party = $2 AND currency = $3 AND at >= $4 AND at < $5 AND phase = 'posted'
  AND (at, stream, version, number) > ($6, $7, $8, $9)
ORDER BY at, stream, version, number LIMIT $10
"""
_CURRENCIES = """
SELECT DISTINCT currency FROM posting_day WHERE bucket = $1 AND party = $2 ORDER BY 1
"""
_ORDER = """
SELECT at, stream, version, number, account, minor, cause, reason, "order", remedy, consumer,
       party, phase, transfer, currency
FROM posting WHERE bucket = ANY($1) AND "order" = $2
ORDER BY at, stream, version, number LIMIT 1000
"""
_REMEDIES = "SELECT events FROM journal WHERE bucket = $1 AND stream = $2 AND kind = 'remedies'"


class Balance(Record, frozen=True):
    """One account at the beginning and at the end of a period."""

    account: str
    opening_minor: int
    closing_minor: int


class Statement(Record, frozen=True):
    """A party's accounts in one currency. `pending_minor` is what is about to be taken, now."""

    party: UUID
    currency: str
    since: datetime
    until: datetime
    balances: tuple[Balance, ...]
    pending_minor: int


class Line(Record, frozen=True):
    """So much more or less in one account; `cause` is the event, `reason` why there is a remedy."""

    at: datetime
    stream: UUID
    version: int
    number: int
    account: str
    minor: int
    cause: str
    reason: str
    order: UUID | None
    remedy: int | None
    consumer: UUID | None = None


class LinePosition(Record, frozen=True):
    """Where the last page ended."""

    at: datetime
    stream: UUID
    version: int
    number: int


class OrderEntry(Record, frozen=True):
    """An entry of an order's books, in the phase that its transfer came to then."""

    line: Line
    party: UUID | None
    phase: str
    transfer: int
    currency: str


class Statements:
    """Answers what is asked about the books."""

    def __init__(self, pool: Pool, codec: Codec) -> None:
        self._pool = pool
        self._codec = codec

    async def currencies(self, *, reader: Reader, party: UUID) -> Sequence[str]:
        """In which a party has books. Raises `NotSeen`."""
        _see(reader, party)
        async with connected(self._pool) as connection:
            rows = await connection.fetch(_CURRENCIES, bucket_of(party), party)
        return [currency for (currency,) in rows]

    async def statement(
        self, *, reader: Reader, party: UUID, currency: str, since: datetime, until: datetime
    ) -> Statement:
        """A party's accounts in [since, until). Raises `NotSeen`."""
        _see(reader, party)
        whose = bucket_of(party), party, currency
        first, last = _midnight(since), _midnight(until)
        days = first.date(), last.date(), first, last
        async with connected(self._pool) as connection:
            balances = await connection.fetch(_BALANCES, *whose, since, until, *days)
            pending_minor = await connection.fetchval(_PENDING, *whose)
        return Statement(
            party, currency, since, until, tuple(Balance(*row) for row in balances), pending_minor
        )

    async def lines(
        self,
        *,
        reader: Reader,
        party: UUID,
        currency: str,
        since: datetime,
        until: datetime,
        after: LinePosition | None,
        limit: int,
    ) -> Sequence[Line]:
        """A page of what moved in [since, until), the earliest first; at most 100. Raises
        `NotSeen`."""
        _see(reader, party)
        return await self._page(party, currency, since, until, after, max(1, min(limit, PAGE_MAX)))

    async def _page(
        self,
        party: UUID,
        currency: str,
        since: datetime,
        until: datetime,
        after: LinePosition | None,
        limit: int,
    ) -> Sequence[Line]:
        start = after or LinePosition(since, UUID(int=0), 0, -1)
        async with connected(self._pool) as connection:
            rows = await connection.fetch(
                _LINES,
                *(bucket_of(party), party, currency, since, until),
                *(start.at, start.stream, start.version, start.number),
                limit,
            )
        return [Line(*row) for row in rows]

    async def every_line(
        self, *, reader: Reader, party: UUID, currency: str, since: datetime, until: datetime
    ) -> AsyncIterator[Line]:
        """All of them, page by page. Raises `NotSeen`."""
        _see(reader, party)
        after: LinePosition | None = None
        while True:
            found = await self._page(party, currency, since, until, after, STREAMED_AT_ONCE)
            for line in found:
                yield line
            if len(found) < STREAMED_AT_ONCE:
                return
            after = position_of(found[-1])

    async def of_order(
        self, *, reader: Reader, consumer: UUID, order: UUID, parties: Sequence[UUID]
    ) -> Sequence[OrderEntry]:
        """An order's books as far as this reader may see them; at most 1,000 entries.

        `parties` are those of the order whose accounts lie elsewhere. Raises `NotSeen`.
        """
        if reader.sees_all:
            seen = {consumer, *parties, *await self._advanced_for(consumer, order)}
        else:
            seen = {party for party in parties if _sees(reader, party)}
        if not seen:
            raise NotSeen
        buckets = sorted({bucket_of(party) for party in seen})
        async with connected(self._pool) as connection:
            rows = await connection.fetch(_ORDER, buckets, order)
        return [
            OrderEntry(Line(*line), party, phase, transfer, currency)
            for *line, party, phase, transfer, currency in rows
            if reader.sees_all or party in seen
        ]

    async def _advanced_for(self, consumer: UUID, order: UUID) -> set[UUID]:
        """In whose place the fund ever paid for this order. Their own accounts gave nothing, so
        that the order's books do not name them."""
        ref = remedies_ref(consumer=consumer, order=order)
        async with connected(self._pool) as connection:
            rows = await connection.fetch(_REMEDIES, ref.bucket, ref.id)
        found: set[UUID] = set()
        for (body,) in rows:
            for event in self._codec.events(Kind.REMEDIES, body):
                if isinstance(event, RefundSent):
                    found.update(one.liable for one in event.taken if one.liable is not None)
                elif isinstance(event, DecisionReversed):
                    found.update(one.liable for one in event.owed if one.liable is not None)
        return found


def _midnight(moment: datetime) -> datetime:
    """When its day began, as days are kept."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def position_of(line: Line) -> LinePosition:
    return LinePosition(line.at, line.stream, line.version, line.number)


def _see(reader: Reader, party: UUID) -> None:
    if not reader.sees_all and not _sees(reader, party):
        raise NotSeen


def _sees(reader: Reader, party: UUID) -> bool:
    """Whether it is the party of a desk of this agent."""
    desks = (Desk(DeskKind.MERCHANT, party), Desk(DeskKind.CREATOR, party))
    return reader.belongs_to(desks)
